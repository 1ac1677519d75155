"""Words of a scene (台词): house wordings and the company's facts by reference, variants by the seed."""

from __future__ import annotations

import re
import zlib

from receivables.ledger.company import profile
from receivables.talk import glossary

_OURS = re.compile(r"\{\{\s*(our|authority)\.([\w.]+)\s*\}\}")
_VARIANTS = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")


def _ours(match: re.Match) -> str:
    """``our.short_name`` is a fact of the company, ``authority.区域经理.extend_days`` a cell of its authority table."""
    company, path = profile(), match[2].split(".")
    try:
        if match[1] == "authority":
            role, column = path
            value = getattr(company.may_grant(role), column)
        else:
            (column,) = path
            value = getattr(company, column)
    except (AttributeError, ValueError) as error:
        raise ValueError(f"{match[0]} is no place to fill: {error}") from None
    if isinstance(value, float):
        return f"{value:,.0f}" if value > 1 else f"{value:.0%}"
    return str(value)


def fill(text: str) -> str:
    """Put the company's facts and the glossary's wordings into a text (填词).

    Raises
    ------
    ValueError
        For a place that neither can fill.

    Examples
    --------
    >>> fill("{{our.short_name}}的区域经理能批 {{authority.区域经理.extend_days}} 天；{{closing.count}} 样要齐")
    '衡桐机电的区域经理能批 15 天；5 样要齐'
    """
    return glossary.load().fill(_OURS.sub(_ours, text))


def vary(text: str, seed: int, place: str) -> str:
    """Choose among ``{so|or so}`` by the seed and the place in the scene (换个说法), the same on every machine.

    >>> vary("{哎|唉}，您来了。", 3, "lobby") == vary("{哎|唉}，您来了。", 3, "lobby")
    True
    """
    at = 0

    def choose(match: re.Match) -> str:
        nonlocal at
        at += 1
        variants = match[1].split("|")
        return variants[zlib.crc32(f"{seed}/{place}/{at}".encode()) % len(variants)]

    return _VARIANTS.sub(choose, text)
