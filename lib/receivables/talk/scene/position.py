"""Where a talk stands, hidden part (局面): turn, gauges, flags; and how one move changes it. No words here."""

from __future__ import annotations

from typing import NamedTuple

from receivables.talk.scene import deals
from receivables.talk.scene.condition import LOWEST, Gauges
from receivables.talk.scene.rules import Effect
from receivables.talk.scene.spec import END, WRITTEN, End, Move, Node, Scene


class Position(NamedTuple):
    """A turn's id or an end's id, the gauges in the order of GAUGES, the flags raised so far."""

    at: str
    gauges: Gauges
    flags: frozenset[str]


def opening(scene: Scene) -> Position:
    """Where every talk of this scene begins."""
    return Position(scene.nodes[0].id, scene.start, frozenset())


def offered(scene: Scene, position: Position) -> list[Move]:
    """The moves that may be made here, as they are shown; none at an end."""
    node = scene.by_id.get(position.at)
    return [] if node is None else [m for m in node.shown if not m.when or m.when.holds(position.gauges, position.flags)]


def effect(move: Move, position: Position) -> tuple[bool, Effect]:
    """Whether the line has its footing here, and what it does."""
    has = move.footing is None or move.footing.holds(position.gauges, position.flags)
    return has, move.met if has else move.unmet


def after(scene: Scene, position: Position, move: Move) -> Position:
    """The position that a move leads to (走一步)."""
    has, does = effect(move, position)
    gauges, flags = does.on(position.gauges), position.flags
    if has:
        flags |= move.raises
    if move.red:
        flags |= {red_flag(move.red)}
    if gauges[2] <= LOWEST:
        return Position(scene.walkout, gauges, flags)
    target = _target(scene, scene.by_id[position.at], move, gauges, flags)
    return Position(ending(scene, gauges, flags).id if target == END else target, gauges, flags)


def _target(scene: Scene, node: Node, move: Move, gauges: Gauges, flags: frozenset[str]) -> str:
    if not isinstance(move.to, tuple):
        return move.to or scene.following[node.id]
    return next(route.to for route in move.to if route.when is None or route.when.holds(gauges, flags))


def ending(scene: Scene, gauges: Gauges, flags: frozenset[str]) -> End:
    """The end that a finished talk has: the first whose condition holds."""
    return next(end for end in scene.ends if end.id != scene.walkout
                and (end.when is None or end.when.holds(gauges, flags)))


def red_flag(rule: str) -> str:
    """The flag that a crossed red line raises; no file can write it."""
    return f"red:{rule}"


def traded(scene: Scene, flags: frozenset[str]) -> list[deals.Deal]:
    """The deals made, in the order of the file."""
    return [deal for id, deal in scene.deals.items() if id in flags]


def verdict(scene: Scene, end: str, flags: frozenset[str]) -> deals.Verdict | None:
    """The closed concession ledger of what was traded, once the talk ended so."""
    return deals.settle(traded(scene, flags), scene.you, scene.debt.amount, written=WRITTEN in flags,
                        kept=scene.endings[end].grade != "bad")


def crossed(scene: Scene, flags: frozenset[str]) -> list[str]:
    """The red lines crossed (碰了哪几条红线): by a line said, or by granting beyond one's authority."""
    red = sorted(flag.removeprefix("red:") for flag in flags if flag.startswith("red:"))
    if deals.beyond(traded(scene, flags), scene.you, scene.debt.amount):
        red = sorted({*red, "overpromise"})
    return red
