"""The validator (检查一场情景): everything that can happen, the best that can, and what is wrong with a scene."""

from __future__ import annotations

from dataclasses import dataclass

from receivables.talk import redline
from receivables.talk.scene import position as rules_of_play
from receivables.talk.scene import rules, spec, words
from receivables.talk.scene.debrief import result
from receivables.talk.scene.position import Position
from receivables.talk.scene.spec import END, Move, Scene

_FEWEST = 3     # moves a turn
_DISASTER = -9  # worth of an end after a red line: below every other


@dataclass(frozen=True)
class Fault:
    """What is wrong with a scene (毛病): a code, where, in words."""

    code: str
    where: str
    words: str


class Reach:
    """Every position that play can reach (走得到的局面), each with its moves; scenes without loops only.

    The score adds up over a talk (each mark counts for its rubric line, each end for its grade), so the
    best continuation from a position is found once, whatever way led there.
    """

    def __init__(self, scene: Scene):
        self.scene = scene
        self.moves: dict[Position, list[tuple[Move, Position]]] = {}
        self._decisive = {spec.WRITTEN, *scene.deals}
        self.ends: set[str] = set()
        self._choices: dict[Position, list[tuple[Move, float]]] = {}
        self._priced: dict[tuple[str, frozenset[str]], float] = {}
        weight, lines = rules.load().scoring.rubric, scene.stages
        # What one mark on a turn adds to the score.
        self._worth = {node.id: weight / (3 * len(lines) * len(lines[node.line])) if node.line else 0.0
                       for node in scene.nodes}
        self.raised: set[str] = set()
        asked = {flag for _, condition in spec.conditions(scene) for flag in condition.flags}
        asked |= self._decisive | {rules_of_play.red_flag(move.red) for _, move in scene.moves() if move.red}
        frontier = [rules_of_play.opening(scene)]
        seen = set(frontier)
        while frontier:
            here = frontier.pop()
            if here.at in scene.endings:
                self.ends.add(here.at)
                continue
            self.moves[here] = []
            for move in rules_of_play.offered(scene, here):
                at, gauges, flags = rules_of_play.after(scene, here, move)
                self.raised |= flags
                there = Position(at, gauges, flags & asked)  # what nobody asks about makes no other position
                self.moves[here].append((move, there))
                if there not in seen:
                    seen.add(there)
                    frontier.append(there)

    def value(self, here: Position) -> float:
        """The most that can still be scored from here."""
        if here.at in self.scene.endings:
            return self._end(here.at, here.flags)
        return max((worth for _, worth in self.choices(here)), default=_DISASTER)

    def _end(self, end: str, flags: frozenset[str]) -> float:
        """What an end is worth; it depends on few of the flags, so each combination is priced once."""
        key = end, frozenset(flag for flag in flags if flag in self._decisive or flag.startswith("red:"))
        if key not in self._priced:
            red = rules_of_play.crossed(self.scene, flags)
            self._priced[key] = _DISASTER if red else result(self.scene, end, flags)
        return self._priced[key]

    def choices(self, here: Position) -> list[tuple[Move, float]]:
        """The moves here, each with the most that can still be scored after it, its own mark included."""
        if here not in self._choices:
            mark = self._worth[here.at]
            self._choices[here] = [(move, mark * rules_of_play.effect(move, here)[1].mark + self.value(there))
                                   for move, there in self.moves[here]]
        return self._choices[here]

    def perfect(self) -> list[str]:
        """The moves of the best talk."""
        here, path = rules_of_play.opening(self.scene), []
        while here.at not in self.scene.endings:
            move = max(self.choices(here), key=lambda pair: pair[1])[0]
            path.append(move.id)
            here = next(there for m, there in self.moves[here] if m is move)
        return path

    def fewest_turns(self) -> dict[str, int]:
        """The fewest turns to each end."""
        here, turns, found = {rules_of_play.opening(self.scene)}, 0, {}
        while here:
            for position in here:
                if position.at in self.scene.endings:
                    found.setdefault(position.at, turns)
            here = {there for position in here for _, there in self.moves.get(position, ())}
            turns += 1
        return found


def best_moves(scene: Scene | str) -> list[str]:
    """The moves of a perfect player, found by search (最好的一路).

    Examples
    --------
    >>> from receivables.talk.scene.play import play
    >>> play("dispute", best_moves("dispute")).end is not None
    True
    """
    return Reach(spec.load(scene) if isinstance(scene, str) else scene).perfect()


def faults(scene: Scene | str, reach: Reach | None = None) -> list[Fault]:
    """What is wrong with a scene (检查): by playing everything that can be played.

    Parameters
    ----------
    scene : a scene or its id
    reach : what play can reach, where it is known already

    Returns
    -------
    list of Fault: ``loop`` (turns that lead back; nothing else is looked at then), ``dead_end`` (a turn where
    nothing is offered), ``few_moves`` (fewer than three), ``unreachable_turn``, ``unreachable_end``,
    ``never_offered``, ``never_learned`` (a fact that no talk brings out), ``always_best`` (a turn reached in
    more than one state, where one move is best in all of them), ``red_line`` (an option whose words and whose
    ``red`` disagree), ``grades`` (an end of each grade is missing).

    Examples
    --------
    >>> faults("dispute")
    []
    """
    scene = spec.load(scene) if isinstance(scene, str) else scene
    if loop := _loop(scene):
        return [Fault("loop", " -> ".join(loop), "these turns lead back to where they began")]
    reach = reach or Reach(scene)
    at: dict[str, list[Position]] = {}
    for here in reach.moves:
        at.setdefault(here.at, []).append(here)
    found = [*_thin(at, reach), *_unreached(scene, at, reach), *_always_best(scene, at, reach), *_words(scene)]
    if missing := {"good", "middling", "bad"} - {end.grade for end in scene.ends}:
        found.append(Fault("grades", "ends", f"no end is {sorted(missing)}"))
    return found


def _loop(scene: Scene) -> list[str] | None:
    """Turns on a way that leads back to itself."""
    leads = {node.id: {t for m in node.moves for t in scene.targets(node, m)} - {END} for node in scene.nodes}
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str] | None:
        if node in path:
            return [*path[path.index(node):], node]
        if node in done:
            return None
        for target in sorted(leads[node]):
            if loop := walk(target, [*path, node]):
                return loop
        done.add(node)
        return None

    return next((loop for node in leads if (loop := walk(node, []))), None)


def _thin(at: dict[str, list[Position]], reach: Reach):
    for node, positions in at.items():
        fewest = min(len(reach.moves[here]) for here in positions)
        if fewest == 0:
            yield Fault("dead_end", node, "a state is reached here in which nothing can be said")
        elif fewest < _FEWEST:
            yield Fault("few_moves", node, f"a state is reached here with {fewest} moves; offer {_FEWEST} or more")


def _unreached(scene: Scene, at: dict[str, list[Position]], reach: Reach):
    for node in scene.nodes:
        if node.id not in at:
            yield Fault("unreachable_turn", node.id, "no talk comes here")
            continue
        made = {move.id for here in at[node.id] for move, _ in reach.moves[here]}
        for move in node.moves:
            if move.id not in made:
                yield Fault("never_offered", f"{node.id}.{move.id}", "its condition never holds")
    for end in scene.ends:
        if end.id not in reach.ends:
            yield Fault("unreachable_end", end.id, "no talk ends so")
    for fact in scene.facts:
        if fact not in reach.raised:
            yield Fault("never_learned", fact, "no talk brings it out")


def _always_best(scene: Scene, at: dict[str, list[Position]], reach: Reach):
    for node, positions in at.items():
        if len(positions) < 2:
            continue
        common: set[str] | None = None
        for here in positions:
            choices = reach.choices(here)
            top = max((worth for _, worth in choices), default=0.0)
            best = {move.id for move, worth in choices if worth > top - 1e-9}
            common = best if common is None else common & best
        for move in sorted(common or ()):
            yield Fault("always_best", f"{node}.{move}", f"best in all {len(positions)} states reached here")


def _words(scene: Scene):
    for node, move in scene.moves():
        hits = {hit.rule for hit in redline.check(words.fill(move.text))}
        granted = move.deal and rules_of_play.crossed(scene, frozenset({move.deal}))
        expected = {move.red} if move.red else set()
        if hits - ({"overpromise"} if granted else set()) != expected - ({"overpromise"} if granted else set()):
            yield Fault("red_line", f"{node.id}.{move.id}", f"the words cross {sorted(hits)}, the file says {move.red}")
