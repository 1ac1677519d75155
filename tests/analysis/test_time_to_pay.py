import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis.time_to_pay import competing, curve, durations

invoices = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["paid", "written_off", "open"]),
                              st.integers(1, 9), st.integers(-5, 30)), min_size=1, max_size=25)


def brute(days, event, weights, entry):
    """Product limit by its definition, one time after the other."""
    share, result = 1.0, []
    for day in sorted(set(days)):
        at_risk = sum(w for d, w, e in zip(days, weights, entry, strict=True) if e < day <= d)
        gone = sum(w for d, w, x in zip(days, weights, event, strict=True) if d == day and x)
        share *= 1 - (gone / at_risk if at_risk else 0)
        result.append(share)
    return np.array(result)


@given(invoices)
def test_weights_and_truncation_follow_the_definition(rows):
    rows = [row for row in rows if row[3] < row[0]]
    if not rows:
        return
    days, state, weights, entry = zip(*rows, strict=True)
    event = [one == "paid" for one in state]
    line = curve(days, event, weights=weights, entry=entry)
    np.testing.assert_allclose(line.unpaid, brute(days, event, weights, entry), atol=1e-9)


@given(invoices)
def test_plain_weighted_and_repeated_rows_agree(rows):
    days, state, weights, _ = (np.array(column) for column in zip(*rows, strict=True))
    event = state == "paid"
    np.testing.assert_allclose(curve(days, event).unpaid, curve(days, event, weights=np.ones(len(days))).unpaid,
                               atol=1e-12)
    repeated = np.repeat(np.arange(len(days)), weights)
    np.testing.assert_allclose(curve(days[repeated], event[repeated]).unpaid,
                               curve(days, event, weights=weights).unpaid, atol=1e-9)


@given(invoices)
def test_without_censoring_the_curve_is_one_minus_the_share_paid(rows):
    days = np.array([row[0] for row in rows])
    line = curve(days, np.ones(len(days), bool))
    np.testing.assert_allclose(line.unpaid, [(days > day).mean() for day in line.days], atol=1e-12)


@given(invoices)
def test_outcomes_add_to_one_and_censoring_a_write_off_overstates_payment(rows):
    days, state, _, _ = (np.array(column) for column in zip(*rows, strict=True))
    table = competing(days, state)
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-9)
    assert (table[["paid", "written_off"]].diff().iloc[1:] >= -1e-12).all(axis=None)
    assert (1 - curve(days, state == "paid").unpaid >= table["paid"].to_numpy() - 1e-9).all()
    if "written_off" not in state:
        np.testing.assert_allclose(table["open"], curve(days, state == "paid").unpaid, atol=1e-12)


def test_aalen_johansen_by_hand():
    # 5 invoices: day 1 paid, day 2 written off, day 3 open, day 4 paid, day 5 paid
    table = competing([1, 2, 3, 4, 5], ["paid", "written_off", "open", "paid", "paid"])
    assert table["paid"].tolist() == pytest.approx([0.2, 0.2, 0.2, 0.5, 0.8])
    assert table["written_off"].tolist() == pytest.approx([0, 0.2, 0.2, 0.2, 0.2])


def test_paid_invoices_alone_look_too_fast():
    days, paid = np.array([10, 20, 30, 60, 60, 60]), np.array([True, True, True, False, False, False])
    assert curve(days, paid).restricted_mean(60) > days[paid].mean()


def test_curve_reads_as_a_step_function():
    line = curve([10, 20, 20, 40], [True, True, False, False])
    assert line.at([9, 10, 19, 20, 40]).tolist() == pytest.approx([1, 0.75, 0.75, 0.5, 0.5])
    assert np.isnan(line.at(41))
    assert line.median == 20 and line.quantile(0.25) == 10
    assert line.restricted_mean(40) == pytest.approx(10 + 0.75 * 10 + 0.5 * 20)
    assert (line.low[line.unpaid < 1] <= line.unpaid[line.unpaid < 1]).all()
    with pytest.raises(Undefined, match="not known yet"):
        line.quantile(0.6)
    with pytest.raises(Undefined, match="beyond 40 days"):
        line.restricted_mean(50)
    assert curve([5, 9], [True, True]).at(100) == 0  # everything paid: nothing is left to learn


@pytest.mark.parametrize(("call", "message"), [
    (lambda: curve([1, 2], [True]), "one entry an invoice"),
    (lambda: curve([1, np.nan], [True, False]), "1 entries of days are missing"),
    (lambda: curve([1, 2], [1, 2]), "True or False"),
    (lambda: curve([1, 2], [True, True], weights=[1, -1]), "none negative"),
    (lambda: curve([1, 2], [True, True], entry=[0, 2]), "entry must lie before"),
    (lambda: competing([1], ["lost"]), "lost"),
    (lambda: curve([], np.array([], bool)), "no invoices"),
    (lambda: curve([-3, 5], [True, True]).restricted_mean(5), "invoice date"),
])
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_durations_know_nothing_of_the_future():
    issued = pd.Series(pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-01", "2026-03-01"]))
    closed = pd.Series(pd.to_datetime(["2026-01-31", "2026-02-01", None, None]))
    table = durations(issued, closed, "2026-01-31")
    assert table["days"].tolist() == [30, 30, 30] and table["paid"].tolist() == [True, False, False]
    with pytest.raises(ValueError, match="closed before"):
        durations(closed[:1], issued[:1], "2026-03-01")
