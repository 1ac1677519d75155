"""From a sheet with named columns to the ledger's tables; every problem of the sheet is collected first."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from receivables.ledger.amounts import read_amounts
from receivables.ledger.book import NO_DAY, TYPES, days, straight_book
from receivables.ledger.cells import distinct, stripped
from receivables.ledger.dates import NO_DATE, DateOrder, Dates, read_dates
from receivables.ledger.headers import headers, plain, scale
from receivables.ledger.layout import Layout
from receivables.ledger.ledger import Ledger
from receivables.ledger.problems import LedgerError, Problem
from receivables.ledger.schema import NO_CURRENCY
from receivables.ledger.tables import shape

MONEY = ("amount", "net", "tax", "paid", "credited", "open")
DAYS = ("issued", "baseline", "due", "settled")
LONGEST_TERMS = 400  # days beyond which a due date makes a swapped day and month likely
_TERMS = re.compile(r"(?:net|n)?\s*0*(\d{1,3})\s*(?:天|日|days?)?$", re.IGNORECASE)
_DISCOUNT_TERMS = re.compile(r".*\bn(?:et)?\s*/?\s*(\d{1,3})\b.*|\d+(?:\.\d+)?/\d+\s*,?\s*n/?(\d{1,3})$", re.IGNORECASE)


def convert(layout: Layout, date_order: DateOrder | None, tick=lambda: None) -> Ledger:
    """The ledger of one sheet.

    Raises
    ------
    LedgerError
        With every problem of the sheet, and what to do about the most frequent kind.
    """
    return _Sheet(layout, date_order, tick).ledger()


class _Sheet:
    def __init__(self, layout: Layout, date_order: DateOrder | None, tick):
        self.layout, self.date_order, self.tick = layout, date_order, tick
        self.problems = list(layout.problems)
        self.advice: list[str] = []
        self.size = len(layout.body)
        self.money: dict[str, np.ndarray] = {}
        self.blank: dict[str, np.ndarray] = {}

    def has(self, role: str) -> bool:
        return role in self.layout.roles

    def note(self, what: str, **more) -> None:
        self.problems.append(self.layout.problem(what, stops=False, **more))

    def wrong(self, what: str, role: str | None = None, position: int | None = None, **more) -> None:
        if position is not None:
            more["row"] = int(self.layout.row[position])
            if role:
                more.setdefault("value", str(self.layout.text(role).iloc[position]))
        if role:
            more["column"] = self.layout.header(role)
        self.problems.append(self.layout.problem(what, **more))

    def ledger(self) -> Ledger:
        kind = self._kind()
        if kind is None:
            self._stop()
        if self.size == 0:
            self.wrong("the header is there, but no rows below it", expected="at least one document")
            self._stop()
        self._amounts()
        self._sum_rows()
        if kind == "aged_list":
            return self._aged_list()
        self._dates()
        self._due()
        frame = self._documents()
        self._suspicious(frame)
        self._stop_if_wrong()
        return self._history(frame) if self._has_history(frame) else self._snapshot(frame)

    def _stop_if_wrong(self) -> None:
        if any(problem.stops for problem in self.problems):
            self._stop()

    def _stop(self):
        stops = [p for p in self.problems if p.stops]
        rest = [p for p in self.problems if not p.stops]
        raise LedgerError(
            stops + rest,
            "; ".join(dict.fromkeys(self.advice))
            or "correct the rows named above in the system that wrote the file, and read it again",
        )

    # -- what the columns are ----------------------------------------------------------------------------------

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

    def _amounts(self) -> None:
        comma = self.layout.grid.delimiter == ";" or None
        columns = {role: self.layout.roles[role] for role in MONEY if self.has(role)}
        columns |= {f"bucket {position}": position for position in self.layout.buckets}
        for name, position in columns.items():
            header = self.layout.names[position]
            unit = max(scale(header), self.layout.scale)
            texts = self.layout.body.iloc[:, position]
            self.money[name], self.blank[name], wrong, rounded = read_amounts(texts, scale=unit, comma=comma)
            for at, what in wrong.items():
                self.problems.append(
                    self.layout.problem(
                        what,
                        row=int(self.layout.row[at]),
                        column=header,
                        value=str(texts.iloc[at]),
                        expected="an amount such as 1234.50",
                    )
                )
            for at in rounded:
                self.note(
                    "more than two decimals: rounded to the fen",
                    row=int(self.layout.row[at]),
                    column=header,
                    value=str(texts.iloc[at]),
                )
            if unit != 1:
                self.note("amounts are in 万元: multiplied by 10,000", column=header)
            self.tick()

    def _sum_rows(self) -> None:
        """A printed grand total must be the sum of the rows: else rows are missing, or were added to."""
        sums, role = self.layout.sums, "open" if self.has("open") else "amount"
        if sums is None or not len(sums) or role not in self.money:
            return
        grand = sums[
            sums.apply(
                lambda cells: any(plain(str(c)) in {"合计", "总计", "total", "grandtotal"} for c in cells), axis=1
            )
        ]
        if len(grand) != 1:
            return
        texts = grand.iloc[:, self.layout.roles[role]]
        unit = max(scale(self.layout.header(role)), self.layout.scale)
        printed, missing, wrong, _ = read_amounts(texts, scale=unit)
        total = int(self.money[role].sum())
        if not missing[0] and not wrong and printed[0] != total:
            self.note(
                f"the printed total is {printed[0] / 100:,.2f}, the rows add up to {total / 100:,.2f}",
                row=int(grand.index[0]) + 1,
                column=self.layout.header(role),
            )

    # -- dates ---------------------------------------------------------------------------------------------------

    def _dates(self) -> None:
        texts = {role: self.layout.text(role) for role in DAYS if self.has(role)}
        self.dates: Dates = read_dates(texts, self.date_order)
        for role, wrong in self.dates.wrong.items():
            for position, what in wrong.items():
                self.wrong(what, role, position, expected="a date such as 2024-03-31")
        for role, shown in self.dates.ambiguous.items():
            for position in shown:
                self.wrong("day and month cannot be told apart in this column", role, position)
            self.advice.append('say which comes first: date_order="DMY" or date_order="MDY"')
        for role, shown in self.dates.suspect.items():
            names = ", ".join(self._name(position) for position in shown[:5])
            self.note(
                f"{len(shown)} real dates among texts with a day above 12: Excel has very likely swapped day and "
                f"month in them ({names})",
                column=self.layout.header(role),
                row=int(self.layout.row[shown[0]]),
                value=str(self.layout.text(role).iloc[shown[0]]),
            )
        self.tick()

    def _name(self, position: int) -> str:
        return str(self.layout.text("document_id").iloc[position])

    def _due(self) -> None:
        days = self.dates.days
        due = days.get("due", np.full(self.size, NO_DATE))
        if self.has("terms"):
            start = days.get("baseline", days["issued"])
            start = np.where(np.isnat(start), days["issued"], start)
            codes, texts = distinct(self.layout.text("terms"))
            numbers = np.array([_terms(text) for text in texts])[codes]
            from_terms = np.isnat(due) & ~np.isnan(numbers)
            due = np.where(from_terms, start + np.nan_to_num(numbers).astype("timedelta64[D]"), due)
            if from_terms.any():
                self.note(
                    f"{int(from_terms.sum())} due dates reckoned from the terms", column=self.layout.header("terms")
                )
        self.due = due

    # -- documents -----------------------------------------------------------------------------------------------

    def _documents(self) -> pd.DataFrame:
        frame = pd.DataFrame(
            {
                "document_id": _object(self._ids("document_id")),
                "issued": self.dates.days["issued"],
                "due": self.due,
                "position": np.arange(self.size),
            }
        )
        frame["customer_id"] = _object(self._ids("customer_id" if self.has("customer_id") else "customer_name"))
        if self.has("customer_id") and self.has("customer_name"):
            frame["name"] = _object(self._texts("customer_name"))
        frame["currency"] = _object(self._currencies())
        frame["document_type"] = _object(self._types())
        signs = self._signs(frame["document_type"].to_numpy(object))
        for role in MONEY:
            if role in self.money:
                frame[role] = self.money[role] * (signs if role in ("amount", "net", "tax", "open") else 1)
        if "amount" not in frame:
            frame["amount"] = frame["open"] + frame.get("paid", 0) + frame.get("credited", 0)
        for role, column in (("currency_rate", "currency_rate"), ("exchange_rate", "currency_rate")):
            if self.has(role) and column not in frame:
                frame[column] = self._rates(role)
        for role in ("salesperson", "contract_id", "parent_id", "note"):
            if self.has(role):
                frame[role] = _object(self._texts(role))
        frame["settled"] = self.dates.days.get("settled", np.full(self.size, NO_DATE))
        frame["disputed"] = self._disputed()
        self.tick()
        frame = self._leave_out(frame)
        self._required(frame)
        return frame

    def _texts(self, role: str) -> np.ndarray:
        """The stripped cells of a column."""
        codes, texts = distinct(self.layout.text(role))
        return np.array([text.strip() for text in texts], dtype=object)[codes]

    def _words(self, role: str) -> np.ndarray:
        """The cells of a column without case, width and spaces."""
        codes, texts = distinct(self.layout.text(role))
        return np.array([plain(text) for text in texts], dtype=object)[codes]

    def _ids(self, role: str) -> np.ndarray:
        """Identifiers as text: leading zeros stay, the .0 of a number column and Excel's guards go."""
        texts = stripped(self.layout.text(role))
        joined = "".join(texts)
        if "=" in joined or "'" in joined:
            guard = re.compile(r'^="(.*)"$')
            texts = [guard.sub(r"\1", text).removeprefix("'") for text in texts]
        if texts and texts[0].endswith(".0") and all(t == "" or t.endswith(".0") and t[:-2].isdigit() for t in texts):
            texts = [text.removesuffix(".0") for text in texts]
        ids = np.array(texts, dtype=object)
        if role == "document_id" and self.has("company") and self.has("year") and pd.Series(ids).duplicated().any():
            ids = self._texts("company") + "-" + self._texts("year") + "-" + ids
        return ids

    def _currencies(self):
        if not self.has("currency"):
            return np.full(self.size, NO_CURRENCY, object)
        codes, texts = distinct(self.layout.text("currency"))
        texts = [text.strip() for text in texts]
        names = {plain(word): code for word, code in headers().currencies.items()}
        if all(texts[code] == "" for code in np.unique(codes)):
            return np.full(self.size, NO_CURRENCY, object)
        known = np.array([names.get(plain(text), text.upper()) for text in texts], dtype=object)
        for code in [n for n, text in enumerate(known) if not re.fullmatch("[A-Z]{3}", text)]:
            for position in np.flatnonzero(codes == code):
                self.wrong("not a currency", "currency", int(position), expected="an ISO code such as CNY")
        return known[codes]

    def _types(self) -> np.ndarray:
        if not self.has("document_type"):
            return np.full(self.size, "", object)
        codes, texts = distinct(self.layout.text("document_type"))
        known = np.array(
            [headers().types.get(plain(text), "" if plain(text) == "" else None) for text in texts], dtype=object
        )
        used = np.unique(codes)
        lost = [n for n in used if known[n] is None]
        if len(lost) == len(used):
            self.note(
                "none of its values says invoice, credit note or receipt: column not read",
                column=self.layout.header("document_type"),
                value=", ".join(texts[n] for n in used[:5]),
            )
            return np.full(self.size, "", object)
        for code in lost:
            for position in np.flatnonzero(codes == code):
                self.wrong(
                    "unknown kind of document",
                    "document_type",
                    int(position),
                    expected="invoice, credit note, receipt ... (data/ledger/headers.yaml)",
                )
        return known[codes]

    def _signs(self, types: np.ndarray) -> np.ndarray:
        """-1 where a credit stands as a positive amount."""
        amount = self.money.get("amount", self.money.get("open"))
        credit = np.isin(types, ("credit_note", "receipt"))
        if self.has("debit_credit"):
            side = self._words("debit_credit")
            is_credit = np.isin(side, [plain(word) for word in headers().credit])
            is_debit = np.isin(side, [plain(word) for word in headers().debit])
            for position in np.flatnonzero(~is_credit & ~is_debit):
                self.wrong("neither debit nor credit", "debit_credit", int(position), expected="S or H, 借 or 贷")
            credit |= is_credit
        return np.where(credit & (amount > 0), -1, 1)

    def _rates(self, role: str) -> np.ndarray:
        texts = self._texts(role)
        rates = pd.to_numeric(_object(texts), errors="coerce").to_numpy(np.float64)
        for position in np.flatnonzero((texts != "") & ~((rates > 0) & np.isfinite(rates))):
            self.wrong("not an exchange rate", role, int(position), expected="a number above 0")
        return rates if role == "currency_rate" else 1 / rates

    def _disputed(self) -> np.ndarray:
        if not self.has("disputed"):
            return np.zeros(self.size, bool)
        codes, texts = distinct(self.layout.text("disputed"))
        words = [plain(text) for text in texts]
        yes = np.isin(words, [plain(word) for word in headers().yes])[codes]
        odd = ~yes & ~np.isin(words, ["", *(plain(word) for word in headers().no)])[codes]
        for position in np.flatnonzero(odd):
            self.wrong("neither yes nor no", "disputed", int(position), expected="yes or no")
        if yes.any():
            self.note(
                f"{int(yes.sum())} documents are marked disputed without a date: taken as disputed from their issue "
                "until they were paid",
                column=self.layout.header("disputed"),
            )
        return yes

    def _leave_out(self, frame: pd.DataFrame) -> pd.DataFrame:
        drop = np.zeros(len(frame), bool)
        if self.has("status"):
            status = self._words("status")
            for word in map(plain, headers().void):
                rows = np.flatnonzero(status == word)
                drop[rows] = True
                if len(rows):
                    self.note(
                        f"{len(rows)} documents left out because of their status",
                        row=int(self.layout.row[rows[0]]),
                        value=str(self.layout.text("status").iloc[rows[0]]),
                        column=self.layout.header("status"),
                    )
        payable = frame["document_type"].to_numpy() == "payable"
        if (payable & ~drop).any():
            self.note(
                f"{int((payable & ~drop).sum())} payables left out",
                column=self.layout.header("document_type"),
                row=int(self.layout.row[np.flatnonzero(payable & ~drop)[0]]),
            )
        if (drop | payable).any():
            frame = frame[~(drop | payable)]
        if not len(frame):
            self.wrong("no receivable is left once payables and void documents are left out")
        return frame

    def _required(self, frame: pd.DataFrame) -> None:
        """Missing and doubled values of the rows that stay."""
        position = frame["position"].to_numpy()
        failed = {
            role: set(wrong) | set(np.flatnonzero(np.isin(np.arange(self.size), self.dates.ambiguous.get(role, []))))
            for role, wrong in self.dates.wrong.items()
        }
        credit = (frame["amount"].to_numpy() < 0) | (frame["document_type"].to_numpy() == "receipt")
        due_role = "due" if self.has("due") else "terms"
        for column, role, exempt in (("issued", "issued", False), ("due", due_role, credit)):
            if column in self.dates.ambiguous:
                continue
            for at in position[(frame[column].isna() & ~np.asarray(exempt)).to_numpy()]:
                if at not in failed.get(role, ()):
                    self.wrong(f"{column} date is missing", role, int(at), expected="a date: it is never guessed")
        customer = "customer_id" if self.has("customer_id") else "customer_name"
        for column, role in (("document_id", "document_id"), ("customer_id", customer)):
            for at in position[frame[column].to_numpy() == ""]:
                self.wrong(f"{column} is missing", role, int(at))
        for role in ("open",) if self.has("open") else ("amount",):
            for at in position[self.blank[role][position]]:
                self.wrong("the amount is missing", role, int(at))
        ids = frame["document_id"]
        twice = [] if len(set(ids)) == len(ids) else position[(ids.duplicated(keep=False) & (ids != "")).to_numpy()]
        for at in twice:
            self.wrong(
                "the same number stands on more than one row",
                "document_id",
                int(at),
                expected="one row a document: remove the copy, or map another column to document_id",
            )

    def _suspicious(self, frame: pd.DataFrame) -> None:
        """Dates out of order that would be in order with day and month swapped."""
        position = frame["position"].to_numpy()
        issued = frame["issued"].to_numpy("datetime64[D]")
        for role, longest in (("due", LONGEST_TERMS), ("settled", None)):
            if role not in self.dates.days:
                continue
            later = self.dates.days[role][position]
            gap = (later - issued).astype(np.float64)
            gap[np.isnat(later) | np.isnat(issued)] = 0
            odd = (gap < 0) | (gap > longest if longest else False)
            swapped = (self.dates.swapped[role][position] >= issued) | (later >= self.dates.swapped["issued"][position])
            for at in np.flatnonzero(odd & swapped):
                self.note(
                    f"{role} lies {abs(int(gap[at]))} days {'before' if gap[at] < 0 else 'after'} the issue date of "
                    f"{frame['document_id'].iloc[at]}: day and month are probably swapped in one of them",
                    row=int(self.layout.row[position[at]]),
                    column=self.layout.header(role),
                    value=str(self.layout.text(role).iloc[position[at]]),
                )
            for at in np.flatnonzero((gap < 0) & ~swapped):
                self.note(
                    f"{role} lies before the issue date of {frame['document_id'].iloc[at]}",
                    row=int(self.layout.row[position[at]]),
                    column=self.layout.header(role),
                    value=str(self.layout.text(role).iloc[position[at]]),
                )

    # -- the three kinds of ledger -------------------------------------------------------------------------------

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
        self._stop_if_wrong()
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
        self._stop_if_wrong()
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
        ids = _object(self._ids(customer))
        currency = self._currencies()
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
        self._stop_if_wrong()
        customers, _ = shape(
            "customers", pd.DataFrame({"customer_id": ids.drop_duplicates().sort_values()}), minor=True
        )
        return Ledger(
            {"customers": customers}, kind="aged_list", source=self.layout.grid.file, problems=self.problems, aged=aged
        )


def _object(texts: np.ndarray) -> pd.Series:
    """Texts as a column that pandas does not look through again."""
    return pd.Series(texts, dtype=object)


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


def _terms(text: str) -> float:
    """Net days of terms such as 30, Net 30, N060, 2/10N30, 月结 is not known: NaN.

    >>> [_terms(t) for t in ("30", "Net 30", "N060", "2/10N30", "2/10, n/30", "60天", "Due on receipt", "NAH4")]
    [30.0, 30.0, 60.0, 30.0, 30.0, 60.0, 0.0, nan]
    """
    text = text.strip()
    if text.casefold() in ("due on receipt", "现结", "货到付款", "cod"):
        return 0.0
    if found := _TERMS.match(text):
        return float(found[1])
    if found := _DISCOUNT_TERMS.match(text):
        return float(found[1] or found[2])
    return float("nan")
