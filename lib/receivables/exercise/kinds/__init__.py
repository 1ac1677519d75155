"""The kinds of exercise. Each module holds a question model, a key model and the pure functions on them.

To add a kind: write the models and the functions of :class:`Kind`, and add one line to ``KINDS``.
"""

from __future__ import annotations

from receivables.exercise.kinds import arrange, choose, figure, scene, speak, who
from receivables.exercise.kinds.base import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        choose.CHOICE, choose.SEVERAL, choose.DECIDE,
        figure.NUMBER, figure.TABLE,
        arrange.ORDER, arrange.MATCH, arrange.CLASSIFY,
        speak.WRITE, speak.DISCUSS, speak.ROLEPLAY,
        scene.SCENE, who.WHO,
    )
}
