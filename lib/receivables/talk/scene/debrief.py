"""Debrief (复盘): what came in, what it cost, what he was hiding, your best line, where you left it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from receivables.talk import glossary, redline
from receivables.talk.scene import position as rules_of_play
from receivables.talk.scene import rules, words
from receivables.talk.scene.condition import GAUGES
from receivables.talk.scene.play import Hit, State, _plain, own_hits
from receivables.talk.scene.spec import Scene, load


@dataclass(frozen=True)
class Payment:
    """Money that came in (到账): yuan, ISO date, form."""

    amount: str
    date: str
    form: str


@dataclass(frozen=True)
class Cost:
    """One concession priced (让步价): yuan as text, to the fen."""

    words: str
    cost: str


@dataclass(frozen=True)
class Fact:
    """Something he knew and you did not (他藏着的)."""

    text: str
    found: bool


@dataclass(frozen=True)
class RubricLine:
    """One of the seven lines, 0 to 3; ``points`` is None where the scene gives no occasion for it."""

    id: str
    name: str
    meaning: str
    points: float | None


@dataclass(frozen=True)
class Review:
    """One turn looked at again (回看一步): what the line earned, its way of speaking, why, the gauges after it."""

    number: int
    line: str
    own_line: str
    own_hits: tuple[Hit, ...]
    way: str
    trap: str | None
    mark: int | None
    why: str
    gauges: dict[str, int]


@dataclass(frozen=True)
class Debrief:
    """Everything that is told after a talk (复盘). ``score`` in [0, 1]; ``red`` not empty makes it 0."""

    scene: str
    end: str
    grade: str
    grade_name: str
    title: str
    score: float
    came_in: tuple[Payment, ...]
    came_in_total: str
    share: float
    given: tuple[Cost, ...]
    cost: str
    got: str
    findings: tuple[str, ...]
    hidden: tuple[Fact, ...]
    wanted: str
    best_line: str
    best_why: str
    best_own: str
    left: str
    tells: str
    rubric: tuple[RubricLine, ...]
    red: tuple[str, ...]
    steps: tuple[Review, ...]
    gauge_names: dict[str, str]
    gauges_before: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return _plain(self)


def rubric_points(scene: Scene, earned: dict[str, list[int]]) -> dict[str, float]:
    """Points of each rubric line the scene marks (评分): what was earned, over all its stages, seen or not."""
    return {line: sum(earned.get(line, [])) / len(stages) for line, stages in scene.stages.items()}


def final_score(scene: Scene, points: dict[str, float], end: str, flags: frozenset[str]) -> float:
    """The score in [0, 1] (总分): rubric and result as weighed in the rules, less what the concession ledger
    finds; 0 once a red line was crossed."""
    weights = rules.load().scoring
    if rules_of_play.crossed(scene, flags):
        return 0.0
    rubric = sum(points.values()) / (3 * len(points))
    return max(0.0, weights.rubric * rubric + result(scene, end, flags))


def result(scene: Scene, end: str, flags: frozenset[str]) -> float:
    """The part of the score that the end earns: its grade, less each kind of finding once."""
    weights, verdict = rules.load().scoring, rules_of_play.verdict(scene, end, flags)
    findings = {finding.code for finding in verdict.findings} if verdict else set()
    return weights.result * weights.grades[scene.endings[end].grade] - weights.finding * len(findings)


def debrief(state: State) -> Debrief:
    """Look back at a finished talk (复盘).

    Raises
    ------
    ValueError
        While the talk is still on.

    Examples
    --------
    >>> from receivables.talk import scene
    >>> state = scene.start("dispute")
    >>> for move in scene.best_moves("dispute"):
    ...     state = scene.answer(state, move)
    >>> looked = scene.debrief(state)
    >>> looked.grade, looked.score > 0.9
    ('good', True)
    """
    if not state.ended:
        raise ValueError("the talk is still on: debrief it when offer(state).ended")
    scene, stated = state.scene, rules.load()
    end, flags = scene.endings[state.position.at], state.position.flags
    reviews = tuple(_review(scene, number, step) for number, step in enumerate(state.steps, 1))
    points = rubric_points(scene, _earned(state))
    verdict = rules_of_play.verdict(scene, end.id, flags)
    gauges = state.position.gauges
    paid = [each for each in end.paid if each.when is None or each.when.holds(gauges, flags)]
    total = sum((each.amount for each in paid), Decimal(0))
    best = max(reviews, key=lambda review: (-1 if review.mark is None else review.mark, bool(_clean(review)),
                                            -review.number))
    names = {rule.id: rule.name for rule in redline.load().rules}
    return Debrief(
        scene=scene.id, end=end.id, grade=end.grade, grade_name=stated.grades[end.grade], title=words.fill(end.title),
        score=round(final_score(scene, points, end.id, flags), 4),
        came_in=tuple(Payment(str(p.amount), p.date.isoformat(), p.form) for p in paid),
        came_in_total=str(total), share=round(float(total / scene.debt.amount), 4),
        given=tuple(Cost(p.why, str(p.cost)) for row in verdict.prices for p in row) if verdict else (),
        cost=str(verdict.given) if verdict else "0.00", got=str(verdict.got) if verdict else "0.00",
        findings=tuple(dict.fromkeys(finding.words for finding in verdict.findings)) if verdict else (),
        hidden=tuple(Fact(words.fill(text), id in flags) for id, text in scene.facts.items()),
        wanted=words.fill(scene.debtor.wants),
        best_line=best.line, best_why=best.why, best_own=_clean(best),
        left=words.fill(end.left), tells=words.fill(end.tells),
        rubric=tuple(RubricLine(item.id, item.name, item.meaning, None if item.id not in points
                                else round(points[item.id], 2))
                     for item in glossary.load().term(stated.lines).items),
        red=tuple(names[rule] for rule in rules_of_play.crossed(scene, flags)),
        steps=reviews, gauge_names=dict(stated.gauges), gauges_before=dict(zip(GAUGES, scene.start, strict=True)))


@dataclass(frozen=True)
class Secrets:
    """What only the trainer may know of a scene (给培训师): facts the debtor hides, what he wants, how it may end."""

    facts: tuple[str, ...]
    wants: str
    ends: tuple[str, ...]


def secrets(scene: Scene | str) -> Secrets:
    """What is behind a scene (底牌), for the trainer's key sheet.

    >>> len(secrets("dispute").ends) >= 3
    True
    """
    scene = load(scene) if isinstance(scene, str) else scene
    grades = rules.load().grades
    return Secrets(tuple(words.fill(text) for text in scene.facts.values()), words.fill(scene.debtor.wants),
                   tuple(f"{grades[end.grade]}：{words.fill(end.title)}。{words.fill(end.left)}{words.fill(end.tells)}"
                         for end in scene.ends))


def own_lines(state: State, *, red: bool = False) -> list[dict[str, str]]:
    """The learner's own lines that may go to the script book (进话术册的句子): kept, and free of red lines.

    Parameters
    ----------
    red : also those that cross a red line, for whoever must tell the learner

    Returns
    -------
    list of dicts: scene, situation, type, excuse, channel, turn (its id), step (the rubric line it serves, or
    empty), line; oldest first.

    Examples
    --------
    >>> own_lines(__import__("receivables.talk.scene", fromlist=["start"]).start("dispute"))
    []
    """
    scene = state.scene
    return [{"scene": scene.id, "situation": scene.situation, "type": scene.debtor.type,
             "excuse": scene.debtor.excuse or "", "channel": scene.by_id[step.before.at].channel or scene.channel,
             "turn": step.before.at, "step": scene.by_id[step.before.at].line or "", "line": step.own_line}
            for step in state.steps if step.own_line and (red or not own_hits(step.own_line))]


def _clean(review: Review) -> str:
    """The own line where it crossed no red line, else nothing."""
    return "" if review.own_hits else review.own_line


def _earned(state: State) -> dict[str, list[int]]:
    earned: dict[str, list[int]] = {}
    for step in state.steps:
        if line := state.scene.by_id[step.before.at].line:
            earned.setdefault(line, []).append(rules_of_play.effect(step.move, step.before)[1].mark)
    return earned


def _review(scene: Scene, number: int, step) -> Review:
    _, done = rules_of_play.effect(step.move, step.before)
    way = step.move.way_of
    return Review(number, words.fill(step.move.text), step.own_line, own_hits(step.own_line), way.name, way.trap,
                  done.mark if scene.by_id[step.before.at].line else None, words.fill(done.says),
                  dict(zip(GAUGES, step.after.gauges, strict=True)))
