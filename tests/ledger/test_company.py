"""The thread company: the same bytes every time, books that tie out, and everything the course was promised."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest

from receivables import paths
from receivables.content import ContentError, load
from receivables.ledger import Ledger
from receivables.ledger.company import generate, profile
from receivables.ledger.company.market import market
from receivables.ledger.company.profile import Company
from receivables.ledger.schema import TABLES

FOLDER = paths.data("company")
AS_OF = pd.Timestamp(profile().course.as_of)
START = pd.Timestamp(profile().course.history_from)
STORIES = profile().trainer_only
# Firms everybody in China knows, and words of real groups: no invented name may contain one.
FAMOUS = """海尔 格力 美的 中建 中铁 中交 中冶 中核 中石油 中石化 中海油 中粮 中车 中兴 华为 万科 碧桂园 恒大 融创 保利 绿地 龙湖 三一 徐工
中联 柳工 正泰 德力西 施耐德 西门子 格兰富 威乐 凯泉 南方泵 利欧 新界 大元 汇川 禾川 英威腾 台达 松下 三菱 日立 东芝 欧姆龙 霍尼韦尔
江森 特灵 约克 开利 麦克维尔 天加 远大 京东 阿里 腾讯 百度 震坤行 工品汇 西域 国药 恒瑞 迈瑞 比亚迪 宁德 吉利 长城 长安 奇瑞 上汽
一汽 东风 北汽 广汽 蒙牛 伊利 茅台 五粮液 娃哈哈 农夫 双汇 海天 立邦 三棵树 联塑 伟星 日丰 公牛 欧普 雷士 老板 方太 苏泊尔 九阳 大全
特变 许继 平高 南瑞 国电 大唐 华能 华电 国网 南网 首钢 宝钢 鞍钢 沙钢 河钢 协和 同济 华西 湘雅""".split()


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
        theirs = items.groupby(items["customer_id"].astype("str"))["open_amount"].sum().reindex(ours.index, fill_value=0)
        assert (ours == theirs).all(), day
        control = frames["controls"].set_index("as_of")["balance"][day]
        assert ours.sum() == items["open_amount"].sum() == control


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
    """Among customers who paid ten times or more since the turn, the one whose balance still grew most in multiples."""
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
    owed = [ledger.open_items(on).groupby("customer_id", observed=True)["open_amount"].sum()[refused["customer_id"].iloc[0]]
            for on in (day - pd.Timedelta(days=1), day)]
    assert owed[1] - owed[0] == pytest.approx(amount, abs=0.005) and amount > 100_000


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
    assert [fen.loc[late > days, "未收金额"].sum() for days in (-999, 0, 30, 60)] == [70294430, 51004525, 30558350, 13400860]
    assert 30 in set(late) and 0 in set(late)  # exactly thirty days late is not more than thirty; due today is not late


def test_first_ledger_is_all_its_customers_owe(ledger):
    rows = pd.read_csv(paths.data("first_ledger.csv"), dtype=str, encoding="utf-8-sig")
    items = ledger.open_items(AS_OF)
    for customer, group in rows.groupby("客户编码"):
        owed = items.loc[items["customer_id"] == customer, "open_amount"].sum()
        assert owed == pytest.approx(group["未收金额"].astype(float).sum(), abs=0.001)


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
