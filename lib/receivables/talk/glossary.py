"""The glossary (词汇表): one file that says what every named thing of the course means here.

``data/glossary.yaml`` holds, for each name, the house wording, what the seed course said and
what others say, each with its source. Quizzes, rubrics, slides and scripts read it through this
module, so that a trainer changes a wording in one place.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import field_validator, model_validator

from receivables import content, paths
from receivables.content import Content

Status = Literal["seed", "sourced", "house"]
STATUS_NAMES = {"seed": "原课件", "sourced": "公开来源", "house": "本课自定"}
HEARSAY = "行业说法"  # said in the trade, found on no public page: not to be shown as a public source
_PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


class Item(Content):
    """One member of a named list (列表项); ``see`` points to members of other lists."""

    id: str
    name: str
    meaning: str
    see: tuple[str, ...] = ()


class Wording(Content):
    """One way to put it (说法), with its source; ``caution`` is for the trainer's eye."""

    text: str
    source: str
    status: Status | None = None
    items: tuple[Item, ...] = ()
    caution: str | None = None


class Term(Content):
    """A named thing (词条): a term, a named list, or a conflict between what the seeds teach.

    ``status`` says where the house wording comes from. ``requirements`` are the course's
    traceability keys (C04, X3 ...).
    """

    id: str
    name: str
    kind: Literal["term", "list", "conflict"]
    status: Status
    house: Wording
    seed: Wording | None = None
    others: tuple[Wording, ...] = ()
    aliases: tuple[str, ...] = ()
    english: str | None = None
    requirements: tuple[str, ...] = ()
    reason: str | None = None
    owner: str
    date: dt.date

    @model_validator(mode="after")
    def _whole(self) -> Term:
        ids = [item.id for item in self.house.items]
        if len(ids) != len(set(ids)):
            raise ValueError(f"{self.id}: two items share an id")
        if taken := {"text", "line", "count"} & set(ids):
            raise ValueError(f"{self.id}: {taken} mean something else in a place to fill")
        if self.kind == "list" and len(ids) < 2:
            raise ValueError(f"{self.id}: a list needs its items")
        return self

    @property
    def items(self) -> tuple[Item, ...]:
        """The house items, in the order of the file."""
        return self.house.items

    @property
    def line(self) -> str:
        """The names of the house items on one line: ``快·准·勤·韧·证·度``."""
        return "·".join(item.name for item in self.items)

    def item(self, id: str) -> Item:
        """One house item by its id; ValueError names those there are."""
        for item in self.items:
            if item.id == id:
                return item
        raise ValueError(f"{self.id} has no item {id!r}; it has {[item.id for item in self.items]}")


@dataclass(frozen=True)
class Reading:
    """One column of the card 三说并存: whose wording, the words, the items, where from."""

    label: str
    text: str
    items: tuple[str, ...]
    source: str
    status: str
    status_name: str


@dataclass(frozen=True)
class Card:
    """Content of the card 三说并存: the readings side by side, ours first, and why we took it."""

    id: str
    title: str
    readings: tuple[Reading, ...]
    reason: str | None
    owner: str
    date: dt.date


class Glossary(Content):
    """The whole file (词汇表). ``owner`` and ``date`` of the file stand for every term that names none."""

    owner: str
    date: dt.date
    sources: dict[str, str]
    terms: tuple[Term, ...]

    @model_validator(mode="before")
    @classmethod
    def _fill_defaults(cls, raw):
        defaults = {key: raw[key] for key in ("owner", "date") if key in raw} if isinstance(raw, dict) else {}
        if isinstance(raw, dict) and isinstance(raw.get("terms"), list):
            terms = [defaults | term if isinstance(term, dict) else term for term in raw["terms"]]
            return raw | {"terms": terms}
        return raw

    @field_validator("terms")
    @classmethod
    def _distinct(cls, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        seen: dict[str, str] = {}
        for term in terms:
            for word in {term.id, term.name, *term.aliases}:
                if word in seen:
                    raise ValueError(f"{word!r} names both {seen[word]} and {term.id}")
                seen[word] = term.id
        return terms

    @model_validator(mode="after")
    def _no_dangling(self) -> Glossary:
        for term in self.terms:
            for item in term.items:
                for target in item.see:
                    self.item(target)
        return self

    @cached_property
    def _by_word(self) -> dict[str, Term]:
        return {word: term for term in self.terms for word in (term.id, term.name, *term.aliases)}

    def __contains__(self, word: str) -> bool:
        return word in self._by_word

    def of_kind(self, kind: str) -> Iterator[Term]:
        """The terms of one kind: ``term``, ``list`` or ``conflict``."""
        return (term for term in self.terms if term.kind == kind)

    def term(self, word: str) -> Term:
        """A term by id, name or other name (别名).

        Raises
        ------
        ValueError
            For a word the glossary does not have, with the nearest ones.

        Examples
        --------
        >>> load().term("六字诀").id
        'six_characters'
        >>> load().term("dso").name
        '应收账款周转天数'
        """
        try:
            return self._by_word[word]
        except KeyError:
            near = difflib.get_close_matches(word, self._by_word, n=3, cutoff=0.4)
            raise ValueError(f"the glossary has no {word!r}; nearest: {near}") from None

    def item(self, path: str) -> Item:
        """A list item by ``list.item`` (``dodges.hide``); ValueError if there is none.

        >>> load().item("dodges.hide").name
        '躲'
        """
        word, dot, id = path.partition(".")
        if not dot:
            raise ValueError(f"write list.item, not {path!r}")
        return self.term(word).item(id)

    def teaching(self, requirement: str) -> list[Term]:
        """The terms that define a requirement (``C04``, ``X3``), in the order of the file."""
        return [term for term in self.terms if requirement in term.requirements]

    def source_name(self, source: str) -> str:
        """A source spelled out: the keys S00 to S04, house and field become their titles (多个以、分开)."""
        return "、".join(self.sources.get(part, part) for part in source.split("、"))

    def readings(self, word: str) -> Card:
        """The content of the card 三说并存 for one term: ours, the seed's, the others', side by side.

        Parameters
        ----------
        word : id, name or other name of a term

        Returns
        -------
        Card : data, no markup; whoever shows it escapes it

        Examples
        --------
        >>> card = load().readings("PMP")
        >>> [reading.label for reading in card.readings]
        ['本课说法', '原课件说法', '其他说法', '其他说法']
        """
        term = self.term(word)
        rows = [("本课说法", term.house, term.status)]
        if term.seed:
            rows.append(("原课件说法", term.seed, term.seed.status or "seed"))
        rows += [("其他说法", other, other.status or "sourced") for other in term.others]
        readings = tuple(Reading(label, wording.text, tuple(item.name for item in wording.items),
                                 self.source_name(wording.source), status,
                                 HEARSAY if wording.source == "field" else STATUS_NAMES[status])
                         for label, wording, status in rows)
        return Card(term.id, term.name, readings, term.reason, term.owner, term.date)

    def fill(self, text: str) -> str:
        """Put glossary wordings into a text (填词): how exercises, rubrics and scripts follow the house wording.

        ``{{pmp}}`` is the name, ``{{pmp.text}}`` the house wording, ``{{pmp.line}}`` its items on
        one line, ``{{pmp.count}}`` how many there are, ``{{pmp.problem}}`` the name of one item and
        ``{{pmp.problem.meaning}}`` what it means.

        Raises
        ------
        ValueError
            For a place that the glossary cannot fill; nothing is left blank in silence.

        Examples
        --------
        >>> load().fill("{{six_characters}}是{{six_characters.line}}")
        '催收六字诀是快·准·勤·韧·证·度'
        """
        return _PLACE.sub(lambda match: self._place(match[1]), text)

    def _place(self, place: str) -> str:
        word, *rest = place.split(".")
        term = self.term(word)
        match rest:
            case []:
                return term.name
            case ["text"]:
                return term.house.text
            case ["line"]:
                return term.line
            case ["count"]:
                return str(len(term.items))
            case [id]:
                return term.item(id).name
            case [id, "meaning"]:
                return term.item(id).meaning
        raise ValueError(f"{place!r} is no place to fill: write name, name.text, name.line, name.count, "
                         "name.item or name.item.meaning")


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Glossary:
    return content.load(path, Glossary)


def load(path: Path | str | None = None) -> Glossary:
    """Read the glossary (词汇表); read again whenever the file has changed.

    Parameters
    ----------
    path : another file of the same shape; default ``data/glossary.yaml``

    Raises
    ------
    ContentError
        With every fault of the file, each with its line.

    Examples
    --------
    >>> load().term("pmp").line
    '问题·方案·共识'
    """
    path = paths.data("glossary.yaml") if path is None else Path(path)
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return _read(path, changed)
