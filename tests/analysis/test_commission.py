"""Commission on cash received: by hand at the steps, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables.analysis.commission import commission, loss_charge

KEPT = {60: 0.5, 90: 0.0}
money, rate = st.floats(0, 1e8), st.floats(0, 1)


@pytest.mark.parametrize("days, paid", [(-5, 1200), (0, 1200), (60, 1200), (61, 600), (90, 600), (91, 0), (400, 0)])
def test_the_step_is_passed_on_the_day_after(days, paid):
    assert commission(113_000, days, rate=0.012, kept=KEPT, vat=0.13) == pytest.approx(paid)


def test_steps_may_stand_in_any_order():
    assert commission(1000, 100, rate=0.1, kept={90: 0.2, 30: 0.8}) == commission(1000, 100, rate=0.1,
                                                                                  kept={30: 0.8, 90: 0.2}) == 20


def test_vat_is_not_paid_on():
    assert commission(113, 0, rate=0.1, vat=0.13) == pytest.approx(10)
    assert commission(113, 0, rate=0.1) == pytest.approx(11.3)


@given(money, st.integers(-100, 400), st.integers(0, 100))
def test_later_money_never_pays_more(received, days, more):
    assert commission(received, days + more, rate=0.012, kept=KEPT) <= commission(received, days, rate=0.012, kept=KEPT)


@given(money, rate, money)
def test_nobody_is_charged_more_than_he_earned_or_his_part(loss, part, earned):
    charge = loss_charge(loss, part=part, earned=earned)
    assert charge == min(loss * part, earned)


@pytest.mark.parametrize("call", [
    lambda: commission(-1, 0, rate=0.1), lambda: commission(1, 0, rate=12),
    lambda: commission(1, 70, rate=0.1, kept={60: 50}),
    lambda: loss_charge(1, part=5, earned=1), lambda: loss_charge(1, part=0.5, earned=-1),
])
def test_bad_arguments_are_refused(call):
    with pytest.raises(ValueError):
        call()
