"""The routes from negotiation to an insolvency claim (维权路径): a decision tree that lives in data/law/routes.yaml.

A report to the police stands only behind a question about a crime that was answered yes with evidence (X2): ordinary
non-payment is civil. The loader refuses a tree in which it could be reached otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import model_validator

from receivables import paths
from receivables.content import Content, load
from receivables.errors import Undefined
from receivables.law.inputs import maybe_day
from receivables.law.parameters import get
from receivables.law.result import Finding

Answer = Literal["yes", "no"]


class Question(Content):
    """One question and where each answer leads; ``crime`` marks those a police report depends on."""

    ask: str
    options: dict[Answer, str]
    hint: str = ""
    crime: bool = False

    @model_validator(mode="after")
    def _both(self) -> Question:
        if set(self.options) != {"yes", "no"}:
            raise ValueError("a question leads somewhere for yes and for no")
        return self


class Leaf(Content):
    """A route: what to do first, which evidence, fee and clock belong to it."""

    name: str
    steps: list[str]
    evidence: list[str]
    rules: list[str]
    fee: Literal["acceptance", "acceptance_halved", "payment_order", "preservation", "enforcement"] | None = None
    clock: str | None = None
    police: bool = False
    note: str = ""


class Tree(Content):
    """The whole tree; walking it always ends, and never at the police without a crime."""

    start: str
    questions: dict[str, Question]
    routes: dict[str, Leaf]

    def paths(self, node: str | None = None, trail: tuple[tuple[str, str], ...] = ()) -> Iterator[tuple]:
        """Every way through the tree: (question, answer) pairs and the route they end in."""
        node = node or self.start
        if node in self.routes:
            yield trail, node
            return
        for answer, following in self.questions[node].options.items():
            yield from self.paths(following, (*trail, (node, answer)))

    @model_validator(mode="after")
    def _sound(self) -> Tree:
        known = set(self.questions) | set(self.routes)
        for name, question in self.questions.items():
            lost = [target for target in question.options.values() if target not in known]
            if lost:
                raise ValueError(f"question {name} leads to {lost[0]!r}, which does not exist")
        if self.start not in self.questions or set(self.questions) & set(self.routes):
            raise ValueError("start is a question, and no name is both a question and a route")
        self._refuse_cycle(self.start, ())
        ends, seen = set(), set()
        for trail, end in self.paths():
            ends.add(end)
            seen |= {question for question, _ in trail}
            if self.routes[end].police and not (self.questions[trail[-1][0]].crime and trail[-1][1] == "yes"):
                raise ValueError(f"route {end}: the police stand only behind a crime question answered yes")
        if ends != set(self.routes) or seen != set(self.questions):
            raise ValueError(f"not reachable: {sorted(known - ends - seen)}")
        return self

    def _refuse_cycle(self, node: str, above: tuple[str, ...]) -> None:
        if node in above:
            raise ValueError(f"question {node} leads back to itself")
        for following in self.questions[node].options.values() if node in self.questions else ():
            self._refuse_cycle(following, (*above, node))


@cache
def tree() -> Tree:
    """The decision tree of data/law/routes.yaml.

    >>> tree().questions["deceit"].crime
    True
    """
    return load(paths.data("law", "routes.yaml"), Tree)


@dataclass(frozen=True, kw_only=True)
class Route(Finding):
    """The route some answers lead to; ``value`` is its code."""

    value: str
    leaf: Leaf
    trail: tuple[tuple[str, str], ...]

    def lines(self) -> list[str]:
        asked = [f"{tree().questions[q].ask} {'是' if a == 'yes' else '否'}" for q, a in self.trail]
        steps = [f"{number}. {step}" for number, step in enumerate(self.leaf.steps, 1)]
        return [*asked, f"{self.title}：{self.leaf.name}", *steps]


def walk(answers: Mapping[str, bool | str], *, as_of: object = None) -> Route:
    """Follow the tree with the answers given (按回答走到一条路).

    Parameters
    ----------
    answers : question code -> True / False (or "yes" / "no"); answers that are not asked are not needed

    Raises
    ------
    Undefined
        The next question has no answer yet; the message asks it.
    ValueError
        An unknown question code, or an answer that is neither yes nor no.

    Examples
    --------
    >>> no = dict.fromkeys(tree().questions, False)
    >>> walk(no | {"asked": True, "order_fits": True}).value
    'payment_order'
    >>> walk({"insolvent": False})
    Traceback (most recent call last):
    ...
    receivables.errors.Undefined: 还要回答 judgment：手里有没有生效的判决、调解书、仲裁裁决或者支付令？
    """
    strangers = sorted(set(answers) - set(tree().questions))
    if strangers:
        raise ValueError(f"没有 {strangers[0]!r} 这个问题：可答的有 {'、'.join(tree().questions)}")
    node, trail = tree().start, ()
    while node not in tree().routes:
        if node not in answers:
            raise Undefined(f"还要回答 {node}：{tree().questions[node].ask}")
        answer = {True: "yes", False: "no"}.get(answers[node], answers[node])
        if answer not in ("yes", "no"):
            raise ValueError(f"{node} 的回答不能是 {answers[node]!r}：写 True、False，或者 yes、no")
        trail += ((node, answer),)
        node = tree().questions[node].options[answer]
    leaf = tree().routes[node]
    return Route(title="可走的路", value=node, leaf=leaf, trail=trail, basis=tuple(get(id) for id in leaf.rules),
                 asked=maybe_day(as_of, "as_of"), notes=(leaf.note, "这棵树只排先后，不替律师下结论"))
