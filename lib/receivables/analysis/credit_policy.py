"""Shapes of a credit policy (信用政策): the score card, risk grades, look-ups and levers that credit.yaml fills.

``content.load(path, CreditPolicy)`` reads one; the calculations of :mod:`receivables.analysis.credit` and
:mod:`receivables.analysis.limits` take its parts. Everything a company decides for itself stands in the file.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from receivables.content import Content

Share = Annotated[float, Field(ge=0, le=1)]
Status = Literal["seed", "sourced", "house"]
Level = Literal["low", "medium", "high"]


class Sourced(Content):
    """Anything that says where it comes from: ``status`` house = our own choice, no outside source."""

    status: Status
    source: str = ""

    @model_validator(mode="after")
    def _named(self):
        if self.status != "house" and not self.source:
            raise ValueError(f"status is {self.status}: name the source")
        return self


def _unique(things: list, what: str) -> None:
    ids = [thing.id for thing in things]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"{what} given twice: {', '.join(twice)}")


def _add_to_one(things: list, what: str) -> None:
    total = sum(thing.weight for thing in things)
    if abs(total - 1) > 1e-9:
        raise ValueError(f"weights of {what} add to {total:.4g}, not 1")


class Criterion(Content):
    """One C of the card, with an anchor for every mark so that two people give the same mark."""

    id: str
    zh: str
    en: str
    weight: Share
    ask: str
    anchors: dict[int, str]

    @model_validator(mode="after")
    def _anchored(self):
        if sorted(self.anchors) != list(range(1, 6)):
            raise ValueError("anchors must describe the marks 1, 2, 3, 4 and 5 (5 = best)")
        return self


class Grade(Content):
    """A credit grade from a floor of the 0-100 score: the terms it may be given and when it is reviewed again."""

    grade: str
    zh: str
    floor: Annotated[float, Field(ge=0, le=100)]
    limit_share: Share
    terms_days: Annotated[int, Field(ge=0)]
    review_months: Annotated[int, Field(ge=1)]


class ScoreCard(Sourced):
    """The weighted 5C card (5C评分卡)."""

    criteria: list[Criterion]
    grades: list[Grade]

    @model_validator(mode="after")
    def _complete(self):
        _unique(self.criteria, "criteria")
        _add_to_one(self.criteria, "criteria")
        floors = [grade.floor for grade in self.grades]
        if not floors or floors[-1] != 0 or any(a <= b for a, b in pairwise(floors)):
            raise ValueError("grades must run from the best down, floors falling, the last floor 0")
        return self


class Class_(Content):
    """A nature or an industry with its risk mark, 1 (low) to 5 (high), and the reason."""

    id: str
    zh: str
    risk: Annotated[int, Field(ge=1, le=5)]
    why: str


class Ratio(Content):
    """A figure of the statements, its risk mark by cut-offs: ``cuts`` from the edge of mark 1 to the edge of mark 4.

    ``better`` says which side is good; a figure exactly on a cut takes the better mark.
    """

    id: str
    zh: str
    formula: str
    better: Literal["higher", "lower"]
    cuts: Annotated[list[float], Field(min_length=4, max_length=4)]
    weight: Share

    @model_validator(mode="after")
    def _ordered(self):
        ahead = pairwise(self.cuts)
        if not all(a > b if self.better == "higher" else a < b for a, b in ahead):
            raise ValueError("cuts must run from good to bad")
        return self


class RiskTable(Sourced):
    """Risk grade from nature, industry and finances (企业性质、行业特征、财务因素)."""

    weights: dict[Literal["nature", "industry", "finances"], Share]
    nature: list[Class_]
    industry: list[Class_]
    finances: list[Ratio]
    medium_from: Annotated[float, Field(ge=1, le=5)]
    high_from: Annotated[float, Field(ge=1, le=5)]
    names: dict[Level, str]

    @model_validator(mode="after")
    def _complete(self):
        for name in ("nature", "industry", "finances"):
            _unique(getattr(self, name), name)
        _add_to_one(self.finances, "finances")
        if set(self.weights) != {"nature", "industry", "finances"} or abs(sum(self.weights.values()) - 1) > 1e-9:
            raise ValueError("weights need nature, industry and finances, adding to 1")
        if not self.medium_from < self.high_from:
            raise ValueError("medium_from must lie below high_from")
        if set(self.names) != {"low", "medium", "high"}:
            raise ValueError("names need low, medium and high")
        return self


class Finding(Content):
    """One possible answer of a look-up: its score 0 (worst) to 100, or ``knock_out`` (no open terms)."""

    id: str
    zh: str
    score: Annotated[int, Field(ge=0, le=100)]
    knock_out: bool = False


class LookUp(Sourced):
    """One thing to look up or to go and see (查询项), where, what for, and how long the answer stays good."""

    id: str
    zh: str
    en: str
    where: str
    look_for: str
    weight: Share
    valid_days: Annotated[int, Field(ge=1)]
    findings: Annotated[list[Finding], Field(min_length=2)]

    @model_validator(mode="after")
    def _distinct(self):
        _unique(self.findings, f"findings of {self.id}")
        return self


class Lever(Sourced):
    """A way to carry less of the risk (增信手段): what it covers, what it costs, when it fails."""

    id: str
    zh: str
    en: str
    covers: str
    costs: str
    fails_when: str


class CreditPolicy(Content):
    """The whole of data/credit.yaml. ``known_through``: the day up to which its sources were checked."""

    known_through: date
    five_c: ScoreCard
    risk: RiskTable
    look_ups: list[LookUp]
    levers: list[Lever]

    @model_validator(mode="after")
    def _complete(self):
        _unique(self.look_ups, "look_ups")
        _add_to_one(self.look_ups, "look_ups")
        _unique(self.levers, "levers")
        return self
