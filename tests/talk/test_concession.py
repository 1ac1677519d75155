"""Concession ledger: prices against independent arithmetic, authority, and the three questions of a deal."""

import math
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables.talk.concession import (
    Allowance,
    Cash,
    Days,
    Instalments,
    Paper,
    Security,
    Step,
    Supply,
    Terms,
    WaivedInterest,
    close,
    role_needed,
    yuan,
)

TERMS = Terms("0.0485", "0.13")
AMOUNT = st.decimals(min_value="0.01", max_value="9999999", places=2)


def row(role, days, parts, discount, interest, supply, amount):
    return SimpleNamespace(role=role, extend_days=days, instalments=parts, discount=discount,
                           waive_interest=interest, stop_supply=supply, amount=amount)


TABLE = [row("业务员", 7, 1, 0.0, False, False, 50_000), row("区域经理", 15, 2, 0.01, False, True, 300_000),
         row("销售总监", 30, 4, 0.03, True, True, 1_000_000), row("总经理", 90, 12, 0.08, True, True, None)]


def now(amount, days, rate=0.0485):
    """Present value by another road: floats and exp."""
    return amount * math.exp(-math.log1p(rate) * days / 365)


@pytest.mark.parametrize(("concession", "cost"), [
    (Days("200000", 30), 200_000 - now(200_000, 30)),
    (Days("200000", 365), 200_000 * 0.0485 / 1.0485),
    (Instalments([(0, "40000"), (30, "30000"), (60, "30000")]), 60_000 - now(30_000, 30) - now(30_000, 60)),
    (Allowance("11300", red_invoice=True), 10_000),
    (Allowance("11300", red_invoice=False), 11_300),
    (WaivedInterest("2260", chance="0.5", taxed=True), 1_000),
    (WaivedInterest("2260", chance="0.5", taxed=False), 1_130),
    (Supply("113000", margin="0.2", loss="0.3", days=60), 93_000 - 0.7 * now(113_000, 60)),
])
def test_cost_against_independent_arithmetic(concession, cost):
    assert float(concession.price(TERMS).cost) == pytest.approx(cost, abs=0.006)


def test_vat_follows_the_contract_only_before_the_invoice():
    before, after = (Days("113000", 60, invoiced=flag).price(TERMS) for flag in (False, True))
    assert after.vat == 0
    assert float(before.vat) == pytest.approx(13_000 - now(13_000, 60), abs=0.006)
    assert abs(before.cost + before.vat - after.cost) <= Decimal("0.01")


def test_vat_stands_to_be_lost_on_supply():
    assert Supply("113000", margin="0.2", loss="0.3", days=60).price(TERMS).vat == Decimal("-3900.00")


@given(AMOUNT, st.integers(0, 900))
def test_one_instalment_is_an_extension(amount, days):
    assert Instalments([(days, amount)]).price(TERMS).cost == Days(amount, days).price(TERMS).cost


@given(AMOUNT)
def test_red_invoice_splits_the_allowance_to_the_fen(amount):
    price = Allowance(amount, red_invoice=True).price(TERMS)
    assert abs(price.cost + price.vat - price.face) <= Decimal("0.01")
    assert price.cost <= Allowance(amount, red_invoice=False).price(TERMS).cost == price.face


@given(AMOUNT, st.integers(0, 400), st.integers(1, 400))
def test_waiting_longer_never_costs_less(amount, days, more):
    assert Days(amount, days).price(TERMS).cost <= Days(amount, days + more).price(TERMS).cost
    assert Days(amount, days).price(Terms(0, "0.13")).cost == 0


@given(st.integers(0, 120), st.integers(0, 3), st.decimals(min_value=0, max_value="0.2", places=3))
def test_nobody_below_the_needed_role_may_grant_it(days, extra, cut):
    plan = Instalments([(d * 30, "1000") for d in range(1, extra + 2)])
    asked = [Days("40000", days), plan, Allowance(Decimal(40_000) * cut, red_invoice=True)]
    role = role_needed(asked, TABLE, debt="40000")
    for at, entry in enumerate(TABLE):
        may = days <= entry.extend_days and extra + 1 <= entry.instalments and cut <= Decimal(str(entry.discount))
        if entry.role == role:
            assert may
            break
        assert not may, at
    else:
        assert role is None


def test_authority_counts_the_debt_and_the_goods_together():
    assert role_needed([Supply("20000", margin="0.2", loss="0.1", days=30)], TABLE, debt="40000") == "区域经理"
    assert role_needed([Supply("20000", margin="0.2", loss="0.1", days=30)], TABLE, debt="290000") == "销售总监"
    assert role_needed([WaivedInterest("100", chance="1", taxed=False)], TABLE, debt="40000") == "销售总监"
    assert role_needed([Days("1", 91)], TABLE, debt="40000") is None


def codes(steps, debt="200000", table=TABLE):
    return [finding.code for finding in close(steps, TERMS, table, debt=debt).findings]


def test_xiao_wangs_deal_fails_all_three_questions():
    deal = [Step(given=(Days("200000", 30), Allowance("4000", red_invoice=False)))]
    assert codes(deal) == ["no_return", "not_written", "not_approved", "gave_more"]


def test_improved_deal_passes():
    deal = [Step(given=(Days("140000", 30), WaivedInterest("3000", chance="0.4", taxed=False)),
                 got=(Cash("60000", instead_days=120, chance="0.9"), Paper("盖章还款计划")),
                 approved_by="销售总监", in_writing=True)]
    verdict = close(deal, TERMS, TABLE, debt="200000")
    assert not verdict.findings
    assert verdict.needed == "销售总监"
    assert verdict.net == verdict.got - verdict.given > 0
    assert verdict.given == sum(price.cost for price in verdict.prices[0])


def test_approver_out_of_his_depth():
    got = (Security("200000", loss_before="0.2", loss_after="0.1"),)
    step = Step(given=(Days("200000", 30),), got=got, approved_by="区域经理", in_writing=True)
    assert codes([step]) == ["beyond_authority"]


def test_slicing_is_found():
    got = (Security("40000", loss_before="0.2", loss_after="0.1"),)
    steps = [Step(given=(Days("40000", 7),), got=got, approved_by="业务员", in_writing=True)] * 2
    assert codes(steps, debt="40000") == ["sliced"]
    assert codes(steps[:1], debt="40000") == []


def test_growing_steps_are_found():
    got = (Security("40000", loss_before="0.2", loss_after="0.1"),)

    def step(days):
        return Step(given=(Days("40000", days),), got=got, approved_by="总经理", in_writing=True)
    assert codes([step(2), step(3), step(4)], debt="40000") == ["growing"]
    assert codes([step(4), step(3), step(2)], debt="40000") == []
    assert codes([step(2), step(3)], debt="40000") == []


def test_paper_is_a_return_without_a_price():
    step = Step(given=(Days("40000", 5),), got=(Paper("盖章对账单"),), approved_by="业务员", in_writing=True)
    assert codes([step], debt="40000") == ["gave_more"]


def test_getting_something_for_nothing_is_no_fault():
    assert codes([Step(given=(), got=(Paper("对账单"),))]) == []


@pytest.mark.parametrize("bad", [
    lambda: yuan(1.5), lambda: yuan("-1"), lambda: yuan(True), lambda: yuan("NaN"), lambda: Terms("13", "0.13"),
    lambda: Instalments([(30, "1"), (30, "1")]).price(TERMS), lambda: Instalments([]).price(TERMS),
    lambda: Days("1", -1).price(TERMS), lambda: role_needed([], [], debt="1"), lambda: role_needed([], TABLE, debt="0"),
    lambda: Security("1", loss_before="0.1", loss_after="0.2").value(TERMS),
    lambda: close([Step(given=(), approved_by="老板娘")], TERMS, TABLE, debt="1"),
    lambda: WaivedInterest("1", chance="30", taxed=False).price(TERMS),
])
def test_nonsense_is_refused(bad):
    with pytest.raises(ValueError):
        bad()
