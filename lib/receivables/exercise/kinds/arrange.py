"""Arranging: put in order (order), join pairs (match), sort into classes (classify)."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import Field

from receivables.exercise.kinds.base import Kind, ids, same
from receivables.exercise.spec import Key, Misconception, Option, OptionId, Outcome, Question, fill

Items = Annotated[list[Option], Field(min_length=2)]


class Order(Question):
    """Items to put in order, the first first."""

    kind: Literal["order"]
    items: Items


class Swap(Misconception):
    """What it shows to put ``later`` before ``sooner``."""

    sooner: OptionId
    later: OptionId


class OrderKey(Key):
    kind: Literal["order"]
    order: list[OptionId]
    swaps: Annotated[list[Swap], Field(min_length=1)]
    otherwise: Misconception


class Match(Question):
    """Each item on the left belongs to exactly one on the right, and each on the right is used once."""

    kind: Literal["match"]
    items: Items
    targets: Items


class Classify(Question):
    """Each item belongs to one class; a class may hold several."""

    kind: Literal["classify"]
    items: Items
    targets: Items


class Misplaced(Misconception):
    """What it shows to give ``item`` to ``target``."""

    item: OptionId
    target: OptionId


class MatchKey(Key):
    kind: Literal["match"]
    pairs: dict[OptionId, OptionId]
    wrong: Annotated[list[Misplaced], Field(min_length=1)]
    otherwise: Misconception


class ClassifyKey(MatchKey):
    kind: Literal["classify"]


def _check_order(question: Order, key: OrderKey, figures: dict, answer: Any) -> Outcome:
    answer = list(map(str, answer)) if isinstance(answer, list) else []
    if sorted(answer) != sorted(key.order):
        return Outcome.missing("每一项都排进去，再交卷。")
    place = {item: position for position, item in enumerate(answer)}
    pairs = list(combinations(key.order, 2))
    kept = sum(place[a] < place[b] for a, b in pairs)
    if kept == len(pairs):
        return Outcome.scored(1, fill(key.right, figures))
    wrong = next((s for s in key.swaps if place[s.later] < place[s.sooner]), key.otherwise)
    # Half of the pairs come right by chance: credit starts above that.
    return Outcome.scored(max(0.0, 2 * kept / len(pairs) - 1), fill(wrong.says, figures), wrong.name)


def _check_pairs(question: Match | Classify, key: MatchKey, figures: dict, answer: Any) -> Outcome:
    given = {str(k): str(v) for k, v in answer.items()} if isinstance(answer, dict) else {}
    targets = set(ids(question.targets))
    if set(given) != set(key.pairs) or not set(given.values()) <= targets:
        return Outcome.missing("每一项都选一个去处，再交卷。")
    right = sum(given[item] == target for item, target in key.pairs.items())
    if right == len(key.pairs):
        return Outcome.scored(1, fill(key.right, figures))
    wrong = next((w for w in key.wrong if given[w.item] == w.target), key.otherwise)
    message = f"{len(key.pairs)} 项对了 {right} 项。{fill(wrong.says, figures)}"
    return Outcome.scored(right / len(key.pairs), message, wrong.name)


def _agree_order(question: Order, key: OrderKey) -> None:
    names = ids(question.items)
    same("items of question and `order` of key", names, key.order)
    for swap in key.swaps:
        if key.order.index(swap.sooner) >= key.order.index(swap.later):
            raise ValueError(f"swap {swap.name}: {swap.sooner} does not come before {swap.later}")
    if names == key.order:
        raise ValueError("the items already stand in the right order")


def _agree_pairs(question: Match | Classify, key: MatchKey) -> None:
    items, targets = ids(question.items), ids(question.targets)
    same("items of question and `pairs` of key", items, set(key.pairs))
    if set(key.pairs.values()) - set(targets):
        raise ValueError(f"unknown targets: {sorted(set(key.pairs.values()) - set(targets))}")
    if question.kind == "match" and len(set(key.pairs.values())) != len(items):
        raise ValueError("a match uses each target once; use classify")
    for wrong in key.wrong:
        if wrong.item not in items or wrong.target not in targets or key.pairs[wrong.item] == wrong.target:
            raise ValueError(f"wrong answer {wrong.name}: {wrong.item} -> {wrong.target} is unknown or right")


def _wrong_order(question: Order, key: OrderKey, figures: dict):
    for swap in key.swaps:
        order = [item for item in key.order if item != swap.later]
        order.insert(order.index(swap.sooner), swap.later)
        place = {item: position for position, item in enumerate(order)}
        if next(s for s in key.swaps if place[s.later] < place[s.sooner]) is swap:
            yield order, swap.name


def _wrong_pairs(question: Match | Classify, key: MatchKey, figures: dict):
    for wrong in key.wrong:
        given = {**key.pairs, wrong.item: wrong.target}
        if question.kind == "match":  # the target taken away goes in exchange
            other = next(item for item, target in key.pairs.items() if target == wrong.target)
            given[other] = key.pairs[wrong.item]
        if next(w for w in key.wrong if given[w.item] == w.target) is wrong:
            yield given, wrong.name


ORDER = Kind("order", Order, OrderKey, _check_order, lambda q, k, f: list(k.order), _wrong_order, _agree_order)
MATCH = Kind("match", Match, MatchKey, _check_pairs, lambda q, k, f: dict(k.pairs), _wrong_pairs, _agree_pairs)
CLASSIFY = Kind("classify", Classify, ClassifyKey, _check_pairs, lambda q, k, f: dict(k.pairs), _wrong_pairs,
                _agree_pairs)
