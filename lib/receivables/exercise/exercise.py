"""From files to a checked answer: load an exercise, bind it to a ledger, check what a learner gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union

import pandas as pd
from pydantic import Field

from receivables import paths
from receivables.content import Content, ContentError
from receivables.content import load as load_content
from receivables.exercise import figures
from receivables.exercise.kinds import KINDS, Kind
from receivables.exercise.spec import Key, Outcome, Question, fill
from receivables.talk import glossary

D = TypeVar("D", bound=Content)

_Questions = Annotated[Union[tuple(k.question for k in KINDS.values())], Field(discriminator="kind")]  # noqa: UP007
_Keys = Annotated[Union[tuple(k.key for k in KINDS.values())], Field(discriminator="kind")]  # noqa: UP007


class QuestionFile(Content):
    """data/exercises/NN_name.yaml, or exercises.yaml of a case."""

    exercises: list[_Questions]


class KeyFile(Content):
    """data/keys/NN_name.yaml, or keys.yaml of a case."""

    keys: list[_Keys]


@dataclass(frozen=True)
class Exercise:
    """A question with its key. ``home`` is the module or case it belongs to."""

    home: str
    question: Question
    key: Key

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def kind(self) -> Kind:
        return KINDS[self.question.kind]

    def bind(self, ledger: Any, *, as_of: Any, seed: int = 0) -> Bound:
        """Compute the exercise's figures from a ledger at a date.

        Parameters
        ----------
        ledger : Ledger (or None for an exercise without figures)
        as_of : date-like; the end of that day
        seed : carried along for exercises that draw their case by it

        Raises
        ------
        Undefined
            When the ledger cannot give a figure the exercise needs.
        """
        as_of = pd.Timestamp(as_of)
        computed: dict[str, Any] = {"as_of": f"{as_of:%Y-%m-%d}"}
        for name, call in {**self.question.figures, **self.key.figures}.items():
            computed[name] = figures.compute(call.compute, ledger, as_of, call.arguments)
        table = self.question.table
        shown = figures.compute(table.compute, ledger, as_of, table.arguments) if table else None
        return Bound(self, computed, shown, seed)


@dataclass(frozen=True)
class Bound:
    """An exercise with the numbers of one ledger at one date."""

    exercise: Exercise
    figures: dict[str, Any]
    table: figures.ShownTable | None
    seed: int = 0

    def text(self, template: str) -> str:
        """A text of the exercise with this ledger's figures in it."""
        return fill(template, self.figures)

    def public(self) -> dict[str, Any]:
        """What may be shown before an answer, as plain JSON: never anything of the key."""
        question = self.exercise.question
        shown = _filled(question.model_dump(mode="json", exclude={"figures", "table", "script"}), self.text)
        shown |= self.exercise.kind.shown(question)
        shown["table"] = self.table.as_json() if self.table is not None else None
        return shown


def _filled(value: Any, put_in: Callable[[str], str]) -> Any:
    """A document with ``put_in`` applied to every text of it that has a place to fill."""
    if isinstance(value, str):
        return put_in(value) if "{" in value else value
    if isinstance(value, list):
        return [_filled(item, put_in) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, put_in) for name, item in value.items()}
    return value


def check(bound: Bound, answer: Any) -> Outcome:
    """Check an answer. Pure: same exercise, same ledger, same answer, same outcome.

    An answer of a wrong shape is not_attempted with a message that says what to do, never an error.
    """
    exercise = bound.exercise
    return exercise.kind.check(exercise.question, exercise.key, bound.figures, answer)


def _files() -> Iterator[tuple[str, Path, Path]]:
    """(home, question file, key file) of every module and case that has exercises."""
    for file in sorted(paths.data("exercises").glob("*.yaml")):
        yield file.stem, file, paths.data("keys", file.name)
    for file in sorted((paths.course_root() / "casework").glob("*/exercises.yaml")):
        yield file.parent.name, file, file.with_name("keys.yaml")


def _in_house_words(document: D) -> D:
    """A question or key with the glossary's wordings put in (``{{pmp.line}}``): they are kept in one place."""
    if "{{" not in document.model_dump_json():
        return document
    return type(document).model_validate(_filled(document.model_dump(by_alias=True), glossary.load().fill))


@lru_cache(maxsize=64)
def _read(home: str, question_file: Path, key_file: Path, _glossary: int = 0) -> dict[str, Exercise]:
    questions = [_in_house_words(question) for question in load_content(question_file, QuestionFile).exercises]
    keys = {key.id: _in_house_words(key) for key in load_content(key_file, KeyFile).keys}
    found: dict[str, Exercise] = {}
    faults: list[str] = []
    for question in questions:
        key = keys.pop(question.id, None)
        if question.id in found:
            faults.append(f"{question.id} stands twice")
        elif key is None:
            faults.append(f"{question.id} has no key in {key_file.name}")
        elif key.kind != question.kind:
            faults.append(f"{question.id} is a {question.kind}, its key a {key.kind}")
        else:
            try:
                KINDS[question.kind].agree(question, key)
            except ValueError as error:
                faults.append(f"{question.id}: {error}")
            found[question.id] = Exercise(home, question, key)
    faults += [f"key {name} has no question" for name in keys]
    if faults:
        raise ContentError(question_file, faults)
    return found


def load_all(home: str | None = None) -> dict[str, Exercise]:
    """Every exercise by id, in the order of the files; of one module or case when ``home`` is given.

    Raises
    ------
    ContentError
        With every fault of the first faulty file.
    """
    found: dict[str, Exercise] = {}
    words = paths.data("glossary.yaml").stat().st_mtime_ns
    for name, question_file, key_file in _files():
        if home in (None, name):
            for exercise_id, exercise in _read(name, question_file, key_file, words).items():
                if exercise_id in found:
                    raise ContentError(question_file, [f"{exercise_id} stands in {found[exercise_id].home} too"])
                found[exercise_id] = exercise
    return found


def load(exercise_id: str) -> Exercise:
    """The exercise with this id.

    >>> load("00-01").question.kind
    'number'
    >>> load("99-99")
    Traceback (most recent call last):
    ...
    KeyError: "no exercise '99-99'; ..."
    """
    known = load_all()
    if exercise_id not in known:
        raise KeyError(f"no exercise {exercise_id!r}; known are {', '.join(known) or 'none'}")
    return known[exercise_id]
