"""Placing labels: apart from each other, in order, within the picture; margins as wide as what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


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


def width(text: str) -> float:
    """Width of a text in full-width characters.

    >>> width("账龄"), round(width("1-30"), 2)
    (2.0, 2.24)
    """
    return sum(1.0 if ord(char) > 0x2E7F else 0.56 for char in text)


def margin(texts: Iterable[str], size: float = 10) -> float:
    """Inches that the widest of the texts needs at a font size in points, with the gap to what it labels.

    >>> round(margin(["1–30 天", "未到期"]), 2)
    0.68
    """
    return 0.15 + max((width(text) for text in texts), default=0) * size / 72


def shorten(text: str, limit: float = 9) -> str:
    """A text cut to ``limit`` full-width characters, with an ellipsis where it was cut.

    >>> shorten("海宁传动设备有限公司")
    '海宁传动设备有限…'
    """
    while width(text) > limit:
        text = text[:-2] + "…"
    return text
