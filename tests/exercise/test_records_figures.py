"""A customer's record against the ledger's own rows, counted here another way; and nothing from after the day."""

import pandas as pd
import pytest

from receivables import Undefined, paths
from receivables.exercise import figures
from receivables.exercise.figures.records import record
from receivables.ledger import Ledger

DAY = pd.Timestamp("2025-06-30")


@pytest.fixture(scope="module")
def ledger():
    return Ledger.load(paths.data("company"))


def of(ledger, what, customer="C0117", since="2024-10-01", day=DAY):
    return figures.compute("recorded", ledger, day, {"customer": customer, "what": what, "since": since})


def rows(ledger, table, column, customer="C0117", since="2024-10-01"):
    frame = ledger.table(table)
    days = frame[column]
    return frame[(frame["customer_id"].astype(str) == customer) & (days >= since) & (days <= DAY)]


def test_the_small_payer_is_counted_as_the_ledger_has_him(ledger):
    receipts = rows(ledger, "receipts", "received")
    assert of(ledger, "receipts") == len(receipts) == 13
    assert of(ledger, "received") == receipts["amount"].sum() == 390_000
    assert of(ledger, "largest") == receipts["amount"].max() == 40_000
    invoices = rows(ledger, "invoices", "issued")
    assert of(ledger, "billed") == pytest.approx(invoices["amount"].sum(), abs=0.005)
    assert of(ledger, "per_yuan") == pytest.approx(of(ledger, "billed") / 390_000)
    assert of(ledger, "yuan_per") * of(ledger, "per_yuan") == pytest.approx(1)
    items = ledger.open_items(DAY)
    mine = items[(items["customer_id"].astype(str) == "C0117") & (items["due"] < DAY) & (items["open_amount"] > 0)]
    assert of(ledger, "late") == pytest.approx(mine["open_amount"].sum(), abs=0.005)


def test_paper_that_was_not_honoured_is_no_money_and_keeps_no_promise(ledger):
    receipts = rows(ledger, "receipts", "received", customer="C0186")
    bad = receipts[receipts["dishonoured"] <= DAY]
    assert len(bad) == 1 and bad["amount"].sum() == 552_487.95
    assert of(ledger, "received", "C0186") == pytest.approx(receipts["amount"].sum() - 552_487.95) == 651_565.07
    assert (of(ledger, "kept", "C0186"), of(ledger, "broken", "C0186")) == (0, 2)
    assert record(ledger, DAY, "C0186").bounced == 1
    day_before = pd.Timestamp("2025-06-25")  # as far as anybody knew then, the paper was good
    assert of(ledger, "largest", "C0186", day=day_before) == 552_487.95


def test_nine_months_end_with_the_day_whatever_it_is(ledger):
    assert record(ledger, DAY, "C0117").since == pd.Timestamp("2024-10-01")
    assert record(ledger, pd.Timestamp("2025-03-31"), "C0117").since == pd.Timestamp("2024-07-01")


def test_a_promise_still_open_is_in_no_count(ledger):
    promises = rows(ledger, "promises", "promised_on")
    promises = promises[promises["pay_by"] >= "2024-10-01"]
    assert of(ledger, "promises") == (promises["pay_by"] < DAY - pd.Timedelta(days=3)).sum() + 1 == 14  # one made before
    assert of(ledger, "kept") == 0 and of(ledger, "broken") == 14
    assert of(ledger, "next_day") == "2025-07-07" and of(ledger, "next_sum") == 1_780_000
    assert 0 < of(ledger, "came") <= of(ledger, "received")
    assert of(ledger, "came_share") == pytest.approx(of(ledger, "came") / of(ledger, "promised"))


def test_each_dodge_of_the_exercise_is_in_the_ledger(ledger):
    hidden = rows(ledger, "contacts", "contacted_on", "C0186", "2025-05-01")
    assert (hidden["outcome"] == "no_answer").all() and of(ledger, "unreached", "C0186", "2025-05-01") == len(hidden) == 5
    passed = rows(ledger, "contacts", "contacted_on", "C0231", "2025-04-01")
    assert of(ledger, "referred", "C0231", "2025-04-01") == (passed["outcome"] == "referred").sum() == 3
    assert {"让找项目部签字", "说归集团资金部管"} <= {note.split("；")[0] for note in passed["note"]}
    assert of(ledger, "receipts", "C0231") == 0 and of(ledger, "orders", "C0231") == of(ledger, "over_limit", "C0231") == 7
    paid = rows(ledger, "receipts", "received", "C0021", "2025-01-01")
    own = paid[paid["instrument"].isin(["commercial_draft", "electronic_certificate"])]
    assert (own["acceptor"] == own["payer"]).all() and of(ledger, "paper", "C0021", "2025-01-01") == len(own) == 3
    assert of(ledger, "kept", "C0079") == of(ledger, "promises", "C0079") == 4
    assert of(ledger, "broken", "C0265", "2024-12-01") == 4 and of(ledger, "next_day", "C0265") == "2025-07-14"


def test_nobody_reached_at_all_counts_every_contact(ledger):
    known = record(ledger, DAY, "C0186", "2025-05-01")
    assert known.unreached == len(known.contacts)
    assert record(ledger, DAY, "C0265").unreached == 0  # the last talk was one


def test_nothing_from_after_the_day_is_read(ledger):
    early = pd.Timestamp("2025-02-10")
    known = record(ledger, early, "C0117")
    assert known.contacts["contacted_on"].max() <= early and known.contacts["logged_on"].max() <= early
    assert known.receipts["received"].max() <= early and known.orders["ordered_on"].max() <= early
    assert known.promises["promised_on"].max() <= early


def test_a_talk_entered_later_is_not_known_yet(ledger):
    known = record(ledger, pd.Timestamp("2025-06-20"), "C0149")  # the talk of the 17th was entered on the 27th
    assert f"{known.contacts['contacted_on'].max():%m-%d}" == "05-06"


def test_credit_notes_come_off_what_was_billed(ledger):
    bills = rows(ledger, "invoices", "issued", "C0149")
    assert (bills["document_type"] == "credit_note").any()
    assert of(ledger, "billed", "C0149") == pytest.approx(bills["amount"].sum(), abs=0.005)
    assert of(ledger, "billed", "C0149") < bills.loc[bills["amount"] > 0, "amount"].sum()


def test_what_falls_due_today_is_not_late(ledger):
    items = ledger.open_items(DAY)
    mine = items[(items["customer_id"].astype(str) == "C0215") & (items["open_amount"] > 0)]
    assert (mine["due"] == DAY).any()
    assert of(ledger, "late", "C0215") == pytest.approx(mine.loc[mine["due"] < DAY, "open_amount"].sum(), abs=0.005)


def test_quarters_add_up_to_the_record(ledger):
    table = figures.compute("said_and_done", ledger, DAY, {"customer": "C0117"})
    *quarters, total = [[float(text.replace(",", "")) for text in row[1:]] for row in table.rows]
    assert [round(sum(column), 2) for column in zip(*quarters, strict=True)] == total
    whole = [of(ledger, what) / 1e4 for what in ("promised", "came", "received", "billed")]
    assert total == pytest.approx(whole, abs=0.005)


def test_invoices_name_who_took_them_or_say_that_nobody_did(ledger):
    documents = ["FP2504-0231-1", "FP2503-0102-1", "FP2503-0244-1", "FP2505-0059-2"]
    table = figures.compute("invoices_handed_over", ledger, DAY, {"documents": documents})
    bills = ledger.table("invoices").set_index("document_id").loc[documents]
    missing = [row[2] == "没有记录" for row in table.rows]
    assert missing == bills["handed_over_on"].isna().tolist() == [False, True, False, True]
    assert all(row[3] != "没有签收" for row in table.rows)


def test_the_copied_log_is_one_sentence_entered_late_without_proof(ledger):
    facts = {what: figures.compute("log_facts", ledger, DAY, {"customer": "C0149", "since": "2024-10-01", "what": what})
             for what in ("entries", "wordings", "evidence", "delay")}
    table = figures.compute("contact_log", ledger, DAY, {"customer": "C0149", "since": "2024-10-01"})
    assert facts["entries"] == len(table.rows) and facts["wordings"] == len({row[2] for row in table.rows}) == 1
    assert facts["evidence"] == 0 and facts["delay"] > 20


@pytest.mark.parametrize("what", ["per_yuan", "came_share", "largest", "next_day"])
def test_what_cannot_be_counted_is_undefined(ledger, what):
    with pytest.raises(Undefined):
        of(ledger, what, "C0231")


def test_an_unknown_fact_says_which_there_are(ledger):
    with pytest.raises(ValueError, match="per_yuan"):
        of(ledger, "mood")
