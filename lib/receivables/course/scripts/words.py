"""Every word of the script book and its sheets: data/scripts.yaml; names of lists come from the glossary."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from receivables import content, paths
from receivables.content import Content
from receivables.talk import glossary

#: the chapter before the excuses: making an appointment, the first words
OPENING = "opening"
#: the places of a line: column -> list of the glossary, in the order of the book
LISTS = {"excuse": "excuses", "type": "customer_types", "channel": "channels", "step": "rubric"}


class Words(Content):
    """data/scripts.yaml. ``any`` names a place left open; ``private`` what stands for a masked number; ``uses`` tells
    when to use each template; ``titles`` follow a surname; ``particles`` are characters that make no name."""

    any: dict[str, str]
    columns: dict[str, str]
    sheets: dict[str, str]
    use: dict[str, str]
    private: dict[str, str]
    report: dict[str, str]
    faults: dict[str, str]
    editing: list[str]
    book: dict[str, str]
    heads: dict[str, list[str]]
    how: list[str]
    letters: dict[str, str]
    uses: dict[str, str]
    titles: list[str]
    particles: str


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Words:
    return content.load(path, Words)


def words() -> Words:
    """The words of data/scripts.yaml, read again when the file has changed.

    >>> words().use["yes"]
    '用'
    """
    path = paths.data("scripts.yaml")
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)


def say(text: str, **values: object) -> str:
    """A phrase with the glossary's wordings and these values in it.

    >>> say("{{closing.who}}：{n}", n=3)
    '谁：3'
    """
    return glossary.load().fill(text).format(**values)


def place_names(column: str) -> dict[str, str]:
    """Item id -> name of the list that a column takes its values from, in the glossary's order; the opening, which is
    no excuse, stands before the excuses.

    >>> list(place_names("excuse").values())
    ['开场和预约', '没钱', '没流程', '有争议', '没人']
    """
    first = {OPENING: words().book["opening"]} if column == "excuse" else {}
    return first | {item.id: item.name for item in glossary.load().term(LISTS[column]).items}


def situation_names() -> dict[str, str]:
    """``situations.x`` and ``drills.x`` -> name: where a line was said."""
    known = glossary.load()
    return {f"{term}.{item.id}": item.name for term in ("situations", "drills") for item in known.term(term).items}
