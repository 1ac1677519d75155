"""What every case is: one ledger, the facts and tables its documents and exercises take, all from one seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from receivables import paths
from receivables.course.documents import Document, Shown, read
from receivables.exercise.figures import ShownTable
from receivables.ledger import Ledger


@dataclass(frozen=True)
class Case:
    """A case (案例). A lesson takes it where it takes a ledger; the figures ``fact`` and ``case_table`` read the rest.

    ``name`` is its folder below casework/; ``facts`` are figures and words by name, ``tables`` what documents and
    exercises show. Nothing of an answer stands in a document: documents.yaml is the learner's.
    """

    name: str
    ledger: Ledger
    facts: Mapping[str, Any]
    tables: Mapping[str, ShownTable]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.ledger, name)

    @property
    def documents(self) -> dict[str, Document]:
        """The documents of the case by id, in the order of documents.yaml."""
        return read(paths.course_root() / "casework" / self.name / "documents.yaml")

    def show(self, *ids: str) -> Shown:
        """Some documents, in the order asked for, with this case's figures in them; all of them when none is named.

        Raises
        ------
        KeyError
            For a document that documents.yaml does not hold.
        """
        known = self.documents
        return Shown([known[name] for name in ids or known], self.facts, self.tables)
