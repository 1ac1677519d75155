"""Vintages (按开票月份的账龄队列). The names are reached through ``migration``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from receivables.analysis._numbers import CREDIT_BALANCE, number
from receivables.errors import Undefined


@dataclass(frozen=True)
class Vintages:
    """Cumulative share gone bad. ``table``: month of origin x age in months, NaN where the cohort is not that
    old yet (``attrs["undefined"]``); ``originated``: money of each cohort."""

    table: pd.DataFrame
    originated: pd.Series = field(repr=False)

    def average(self, age: int) -> pd.Series:
        """Pooled curve up to ``age``, over the cohorts that have reached it and no others: with younger ones
        mixed in, the curve would bend for no other reason than who is missing."""
        if age not in self.table.columns:
            raise Undefined(f"no cohort is {age} months old yet")
        mature = self.table[age].notna()
        if not mature.any():
            raise Undefined(f"no cohort is {age} months old yet")
        weight = self.originated[mature]
        return self.table.loc[mature, :age].mul(weight, axis=0).sum() / weight.sum()


def vintages(items: pd.DataFrame, as_of: date | str) -> Vintages:
    """Vintage analysis (Vintage 账龄队列分析): bad by age m / originated, by month of invoice.

    Parameters
    ----------
    items : one row an invoice: ``issued`` (date), ``amount`` (>= 0), ``bad_on`` (the date it first became
        bad, missing if never; see :func:`crossed_on`); optionally ``bad_amount`` (what was open then,
        default the whole amount)
    as_of : end of the last observed day. Its month counts only when it is complete.

    Returns
    -------
    Vintages. Age 0 is the month of the invoice itself. Cumulative: once bad stays bad, even if paid later
    ("ever 90"), which is not what a look at one date shows.

    Raises
    ------
    ValueError
        For missing columns or dates, negative amounts, an invoice issued after ``as_of`` or bad before issue.
    Undefined
        When not one month is complete.

    Source
    ------
    Usual credit-portfolio method; no standard and no published table for trade receivables was found.

    Examples
    --------
    >>> items = pd.DataFrame({"issued": pd.to_datetime(["2026-01-10", "2026-01-20", "2026-02-05"]),
    ...                       "amount": [100.0, 300.0, 50.0],
    ...                       "bad_on": pd.to_datetime(["2026-02-15", None, "2026-03-01"])})
    >>> vintages(items, "2026-03-31").table
               0     1     2
    issued
    2026-01  0.0  0.25  0.25
    2026-02  0.0  1.00   NaN
    """
    missing = {"issued", "amount", "bad_on"} - set(items.columns)
    if missing:
        raise ValueError(f"items lack the column(s) {', '.join(sorted(missing))}")
    end = pd.Timestamp(as_of).normalize()
    issued, bad = pd.to_datetime(items["issued"]), pd.to_datetime(items["bad_on"])
    amount = items["amount"].astype(float)
    lost = (items["bad_amount"] if "bad_amount" in items else items["amount"]).astype(float)
    if issued.isna().any():
        raise ValueError(f"issued is missing in row {int(np.argmax(issued.isna()))}: a date is never guessed")
    if not ((amount >= 0) & (lost >= 0) & (lost <= amount)).all():
        raise ValueError(f"0 <= bad_amount <= amount does not hold in every row: {CREDIT_BALANCE}")
    if (issued > end).any() or (bad < issued).any():
        raise ValueError("an invoice is issued after as_of, or bad before it was issued")
    last = end.to_period("M") if end.is_month_end else end.to_period("M") - 1
    cohort = issued.dt.to_period("M")
    whole = cohort <= last
    if not whole.any():
        raise Undefined("no month is complete at as_of: there is no vintage to show")
    cohort, amount, lost, bad = cohort[whole], amount[whole], lost[whole], bad[whole]
    originated = amount.groupby(cohort).sum()
    originated = originated[originated > 0]
    if originated.empty:
        raise Undefined("the invoices sum to 0: there is nothing to relate bad debts to")
    number_of = {period: row for row, period in enumerate(originated.index)}
    oldest = max((last - period).n for period in originated.index)
    seen = bad.notna() & (bad <= end) & cohort.isin(originated.index)
    age = (bad[seen].dt.to_period("M").astype("int64") - cohort[seen].astype("int64")).to_numpy()
    row = cohort[seen].map(number_of).to_numpy(dtype=int)
    within = age <= oldest
    sums = np.bincount(row[within] * (oldest + 1) + age[within], lost[seen].to_numpy()[within],
                       minlength=len(originated) * (oldest + 1)).reshape(len(originated), oldest + 1)
    table = pd.DataFrame(np.cumsum(sums, axis=1) / originated.to_numpy()[:, None], index=originated.index,
                         columns=range(oldest + 1))
    reached = np.array([(last - period).n for period in originated.index])
    table = table.where(np.arange(oldest + 1)[None, :] <= reached[:, None])
    table.attrs["undefined"] = [f"{period}: not yet older than {months} months"
                                for period, months in zip(originated.index, reached, strict=True) if months < oldest]
    return Vintages(table, originated)


def crossed_on(due: pd.Series, cleared: pd.Series, as_of: date | str, *, days: int = 90) -> pd.Series:
    """Day on which an invoice passed 90 days past due (越过 90 天之日): due + 91, if still open at that day's end.

    Parameters
    ----------
    due : due date of each invoice
    cleared : date it was paid, missing while open
    as_of : end of the last observed day
    days : the threshold; the day counted is the first with days past due > ``days``

    Returns
    -------
    Series of dates, missing where it never happened up to ``as_of``.

    Raises
    ------
    ValueError
        For a missing due date.

    Source
    ------
    As-of means end of day: paid on the day counts as paid.

    Examples
    --------
    >>> crossed_on(pd.Series(pd.to_datetime(["2026-01-01", "2026-01-01"])),
    ...            pd.Series(pd.to_datetime(["2026-04-02", "2026-04-03"])), "2026-12-31").dt.strftime("%m-%d").tolist()
    [nan, '04-02']
    """
    due, cleared = pd.to_datetime(due), pd.to_datetime(cleared)
    if due.isna().any():
        raise ValueError(f"due is missing in row {int(np.argmax(due.isna()))}: a date is never guessed")
    crossing = due + pd.Timedelta(days=int(number("days", days)) + 1)
    return crossing.where((cleared.isna() | (cleared > crossing)) & (crossing <= pd.Timestamp(as_of)))


def ever(days_past_due: np.ndarray, *, days: int = 90) -> np.ndarray:
    """Ever past the line (曾经逾期标记): running maximum of dpd > days.

    An account that was 91 days late in March and is current in May stays marked. Reading each month by
    itself (a published tutorial does) forgets it, and the curve of "ever 90" falls.

    Parameters
    ----------
    days_past_due : accounts x months, oldest first; NaN where not observed
    days : the threshold, not counted itself

    Returns
    -------
    Boolean array of the same shape; along a row it never goes back to False.

    Raises
    ------
    ValueError
        For anything but two dimensions.

    Source
    ------
    Definition of "ever" measures; no standard for trade receivables.

    Examples
    --------
    >>> ever(np.array([[0, 95, 0]]))
    array([[False,  True,  True]])
    """
    table = np.asarray(days_past_due, dtype=float)
    if table.ndim != 2:
        raise ValueError(f"days_past_due is accounts x months, given shape {table.shape}")
    return np.logical_or.accumulate(table > days, axis=1)
