"""Conditions of a scene (条件): ``trust>=5 & knows_plan & !scolded``, read once, asked often."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Annotated

from pydantic import BeforeValidator

GAUGES = ("ability", "willingness", "trust")
LOWEST, HIGHEST = 0, 10
_COMPARE = {">=": ge, "<=": le, ">": gt, "<": lt}
_GAUGE = re.compile(rf"({'|'.join(GAUGES)})\s*(>=|<=|>|<)\s*(\d+)")
_FLAG = re.compile(r"(!?)\s*([a-z][a-z0-9_]*)")

Gauges = tuple[int, int, int]


@dataclass(frozen=True)
class Condition:
    """All of it must hold: gauges within bounds, flags raised, flags not raised."""

    bounds: tuple[tuple[int, str, int], ...] = ()
    raised: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()

    def holds(self, gauges: Gauges, flags: frozenset[str]) -> bool:
        """Whether it holds for these gauges (in the order of GAUGES) and flags."""
        for at, sign, bound in self.bounds:
            if not _COMPARE[sign](gauges[at], bound):
                return False
        return self.raised <= flags and self.absent.isdisjoint(flags)

    @property
    def flags(self) -> frozenset[str]:
        """Every flag it asks about."""
        return self.raised | self.absent


def read(text: str | Condition) -> Condition:
    """Read a condition (读条件): terms joined by ``&``; a gauge against a number, a flag, or ``!flag``.

    Raises
    ------
    ValueError
        For a term that is neither.

    Examples
    --------
    >>> read("trust>=5 & !scolded").holds((3, 3, 5), frozenset())
    True
    >>> read("trust > high")
    Traceback (most recent call last):
    ...
    ValueError: 'trust > high' is no condition: write trust>=5, a flag, or !flag, joined by &
    """
    if isinstance(text, Condition):
        return text
    bounds, raised, absent = [], set(), set()
    for term in str(text).split("&"):
        if match := _GAUGE.fullmatch(term.strip()):
            bounds.append((GAUGES.index(match[1]), match[2], int(match[3])))
        elif (match := _FLAG.fullmatch(term.strip())) and match[2] not in GAUGES:
            (absent if match[1] else raised).add(match[2])
        else:
            raise ValueError(f"{term.strip()!r} is no condition: write trust>=5, a flag, or !flag, joined by &")
    return Condition(tuple(bounds), frozenset(raised), frozenset(absent))


When = Annotated[Condition, BeforeValidator(read)]
