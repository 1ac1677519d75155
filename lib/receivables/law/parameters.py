"""Dated legal parameters (法律参数): what the law pack in data/law says, and how far each figure was checked.

A parameter has a value, range, tiers or wording; the articles it stands on; the dates between which it holds;
``known_through``, the last day for which somebody checked it; and a confidence: ``verified`` (read in the text),
``secondary`` (seen quoted by others), ``memory`` (recalled, shown as 未核实).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from receivables import paths
from receivables.content import Content, ContentError, load
from receivables.law.inputs import LawUnknown

Confidence = Literal["verified", "secondary", "user", "memory"]
CONFIDENCE: tuple[Confidence, ...] = ("verified", "secondary", "user", "memory")
"""From best to worst: a result is as sure as the worst parameter behind it. ``user``: the caller gave the figure."""
CONFIDENCE_ZH = {"verified": "已核对条文", "secondary": "二手转述", "user": "使用者补入，未核实", "memory": "未核实"}


_UNITS = {"years": "{} 年", "months": "{} 个月", "days": "{} 天", "workdays": "{} 个工作日", "hours": "{} 小时",
          "hour": "{} 点", "cny": "{} 元", "times": "{} 倍", "divisor": "1/{}", "count": "{} 次", "per_day": "每日 {}"}


def _exact(value: Any) -> Any:
    """A YAML float by its shortest writing: 0.0005 is 5/10000, not its nearest binary fraction."""
    return str(value) if isinstance(value, float) else value


Exact = Annotated[Decimal, BeforeValidator(_exact)]


class Document(Content):
    """A statute, interpretation, regulation or lesser text, and how far it was checked."""

    id: str
    title: str
    kind: Literal["law", "interpretation", "regulation", "rule", "guidance", "house"]
    number: str | None = None
    number_confidence: Confidence = "verified"
    effective_from: date | None = None
    effective_to: date | None = None
    known_through: date
    confidence: Confidence

    @model_validator(mode="after")
    def _numbered(self) -> Document:
        if self.number is None and self.kind != "law":
            raise ValueError("only laws are cited without a document number")
        return self

    @property
    def text(self) -> str:
        """Title and number as printed, 文号未核实 when only recalled."""
        if self.number is None:
            return f"《{self.title}》"
        doubt = "" if self.number_confidence == "verified" else "，文号未核实"
        return f"《{self.title}》（{self.number}{doubt}）"


class Source(Content):
    """One place a parameter stands on."""

    document: str
    article: str


class Tier(Content):
    """One band of a cumulative tariff: up to and including ``upto``; a flat fee or a rate on the part inside."""

    upto: Exact | None = None
    rate: Exact | None = None
    flat: Exact | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Tier:
        if (self.rate is None) == (self.flat is None):
            raise ValueError("a tier has either a rate or a flat fee")
        return self


class Entry(Content):
    """A parameter as its YAML file gives it; dates and confidence not given come from its documents."""

    id: str
    name: str
    unit: Literal["years", "months", "days", "workdays", "hours", "hour", "cny", "ratio", "times", "divisor", "count",
                  "per_day", "rule"]
    value: Exact | None = None
    low: Exact | None = None
    high: Exact | None = None
    tiers: list[Tier] | None = None
    cap: Exact | None = None
    text: str | None = None
    order: list[str] | None = None
    source: Annotated[list[Source], Field(min_length=1)]
    effective_from: date | None = None
    effective_to: date | None = None
    applies_from: date | None = None
    applies_to: date | None = None
    known_through: date | None = None
    confidence: Confidence | None = None
    note: str = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Entry:
        said = [self.value is not None, self.low is not None, self.tiers is not None, self.text is not None,
                self.order is not None]
        if sum(said) != 1:
            raise ValueError("give exactly one of value, low/high, tiers, text, order")
        if (self.low is None) != (self.high is None) or (self.low is not None and self.low > self.high):
            raise ValueError("a range needs low and high, low first")
        if self.tiers is not None:
            limits = [tier.upto for tier in self.tiers]
            if None in limits[:-1] or limits[-1] is not None or limits[:-1] != sorted(set(limits[:-1])):
                raise ValueError("tiers rise, and only the last one has no upto")
        if self.effective_from and self.effective_to and self.effective_from > self.effective_to:
            raise ValueError("effective_from lies after effective_to")
        return self


class Parameter(Entry):
    """One version of a legal parameter, complete with dates, confidence and the documents it cites."""

    effective_from: date
    known_through: date
    confidence: Confidence
    documents: tuple[Document, ...]

    @property
    def citation(self) -> str:
        """Articles, documents and effective date as one line."""
        places = "、".join(f"{doc.text}{src.article}" for doc, src in zip(self.documents, self.source, strict=True))
        return f"{places}，自 {self.effective_from} 起"

    @property
    def confidence_text(self) -> str:
        return CONFIDENCE_ZH[self.confidence]

    @property
    def whole(self) -> int:
        """The value as a whole number of years, months or days."""
        return int(self.value)

    @property
    def reading(self) -> str:
        """The value in print: figure, range, tariff or wording."""
        if self.value is not None:
            return self._with_unit(self.value)
        if self.low is not None:
            return f"{self._with_unit(self.low)} 至 {self._with_unit(self.high)}"
        if self.tiers is not None:
            return "；".join(
                (f"≤{tier.upto:f}" if tier.upto is not None else "以上") + " "
                + (f"{tier.flat:f} 元" if tier.flat is not None else f"{tier.rate * 100:f}%") for tier in self.tiers
            ) + (f"；封顶 {self.cap:f} 元" if self.cap is not None else "")
        return self.text if self.text is not None else " → ".join(self.order)

    def _with_unit(self, value: Decimal) -> str:
        if self.unit == "ratio":
            return f"{(value * 100).normalize():f}%"
        return _UNITS[self.unit].format(f"{value.normalize():f}")


@cache
def documents() -> dict[str, Document]:
    """Every cited document by id.

    >>> documents()["sme_2025"].text
    '《保障中小企业款项支付条例（2025年修订）》（国务院令第802号）'
    """
    found = load(paths.data("law", "documents.yaml"), list[Document])
    return {doc.id: doc for doc in found}


def complete(entry: Entry, known: dict[str, Document]) -> Parameter:
    """Fill what an entry leaves to its documents: dates, how far known, confidence (the worst of them)."""
    missing = [src.document for src in entry.source if src.document not in known]
    if missing:
        raise ValueError(f"{entry.id}: no document {missing[0]!r} in documents.yaml")
    cited = tuple(known[src.document] for src in entry.source)
    start = entry.effective_from or cited[0].effective_from
    if start is None:
        raise ValueError(f"{entry.id}: give effective_from, {cited[0].title} has none")
    given = {name: getattr(entry, name) for name in Entry.model_fields}
    return Parameter.model_construct(**given | {
        "documents": cited,
        "effective_from": start,
        "effective_to": entry.effective_to or cited[0].effective_to,
        "known_through": entry.known_through or min(doc.known_through for doc in cited),
        "confidence": entry.confidence or max((doc.confidence for doc in cited), key=CONFIDENCE.index),
    })


@cache
def all_parameters() -> tuple[Parameter, ...]:
    """Every version of every parameter of data/law/parameters, by id and effective date.

    Raises
    ------
    ContentError
        When a file is malformed, cites an unknown document, or two versions of one parameter overlap.

    >>> len({parameter.id for parameter in all_parameters()}) > 80
    True
    """
    found: list[Parameter] = []
    for file in sorted(paths.data("law", "parameters").glob("*.yaml")):
        try:
            found += [complete(entry, documents()) for entry in load(file, list[Entry])]
        except ContentError:
            raise
        except ValueError as error:
            raise ContentError(file, [str(error)]) from None
    found.sort(key=lambda parameter: (parameter.id, parameter.effective_from))
    for earlier, later in zip(found, found[1:], strict=False):
        if earlier.id == later.id and (earlier.effective_to is None or earlier.effective_to >= later.effective_from):
            raise ContentError(paths.data("law", "parameters"), [f"{later.id}: two versions overlap"])
    return tuple(found)


@cache
def _versions() -> dict[str, tuple[Parameter, ...]]:
    versions: dict[str, tuple[Parameter, ...]] = {}
    for parameter in all_parameters():
        versions[parameter.id] = (*versions.get(parameter.id, ()), parameter)
    return versions


def get(id: str, on: date | None = None) -> Parameter:
    """The version of a parameter (参数的某一版本) in force on a day; the newest when no day is given.

    Does not ask whether the day lies past ``known_through``: ``at`` does, and so does every result for its ``as_of``.

    Raises
    ------
    KeyError
        No parameter of that id.
    LawUnknown
        No version reaches back to that day, or the last one has ended.

    Examples
    --------
    >>> get("limitation.general_years").whole, get("limitation.general_years", date(2016, 1, 1)).whole
    (3, 2)
    >>> get("interest.doubled_daily", date(2014, 7, 31))
    Traceback (most recent call last):
    ...
    receivables.law.inputs.LawUnknown: 加倍部分债务利息：2014-07-31 没有可用的版本（最早 2014-08-01 起）...
    """
    versions = _versions()[id]
    if on is None:
        return versions[-1]
    for parameter in versions:
        if parameter.effective_from <= on <= (parameter.effective_to or date.max):
            return parameter
    raise LawUnknown(f"{versions[-1].name}：{on} 没有可用的版本（最早 {versions[0].effective_from} 起）；"
                     "换一个日期，或请律师按当时的规定算")


def at(id: str, on: date) -> Parameter:
    """The parameter as checked for a day (核对过的参数): like ``get``, but a day past ``known_through`` raises.

    Raises
    ------
    LawUnknown
        Nobody has checked the law for that day. A version that had ended by then stays known.

    Examples
    --------
    >>> at("sme.large_default_days", date(2026, 3, 2)).whole
    60
    >>> at("sme.large_default_days", date(2026, 12, 1))
    Traceback (most recent call last):
    ...
    receivables.law.inputs.LawUnknown: 大型企业付款期限（没约定）只核到 2026-03-17，问的是 2026-12-01...
    """
    parameter = get(id, on)
    if parameter.effective_to is None and on > parameter.known_through:
        raise LawUnknown(f"{parameter.name}只核到 {parameter.known_through}，问的是 {on}；"
                         "请律师核对后改 data/law 里的 known_through")
    return parameter


class Numbering(Content):
    """One article number a rule has carried, from a date."""

    law: str
    article: int
    starts: Annotated[date, Field(alias="from")]
    confidence: Confidence


class Renumbered(Content):
    """A rule and the article numbers it has carried, oldest first."""

    rule: str
    numbers: list[Numbering]


@cache
def renumbered() -> tuple[Renumbered, ...]:
    """Every rule of data/law/articles.yaml with the numbers it has carried."""
    return tuple(load(paths.data("law", "articles.yaml"), list[Renumbered]))


def renumber(law: str, article: int, *, on: date | None = None) -> int:
    """Today's number of an article cited by an old one (新旧条号对照), or its number on a day.

    Parameters
    ----------
    law : short title without year, such as 民事诉讼法
    article : any number the rule has carried
    on : the day for which the number is wanted; None for the newest

    Raises
    ------
    ValueError
        The map does not hold that article, or the rule is younger than ``on``.

    Examples
    --------
    >>> renumber("民事诉讼法", 253), renumber("民事诉讼法", 264, on=date(2014, 8, 1))
    (264, 253)
    """
    for rule in renumbered():
        if any((number.law, number.article) == (law, article) for number in rule.numbers):
            fitting = [number for number in rule.numbers if on is None or number.starts <= on]
            if not fitting:
                raise ValueError(f"{rule.rule}：{on} 的条号不在对照表里")
            return fitting[-1].article
    raise ValueError(f"对照表里没有{law}第{article}条；在 data/law/articles.yaml 里补上新旧条号再查")
