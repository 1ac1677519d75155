"""Amounts as people write them (金额), turned into whole minor units without loss."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import numpy as np
import pandas as pd

from receivables.ledger.cells import distinct, stripped

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
    plainly = None if texts.hasnans else _plainly(stripped(texts), scale, comma)
    if plainly is not None:
        return *plainly, {}, []
    codes, values = distinct(texts)
    minor, missing, wrong, rounded = _closely(values, scale, comma)
    rows = {code: np.flatnonzero(codes == code) for code in (*wrong, *rounded)}
    return (
        minor[codes],
        missing[codes],
        {int(row): wrong[code] for code in wrong for row in rows[code]},
        sorted(int(row) for code in rounded for row in rows[code]),
    )


def _plainly(values: list[str], scale: int, comma: bool | None):
    """Columns of nothing but digits, dots and minus signs; None when one value needs a closer look."""
    joined = "\n".join(values)
    if not set(joined) <= _PLAIN | {"\n"}:
        return None
    if re.search(r"\.\d{3}$", joined, re.MULTILINE) or (comma and "." in joined):
        return None  # a third decimal, or a dot that may part thousands
    units = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").to_numpy(np.float64)
    minor = units * (100 * scale)
    whole = np.rint(minor)
    with np.errstate(invalid="ignore"):
        exact = (np.abs(minor) < LIMIT * 100) & (np.abs(minor - whole) < 1e-4)
    missing = np.array([value == "" for value in values], bool) if "" in values else np.zeros(len(values), bool)
    if not (exact | missing).all():
        return None
    return np.where(missing, 0, whole).astype(np.int64), missing


def _closely(values: list[str], scale: int, comma: bool | None):
    cleaned = [_clean(value) for value in values]
    decimal = _decimal_mark([number for number, _ in cleaned if number], comma)
    results = [_value(*value, decimal, scale) for value in cleaned]
    minor = np.array([result[0] if isinstance(result, tuple) else 0 for result in results], np.int64)
    missing = np.array([result is None for result in results], bool)
    wrong = {code: result for code, result in enumerate(results) if isinstance(result, str)}
    return (
        minor,
        missing,
        wrong,
        [code for code, result in enumerate(results) if isinstance(result, tuple) and result[1]],
    )


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
