"""A line of the script book (一句话): what was said, where it fits, who wrote it; the same line stands once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from receivables.course.scripts.words import LISTS, OPENING, place_names, situation_names
from receivables.talk import redline

LONGEST = 120  # characters: nobody says more in one breath
#: the drill whose lines open the talk by fixing a day; every other line of the opening sets the tone
APPOINTMENT, ATMOSPHERE = "drills.appointment", "drills.atmosphere"
_DROPPED = re.compile(r"(?!(?<=\d)[.:/-](?=\d))[^\w%]|_")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Line:
    """One line. ``situations`` are paths into the glossary (``situations.hard``), the other places item ids;
    empty is any. ``writers`` counts whoever wrote it, each once."""

    text: str
    excuse: str = ""
    type: str = ""
    channel: str = ""
    step: str = ""
    situations: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    note: str = ""
    use: bool = True

    @property
    def place(self) -> tuple[str, str, str]:
        """Excuse, customer type and channel."""
        return self.excuse, self.type, self.channel

    @property
    def group(self) -> str:
        """What a chapter is divided by: the customer type; in the opening, the drill."""
        if self.excuse == OPENING:
            return APPOINTMENT if APPOINTMENT in self.situations else ATMOSPHERE
        return self.type

    @property
    def unfit(self) -> str:
        """Why these are no words to say to a customer: ``no_chinese`` or ``too_long``; empty where they may be.

        >>> Line("12345678").unfit, Line("今天能先付多少？").unfit
        ('no_chinese', '')
        """
        if not _CHINESE.search(self.text):
            return "no_chinese"
        return "too_long" if len(self.text) > LONGEST else ""


@dataclass(frozen=True)
class Refused:
    """A line that crosses a red line: for the trainer, never in the book."""

    line: Line
    hits: tuple[redline.Hit, ...]

    @property
    def marked(self) -> str:
        """The text with every crossing in 【】.

        >>> Refused(line := Line("再不付我就去堵门。"), check(line)).marked
        '再不付我就去【堵门】。'
        """
        text, last = self.line.text, len(self.line.text)
        for start, end in sorted((hit.span for hit in self.hits), reverse=True):
            end = min(end, last)  # two rules may hit the same words
            if start < end:
                text, last = f"{text[:start]}【{text[start:end]}】{text[end:]}", start
        return text


def check(line: Line) -> tuple[redline.Hit, ...]:
    """The red lines that a line crosses."""
    return tuple(redline.check(line.text))


def clean(text: str) -> str:
    """A text as files can hold it: no control or direction marks, no half characters, no space around it.

    >>> clean("  您好\\u202e\\x07，\\ud800王经理\\r\\n ")
    '您好，王经理'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or not (unicodedata.category(c) in ("Cc", "Cf", "Cs") or c in "\ufffe\uffff"))
    return "".join(kept).strip()


def normalised(text: str) -> str:
    """What makes two lines the same: width, case, spaces and punctuation aside, figures kept.

    >>> normalised("王总，您 今天能付１.５万吗？") == normalised("王总您今天能付1.5万吗")
    True
    >>> normalised("付1.5万") == normalised("付15万")
    False
    """
    text = unicodedata.normalize("NFKC", text).lower()
    return _DROPPED.sub("", re.sub(r"(?<=\d),(?=\d{3})", "", text))


def merged(lines: Iterable[Line]) -> list[Line]:
    """The same line in the same place once, with everybody who wrote it; in the order of the book."""
    found: dict[tuple, Line] = {}
    for line in lines:
        key = (*line.place, normalised(line.text))
        if (first := found.get(key)) is None:
            found[key] = line
            continue
        found[key] = replace(
            first, writers=tuple(dict.fromkeys(first.writers + line.writers)), step=first.step or line.step,
            situations=tuple(dict.fromkeys(first.situations + line.situations)), use=first.use or line.use,
            note="；".join(dict.fromkeys(filter(None, (first.note, line.note)))))
    return ordered(found.values())


def ordered(lines: Iterable[Line]) -> list[Line]:
    """The opening, then by excuse, customer type, channel and step of the talk, each in the glossary's order; what is
    open comes last."""
    ranks = {column: {id: n for n, id in enumerate(place_names(column))} for column in LISTS}
    ranks["type"] |= {APPOINTMENT: 0, ATMOSPHERE: 1}
    said = {path: n for n, path in enumerate(situation_names())}

    def rank(line: Line) -> tuple:
        values = {column: getattr(line, column) for column in LISTS} | {"type": line.group}
        places = [ranks[column].get(value, len(ranks[column])) for column, value in values.items()]
        return (*places, min((said.get(path, len(said)) for path in line.situations), default=len(said)),
                -len(line.writers))

    return sorted(lines, key=rank)
