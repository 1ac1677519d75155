"""The stated rules (规则): how a way of speaking moves the debtor, what it earns, what it is worth.

``data/scene_rules.yaml`` names each way once (say the figure, listen, give without return ...); scenes
only say which way a line is. A way may need footing: the same line said too early does something else.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from receivables import content, paths
from receivables.content import Content
from receivables.talk import glossary
from receivables.talk.scene.condition import GAUGES, HIGHEST, LOWEST, Gauges, When

Gauge = Literal["ability", "willingness", "trust"]
Mark = Annotated[int, Field(ge=0, le=3)]
Share = Annotated[float, Field(ge=0, le=1)]
Grade = Literal["good", "middling", "bad"]


class Effect(Content):
    """What a line earns (0 to 3 on the rubric line of its turn), does to the gauges, and why."""

    mark: Mark
    does: dict[Gauge, int] = {}
    says: str

    @cached_property
    def _change(self) -> Gauges:
        return tuple(self.does.get(name, 0) for name in GAUGES)

    def on(self, gauges: Gauges) -> Gauges:
        """The gauges afterwards, kept between LOWEST and HIGHEST."""
        return tuple([min(HIGHEST, max(LOWEST, value + change))
                      for value, change in zip(gauges, self._change, strict=True)])


class Way(Effect):
    """A way of speaking (说法). ``trap`` names the misconception behind it; ``needs`` the footing without
    which ``unmet`` happens instead."""

    name: str
    trap: str | None = None
    needs: When | None = None
    unmet: Effect | None = None

    @model_validator(mode="after")
    def _whole(self) -> Way:
        if (self.needs is None) != (self.unmet is None):
            raise ValueError(f"{self.name}: needs and unmet come together")
        return self


class Scoring(Content):
    """Weights (权重): rubric and result add to 1; each finding of the concession ledger costs ``finding``."""

    rubric: Share
    result: Share
    finding: Share
    grades: dict[Grade, Share]

    @model_validator(mode="after")
    def _adds_up(self) -> Scoring:
        if abs(self.rubric + self.result - 1) > 1e-9 or set(self.grades) != {"good", "middling", "bad"}:
            raise ValueError("rubric and result must add to 1, and every grade needs its worth")
        return self


class Rules(Content):
    """The whole file (规则表)."""

    status: Literal["seed", "sourced", "house"]
    gauges: dict[Gauge, str]
    lines: str
    grades: dict[Grade, str]
    scoring: Scoring
    ways: dict[str, Way]

    @model_validator(mode="after")
    def _named(self) -> Rules:
        if tuple(self.gauges) != GAUGES:
            raise ValueError(f"gauges must name {GAUGES} in this order")
        glossary.load().term(self.lines)
        return self


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Rules:
    return content.load(path, Rules)


def load(path: Path | str | None = None) -> Rules:
    """The rules of ``data/scene_rules.yaml`` or another file (情景规则); read again when it has changed.

    >>> load().ways["apologise_for_asking"].trap
    '为要钱道歉'
    """
    path = paths.data("scene_rules.yaml") if path is None else Path(path)
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)
