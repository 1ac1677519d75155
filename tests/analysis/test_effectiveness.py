"""Collection performance: identities and refusals."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import effectiveness, trade_credit

money = st.floats(0, 1e9, allow_nan=False).map(lambda value: round(value, 2))
items = st.lists(st.tuples(st.floats(0.01, 1e6), st.integers(-60, 400)), min_size=1, max_size=30)


@given(money, money, money, money)
def test_cei_is_one_exactly_when_nothing_is_past_due(opening, sales, closing, current):
    assume(opening + sales - current > 1)
    value = effectiveness.cei(opening=opening, sales=sales, closing=closing, closing_current=current)
    if closing == current:
        assert value == 1
    else:
        assert (value < 1) == (closing > current)


@given(money, money, money, money, money)
def test_book_form_less_cash_form_is_what_left_without_cash(opening, sales, cash, lost, current):
    assume(cash + lost <= opening + sales and opening + sales - current > 1)
    closing = opening + sales - cash - lost
    gap = (effectiveness.cei(opening=opening, sales=sales, closing=closing, closing_current=current)
           - effectiveness.cei_cash(opening=opening, sales=sales, applied=cash, closing_current=current))
    assert gap == pytest.approx(lost / (opening + sales - current), abs=1e-6, rel=1e-6)


def test_cei_without_anything_collectable_is_undefined():
    with pytest.raises(Undefined, match="collectable"):
        effectiveness.cei(opening=0, sales=100, closing=100, closing_current=100)
    with pytest.raises(Undefined):
        effectiveness.cei_cash(opening=0, sales=100, applied=0, closing_current=120)
    with pytest.raises(ValueError, match="periods"):
        effectiveness.cei(opening=1, sales=1, closing=1, closing_current=0, periods=0)


@given(items, st.floats(0.01, 100))
def test_days_beyond_terms_is_a_weighted_mean(pairs, factor):
    amounts, late = zip(*pairs, strict=True)
    value = effectiveness.days_beyond_terms(amounts, late)
    assert min(late) - 1e-6 <= value <= max(late) + 1e-6
    scaled = effectiveness.days_beyond_terms([amount * factor for amount in amounts], late)
    assert scaled == pytest.approx(value, abs=1e-6)
    floored = effectiveness.days_beyond_terms(amounts, late, floor_early=True)
    assert floored >= max(value, 0) - 1e-9
    assert floored == pytest.approx(effectiveness.days_beyond_terms(amounts, [max(day, 0) for day in late]))


def test_average_collection_days_by_hand():
    result = effectiveness.average_collection_days([100, 300], [10, 50])
    assert (result.by_amount, result.by_count) == (40, 30)


def test_weights_without_weight_are_undefined():
    for call in (effectiveness.days_beyond_terms, effectiveness.share_over, effectiveness.paid_late_share,
                 effectiveness.average_collection_days):
        with pytest.raises(Undefined):
            call([0, 0], [1, 2])
        with pytest.raises(Undefined):
            call([], [])
        with pytest.raises(ValueError, match="合同负债"):
            call([5, -1], [1, 2])
        with pytest.raises(ValueError, match="2 expected"):
            call([5, 1], [1])


@given(items)
def test_shares_split_without_rest(pairs):
    amounts, days = map(list, zip(*pairs, strict=True))
    over = effectiveness.share_over(amounts, days)
    under = sum(amount for amount, day in pairs if day <= 90) / sum(amounts)
    assert over.by_amount == pytest.approx(1 - under, abs=1e-9)
    assert over.by_count == pytest.approx(sum(day > 90 for day in days) / len(days))
    late = effectiveness.paid_late_share(amounts, days)
    assert late.by_count == pytest.approx(sum(day > 0 for day in days) / len(days))


def test_the_edge_of_ninety_days_and_of_the_due_date():
    assert effectiveness.share_over([1, 1], [90, 91]).by_amount == 0.5
    assert effectiveness.paid_late_share([1, 1], [0, 1]).by_amount == 0.5


def test_roll_counts_only_what_could_cross():
    # 60 + 30 = 90 is not over 90; 61 and 90 can cross; 91 already has
    result = effectiveness.roll_into_over([10, 20, 30, 40], [60, 61, 90, 91], [10, 20, 0, 40], elapsed=30)
    assert result.by_amount == pytest.approx(20 / 50) and result.by_count == 0.5
    with pytest.raises(Undefined, match="no open item"):
        effectiveness.roll_into_over([10], [20], [10], elapsed=30)
    with pytest.raises(ValueError, match="exceeds"):
        effectiveness.roll_into_over([10], [80], [11], elapsed=30)


def test_recovery_by_amount_and_by_count_diverge():
    result = effectiveness.recovery_rate([1000, 10, 10], [0, 10, 10])
    assert result.by_amount == pytest.approx(20 / 1020) and result.by_count == pytest.approx(2 / 3)
    part = effectiveness.recovery_rate([100], [99.98])
    assert part.by_count == 0 and part.by_amount == pytest.approx(0.9998)
    for overdue, collected, message in (([100], [101], "exceeds"), ([0.0], [0], "holds a 0")):
        with pytest.raises(ValueError, match=message):
            effectiveness.recovery_rate(overdue, collected)
    with pytest.raises(Undefined):
        effectiveness.recovery_rate([], [])


def test_dispute_rate():
    assert effectiveness.dispute_rate([60, 40], [0, 40]).by_amount == 0.4
    with pytest.raises(ValueError, match="disputed exceeds"):
        effectiveness.dispute_rate([60], [61])
    for nothing in ([], [0.0]):
        with pytest.raises(Undefined):
            effectiveness.dispute_rate(nothing, nothing)


def test_bad_debt_rate_gross_and_net():
    assert effectiveness.bad_debt_rate(written_off=20, sales=1000) == 0.02
    assert effectiveness.bad_debt_rate(written_off=20, sales=1000, recovered=30) == -0.01
    with pytest.raises(Undefined):
        effectiveness.bad_debt_rate(written_off=20, sales=0)


@given(st.floats(0, 1e8), st.floats(0, 1), st.floats(1, 1e8), st.integers(1, 366), st.floats(0, 180))
def test_dso_bridge_adds_up(balance, part, sales, days, granted):
    bridge = effectiveness.dso_bridge(balance=balance, disputed=balance * part, sales=sales, days=days,
                                      granted_days=granted)
    assert bridge.granted + bridge.dispute + bridge.lateness == pytest.approx(bridge.dso, rel=1e-9, abs=1e-6)
    assert bridge.dso == pytest.approx(balance / sales * days)
    assert bridge.dispute == pytest.approx(bridge.dso * part, rel=1e-9, abs=1e-6)


def test_dso_bridge_refusals():
    with pytest.raises(Undefined, match="sales"):
        effectiveness.dso_bridge(balance=1, disputed=0, sales=0, days=30, granted_days=30)
    with pytest.raises(ValueError, match="disputed"):
        effectiveness.dso_bridge(balance=1, disputed=2, sales=10, days=30, granted_days=30)


def test_days_granted_come_from_the_payment_mix():
    assert trade_credit.collection_period(np.array([0.25, 0.75]), [0, 60]) == 45


def test_net_sales_are_raised_to_the_basis_of_the_balance():
    net = dict(tax_basis="net_sales", vat=0.13)
    balances = dict(opening=500.0, closing_current=300.0)
    assert effectiveness.cei(**balances, sales=1000, closing=400, **net) == pytest.approx(
        effectiveness.cei(**balances, sales=1130, closing=400))
    assert effectiveness.cei_cash(**balances, sales=1000, applied=900, **net) == pytest.approx(900 / 1330)
    assert effectiveness.bad_debt_rate(written_off=113, sales=1000, **net) == pytest.approx(0.1)
    bridge = effectiveness.dso_bridge(balance=1130, disputed=113, sales=1000, days=30, granted_days=20, **net)
    assert (bridge.dso, bridge.dispute) == (pytest.approx(30), pytest.approx(3))
    with pytest.raises(ValueError, match="tax_basis"):
        effectiveness.cei(**balances, sales=1, closing=1, vat=0.13)


def test_not_a_number_is_refused_with_its_place():
    with pytest.raises(ValueError, match="position 1"):
        effectiveness.share_over([1, float("nan")], [1, 1])
