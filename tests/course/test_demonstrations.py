"""The demonstrations without a browser: what a setting shows, and that a slider shows it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables.course.demonstrations import why_receivables as why
from receivables.ledger.company import profile

FACTS = profile().money


def late(**changed):
    setting = {"amount": 30, "days": 60, "margin": 16.4, "rate": 4.85}
    return why.late_or_lost(**(setting | changed))


def lines(**changed):
    setting = {"balance": 50e6, "free_funds": 3360, "daily_sales": 47.44, "target_dso": 75, "tolerable_loss": 56,
               "loss_rate": 1.25}
    return why.three_ceilings(**(setting | changed))


def test_interest_margin_and_principal_by_hand():
    amounts = late(days=73, rate=5).chart.data["amount"]
    assert amounts["晚收的利息"] == pytest.approx(300_000 * 0.05 / 5)
    assert amounts["这单的毛利"] == pytest.approx(300_000 / 1.13 * 0.164)
    assert amounts["收不回的本金"] == 300_000


def test_what_is_lost_does_not_depend_on_days():
    assert late(days=0).lines[1] == late(days=700).lines[1]
    assert "182.9 万" in late().lines[1]  # 300,000 / 0.164


@pytest.mark.parametrize("changed, said", [
    ({"days": 0}, "按时到账"), ({}, "利息吃掉毛利的 5%、净利的 29%"), ({"days": 254}, "净利吃光了，毛利还剩 77%"),
    ({"days": 730, "rate": 18, "margin": 14}, "连毛利也吃光了"), ({"margin": 8}, "按时收到也不赚"),
])
def test_the_title_is_the_finding(changed, said):
    assert said in late(**changed).chart.title


@pytest.mark.parametrize("days, said", [
    (0, "按时 3,186 元。"), (60, "还没扣"), (61, "只剩 1,593 元"), (91, "只剩 0 元")])
def test_commission_falls_at_the_steps_of_the_house(days, said):
    assert said in late(days=days).lines[2]


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 200), st.integers(0, 730), st.floats(2, 40), st.floats(1, 18))
def test_every_setting_of_the_sliders_can_be_shown(amount, days, margin, rate):
    shown = late(amount=amount, days=days, margin=margin, rate=rate)
    assert shown.chart.title and len(shown.lines) == 3 and not re.search("nan|inf", "".join(shown.lines))


def test_the_lowest_line_is_named_and_the_distance_to_it():
    shown = lines()
    assert shown.chart.title == "卡住的是周转线：最多放 3,558 万，账上多出 1,442 万"
    assert shown.lines[0] == "余额越过了资金线、周转线、损失线。"
    assert list(shown.chart.data["amount"].index) == ["资金线", "周转线", "损失线", "账上余额"]


@pytest.mark.parametrize("changed, binds", [
    ({"target_dso": 90}, "资金线"), ({"loss_rate": 2}, "损失线"), ({"free_funds": 5000}, "周转线"),
])
def test_another_line_binds_when_its_facts_change(changed, binds):
    assert lines(**changed).chart.title.startswith(f"卡住的是{binds}：")


def test_more_funds_do_not_raise_a_limit_that_funds_do_not_set():
    assert lines(free_funds=5000).chart.title == lines().chart.title


def test_a_balance_below_all_lines_leaves_room():
    shown = lines(balance=20e6)
    assert "还能放" in shown.chart.title and shown.lines[0] == "三条线都在余额上面。" and "还剩" in shown.lines[2]


def test_a_turned_slider_changes_what_is_shown():
    demonstration = why.late_payment()
    before = demonstration.page.value
    demonstration.sliders["days"].value = 300
    assert demonstration.page.value != before and "晚 300 天" in demonstration.page.value
    assert repr(demonstration) == "<演示 一笔账晚了、丢了 · 晚 300 天，净利吃光了，毛利还剩 73%>"
    assert demonstration._repr_mimebundle_()["text/html"] == demonstration.page.value


def test_sliders_start_at_the_company():
    sliders = why.late_payment().sliders
    assert sliders["margin"].value == pytest.approx(FACTS.gross_margin * 100)
    assert sliders["rate"].value == pytest.approx(FACTS.borrowing_rate * 100)
