"""The chain of evidence and the clocks on a ledger's tables."""

from datetime import date

import pandas as pd
import pytest

from receivables.law import evidence, ledger_clock

AS_OF = "2026-06-30"


def table(*rows, dates=()):
    frame = pd.DataFrame(list(rows))
    for column in dates:
        frame[column] = pd.to_datetime(frame[column])
    return frame


def flags(frame, *columns):
    return frame.astype(dict.fromkeys(columns, "boolean"))


def contract(**change):
    row = dict(contract_id="H1", customer_id="C1", signed_on="2025-01-05", amount=100000, terms_days=30,
               terms_start="delivery", late_rate=0.12, sealed=True, original_held=True, signatory_authorised=True,
               service_address="上海市甲路1号", performance_place="卖方住所地") | change
    return flags(table(row, dates=["signed_on"]), "sealed", "original_held", "signatory_authorised")


def delivery(**change):
    row = dict(delivery_id="D1", customer_id="C1", contract_id="H1", delivered_on="2025-02-01", amount=50000,
               signed=True, signer_authorised=True, original_held=True, accepted_on="2025-02-03") | change
    return flags(table(row, dates=["delivered_on", "accepted_on"]), "signed", "signer_authorised", "original_held")


def invoice(**change):
    row = dict(document_id="I1", customer_id="C1", document_type="invoice", issued="2025-02-05", amount=50000,
               handed_over_on="2025-02-06") | change
    return table(row, dates=["issued", "handed_over_on"])


def statement(**change):
    row = dict(statement_id="S1", customer_id="C1", as_of="2026-03-31", our_balance=50000, their_balance=50000,
               confirmed_on="2026-04-10", sealed=True) | change
    return flags(table(row, dates=["as_of", "confirmed_on"]), "sealed")


def contact(**change):
    row = dict(contact_id="K1", customer_id="C1", document_id=None, contacted_on="2026-05-01", demand=True,
               evidence_kept=True, reached_debtor=True) | change
    return flags(table(row, dates=["contacted_on"]), "demand", "evidence_kept", "reached_debtor")


def promise(**change):
    row = dict(promise_id="P1", customer_id="C1", document_id=None, promised_on="2026-05-02", amount=50000,
               in_writing=True) | change
    return flags(table(row, dates=["promised_on"]), "in_writing")


def receipt(**change):
    row = dict(receipt_id="R1", customer_id="C1", received="2025-06-01", amount=1000, reference=None, third_party=False,
               dishonoured=None) | change
    return flags(table(row, dates=["received", "dishonoured"]), "third_party")


def report(**change):
    full = dict(contracts=contract(), deliveries=delivery(), invoices=invoice(), statements=statement(),
                contacts=contact(), promises=promise())
    return evidence.gaps("C1", as_of=AS_OF, **full | change)


def test_a_full_file_has_no_gap():
    found = report()
    assert found.empty and list(found.columns) == evidence.COLUMNS
    assert found.attrs["as_of"] == AS_OF and "截至 2026-06-30" in found.attrs["notice"]


@pytest.mark.parametrize("change, item, code, stake", [
    (dict(contracts=None), "contract", "none", None),
    (dict(contracts=contract(signed_on="2026-07-01")), "contract", "none", None),
    (dict(contracts=contract(sealed=False)), "contract", "unsealed", 100000),
    (dict(contracts=contract(original_held=False)), "contract", "no_original", 100000),
    (dict(contracts=contract(signatory_authorised=False)), "contract", "signatory", 100000),
    (dict(contracts=contract(terms_days=None)), "contract", "no_terms", 100000),
    (dict(contracts=contract(late_rate=None)), "contract", "no_late_rate", 100000),
    (dict(contracts=contract(service_address="")), "contract", "no_service_address", 100000),
    (dict(contracts=contract(performance_place=None)), "contract", "no_performance_place", 100000),
    (dict(deliveries=None), "delivery", "none", 50000),
    (dict(deliveries=delivery(signed=False)), "delivery", "unsigned", 50000),
    (dict(deliveries=delivery(signer_authorised=False)), "delivery", "signer", 50000),
    (dict(deliveries=delivery(original_held=False)), "delivery", "no_original", 50000),
    (dict(deliveries=delivery(accepted_on=None), contracts=contract(terms_start="acceptance")), "delivery",
     "not_accepted", 50000),
    (dict(invoices=invoice(handed_over_on=None)), "invoice", "not_handed_over", 50000),
    (dict(statements=None), "statement", "none", None),
    (dict(statements=statement(confirmed_on=None)), "statement", "unconfirmed", 50000),
    (dict(statements=statement(confirmed_on="2026-07-01")), "statement", "unconfirmed", 50000),
    (dict(statements=statement(sealed=False)), "statement", "unsealed", 50000),
    (dict(statements=statement(their_balance=48000)), "statement", "differs", 2000),
    (dict(statements=statement(as_of="2025-12-29")), "statement", "old", 50000),
    (dict(contacts=None), "demand", "none", None),
    (dict(contacts=contact(demand=False)), "demand", "none", None),
    (dict(contacts=contact(contacted_on="2026-07-01")), "demand", "none", None),
    (dict(contacts=contact(evidence_kept=False)), "demand", "not_kept", None),
    (dict(contacts=contact(reached_debtor=False)), "demand", "not_reached", None),
    (dict(promises=promise(in_writing=False)), "promise", "oral", 50000),
])
def test_each_gap_is_found_alone_and_says_what_it_costs(change, item, code, stake):
    found = report(**change)
    assert found[["item", "code"]].values.tolist() == [[item, code]]
    row = found.iloc[0]
    assert row["state"] == "缺" and row["gap"] and row["costs"] and row["fix"] and row["citation"]
    assert pd.isna(row["at_stake"]) if stake is None else row["at_stake"] == stake


def test_not_known_is_not_missing():
    assert report(contracts=contract(sealed=pd.NA))["state"].tolist() == ["不清楚"]


def test_edges_of_the_statement_and_the_acceptance():
    assert report(statements=statement(as_of="2025-12-30")).empty  # exactly six months before
    assert report(deliveries=delivery(accepted_on=None)).empty  # no acceptance was agreed
    good = contact(contact_id="K2", contacted_on="2026-01-01")
    assert report(contacts=pd.concat([contact(reached_debtor=False), good], ignore_index=True)).empty


def test_every_gap_of_the_checklist_can_be_found():
    tested = {(m[1], m[2]) for m in test_each_gap_is_found_alone_and_says_what_it_costs.pytestmark[0].args[1]}
    assert tested == {(name, code) for name, item in evidence.checklist().items() for code in item.gaps}


def test_a_stranger_is_refused():
    with pytest.raises(ValueError, match="C9"):
        evidence.gaps("C9", as_of=AS_OF, contracts=contract())


ITEMS = pd.DataFrame({"customer_id": ["C1", "C1", "C2"], "document_id": ["I1", "I2", "I3"],
                      "due": pd.to_datetime(["2023-03-10", "2023-07-10", None])})


def clock(**tables):
    return ledger_clock.clocks(ITEMS, ledger_clock.events(**tables), as_of=AS_OF).set_index("document_id")


def test_without_events_the_clock_runs_from_the_due_date():
    bare = clock()
    assert bare.loc["I1", "alert_date"].date() == date(2026, 3, 10) and bare.loc["I1", "expired"]
    assert bare.loc["I2", "days_left"] == 10 and not bare.loc["I2", "expired"]
    assert list(bare.index) == ["I1", "I2"]  # the most urgent first
    table = ledger_clock.clocks(ITEMS, ledger_clock.events(), as_of=AS_OF)
    assert table.attrs["undefined"] == {"I3": "没有到期日：先定时效从哪天起算"}
    assert "非法律意见" in table.attrs["notice"]


@pytest.mark.parametrize("tables, moved", [
    (dict(contacts=contact(contacted_on="2025-05-01")), {"I1": "2028-05-01", "I2": "2028-05-01"}),
    (dict(contacts=contact(contacted_on="2025-05-01", document_id="I2")), {"I1": "2026-03-10", "I2": "2028-05-01"}),
    (dict(contacts=contact(contacted_on="2025-05-01", reached_debtor=False)), {"I1": "2026-03-10"}),
    (dict(contacts=contact(contacted_on="2025-05-01", evidence_kept=pd.NA)), {"I1": "2026-03-10"}),
    (dict(promises=promise(promised_on="2025-05-02")), {"I1": "2028-05-02"}),
    (dict(promises=promise(promised_on="2025-05-02", in_writing=False)), {"I1": "2026-03-10"}),
    (dict(statements=statement(confirmed_on="2025-05-03")), {"I1": "2028-05-03", "I2": "2028-05-03"}),
    (dict(statements=statement(confirmed_on="2025-05-03", sealed=False)), {"I1": "2026-03-10"}),
    (dict(receipts=receipt(reference="I1")), {"I1": "2028-06-01", "I2": "2026-07-10"}),
    (dict(receipts=receipt(), allocations=pd.DataFrame(
        {"source_type": ["receipt"], "source_id": ["R1"], "document_id": ["I2"]})), {"I1": "2026-03-10",
                                                                                    "I2": "2028-06-01"}),
    (dict(receipts=receipt(reference="I1", third_party=True)), {"I1": "2026-03-10"}),
    (dict(receipts=receipt(reference="I1", dishonoured="2025-07-01")), {"I1": "2026-03-10"}),
    (dict(receipts=receipt(reference="I1", amount=-1000)), {"I1": "2026-03-10"}),
    (dict(contacts=contact(contacted_on="2026-07-01")), {"I1": "2026-03-10"}),
    (dict(contacts=contact(contacted_on="2025-05-01", customer_id="C2")), {"I1": "2026-03-10"}),
])
def test_only_what_stands_up_in_court_moves_the_clock(tables, moved):
    found = clock(**tables)["alert_date"]
    assert {document: str(found[document].date()) for document in moved} == moved


def test_the_real_tables_have_the_columns_this_reads():
    schema = pytest.importorskip("receivables.ledger.schema")
    tables = {name: schema.TABLES[name].empty() for name in ("contracts", "deliveries", "invoices", "statements",
                                                             "contacts", "promises", "receipts", "allocations")}
    made = dict(contracts=contract(), deliveries=delivery(), invoices=invoice(), statements=statement(),
                contacts=contact(), promises=promise(), receipts=receipt())
    for name, frame in made.items():
        assert set(frame.columns) <= set(tables[name].columns), name
    empty = ledger_clock.events(**{name: tables[name] for name in ("contacts", "promises", "statements", "receipts",
                                                                   "allocations")})
    assert empty.empty
    gaps = evidence.gaps("C1", as_of=AS_OF, contracts=contract(), **{
        name: tables[name] for name in ("deliveries", "invoices", "statements", "contacts", "promises")})
    assert gaps["code"].tolist() == ["none", "none"]  # no statement, no demand
