"""Red lines (红线): find in a text what nobody may say or do to collect a debt.

Offline and rule-based: ``data/redlines.yaml`` holds the rules, what excuses a match (denying it,
teaching it, reporting somebody else's words) and the traditional characters that are read as
simplified ones. A rule-based reader misses what it has no words for: precision and recall on
sentences that no rule was written for stand in ``data/redline_report.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import field_validator, model_validator

from receivables import content, paths
from receivables.content import Content

_DEPTH = 4
_NAME = re.compile(r"\{([a-z_]+)\}")
_QUOTE = re.compile(r"[“「『\"]([^“”「」『』\"]*)[”」』\"]")
_CLAUSE_END = "，。！？；：,;:!?\n"
_SENTENCE_END = "。！？!?\n"
_FRAME_END = "。！!\n"  # a question and what is said after it belong together
# Half-width punctuation is read as full-width, full-width letters and digits as half-width.
_WIDTH = {ord(half): full for half, full in zip(",!?;", "，！？；", strict=True)}
_WIDTH |= {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}


@dataclass(frozen=True)
class Hit:
    """One crossing of a red line (碰线): where, which rule, on what ground, and what to say instead.

    ``span`` is (start, end) in the text as it was given.
    """

    span: tuple[int, int]
    rule: str
    name: str
    source: str
    hint: str
    basis: str


class Rule(Content):
    """One red line (规则): ``basis`` says whether it is law or company policy.

    A pattern is one expression. A frame is several that must all stand in one sentence, in any order;
    what the first of them matches is marked.
    """

    id: str
    name: str
    basis: Literal["law", "policy"]
    source: str
    confidence: Literal["verified", "secondary", "memory"]
    hint: str
    patterns: tuple[str, ...]
    frames: tuple[tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()


class Excuses(Content):
    """What excuses a match (免责语境); each is one regular expression."""

    denied: str
    others: str
    said: str
    proposed: str
    victim: str
    frame: str
    verdict: str
    refused: str
    despite: str
    instruct: str


class Redlines(Content):
    """The whole file (红线表)."""

    as_of: dt.date
    rules: tuple[Rule, ...]
    words: dict[str, tuple[str, ...]]
    excuses: Excuses
    traditional: str

    @field_validator("rules")
    @classmethod
    def _distinct(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        ids = [rule.id for rule in rules]
        if len(ids) != len(set(ids)):
            raise ValueError("two rules share an id")
        return rules

    @model_validator(mode="after")
    def _compiles(self) -> Redlines:
        for pair in self.traditional.split():
            if len(pair) != 2:
                raise ValueError(f"traditional: {pair!r} is not a pair of characters")
        for rule in self.rules:
            for pattern in (*rule.patterns, *(part for frame in rule.frames for part in frame), *rule.unless):
                try:
                    re.compile(self.spelled_out(pattern))
                except (re.error, KeyError, ValueError) as error:
                    raise ValueError(f"rule {rule.id}, pattern {pattern!r}: {error}") from None
        return self

    def spelled_out(self, pattern: str) -> str:
        """The pattern with every {word} replaced by its list; a list may use other lists."""
        for _ in range(_DEPTH):
            if not _NAME.search(pattern):
                return pattern
            pattern = _NAME.sub(lambda match: f"(?:{'|'.join(self.words[match[1]])})", pattern)
        raise ValueError(f"words nest deeper than {_DEPTH}, or in a circle")

    @cached_property
    def _compiled(self) -> list[tuple[Rule, re.Pattern, list[re.Pattern], list[re.Pattern]]]:
        """Rule, what is marked, what must stand in the same sentence, what excuses it."""
        # One alternation per pattern, not per rule: a back-reference (\1) counts within its own pattern.
        def read(patterns):
            return [re.compile(self.spelled_out(pattern)) for pattern in patterns]
        return [(rule, *read(frame[:1]), read(frame[1:]), read(rule.unless))
                for rule in self.rules for frame in (*((pattern,) for pattern in rule.patterns), *rule.frames)]

    @cached_property
    def _excuse(self) -> dict[str, re.Pattern]:
        return {name: re.compile(getattr(self.excuses, name)) for name in Excuses.model_fields}

    @cached_property
    def _map(self) -> dict[int, str]:
        return _WIDTH | {ord(pair[0]): pair[1] for pair in self.traditional.split()}

    def simplified(self, text: str) -> str:
        """The text as the rules read it: simplified, width folded, lower case, the same length."""
        return "".join(c if len(low := c.lower()) != 1 else low for c in text.translate(self._map))

    def check(self, text: str) -> list[Hit]:
        """As the function :func:`check`."""
        plain = self.simplified(text)
        found: dict[str, list[tuple[int, int]]] = {}
        for rule, pattern, others, unless in self._compiled:
            for match in pattern.finditer(plain):
                start, end = match.span()
                low, high = _bounds(plain, start, end, _FRAME_END) if others else (0, 0)
                if not all(other.search(plain, low, high) for other in others):
                    continue
                if end > start and not self._excused(plain, start, end, unless):
                    found.setdefault(rule.id, []).append((start, end))
        by_id = {rule.id: rule for rule in self.rules}
        hits = [Hit(span, rule.id, rule.name, rule.source, rule.hint, rule.basis)
                for id, spans in found.items() for rule in [by_id[id]] for span in _merged(spans)]
        return sorted(hits, key=lambda hit: (hit.span, hit.rule))

    def _excused(self, text: str, start: int, end: int, unless: list[re.Pattern]) -> bool:
        excuse = self._excuse
        if excuse["despite"].search(text):
            return False
        low, high = _bounds(text, start, end, _SENTENCE_END)
        sentence = text[low:high]
        if any(pattern.search(sentence) for pattern in unless):
            return True
        clause = _bounds(text, start, start, _CLAUSE_END)[0]
        if excuse["denied"].search(text[clause:start]):
            return True
        quote = next((q for q in _QUOTE.finditer(text) if q.start() < start and end <= q.end()), None)
        told = self._told(text, start, low, clause, end)
        outside = _QUOTE.sub("“”", text)
        taught = excuse["frame"].search(text) or excuse["verdict"].search(outside)
        turned_down = excuse["refused"].search(text, end) and (
            excuse["others"].search(text, 0, end) or excuse["proposed"].search(text, 0, end))
        if quote:
            before = text[low:quote.start()]
            if excuse["denied"].search(text[_bounds(text, quote.start(), quote.start(), _CLAUSE_END)[0]:quote.start()]):
                return True
            if excuse["others"].search(before) or taught or turned_down:
                return True
            return False if excuse["instruct"].search(before) else bool(told)
        return bool(told or taught or turned_down)

    def _told(self, text: str, start: int, low: int, clause: int, end: int) -> bool:
        """Whether the words are another's: in the same clause, or after a colon (说：, 说，) that opens his speech."""
        others = self._excuse["others"]
        if others.search(text[clause:end]) or self._excuse["victim"].search(text[clause:end]):
            return True
        if self._excuse["said"].search(text[low:start]):
            return True
        colon = max(text.rfind(mark, low, start) for mark in ("：", ":", "说，", "问，"))
        return colon >= 0 and bool(others.search(text[low:colon + 1]))


def _bounds(text: str, start: int, end: int, marks: str) -> tuple[int, int]:
    """The stretch between two marks that holds start..end."""
    low = max((text.rfind(mark, 0, start) for mark in marks), default=-1) + 1
    ends = [at for mark in marks if (at := text.find(mark, end)) >= 0]
    return low, min(ends, default=len(text))


def _merged(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Overlapping spans of one rule become one."""
    start, end = None, -1
    for a, b in sorted(spans):
        if start is None or a >= end:
            if start is not None:
                yield start, end
            start, end = a, b
        else:
            end = max(end, b)
    if start is not None:
        yield start, end


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Redlines:
    return content.load(path, Redlines)


def load(path: Path | str | None = None) -> Redlines:
    """The red lines (红线表) of ``data/redlines.yaml`` or another file; read again when it has changed.

    >>> [rule.id for rule in load().rules if rule.basis == "policy"]
    ['overpromise', 'night']
    """
    path = paths.data("redlines.yaml") if path is None else Path(path)
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)


def check(text: str) -> list[Hit]:
    """Find the red lines that a text crosses (查红线).

    Parameters
    ----------
    text : a line, a message or a whole script, simplified or traditional

    Returns
    -------
    list of Hit, by place; empty when nothing was found, which is no promise that the text is clean

    Examples
    --------
    >>> [(hit.rule, hit.span) for hit in check("这周不付，我就去你公司堵门。")]
    [('occupying', (11, 13))]
    >>> check("我们绝不会去堵门，请您给个日期。")
    []
    """
    if not isinstance(text, str):
        raise ValueError(f"check reads a text, not {type(text).__name__}")
    return load().check(text)
