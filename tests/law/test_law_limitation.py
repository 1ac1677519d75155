"""The limitation clock: worked dates, interruptions, suspensions, transition, and what must always hold."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.law import limitation
from receivables.law.days import add_months, add_workdays, add_years, roll
from receivables.law.limitation import Interruption, Suspension, expiry

GOLDEN = yaml.safe_load((Path(__file__).parents[1] / "golden" / "law.yaml").read_text(encoding="utf-8"))
days = st.dates(date(2018, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("row", GOLDEN["limitation"]["rows"], ids=lambda row: str(row["due"]))
def test_worked_dates(row):
    events = [Interruption(row["demand"])] if "demand" in row else []
    events += [Suspension(*row["obstacle"])] if "obstacle" in row else []
    clock = expiry(row["due"], events)
    assert (clock.alert_date, clock.last_day) == (row["alert"], row["last"])
    assert clock.value == clock.alert_date
    assert clock.calendar_known is not row.get("unknown_year", False)
    assert ("放假安排还不知道" in clock.text) is row.get("unknown_year", False)


@pytest.mark.parametrize("base, months, end", [
    ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-08-31", 6, "2027-02-28"),
    ("2026-03-31", -1, "2026-02-28"), ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -1, "2025-12-15"),
])
def test_a_month_without_the_day_ends_on_its_last(base, months, end):
    assert add_months(date.fromisoformat(base), months) == date.fromisoformat(end)


def test_29_february():
    assert add_years(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_holidays_roll_to_the_next_working_day_and_working_weekends_do_not():
    assert roll(date(2026, 5, 1)).day == date(2026, 5, 6)
    assert roll(date(2026, 2, 14)).day == date(2026, 2, 14)  # a Saturday worked for the Spring Festival
    assert roll(date(2026, 12, 31)).unknown_years == ()
    over_new_year = roll(date(2027, 1, 2))
    assert over_new_year.day == date(2027, 1, 4) and over_new_year.unknown_years == (2027,)
    assert add_workdays(date(2026, 4, 30), 1).day == date(2026, 5, 6)


def test_an_interruption_counts_again_and_again():
    clock = expiry("2020-01-10", [Interruption("2022-01-10"), Interruption("2024-06-01", "promise")])
    assert clock.base == date(2024, 6, 1) and clock.alert_date == date(2027, 6, 1) and len(clock.counted) == 2


def test_a_demand_after_expiry_does_nothing_but_a_promise_does():
    demand = expiry("2020-01-10", [Interruption("2024-06-01", "demand")])
    assert demand.alert_date == date(2023, 1, 10) and "已在 2023-01-10 届满" in demand.ignored[0]
    promise = expiry("2020-01-10", [Interruption("2024-06-01", "promise")])
    assert promise.alert_date == date(2027, 6, 1) and "推论" in promise.text


def test_the_rolled_last_day_is_still_in_time():
    on_the_roll = expiry("2023-10-02", [Interruption("2026-10-08")])
    assert on_the_roll.alert_date == date(2029, 10, 8) and "顺延" in on_the_roll.text
    assert expiry("2023-10-02", [Interruption("2026-10-09")]).alert_date == date(2026, 10, 2)


def test_an_event_before_the_due_date_does_not_move_the_clock():
    clock = expiry("2024-01-10", [Interruption("2023-12-01", "promise")])
    assert clock.alert_date == date(2027, 1, 10) and "早于到期日" in clock.ignored[0]


def test_proceedings_restart_the_clock_when_they_end():
    pending = expiry("2022-01-10", [Interruption("2024-12-01", "lawsuit")])
    assert pending.pending and pending.alert_date == date(2027, 12, 1)
    ended = expiry("2022-01-10", [Interruption("2024-12-01", "lawsuit", ended="2025-09-30")])
    assert not ended.pending and ended.alert_date == date(2028, 9, 30)
    # Read before the end, the proceedings are still pending.
    assert expiry("2022-01-10", [Interruption("2024-12-01", "lawsuit", ended="2025-09-30")], as_of="2025-01-01").pending
    # While they are pending nothing expires.
    later = expiry("2015-10-10", [Interruption("2018-01-05", "lawsuit"), Interruption("2024-01-05", "demand")])
    assert later.base == date(2024, 1, 5)


@pytest.mark.parametrize("removed, end", [("2025-09-10", "2026-03-10"), ("2025-09-11", "2026-03-11"),
                                          ("2026-03-10", "2026-09-10")])
def test_an_obstacle_counts_from_the_first_day_of_the_last_six_months(removed, end):
    clock = expiry("2023-03-10", [Suspension("2025-06-01", removed)])
    assert clock.alert_date == date.fromisoformat(end)
    assert bool(clock.ignored) is (end == "2026-03-10") and bool(clock.counted) is not bool(clock.ignored)


def test_an_obstacle_after_expiry_or_not_yet_removed():
    late = expiry("2023-03-10", [Suspension("2026-03-11", "2026-06-01")])
    assert late.alert_date == date(2026, 3, 10) and not late.pending
    lasting = expiry("2023-03-10", [Suspension("2026-01-01")])
    assert lasting.pending and lasting.alert_date == date(2026, 3, 10) and "停走" in lasting.text
    assert not expiry("2023-03-10", [Suspension("2026-01-01")], as_of="2026-04-01").expired


def test_a_long_obstacle_reaches_into_the_last_months_of_a_new_period():
    clock = expiry("2023-03-10", [Suspension("2024-01-01", "2027-01-01"), Interruption("2024-06-01")])
    assert clock.alert_date == date(2027, 7, 1)


def test_twenty_years_are_never_exceeded():
    events = [Interruption(date(2020 + 2 * n, 1, 10)) for n in range(1, 10)]
    clock = expiry("2020-01-10", events)
    assert clock.alert_date == clock.last_day == date(2040, 1, 10)


@pytest.mark.parametrize("due, end", [("2015-09-30", "2017-09-30"), ("2015-10-01", "2018-10-01"),
                                      ("2018-05-01", "2021-05-01")])
def test_two_years_for_claims_barred_before_the_change(due, end):
    clock = expiry(due)
    assert clock.alert_date == date.fromisoformat(end)
    assert clock.confidence == "memory" and "未核实" in clock.text


def test_reading_the_clock():
    clock = expiry("2023-03-10", [Interruption("2026-06-01")], as_of="2026-03-01")
    assert clock.days_left == 9 and not clock.expired and "没看" in clock.ignored[0]
    assert clock.as_of == date(2026, 3, 1) and not clock.stale
    assert expiry("2023-03-10", as_of="2026-03-11").expired
    with pytest.raises(Undefined, match="as_of"):
        _ = expiry("2023-03-10").days_left


def test_enforcement_has_two_years_and_the_same_clock():
    assert limitation.enforcement_expiry("2026-01-31").alert_date == date(2028, 1, 31)
    moved = limitation.enforcement_expiry("2024-01-31", [Interruption("2025-12-01", "part_payment")])
    assert moved.alert_date == date(2027, 12, 1)


def test_where_the_period_starts():
    assert limitation.start(due="2026-01-05", delivered="2025-12-01").value == date(2026, 1, 5)
    assert limitation.start(delivered="2025-12-01").value == date(2025, 12, 1)
    assert limitation.start(instalments=["2026-01-05", "2026-07-05"]).value == date(2026, 7, 5)
    assert limitation.start(kind="other", refused="2026-02-01", grace_end="2026-03-01").value == date(2026, 2, 1)
    with pytest.raises(ValueError, match="delivered"):
        limitation.start()
    with pytest.raises(ValueError, match="refused"):
        limitation.start(kind="other", delivered="2026-01-01")


@pytest.mark.parametrize("make, says", [
    (lambda: expiry("10/3/2023"), "2026-03-02"),
    (lambda: expiry(None), "2026-03-02"),
    (lambda: expiry("2023-03-10", ["2025-06-01"]), "Interruption"),
    (lambda: Interruption("2025-01-01", "shouting"), "demand"),
    (lambda: Interruption("2025-01-01", "lawsuit", ended="2024-01-01"), "ended"),
    (lambda: Suspension("2025-01-01", "2024-01-01"), "removed"),
])
def test_bad_input_says_what_to_do(make, says):
    with pytest.raises(ValueError, match=says):
        make()


interruptions = st.builds(Interruption, days, st.sampled_from(["demand", "promise", "lawsuit", "statement"]))
obstacles = st.tuples(days, st.integers(0, 900)).map(lambda t: Suspension(t[0], t[0] + timedelta(days=t[1])))


@given(days, st.lists(interruptions | obstacles, max_size=5))
def test_the_alert_date_is_never_after_the_last_day(due, events):
    clock = expiry(due, events)
    assert due <= clock.base <= clock.alert_date <= clock.last_day
    assert clock.alert_date <= add_years(due, 20)
    assert clock.alert_date >= expiry(due).alert_date  # nothing shortens the period


@given(days, st.lists(interruptions | obstacles, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(due, events, random):
    shuffled = random.sample(events, len(events))
    assert expiry(due, events).alert_date == expiry(due, shuffled).alert_date


def test_events_may_be_mappings_of_their_fields():
    plain = [Interruption("2024-06-01", "demand"), Suspension("2027-01-01", "2027-03-01")]
    told = [{"on": "2024-06-01", "ground": "demand"}, {"on": "2027-01-01", "removed": "2027-03-01"}]
    assert expiry("2023-03-10", told) == expiry("2023-03-10", plain)
    assert expiry("2023-03-10", [{"on": "2026-01-01", "ground": "force_majeure"}]).pending
    with pytest.raises(ValueError, match="请用 Interruption"):
        expiry("2023-03-10", [{"date": "2024-06-01"}])
