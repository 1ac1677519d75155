"""Random draws that give the same bytes on every machine and for every numpy to come.

numpy promises a stable stream for its bit generators and seeds, not for the distributions
of ``Generator`` (NEP 19). So only raw PCG64 words are taken from numpy; what is made of
them is made here, in plain arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TypeVar

from numpy.random import PCG64, SeedSequence

T = TypeVar("T")
_NORMAL = NormalDist()


class Dice:
    """One stream of draws; each customer has one of his own, so that changing one leaves the others alone.

    Parameters
    ----------
    seed : the course's seed
    key : what the stream is for, e.g. ``(purpose, customer number)``

    Examples
    --------
    >>> Dice(7, 1).whole(1, 6), Dice(7, 1).whole(1, 6), Dice(7, 2).whole(1, 6)
    (3, 3, 4)
    """

    def __init__(self, seed: int, *key: int):
        self._bits = PCG64(SeedSequence(seed, spawn_key=key))

    def share(self) -> float:
        """A number in (0, 1), never either end."""
        return ((int(self._bits.random_raw()) >> 11) + 0.5) / 2**53

    def between(self, low: float, high: float) -> float:
        """A number in (low, high)."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.share() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.share() < probability

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """A normal draw."""
        return mean + deviation * _NORMAL.inv_cdf(self.share())

    def lognormal(self, median: float, sigma: float) -> float:
        """A lognormal draw by its median and the deviation of its logarithm."""
        return median * math.exp(self.normal(0.0, sigma))

    def one(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[self.whole(0, len(items) - 1)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, by weight; order of the mapping decides, so give it an ordered one."""
        mark = self.share() * math.fsum(weights.values())
        for item, weight in weights.items():
            mark -= weight
            if mark < 0:
                return item
        return item

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a drawn order."""
        left = list(items)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in items]
