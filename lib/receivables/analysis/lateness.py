"""How late (逾期程度): days and shares measured on items. The names are reached through ``effectiveness``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from receivables.analysis._numbers import CREDIT_BALANCE, AmountAndCount, divide, number, vector
from receivables.errors import Undefined


def average_collection_days(amounts: Sequence[float], days: Sequence[float]) -> AmountAndCount:
    """Average days to collect (平均收款天数): sum of amount x days / sum of amount.

    Of *paid* items, so it flatters: what is still open is missing. For open items too, use the
    time-to-pay estimate of ``forecast``.

    Parameters
    ----------
    amounts : amount of each payment applied, above or equal 0
    days : days from invoice date to its application, same order

    Returns
    -------
    AmountAndCount in days: ``by_amount`` weighted, ``by_count`` the plain mean.

    Raises
    ------
    Undefined
        Without payments, or when they sum to 0.

    Source
    ------
    Requirement M04 of this course: by amount and by count, because the two differ; no standard exists.

    Examples
    --------
    >>> average_collection_days([900, 100], [60, 10])
    AmountAndCount(by_amount=55.0, by_count=35.0)
    """
    paid = vector("amounts", amounts, least=0, hint=CREDIT_BALANCE)
    elapsed = vector("days", days, length=len(paid))
    if not len(paid):
        raise Undefined("no payment in the period: there are no days to average")
    return AmountAndCount(divide(paid @ elapsed, paid.sum(), "the payments sum to 0"), float(elapsed.mean()))


def days_beyond_terms(amounts: Sequence[float], days_late: Sequence[float], *, floor_early: bool = False) -> float:
    """Days beyond terms (超期天数, 加权平均逾期天数 DBT): sum of amount x days late / sum of amount.

    Parameters
    ----------
    amounts : amount of each item, none negative
    days_late : days from due date to payment (or to the as-of date); negative when early
    floor_early : count an early payment as 0 instead of letting it make up for a late one

    Returns
    -------
    float, days.

    Raises
    ------
    Undefined
        When the amounts sum to 0.
    ValueError
        For a negative amount or unequal lengths.

    Source
    ------
    Amount weighting as in Experian's DBT; large invoices dominate, which is documented there.

    Examples
    --------
    >>> days_beyond_terms([10000, 10000], [36, 37])
    36.5
    >>> days_beyond_terms([10000, 10000], [36, -36], floor_early=True)
    18.0
    """
    weight = vector("amounts", amounts, least=0, hint=CREDIT_BALANCE)
    late = vector("days_late", days_late, length=len(weight))
    if floor_early:
        late = np.maximum(late, 0)
    return divide(weight @ late, weight.sum(), "the amounts sum to 0: nothing to weigh the days by")


def paid_late_share(amounts: Sequence[float], days_late: Sequence[float]) -> AmountAndCount:
    """Share paid late (逾期付款占比): amount paid after its due date / amount paid.

    Parameters
    ----------
    amounts : amount paid of each item, none negative
    days_late : days from due date to payment; 0 is on time

    Returns
    -------
    AmountAndCount of fractions.

    Raises
    ------
    Undefined
        Without payments, or when they sum to 0.

    Source
    ------
    Oracle JD Edwards 9.2 documentation prints this ratio upside down (invoice amount / late amount), which
    would be 1 or more.

    Examples
    --------
    >>> paid_late_share([300, 100], [0, 5])
    AmountAndCount(by_amount=0.25, by_count=0.5)
    """
    paid = vector("amounts", amounts, least=0, hint=CREDIT_BALANCE)
    late = vector("days_late", days_late, length=len(paid)) > 0
    return _shares_where(paid, late, "nothing was paid: no share of it was late")


def share_over(amounts: Sequence[float], days_past_due: Sequence[float], *, days: int = 90) -> AmountAndCount:
    """Share over 90 days past due (90 天以上逾期占比): open amount with dpd > 90 / open amount.

    Parameters
    ----------
    amounts : open amount of each item, none negative
    days_past_due : as-of date - due date of each item, in days; not yet due is 0 or negative
    days : the threshold; an item exactly ``days`` past due is not over it

    Returns
    -------
    AmountAndCount of fractions.

    Raises
    ------
    Undefined
        When nothing is open.

    Source
    ------
    Credit Research Foundation national summary prints "over 91", counted from the due date.

    Examples
    --------
    >>> share_over([600, 200, 200], [0, 90, 91])
    AmountAndCount(by_amount=0.2, by_count=0.333...)
    """
    open_amount = vector("amounts", amounts, least=0, hint=CREDIT_BALANCE)
    over = vector("days_past_due", days_past_due, length=len(open_amount)) > days
    return _shares_where(open_amount, over, f"nothing is open: no share is over {days} days")


def roll_into_over(open_at_start: Sequence[float], days_past_due: Sequence[float], uncollected: Sequence[float], *,
                   elapsed: int, days: int = 90) -> AmountAndCount:
    """Roll into 90+ (滚入 90 天以上比例): of what could cross the line in the period, the part that did.

    Parameters
    ----------
    open_at_start : open amount of each item at the start, none negative
    days_past_due : days past due at the start; items that cannot cross within the period, or already
        have, are left out of both sides
    uncollected : of the same item, what is still open at the end plus what was written off
    elapsed : days from start to end
    days : the threshold

    Returns
    -------
    AmountAndCount of fractions; ``by_count`` counts an item with anything uncollected.

    Raises
    ------
    Undefined
        When no open item could have crossed.
    ValueError
        When more is uncollected than was open.

    Source
    ------
    House definition (requirement M05): the early reading of a bad-debt rate. No standard exists.

    Examples
    --------
    >>> roll_into_over([100, 300, 500, 50], [60, 70, 90, 20], [100, 0, 250, 50], elapsed=30)
    AmountAndCount(by_amount=0.3125, by_count=0.5)
    """
    start = vector("open_at_start", open_at_start, least=0, hint=CREDIT_BALANCE)
    dpd = vector("days_past_due", days_past_due, length=len(start))
    left = vector("uncollected", uncollected, least=0, length=len(start))
    if (left > start + 0.005).any():
        raise ValueError(f"uncollected exceeds the opening amount at position {int(np.argmax(left > start + 0.005))}")
    could = (dpd <= days) & (dpd + number("elapsed", elapsed, least=1) > days) & (start > 0)
    if not could.any():
        raise Undefined(f"no open item could pass {days} days within {elapsed} days")
    return AmountAndCount(float(left[could].sum() / start[could].sum()), float((left[could] > 0).mean()))


def _shares_where(amounts: np.ndarray, chosen: np.ndarray, reason: str) -> AmountAndCount:
    if not len(amounts):
        raise Undefined(reason)
    return AmountAndCount(divide(amounts[chosen].sum(), amounts.sum(), reason), float(chosen.mean()))
