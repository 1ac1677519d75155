from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables import Undefined, content, paths
from receivables.analysis import worklist
from receivables.analysis.worklist import WorklistPolicy

POLICY = content.load(paths.data("worklist.yaml"), WorklistPolicy)
DAY = pd.Timestamp("2026-06-30")


def items(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "late", "open_amount"])
    return frame.assign(due=DAY - pd.to_timedelta(frame.pop("late"), unit="D"))


def test_priority_by_hand():
    rows = items(("A", 10, 100.0), ("A", 31, 100.0), ("A", 0, 500.0), ("B", 91, 50.0), ("B", 90, 50.0))
    table = worklist.rank(rows, DAY, POLICY, disputed=pd.Series({"A": 40.0}), unapplied=pd.Series({"A": 30.0}))
    table = table.set_index("customer_id")
    # A: 100 x 1.0 + 100 x 1.5 = 250; 0.75 of the 40 disputed at the mean weight 1.25; 30 unapplied
    assert table.loc["A", "priority"] == pytest.approx(250 - 0.75 * 1.25 * 40 - 30)
    assert table.loc["B", "priority"] == pytest.approx(50 * 3.0 + 50 * 2.0)
    assert table.loc["A", "overdue"] == 200 and table.loc["A", "coming"] == 500 and table.loc["A", "oldest_days"] == 31


@pytest.mark.parametrize(("late", "options", "action"), [
    (10, {}, "call"),
    (10, {"unapplied": 100.0}, "apply_cash"),
    (10, {"unapplied": 99.0}, "call"),
    (10, {"disputed": 50.0}, "resolve_dispute"),
    (10, {"disputed": 49.0}, "call"),
    (10, {"disputed": 50.0, "unapplied": 100.0}, "apply_cash"),
    (10, {"broken": 2}, "escalate"),
    (10, {"broken": 1}, "call"),
    (91, {"high_risk": True}, "escalate"),
    (90, {"high_risk": True}, "call"),
    (0, {}, "remind"),
    (-7, {}, "remind"),
    (10, {"hold": "分期在按时还", "broken": 5}, "hold"),
])
def test_action_ladder(late, options, action):
    given = {name: pd.Series({"C1": float(value)}) for name, value in options.items()
             if name in ("unapplied", "disputed", "broken")}
    if "hold" in options:
        given["hold"] = {"C1": options["hold"]}
    if "high_risk" in options:
        given["high_risk"] = pd.Index(["C1"])
    table = worklist.rank(items(("C1", late, 100.0)), DAY, POLICY, **given)
    assert table["action"].tolist() == [action]
    assert set(table["action"]) <= set(POLICY.actions)


def test_reasons_are_sentences_from_the_policy():
    table = worklist.rank(items(("C1", 45, 120000.0)), DAY, POLICY, broken=pd.Series({"C1": 2}),
                          hold={"C1": "等验收"})
    assert table["reasons"].iat[0] == "先不催（等验收）；逾期 120,000 元；最久一笔晚了 45 天；近 90 天失约 2 次"


def test_due_later_than_the_window_or_in_credit_is_not_on_the_list():
    assert worklist.rank(items(("C1", -8, 100.0), ("C2", 50, -10.0)), DAY, POLICY).empty
    assert worklist.rank(items(), DAY, POLICY).empty


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(-20, 120), st.sampled_from([10.0, 20.0, -5.0])),
                min_size=1, max_size=20), st.randoms())
def test_order_of_rows_changes_nothing_and_ties_fall_to_the_id(rows, random):
    before = worklist.rank(items(*rows), DAY, POLICY)
    random.shuffle(rows)
    pd.testing.assert_frame_equal(before, worklist.rank(items(*rows), DAY, POLICY))
    assert before["rank"].tolist() == list(range(1, len(before) + 1))
    assert (before["priority"].diff().dropna() <= 1e-9).all()
    tied = before.groupby(["priority", "overdue", "oldest_days", "coming"])["customer_id"]
    assert all(group.is_monotonic_increasing for _, group in tied)


def test_held_customers_stand_last_and_stay_visible():
    rows = items(("A", 100, 900.0), ("B", 5, 10.0))
    table = worklist.rank(rows, DAY, POLICY, hold={"A": "争议处理中"})
    assert table["customer_id"].tolist() == ["B", "A"] and table["action"].iat[1] == "hold"


@pytest.mark.parametrize(("change", "message"), [
    (lambda f: f.drop(columns="due"), "lack the column"),
    (lambda f: f.assign(due=pd.NaT), "no due date"),
    (lambda f: f.assign(currency=["CNY", "USD"]), "never added"),
])
def test_rank_refusals(change, message):
    with pytest.raises(ValueError, match=message):
        worklist.rank(change(items(("A", 1, 10.0), ("B", 1, 10.0))), DAY, POLICY)


def test_expected_value_is_the_difference_a_call_makes():
    assert worklist.expected_value(1000, p_act=0.9, p_not=0.9, cost=5) == -5
    assert worklist.expected_value(1000, p_act=0.2, p_not=0.5) == -300
    with pytest.raises(ValueError, match="divide percentages"):
        worklist.expected_value(1000, p_act=60, p_not=45)


options = st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from(["call", "visit", "letter"]),
                             st.integers(-5, 30), st.integers(0, 12), st.integers(0, 2)),
                   max_size=9, unique_by=lambda row: row[:2])


def best_by_trying_all(frame, minutes, visits):
    best = 0.0
    for taken in product([False, True], repeat=len(frame)):
        chosen = frame[np.array(taken, dtype=bool)]
        if (not chosen["customer_id"].duplicated().any() and chosen["minutes"].sum() <= minutes
                and chosen["visits"].sum() <= visits):
            best = max(best, chosen["value"].sum())
    return best


@settings(max_examples=40)
@given(options, st.integers(0, 30), st.integers(0, 3))
def test_plan_is_the_optimum(rows, minutes, visits):
    frame = pd.DataFrame(rows, columns=["customer_id", "action", "value", "minutes", "visits"])
    found = worklist.plan(frame, {"minutes": minutes, "visits": visits})
    assert found.value == pytest.approx(best_by_trying_all(frame, minutes, visits), abs=1e-6)
    assert found.chosen["value"].sum() == pytest.approx(found.value)
    assert found.used["minutes"] <= minutes + 1e-6 and found.used["visits"] <= visits + 1e-6
    assert not found.chosen["customer_id"].duplicated().any()
    assert set(found.left_out) | set(found.chosen["customer_id"]) == set(frame["customer_id"])
    turned = worklist.plan(frame.iloc[::-1], {"minutes": minutes, "visits": visits})
    pd.testing.assert_frame_equal(found.chosen, turned.chosen)


def many(size, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"customer_id": [f"C{n:04d}" for n in range(size)], "action": "call",
                         "value": np.round(rng.lognormal(6, 1, size), 2), "minutes": rng.integers(5, 40, size)})


def test_plan_beats_working_down_the_list_and_never_loses_with_more_time():
    frame, before = many(300), 0.0
    for minutes in (60, 240, 480, 2000):
        found = worklist.plan(frame, {"minutes": minutes})
        down = frame.sort_values(["value", "customer_id"], ascending=[False, True])
        greedy = down[down["minutes"].cumsum() <= minutes]["value"].sum()
        assert found.value >= max(greedy, before) - 1e-9
        before = found.value


def test_forced_actions_are_taken_whatever_they_cost():
    frame = pd.DataFrame({"customer_id": ["A", "B"], "action": "call", "value": [-3.0, 50.0], "minutes": [8, 5],
                          "forced": [True, False]})
    found = worklist.plan(frame, {"minutes": 10})
    assert found.chosen["customer_id"].tolist() == ["A"] and found.value == -3
    with pytest.raises(Undefined, match="forced actions need 8 minutes, only 5"):
        worklist.plan(frame, {"minutes": 5})


@pytest.mark.parametrize(("frame", "message"), [
    (pd.DataFrame({"customer_id": ["A", "A"], "action": "call", "value": 1.0, "minutes": 1}), "keep one"),
    (pd.DataFrame({"customer_id": ["A"], "action": "call", "value": [1.0]}), "lack the column"),
    (pd.DataFrame({"customer_id": ["A"], "action": "call", "value": [1.0], "minutes": [-1]}), "at least 0"),
    (pd.DataFrame({"customer_id": ["A", "A"], "action": ["call", "visit"], "value": 1.0, "minutes": 1,
                   "forced": True}), "two forced actions for A"),
])
def test_plan_refusals(frame, message):
    with pytest.raises(ValueError, match=message):
        worklist.plan(frame, {"minutes": 10})


def test_equal_customers_stand_by_id():
    table = worklist.rank(items(("B", 10, 50.0), ("C", 10, 50.0), ("A", 10, 50.0)), DAY, POLICY)
    assert table["customer_id"].tolist() == ["A", "B", "C"]


def knapsack(values, minutes, capacity):
    """Exact optimum for whole minutes, by dynamic programming."""
    best = np.zeros(capacity + 1)
    for value, need in zip(values, minutes, strict=True):
        best[need:] = np.maximum(best[need:], best[:capacity + 1 - need] + value)
    return best[-1]


@pytest.mark.parametrize("seed", range(4))
def test_plan_is_exact_where_a_gap_would_not_show(seed):
    """Values close to their minutes: many plans lie within 0.01 % of the best, only one of them is best."""
    rng = np.random.default_rng(seed)
    minutes = rng.integers(20, 400, 60)
    frame = pd.DataFrame({"customer_id": [f"C{n:02d}" for n in range(60)], "action": "call", "minutes": minutes,
                          "value": minutes + np.round(rng.random(60), 2)})
    best = knapsack(frame["value"], minutes, 2500)
    assert worklist.plan(frame, {"minutes": 2500}).value == pytest.approx(best, abs=1e-6)
