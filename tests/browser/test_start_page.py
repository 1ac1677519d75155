"""Module 00 as a learner meets it: on a phone and on a desk, by hand and by keyboard, wrong, right, gone and back."""

import json
import time
import urllib.request

import pytest

from receivables.course import replay
from receivables.course.build import sources
from receivables.course.modules import following
from receivables.course.server import START
from receivables.course.trial import serving
from receivables.exercise import learners

LESSON = replay.lesson_of(next(s for s in sources() if s.stem == "00_start"))
both_screens = pytest.mark.parametrize("screen", ["phone", "desktop"])


def right(name):
    return learners.perfect(LESSON.bound(name))


def wrong(name):
    return next(learners.wrong_answers(LESSON.bound(name)))[0]


def card(page, name):
    return page.locator(f'.rx-card[data-exercise="{name}"]')


def said(card):
    return card.get_by_role("status")


def records(server):
    return [json.loads(line) for file in (server.home / "answers").glob("*.jsonl")
            for line in file.read_text(encoding="utf-8").splitlines()]


@both_screens
def test_wrong_then_right_then_away_and_back(clean, visit, screen):
    page = visit(clean.start, screen)
    first = card(page, "00-01")
    first.get_by_role("textbox").fill(wrong("00-01"))
    first.get_by_role("button", name="交卷").click()
    said(first).get_by_text("今天才到期").wait_for()
    assert "✗ 还不对" in said(first).inner_text()
    first.get_by_role("textbox").fill(right("00-01"))
    first.get_by_role("button", name="交卷").click()
    said(first).get_by_text("✓ 对了").wait_for()
    assert [r["outcome"]["status"] for r in records(clean)] == ["incorrect", "correct"]
    page.close()

    again = card(visit(clean.start, screen), "00-01")
    said(again).get_by_text("✓ 对了").wait_for()
    assert again.get_by_role("textbox").input_value() == right("00-01")
    assert "✓ 已完成" in again.inner_text()


@both_screens
def test_choosing_and_writing(clean, visit, screen):
    page = visit(clean.start, screen)
    second = card(page, "00-02")
    second.get_by_role("button", name="交卷").click()
    said(second).get_by_text("先选一个").wait_for()
    second.get_by_role("button", name="交卷").click()
    second.locator("button[aria-busy]").wait_for(state="detached")  # the same answer again is answered again
    second.get_by_text("直接发律师函").click()
    second.get_by_role("button", name="交卷").click()
    said(second).get_by_text("不像存心赖").wait_for()
    second.get_by_text("付了大头剩下的尾巴").click()
    second.get_by_role("button", name="交卷").click()
    said(second).get_by_text("✓ 对了").wait_for()

    third = card(page, "00-03")
    third.get_by_role("textbox").fill(wrong("00-03"))
    third.get_by_role("button", name="交卷").click()
    said(third).get_by_text("对了一部分").wait_for()
    third.get_by_role("textbox").fill(right("00-03"))
    third.get_by_role("button", name="交卷").click()
    said(third).get_by_text("✓ 对了").wait_for()


def test_hints_come_one_by_one_and_the_solution_after_a_try(clean, visit):
    first = card(visit(clean.start), "00-01")
    assert first.get_by_role("button", name="看答案").is_hidden()
    first.get_by_role("button", name="提示（还有 2 条）").click()
    first.get_by_text("提示 1", exact=True).wait_for()
    first.get_by_role("button", name="提示（还有 1 条）").click()
    first.get_by_text("提示 2", exact=True).wait_for()
    first.get_by_role("button", name="提示").wait_for(state="hidden")
    first.get_by_role("textbox").fill("1")
    first.get_by_role("button", name="交卷").click()
    first.get_by_role("button", name="看答案").click()
    first.get_by_text("答案", exact=True).wait_for()


def focused(page):
    return page.evaluate("[document.activeElement.tagName, document.activeElement.textContent.slice(0, 2)]")


def test_by_keyboard_alone_and_the_focus_stays(clean, visit):
    page = visit(clean.start)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-exercise=\"00-01\"] input')"):
            break
    page.keyboard.type(wrong("00-01"))
    page.keyboard.press("Enter")
    first = card(page, "00-01")
    said(first).get_by_text("还不对").wait_for()
    assert focused(page)[0] == "INPUT"
    page.keyboard.press("Tab")
    assert focused(page) == ["BUTTON", "交卷"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    first.get_by_text("提示 1", exact=True).wait_for()
    assert focused(page) == ["BUTTON", "提示"]
    page.keyboard.press("Enter")
    first.get_by_text("提示 2", exact=True).wait_for()
    assert focused(page) == ["BUTTON", "交卷"]  # the hint button is gone: its neighbour takes the focus, not the page
    second = card(page, "00-02")
    second.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    said(second).get_by_text("✓ 对了").wait_for()


@both_screens
def test_what_is_typed_is_text_and_stays_text(clean, visit, screen):
    page = visit(clean.start, screen)
    evil = '<img src=x onerror="document.title=1"> =HYPERLINK("x") 148,164.30 元，您看几号付？'
    third = card(page, "00-03")
    third.get_by_role("textbox").fill(evil)
    third.get_by_role("button", name="交卷").click()
    said(third).get_by_text("✓ 对了").wait_for()
    again = visit(clean.start, screen)
    card(again, "00-03").get_by_text("✓ 已完成").wait_for()
    assert card(again, "00-03").get_by_role("textbox").input_value() == evil
    assert again.locator("img[src=x]").count() == 0 and again.title() != "1"


@both_screens
def test_the_page_fits_its_screen(clean, visit, screen):
    page = visit(clean.start, screen)
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]
    small = page.evaluate("""() => [...document.querySelectorAll('.rx-card :is(button, .rx-option, input)')]
        .filter((e) => e.offsetParent && !['radio', 'checkbox'].includes(e.type))
        .filter((e) => e.getBoundingClientRect().height < 44)
        .map((e) => e.outerHTML.slice(0, 80))""")
    assert small == []


@both_screens
def test_axe_finds_nothing_serious(clean, visit, screen, axe):
    page = visit(clean.start, screen)
    first = card(page, "00-01")
    first.get_by_role("textbox").fill(wrong("00-01"))
    first.get_by_role("button", name="交卷").click()
    said(first).get_by_text("还不对").wait_for()
    assert axe(page) == []


def test_axe_finds_nothing_serious_in_the_dark(clean, visit, axe):
    page = visit(clean.start.replace("?", "?theme=dark&"))
    first = card(page, "00-01")
    first.get_by_role("textbox").fill(right("00-01"))
    first.get_by_role("button", name="交卷").click()
    said(first).get_by_text("✓ 对了").wait_for()
    assert "rx-dark" in first.get_attribute("class")
    assert axe(page) == []


def test_the_list_of_modules_shows_progress_and_erases_on_the_second_press(clean, visit):
    page = visit(clean.start)
    first = card(page, "00-01")
    first.get_by_role("textbox").fill(right("00-01"))
    first.get_by_role("button", name="交卷").click()
    said(first).get_by_text("✓ 对了").wait_for()
    page.reload()
    modules = page.get_by_role("region", name="你的进度")
    modules.get_by_text("1 / 3 题已完成").wait_for()
    assert str(clean.home) in modules.inner_text()
    modules.get_by_role("button", name="清除我的答案").click()
    modules.get_by_text("真的清除").wait_for()
    assert len(records(clean)) == 1
    modules.get_by_role("button", name="清除我的答案").click()
    modules.get_by_text("清掉了").wait_for()
    assert records(clean) == []


def test_learners_see_no_code_no_file_list_and_no_trainer_notes(clean, visit):
    page = visit(clean.start)
    assert "给培训师" not in page.inner_text("body")
    assert "import" not in page.inner_text("body")
    tree = visit(f"{clean.base}/voila?token={clean.token}")
    tree.wait_for_url("**/voila/render/notebooks/00_start.ipynb")


def test_without_the_token_nothing_opens(server, chromium):
    page = chromium.new_page()
    page.goto(f"{server.base}/voila/render/notebooks/00_start.ipynb")
    assert page.locator(".rx-card").count() == 0
    assert "login" in page.url
    page.close()


def test_the_server_listens_on_this_machine_only(server):
    import socket
    port = int(server.base.rsplit(":", 1)[1])
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in others:
        with socket.socket() as probe:
            probe.settimeout(2)
            assert address.startswith("127.") or probe.connect_ex((address, port)) != 0


def test_the_next_page_is_made_ready_while_one_reads(visit, tmp_path):
    def kernels():
        with urllib.request.urlopen(f"{fresh.base}/api/kernels?token={fresh.token}", timeout=30) as answer:
            return {kernel["id"] for kernel in json.load(answer)}

    def kernel_of(page):
        return page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")

    with serving(tmp_path) as fresh:
        first = kernel_of(visit(fresh.start))
        deadline = time.monotonic() + 90
        while len(kernels() - {first}) < 2:  # one for this page's next reader, one for the next page
            assert time.monotonic() < deadline, "nothing was made ready"
            time.sleep(0.5)
        ready = kernels()
        assert kernel_of(visit(fresh.page(following()[START]))) in ready
