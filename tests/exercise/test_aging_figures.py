"""Figures of module 02 against the ledger's own identities, and the content that names customers."""

import re

import pandas as pd
import pytest

from receivables import paths
from receivables.exercise import figures, load
from receivables.ledger import Ledger

AS_OF = pd.Timestamp("2025-06-30")


@pytest.fixture(scope="module")
def ledger():
    return Ledger.load(paths.data("company"))


@pytest.fixture(scope="module")
def compute(ledger):
    return lambda name, **arguments: figures.compute(name, ledger, AS_OF, arguments)


def number(text):
    return float(text.replace(",", "").replace("−", "-"))


def test_both_bases_tie_to_the_balance(compute, ledger):
    rows = compute("two_bases").rows
    for column in (1, 2):
        parts = [number(row[column]) for row in rows[:-1] if row[column] != "—"]
        assert sum(parts) == pytest.approx(number(rows[-1][column]), abs=0.03)
        assert number(rows[-1][column]) == pytest.approx(ledger.balance(AS_OF) / 1e4, abs=0.01)


def test_the_bug_is_exactly_what_is_not_due(compute, ledger):
    customers = ["C0206", "C0265", "C0015", "C0231", "C0283"]
    missing = compute("untied_sum", customers=customers, what="missing")
    items = ledger.open_items(AS_OF)
    mine = items[items["customer_id"].astype(str).isin(customers)]
    assert missing == pytest.approx(mine.loc[mine["due"] >= AS_OF, "open_amount"].sum())
    assert (mine["open_amount"] > 0).all()  # the question says: no credits
    table = compute("untied", customers=customers)
    ties = [row[0] for row in table.rows[:-1] if row[-1] == row[-2]]
    assert ties == ["北渡市稷谷城市建设投资"]  # the hint points at the fourth row
    assert table.rows[3][0] == ties[0]


def test_an_invoice_has_two_ages(compute):
    for document in ("FP2505-0265-1", "FP2505-0265-2"):
        age, late, terms = (compute("invoice", document=document, what=what) for what in ("age", "late", "terms"))
        assert age - late == terms
    assert compute("age_of", document="FP2506-0265-2", basis="due") == 0
    assert compute("age_of", document="FP2506-0265-2", basis="due", slip="signed") < 0


def test_tax_on_one_side_only_is_the_rate_off(compute):
    assert compute("turned", tax="mixed") == pytest.approx(compute("turned") * 1.13)
    assert compute("turned") * compute("turned", form="times") == pytest.approx(365)


def test_turnover_is_what_the_invoices_with_vat_say(compute, ledger):
    invoices = ledger.table("invoices")
    year = invoices[(invoices["issued"] > "2024-06-30") & (invoices["issued"] <= AS_OF)]
    middle = (ledger.balance("2024-06-30") + ledger.balance(AS_OF)) / 2
    assert compute("turned") == pytest.approx(365 * middle / year["amount"].sum(), abs=0.001)


def test_six_forms_differ_and_the_best_is_least(compute):
    forms = ("simple", "average", "rolling", "countback", "aged", "best")
    found = {form: compute("dso_form", form=form) for form in forms}
    assert len({round(value, 1) for value in found.values()}) == 6
    assert min(found, key=found.get) == "best"


def test_what_was_taken_out_in_december_is_more_than_the_fall(compute, ledger):
    booked, total = (compute("old_with_what_was_taken_out", at="2024-12-31", what=what) for what in ("booked", "total"))
    before = compute("old_with_what_was_taken_out", at="2024-11-30", what="booked")
    assert booked < before < total
    assert booked == pytest.approx(compute("aged", bucket="91+", at="2024-12-31"))
    day, lost = pd.Timestamp("2024-12-31"), ledger.table("write_offs").set_index("document_id")
    then = ledger.open_items("2024-12-19")  # the day before they were written off
    then = then[then["document_id"].isin(lost.index[lost["written_off_on"] == "2024-12-20"])]
    old = then[(day - then["due"]).dt.days > 90].set_index("document_id")
    assert compute("old_with_what_was_taken_out", at=day, what="written_off") == pytest.approx(
        old["open_amount"].sum(), abs=0.01)
    assert 90 < (day - old["due"]).dt.days.min() < 180


def test_ages_by_delivery_add_what_was_billed_again(compute, ledger):
    booked, true, more = (compute("late_by_delivery", customer="C0149", count=count)
                          for count in ("booked", "true", "more"))
    assert true - booked == pytest.approx(more) and more > 0
    again = set(figures.redated.reissued(ledger, AS_OF)["new"])
    items = ledger.open_items(AS_OF)
    young = items[items["document_id"].isin(again) & (items["customer_id"].astype(str) == "C0149")
                  & ((AS_OF - items["due"]).dt.days <= 90)]
    assert more == pytest.approx(young["open_amount"].sum()) and len(young) == 2


def test_a_day_after_the_lessons_own_is_refused(compute):
    with pytest.raises(ValueError, match="lies after"):
        compute("aged", bucket="91+", at="2025-07-31")


def test_the_names_a_learner_may_write_are_those_of_the_table(compute):
    pattern = load("02-16").key.criteria[0].looks_for[0]
    names = re.search(r"\(([^?()|]+(?:\|[^()|]+)+)\)", pattern)[1].split("|")
    rows = [row[0] for row in compute("worst", count=8).rows]
    assert [any(name in row for row in rows) for name in names] == [True] * len(names) == [True] * len(rows)
    assert [sum(name in row for name in names) for row in rows] == [1] * len(rows)
    assert not re.search(pattern, "稷谷，稷谷，还是稷谷") and re.search(pattern, "骁钺一\n稷谷二\n朔禾三")


def test_the_fourth_fact_of_the_paper_trail_is_the_missing_original(compute):
    rows = dict(compute("paper_trail", document="FP2412-0283-4").rows)
    assert "原件找不到" in rows["送货单"]
