"""The stories of the thread company can be found in its tables, and its first ledger has its published figures."""

from __future__ import annotations

import pandas as pd
import pytest

from receivables import paths
from receivables.ledger import Ledger, read_ledger
from receivables.ledger.company import profile
from receivables.ledger.schema import TABLES

AS_OF = pd.Timestamp(profile().course.as_of)
STORIES = profile().trainer_only


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.load(paths.data("company"))


@pytest.fixture(scope="module")
def tables(ledger) -> dict[str, pd.DataFrame]:
    return {name: ledger.table(name, minor=True) for name in TABLES}


# -- stories -------------------------------------------------------------------------------------------------------


def _kept(tables) -> pd.DataFrame:
    """For each ripe promise whether 90 % of it came in from a day before to three days after."""
    promises = tables["promises"]
    ripe = promises[promises["pay_by"] + pd.Timedelta(days=3) <= AS_OF]
    cash = tables["receipts"][["customer_id", "received", "amount"]].rename(columns={"amount": "cash"})
    near = ripe.merge(cash, on="customer_id")
    near = near[near["received"].between(near["pay_by"] - pd.Timedelta(days=1), near["pay_by"] + pd.Timedelta(days=3))]
    came = near.groupby("promise_id")["cash"].sum()
    return ripe.assign(kept=ripe["promise_id"].map(came).fillna(0).to_numpy() >= 0.9 * ripe["amount"].to_numpy())


def test_promises_are_kept_and_broken(tables):
    by_customer = _kept(tables).groupby("customer_id", observed=True)["kept"]
    assert 0.35 < _kept(tables)["kept"].mean() < 0.8
    assert (by_customer.mean() == 1).sum() > 20 and (by_customer.mean() == 0).sum() > 20


def test_the_squeeze_is_found(ledger, tables):
    """Of those who pay often and never much, the one whose balance grew most; and his promises are worth nothing."""
    customer = STORIES["squeeze"].customer
    recent = tables["receipts"][tables["receipts"]["received"] >= "2024-06-01"]
    small = recent.groupby("customer_id", observed=True)["amount"].agg(["size", "max"])
    assert small["size"][customer] >= 12 and small["max"][customer] <= 5_000_000
    paid = recent[recent["customer_id"] == customer]["amount"]
    assert (paid % 1_000_000 == 0).all()
    before, after = (ledger.open_items(day) for day in ("2024-06-30", AS_OF))
    grown = (after.groupby("customer_id", observed=True)["open_amount"].sum()
             - before.groupby("customer_id", observed=True)["open_amount"].sum()).dropna()
    often_small = small.index[(small["size"] >= 12) & (small["max"] <= 5_000_000)]
    assert grown[grown.index.isin(often_small)].idxmax() == customer
    assert grown[customer] > 600_000
    kept = _kept(tables).groupby("customer_id", observed=True)["kept"].agg(["size", "mean"])
    assert kept["mean"][customer] < 0.15 and kept["size"][customer] >= 20


def test_the_surge_is_found(tables):
    """Orders four times the usual, then no money: only one customer did both."""
    customer = STORIES["surge"].customer
    orders = tables["orders"]
    spring = orders[orders["ordered_on"].between("2025-02-01", "2025-04-30")].groupby("customer_id")["amount"].sum()
    usual = orders[orders["ordered_on"].between("2024-02-01", "2025-01-31")].groupby("customer_id")["amount"].sum() / 4
    last_paid = tables["receipts"].groupby("customer_id", observed=True)["received"].max()
    surged = (spring / usual)[lambda ratio: ratio > 3.5].index
    large = spring[spring > 100_000_000].index
    silent = last_paid[last_paid <= "2025-03-31"].index
    assert set(surged) & set(large) & set(silent) == {customer}
    contacts = tables["contacts"]
    after = contacts[(contacts["customer_id"] == customer) & (contacts["contacted_on"] > "2025-04-15")]
    assert len(after) >= 3 and (after["outcome"] == "no_answer").all()


def test_one_draft_is_dishonoured(ledger, tables):
    refused = tables["receipts"][tables["receipts"]["dishonoured"].notna()]
    assert refused["customer_id"].to_list() == [STORIES["dishonoured"].customer]
    assert refused["instrument"].to_list() == ["commercial_draft"]
    day, amount = refused["dishonoured"].iloc[0], refused["amount"].iloc[0] / 100
    eve, morrow = (ledger.open_items(on).groupby("customer_id", observed=True)["open_amount"].sum()
                   for on in (day - pd.Timedelta(days=1), day))
    customer = STORIES["dishonoured"].customer
    assert morrow[customer] - eve[customer] == pytest.approx(amount, abs=0.005) and amount > 100_000


def test_the_pretexts_are_found(tables):
    """Most disputes within a week after a contact, none of them upheld."""
    customer = STORIES["dispute"].customer
    pairs = tables["disputes"].merge(tables["contacts"][["customer_id", "contacted_on"]], on="customer_id")
    after = pairs[(pairs["opened_on"] - pairs["contacted_on"]).dt.days.between(1, 7)].drop_duplicates("dispute_id")
    counts = after["customer_id"].value_counts()
    assert counts.index[0] == customer and counts.iloc[0] > 3 * counts.iloc[1]
    own = tables["disputes"][tables["disputes"]["customer_id"] == customer]
    late = own[own["opened_on"] >= "2024-10-01"]
    assert set(late["outcome"].dropna()) <= {"rejected", "withdrawn"} and late["reason"].nunique() >= 4
    last = tables["receipts"].query("customer_id == @customer")["received"].max()
    assert last < pd.Timestamp("2024-11-01")
    sent = tables["deliveries"].query("customer_id == @customer and delivered_on < '2025-03-01'")
    assert sent["accepted_on"].notna().all()


def test_the_concealer_is_found(tables):
    """By four roads: copied notes, late entries, credit-and-rebill, statements that do not come back."""
    person = STORIES["concealer"].salesperson
    contacts = tables["contacts"]
    repeated = contacts.groupby("salesperson")["note"].agg(lambda notes: notes.value_counts(normalize=True).iloc[0])
    assert repeated.idxmax() == person and repeated[person] == 1 and repeated.drop(person).max() < 0.3
    delay = (contacts["logged_on"] - contacts["contacted_on"]).dt.days.groupby(contacts["salesperson"]).mean()
    assert delay.idxmax() == person and delay[person] > 5 * delay.drop(person).max()
    invoices = tables["invoices"]
    rebilled = invoices[invoices["reason"] == "rebill"]
    assert set(rebilled["customer_id"]) == set(STORIES["concealer"].customers)
    assert len(rebilled) >= 10 and set(rebilled["salesperson"]) == {person}
    bills = invoices[invoices["document_type"] == "invoice"].merge(
        tables["deliveries"][["delivery_id", "delivered_on"]], on="delivery_id")
    stale = bills[(bills["issued"] - bills["delivered_on"]).dt.days > 90]
    assert set(stale["customer_id"]) <= set(STORIES["concealer"].customers) and len(stale) >= 10
    for old in rebilled.itertuples():  # the same sum comes back within a week, newly dated
        again = invoices[(invoices["customer_id"] == old.customer_id) & (invoices["amount"] == -old.amount)]
        assert ((again["issued"] - old.issued).dt.days.between(1, 10)).any()
    who = tables["customers"].set_index("customer_id")["salesperson"]
    statements = tables["statements"].assign(salesperson=lambda s: s["customer_id"].astype("str").map(who))
    back = statements["confirmed_on"].notna().groupby(statements["salesperson"]).mean()
    assert back.idxmin() == person and back[person] < 0.5 * back.drop(person).min()


# -- the first ledger ----------------------------------------------------------------------------------------------


def test_first_ledger_has_its_published_figures():
    rows = pd.read_csv(paths.data("first_ledger.csv"), dtype=str, encoding="utf-8-sig")
    assert list(rows) == ["客户编码", "客户名称", "发票号码", "开票日期", "到期日", "价税合计", "已收金额", "未收金额"]
    fen = rows[["价税合计", "已收金额", "未收金额"]].apply(lambda c: c.str.replace(".", "").astype("int64"))
    assert (fen["价税合计"] - fen["已收金额"] == fen["未收金额"]).all()
    late = (AS_OF - pd.to_datetime(rows["到期日"])).dt.days
    assert len(rows) == 15
    found = [fen.loc[late > days, "未收金额"].sum() for days in (-999, 0, 30, 60)]
    assert found == [70294430, 51004525, 30558350, 13400860]
    assert 30 in set(late) and 0 in set(late)  # exactly thirty days late is not more than thirty; due today is not late


def test_first_ledger_is_all_its_customers_owe(ledger):
    rows = pd.read_csv(paths.data("first_ledger.csv"), dtype=str, encoding="utf-8-sig")
    items = ledger.open_items(AS_OF)
    for customer, group in rows.groupby("客户编码"):
        owed = items.loc[items["customer_id"] == customer, "open_amount"].sum()
        assert owed == pytest.approx(group["未收金额"].astype(float).sum(), abs=0.001)


def test_first_ledger_is_read_like_any_foreign_file():
    read = read_ledger(paths.data("first_ledger.csv"))
    assert read.kind == "open_snapshot" and read.problems == ()
    assert read.balance(AS_OF, minor=True) == 70294430
