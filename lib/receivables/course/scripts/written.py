"""How papers write a date, an amount, a document (写法)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from receivables.course.report.words import money
from receivables.course.scripts import templates
from receivables.course.scripts.capital import capital


def day(value: Any) -> str:
    """2025年6月30日."""
    return "" if pd.isna(value) else f"{value.year}年{value.month}月{value.day}日"


def short(value: Any) -> str:
    """2025-06-30."""
    return "" if pd.isna(value) else f"{value.year}-{value.month:02}-{value.day:02}"


def text(value: Any) -> str:
    """A text of the ledger, empty where it has none."""
    return "" if pd.isna(value) else str(value)


def units(fen: Any) -> str:
    """Minor units as money."""
    return money(int(fen) / 100)


def in_capitals(amount: Decimal, currency: str) -> str:
    """An amount in capitals; of another currency in figures, since 元 would be wrong."""
    if currency not in templates.load().unit:
        return f"{currency} {money(float(amount))}"
    return capital(amount, prefix="人民币" if currency == "CNY" else "")


def document(item: Any) -> str:
    """The number of an open item; retention has its invoice's number and says what it is."""
    t = templates.load()
    return f"{item.document_id}（{t.kinds['retention']}）" if item.document_type == "retention" else item.document_id
