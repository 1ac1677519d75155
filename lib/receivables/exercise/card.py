"""The card: one exercise as a widget. It draws nothing itself and decides nothing: it calls ``check`` and the store."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import traitlets

from receivables.exercise.exercise import Bound, check
from receivables.exercise.page import PageWidget, esm
from receivables.exercise.paper import question_html
from receivables.exercise.readable import readable
from receivables.exercise.spec import Outcome
from receivables.exercise.store import Progress, Store, StoreError, progress
from receivables.exercise.words import words

_HERE = Path(__file__).parent


class Card(PageWidget):
    """One exercise on the page.

    Parameters
    ----------
    bound : the exercise with its numbers
    store : where answers are kept and found again
    replay : an answer to check at once instead of waiting for a person; nothing is stored then

    The page says hello when it is shown, and only then is the store asked: a preheated page ran
    before its learner came.
    """

    _esm = esm(_HERE / "play.js", _HERE / "card.js")
    question = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, bound: Bound, store: Store | None = None, *, replay: Any = None, replaying: bool = False):
        self.bound = bound
        self.store = store or Store()
        self.replayed = check(bound, replay) if replaying else None
        self._replay = replay
        played = {part: words()[part] for part in ("scene", "who")}
        super().__init__(question=bound.public(), words={**words()["card"], **played}, view=self._view(Progress()))
        self.on_msg(self._receive)

    # -- messages ------------------------------------------------------------------------------------------------

    def _receive(self, _: Any, message: Any, __: Any) -> None:
        handle = {"hello": self._hello, "step": self._step, "submit": self._submit, "hint": self._hint,
                  "solution": self._solution}
        kind = message.get("type") if isinstance(message, dict) else None
        if not isinstance(kind, str) or kind not in handle:
            return
        try:
            handle[kind](message)
        except StoreError as error:
            self._show({**self.view, "error": str(error)})

    def _hello(self, _: dict) -> None:
        self._show(self._view(self._progress()))

    def _step(self, message: dict) -> None:
        """One step of a played exercise; the last one hands the answer in."""
        answer = message.get("answer")
        try:
            step = self._step_of(answer)
        except ValueError as error:
            self._show(self._view(self._progress(), Outcome.missing(str(error))))
            return
        if not answer:
            self._show(self._view(self._progress()))
        elif step is None or step["ended"]:
            self._submit(message)
        else:
            self._keep("step", message, answer)
            self._show(self._view(self._progress()))

    def _submit(self, message: dict) -> None:
        answer = message.get("answer")
        outcome = check(self.bound, answer)
        if outcome.status != "not_attempted":
            self._keep("answer", message, answer, outcome, {
                "kind": self.question["kind"], "ask": self.question["ask"], "answer": readable(self.question, answer),
                "takeaway": self.bound.text(self._key.takeaway) if outcome.status == "correct" else "",
            })
        self._show(self._view(self._progress(), outcome))

    def _hint(self, message: dict) -> None:
        if self._progress().hints < len(self._key.hints):
            self._keep("hint", message)
        self._show(self._view(self._progress(), self._last_shown()))

    def _solution(self, message: dict) -> None:
        if self._progress().tries:  # the solution comes after an honest try
            self._keep("solution", message)
        self._show(self._view(self._progress(), self._last_shown()))

    # -- state ---------------------------------------------------------------------------------------------------

    @property
    def _key(self):
        return self.bound.exercise.key

    def _keep(self, event: str, message: dict, answer: Any = None, outcome: Outcome | None = None,
              shown: dict[str, str] | None = None) -> None:
        question = self.bound.exercise.question
        submission = str(message.get("submission", ""))[:64]
        self.store.append(question.id, question.version, event, submission, answer, outcome, shown)

    def _progress(self) -> Progress:
        question = self.bound.exercise.question
        return progress(self.store.records(question.id), question.id, question.version)

    def _step_of(self, answer: Any) -> dict[str, Any] | None:
        """Where this answer stands, for a kind that is played."""
        exercise = self.bound.exercise
        return exercise.kind.step and exercise.kind.step(exercise.question, exercise.key, answer)

    def _where(self, known: Progress) -> dict[str, Any] | None:
        """Where the learner stands in a played exercise; from the start again when what was kept no longer fits."""
        try:
            return self._step_of(known.answer if known.draft is None else known.draft)
        except ValueError as error:
            return {**self._step_of(None), "note": str(error)}

    def _last_shown(self) -> Outcome | None:
        """What the page shows now, so that a hint does not wipe it away."""
        view = self.view
        return Outcome(view["status"], 0.0, view["message"]) if view.get("message") else None

    def _view(self, known: Progress, outcome: Outcome | None = None) -> dict[str, Any]:
        """Everything the page may know. ``outcome`` of just now, else the last one kept."""
        key, text = self._key, self.bound.text
        step = self._where(known)
        anew = known.draft is not None or (step and step.get("note"))  # an answer begun anew stands for itself
        kept = {} if anew else known.outcome
        status = outcome.status if outcome else kept.get("status", "not_attempted")
        hints = key.hints[: known.hints]
        return {
            "status": status,
            "message": outcome.message if outcome else kept.get("message", ""),
            "answer": known.answer,
            "step": step,
            "tries": known.tries,
            "done": known.done,
            "hints": [text(hint) for hint in hints],
            "hints_left": 0 if known.done else len(key.hints) - len(hints),
            "may_see_solution": bool(known.tries) and not known.done and not known.solution,
            "solution": text(key.solution) if known.solution else "",
            "takeaway": text(key.takeaway) if status == "correct" and key.takeaway else "",
            "error": "",
        }

    def _show(self, view: dict[str, Any]) -> None:
        # The page waits for an answer to every message and notices only what changed: each answer has its own number.
        self.view = {**view, "turn": self.view.get("turn", 0) + 1}

    # -- where no page runs --------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        question = self.bound.exercise.question
        if self.replayed is None:
            return f"<练习 {question.id} v{question.version} · {question.kind} · {self.question['ask']}>"
        shows = f" · {self.replayed.misconception}" if self.replayed.misconception else ""
        record = self.bound.exercise.kind.record
        tried = self.replayed.status != "not_attempted"
        whole = f"\n{record(question, self._replay)}" if record and tried else ""
        return f"<练习 {question.id} v{question.version} · {self.replayed.status} {self.replayed.score:.2f}{shows}{whole}>"

    def static_html(self) -> str:
        return f"{question_html(self.question)}<p><small>{escape(self.words['only_here'])}</small></p>"
