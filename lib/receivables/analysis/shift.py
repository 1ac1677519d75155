"""Aging shift (账龄偏移): what moved between two aging schedules.

No accepted definition was found (as of 2026-11); the three offered here are ours: change of the amount-weighted mean
age, change of the bucket mix (share points, and the population stability index over all buckets), change of each
bucket's amount. The 10 / 5 / 20 % thresholds are the course seed's and are arguments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from receivables.analysis.ladder import CREDITS, CURRENT, TOTAL
from receivables.errors import Undefined

CAUTION = ("a shorter age is not yet better collecting: see whether new sales diluted the mix, old items were written "
           "off or re-dated, or customers were lost to harsh chasing")
_SLACK = 1e-12  # ten percent exactly counts as reached, whatever the last bit says


@dataclass(frozen=True)
class Flag:
    """One threshold that was reached.

    ``code``: ``longer`` (mean age grew), ``shorter`` (mean age fell), ``bucket`` (a bucket's amount grew),
    ``new_bucket`` (a bucket that was empty is not). ``value`` and ``threshold`` are fractions; ``value`` is None for
    ``new_bucket``. ``caution`` goes with ``shorter``.
    """

    code: str
    threshold: float
    value: float | None = None
    bucket: str | None = None
    caution: str = ""


@dataclass(frozen=True)
class Shift:
    """What moved between two schedules (账龄偏移).

    Attributes
    ----------
    table : DataFrame, one row a bucket: ``before``, ``after`` (amounts), ``change`` (amount), ``growth`` (fraction of
        before; NaN where before is 0, listed in ``attrs["undefined"]``), ``share_before``, ``share_after``, ``points``
        (difference of the shares, a fraction: 0.05 is five percentage points)
    days_before, days_after : amount-weighted mean days, None when nothing was owed
    psi : population stability index between the two mixes; below 0.1 is usually read as stable, above 0.25 as moved
    flags : tuple of Flag
    """

    table: pd.DataFrame
    days_before: float | None
    days_after: float | None
    psi: float
    flags: tuple[Flag, ...]

    @property
    def days_growth(self) -> float:
        """Change of the mean age as a fraction of the mean age before; raises Undefined when that was 0 or unknown."""
        if not self.days_before or self.days_after is None:
            raise Undefined("the mean age before is 0 or unknown, so its growth has no denominator")
        return (self.days_after - self.days_before) / self.days_before


def shift(before: pd.DataFrame, after: pd.DataFrame, *, longer: float = 0.10, shorter: float = 0.05,
          bucket: float = 0.20, watch: Iterable[str] | None = None, floor: float = 1e-4) -> Shift:
    """Aging shift (账龄偏移): after less before by bucket, and which of the seed's thresholds were reached.

    Parameters
    ----------
    before, after : schedules with the same buckets, as ``aging.schedule`` returns them (rows are added up)
    longer, shorter : growth and fall of the mean age, as fractions, from which on it is flagged
    bucket : growth of one bucket's amount, as a fraction, from which on it is flagged
    watch : buckets to hold against ``bucket``; default: all but ``current``
    floor : an empty bucket counts as this share in the stability index, which has no value at 0

    Raises
    ------
    ValueError
        When the buckets differ, or a threshold is not between 0 and 1.
    Undefined
        When one of the two has nothing owed.

    Examples
    --------
    >>> cols = ["current", "1-30", "31+", "credits", "total"]
    >>> a = pd.DataFrame([[80.0, 15.0, 5.0, 0.0, 100.0]], columns=cols)
    >>> b = pd.DataFrame([[70.0, 18.0, 12.0, 0.0, 100.0]], columns=cols)
    >>> moved = shift(a, b)
    >>> moved.table["points"].round(2).tolist(), round(moved.psi, 4)
    ([-0.1, 0.03, 0.07], 0.0801)
    >>> [(f.bucket, round(f.value, 2)) for f in moved.flags]
    [('1-30', 0.2), ('31+', 1.4)]
    """
    for name, value in {"longer": longer, "shorter": shorter, "bucket": bucket, "floor": floor}.items():
        if not 0 < value <= 1:
            raise ValueError(f"{name} is a fraction between 0 and 1 (10 % is 0.10), not {value}")
    names = [c for c in before.columns if c not in (CREDITS, TOTAL)]
    if list(before.columns) != list(after.columns):
        raise ValueError(f"the two schedules have different buckets: {list(before.columns)} and {list(after.columns)}")
    if before.attrs.get("basis") != after.attrs.get("basis"):
        raise ValueError("one schedule is aged from the due date and the other from the invoice date")
    watched = [c for c in names if c != CURRENT] if watch is None else list(watch)
    if strange := set(watched) - set(names):
        raise ValueError(f"no such bucket: {sorted(strange)}; there are {names}")
    old, new = before[names].sum(), after[names].sum()
    if old.sum() <= 0 or new.sum() <= 0:
        raise Undefined("nothing is owed at one of the two dates: there is no mix to compare")

    table = pd.DataFrame({"before": old, "after": new, "change": new - old, "growth": (new - old) / old.where(old > 0),
                          "share_before": old / old.sum(), "share_after": new / new.sum()})
    table["points"] = table["share_after"] - table["share_before"]
    table.attrs["undefined"] = [f"{name}: empty before, so it has no growth" for name in names if old[name] <= 0]
    p, q = (table[c].clip(lower=floor) for c in ("share_before", "share_after"))
    psi = float(((q - p) * np.log(q / p)).sum())
    days = before.attrs.get("mean_days"), after.attrs.get("mean_days")
    return Shift(table, *days, psi, (*_age_flags(*days, longer, shorter), *_bucket_flags(table, watched, bucket)))


def _age_flags(before: float | None, after: float | None, longer: float, shorter: float) -> list[Flag]:
    if not before or after is None:
        return []
    growth = (after - before) / before
    if growth >= longer - _SLACK:
        return [Flag("longer", longer, growth)]
    if growth <= _SLACK - shorter:
        return [Flag("shorter", shorter, growth, caution=CAUTION)]
    return []


def _bucket_flags(table: pd.DataFrame, watched: list[str], threshold: float) -> list[Flag]:
    flags = []
    for name in watched:
        row = table.loc[name]
        if row["before"] <= 0 < row["after"]:
            flags.append(Flag("new_bucket", threshold, bucket=name))
        elif row["growth"] >= threshold - _SLACK:
            flags.append(Flag("bucket", threshold, float(row["growth"]), name))
    return flags
