"""Exercises: specification, key, checking, the answer store, the card."""

from receivables.exercise.exercise import Bound, Exercise, check, load, load_all
from receivables.exercise.spec import Outcome

__all__ = ["Bound", "Exercise", "Outcome", "check", "load", "load_all"]
