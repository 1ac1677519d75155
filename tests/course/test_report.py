"""The ledger report: figures by hand, figures of a published ledger, and the page it leaves behind."""

import json
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from receivables import paths
from receivables.course.report import LedgerReport, report, report_json
from receivables.course.report import run as runner
from receivables.course.report.page import html
from receivables.course.report.words import told
from receivables.ledger import Ledger, LedgerError, read_ledger

SHARED = paths.course_root().parent / "shared" / "data"
SECTIONS = ("source", "balance", "aging", "holders", "dso", "shift", "five", "limits")


def ledger(currencies=("CNY",), **more):
    """Three months of one customer, told below by hand; the same again in each further currency."""
    invoices, receipts = [], []
    for k, money in enumerate(currencies):
        days = [("2024-01-10", "2024-02-09", 310.0), ("2024-02-10", "2024-03-11", 290.0),
                ("2024-03-10", "2024-04-09", 620.0)]
        invoices += [(f"{money}{i}", "invoice", f"c{k}", issued, due, money, amount)
                     for i, (issued, due, amount) in enumerate(days)]
        receipts += [(f"{money}r", f"c{k}", "2024-03-20", money, 410.0),
                     (f"{money}x", f"c{k}x", "2024-03-25", money, 50.0)]
    heads = {"invoices": ["document_id", "document_type", "customer_id", "issued", "due", "currency", "amount"],
             "receipts": ["receipt_id", "customer_id", "received", "currency", "amount"]}
    tables = {"invoices": pd.DataFrame(invoices, columns=heads["invoices"]),
              "receipts": pd.DataFrame(receipts, columns=heads["receipts"])}
    return Ledger.from_tables(tables | more, source="hand.csv")


def test_json_by_hand():
    facts = report_json(ledger(), "2024-03-31")
    assert list(facts) == ["schema", "source", "as_of", "currencies", "problems", "undefined"]
    assert (facts["schema"], facts["source"], facts["as_of"]) == (1, "hand.csv", "2024-03-31")
    mine = facts["currencies"]["CNY"]
    # 410 paid on 20 March clears January's 310 and 100 of February's 290; 50 from a stranger stay unapplied
    assert mine["aging"] == {
        "open_count": 3, "open_amount": 760.0, "overdue_count": 1, "overdue_amount": 190.0,
        "buckets": {"current": {"count": 1, "amount": 620.0}, "1-30": {"count": 1, "amount": 190.0},
                    "31-60": {"count": 0, "amount": 0.0}, "61-90": {"count": 0, "amount": 0.0},
                    "91+": {"count": 0, "amount": 0.0}}}
    assert [m["month"] for m in mine["months"]] == ["2024-01", "2024-02", "2024-03"]
    assert mine["months"][2] == {
        "month": "2024-03", "sales": 620.0, "collections": 460.0, "ar_begin": 600.0, "ar_end": 760.0,
        "current_end": 620.0, "overdue_end": 190.0, "dso_simple": 38.0, "dso_rolling3": round(760 / 1220 * 91, 4),
        "dso_countback": 45.0, "bpdso": 31.0, "add": 7.0, "cei": round((600 + 620 - 760) / (600 + 620 - 620), 6)}
    assert mine["months"][1]["cei"] == round((310 + 290 - 600) / (310 + 290 - 290), 6) == 0
    assert {(u["month"], u["figure"]) for u in facts["undefined"]} == {
        ("2024-01", "dso_rolling3"), ("2024-02", "dso_rolling3"), ("2024-01", "cei")}
    json.dumps(facts, allow_nan=False)


def test_every_null_has_its_reason_and_nothing_else_is_missing():
    facts = report_json(ledger(), "2024-06-15")
    months = facts["currencies"]["CNY"]["months"]
    nulls = {(m["month"], k) for m in months for k, v in m.items() if v is None}
    assert nulls == {(u["month"], u["figure"]) for u in facts["undefined"]}
    assert ("2024-06", "dso_simple") in nulls and months[-1]["ar_end"] == 760.0


def test_currencies_stand_side_by_side():
    two = ledger(("GBP", "USD"))
    facts = report_json(two, "2024-03-31")
    assert set(facts["currencies"]) == {"GBP", "USD"}
    assert facts["currencies"]["GBP"] == facts["currencies"]["USD"]
    assert {u["currency"] for u in facts["undefined"]} == {"GBP", "USD"}
    shown = LedgerReport(two, "2024-03-31")
    for name in ("balance", "aging", "holders", "dso", "shift", "five"):
        assert re.findall("### 币种 (...)", repr(getattr(shown, name)())) == ["GBP", "USD"]
    assert "1,520" not in "".join(repr(getattr(shown, name)()) for name in SECTIONS)


def test_an_open_snapshot_gets_aging_and_no_dso_with_the_reason():
    snapshot = read_ledger(paths.data("first_ledger.csv"))
    facts = report_json(snapshot, "2025-06-30")
    mine = facts["currencies"]["XXX"]
    assert mine["aging"]["open_amount"] == snapshot.balance("2025-06-30") > 0 and mine["months"] == []
    [gap] = facts["undefined"]
    assert gap["figure"] == "months" and "cannot be had from this file" in gap["reason"]
    shown = LedgerReport(snapshot, "2025-06-30")
    assert "往下给不出来：这份文件只有导出那一天的未清项" in repr(shown.dso())
    assert "各栏相加 702,944.30，净余额 702,944.30，差 0.00" in repr(shown.aging())


def test_an_aged_list_shows_its_own_buckets(tmp_path):
    file = tmp_path / "aged.csv"
    file.write_text("客户名称,未到期,1-30天,31-60天,合计\n甲公司,100.00,20.00,0.00,120.00\n乙公司,50.00,0.00,7.50,57.50\n",
                    encoding="utf-8")
    aged = read_ledger(file)
    assert aged.kind == "aged_list"
    facts = report_json(aged, "2025-06-30")
    [mine] = facts["currencies"].values()
    assert mine == {"aging": None, "months": []} and len(facts["undefined"]) == 2
    assert "合计 | 177.50" in repr(LedgerReport(aged, "2025-06-30").aging())


def test_a_difference_to_the_general_ledger_stands_first():
    control = pd.DataFrame({"control_id": ["1"], "as_of": "2024-03-31", "currency": "CNY", "balance": 700.0})
    shown = LedgerReport(ledger(controls=control), "2024-03-31")
    assert repr(shown.balance()).startswith("台账和总账差 60.00")
    assert 'class="loud"' in shown.balance()._repr_html_()
    tied = control.assign(balance=760.0)
    assert repr(LedgerReport(ledger(controls=tied), "2024-03-31").balance()).startswith("台账和总账一分不差")


def test_the_five_are_by_amount_times_days():
    text = repr(LedgerReport(ledger(), "2024-04-20").five())
    rows = [line.split(" | ")[1] for line in text.splitlines()[2:]]
    assert rows == ["CNY1", "CNY2"]  # 190 x 40 days before 620 x 11


def test_sections_in_sequence_say_the_same_totals():
    """What a finance director would add up by hand on the thread company."""
    company = read_ledger(paths.data("company"))
    shown = LedgerReport(company, "2025-06-30")
    net = f"{company.balance('2025-06-30'):,.2f}"
    gross = company.open_items("2025-06-30")["open_amount"].clip(lower=0).sum()
    balance, ages, shift = repr(shown.balance()), repr(shown.aging()), repr(shown.shift())
    assert f"净余额 | {net}" in balance and f"总账余额 | {net}" in balance and "一分不差" in balance
    assert ages.count(f" | {net}") >= 3 and f"各栏相加 {net}，净余额 {net}，差 0.00" in ages
    assert f"{gross:,.2f}" in balance and shift.count(f"{gross:,.2f}") == 2
    facts = report_json(company, "2025-06-30")["currencies"]["CNY"]
    late = f"{facts['aging']['overdue_amount']:,.2f}"
    assert f"其中已经逾期 {late}，{facts['aging']['overdue_count']} 笔" in ages
    holders = [line.split(" | ") for line in repr(shown.holders()).splitlines()]
    [total] = [row for row in holders if row[0].startswith("逾期合计")]
    parts = [row for row in holders if len(row) == 6 and row[0] not in ("客户", total[0])]
    assert total[1] == late and total[2] == "100.0%" and len(parts) == 11 and parts[-1][0].startswith("其余")
    for column in (1, 5):  # what overdue customers owe, overdue and net, adds up to the fen
        assert f"{sum(round(float(r[column].replace(',', '').replace('−', '-')) * 100) for r in parts) / 100:,.2f}" == \
            total[column]
    lines = [line.split(" | ") for line in balance.splitlines() if " | " in line][1:7]
    cash = {name: round(float(figure.replace(",", "").replace("−", "-")) * 100) for name, figure in lines}
    assert cash["没收的发票"] + cash["没收的质保金"] == cash["应收合计"]
    assert cash["应收合计"] + cash["减：收到了、还没核销的款（预收）"] + cash["减：还没冲完的红字"] == cash["净余额"]
    assert f"{facts['months'][-1]['ar_end']:,.2f}" == f"{facts['aging']['open_amount']:,.2f}" == net


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("as_of", ["2020-01-01", "2024-01-10", "2024-02-29", "2024-12-31"])
def test_a_day_with_little_or_nothing_gives_every_section(as_of):
    shown = LedgerReport(ledger(), as_of)
    assert all(repr(getattr(shown, name)()) and getattr(shown, name)()._repr_html_() for name in SECTIONS)
    report_json(ledger(), as_of)


def test_two_currencies_of_a_published_ledger():
    if not (SHARED / "xero_invoices.csv").is_file():
        pytest.skip("the published ledger is not here")
    facts = report_json(read_ledger(SHARED / "xero_invoices.csv"), "2020-12-31")
    assert {c: f["aging"]["open_amount"] for c, f in facts["currencies"].items()} == {"GBP": 6750.0, "USD": 39125.0}
    assert all(f["months"][-1]["ar_end"] == f["aging"]["open_amount"] for f in facts["currencies"].values())


@pytest.mark.parametrize("name", ["ibm_late_payments.csv", "ibm_late_payments_ddmmyyyy.csv", "ibm_cn_gb18030.csv"])
def test_the_published_ledger_to_its_printed_digits(name):
    reference = SHARED / "ibm_reference.json"
    if not reference.is_file():
        pytest.skip("the published ledger is not here")
    reference = json.loads(reference.read_text(encoding="utf-8"))
    paid = read_ledger(SHARED / name)
    for printed in reference["ageing"]:
        [mine] = report_json(paid, printed["as_of"])["currencies"].values()
        assert mine["aging"] == {key: printed[key] for key in mine["aging"]}
    facts = report_json(paid, "2013-12-31")
    [mine] = facts["currencies"].values()
    months = {m["month"]: m for m in mine["months"]}
    for printed in reference["monthly"]:
        ours = months[printed["month"]]
        assert {k: ours[k] for k in printed if k != "cei"} == {k: v for k, v in printed.items() if k != "cei"}
        assert round(100 * ours["cei"], 4) == printed["cei"]
    assert months["2013-11"]["dso_simple"] is not None
    assert months["2013-12"]["dso_simple"] is None and months["2013-12"]["ar_end"] == 761.9
    assert any(u["month"] == "2013-12" and "cut off" in u["reason"] for u in facts["undefined"])


def test_unknown_parameters_are_refused(tmp_path):
    source = paths.course_root() / "casework" / "source" / "ledger_report.md"
    with pytest.raises(ValueError, match="declares no parameter nonsense; it has as_of, file, reading, remark"):
        runner.execute(source, {"nonsense": 1}, tmp_path / "out.ipynb")
    assert not (tmp_path / "out.ipynb").exists()


def test_as_of_must_be_a_date(tmp_path, capsys):
    assert report("x.csv", "2025-13-01", None, tmp_path) == 2
    assert "要写成 2025-06-30 这样的日期" in capsys.readouterr().err and not list(tmp_path.iterdir())


def outside(page: str) -> list[str]:
    """What a browser would fetch."""
    return [found for found in re.findall(r'(?:src|href|url|@import)\s*[=(]?\s*["\']?([^"\')\s>]+)', page)
            if re.match(r"(https?:)?//", found)]


def test_a_report_is_a_notebook_and_one_page_and_json(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(runner.__file__).parents[3]))
    before = paths.data("first_ledger.csv").read_bytes()
    assert report(paths.data("first_ledger.csv"), "2025-06-30", tmp_path / "out.json", tmp_path) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "first_ledger-2025-06-30.html", "first_ledger-2025-06-30.ipynb", "out.json"]
    page = (tmp_path / "first_ledger-2025-06-30.html").read_text(encoding="utf-8")
    assert outside(page) == [] and "<script" not in page and "LedgerReport" not in page and "highlight" not in page
    assert 'lang="zh-CN"' in page and page.count('role="img"') == 2 and "702,944.30" in page
    assert "七、这份数据撑不住什么" in page
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["as_of"] == "2025-06-30"
    assert paths.data("first_ledger.csv").read_bytes() == before


def test_a_failure_leaves_a_page_that_says_why(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(runner.__file__).parents[3]))
    bad = tmp_path / "bad.csv"
    bad.write_text("发票号,客户名称\n1,甲\n", encoding="utf-8")
    assert report(bad, "2025-06-30", tmp_path / "out.json", tmp_path) == 1
    assert "bad.csv" in capsys.readouterr().err and not (tmp_path / "out.json").exists()
    page = (tmp_path / "bad-2025-06-30.html").read_text(encoding="utf-8")
    assert "报告到这里停下了" in page and "bad.csv" in page and "应收账款台账报告" in page
    assert "Traceback" not in page and "papermill" not in page and "一、余额对不对" not in page


def test_the_page_escapes_what_a_file_says():
    cell = nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("error", ename="E", traceback=[],
                                                                       evalue="\x1b[31m<script>alert(1)</script>")])
    page = html(nbformat.v4.new_notebook(cells=[cell]), "<b>")
    assert "<script>" not in page and "<title>&lt;b&gt;" in page and "\x1b" not in page


def test_reasons_are_retold_or_left_as_they_are():
    assert told("12.00 of the balance is older than the 3 months of sales given") == \
        "有 12.00 的欠款比台账里的 3 个月开票还早"
    assert told("something new") == "something new"


def test_customers_of_the_same_name_stay_two():
    names = pd.DataFrame({"customer_id": ["c0", "c0x", "c1", "c1x"], "name": ["同名公司", "乙", "同名公司", "丁"]})
    two = ledger(("CNY", "CNZ"), customers=names)
    assert {"同名公司（c0）", "同名公司（c1）", "乙", "丁"} == set(LedgerReport(two, "2024-03-31").views[0].names.values())


BROKEN = {  # what a file says -> what its owner reads
    "no.csv": (None, "no.csv：没有这个文件", "看看文件名和文件夹写对没有"),
    "empty.csv": ("", "empty.csv：文件是空的", "重新导出一次"),
    "day.csv": ("1,甲,2023-02-29,2024-01-31,100\n", "第 2 行，“开票日期”列：没有这一天。写的是“2023-02-29”，要写成", "改好"),
    "order.csv": ("1,甲,01/02/2024,03/04/2024,100\n", "这一列分不清日和月谁在前。写的是“01/02/2024”", "--date-order DMY"),
    "formula.csv": ("1,甲,2024-01-01,2024-01-31,=1+1\n", "“价税合计”列：是公式，不是算好的数。写的是“=1+1”", "改好"),
    "twice.csv": ("1,甲,2024-01-01,2024-01-31,5\n" * 2, "同一个单据号出现了不止一行", "改好"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_in_the_readers_language(name, tmp_path):
    body, what, advice = BROKEN[name]
    if body is not None:
        (tmp_path / name).write_text("发票号,客户名称,开票日期,到期日,价税合计\n" * bool(body) + body, encoding="utf-8")
    with pytest.raises(LedgerError) as refused:
        read_ledger(tmp_path / name)
    lines = [told(line) for line in str(refused.value).splitlines()]
    assert lines[0].startswith("这份台账没法用，有 ") and what in lines[1] and advice in lines[-1]
    assert not re.search("[a-z]{3,} [a-z]{3,}", "".join(lines))


def test_what_was_noticed_is_told_in_the_readers_language(tmp_path):
    file = tmp_path / "a.csv"
    head = ["发票号", "客户名称", "开票日期", "到期日", "价税合计", "收款日期", *(f"扩展{i}" for i in range(50))]
    rows = [["1", "甲", "2024-01-01", "2024-01-31", "100.00"], ["合计", "", "", "", "100"]]
    file.write_text("\n".join([",".join(head), *(",".join(row) + "," * 51 for row in rows)]), encoding="utf-8")
    shown = repr(LedgerReport(read_ledger(file), "2024-03-31").limits())
    assert "扩展39，还有 10 列" in shown and "当作未清项清单" in shown and "这是小计或合计" in shown
    assert not re.search("[a-z]{3,} [a-z]{3,}", shown)


def test_the_page_of_a_ledger_folder_says_whose_books_they_are():
    assert runner._remark(paths.data("company")) == "澜州衡桐机电设备有限公司（虚构）"
    assert runner._remark(paths.data("first_ledger.csv")) == ""


def test_a_file_that_cannot_be_told_alone_can_be_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(runner.__file__).parents[3]))
    file = tmp_path / "a.csv"
    file.write_text("发票号,客户名称,开票日期,到期日,总额度量\n1,甲,01/02/2024,03/04/2024,100\n", encoding="utf-8")
    said = {"mapping": {"总额度量": "amount"}, "date_order": "DMY"}
    assert report(file, "2024-04-30", tmp_path / "out.json", tmp_path, **said) == 0
    [mine] = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["currencies"].values()
    assert mine["aging"]["buckets"]["1-30"] == {"count": 1, "amount": 100.0}  # due 3 April
