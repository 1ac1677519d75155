"""Trade credit against published answers."""

import math

import pytest

from receivables.analysis import trade_credit

GOLDEN = {"W02", "W03", "W04", "W08"}


def test_cost_of_a_forgone_discount(example):
    case = example("W02")
    given = dict(discount=case["inputs"]["d"], discount_days=case["inputs"]["D"])
    apr = trade_credit.discount_apr(**given, pay_day=case["inputs"]["N"], year=case["inputs"]["Y"])
    assert apr == pytest.approx(case["published"]["apr"], abs=case["tol"])
    # the same text book figures on 365 days, and stretched to day 50 (18.37, seen)
    assert trade_credit.discount_apr(**given, pay_day=30) == pytest.approx(0.3724, abs=5e-5)
    assert trade_credit.discount_ear(**given, pay_day=30) == pytest.approx(0.446, abs=5e-4)
    assert trade_credit.discount_apr(**given, pay_day=50, year=360) == pytest.approx(0.1837, abs=5e-5)


def test_switch_from_cash_to_credit(example):
    case = example("W03")
    given = case["inputs"]
    base = dict(price=given["P"], cost=given["v"], units=given["Q"], rate=given["R"])
    assert trade_credit.switch_to_credit(**base, new_units=given["Q2"]) == pytest.approx(
        case["published"]["npv"], abs=case["tol"])
    assert trade_credit.break_even_units(**base) == pytest.approx(case["published"]["breakeven_units"],
                                                                  abs=case["tol"])
    default = trade_credit.break_even_default(price=given["P"], credit_price=50, rate=given["R"])
    assert default == pytest.approx(case["published"]["breakeven_default"], abs=1e-9)


def test_granting_once_and_again(example):
    case = example("W04")
    given = case["inputs"]
    first, repeat = (trade_credit.grant_once(revenue=given["rev"], cost=given["cost"], p_pay=given[chance])
                     for chance in ("p1", "p2"))
    assert first == pytest.approx(case["published"]["first"], abs=case["tol"])
    assert repeat == pytest.approx(case["published"]["repeat"], abs=case["tol"])


def test_sales_that_recover_a_loss(example):
    case = example("W08")
    for loss, row in case["published"].items():
        for margin, printed in zip(case["inputs"]["m"], row, strict=True):
            exact = trade_credit.sales_to_recover(float(loss), margin)
            assert exact == pytest.approx(printed, abs=case["tol"])
            assert math.floor(exact + 1e-6) == printed  # the table truncates
    # a cell of the same table reads 15,000,999
    assert trade_credit.sales_to_recover(750_000, 0.05) == pytest.approx(15_000_000)
    # loss / margin, not the margin / loss of one insurer's prose; net or contribution margin, as stated there
    assert trade_credit.sales_to_recover(2_000, 0.05) == pytest.approx(40_000)
    assert trade_credit.sales_to_recover(50_000, 0.30) == pytest.approx(166_667, abs=1)


def test_repeat_business_of_ross_westerfield_jordan():
    # v 20, P 49, pi 20 %, R 2 %: one sale 18.43 (present value), for ever 1,140 (from memory, recomputed)
    once = trade_credit.grant_once(revenue=49 / 1.02, cost=20, p_pay=0.8)
    assert once == pytest.approx(18.43, abs=0.005)
    assert trade_credit.grant_for_ever(price=49, cost=20, rate=0.02, p_default=0.2) == pytest.approx(1_140)


def test_atradius_divides_the_loss_by_the_margin_and_not_the_margin_by_the_loss():
    """Its page computes 2,000 at 5 % = 40,000 rightly; its text has the division upside down (metrics of peers)."""
    assert trade_credit.sales_to_recover(2_000, 0.05) == pytest.approx(40_000)
    assert trade_credit.sales_to_recover(2_000, 0.05) != pytest.approx(0.05 / 2_000)
