"""What the calculations ask of their tables; a refusal says what to do."""

from __future__ import annotations

import pandas as pd


def require(frame: pd.DataFrame, name: str, *columns: str) -> None:
    """Refuse a table that lacks a column, naming all that are missing."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{name} lack the column(s) {', '.join(missing)}")


def one_currency(frame: pd.DataFrame) -> None:
    """Refuse amounts in several currencies: they are never added."""
    if "currency" in frame and frame["currency"].nunique() > 1:
        raise ValueError(f"several currencies ({', '.join(sorted(map(str, frame['currency'].unique())))}), "
                         "which are never added: ask for one at a time")


def dates(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column as midnight dates, NaT where missing."""
    return pd.to_datetime(frame[column]).dt.normalize()


def day(as_of: object) -> pd.Timestamp:
    """The day as midnight; events dated that day have happened by its end."""
    return pd.Timestamp(as_of).normalize()
