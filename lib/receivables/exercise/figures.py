"""The figures an exercise may ask for, by name. Each takes a ledger and a date; content files name them.

This is the only place where exercises touch the analysis: a specification holds no number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from receivables.errors import Undefined

_FIGURES: dict[str, Callable[..., Any]] = {}


@dataclass(frozen=True)
class ShownTable:
    """A small table as a card shows it: header, rows of text, which columns are figures, whether a total closes it."""

    header: list[str]
    rows: list[list[str]]
    total: bool = False
    unit: str = "元"

    def as_json(self) -> dict[str, Any]:
        return {"header": self.header, "rows": self.rows, "total": self.total, "unit": self.unit}


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


def _items(ledger: Any, as_of: pd.Timestamp, customer: str | None) -> pd.DataFrame:
    items = ledger.open_items(as_of)
    if customer is not None:
        items = items[items["customer_id"].astype(str) == customer]
        if items.empty:
            raise Undefined(f"customer {customer} has nothing open on {as_of:%Y-%m-%d}")
    return items


def _days(items: pd.DataFrame, as_of: pd.Timestamp, basis: str) -> pd.Series:
    return (as_of.normalize() - items["due" if basis == "due" else "issued"]).dt.days


@figure
def balance(ledger: Any, as_of: pd.Timestamp, *, customer: str | None = None) -> float:
    """Everything open at the date, in 元."""
    return round(float(_items(ledger, as_of, customer)["open_amount"].sum()), 2)


@figure
def overdue(ledger: Any, as_of: pd.Timestamp, *, over: int = 0, basis: str = "due",
            customer: str | None = None) -> float:
    """What is open and more than ``over`` days past the basis date (``due`` or ``issued``), in 元."""
    items = _items(ledger, as_of, customer)
    return round(float(items.loc[_days(items, as_of, basis) > over, "open_amount"].sum()), 2)


@figure
def overdue_count(ledger: Any, as_of: pd.Timestamp, *, over: int = 0, basis: str = "due") -> int:
    """How many open items are more than ``over`` days past the basis date."""
    items = _items(ledger, as_of, None)
    return int((_days(items, as_of, basis) > over).sum())


@figure
def overdue_share(ledger: Any, as_of: pd.Timestamp, *, over: int = 0, basis: str = "due") -> float:
    """The share of the balance that is more than ``over`` days past the basis date, as a fraction."""
    total = balance(ledger, as_of)
    if total <= 0:
        raise Undefined("nothing is open: a share of nothing does not exist")
    return overdue(ledger, as_of, over=over, basis=basis) / total
