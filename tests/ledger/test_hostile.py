"""Hostile files: a ledger that ties out or a LedgerError that lists what is wrong; nothing else, ever."""

import random
import re
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables import Undefined
from receivables.ledger import Ledger, LedgerError, read_ledger

SAMPLES = Path(__file__).parents[2].parent / "shared" / "data"
PER_SEED = 40
HEADS = {
    "paid": "invoiceNumber,customerID,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate",
    "zh": "发票号,客户编号,开票日期,到期日,价税合计,是否有争议,收款日期",
    "open": "单据编号,客户名称,单据日期,到期日,单据金额,已收金额,未收金额",
    "typed": "Num,Customer,Date,Due Date,Amount,Type,Currency",
}


def sample(kind: str, rng: random.Random) -> str:
    lines = [HEADS[kind]]
    for number in range(rng.randint(1, 12)):
        month, day, amount = rng.randint(1, 11), rng.randint(1, 28), rng.randint(1, 99999) / 100
        issued, due, paid = (
            f"2023-{month:02d}-{day:02d}",
            f"2023-{month + 1:02d}-{day:02d}",
            rng.choice(["", f"2024-{month:02d}-{day:02d}"]),
        )
        if kind == "zh":
            issued, due = (re.sub(r"(\d+)-0?(\d+)-0?(\d+)", r"\1年\2月\3日", text) for text in (issued, due))
        tail = {
            "paid": [amount, rng.choice(["Yes", "No"]), paid],
            "zh": [amount, rng.choice("是否"), paid],
            "open": [amount, 0, amount],
            "typed": [amount, rng.choice(["Invoice", "Payment", "Credit Memo"]), "USD"],
        }
        lines.append(",".join(map(str, [f"00{number}", f"c{rng.randint(1, 3)}", issued, due, *tail[kind]])))
    return "\n".join(lines) + "\n"


# Each mutation takes and returns text; those in BYTES work on the bytes that come last.
def shuffled(text, rng):
    head, *rows = text.splitlines()
    rng.shuffle(rows)
    return "\n".join([head, *rows])


def columns_shuffled(text, rng):
    table = [line.split(",") for line in text.splitlines()]
    order = list(range(len(table[0])))
    rng.shuffle(order)
    return "\n".join(",".join(row[k] if k < len(row) else "" for k in order) for row in table)


def column_gone(text, rng):
    table = [line.split(",") for line in text.splitlines()]
    gone = rng.randrange(len(table[0]))
    return "\n".join(",".join(row[:gone] + row[gone + 1 :]) for row in table)


def fifty_more(text, rng):
    head, *rows = text.splitlines()
    return "\n".join([head + "".join(f",extra{k}" for k in range(50)), *(row + ",x" * 50 for row in rows)])


def doubled(text, rng):
    lines = text.splitlines()
    return "\n".join([*lines, rng.choice(lines)])


def cell_replaced(text, rng):
    lines = [line.split(",") for line in text.splitlines()]
    row = rng.choice(lines)
    row[rng.randrange(len(row))] = rng.choice(
        [
            "",
            "=SUM(A1:A9)",
            "#REF!",
            "-",
            "NaN",
            "inf",
            "1e309",
            "9" * 30,
            "31/02/2023",
            "1.2.23",
            "２０２３年１月２日",
            "null",
            "true",
            "@cmd",
            "'001",
            '="001"',
            "1.234.567,8",
            "(5",
            "5)",
            "--5",
            "\u202e",
            "💣",
            "0000-00-00",
            "45000.5",
            "13/13/2023",
            '"',
            "a\tb",
            "合计",
            "-0.00",
            "1,,2",
            "٣",
            "1" * 5000,
            "2023-01-01T25:61:99",
            "\x1a",
            "0x1F",
            "1_000",
            "½",
        ]
    )
    return "\n".join(",".join(line) for line in lines)


def redated(text, rng):
    style = rng.choice([r"\3/\2/\1", r"\2/\3/\1", r"\1\2\3", r"\1.\2.\3", r"\1\2\3.0", r"\3-\2-\1 00:00"])
    return re.sub(r"(\d{4})-(\d\d)-(\d\d)", style, text)


def summed(text, rng):
    return (
        text.rstrip("\n")
        + "\n"
        + rng.choice(["合计,,,,99.00,,", "小 计,,,,1,,", ",,,,,,", "制表人：某,,,,,,", "Total,,,,5,,"])
    )


def titled(text, rng):
    return rng.choice(["应收账款表\n\n", "Report\nprinted 2023-01-01\n", "﻿\n", "a,b\n"]) + text


def other_separator(text, rng):
    return text.replace(",", rng.choice([";", "\t", "|", "，"]))


def blank(text, rng):
    return text.replace("\n", rng.choice(["\n\n", "\r\n", "\r", "\n,,,,,,\n"]))


TEXT = [
    shuffled,
    columns_shuffled,
    column_gone,
    fifty_more,
    doubled,
    cell_replaced,
    cell_replaced,
    cell_replaced,
    redated,
    summed,
    titled,
    other_separator,
    blank,
]
KEEPS_ROWS = {shuffled, fifty_more, redated, summed, cell_replaced}


def to_bytes(text, rng):
    return text.encode(rng.choice(["utf-8"] * 4 + ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"]), "replace")


def cut(data, rng):
    return data[: rng.randint(0, len(data))]


def flipped(data, rng):
    data = bytearray(data)
    for _ in range(rng.randint(1, 9)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def read_or_refuse(path: Path) -> Ledger | None:
    """What must hold for any bytes at all."""
    before = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            ledger = read_ledger(path)
        except LedgerError as error:
            assert error.problems and error.advice and any(problem.stops for problem in error.problems)
            assert all(problem.what for problem in error.problems)
            ledger = None
        assert path.read_bytes() == before and len(list(path.parent.iterdir())) == 1
        if ledger is not None:
            ties_out(ledger)
    return ledger


def ties_out(ledger: Ledger) -> None:
    if not ledger.supports("items"):
        with pytest.raises(Undefined):
            ledger.open_items("2024-12-31")
        return
    for currency in ledger.currencies:
        items = ledger.open_items("2199-12-31", currency=currency, minor=True)
        assert items["open_amount"].sum() == ledger.balance("2199-12-31", currency=currency, minor=True)
        assert items["due"].notna().all() and (items["open_amount"] != 0).all()
        if ledger.supports("flows"):
            moves = ledger.roll_forward(freq="Y", currency=currency, minor=True)
            assert moves["closing"].iloc[-1] == items["open_amount"].sum()


@pytest.mark.parametrize("seed", range(10))
def test_mutated_files(tmp_path, seed):
    rng = random.Random(seed)
    read = 0
    for case in range(PER_SEED):
        kind = rng.choice(list(HEADS))
        text, used = sample(kind, rng), []
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            used.append(rng.choice(TEXT))
            text = used[-1](text, rng)
        data = to_bytes(text, rng)
        damaged = rng.random() < 0.2
        if damaged and data:
            data = rng.choice([cut, flipped])(data, rng)
        folder = tmp_path / str(case)
        folder.mkdir()
        path = folder / f"file{rng.choice(['.csv', '.tsv', '.xlsx', '.xls', '.txt', ''])}"
        path.write_bytes(data)
        ledger = read_or_refuse(path)
        read += ledger is not None
        if ledger is not None and not damaged and set(used) <= KEEPS_ROWS:
            rows = sum(bool(line.strip(",")) for line in text.splitlines()) - 1
            left_out = sum("left out" in problem.what for problem in ledger.problems)
            kept = len(ledger.table("invoices")) + (~ledger.table("receipts")["receipt_id"].str.startswith("R-")).sum()
            assert kept + left_out == rows, (used, text)
    assert PER_SEED * 0.15 < read < PER_SEED  # neither all refused nor all waved through


@settings(max_examples=40)
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "ar.csv"
    path.write_bytes(data)
    read_or_refuse(path)


@settings(max_examples=40)
@given(st.lists(st.lists(st.text(max_size=8), min_size=7, max_size=7), max_size=4), st.sampled_from(list(HEADS)))
def test_any_cells_below_a_known_header(tmp_path_factory, rows, kind):
    path = tmp_path_factory.mktemp("cells") / "ar.csv"
    path.write_bytes("\n".join([HEADS[kind], *(",".join(row) for row in rows)]).encode("utf-8", "replace"))
    read_or_refuse(path)


@pytest.mark.parametrize("seed", range(20))
def test_damaged_workbooks(tmp_path, seed):
    import openpyxl

    rng = random.Random(seed)
    book = openpyxl.Workbook()
    for line in sample(rng.choice(["paid", "open"]), rng).splitlines():
        book.active.append(line.split(","))
    book.active["A2"] = "=1+1"
    path = tmp_path / "ar.xlsx"
    book.save(path)
    data = path.read_bytes() if seed % 2 else (Path(__file__).parent / "files" / "open_items.xls").read_bytes()
    path.write_bytes(rng.choice([cut, flipped])(data, rng))
    read_or_refuse(path)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public sample files are not beside this checkout")
@pytest.mark.parametrize("name", ["ibm_late_payments.csv", "ibm_cn_gb18030.csv", "xero_invoices.csv"])
def test_mutated_samples(tmp_path, name):
    rng = random.Random(name)
    whole = (SAMPLES / name).read_bytes()
    lines = whole.splitlines(keepends=True)
    for case in range(20):
        data = b"".join([lines[0], *rng.sample(lines[1:], 30)])
        if case % 3:
            data = rng.choice([cut, flipped])(data, rng)
        folder = tmp_path / str(case)
        folder.mkdir()
        (folder / name).write_bytes(data)
        ledger = read_or_refuse(folder / name)
        assert ledger is not None or case % 3 or "xero" in name
