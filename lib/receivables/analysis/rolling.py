"""Roll rates and transition matrices (滚动率、转移矩阵). The names are reached through ``migration``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from receivables.analysis._numbers import CREDIT_BALANCE

PAID, WRITTEN_OFF = "paid", "written_off"
_BLOCK = 1 << 15


def roll_rates(before: pd.DataFrame | pd.Series, after: pd.DataFrame | pd.Series, *,
               unit: Literal["balance", "account"] = "balance", states: Sequence[str] | None = None) -> pd.DataFrame:
    """Roll rates (滚动率, 账龄转移矩阵): amount in j after / amount in i before, account by account.

    ``paid`` and ``written_off`` are states like the buckets, so every row sums to 1: an account that is gone
    was paid (a published package drops it, and with it every cure). Accounts are tracked one by one, so
    buckets of any width are allowed here; the flow rate on totals is stricter (:func:`flow_rates`).

    Parameters
    ----------
    before : indexed by account (document or customer id, unique), with ``state`` and, for balances,
        ``balance`` >= 0. For accounts a Series of states will do. Rows already paid or written off are passed over.
    after : the same, one step later. An account may have several rows when its balance is split, one of them
        with state "written_off" and the amount written off; what no row explains was paid. Accounts not in
        ``before`` are new and in no rate. A balance above the one before is new business, not migration: it
        is capped, and the account is named in ``attrs["capped"]``.
    unit : "balance" weighs by money, "account" counts; the two differ when size and lateness go together
    states : order of the buckets; default: the categories of ``before["state"]``, else sorted,
        then those only ``after`` has

    Returns
    -------
    DataFrame of fractions: one row a bucket, columns the buckets, then ``paid``, ``written_off``. A bucket
    that was empty before is NaN and named in ``attrs["undefined"]``.

    Raises
    ------
    ValueError
        For an account twice in ``before`` (or in ``after``, counting accounts), unknown states, negative or
        missing balances.

    Source
    ------
    R. M. Cyert, H. J. Davidson, G. L. Thompson, Management Science 8(3), 1962 (balances, with paid and bad
    debt as states).

    Examples
    --------
    >>> before = pd.DataFrame({"state": ["1-30", "1-30", "31-60"], "balance": [100.0, 300.0, 50.0]}, index=list("abc"))
    >>> after = pd.DataFrame({"state": ["31-60", "written_off"], "balance": [80.0, 50.0]}, index=list("ac"))
    >>> roll_rates(before, after)
           1-30  31-60  paid  written_off
    1-30    0.0    0.2   0.8          0.0
    31-60   0.0    0.0   0.0          1.0
    >>> roll_rates(before["state"], after["state"], unit="account")
           1-30  31-60  paid  written_off
    1-30    0.0    0.5   0.5          0.0
    31-60   0.0    0.0   0.0          1.0
    """
    if unit not in ("balance", "account"):
        raise ValueError(f'unit is "balance" or "account", given {unit!r}')
    origin, from_names = _codes(before, "before")
    target, to_names = _codes(after, "after")
    if states is None:
        states = [*from_names, *(name for name in to_names if name not in from_names)]
    ladder = [state for state in states if state not in (PAID, WRITTEN_OFF)]
    names, rows = [*ladder, PAID, WRITTEN_OFF], len(ladder)
    place = _place(before.index, after.index)
    if unit == "balance":
        held, left, capped = _balances(before, after, place)
    else:
        held, left, capped = None, None, []
        if not after.index.is_unique:
            raise ValueError("after names an account twice: counting accounts, each has one state")
    if place is None:
        paired = origin
    else:
        known = place >= 0
        paired, target = origin[place[known]], target[known]
        left = None if left is None else left[known]
    counted = _tally(paired, target, left, (len(from_names), len(to_names)))
    flow = np.zeros((rows + 2, rows + 2))
    rows_of, columns_of = _positions(from_names, names, origin, "before"), _positions(to_names, names, target, "after")
    np.add.at(flow, (rows_of[:, None], columns_of[None, :]), counted)
    start = np.zeros(rows + 2)
    np.add.at(start, rows_of, _tally(origin, None, held, (len(from_names), 1))[:, 0])
    flow, start = flow[:rows], start[:rows]
    flow[:, rows] = 0
    flow[:, rows] = np.maximum(start - flow.sum(axis=1), 0)
    with np.errstate(invalid="ignore"):
        rates = flow / start[:, None]
    result = pd.DataFrame(rates, index=ladder, columns=names)
    result.attrs["undefined"] = [f"{ladder[i]}: nothing was in it before" for i in np.flatnonzero(start == 0)]
    result.attrs["capped"] = capped
    return result


def transition_matrix(codes: np.ndarray, *, states: Sequence[str], by_interval: bool = False) -> np.ndarray:
    """Transition matrix of a panel (转移概率矩阵, 各月合并): count i -> j / count leaving i.

    Each pair of neighbouring months is counted once, and an account's last month, from which nothing is seen
    to follow, is in no denominator. (A published package counts the last pair twice: with two accounts
    0, 0, 1 and 0, 1, 2 it reports a "probability" of 2.0.)

    Parameters
    ----------
    codes : integers, accounts x months, oldest first: position in ``states``; -1 where an account is not
        observed (not yet there, or lost from sight). A paid account is *not* lost: give paid a state.
    states : names of the states
    by_interval : True keeps the intervals apart instead of pooling them

    Returns
    -------
    Array, states x states (or months - 1 x states x states), rows summing to 1; NaN for a state nobody left.

    Raises
    ------
    ValueError
        For a shape other than accounts x months, fewer than two months, or codes without a state.

    Source
    ------
    Cohort estimator; see roll_rates for balances. Identity tested: rows sum to 1.

    Examples
    --------
    >>> transition_matrix(np.array([[0, 0, 1], [0, 1, 2]]), states=["current", "1-30", "31-60"])
    array([[0.333..., 0.666..., 0.        ],
           [0.        , 0.        , 1.        ],
           [       nan,        nan,        nan]])
    """
    codes = np.asarray(codes)
    if codes.ndim != 2 or codes.shape[1] < 2 or not np.issubdtype(codes.dtype, np.integer):
        raise ValueError(f"codes are integers, accounts x months, at least two months; given shape {codes.shape}, "
                         f"{codes.dtype}")
    count, intervals = len(states), codes.shape[1] - 1
    if codes.size and (codes.min() < -1 or codes.max() >= count):
        raise ValueError(f"codes run from -1 to {count - 1} for {count} states, given {codes.min()} to {codes.max()}")
    side = count + 1  # one more for -1, so that nothing need be filtered
    wide = np.int32 if intervals * side * side < 2**31 else np.int64
    shifted = codes.astype(wide)
    pairs = shifted[:, :-1] * wide(side)
    pairs += shifted[:, 1:]
    pairs += wide(side + 1)
    if by_interval:
        pairs += np.arange(intervals, dtype=wide) * wide(side * side)
    layers = intervals if by_interval else 1
    counts = np.bincount(pairs.ravel(), minlength=layers * side * side).reshape(layers, side, side)[:, 1:, 1:]
    with np.errstate(invalid="ignore"):
        rates = counts / counts.sum(axis=2, keepdims=True)
    return rates if by_interval else rates[0]


def _states(table: pd.DataFrame | pd.Series, name: str) -> pd.Series:
    if isinstance(table, pd.Series):
        return table
    if "state" not in table:
        raise ValueError(f"{name} lacks the column state")
    return table["state"]


def _codes(table: pd.DataFrame | pd.Series, name: str) -> tuple[np.ndarray, list[str]]:
    """Small integers and what they stand for: categories in their order, else the values sorted."""
    states = _states(table, name)
    if not isinstance(states.dtype, pd.CategoricalDtype):
        states = states.astype("category")
    codes = states.cat.codes.to_numpy()
    if len(codes) and codes.min() < 0:
        raise ValueError(f"{name} lacks a state in row {int(np.argmin(codes))}: an account that is gone has no row")
    return codes, list(states.cat.categories)


def _positions(labels: list[str], names: list[str], codes: np.ndarray, name: str) -> np.ndarray:
    """Where each label stands in ``names``; a label that no row uses may stand nowhere (then: last)."""
    at = {name: position for position, name in enumerate(names)}
    positions = np.array([at.get(label, -1) for label in labels], dtype=int)
    for label in np.flatnonzero(positions < 0):
        if (codes == label).any():
            raise ValueError(f"{name} holds the state {labels[label]!r}, which is none of {', '.join(names)}: "
                             "name all buckets in states=")
    return positions


def _tally(rows: np.ndarray, columns: np.ndarray | None, weights: np.ndarray | None,
           shape: tuple[int, int]) -> np.ndarray:
    """Weights (or ones) summed by (row, column); in blocks, so that what is made in between stays in cache."""
    total = np.zeros(shape[0] * shape[1])
    for first in range(0, len(rows), _BLOCK):
        block = slice(first, first + _BLOCK)
        pairs = rows[block].astype(np.intp)
        pairs *= shape[1]
        if columns is not None:
            pairs += columns[block]
        total += np.bincount(pairs, None if weights is None else weights[block], minlength=len(total))
    return total.reshape(shape)


def _place(before: pd.Index, after: pd.Index) -> np.ndarray | None:
    """Row of ``before`` for each row of ``after`` (-1 when new); None when they are the same rows."""
    if not before.is_unique:
        raise ValueError(f"before names the account {before[before.duplicated()][0]!r} twice: it has one state")
    return None if before.equals(after) else before.get_indexer(after)


def _balances(before: pd.DataFrame | pd.Series, after: pd.DataFrame | pd.Series,
              place: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, list]:
    """Balances before, what is left of them in each row of ``after``, and the accounts that had grown."""
    held, left = (_balance(table, name) for table, name in ((before, "before"), (after, "after")))
    if place is None and not (left > held).any():
        return held, left, []
    place = np.arange(len(held)) if place is None else place
    # What went into "paid" is the rest anyway and cannot be new business.
    known = (place >= 0) & (_states(after, "after") != PAID).to_numpy(dtype=bool)
    total = np.bincount(place[known], left[known], minlength=len(held))
    shrink = np.divide(held, total, out=np.ones(len(held)), where=total > held)
    return held, np.where(known, left * shrink[place], 0.0), list(before.index[total > held + 0.005])


def _balance(table: pd.DataFrame | pd.Series, name: str) -> np.ndarray:
    if isinstance(table, pd.Series) or "balance" not in table:
        raise ValueError(f'{name} lacks the column balance: give it, or count with unit="account"')
    values = table["balance"].to_numpy(dtype=float)
    if len(values) and not values.min() >= 0:  # also true for a missing one
        raise ValueError(f"{name} holds a negative or missing balance: {CREDIT_BALANCE}")
    return values
