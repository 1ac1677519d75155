"""Module 02's demonstrations without a browser: every setting ties out, and the lessons the page promises show."""

import re

import pandas as pd
import pytest

from receivables import paths
from receivables.course.demonstrations import aging_and_metrics as demo
from receivables.course.lesson import Lesson
from receivables.ledger import Ledger


@pytest.fixture(scope="module")
def ledger():
    return Ledger.load(paths.data("company"))


@pytest.fixture(scope="module")
def lesson(ledger):
    return Lesson("02_aging_and_metrics", ledger=ledger, as_of="2025-06-30")


DAYS = demo.month_ends(pd.Timestamp("2025-06-30"))


@pytest.mark.parametrize("ladder", demo.RULERS.values())
@pytest.mark.parametrize("day", list(DAYS.values())[::4])
def test_every_ruler_ties_to_the_balance_and_to_the_general_ledger(ledger, day, ladder):
    shown = demo.ruler(ledger, day, ladder)
    total, balance = re.search(r"各栏相加 ([\d,.]+) 万元，台账余额 ([\d,.]+) 万元，差 0.00 元", shown.lines[0]).groups()
    assert total == balance and total in shown.lines[1]


def test_by_year_the_overdue_cannot_be_seen(ledger):
    assert "不能拿它催款" in demo.ruler(ledger, "2025-06-30", "statutory").lines[2]
    assert "逾期" in demo.ruler(ledger, "2025-06-30", "house").lines[2]


def form(shown, name):
    return float(re.search(rf"{name} ([\d.]+) 天", shown.lines[0])[1])


def test_a_month_of_high_sales_lowers_the_simple_form_and_hardly_the_countback(ledger):
    november, december, january = (demo.forms(ledger, day, "even", "2024-06")
                                   for day in ("2024-11-30", "2024-12-31", "2025-01-31"))
    assert form(november, "期末余额法") - form(december, "期末余额法") > 5
    assert form(january, "期末余额法") - form(december, "期末余额法") > 25
    assert abs(form(january, "倒推法") - form(december, "倒推法")) < 5


def test_leaving_the_vat_out_on_one_side_fattens_all_six(ledger):
    even, mixed = (demo.forms(ledger, "2025-06-30", tax, "2024-06") for tax in ("even", "mixed"))
    for name in demo.FORMS.values():
        assert form(mixed, name) / form(even, name) == pytest.approx(1.13, abs=0.03), name


def test_december_is_shorter_with_a_caution_and_june_longer(ledger):
    december = demo.moved(ledger, "2024-11-30", "2024-12-31", 10, 5, 20)
    assert "短了 48%" in december.lines[3] and "核销的" in december.lines[3]
    june = demo.moved(ledger, "2025-03-31", "2025-06-30", 10, 5, 20)
    assert "长了 58%" in june.lines[3] and "−" not in june.lines[2]


def test_thresholds_are_arguments_and_change_no_figure(ledger):
    strict, lax = (demo.moved(ledger, "2025-03-31", "2025-06-30", longer, 5, bucket)
                   for longer, bucket in ((10, 20), (50, 100)))
    assert strict.lines[:3] == lax.lines[:3] and len(strict.lines[3]) > len(lax.lines[3])


def test_the_order_of_two_days_does_not_matter_and_the_same_day_twice_is_the_month_before(ledger):
    a, b = (demo.moved(ledger, *days, 10, 5, 20) for days in (("2025-03-31", "2025-06-30"), ("2025-06-30", "2025-03-31")))
    assert a.lines == b.lines
    same = demo.moved(ledger, "2025-06-30", "2025-06-30", 10, 5, 20)
    assert same.lines == demo.moved(ledger, "2025-05-31", "2025-06-30", 10, 5, 20).lines


def test_a_list_picked_from_shows_its_setting(lesson):
    shown = demo.two_rulers(lesson)
    before = shown.page.value
    shown.sliders["ladder"].value = "statutory"
    assert shown.page.value != before and "不能拿它催款" in shown.page.value
    assert repr(shown).startswith("<演示 一本账，两把尺 · ")


def test_all_settings_of_a_list_can_be_shown(lesson):
    for make in (demo.six_forms, demo.shift_of_ages):
        made = make(lesson)
        for name in ("day", "before", "after"):
            if name in made.sliders:
                for _, value in made.sliders[name].options[::5]:
                    made.sliders[name].value = value
                    assert made.shown.chart.title
