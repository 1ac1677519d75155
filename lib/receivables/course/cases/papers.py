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


def authority(*, discount: bool = False) -> ShownTable:
    """Who may grant what (授权表), from data/company.yaml; ``discount``: with the share one may let go."""
    def row(role: Authority) -> list[str]:
        cut = ["不可以" if not role.discount else f"{role.discount * 100:g} 个点"] if discount else []
        return [role.role, f"{role.extend_days} 天", f"{role.instalments} 期", *cut,
                "可以" if role.waive_interest else "不可以",
                "不限" if role.amount is None else f"{role.amount / 10_000:g} 万元"]

    return ShownTable(["谁", "延期最多", "期数", *(["让价最多"] if discount else []), "免违约金", "金额以内"],
                      [row(role) for role in profile().authority])


def ledger(source: str, tables: dict[str, list[dict]]) -> Ledger:
    """A ledger from rows, dates as the schema wants them."""
    return Ledger.from_tables({name: pd.DataFrame(rows).astype(_dates(rows)) for name, rows in tables.items()},
                              source=source)


def _dates(rows: list[dict]) -> dict[str, str]:
    return {name: "datetime64[us]" for name in rows[0] if any(isinstance(row.get(name), date) for row in rows)}
