"""Case one: whatever the seed and the day, its papers agree to the fen, but for what is planted, and a plan exists."""

from datetime import date
from functools import lru_cache

import pandas as pd
import pytest

from receivables.analysis import aging
from receivables.course.cases import cash_strapped
from receivables.course.documents import Chat, Message, Sheet, Shown
from receivables.course.lesson import Lesson
from receivables.exercise import check, learners
from receivables.exercise.figures import ShownTable, compute
from receivables.law.evidence import gaps

#: seeds with awkward days: month ends, a weekend, the spring festival, National Day, a leap day
DRAWN = [(0, "2025-06-30"), (1, "2025-06-30"), (2, "2025-06-30"), (3, "2024-02-12"), (4, "2024-10-03"),
         (5, "2024-02-29"), (77, "2025-07-06"), (9_999, "2025-01-31")]


@lru_cache
def drawn(seed, day):
    return cash_strapped.case(seed, day)


def amount(text):
    return float(text.replace(",", "").replace("−", "-"))


@pytest.mark.parametrize("seed, day", DRAWN)
def test_every_paper_agrees_to_the_fen(seed, day):
    case = drawn(seed, day)
    ledger, facts, tables = case.ledger, case.facts, case.tables
    invoices, deliveries = ledger.table("invoices"), ledger.table("deliveries")
    assert list(ledger.problems) == []
    assert (invoices["amount"].to_numpy() == deliveries["amount"].to_numpy()).all()
    assert ((invoices["net"] + invoices["tax"] - invoices["amount"]).abs() < 0.001).all()
    for n in range(1, 5):
        *lines, total = tables[f"van{n}"].rows
        assert round(sum(amount(row[3]) for row in lines), 2) == amount(total[3]) == facts[f"van{n}"]
    shown = tables["open"].rows
    assert round(sum(amount(row[3]) for row in shown[:-1]), 2) == amount(shown[-1][3]) == facts["owes"]
    assert facts["owes"] == ledger.balance(day) == compute("balance", ledger, pd.Timestamp(day), {})
    assert facts["late"] == compute("overdue", ledger, pd.Timestamp(day), {})
    assert aging.schedule(ledger.open_items(day), day)["total"].sum() == pytest.approx(facts["owes"], abs=0.005)
    statement = ledger.table("statements").iloc[0]
    assert statement["our_balance"] == ledger.balance(statement["as_of"])


@pytest.mark.parametrize("seed, day", DRAWN)
def test_the_discrepancies_are_those_planted_and_no_other(seed, day):
    case = drawn(seed, day)
    tables = {name: case.table(name) for name in ("contracts", "deliveries", "invoices", "statements", "contacts",
                                                  "promises")}
    found = gaps(cash_strapped.CUSTOMER, as_of=day, **tables)
    assert list(zip(found["code"], found["reference"], strict=True)) == [
        ("unsigned", "SH-3"), ("signer", "SH-2"), ("differs", "DZ-1"), ("oral", "CN-4"), ("oral", "CN-5")]
    assert case.facts["short"] == case.facts["van3"]
    receipts = case.table("receipts")
    assert receipts.loc[receipts["third_party"], "receipt_id"].tolist() == ["SK-2"]


@pytest.mark.parametrize("seed, day", DRAWN)
def test_the_lesson_holds_whatever_the_numbers(seed, day):
    """The plan fits his cash and ours to approve; the quick one does neither; nobody reads it off one column."""
    case = cash_strapped.CashStrapped(seed, date.fromisoformat(day))
    facts = case.facts
    assert sum(part for _, part in case.plan) == case.balance
    assert facts["pay0"] <= facts["in_hand"]
    assert all(facts[f"pay{n}"] <= facts[f"left{n}"] < facts["owes"] for n in (1, 2, 3))
    assert facts["in_hand"] + sum(facts[f"left{n}"] for n in (1, 2, 3)) >= facts["owes"]
    assert facts["lacks"] > 100_000 and facts["as_he_says"] > facts["owes"]
    assert (facts["approver"], facts["fast_approver"]) == ("总经理", "销售总监")
    assert facts["plan_days"] <= facts["manager_days"]
    assert facts["owes"] > 300_000 and facts["kept_count"] == 1 and facts["ripe"] == 3
    left = [sum(amount(row[n]) for row in case.tables["cash"].rows[:-1] if row[n]) for n in (2, 3)]
    assert left == [facts["left2"], facts["left3"]]
    assert min(case.cash["other"]) > 0
    assert [on for on, _ in case.plan] == sorted({on for on, _ in case.plan})


@pytest.mark.parametrize("seed", range(4))
def test_wrong_answers_of_a_case_are_told_apart_whatever_the_seed(seed):
    lesson = Lesson(cash_strapped.NAME, ledger=cash_strapped.case(seed), as_of="2025-06-30", seed=seed)
    for name in lesson.exercises:
        bound = lesson.bound(name)
        assert check(bound, learners.perfect(bound)).status == "correct", name
        for answer, misconception in learners.wrong_answers(bound):
            assert check(bound, answer).misconception == misconception, (name, answer)


def test_a_document_is_data_not_markup():
    bad = "<img src=x onerror=alert(1)>&"
    table = ShownTable([bad, bad], [[bad, bad]])
    sheet = Sheet(id="a", title=bad, number=bad, fields={bad: bad}, text=bad, table="t", clauses=[bad], note=bad,
                  source=bad, signatures=[{"label": bad, "by": bad, "day": bad, "seal": bad}])
    chat = Chat(kind="chat", id="b", title=bad, messages=[Message(who=bad, at=bad, says=bad, day=bad)])
    html = Shown([sheet, chat], {}, {"t": table}).html
    assert "<img" not in html and html.count("&lt;img") >= 17


def test_an_unsigned_line_says_so_to_those_who_cannot_see_it():
    shown = cash_strapped.case(0).show("note3")
    assert "（空着）" in shown.html and "收货人：（空着）" in repr(shown)


def test_an_unknown_document_table_or_fact_is_an_error():
    case = cash_strapped.case(0)
    with pytest.raises(KeyError):
        case.show("nothing")
    with pytest.raises(ValueError, match="has no fact 'nothing'"):
        compute("fact", case, pd.Timestamp("2025-06-30"), {"name": "nothing"})
    with pytest.raises(ValueError, match="has no table 'nothing'"):
        compute("case_table", case, pd.Timestamp("2025-06-30"), {"name": "nothing"})
