"""Instalments of a repayment agreement (分期): as given, or proposed; they sum to the debt to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from receivables.analysis.trade_credit import instalment_plan
from receivables.course.scripts.templates import load
from receivables.course.scripts.words import words
from receivables.law.days import roll
from receivables.law.inputs import day

Plan = tuple[tuple[date, Decimal], ...]


def proposed(debt: Decimal, today: date, first: date | None = None) -> Plan:
    """The house's proposal (默认分期) of data/templates.yaml, each payment on a working day; ``first``: the day
    the customer promised, from which the others are counted.

    >>> [f"{on} {amount}" for on, amount in proposed(Decimal("100000.01"), date(2025, 6, 30))]
    ['2025-07-07 40000.00', '2025-08-06 30000.00', '2025-09-05 30000.01']
    """
    form = load().plan
    table = instalment_plan(float(debt), form.days, rate=0, shares=form.shares).table
    start = today if first is None else first - timedelta(days=form.days[0])
    dates = [roll(start + timedelta(days=int(days))).day for days in table["day"]]
    fen = [round(payment * 100) for payment in table["payment"]]
    fen[-1] = int(debt * 100) - sum(fen[:-1])
    return tuple((on, Decimal(part).scaleb(-2)) for on, part in zip(dates, fen, strict=True) if part)


def given(instalments: Sequence[tuple[object, object]], debt: Decimal, today: date) -> Plan:
    """A plan as (date, amount), checked (核对分期): rising dates from today on, amounts to the fen, sum exactly.

    Raises
    ------
    ValueError
        With every fault.

    >>> given([("2025-07-10", "600"), ("2025-08-10", "400")], Decimal("1000.01"), date(2025, 6, 30))
    Traceback (most recent call last):
    ...
    ValueError: 分期合计 1,000.00，应还 1,000.01，差 −0.01：改到一分不差。
    """
    say, faults = words().letters, []
    dates = [day(on, "instalment") for on, _ in instalments]
    amounts = []
    for _, each in instalments:
        try:
            amount = Decimal(str(each))
        except ArithmeticError:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount <= 0 or (amount * 100) % 1:
            faults.append(say["plan_amount"].format(amount=each))
        amounts.append(amount)
    if not dates or dates[0] < today or any(b <= a for a, b in zip(dates, dates[1:], strict=False)):
        faults.append(say["plan_days"].format(day=today))
    if not faults and (total := sum(amounts)) != debt:
        difference = f"{total - debt:,.2f}".replace("-", "−")
        faults.append(say["plan_sum"].format(given=f"{total:,.2f}", debt=f"{debt:,.2f}", difference=difference))
    if faults:
        raise ValueError("\n".join(faults))
    return tuple(zip(dates, amounts, strict=True))
