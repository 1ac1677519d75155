"""What an exercise is made of: the question document, the key document, the outcome of a check.

Question and key are two documents (data/exercises, data/keys): a learner edition can carry the
first without the second. Numbers in either are computed from the bound ledger (``figures``),
never typed; texts take them by name: ``{overdue:yuan}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from receivables.content import Content

ExerciseId = Annotated[str, StringConstraints(pattern=r"^(\d\d|c\d)-\d\d$")]
OptionId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
RequirementId = Annotated[str, StringConstraints(pattern=r"^[FKCMAEX]\d{1,2}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Status = Literal["not_attempted", "incorrect", "partial", "correct"]


class FigureCall(Content):
    """``{compute: overdue, over: 30}``: the figure to compute and its arguments."""

    compute: Name
    arguments: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and "arguments" not in raw:
            return {"compute": raw.get("compute"), "arguments": {k: v for k, v in raw.items() if k != "compute"}}
        return raw


class Option(Content):
    """Something to choose, tick, order or match; its id never changes, its wording may."""

    id: OptionId
    text: Text


class Misconception(Content):
    """A wrong answer seen in real life: its name, and what to say to it and to no other."""

    name: Name
    says: Text


class Verdict(Content):
    """How good one option is. Below 1 it needs the name of the misconception behind it."""

    score: Annotated[float, Field(ge=0, le=1)]
    name: Name | None = None
    says: Text

    @model_validator(mode="after")
    def _named(self) -> Verdict:
        if self.score < 1 and self.name is None:
            raise ValueError("an option that scores below 1 needs the `name` of the misconception behind it")
        return self


class Question(Content):
    """What a learner sees: the part of an exercise that every edition carries."""

    id: ExerciseId
    version: Annotated[int, Field(ge=1)]
    topic: Text
    ask: Text
    text: str = ""
    figures: dict[Name, FigureCall] = Field(default_factory=dict)
    table: FigureCall | None = None
    source: Text
    identity: str = ""
    minutes: Annotated[int, Field(ge=1, le=60)]
    track: Annotated[list[Literal["销售", "经理", "财务"]], Field(min_length=1)]
    cut: Literal["core", "one-day", "homework"]
    requires: Annotated[list[RequirementId], Field(min_length=1)]


class Key(Content):
    """What a learner must not see beforehand."""

    id: ExerciseId
    figures: dict[Name, FigureCall] = Field(default_factory=dict)
    hints: Annotated[list[Text], Field(min_length=1)]
    right: Text
    solution: Text
    takeaway: str = ""


@dataclass(frozen=True)
class Outcome:
    """The result of checking one answer.

    ``status`` is not_attempted (nothing usable was given; ``message`` says what is missing),
    incorrect, partial or correct; ``score`` in [0, 1]; ``misconception`` names what the answer
    shows, where it is a known one.
    """

    status: Status
    score: float
    message: str
    misconception: str | None = None

    @classmethod
    def scored(cls, score: float, message: str, misconception: str | None = None) -> Outcome:
        """An outcome whose status follows from its score.

        >>> Outcome.scored(0.5, "对了一半", "half").status
        'partial'
        """
        status: Status = "correct" if score >= 1 else "partial" if score > 0 else "incorrect"
        return cls(status, round(float(score), 4), message, None if status == "correct" else misconception)

    @classmethod
    def missing(cls, message: str) -> Outcome:
        """Nothing that could be checked: no try is counted."""
        return cls("not_attempted", 0.0, message)


class Shown:
    """A figure as texts show it: ``{x:yuan}``, ``{x:wan}``, ``{x:percent}``, ``{x:days}``, ``{x:count}`` ...

    >>> "{:yuan} {:wan} {:percent} {:days} {:count}".format(*(Shown(v) for v in (184300, 184300, .3556, 42.25, 3)))
    '184,300.00 元 18.43 万元 35.6% 42.3 天 3'
    """

    _FORMS = {
        "yuan": (Decimal(1), "0.01", " 元"), "money": (Decimal(1), "0.01", ""),
        "wan": (Decimal("0.0001"), "0.01", " 万元"), "percent": (Decimal(100), "0.1", "%"),
        "percent0": (Decimal(100), "1", "%"), "percent2": (Decimal(100), "0.01", "%"),
        "days": (Decimal(1), "0.1", " 天"), "whole_days": (Decimal(1), "1", " 天"),
        "count": (Decimal(1), "1", ""), "times": (Decimal(1), "0.01", " 次"), "plain": (Decimal(1), "0.01", ""),
        "points": (Decimal(100), "0.1", " 个百分点"),
    }

    def __init__(self, value: Any):
        self.value = value

    def __format__(self, form: str) -> str:
        if not form:
            return str(self.value)
        if form not in self._FORMS:
            raise ValueError(f"unknown form {form!r}: use one of {', '.join(self._FORMS)}")
        factor, step, unit = self._FORMS[form]
        value = (Decimal(repr(float(self.value))) * factor).quantize(Decimal(step), ROUND_HALF_UP)
        return f"{value:,}{unit}"


def fill(text: str, figures: dict[str, Any]) -> str:
    """Put figures into a text.

    >>> fill("合计 {total:yuan}", {"total": 1234.5})
    '合计 1,234.50 元'
    """
    return text.format_map({name: Shown(value) for name, value in figures.items()})
