"""What a scene file holds (情景文件), validated: whom you meet, what he hides, turns, moves, ends."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from receivables import content, paths, sealed
from receivables.content import Content
from receivables.ledger.company import profile
from receivables.talk import glossary, redline
from receivables.talk.scene import rules, words
from receivables.talk.scene.condition import GAUGES, HIGHEST, LOWEST, Condition, Gauges, When
from receivables.talk.scene.deals import Deal
from receivables.talk.scene.rules import Effect, Gauge, Grade, Mark, Way

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
WRITTEN = "written"  # the flag that a written confirmation raises
END = "end"


class Variant(Content):
    """Words for one case; the first whose ``when`` holds is said."""

    when: When | None = None
    text: Text


class Route(Content):
    """Where a move leads in one case."""

    when: When | None = None
    to: Id


Words = Text | tuple[Variant, ...]


class Debt(Content):
    """The debt (这笔账): with VAT, on the day of the talk."""

    amount: Decimal
    due: dt.date
    what: Text


class Debtor(Content):
    """Whom you meet (对方); ``type`` is an item of customer_types, ``dodges`` and ``excuses`` of their lists."""

    name: Text
    role: Text
    firm: Text
    type: Id
    dodge: Id | None = None
    excuse: Id | None = None
    start: dict[Gauge, Annotated[int, Field(ge=LOWEST, le=HIGHEST)]]
    wants: Text


class Move(Content):
    """One line you may say (一句话): its way decides what it does unless the move says otherwise.

    ``reply`` is his answer, ``cold`` his answer when the line lacks its footing; ``learn`` are facts that
    come out and ``sets`` flags that rise (both only with footing), ``deal`` what is traded, ``red`` the red
    line it crosses.
    """

    id: Id
    way: Id
    text: Text
    reply: Words
    cold: Words | None = None
    when: When | None = None
    needs: When | None = None
    mark: Mark | None = None
    does: dict[Gauge, int] | None = None
    says: Text | None = None
    learn: tuple[Id, ...] = ()
    sets: tuple[Id, ...] = ()
    deal: Id | None = None
    red: Id | None = None
    to: Id | tuple[Route, ...] | None = None

    @cached_property
    def _way(self) -> Way:
        known = rules.load().ways
        if self.way not in known:
            raise ValueError(f"move {self.id}: no way {self.way!r} in scene_rules.yaml; it has {list(known)}")
        return known[self.way]

    @property
    def way_of(self) -> Way:
        """The way of speaking, from the rules."""
        return self._way

    @cached_property
    def footing(self) -> Condition | None:
        """What the line needs to work."""
        return self.needs or self._way.needs

    @cached_property
    def raises(self) -> frozenset[str]:
        """The flags that rise when the footing is there."""
        return frozenset((*self.learn, *self.sets, *([self.deal] if self.deal else ())))

    @cached_property
    def met(self) -> Effect:
        """Its effect when the footing is there."""
        way = self._way
        return Effect(mark=way.mark if self.mark is None else self.mark,
                      does=way.does if self.does is None else self.does, says=self.says or way.says)

    @cached_property
    def unmet(self) -> Effect:
        """Its effect when the footing is missing."""
        return self._way.unmet or Effect(mark=min(1, self.met.mark), does={"trust": -1, "willingness": -1},
                                         says="话没说错，说早了：前面该做的一步还没做。")


class Node(Content):
    """One turn (一轮): ``scene`` what you see, ``says`` what he goes on to say, ``line`` the rubric line marked
    here (none: not marked), ``stage`` joins turns that stand for the same step on different roads,
    ``by`` is who speaks where it is not the debtor himself."""

    id: Id
    line: Id | None = None
    stage: Id | None = None
    channel: Id | None = None
    by: Text | None = None
    scene: Words | None = None
    says: Words | None = None
    ask: Text
    next: Id | None = None
    moves: Annotated[tuple[Move, ...], Field(min_length=1)]

    @cached_property
    def shown(self) -> tuple[Move, ...]:
        """The moves as options are shown: mixed by their ids, so that the file's order gives nothing away."""
        return tuple(sorted(self.moves, key=lambda move: zlib.crc32(f"{self.id}/{move.id}".encode())))


class Paid(Content):
    """Money that comes in (到账的钱), where ``when`` holds at the end."""

    when: When | None = None
    amount: Decimal
    date: dt.date
    form: Text


class End(Content):
    """How it ends (结局): what comes in, where you left it, what he will tell others."""

    id: Id
    grade: Grade
    title: Text
    when: When | None = None
    paid: tuple[Paid, ...] = ()
    words: Text
    left: Text
    tells: Text


class Scene(Content):
    """One scene (一场). Ends are tried in their order when the talk is over; ``walkout`` is where it stops
    when his trust is gone."""

    id: Id
    version: int = 1
    title: Text
    situation: Text
    channel: Id
    today: dt.date
    minutes: Annotated[int, Field(gt=0, le=8)]
    requires: tuple[str, ...]
    short: bool = False
    you: Text
    brief: tuple[Text, ...]
    debt: Debt
    debtor: Debtor
    facts: dict[Id, Text]
    deals: dict[Id, Deal] = {}
    walkout: Id
    nodes: tuple[Node, ...]
    ends: tuple[End, ...]

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """Turns by id."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def endings(self) -> dict[str, End]:
        """Ends by id."""
        return {end.id: end for end in self.ends}

    @cached_property
    def start(self) -> Gauges:
        """The gauges when it begins, in the order of GAUGES."""
        return tuple(self.debtor.start[name] for name in GAUGES)

    @cached_property
    def following(self) -> dict[str, str]:
        """Where a turn leads when a move says nothing else: its ``next``, or the turn after it in the file."""
        after = [node.id for node in self.nodes[1:]] + [END]
        return {node.id: node.next or other for node, other in zip(self.nodes, after, strict=True)}

    @cached_property
    def stages(self) -> dict[str, set[str]]:
        """Rubric line -> its stages: what the line is marked out of."""
        found: dict[str, set[str]] = {}
        for node in self.nodes:
            if node.line:
                found.setdefault(node.line, set()).add(node.stage or node.id)
        return found

    def targets(self, node: Node, move: Move) -> tuple[str, ...]:
        """Every turn (or END) that a move can lead to."""
        if move.to is None:
            return (self.following[node.id],)
        return (move.to,) if isinstance(move.to, str) else tuple(route.to for route in move.to)

    def moves(self) -> Iterator[tuple[Node, Move]]:
        """All moves with their turns, in the order of the file."""
        return ((node, move) for node in self.nodes for move in node.moves)

    @model_validator(mode="after")
    def _whole(self) -> Scene:
        faults = list(_faults(self))
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _faults(scene: Scene) -> Iterator[str]:
    """Names that lead nowhere. What only playing shows (dead ends, loops ...) is in search.faults."""
    words_of = glossary.load()
    known_lines = {item.id for item in words_of.term(rules.load().lines).items}
    red = {rule.id for rule in redline.load().rules}
    for name, group in (("turn", scene.nodes), ("end", scene.ends)):
        if len({each.id for each in group}) < len(group):
            yield f"two {name}s share an id"
    if scene.walkout not in scene.endings or scene.endings[scene.walkout].grade != "bad":
        yield "walkout must be a bad end"
        return
    if set(scene.debtor.start) != set(GAUGES):
        yield f"debtor.start must name {GAUGES}"
    tried = [end.when for end in scene.ends if end.id != scene.walkout]
    if not tried or None in tried[:-1] or tried[-1] or scene.endings[scene.walkout].when:
        yield "every end but the last needs `when`; the last and the walkout have none"
    raised = {WRITTEN, *scene.facts, *scene.deals}
    for _, move in scene.moves():
        raised |= set(move.sets)
    for path in (f"channels.{scene.channel}", f"customer_types.{scene.debtor.type}", scene.situation,
                 *(f"channels.{node.channel}" for node in scene.nodes if node.channel)):
        try:
            words_of.item(path)
        except ValueError as error:
            yield str(error)
    profile().may_grant(scene.you)
    for node in scene.nodes:
        if node.line and node.line not in known_lines:
            yield f"turn {node.id}: no rubric line {node.line!r}"
        if len({move.id for move in node.moves}) < len(node.moves):
            yield f"turn {node.id}: two moves share an id"
    for node, move in scene.moves():
        where = f"turn {node.id}, move {move.id}"
        if (move.footing is None) != (move.cold is None):
            yield f"{where}: footing and `cold` come together"
        if unknown := set(move.learn) - set(scene.facts):
            yield f"{where}: learns unknown facts {sorted(unknown)}"
        if move.deal and move.deal not in scene.deals:
            yield f"{where}: no deal {move.deal!r}"
        if move.red and move.red not in red:
            yield f"{where}: no red line {move.red!r}"
        for target in scene.targets(node, move):
            if target != END and target not in scene.by_id:
                yield f"{where}: leads to no turn {target!r}"
        if isinstance(move.to, tuple) and move.to[-1].when is not None:
            yield f"{where}: the last route must hold always"
    asked = {flag for _, condition in conditions(scene) for flag in condition.flags}
    if idle := {flag for _, move in scene.moves() for flag in move.sets} - asked - {WRITTEN}:
        yield f"flags that nothing asks about: {sorted(idle)}"
    for where, condition in conditions(scene):
        if unknown := condition.flags - raised:
            yield f"{where}: asks for flags that nothing raises: {sorted(unknown)}"
    for text in texts(scene):
        try:
            words.fill(text)
        except ValueError as error:
            yield str(error)


def conditions(scene: Scene) -> Iterator[tuple[str, Condition]]:
    """Every condition of a scene with the place where it stands."""
    for end in scene.ends:
        if end.when:
            yield f"end {end.id}", end.when
        yield from ((f"end {end.id}", paid.when) for paid in end.paid if paid.when)
    for node in scene.nodes:
        for spoken in (node.scene, node.says):
            yield from ((node.id, v.when) for v in _variants(spoken) if v.when)
        for move in node.moves:
            own = [c for c in (move.when, move.footing) if c]
            routes = [r.when for r in move.to if r.when] if isinstance(move.to, tuple) else []
            heard = [v.when for spoken in (move.reply, move.cold) for v in _variants(spoken) if v.when]
            yield from ((f"{node.id}.{move.id}", c) for c in (*own, *routes, *heard))


def _variants(spoken: Words | None) -> tuple[Variant, ...]:
    return spoken if isinstance(spoken, tuple) else ()


def texts(scene: Scene) -> Iterator[str]:
    """Every text of a scene that is shown to somebody."""
    yield from (scene.title, *scene.brief, scene.debt.what, scene.debtor.wants, *scene.facts.values())
    for end in scene.ends:
        yield from (end.title, end.words, end.left, end.tells)
    for node in scene.nodes:
        yield node.ask
        for spoken in (node.scene, node.says, *(w for m in node.moves for w in (m.reply, m.cold))):
            if spoken is not None:
                yield from [spoken] if isinstance(spoken, str) else [v.text for v in spoken]
        for move in node.moves:
            yield from (move.text, move.says or move.way_of.says)


@lru_cache(maxsize=32)
def _read(path: Path, _changed: tuple) -> Scene:
    return content.load(path, Scene)


def load(id: str | Path) -> Scene:
    """A scene by its id (``data/scenes/<id>.yaml``) or from another file (读一场情景).

    Raises
    ------
    ValueError
        For an id that no file has, naming those there are.
    ContentError
        With the faults of the file.

    Examples
    --------
    >>> load("admits_no_money").short
    False
    """
    path = id if isinstance(id, Path) else paths.data("scenes", f"{id}.yaml")
    if not isinstance(id, Path) and id not in ids():
        raise ValueError(f"no scene {id!r}; there are {ids()}")
    watched = (path, paths.data("scene_rules.yaml"), paths.data("glossary.yaml"))
    return _read(path, tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in watched))


def ids() -> list[str]:
    """The ids of all scenes (全部情景), sorted.

    >>> len(ids())
    8
    """
    folder = paths.data("scenes")
    return sorted({Path(name).stem for name in (*(file.name for file in folder.glob("*.yaml")), *sealed.names(folder))})
