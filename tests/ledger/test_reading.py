"""Reading foreign files: one and the same ledger whatever the file looks like; refusals that help."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from receivables import Undefined
from receivables.ledger import Ledger, LedgerError, read_ledger

FILES = Path(__file__).parent / "files"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "data"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public sample files are not beside this checkout")

ROWS = [  # number, customer, issued, due, amount, paid
    ("001", "C7", "2013-01-02", "2013-02-01", 55.94, "2013-01-15"),
    ("002", "C8", "2013-01-26", "2013-02-25", 1061.74, "2013-03-03"),
    ("003", "C7", "2013-02-10", "2013-03-12", -105.90, None),
    ("004", "C9", "2013-03-31", "2013-04-30", 88.00, None),
]


def written(kind):
    """The rows as another program would export them."""

    def day(text, order):
        stamp = pd.Timestamp(text)
        return (
            ""
            if text is None
            else {
                "iso": f"{stamp:%Y-%m-%d}",
                "mdy": f"{stamp.month}/{stamp.day}/{stamp.year}",
                "dmy": f"{stamp:%d/%m/%Y}",
                "dots": f"{stamp.year}.{stamp.month}.{stamp.day}",
                "zh": f"{stamp.year}年{stamp.month}月{stamp.day}日",
                "compact": f"{stamp:%Y%m%d}.0",
            }[order]
        )

    heads = {
        "en": ["invoiceNumber", "customerID", "InvoiceDate", "DueDate", "InvoiceAmount", "SettledDate"],
        "zh": ["发票号", "客户编码", "开票日期", "到期日", "价税合计", "收款日期"],
    }
    encoding, head, order, sep, number = {
        "iso": ("utf-8", "en", "iso", ",", "{:.2f}"),
        "us": ("utf-8-sig", "en", "mdy", ",", '"{:,.2f}"'),
        "uk": ("cp1252", "en", "dmy", "\t", "{:.2f}"),
        "german": ("utf-8", "en", "dots", ";", "de"),
        "chinese": ("gb18030", "zh", "zh", ",", "{:.2f}"),
        "utf16": ("utf-16", "zh", "compact", "\t", "{:.2f}"),
        "utf16le": ("utf-16-le", "zh", "dots", "\t", "{:.2f}"),
        "brackets": ("utf-8", "en", "iso", ",", "()"),
        "trailing": ("gb18030", "zh", "iso", ",", "-"),
    }[kind]

    def amount(value):
        if number == "de":
            return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
        if number in ("()", "-") and value < 0:
            return f"({-value:.2f})" if number == "()" else f"{-value:.2f}-"
        return (number if "{" in number else "{:.2f}").format(value)

    lines = [sep.join(heads[head])]
    lines += [sep.join([n, c, day(i, order), day(d, order), amount(a), day(p, order)]) for n, c, i, d, a, p in ROWS]
    return "\r\n".join(lines).encode(encoding)


@pytest.fixture
def file(tmp_path):
    def write(content, name="ar.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write


def stops(error):
    return [problem for problem in error.value.problems if problem.stops]


@pytest.mark.parametrize("kind", ["us", "uk", "german", "chinese", "utf16", "utf16le", "brackets", "trailing"])
def test_every_dress_holds_the_same_ledger(file, kind):
    plain, dressed = read_ledger(file(written("iso"), "plain.csv")), read_ledger(file(written(kind)))
    assert dressed == plain and dressed.kind == "paid_history"
    items = dressed.open_items("2013-03-02")
    assert items["document_id"].tolist() == ["002", "003"] and items["open_amount"].tolist() == [1061.74, -105.9]
    assert dressed.balance("2013-03-03") == -105.9


def test_the_file_is_left_as_it_was(file):
    path = file(written("chinese"))
    before = path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())
    read_ledger(path)
    assert before == (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir()))


# -- the sample files -----------------------------------------------------------------------------------------


@needs_samples
def test_three_dresses_of_the_ibm_sample_are_one_ledger_with_the_published_figures():
    ledgers = [
        read_ledger(SAMPLES / name)
        for name in ("ibm_late_payments.csv", "ibm_late_payments_ddmmyyyy.csv", "ibm_cn_gb18030.csv")
    ]
    assert ledgers[0] == ledgers[1] == ledgers[2]
    reference = json.loads((SAMPLES / "ibm_reference.json").read_text(encoding="utf-8"))
    months = ledgers[0].monthly("2013-12-31").set_index("month")
    for row in reference["monthly"]:
        for name in ("sales", "collections", "ar_begin", "ar_end", "current_end", "overdue_end"):
            assert months.loc[row["month"], name] == row[name], (row["month"], name)
    for row in reference["ageing"]:
        items = ledgers[1].open_items(row["as_of"])
        late = (pd.Timestamp(row["as_of"]) - items["due"]).dt.days
        assert (len(items), round(items["open_amount"].sum(), 2)) == (row["open_count"], row["open_amount"])
        for name, low, high in (("current", -999, 0), ("1-30", 1, 30), ("31-60", 31, 60), ("91+", 91, 9999)):
            inside = items[late.between(low, high)]
            assert len(inside) == row["buckets"][name]["count"]
            assert round(inside["open_amount"].sum(), 2) == row["buckets"][name]["amount"]
        top = items.groupby("customer_id", observed=True)["open_amount"].sum().round(2).nlargest(5)
        assert top.to_dict() == {c["customer"]: c["open_amount"] for c in row["top5_customers"]}
    lags = ledgers[2].settlements()
    assert (lags["applied"] - lags["due"]).dt.days.clip(lower=0).sum() == reference["payment"]["days_late_clipped"][
        "sum"
    ]


@needs_samples
def test_xero_keeps_currencies_apart_and_payables_out():
    ledger = read_ledger(SAMPLES / "xero_invoices.csv")
    assert ledger.currencies == ["GBP", "USD"] and len(ledger.table("invoices")) == 116
    assert [ledger.balance("2021-12-31", currency=c) for c in ("GBP", "USD")] == [12735.0, 30106.0]
    assert any("payables left out" in str(problem) for problem in ledger.problems)
    items = ledger.open_items("2021-12-31")
    base = (
        items["open_amount"] / items["currency_rate"]
    )  # the rate divides: pounds and dollars are worth more than 1/rate
    assert (base > items["open_amount"]).all()


# -- workbooks ------------------------------------------------------------------------------------------------


def test_workbook_with_titles_two_header_rows_merged_cells_and_sums(file, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["应收账款明细表"])
    sheet.append(["导出时间：2024-03-31", None, None, "单位：万元"])
    sheet.append([])
    sheet.append(["单据编号", "客户名称", "单据日期", "到期日", "金额", None, None])
    sheet.append([None, None, None, None, "单据金额", "已收金额", "未收金额"])
    sheet.merge_cells("E4:G4")
    sheet.append(["0001", "虚构甲", pd.Timestamp("2024-01-05").to_pydatetime(), "2024.2.4", 1.5, 0.5, 1])
    sheet.append(["0002", "虚构甲", 45310, "20240220.0", 2, None, 2])
    sheet.append([None, "虚构甲 小计", None, None, 3.5, 0.5, 3])
    sheet.append(["合 计", None, None, None, 3.5, 0.5, 3])
    sheet.append(["制表人：虚构"])
    sheet.merge_cells("A1:G1")
    book.save(tmp_path / "ar.xlsx")
    ledger = read_ledger(tmp_path / "ar.xlsx")
    assert ledger.kind == "open_snapshot"
    items = ledger.open_items("2024-03-31")
    assert items["open_amount"].tolist() == [10000.0, 20000.0]
    assert items["issued"].tolist() == [pd.Timestamp("2024-01-05"), pd.Timestamp("2024-01-19")]
    assert items["due"].tolist() == [pd.Timestamp("2024-02-04"), pd.Timestamp("2024-02-20")]
    left_out = [p for p in ledger.problems if "left out" in p.what]
    assert [p.row for p in left_out] == [8, 9, 10]
    with pytest.raises(Undefined, match="open on the day of the export"):
        ledger.roll_forward()


def test_xls_of_the_old_binary_kind():
    ledger = read_ledger(FILES / "open_items.xls")
    assert ledger.kind == "open_snapshot"
    assert ledger.open_items("2024-06-30")["open_amount"].tolist() == [1130.0, 500.0, -113.0]
    assert ledger.open_items("2024-06-30")["document_id"].tolist() == ["000123", "000124", "000125"]


def test_several_sheets_are_asked_for(tmp_path):
    book = openpyxl.Workbook()
    for name in ("一月", "二月"):
        sheet = book.create_sheet(name)
        sheet.append(["发票号", "客户名称", "开票日期", "到期日", "未收金额"])
        sheet.append([name, "甲", "2024-01-31", "2024-02-28", 5])
    book.create_sheet("说明").append(["请勿修改"])
    book.save(tmp_path / "ar.xlsx")
    with pytest.raises(LedgerError, match="say which: sheet="):
        read_ledger(tmp_path / "ar.xlsx")
    assert read_ledger(tmp_path / "ar.xlsx", sheet="二月").table("invoices")["document_id"].tolist() == ["二月"]


# -- shapes ---------------------------------------------------------------------------------------------------


def test_aged_list_is_told_apart_and_refuses_what_it_lacks(file):
    ledger = read_ledger(
        file(
            "客户名称,未逾期金额,1～30天,31～60天,>365天,小计\n甲,10,5,,1.5,16.5\n乙,0,0,7,0,7\n合计,10,5,7,1.5,23.5\n"
        )
    )
    assert ledger.kind == "aged_list"
    assert ledger.aged().groupby("bucket", sort=False)["amount"].sum().to_dict() == {
        "未逾期金额": 10,
        "1～30天": 5,
        "31～60天": 7,
        ">365天": 1.5,
    }
    with pytest.raises(Undefined, match="without documents and dates"):
        ledger.open_items("2024-01-01")
    with pytest.raises(Undefined):
        ledger.monthly("2024-01-31")


def test_opening_balances_below_instructions(file):
    ledger = read_ledger(file("说明：带*为必填项\n名称*,期初应收,期初应付\n甲,100.5,\n乙,20,3\n"))
    assert ledger.kind == "aged_list" and ledger.aged()["amount"].tolist() == [100.5, 20]


def test_transactions_with_payments_as_rows(file):
    ledger = read_ledger(
        file(
            "Type,Num,Customer,Date,Due Date,Amount\nInvoice,1,Acme,2024-01-05,2024-02-04,100.00\n"
            "Invoice,2,Acme,2024-01-20,2024-02-19,50.00\nPayment,3,Acme,2024-02-10,,120.00\n"
            "Credit Memo,4,Acme,2024-02-15,,10.00\n"
        )
    )
    assert ledger.kind == "history"
    items = ledger.open_items("2024-02-29")
    assert dict(zip(items["document_id"], items["open_amount"], strict=True)) == {"2": 30, "4": -10}
    assert ledger.roll_forward()["closing"].tolist() == [150, 20]


def test_sap_open_items_take_their_due_date_from_the_terms(file):
    ledger = read_ledger(
        file(
            "BUKRS\tGJAHR\tBELNR\tKUNNR\tBLDAT\tZFBDT\tZTERM\tWRBTR\tWAERS\tSHKZG\tAUGDT\n"
            "1000\t2024\t0180000001\t0000012345\t20240105\t20240110\tN060\t1.000,00\tEUR\tS\t00000000\n"
            "1000\t2023\t0180000001\t0000012345\t20230105\t20230110\t2/10N30\t200,50\tEUR\tH\t00000000\n"
        )
    )
    items = ledger.open_items("2024-12-31")
    assert ledger.kind == "open_snapshot" and ledger.currencies == ["EUR"]
    assert items["customer_id"].tolist() == ["0000012345"] * 2  # leading zeros
    assert items["document_id"].tolist() == ["1000-2023-0180000001", "1000-2024-0180000001"]
    assert items["open_amount"].tolist() == [-200.5, 1000]
    assert items["due"].iloc[1] == pd.Timestamp("2024-03-10")


def test_part_payment_without_a_date_is_taken_last_and_reported(file):
    ledger = read_ledger(
        file(
            "invoice_id,contact_id,date,due_date,total,amount_paid,amount_due,fully_paid_on_date,status\n"
            "a,c,2024-01-01,2024-01-31,100,40,60,,AUTHORISED\n"
            "b,c,2024-01-02,2024-02-01,10,10,0,2024-03-05,PAID\n"
            "d,c,2024-01-03,2024-02-01,10,0,10,,VOIDED\n"
        )
    )
    assert ledger.balance("2024-03-04") == 110 and ledger.balance("2024-03-05") == 60
    assert [p.row for p in ledger.problems if "a day the file does not give" in p.what] == [2]
    assert any("because of their status" in p.what and p.value == "VOIDED" for p in ledger.problems)


def test_currencies_apart_payables_out_and_the_rate_divides(file):
    ledger = read_ledger(
        file(
            "invoice_id,contact_id,date,due_date,total,amount_due,currency_code,currency_rate,type,fully_paid_on_date\n"
            "a,c,2024-01-01,2024-01-31,100,100,USD,0.8,ACCREC,\nb,c,2024-01-02,2024-02-01,50,50,GBP,0.5,ACCREC,\n"
            "d,c,2024-01-03,2024-02-01,70,70,CAD,1,ACCPAY,\ne,c,2024-01-03,2024-02-01,9,0,USD,0.8,ACCREC,2024-01-09\n"
        )
    )
    assert ledger.currencies == ["GBP", "USD"]
    assert any("1 payables left out" in problem.what and problem.row == 4 for problem in ledger.problems)
    items = ledger.open_items("2024-01-31").set_index("document_id")
    assert (items["open_amount"] / items["currency_rate"]).to_dict() == {"a": 125, "b": 100}
    chinese = read_ledger(
        file("单据编号,客户名称,单据日期,到期日,未收金额,币种,汇率\n1,甲,2024-01-01,2024-02-01,10,美元,8\n")
    )
    items = chinese.open_items("2024-01-31")
    assert (chinese.currencies, (items["open_amount"] / items["currency_rate"]).tolist()) == (
        ["USD"],
        [80],
    )  # 汇率 multiplies


# -- asked for, never guessed ---------------------------------------------------------------------------------


def test_unknown_headers_are_asked_for(file):
    path = file("Beleg,Kunde,Datum,Faellig,Betrag,Bezahlt\n1,Acme,2024-01-31,2024-03-01,5,\n")
    with pytest.raises(LedgerError, match=r"mapping=\{") as caught:
        read_ledger(path)
    assert len(stops(caught)) == 5
    mapping = {"Beleg": "document_id", "Kunde": "customer_id", "Datum": "issued", "Faellig": "due", "Betrag": "amount"}
    assert read_ledger(path, mapping=mapping).balance("2024-01-31") == 5
    assert read_ledger(path, mapping={role: name for name, role in mapping.items()}).balance("2024-01-31") == 5
    with pytest.raises(ValueError, match="mapping must join"):
        read_ledger(path, mapping={"Beleg": "Nummer"})


def test_ambiguous_dates_are_refused_with_examples_and_can_be_told(file):
    path = file(
        "invoiceNumber,customerID,InvoiceDate,DueDate,InvoiceAmount,SettledDate\n"
        "1,c,1/2/2013,3/4/2013,5,5/6/2013\n2,c,2/2/2013,4/4/2013,5,\n"
    )
    with pytest.raises(LedgerError, match='date_order="DMY"') as caught:
        read_ledger(path)
    assert {p.column for p in stops(caught)} == {"InvoiceDate", "DueDate", "SettledDate"}
    assert {p.value for p in stops(caught)} >= {"1/2/2013", "3/4/2013", "5/6/2013"}
    assert read_ledger(path, date_order="DMY").first_issued == pd.Timestamp("2013-02-01")
    assert read_ledger(path, date_order="MDY").first_issued == pd.Timestamp("2013-01-02")


def test_a_column_with_both_orders_is_refused_by_row(file):
    with pytest.raises(LedgerError) as caught:
        read_ledger(
            file("发票号,客户名称,开票日期,到期日,未收金额\n1,甲,13/01/2013,1/2/2014,5\n2,甲,01/14/2013,1/2/2014,5\n")
        )
    assert {p.row for p in stops(caught) if p.column == "开票日期"} == {2, 3}


def test_a_likely_swap_is_warned_of_by_name(file):
    ledger = read_ledger(
        file("发票号,客户名称,开票日期,到期日,未收金额\nA1,甲,13/08/2024,12/09/2024,5\nA2,甲,14/08/2024,09/02/2024,5\n")
    )
    assert [(p.row, p.value) for p in ledger.problems if "probably swapped" in p.what and "A2" in p.what] == [
        (3, "09/02/2024")
    ]


def test_real_dates_that_excel_has_swapped_are_suspected(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["发票号", "客户名称", "开票日期", "到期日", "未收金额"])
    book.active.append(["1", "甲", "13/01/2024", "2024-05-01", 5])
    book.active.append(["2", "甲", pd.Timestamp("2024-02-01").to_pydatetime(), "2024-05-01", 5])
    book.save(tmp_path / "ar.xlsx")
    assert any(
        "Excel has very likely swapped" in p.what and p.row == 3 for p in read_ledger(tmp_path / "ar.xlsx").problems
    )


def test_every_problem_of_the_file_at_once(file):
    with pytest.raises(LedgerError) as caught:
        read_ledger(
            file(
                "发票号,客户名称,开票日期,到期日,价税合计,币种,收款日期\n1,甲,2024-02-30,2024-03-01,5,CNY,\n"
                "2,,2024-01-01,,=1+1,CNY,\n3,乙,2024-01-01,2024-01-31,1 000,yuan!,\n3,丙,1.1.24,2024-01-31,,CNY,\n"
            )
        )
    found = {(p.row, p.column) for p in stops(caught)}
    assert found == {
        (2, "开票日期"),
        (3, "客户名称"),
        (3, "到期日"),
        (3, "价税合计"),
        (4, "币种"),
        (4, "发票号"),
        (5, "发票号"),
        (5, "开票日期"),
        (5, "价税合计"),
    }
    assert all(p.file == "ar.csv" for p in stops(caught))


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "ar.csv", "the file is empty"),
        (b"\xef\xbb\xbf\n\n", "ar.csv", "the file is empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "ar.xls", "save it as .xlsx"),
        (b"PK\x03\x04 broken", "ar.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "ar.xls", "damaged"),
        (
            "EncryptedPackage".encode("utf-16-le").join([b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"x"]),
            "ar.xlsx",
            "password",
        ),
        (b"hello", "ar.csv", "no column for document_id"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "ar.csv", "LedgerError|"),
        ("发票号,客户名称,开票日期,到期日,未收金额\n".encode(), "ar.csv", "no rows below"),
    ],
)
def test_files_that_are_none(file, content, name, words):
    with pytest.raises(LedgerError, match=words):
        read_ledger(file(content, name))


def test_a_missing_file_and_an_empty_folder(tmp_path):
    with pytest.raises(LedgerError, match="cannot be opened"):
        read_ledger(tmp_path / "nothing.csv")
    with pytest.raises(LedgerError, match=r"without invoices\.csv"):
        read_ledger(tmp_path)


def test_a_stray_cell_at_the_end_of_the_sheet_is_refused_before_it_fills_the_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["发票号", "客户名称", "开票日期", "到期日", "未收金额"])
    book.active.cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "ar.xlsx")
    with pytest.raises(LedgerError, match="far outside its table"):
        read_ledger(tmp_path / "ar.xlsx")


def test_a_printed_total_that_does_not_fit_is_named(file):
    text = "发票号,客户名称,开票日期,到期日,未收金额\n1,甲,2024-01-31,2024-03-01,5\n合计,,,,{}\n"
    assert not [p for p in read_ledger(file(text.format("5.00"))).problems if "printed total" in p.what]
    assert [p.row for p in read_ledger(file(text.format("6.00"))).problems if "printed total" in p.what] == [3]


def test_own_folder_is_read_too(file, tmp_path):
    ledger = read_ledger(file(written("iso")))
    ledger.save(tmp_path / "own")
    again = read_ledger(tmp_path / "own")
    assert again.open_items("2013-02-15").equals(ledger.open_items("2013-02-15"))


def test_the_short_way_makes_the_book_that_the_tables_make(file):
    """A file's book is made straight from its columns; written out as tables and compiled, it is the same."""
    text = written("iso").decode() + "\r\n005,C7,2013-05-01,2013-06-01,10.00,2013-04-15\r\n"
    text += "006,C7,2013-05-02,2013-06-01,-4.00,2013-05-09"
    ledger = read_ledger(file(text))
    again = Ledger.from_tables(
        {name: ledger.table(name) for name in ("customers", "invoices", "receipts", "allocations")}
    )
    for as_of in pd.date_range("2013-01-01", "2013-06-30"):
        assert ledger.open_items(as_of).equals(again.open_items(as_of)), as_of
    assert ledger.settlements().equals(again.settlements())
    assert ledger.monthly("2013-06-30").equals(again.monthly("2013-06-30"))


def test_long_files_show_progress(file, capsys):
    head = "invoiceNumber,customerID,InvoiceDate,DueDate,InvoiceAmount,SettledDate\n"
    rows = (f"{n},c{n % 9},2024-01-31,2024-03-01,5.25,2024-02-{n % 28 + 1:02d}\n" for n in range(100_001))
    ledger = read_ledger(file(head + "".join(rows)))
    assert "100,001 rows" in capsys.readouterr().err
    assert ledger.balance("2024-01-31") == 525005.25
