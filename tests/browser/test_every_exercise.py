"""Every exercise of every page, by hand on a phone: one wrong answer, the right one, and nothing serious for axe."""

import pytest

from receivables import paths
from receivables.course import build, replay
from receivables.exercise import learners

SOURCES = {build.home(s): s for s in replay.replayable() if build.home(s) != "00_start"}
LESSONS = {home: replay.lesson_of(source) for home, source in SOURCES.items()}


def notebook(home):
    return build.target(SOURCES[home]).relative_to(paths.course_root()).as_posix()


@pytest.mark.parametrize("home", SOURCES)
def test_wrong_and_right_by_hand_on_a_phone(clean, visit, give, axe, home):
    address = clean.page(notebook(home))
    page = visit(address, "phone")
    names = list(LESSONS[home].exercises)
    page.locator(f'.rx-card[data-exercise="{names[-1]}"]').wait_for()
    for name in names:
        bound = LESSONS[home].bound(name)
        kind = bound.exercise.question.kind
        card = page.locator(f'.rx-card[data-exercise="{name}"]')
        said, submit = card.get_by_role("status"), card.get_by_role("button", name="交卷")
        wrong = next(learners.wrong_answers(bound), None)
        for answer, sign in ((wrong and wrong[0], "✗"), (learners.perfect(bound), "✓ 对了")):
            if answer is None:
                continue
            give(card, kind, answer)
            if kind != "scene":  # its last line hands it in
                submit.click()
            said.get_by_text(sign).wait_for()
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]
    assert axe(page) == []
    again = visit(address, "phone")
    for name in names:
        again.locator(f'.rx-card[data-exercise="{name}"]').get_by_text("✓ 已完成").wait_for()


KEYS = {  # how each kind is answered by keyboard alone, from its first field
    "choice": ["Space"], "several": ["Space"], "decide": ["Space"], "number": ["1"], "table": ["1"], "write": ["x"],
    "discuss": ["x"], "match": ["ArrowDown"], "classify": ["ArrowDown"], "order": ["Enter"], "roleplay": ["Space"],
    "who": ["Space"],
}
OWN_TEST = {"scene"}  # played by keyboard from first line to debrief in test_played.py
FIRST = {}  # home -> kind -> the first exercise of that kind in the whole course
for _home, _lesson in LESSONS.items():
    for _name, _exercise in _lesson.exercises.items():
        _kind = _exercise.question.kind
        if _kind not in OWN_TEST and not any(_kind in kinds for kinds in FIRST.values()):
            FIRST.setdefault(_home, {})[_kind] = _name


@pytest.mark.parametrize("home", FIRST)
def test_each_kind_by_keyboard(clean, visit, home):
    page = visit(clean.page(notebook(home)))
    for kind, name in FIRST[home].items():
        card = page.locator(f'.rx-card[data-exercise="{name}"]')
        card.locator("form :is(input, select, textarea, .rx-step)").first.focus()
        for key in KEYS[kind]:
            page.keyboard.press(key)
        for _ in range(80):
            if page.evaluate("document.activeElement.type === 'submit'"):
                break
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.closest('.rx-card')?.dataset.exercise") == name
        page.keyboard.press("Enter")
        card.get_by_role("status").locator("b").wait_for()  # a word comes back: nothing is out of the keyboard's reach
        assert page.evaluate("document.activeElement.type") == "submit"


def test_the_keyboard_test_knows_every_kind_in_use():
    used = {e.question.kind for lesson in LESSONS.values() for e in lesson.exercises.values()} - OWN_TEST
    assert used == {kind for kinds in FIRST.values() for kind in kinds} <= set(KEYS)
