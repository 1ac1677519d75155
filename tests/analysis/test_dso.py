"""DSO forms and turnover: published examples, and what must hold for any ledger."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import dso, turnover

GOLDEN = yaml.safe_load((Path(__file__).parents[1] / "golden" / "aging_dso.yaml").read_text(encoding="utf-8"))
months = st.lists(st.tuples(st.integers(1, 10**9), st.integers(28, 31)), min_size=1, max_size=24)


@pytest.mark.parametrize("example", GOLDEN, ids=lambda e: e["id"])
def test_published(example):
    got = getattr(dso, example["call"].removeprefix("dso."))(**example["args"])
    assert got == pytest.approx(example["published"], abs=example["tolerance"])
    if "not" in example:
        assert got != pytest.approx(example["not"], abs=example["tolerance"])


def test_days_beyond_terms_of_the_chinese_textbook():
    assert dso.simple(285_000, 310_000, 90) - 60 == pytest.approx(22.74, abs=0.006)


@given(months, st.integers(0, 10**9), st.integers(1, 1000))
def test_simple_is_scale_free_and_linear_in_days(history, balance, factor):
    sales, days = map(list, zip(*history, strict=True))
    once = dso.simple(balance, sales, days)
    assert dso.simple(balance * factor, [s * factor for s in sales], days) == pytest.approx(once)
    assert dso.simple(balance, sales, [2 * d for d in days]) == pytest.approx(2 * once)


@given(months, st.integers(0, 10**9), st.integers(0, 10**9))
def test_delinquent_is_past_due_over_sales(history, current, past_due):
    sales, days = map(list, zip(*history, strict=True))
    assert dso.delinquent(current + past_due, current, sales, days) == pytest.approx(
        past_due / sum(sales) * sum(days), abs=1e-6 * max(1, dso.simple(current + past_due, sales, days)))


@given(months, st.floats(0, 1), st.floats(0, 1))
def test_countback_rises_with_the_balance_and_is_continuous(history, a, b):
    sales, days = map(list, zip(*history, strict=True))
    low, high = sorted((a * sum(sales), b * sum(sales)))
    assert dso.countback(low, sales, days, when_exhausted="cap") <= \
        dso.countback(high, sales, days, when_exhausted="cap") + 1e-9
    # at the edge of the last month both sides give that month's days, so there is no jump
    assert dso.countback(sales[-1], sales, days) == pytest.approx(days[-1])
    assert dso.countback(sales[-1] * (1 - 1e-9), sales, days) == pytest.approx(days[-1])
    # slope inside a month: that month's days over its sales
    assert dso.countback(sales[-1] / 2, sales, days) == pytest.approx(days[-1] / 2)


@given(st.lists(st.integers(28, 31), min_size=1, max_size=24), st.integers(1, 10**6), st.floats(0, 1))
def test_constant_daily_sales_make_countback_simple(days, daily, share):
    sales = [daily * d for d in days]
    balance = share * sum(sales)
    assert dso.countback(balance, sales, days, when_exhausted="cap") == pytest.approx(
        dso.simple(balance, sales, days), abs=1e-6)


@given(months, st.floats(0, 1))
def test_fifo_balance_makes_aged_equal_countback(history, share):
    sales, days = map(list, zip(*history, strict=True))
    balance = left = share * sum(sales)
    still = []
    for sold in reversed(sales):
        still.insert(0, min(left, sold))
        left -= still[0]
    assert dso.aged(still, sales, days) == pytest.approx(dso.countback(balance, sales, days, when_exhausted="cap"))


def test_countback_policies_when_history_runs_out():
    args = (1000, [100, 200], [30, 31])
    with pytest.raises(Undefined, match=r"700\.00 of the balance is older than the 2 months"):
        dso.countback(*args)
    assert dso.countback(*args, when_exhausted="cap") == 61
    assert dso.countback(*args, when_exhausted="nan") != dso.countback(*args, when_exhausted="nan")
    assert dso.countback(300, [100, 200], [30, 31]) == 61  # just enough history is enough
    with pytest.raises(ValueError, match="when_exhausted"):
        dso.countback(*args, when_exhausted="ignore")


def test_countback_walks_over_a_month_without_sales_but_not_over_a_negative_one():
    assert dso.countback(150, [100, 0, 100], [31, 28, 31]) == 31 + 28 + 15.5
    assert dso.countback(50, [100, -5, 100], [31, 28, 31]) == 15.5  # it never gets there
    with pytest.raises(Undefined, match="credit notes exceed invoices"):
        dso.countback(150, [100, -5, 100], [31, 28, 31])
    assert dso.countback(0, [0], [31]) == 0


@pytest.mark.parametrize("call", [
    lambda: dso.simple(5, 0, 30), lambda: dso.simple(5, [10, -10], [30, 31]), lambda: dso.average(1, 2, 0, 30),
    lambda: dso.best_possible(1, 0, 30), lambda: dso.delinquent(2, 1, 0, 30), lambda: dso.countback(-1, 10, 30),
    lambda: dso.aged([1, 1], [0, 10], [30, 31]), lambda: turnover.times(10, 5, -5), lambda: turnover.days(0, 5, 5),
])
def test_no_figure_where_there_is_none(call):
    with pytest.raises(Undefined):
        call()


@pytest.mark.parametrize(("call", "says"), [
    (lambda: dso.simple(5, [1, 2], [30]), "one a period"), (lambda: dso.simple(5, [], []), "one a period"),
    (lambda: dso.simple(float("nan"), 1, 30), "finite"), (lambda: dso.simple(1, float("inf"), 30), "finite"),
    (lambda: dso.simple(1, 1, 0), "above 0"), (lambda: dso.aged([1], [1, 2], [30, 31]), "one finite entry"),
    (lambda: dso.best_possible(1, 1, 30, method="exact"), "method"),
    (lambda: dso.simple(1, 1, 30, tax_basis="net_sales"), "needs vat"),
    (lambda: dso.simple(1, 1, 30, tax_basis="net_sales", vat=13), "fraction"),
    (lambda: dso.simple(1, 1, 30, vat=0.13), "tax_basis is 'same'"),
    (lambda: dso.simple(1, 1, 30, tax_basis="gross"), "tax_basis must be"),
    (lambda: turnover.times(-1, 5, 5), "corrections"), (lambda: turnover.days(1, 5, 5, year=0), "year"),
    (lambda: turnover.times(1, float("nan"), 5), "opening must be a finite"),
])
def test_bad_arguments_are_told_what_to_do(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_aged_ignores_a_month_without_sales_from_which_nothing_is_open():
    assert dso.aged([0, 5], [0, 10], [30, 31]) == 15.5


def test_vat_overstates_days_by_its_own_rate():
    same = dso.simple(113, 100, 30)
    right = dso.simple(113, 100, 30, tax_basis="net_sales", vat=0.13)
    assert same / right == pytest.approx(1.13)
    assert dso.countback(113, [100, 100], [30, 30], tax_basis="net_sales", vat=0.13) == pytest.approx(30)
    assert dso.aged([113], [100], [30], tax_basis="net_sales", vat=0.13) == pytest.approx(30)


def test_best_possible_and_delinquent_by_countback():
    sales, days = [70_000, 80_000, 100_000], [30, 30, 30]
    whole = dso.countback(212_000, sales, days)
    best = dso.best_possible(120_000, sales, days, method="countback")
    assert best == pytest.approx(30 + 20 / 80 * 30)
    assert dso.delinquent(212_000, 120_000, sales, days, method="countback") == pytest.approx(whole - best)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 10**9), st.sampled_from([360, 365]))
def test_turnover_days_are_the_year_over_the_turns(sales, opening, closing, year):
    turned = turnover.times(sales, opening, closing)
    assert turnover.days(sales, opening, closing, year=year) * turned == pytest.approx(year)
    assert turnover.days(sales, opening, closing, year=year) == pytest.approx(
        dso.average(opening, closing, sales, year))


def test_turnover_of_nothing_sold_is_zero():
    assert turnover.times(0, 5, 5) == 0


def test_one_figure_of_days_stands_for_the_whole_period_but_never_for_each_month():
    months, days = [90_000, 105_000, 115_000], [30, 31, 29]
    assert dso.simple(285_000, months, 90) == pytest.approx(dso.simple(285_000, months, days))
    assert dso.delinquent(285_000, 100_000, months, 90) == pytest.approx(dso.delinquent(285_000, 100_000, months, days))
    with pytest.raises(ValueError, match="give one a period"):
        dso.countback(285_000, months, 90)
    with pytest.raises(ValueError, match="finite"):
        dso.simple(1.0, [1.0, float("nan")], 90)
