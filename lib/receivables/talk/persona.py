"""Who is this (这是哪一类客户): a belief over the four customer types that moves as one asks.

Pure: the belief is a dict type -> probability, likelihoods and payoffs come from
``data/personas.yaml``, the names of the types from the glossary. A clarifying question has a value
(the better first move it leads to, less what asking costs); false certainty has a price.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from receivables import content, paths
from receivables.content import Content
from receivables.talk import glossary

Belief = Mapping[str, float]
Share = Annotated[float, Field(ge=0, le=1)]
_SLACK = 1e-9


class Answer(Content):
    """One possible reply (回答) and how likely each type gives it; ``flag`` marks a dispute."""

    id: str
    reply: str
    likelihood: dict[str, Annotated[float, Field(gt=0, le=1)]]
    flag: Literal["dispute"] | None = None


class Question(Content):
    """A clarifying question (澄清问题); ``cost`` is what asking spends, as a share of the debt."""

    id: str
    ask: str
    cost: Share
    answers: tuple[Answer, ...]

    def answer(self, id: str) -> Answer:
        """One answer by id; ValueError names those there are."""
        for answer in self.answers:
            if answer.id == id:
                return answer
        raise ValueError(f"question {self.id} has no answer {id!r}; it has {[a.id for a in self.answers]}")


class Move(Content):
    """A first move (第一步): whose it is, and the share of the debt it is expected to bring in with each type."""

    id: str
    name: str
    payoff: dict[str, Share]
    for_type: str = Field(alias="for")


class Personas(Content):
    """The whole file (客户判断表). Every row of likelihoods sums to 1 for each type; every type has its best move."""

    status: Literal["seed", "sourced", "house"]
    owner: str
    date: dt.date
    types: str
    prior: dict[str, Annotated[float, Field(gt=0, lt=1)]]
    moves: tuple[Move, ...]
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _fits(self) -> Personas:
        names = set(self.prior)
        if names != {item.id for item in glossary.load().term(self.types).items}:
            raise ValueError(f"prior must name the items of {self.types} in the glossary, given {sorted(names)}")
        if abs(sum(self.prior.values()) - 1) > _SLACK:
            raise ValueError("prior does not sum to 1")
        for move in self.moves:
            if set(move.payoff) != names:
                raise ValueError(f"move {move.id}: payoff must name {sorted(names)}")
        for name in names:
            best = max(self.moves, key=lambda move: move.payoff[name])
            if best.for_type != name:
                raise ValueError(f"the best move for {name} is {best.id}, which belongs to {best.for_type}")
        for question in self.questions:
            for answer in question.answers:
                if set(answer.likelihood) != names:
                    raise ValueError(f"question {question.id}, answer {answer.id}: likelihood names {sorted(names)}")
            for name in names:
                if abs(sum(a.likelihood[name] for a in question.answers) - 1) > _SLACK:
                    raise ValueError(f"question {question.id}: the answers of {name} do not sum to 1")
        return self

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, id: str) -> Question:
        """One question by id; ValueError names those there are."""
        if id not in self._questions:
            raise ValueError(f"no question {id!r}; there are {list(self._questions)}")
        return self._questions[id]

    def names(self) -> dict[str, str]:
        """Type id to its house name in the glossary (类型名称).

        >>> load().names()["able_willing"]
        '能付愿付'
        """
        term = glossary.load().term(self.types)
        return {id: term.item(id).name for id in self.prior}

    def update(self, belief: Belief, question: str, answer: str) -> dict[str, float]:
        """The belief after a reply (听完再判断): Bayes' rule.

        Parameters
        ----------
        belief : probability of each type, summing to 1
        question, answer : ids

        Raises
        ------
        ValueError
            For unknown ids or a belief that is none.

        Examples
        --------
        >>> p = load()
        >>> after = p.update(p.prior, "who_was_paid", "nobody")
        >>> max(after, key=after.get), round(after["willing_unable"], 3)
        ('willing_unable', 0.539)
        """
        likelihood = self.question(question).answer(answer).likelihood
        joint = {name: p * likelihood[name] for name, p in self._checked(belief).items()}
        total = sum(joint.values())
        return {name: value / total for name, value in joint.items()}

    def trail(self, replies: Iterable[tuple[str, str]]) -> list[dict[str, float]]:
        """The belief before and after each (question, answer) pair (判断的轨迹).

        Asking the same question twice brings no second piece of news: refused with ValueError.
        """
        steps, asked = [dict(self.prior)], set()
        for question, answer in replies:
            if question in asked:
                raise ValueError(f"{question} was asked already: the same reply is not new evidence")
            asked.add(question)
            steps.append(self.update(steps[-1], question, answer))
        return steps

    def flags(self, replies: Iterable[tuple[str, str]]) -> frozenset[str]:
        """Flags raised by the replies (标记): a dispute is a flag on any type, not a type."""
        raised = (self.question(question).answer(answer).flag for question, answer in replies)
        return frozenset(flag for flag in raised if flag)

    def expected(self, belief: Belief, move: str) -> float:
        """Share of the debt that a move is expected to bring in (预计收回)."""
        chosen = next((m for m in self.moves if m.id == move), None)
        if chosen is None:
            raise ValueError(f"no move {move!r}; there are {[m.id for m in self.moves]}")
        return sum(p * chosen.payoff[name] for name, p in self._checked(belief).items())

    def best_move(self, belief: Belief) -> tuple[str, float]:
        """The move with the highest expected share, and that share; the first of equals.

        >>> p = load()
        >>> p.best_move(p.prior)[0]
        'plan'
        """
        return max(((move.id, self.expected(belief, move.id)) for move in self.moves), key=lambda pair: pair[1])

    def _outcomes(self, belief: Belief, question: str) -> list[tuple[float, dict[str, float]]]:
        return [(sum(p * answer.likelihood[name] for name, p in belief.items()),
                 self.update(belief, question, answer.id)) for answer in self.question(question).answers]

    def information(self, belief: Belief, question: str) -> float:
        """Bits a question is expected to take off the uncertainty (信息量); never below 0."""
        belief = self._checked(belief)
        after = sum(chance * entropy(then) for chance, then in self._outcomes(belief, question))
        return max(0.0, entropy(belief) - after)

    def value_of_asking(self, belief: Belief, question: str) -> float:
        """What a question is worth before it is asked (问一句值多少): better first move, less the cost of asking.

        Returns
        -------
        Share of the debt; negative when the answer could not change the first move enough.

        Examples
        --------
        >>> p = load()
        >>> p.value_of_asking(p.prior, "who_was_paid") > 0
        True
        """
        belief = self._checked(belief)
        now = self.best_move(belief)[1]
        then = sum(chance * self.best_move(after)[1] for chance, after in self._outcomes(belief, question))
        return then - now - self.question(question).cost

    def best_question(self, belief: Belief, asked: Sequence[str] = ()) -> tuple[str, float] | None:
        """The question worth most that has not been asked, and its value; None when no question pays."""
        open_ = [(q.id, self.value_of_asking(belief, q.id)) for q in self.questions if q.id not in asked]
        best = max(open_, key=lambda pair: pair[1], default=None)
        return best if best and best[1] > 0 else None

    def cost_of_certainty(self, belief: Belief, claimed: str) -> float:
        """What acting as if sure costs (误判的代价): best move under the belief, less the move of the claimed type.

        Parameters
        ----------
        belief : what the replies support
        claimed : the type one acts upon

        Returns
        -------
        Share of the debt, 0 when the claim leads to the best move anyway.

        Examples
        --------
        >>> p = load()
        >>> round(p.cost_of_certainty(p.prior, "able_willing"), 4)
        0.1025
        """
        if claimed not in self.prior:
            raise ValueError(f"no type {claimed!r}; there are {list(self.prior)}")
        move = next(m.id for m in self.moves if m.for_type == claimed)
        return self.best_move(belief)[1] - self.expected(belief, move)

    def score(self, stated: Belief, truth: str) -> float:
        """Score of a stated belief once the type is known (打分): 1 - half the squared error, in [0, 1].

        A proper rule: honest doubt scores more on average than false certainty. Brier (1950).

        >>> p = load()
        >>> p.score({"able_willing": 1, "able_unwilling": 0, "willing_unable": 0, "unable_unwilling": 0},
        ...         "willing_unable")
        0.0
        """
        stated = self._checked(stated)
        if truth not in stated:
            raise ValueError(f"no type {truth!r}; there are {list(self.prior)}")
        return 1 - sum((p - (name == truth)) ** 2 for name, p in stated.items()) / 2

    def _checked(self, belief: Belief) -> dict[str, float]:
        if set(belief) != set(self.prior):
            raise ValueError(f"a belief names {list(self.prior)}, given {list(belief)}")
        if any(not 0 <= p <= 1 for p in belief.values()) or abs(sum(belief.values()) - 1) > 1e-6:
            raise ValueError(f"probabilities lie between 0 and 1 and sum to 1, given {dict(belief)}")
        return dict(belief)


def entropy(belief: Belief) -> float:
    """Uncertainty of a belief in bits (不确定程度): 2 for four equal types, 0 for certainty.

    >>> entropy(dict.fromkeys("abcd", 0.25))
    2.0
    """
    return sum(-p * math.log2(p) for p in belief.values() if p > 0)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Personas:
    return content.load(path, Personas)


def load(path: Path | str | None = None) -> Personas:
    """The types, questions and moves of ``data/personas.yaml`` or another file (客户判断表).

    >>> len(load().questions) >= 6
    True
    """
    path = paths.data("personas.yaml") if path is None else Path(path)
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)
