"""Playing a scene (演一场): a pure step at a time, replayable from any step with another move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from receivables.talk import glossary, redline
from receivables.talk.scene import position as rules_of_play
from receivables.talk.scene import spec, words
from receivables.talk.scene.position import Position
from receivables.talk.scene.spec import Move, Node, Scene, Words

SCHEMA = 1
YOU, DEBTOR, STAGE = "you", "debtor", "scene"
LONGEST = 2000  # characters of one own line


@dataclass(frozen=True)
class Said:
    """One line of a talk (一句): ``who`` is you, debtor (his side) or scene (what is seen), ``name`` who speaks."""

    who: str
    name: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A red line in an own line (碰线): where, which, on what ground, what to say instead."""

    span: tuple[int, int]
    rule: str
    name: str
    source: str
    hint: str


@dataclass(frozen=True)
class Step:
    """One turn that was played: position before, the move, the learner's own words, the line and his answer."""

    before: Position
    move: Move
    own_line: str
    after: Position
    said: tuple[Said, ...]


@dataclass(frozen=True)
class State:
    """A talk so far (进行到哪). Hidden values are inside; :meth:`as_dict` leaves them out."""

    scene: Scene
    seed: int
    position: Position
    steps: tuple[Step, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether an end is reached."""
        return self.position.at in self.scene.endings

    @property
    def moves(self) -> tuple[str, ...]:
        """Ids of the moves made."""
        return tuple(step.move.id for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        """As JSON for :func:`resume`: the moves and own lines, no hidden value."""
        return {"schema": SCHEMA, "scene": self.scene.id, "version": self.scene.version, "seed": self.seed,
                "moves": list(self.moves), "own_lines": [step.own_line for step in self.steps]}


@dataclass(frozen=True)
class Brief:
    """What a learner may read before the talk (开场前给你看的): nothing hidden. ``minutes`` is a ceiling."""

    scene: str
    title: str
    situation: str
    channel: str
    minutes: int
    you: str
    lines: tuple[str, ...]
    who: str
    firm: str
    debt: str
    due: str
    today: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return _plain(self)


@dataclass(frozen=True)
class Option:
    """One line to choose (选项)."""

    id: str
    text: str


@dataclass(frozen=True)
class Turn:
    """What a learner sees of one turn (这一轮给你看的): nothing hidden.

    ``said`` is what was said and seen since the last move, ``ask`` invites the learner's own line,
    ``options`` come after it, ``learned`` are the facts that came out so far, ``own_hits`` the red lines
    in the last own line.
    """

    scene: str
    number: int
    node: str | None
    channel: str
    said: tuple[Said, ...]
    ask: str
    options: tuple[Option, ...]
    learned: tuple[str, ...]
    own_hits: tuple[Hit, ...]
    ended: bool

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return _plain(self)


@dataclass(frozen=True)
class Transcript:
    """A whole talk to keep (全程记录)."""

    scene: str
    version: int
    seed: int
    title: str
    lines: tuple[Said, ...]
    moves: tuple[str, ...]
    own_lines: tuple[str, ...]
    end: str | None

    @property
    def text(self) -> str:
        """The talk as plain text, a line each."""
        return "\n".join([self.title, *(f"{line.name}：{line.text}" for line in self.lines)])

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return _plain(self)


def _plain(thing: Any) -> dict[str, Any]:
    """A dataclass as what JSON can hold: tuples become lists."""
    def lists(value):
        if isinstance(value, Mapping):
            return {key: lists(each) for key, each in value.items()}
        return [lists(each) for each in value] if isinstance(value, list | tuple) else value
    return lists(asdict(thing))


def brief(scene: Scene | str) -> Brief:
    """The public part of a scene (任务卡): who, what, how much, on which day.

    Examples
    --------
    >>> brief("dispute").situation, brief("dispute").channel
    ('有争议', '电话')
    """
    scene = spec.load(scene) if isinstance(scene, str) else scene
    names = glossary.load()
    return Brief(scene.id, words.fill(scene.title), names.item(scene.situation).name,
                 names.item(f"channels.{scene.channel}").name, scene.minutes, scene.you,
                 tuple(words.fill(line) for line in scene.brief), f"{scene.debtor.name}（{scene.debtor.role}）",
                 scene.debtor.firm, str(scene.debt.amount), scene.debt.due.isoformat(), scene.today.isoformat())


def start(scene: Scene | str, seed: int = 0) -> State:
    """Begin a talk (开场).

    Parameters
    ----------
    scene : a scene or its id
    seed : varies only words that the file writes in variants; never what happens

    Examples
    --------
    >>> start("dispute").ended
    False
    """
    scene = spec.load(scene) if isinstance(scene, str) else scene
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise ValueError(f"seed is a whole number, given {seed!r}")
    return State(scene, seed, rules_of_play.opening(scene))


def offer(state: State) -> Turn:
    """The public part of the turn that is on (出题): what is seen and heard, and the options.

    At an end, ``ended`` is true and there are no options: call ``debrief``.

    Examples
    --------
    >>> turn = offer(start("dispute"))
    >>> len(turn.options) >= 3, turn.learned
    (True, ())
    """
    scene, at = state.scene, state.position
    node = scene.by_id.get(at.at)
    last = state.steps[-1] if state.steps else None
    said = (last.said[1:] if last else ()) + _arrival(state)
    options = tuple(Option(move.id, words.fill(move.text)) for move in rules_of_play.offered(scene, at))
    learned = tuple(words.fill(text) for id, text in scene.facts.items() if id in at.flags)
    hits = own_hits(last.own_line) if last else ()
    channel = glossary.load().item(f"channels.{(node and node.channel) or scene.channel}").name
    return Turn(scene.id, len(state.steps) + 1, node and node.id, channel, said, node.ask if node else "", options,
                learned, hits, state.ended)


def answer(state: State, move_id: str, own_line: str = "") -> State:
    """Make one move (先说后选): the learner's own line is kept and red-line checked, the move is played.

    Parameters
    ----------
    state : the talk so far
    move_id : id of one of the options that :func:`offer` shows
    own_line : what the learner said or wrote before seeing the options; never scored by its wording

    Raises
    ------
    ValueError
        When the talk is over, the move is not offered here, or the own line is no text or too long.

    Examples
    --------
    >>> state = start("dispute")
    >>> answer(state, offer(state).options[0].id, "王经理，这批货我来核。").moves == (offer(state).options[0].id,)
    True
    """
    if state.ended:
        raise ValueError("this talk is over: read its debrief, or rewind to a step and play on from there")
    if not isinstance(own_line, str) or len(own_line) > LONGEST:
        raise ValueError(f"an own line is a text of at most {LONGEST} characters")
    moves = {move.id: move for move in rules_of_play.offered(state.scene, state.position)}
    if move_id not in moves:
        raise ValueError(f"turn {state.position.at} of {state.scene.id} offers {list(moves)}, not {move_id!r}")
    move, before = moves[move_id], state.position
    after = rules_of_play.after(state.scene, before, move)
    said = (Said(YOU, "你", words.fill(move.text)), *_reply(state, move))
    step = Step(before, move, own_line.strip(), after, said)
    return replace(state, position=after, steps=(*state.steps, step))


def rewind(state: State, step: int) -> State:
    """The talk as it stood before step ``step``, counted from 1 (回到第几步), to play on with another move.

    Examples
    --------
    >>> state = start("dispute")
    >>> there = answer(state, offer(state).options[0].id)
    >>> rewind(there, 1) == state
    True
    """
    if not 1 <= step <= len(state.steps) + 1:
        raise ValueError(f"steps run from 1 to {len(state.steps) + 1}, given {step}")
    kept = state.steps[:step - 1]
    return replace(state, position=kept[-1].after if kept else rules_of_play.opening(state.scene), steps=kept)


def resume(saved: Mapping[str, Any], scene: Scene | None = None) -> State:
    """A talk from what :meth:`State.as_dict` gave (接着演), played again move by move.

    Raises
    ------
    ValueError
        For another schema or a scene that has changed since (its version differs).

    Examples
    --------
    >>> resume(start("dispute", 5).as_dict()) == start("dispute", 5)
    True
    """
    if not isinstance(saved, Mapping) or saved.get("schema") != SCHEMA:
        raise ValueError(f"a saved talk has schema {SCHEMA}; this is none")
    state = start(scene or str(saved["scene"]), saved["seed"])
    if saved.get("version") != state.scene.version:
        raise ValueError(f"{state.scene.id} is now version {state.scene.version}, the saved talk {saved.get('version')}")
    for move, own_line in zip(saved["moves"], saved["own_lines"], strict=True):
        state = answer(state, move, own_line)
    return state


def play(scene: Scene | str, moves: Sequence[str | tuple[str, str]], *, seed: int = 0) -> Transcript:
    """Play moves one after another (连着演): same moves, same seed, same transcript.

    Parameters
    ----------
    scene : a scene or its id
    moves : move ids, or (move id, own line); they may stop before the end
    seed : as in :func:`start`

    Raises
    ------
    ValueError
        As :func:`answer`; also for moves after the end.

    Examples
    --------
    >>> play("dispute", []).end is None
    True
    """
    state = start(scene, seed)
    for move in moves:
        state = answer(state, *([move] if isinstance(move, str) else move))
    return transcript(state)


def transcript(state: State) -> Transcript:
    """The record of a talk so far (记录): everything seen, heard and said, in order."""
    scene, lines, at = state.scene, [], start(state.scene, state.seed)
    for step in state.steps:
        lines += [*_arrival(at), *step.said]
        at = replace(at, position=step.after, steps=(*at.steps, step))
    lines += _arrival(at)
    return Transcript(scene.id, scene.version, state.seed, words.fill(scene.title), tuple(lines), state.moves,
                      tuple(step.own_line for step in state.steps), state.position.at if state.ended else None)


def own_hits(line: str) -> tuple[Hit, ...]:
    """Red lines in an own line (查你那句话)."""
    return tuple(Hit(hit.span, hit.rule, hit.name, hit.source, hit.hint) for hit in redline.check(line))


def _spoken(state: State, spoken: Words, place: str, at: Position) -> str | None:
    """The words for this position, with references filled and the variant that the seed picks."""
    if isinstance(spoken, tuple):
        spoken = next((v.text for v in spoken if v.when is None or v.when.holds(at.gauges, at.flags)), None)
    return None if spoken is None else words.vary(words.fill(spoken), state.seed, f"{state.scene.id}/{place}")


def _arrival(state: State) -> tuple[Said, ...]:
    """What is seen and heard on coming to where the talk stands."""
    node: Node | None = state.scene.by_id.get(state.position.at)
    if node is None:
        end = state.scene.endings[state.position.at]
        return (Said(STAGE, "场景", words.fill(end.words)),)
    heard = ((STAGE, "场景", node.scene, "scene"), (DEBTOR, _speaker(state.scene, node), node.says, "says"))
    texts = ((who, name, _spoken(state, spoken, f"{node.id}/{part}", state.position))
             for who, name, spoken, part in heard if spoken is not None)
    return tuple(Said(who, name, text) for who, name, text in texts if text)


def _speaker(scene: Scene, node: Node) -> str:
    """Who speaks for the debtor in this turn."""
    return node.by or scene.debtor.name


def _reply(state: State, move: Move) -> tuple[Said, ...]:
    """His answer to the line: with its footing, or the cold one; conditions are asked before the move works on him."""
    has, _ = rules_of_play.effect(move, state.position)
    text = _spoken(state, move.reply if has else move.cold, f"{state.position.at}/{move.id}", state.position)
    name = _speaker(state.scene, state.scene.by_id[state.position.at])
    return (Said(DEBTOR, name, text),) if text else ()
