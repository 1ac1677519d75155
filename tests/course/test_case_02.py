"""Case two: whatever the seed and the day, its papers agree to the fen, but for what is planted, and the lesson holds."""

from datetime import date
from functools import lru_cache

import pandas as pd
import pytest

from receivables.analysis import aging
from receivables.course.cases import hard_talker
from receivables.course.documents import Chat
from receivables.course.lesson import Lesson
from receivables.exercise import check, learners
from receivables.exercise.figures import compute
from receivables.law.evidence import gaps
from receivables.talk import redline
from receivables.talk.concession import Allowance, Days, Supply, WaivedInterest

#: seeds with awkward days: month ends, a weekend, the spring festival, National Day, a leap day
DRAWN = [(0, "2025-06-30"), (1, "2025-06-30"), (2, "2025-06-30"), (3, "2024-02-12"), (4, "2024-10-03"),
         (5, "2024-02-29"), (77, "2025-07-06"), (9_999, "2025-01-31")]
ROLES = {"wang": "业务员", "manager": "区域经理", "director": "销售总监", "boss": "总经理"}


@lru_cache
def books(seed, day):
    return hard_talker.HardTalker(seed, date.fromisoformat(day))


@lru_cache
def drawn(seed, day):
    return hard_talker.case(seed, day)


@lru_cache
def lesson(seed, day="2025-06-30"):
    return Lesson(hard_talker.NAME, ledger=drawn(seed, day), as_of=day, seed=seed)


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
    assert [amount(row[3]) for row in tables["vans"].rows] == [facts[f"van{n}"] for n in range(1, 7)]
    shown = tables["open"].rows
    assert [row[0] for row in shown] == ["FP-3", "FP-4", "FP-5", "FP-6", "余额"]
    assert round(sum(amount(row[3]) for row in shown[:-1]), 2) == amount(shown[-1][3]) == facts["owes"]
    assert facts["owes"] == ledger.balance(day) == compute("balance", ledger, pd.Timestamp(day), {})
    assert facts["late"] == pytest.approx(compute("overdue", ledger, pd.Timestamp(day), {}), abs=0.005)
    assert aging.schedule(ledger.open_items(day), day)["total"].sum() == pytest.approx(facts["owes"], abs=0.005)
    year = invoices.loc[invoices["issued"] > pd.Timestamp(day) - pd.Timedelta(days=365), "amount"].sum()
    assert facts["year_gross"] == pytest.approx(year, abs=0.005) and len(invoices) == 13


@pytest.mark.parametrize("seed, day", DRAWN)
def test_the_discrepancies_are_those_planted_and_no_other(seed, day):
    case = drawn(seed, day)
    facts, statement = case.facts, case.table("statements").iloc[0]
    tables = {name: case.table(name) for name in ("contracts", "deliveries", "invoices", "statements", "contacts")}
    found = gaps(hard_talker.CUSTOMER, as_of=day, **tables)
    assert list(zip(found["code"], found["reference"], strict=True)) == [("differs", "DZ-1")]
    assert statement["our_balance"] == case.ledger.balance(statement["as_of"])
    assert facts["short"] == pytest.approx(facts["cut"] + facts["leaking"], abs=0.001)
    assert facts["old"] == pytest.approx(facts["paid"] + facts["cut"], abs=0.001)
    assert facts["theirs"] == pytest.approx(facts["undisputed"] + facts["van6"], abs=0.001)
    assert facts["pay1"] + facts["pay2"] == pytest.approx(facts["undisputed"], abs=0.001)
    assert facts["cost_all"] - facts["cost_red"] == pytest.approx(facts["cut_tax"], abs=0.001)
    dispute = case.table("disputes").iloc[0]
    assert dispute["amount"] == facts["leaking"]
    late = (dispute["opened_on"] - case.table("deliveries").set_index("delivery_id").loc["SH-5", "delivered_on"]).days
    assert 0 < late <= 15


@pytest.mark.parametrize("seed, day", DRAWN)
def test_the_days_come_in_the_order_the_story_tells(seed, day):
    facts = drawn(seed, day).facts
    told = ["delivered3", "due3", "ask2", "granted", "asked", "answered", "delivered4", "reported", "statement_on",
            "sent", "confirmed", "as_of", "meet", "pay1_on", "pay2_on"]
    assert [facts[name] for name in told] == sorted(facts[name] for name in told)
    assert facts["paid_on"] < facts["reported"] and facts["as_of"] < facts["due6"] < facts["need_on"]
    assert facts["confirmed"] <= facts["again"] or facts["again"] < facts["as_of"]
    assert facts["granted"] < facts["asked"] < facts["answered"]  # promised first, asked then, and got less


@pytest.mark.parametrize("seed, day", DRAWN)
def test_the_lesson_holds_whatever_the_numbers(seed, day):
    """小王's evening cost money for nothing; the new deal gives less than it gets; the threat is half true."""
    one = books(seed, day)
    facts, was, now = drawn(seed, day).facts, one.as_it_was(), one.deal()
    assert [f.code for f in was.findings] == ["no_return", "not_written", "not_approved", "gave_more"]
    assert now.findings == () and now.net > 0 > was.net and was.got == 0
    assert (now.needed, facts["firm_approver"], was.needed) == ("总经理", "销售总监", "总经理")
    assert 0.35 < facts["kept_share"] < 0.75 and facts["year_left"] > 0
    assert facts["share_pumps"] > 0.4 and facts["share_valves"] < 0.16 and facts["share_of_us"] < 0.02
    assert facts["overdue4"] > 30 and facts["switch_days"] > facts["need_days"]
    before, _, after = (late for *_, late in one.lateness())
    assert before < 10 < after
    assert one.plan[1][0] <= one.as_of + pd.Timedelta(days=30)
    assert sum(facts[f"cost_{name}"] for name in ("wait", "cut", "charge", "supply")) == pytest.approx(facts["cost_all"])


@pytest.mark.parametrize("seed", range(4))
def test_who_may_grant_what_is_what_the_concession_ledger_says(seed):
    one = books(seed, "2025-06-30")
    old = one.given["wait"].amount + one.given["cut"].amount
    asked = {"seven": Days(old, 7), "sixty": Days(old, one.days), "one": Allowance(old / 100, red_invoice=True),
             "cut": Allowance(one.given["cut"].amount, red_invoice=False),
             "waive": WaivedInterest(one.late_old, chance="0.5", taxed=False)}
    pairs = lesson(seed).exercises["c2-04"].key.pairs
    assert {name: ROLES[pairs[name]] for name in asked} == {name: one.may(what) for name, what in asked.items()}
    assert pairs["visit"] == "wang"
    assert one.may(Supply("1000", margin="0.1", loss="0", days=30)) == "销售总监"


@pytest.mark.parametrize("seed, day", [*((n, "2025-06-30") for n in range(12)), *DRAWN[3:]])
def test_wrong_answers_of_a_case_are_told_apart_whatever_the_seed(seed, day):
    for name in lesson(seed, day).exercises:
        bound = lesson(seed, day).bound(name)
        assert check(bound, learners.perfect(bound)).status == "correct", name
        if bound.exercise.question.kind != "scene":  # does not know the case
            for answer, misconception in learners.wrong_answers(bound):
                assert check(bound, answer).misconception == misconception, (name, answer)


@pytest.mark.parametrize("seed", range(3))
def test_waiting_may_be_reckoned_simply_or_as_present_value(seed):
    """Both are honest: the difference is smaller than the tolerance."""
    facts = drawn(seed, "2025-06-30").facts
    simple = facts["rate"] * facts["days"] / 365
    for name, base, blank in (("c2-02", facts["year_gross"], "wait"), ("c2-06", facts["paid"], "wait")):
        bound = lesson(seed).bound(name)
        answer = learners.perfect(bound) | {blank: f"{base * simple:.2f}"}
        rest = "left" if name == "c2-02" else "all"
        sign = -1 if rest == "left" else 1
        whole = bound.figures[rest] + sign * (base * simple - bound.figures["wait"])
        assert check(bound, answer | {rest: f"{whole:.2f}"}).status == "correct"


def talks(name):
    """The dialogues of one tactic: letter -> what our side says."""
    found, letter = {}, ""
    for message in hard_talker.case(0).documents[name].messages:
        letter = message.day.strip("— ") or letter
        if message.mine:
            found.setdefault(letter, []).append(message.says)
    return {letter: "".join(said) for letter, said in found.items()}


RIGHT = {"red_black": "甲戊", "loose_rein": "甲戊", "face": "甲"}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_used_well_crosses_no_red_line(name):
    said = talks(name)
    assert list(said) == list("甲乙丙丁戊")
    assert [letter for letter in RIGHT[name] if redline.check(said[letter])] == []


def test_what_crosses_a_red_line_is_caught():
    assert redline.check(talks("red_black")["乙"]) and redline.check(talks("face")["丁"])


@pytest.mark.parametrize("seed", range(3))
def test_model_lines_and_what_we_say_ourselves_are_clean(seed):
    for name in ("c2-13", "c2-14"):
        assert redline.check(learners.perfect(lesson(seed).bound(name))) == []
    chat = drawn(seed, "2025-06-30").documents["chat_new"]
    assert isinstance(chat, Chat) and not [m for m in chat.messages if m.mine and redline.check(m.says)]
