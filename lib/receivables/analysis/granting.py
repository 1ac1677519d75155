"""Granting credit or not (授信决策): once, for ever, or to all. The names are reached through ``trade_credit``."""

from __future__ import annotations

from receivables.analysis._numbers import divide, number, share
from receivables.errors import Undefined


def grant_once(*, revenue: float, cost: float, p_pay: float) -> float:
    """Expected profit of granting credit once (一次性授信的期望利润): p x (revenue - cost) - (1 - p) x cost.

    Parameters
    ----------
    revenue : present value of the payment
    cost : present value of what is delivered
    p_pay : chance that the customer pays, a fraction

    Returns
    -------
    float, money; refusing earns 0, so grant above 0.

    Raises
    ------
    ValueError
        For negative figures or a chance outside [0, 1].

    Source
    ------
    Brealey, Myers, Allen, Principles of Corporate Finance, 12th ed., p. 794 (Cast Iron: -40 and 140).

    Examples
    --------
    >>> round(grant_once(revenue=1200, cost=1000, p_pay=0.95), 6)
    140.0
    """
    chance, spent = share("p_pay", p_pay), number("cost", cost, least=0)
    return chance * (number("revenue", revenue, least=0) - spent) - (1 - chance) * spent


def break_even_probability(*, revenue: float, cost: float) -> float:
    """Break-even chance of payment (授信的盈亏平衡付款概率): cost / revenue.

    Parameters
    ----------
    revenue, cost : as for :func:`grant_once`

    Returns
    -------
    float in [0, 1]: grant once only above it.

    Raises
    ------
    Undefined
        When cost exceeds revenue: no chance of payment makes the sale pay.
    ValueError
        For negative figures or revenue 0.

    Source
    ------
    Brealey, Myers, Allen, as above.

    Examples
    --------
    >>> round(break_even_probability(revenue=1200, cost=1000), 4)
    0.8333
    """
    income, spent = number("revenue", revenue, least=0), number("cost", cost, least=0)
    if spent > income:
        raise Undefined(f"cost {spent:g} exceeds revenue {income:g}: even certain payment loses money")
    return divide(spent, income, "revenue is 0: there is nothing to grant credit for")


def grant_for_ever(*, price: float, cost: float, rate: float, p_default: float) -> float:
    """Value of granting credit to a customer who stays (长期授信的净现值): -v + (1 - pi) x (P - v) / R.

    Timing: cost v is paid at once, the price comes one period later, and a customer who pays orders again on
    that day, for ever; who defaults does so the first time, costs one v and is served no more. So from period
    1 on a good customer brings P - v a period. (A text that values profits instead, with the first cost in the
    perpetuity, gets more: ask for the timing.)

    Parameters
    ----------
    price : price of one order
    cost : variable cost of one order
    rate : required return for one credit period (one month of 12 % a year: 0.01), a fraction above 0
    p_default : chance that a new customer never pays

    Returns
    -------
    float, money a new customer; above 0 grant.

    Raises
    ------
    Undefined
        At a rate of 0: an endless stream has no finite value.
    ValueError
        For negative figures or fractions outside [0, 1].

    Source
    ------
    Ross, Westerfield, Jordan, Fundamentals of Corporate Finance, ch. 21, "Repeat business".

    Examples
    --------
    >>> round(grant_for_ever(price=49, cost=20, rate=0.02, p_default=0.2), 2)
    1140.0
    """
    spent = number("cost", cost, least=0)
    stream = divide(number("price", price, least=0) - spent, share("rate", rate),
                    "the rate is 0: an endless stream has no finite value")
    return -spent + (1 - share("p_default", p_default)) * stream


def _perpetual_gain(price: float, cost: float, rate: float) -> float:
    margin = number("price", price, least=0) - number("cost", cost, least=0)
    return divide(margin, share("rate", rate), "the rate is 0: an endless stream has no finite value")


def switch_to_credit(*, price: float, cost: float, units: float, new_units: float, rate: float) -> float:
    """Value of switching from cash to one period's credit (信用政策转换的净现值): (P-v)(Q'-Q)/R - (PQ + v(Q'-Q)).

    Timing: the first period's cash sales PQ arrive one period later and the extra units cost v at once; from
    then on the extra margin comes every period, for ever. No defaults.

    Parameters
    ----------
    price, cost : a unit
    units, new_units : sold a period before and after
    rate : required return a period, a fraction above 0

    Returns
    -------
    float, money.

    Raises
    ------
    Undefined
        At a rate of 0.
    ValueError
        For negative figures.

    Source
    ------
    Ross, Westerfield, Jordan, as above, eq. 21.7 (Locust Software: 9,400).

    Examples
    --------
    >>> round(switch_to_credit(price=49, cost=20, units=100, new_units=110, rate=0.02), 6)
    9400.0
    """
    old = number("units", units, least=0)
    more = number("new_units", new_units, least=0) - old
    return _perpetual_gain(price, cost, rate) * more - (price * old + cost * more)


def break_even_units(*, price: float, cost: float, units: float, rate: float) -> float:
    """Extra units that make the switch to credit pay (信用政策转换的盈亏平衡增量): PQ / ((P - v)/R - v).

    Parameters
    ----------
    price, cost, units, rate : as for :func:`switch_to_credit`

    Returns
    -------
    float, units a period.

    Raises
    ------
    Undefined
        When the margin's value does not exceed the cost of a unit: no volume makes up for the wait.

    Source
    ------
    Ross, Westerfield, Jordan, as above (3.43 units).

    Examples
    --------
    >>> round(break_even_units(price=49, cost=20, units=100, rate=0.02), 2)
    3.43
    """
    gain = _perpetual_gain(price, cost, rate) - cost
    if gain <= 0:
        raise Undefined("one more unit a period is worth no more than it costs: no volume makes up for the wait")
    return price * number("units", units, least=0) / gain


def break_even_default(*, price: float, credit_price: float, rate: float) -> float:
    """Break-even default rate of a cash discount (信用政策转换的盈亏平衡违约率): d - R x P / P'.

    All customers switch from paying P in cash to paying P' one period later, same volume; d = 1 - P/P'.

    Parameters
    ----------
    price : cash price P
    credit_price : price on credit P', above P
    rate : required return a period, a fraction

    Returns
    -------
    float, the share of credit customers who may default at most.

    Raises
    ------
    Undefined
        When the higher price does not even pay for the wait: no default rate breaks even.
    ValueError
        For a credit price not above the cash price.

    Source
    ------
    Ross, Westerfield, Jordan, as above (49 against 50 at 2 %: 0.04 %).

    Examples
    --------
    >>> round(break_even_default(price=49, credit_price=50, rate=0.02), 6)
    0.0004
    """
    cash, later = number("price", price, least=0), number("credit_price", credit_price, least=0)
    if later <= cash:
        raise ValueError(f"credit_price {later:g} must be above the cash price {cash:g}")
    result = 1 - cash / later - share("rate", rate) * cash / later
    if result < 0:
        raise Undefined("the higher price does not pay for one period's wait: no default rate breaks even")
    return result
