"""Working days in mainland China (工作日), as the company's documents need them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache

import chinese_calendar


@cache
def workday(day: date) -> date:
    """The day itself when offices are open, else the next day they are (顺延到工作日).

    >>> workday(date(2025, 5, 1)).isoformat(), workday(date(2025, 6, 30)).isoformat()
    ('2025-05-06', '2025-06-30')
    """
    while not chinese_calendar.is_workday(day):
        day += timedelta(days=1)
    return day


def month_end(day: date) -> date:
    """The last calendar day of the month.

    >>> month_end(date(2024, 2, 5)).isoformat()
    '2024-02-29'
    """
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_run(day: date, run_day: int) -> date:
    """The customer's next payment run (付款日) on or after a day: one fixed day a month, moved off holidays.

    >>> next_run(date(2025, 4, 26), 25).isoformat(), next_run(date(2025, 4, 24), 25).isoformat()
    ('2025-05-26', '2025-04-25')
    """
    run = day.replace(day=min(run_day, calendar.monthrange(day.year, day.month)[1]))
    if workday(run) < day:
        first = month_end(day) + timedelta(days=1)
        run = first.replace(day=min(run_day, calendar.monthrange(first.year, first.month)[1]))
    return workday(run)


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from one day's month to another's.

    >>> [month.isoformat() for month in months_between(date(2024, 12, 9), date(2025, 1, 3))]
    ['2024-12-01', '2025-01-01']
    """
    months = []
    month = first.replace(day=1)
    while month <= last:
        months.append(month)
        month = month_end(month) + timedelta(days=1)
    return months
