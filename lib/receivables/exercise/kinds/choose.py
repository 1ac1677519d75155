"""Choosing: one option (choice), several (several), one with a reason (decide)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from receivables.exercise.kinds.base import Kind, ids, same
from receivables.exercise.spec import Key, Misconception, Option, OptionId, Outcome, Question, Verdict, fill

Options = Annotated[list[Option], Field(min_length=2)]
REASON_LENGTH = 8  # characters: shorter than this is no reason


class Choice(Question):
    """One of several options."""

    kind: Literal["choice"]
    options: Options


class ChoiceKey(Key):
    """A verdict for every option: one or more may be defensible, with different scores."""

    kind: Literal["choice"]
    options: dict[OptionId, Verdict]


class Decide(Question):
    """A decision with its reason in the learner's own words."""

    kind: Literal["decide"]
    options: Options
    reason: str = "为什么？一两句话写下来。"


class DecideKey(ChoiceKey):
    kind: Literal["decide"]


class Several(Question):
    """All that apply."""

    kind: Literal["several"]
    options: Options


class SeveralKey(Key):
    """The options that apply, and for every option what it shows to get it wrong."""

    kind: Literal["several"]
    apply: Annotated[list[OptionId], Field(min_length=1)]
    options: dict[OptionId, Misconception]


def _verdict(question: Choice | Decide, key: ChoiceKey, figures: dict, chosen: Any) -> Outcome:
    if not isinstance(chosen, str) or chosen not in key.options:
        return Outcome.missing("先选一个，再交卷。")
    verdict = key.options[chosen]
    said = fill(key.right if verdict.score >= 1 else verdict.says, figures)
    return Outcome.scored(verdict.score, said, verdict.name)


def _check_decide(question: Decide, key: DecideKey, figures: dict, answer: Any) -> Outcome:
    chosen = answer.get("choice") if isinstance(answer, dict) else None
    if not isinstance(chosen, str) or chosen not in key.options:
        return Outcome.missing("先选一个，再交卷。")
    if len(str(answer.get("why", "")).strip()) < REASON_LENGTH:
        return Outcome.missing("理由再写几个字：凭哪一条事实这么定？")
    return _verdict(question, key, figures, chosen)


def _check_several(question: Several, key: SeveralKey, figures: dict, answer: Any) -> Outcome:
    ticked, apply = set(map(str, answer)) if isinstance(answer, list) else set(), set(key.apply)
    if not ticked or not ticked <= set(key.options):
        return Outcome.missing("至少勾一个，再交卷。")
    if ticked == apply:
        return Outcome.scored(1, fill(key.right, figures))
    first = next(o.id for o in question.options if (o.id in ticked) != (o.id in apply))
    score = max(0.0, (len(ticked & apply) - len(ticked - apply)) / len(apply))
    wrong = key.options[first]
    return Outcome.scored(min(score, 0.9), fill(wrong.says, figures), wrong.name)


def _agree_choice(question: Choice | Decide, key: ChoiceKey) -> None:
    same("options of question and key", ids(question.options), set(key.options))
    if not any(v.score >= 1 for v in key.options.values()):
        raise ValueError("no option scores 1")
    if all(v.score >= 1 for v in key.options.values()):
        raise ValueError("every option scores 1: nothing is asked")


def _agree_several(question: Several, key: SeveralKey) -> None:
    names = ids(question.options)
    same("options of question and key", names, set(key.options))
    if not set(key.apply) <= set(names):
        raise ValueError(f"`apply` names unknown options: {sorted(set(key.apply) - set(names))}")


def _best(question: Choice | Decide, key: ChoiceKey, figures: dict) -> str:
    return max(question.options, key=lambda o: key.options[o.id].score).id


def _wrong(question: Choice | Decide, key: ChoiceKey, figures: dict):
    for option in sorted(question.options, key=lambda o: key.options[o.id].score):
        verdict = key.options[option.id]
        if verdict.score < 1:
            yield option.id, verdict.name


def _wrong_decide(question: Decide, key: DecideKey, figures: dict):
    for option, name in _wrong(question, key, figures):
        yield {"choice": option, "why": "先这么定，回头再看看情况。"}, name


def _wrong_several(question: Several, key: SeveralKey, figures: dict):
    apply = set(key.apply)
    for option in question.options:
        ticked = sorted(apply ^ {option.id})
        if ticked:
            yield ticked, key.options[option.id].name


CHOICE = Kind("choice", Choice, ChoiceKey, _verdict, _best, _wrong, _agree_choice)
DECIDE = Kind(
    "decide", Decide, DecideKey, _check_decide,
    lambda q, k, f: {"choice": _best(q, k, f), "why": "按合同和对账单上的事实定。"}, _wrong_decide, _agree_choice,
)
SEVERAL = Kind("several", Several, SeveralKey, _check_several, lambda q, k, f: sorted(k.apply), _wrong_several,
               _agree_several)
