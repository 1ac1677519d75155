"""Invoices credited and billed again, and due dates counted from the delivery."""

import pandas as pd
import pytest

from receivables import paths
from receivables.analysis import reissue
from receivables.ledger import Ledger

D = pd.Timestamp


def tables(**changed):
    """One invoice, its credit note of 27 June and a new invoice of 30 June; ``changed`` sets cells of the new one."""
    rows = [
        {"document_id": "F1", "document_type": "invoice", "issued": D("2025-01-02"), "due": D("2025-03-03"),
         "amount": 80.05, "delivery_id": "S1"},
        {"document_id": "H1", "document_type": "credit_note", "issued": D("2025-06-27"), "due": pd.NaT,
         "amount": -80.05, "parent_id": "F1"},
        {"document_id": "F2", "document_type": "invoice", "issued": D("2025-06-30"), "due": D("2025-08-29"),
         "amount": 80.05, "delivery_id": "S1"} | changed,
    ]
    invoices = pd.DataFrame([{"customer_id": "A"} | row for row in rows],
                            columns=["document_id", "document_type", "customer_id", "issued", "due", "amount",
                                     "delivery_id", "parent_id"])
    return invoices, pd.DataFrame({"delivery_id": ["S1"], "delivered_on": [D("2025-01-01")]})


def test_a_pair_is_found_with_what_it_gained():
    pair = reissue.reissued(*tables()).iloc[0]
    assert (pair["old"], pair["new"], pair["gained"], pair["amount"]) == ("F1", "F2", 179, 80.05)
    assert pair["delivered_on"] == D("2025-01-01")


@pytest.mark.parametrize("changed", [
    {"amount": 80.06}, {"delivery_id": "S2"}, {"customer_id": "B"}, {"issued": D("2025-07-08")},
    {"issued": D("2025-06-26")},
], ids=lambda change: next(iter(change)))
def test_another_sum_delivery_customer_or_time_is_no_pair(changed):
    assert reissue.reissued(*tables(**changed)).empty


def test_the_tenth_day_still_counts():
    assert len(reissue.reissued(*tables(issued=D("2025-07-07")))) == 1
    assert reissue.reissued(*tables(issued=D("2025-07-07")), within=9).empty


def test_missing_columns_are_named():
    invoices, deliveries = tables()
    with pytest.raises(ValueError, match="parent_id"):
        reissue.reissued(invoices.drop(columns="parent_id"), deliveries)


def test_the_terms_run_from_the_delivery_only_where_it_was_earlier():
    items = pd.DataFrame({"document_id": ["F1", "F2", "F3"], "issued": [D("2025-06-30")] * 3,
                          "due": [D("2025-08-29")] * 3})
    bills = pd.DataFrame({"document_id": ["F1", "F2", "F3"], "delivery_id": ["S1", "S2", None]})
    sent = pd.DataFrame({"delivery_id": ["S1", "S2"], "delivered_on": [D("2025-01-01"), D("2025-07-15")]})
    anew = reissue.due_by_delivery(items, bills, sent, "2025-07-31")
    assert anew["due"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-02", "2025-08-29", "2025-08-29"]
    assert reissue.due_by_delivery(items, bills, sent, "2025-06-30")["delivered_on"].notna().tolist() == [
        True, False, False]


def test_the_company_has_them_only_with_one_salesperson():
    """The pairs are those whose credit notes say so, and no others: no false alarm in three years of books."""
    ledger = Ledger.load(paths.data("company"))
    invoices = ledger.table("invoices")
    pairs = reissue.reissued(invoices, ledger.table("deliveries"))
    assert set(pairs["credit_note"]) == set(invoices.loc[invoices["reason"] == "rebill", "document_id"])
    assert (pairs["gained"] > 90).all() and pairs["new"].is_unique
