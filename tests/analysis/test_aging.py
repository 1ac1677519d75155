"""Aging: edges to the day, calendar ladders, control totals, shift."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined, content, paths
from receivables.analysis import aging

AS_OF = pd.Timestamp("2025-06-30")
BUCKETS = ["current", "1-30", "31-60", "61-90", "91+"]


def items_of(rows, unit="us"):
    """Rows of (customer, fen, days from AS_OF to due, days from AS_OF back to issue)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "fen", "due_in", "age"])
    return pd.DataFrame({
        "customer_id": pd.Categorical(frame["customer_id"]),
        "document_id": [f"D{i}" for i in range(len(frame))],
        "issued": (AS_OF - pd.to_timedelta(frame["age"], unit="D")).astype(f"datetime64[{unit}]"),
        "due": (AS_OF + pd.to_timedelta(frame["due_in"], unit="D")).astype(f"datetime64[{unit}]"),
        "open_amount": frame["fen"].astype("int64") / 100,
    })


rows = st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(-10**9, 10**10), st.integers(-400, 200),
                          st.integers(0, 900)), min_size=1, max_size=60)
ladders = st.one_of(
    st.lists(st.integers(1, 400), min_size=1, max_size=6, unique=True).map(lambda e: tuple(sorted(e))),
    st.sampled_from([aging.months(1, 3, 6, 12), aging.years(1, 2, 3, 4, 5), aging.months(1, 3, 6, 12, not_due=True),
                     aging.months(1, 3, basis="due"), aging.Ladder(edges=(30, 60), basis="issued")]))


def bucket_of(due, as_of=AS_OF, **options):
    issued = pd.to_datetime([options.pop("issued", due)])
    items = pd.DataFrame({"due": pd.to_datetime([due]), "issued": issued, "open_amount": [1.0]})
    row = aging.schedule(items, as_of, **options).loc["all"]
    return row[row == 1].index[0]


@pytest.mark.parametrize(("past_due", "bucket"), [
    (-1, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
    (90, "61-90"), (91, "91+"), (4000, "91+")])
def test_edges_are_inclusive_and_due_today_is_current(past_due, bucket):
    assert bucket_of(AS_OF - pd.Timedelta(days=past_due), issued="2010-01-01") == bucket


@pytest.mark.parametrize(("age", "bucket"), [(0, "0-30"), (30, "0-30"), (31, "31-60"), (90, "61-90"), (91, "91+")])
def test_age_from_invoice_date_has_no_current_bucket(age, bucket):
    assert bucket_of(AS_OF - pd.Timedelta(days=age), basis="issued") == bucket
    assert bucket_of(AS_OF - pd.Timedelta(days=age), basis="issue") == bucket


@pytest.mark.parametrize(("issued", "as_of", "bucket"), [
    ("2025-01-31", "2025-02-28", "0-1m"), ("2025-01-31", "2025-03-01", "1-3m"), ("2025-01-28", "2025-02-28", "0-1m"),
    ("2025-01-27", "2025-02-28", "1-3m"), ("2025-02-28", "2025-03-28", "0-1m"), ("2025-02-28", "2025-03-31", "1-3m"),
    ("2024-02-29", "2025-02-28", "6-12m"), ("2024-02-29", "2025-03-01", "12m+"), ("2023-02-28", "2024-02-28", "6-12m"),
    ("2023-02-28", "2024-02-29", "12m+"), ("2025-03-31", "2025-06-30", "1-3m"), ("2025-03-30", "2025-07-01", "3-6m"),
    ("2024-12-31", "2025-06-30", "3-6m"), ("2024-06-30", "2025-06-30", "6-12m"), ("2024-06-29", "2025-06-30", "12m+")])
def test_calendar_months_at_month_ends_and_leap_days(issued, as_of, bucket):
    assert bucket_of(issued, as_of, edges=aging.months(1, 3, 6, 12)) == bucket


@pytest.mark.parametrize(("issued", "as_of", "bucket"), [
    ("2024-02-29", "2025-02-28", "0-1y"), ("2024-02-29", "2025-03-01", "1-2y"), ("2023-03-01", "2024-03-01", "0-1y"),
    ("2023-03-01", "2024-03-02", "1-2y"), ("2020-06-30", "2025-06-30", "4-5y"), ("2020-06-29", "2025-06-30", "5y+")])
def test_years_end_on_the_anniversary(issued, as_of, bucket):
    assert bucket_of(issued, as_of, edges=aging.years(1, 2, 3, 4, 5)) == bucket


def months_after(day: date, count: int) -> date:
    """Independent reference: the same day ``count`` months on, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


@given(st.dates(date(2019, 1, 1), date(2025, 12, 31)), st.integers(0, 800), st.integers(1, 24))
def test_month_cutoffs_against_the_calendar(day, later, count):
    as_of = pd.Timestamp(day) + pd.Timedelta(days=later)
    inside = bucket_of(pd.Timestamp(day), as_of, edges=aging.months(count)) == f"0-{count}m"
    assert inside == (as_of.date() <= months_after(day, count))


@given(rows, ladders, st.sampled_from(["customer_id", None]), st.sampled_from(["us", "ns", "s"]))
def test_the_schedule_ties_to_the_fen(data, edges, by, unit):
    items = items_of(data, unit)
    fen = np.array([row[1] for row in data])
    table = aging.schedule(items, AS_OF, edges=edges, by=by)
    assert round(table["total"].sum() * 100) == fen.sum()
    assert (table[aging.buckets(table)] >= 0).all(axis=None)
    assert round(table["credits"].sum() * 100) == fen[fen < 0].sum()
    whole = (table * 100).round()
    assert (whole.drop(columns="total").sum(axis=1) == whole["total"]).all()
    counts = aging.schedule(items, AS_OF, edges=edges, by=by, measure="count")
    assert counts["total"].sum() == len(items)
    shuffled = items.sample(frac=1, random_state=1)
    again = aging.schedule(shuffled, AS_OF, edges=edges, by=by)
    pd.testing.assert_frame_equal(table, again)
    assert table.attrs == again.attrs
    if by:
        one = aging.schedule(items, AS_OF, edges=edges)
        assert (whole.sum() == (one.loc["all"] * 100).round()).all()
        assert list(table.index) == sorted({row[0] for row in data})


@given(st.integers(-400, 200), st.integers(0, 900), ladders, st.integers(1, 500))
def test_time_never_makes_an_item_younger(due_in, age, edges, days):
    item = items_of([("A", 100, due_in, age)])
    then, now = (aging.schedule(item, day, edges=edges, measure="count").loc["all"].argmax()
                 for day in (AS_OF, AS_OF + pd.Timedelta(days=days)))
    assert then <= now


@given(rows)
def test_against_a_plain_loop(data):
    items = items_of(data)
    expected = dict.fromkeys([*BUCKETS, "credits"], 0)
    late = owed = 0
    for _, fen, due_in, _age in data:
        dpd = -due_in
        name = "credits" if fen < 0 else "current" if dpd <= 0 else "1-30" if dpd <= 30 else "31-60" if dpd <= 60 \
            else "61-90" if dpd <= 90 else "91+"
        expected[name] += fen
        if fen > 0:
            late, owed = late + max(dpd, 0) * fen, owed + fen
    table = aging.schedule(items, AS_OF)
    assert {name: round(table.at["all", name] * 100) for name in expected} == expected
    assert table.attrs["mean_days"] == (pytest.approx(late / owed) if owed else None)


def test_minor_units_in_are_minor_units_out():
    items = items_of([("A", 12345, -5, 35), ("B", -5, 0, 3)])
    minor = items.assign(open_amount=(items["open_amount"] * 100).round().astype("int64"))
    table = aging.schedule(minor, AS_OF, by="customer_id")
    assert table.dtypes.eq("int64").all() and table["total"].tolist() == [12345, -5]


def test_time_of_day_counts_for_nothing():
    for as_of in ("2025-06-30", "2025-06-30 23:59"):
        assert bucket_of("2025-06-30 08:00", as_of, issued="2025-06-01") == "current"
        assert bucket_of("2025-05-31 23:00", as_of, issued="2025-05-01") == "1-30"
        assert bucket_of("2025-05-30 00:30", as_of, issued="2025-05-01") == "31-60"
    late = pd.DataFrame({"due": pd.to_datetime(["2025-06-29 17:00"]), "open_amount": [1.0]})
    assert aging.schedule(late, AS_OF).attrs["mean_days"] == 1


def test_items_without_a_group_are_kept():
    items = items_of([("A", 100, 0, 1), ("B", 200, 0, 1)]).assign(salesperson=["王", None])
    table = aging.schedule(items, AS_OF, by="salesperson")
    assert table["total"].to_dict() == {"王": 1.0, "(missing)": 2.0}
    gone = items.assign(customer_id=pd.Categorical([None, "B"], categories=["A", "B"]))
    assert aging.schedule(gone, AS_OF, by="customer_id")["total"].to_dict() == {"B": 2.0, "(missing)": 1.0}


def test_empty_ledger_and_unused_categories():
    items = items_of([("A", 100, 0, 1), ("B", 200, 0, 1)])
    assert list(aging.schedule(items[items["customer_id"] == "B"], AS_OF, by="customer_id").index) == ["B"]
    empty = aging.schedule(items.iloc[:0], AS_OF)
    assert empty.loc["all"].eq(0).all() and empty.attrs["mean_days"] is None
    assert aging.schedule(items.iloc[:0], AS_OF, by="customer_id").empty


@pytest.mark.parametrize(("change", "options", "says"), [
    ({"due": [pd.NaT, AS_OF]}, {}, "1 open items have no due date"),
    ({"due": ["2025-01-01", "2025-01-02"]}, {}, "to_datetime"),
    ({"open_amount": [1.005, 2.0]}, {}, "no whole number of fen"),
    ({"open_amount": [float("nan"), 2.0]}, {}, "no whole number of fen"),
    ({"open_amount": [1e14, 2.0]}, {}, "2\\^53"),
    ({"issued": [AS_OF + pd.Timedelta(days=1), AS_OF]}, {}, "issued after 2025-06-30"),
    ({"currency": ["GBP", "USD"]}, {}, r"never added.*GBP.*USD"),
    ({"currency": pd.Categorical(["GBP", "USD"])}, {"by": "customer_id"}, "never added"),
    ({}, {"by": "region"}, "no column 'region'"), ({}, {"basis": "paid"}, "basis must be"),
    ({}, {"edges": (30, 30)}, "rise from 1 up"), ({}, {"edges": (0, 30)}, "rise from 1"), ({}, {"edges": ()}, "rise"),
    ({}, {"measure": "share"}, "measure must be")])
def test_what_cannot_be_aged_is_refused_with_the_reason(change, options, says):
    items = items_of([("A", 100, 0, 1), ("B", 200, 0, 1)]).assign(**change)
    with pytest.raises(ValueError, match=says):
        aging.schedule(items, AS_OF, **options)


def test_credits_need_no_due_date_and_currencies_can_stand_side_by_side():
    items = items_of([("A", -100, 0, 1), ("B", 200, -5, 9)]).assign(due=[pd.NaT, AS_OF - pd.Timedelta(days=5)],
                                                                    currency=["GBP", "USD"])
    table = aging.schedule(items, AS_OF, by="currency")
    assert table.loc["GBP", ["credits", "total"]].tolist() == [-1, -1] and table.loc["USD", "1-30"] == 2
    one = pd.Categorical(["USD", "USD"], categories=["GBP", "USD"])
    assert aging.schedule(items.assign(currency=one), AS_OF).loc["all", "total"] == 1


def test_not_due_can_stand_apart_on_an_invoice_date_ladder():
    items = items_of([("A", 100, 10, 80), ("A", 200, -1, 80), ("A", 400, 0, 10)])
    row = aging.schedule(items, AS_OF, edges=aging.months(1, 3, not_due=True)).loc["all"]
    assert row.to_dict() == {"current": 5, "0-1m": 0, "1-3m": 2, "3m+": 0, "credits": 0, "total": 7}


def test_shares_overdue_and_summary():
    items = items_of([("A", 7500, 1, 1), ("A", 2500, -95, 99), ("B", -1000, 0, 1)])
    table = aging.schedule(items, AS_OF, by="customer_id")
    shares = aging.shares(table)
    assert shares.loc["A", ["current", "91+"]].tolist() == [0.75, 0.25]
    assert shares.loc["B"].isna().all() and shares.attrs["undefined"] == ["B: nothing is owed, so there are no shares"]
    assert aging.overdue(table).to_dict() == {"A": 25.0, "B": 0.0}
    with pytest.raises(ValueError, match="age it by due date"):
        aging.overdue(aging.schedule(items, AS_OF, basis="issued"))
    summary = aging.summary(items, AS_OF)
    assert summary.loc["credits"].tolist() == [1, -10] and summary.loc["total"].tolist() == [3, 90]


def test_ladders_say_what_is_wrong_with_them():
    with pytest.raises(ValueError, match="labels for buckets"):
        aging.months(1, 3, labels={"0-2m": "?"})
    assert aging.months(1, 3, not_due=True, labels={"current": "a"}).on("due").labels == {"current": "a"}
    assert aging.Ladder(edges=(30,), labels={"current": "a"}).on("issued").labels == {}


def frame(amounts, days=None):
    names = [*BUCKETS, "credits", "total"]
    out = pd.DataFrame([[*amounts, 0.0, float(sum(amounts))]], columns=names, index=["all"])
    out.attrs = {"basis": "due", "mean_days": days}
    return out


def test_shift_measures_and_flags():
    moved = aging.shift(frame([700, 100, 100, 50, 50], 20.0), frame([600, 130, 110, 60, 100], 22.0))
    assert moved.days_growth == pytest.approx(0.1)
    assert moved.table["change"].tolist() == [-100, 30, 10, 10, 50]
    assert moved.table["points"].tolist() == pytest.approx([-0.1, 0.03, 0.01, 0.01, 0.05])
    p, q = [.7, .1, .1, .05, .05], [.6, .13, .11, .06, .1]
    assert moved.psi == pytest.approx(sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True)))
    assert [(f.code, f.bucket) for f in moved.flags] == [("longer", None), ("bucket", "1-30"), ("bucket", "61-90"),
                                                        ("bucket", "91+")]
    assert moved.flags[-1].value == pytest.approx(1.0) and moved.flags[0].threshold == 0.10


def test_shift_shorter_carries_its_caution_and_thresholds_are_arguments():
    before, after = frame([0, 100, 0, 0, 0], 20.0), frame([0, 100, 0, 0, 0], 19.0)
    [flag] = aging.shift(before, after).flags
    assert flag.code == "shorter" and flag.value == pytest.approx(-0.05) and "written off" in flag.caution
    assert aging.shift(before, after, shorter=0.06).flags == ()
    assert aging.shift(after, before, longer=0.06).flags == ()
    assert [f.code for f in aging.shift(after, before, longer=0.05).flags] == ["longer"]
    sold_more = frame([500, 100, 0, 0, 0], 20.0)  # more that is not yet due is no warning
    assert aging.shift(frame([100, 100, 0, 0, 0], 20.0), sold_more).flags == ()
    grown = frame([0, 119, 0, 0, 0], 20.0)
    assert aging.shift(before, grown).flags == ()
    assert [f.code for f in aging.shift(before, grown, bucket=0.19).flags] == ["bucket"]
    assert aging.shift(before, grown, bucket=0.19, watch=["91+"]).flags == ()


def test_shift_from_an_empty_bucket_has_no_growth_but_is_told():
    moved = aging.shift(frame([100, 0, 0, 0, 0], 0.0), frame([90, 0, 0, 0, 10], 9.5))
    assert np.isnan(moved.table.at["91+", "growth"]) and "91+: empty before, so it has no growth" in \
        moved.table.attrs["undefined"]
    assert [(f.code, f.bucket, f.value) for f in moved.flags] == [("new_bucket", "91+", None)]
    assert math.isfinite(moved.psi)
    with pytest.raises(Undefined, match="mean age before is 0"):
        _ = moved.days_growth


@given(st.lists(st.integers(0, 10**6), min_size=5, max_size=5).filter(any),
       st.lists(st.integers(0, 10**6), min_size=5, max_size=5).filter(any))
def test_stability_index_is_symmetric_and_zero_for_no_change(a, b):
    there, back = aging.shift(frame(a), frame(b)), aging.shift(frame(b), frame(a))
    assert there.psi == pytest.approx(back.psi) and there.psi >= 0
    assert aging.shift(frame(a), frame([3 * x for x in a])).psi == pytest.approx(0, abs=1e-12)
    assert there.table["points"].sum() == pytest.approx(0, abs=1e-12)


def test_shift_refuses_what_cannot_be_compared():
    one = frame([1, 0, 0, 0, 0])
    with pytest.raises(Undefined):
        aging.shift(one, frame([0, 0, 0, 0, 0]))
    with pytest.raises(ValueError, match="different buckets"):
        aging.shift(one, one.drop(columns="91+"))
    with pytest.raises(ValueError, match="fraction between 0 and 1"):
        aging.shift(one, one, longer=10)
    with pytest.raises(ValueError, match="no such bucket"):
        aging.shift(one, one, watch=["over90"])
    other = one.copy()
    other.attrs["basis"] = "issued"
    with pytest.raises(ValueError, match="aged from the due date"):
        aging.shift(one, other)


def test_the_presets_are_content():
    ladders = content.load(paths.data("ladders.yaml"), aging.Ladders)
    assert set(ladders) == {"due_30_60_90", "seed", "house", "statutory"}
    assert list(dict.fromkeys(ladders["seed"].labels.values())) == ["正常", "需关注", "需加强催收", "需采取法律措施"]
    items = items_of([("A", 100, -5, 35), ("A", 200, 10, 200), ("A", 400, -150, 240)])
    assert aging.schedule(items, AS_OF, edges=ladders["seed"]).loc["all", ["current", "1-3m", "6-12m"]].tolist() \
        == [2, 1, 4]
    assert aging.schedule(items, AS_OF, edges=ladders["house"]).loc["all", ["current", "4-15", "91+"]].tolist() \
        == [2, 1, 4]
    # both bases can be shown: the seed's edges counted from the due date
    assert aging.schedule(items, AS_OF, edges=ladders["seed"], basis="due").loc["all", "0-1m"] == 1


def test_a_bucket_of_credits_never_shows_a_positive_share():
    """OCA's aged partner balance prints abs(bucket / total): 50 in credit reads as 50 %. Here credits have no share."""
    items = pd.DataFrame({"due": pd.to_datetime(["2025-06-20", "2025-03-01"]), "open_amount": [150.0, -50.0],
                          "issued": pd.to_datetime(["2025-05-20", "2025-02-01"])})
    table = aging.schedule(items, AS_OF)
    assert table.loc["all", "91+"] == 0 and table.loc["all", "credits"] == -50
    assert aging.shares(table).loc["all"].to_dict() == {"current": 0.0, "1-30": 1.0, "31-60": 0.0, "61-90": 0.0, "91+": 0.0}
