"""The register of figures, the shape of a shown table, and how amounts and names are written in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

_FIGURES: dict[str, Callable[..., Any]] = {}


@dataclass(frozen=True)
class ShownTable:
    """A small table as a card shows it: header, rows of text, whether a total closes it.

    ``prose``: the cells after the first are words, not figures: they stand left and may take several lines.
    """

    header: list[str]
    rows: list[list[str]]
    total: bool = False
    unit: str = "元"
    prose: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"header": self.header, "rows": self.rows, "total": self.total, "unit": self.unit,
                "prose": self.prose}


def figure(function: Callable[..., Any]) -> Callable[..., Any]:
    """Register a function ``f(ledger, as_of, **arguments)`` under its own name."""
    _FIGURES[function.__name__] = function
    return function


def names() -> list[str]:
    """The figures that content files may name."""
    return sorted(_FIGURES)


def compute(name: str, ledger: Any, as_of: pd.Timestamp, arguments: dict[str, Any]) -> Any:
    """Compute one figure by name; an unknown name or argument says which are known."""
    if name not in _FIGURES:
        raise ValueError(f"no figure {name!r}; known are {', '.join(names())}")
    try:
        return _FIGURES[name](ledger, as_of, **arguments)
    except TypeError as error:
        raise ValueError(f"figure {name}: {error}") from error


def money(value: float) -> str:
    """An amount in 元 as tables show it: two decimals, thousands, a minus for credits.

    >>> money(184300), money(-52.5)
    ('184,300.00', '−52.50')
    """
    return f"{value:,.2f}".replace("-", "−")


def short_name(name: str) -> str:
    """A company's name as people say it: without its legal form.

    >>> short_name("砚溪衡朔精密铸造有限公司")
    '砚溪衡朔精密铸造'
    """
    return name.removesuffix("有限公司").removesuffix("股份").removesuffix("有限责任公司") or name
