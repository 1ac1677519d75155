"""Own words: a line or page to write (write), a discussion to record (discuss), a role-play to observe (roleplay).

Nobody's words are marked right by a machine. A written line is searched for what it must hold
(an amount, a date ...); a discussion and a role-play count as done when something usable is recorded.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from receivables.content import Content
from receivables.exercise.kinds.base import Kind, same
from receivables.exercise.spec import Key, Name, OptionId, Outcome, Question, Text, fill
from receivables.talk import glossary, redline

RED = "red_line"  # the misconception behind words that nobody says
LONGEST = 20_000  # characters kept of one answer; longer ones are refused with a message, not cut


class Script(Content):
    """Where a written line stands in the script book (话术册的位置): items of the glossary's lists; empty is any."""

    excuse: OptionId | None = None
    type: OptionId | None = None
    channel: OptionId | None = None

    @model_validator(mode="after")
    def _known(self) -> Script:
        for given, term in ((self.excuse, "excuses"), (self.type, "customer_types"), (self.channel, "channels")):
            if given is not None:
                glossary.load().term(term).item(given)
        return self


class Write(Question):
    """Own words; ``at_least`` characters make an honest try. A line with ``script`` goes to the script book."""

    kind: Literal["write"]
    at_least: Annotated[int, Field(ge=4)] = 12
    starter: str = ""
    script: Script | None = None  # for the trainer's book, not for the card


class Criterion(Content):
    """Something a good line holds: any of ``looks_for`` (regular expressions) shows it; ``says`` when none is found."""

    name: Name
    title: Text
    looks_for: Annotated[list[Text], Field(min_length=1)]
    says: Text

    @field_validator("looks_for")
    @classmethod
    def _compiles(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression: {pattern!r} ({error})") from None
        return patterns


class WriteKey(Key):
    """Criteria, a model line that meets them all, and weak lines with the criterion each misses."""

    kind: Literal["write"]
    criteria: Annotated[list[Criterion], Field(min_length=1)]
    model: Text
    weak: dict[Name, Text]


class Discuss(Question):
    """A group discussion: what is asked, what is written down."""

    kind: Literal["discuss"]
    collect: Text
    at_least: Annotated[int, Field(ge=4)] = 12


class DiscussKey(Key):
    kind: Literal["discuss"]


class Role(Content):
    """A role; what only its player may know stands in the key."""

    id: OptionId
    name: Text
    brief: Text


class Line(Content):
    """One line of the observer's form, 0 to 3, with what 0 and 3 look like."""

    id: OptionId
    text: Text
    low: Text
    high: Text


class Roleplay(Question):
    """A role-play with roles, minutes and an observer's form; ``red_flag`` asks whether a red line was crossed."""

    kind: Literal["roleplay"]
    roles: Annotated[list[Role], Field(min_length=2)]
    form: Annotated[list[Line], Field(min_length=2)]
    red_flag: str = ""


class RoleplayKey(Key):
    kind: Literal["roleplay"]
    confidential: dict[OptionId, Text]


def _too_long(text: str) -> Outcome | None:
    if len(text) > LONGEST:
        return Outcome.missing(f"太长了：最多 {LONGEST:,} 个字，现在是 {len(text):,} 个。")
    return None


def _check_write(question: Write, key: WriteKey, figures: dict, answer: Any) -> Outcome:
    text = str(answer or "").strip()
    if text == question.starter.strip() or len(text) < question.at_least:
        return Outcome.missing(f"再多写几个字，至少 {question.at_least} 个，像真的对客户说一样。")
    if (refused := _too_long(text)) is not None:
        return refused
    if hits := redline.check(text):  # whatever else it holds: nobody is taught that this can be said
        hit = hits[0]
        return Outcome.scored(0, f"碰了红线：{hit.name}。“{text[slice(*hit.span)]}”——{hit.hint}", RED)
    missed = [c for c in key.criteria if not any(re.search(p, text) for p in c.looks_for)]
    if not missed:
        return Outcome.scored(1, fill(key.right, figures))
    return Outcome.scored(1 - len(missed) / len(key.criteria), fill(missed[0].says, figures), missed[0].name)


def _check_discuss(question: Discuss, key: DiscussKey, figures: dict, answer: Any) -> Outcome:
    text = str(answer or "").strip()
    if len(text) < question.at_least:
        return Outcome.missing(f"把讨论的结果记下来，至少 {question.at_least} 个字。")
    return _too_long(text) or Outcome.scored(1, fill(key.right, figures))


def _check_roleplay(question: Roleplay, key: RoleplayKey, figures: dict, answer: Any) -> Outcome:
    given = answer if isinstance(answer, dict) else {}
    scores = given.get("scores")
    scores = scores if isinstance(scores, dict) else {}
    if question.red_flag and given.get("red") is True:
        said = "碰了红线，这一轮每一行都记 0。先说清是哪一句、换成哪一句，再来一轮。"
        return Outcome("incorrect", 0.0, said, "crossed_a_red_line")
    open_lines = [line.text for line in question.form if scores.get(line.id) not in (0, 1, 2, 3)]
    if open_lines:
        return Outcome.missing(f"观察表还有 {len(open_lines)} 行没打分：{open_lines[0]}")
    return _too_long(str(given.get("note", ""))) or Outcome.scored(1, fill(key.right, figures))


def _agree_write(question: Write, key: WriteKey) -> None:
    names = [criterion.name for criterion in key.criteria]
    same("criteria and `weak` lines", names, set(key.weak))


def _agree_roleplay(question: Roleplay, key: RoleplayKey) -> None:
    same("roles and `confidential`", [role.id for role in question.roles], set(key.confidential))


def _wrong_write(question: Write, key: WriteKey, figures: dict):
    for name, text in key.weak.items():
        yield fill(text, figures), name


def _wrong_roleplay(question: Roleplay, key: RoleplayKey, figures: dict):
    if question.red_flag:
        yield {"scores": {line.id: 3 for line in question.form}, "note": "", "red": True}, "crossed_a_red_line"


def _nothing_wrong(question: Question, key: Key, figures: dict):
    return iter(())


WRITE = Kind("write", Write, WriteKey, _check_write, lambda q, k, f: fill(k.model, f), _wrong_write, _agree_write)
DISCUSS = Kind("discuss", Discuss, DiscussKey, _check_discuss,
               lambda q, k, f: "我们组的结论：先核实，再开口，谈完当场写下来。", _nothing_wrong, lambda q, k: None)
ROLEPLAY = Kind("roleplay", Roleplay, RoleplayKey, _check_roleplay,
                lambda q, k, f: {"scores": {line.id: 3 for line in q.form}, "note": ""}, _wrong_roleplay,
                _agree_roleplay)
