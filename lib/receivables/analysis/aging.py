"""Aging (账龄分析): open items by age, tied to the balance to the fen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from receivables.analysis.ladder import CREDITS, CURRENT, TOTAL, Ladder, Ladders, ladder, months, years
from receivables.analysis.shift import Flag, Shift, shift

__all__ = ["CREDITS", "CURRENT", "TOTAL", "Flag", "Ladder", "Ladders", "Shift", "buckets", "ladder", "months",
           "overdue", "schedule", "shares", "shift", "summary", "years"]

ALL, MISSING = "all", "(missing)"
_EXACT = 2.0**53  # float64 holds every integer up to here, so sums of fen below it are exact in any order
_BLOCK = 1 << 15  # rows whose intermediate results stay in the processor's cache: half the time of whole columns


def schedule(items: pd.DataFrame, as_of, *, basis: str | None = None, edges: Ladder | Sequence[int] = (30, 60, 90),
             by: str | None = None, measure: str = "amount") -> pd.DataFrame:
    """Aging schedule (账龄表): open amounts by bucket, a row for each group, tied to the balance.

    Due today is current. Items with a negative open amount (credit notes, unapplied cash) stand apart in ``credits``
    and never lower a bucket; ``total`` is the sum of the row, and all rows together are the balance.

    Parameters
    ----------
    items : one row an open item, as ``Ledger.open_items(as_of)`` returns them: ``open_amount`` (float64 currency
        units, each exactly a number of fen; or int64 minor units) and ``due`` or ``issued`` (datetime64); one currency
    as_of : date; the end of that day
    basis : ``"due"`` or ``"issued"``; default: what the ladder says, else ``"due"``
    edges : inclusive upper bounds in days, or a ``Ladder`` (``months(1, 3, 6, 12)``, ``years(1, 2, 3)``)
    by : column to group by (``"customer_id"``, ``"salesperson"``, ``"kind"``, ``"currency"``); default one row, ``all``
    measure : ``"amount"``, or ``"count"`` for the number of items

    Returns
    -------
    DataFrame, one row a group that has items, in sorted order; columns: the buckets youngest first, ``credits``,
    ``total``. In the unit of ``open_amount``. ``attrs``: ``as_of``, ``basis``, ``buckets``, and ``mean_days``, the
    amount-weighted mean of days past due (not due counts 0) or of age, None when nothing is owed.

    Raises
    ------
    ValueError
        For a missing column, a date that is missing on an item that is owed, an item issued after ``as_of``, an amount
        that is no whole number of fen, or several currencies at once.

    Sources
    -------
    Edges and the due-today rule: OCA aged partner balance. Credits apart, never netted into a bucket: house decision.

    Examples
    --------
    >>> items = pd.DataFrame({"customer_id": ["A", "A", "B"], "open_amount": [100.0, -30.0, 250.55],
    ...                       "issued": pd.to_datetime(["2025-03-01", "2025-06-02", "2025-05-01"]),
    ...                       "due": pd.to_datetime(["2025-03-31", "2025-06-02", "2025-06-30"])})
    >>> schedule(items, "2025-06-30", by="customer_id")
                 current  1-30  31-60  61-90    91+  credits   total
    customer_id
    A               0.00   0.0    0.0    0.0  100.0    -30.0   70.00
    B             250.55   0.0    0.0    0.0    0.0      0.0  250.55
    """
    if measure not in ("amount", "count"):
        raise ValueError(f"measure must be 'amount' or 'count', not {measure!r}")
    as_of = _day(as_of)
    rungs = ladder(edges).on(basis)
    _one_currency(items, by)
    minor = pd.api.types.is_integer_dtype(_column(items, "open_amount"))
    fen = _fen(items["open_amount"])
    owed = fen >= 0
    bucket = _bucket(items, as_of, rungs, owed)
    codes, groups = _groups(items, by)

    width = len(rungs.buckets) + 1
    cell = codes * width
    cell += bucket
    size = len(groups) * width
    counts = np.bincount(cell, minlength=size).reshape(-1, width)
    fens = np.bincount(cell, weights=fen, minlength=size).reshape(-1, width)
    if np.abs(fens).sum() >= _EXACT:
        raise ValueError("amounts add up to more than 2^53 minor units: split the ledger")
    if fens.sum() != fen.sum() or counts.sum() != len(items):
        raise ValueError(f"aging does not tie to the balance: {fens.sum() / 100:,.2f} against {fen.sum() / 100:,.2f}")

    cells = fens if measure == "amount" else counts
    table = np.column_stack([cells, cells.sum(axis=1)])
    table = table / 100 if measure == "amount" and not minor else table.astype(np.int64)
    present = counts.any(axis=1) if by is not None else np.ones(1, bool)
    frame = pd.DataFrame(table[present], index=groups[present], columns=[*rungs.buckets, CREDITS, TOTAL])
    frame.attrs = {"as_of": str(as_of.date()), "basis": rungs.basis, "buckets": list(rungs.buckets),
                   "mean_days": _mean_days(_dates(items, rungs.basis), as_of, fen, fens[:, :-1].sum())}
    return frame


def summary(items: pd.DataFrame, as_of, *, basis: str | None = None,
            edges: Ladder | Sequence[int] = (30, 60, 90)) -> pd.DataFrame:
    """Aging summary (账龄汇总): number and amount of open items in each bucket; arguments and errors as ``schedule``.

    Returns
    -------
    DataFrame, one row a bucket, then ``credits`` and ``total``; columns ``count``, ``amount``.

    >>> items = pd.DataFrame({"open_amount": [100.0, 50.0], "due": pd.to_datetime(["2025-06-01", "2025-07-01"])})
    >>> summary(items, "2025-06-30").loc[["current", "1-30", "total"]]
             count  amount
    current      1    50.0
    1-30         1   100.0
    total        2   150.0
    """
    count, amount = (schedule(items, as_of, basis=basis, edges=edges, measure=m).loc[ALL] for m in ("count", "amount"))
    return pd.DataFrame({"count": count, "amount": amount})


def buckets(schedule: pd.DataFrame) -> list[str]:
    """Aging buckets (账龄档): the columns of a schedule without ``credits`` and ``total``.

    >>> buckets(pd.DataFrame(columns=["current", "1-30", "31+", "credits", "total"]))
    ['current', '1-30', '31+']
    """
    return [name for name in schedule.columns if name not in (CREDITS, TOTAL)]


def overdue(schedule: pd.DataFrame) -> pd.Series:
    """Overdue amount (逾期金额): sum of the buckets but ``current``, for each row of a schedule.

    >>> overdue(pd.DataFrame({"current": [5.0], "1-30": [2.0], "31+": [1.5], "credits": [-1.0], "total": [7.5]})).item()
    3.5
    """
    if CURRENT not in schedule:
        raise ValueError("this schedule does not keep what is not yet due apart: age it by due date")
    return schedule[[name for name in buckets(schedule) if name != CURRENT]].sum(axis=1)


def shares(schedule: pd.DataFrame) -> pd.DataFrame:
    """Aging structure (账龄结构): bucket / sum of the buckets, credits left out, for each row of a schedule.

    Returns
    -------
    DataFrame of fractions, rows as given, columns the buckets; each row sums to 1. A row that owes nothing is NaN and
    named in ``attrs["undefined"]``.

    Sources
    -------
    Published: 1,750,000 / 375,000 / 250,000 / 125,000 are 70 / 15 / 10 / 5 % (中级财务管理).

    >>> s = pd.DataFrame([[1750000, 375000, 250000, 125000, 0, 2500000]],
    ...                  columns=["current", "1-30", "31-60", "61+", "credits", "total"])
    >>> shares(s).iloc[0].tolist()
    [0.7, 0.15, 0.1, 0.05]
    """
    names = buckets(schedule)
    gross = schedule[names].sum(axis=1)
    out = schedule[names].div(gross.where(gross > 0), axis=0)
    out.attrs = {"undefined": [f"{row}: nothing is owed, so there are no shares" for row in schedule.index[gross <= 0]]}
    return out


def _day(as_of) -> pd.Timestamp:
    day = pd.Timestamp(as_of)
    if day is pd.NaT:
        raise ValueError("as_of must be a date")
    return day.tz_localize(None).normalize()


def _column(items: pd.DataFrame, name: str) -> pd.Series:
    if name not in items:
        raise ValueError(f"items have no column {name!r}; they have {list(items.columns)}")
    return items[name]


def _dates(items: pd.DataFrame, name: str) -> np.ndarray:
    values = _column(items, name).to_numpy()
    if values.dtype.kind != "M":
        raise ValueError(f"column {name!r} holds {values.dtype}, not dates: read it with pandas.to_datetime first")
    return values


def _before(dates: np.ndarray, day: np.datetime64) -> np.ndarray:
    """dates < day, on the integers below (NaT is the smallest of them): several times faster than datetime64."""
    return dates.view(np.int64) < day.astype(dates.dtype).view(np.int64)


def _fen(amounts: pd.Series) -> np.ndarray:
    """Amounts as whole minor units, in float64 (exact below 2^53)."""
    values = amounts.to_numpy()
    if values.dtype.kind in "iu":
        return values.astype(np.float64)
    values = values.astype(np.float64)
    fen = np.rint(values * 100)
    if not np.array_equal(fen / 100, values):
        bad = np.flatnonzero(fen / 100 != values)
        raise ValueError(f"{len(bad)} open amounts are no whole number of fen, first at row {amounts.index[bad[0]]!r}: "
                         f"{values[bad[0]]!r}; round(amount, 2) before aging")
    return fen


def _bucket(items: pd.DataFrame, as_of: pd.Timestamp, rungs: Ladder, owed: np.ndarray) -> np.ndarray:
    """Position of each item among ``rungs.buckets``; credits come after the last."""
    base = _dates(items, rungs.basis)
    today = as_of.to_numpy().astype("M8[D]")
    for name in {rungs.basis, "due"} if rungs.has_current else {rungs.basis}:
        if (missing := np.isnat(_dates(items, name)) & owed).any():
            where = items.index[np.flatnonzero(missing)[0]]
            raise ValueError(f"{missing.sum()} open items have no {name} date, first at row {where!r}: correct the "
                             "import, an age is never guessed")
    if "issued" in items:
        latest = _dates(items, "issued").view(np.int64).max(initial=np.iinfo(np.int64).min)
        if latest >= (today + 1).astype(_dates(items, "issued").dtype).view(np.int64):
            raise ValueError(f"some items are issued after {as_of.date()}: take open_items of that same date")
    position = np.zeros(len(items), np.uint8)
    for cutoff in ([today] if rungs.basis == "due" else []) + rungs.cutoffs(as_of):
        position += _before(base, cutoff)
    if rungs.basis == "issued" and rungs.not_due:
        position += 1
        position *= _before(_dates(items, "due"), today)
    position[~owed] = len(rungs.buckets)
    return position


def _groups(items: pd.DataFrame, by: str | None) -> tuple[np.ndarray, pd.Index]:
    """Code of each item's group, and the groups; items without one are gathered under MISSING, not dropped."""
    if by is None:
        return np.zeros(len(items), np.intp), pd.Index([ALL])
    column = _column(items, by)
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, names = column.cat.codes.to_numpy().astype(np.intp), column.cat.categories
    else:
        codes, names = pd.factorize(column, sort=True)
    if codes.min(initial=0) < 0:
        codes = np.where(codes < 0, len(names), codes)
        names = names.astype(object).append(pd.Index([MISSING], dtype=object))
    return codes, pd.Index(names, name=by)


def _one_currency(items: pd.DataFrame, by: str | None) -> None:
    if by == "currency" or "currency" not in items or items.empty:
        return
    column = items["currency"]
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        if codes.min() == codes.max():
            return
    found = column.unique()
    if len(found) > 1:
        raise ValueError(f"currencies are never added: choose one of {sorted(map(str, found))} or age by='currency'")


def _mean_days(dates: np.ndarray, as_of: pd.Timestamp, fen: np.ndarray, gross: float) -> float | None:
    """Mean days past due (not due: 0) or of age, weighted by what is owed; whole days, so that order cannot matter."""
    if gross <= 0:
        return None
    day = np.timedelta64(1, "D").astype(dates.dtype.str.replace("M8", "m8")).view(np.int64)
    today, ticks = as_of.to_numpy().astype(dates.dtype).view(np.int64), dates.view(np.int64)
    total = 0.0
    for start in range(0, len(ticks), _BLOCK):
        block = slice(start, start + _BLOCK)
        days = np.ceil((today - ticks[block]) / day)
        total += np.maximum(days, 0) @ np.maximum(fen[block], 0)
    return float(total / gross)
