"""From an understood sheet to a ledger: paid history, history with receipts, open snapshot or aged list."""

from __future__ import annotations

import numpy as np
import pandas as pd

from receivables.ledger.book import NO_DAY, TYPES, days, straight_book
from receivables.ledger.dates import DateOrder
from receivables.ledger.layout import Layout
from receivables.ledger.ledger import Ledger
from receivables.ledger.problems import LedgerError, Problem
from receivables.ledger.sheet import Sheet, as_column
from receivables.ledger.tables import shape


def convert(layout: Layout, date_order: DateOrder | None, tick=lambda: None) -> Ledger:
    """The ledger of one sheet.

    Raises
    ------
    LedgerError
        With every problem of the sheet, and what to do about the most frequent kind.
    """
    return _Conversion(layout, date_order, tick).ledger()


class _Conversion(Sheet):
    def ledger(self) -> Ledger:
        kind = self._kind()
        if kind is None:
            self.stop()
        if self.size == 0:
            self.wrong("the header is there, but no rows below it", expected="at least one document")
            self.stop()
        self.amounts()
        self.sum_rows()
        if kind == "aged_list":
            return self._aged_list()
        self.read_dates()
        self.read_due()
        frame = self.documents()
        self.suspicious(frame)
        self.stop_if_wrong()
        return self._history(frame) if self._has_history(frame) else self._snapshot(frame)

    def _kind(self) -> str | None:
        customer = self.has("customer_id") or self.has("customer_name")
        dated = self.has("issued") or self.has("due")
        if customer and not dated and (len(self.layout.buckets) >= 2 or (self.has("open") and not self.has("amount"))):
            return "aged_list"
        missing = [
            name
            for name, there in (
                ("document_id", self.has("document_id")),
                ("customer_id", customer),
                ("issued", self.has("issued")),
                ("due", self.has("due") or self.has("terms")),
                ("amount", self.has("amount") or self.has("open")),
            )
            if not there
        ]
        known = {position for position in self.layout.roles.values()} | set(self.layout.buckets)
        others = [
            name.strip() for position, name in enumerate(self.layout.names) if position not in known and name.strip()
        ]
        for role in missing:
            self.wrong(f"no column for {role} recognised", value=", ".join(self.layout.names)[:300])
            self.advice.append(
                f"say which column it is, for example mapping={{{(others or ['<header>'])[0]!r}: {role!r}}}"
            )
        return None if missing else "documents"

    def _has_history(self, frame: pd.DataFrame) -> bool:
        """Dated payments, on the invoices' own rows or as rows; a column of them that is empty is no history."""
        if frame["settled"].notna().any():
            return True
        if (frame["document_type"].to_numpy() == "receipt").any() and not self.has("open"):
            return True
        if self.has("settled"):
            self.note(
                "no payment date at all: taken as a list of open items, whose history is not in the file",
                column=self.layout.header("settled"),
            )
        return False

    def _history(self, frame: pd.DataFrame) -> Ledger:
        is_receipt = frame["document_type"].to_numpy() == "receipt"
        if not is_receipt.any():
            return self._straight(frame, self._paid(frame), "paid_history")
        invoices, rows = frame[~is_receipt].copy(), frame[is_receipt]
        paid = self._paid(invoices)
        receipts = pd.DataFrame(
            {
                "receipt_id": rows["document_id"],
                "customer_id": rows["customer_id"],
                "received": rows["issued"],
                "currency": rows["currency"],
                "amount": -rows["amount"],
            }
        )
        tables = _tables(invoices, paid, frame)
        tables["receipts"] = pd.concat([receipts, tables["receipts"]])
        if "parent_id" in frame:  # elsewhere the file says itself how credit notes were settled
            known = invoices["parent_id"].isin(invoices.loc[invoices["amount"] > 0, "document_id"])
            tables["invoices"]["parent_id"] = invoices["parent_id"].where(known & (invoices["amount"] < 0))
        try:
            return Ledger(_shaped(tables), kind="history", source=self.layout.grid.file, problems=self.problems)
        except LedgerError as error:
            raise LedgerError([self._in_the_file(p, frame) for p in error.problems], error.advice) from None

    def _in_the_file(self, problem: Problem, frame: pd.DataFrame) -> Problem:
        """A problem of a table as a problem of the file's row, found by the number of the document."""
        at = np.flatnonzero((frame["document_id"] == problem.value).to_numpy())
        row = int(self.layout.row[frame["position"].iloc[at[0]]]) if len(at) else None
        return self.layout.problem(
            problem.what,
            row=row,
            column=problem.column,
            value=problem.value,
            expected=problem.expected,
            stops=problem.stops,
        )

    def _paid(self, invoices: pd.DataFrame) -> np.ndarray:
        """What each row says was paid; undated part-payments are dated on the last day of the file, and reported."""
        amount = invoices["amount"].to_numpy(np.int64)
        dated = invoices["settled"].notna().to_numpy()
        if "open" in invoices:
            paid = amount - invoices["open"].to_numpy(np.int64)
        elif "paid" in invoices or "credited" in invoices:
            paid = (invoices.get("paid", 0) + invoices.get("credited", 0)).to_numpy(np.int64)
            paid = np.where(dated & (paid == 0), amount, paid)
        else:
            paid = np.where(dated, amount, 0)
        undated = ~dated & (paid != 0)
        if undated.any():
            last = invoices[["issued", "settled"]].max().max()
            for at in np.flatnonzero(undated):
                self.note(
                    f"{paid[at] / 100:,.2f} of {invoices['document_id'].iloc[at]} paid on a day the file does not "
                    f"give: taken on its last day, {last.date()}",
                    row=int(self.layout.row[invoices["position"].iloc[at]]),
                )
            invoices.loc[undated, "settled"] = last
        against = (
            (np.sign(paid) * np.sign(amount) < 0) | ((amount == 0) & (paid != 0)) | ((amount < 0) & (paid < amount))
        )
        for at in np.flatnonzero(against):
            role = "open" if self.has("open") else "amount"
            self.wrong(
                "what was paid does not fit the amount",
                role,
                int(invoices["position"].iloc[at]),
                expected="a payment of the same sign as the amount",
            )
        self.stop_if_wrong()
        return paid

    def _snapshot(self, frame: pd.DataFrame) -> Ledger:
        if "open" in frame:
            stated = frame["open"]
            if "paid" in frame or "credited" in frame:
                rest = frame["amount"] - frame.get("paid", 0) - frame.get("credited", 0)
                for at in np.flatnonzero((rest != stated).to_numpy()):
                    self.note(
                        f"open amount of {frame['document_id'].iloc[at]} is not amount less paid: the open amount is "
                        "taken",
                        row=int(self.layout.row[frame["position"].iloc[at]]),
                        column=self.layout.header("open"),
                    )
        else:
            stated = frame["amount"] - frame.get("paid", 0) - frame.get("credited", 0)
            if not self.has("paid"):
                self.note("neither payments nor open amounts in the file: every amount is taken as open")
        # net and tax belong to the whole amount, of which only the open part stays
        frame = frame.assign(original_amount=frame["amount"], amount=stated).drop(
            columns=["net", "tax"], errors="ignore"
        )
        lost = frame["due"].isna() & (frame["amount"] > 0)
        for at in np.flatnonzero(lost.to_numpy()):
            self.wrong(
                "a debit without a due date",
                "open" if self.has("open") else "amount",
                int(frame["position"].iloc[at]),
                expected="a date: it is never guessed",
            )
        self.stop_if_wrong()
        return self._straight(frame, np.zeros(len(frame), np.int64), "open_snapshot")

    def _straight(self, frame: pd.DataFrame, paid: np.ndarray, kind: str) -> Ledger:
        """A ledger whose every document was paid at most once: its book needs no detour over tables."""
        if {"net", "tax"} <= set(frame):
            fits = ((frame["net"] + frame["tax"] == frame["amount"]) & ~self.blank["net"][frame["position"]]).to_numpy()
            frame = frame.assign(net=frame["net"].where(fits), tax=frame["tax"].where(fits))
            if not fits.all():
                self.note(
                    f"{int((~fits).sum())} rows whose net and tax do not add up to the amount: net and tax not kept"
                )
        codes, ids = pd.factorize(frame["customer_id"], sort=True)
        money, currencies = pd.factorize(frame["currency"], sort=True)
        issued = days(frame["issued"])
        due, settled = days(frame["due"]), days(frame["settled"])
        book = straight_book(
            customer=codes,
            customers=pd.Index(ids, dtype="str"),
            currency=money,
            currencies=pd.Index(currencies, dtype="str"),
            type=_types(frame),
            start=issued,
            due=np.where(due == NO_DAY, issued, due),
            amount=frame["amount"].to_numpy(np.int64),
            paid_on=settled,
            paid=paid,
        )
        self.tick()
        return Ledger._of_columns(
            book,
            lambda: _shaped(_tables(frame, paid, frame)),
            kind=kind,
            source=self.layout.grid.file,
            problems=self.problems,
        )

    def _aged_list(self) -> Ledger:
        customer = "customer_id" if self.has("customer_id") else "customer_name"
        ids = as_column(self.ids(customer))
        currency = self.currencies()
        names = {f"bucket {p}": self.layout.names[p].strip() for p in self.layout.buckets} or {"open": "unaged"}
        for at in np.flatnonzero((ids == "").to_numpy()):
            self.wrong("customer is missing", customer, int(at))
        aged = pd.concat(
            [
                pd.DataFrame({"customer_id": ids, "currency": currency, "bucket": bucket, "amount": self.money[name]})
                for name, bucket in names.items()
            ],
            ignore_index=True,
        )
        if "bucket" in "".join(names) and "open" in self.money:
            total = sum(self.money[name] for name in names)
            for at in np.flatnonzero((total != self.money["open"]) & ~self.blank["open"]):
                self.note(
                    "the buckets do not add up to the balance of the row",
                    row=int(self.layout.row[at]),
                    column=self.layout.header("open"),
                    value=str(self.layout.text("open").iloc[at]),
                )
        self.stop_if_wrong()
        customers, _ = shape(
            "customers", pd.DataFrame({"customer_id": ids.drop_duplicates().sort_values()}), minor=True
        )
        return Ledger(
            {"customers": customers}, kind="aged_list", source=self.layout.grid.file, problems=self.problems, aged=aged
        )


def _types(frame: pd.DataFrame) -> np.ndarray:
    """The document type of every row as a position in TYPES: credit note where the amount is negative, whatever the
    file calls it."""
    codes = np.zeros(len(frame), np.int8)
    for name in ("debit_note", "opening"):
        codes[frame["document_type"].to_numpy() == name] = TYPES.index(name)
    codes[frame["amount"].to_numpy() < 0] = TYPES.index("credit_note")
    return codes


def _tables(invoices: pd.DataFrame, paid: np.ndarray, everyone: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The ledger's tables of documents of which each was paid at most once, by a receipt of its own."""
    columns = [
        "document_id",
        "customer_id",
        "issued",
        "due",
        "currency",
        "net",
        "tax",
        "amount",
        "original_amount",
        "currency_rate",
        "salesperson",
        "contract_id",
        "note",
    ]
    paying = invoices[paid != 0].assign(paid=paid[paid != 0])
    receipts = pd.DataFrame(
        {
            "receipt_id": "R-" + paying["document_id"],
            "customer_id": paying["customer_id"],
            "received": paying["settled"],
            "currency": paying["currency"],
            "amount": paying["paid"],
        }
    )
    part = np.sign(paying["amount"]) * np.minimum(paying["paid"].abs(), paying["amount"].abs())
    allocations = pd.DataFrame(
        {
            "allocation_id": "L-" + paying["document_id"],
            "source_type": "receipt",
            "source_id": receipts["receipt_id"],
            "document_id": paying["document_id"],
            "applied": paying[["settled", "issued"]].max(axis=1),
            "amount": part,
        }
    )
    disputed = invoices[invoices["disputed"].to_numpy()]
    disputes = pd.DataFrame(
        {
            "dispute_id": "D-" + disputed["document_id"],
            "customer_id": disputed["customer_id"],
            "document_id": disputed["document_id"],
            "opened_on": disputed["issued"],
            "reason": "other",
            "resolved_on": disputed["settled"],
            "note": "the file gives no dates: from issue until paid",
        }
    )
    named = ["customer_id", "name"] if "name" in everyone else ["customer_id"]
    tables = {
        "invoices": invoices[[c for c in columns if c in invoices]].assign(
            document_type=np.array(TYPES, dtype=object)[_types(invoices)]
        ),
        "receipts": receipts,
        "allocations": allocations,
        "disputes": disputes,
        "customers": everyone[named].drop_duplicates("customer_id").sort_values("customer_id"),
    }
    if "contract_id" in everyone:
        tables["contracts"] = everyone.loc[
            everyone["contract_id"] != "", ["contract_id", "customer_id"]
        ].drop_duplicates("contract_id")
    return tables


def _shaped(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: shape(name, table.reset_index(drop=True), minor=True)[0] for name, table in tables.items()}
