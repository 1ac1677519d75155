"""Early warning (风险预警): signals in, score and tracking stage out (预警、催收、解决), and how well it did.

Signals are content (data/warning_signals.yaml); what each measures is :mod:`receivables.analysis.warning_measures`.
Leading signals come first: one that fires after default is late. No standard exists for signals, weights or bands;
judge them by :func:`evaluate`, precision at capacity and lead time, never by accuracy (calling nobody risky is
right for nearly everybody).
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from receivables.analysis._frames import day, require
from receivables.analysis.credit_policy import Sourced
from receivables.analysis.warning_measures import MEASURES, measure
from receivables.content import Content
from receivables.errors import Undefined

__all__ = ["Assessment", "Evaluation", "Signal", "SignalSet", "assess", "evaluate", "measure"]

StageId = Literal["none", "watch", "collect", "resolve"]
STAGES: tuple[StageId, ...] = ("none", "watch", "collect", "resolve")
_RED = 3


class Signal(Sourced):
    """One warning signal (预警信号).

    ``id`` names its measure. ``levels`` one to three rising thresholds; the highest reached gives grade 3 (red),
    the one before it 2, then 1: a signal with one level is red or silent. ``weight`` points at red; ``stage`` grade ->
    the least stage a customer with it is in; ``say`` a sentence with ``{value}``; ``ask`` the next step.
    """

    id: str
    zh: str
    en: str
    lead: Literal["leading", "lagging"]
    weight: Annotated[int, Field(ge=1)]
    unit: Literal["days", "share", "times", "count", "flag"]
    levels: Annotated[list[float], Field(min_length=1, max_length=3)]
    stage: dict[Annotated[int, Field(ge=1, le=3)], StageId] = {}
    say: str
    ask: str

    @model_validator(mode="after")
    def _sound(self):
        if self.id not in MEASURES:
            raise ValueError(f"no measure is called {self.id}: choose one of {', '.join(MEASURES)}")
        if any(low >= high for low, high in pairwise(self.levels)) or self.levels[0] <= 0:
            raise ValueError("levels must be above 0 and rise")
        if self.lead == "leading" and set(self.stage.values()) - {"watch"}:
            raise ValueError("a leading signal alone can only put a customer on watch: nothing is due yet")
        return self

    def grades(self, values: np.ndarray) -> np.ndarray:
        """Grade 0 to 3 of each value; NaN gives 0."""
        reached = (values[:, None] >= np.array(self.levels) - 1e-9).sum(axis=1)
        return np.where(reached > 0, _RED - len(self.levels) + reached, 0)

    def sentence(self, value: float) -> str:
        """The signal in words, for one customer."""
        return self.say.format(value=f"{value:.0%}" if self.unit == "share" else
                               f"{value:.1f}" if self.unit == "times" else f"{value:.0f}")


class Stage(Content):
    """A tracking stage (跟踪阶段) with the score from which a customer is in it and what is done there."""

    id: StageId
    zh: str
    from_score: Annotated[float, Field(ge=0, le=100)]
    do: str


class SignalSet(Content):
    """The whole of data/warning_signals.yaml."""

    known_through: date
    stages: list[Stage]
    signals: list[Signal]

    @model_validator(mode="after")
    def _complete(self):
        ids = [signal.id for signal in self.signals]
        if len(set(ids)) != len(ids):
            raise ValueError("a signal is given twice")
        if [stage.id for stage in self.stages] != list(STAGES):
            raise ValueError(f"stages must be {', '.join(STAGES)}, in this order")
        scores = [stage.from_score for stage in self.stages]
        if scores[0] != 0 or any(low >= high for low, high in pairwise(scores)):
            raise ValueError("stages must begin at 0 and rise")
        total = sum(signal.weight for signal in self.signals)
        if total != 100:
            raise ValueError(f"weights add to {total}, not 100")
        lagging = [signal.lead == "lagging" for signal in self.signals]
        if lagging != sorted(lagging):
            raise ValueError("leading signals stand before lagging ones")
        return self


class Assessment(NamedTuple):
    """``scores`` one row a customer, worst first; ``signals`` one row a signal that fired.

    scores: ``customer_id``, ``score`` (0-100), ``leading``, ``lagging`` (its two parts), ``coverage`` (share of the
    weight that could be measured), ``stage``, ``reasons``. signals: ``customer_id``, ``signal``, ``lead``, ``value``,
    ``grade``, ``points``, ``says``; leading first.
    """

    scores: pd.DataFrame
    signals: pd.DataFrame


def assess(measures: pd.DataFrame, rules: SignalSet) -> Assessment:
    """Early-warning score (预警评分): sum of weight x grade / 3 over the signals, and the stage it leads to.

    One row a customer. The stage is the highest of the score's band and the stages that single
    signals call for; but as long as no lagging signal has fired, it is at most "watch": one does not collect what
    is not due. Low coverage means little is known, not that little is wrong.

    Parameters
    ----------
    measures : of :func:`measure`: customer_id -> one column a signal
    rules : signals, weights and bands

    Raises ValueError when a signal's column is missing.

    Examples
    --------
    >>> signals = [Signal(id="slower_payment", zh="越付越慢", en="pays later", lead="leading", weight=40, unit="days",
    ...                   levels=[5, 15, 30], say="晚付又多了 {value} 天", ask="…", status="house"),
    ...            Signal(id="oldest_overdue", zh="最老逾期", en="oldest", lead="lagging", weight=60, unit="days",
    ...                   levels=[3, 30, 90], stage={1: "collect"}, say="最久晚了 {value} 天", ask="…", status="house")]
    >>> stages = [Stage(id=i, zh=i, from_score=s, do="…") for i, s in zip(STAGES, (0, 10, 40, 70))]
    >>> rules = SignalSet(known_through="2026-11-21", stages=stages, signals=signals)
    >>> found = assess(pd.DataFrame({"slower_payment": [16.0, 31.0], "oldest_overdue": [4.0, 0.0]},
    ...                             index=pd.Index(["C1", "C2"], name="customer_id")), rules)
    >>> found.scores[["customer_id", "score", "stage", "reasons"]].round(1)
      customer_id  score    stage                 reasons
    0          C1   46.7  collect  晚付又多了 16 天；最久晚了 4 天
    1          C2   40.0    watch             晚付又多了 31 天
    """
    require(measures, "measures", *(signal.id for signal in rules.signals))
    values = np.column_stack([measures[signal.id].to_numpy(dtype=float) for signal in rules.signals])
    grades = np.column_stack([signal.grades(column) for signal, column in zip(rules.signals, values.T, strict=True)])
    weights = np.array([signal.weight for signal in rules.signals], dtype=float)
    leads = np.array([signal.lead == "leading" for signal in rules.signals])
    points = weights * grades / _RED
    score = points.sum(axis=1)
    band = np.searchsorted([stage.from_score for stage in rules.stages], score + 1e-9, side="right") - 1
    least = np.zeros(len(measures), dtype=int)
    for signal, grade in zip(rules.signals, grades.T, strict=True):
        for from_grade, stage in signal.stage.items():
            least = np.maximum(least, np.where(grade >= from_grade, STAGES.index(stage), 0))
    stage = np.maximum(band, least)
    stage = np.where((grades[:, ~leads] > 0).any(axis=1), stage, np.minimum(stage, STAGES.index("watch")))
    customers = measures.index.astype(str).to_numpy()
    rows, columns = np.nonzero(grades)
    fired = pd.DataFrame({
        "customer_id": customers[rows], "signal": [rules.signals[column].id for column in columns],
        "lead": np.where(leads[columns], "leading", "lagging"), "value": values[rows, columns],
        "grade": grades[rows, columns], "points": points[rows, columns],
        "says": [rules.signals[column].sentence(values[row, column])
                 for row, column in zip(rows, columns, strict=True)]})
    fired["order"] = np.where(leads[columns], 0, 1)
    fired = fired.sort_values(["customer_id", "order", "points", "signal"], ascending=[True, True, False, True],
                              ignore_index=True).drop(columns="order")
    scores = pd.DataFrame({
        "customer_id": customers, "score": score, "leading": points[:, leads].sum(axis=1),
        "lagging": points[:, ~leads].sum(axis=1), "coverage": ~np.isnan(values) @ weights / weights.sum(),
        "stage": [STAGES[place] for place in stage]})
    said = {customer: "；".join(says) for customer, says in fired.groupby("customer_id")["says"]}
    scores["reasons"] = [said.get(customer, "") for customer in customers]
    scores = scores.sort_values(["score", "customer_id"], ascending=[False, True], ignore_index=True)
    return Assessment(scores, fired)


class Evaluation(NamedTuple):
    """How a score did against what happened.

    ``precision`` share of the flagged customer-dates followed by an event within the horizon; ``base_rate`` the same
    for all; ``lift`` their ratio; ``recall`` share of events flagged at least once within the horizon before;
    ``lead_days`` median days from the first such flag to the event (NaN when none was caught); ``flags`` and ``events``
    counted.
    """

    precision: float
    base_rate: float
    lift: float
    recall: float
    lead_days: float
    flags: int
    events: int


def evaluate(history: pd.DataFrame, events: pd.DataFrame, *, capacity: int, horizon: int,
             known_until: object) -> Evaluation:
    """Precision at capacity and lead time (有限人手下的命中率、提前天数): hits among the k highest / k, and days in advance.

    On each scoring date the ``capacity`` customers with the highest score above 0 are flagged (ties by customer_id): as
    many as somebody can really look at.

    Parameters
    ----------
    history : ``as_of``, ``customer_id``, ``score``; scores made with what was known on that day
    events : ``customer_id``, ``date`` of the bad event (the first counts; a customer leaves the list with it)
    capacity : customers that can be looked at on one scoring date
    horizon : days within which the event must follow (day 1 to ``horizon``)
    known_until : day up to which events are known; a scoring date whose horizon ends later is left out

    Raises
    ------
    ValueError
        Capacity or horizon under 1, columns missing, or a customer twice on one date.
    Undefined
        No scoring date has a complete horizon, nobody was flagged, or no event fell into a horizon.

    Examples
    --------
    >>> history = pd.DataFrame({"as_of": pd.to_datetime(["2026-01-31"] * 3 + ["2026-02-28"] * 3),
    ...                         "customer_id": ["C1", "C2", "C3"] * 2, "score": [30, 10, 0, 50, 20, 0]})
    >>> events = pd.DataFrame({"customer_id": ["C1"], "date": pd.to_datetime(["2026-03-31"])})
    >>> evaluate(history, events, capacity=1, horizon=90, known_until="2026-06-30")
    Evaluation(precision=1.0, base_rate=0.333..., lift=3.0, recall=1.0, lead_days=59.0, flags=2, events=1)
    """
    if capacity < 1 or horizon < 1:
        raise ValueError("capacity and horizon must be at least 1")
    require(history, "history", "as_of", "customer_id", "score")
    require(events, "events", "customer_id", "date")
    frame = pd.DataFrame({"as_of": pd.to_datetime(history["as_of"]).dt.normalize(),
                          "customer_id": history["customer_id"].astype(str),
                          "score": history["score"].astype(float)})
    if frame.duplicated(["as_of", "customer_id"]).any():
        raise ValueError("a customer is scored twice on one date")
    first = pd.to_datetime(events["date"]).dt.normalize().groupby(events["customer_id"].astype(str)).min()
    frame["event"] = pd.to_datetime(frame["customer_id"].map(first))
    ahead = (frame["event"] - frame["as_of"]).dt.days
    complete = frame["as_of"] + pd.Timedelta(days=horizon) <= day(known_until)
    frame = frame.assign(ahead=ahead)[complete & ~(ahead <= 0)]
    if frame.empty:
        raise Undefined(f"no scoring date has {horizon} known days after it: wait, or shorten the horizon")
    frame["hit"] = frame["ahead"] <= horizon
    order = frame.sort_values(["as_of", "score", "customer_id"], ascending=[True, False, True])
    place = order.groupby("as_of").cumcount()
    flagged = order[(place < capacity) & (order["score"] > 0)]
    bad = frame.loc[frame["hit"], "customer_id"].nunique()
    if flagged.empty:
        raise Undefined("nobody was flagged: every score is 0")
    if not bad:
        raise Undefined("no event followed within the horizon: there is nothing to catch")
    caught = flagged[flagged["hit"]].groupby("customer_id")["ahead"].max()
    precision, base = float(flagged["hit"].mean()), float(frame["hit"].mean())
    return Evaluation(precision, base, precision / base, len(caught) / bad,
                      float(caught.median()) if len(caught) else float("nan"), len(flagged), int(bad))
