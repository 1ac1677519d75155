"""Flow rates (迁徙率) from bucket totals. The names are reached through ``migration``.

Only totals are seen, so the rate is right only when everything in a bucket moves on within one step:
bucket width = step. 30-day buckets monthly, or year buckets yearly; the 1/3/6/12-month ladder is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from receivables.analysis._numbers import CREDIT_BALANCE, SLACK, number, share, share_vector
from receivables.errors import Undefined


def flow_rate(*, opening: float, next_bucket: float, written_off: float = 0.0, count_write_off: bool = True) -> float:
    """Flow rate of one bucket (迁徙率): (next bucket at the end + written off) / bucket at the start.

    Parameters
    ----------
    opening : balance of the bucket at the start of the step
    next_bucket : balance of the next older bucket at its end; only what came from this bucket can be in it
        when the width of the bucket equals the step
    written_off : written off from the bucket within the step
    count_write_off : True adds write-offs back as uncollected (北京注协 专家提示〔2020〕第3号); False
        treats them as gone. No source settles it for every use: state the choice.

    Returns
    -------
    float, a fraction.

    Raises
    ------
    Undefined
        For an opening bucket of 0 (leave the step out; it is neither 0 nor 1), or a result above 1:
        something came from elsewhere (reclassification, exchange rates, a merger, a dishonoured draft).
    ValueError
        For negative balances.

    Source
    ------
    chinaacc course text (100 -> 60 = 60 %); write-offs: Beijing Institute of CPAs, expert notice 2020 No. 3.

    Examples
    --------
    >>> flow_rate(opening=100, next_bucket=60)
    0.6
    >>> flow_rate(opening=100, next_bucket=60, written_off=5)
    0.65
    """
    opening = number("opening", opening, least=0)
    moved = number("next_bucket", next_bucket, least=0)
    lost = number("written_off", written_off, least=0)
    if count_write_off:
        moved += lost
    if opening == 0:
        raise Undefined("the opening bucket is 0: leave this step out of the average")
    if moved > opening * (1 + SLACK):
        raise Undefined(f"{moved:g} came out of a bucket of {opening:g}: take out what came from elsewhere "
                        "(reclassified, acquired, dishonoured drafts)")
    return min(moved / opening, 1.0)


@dataclass(frozen=True)
class FlowRates:
    """Flow rates of several steps. ``by_step``: steps x buckets, fractions, NaN where undefined
    (``attrs["undefined"]``), 1 where capped (``attrs["capped"]``)."""

    by_step: pd.DataFrame
    moved: pd.DataFrame = field(repr=False)
    opening: pd.DataFrame = field(repr=False)

    def average(self, how: Literal["simple", "pooled"] = "pooled") -> pd.Series:
        """Average over the steps: "simple" mean of the rates, or "pooled" money over money. No source settles
        which; pooled is not thrown by a small year. Undefined steps are left out; all undefined is NaN."""
        if how not in ("simple", "pooled"):
            raise ValueError(f'how is "simple" or "pooled", given {how!r}')
        if how == "simple":
            result = self.by_step.mean()
        else:
            total = self.opening.sum()
            result = self.moved.sum() / total.where(total > 0)
        result.attrs["undefined"] = [f"{name}: no step with an opening balance" for name in result.index[result.isna()]]
        return result


def flow_rates(balances: pd.DataFrame, *, edges: Sequence[float], step: float, written_off: pd.DataFrame | None = None,
               count_write_off: bool = True) -> FlowRates:
    """Flow rates of an aging history (迁徙率表): closing next bucket / opening bucket, step by step.

    The last bucket keeps its own stock beside the inflow, so the rate into it is closing last / (opening last
    but one + opening last). That rule is ours to declare; sources leave it open.

    Parameters
    ----------
    balances : one row a date, oldest first and one step apart; one column a bucket, youngest first
    edges : the boundaries between the buckets, one fewer than buckets, in the unit of ``step``: (0, 30, 60, 90)
        for current, 1-30, 31-60, 61-90, 91+; (1, 2, 3) for year buckets. 0 first means a "not due" column.
    step : time between the rows: 30 for months beside 30-day buckets, 1 for years beside year buckets
    written_off : amounts written off out of each bucket within each step: rows as ``balances`` without the
        first, the same columns
    count_write_off : as for :func:`flow_rate`

    Returns
    -------
    FlowRates; ``average`` gives one rate a bucket, for :func:`loss_rates`. Use three to five years (custom, no rule).

    Raises
    ------
    ValueError
        When the width of a bucket is not the step: part of a wider bucket stays in it, and its rate is not a
        rate. Also for edges, rows or columns that do not fit, negative or missing balances.

    Source
    ------
    As :func:`flow_rate`. No published table with readable figures was found; identities are tested.

    Examples
    --------
    >>> history = pd.DataFrame({"1y": [100.0, 120.0, 90.0], "2y": [40.0, 30.0, 30.0], "3y+": [10.0, 12.0, 9.0]},
    ...                        index=[2023, 2024, 2025])
    >>> rates = flow_rates(history, edges=(1, 2), step=1)
    >>> rates.by_step.round(2)
            1y    2y
    2024  0.30  0.24
    2025  0.25  0.21
    >>> rates.average("pooled").round(4).to_dict()
    {'1y': 0.2727, '2y': 0.2283}
    >>> flow_rates(history, edges=(1, 3), step=1)
    Traceback (most recent call last):
    ...
    ValueError: the bucket 1 to 3 is 2 wide and the step is 1: ...
    """
    _refuse_ladder(edges, step, balances.shape[1])
    if len(balances) < 2:
        raise ValueError("balances need at least two dates: a flow has a start and an end")
    values = balances.to_numpy(dtype=float)
    opening, moved = values[:-1, :-1].copy(), values[1:, 1:].copy()
    opening[:, -1] += values[:-1, -1]
    lost = _written_off(balances, written_off)
    if count_write_off:
        moved += lost[:, :-1]
        moved[:, -1] += lost[:, -1]
    for table in (values, lost):
        if not (table >= 0).all():
            raise ValueError(f"balances or write-offs are negative or missing: {CREDIT_BALANCE}")
    names, dates = balances.columns[:-1], balances.index[1:]
    over, empty = moved > opening * (1 + SLACK), opening == 0
    moved = np.where(empty, 0.0, np.minimum(moved, opening))
    with np.errstate(invalid="ignore"):
        by_step = pd.DataFrame(moved / opening, index=dates, columns=names)

    def listed(where: np.ndarray, why: str) -> list[str]:
        return [f"{dates[row]}, {names[column]}: {why}" for row, column in np.argwhere(where)]

    by_step.attrs["undefined"] = listed(empty, "the opening bucket is 0")
    by_step.attrs["capped"] = listed(over & ~empty, "more came out than was in it; capped at 1, find what was moved in")
    return FlowRates(by_step, *(pd.DataFrame(table, index=dates, columns=names) for table in (moved, opening)))


def loss_rates(flow_rates: Sequence[float] | pd.Series, *, last_loss: float = 1.0) -> np.ndarray:
    """Loss rate of each bucket from flow rates (历史损失率, 由迁徙率连乘): product of M_j from b on x L_last.

    Parameters
    ----------
    flow_rates : one rate a bucket, youngest first, without the last (open) bucket
    last_loss : share of the last bucket that is lost, 1.0 unless recoveries are on record

    Returns
    -------
    numpy array, one longer than ``flow_rates``; never falls with age.

    Raises
    ------
    Undefined
        When a rate is NaN: the chain breaks there.
    ValueError
        For rates outside [0, 1].

    Source
    ------
    Usual roll-rate reading of CAS 22 / IFRS 9 B5.5.35; forward factors belong to ``allowance.provision_matrix``.

    Examples
    --------
    >>> loss_rates([0.3, 0.5, 0.8])
    array([0.12, 0.4 , 0.8 , 1.  ])
    """
    rates = np.asarray(flow_rates, dtype=float)
    if np.isnan(rates).any():
        raise Undefined(f"flow rate {int(np.argmax(np.isnan(rates)))} is undefined: the chain breaks there")
    chain = np.append(share_vector("flow_rates", rates), share("last_loss", last_loss))
    return np.cumprod(chain[::-1])[::-1]


def _refuse_ladder(edges: Sequence[float], step: float, buckets: int) -> None:
    if len(edges) != buckets - 1:
        raise ValueError(f"{buckets} buckets have {buckets - 1} edges between them, given {len(edges)}")
    step = number("step", step)
    if step <= 0:
        raise ValueError(f"step must be above 0, given {step:g}")
    bounds = list(edges) if edges[0] == 0 else [0, *edges]
    for low, high in zip(bounds, bounds[1:], strict=False):
        if abs(high - low - step) > SLACK:
            raise ValueError(
                f"the bucket {low:g} to {high:g} is {high - low:g} wide and the step is {step:g}: in one step only "
                "part of a wider bucket moves on, so the ratio is no flow rate. Use buckets as wide as the step "
                "(30-day buckets with months, year buckets with years), or roll_rates on single accounts")


def _written_off(balances: pd.DataFrame, written_off: pd.DataFrame | None) -> np.ndarray:
    if written_off is None:
        return np.zeros((len(balances) - 1, balances.shape[1]))
    if list(written_off.columns) != list(balances.columns) or list(written_off.index) != list(balances.index[1:]):
        raise ValueError("written_off has the columns of balances and its rows without the first")
    return written_off.to_numpy(dtype=float)
