"""Dates as exports write them (日期): read by whole columns, because one value cannot tell 1 March from 3 January."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from receivables.ledger.cells import distinct

DateOrder = Literal["DMY", "MDY"]
FIRST_YEAR, LAST_YEAR = 1970, 2199
NO_DATE = np.datetime64("NaT", "D")
_EPOCH = np.datetime64("1899-12-30", "D")  # day 0 of Excel's calendar
_TIME = r"(?:[T\s]+\d{1,2}[:时]\d{2}.*)?$"
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _TIME)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})" + _TIME)
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?$")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?$")
_DAY_NAME = re.compile(r"(\d{1,2})[-\s]([A-Za-z]{3,9})[-,\s]+(\d{4})" + _TIME)
_NAME_DAY = re.compile(r"([A-Za-z]{3,9})[.\s]+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + _TIME)
_MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name}
_EMPTY = {
    "",
    "-",
    "--",
    "/",
    "null",
    "none",
    "nan",
    "nat",
    "n/a",
    "#n/a",
    "0",
    "0.0",
    "00000000",
    "0000-00-00",
    "00.00.0000",
    "0000/00/00",
    "99991231",
    "9999-12-31",
    "31.12.9999",
    "9999/12/31",
}


@dataclass
class Dates:
    """Columns read: days (NaT where empty or wrong), what is wrong by column and position, suspicions in words."""

    days: dict[str, np.ndarray] = field(default_factory=dict)
    wrong: dict[str, dict[int, str]] = field(default_factory=dict)
    swapped: dict[str, np.ndarray] = field(default_factory=dict)  # the other reading of d/m, NaT where there is none
    suspect: dict[str, list[int]] = field(default_factory=dict)  # real dates among texts that Excel has swapped
    order: DateOrder | None = None
    ambiguous: dict[str, list[int]] = field(default_factory=dict)  # positions to show when the order cannot be told


def read_dates(columns: dict[str, pd.Series], order: DateOrder | None = None) -> Dates:
    """Read the date columns of one file together.

    A column with a day above 12 shows its own order; one without takes that of the file's other columns. Nothing to
    go by: ``ambiguous`` names positions and all such values stay NaT.

    Parameters
    ----------
    columns : name -> Series of str
    order : "DMY" or "MDY" where the caller knows

    >>> read_dates({"due": pd.Series(["1/2/2013", "2/13/2013", "2013年3月5日", "20130102.0"])}).days["due"]
    array(['2013-01-02', '2013-02-13', '2013-03-05', '2013-01-02'], dtype='datetime64[D]')
    >>> read_dates({"due": pd.Series(["1/2/2013", "2/3/2013"])}).ambiguous
    {'due': [0, 1]}
    """
    parsed = {name: _Column(texts) for name, texts in columns.items()}
    seen = {found for column in parsed.values() if (found := column.own_order())}
    common = order or (seen.pop() if len(seen) == 1 else None)
    result = Dates(order=common)
    for name, column in parsed.items():
        column.resolve(order or column.own_order() or common, name, result)
    return result


class _Column:
    """One column: its distinct texts, classified."""

    def __init__(self, texts: pd.Series):
        self.codes, values = distinct(texts)
        self.kind = np.empty(len(values), "U9")
        self.numbers = np.zeros((len(values), 3), np.int64)
        self.why: dict[int, str] = {}
        for position, text in enumerate(values):
            self._classify(position, unicodedata.normalize("NFKC", text).strip())

    def _classify(self, position: int, text: str) -> None:
        kind, numbers = "wrong", (0, 0, 0)
        if text.lower() in _EMPTY:
            kind = "empty"
        elif found := _YEAR_LAST.match(text):
            kind, numbers = "ordered", (int(found[1]), int(found[2]), int(found[3]))
        elif found := _YEAR_FIRST.match(text) or _COMPACT.match(text):
            kind, numbers = "plain", (int(found[1]), int(found[2]), int(found[3]))
        elif _SERIAL.match(text):
            day = _EPOCH + int(float(text))
            kind, numbers = "plain", (day.astype(object).year, day.astype(object).month, day.astype(object).day)
        elif (found := _DAY_NAME.match(text)) and found[2][:3].lower() in _MONTHS:
            kind, numbers = "plain", (int(found[3]), _MONTHS[found[2][:3].lower()], int(found[1]))
        elif (found := _NAME_DAY.match(text)) and found[1][:3].lower() in _MONTHS:
            kind, numbers = "plain", (int(found[3]), _MONTHS[found[1][:3].lower()], int(found[2]))
        else:
            self.why[position] = (
                "the year has two digits: write four"
                if _SHORT_YEAR.match(text)
                else "a formula, not its result"
                if text.startswith("=")
                else "not a date"
            )
        self.kind[position], self.numbers[position] = kind, numbers

    def own_order(self) -> DateOrder | None:
        """What the column's values say, None when nothing or when both orders occur."""
        first, second = self._evidence()
        return "DMY" if first.any() and not second.any() else "MDY" if second.any() and not first.any() else None

    def _evidence(self):
        ordered = self.kind == "ordered"
        a, b = self.numbers[:, 0], self.numbers[:, 1]
        return ordered & (a > 12) & (b <= 12), ordered & (b > 12) & (a <= 12)

    def resolve(self, order: DateOrder | None, name: str, result: Dates) -> None:
        ordered = self.kind == "ordered"
        a, b, c = self.numbers.T
        year, month, day = np.where(ordered, c, a), np.where(ordered, a, b), np.where(ordered, b, c)
        if order == "DMY":
            month, day = np.where(ordered, b, month), np.where(ordered, a, day)
        days, exists = _calendar_days(year, month, day)
        other, other_exists = _calendar_days(year, day, month)
        first, second = self._evidence()
        why = dict(self.why)
        for position in np.flatnonzero((self.kind != "wrong") & (self.kind != "empty") & ~exists):
            why[int(position)] = (
                "a day and month the other way round from the rest of the column"
                if ordered[position] and other_exists[position]
                else "not a day that exists"
            )
        if order is None and ordered.any():
            days[ordered] = NO_DATE
            shown = [np.flatnonzero(first)[:2], np.flatnonzero(second)[:2]]  # a mixed column shows both kinds
            shown = np.concatenate(shown) if first.any() and second.any() else np.flatnonzero(ordered)[:3]
            result.ambiguous[name] = sorted(int(np.flatnonzero(self.codes == code)[0]) for code in shown)
            why = {code: text for code, text in why.items() if not ordered[code]}
        days[~exists | (self.kind == "wrong") | (self.kind == "empty")] = NO_DATE
        # Excel opened with the wrong regional setting turns 3/1 into 1 March and leaves 13/1 as text: where all
        # texts have a day above 12 and all real dates one below 13, the real dates are very likely swapped.
        plain = (self.kind == "plain") & exists
        if (
            plain.any()
            and ordered.any()
            and (first | second)[ordered].all()
            and (day[plain] <= 12).all()
            and (day != month)[plain].any()
        ):
            result.suspect[name] = self._rows(plain & (day != month))
        swappable = (self.kind != "wrong") & other_exists & (day != month)
        result.days[name] = self._take(days)
        result.swapped[name] = self._take(np.where(swappable, other, NO_DATE))
        result.wrong[name] = (
            {int(row): why[int(self.codes[row])] for row in np.flatnonzero(np.isin(self.codes, list(why)))}
            if why
            else {}
        )

    def _take(self, values: np.ndarray) -> np.ndarray:
        return values[self.codes] if len(values) else np.full(len(self.codes), NO_DATE)

    def _rows(self, which: np.ndarray) -> list[int]:
        return np.flatnonzero(which[self.codes]).tolist() if len(which) else []


def _calendar_days(year, month, day) -> tuple[np.ndarray, np.ndarray]:
    """Days of the dates, and whether each exists between the years a ledger can hold."""
    exists = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(exists, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(exists, day - 1, 0)
    exists &= days.astype("datetime64[M]") == months
    return days, exists
