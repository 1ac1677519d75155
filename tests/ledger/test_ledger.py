"""The ledger itself: allocation as a history, balances that tie, refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables import Undefined
from receivables.ledger import Ledger, LedgerError
from receivables.ledger.allocate import match


def invoices(*rows):
    """(id, customer, issued, due, amount), amounts in yuan."""
    frame = pd.DataFrame(rows, columns=["document_id", "customer_id", "issued", "due", "amount"])
    kind = np.where(frame["amount"] < 0, "credit_note", "invoice")
    return frame.assign(document_type=kind, currency="CNY")


def receipts(*rows, **more):
    frame = pd.DataFrame(rows, columns=["receipt_id", "customer_id", "received", "amount"]).assign(currency="CNY")
    return frame.assign(**more)


def open_by_id(ledger, as_of):
    items = ledger.open_items(as_of)
    return dict(zip(items["document_id"], items["open_amount"], strict=True))


def day(n):
    return pd.Timestamp("2024-01-01") + pd.Timedelta(days=n)


# -- the rule -------------------------------------------------------------------------------------------------


def test_unreferenced_cash_goes_to_the_oldest_due_item_open_that_day():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(
                ("A", "c", "2024-01-01", "2024-03-31", 100), ("B", "c", "2024-01-10", "2024-02-10", 100)
            ),
            "receipts": receipts(("R", "c", "2024-01-05", 40), ("S", "c", "2024-01-20", 120)),
        }
    )
    assert open_by_id(ledger, "2024-01-05") == {"A": 60}
    assert open_by_id(ledger, "2024-01-19") == {"A": 60, "B": 100}
    assert open_by_id(ledger, "2024-01-20") == {"A": 40}  # B falls due first


def test_a_named_invoice_is_paid_and_the_excess_goes_to_the_oldest():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(
                ("A", "c", "2024-01-01", "2024-01-31", 100), ("B", "c", "2024-01-02", "2024-02-28", 50)
            ),
            "receipts": receipts(("R", "c", "2024-02-01", 70), reference="B"),
        }
    )
    assert open_by_id(ledger, "2024-02-01") == {"A": 80}


def test_prepayment_waits_and_is_applied_on_the_invoice_date():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(("A", "c", "2024-02-01", "2024-03-01", 100)),
            "receipts": receipts(("R", "c", "2024-01-15", 130)),
        }
    )
    assert open_by_id(ledger, "2024-01-31") == {"R": -130}
    assert open_by_id(ledger, "2024-02-01") == {"R": -30}
    assert ledger.settlements()["applied"].tolist() == [pd.Timestamp("2024-02-01")]


def test_cash_on_account_and_credit_notes_without_parent_stay_apart():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(("A", "c", "2024-01-01", "2024-01-31", 100), ("K", "c", "2024-01-02", None, -30)),
            "receipts": receipts(("R", "c", "2024-01-03", 20), on_account=True),
        }
    )
    items = ledger.open_items("2024-01-31")
    assert dict(zip(items["document_id"], items["open_amount"], strict=True)) == {"A": 100, "K": -30, "R": -20}
    assert items.set_index("document_id").loc["K", "document_type"] == "credit_note"
    assert ledger.balance("2024-01-31") == 50


def test_credit_note_reduces_its_parent_from_its_own_date():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(
                ("A", "c", "2024-01-01", "2024-01-31", 100),
                ("K", "c", "2024-02-05", None, -130),
            ).assign(parent_id=[None, "A"])
        }
    )
    assert open_by_id(ledger, "2024-02-04") == {"A": 100}
    assert open_by_id(ledger, "2024-02-05") == {"K": -30}


def test_refused_draft_brings_the_debt_back_on_that_day_only():
    tables = {
        "invoices": invoices(("A", "c", "2024-01-01", "2024-01-31", 100)),
        "receipts": receipts(("R", "c", "2024-02-01", 100), dishonoured="2024-08-01", instrument="commercial_draft"),
    }
    ledger = Ledger.from_tables(tables)
    assert open_by_id(ledger, "2024-07-31") == {}
    assert open_by_id(ledger, "2024-08-01") == {"A": 100}
    assert ledger.roll_forward()["received"].tolist() == [0, 100, 0, 0, 0, 0, 0, -100]
    stated = Ledger.from_tables(
        tables
        | {
            "allocations": pd.DataFrame(
                {
                    "allocation_id": ["L"],
                    "source_type": "receipt",
                    "source_id": "R",
                    "document_id": "A",
                    "applied": "2024-02-01",
                    "amount": 100,
                }
            )
        }
    )
    assert open_by_id(stated, "2024-07-31") == {} and open_by_id(stated, "2024-08-01") == {"A": 100}


def test_recovery_after_write_off_leaves_the_balance():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(("A", "c", "2024-01-01", "2024-01-31", 100)),
            "write_offs": pd.DataFrame(
                {
                    "write_off_id": ["W"],
                    "customer_id": "c",
                    "document_id": "A",
                    "written_off_on": "2024-06-30",
                    "amount": 100,
                }
            ),
            "receipts": receipts(("R", "c", "2024-09-01", 40), recovery_of="W"),
        }
    )
    assert open_by_id(ledger, "2024-06-30") == {} == open_by_id(ledger, "2024-12-31")
    moves = ledger.roll_forward().loc["2024-09"]
    assert (moves["received"], moves["written_off"], moves["closing"]) == (40, -40, 0)


def test_retention_falls_due_on_its_own_date_and_is_paid_last():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(
                ("A", "c", "2024-01-01", "2024-01-31", 100), ("B", "c", "2024-03-01", "2024-03-31", 60)
            ),
            "retention": pd.DataFrame(
                {"retention_id": ["Q"], "customer_id": "c", "document_id": "A", "amount": 5, "due": "2026-01-31"}
            ),
            "receipts": receipts(("R", "c", "2024-03-10", 120)),
        }
    )
    items = ledger.open_items("2024-03-10")
    assert items[["document_type", "open_amount"]].values.tolist() == [["retention", 5.0], ["invoice", 35.0]]
    assert items["due"].tolist() == [pd.Timestamp("2026-01-31"), pd.Timestamp("2024-03-31")]


def test_refund_takes_unapplied_cash():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(("A", "c", "2024-01-01", "2024-01-31", 100)),
            "receipts": receipts(("R", "c", "2024-02-01", 150), ("S", "c", "2024-02-10", -50)),
        }
    )
    assert open_by_id(ledger, "2024-02-09") == {"R": -50}
    assert open_by_id(ledger, "2024-02-10") == {}


def test_an_allocation_row_is_the_books_word():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(
                ("A", "c", "2024-01-01", "2024-01-31", 100), ("B", "c", "2024-01-02", "2024-02-28", 50)
            ),
            "receipts": receipts(("R", "c", "2024-02-01", 70)),
            "allocations": pd.DataFrame(
                {
                    "allocation_id": ["L"],
                    "source_type": "receipt",
                    "source_id": "R",
                    "document_id": "B",
                    "applied": "2024-02-03",
                    "amount": 50,
                }
            ),
        }
    )
    assert open_by_id(ledger, "2024-02-02") == {"A": 100, "B": 50, "R": -70}
    assert open_by_id(ledger, "2024-02-03") == {"A": 100, "R": -20}


def test_movements_of_every_kind_add_up_by_month():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(
                ("A", "c", "2024-01-10", "2024-02-29", 100),
                ("K", "c", "2024-02-05", None, -30),
                ("B", "c", "2024-02-06", "2024-02-28", 20),
            ).assign(parent_id=[None, "A", None]),
            "receipts": receipts(("R", "c", "2024-03-01", 15), on_account=True),
            "write_offs": pd.DataFrame(
                {
                    "write_off_id": ["W"],
                    "customer_id": "c",
                    "document_id": "A",
                    "written_off_on": "2024-03-31",
                    "amount": 7,
                }
            ),
        }
    )
    assert ledger.roll_forward().drop(columns="currency").values.tolist() == [
        [0, 100, 0, 0, 0, 100],
        [100, 20, 0, 30, 0, 90],
        [90, 0, 15, 0, 7, 68],
    ]
    months = ledger.monthly("2024-03-31").set_index("month")
    columns = ["days", "sales", "collections", "credited", "current_end", "overdue_end", "credits_end", "complete"]
    assert months.loc["2024-02", columns].tolist() == [29, 20, 0, 30, 70, 20, 0, True]  # due on the last day: current
    assert months.loc["2024-03", columns].tolist() == [31, 0, 15, 0, 0, 83, -15, True]
    assert ledger.monthly("2024-02-10")[["days", "complete"]].values.tolist() == [[31, True], [10, False]]


# -- properties -----------------------------------------------------------------------------------------------

amounts = st.integers(1, 40)
documents = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 40), amounts), min_size=1, max_size=12
)
money = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 100), amounts, st.integers(-6, 11)), max_size=12)


def build(docs, cash):
    inv = invoices(*[(f"D{n}", f"c{c}", day(i), day(i + t), a / 100) for n, (c, i, t, a) in enumerate(docs)])
    rec = receipts(*[(f"R{n}", f"c{c}", day(d), a / 100) for n, (c, d, a, _) in enumerate(cash)])
    named = [f"D{r}" if 0 <= r < len(docs) else None for *_, r in cash]
    return Ledger.from_tables(
        {
            "customers": pd.DataFrame({"customer_id": ["c0", "c1", "c2"]}),
            "invoices": inv,
            "receipts": rec.assign(reference=pd.array(named, dtype="str")),
        }
    )


def slow_open(docs, cash, as_of):
    """The rule, written out item by item and day by day."""
    left = {n: a for n, (_, _, _, a) in enumerate(docs)}
    wallet = {n: a for n, (_, _, a, _) in enumerate(cash)}
    arrived = []
    for today in range(as_of + 1):
        is_open = [n for n, (_, i, _, _) in enumerate(docs) if i <= today]
        ready = []
        for n, (c, d, _, r) in enumerate(cash):
            names = 0 <= r < len(docs) and docs[r][0] == c
            if today == (max(d, docs[r][1]) if names else d):
                ready.append((0 if names else 0, n, r if names else None))
        for _, n, r in ready:
            if r is not None:
                paid = min(wallet[n], left[r])
                wallet[n] -= paid
                left[r] -= paid
        arrived += [n for _, n, _ in ready]
        for n in arrived:
            for k in sorted(
                (k for k in is_open if docs[k][0] == cash[n][0]), key=lambda k: (docs[k][1] + docs[k][2], k)
            ):
                paid = min(wallet[n], left[k])
                wallet[n] -= paid
                left[k] -= paid
    result = {f"D{n}": a for n, a in left.items() if a and docs[n][1] <= as_of}
    return result | {f"R{n}": -a for n, a in wallet.items() if a and cash[n][1] <= as_of}


@settings(max_examples=50)
@given(documents, money)
def test_the_rule_by_days_equals_the_rule_written_out(docs, cash):
    ledger = build(docs, cash)
    for as_of in (*range(0, 60, 9), *range(60, 112, 5)):
        items = ledger.open_items(day(as_of), minor=True)
        found = dict(zip(items["document_id"], items["open_amount"].tolist(), strict=True))
        assert found == slow_open(docs, cash, as_of)


@settings(max_examples=20)
@given(documents, money, money, st.integers(0, 100))
def test_the_past_does_not_change_when_later_receipts_come(docs, cash, later, as_of):
    later = [(c, d + as_of + 1, a, r) for c, d, a, r in later]
    before = build(docs, cash).open_items(day(as_of), minor=True)
    after = build(docs, cash + later).open_items(day(as_of), minor=True)
    pd.testing.assert_frame_equal(before, after)


@settings(max_examples=20)
@given(documents, money, st.integers(0, 99))
def test_every_total_is_the_same_and_time_only_ages(docs, cash, as_of):
    ledger = build(docs, cash)
    frame = ledger.roll_forward(freq="D", minor=True)
    assert (
        frame["closing"]
        == frame["opening"] + frame["invoiced"] - frame["received"] - frame["credited"] - frame["written_off"]
    ).all()
    last = frame.index[-1].end_time.normalize()
    assert frame["closing"].iloc[-1] == ledger.open_items(last, minor=True)["open_amount"].sum()
    months = ledger.monthly(minor=True)
    assert months["ar_end"].iloc[-1] == frame["closing"].iloc[-1]
    assert (months["ar_end"] == months["current_end"] + months["overdue_end"] + months["credits_end"]).all()
    early, late = ledger.open_items(day(as_of)), ledger.open_items(day(as_of + 1))
    both = early.merge(late, on="document_id", suffixes=("", "_late"))
    assert (both["due"] == both["due_late"]).all()  # so days past due grow by one: never a younger bucket
    debts = both[both["open_amount"] > 0]
    assert (debts["open_amount_late"] <= debts["open_amount"]).all()


@given(
    st.lists(st.tuples(st.integers(0, 3), amounts), max_size=8),
    st.lists(st.tuples(st.integers(0, 3), amounts), max_size=8),
)
def test_matching_uses_nothing_twice(sources, items):
    sources, items = sorted(sources, key=lambda x: x[0]), sorted(items, key=lambda x: x[0])
    s, i, amount = match(*zip(*sources, strict=True), *zip(*items, strict=True)) if sources and items else ([], [], [])
    for key in range(4):
        cash, debt = sum(a for k, a in sources if k == key), sum(a for k, a in items if k == key)
        assert sum(int(a) for x, a in zip(s, amount, strict=True) if sources[x][0] == key) == min(cash, debt)
    for position, (_, whole) in enumerate(items):
        assert sum(int(a) for x, a in zip(i, amount, strict=True) if x == position) <= whole
    for position, (_, whole) in enumerate(sources):
        assert sum(int(a) for x, a in zip(s, amount, strict=True) if x == position) <= whole


# -- edges ----------------------------------------------------------------------------------------------------


def test_what_the_kind_cannot_support_is_refused_with_the_reason():
    tables = {"invoices": invoices(("A", "c", "2024-01-01", "2024-01-31", 100))}
    snapshot = Ledger.from_tables(tables, kind="open_snapshot")
    assert snapshot.balance("2024-02-01") == 100
    for refused in (
        snapshot.roll_forward,
        snapshot.monthly,
        snapshot.settlements,
        lambda: snapshot.open_items("2023-12-31"),
    ):
        with pytest.raises(Undefined, match="open on the day of the export"):
            refused()


def test_currencies_are_never_added():
    ledger = Ledger.from_tables(
        {
            "invoices": invoices(
                ("A", "c", "2024-01-01", "2024-01-31", 100), ("B", "c", "2024-01-01", "2024-01-31", 7)
            ).assign(currency=["CNY", "USD"]),
            "receipts": receipts(("R", "c", "2024-02-01", 500)),
        }
    )
    with pytest.raises(ValueError, match="never added"):
        ledger.balance("2024-01-31")
    with pytest.raises(ValueError, match="never added"):
        ledger.monthly("2024-01-31")
    assert ledger.balance("2024-02-01", currency="USD") == 7  # money in CNY does not pay it
    assert ledger.roll_forward()["closing"].tolist() == [100, -400, 7]


def test_a_ledger_does_not_change():
    ledger = Ledger.from_tables({"invoices": invoices(("A", "c", "2024-01-01", "2024-01-31", 100))})
    with pytest.raises(AttributeError, match="does not change"):
        ledger.kind = "history"
    for minor in (False, True):
        mine = ledger.table("invoices", minor=minor)
        mine["amount"] = 0
    assert ledger.balance("2024-01-31") == 100


def test_control_balance_is_compared_and_a_difference_comes_first():
    tables = {
        "invoices": invoices(("A", "c", "2024-01-01", "2024-01-31", 100)),
        "controls": pd.DataFrame({"control_id": ["1"], "as_of": "2024-01-31", "currency": "CNY", "balance": 90.5}),
    }
    ledger = Ledger.from_tables(tables)
    assert ledger.control("2024-01-31").tolist() == [100, 90.5, 9.5]
    assert ledger.control("2024-01-31", 100)["difference"] == 0
    assert "differ by 9.50 CNY on 2024-01-31" in str(ledger.problems[0])
    with pytest.raises(Undefined, match="no control balance"):
        ledger.control("2024-02-01")


def test_no_document_is_settled_beyond_its_amount():
    tables = {
        "invoices": invoices(("A", "c", "2024-01-01", "2024-01-31", 100)),
        "receipts": receipts(("R", "c", "2024-02-01", 60), ("S", "c", "2024-02-02", 60)),
        "allocations": pd.DataFrame(
            {
                "allocation_id": ["L", "M"],
                "source_type": "receipt",
                "source_id": ["R", "S"],
                "document_id": "A",
                "applied": "2024-02-02",
                "amount": 60,
            }
        ),
    }
    with pytest.raises(LedgerError, match="more settled than the document's amount"):
        Ledger.from_tables(tables)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"allocations": ("A", 101)}, "more allocated than the source holds"),
        ({"allocations": ("Z", 10)}, "no such invoice"),
        ({"allocations": ("A", -10)}, "must reduce both"),
        ({"invoices": {"due": None}}, "the due date is missing"),
        ({"invoices": {"amount": -5}}, "only a credit note may be negative"),
        ({"invoices": {"currency": None}}, "a value is missing"),
        ({"invoices": {"document_type": "Rechnung"}}, "not allowed here"),
        ({"invoices": {"issued": "31/01/2024"}}, "not a date written"),
        ({"invoices": {"net": 1.0, "tax": 2.0}}, "do not add up"),
        ({"invoices": {"colour": "red"}}, "unknown column"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(change, words):
    inv = invoices(("A", "c", "2024-01-01", "2024-01-31", 200)).assign(**change.get("invoices", {}))
    tables = {"invoices": inv, "receipts": receipts(("R", "c", "2024-02-01", 100))}
    if "allocations" in change:
        document, amount = change["allocations"]
        tables["allocations"] = pd.DataFrame(
            {
                "allocation_id": ["L"],
                "source_type": "receipt",
                "source_id": "R",
                "document_id": document,
                "applied": "2024-02-01",
                "amount": amount,
            }
        )
    with pytest.raises(LedgerError, match=words):
        Ledger.from_tables(tables)


def test_all_problems_come_at_once():
    inv = invoices(("A", "c", "2024-13-01", "x", 1), ("A", "c", "2024-01-01", "2024-01-31", 1)).astype("str")
    inv["amount"] = ["1,2,3", "=1+1"]
    with pytest.raises(LedgerError) as caught:
        Ledger.from_tables({"invoices": inv})
    assert {(p.row, p.column) for p in caught.value.problems} == {
        (2, "issued"),
        (2, "due"),
        (2, "amount"),
        (3, "amount"),
    }


def test_saved_and_loaded_is_the_same_ledger(tmp_path):
    ledger = Ledger.from_tables(
        {
            "customers": pd.DataFrame(
                {
                    "customer_id": ["007"],
                    "name": "虚构机电有限公司",
                    "related_party": True,
                    "credit_limit": 1000.5,
                    "terms_days": 30,
                    "commission_rate": 0.012,
                }
            ),
            "invoices": invoices(("A", "007", "2024-01-01", "2024-01-31", 100.01)),
            "receipts": receipts(("R", "007", "2024-02-01", 0.05)),
        }
    )
    ledger.save(tmp_path / "one", package={"title": "虚构"})
    again = Ledger.load(tmp_path / "one")
    assert again == ledger
    again.save(tmp_path / "two", package={"title": "虚构"})
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
    assert again != Ledger.from_tables({"invoices": invoices(("A", "007", "2024-01-01", "2024-01-31", 100.02))})


def test_salesperson_kind_and_disputes_are_carried_to_the_items():
    ledger = Ledger.from_tables(
        {
            "customers": pd.DataFrame(
                {"customer_id": ["c"], "kind": "dealer", "debt_type": "dealer", "salesperson": "甲"}
            ),
            "invoices": invoices(
                ("A", "c", "2024-01-01", "2024-01-31", 1), ("B", "c", "2024-01-01", "2024-01-31", 2)
            ).assign(salesperson=["乙", None]),
            "disputes": pd.DataFrame(
                {
                    "dispute_id": ["D"],
                    "customer_id": "c",
                    "document_id": "B",
                    "reason": "quality",
                    "opened_on": "2024-02-01",
                    "resolved_on": "2024-03-01",
                }
            ),
        }
    )
    items = ledger.open_items("2024-02-01").set_index("document_id")
    assert items["salesperson"].tolist() == ["乙", "甲"] and items["kind"].tolist() == ["dealer", "dealer"]
    assert items["disputed"].tolist() == [False, True]
    assert not ledger.open_items("2024-03-01")["disputed"].any()
