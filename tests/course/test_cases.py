"""What holds for the papers of every case, whatever its story."""

import re

import pytest

from receivables import paths
from receivables.course.cases import cash_strapped, hard_talker
from receivables.course.documents import Sheet

CASES = {cash_strapped: {"cash", "promises"}, hard_talker: {"year", "price"}}  # with the tables only exercises show
every_case = pytest.mark.parametrize("story", CASES, ids=lambda story: story.NAME)


@every_case
def test_seeds_change_the_numbers_and_nothing_else(story):
    one, two = story.case(0).show(), story.case(1).show()
    assert one.html != two.html
    assert re.sub(r"[−\d,.]+", "0", one.html) == re.sub(r"[−\d,.]+", "0", two.html)
    assert story.case(7).show().html == story.case(7).show().html


@every_case
def test_documents_hold_no_amount_and_show_every_table(story):
    text = (paths.course_root() / "casework" / story.NAME / "documents.yaml").read_text(encoding="utf-8")
    assert not re.search(r"\d{1,3},\d{3}|\d{5}", text)
    case = story.case(0)
    asked = {d.table for d in case.documents.values() if isinstance(d, Sheet) and d.table}
    assert asked | CASES[story] == set(case.tables)
    assert "{" not in case.show().html and "{" not in repr(case.show())


def test_every_case_on_the_list_is_here():
    folders = {folder.parent.name for folder in (paths.course_root() / "casework").glob("*/documents.yaml")}
    assert folders == {story.NAME for story in CASES}
