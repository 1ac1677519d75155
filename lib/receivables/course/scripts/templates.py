"""Templates (模板) as content: data/templates.yaml, filled with facts or left open as 〔label〕."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from receivables import content, paths
from receivables.content import Content
from receivables.course.scripts import paper
from receivables.course.scripts.words import words
from receivables.exercise.spec import Name, Text
from receivables.law import parameters
from receivables.talk import glossary

_PLACE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


class Block(Content):
    """One block of a template; exactly one of the kinds is given."""

    head: Text | None = None
    text: Text | None = None
    items: tuple[Text, ...] | None = None
    number: tuple[Text, ...] | None = None
    ticks: tuple[Text, ...] | None = None
    of: Text | None = None
    boxes: Text | None = None
    fields: dict[str, str] | None = None
    table: Name | None = None
    sign: tuple[tuple[Text, ...], ...] | None = None
    law: tuple[Text, ...] | None = None
    fresh: bool = False
    goes_on: bool = False
    style: Literal["plain", "lead", "strong", "small", "right", "centre"] | None = None
    when: Name | None = None
    unless: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> Block:
        given = [name for name in type(self).model_fields if name not in ("fresh", "goes_on", "style", "when", "unless")
                 and getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a block is one thing; given {given}")
        if (self.style and self.text is None) or (self.fresh and self.head is None):
            raise ValueError("only a text has a style, only a head begins a fresh page")
        if self.goes_on and self.number is None:
            raise ValueError("only numbers go on from the list before")
        for id in self.law or ():
            if not any(parameter.id == id for parameter in parameters.all_parameters()):
                raise ValueError(f"data/law has no parameter {id!r}")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the block in which places may stand."""
        one = (self.head or "", self.text or "")
        many = ((*part,) for part in (self.items, self.number, self.ticks) if part)
        signed = (party for party in self.sign or ())
        return (*one, *(t for part in many for t in part), *(self.fields or {}).values(), *(t for p in signed for t in p))


class TableForm(Content):
    """The form of a table: heads, widths, which columns hold figures; ``rows`` are first cells to fill by hand."""

    head: tuple[Text, ...]
    rows: tuple[Text, ...] = ()
    weights: tuple[float, ...]
    right: tuple[int, ...] = ()
    total: bool = False
    tall: bool = False

    @model_validator(mode="after")
    def _fits(self) -> TableForm:
        if len(self.head) != len(self.weights) or any(place >= len(self.head) for place in self.right):
            raise ValueError(f"{len(self.head)} heads need as many weights, and `right` counts from 0")
        return self


class Template(Content):
    """One paper. ``needs``: ``due`` where it makes sense only with a debt worth asking for, ``clear`` only where besides no
    cash received waits to be applied to exactly that debt, else ``open``; ``internal`` is not for the customer;
    {deadline} lies ``deadline_days`` after the day, on a working day."""

    id: Name
    file: Text
    title: Text
    needs: Literal["open", "due", "clear"]
    internal: bool = False
    deadline_days: Annotated[int, Field(ge=1, le=60)]
    blocks: tuple[Block, ...]


class PlanForm(Content):
    """The plan proposed where none is given: days from today, shares of the debt."""

    days: tuple[int, ...]
    shares: tuple[float, ...]


class Templates(Content):
    """data/templates.yaml."""

    places: dict[Name, Text]
    cases: dict[Name, Text]
    kinds: dict[str, str]
    states: dict[str, str]
    promise_states: dict[str, str]
    buckets: dict[str, str]
    bucket_days: str
    yes_no: dict[str, str]
    instalment: str
    total: str
    worst: str
    unit: dict[str, str]
    rules: dict[str, str]
    uncounted: str
    deductions: dict[str, str]
    say: dict[str, str]
    use: dict[str, str]
    watch: dict[Name, tuple[Text, Text]]
    minimum: Annotated[Decimal, Field(ge=0)]
    stale_days: Annotated[int, Field(ge=1)]
    ladder: dict[str, int]
    tables: dict[Name, TableForm]
    blank_rows: int
    most_rows: dict[str, int]
    plan: PlanForm
    templates: tuple[Template, ...]

    @model_validator(mode="after")
    def _known(self) -> Templates:
        wrong = []
        for template in self.templates:
            for block in template.blocks:
                wrong += [f"{template.id}: no place {{{place}}}" for text in block.texts
                          for place in _PLACE.findall(text) if place not in self.places]
                wrong += [f"{template.id}: no case {case!r}" for case in (block.when, block.unless)
                          if case and case not in self.cases]
                if block.table and block.table not in self.tables:
                    wrong.append(f"{template.id}: no table {block.table!r}")
        if wrong:
            raise ValueError("; ".join(dict.fromkeys(wrong)))
        return self


@dataclass(frozen=True)
class Facts:
    """What fills a template: ``places`` texts, ``cases`` that hold, ``tables`` rows by name."""

    places: Mapping[str, str]
    cases: Collection[str] = frozenset()
    tables: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Templates:
    return content.load(path, Templates)


def load() -> Templates:
    """The templates of data/templates.yaml, read again when the file has changed.

    >>> [template.id for template in load().templates][:4]
    ['reminder', 'demand', 'final', 'statement']
    """
    path = paths.data("templates.yaml")
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)


def filled(template: Template, facts: Facts, *, running: str = "", foot: str = "") -> paper.Paper:
    """The paper with these facts; ValueError names a place or table they lack."""
    return paper.Paper(template.title, _blocks(template, facts, label=False), running, foot)


def blank(template: Template, company: str = "") -> paper.Paper:
    """The paper to fill by hand: every place shown as 〔label〕, every case with what it is for."""
    known, mark = load(), words().letters["blank"]
    places = {name: mark.format(label=label) for name, label in known.places.items()}
    places |= {"company": company or places["company"], "unit": known.unit["CNY"]}
    return paper.Paper(template.title, _blocks(template, Facts(places, known.cases), label=True))


def _blocks(template: Template, facts: Facts, *, label: bool) -> tuple[paper.Block, ...]:
    made: list[paper.Block] = []
    counted = 0  # points of the numbered list that the next one may go on from
    law: dict[str, None] = {}  # parameters of law blocks that follow one another stand together
    for block in template.blocks:
        if (block.when and block.when not in facts.cases) or (block.unless and block.unless in facts.cases):
            continue
        if block.law is not None:
            law |= dict.fromkeys(block.law)
            continue
        if law:
            made += law_lines(law)
            law = {}
        if label and block.when:
            made.append(paper.Para(f"（{load().cases[block.when]}）", "small"))
        one = _block(block, facts, label)
        if isinstance(one, paper.Items) and one.kind == "number":
            one = replace(one, start=counted + 1 if block.goes_on else 1)
            counted = one.start + len(one.lines) - 1
        made.append(one)
    return (*made, *(law_lines(law) if law else ()))


def _block(block: Block, facts: Facts, label: bool) -> paper.Block:
    def say(text: str) -> str:
        return _say(text, facts.places)

    if block.head is not None:
        return paper.Head(say(block.head), 3, block.fresh)
    if block.text is not None:
        return paper.Para(say(block.text), block.style or "plain")
    for kind, lines in (("bullet", block.items), ("number", block.number), ("tick", block.ticks)):
        if lines is not None:
            return paper.Items(tuple(map(say, lines)), kind)
    if block.of is not None:
        return paper.Items(tuple(f"{item.name}：{item.meaning}" for item in glossary.load().term(block.of).items), "tick")
    if block.boxes is not None:
        return paper.Para("　".join(f"□ {item.name}" for item in glossary.load().term(block.boxes).items))
    if block.fields is not None:
        return paper.Fields(tuple((name, say(value)) for name, value in block.fields.items()))
    if block.sign is not None:
        return paper.Sign(tuple(tuple(map(say, party)) for party in block.sign))
    return _table(block.table, facts, label)


def _say(text: str, places: Mapping[str, str]) -> str:
    """A text with its places filled; what is filled in is never read for places again."""
    def one(match: re.Match) -> str:
        if match[1] not in places:
            raise ValueError(f"nothing to fill {{{match[1]}}} with")
        return places[match[1]]

    return _PLACE.sub(one, glossary.load().fill(text))


def law_lines(ids: Collection[str]) -> list[paper.Block]:
    """Parameters of data/law as small print: what they say, on what ground, how far that was checked."""
    phrase, found = words().letters, [parameters.get(id) for id in ids]
    lines = [phrase["law"].format(name=p.name, reading=p.reading, citation=p.citation, confidence=p.confidence_text)
             for p in found]
    through = min(p.known_through for p in found)
    return [paper.Para("\n".join([*lines, phrase["draft"].format(through=through)]), "small")]


def _table(name: str, facts: Facts, label: bool) -> paper.Table:
    form = load().tables[name]
    empty = tuple(("",) * len(form.head) for _ in range(load().blank_rows))
    rows = facts.tables.get(name, ())
    if not rows and not (label or form.tall):
        raise ValueError(f"no rows for the table {name}")
    if name == "close":
        rows = rows or tuple((item.name, "") for item in glossary.load().term("closing").items)
    rows = rows or tuple((first, *[""] * (len(form.head) - 1)) for first in form.rows)
    return paper.Table(form.head, rows or empty, form.weights, frozenset(form.right), form.total and bool(rows),
                       form.tall or not rows)
