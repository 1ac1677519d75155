"""Bringing tables into the shape of the schema, and checking what the schema alone cannot say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from receivables.ledger.amounts import LIMIT, read_amounts
from receivables.ledger.problems import Problem
from receivables.ledger.schema import DATE, TABLES, Field, Table

_TRUTH = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "是": True, "否": False}


def shape(name: str, frame: pd.DataFrame, *, minor: bool, file: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    """One table with all columns of its schema, in order and of its types; and what could not be read.

    Parameters
    ----------
    frame : columns typed, or text as in the CSV files (ISO dates, plain decimals)
    minor : whether money is in minor units already
    """
    table, file, problems = TABLES[name], file or name, []
    for column in frame.columns.difference(table.columns):
        problems.append(
            Problem("unknown column", file=file, column=str(column), expected=f"one of {', '.join(table.columns)}")
        )
    given = {}
    for field in table.fields:
        if field.name in frame:
            given[field.name], wrong = _column(field, frame[field.name].reset_index(drop=True), minor)
            problems += [
                Problem(what, file=file, row=row + 2, column=field.name, value=str(frame[field.name].iloc[row]))
                for row, what in wrong.items()
            ]
        elif field.required:
            problems.append(Problem("column is missing", file=file, column=field.name, expected=field.en))
            given[field.name] = pd.Series(0 if field.kind == "money" else None, range(len(frame)), dtype=field.dtype)
    blank = table.empty().drop(columns=list(given)).reindex(pd.RangeIndex(len(frame)))
    return pd.concat([blank, pd.DataFrame(given)], axis=1)[table.columns], problems


def _column(field: Field, values: pd.Series, minor: bool) -> tuple[pd.Series, dict[int, str]]:
    reader = {"date": _dates, "money": _money, "rate": _numbers, "days": _numbers, "flag": _flags}.get(field.kind)
    if reader is None:
        text = values.astype("str")
        return text.where((text != "").fillna(False)).astype("str"), {}
    read, wrong = reader(values, minor)
    if field.dtype == "int64":
        # A required amount that is missing or unreadable is a problem of its own: 0 only holds its place.
        wrong |= {int(row): "amount is missing" for row in np.flatnonzero(read.isna()) if int(row) not in wrong}
        read = read.fillna(0)
    return read.astype(field.dtype), wrong


def _is_text(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.StringDtype) or values.dtype == object


def _where(values: pd.Series, bad, what: str) -> dict[int, str]:
    present = values.notna() & (values.astype("str") != "") if _is_text(values) else values.notna()
    return {int(row): what for row in np.flatnonzero(np.asarray(present & bad))}


def _dates(values: pd.Series, _minor: bool):
    if _is_text(values):
        read = pd.to_datetime(values.where(values != ""), format="ISO8601", errors="coerce")
        if not pd.api.types.is_datetime64_any_dtype(read):  # nothing but missing values
            read = pd.Series(pd.NaT, index=values.index)
    else:
        read = pd.to_datetime(values)
    if getattr(read.dt, "tz", None) is not None:
        read = read.dt.tz_localize(None)
    read = read.astype(DATE).dt.normalize()
    out = (read.dt.year < 1970) | (read.dt.year > 2199)
    return read, _where(values, read.isna(), "not a date written 2024-03-31") | _where(values, out, "year out of range")


def _money(values: pd.Series, minor: bool):
    if _is_text(values):
        read, missing, wrong, rounded = read_amounts(values.astype("str"), scale=1, comma=False)
        wrong = wrong | {row: "more than two decimals" for row in rounded}
        read = pd.array(read, dtype="Int64")
        read[missing | np.isin(np.arange(len(read)), list(wrong))] = pd.NA
        return pd.Series(read, index=values.index), wrong
    numbers = pd.to_numeric(values).astype("Float64") if not minor else values.astype("Int64")
    bad = (numbers.abs() >= LIMIT * (100 if minor else 1)).fillna(False)
    read = numbers.mask(bad)
    if not minor:
        read = (read * 100).round()
    return read.astype("Int64"), _where(values, bad, "too large to be an amount")


def _numbers(values: pd.Series, _minor: bool):
    read = pd.to_numeric(values.where(values != "") if _is_text(values) else values, errors="coerce")
    read = read.astype("Float64")
    return read.astype("float64") if (read % 1 != 0).any() else read, _where(values, read.isna(), "not a number")


def _flags(values: pd.Series, _minor: bool):
    if not _is_text(values):
        return values.astype("boolean"), {}
    lower = values.astype("str").str.strip().str.lower()
    read = lower.map(_TRUTH).astype("boolean")
    return read, _where(values, read.isna(), "neither true nor false")


def check(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str] | None = None) -> list[Problem]:
    """Everything in the tables that no ledger may hold: types, keys, references, signs, sums."""
    files = files or {}
    problems = []
    for name, frame in tables.items():
        problems += _against_schema(TABLES[name], frame, files.get(name, name))
    if problems:
        return problems  # keys that stand twice can refer to nothing
    keys = {name: pd.Index(tables[name][TABLES[name].key]) for name in tables}
    for name, frame in tables.items():
        for field in TABLES[name].fields:
            if field.refers and not (name == "allocations" and field.name == "document_id"):
                values = frame[field.name]
                lost = values.notna().to_numpy() & (keys[field.refers].get_indexer(values) < 0)
                problems += _rows(files.get(name, name), field.name, lost, values, f"no such row in {field.refers}")
    return problems or _Money(tables, files).problems()


def _rows(file: str, column: str, bad, values: pd.Series, what: str, expected: str = "", stops: bool = True):
    return [
        Problem(
            what,
            file=file,
            row=int(row) + 2,
            column=column,
            value=str(values.iloc[row]),
            expected=expected,
            stops=stops,
        )
        for row in np.flatnonzero(bad)
    ]


def _against_schema(table: Table, frame: pd.DataFrame, file: str) -> list[Problem]:
    if not len(frame):
        return []
    from pandera.errors import SchemaErrors

    try:
        table.schema.validate(frame, lazy=True)
        return []
    except SchemaErrors as errors:
        words = {"not_nullable": "a value is missing", "field_uniqueness": "stands more than once"}
        return [
            Problem(
                words.get(
                    case["check"], "not allowed here" if "isin" in str(case["check"]) else f"fails {case['check']}"
                ),
                file=file,
                row=None if pd.isna(case["index"]) else int(case["index"]) + 2,
                column=str(case["column"]),
                value=None if case["check"] == "not_nullable" else str(case["failure_case"]),
                expected=", ".join(table.field(case["column"]).choices) if "isin" in str(case["check"]) else "",
            )
            for case in errors.failure_cases.to_dict("records")
        ]


class _Money:
    """Signs and sums of the tables that move money."""

    def __init__(self, tables, files):
        self.tables, self.files = tables, files
        self.found: list[Problem] = []

    def problems(self) -> list[Problem]:
        self._invoices()
        self._receipts()
        if not self.found:
            self._applied()
        return self.found

    def _flag(self, table, column, bad, what, expected="", *, stops=True) -> None:
        self.found += _rows(
            self.files.get(table, table),
            column,
            np.asarray(bad, bool),
            self.tables[table][column],
            what,
            expected,
            stops,
        )

    def _invoices(self) -> None:
        inv = self.tables["invoices"]
        credit = (inv["document_type"] == "credit_note").to_numpy()
        amount = inv["amount"].to_numpy(np.int64)
        self._flag("invoices", "amount", credit & (amount > 0), "a credit note must be negative")
        self._flag("invoices", "amount", ~credit & (amount < 0), "only a credit note may be negative")
        self._flag(
            "invoices",
            "due",
            ~credit & inv["due"].isna().to_numpy(),
            "the due date is missing",
            "a date: due dates are never guessed",
        )
        parts = inv["net"] + inv["tax"]
        self._flag(
            "invoices",
            "amount",
            (parts.notna() & (parts != inv["amount"])).fillna(False),
            "net and tax do not add up to the amount",
            "net + tax",
        )
        parent = pd.Index(inv["document_id"]).get_indexer(inv["parent_id"])
        other = (parent >= 0) & (
            (inv["customer_id"].to_numpy(object) != inv["customer_id"].to_numpy(object)[parent])
            | (inv["currency"].to_numpy(object) != inv["currency"].to_numpy(object)[parent])
        )
        self._flag("invoices", "parent_id", other, "corrects an invoice of another customer or currency")
        ret = self.tables["retention"]
        held = ret.groupby("document_id")["amount"].sum()
        document = pd.Index(inv["document_id"]).get_indexer(ret["document_id"])
        self._flag(
            "retention",
            "amount",
            (ret["amount"] <= 0) | (ret["document_id"].map(held).to_numpy() > amount[document] if len(ret) else False),
            "retention must be above 0 and within its invoice",
        )

    def _receipts(self) -> None:
        rec, off = self.tables["receipts"], self.tables["write_offs"]
        self._flag("receipts", "amount", rec["amount"] == 0, "a receipt of nothing", stops=False)
        self._flag("write_offs", "amount", off["amount"] <= 0, "a write-off must be above 0")
        recovered = rec[rec["recovery_of"].notna()].groupby("recovery_of")["amount"].sum()
        too_much = off["write_off_id"].map(recovered).fillna(0).to_numpy() > off["amount"].to_numpy()
        self._flag("write_offs", "amount", too_much, "more has been recovered than was written off")
        same = pd.Index(off["write_off_id"]).get_indexer(rec["recovery_of"])
        other = (same >= 0) & (
            rec["customer_id"].to_numpy(object) != np.append(off["customer_id"].to_numpy(object), None)[same]
        )
        self._flag("receipts", "recovery_of", other, "recovers a write-off of another customer")
        backwards = rec["dishonoured"].notna() & (rec["dishonoured"] < rec["received"])
        self._flag("receipts", "dishonoured", backwards, "refused before it was received")

    def _applied(self) -> None:
        """Every allocation lies within its source and its document, of the same customer and currency."""
        inv, rec, alloc = self.tables["invoices"], self.tables["receipts"], self.tables["allocations"]
        off = self.tables["write_offs"]
        columns = ["customer_id", "currency", "amount"]
        entries = pd.concat([inv[columns], rec[columns].assign(amount=-rec["amount"])], ignore_index=True)
        documents, receipts = pd.Index(inv["document_id"]), pd.Index(rec["receipt_id"])
        as_receipt = receipts.get_indexer(alloc["source_id"])
        from_credit = (alloc["source_type"] == "credit_note").to_numpy()
        source = np.where(
            from_credit, documents.get_indexer(alloc["source_id"]), np.where(as_receipt >= 0, as_receipt + len(inv), -1)
        )
        document = documents.get_indexer(alloc["document_id"])
        refund = receipts.get_indexer(alloc["document_id"])
        document = np.where((document < 0) & (refund >= 0), refund + len(inv), document)
        self._flag("allocations", "source_id", source < 0, "no such receipt or credit note")
        self._flag("allocations", "document_id", document < 0, "no such invoice, nor refund")
        off_document = documents.get_indexer(off["document_id"])
        if self.found and any(problem.stops for problem in self.found):
            return
        for column in ("customer_id", "currency"):
            value = entries[column].to_numpy(object)
            self._flag(
                "allocations",
                "document_id",
                value[source] != value[document],
                f"settled by a source of another {column.removesuffix('_id')}",
            )
        self._flag(
            "write_offs",
            "customer_id",
            entries["customer_id"].to_numpy(object)[off_document] != off["customer_id"].to_numpy(object),
            "the document is another customer's",
        )
        amount, applied = entries["amount"].to_numpy(np.int64), alloc["amount"].to_numpy(np.int64)
        sign = (
            (applied == 0)
            | (np.sign(amount[document]) != np.sign(applied))
            | (np.sign(amount[source]) == np.sign(applied))
        )
        self._flag("allocations", "amount", sign, "must reduce both what it settles and what it comes from")
        if not (sign.any() or any(problem.stops for problem in self.found)):
            self._sums(amount, source, document, applied, off_document)

    def _sums(self, amount, source, document, applied, off_document) -> None:
        used = np.zeros(len(amount), np.int64)
        np.add.at(used, source, np.abs(applied))
        over = used > np.abs(amount)
        self._flag("allocations", "source_id", over[source], "more allocated than the source holds")
        live = np.ones(len(applied), bool)  # what a refused draft had settled is open again, and may be settled anew
        rec = self.tables["receipts"]
        refused = np.append(np.zeros(len(self.tables["invoices"]), bool), rec["dishonoured"].notna().to_numpy())
        live[refused[source]] = False
        settled = np.zeros(len(amount), np.int64)
        np.add.at(settled, document[live], np.abs(applied[live]))
        np.add.at(settled, off_document, self.tables["write_offs"]["amount"].to_numpy(np.int64))
        over = settled > np.abs(amount)
        self._flag("allocations", "document_id", over[document], "more settled than the document's amount")
        self._flag(
            "write_offs",
            "document_id",
            over[off_document] & (amount[off_document] >= 0),
            "more settled than the document's amount",
        )
