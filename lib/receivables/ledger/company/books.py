"""The rows being written while the company is generated (记账), and the tables made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from receivables.ledger.schema import TABLES

# Prefixes of document numbers: 合同, 订单, 送货, 发票, 红票, 收款, 核销勾兑, 质保, 对账, 争议, 承诺, 联系, 坏账.
PREFIXES = {"contracts": "HT", "orders": "DD", "deliveries": "SH", "invoices": "FP", "credit_note": "HP",
            "receipts": "SK", "allocations": "GD", "statements": "DZ", "disputes": "ZY", "promises": "CN",
            "contacts": "LX", "write_offs": "HX"}


@dataclass
class Books:
    """Rows by table, in one currency; numbers run per customer and month.

    So one customer's story never renumbers another's.

    >>> books = Books("CNY")
    >>> books.number("invoices", date(2025, 3, 19), "C0058"), books.number("invoices", date(2025, 3, 28), "C0058")
    ('FP2503-0058-1', 'FP2503-0058-2')
    """

    currency: str
    rows: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))
    _numbers: Counter = field(default_factory=Counter)

    def number(self, what: str, on: date, customer_id: str) -> str:
        """The next document number of a kind for a customer in a month."""
        stem = f"{PREFIXES[what]}{on:%y%m}-{customer_id[1:]}"
        self._numbers[stem] += 1
        return f"{stem}-{self._numbers[stem]}"

    def add(self, table: str, **row) -> dict:
        """Write one row; what it does not give is missing."""
        if "currency" in TABLES[table].columns:
            row["currency"] = self.currency
        self.rows[table].append(row)
        return row

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table of the schema, typed, money in fen, sorted by key."""
        return {name: _frame(name, self.rows[name]) for name in TABLES}


def _frame(name: str, rows: list[dict]) -> pd.DataFrame:
    table = TABLES[name]
    unknown = {column for row in rows for column in row} - set(table.columns)
    if unknown:
        raise ValueError(f"table {name} has no columns {sorted(unknown)}")
    columns = {}
    for column in table.fields:
        values = [row.get(column.name) for row in rows]
        if column.kind == "date":
            columns[column.name] = pd.Series(pd.to_datetime(values)).astype(column.dtype)
        else:
            columns[column.name] = pd.Series(values, dtype=column.dtype)
    frame = pd.DataFrame(columns, columns=table.columns)
    return frame.sort_values(table.key, kind="stable", ignore_index=True)
