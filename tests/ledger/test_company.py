"""The thread company: the same bytes every time, books that tie out, and everything the course was promised."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from receivables import paths
from receivables.content import ContentError, load
from receivables.ledger import Ledger
from receivables.ledger.company import generate, profile
from receivables.ledger.company.accounts import people
from receivables.ledger.company.books import Books
from receivables.ledger.company.cast import cast
from receivables.ledger.company.market import market
from receivables.ledger.company.payments import Settlement
from receivables.ledger.company.profile import Company
from receivables.ledger.company.trade import trade
from receivables.ledger.schema import TABLES

FOLDER = paths.data("company")
AS_OF = pd.Timestamp(profile().course.as_of)
START = pd.Timestamp(profile().course.history_from)
# Firms everybody in China knows, and words of real groups: no invented name may contain one.
FAMOUS = Path(__file__).with_name("famous_names.txt").read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The committed files, as a ledger holds them (money in fen)."""
    ledger = Ledger.load(FOLDER)
    return {name: ledger.table(name, minor=True) for name in TABLES}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.load(FOLDER)


@pytest.fixture(scope="module")
def other() -> dict[str, pd.DataFrame]:
    """Another company of the same make: what must hold by construction holds there too."""
    return generate(seed=7)


# -- files ---------------------------------------------------------------------------------------------------------


def test_regenerating_gives_the_same_bytes(tmp_path):
    """In another process with another hash seed, locale and time zone."""
    env = os.environ | {"PYTHONHASHSEED": "4242", "LC_ALL": "C", "LANG": "C", "TZ": "America/St_Johns",
                        "PYTHONPATH": str(paths.course_root() / "lib"), "PYTHONUTF8": "0"}
    subprocess.run([sys.executable, "-m", "receivables.ledger.company", str(tmp_path)], env=env, check=True,
                   cwd=tmp_path, stdout=subprocess.DEVNULL, timeout=120)
    made = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    kept = {file.relative_to(paths.data()): file.read_bytes()
            for file in [*FOLDER.iterdir(), paths.data("first_ledger.csv")]}
    assert sorted(made) == sorted(kept)
    assert [str(name) for name in made if made[name] != kept[name]] == []


def test_small_and_plain_text():
    sizes = {file.name: file.stat().st_size for file in FOLDER.glob("*.csv")}
    assert sum(sizes.values()) < 5_000_000, sizes
    for file in FOLDER.iterdir():
        content = file.read_bytes()
        assert b"\r" not in content and not content.startswith(b"\xef\xbb\xbf"), file.name
        content.decode("utf-8")


def test_data_package_describes_every_file():
    package = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["path"] for r in package["resources"]} == {file.name for file in FOLDER.glob("*.csv")}
    assert "虚构" in package["description"]
    for resource in package["resources"]:
        header = (FOLDER / resource["path"]).read_text(encoding="utf-8").split("\n", 1)[0]
        assert header.split(",") == [field["name"] for field in resource["schema"]["fields"]]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_data_dictionaries_explain_every_column_and_code(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert "虚构" in text
    for resource in json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        section = text.split(f"## {resource['path']}\n", 1)[1].split("\n## ", 1)[0]
        for field in resource["schema"]["fields"]:
            assert re.search(rf"^\| `{field['name']}` \|.*{re.escape(field['title'])}", section, re.M), field["name"]
            for code in field.get("constraints", {}).get("enum", []):
                assert re.search(rf"`{code}` [\u4e00-\u9fff]", section), code


# -- books ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["tables", "other"])
def test_every_table_obeys_its_schema(which, request):
    frames = request.getfixturevalue(which)
    assert list(frames) == list(TABLES)
    for name, frame in frames.items():
        assert len(frame), name
        TABLES[name].schema.validate(frame)


def _journal(frames) -> pd.DataFrame:
    """Every movement of receivables by customer, day and kind, from the raw tables alone."""
    inv, rec, off = frames["invoices"], frames["receipts"], frames["write_offs"]
    recovered = rec["recovery_of"].notna()
    parts = [inv.assign(day=inv["issued"], what=np.where(inv["amount"] < 0, "credited", "invoiced")),
             rec.assign(day=rec["received"], amount=-rec["amount"], what="received"),
             rec[rec["dishonoured"].notna()].assign(day=lambda f: f["dishonoured"], what="received"),
             off.assign(day=off["written_off_on"], amount=-off["amount"], what="written_off"),
             rec[recovered].assign(day=lambda f: f["received"], what="written_off")]
    return pd.concat([part[["customer_id", "day", "amount", "what"]].astype({"customer_id": "str"}) for part in parts])


@pytest.mark.parametrize("which", ["tables", "other"])
def test_books_tie_out_per_customer_and_in_total(which, request):
    """opening + invoiced - received - credited - written off = closing = open items, to the fen, each quarter."""
    frames = request.getfixturevalue(which)
    books = Ledger.from_tables(frames, minor=True)
    assert books.problems == ()
    journal = _journal(frames)
    for day in pd.date_range(START - pd.Timedelta(days=1), AS_OF, freq="QE"):
        items = books.open_items(day, minor=True)
        ours = journal[journal["day"] <= day].groupby("customer_id")["amount"].sum()
        theirs = items.groupby(items["customer_id"].astype("str"))["open_amount"].sum()
        theirs = theirs.reindex(ours.index, fill_value=0)
        assert (ours == theirs).all(), day
        control = frames["controls"].set_index("as_of")["balance"][day]
        assert ours.sum() == items["open_amount"].sum() == control


def test_statements_carry_the_balance_of_their_day(ledger, tables):
    """What we asked the customer to confirm is what he owed by the books: debts without unapplied money."""
    statements = tables["statements"]
    for day, sent in statements.groupby("as_of"):
        items = ledger.open_items(day, minor=True)
        debts = items[items["open_amount"] > 0]
        owed = debts.groupby(debts["customer_id"].astype("str"))["open_amount"].sum()
        assert (sent["customer_id"].astype("str").map(owed) == sent["our_balance"]).all(), day


@pytest.mark.parametrize("customer", [*cast(), "C0001"])
def test_generator_and_ledger_agree_on_what_is_open(customer, ledger):
    """The simulation's own count of a customer's open bills, and the ledger's, on the last day."""
    account = people(profile(), market())[int(customer[1:]) - 1]
    books = Books(profile().course.currency)
    trade(books, profile(), market(), account)
    Settlement(books, profile(), market(), account).play()
    items = ledger.open_items(AS_OF, minor=True)
    debts = items[(items["customer_id"] == customer) & (items["open_amount"] > 0)]
    assert account.balance_on(AS_OF.date()) == debts["open_amount"].sum()


def test_roll_forward_closes_on_the_control_account(ledger, tables):
    roll = ledger.roll_forward(minor=True)
    closing = roll["closing"].tail(len(tables["controls"]) - 1).to_list()
    assert closing == tables["controls"].sort_values("as_of")["balance"].to_list()[1:]
    moved = roll["opening"] + roll["invoiced"] - roll["received"] - roll["credited"] - roll["written_off"]
    assert (moved == roll["closing"]).all()


@pytest.mark.parametrize("which", ["tables", "other"])
def test_no_document_is_overpaid_and_none_lies_outside_the_history(which, request):
    frames = request.getfixturevalue(which)
    journal = _journal(frames)
    assert journal["day"].max() <= AS_OF
    early = frames["invoices"]["issued"] < START
    assert (early == (frames["invoices"]["document_type"] == "opening")).all()
    for table, column in (("receipts", "received"), ("allocations", "applied"), ("write_offs", "written_off_on"),
                          ("contacts", "contacted_on"), ("promises", "promised_on")):
        assert frames[table][column].between(START, AS_OF).all(), table
    items = Ledger.from_tables(frames, minor=True).open_items(AS_OF, minor=True)
    debts = items[items["document_type"].isin(["invoice", "opening", "retention"])]
    assert (debts["open_amount"] > 0).all()
    invoices = frames["invoices"]
    taxed = (invoices["net"] * profile().money.vat_rate - invoices["tax"]).astype("float64")
    assert taxed.abs().max() < 1  # the fen


def test_paper_follows_the_goods(tables):
    orders, sent, bills = tables["orders"], tables["deliveries"], tables["invoices"]
    sent = sent.merge(orders[["order_id", "ordered_on"]], on="order_id", validate="one_to_one")
    assert (sent["delivered_on"] > sent["ordered_on"]).all()
    bills = bills[bills["delivery_id"].notna()].merge(sent[["delivery_id", "delivered_on"]], on="delivery_id")
    assert (bills["issued"] >= bills["delivered_on"]).all() and (bills["due"] >= bills["issued"]).all()
    contracts = tables["contracts"].set_index("contract_id")["signed_on"]
    assert (orders["contract_id"].map(contracts) <= orders["ordered_on"]).all()


# -- promised features, each counted -------------------------------------------------------------------------------


def _count_features(t: dict[str, pd.DataFrame]) -> dict[str, int]:
    inv, rec, alloc, ret = t["invoices"], t["receipts"], t["allocations"], t["retention"]
    credit = inv[inv["document_type"] == "credit_note"]
    per_invoice = alloc[alloc["source_type"] == "receipt"]["document_id"].value_counts()
    state = t["statements"]
    return {
        "customers": len(t["customers"]), "kinds": t["customers"]["kind"].nunique(),
        "debt types": t["customers"]["debt_type"].nunique(), "salespeople": t["customers"]["salesperson"].nunique(),
        "opening documents": (inv["document_type"] == "opening").sum(),
        "part-paid invoices": (per_invoice > 1).sum(),
        "credit notes": len(credit), "rebates": (credit["reason"] == "rebate").sum(),
        "retention": len(ret), "retention past due and open": (ret["due"] < AS_OF).sum(),
        "bank drafts": (rec["instrument"] == "bank_draft").sum(),
        "commercial drafts": (rec["instrument"] == "commercial_draft").sum(),
        "certificates": (rec["instrument"] == "electronic_certificate").sum(),
        "third-party payers": rec["third_party"].sum(), "on account": rec["on_account"].sum(),
        "refunds": (rec["amount"] < 0).sum(), "recoveries": rec["recovery_of"].notna().sum(),
        "disputes": len(t["disputes"]), "open disputes": t["disputes"]["resolved_on"].isna().sum(),
        "written disputes": t["disputes"]["in_writing"].sum(),
        "promises": len(t["promises"]), "contacts": len(t["contacts"]),
        "contacts before due": (t["contacts"]["outcome"] == "confirmed").sum(),
        "write-offs of failed customers": (t["write_offs"]["amount"] > 1_000_000).sum(),
        "tails written off": (t["write_offs"]["amount"] < 10_000).sum(),
        "failed and not written off": (t["customers"]["insolvent_on"] > pd.Timestamp("2024-12-20")).sum(),
        "statements confirmed": state["confirmed_on"].notna().sum(),
        "statements not confirmed": state["confirmed_on"].isna().sum(),
        "statements that differ": (state["their_balance"] != state["our_balance"]).fillna(False).sum(),
        "unsigned delivery notes": (~t["deliveries"]["signed"]).sum(),
        "delivered, not invoiced": (~t["deliveries"]["delivery_id"].isin(inv["delivery_id"])).sum(),
        "over the limit": t["orders"]["over_limit"].sum(), "related parties": t["customers"]["related_party"].sum(),
        "groups": t["customers"]["group_id"].nunique(), "guarantees": t["contracts"]["guarantor"].notna().sum(),
        "back to back": t["contracts"]["back_to_back"].sum(), "unsealed contracts": (~t["contracts"]["sealed"]).sum(),
    }


AT_LEAST = {
    "opening documents": 200, "part-paid invoices": 200, "credit notes": 150, "rebates": 60, "retention": 500,
    "retention past due and open": 100, "bank drafts": 200, "commercial drafts": 40, "certificates": 60,
    "third-party payers": 10, "on account": 60, "refunds": 3, "recoveries": 1, "disputes": 150, "open disputes": 8,
    "written disputes": 60, "promises": 1000, "contacts": 3000, "contacts before due": 100,
    "write-offs of failed customers": 10, "tails written off": 20, "failed and not written off": 1,
    "statements confirmed": 500, "statements not confirmed": 300, "statements that differ": 60,
    "unsigned delivery notes": 100, "delivered, not invoiced": 10, "over the limit": 300, "related parties": 1,
    "groups": 2, "guarantees": 10, "back to back": 2, "unsealed contracts": 20}


def test_promised_features_exist(tables):
    found = _count_features(tables)
    assert (found.pop("customers"), found.pop("kinds"), found.pop("debt types")) == (300, 6, 3)
    assert found.pop("salespeople") == 12
    assert set(found) == set(AT_LEAST)
    assert {name: int(count) for name, count in found.items() if count < AT_LEAST[name]} == {}


def test_kinds_are_those_of_the_profile(tables):
    counts = tables["customers"]["kind"].value_counts()
    assert counts.to_dict() == {kind.id: kind.customers for kind in profile().kinds}
    of_kind = tables["customers"].groupby("kind")["debt_type"].unique()
    assert {kind: list(types) for kind, types in of_kind.items()} == {k.id: [k.debt_type] for k in profile().kinds}


def test_terms_are_30_60_90(tables):
    assert set(tables["contracts"]["terms_days"]) == {30, 60, 90}
    public = tables["contracts"][tables["contracts"]["debtor_size"] == "public_body"]
    assert (public["terms_days"] > 60).any()  # beyond what the regulation allows a public body: material for module 11


def test_creditor_size_is_ours_on_signing(tables):
    contracts = tables["contracts"]
    assert [profile().size_on(day.date()) for day in contracts["signed_on"]] == contracts["creditor_size"].to_list()


# -- realism -------------------------------------------------------------------------------------------------------


def test_company_is_realistic(ledger, tables):
    items = ledger.open_items(AS_OF)
    net = items["open_amount"].sum()
    debts = items[items["open_amount"] > 0]
    overdue = debts.loc[debts["due"] < AS_OF, "open_amount"].sum() / debts["open_amount"].sum()
    assert 0.25 < overdue < 0.40
    bills = tables["invoices"][tables["invoices"]["document_type"] == "invoice"]
    year = bills.loc[bills["issued"] > AS_OF - pd.DateOffset(years=1), "amount"].sum() / 100
    assert 60 < net / year * 365 < 110
    shares = bills.groupby("customer_id", observed=True)["amount"].sum().sort_values(ascending=False)
    assert 0.6 < shares.head(60).sum() / shares.sum() < 0.85
    assert shares.iloc[0] / shares.sum() < 0.12
    months = bills[bills["issued"] < "2025-01-01"].groupby(bills["issued"].dt.month)["amount"].sum()
    assert months[12] > 1.15 * months.mean() and months[2] < 0.9 * months.mean()


def test_months_before_the_spring_festival_bring_more_cash(tables):
    receipts = tables["receipts"].merge(tables["customers"][["customer_id", "debt_type"]], on="customer_id")
    project = receipts[(receipts["debt_type"] != "dealer") & receipts["received"].between("2023-01-01", "2024-12-31")]
    by_month = project.groupby(project["received"].dt.month)["amount"].sum()
    assert by_month[1] > 1.2 * by_month.mean()


def test_names_are_invented(tables):
    names = tables["customers"]["name"]
    assert names.is_unique
    brands = {a + b for a in market().brand_first for b in market().brand_second}
    said = [*names, profile().name, *market().banks]
    assert [name for name in said if any(word in name for word in FAMOUS)] == []
    assert not brands & set(FAMOUS)
    places = tuple(market().places)
    assert all(name.startswith(places) for name in names)
    assert "虚构" in profile().fiction


# -- the profile ---------------------------------------------------------------------------------------------------


def test_profile_asks_for_what_it_knows():
    company = profile()
    assert company.size_on(date(2025, 6, 1)) == "medium"
    with pytest.raises(ValueError, match="no size before 2020-01-01"):
        company.size_on(date(2019, 12, 31))
    with pytest.raises(ValueError, match="no authority for '董事长'"):
        company.may_grant("董事长")
    limits = [row.amount for row in company.authority[:-1]]
    assert limits == sorted(limits) and company.may_grant("总经理").amount is None


def test_three_ceilings_differ_and_bite(ledger):
    """F10: what we can carry is the smallest of three, and we carry more."""
    company = profile()
    bills = ledger.table("invoices").query("document_type == 'invoice'")
    daily = bills.loc[bills["issued"] > AS_OF - pd.DateOffset(years=1), "amount"].sum() / 365
    lines = {"cash": company.ceilings.free_funds / company.ceilings.cash_per_yuan,
             "turnover": daily * company.ceilings.target_dso,
             "loss": company.ceilings.tolerable_loss / company.ceilings.expected_loss_rate}
    assert min(lines, key=lines.get) == "turnover"
    assert len({round(line, -6) for line in lines.values()}) == 3
    assert ledger.balance(AS_OF) > max(lines.values())


def test_profile_with_a_fault_names_its_line(tmp_path):
    text = paths.data("company.yaml").read_text(encoding="utf-8").replace("vat_rate: 0.13", "vat_rate: 13")
    broken = tmp_path / "company.yaml"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"company.yaml: line \d+, money.vat_rate"):
        load(broken, Company)
