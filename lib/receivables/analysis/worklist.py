"""Collection worklist (催收清单): whom to act on today, why, and the best use of limited time.

:func:`rank` orders customers by rule and says the reason; :func:`plan` chooses actions under capacity, exactly
(a multiple-choice knapsack solved by scipy's MILP, HiGHS). No standard exists for the weights; they are policy.
The ladder apply cash > resolve dispute > escalate > call follows an open wholesale tool kit; ABC: concentration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field, model_validator
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from receivables.analysis._frames import dates, day, one_currency, require
from receivables.analysis._numbers import number, share, vector
from receivables.content import Content
from receivables.errors import Undefined

ActionId = Literal["apply_cash", "resolve_dispute", "escalate", "call", "remind", "hold"]
ACTIONS: tuple[ActionId, ...] = ("apply_cash", "resolve_dispute", "escalate", "call", "remind", "hold")
_REASONS = ("overdue", "oldest", "disputed", "unapplied", "broken", "high_risk", "coming", "held")


class WorklistPolicy(Content):
    """What data/worklist.yaml fills: weights, thresholds, and the words of actions and reasons.

    ``age_weights`` first day past due -> weight; ``dispute_weight`` how much of a disputed amount is no call's
    business; ``escalate_broken`` promises broken; ``escalate_days`` past due with high risk; ``remind_days``
    before due. ``reasons`` are sentences with ``{amount}``, ``{days}`` or ``{count}``.
    """

    status: Literal["house"]
    age_weights: dict[Annotated[int, Field(ge=1)], Annotated[float, Field(ge=0)]]
    dispute_weight: Annotated[float, Field(ge=0, le=1)]
    escalate_broken: Annotated[int, Field(ge=1)]
    escalate_days: Annotated[int, Field(ge=1)]
    remind_days: Annotated[int, Field(ge=0)]
    actions: dict[ActionId, str]
    reasons: dict[str, str]

    @model_validator(mode="after")
    def _complete(self):
        if 1 not in self.age_weights:
            raise ValueError("age_weights must begin at day 1 past due")
        for name, given, needed in (("actions", self.actions, ACTIONS), ("reasons", self.reasons, _REASONS)):
            if set(given) != set(needed):
                raise ValueError(f"{name} must be exactly {', '.join(needed)}")
        return self


def _of(values: pd.Series | None, index: pd.Index, name: str) -> np.ndarray:
    """Customer -> amount or count, 0 where not given."""
    if values is None:
        return np.zeros(len(index))
    given = values.rename(str).reindex(index).fillna(0).astype(float)
    return vector(name, given, least=0)


def rank(items: pd.DataFrame, as_of: object, policy: WorklistPolicy, *, disputed: pd.Series | None = None,
         unapplied: pd.Series | None = None, broken: pd.Series | None = None, high_risk: pd.Index | None = None,
         hold: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Ranked worklist (催收清单): past due x age weight - disputed - unapplied, with an action and reasons.

    ``priority = sum of past due * weight of its age - dispute_weight * disputed - unapplied``, never below 0. The
    disputed amount carries the customer's mean age weight. The action is the first that applies of: **hold** (given by
    the caller: a plan being kept, a pause agreed), **apply_cash** (unapplied money covers all that is overdue: our
    homework, not his), **resolve_dispute** (half of the overdue or more is disputed), **escalate** (broken
    promises, or long overdue with high risk), **call** (anything overdue), **remind** (due within
    ``remind_days``).

    Parameters
    ----------
    items : open items: ``customer_id``, ``due``, ``open_amount``; credits (negative) are left out: pass
        them with ``unapplied``
    as_of : date; due that day is not overdue
    policy : weights, thresholds and words
    disputed, unapplied, broken : customer_id -> overdue amount in dispute, unapplied cash and credits, promises
        broken in the last 90 days
    high_risk : customer ids of high risk
    hold : customer_id -> why nobody chases (shown, ranked last)

    Returns
    -------
    DataFrame, rank from 1: ``rank``, ``customer_id``, ``action``, ``priority``, ``overdue``, ``oldest_days``,
    ``coming`` (due within remind_days), ``reasons`` (one string). Customers with nothing overdue or
    coming are left out. Order: held last, then priority, overdue, oldest_days, falling, then coming,
    then customer_id: the same data give the same list in any order of rows.

    Raises
    ------
    ValueError
        Missing columns or due dates, several currencies, negative inputs.

    Examples
    --------
    >>> policy = WorklistPolicy.model_construct(age_weights={1: 1.0, 31: 2.0}, dispute_weight=0.75, remind_days=3,
    ...     escalate_broken=2, escalate_days=91, actions=dict.fromkeys(ACTIONS, "…"), reasons={
    ...     "overdue": "逾期 {amount}", "oldest": "最久 {days} 天", "broken": "失约 {count} 次"})
    >>> items = pd.DataFrame({"customer_id": ["C1", "C2"], "open_amount": [500.0, 400.0],
    ...                       "due": pd.to_datetime(["2026-06-20", "2026-05-20"])})
    >>> work = rank(items, "2026-06-30", policy, broken=pd.Series({"C2": 2}))
    >>> work[["customer_id", "action", "priority", "reasons"]]
      customer_id    action  priority                  reasons
    0          C2  escalate     800.0  逾期 400；最久 41 天；失约 2 次
    1          C1      call     500.0         逾期 500；最久 10 天
    """
    require(items, "items", "customer_id", "due", "open_amount")
    one_currency(items)
    if items["due"].isna().any():
        raise ValueError(f"{items['due'].isna().sum()} items have no due date: settle that at import, never guess it")
    late = (day(as_of) - dates(items, "due")).dt.days.to_numpy()
    amount = np.maximum(items["open_amount"].to_numpy(dtype=float), 0.0)
    past, soon = (late > 0) & (amount > 0), (late <= 0) & (late >= -policy.remind_days) & (amount > 0)
    starts = np.array(sorted(policy.age_weights))
    weights = np.array([policy.age_weights[start] for start in starts])
    weight = weights[np.maximum(np.searchsorted(starts, late, side="right") - 1, 0)]
    frame = pd.DataFrame({
        "overdue": np.where(past, amount, 0.0), "weighted": np.where(past, amount * weight, 0.0),
        "oldest_days": np.where(past, late, 0), "coming": np.where(soon, amount, 0.0),
    }).groupby(items["customer_id"].astype(str).to_numpy()).agg(
        {"overdue": "sum", "weighted": "sum", "oldest_days": "max", "coming": "sum"})
    frame = frame[(frame["overdue"] > 0) | (frame["coming"] > 0)]
    frame.index.name = "customer_id"
    contested = np.minimum(_of(disputed, frame.index, "disputed"), frame["overdue"])
    cash, failed = _of(unapplied, frame.index, "unapplied"), _of(broken, frame.index, "broken")
    risky = frame.index.isin([] if high_risk is None else high_risk.astype(str))
    held = frame.index.map(lambda one: (hold or {}).get(one, ""))
    mean_weight = np.divide(frame["weighted"], frame["overdue"], out=np.zeros(len(frame)), where=frame["overdue"] > 0)
    frame["priority"] = np.maximum(frame["weighted"] - policy.dispute_weight * mean_weight * contested - cash, 0.0)
    overdue = frame["overdue"] > 0
    frame["action"] = np.select([
        held != "",
        overdue & (cash >= frame["overdue"]),
        overdue & (contested >= frame["overdue"] / 2),
        overdue & ((failed >= policy.escalate_broken) | (risky & (frame["oldest_days"] >= policy.escalate_days))),
        overdue,
    ], ["hold", "apply_cash", "resolve_dispute", "escalate", "call"], "remind")
    frame["reasons"] = [_sentence(policy.reasons, row) for row in zip(
        frame["overdue"], frame["oldest_days"], contested, cash, failed, risky & overdue, frame["coming"], held,
        strict=True)]
    frame["held"] = held != ""
    frame = frame.reset_index().sort_values(
        ["held", "priority", "overdue", "oldest_days", "coming", "customer_id"],
        ascending=[True, False, False, False, False, True], ignore_index=True)
    frame.insert(0, "rank", np.arange(1, len(frame) + 1))
    return frame[["rank", "customer_id", "action", "priority", "overdue", "oldest_days", "coming", "reasons"]]


def _sentence(words: Mapping[str, str], row: tuple) -> str:
    overdue, oldest, disputed, unapplied, broken, risky, coming, held = row
    facts = (("held", bool(held), {"why": held}), ("overdue", overdue > 0, {"amount": overdue}),
             ("oldest", oldest > 0, {"days": oldest}), ("disputed", disputed > 0, {"amount": disputed}),
             ("unapplied", unapplied > 0, {"amount": unapplied}), ("broken", broken > 0, {"count": broken}),
             ("high_risk", bool(risky), {}), ("coming", coming > 0, {"amount": coming}))
    return "；".join(words[name].format(**{key: value if isinstance(value, str) else f"{value:,.0f}"
                                          for key, value in values.items()})
                    for name, holds, values in facts if holds)


def expected_value(amount: float, *, p_act: float, p_not: float, cost: float = 0.0) -> float:
    """Expected value of acting (行动的期望价值): ``amount * (p_act - p_not) - cost``.

    What counts is the *difference* a call makes: a customer who pays anyway is worth no call. The probabilities
    come from your own history or from judgement; no published table exists. ``p_act`` below ``p_not`` is allowed
    (some calls do harm) and gives a negative value.

    Raises ValueError for shares outside 0 to 1 or a negative amount or cost.

    >>> expected_value(100_000, p_act=0.6, p_not=0.45, cost=200)
    14800.0
    """
    gain = number("amount", amount, least=0) * (share("p_act", p_act) - share("p_not", p_not))
    return round(gain, 9) - number("cost", cost, least=0)


class Plan(NamedTuple):
    """``chosen`` rows of the options; their total ``value``; ``used`` of each resource; ``left_out`` customers."""

    chosen: pd.DataFrame
    value: float
    used: dict[str, float]
    left_out: list[str]


def plan(options: pd.DataFrame, capacity: Mapping[str, float]) -> Plan:
    """Best use of limited time (最优催收安排): at most one action a customer, total value as high as it can be.

    An exact optimum, not a ranking: the best list of the day is not always the top of the list (one long visit may
    push out three good calls).

    Parameters
    ----------
    options : one row a possible action: ``customer_id``, ``action``, ``value`` (see :func:`expected_value`), one
        column for each resource it uses; optionally ``forced`` (bool): taken whatever its value
    capacity : resource -> available, such as ``{"minutes": 420, "visits": 2}``

    Returns
    -------
    Plan; rows by value falling, ties by customer_id. An option of value 0 or less is never chosen unless forced.

    Raises
    ------
    ValueError
        Missing columns, missing or negative resources, two rows for one customer and action, two forced
        actions for one customer.
    Undefined
        The forced actions alone exceed a capacity.

    Notes
    -----
    Several optima may exist; which one comes back depends on the options and not on the order of rows. The
    gap is set to 0 (the solver's own default stops within 0.01 %).

    Examples
    --------
    >>> options = pd.DataFrame({"customer_id": ["C1", "C1", "C2", "C3"], "action": ["call", "visit", "call", "call"],
    ...                         "value": [50.0, 90.0, 40.0, 30.0], "minutes": [10, 60, 10, 10]})
    >>> best = plan(options, {"minutes": 60})
    >>> best.chosen[["customer_id", "action"]].values.tolist(), best.value
    ([['C1', 'call'], ['C2', 'call'], ['C3', 'call']], 120.0)
    """
    require(options, "options", "customer_id", "action", "value", *capacity)
    if options.duplicated(["customer_id", "action"]).any():
        raise ValueError("two options for one customer and one action: keep one")
    rows = options.assign(customer_id=options["customer_id"].astype(str)).sort_values(
        ["customer_id", "action"], ignore_index=True)
    value = vector("value", rows["value"])
    available = {name: number(name, limit, least=0) for name, limit in capacity.items()}
    needs = np.array([vector(name, rows[name], least=0) for name in available]).reshape(len(available), len(rows))
    forced = rows["forced"].to_numpy(dtype=bool) if "forced" in rows else np.zeros(len(rows), bool)
    must = rows.loc[forced, "customer_id"]
    if must.duplicated().any():
        raise ValueError(f"two forced actions for {must[must.duplicated()].iat[0]}: force one")
    for (name, limit), need in zip(available.items(), needs[:, forced].sum(axis=1), strict=True):
        if need > limit * (1 + 1e-9):
            raise Undefined(f"forced actions need {need:g} {name}, only {limit:g} are there: "
                            "no plan exists, force fewer or find more time")
    eligible = np.flatnonzero((value > 0) | forced)
    picked = eligible[_solve(value[eligible], needs[:, eligible], np.array(list(available.values())),
                             pd.factorize(rows["customer_id"].to_numpy()[eligible])[0], forced[eligible])]
    chosen = rows.iloc[picked].sort_values(["value", "customer_id"], ascending=[False, True], ignore_index=True)
    return Plan(chosen, float(value[picked].sum()), dict(zip(available, needs[:, picked].sum(axis=1).tolist(),
                                                             strict=True)),
                sorted(set(rows["customer_id"]) - set(chosen["customer_id"])))


def _solve(value: np.ndarray, needs: np.ndarray, limits: np.ndarray, customer: np.ndarray,
           forced: np.ndarray) -> np.ndarray:
    """Positions of the optimum: maximise value, resources within limits, one action a customer."""
    size = len(value)
    if not size:
        return np.zeros(0, dtype=int)
    one_each = csr_array((np.ones(size), (customer, np.arange(size))))
    constraints = [LinearConstraint(one_each, ub=1)]
    if len(limits):
        constraints.append(LinearConstraint(csr_array(needs), ub=limits))
    result = milp(-value, integrality=np.ones(size), bounds=Bounds(forced.astype(float), 1),
                  constraints=constraints, options={"mip_rel_gap": 0})
    if result.status != 0:
        raise RuntimeError(f"the solver found no optimum: {result.message}")
    return np.flatnonzero(result.x > 0.5)
