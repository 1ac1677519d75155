"""Figures of a case: what its documents state, by name. A case is a ledger with ``facts`` and ``tables``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from receivables.exercise.figures.base import ShownTable, figure


def _named(what: str, known: Any, name: str) -> Any:
    if name not in known:
        raise ValueError(f"this case has no {what} {name!r}; it has {', '.join(sorted(known))}")
    return known[name]


@figure
def fact(ledger: Any, as_of: pd.Timestamp, *, name: str) -> Any:
    """A figure (in 元, days or a fraction) or a word that the documents of the case state."""
    return _named("fact", ledger.facts, name)


@figure
def case_table(ledger: Any, as_of: pd.Timestamp, *, name: str) -> ShownTable:
    """A table of the case."""
    return _named("table", ledger.tables, name)
