"""The three small tables (三张小表): cause -> first move, debt type -> lever, customer type -> line.

Not one big matrix: each table is looked up once. The left columns are items of the glossary's
lists, so names follow the glossary; the tables themselves are ``data/first_moves.yaml``.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from receivables import content, paths
from receivables.content import Content
from receivables.talk import glossary

TABLES = {"causes": "overdue_causes", "debt_types": "debt_types", "customer_types": "customer_types"}


class Row(Content):
    """A row of one of the three small tables (三张小表); which columns it has depends on the table."""

    key: str


class CauseRow(Row):
    """Cause (原因) -> first move, what proves it was done, what to avoid."""

    move: str
    proof: str
    avoid: str


class DebtRow(Row):
    """Debt type (账型) -> lever, on what ground, what to watch."""

    lever: str
    source: str
    watch: str


class LineRow(Row):
    """Customer type or flag (客户类型或标记) -> the first line, and why."""

    line: str
    why: str


class FirstMoves(Content):
    """The three small tables (三张小表) and the line for a flag; keys are items of the glossary's lists."""

    owner: str
    date: dt.date
    status: Literal["seed", "sourced", "house"]
    causes: tuple[CauseRow, ...]
    debt_types: tuple[DebtRow, ...]
    customer_types: tuple[LineRow, ...]
    flags: tuple[LineRow, ...]

    @model_validator(mode="after")
    def _whole(self) -> FirstMoves:
        words = glossary.load()
        for table, term in TABLES.items():
            keys, items = [row.key for row in getattr(self, table)], [item.id for item in words.term(term).items]
            if keys != items:
                raise ValueError(f"the table for {term} has {keys}, the glossary has {items}")
        return self

    def row(self, table: Literal["causes", "debt_types", "customer_types", "flags"], key: str) -> Row:
        """One row of one table.

        >>> load().row("customer_types", "willing_unable").line[:8]
        '难处我听明白了。'
        """
        for row in getattr(self, table):
            if row.key == key:
                return row
        raise ValueError(f"{table} has no {key!r}; it has {[row.key for row in getattr(self, table)]}")


def load(path: Path | str | None = None) -> FirstMoves:
    """The three small tables of ``data/first_moves.yaml`` or another file (三张小表).

    >>> load().row("causes", "our_side").avoid
    '自己的单据没齐就去催。'
    """
    return content.load(paths.data("first_moves.yaml") if path is None else Path(path), FirstMoves)
