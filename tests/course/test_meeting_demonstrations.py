"""Module 08 without a browser: the demonstrations, and every line of its texts held against the red lines."""

import re

import pytest

from receivables import paths
from receivables.course.demonstrations import in_the_meeting as demo
from receivables.course.lesson import Lesson
from receivables.exercise import learners
from receivables.ledger import Ledger
from receivables.talk import glossary, redline


@pytest.fixture(scope="module")
def ledger():
    return Ledger.load(paths.data("company"))


@pytest.fixture(scope="module")
def lesson(ledger):
    return Lesson("08_in_the_meeting", ledger=ledger, as_of="2025-06-30")


def shown(ledger, customer, months=9):
    return demo.doings(ledger, "2025-06-30", customer, months)


def test_every_dodge_is_named_with_its_evidence_or_said_to_have_none(ledger):
    for customer in ("C0117", "C0186", "C0231", "C0265", "C0021", "C0079"):
        said = "".join(shown(ledger, customer).lines)
        assert all(item.name in said for item in glossary.load().term("dodges").items), customer


def test_the_picture_draws_what_the_record_holds(ledger):
    known = demo.record(ledger, demo.pd.Timestamp("2025-06-30"), "C0117")
    drawn = shown(ledger, "C0117").chart.data.groupby("lane").size()
    assert drawn["receipts"] == len(known.receipts) and drawn["orders"] == len(known.orders)
    assert drawn["contacts"] == len(known.contacts) and drawn["promises"] == len(known.promises)
    assert shown(ledger, "C0117").chart.title == "答应 14 回，兑现 0 回；付来 39.0 万元，又订货 138.1 万元"


def test_what_the_page_tells_to_try_is_there(ledger):
    """Squeezed: crosses only; vanished: silent from May on, orders before; the honest one: no cross."""
    fates = [s for s in shown(ledger, "C0117").chart.data.query("lane == 'promises'")["state"] if s != "unripe"]
    assert set(fates) == {"broken"}
    gone = shown(ledger, "C0186").chart.data
    talks = gone[gone["lane"] == "contacts"]
    assert (talks[talks["day"] >= "2025-05-01"]["state"] == "no_answer").all()
    assert gone[gone["lane"] == "orders"]["day"].max() < talks[talks["day"] >= "2025-05-01"]["day"].min()
    honest = shown(ledger, "C0079").chart.data
    assert "broken" not in set(honest[honest["lane"] == "promises"]["state"])


def test_picking_a_customer_turns_the_page(lesson):
    page = demo.what_he_did(lesson, ["C0117", "C0186"])
    before = page.page.value
    page.sliders["customer"].value = "C0186"
    assert page.page.value != before and "平澜铎牧" in page.page.value
    page.sliders["months"].value = 3
    assert page.shown.chart.data["day"].min() >= demo.pd.Timestamp("2025-04-01")


def test_a_worked_line_has_every_step_of_the_glossary():
    with pytest.raises(ValueError, match="clarify"):
        demo.spoken("lscp", listen="一", sympathise="二", present="三")
    names = [row[0] for row in demo.spoken("pmp", problem="一", proposal="二", pact="三").shown.rows]
    assert names == [item.name for item in glossary.load().term("pmp").items]


def test_the_line_check_marks_and_escapes():
    check = demo.LineCheck("您不付，我就打给您爱人。")
    assert "向家人或第三方曝光" in check.page.value and "依据" in check.page.value
    check.field.value = "<b>周五没到账</b>，我们按合同书面通知后停供。"
    check.button.click()
    assert "没查到碰线的词" in check.page.value and "<b>周五" not in check.page.value
    check.field.value = "  "
    check.button.click()
    assert "写一句" in check.page.value


# -- every line of the module against the red lines ---------------------------------------------------------------------

#: what is quoted as crossing a line, on purpose: everything else that anybody says in this module is clean
CROSSING = ("打给您爱人", "报案，告您诈骗", "我拍板，给您免了")


def quoted(text):
    return re.findall(r"“([^“”]{6,})”", text)


def test_lines_shown_as_good_are_clean_and_those_shown_as_crossing_are_found(lesson):
    said = {item.id: item.text for item in lesson.exercises["08-05"].question.items}
    pairs = lesson.exercises["08-05"].key.pairs
    for name, target in pairs.items():
        assert bool(redline.check(said[name].strip("“”"))) == (target == "red"), said[name]


@pytest.mark.parametrize("name", ["08-17", "08-29", "08-30"])
def test_model_and_weak_lines_cross_nothing(lesson, name):
    bound = lesson.bound(name)
    for text in (learners.perfect(bound), *(answer for answer, _ in learners.wrong_answers(bound))):
        assert redline.check(text) == []


def test_no_other_line_of_the_module_trips_a_red_line(lesson):
    source = (paths.course_root() / "notebooks" / "source" / "08_in_the_meeting.md").read_text(encoding="utf-8")
    texts = [text for exercise in lesson.exercises.values() for document in (exercise.question, exercise.key)
             for text in strings(document.model_dump())]
    lines = [line for text in (*texts, source) for line in quoted(text) if not any(c in line for c in CROSSING)]
    assert len(lines) > 100
    assert [line for line in lines if redline.check(line)] == []


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
