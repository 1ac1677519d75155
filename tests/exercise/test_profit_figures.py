"""Figures of profit and of the three ceilings, on a ledger small enough to reckon by hand."""

import pandas as pd
import pytest

from receivables.errors import Undefined
from receivables.exercise.figures import compute
from receivables.ledger import Ledger
from receivables.ledger.company import profile

AS_OF = pd.Timestamp("2025-06-30")
FACTS = profile().money


@pytest.fixture(scope="module")
def ledger():
    """A1 paid 73 days late after a credit note, A2 in two parts, A3 written off but for a fifth, A4 open."""
    return Ledger.from_tables({
        "customers": pd.DataFrame({"customer_id": ["C1", "C2"], "name": ["甲乙水泵有限公司", "丙丁阀门有限公司"],
                                   "salesperson": ["沈立新", "韩雪琴"]}),
        "invoices": pd.DataFrame({
            "document_id": ["A1", "R1", "A2", "A3", "A4"],
            "document_type": ["invoice", "credit_note", "invoice", "invoice", "invoice"],
            "customer_id": ["C1", "C1", "C1", "C2", "C1"],
            "issued": ["2024-07-01", "2024-09-01", "2024-08-01", "2024-08-01", "2025-06-01"],
            "due": ["2024-08-30", None, "2024-09-30", "2024-09-30", "2025-06-15"],
            "currency": "CNY", "amount": [130_000.0, -17_000.0, 1_000.0, 50_000.0, 11_300.0],
            "parent_id": [None, "A1", None, None, None]}),
        "receipts": pd.DataFrame({
            "receipt_id": ["S1", "S2", "S3", "S4"], "customer_id": ["C1", "C1", "C1", "C2"],
            "received": ["2024-11-11", "2024-11-12", "2024-12-12", "2025-05-01"], "currency": "CNY",
            "amount": [113_000.0, 400.0, 600.0, 10_000.0], "reference": ["A1", "A2", "A2", None],
            "recovery_of": [None, None, None, "W1"]}),
        "write_offs": pd.DataFrame({"write_off_id": ["W1"], "customer_id": ["C2"], "document_id": ["A3"],
                                    "written_off_on": ["2024-12-31"], "amount": [50_000.0]}),
    })


def figure(ledger, name, **arguments):
    return compute(name, ledger, AS_OF, arguments)


def test_days_run_from_the_due_date(ledger):
    assert figure(ledger, "days_late", document="A1") == 73
    assert figure(ledger, "days_late", document="A1", since="issued") == 133


def test_interest_is_on_what_came_with_vat(ledger):
    assert figure(ledger, "received", document="A1") == 113_000
    assert figure(ledger, "late_interest", document="A1") == pytest.approx(113_000 * FACTS.borrowing_rate / 5)
    assert figure(ledger, "late_interest", document="A1", amount="net") == pytest.approx(
        100_000 * FACTS.borrowing_rate / 5)
    assert figure(ledger, "late_interest", document="A1", amount="billed") == pytest.approx(
        130_000 * FACTS.borrowing_rate / 5)


def test_margin_is_on_what_came_without_vat(ledger):
    assert figure(ledger, "earned", document="A1") == pytest.approx(100_000 * FACTS.gross_margin)
    assert figure(ledger, "interest_share", document="A1", margin="net_margin") == pytest.approx(
        113_000 * FACTS.borrowing_rate / 5 / (100_000 * FACTS.net_margin))


def test_the_margin_is_eaten_on_the_day_that_is_said(ledger):
    days = figure(ledger, "days_to_eat")
    assert 113_000 * FACTS.borrowing_rate * days / 365 == pytest.approx(100_000 * FACTS.gross_margin)


def test_an_invoice_paid_in_parts_has_no_one_payment(ledger):
    with pytest.raises(Undefined, match="paid 2 times"):
        figure(ledger, "days_late", document="A2")


def test_a_loss_is_lost_with_its_vat_less_what_still_came(ledger):
    assert figure(ledger, "written_off", customer="C2") == 40_000
    assert figure(ledger, "written_off", customer="C2", after_recovery=False) == 50_000
    assert figure(ledger, "sales_to_recover", customer="C2") == pytest.approx(40_000 / FACTS.gross_margin, abs=0.01)
    assert figure(ledger, "margin_of_loss", customer="C2") == pytest.approx(40_000 * FACTS.gross_margin)


def test_commission_is_on_net_cash_and_halved_after_sixty_days(ledger):
    assert figure(ledger, "commission_on", document="A1") == pytest.approx(600)
    assert figure(ledger, "commission_on", document="A1", rule="full") == pytest.approx(1200)
    assert figure(ledger, "commission_missed", documents=["A1"]) == pytest.approx(600)


def test_the_charge_for_a_loss_stops_at_what_was_earned(ledger):
    assert figure(ledger, "commission_charge", customer="C2", capped=False) == pytest.approx(2_000)
    assert figure(ledger, "commission_charge", customer="C2") < 200  # the recovery is all that ever came


@pytest.fixture(scope="module")
def company():
    from receivables import paths
    from receivables.ledger import read_ledger

    return read_ledger(paths.data("company"))


def test_the_three_ceilings_of_the_company(company):
    known = profile().ceilings
    daily = figure(company, "daily_sales")
    assert figure(company, "ceiling", line="funding") == pytest.approx(known.free_funds / known.cash_per_yuan, abs=0.01)
    assert figure(company, "ceiling", line="turnover") == pytest.approx(daily * known.target_dso, abs=0.01)
    assert figure(company, "ceiling", line="loss") == pytest.approx(known.tolerable_loss / known.expected_loss_rate)
    assert figure(company, "binding") == "周转线"
    assert figure(company, "daily_sales", tax="net") * 1.13 == pytest.approx(daily)
    assert figure(company, "over_the_line") == pytest.approx(
        figure(company, "balance") - figure(company, "ceiling", line="turnover"), abs=0.01)


def test_collecting_that_share_of_overdue_brings_the_balance_to_the_line(company):
    left = figure(company, "balance") - figure(company, "overdue_debts") * figure(company, "overdue_to_collect")
    assert left == pytest.approx(figure(company, "ceiling", line="limit"), abs=0.01)


def test_longer_terms_add_up(company):
    offer = {"customer": "C0131", "before": 30, "after": 60, "extra": 600_000}
    part = {what: figure(company, "longer_terms", what=what, **offer) for what in
            ("now", "margin", "receivable", "cash", "interest", "loss", "gain")}
    assert part["gain"] == pytest.approx(part["margin"] - part["interest"] - part["loss"], abs=0.02)
    assert part["receivable"] == pytest.approx((part["now"] + 600_000) * 60 / 365 - part["now"] * 30 / 365, abs=0.01)
    assert part["margin"] == pytest.approx(600_000 / 1.13 * FACTS.gross_margin, abs=0.01)
    assert part["interest"] == pytest.approx(part["cash"] * FACTS.borrowing_rate, abs=0.02)


def test_twelve_full_months_are_needed(ledger):
    with pytest.raises(Undefined, match="twelve full months"):
        compute("daily_sales", ledger, pd.Timestamp("2025-03-31"), {})


def test_sales_of_a_year_are_invoices_less_credit_notes(company):
    papers = company.table("invoices")
    papers = papers[papers["document_type"].isin(["invoice", "credit_note"]) & (papers["issued"] > "2024-06-30")]
    assert figure(company, "sales_a_year") == pytest.approx(float(papers["amount"].sum()), abs=0.01)
