"""Papers filled from the ledger: they tie to it to the fen, say nothing forbidden, and leave nothing unfilled."""

import io
import re
import shutil
import subprocess
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from typer.testing import CliRunner

from receivables import paths
from receivables.course.cli import app
from receivables.course.scripts import claims, plan, rows, templates
from receivables.course.scripts.account import of as account_of
from receivables.course.scripts.html import to_html
from receivables.course.scripts.letters import letters
from receivables.course.scripts.paper import Fields, Head, Items, Para, Said, Sign, Table
from receivables.course.scripts.word import to_docx
from receivables.errors import Undefined
from receivables.law.parameters import get
from receivables.ledger import Ledger
from receivables.ledger.company import profile
from receivables.talk import redline

DAY = date(2025, 6, 30)
LATE, DISPUTED, CREDITS = "C0117", "C0231", "C0082"


@pytest.fixture(scope="module")
def company():
    return Ledger.load(paths.data("company"))


@pytest.fixture(scope="module")
def sets(company):
    return {customer: letters(company, customer, DAY)[0] for customer in (LATE, DISPUTED, CREDITS)}


def ledger_of(*rows_, **more):
    """A small ledger: (document, type, customer, issued, due, amount)."""
    frame = pd.DataFrame(rows_, columns=["document_id", "document_type", "customer_id", "issued", "due", "amount"])
    return Ledger.from_tables({"invoices": frame.assign(currency=more.pop("currency", "CNY")), **more})


def texts(paper):
    """Every text of a paper."""
    for block in paper.blocks:
        match block:
            case Head(text) | Para(text) | Said(text):
                yield text
            case Items(lines):
                yield from lines
            case Fields(pairs):
                yield from (value for pair in pairs for value in pair)
            case Sign(parties):
                yield from (line for party in parties for line in party)
            case Table():
                yield from (cell for row in (block.head, *block.rows) for cell in row)


def table(paper, first):
    return next(b for b in paper.blocks if isinstance(b, Table) and b.head[0] == first)


def amount(text):
    return Decimal(text.replace(",", "").replace("−", "-"))


def one(papers, id):
    return next(each.paper for each in papers if each.id == id)


# ------------------------------------------------------------------------------------------------- ties to the ledger


def owed_by_the_books(ledger, customer):
    """The balance from the raw tables: documents less receipts less write-offs."""
    day = pd.Timestamp(DAY)
    invoices, receipts, off = (ledger.table(name, minor=True) for name in ("invoices", "receipts", "write_offs"))
    total = invoices.loc[(invoices["customer_id"] == customer) & (invoices["issued"] <= day), "amount"].sum()
    mine = receipts[(receipts["customer_id"] == customer) & (receipts["received"] <= day) & receipts["recovery_of"].isna()]
    total -= mine.loc[~(mine["dishonoured"] <= day), "amount"].sum()
    return Decimal(int(total - off.loc[(off["customer_id"] == customer) & (off["written_off_on"] <= day), "amount"].sum())
                   ).scaleb(-2)


@pytest.mark.parametrize("customer", [LATE, DISPUTED, CREDITS, "C0001", "C0002", "C0186", "C0299"])
def test_a_statement_ties_to_the_books_to_the_fen(company, customer):
    papers, _ = letters(company, customer, DAY)
    statement = one(papers, "statement")
    *items, total = table(statement, "单据号").rows
    assert sum(amount(row[5]) for row in items) == amount(total[5]) == owed_by_the_books(company, customer)
    *ages, net = table(statement, "账龄（按到期日）").rows
    assert sum(amount(row[2]) for row in ages) == amount(net[2]) == amount(total[5])
    assert len(items) == (company.open_items(DAY)["customer_id"] == customer).sum()


def test_credits_are_shown_and_taken_off(company, sets):
    account = account_of(company, CREDITS, DAY)
    assert (account.cash, account.red) == (Decimal("39314.28"), Decimal("3270.39"))
    assert account.net == account.debts - account.cash - account.red == Decimal("32236.28")
    states = [row[6] for row in table(one(sets[CREDITS], "statement"), "单据号").rows]
    assert states.count("减项") == 3


def test_what_is_asked_for(company, sets):
    account = account_of(company, DISPUTED, DAY)
    assert account.disputed > 0 and account.demand == account.overdue - account.disputed - account.cash - account.red
    said = "".join(texts(one(sets[DISPUTED], "demand")))
    assert rows.money(float(account.demand)) in said and rows.money(float(account.disputed)) in said
    *due, total, less, asked = table(one(sets[DISPUTED], "demand"), "单据号").rows
    assert sum(amount(row[2]) for row in due) == amount(total[2]) == account.overdue
    assert amount(total[2]) + amount(less[2]) == amount(asked[2]) == account.demand and less[0] == "减：有异议"
    assert [row for row in due if row[3].endswith("有异议")]


def test_a_credit_larger_than_the_overdue_leaves_no_letter():
    ledger = ledger_of(("A1", "invoice", "C1", "2025-01-05", "2025-02-04", 100.0),
                       ("A2", "invoice", "C1", "2025-06-20", "2025-07-20", 900.0),
                       ("A3", "credit_note", "C1", "2025-06-25", "2025-06-25", -150.0))
    account = account_of(ledger, "C1", DAY)
    papers, skipped = letters(ledger, "C1", DAY)
    assert account.demand == 0 and {each.id for each in papers} == {"statement", "call", "visit", "follow", "check"}
    assert len(skipped) == 4 and all("没有做" in line for line in skipped)


def test_due_today_is_not_overdue():
    ledger = ledger_of(("A1", "invoice", "C1", "2025-05-30", "2025-06-30", 100.0),
                       ("A2", "invoice", "C1", "2025-05-30", "2025-06-29", 7.0))
    assert account_of(ledger, "C1", DAY).overdue == Decimal("7.00")


def test_agreed_interest_by_hand(company):
    account = account_of(company, LATE, DAY)
    by_hand = sum(Decimal(int(i.open_amount)) / 100 * Decimal(str(account.contracts.loc[i.contract_id, "late_rate"]))
                  * (DAY - i.due.date()).days / 365 for i in account.claimed.itertuples())
    (agreed,) = [each for each in claims.interests(account) if each.rule == "agreed"]
    assert agreed.low == agreed.high == by_hand.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert agreed.count == 14


def test_interest_that_was_not_agreed_is_a_range_for_the_lawyer_only():
    ledger = ledger_of(("A1", "invoice", "C1", "2025-01-05", "2025-02-04", 36500.0))
    papers, _ = letters(ledger, "C1", DAY)
    bands = {band.rule: band for band in claims.interests(account_of(ledger, "C1", DAY))}
    band = bands["sale.fixed"]  # 146 days at 3.10 % x 1.3 to 1.5
    assert (band.low, band.high) == (Decimal("588.38"), Decimal("678.90"))
    assert bands["sme"].count == 0 and bands["sme"].missing  # nobody knows the sizes of the parties
    assert "588.38" in "".join(texts(one(papers, "check")))
    for letter in ("reminder", "demand", "final"):
        assert "588.38" not in "".join(texts(one(papers, letter)))
    assert "保留依法主张逾期付款损失" in "".join(texts(one(papers, "demand")))


def test_another_currency_gets_no_letter_and_no_yuan():
    ledger = ledger_of(("A1", "invoice", "C1", "2025-01-05", "2025-02-04", 100.0), currency="USD")
    papers, skipped = letters(ledger, "C1", DAY)
    said = "".join(texts(one(papers, "statement")))
    assert "USD 100.00" in said and "壹" not in said and "USD" in skipped[0]
    assert sum("没有做" in line for line in skipped) == 4


def test_who_cannot_be_written_to(company):
    with pytest.raises(ValueError, match="相近的：.*骁钺"):
        letters(company, "泓州骁钺水电安装公司", DAY)
    assert letters(company, "泓州骁钺水电安装工程有限公司", DAY)[0][0].id == "reminder"
    paid = ledger_of(("A1", "invoice", "C1", "2025-01-05", "2025-02-04", 100.0))
    with pytest.raises(ValueError, match="没有未清的账"):
        letters(paid, "C1", date(2025, 1, 1))
    with pytest.raises(Undefined):
        letters(Ledger.from_tables({"customers": pd.DataFrame({"customer_id": ["C1"]})}, kind="aged_list"), "C1", DAY)


# ------------------------------------------------------------------------------------------------- the agreement


def test_the_proposed_plan_sums_exactly_on_working_days():
    for fen in (1, 2, 99, 100, 195247652, 10**13 - 1):
        made = plan.proposed(Decimal(fen).scaleb(-2), DAY)
        assert sum(part for _, part in made) == Decimal(fen).scaleb(-2) and all(part > 0 for _, part in made)
        assert all(on.weekday() < 5 or on.month in (9, 10) for on, _ in made)


def test_a_given_plan_is_in_the_agreement_and_on_the_follow_up_page(company):
    account = account_of(company, LATE, DAY)
    first = Decimal("1000000")
    papers, _ = letters(company, LATE, DAY, instalments=[("2025-07-15", "1000000"), ("2025-08-15", account.demand - first)])
    assert [row[2] for row in table(one(papers, "agreement"), "期数").rows] == ["1,000,000.00", "952,476.52", "1,952,476.52"]
    assert table(one(papers, "agreement"), "期数").rows[0][3] == "人民币壹佰万元整"
    assert table(one(papers, "follow"), "要做的事").rows[0][0] == "协议第 1 期"
    said = "".join(texts(one(papers, "agreement")))
    assert "其余各期自次日全部到期" in said and "不免除" in said and profile().account.number.replace(" ", "\u00a0") in said
    assert get("appropriation.contract").citation in "".join(texts(one(papers, "check")))


@pytest.mark.parametrize("given,told", [
    ([("2025-07-15", "100")], "差 −1,952,376.52"), ([("2025-06-29", "1952476.52")], "第一期不早于"),
    ([("2025-07-15", "0"), ("2025-07-15", "1.001")], "金额要大于 0"),
    ([("2025-08-15", "1952476"), ("2025-07-15", "0.52")], "一期比一期晚"),
])
def test_a_plan_that_does_not_fit_is_refused(company, given, told):
    with pytest.raises(ValueError, match=told):
        letters(company, LATE, DAY, instalments=given)


def test_a_guarantor_needs_an_end_and_brings_his_articles(company):
    with pytest.raises(ValueError, match="直至还清"):
        letters(company, LATE, DAY, guarantor="崔骁")
    with pytest.raises(ValueError, match="等于没约定"):
        letters(company, LATE, DAY, guarantor="崔骁", guarantee_until=date(2025, 9, 5))  # the last payment's own day
    papers, _ = letters(company, LATE, DAY, guarantor="崔骁", guarantee_until=date(2026, 12, 31))
    said = "".join(texts(one(papers, "agreement")))
    assert "连带责任保证" in said and "2026年12月31日" in said
    internal = "".join(texts(one(papers, "check")))
    assert all(article in internal for article in ("第686条", "第692条", "第695条"))
    assert "保证人" not in "".join(texts(one(letters(company, LATE, DAY)[0], "agreement")))


# ------------------------------------------------------------------------------------------------- what they say


def test_nothing_is_left_unfilled(sets):
    for papers in sets.values():
        for each in papers:
            said = "\n".join(texts(each.paper))
            assert not re.search(r"\{|\}|None|nan|NaT|inf\b", said), each.id
            left = set(re.findall(r"〔(.*?)〕", said)) - {"称呼", "谁", "哪天", "多少"}  # of the message to send
            assert all(re.fullmatch(r"\d{4}", year) for year in left), (each.id, left)  # 法释〔2020〕17号


def test_no_paper_for_a_customer_crosses_a_red_line(sets):
    for papers in sets.values():
        for each in papers:
            if each.id in ("reminder", "demand", "final", "statement", "agreement"):
                assert not [(text, hit.name) for text in texts(each.paper) for hit in redline.check(text)], each.id


def test_every_legal_paragraph_has_source_day_and_disclaimer(sets):
    paras = [b for b in one(sets[LATE], "check").blocks if isinstance(b, Para)]
    small = [b.text for b in paras if b.style == "small" and "《" in b.text]
    assert len(small) > 4
    for text in small:
        assert "截至 2026-" in text and "非法律意见" in text and "已核对条文" in text


def test_the_last_letter_says_what_follows_and_on_which_ground(sets):
    said = "".join(texts(one(sets[LATE], "final")))
    for wanted in ("委托律师发函", "财产保全", "年利率 10.95%", "80,956.23", "随时可以找我们谈"):
        assert wanted in said, wanted
    assert all(article in "".join(texts(one(sets[LATE], "check"))) for article in ("第103条", "第104条"))


def test_a_forum_is_named_only_where_it_is_one_and_clear(company):
    table_ = company.table("contracts").set_index("contract_id")["forum"]
    found = {}
    for customer in company.table("customers")["customer_id"]:
        try:
            account = account_of(company, customer, DAY)
        except ValueError:
            continue
        forums = {table_.get(id) for id in account.claimed["contract_id"]}
        if account.demand > 0 and len(forums) == 1:
            found.setdefault(next(iter(forums)), customer)
        if {"提交澜州仲裁委员会仲裁", "或裁或审"} <= set(found):
            break
    clear = "".join(texts(one(letters(company, found["提交澜州仲裁委员会仲裁"], DAY)[0], "final")))
    assert "按合同写明的办法（提交澜州仲裁委员会仲裁）" in clear
    unclear = "".join(texts(one(letters(company, found["或裁或审"], DAY)[0], "final")))
    assert "或裁或审" not in unclear and "按各份合同和法律规定的争议解决方式" in unclear


def test_the_statement_keeps_the_late_payment_claim(sets):
    said = "".join(texts(one(sets[LATE], "statement")))
    assert "只核对货款本金" in said and "不表示我公司放弃逾期付款责任" in said and "财务专用章" in said


def test_deadlines_are_working_days():
    assert claims.deadline(DAY, 7) == date(2025, 7, 7)
    assert claims.deadline(date(2025, 9, 25), 7) == date(2025, 10, 9)


def test_the_follow_up_page_holds_the_promises_not_kept(company, sets):
    follow = table(one(sets[LATE], "follow"), "要做的事").rows
    assert [row[4] for row in follow] == ["还没到日子", "没兑现"] and follow[1][1] == "2025-06-24"
    assert "此前跳票 29 次" in "".join(texts(one(sets[LATE], "follow")))


def test_a_promise_that_was_kept_needs_no_follow_up():
    promises = pd.DataFrame({"promise_id": ["P1", "P2"], "customer_id": "C1", "promised_on": ["2025-05-01", "2025-05-20"],
                             "pay_by": ["2025-05-10", "2025-06-10"], "amount": [50.0, 30.0], "promised_by": ["甲", "乙"],
                             "channel": "phone", "in_writing": [True, False]})
    receipts = pd.DataFrame({"receipt_id": ["R1"], "customer_id": ["C1"], "received": ["2025-05-10"], "currency": ["CNY"],
                             "amount": [50.0]})
    ledger = ledger_of(("A1", "invoice", "C1", "2025-01-05", "2025-02-04", 100.0), promises=promises, receipts=receipts)
    papers, _ = letters(ledger, "C1", DAY)
    (row,) = table(one(papers, "follow"), "要做的事").rows
    assert row[:5] == ("乙答应付（2025-05-20 说的）", "2025-06-10", "30.00", "0.00", "没兑现")
    kept = [(row[4], row[6]) for row in table(one(papers, "call"), "答应那天").rows]
    assert kept == [("口头", "没兑现"), ("书面", "兑现")]


def test_the_internal_page_is_internal_and_names_who_approves(sets):
    check = next(each for each in sets[LATE] if each.id == "check")
    said = "".join(texts(check.paper))
    assert check.internal and "不寄出" in check.file and "总经理批" in said
    assert "22,372.29" in said  # 案件受理费 of 1,952,476.52
    assert [each.id for each in sets[LATE] if each.internal] == ["check"]


# ------------------------------------------------------------------------------------------------- templates, files


def test_every_place_is_filled_by_the_ledger_or_the_command(company):
    used = {place for t in templates.load().templates for b in t.blocks for text in b.texts
            for place in templates._PLACE.findall(text)}
    assert used <= set(templates.load().places)
    facts = templates.Facts({name: "x" for name in used if name != "demand"}, tables={"due": (("x",) * 4,)})
    with pytest.raises(ValueError, match="demand"):
        templates.filled(next(t for t in templates.load().templates if t.id == "reminder"), facts)


def test_blank_templates_show_what_to_fill():
    for template in templates.load().templates:
        said = "\n".join(texts(templates.blank(template, "甲公司")))
        assert "{" not in said and ("〔客户名称〕" in said or "〔请付金额〕" in said), template.id


def test_what_is_filled_in_is_never_read_again_for_places_or_markup():
    ledger = ledger_of(("A1", "invoice", "C1", "2025-01-05", "2025-02-04", 1000.0), customers=pd.DataFrame(
        {"customer_id": ["C1"], "name": ["<b>{demand}</b>{{pmp}}公司"]}))
    paper = one(letters(ledger, "C1", DAY, company="{customer}公司")[0], "demand")
    assert "<b>{demand}</b>{{pmp}}公司：" in list(texts(paper)) and paper.running == "{customer}公司"
    text = to_html(paper)
    assert "<b>{" not in text and "&lt;b&gt;{demand}&lt;/b&gt;{{pmp}}公司" in text


def test_word_files_open_again_with_every_text(sets):
    for each in sets[LATE]:
        document = Document(io.BytesIO(to_docx(each.paper)))
        held = "\n".join([p.text for p in document.paragraphs] + [c.text for t in document.tables for row in t.rows
                                                                    for c in row.cells])
        for text in texts(each.paper):
            assert text in held, (each.id, text)
        fresh = {b.text: b.fresh for b in each.paper.blocks if isinstance(b, Head)}
        assert fresh == {p.text: bool(p.paragraph_format.page_break_before) for p in document.paragraphs
                         if p.style.name.startswith("Heading")}
        assert document.sections[0].page_width.mm == pytest.approx(210, abs=0.1)
        assert "虚构" in document.sections[0].footer.paragraphs[0].text


def test_html_needs_nothing_from_outside(sets):
    for each in sets[LATE]:
        text = to_html(each.paper)
        assert not re.search(r"https?:|<script|<link|<img|url\(", text) and "@page{size:A4" in text


def test_the_command_writes_both_forms_and_refuses_whole(tmp_path):
    folder = tmp_path / "books"
    ledger_of(("A1", "invoice", "C1", "2025-01-05", "2025-02-04", 36500.0)).save(folder)
    asked = ["scripts", "letters", str(folder), "--customer", "C1", "--as-of", "2025-06-30", "--out"]
    run = CliRunner().invoke
    made = run(app, [*asked, str(tmp_path / "a"), "--company", "测试公司", "--account", "测试银行 1", "--instalment",
                     "2025-07-15=16,500", "--instalment", "2025-08-15=20000.00"])
    assert made.exit_code == 0, made.output
    papers = tmp_path / "a" / "C1"  # a folder a customer: two customers' letters never lie mixed
    assert sorted(path.suffix for path in papers.iterdir()) == [".docx"] * 9 + [".html"] * 9
    text = (papers / "2-催款函.html").read_text(encoding="utf-8")
    assert "测试公司" in text and "<dd>测试银行</dd>" in text and "<dd>1</dd>" in text and "虚构" not in text
    for wrong in (["--instalment", "tomorrow"], ["--instalment", "2025-07-15=5"], ["--guarantor", "崔骁"]):
        failed = run(app, [*asked, str(tmp_path / "b"), *wrong])
        assert failed.exit_code == 2 and failed.output.strip() and not (tmp_path / "b").exists()
    (papers / "notes.txt").write_text("mine")
    early = [part if part != "2025-06-30" else "2025-01-31" for part in asked]  # nothing is due yet: no letter may stay
    assert run(app, [*early, str(tmp_path / "a")]).exit_code == 0
    left = {path.name for path in papers.iterdir()}
    assert {"notes.txt", "4-对账单.html"} <= left and "2-催款函.html" not in left


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed: the Word files' pages "
                    "were NOT looked at")
def test_libreoffice_opens_them_and_the_visit_page_is_one_page(sets, tmp_path):
    for each in sets[LATE]:
        if each.id in ("visit", "statement"):
            (tmp_path / f"{each.id}.docx").write_bytes(to_docx(each.paper))
    subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf",
                    "--outdir", tmp_path, *sorted(tmp_path.glob("*.docx"))], check=True, capture_output=True, timeout=180)
    pages = {path.stem: len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) for path in tmp_path.glob("*.pdf")}
    assert pages["visit"] == 1 and pages["statement"] in (1, 2)


def test_no_clock_is_read():
    for file in Path(claims.__file__).parent.glob("*.py"):
        assert not re.search(r"\.(today|now|utcnow)\(|time\.time", file.read_text(encoding="utf-8")), file.name
