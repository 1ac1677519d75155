"""What a notebook says to put a lesson on the page: one ledger, one date, its exercises as cards."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from receivables import paths
from receivables.course import vocabulary
from receivables.exercise import Bound, figures, load_all
from receivables.exercise.card import Card
from receivables.exercise.store import Store


class Line:
    """One sentence on the page with figures in it: plain text where CI compares, a paragraph where people read."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.text)}</p>"


def _figure(text: str) -> str:
    """Figures stand right, words left."""
    return ' class="rw-figure"' if re.fullmatch(r"[−\d.,%]*", text) else ""


class Table:
    """A small table on the page: plain text where CI compares, a table where people read."""

    def __init__(self, shown: figures.ShownTable, note: str = ""):
        self.shown = shown
        self.note = note

    def __repr__(self) -> str:
        return "\n".join(" | ".join(row) for row in (self.shown.header, *self.shown.rows))

    def _repr_html_(self) -> str:
        first = self.shown.rows[0] if self.shown.rows else self.shown.header
        head = "".join(f'<th scope="col"{_figure(below)}>{escape(text)}</th>'
                       for text, below in zip(self.shown.header, first, strict=True))
        body = "".join(f'<tr><th scope="row">{escape(row[0])}</th>'
                       + "".join(f"<td{_figure(text)}>{escape(text)}</td>" for text in row[1:]) + "</tr>"
                       for row in self.shown.rows)
        note = f"<p><small>{escape(self.note)}</small></p>" if self.note else ""
        kind = "rw-table rw-prose" if self.shown.prose else "rw-table"
        return (f'<div class="{kind}" tabindex="0" role="group" aria-label="{escape("、".join(self.shown.header))}">'
                f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}")


class Lesson:
    """The exercises of one module or case, bound to one ledger at one date.

    Parameters
    ----------
    home : name of the module or case, e.g. ``00_start``
    ledger : a path below data/, or an object with ``open_items``: a Ledger, a Case
    as_of : date; end of that day
    seed : for exercises that draw their case by it
    learner : whose answers are kept; whoever the course was opened for when empty
    answers : path of a JSON file {exercise id: answer}; each card then answers itself through
        ``check`` and stores nothing. CI replays the course with it.
    """

    def __init__(self, home: str, *, ledger: Any, as_of: str, seed: int = 0, answers: str = "",
                 learner: str = ""):
        from receivables.ledger import read_ledger

        self.home = home
        self.ledger = read_ledger(paths.data(ledger)) if isinstance(ledger, str) else ledger
        self.as_of = pd.Timestamp(as_of)
        self.seed = seed
        self.exercises = load_all(home)
        self._answers = json.loads(Path(answers).read_text(encoding="utf-8")) if answers else None
        self._store = Store(learner or None)

    def bound(self, exercise_id: str) -> Bound:
        """One exercise with this lesson's numbers."""
        return self.exercises[exercise_id].bind(self.ledger, as_of=self.as_of, seed=self.seed)

    def figure(self, name: str, /, **arguments: Any) -> Any:
        """One figure by its name, for a sentence on the page."""
        return figures.compute(name, self.ledger, self.as_of, arguments)

    def table(self, name: str, /, *, note: str = "", **arguments: Any) -> Table:
        """One figure that is a table, as a table on the page."""
        return Table(self.figure(name, **arguments), note)

    def readings(self, word: str) -> vocabulary.Readings:
        """The card 三说并存 for a term of the glossary: ours, the seed's and the others' wording, with sources."""
        return vocabulary.readings(word)

    def terms(self, word: str) -> vocabulary.WordTable:
        """The items of a named list of the glossary, as a table on the page."""
        return vocabulary.terms(word)

    def small_table(self, which: vocabulary.SmallTable) -> vocabulary.WordTable:
        """``causes``, ``debt_types`` or ``customer_types``: what to do first, as a table on the page."""
        return vocabulary.small_table(which)

    def card(self, exercise_id: str) -> Card:
        """One exercise as a card on the page."""
        if self._answers is None:
            return Card(self.bound(exercise_id), self._store)
        return Card(self.bound(exercise_id), self._store, replaying=True, replay=self._answers.get(exercise_id))
