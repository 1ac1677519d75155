"""Placing labels: apart from each other, in order, within the picture."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near the wanted ones, at least ``gap`` apart and within ``low`` and ``high`` while there is room.

    >>> spread([1.0, 1.1, 5.0], gap=1.0, low=0.0, high=6.0)
    [1.0, 2.0, 5.0]
    >>> spread([5.8, 5.9], gap=1.0, low=0.0, high=6.0)
    [5.0, 6.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    placed: list[float] = []
    for index in order:
        placed.append(max(wanted[index], placed[-1] + gap if placed else low))
    ceiling = high
    for rank in reversed(range(len(placed))):
        placed[rank] = min(placed[rank], ceiling)
        ceiling = placed[rank] - gap
    out = [0.0] * len(wanted)
    for rank, index in enumerate(order):
        out[index] = placed[rank]
    return out
