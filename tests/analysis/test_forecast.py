import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import forecast
from receivables.analysis.time_to_pay import curve

sales_lists = st.lists(st.floats(0, 1e6), min_size=3, max_size=24)
patterns = st.lists(st.integers(0, 9), min_size=2, max_size=6).filter(sum)


@given(sales_lists, patterns, st.integers(0, 3))
def test_each_month_rolls_forward(sales, raw, lost):
    """closing = opening + sales - collections - bad debt: holds without any source."""
    shares = np.array([*raw, lost]) / (sum(raw) + lost)
    pattern, bad = shares[:-1], float(shares[-1])
    table = forecast.monthly_collections(sales, pattern, bad_debt=bad)
    rolled = table["closing"].shift() + table["sales"] * (1 - bad) - table["collections"]
    known = rolled.notna()
    np.testing.assert_allclose(table["closing"][known], rolled[known], atol=1e-6)
    if table["collections"].notna().iat[-1]:
        assert table["collections"].iat[-1] == pytest.approx(forecast.collections(sales, pattern, bad_debt=bad))
    if table["closing"].notna().iat[-1]:
        assert table["closing"].iat[-1] == pytest.approx(forecast.closing_receivable(sales, pattern, bad_debt=bad))


@given(patterns, st.lists(st.floats(1, 1e5), min_size=6, max_size=12))
def test_pattern_is_found_again_from_its_own_collections(raw, sales):
    pattern = np.array(raw) / sum(raw)
    cash = np.outer(sales, pattern)
    late = np.arange(len(sales))[:, None] + np.arange(len(pattern)) >= len(sales)
    cash[late] = np.nan
    if len(pattern) <= len(sales):
        np.testing.assert_allclose(forecast.payment_pattern(sales, cash), pattern, atol=1e-9)


def test_young_months_do_not_dilute_a_late_lag():
    seen = forecast.payment_pattern([100, 1000], [[50, 50], [500, np.nan]])
    assert seen.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("call", "message"), [
    (lambda: forecast.collections([1, 2], [0.5, 0.4]), "add to 0.9, not 1"),
    (lambda: forecast.collections([1, 2], [50, 50]), "fractions|divide"),
    (lambda: forecast.collections([1], [0.5, 0.5]), "2 needed"),
    (lambda: forecast.closing_receivable([1], [0.2, 0.3, 0.5]), "2 needed"),
    (lambda: forecast.uncollected_balances([10], [5]), "more open than was sold"),
    (lambda: forecast.payment_pattern([10, 10], [[1, 2], [np.nan, 3]]), "later lag"),
    (lambda: forecast.payment_pattern([10], [[8, 3]]), "more was collected"),
    (lambda: forecast.payment_pattern([10, 10], [[1, np.nan], [1, np.nan]]), "old enough"),
    (lambda: forecast.error([0, 0], [1, 2]), "no denominator"),
    (lambda: forecast.error([1], [1, 2]), "against 2"),
])
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bad_debt_lowers_the_receivable_from_the_start():
    assert forecast.uncollected([0.5, 0.4], bad_debt=0.1).tolist() == pytest.approx([0.4, 0.0])
    with pytest.raises(ValueError, match="bad_debt"):
        forecast.uncollected([0.5, 0.4])


curves = st.lists(st.tuples(st.integers(1, 80), st.booleans()), min_size=1, max_size=20)
open_items = st.lists(st.tuples(st.integers(-30, 90), st.integers(0, 10_000)), min_size=1, max_size=15)


@given(curves, open_items, st.integers(1, 15))
def test_cash_forecast_accounts_for_every_fen(rows, items, weeks):
    line = curve(*zip(*rows, strict=True))
    frame = pd.DataFrame({"issued": [pd.Timestamp("2026-06-30") - pd.Timedelta(days=age) for age, _ in items],
                          "open_amount": [float(amount) for _, amount in items]})
    result = forecast.cash(frame, "2026-06-30", line, weeks=weeks)
    assert result.weeks["expected"].sum() + result.beyond + result.unknown == pytest.approx(frame["open_amount"].sum())
    assert (result.weeks["expected"] >= -1e-9).all() and result.beyond >= -1e-6
    # item by item, from the definition
    expected = np.zeros(weeks)
    for age, amount in items:
        now = float(line.at(age))
        if np.isnan(now) or now == 0:
            continue
        for week in range(weeks):
            before, after = float(line.at(age + 7 * week)), float(line.at(age + 7 * week + 7))
            if not np.isnan(before):
                after = line.unpaid[-1] if np.isnan(after) else after
                expected[week] += amount * (before - after) / now
    np.testing.assert_allclose(result.weeks["expected"], expected, atol=1e-6)


def test_cash_forecast_dates_and_unknown():
    line = curve([10, 20, 30], [True, True, False])
    items = pd.DataFrame({"issued": pd.to_datetime(["2026-06-30", "2026-01-01"]), "open_amount": [300.0, 70.0]})
    result = forecast.cash(items, "2026-06-30", line, weeks=3)
    assert result.weeks["start"].iat[0] == pd.Timestamp("2026-07-01")
    assert result.weeks["end"].iat[2] == pd.Timestamp("2026-07-21")
    assert result.weeks["expected"].tolist() == pytest.approx([0, 100, 100])
    assert result.unknown == 70 and result.beyond == pytest.approx(100)
    with pytest.raises(ValueError, match="credits stand apart"):
        forecast.cash(items.assign(open_amount=-1.0), "2026-06-30", line)
    with pytest.raises(ValueError, match="currencies"):
        forecast.cash(items.assign(currency=["CNY", "USD"]), "2026-06-30", line)


def test_forecast_on_a_past_day_meets_what_came():
    """A forecast made on a past day from items that then pay as their kind did has a small error."""
    rng = np.random.default_rng(0)
    days = rng.integers(20, 80, 4000)
    line = curve(days[:2000], np.ones(2000, bool))
    issued = pd.Timestamp("2026-03-31") - pd.to_timedelta(rng.integers(0, 19, 2000), unit="D")
    items = pd.DataFrame({"issued": issued, "open_amount": 100.0})
    came = pd.DataFrame({"received": issued + pd.to_timedelta(days[2000:], unit="D"), "amount": 100.0})
    said = forecast.cash(items, "2026-03-31", line)
    miss = forecast.error(forecast.weekly_receipts(came, "2026-03-31"), said.weeks["expected"])
    assert miss.wape < 0.1 and abs(miss.bias) < 0.02


def test_error_signs():
    miss = forecast.error([100, 100], [150, 100])
    assert miss.wape == 0.25 and miss.bias == 0.25
    assert forecast.error([100, 100], [50, 100]).bias == -0.25


def test_undefined_is_a_value_error_with_a_reason():
    with pytest.raises(Undefined) as caught:
        forecast.collections([1], [0.5, 0.5])
    assert "earlier sales" in caught.value.reason


def test_weeks_begin_the_day_after():
    came = pd.DataFrame({"received": pd.Timestamp("2026-06-30") + pd.to_timedelta([0, 1, 7, 8, 14, 15], unit="D"),
                         "amount": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]})
    assert forecast.weekly_receipts(came, "2026-06-30", weeks=2).tolist() == [6.0, 24.0]
    with pytest.raises(ValueError, match="never added"):
        forecast.weekly_receipts(came.assign(currency=["CNY", "USD"] * 3), "2026-06-30")
