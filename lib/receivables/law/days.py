"""Counting legal periods (期间): corresponding days, and the roll over holidays as far as the calendar is known.

民法典 200-204: the first day does not count; a month or year ends on the corresponding day, or the month's last when
there is none; a last day on a statutory holiday rolls to the next working day.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar


def add_months(base: date, months: int) -> date:
    """The corresponding day some months on (对应日), or the month's last day when there is none (民法典 202).

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 3, 10), -6)
    (datetime.date(2026, 2, 28), datetime.date(2025, 9, 10))
    """
    index = base.year * 12 + base.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(base.day, calendar.monthrange(year, month + 1)[1]))


def add_years(base: date, years: int) -> date:
    """The corresponding day some years on; 29 February ends on the 28th when the year has no 29th.

    >>> add_years(date(2024, 2, 29), 3)
    datetime.date(2027, 2, 28)
    """
    return add_months(base, 12 * years)


@dataclass(frozen=True)
class Rolled:
    """A last day after the roll, and the years whose holidays the calendar does not know."""

    day: date
    unknown_years: tuple[int, ...] = ()

    @property
    def note(self) -> str:
        """What to say about it; empty when the whole roll is known."""
        years = "、".join(str(year) for year in self.unknown_years)
        return f"{years} 年的放假安排还不知道，只按周末顺延，公布后再看一遍" if years else ""


@cache
def roll(last: date) -> Rolled:
    """The statutory last day (末日遇法定休假日顺延, 民法典 203) by the kept library ``chinesecalendar``.

    A year the library does not hold is not guessed: only weekends roll, and the year is listed.

    >>> roll(date(2026, 10, 2)).day
    datetime.date(2026, 10, 8)
    >>> roll(date(2027, 2, 28)).note
    '2027 年的放假安排还不知道，只按周末顺延，公布后再看一遍'
    """
    unknown: set[int] = set()
    while True:
        try:
            off = chinese_calendar.is_holiday(last)
        except NotImplementedError:
            unknown.add(last.year)
            off = last.weekday() >= 5
        if not off:
            return Rolled(last, tuple(sorted(unknown)))
        last += timedelta(days=1)


def known_years() -> tuple[int, int]:
    """First and last year whose holidays the library knows."""
    years = {day.year for day in chinese_calendar.constants.holidays}
    return min(years), max(years)


def add_workdays(base: date, count: int) -> Rolled:
    """The day some working days on (工作日), the base not counted.

    >>> add_workdays(date(2026, 9, 30), 1).day
    datetime.date(2026, 10, 8)
    """
    current, unknown = base, set()
    for _ in range(count):
        step = roll(current + timedelta(days=1))
        current, unknown = step.day, unknown | set(step.unknown_years)
    return Rolled(current, tuple(sorted(unknown)))
