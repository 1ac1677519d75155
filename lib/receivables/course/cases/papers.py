"""What the papers of every case share: working days, fen and yuan, dates as written and as said, our authority table."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from receivables.exercise.figures import ShownTable
from receivables.ledger import Ledger
from receivables.ledger.company.profile import Authority, profile
from receivables.ledger.company.workdays import workday


def last_workday(day: date) -> date:
    """The day itself when offices are open, else the last one before it.

    >>> last_workday(date(2025, 5, 4)).isoformat()
    '2025-04-30'
    """
    while workday(day) != day:
        day -= timedelta(days=1)
    return day


def yuan(fen: int) -> float:
    """Fen as yuan."""
    return fen / 100


def tax(fen: int) -> int:
    """The VAT inside a gross amount, in fen.

    >>> tax(11300)
    1300
    """
    rate = Decimal(str(profile().money.vat_rate))
    return int((fen * rate / (1 + rate)).quantize(Decimal(1), ROUND_HALF_UP))


def written(name: str, on: date) -> dict[str, str]:
    """A date as papers write it, and as people write it in a chat."""
    return {name: f"{on:%Y-%m-%d}", f"{name}_md": f"{on.month}月{on.day}日"}


def authority() -> ShownTable:
    """Who may grant what (授权表), from data/company.yaml; narrow enough to be read on a phone."""
    def row(role: Authority) -> list[str]:
        return [role.role, f"{role.extend_days} 天", f"{role.instalments} 期",
                f"{role.discount * 100:g} 个点" if role.discount else "不能", "能免" if role.waive_interest else "不能",
                "不限" if role.amount is None else f"{role.amount / 10_000:g} 万"]

    return ShownTable(["谁", "延期", "期数", "让价", "违约金", "欠款以内"], [row(role) for role in profile().authority])


def ledger(source: str, tables: dict[str, list[dict]]) -> Ledger:
    """A ledger from rows, dates as the schema wants them."""
    return Ledger.from_tables({name: pd.DataFrame(rows).astype(_dates(rows)) for name, rows in tables.items()},
                              source=source)


def _dates(rows: list[dict]) -> dict[str, str]:
    return {name: "datetime64[us]" for name in rows[0] if any(isinstance(row.get(name), date) for row in rows)}
