"""Instalment plans (分期还款计划) and what they cost today. The names are reached through ``trade_credit``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from receivables.analysis._numbers import number, share, share_vector, vector


@dataclass(frozen=True)
class InstalmentPlan:
    """``table``: day, payment, present_value, still_open; ``cost`` = amount - present value, what waiting costs."""

    table: pd.DataFrame = field(repr=False)
    present_value: float
    cost: float
    average_days: float


def instalment_plan(amount: float, days: Sequence[float], *, rate: float, shares: Sequence[float] | None = None,
                    year: float = 365) -> InstalmentPlan:
    """Instalment plan with present value (分期还款计划及其现值): sum of payment_k / (1 + r) ^ (day_k / year).

    Parameters
    ----------
    amount : debt to be paid off, split to the fen
    days : days from today of each payment, rising; 0 is a down payment today
    rate : our financing rate a year, a fraction
    shares : fraction of the debt with each payment, summing to 1; default equal parts. What rounding to the
        fen leaves goes to the last payment.
    year : 365, or 360

    Returns
    -------
    InstalmentPlan. ``table`` sums to ``amount`` to the fen; ``cost`` is what the plan gives away if no
    interest is agreed; ``average_days`` is weighted by money.

    Raises
    ------
    ValueError
        For days that do not rise or lie in the past, shares that do not sum to 1, an amount not above 0.

    Source
    ------
    Annual compounding of present value; no standard for plans exists. An instalment plan acknowledges the
    debt: see ``law.limitation`` for what that does to the limitation period.

    Examples
    --------
    >>> plan = instalment_plan(100_000, [0, 30, 60], rate=0.06)
    >>> plan.table["payment"].tolist(), round(plan.cost, 2)
    ([33333.33, 33333.33, 33333.34], 477.02)
    """
    total = round(number("amount", amount) * 100)
    if total <= 0:
        raise ValueError(f"amount must be above 0, given {amount!r}")
    day = vector("days", days, least=0)
    if not len(day) or (np.diff(day) <= 0).any():
        raise ValueError("days must rise: one date for each payment, at least one")
    part = np.full(len(day), 1 / len(day)) if shares is None else share_vector(
        "shares", shares, total_one=True, length=len(day))
    fen = np.floor(part * total + 1e-6).astype(np.int64)
    fen[-1] = total - fen[:-1].sum()
    payment = fen / 100
    present = payment / (1 + share("rate", rate)) ** (day / number("year", year, least=1))
    table = pd.DataFrame({"day": day, "payment": payment, "present_value": present,
                          "still_open": (total - np.cumsum(fen)) / 100},
                         index=pd.RangeIndex(1, len(day) + 1, name="no"))
    value = float(present.sum())
    return InstalmentPlan(table, value, total / 100 - value, float(fen @ day / total))
