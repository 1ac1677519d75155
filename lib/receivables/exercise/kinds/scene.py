"""A scene to play (scene): a talk with a debtor, line by line. The talk itself is ``receivables.talk.scene``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from receivables.exercise.kinds.base import Kind
from receivables.exercise.spec import Key, Name, Outcome, Question, fill
from receivables.talk import scene
from receivables.talk.scene import position


class Scene(Question):
    """A conversation of data/scenes, played line by line (先说后选)."""

    kind: Literal["scene"]
    scene: Name


class SceneKey(Key):
    """``right`` is said after a good end; what a line does and why stands in the scene and its rules."""

    kind: Literal["scene"]


def _talk(question: Scene, answer: Any) -> scene.State:
    """The talk that an answer (``State.as_dict()``) describes; ValueError when it describes none of this scene."""
    if not answer:
        return scene.start(question.scene)
    if not isinstance(answer, dict) or answer.get("scene") != question.scene:
        raise ValueError("这不是这一场的记录。")
    try:
        return scene.resume(answer)
    except (KeyError, TypeError, ValueError):
        raise ValueError("这一场改过了，上次的记录接不上，从头再演。") from None


def _scene_shown(question: Scene) -> dict[str, Any]:
    return {"brief": scene.brief(question.scene).as_dict()}


def _scene_step(question: Scene, key: SceneKey, answer: Any) -> dict[str, Any]:
    """The talk so far. The options come only with a pending own line (``line``, which may be empty: said aloud)."""
    state = _talk(question, answer)
    turn = scene.offer(state)
    line = answer.get("line") if answer and not state.ended else None
    said = isinstance(line, str)
    shown = turn.as_dict()
    return {
        "answer": state.as_dict(), "log": scene.transcript(state).as_dict()["lines"], "ended": turn.ended,
        "number": turn.number, "channel": turn.channel, "ask": turn.ask, "learned": shown["learned"],
        "line": line if said else None,
        "hits": [{**vars(hit), "words": line[slice(*hit.span)]} for hit in scene.own_hits(line)] if said else [],
        "options": shown["options"] if said else None,
        "debrief": scene.debrief(state).as_dict() if turn.ended else None,
    }


def _weakest(looked: scene.Debrief, state: scene.State) -> tuple[str | None, str]:
    """The step that cost most, a crossed line before all: its way of speaking where that is a misconception (below 2 of
    3), and what to say to it."""
    steps = zip(state.steps, looked.steps, strict=True)
    weak = [(done.move.red is None, seen.mark if seen.mark is not None else 3, done, seen) for done, seen in steps]
    clear, mark, done, seen = min(weak, key=lambda row: row[:2])
    said = f"最吃亏的是第 {seen.number} 步：“{seen.line}” {seen.why}" if mark < 3 or not clear else ""
    return None if clear and mark >= 2 else done.move.way, said


def _check_scene(question: Scene, key: SceneKey, figures: dict, answer: Any) -> Outcome:
    try:
        state = _talk(question, answer)
    except ValueError as error:
        return Outcome.missing(str(error))
    if not state.ended:
        return Outcome.missing("这一场还没谈完，接着谈。")
    looked = scene.debrief(state)
    way, weakest = _weakest(looked, state)
    if looked.red:
        return Outcome("incorrect", 0.0, f"碰了红线：{'、'.join(looked.red)}。收回多少都不算。{weakest}", way)
    if looked.grade == "good" and not looked.findings:
        return Outcome("correct", looked.score, fill(key.right, figures))
    found = "".join(looked.findings)
    status = "incorrect" if looked.grade == "bad" else "partial"
    shows = way or ("gave_for_nothing" if looked.findings else "stopped_short")
    return Outcome(status, looked.score, f"{looked.grade_name}：{looked.title}。{found}{weakest or looked.left}", shows)


def _played(what: str, moves: list[str]) -> dict[str, Any]:
    state = scene.start(what)
    for move in moves:
        state = scene.answer(state, move)
    return state.as_dict()


def _tempted(what: str, wanted: Any) -> dict[str, Any]:
    """A talk that takes, at every turn, the first line that ``wanted`` holds for, else the first shown."""
    state = scene.start(what)
    while not state.ended:
        moves = position.offered(state.scene, state.position)
        state = scene.answer(state, next((move for move in moves if wanted(move)), moves[0]).id)
    return state.as_dict()


def _wrong_scene(question: Scene, key: SceneKey, figures: dict) -> Iterator[tuple[Any, str]]:
    for wanted in (lambda move: move.way_of.trap, lambda move: move.red, lambda move: move.met.mark == 1 and not move.red):
        answer = _tempted(question.scene, wanted)
        outcome = _check_scene(question, key, figures, answer)
        if outcome.misconception:
            yield answer, outcome.misconception


def _agree_scene(question: Scene, key: SceneKey) -> None:
    known = scene.load(question.scene)
    if question.minutes < known.minutes:
        raise ValueError(f"the scene {known.id} takes {known.minutes} minutes, the exercise says {question.minutes}")


def _record(question: Scene, answer: Any) -> str:
    talk = scene.transcript(_talk(question, answer))
    return f"{talk.text}\n= {talk.end}"


SCENE = Kind("scene", Scene, SceneKey, _check_scene, lambda q, k, f: _played(q.scene, scene.best_moves(q.scene)),
             _wrong_scene, _agree_scene, shown=_scene_shown, step=_scene_step, record=_record)
