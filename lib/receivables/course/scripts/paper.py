"""A paper (一份文件) as a list of blocks, the same for Word and HTML: headings, words, tables, lines to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Style = Literal["plain", "lead", "strong", "small", "right", "centre"]


@dataclass(frozen=True)
class Head:
    """A heading of level 1 to 3; ``fresh`` begins a new page."""

    text: str
    level: int = 1
    fresh: bool = False


@dataclass(frozen=True)
class Para:
    """Words; a line break in them stays one."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True)
class Items:
    """A list: with bullets, numbered, or with boxes to tick."""

    lines: tuple[str, ...]
    kind: Literal["bullet", "number", "tick"] = "bullet"


@dataclass(frozen=True)
class Table:
    """A table of finished strings. ``weights`` share out the width; ``right`` are the columns of figures;
    ``total`` rules off the last row; ``tall`` rows leave room to write by hand."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]
    right: frozenset[int] = frozenset()
    total: bool = False
    tall: bool = False


@dataclass(frozen=True)
class Fields:
    """Names and values, a line each."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sign:
    """Signatures side by side: of each party its lines to fill."""

    parties: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Said:
    """A line of the script book with a note under it."""

    text: str
    note: str


Block = Head | Para | Items | Table | Fields | Sign | Said


@dataclass(frozen=True)
class Paper:
    """One document: ``running`` stands at the head of each page, ``foot`` at its bottom; ``cover`` fills a page."""

    title: str
    blocks: tuple[Block, ...]
    running: str = ""
    foot: str = ""
    cover: tuple[str, ...] = field(default=())


def lettered(papers: Sequence[Paper]) -> tuple[Block, ...]:
    """Several papers one after the other inside another one, each on a page of its own."""
    return tuple(block for paper in papers for block in (Head(paper.title, 2, fresh=True), *paper.blocks))
