"""A real server and a real Chromium. Where no browser can be had the tests skip here and `make test` says so loudly."""

import os
from pathlib import Path

import pytest

from receivables.course import browser
from receivables.course.trial import serving

SCREENS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    path = browser.find()
    if path is None:
        pytest.skip("no browser on this machine")
    from playwright.sync_api import sync_playwright

    # No system font for Chinese is needed: Chromium is shown the one the course ships.
    os.environ.update(browser.with_fonts(tmp_path_factory.mktemp("fonts")))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=browser.FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(chromium):
    """Open a page at a screen size; at the end no request may have left this machine and no script have failed."""
    contexts, foreign, broken = [], [], []

    def open_page(address, screen="desktop", ready=".rx-card h3"):
        context = chromium.new_context(viewport=SCREENS[screen], has_touch=screen == "phone", locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)  # a busy machine is slow, not wrong
        page.on("request", lambda r: None if r.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
                else foreign.append(r.url))
        page.on("websocket", lambda w: None if w.url.startswith("ws://127.0.0.1:") else foreign.append(w.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(address)
        page.wait_for_selector(ready)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert foreign == []
    assert broken == []


@pytest.fixture
def clean(server):
    """Nobody has answered anything yet."""
    for file in (server.home / "answers").glob("*"):
        file.unlink()
    return server


@pytest.fixture
def axe():
    """Ask axe what is serious or critical on a page, or within one selector of it."""
    from axe_playwright_python.sync_playwright import Axe

    def serious(page, within=None):
        found = Axe().run(page, context=within).response["violations"]
        return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found
                if v["impact"] in ("serious", "critical")]

    return serious


@pytest.fixture
def give():
    """Give an answer to a card by hand, as a learner would, whatever its kind."""

    def by_hand(card, kind, answer):
        if kind == "number":
            card.get_by_role("textbox").fill(str(answer))
        elif kind in ("write", "discuss"):
            card.get_by_role("textbox").fill(answer)
        elif kind == "choice":
            card.locator(f'input[value="{answer}"]').check()
        elif kind == "several":
            for box in card.locator("input[type=checkbox]").all():
                box.set_checked(box.get_attribute("value") in answer)
        elif kind == "decide":
            card.locator(f'input[value="{answer["choice"]}"]').check()
            card.get_by_role("textbox").fill(answer["why"])
        elif kind in ("match", "classify"):
            for select, (_, target) in zip(card.locator("select").all(), in_card_order(card, answer), strict=True):
                select.select_option(target)
        elif kind == "table":
            for field in card.locator("input.rx-figure").all():
                field.fill(str(answer[field.get_attribute("data-blank")]))
        elif kind == "order":
            for place, item in enumerate(answer):
                row = card.locator(f'li[data-id="{item}"]')
                while row.evaluate("(e) => [...e.parentElement.children].indexOf(e)") > place:
                    row.get_by_role("button", name="上移").click()
        elif kind == "roleplay":
            for line, mark in answer["scores"].items():
                card.locator(f'fieldset[data-line="{line}"] input[value="{mark}"]').check()
            if "red" in answer or card.locator(".rx-option input[type=checkbox]").count():
                card.locator(".rx-option input[type=checkbox]").set_checked(answer.get("red", False))
        elif kind == "scene":
            play(card, answer)
        elif kind == "who":
            again = card.get_by_role("button", name="从头再问")
            if again.is_visible():
                again.click()
                again.wait_for(state="hidden")
            for question in answer["asked"]:
                card.locator(f'.rx-say[data-id="{question}"]').click()
                card.locator(f'.rx-say[data-id="{question}"]').wait_for(state="detached")
            card.locator(f'input[value="{answer["type"]}"]').check()
            card.locator(f'input[value="{answer["sure"]}"]').check()
        else:
            raise AssertionError(f"no hand for {kind}")

    def play(card, answer):
        """A talk to its end: the own line typed where there is one, else said aloud; it hands itself in."""
        again = card.get_by_role("button", name="从头再演")
        if again.is_visible():
            again.click()
            again.wait_for(state="hidden")
        for number, (move, line) in enumerate(zip(answer["moves"], answer["own_lines"], strict=True), 1):
            card.get_by_text(f"第 {number} 句（").wait_for()
            if line:
                card.get_by_role("textbox").fill(line)
            card.get_by_role("button", name="写好了" if line else "我开口说过了").click()
            card.locator(f'.rx-say[data-id="{move}"]').click()
        card.locator(".rx-debrief").wait_for()

    def in_card_order(card, answer):
        ids = card.locator("select").evaluate_all("(all) => all.map((e) => e.dataset.item)")
        return [(name, answer[name]) for name in ids]

    return by_hand
