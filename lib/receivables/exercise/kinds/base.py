"""What every kind of exercise offers to the rest of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from receivables.exercise.spec import Key, Option, Outcome, Question

#: question, key, figures by name, answer -> outcome
Check = Callable[[Question, Key, dict[str, Any], Any], Outcome]
#: question, key, figures -> an answer that is right in every part
Perfect = Callable[[Question, Key, dict[str, Any]], Any]
#: question, key, figures -> (answer, name of the misconception it shows), the likeliest first
Careless = Callable[[Question, Key, dict[str, Any]], Iterator[tuple[Any, str]]]


@dataclass(frozen=True)
class Kind:
    """A kind of exercise: its two models and the pure functions on them.

    ``agree`` raises ValueError when a question and a key do not fit each other
    (an option without feedback, a feedback for an option that does not exist).

    Kinds that are played have three more: ``shown`` adds to the public question what its file does not hold;
    ``step`` tells the page where an unfinished answer stands, with ``ended`` when it needs no more (ValueError, in
    the learner's language, for an answer that cannot go on); ``record`` is the whole of a finished answer as text.
    """

    name: str
    question: type[Question]
    key: type[Key]
    check: Check
    perfect: Perfect
    careless: Careless
    agree: Callable[[Question, Key], None]
    shown: Callable[[Question], dict[str, Any]] = lambda question: {}
    step: Callable[[Question, Key, Any], dict[str, Any]] | None = None
    record: Callable[[Question, Any], str] | None = None


def ids(options: list[Option]) -> list[str]:
    """Ids of options, each once.

    >>> ids([Option(id="a", text="甲"), Option(id="a", text="乙")])
    Traceback (most recent call last):
    ...
    ValueError: option ids stand twice: a
    """
    names = [option.id for option in options]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"option ids stand twice: {', '.join(twice)}")
    return names


def same(what: str, expected: list[str] | set[str], given: list[str] | set[str]) -> None:
    """Raise unless two sets of ids are equal; the message names what is missing and what is too many."""
    missing, extra = sorted(set(expected) - set(given)), sorted(set(given) - set(expected))
    if missing or extra:
        raise ValueError(f"{what}: missing {missing or 'none'}, unknown {extra or 'none'}")
