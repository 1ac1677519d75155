"""Figures: one number (number), or the blanks of a table (table)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import Field

from receivables.content import Content
from receivables.exercise.kinds.base import Kind, same
from receivables.exercise.spec import FigureCall, Key, Name, OptionId, Outcome, Question, Text, fill

Unit = Literal["元", "万元", "天", "%", "次", "倍", "家", "张", "笔"]
#: figures are kept in 元, fractions and days; a unit says how many of them one typed unit is
PER_UNIT = {"万元": Decimal(10000), "%": Decimal("0.01")}


class Trap(Content):
    """A wrong figure that people really compute: its name, the figure, what to say to it."""

    name: Name
    figure: Name
    says: Text


class Target(Content):
    """What is right: a figure by name, how far off is still honest rounding (in the unit asked), known traps."""

    figure: Name
    within: Annotated[float, Field(gt=0)]
    traps: list[Trap] = Field(default_factory=list)


class Number(Question):
    """One number in a stated unit."""

    kind: Literal["number"]
    unit: Unit


class NumberKey(Key):
    kind: Literal["number"]
    answer: Target
    otherwise: Text


class Blank(Content):
    """One cell to fill: its row and column in the shown table (from 0, header not counted)."""

    id: OptionId
    row: Annotated[int, Field(ge=0)]
    column: Annotated[int, Field(ge=1)]


class Table(Question):
    """A table with blanks; all blanks share one unit."""

    kind: Literal["table"]
    table: FigureCall
    unit: Unit
    blanks: Annotated[list[Blank], Field(min_length=2)]


class TableKey(Key):
    kind: Literal["table"]
    cells: dict[OptionId, Target]
    otherwise: Text


def parse(typed: Any, unit: str) -> Decimal | None:
    """Read a number as people type it; None when it is none.

    Takes full-width digits, thousands separators, 元/¥/天/%, and 万 or 亿 as multipliers.

    >>> parse("１８４,３００ 元", "元"), parse("18.43万", "元"), parse("35.6%", "%"), parse("三十", "天")
    (Decimal('184300'), Decimal('184300.00'), Decimal('35.6'), None)
    """
    text = unicodedata.normalize("NFKC", str(typed if typed is not None else "")).strip()
    text = re.sub(r"[\s,，'¥￥]", "", text).replace("−", "-").replace("–", "-")
    found = re.fullmatch(r"([-+]?(?:\d+\.?\d*|\.\d+))(亿|万)?(元|天|%|次|倍|家|张|笔|日)?", text)
    if not found or len(text) > 40:
        return None
    try:
        value = Decimal(found[1])
    except InvalidOperation:  # pragma: no cover - the pattern admits only decimals
        return None
    factor = {"万": Decimal(10_000), "亿": Decimal(100_000_000), None: Decimal(1)}[found[2]]
    if unit == "万元" and (found[2] or found[3] == "元"):
        factor /= 10_000
    return value * factor


def expected(target: Target | Trap, figures: dict[str, Any], unit: str) -> Decimal:
    """A figure in the unit that is asked for."""
    return Decimal(repr(float(figures[target.figure]))) / PER_UNIT.get(unit, Decimal(1))


def judge(target: Target, otherwise: str, figures: dict[str, Any], unit: str, value: Decimal) -> tuple[bool, str, str]:
    """Whether a value is right; if not, what it shows and the name of that."""
    right, within = expected(target, figures, unit), Decimal(repr(target.within))
    if abs(value - right) <= within:
        return True, "", ""
    for trap in target.traps:
        if abs(value - expected(trap, figures, unit)) <= within:
            return False, fill(trap.says, figures), trap.name
    if right and unit in ("元", "万元") and any(abs(value * f - right) <= within * max(f, 1)
                                             for f in (Decimal(10_000), Decimal("0.0001"))):
        return False, f"数字认得出来，差在单位上：这里要的是{unit}。", "wrong_unit"
    if right and unit == "%" and abs(value * 100 - right) <= within * 100:
        return False, "这是小数。按百分数填，例如 35.6。", "wrong_unit"
    if right and abs(-value - right) <= within:
        return False, "大小对，正负号反了。", "wrong_sign"
    return False, fill(otherwise, figures), "other"


def _check_number(question: Number, key: NumberKey, figures: dict, answer: Any) -> Outcome:
    value = parse(answer, question.unit)
    if value is None:
        return Outcome.missing(f"填一个数字，单位是{question.unit}，例如 1,234.5。")
    right, says, name = judge(key.answer, key.otherwise, figures, question.unit, value)
    return Outcome.scored(1, fill(key.right, figures)) if right else Outcome.scored(0, says, name)


def _check_table(question: Table, key: TableKey, figures: dict, answer: Any) -> Outcome:
    given = answer if isinstance(answer, dict) else {}
    values = {blank.id: parse(given.get(blank.id), question.unit) for blank in question.blanks}
    if any(value is None for value in values.values()):
        return Outcome.missing(f"每个空都填一个数字，单位是{question.unit}；没有就填 0。")
    said = [judge(key.cells[name], key.otherwise, figures, question.unit, value) for name, value in values.items()]
    right = sum(ok for ok, _, _ in said)
    if right == len(said):
        return Outcome.scored(1, fill(key.right, figures))
    _, message, name = next(item for item in said if not item[0])
    return Outcome.scored(right / len(said), f"{len(said)} 个空对了 {right} 个。{message}", name)


def _agree_number(question: Number, key: NumberKey) -> None:
    known = {*question.figures, *key.figures}
    named = {key.answer.figure, *(trap.figure for trap in key.answer.traps)}
    if named - known:
        raise ValueError(f"figures that nobody computes: {sorted(named - known)}")


def _agree_table(question: Table, key: TableKey) -> None:
    same("blanks of question and key", {b.id for b in question.blanks}, set(key.cells))
    known = {*question.figures, *key.figures}
    named = {t.figure for cell in key.cells.values() for t in (cell, *cell.traps)}
    if named - known:
        raise ValueError(f"figures that nobody computes: {sorted(named - known)}")


def _typed(value: Decimal, within: float) -> str:
    """A figure as an honest person would type it: rounded no coarser than the tolerance allows."""
    digits = max(0, -Decimal(repr(within)).adjusted())
    return f"{value:.{digits}f}"


def _perfect_table(question: Table, key: TableKey, figures: dict) -> dict[str, str]:
    return {name: _typed(expected(cell, figures, question.unit), cell.within) for name, cell in key.cells.items()}


def _wrong_number(question: Number, key: NumberKey, figures: dict):
    target = key.answer
    for trap in target.traps:
        yield _typed(expected(trap, figures, question.unit), target.within), trap.name
    yield str(expected(target, figures, question.unit) * 3 + 7), "other"


def _wrong_table(question: Table, key: TableKey, figures: dict):
    perfect = _perfect_table(question, key, figures)
    for blank in question.blanks:
        cell = key.cells[blank.id]
        for trap in cell.traps:
            yield {**perfect, blank.id: _typed(expected(trap, figures, question.unit), cell.within)}, trap.name
    first = question.blanks[0].id
    yield {**perfect, first: str(expected(key.cells[first], figures, question.unit) * 3 + 7)}, "other"


NUMBER = Kind(
    "number", Number, NumberKey, _check_number,
    lambda q, k, f: _typed(expected(k.answer, f, q.unit), k.answer.within), _wrong_number, _agree_number,
)
TABLE = Kind("table", Table, TableKey, _check_table, _perfect_table, _wrong_table, _agree_table)
