"""Scenes in a real browser: by keyboard alone on a phone's width, left half way and found again, played on from a step."""

import pytest

from receivables import paths
from receivables.course import build, replay
from receivables.talk import scene

SCENES = {}  # scene -> (notebook, exercise): each scene where it is first played
for _source in replay.replayable():
    for _name, _exercise in replay.lesson_of(_source).exercises.items():
        if _exercise.question.kind == "scene":
            _notebook = build.target(_source).relative_to(paths.course_root()).as_posix()
            SCENES.setdefault(_exercise.question.scene, (_notebook, _name))
PAGES = {notebook: [(id, name) for id, (where, name) in SCENES.items() if where == notebook]
         for notebook, _ in SCENES.values()}
FOCUS = "document.activeElement"


def test_every_scene_is_played_somewhere():
    assert set(SCENES) == set(scene.ids())


def tab_to(page, card, wanted):
    """Press Tab until the focus is where ``wanted`` (JavaScript on the element) says; it must stay in the card."""
    for _ in range(30):
        page.keyboard.press("Tab")
        assert card.evaluate(f"(card) => card.contains({FOCUS})"), "the focus left the card"
        if page.evaluate(f"((e) => {wanted})({FOCUS})"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


@pytest.mark.parametrize("notebook", PAGES)
def test_each_scene_by_keyboard_alone(clean, visit, axe, notebook):
    page = visit(clean.page(notebook), "phone")
    for id, name in PAGES[notebook]:
        card = page.locator(f'.rx-card[data-exercise="{name}"]')
        card.locator("textarea").wait_for()
        card.locator("h3").focus()
        for number, move in enumerate(scene.best_moves(id), 1):
            tab_to(page, card, "e.tagName === 'TEXTAREA'")
            page.keyboard.type("我先说一句。")
            tab_to(page, card, "e.textContent.startsWith('写好了')")
            page.keyboard.press("Enter")
            card.locator(f'.rx-say[data-id="{move}"]').wait_for()
            page.wait_for_function(f"{FOCUS}.tagName === 'H4'")  # the reader is taken along
            tab_to(page, card, f"e.dataset.id === '{move}'")
            page.keyboard.press("Enter")
            page.wait_for_function(f"{FOCUS}.tagName === 'H4' && !{FOCUS}.textContent.startsWith('第 {number} 句')")
        assert page.evaluate(f"{FOCUS}.textContent") == "复盘"
        card.get_by_text("✓ 好结局").wait_for()
        tab_to(page, card, "e.tagName === 'SUMMARY'")
        page.keyboard.press("Enter")
        tab_to(page, card, "e.textContent === '从这一句换个说法'")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert axe(page) == []


def test_a_talk_left_half_way_is_found_again_and_may_take_another_turn(clean, visit):
    id, (notebook, name) = next(iter(SCENES.items()))
    best = scene.best_moves(id)

    def turn(page, move, line=""):
        card = page.locator(f'.rx-card[data-exercise="{name}"]')
        if line:
            card.locator("textarea").fill(line)
        card.get_by_role("button", name="写好了" if line else "我开口说过了").click()
        card.locator(f'.rx-say[data-id="{move}"]').click()
        card.locator(".rx-say").first.wait_for(state="detached")

    page = visit(clean.page(notebook), "phone")
    page.locator(f'.rx-card[data-exercise="{name}"] textarea').wait_for()
    for move in best[:2]:
        turn(page, move, "<b>先说</b> 一句")
    page = visit(clean.page(notebook), "phone")
    card = page.locator(f'.rx-card[data-exercise="{name}"]')
    card.get_by_text("第 3 句（").wait_for()
    for move in best[2:]:
        turn(page, move)
    card.get_by_text("一句一句回看").click()
    assert card.get_by_text("<b>先说</b> 一句").count() >= 2  # typed text is text
    card.get_by_role("button", name="从这一句换个说法").nth(1).click()
    card.get_by_text("第 2 句（").wait_for()
    assert card.locator(".rx-debrief").count() == 0
    for move in best[1:]:
        turn(page, move)
    card.get_by_text("✓ 已完成").wait_for()
    card.locator(".rx-debrief").wait_for()


def test_a_typed_line_outlives_a_hint_and_an_old_talk_is_folded(clean, visit):
    id, (notebook, name) = next(iter(SCENES.items()))
    page = visit(clean.page(notebook), "phone")
    card = page.locator(f'.rx-card[data-exercise="{name}"]')
    card.locator("textarea").fill("写了一半的话")
    card.get_by_role("button", name="提示").click()
    card.locator(".rx-hint").wait_for()
    assert card.locator("textarea").input_value() == "写了一半的话"
    for move in scene.best_moves(id):
        card.get_by_role("button", name="我开口说过了").click()
        card.locator(f'.rx-say[data-id="{move}"]').click()
        card.locator(".rx-say").first.wait_for(state="detached")
    card.locator(".rx-debrief").wait_for()
    page = visit(clean.page(notebook), "phone")
    card = page.locator(f'.rx-card[data-exercise="{name}"]')
    card.get_by_text("展开复盘").wait_for()
    assert not card.locator(".rx-debrief").is_visible() and not card.locator(".rx-talk").is_visible()
    card.get_by_text("展开复盘").click()
    card.locator(".rx-debrief").wait_for()


def test_a_long_page_has_its_contents_and_leads_on(clean, visit):
    page = visit(clean.page("notebooks/08_in_the_meeting.ipynb"), "phone")
    card = page.locator('.rx-card[data-exercise="08-01"]')
    card.get_by_text("还没做").wait_for()
    page.get_by_text("这一页有什么").click()
    titles = page.locator(".rw-toc a").all_text_contents()
    assert len(titles) == page.locator("main h2[id]").count() > 4
    page.get_by_role("button", name="接着做").click()
    assert page.evaluate("document.activeElement.closest('.rx-card').dataset.exercise") == "08-01"
