"""Promises measured by cash: each unit once, unripe ones out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis.effectiveness import kept_rate

START = pd.Timestamp("2026-06-01")


def promises(*rows, **more):
    """Rows of (customer, day, amount)."""
    customer, day, amount = zip(*rows, strict=True)
    return pd.DataFrame({"customer_id": list(customer), "pay_by": [START + pd.Timedelta(days=d) for d in day],
                         "amount": [float(value) for value in amount], **more})


def receipts(*rows, **more):
    customer, day, amount = zip(*rows, strict=True) if rows else ((), (), ())
    return pd.DataFrame({"customer_id": pd.Series(customer, dtype="str"),
                         "received": pd.to_datetime([START + pd.Timedelta(days=d) for d in day]),
                         "amount": pd.Series(amount, dtype=float), **more})


@pytest.mark.parametrize("day, state", [(8, "broken"), (9, "kept"), (13, "kept"), (14, "broken")])
def test_both_ends_of_the_window_belong_to_it(day, state):
    result = kept_rate(promises(("A", 10, 100)), receipts(("A", day, 100)))
    assert result.detail["state"].tolist() == [state]


@pytest.mark.parametrize("amount, state", [(90, "kept"), (89.99, "part"), (25, "part"), (24.99, "broken")])
def test_how_much_keeps_a_promise(amount, state):
    assert kept_rate(promises(("A", 10, 100)), receipts(("A", 10, amount))).detail["state"].tolist() == [state]


def test_one_receipt_cannot_keep_two_promises():
    result = kept_rate(promises(("A", 10, 100), ("A", 11, 100)), receipts(("A", 11, 100)))
    assert result.by_count == 0.5 and result.detail["paid"].tolist() == [100, 0]


def test_a_receipt_may_serve_two_promises_it_covers():
    result = kept_rate(promises(("A", 10, 60), ("A", 11, 40)), receipts(("A", 11, 100)))
    assert result.by_count == 1 and result.detail["paid"].tolist() == [60, 40]


def test_by_amount_and_by_count_differ():
    result = kept_rate(promises(("A", 10, 900), ("B", 10, 100)), receipts(("B", 10, 100)))
    assert (result.by_amount, result.by_count) == (0.1, 0.5)


def test_other_customers_money_and_refunds_do_not_count():
    result = kept_rate(promises(("A", 10, 100)), receipts(("B", 10, 100), ("A", 10, -100)))
    assert result.by_count == 0


def test_unripe_promises_are_on_neither_side():
    made = promises(("A", 10, 100), ("A", 20, 100))
    cash = receipts(("A", 10, 100), ("A", 20, 100))
    open_window = kept_rate(made, cash, as_of=START + pd.Timedelta(days=22))  # the second closes on day 23
    assert open_window.ripe == 1 and open_window.by_count == 1 and open_window.by_amount == 1
    assert open_window.detail["state"].tolist() == ["kept", "unripe"]
    closed = kept_rate(made, cash, as_of=START + pd.Timedelta(days=23))
    assert closed.ripe == 2
    with pytest.raises(Undefined, match="no promise"):
        kept_rate(made, cash, as_of=START + pd.Timedelta(days=12))


def test_money_of_after_the_as_of_date_is_not_known_yet():
    made, cash = promises(("A", 10, 100)), receipts(("A", 13, 100))
    assert kept_rate(made, cash, as_of=START + pd.Timedelta(days=13)).by_count == 1
    late = receipts(("A", 14, 100))
    assert kept_rate(made, late, as_of=START + pd.Timedelta(days=13)).by_count == 0


def test_money_of_before_the_promise_does_not_keep_it():
    made = promises(("A", 10, 100), promised_on=[START + pd.Timedelta(days=10)])
    assert kept_rate(made, receipts(("A", 9, 100))).by_count == 0
    assert kept_rate(made, receipts(("A", 10, 100))).by_count == 1


def test_currencies_are_never_added():
    made = promises(("A", 10, 100), currency=["CNY"])
    assert kept_rate(made, receipts(("A", 10, 100), currency=["USD"])).by_count == 0
    with pytest.raises(ValueError, match="currencies"):
        kept_rate(promises(("A", 10, 100), ("B", 10, 100), currency=["CNY", "USD"]), receipts())


def test_refusals():
    cash = receipts()
    with pytest.raises(ValueError, match="pay_by"):
        kept_rate(pd.DataFrame({"customer_id": ["A"], "amount": [1.0]}), cash)
    with pytest.raises(ValueError, match="not positive"):
        kept_rate(promises(("A", 10, 0)), cash)
    with pytest.raises(ValueError, match="never guessed"):
        kept_rate(promises(("A", 10, 1)).assign(pay_by=pd.NaT), cash)
    with pytest.raises(ValueError, match="kept is at least"):
        kept_rate(promises(("A", 10, 1)), cash, kept=0.1)


rows = st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 12), st.integers(1, 50)), min_size=1, max_size=12)


@given(rows, rows)
def test_cash_is_spent_once_and_no_promise_gets_more_than_it_asked(made, cash):
    result = kept_rate(promises(*made), receipts(*cash)).detail
    assert (result["paid"] <= result["amount"] + 1e-9).all() and (result["paid"] >= 0).all()
    for customer in "AB":
        came = sum(amount for who, _, amount in cash if who == customer)
        assert result.loc[result["customer_id"] == customer, "paid"].sum() <= came + 1e-9


@settings(max_examples=25)
@given(rows, rows)
def test_no_assignment_puts_more_cash_to_promises(made, cash):
    """Max-flow = min-cut over days: linear programming on the same windows."""
    from scipy.optimize import linprog

    pairs = [(row, col) for row, (who, day, _) in enumerate(made) for col, (payer, on, _) in enumerate(cash)
             if who == payer and -1 <= on - day <= 3]
    paid = kept_rate(promises(*made), receipts(*cash)).detail["paid"].sum()
    if not pairs:
        assert paid == 0
        return
    limits = np.zeros((len(made) + len(cash), len(pairs)))
    for position, (row, col) in enumerate(pairs):
        limits[row, position] = limits[len(made) + col, position] = 1
    bounds = [amount for _, _, amount in made] + [amount for _, _, amount in cash]
    best = linprog(-np.ones(len(pairs)), A_ub=limits, b_ub=bounds, method="highs")
    assert paid == pytest.approx(-best.fun, abs=1e-6)
