"""What figures say, in the words of data/charts.yaml; numbers as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pandas as pd

from receivables import content, paths


@cache
def _words() -> dict[str, str]:
    return content.load(paths.data("charts.yaml"), dict[str, str])


def say(key: str, **values: object) -> str:
    """A phrase with its blanks filled.

    >>> say("aging_all_current", total="12.5", unit="万元")
    '12.5 万元欠款，都还没到期'
    """
    return _words()[key].format(**values)


def bucket(name: str) -> str:
    """The house name of an aging bucket.

    >>> [bucket(b) for b in ("current", "1-30", "91+", "0-1m", "12m+", "1-2y")]
    ['未到期', '1–30 天', '90 天以上', '1 个月以内', '12 个月以上', '1–2 年']
    """
    found = re.fullmatch(r"(\d+)(?:-(\d+))?([my]?)(\+?)", name)
    if not found:
        return say(f"bucket_{name}")
    low, high, unit, is_open = found.groups()
    kind = {"": "days", "m": "months", "y": "years"}[unit]
    if is_open:
        return say(f"bucket_{kind}_open", low=int(low) - (kind == "days"))
    if kind != "days" and low == "0":
        return say(f"bucket_{kind}_first", high=high)
    return say(f"bucket_{kind}", low=low, high=high)


def spaced(text: str) -> str:
    """A sentence with a space between a Chinese character and the figure after it.

    >>> spaced("主要是90 天以上的")
    '主要是 90 天以上的'
    """
    return re.sub(r"([\u4e00-\u9fff])(\d)", r"\1 \2", text)


def percent(share: float) -> str:
    """A share as a whole percentage, with one decimal below ten.

    >>> percent(0.346), percent(0.046), percent(0), percent(1)
    ('35%', '4.6%', '0%', '100%')
    """
    value = share * 100
    return f"{value:.1f}%" if 0 < abs(value) < 9.95 else f"{value:.0f}%"


@dataclass(frozen=True)
class Money:
    """One unit for all amounts of a figure: 万 from ten thousand up, else whole units.

    >>> money = Money.of([1_234_567.0, 50.0])
    >>> money(1_234_567.0), money.unit, money.text(50.0)
    ('123.5', '万元', '0.005 万元')
    """

    per: float
    unit: str

    @classmethod
    def of(cls, amounts: Iterable[float], currency: str = "CNY") -> Money:
        large = max((abs(a) for a in amounts), default=0) >= 10_000
        if currency == "CNY":
            return cls(1e4, say("unit_10k")) if large else cls(1, say("unit_1"))
        return cls(1e4, say("unit_10k_foreign", currency=currency)) if large else cls(1, currency)

    def __call__(self, amount: float) -> str:
        value = amount / self.per
        digits = 0 if self.per == 1 else 1
        while value and abs(value) < 0.1 and digits < 4 and self.per > 1 and round(value, digits) != value:
            digits += 1
        return f"{value:,.{digits}f}".replace("-", "−")

    def text(self, amount: float) -> str:
        return say("amount", value=self(amount), unit=self.unit)


def count(number: int) -> str:
    """A small number as it is said before a measure word.

    >>> count(2), count(10), count(12)
    ('两', '十', ' 12 ')
    """
    numerals = say("numerals")
    return numerals[number] if number < len(numerals) else f" {say('more_than_ten', count=number)}"


def day(date: pd.Timestamp) -> str:
    """A date as month and day.

    >>> day(pd.Timestamp("2025-07-15"))
    '7 月 15 日'
    """
    return say("day", month=date.month, day=date.day)


def months(labels: Iterable[object]) -> list[str]:
    """Month labels for an axis: the year stands under the first month shown and under each January.

    >>> months(["2024-11", "2024-12", "2025-01"])
    ['11月\\n2024', '12月', '1月\\n2025']
    """
    out = []
    for position, label in enumerate(labels):
        year, month = str(label)[:7].split("-")
        first = position == 0 or month == "01"
        out.append(say("month_first" if first else "month", month=int(month), year=year))
    return out
