"""Aging ladders (账龄档): which edges, in days, calendar months or years, counted from which date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import model_validator

from receivables.content import Content

CURRENT, CREDITS, TOTAL = "current", "credits", "total"
_SUFFIX = {"days": "", "months": "m", "years": "y"}


class Ladder(Content):
    """A ladder of aging buckets (账龄档).

    Parameters
    ----------
    edges : upper bounds, inclusive, strictly increasing, from 1 up, in ``unit``
    unit : ``days``, ``months`` or ``years``. Months and years are counted on the calendar from each item's own date:
        31 January + 1 month is the last day of February, and the anniversary itself still belongs to the younger
        bucket (exactly one year old is within one year)
    basis : ``due`` or ``issued``, the date the age runs from
    not_due : with ``issued``, whether items not yet due stand apart in ``current``; with ``due`` they always do
    name, labels, source, status : words for people; ``labels`` names what to do, one a bucket

    Examples
    --------
    >>> Ladder(edges=(30, 60, 90)).buckets
    ('current', '1-30', '31-60', '61-90', '91+')
    >>> months(1, 3, 6, 12).buckets
    ('0-1m', '1-3m', '3-6m', '6-12m', '12m+')
    """

    edges: tuple[int, ...]
    unit: Literal["days", "months", "years"] = "days"
    basis: Literal["due", "issued"] = "due"
    not_due: bool = False
    name: str = ""
    labels: dict[str, str] = {}
    source: str = ""
    status: Literal["seed", "sourced", "house"] | None = None

    @model_validator(mode="after")
    def _increasing(self) -> Ladder:
        steps = (0, *self.edges)
        if not self.edges or any(b <= a for a, b in zip(steps, steps[1:], strict=False)):
            raise ValueError(f"edges must be whole numbers that rise from 1 up, not {self.edges}")
        if strange := set(self.labels) - set(self.buckets):
            raise ValueError(f"labels for buckets this ladder does not have: {sorted(strange)}; it has {self.buckets}")
        return self

    @property
    def has_current(self) -> bool:
        """Whether items not yet due (未到期) stand in a bucket of their own."""
        return self.basis == "due" or self.not_due

    @property
    def buckets(self) -> tuple[str, ...]:
        """Names of the buckets, youngest first."""
        s, edges = _SUFFIX[self.unit], self.edges
        if s:
            names = [f"{a}-{b}{s}" for a, b in zip((0, *edges), edges, strict=False)] + [f"{edges[-1]}{s}+"]
        else:
            first = 1 if self.basis == "due" else 0
            starts = (first, *(e + 1 for e in edges))
            names = [f"{a}-{b}" for a, b in zip(starts, edges, strict=False)] + [f"{edges[-1] + 1}+"]
        return (CURRENT, *names) if self.has_current else tuple(names)

    def cutoffs(self, as_of: pd.Timestamp) -> list[np.datetime64]:
        """The oldest date still inside each edge on ``as_of``: an item dated before it is in a later bucket.

        >>> [str(d) for d in years(1).cutoffs(pd.Timestamp("2025-02-28"))]
        ['2024-02-28']
        """
        if self.unit == "days":
            return [(as_of - pd.Timedelta(days=edge)).to_numpy().astype("M8[D]") for edge in self.edges]
        per = 12 if self.unit == "years" else 1
        return [_months_back(as_of, edge * per) for edge in self.edges]

    def on(self, basis: str | None) -> Ladder:
        """The same ladder counted from another date."""
        basis = {"issue": "issued"}.get(basis, basis)
        if basis is None or basis == self.basis:
            return self
        if basis not in ("due", "issued"):
            raise ValueError(f"basis must be 'due' or 'issued', not {basis!r}")
        kept = {b: v for b, v in self.labels.items() if b != CURRENT or basis == "due" or self.not_due}
        return self.model_copy(update={"basis": basis, "labels": kept})


Ladders = dict[str, Ladder]


def months(*edges: int, **options) -> Ladder:
    """Ladder of calendar months (按月分档): from invoice date unless ``basis="due"``.

    >>> months(1, 3).edges
    (1, 3)
    """
    return Ladder(edges=edges, unit="months", **{"basis": "issued"} | options)


def years(*edges: int, **options) -> Ladder:
    """Ladder of calendar years (按年分档): as in statutory notes, from invoice date unless ``basis="due"``.

    >>> years(1, 2, 3, 4, 5).buckets[0], years(1, 2, 3, 4, 5).buckets[-1]
    ('0-1y', '5y+')
    """
    return Ladder(edges=edges, unit="years", **{"basis": "issued"} | options)


def ladder(edges: Ladder | Sequence[int]) -> Ladder:
    """Aging ladder (账龄档位): a Ladder as it is given, or one made from edges in days.

    >>> ladder((30, 60)).buckets
    ('current', '1-30', '31-60', '61+')
    """
    return edges if isinstance(edges, Ladder) else Ladder(edges=tuple(edges))


def _months_back(as_of: pd.Timestamp, count: int) -> np.datetime64:
    """The earliest date whose own day ``count`` months on is not before ``as_of``.

    Not simply ``as_of`` less the months: 28 February + 1 month is 28 March, so on 31 March that item is past it,
    though 31 March less 1 month is 28 February too.
    """
    step, day = pd.DateOffset(months=count), pd.Timedelta(days=1)
    date = as_of - step
    while date + step < as_of:
        date += day
    while date - day + step >= as_of:
        date -= day
    return date.to_numpy().astype("M8[D]")
