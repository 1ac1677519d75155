"""Learners made from the specifications: perfect, careless, empty. CI replays the course with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from receivables.exercise.exercise import Bound


def perfect(bound: Bound) -> Any:
    """An answer that is right in every part."""
    exercise = bound.exercise
    return exercise.kind.perfect(exercise.question, exercise.key, bound.figures)


def wrong_answers(bound: Bound) -> Iterator[tuple[Any, str]]:
    """(answer, name of the misconception it shows), the likeliest first; empty for kinds without wrong answers."""
    exercise = bound.exercise
    return exercise.kind.careless(exercise.question, exercise.key, bound.figures)


def careless(bound: Bound) -> Any:
    """The likeliest wrong answer; None (no attempt) for a kind that has none."""
    return next(wrong_answers(bound), (None, ""))[0]


def empty(bound: Bound) -> None:
    """A learner who answers nothing."""
    return None


LEARNERS = {"perfect": perfect, "careless": careless, "empty": empty}
