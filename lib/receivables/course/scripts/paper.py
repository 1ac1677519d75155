"""A paper (一份文件) as a list of blocks, the same for Word and HTML: headings, words, tables, lines to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """A list: with bullets, numbered from ``start``, or with boxes to tick."""

    lines: tuple[str, ...]
    kind: Literal["bullet", "number", "tick"] = "bullet"
    start: int = 1


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
    """One document: ``running`` stands at the head of each page, ``foot`` at its bottom; with ``cover`` lines it has a
    title page that lists its chapters, the headings of level 1."""

    title: str
    blocks: tuple[Block, ...]
    running: str = ""
    foot: str = ""
    cover: tuple[str, ...] = ()

    @property
    def chapters(self) -> tuple[str, ...]:
        """The headings of level 1."""
        return tuple(block.text for block in self.blocks if isinstance(block, Head) and block.level == 1)


def lettered(papers: Sequence[Paper]) -> tuple[Block, ...]:
    """Several papers one after the other inside another one, each beginning on a page of its own."""
    def inner(block: Block) -> Block:
        return replace(block, fresh=False) if isinstance(block, Head) else block

    return tuple(block for paper in papers for block in (Head(paper.title, 2, fresh=True), *map(inner, paper.blocks)))
