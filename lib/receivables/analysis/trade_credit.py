"""Trade credit (商业信用): what it costs to wait, when it pays to grant, how much one can afford.

Choices that change the number are arguments: year of 360 (Chinese exam convention) or 365, cost basis (the
money laid out is the variable cost, many English texts take the full price), actual pay date.
Policies, plans and concessions live in modules of their own and are offered here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from receivables.analysis._numbers import SLACK, divide, number, share, share_vector, vector
from receivables.analysis.basis import TaxBasis, sales_on_balance_basis
from receivables.analysis.concession import Concession, debt_forgiveness, price_allowance
from receivables.analysis.granting import (
    break_even_default,
    break_even_probability,
    break_even_units,
    grant_for_ever,
    grant_once,
    switch_to_credit,
)
from receivables.analysis.instalment import InstalmentPlan, instalment_plan
from receivables.analysis.policy import Policy, Product, Tier, compare_policies, policy_net
from receivables.errors import Undefined

__all__ = [
    "Affordable", "Concession", "InstalmentPlan", "Policy", "Product", "Tier", "affordable_receivable",
    "break_even_default", "break_even_probability", "break_even_units", "carrying_cost", "collection_period",
    "compare_policies", "days_that_eat_the_margin", "debt_forgiveness", "discount_apr", "discount_ear",
    "grant_for_ever", "grant_once", "instalment_plan", "overdue_cost", "policy_net", "price_allowance",
    "sales_to_recover", "switch_to_credit",
]


def collection_period(shares: Sequence[float], days: Sequence[float]) -> float:
    """Average collection period from a payment mix (平均收现期, 平均收账天数): sum of w_j x t_j.

    Parameters
    ----------
    shares : share of sales paid on each day, fractions summing to 1
    days : the days, same order (10 for those who take the discount, 30, 60 ...)

    Returns
    -------
    float, days.

    Raises
    ------
    ValueError
        For shares that do not sum to 1, or lengths that do not fit.

    Source
    ------
    中级会计资格 财务管理, 信用政策决策.

    Examples
    --------
    >>> collection_period([0.6, 0.4], [10, 30])
    18.0
    """
    weight = share_vector("shares", shares, total_one=True)
    return float(weight @ vector("days", days, least=0, length=len(weight)))


def carrying_cost(*, sales: float, collection_days: float, rate: float, cost_ratio: float = 1.0,
                  year: float = 365) -> float:
    """Carrying cost of receivables (应收账款占用资金的应计利息, 机会成本): S / year x days x cost ratio x k.

    Parameters
    ----------
    sales : credit sales of a year
    collection_days : average collection period
    rate : cost of capital a year, a fraction
    cost_ratio : money laid out per yuan of receivable: the variable-cost rate in Chinese texts, 1.0 (full
        price) in many English ones
    year : 365, or 360 in exam questions

    Returns
    -------
    float, money a year.

    Raises
    ------
    ValueError
        For negative figures, a rate or ratio above 1, a year of 0.

    Source
    ------
    中级会计资格 财务管理.

    Examples
    --------
    >>> carrying_cost(sales=3_600_000, collection_days=60, rate=0.10, cost_ratio=0.6, year=360)
    36000.0
    """
    a_day = number("sales", sales, least=0) / number("year", year, least=1)
    return a_day * number("collection_days", collection_days, least=0) * share("cost_ratio", cost_ratio) * share(
        "rate", rate)


def overdue_cost(amount: float, *, days: float, rate: float, year: float = 365) -> float:
    """Financing cost of an overdue amount (逾期资金成本): A x r x days / year, simple interest.

    Parameters
    ----------
    amount : overdue amount
    days : days overdue
    rate : borrowing rate a year, a fraction
    year : 365, or 360 in exam questions

    Returns
    -------
    float, money.

    Raises
    ------
    ValueError
        For negative figures.

    Source
    ------
    Arithmetic; no published table exists. Usually small beside principal at risk: show both (requirement K03).

    Examples
    --------
    >>> overdue_cost(1_000_000, days=73, rate=0.05)
    10000.0
    """
    money = number("amount", amount, least=0) * share("rate", rate)
    return money * number("days", days, least=0) / number("year", year, least=1)


def days_that_eat_the_margin(margin: float, annual_rate: float, *, year: float = 365) -> float:
    """Days that eat the margin (吃掉毛利的逾期天数): m x year / r.

    Parameters
    ----------
    margin : margin on sales, a fraction
    annual_rate : financing rate a year, a fraction
    year : 365, or 360

    Returns
    -------
    float, days of waiting whose interest equals the margin.

    Raises
    ------
    Undefined
        At a rate of 0: waiting costs nothing.
    ValueError
        For a margin or rate outside [0, 1]. A negative margin is gone on day 0: the sale, not the delay, is wrong.

    Source
    ------
    Arithmetic; no published table found.

    Examples
    --------
    >>> round(days_that_eat_the_margin(0.05, 0.06), 1)
    304.2
    """
    return divide(share("margin", margin) * number("year", year, least=1), share("annual_rate", annual_rate),
                  "the rate is 0: waiting costs no interest, so no number of days eats the margin")


def sales_to_recover(loss: float, margin: float) -> float:
    """Sales needed to recover a loss (弥补坏账所需销售额): W / m.

    Parameters
    ----------
    loss : what is lost for good. Sales and margin are net of VAT; the loss is with VAT where the tax on a bad debt is
        not given back (China: no such relief found in the VAT Law, in force 2026-01-01), else without
    margin : margin on new sales, a fraction. Collection agencies use net margin; where costs are sunk, the
        contribution margin on new sales is the right divisor. Say which.

    Returns
    -------
    float, net sales, unrounded (a well-known table truncates).

    Raises
    ------
    Undefined
        For a margin of 0 or below: no amount of sales earns the loss back.
    ValueError
        For a margin above 1 (a percentage) or a negative loss.

    Source
    ------
    Commercial Collection Agency Association table (via TSI): 100,000 at 5 % = 2,000,000. One text divides
    margin by loss in words; the quotient is loss / margin.

    Examples
    --------
    >>> sales_to_recover(100_000, 0.05)
    2000000.0
    """
    lost, earned = number("loss", loss, least=0), number("margin", margin)
    if earned <= 0:
        raise Undefined(f"the margin is {earned:g}: no amount of sales earns the loss back")
    return lost / share("margin", earned)


def _discount_return(discount: float, discount_days: float, pay_day: float, year: float) -> tuple[float, float]:
    """Return on one turn of the discount, and turns a year."""
    given = share("discount", discount)
    if given == 1:
        raise ValueError("discount of 1 gives the goods away: the price after it is 0")
    waited = number("pay_day", pay_day, least=0) - number("discount_days", discount_days, least=0)
    if waited <= 0:
        raise Undefined(f"paying on day {pay_day:g} is no later than the discount day {discount_days:g}: "
                        "nothing is given up")
    return given / (1 - given), number("year", year, least=1) / waited


def discount_apr(*, discount: float, discount_days: float, pay_day: float, year: float = 365) -> float:
    """Cost of not taking an early-payment discount (放弃现金折扣的信用成本率 APR): d/(1-d) x year/(N-D).

    Parameters
    ----------
    discount : d, a fraction
    discount_days : D, the last day of the discount
    pay_day : N, the day the customer *actually* pays, not the day printed in the terms: paying 2/10 n/30
        on day 50 costs 18 %, not 37 %
    year : 365, or 360 in exam questions

    Returns
    -------
    float, simple annual rate, a fraction.

    Raises
    ------
    Undefined
        When the pay day is not after the discount day.
    ValueError
        For a discount outside [0, 1).

    Source
    ------
    中级会计资格 财务管理 and any corporate-finance text; 2/10 n/30 on 360 days: 36.7 %.

    Examples
    --------
    >>> round(discount_apr(discount=0.02, discount_days=10, pay_day=30, year=360), 4)
    0.3673
    """
    once, times = _discount_return(discount, discount_days, pay_day, year)
    return once * times


def discount_ear(*, discount: float, discount_days: float, pay_day: float, year: float = 365) -> float:
    """Effective annual cost of a forgone discount (放弃现金折扣的实际年利率 EAR): (1 + d/(1-d)) ^ (year/(N-D)) - 1.

    Parameters
    ----------
    discount, discount_days, pay_day, year : as for :func:`discount_apr`

    Returns
    -------
    float, compound annual rate, a fraction; not below the APR while N - D is at most a year.

    Raises
    ------
    Undefined, ValueError
        As :func:`discount_apr`.

    Source
    ------
    Any corporate-finance text; 2/10 n/30 on 365 days: 44.6 %.

    Examples
    --------
    >>> round(discount_ear(discount=0.02, discount_days=10, pay_day=30), 3)
    0.446
    """
    once, times = _discount_return(discount, discount_days, pay_day, year)
    return (1 + once) ** times - 1


@dataclass(frozen=True)
class Affordable:
    """How large receivables may grow: three ceilings, the least of them, and the name(s) of what binds."""

    funding: float
    turnover: float
    loss: float
    limit: float
    binds: tuple[str, ...]


def affordable_receivable(*, free_funds: float, cash_per_yuan: float, daily_sales: float, target_dso: float,
                          tolerable_loss: float, loss_rate: float, tax_basis: TaxBasis = "same",
                          vat: float | None = None) -> Affordable:
    """Affordable receivables (能承受多大规模的应收账款, 资金线 周转线 损失线): the least of three ceilings.

    资金线 = free funds / cash laid out per yuan of receivable; 周转线 = daily credit sales with VAT x target DSO;
    损失线 = tolerable loss / expected loss rate.

    Parameters
    ----------
    free_funds : money that may be tied up in receivables
    cash_per_yuan : cash laid out for one yuan of receivable: purchase cost, wages and VAT already paid, in (0, 1]
    daily_sales : credit sales a day
    target_dso : days we want to wait on average
    tolerable_loss : what may be lost in a year
    loss_rate : expected loss as a share of receivables, in (0, 1]
    tax_basis, vat : "same" if daily_sales hold VAT, as receivables do; "net_sales" raises them by ``vat``

    Returns
    -------
    Affordable: ``funding``, ``turnover``, ``loss`` (money, receivables with VAT), ``limit``, ``binds``.

    Raises
    ------
    Undefined
        When cash_per_yuan or loss_rate is 0: that ceiling would be infinite, and no receivable is free of either.
    ValueError
        For negative figures, rates above 1, an unknown tax basis.

    Source
    ------
    House method (requirement F10); no standard exists.

    Examples
    --------
    >>> affordable_receivable(free_funds=6_000_000, cash_per_yuan=0.8, daily_sales=100_000, target_dso=60,
    ...                       tolerable_loss=150_000, loss_rate=0.02)
    Affordable(funding=7500000.0, turnover=6000000.0, loss=7500000.0, limit=6000000.0, binds=('turnover',))
    """
    a_day = float(sales_on_balance_basis(number("daily_sales", daily_sales, least=0), tax_basis, vat))
    ceilings = {
        "funding": divide(number("free_funds", free_funds, least=0), share("cash_per_yuan", cash_per_yuan),
                          "cash_per_yuan is 0: goods that cost nothing set no funding ceiling; give what is laid out"),
        "turnover": a_day * number("target_dso", target_dso, least=0),
        "loss": divide(number("tolerable_loss", tolerable_loss, least=0), share("loss_rate", loss_rate),
                       "loss_rate is 0: no receivable is free of risk; give a forward-looking rate"),
    }
    limit = min(ceilings.values())
    binds = tuple(name for name, value in ceilings.items() if value <= limit * (1 + SLACK))
    return Affordable(**ceilings, limit=limit, binds=binds)
