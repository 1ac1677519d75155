"""Scenes (情景演练): conversations with a debtor as data, played move by move.

A scene is a YAML file in ``data/scenes``: what you know, whom you meet, what he hides, his turns and
your possible moves. The rules by which moves change him stand once, in ``data/scene_rules.yaml``.
Everything is deterministic: the same moves and the same seed give the same transcript; the seed
varies only words written ``{so|or so}``.

    state = scene.start("admits_no_money")          # or scene.load(id) for the scene itself
    turn = scene.offer(state)                # what is seen and heard, and the options: nothing hidden
    state = scene.answer(state, turn.options[1].id, "你自己的那句话")
    scene.debrief(state)                     # once turn.ended

``as_dict`` of a state, a turn, a debrief and a transcript is JSON; a state's holds no hidden value.
"""

from receivables.talk.scene.debrief import Debrief, debrief, own_lines, secrets
from receivables.talk.scene.play import (
    Brief,
    State,
    Transcript,
    Turn,
    answer,
    brief,
    offer,
    own_hits,
    play,
    resume,
    rewind,
    start,
    transcript,
)
from receivables.talk.scene.search import Fault, best_moves, faults
from receivables.talk.scene.spec import Scene, ids, load

__all__ = ["Brief", "Debrief", "Fault", "Scene", "State", "Transcript", "Turn", "answer", "best_moves", "brief",
           "debrief", "faults", "ids", "load", "offer", "own_hits", "own_lines", "play", "resume", "rewind",
           "secrets", "start", "transcript"]
