"""What a calculator of ``law`` hands back: a figure together with what it stands on (依据、截至、可信度)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from receivables.errors import Undefined
from receivables.law.inputs import FEN, LawUnknown
from receivables.law.parameters import CONFIDENCE, CONFIDENCE_ZH, Confidence, Parameter

DISCLAIMER = "非法律意见：教学材料，用前请执业律师复核"


def yuan(value: Decimal) -> str:
    """An amount in print, rounded half up to the fen; the exact value stays in the result.

    >>> yuan(Decimal("2769.1356"))
    '2,769.14 元'
    """
    return f"{value.quantize(FEN, ROUND_HALF_UP):,} 元"


def percent(value: Decimal) -> str:
    """A fraction in print.

    >>> percent(Decimal("0.0390"))
    '3.9%'
    """
    return f"{(value * 100).normalize():f}%"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Base of every result: what it is called, the parameters behind it, the day it answers for.

    Attributes
    ----------
    title : Chinese name of the figure
    basis : the parameters used
    asked : the day the caller asked about, None when he gave none
    notes : what a reader must know to use the figure

    Raises
    ------
    LawUnknown
        The day asked about lies past what was checked. Clocks (``runs_on``) answer all the same: the day given to them
        is the one the reader stands on, they run into the future by nature, and ``stale`` and the print say so.
    """

    runs_on: ClassVar[bool] = False

    title: str
    basis: tuple[Parameter, ...] = field(repr=False)
    asked: date | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        if not self.basis:
            raise TypeError(f"{type(self).__name__} without a basis: a legal result cites what it stands on")
        if self.stale and not self.runs_on:
            raise LawUnknown(f"{self.title}：法律只核到 {self.known_through}，问的是 {self.asked}；请律师核对后改 "
                             "data/law 里的 known_through。不给 as_of，就按核到的那一天答")

    @property
    def citation(self) -> str:
        """Articles, documents and effective dates, one source a line."""
        return "\n".join(dict.fromkeys(parameter.citation for parameter in self.basis))

    @property
    def effective_from(self) -> date:
        """The day from which all the parameters used hold together."""
        return max(parameter.effective_from for parameter in self.basis)

    @property
    def known_through(self) -> date:
        """The last day for which every parameter used was checked."""
        open_ended = [p.known_through for p in self.basis if p.effective_to is None]
        return min(open_ended or [p.known_through for p in self.basis])

    @property
    def confidence(self) -> Confidence:
        """The worst confidence among the parameters used."""
        return max((parameter.confidence for parameter in self.basis), key=CONFIDENCE.index)

    @property
    def as_of(self) -> date:
        """截至: the day asked about, else the last day for which the law was checked."""
        return self.asked or self.known_through

    @property
    def stale(self) -> bool:
        """Whether the day asked about lies past what was checked."""
        return self.as_of > self.known_through

    def lines(self) -> list[str]:
        """The figure in Chinese, one statement a line; each kind of result says its own."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The whole result in Chinese: figure, notes, sources, 截至, confidence, 非法律意见."""
        past = f"（法律只核到 {self.known_through}，之后有没有变动，用前再查）" if self.stale else ""
        doubtful = [p.name for p in self.basis if p.confidence == self.confidence != "verified"]
        which = f"（{'、'.join(dict.fromkeys(doubtful))}）" if doubtful else ""
        return "\n".join([
            *self.lines(),
            *(f"注：{note}" for note in dict.fromkeys(self.notes) if note),
            *(f"依据：{line}" for line in self.citation.splitlines()),
            f"截至 {self.as_of}{past}；可信度：{CONFIDENCE_ZH[self.confidence]}{which}",
            DISCLAIMER,
        ])

    def __str__(self) -> str:
        return self.text

    def _repr_pretty_(self, printer, cycle) -> None:
        """In a notebook a result shows its Chinese text."""
        printer.text(self.text)


@dataclass(frozen=True, kw_only=True)
class Amount(Finding):
    """One amount in yuan, unrounded."""

    value: Decimal

    def rounded(self, places: int = 2) -> Decimal:
        """The amount rounded half up; no rule prescribes a rounding, so it is the caller's choice."""
        return self.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    def lines(self) -> list[str]:
        return [f"{self.title}：{yuan(self.value)}"]


@dataclass(frozen=True, kw_only=True)
class Band(Finding):
    """An amount that the law leaves within a range, or that cannot be had (``missing`` says why).

    ``condition`` says when the rule applies; whether it does is for a person to decide.
    """

    rule: str
    low: Decimal | None
    high: Decimal | None
    condition: str = ""
    missing: str = ""

    @property
    def value(self) -> Decimal:
        """The amount where low and high are one.

        Raises
        ------
        Undefined
            The rule gives a range, or nothing.
        """
        if self.low is None:
            raise Undefined(f"{self.title}：{self.missing}")
        if self.low != self.high:
            raise Undefined(f"{self.title}是一个区间：用 .low 和 .high，法官在里面裁量")
        return self.low

    def lines(self) -> list[str]:
        if self.low is None:
            said = f"算不出：{self.missing}"
        elif self.low == self.high:
            said = yuan(self.low)
        else:
            said = f"{yuan(self.low)} 至 {yuan(self.high)}"
        return [f"{self.title}：{said}"] + ([f"适用前提：{self.condition}"] if self.condition else [])
