"""What the report says: phrases of data/report.yaml, reasons retold in Chinese, figures as they are printed."""

from __future__ import annotations

import re
from functools import cache

from receivables import content, paths
from receivables.course.report.problems import retold


class Reason(content.Content):
    """An English reason of the library and how the report says it."""

    pattern: str
    say: str


@cache
def _words() -> dict[str, str]:
    return content.load(paths.data("report.yaml"), dict[str, str])


@cache
def _reasons() -> list[Reason]:
    return content.load(paths.data("report_reasons.yaml"), list[Reason])


def say(key: str, **values: object) -> str:
    """A phrase with its blanks filled.

    >>> say("currency_head", currency="USD")
    '币种 USD'
    """
    return _words()[key].format(**values)


def head(key: str) -> list[str]:
    """The column heads of a table."""
    return say(key).split(",")


def told(reason: str) -> str:
    """A reason or problem of the library in the reader's language; as it is where no content file knows it.

    >>> told("sales of the period are 0.00: DSO has no denominator")
    '这个月开票合计 0.00，没有分母'
    """
    if (problem := retold(reason)) is not None:
        return problem
    for known in _reasons():
        if found := re.search(known.pattern, reason):
            return known.say.format(**found.groupdict())
    return reason


def money(amount: float) -> str:
    """An amount to the fen.

    >>> money(-1234.5), money(-0.0)
    ('−1,234.50', '0.00')
    """
    return f"{amount + 0.0:,.2f}".replace("-", "−")


def percent(share: float) -> str:
    """A share with one decimal; a dash where there is none.

    >>> percent(0.1234), percent(float("nan"))
    ('12.3%', '—')
    """
    return "—" if share != share else f"{share:.1%}".replace("-", "−")


def days(value: float) -> str:
    """Days with one decimal; a dash where there is none."""
    return "—" if value != value else f"{value:.1f}".replace("-", "−")


def signed(text: str, value: float) -> str:
    """The text of a change, with a plus where it grew.

    >>> signed("5.0", 5.0)
    '+5.0'
    """
    return f"+{text}" if value > 0 else text
