"""Trade credit: rates, policies, ceilings, plans, concessions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import trade_credit
from receivables.analysis.trade_credit import Policy, Product, Tier

fraction = st.floats(0.001, 0.5)
money = st.floats(1, 1e8)


@given(fraction, st.integers(0, 30), st.integers(1, 120), st.sampled_from([360, 365]))
def test_discount_rates(discount, first, wait, year):
    terms = dict(discount=discount, discount_days=first, pay_day=first + wait, year=year)
    apr, ear = trade_credit.discount_apr(**terms), trade_credit.discount_ear(**terms)
    assert 0 < apr <= ear + 1e-12
    # who borrows at the APR for the wait pays the full price with the reduced one
    assert (1 - discount) * (1 + apr * wait / year) == pytest.approx(1)
    assert (1 - discount) * (1 + ear) ** (wait / year) == pytest.approx(1)
    assert trade_credit.discount_apr(**terms | dict(pay_day=first + wait + 1)) < apr


def test_discount_refusals():
    for pay_day in (10, 5):
        with pytest.raises(Undefined, match="nothing is given up"):
            trade_credit.discount_apr(discount=0.02, discount_days=10, pay_day=pay_day)
    with pytest.raises(ValueError, match="percentages"):
        trade_credit.discount_ear(discount=2, discount_days=10, pay_day=30)
    with pytest.raises(ValueError, match="gives the goods away"):
        trade_credit.discount_apr(discount=1, discount_days=10, pay_day=30)


@given(money, fraction, fraction)
def test_days_that_eat_the_margin_are_the_days_whose_interest_equals_it(amount, margin, rate):
    days = trade_credit.days_that_eat_the_margin(margin, rate)
    assert trade_credit.overdue_cost(amount, days=days, rate=rate) == pytest.approx(amount * margin)


@given(money, fraction)
def test_sales_to_recover_earn_the_loss(loss, margin):
    assert trade_credit.sales_to_recover(loss, margin) * margin == pytest.approx(loss)


def test_margins_that_earn_nothing():
    for margin in (0, -0.1):
        with pytest.raises(Undefined, match="no amount of sales"):
            trade_credit.sales_to_recover(1, margin)
    with pytest.raises(ValueError, match="percentages"):
        trade_credit.sales_to_recover(1, 5)
    with pytest.raises(Undefined, match="rate is 0"):
        trade_credit.days_that_eat_the_margin(0.1, 0)


def test_collection_period_needs_all_sales():
    assert trade_credit.collection_period([0.5, 0.3, 0.2], [10, 30, 60]) == pytest.approx(26)
    with pytest.raises(ValueError, match="sum to 1"):
        trade_credit.collection_period([0.5, 0.3], [10, 30])


@given(money, st.floats(0, 200), fraction, fraction)
def test_carrying_cost_follows_year_and_basis(sales, days, rate, ratio):
    on_365 = trade_credit.carrying_cost(sales=sales, collection_days=days, rate=rate, cost_ratio=ratio)
    on_360 = trade_credit.carrying_cost(sales=sales, collection_days=days, rate=rate, cost_ratio=ratio, year=360)
    assert on_360 * 360 == pytest.approx(on_365 * 365)
    assert on_365 == pytest.approx(sales * days / 365 * ratio * rate)


def policy(**change):
    base = dict(products=(Product(600_000, 0.6), Product(300_000, 0.8)), tiers=(Tier(0.4, 10, 0.02), Tier(0.6, 40)),
                bad_debt_rate=0.01, collection_cost=2_000)
    return Policy(**base | change)


def test_policy_comparison_by_hand():
    column = trade_credit.compare_policies({"a": policy()}, rate=0.1, year=360)["a"]
    assert column["contribution"] == pytest.approx(600_000 * 0.4 + 300_000 * 0.2)
    assert column["collection_days"] == pytest.approx(28)
    assert column["average_receivable"] == pytest.approx(900_000 / 360 * 28)
    laid_out = (360_000 + 240_000) / 900_000
    assert column["carrying_cost"] == pytest.approx(900_000 / 360 * 28 * laid_out * 0.1)
    assert column["discounts"] == pytest.approx(900_000 * 0.4 * 0.02)
    assert column["net"] == pytest.approx(column["contribution"] - column["carrying_cost"] - 9_000 - 2_000 - 7_200)


def test_choices_of_policy_comparison_change_the_number_as_stated():
    def net(**options):
        return trade_credit.compare_policies({"a": policy()}, rate=0.1, **options).loc["net", "a"]

    variable, price = net(), net(cost_basis="price")
    tied = 900_000 / 365 * 28
    assert variable - price == pytest.approx(tied * 0.1 * (1 - 600 / 900))
    assert net(year=360) < net(year=365)
    table = trade_credit.compare_policies({"a": policy(), "b": policy(fixed_cost=500)}, rate=0.1)
    assert table.loc["against_first"].tolist() == pytest.approx([0, -500])


@given(st.floats(0, 1e6), st.floats(0, 1e6), fraction, fraction, money, fraction, st.floats(0, 1e4), st.floats(0, 1e4))
def test_policy_net_takes_every_cost_once(profit, tied, ratio, rate, sales, bad, collection, discount):
    net = trade_credit.policy_net(gross_profit=profit, average_receivable=tied, cost_ratio=ratio, rate=rate,
                                  sales=sales, bad_debt_rate=bad, collection_cost=collection, discount=discount)
    assert net + tied * ratio * rate + sales * bad + collection + discount == pytest.approx(profit, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("change, message", [
    (dict(tiers=(Tier(0.5, 10),)), "sum to 1"), (dict(products=(Product(1, 60),)), "percentages"),
    (dict(bad_debt_rate=1.5), "percentages"), (dict(fixed_cost=-1), "fixed_cost"),
])
def test_policy_refusals(change, message):
    with pytest.raises(ValueError, match=message):
        trade_credit.compare_policies({"a": policy(**change)}, rate=0.1)
    for options in (dict(policies={}), dict(policies={"a": policy()}, cost_basis="full")):
        with pytest.raises(ValueError):
            trade_credit.compare_policies(**options, rate=0.1)


@given(st.floats(10, 1e5), st.floats(0.1, 1), st.floats(0, 1))
def test_granting_breaks_even_where_it_says(revenue, part, chance):
    cost = revenue * part
    even = trade_credit.break_even_probability(revenue=revenue, cost=cost)
    assert trade_credit.grant_once(revenue=revenue, cost=cost, p_pay=even) == pytest.approx(0, abs=1e-6)
    profit = trade_credit.grant_once(revenue=revenue, cost=cost, p_pay=chance)
    if abs(chance - even) > 1e-6:
        assert (profit > 0) == (chance > even)


@given(st.floats(10, 1e3), st.floats(0.1, 0.95), st.floats(0.005, 0.1), st.floats(0, 1))
def test_granting_for_ever_is_the_sum_of_its_periods(price, part, rate, default):
    cost = price * part
    value = trade_credit.grant_for_ever(price=price, cost=cost, rate=rate, p_default=default)
    stream = ((price - cost) / (1 + rate) ** np.arange(1, 6000)).sum()
    assert value == pytest.approx(-cost + (1 - default) * stream, rel=1e-6, abs=1e-6)


@given(st.floats(10, 1e3), st.floats(0.1, 0.9), st.floats(1, 1e3), st.floats(0.005, 0.05))
def test_switching_breaks_even_where_it_says(price, part, units, rate):
    base = dict(price=price, cost=price * part, units=units, rate=rate)
    more = trade_credit.break_even_units(**base)
    value = trade_credit.switch_to_credit(**base, new_units=units + more)
    assert value == pytest.approx(0, abs=1e-6 * price * units / rate)


def test_break_even_default_loses_nothing_and_gains_nothing():
    price, credit_price, rate = 98.0, 101.0, 0.01
    default = trade_credit.break_even_default(price=price, credit_price=credit_price, rate=rate)
    # waiting one period for P costs P; from then on P'(1 - pi) - P comes every period
    assert -price + (credit_price * (1 - default) - price) / rate == pytest.approx(0, abs=1e-6)


def test_granting_refusals():
    with pytest.raises(Undefined, match="endless"):
        trade_credit.grant_for_ever(price=2, cost=1, rate=0, p_default=0)
    with pytest.raises(Undefined, match="certain payment"):
        trade_credit.break_even_probability(revenue=1, cost=2)
    with pytest.raises(Undefined, match="no volume"):
        trade_credit.break_even_units(price=10, cost=9, units=1, rate=0.2)
    with pytest.raises(Undefined, match="wait"):
        trade_credit.break_even_default(price=100, credit_price=100.5, rate=0.02)
    with pytest.raises(ValueError, match="above the cash price"):
        trade_credit.break_even_default(price=100, credit_price=100, rate=0.02)


ceilings = dict(free_funds=800.0, cash_per_yuan=0.8, daily_sales=20.0, target_dso=60, tolerable_loss=30.0,
                loss_rate=0.02)


@pytest.mark.parametrize("change, limit, binds", [
    ({}, 1000, ("funding",)), (dict(target_dso=40), 800, ("turnover",)), (dict(loss_rate=0.05), 600, ("loss",)),
    (dict(target_dso=50), 1000, ("funding", "turnover")),
])
def test_the_least_ceiling_binds(change, limit, binds):
    result = trade_credit.affordable_receivable(**ceilings | change)
    assert result.limit == pytest.approx(limit) and result.binds == binds
    assert result.limit == min(result.funding, result.turnover, result.loss)


def test_ceilings_are_receivables_with_vat():
    gross = trade_credit.affordable_receivable(**ceilings)
    net = trade_credit.affordable_receivable(**ceilings, tax_basis="net_sales", vat=0.13)
    assert net.turnover == pytest.approx(gross.turnover * 1.13) and net.funding == gross.funding


def test_ceilings_are_never_infinite():
    for zero in ("cash_per_yuan", "loss_rate"):
        with pytest.raises(Undefined, match=zero):
            trade_credit.affordable_receivable(**ceilings | {zero: 0})
    with pytest.raises(ValueError, match="tax_basis"):
        trade_credit.affordable_receivable(**ceilings, tax_basis="both")


@given(st.integers(1, 10**9), st.lists(st.integers(1, 90), min_size=1, max_size=12), st.floats(0, 0.3))
def test_instalments_tie_to_the_fen(fen, steps, rate):
    days = [sum(steps[: count + 1]) for count in range(len(steps))]
    plan = trade_credit.instalment_plan(fen / 100, days, rate=rate)
    assert sum(round(payment * 100) for payment in plan.table["payment"]) == fen
    assert plan.table["still_open"].iloc[-1] == 0 and (plan.table["payment"] >= 0).all()
    assert plan.present_value + plan.cost == pytest.approx(fen / 100)
    assert plan.cost >= -1e-6 and days[0] - 1e-9 <= plan.average_days <= days[-1] + 1e-9


def test_instalment_present_value_by_hand():
    plan = trade_credit.instalment_plan(200, [0, 365], rate=0.25, shares=[0.5, 0.5])
    assert plan.present_value == pytest.approx(100 + 80) and plan.average_days == 182.5
    assert trade_credit.instalment_plan(100, [30, 60, 90], rate=0.1, shares=[0.7, 0.2, 0.1]).table[
        "payment"].tolist() == [70, 20, 10]


@pytest.mark.parametrize("amount, days, shares, message", [
    (100, [30, 30], None, "rise"), (100, [], None, "rise"), (100, [-1, 5], None, "days"), (0, [1], None, "above 0"),
    (100, [1, 2], [0.5, 0.4], "sum to 1"),
])
def test_instalment_refusals(amount, days, shares, message):
    with pytest.raises(ValueError, match=message):
        trade_credit.instalment_plan(amount, days, rate=0.05, shares=shares)


@given(money, st.sampled_from([0.0, 0.03, 0.06, 0.09, 0.13]), st.sampled_from([0.0, 0.25]))
def test_an_allowance_is_cheaper_than_forgiveness_by_the_vat(reduction, vat, tax):
    price = trade_credit.price_allowance(reduction, vat=vat, income_tax=tax)
    debt = trade_credit.debt_forgiveness(reduction, income_tax=tax, deductible=True)
    assert debt.cost - price.cost == pytest.approx(price.output_vat_back, abs=1e-6)
    assert price.cost * (1 + vat) == pytest.approx(reduction)
    assert price.cost_after_tax == pytest.approx(price.cost * (1 - tax))
    assert debt.cost_after_tax == pytest.approx(reduction * (1 - tax))
    assert trade_credit.debt_forgiveness(reduction, income_tax=tax).cost_after_tax == reduction
