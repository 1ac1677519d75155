"""The calculations on a real Ledger: its column types, its totals, its two units of money."""

import numpy as np
import pandas as pd
import pytest

from receivables import content, paths
from receivables.analysis import forecast, limits, reconcile, time_to_pay, warning, worklist
from receivables.analysis.warning_measures import TABLES
from receivables.ledger import Ledger

DAY = "2025-12-31"


@pytest.fixture(scope="module")
def ledger():
    """Twelve customers, a year of invoices; some pay late, in pieces, by draft; contacts, promises, orders, limits."""
    rng = np.random.default_rng(7)
    people = [f"{n:03d}" for n in range(1, 13)]
    size = 240
    issued = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 360, size), unit="D")
    invoices = pd.DataFrame({"document_id": [f"A{n:04d}" for n in range(size)], "document_type": "invoice",
                             "customer_id": rng.choice(people, size), "issued": issued,
                             "due": issued + pd.Timedelta(days=30), "currency": "CNY",
                             "amount": np.round(rng.lognormal(8, 1, size), 2)})
    paid = invoices[rng.random(size) < 0.75]
    receipts = pd.DataFrame({"receipt_id": [f"R{n:04d}" for n in range(len(paid))], "customer_id": paid["customer_id"],
                             "received": paid["due"] + pd.to_timedelta(rng.integers(-10, 60, len(paid)), unit="D"),
                             "currency": "CNY", "amount": paid["amount"], "reference": paid["document_id"],
                             "instrument": rng.choice(["transfer", "commercial_draft"], len(paid)),
                             "payer": rng.choice(["甲", "乙"], len(paid))})
    when = pd.date_range("2025-01-15", periods=20, freq="17D")
    log = pd.DataFrame({"customer_id": rng.choice(people, 20), "on": when})
    return Ledger.from_tables({
        "customers": pd.DataFrame({"customer_id": people, "credit_limit": 50_000.0}),
        "invoices": invoices, "receipts": receipts.reset_index(drop=True),
        "orders": pd.DataFrame({"order_id": [f"O{n}" for n in range(20)], "customer_id": log["customer_id"],
                                "ordered_on": log["on"], "amount": 5000.0, "over_limit": [True, False] * 10}),
        "contacts": pd.DataFrame({"contact_id": [f"K{n}" for n in range(20)], "customer_id": log["customer_id"],
                                  "contacted_on": log["on"], "channel": "phone", "person": "王",
                                  "outcome": ["no_answer", "promised"] * 10}),
        "promises": pd.DataFrame({"promise_id": [f"P{n}" for n in range(20)], "customer_id": log["customer_id"],
                                  "promised_on": log["on"], "pay_by": log["on"] + pd.Timedelta(days=10),
                                  "amount": 1000.0}),
        "disputes": pd.DataFrame({"dispute_id": ["D1"], "customer_id": [invoices["customer_id"].iat[0]],
                                  "document_id": [invoices["document_id"].iat[0]], "opened_on": ["2025-12-01"],
                                  "reason": ["quality"]}),
        "statements": pd.DataFrame({"statement_id": ["S1"], "customer_id": ["001"], "as_of": ["2025-10-31"],
                                    "currency": ["CNY"], "our_balance": [1.0], "sent_on": ["2025-11-02"]}),
    })


def measures(ledger, minor):
    tables = {name: ledger.table(name, minor=minor) for name in TABLES}
    return warning.measure({**tables, "settlements": ledger.settlements(minor=minor)},
                           ledger.open_items(DAY, minor=minor), DAY)


def test_warning_measures_are_the_same_in_fen_and_in_yuan(ledger):
    yuan, fen = measures(ledger, False), measures(ledger, True)
    pd.testing.assert_frame_equal(yuan, fen)
    assert yuan.attrs["undefined"] == [] and len(yuan) == 12
    assert yuan["slower_payment"].notna().any() and (yuan["over_limit_orders"] > 0).any()
    assert yuan.loc["001", "unconfirmed_statement"] == 59
    found = warning.assess(yuan, content.load(paths.data("warning_signals.yaml"), warning.SignalSet))
    assert found.scores["score"].between(0, 100).all() and found.scores["reasons"].str.len().max() > 0


def test_exposure_statements_and_worklist_tie_to_the_balance(ledger):
    items, balance = ledger.open_items(DAY), ledger.balance(DAY)
    table = limits.exposure(items, DAY, limits=ledger.table("customers").set_index("customer_id")["credit_limit"])
    assert (table["exposure"] - table["credits"]).sum() == pytest.approx(balance)
    pages = [reconcile.statement(items, customer, DAY) for customer in items["customer_id"].unique()]
    assert sum(page.net for page in pages) == pytest.approx(balance)
    policy = content.load(paths.data("worklist.yaml"), worklist.WorklistPolicy)
    ranked = worklist.rank(items, DAY, policy)
    assert ranked["overdue"].sum() == pytest.approx(table["overdue"].sum())
    assert sum(page.overdue for page in pages) == pytest.approx(table["overdue"].sum())


def test_time_to_pay_and_forecast_from_the_ledger(ledger):
    settled = ledger.settlements().groupby("document_id").agg(closed=("applied", "max"))
    invoices = ledger.table("invoices").merge(settled, on="document_id", how="left")
    still_open = invoices["document_id"].isin(ledger.open_items(DAY)["document_id"])
    known = time_to_pay.durations(invoices["issued"], invoices["closed"].mask(still_open), DAY)
    line = time_to_pay.curve(known["days"], known["paid"])
    assert 20 < line.median < 100
    items = ledger.open_items(DAY)
    debts = items[items["open_amount"] > 0]
    said = forecast.cash(debts, DAY, line)
    assert said.weeks["expected"].sum() + said.beyond + said.unknown == pytest.approx(debts["open_amount"].sum())
    assert said.weeks["expected"].sum() > 0
