"""What calculators accept, checked once: amounts, rates, dates; and what they raise when the law is not known."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from receivables.errors import Undefined

FEN = Decimal("0.01")


class LawUnknown(Undefined):
    """The law pack cannot answer for that day: not checked so far, or no version reaches back."""


class RateUnknown(LawUnknown):
    """No published rate is known for that day; the caller may add one with ``rates=``."""


def amount(value: object, name: str = "amount") -> Decimal:
    """Money in yuan as an exact Decimal (金额); a float is taken by its shortest writing.

    Raises
    ------
    ValueError
        Not a number, not finite, or negative.

    >>> amount("123456.78"), amount(0.1)
    (Decimal('123456.78'), Decimal('0.1'))
    >>> amount(-1)
    Traceback (most recent call last):
    ...
    ValueError: amount 不能是负数（-1）：金额用正数，单位元
    """
    number = _decimal(value, name, "金额写成 12345.67 这样的数，单位元")
    if number < 0:
        raise ValueError(f"{name} 不能是负数（{value}）：金额用正数，单位元")
    return number


def fraction(value: object, name: str = "rate") -> Decimal:
    """A rate or share as a fraction (比率，小数): 3 % is 0.03; above 1 is refused.

    >>> fraction("0.03")
    Decimal('0.03')
    >>> fraction(3)
    Traceback (most recent call last):
    ...
    ValueError: rate 用小数，不能小于 0 或者大于 1（3）：3% 写 0.03
    """
    number = _decimal(value, name, "写小数，3% 写 0.03")
    if not 0 <= number <= 1:
        raise ValueError(f"{name} 用小数，不能小于 0 或者大于 1（{value}）：3% 写 0.03")
    return number


def _decimal(value: object, name: str, hint: str) -> Decimal:
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{name} 不是数（{value!r}）：{hint}")
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{name} 不是数（{value!r}）：{hint}") from None
    if not number.is_finite():
        raise ValueError(f"{name} 不是有限的数（{value!r}）：{hint}")
    return number


def day(value: object, name: str = "date") -> date:
    """A calendar day (日期) from a date, datetime, pandas Timestamp or ISO text.

    >>> day("2026-03-02"), day(datetime(2026, 3, 2, 17, 30))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 2))
    >>> day("2/3/2026")
    Traceback (most recent call last):
    ...
    ValueError: date 不是日期（'2/3/2026'）：写成 2026-03-02 这样
    """
    if isinstance(value, datetime) and value == value:  # NaT is a datetime that does not equal itself
        return value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"{name} 不是日期（{value!r}）：写成 2026-03-02 这样")


def maybe_day(value: object, name: str = "date") -> date | None:
    """Like ``day``, but None stays None."""
    return None if value is None else day(value, name)


def span(start: object, end: object) -> tuple[date, date]:
    """First day counted and first day not counted of a period ``[start, end)``; end before start is refused."""
    first, last = day(start, "start"), day(end, "end")
    if last < first:
        raise ValueError(f"end（{last}）早于 start（{first}）：期间写成 [start, end)，算头不算尾")
    return first, last


def one_of(value: object, choices: tuple[str, ...], name: str) -> str:
    """The value, if it is one of the choices.

    >>> one_of("huge", ("government", "large"), "debtor")
    Traceback (most recent call last):
    ...
    ValueError: debtor 不能是 'huge'：请从 government、large 里选
    """
    if value not in choices:
        raise ValueError(f"{name} 不能是 {value!r}：请从 {'、'.join(choices)} 里选")
    return value
