"""The columns of a foreign sheet, understood: amounts, dates, kinds of document; and what is wrong in them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from receivables.ledger.amounts import read_amounts
from receivables.ledger.cells import distinct, stripped
from receivables.ledger.dates import NO_DATE, DateOrder, Dates, read_dates
from receivables.ledger.headers import headers, plain, scale
from receivables.ledger.layout import Layout
from receivables.ledger.problems import LedgerError
from receivables.ledger.schema import NO_CURRENCY

MONEY = ("amount", "net", "tax", "paid", "credited", "open")
DAYS = ("issued", "baseline", "due", "settled")
LONGEST_TERMS = 400  # days beyond which a due date makes a swapped day and month likely
_TERMS = re.compile(r"(?:net|n)?\s*0*(\d{1,3})\s*(?:天|日|days?)?$", re.IGNORECASE)
_DISCOUNT_TERMS = re.compile(r".*\bn(?:et)?\s*/?\s*(\d{1,3})\b.*|\d+(?:\.\d+)?/\d+\s*,?\s*n/?(\d{1,3})$", re.IGNORECASE)


class Sheet:
    """One sheet with named columns; collects every problem before anything is made of it."""

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

    def stop_if_wrong(self) -> None:
        if any(problem.stops for problem in self.problems):
            self.stop()

    def stop(self):
        stops = [p for p in self.problems if p.stops]
        rest = [p for p in self.problems if not p.stops]
        raise LedgerError(
            stops + rest,
            "; ".join(dict.fromkeys(self.advice))
            or "correct the rows named above in the system that wrote the file, and read it again",
        )

    def amounts(self) -> None:
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

    def sum_rows(self) -> None:
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

    def read_dates(self) -> None:
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

    def read_due(self) -> None:
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

    def documents(self) -> pd.DataFrame:
        frame = pd.DataFrame(
            {
                "document_id": as_column(self.ids("document_id")),
                "issued": self.dates.days["issued"],
                "due": self.due,
                "position": np.arange(self.size),
            }
        )
        frame["customer_id"] = as_column(self.ids("customer_id" if self.has("customer_id") else "customer_name"))
        if self.has("customer_id") and self.has("customer_name"):
            frame["name"] = as_column(self._texts("customer_name"))
        frame["currency"] = as_column(self.currencies())
        frame["document_type"] = as_column(self._types())
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
                frame[role] = as_column(self._texts(role))
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

    def ids(self, role: str) -> np.ndarray:
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

    def currencies(self):
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
        rates = pd.to_numeric(as_column(texts), errors="coerce").to_numpy(np.float64)
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

    def suspicious(self, frame: pd.DataFrame) -> None:
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


def as_column(texts: np.ndarray) -> pd.Series:
    """Texts as a column that pandas does not look through again."""
    return pd.Series(texts, dtype=object)


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
