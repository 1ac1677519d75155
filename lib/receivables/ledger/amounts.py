"""Amounts as people write them (金额), turned into whole minor units without loss."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import numpy as np
import pandas as pd

LIMIT = 10**12  # currency units: below it a float holds every fen
_PLAIN = set("0123456789.+-")
_MARKS = re.compile(r"(?i)(cny|rmb|usd|eur|gbp|hkd|us\$|[¥$€£元圆])")
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+$")


def to_units(minor):
    """Minor units as currency units: each exactly fen / 100, rounded to the nearest float.

    >>> to_units(5594)
    55.94
    """
    return minor / 100


def to_minor(units) -> np.ndarray:
    """Currency units (floats, ints, Decimals) as int64 minor units, rounded to the nearest.

    >>> to_minor([55.94, -0.01, 1e3])
    array([  5594,     -1, 100000])
    """
    values = np.asarray(units, dtype=np.float64)
    if not np.isfinite(values).all() or (np.abs(values) >= LIMIT).any():
        raise ValueError(f"amounts must be finite and below {LIMIT:,}")
    return np.rint(values * 100).astype(np.int64)


def read_amounts(texts: pd.Series, *, scale: int = 1, comma: bool | None = None):
    """Read one column of amounts.

    Takes thousands separators, a decimal comma, brackets, a trailing or Unicode minus, CR, currency marks, full-width
    digits. How the column separates its decimals is decided over the whole column.

    Parameters
    ----------
    texts : Series of str, missing values allowed
    scale : 10000 for a column in 万元
    comma : True where the rest of the file writes a decimal comma

    Returns
    -------
    (int64 minor units, 0 where missing; bool array of missing; {position: what is wrong}; positions rounded to fen)

    >>> minor, missing, wrong, _ = read_amounts(pd.Series(["1,234.50", "(7)", "3.5-", "", "=A1+B1", "－２"]))
    >>> minor, missing.tolist(), wrong
    (array([123450,   -700,   -350,      0,      0,   -200]), [False, False, False, True, False, False],
     {4: 'a formula, not its result'})
    >>> read_amounts(pd.Series(["1.234,50", "12,5"]))[0]
    array([123450,   1250])
    """
    values = texts.to_numpy(object)
    blank = pd.isna(values)
    texts_list = ["" if gone else value.strip() for value, gone in zip(values, blank, strict=True)]
    if set("".join(texts_list)) <= _PLAIN:
        units = pd.to_numeric(pd.Series(texts_list, dtype=object), errors="coerce").to_numpy(np.float64)
        minor = units * 100 * scale
        plain = np.isfinite(minor) & (np.abs(minor) < LIMIT * 100)
        # A third decimal, or a dot that may part thousands, needs the closer look below.
        three = any(text[-4:-3] == "." for text in texts_list) or (comma and any("." in text for text in texts_list))
        if not three and (np.abs(minor - np.rint(minor))[plain] < 1e-4).all():
            missing = np.array([text == "" for text in texts_list], dtype=bool)
            bad = np.flatnonzero(~plain & ~missing)
            if not len(bad):
                return np.where(missing, 0, np.rint(np.where(plain, minor, 0))).astype(np.int64), missing, {}, []
    return _closely(texts_list, scale, comma)


def _closely(texts: list[str], scale: int, comma: bool | None):
    cleaned = {text: _clean(text) for text in set(texts)}
    decimal = _decimal_mark([number for number, _ in cleaned.values() if number], comma)
    results = {text: _value(*cleaned[text], decimal, scale) for text in cleaned}
    minor, missing = np.zeros(len(texts), np.int64), np.zeros(len(texts), bool)
    wrong, rounded = {}, []
    for position, text in enumerate(texts):
        value = results[text]
        if value is None:
            missing[position] = True
        elif isinstance(value, str):
            wrong[position] = value
        else:
            minor[position] = value[0]
            if value[1]:
                rounded.append(position)
    return minor, missing, wrong, rounded


def _clean(text: str) -> tuple[str, bool]:
    """The digits and separators of one amount, and whether it is negative; a text without sense stays as it is."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text.lower() in {"", "null", "none", "nan", "n/a", "#n/a"}:
        return "", False
    if text[0] == "=":
        return text, False
    text = _SPACES.sub("", _MARKS.sub("", text))
    text = re.sub(r"[−–—‐]", "-", text)
    if text in {"-", "--"}:
        return "0", False  # how accounting formats print zero
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1], True
    if re.search(r"(?i)\dcr$", text):
        text, negative = text[:-2], True
    elif re.search(r"(?i)\ddr$", text):
        text = text[:-2]
    if text.endswith("-") or text.startswith("-"):
        text, negative = text.strip("-"), not negative
    return text.removeprefix("+"), negative


def _decimal_mark(numbers: list[str], comma: bool | None) -> str:
    """The column's decimal mark, or "?" where every dot stands before three digits and could part thousands."""
    votes = set()
    for number in numbers:
        last_comma, last_dot = number.rfind(","), number.rfind(".")
        if last_comma >= 0 and last_dot >= 0:
            votes.add("," if last_comma > last_dot else ".")
        elif number.count(".") > 1 or (last_comma >= 0 and not _GROUPED.match(number)):
            votes.add(",")
        elif number.count(",") > 1 or (last_dot >= 0 and len(number) - last_dot != 4):
            votes.add(".")
    if votes == {","}:
        return ","
    if votes or not any("." in number for number in numbers):
        return "."  # both marks used: the values that do not fit will be named
    return "," if comma else "?"


def _value(number: str, negative: bool, decimal: str, scale: int):
    """(minor units, whether rounded), None for missing, or what is wrong."""
    if not number:
        return None
    if number[0] == "=":
        return "a formula, not its result"
    both = "," in number and "." in number
    mark = decimal if not both else "," if number.rfind(",") > number.rfind(".") else "."
    if mark == "?":
        if re.fullmatch(r"\d{1,3}\.\d{3}", number):
            return "may be thousands or three decimals"
        mark = "."
    other = "." if mark == "," else ","
    whole, _, fraction = number.partition(mark)
    if other in whole and not re.fullmatch(rf"\d{{1,3}}(\{other}\d{{2,4}})*\{other}\d{{3}}", whole):
        return "not an amount: separators in odd places"
    plain = whole.replace(other, "") + ("." + fraction if fraction else "")
    if not re.fullmatch(r"\d+(\.\d+)?|\.\d+", plain):
        return "not an amount"
    try:
        exact = Decimal(plain) * scale * 100
    except InvalidOperation:
        return "not an amount"
    if exact >= LIMIT * 100:
        return "too large to be an amount"
    minor = int(exact.to_integral_value(ROUND_HALF_EVEN))
    return (-minor if negative else minor), abs(exact - minor) > Decimal("0.0001")
