"""Migration: rows that sum to 1, ladders that are refused, cohorts that are not old yet."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import migration

BUCKETS = ["current", "1-30", "31-60", "61+"]
ALL = [*BUCKETS, "paid", "written_off"]


def table(states, balances, index=None):
    return pd.DataFrame({"state": pd.Categorical(states, ALL), "balance": np.array(balances, dtype=float)}, index=index)


accounts = st.lists(st.tuples(st.sampled_from(BUCKETS), st.integers(0, 1000), st.sampled_from(ALL), st.floats(0, 1),
                              st.booleans()), min_size=1, max_size=30)


@settings(max_examples=40)
@given(accounts)
def test_roll_rates_rows_sum_to_one_and_money_is_conserved(rows):
    before = table([row[0] for row in rows], [row[1] for row in rows])
    stay = [position for position, row in enumerate(rows) if row[4]]
    after = table([rows[p][2] for p in stay], [rows[p][1] * rows[p][3] for p in stay], index=stay)
    rates = migration.roll_rates(before, after)
    start = before.groupby("state", observed=False)["balance"].sum()[BUCKETS]
    assert rates.loc[start == 0].isna().all(axis=None)
    assert np.allclose(rates.loc[start > 0].sum(axis=1), 1) and (rates.loc[start > 0] >= 0).all(axis=None)
    left = after.loc[after["state"] != "paid"].groupby("state", observed=False)["balance"].sum()
    flow = rates.mul(start, axis=0).fillna(0).sum()
    assert np.allclose(flow[[*BUCKETS, "written_off"]], left[[*BUCKETS, "written_off"]], atol=1e-6)
    counts = migration.roll_rates(before["state"], after["state"], unit="account")
    assert np.allclose(counts.dropna().sum(axis=1), 1)


@settings(max_examples=40)
@given(accounts, st.randoms())
def test_roll_rates_do_not_depend_on_the_order_of_rows(rows, random):
    before = table([row[0] for row in rows], [row[1] for row in rows])
    after = table([row[2] for row in rows], [row[1] * row[3] for row in rows])
    order = list(range(len(rows)))
    random.shuffle(order)
    same_rows = migration.roll_rates(before, after)
    pd.testing.assert_frame_equal(same_rows, migration.roll_rates(before, after.iloc[order]), rtol=1e-9, atol=1e-12)
    text = [side.astype({"state": "str"}) for side in (before, after)]
    pd.testing.assert_frame_equal(same_rows, migration.roll_rates(*text, states=ALL), rtol=1e-9, atol=1e-12)


def test_blocks_leave_no_seam(monkeypatch):
    before = table(BUCKETS * 3, [100] * 12)
    after = table(BUCKETS[::-1] * 3, range(12))
    whole = migration.roll_rates(before, after)
    monkeypatch.setattr("receivables.analysis.rolling._BLOCK", 5)
    pd.testing.assert_frame_equal(migration.roll_rates(before, after), whole)


def test_balances_and_accounts_answer_different_questions():
    before = table(["1-30", "1-30"], [900, 100], index=["big", "small"])
    after = table(["31-60"], [900], index=["big"])
    assert migration.roll_rates(before, after).loc["1-30", "31-60"] == 0.9
    assert migration.roll_rates(before, after, unit="account").loc["1-30", "31-60"] == 0.5


def test_one_account_may_split():
    before = table(["1-30"], [100], index=["a"])
    after = table(["31-60", "written_off"], [60, 30], index=["a", "a"])
    rates = migration.roll_rates(before, after).loc["1-30"]
    assert rates[["31-60", "written_off", "paid"]].tolist() == pytest.approx([0.6, 0.3, 0.1])
    with pytest.raises(ValueError, match="after names an account twice"):
        migration.roll_rates(before["state"], after["state"], unit="account")


@pytest.mark.parametrize("index", [["a", "b"], ["b", "a"]])
def test_new_business_is_not_migration(index):
    before = table(["1-30", "1-30"], [100, 100], index=["a", "b"])
    after = table(["31-60", "31-60"], [150, 40], index=index)
    grown = migration.roll_rates(before, after)
    assert grown.loc["1-30", "31-60"] == pytest.approx(0.7) and grown.attrs["capped"] == [index[0]]
    new = migration.roll_rates(before, table(["31-60"] * 2, [40, 500], index=["b", "new"]))
    assert new.loc["1-30", "31-60"] == pytest.approx(0.2) and new.attrs["capped"] == []


def test_a_paid_row_is_paid_whatever_amount_stands_in_it():
    before = table(["1-30"], [100], index=["a"])
    rates = migration.roll_rates(before, table(["paid"], [120], index=["a"]))
    assert rates.loc["1-30", "paid"] == 1 and rates.attrs["capped"] == []


def test_an_empty_bucket_is_named():
    rates = migration.roll_rates(table(["1-30"], [5]), table(["paid"], [0]))
    assert rates.attrs["undefined"] == [f"{name}: nothing was in it before" for name in ("current", "31-60", "61+")]


def test_text_states_that_only_turn_up_later_get_a_row_and_a_column():
    before = pd.Series(["a", "b"], index=[1, 2])
    rates = migration.roll_rates(before, pd.Series(["b", "c"], index=[1, 2]), unit="account")
    assert rates.index.tolist() == ["a", "b", "c"] and rates.loc["b", "c"] == 1 and rates.loc["c"].isna().all()


@pytest.mark.parametrize("change, message", [
    (lambda b, a: (pd.concat([b, b]), a), "twice"),
    (lambda b, a: (b.assign(balance=-1.0), a), "negative or missing"),
    (lambda b, a: (b, a.assign(balance=np.nan)), "negative or missing"),
    (lambda b, a: (b["state"], a["state"]), "lacks the column balance"),
    (lambda b, a: (b.drop(columns="state"), a), "lacks the column state"),
    (lambda b, a: (b, a.assign(state=pd.Categorical([None], ALL))), "lacks a state"),
])
def test_roll_rate_refusals(change, message):
    before, after = table(["1-30"], [5]), table(["31-60"], [5])
    with pytest.raises(ValueError, match=message):
        migration.roll_rates(*change(before, after))


def test_unknown_states_and_units_are_refused():
    before, after = table(["1-30"], [5]), table(["31-60"], [5])
    with pytest.raises(ValueError, match="'31-60', which is none of"):
        migration.roll_rates(before, after, states=["1-30"])
    with pytest.raises(ValueError, match="unit"):
        migration.roll_rates(before, after, unit="amount")


panels = st.integers(2, 5).flatmap(lambda months: st.lists(
    st.lists(st.integers(-1, 3), min_size=months, max_size=months), min_size=1, max_size=20))


@given(panels)
def test_panel_against_counting_by_hand(panel):
    codes = np.array(panel)
    pooled = migration.transition_matrix(codes, states=BUCKETS)
    apart = migration.transition_matrix(codes, states=BUCKETS, by_interval=True)
    counts = np.zeros((codes.shape[1] - 1, 4, 4))
    for row in panel:
        for month, (here, there) in enumerate(zip(row, row[1:], strict=False)):
            if here >= 0 and there >= 0:
                counts[month, here, there] += 1
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(apart, counts / counts.sum(axis=2, keepdims=True))
        total = counts.sum(axis=0)
        np.testing.assert_allclose(pooled, total / total.sum(axis=1, keepdims=True))
    seen = ~np.isnan(pooled).any(axis=1)
    assert np.allclose(pooled[seen].sum(axis=1), 1)


def test_panel_refusals():
    for codes in (np.array([[0], [1]]), np.array([[0.0, 1.0]]), np.array([0, 1])):
        with pytest.raises(ValueError, match="accounts x months"):
            migration.transition_matrix(codes, states=BUCKETS)
    for codes in ([[0, 4]], [[-2, 0]]):
        with pytest.raises(ValueError, match="codes run from -1 to 3"):
            migration.transition_matrix(np.array(codes), states=BUCKETS)


chains = st.integers(1, 4).flatmap(lambda size: st.lists(
    st.lists(st.integers(1, 9), min_size=size + 2, max_size=size + 2), min_size=size, max_size=size))


@given(chains)
def test_absorption_rows_sum_to_one_and_money_is_kept(weights):
    chain = np.array(weights, dtype=float)
    chain /= chain.sum(axis=1, keepdims=True)
    size = len(chain)
    balance = np.arange(1, size + 1) * 100.0
    result = migration.absorb(chain[:, :size], chain[:, size:], balance=balance)
    assert np.allclose(result.B.sum(axis=1), 1) and result.expected.sum() == pytest.approx(balance.sum())
    assert np.allclose(result.N @ (np.eye(size) - chain[:, :size]), np.eye(size))
    assert (result.periods >= 1).all()
    # the long way: many single steps
    state, ends = balance.copy(), np.zeros(2)
    for _ in range(2000):
        ends, state = ends + state @ chain[:, size:], state @ chain[:, :size]
    assert result.expected == pytest.approx(ends, abs=1e-6)


def test_a_class_may_reach_its_end_through_others():
    result = migration.absorb([[0, 1, 0], [0, 0, 1], [0, 0, 0.5]], [[0, 0], [0, 0], [0.4, 0.1]], balance=[100, 0, 0])
    assert result.expected.tolist() == pytest.approx([80, 20]) and result.periods[0] == pytest.approx(4)


def test_all_cured_loses_nothing():
    result = migration.absorb([[0.3, 0.2], [0.1, 0.4]], [[0.5, 0], [0.5, 0]], balance=[10, 20])
    assert result.expected[1] == 0


def test_absorption_refusals():
    with pytest.raises(Undefined, match="class 1 leads to no end"):
        migration.absorb([[0.5, 0.0], [0.0, 1.0]], [[0.5], [0.0]])
    with pytest.raises(ValueError, match="row 0 .* sums to 0.9"):
        migration.absorb([[0.4]], [[0.5]])
    with pytest.raises(ValueError, match="percentages"):
        migration.absorb([[40]], [[60]])
    with pytest.raises(ValueError, match="n x n"):
        migration.absorb([[0.4, 0.6]], [[0.5]])
    with pytest.raises(ValueError, match="2 entries, 1 expected"):
        migration.absorb([[0.5]], [[0.5]], balance=[1, 2])


def test_flow_rate_counts_write_offs_as_told():
    figures = dict(opening=100, next_bucket=60, written_off=10)
    assert migration.flow_rate(**figures) == pytest.approx(0.7)
    assert migration.flow_rate(**figures, count_write_off=False) == pytest.approx(0.6)
    with pytest.raises(Undefined, match="opening bucket is 0"):
        migration.flow_rate(opening=0, next_bucket=0)
    with pytest.raises(Undefined, match="came from elsewhere"):
        migration.flow_rate(opening=100, next_bucket=95, written_off=6)
    assert migration.flow_rate(opening=100, next_bucket=95, written_off=5) == 1
    with pytest.raises(ValueError):
        migration.flow_rate(opening=-1, next_bucket=0)


def history(*rows, columns=("current", "1-30", "31-60", "61+")):
    return pd.DataFrame(rows, columns=list(columns), index=range(len(rows)), dtype=float)


def test_flow_table_by_hand():
    rates = migration.flow_rates(history([100, 50, 20, 10], [120, 40, 30, 21], [90, 60, 10, 17]),
                                 edges=(0, 30, 60), step=30)
    assert rates.by_step.loc[1].tolist() == pytest.approx([40 / 100, 30 / 50, 21 / 30])
    assert rates.by_step.loc[2].tolist() == pytest.approx([60 / 120, 10 / 40, 17 / 51])
    assert rates.average("simple").tolist() == pytest.approx([(0.4 + 0.5) / 2, (0.6 + 0.25) / 2, (0.7 + 1 / 3) / 2])
    assert rates.average("pooled").tolist() == pytest.approx([100 / 220, 40 / 90, 38 / 81])


def test_write_offs_are_added_back_also_in_the_last_bucket():
    table_of = history([100, 50, 20, 10], [120, 40, 30, 21])
    lost = history([0, 5, 2, 4]).set_axis([1])
    both = [migration.flow_rates(table_of, edges=(0, 30, 60), step=30, written_off=lost, count_write_off=count)
            .by_step.loc[1].tolist() for count in (True, False)]
    assert both[0] == pytest.approx([0.4, 35 / 50, (21 + 2 + 4) / 30])
    assert both[1] == pytest.approx([0.4, 0.6, 0.7])
    with pytest.raises(ValueError, match="written_off has the columns"):
        migration.flow_rates(table_of, edges=(0, 30, 60), step=30, written_off=lost.set_axis([0]))


def test_flow_table_flags_what_it_caps_and_what_it_leaves_out():
    rates = migration.flow_rates(history([0, 50, 20, 10], [120, 60, 60, 21]), edges=(0, 30, 60), step=30)
    assert rates.by_step.isna().loc[1].tolist() == [True, False, False]
    assert rates.by_step.loc[1, "1-30"] == 1
    assert rates.by_step.attrs["undefined"] == ["1, current: the opening bucket is 0"]
    assert len(rates.by_step.attrs["capped"]) == 1 and "1-30" in rates.by_step.attrs["capped"][0]
    for how in ("simple", "pooled"):
        average = rates.average(how)
        assert np.isnan(average["current"]) and average.attrs["undefined"]
        with pytest.raises(Undefined, match="flow rate 0"):
            migration.loss_rates(average)
    with pytest.raises(ValueError, match="how"):
        rates.average("median")


@pytest.mark.parametrize("edges, step", [((1, 3, 6), 1), ((0, 30, 90), 30), ((30, 60, 90), 365), ((0, 30, 60), 31),
                                         ((3, 15, 30), 30)])
def test_buckets_that_are_not_one_step_wide_are_refused(edges, step):
    with pytest.raises(ValueError, match="no flow rate"):
        migration.flow_rates(history([1, 1, 1, 1], [1, 1, 1, 1]), edges=edges, step=step)


def test_flow_refusals():
    good = history([1, 1, 1, 1], [1, 1, 1, 1])
    for call, message in (
            (lambda: migration.flow_rates(good, edges=(30, 60), step=30), "3 edges"),
            (lambda: migration.flow_rates(good.iloc[:1], edges=(0, 30, 60), step=30), "two dates"),
            (lambda: migration.flow_rates(-good, edges=(0, 30, 60), step=30), "合同负债"),
            (lambda: migration.flow_rates(good, edges=(0, 30, 60), step=0), "step")):
        with pytest.raises(ValueError, match=message):
            call()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0, 1))
def test_loss_rates_rise_with_age_and_chain(rates, last):
    losses = migration.loss_rates(rates, last_loss=last)
    assert len(losses) == len(rates) + 1 and losses[-1] == last
    assert (np.diff(losses) >= -1e-15).all()
    assert np.allclose(losses[:-1], np.array(rates) * losses[1:])


items = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 1000), st.none() | st.integers(0, 200)),
                 min_size=1, max_size=25)
JAN = pd.Timestamp("2026-01-01")


def invoices(rows):
    return pd.DataFrame({
        "issued": [JAN + pd.Timedelta(days=day) for day, _, _ in rows],
        "amount": [float(amount) for _, amount, _ in rows],
        "bad_on": pd.to_datetime([None if wait is None else JAN + pd.Timedelta(days=day + wait)
                                  for day, _, wait in rows])})


@settings(max_examples=40)
@given(items)
def test_vintages_are_cumulative_and_stop_where_the_cohort_does(rows):
    as_of = pd.Timestamp("2026-12-31")
    result = migration.vintages(invoices(rows), as_of)
    curve = result.table
    last = as_of.to_period("M")
    for cohort, line in curve.iterrows():
        reached = (last - cohort).n
        assert line[:reached].notna().all() and line[reached + 1:].isna().all()
        seen = line.dropna()
        assert seen.is_monotonic_increasing and (seen >= 0).all() and (seen <= 1 + 1e-12).all()
        mine = invoices(rows).query("issued.dt.to_period('M') == @cohort")
        bad = mine.loc[mine["bad_on"] <= as_of, "amount"].sum() / mine["amount"].sum()
        assert seen.iloc[-1] == pytest.approx(bad)
    assert len(curve.attrs["undefined"]) == curve.isna().any(axis=1).sum()


def test_averages_take_mature_cohorts_only():
    rows = [(0, 100, 40), (31, 300, None), (59, 600, 5)]  # January, February, March
    result = migration.vintages(invoices(rows), "2026-03-31")
    assert result.table.loc["2026-03"].tolist()[:1] == [1.0]
    assert result.average(0).tolist() == pytest.approx([600 / 1000])
    assert result.average(1).tolist() == pytest.approx([0, 100 / 400])  # March left out at age 0 too
    assert result.average(2).tolist() == pytest.approx([0, 1, 1])
    with pytest.raises(Undefined, match="3 months old"):
        result.average(3)


def test_a_month_counts_when_it_is_complete():
    rows = [(0, 100, 40), (31, 300, None)]
    assert migration.vintages(invoices(rows), "2026-02-27").table.shape == (1, 1)
    assert migration.vintages(invoices(rows), "2026-02-28").table.shape == (2, 2)
    with pytest.raises(Undefined, match="no month is complete"):
        migration.vintages(invoices(rows[:1]), "2026-01-30")


def test_vintage_part_amounts_and_refusals():
    frame = invoices([(0, 100, 10)])
    assert migration.vintages(frame.assign(bad_amount=25.0), "2026-01-31").table.iloc[0, 0] == 0.25
    for change, message in ((dict(bad_amount=101.0), "合同负债"), (dict(amount=-1.0), "合同负债"),
                            (dict(bad_on=pd.Timestamp("2025-12-31")), "bad before"), (dict(issued=pd.NaT), "guessed")):
        with pytest.raises(ValueError, match=message):
            migration.vintages(frame.assign(**change), "2026-01-31")
    with pytest.raises(ValueError, match="bad_on"):
        migration.vintages(frame.drop(columns="bad_on"), "2026-01-31")


def test_crossing_ninety_days_follows_end_of_day():
    due = pd.Series(pd.to_datetime(["2026-01-01"] * 4))
    cleared = pd.Series(pd.to_datetime(["2026-04-01", "2026-04-02", "2026-04-03", None]))
    # day 90 is April 1; at the end of April 2 an open invoice is 91 days late
    crossed = migration.crossed_on(due, cleared, "2026-04-02")
    assert crossed.isna().tolist() == [True, True, False, False]
    assert (crossed.dropna() == pd.Timestamp("2026-04-02")).all()
    assert migration.crossed_on(due, cleared, "2026-04-01").isna().all()
    with pytest.raises(ValueError, match="guessed"):
        migration.crossed_on(pd.Series([pd.NaT]), pd.Series([pd.NaT]), "2026-04-02")


@given(st.lists(st.lists(st.integers(-30, 200), min_size=4, max_size=4), min_size=1, max_size=10))
def test_ever_never_forgets(panel):
    marked = migration.ever(np.array(panel))
    for row, line in zip(panel, marked, strict=True):
        assert line.tolist() == [max(row[: month + 1]) > 90 for month in range(4)]
