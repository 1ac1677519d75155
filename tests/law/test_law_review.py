"""The page for the lawyer: complete, stable, printable, and what fails a build."""

import json
import re
from datetime import date

import pytest

from receivables.law import lpr
from receivables.law.parameters import all_parameters, documents
from receivables.law.review import law_check


def test_every_parameter_past_its_check_and_every_unverified_one():
    review = law_check("2026-11-21")
    past = {(e.id, e.effective_from) for e in review.past}
    unverified = {(e.id, e.effective_from) for e in review.unverified}
    for p in all_parameters():
        current = p.effective_to is None and p.effective_from <= review.on
        assert ((p.id, p.effective_from) in past) is (current and p.known_through < review.on)
        assert ((p.id, p.effective_from) in unverified) is (p.confidence != "verified")
    doubtful = [doc for doc in documents().values() if doc.number_confidence != "verified"]
    assert all(any(doc.title in line for line in review.numbers) for doc in doubtful)


@pytest.mark.parametrize("on, status", [("2026-03-17", 0), ("2026-03-18", 1), ("2026-11-21", 1)])
def test_exit_status_follows_what_has_outrun_its_check(on, status):
    review = law_check(on)
    assert review.exit_status == status and review.ok is (status == 0)
    assert review.unverified  # never verified is no failure


def test_rates_and_holidays_run_out_too():
    last = lpr.series()["lpr"].known_through
    assert "lpr.1Y" not in {e.id for e in law_check(last).past}
    assert "lpr.1Y" in {e.id for e in law_check("2026-10-01").past}
    assert "calendar.holidays" not in {e.id for e in law_check("2026-12-31").past}
    assert "calendar.holidays" in {e.id for e in law_check("2027-01-01").past}


def test_laws_that_have_ended_do_not_go_past():
    assert all(e.effective_from <= date(2026, 11, 21) for e in law_check("2026-11-21").past)
    assert not [e for e in law_check("2026-11-21").past if "2020年条例" in e.name]


def test_json_for_ci():
    raw = json.loads(law_check("2026-11-21").to_json())
    assert raw["schema"] == 1 and raw["on"] == "2026-11-21" and raw["ok"] is False
    assert {"id", "name", "value", "citation", "effective_from", "known_through", "confidence"} <= set(
        raw["past_known_through"][0])
    assert raw["unverified"] and raw["numbers_unverified"] and raw["watch"] and "非法律意见" in raw["notice"]
    assert law_check("2026-11-21").to_json() == law_check(date(2026, 11, 21)).to_json()


def test_the_page_prints_and_asks_nothing_of_the_network():
    review = law_check("2026-11-21")
    page = review.to_html()
    assert not re.search(r"https?://|//[a-z]|<script|<img|<link|@import|url\(", page)
    assert page.count("<h1>") == 1 and "@page" in page and "截至 2026-11-21" in page and "非法律意见" in page
    for entry in (*review.past, *review.unverified):
        assert entry.name in page
    assert "这一天之前全部核过" in law_check("2026-03-17").to_html()


def test_text_for_a_terminal():
    text = law_check("2026-11-21").text
    assert "截至 2026-11-21" in text and "未核实" in text and "非法律意见" in text


def test_a_bad_date_says_how_to_write_one():
    with pytest.raises(ValueError, match="2026-03-02"):
        law_check("next week")
