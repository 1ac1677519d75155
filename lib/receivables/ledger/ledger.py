"""The ledger (台账): what is owed at the end of any day its data reach, to the fen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from receivables.errors import Undefined
from receivables.ledger.amounts import to_minor, to_units
from receivables.ledger.book import TYPES, Book, compile_book, days
from receivables.ledger.flows import monthly, roll_forward
from receivables.ledger.problems import LedgerError, Problem
from receivables.ledger.schema import DATE, TABLES
from receivables.ledger.tables import check, shape

KINDS = {
    "history": "invoices, receipts and what settled what",
    "paid_history": "invoices, each with the day it was paid in full",
    "open_snapshot": "what was open on the day of the export, and nothing of what went before",
    "aged_list": "amounts by age, without documents and dates",
}


class Ledger:
    """An immutable receivables ledger (应收账款台账).

    Made by ``read_ledger``, ``Ledger.load`` or ``Ledger.from_tables``. Amounts are int64 minor units inside and
    float64 currency units outside, unless a method is asked for ``minor=True``. Several currencies are never added.

    Attributes
    ----------
    kind : one of ``KINDS``; what it cannot support is refused with ``Undefined`` and the reason
    problems : what was noticed and did not stop reading; a difference to the control balance comes first
    source : name of the file or folder

    Examples
    --------
    >>> ledger = Ledger.from_tables({
    ...     "invoices": pd.DataFrame({"document_id": ["A1", "A2"], "document_type": "invoice", "customer_id": "007",
    ...                               "issued": ["2024-01-05", "2024-02-05"], "due": ["2024-02-04", "2024-03-06"],
    ...                               "currency": "CNY", "amount": [100.0, 50.0]}),
    ...     "receipts": pd.DataFrame({"receipt_id": ["R1"], "customer_id": "007", "received": ["2024-02-20"],
    ...                               "currency": "CNY", "amount": [120.0]})})
    >>> ledger.open_items("2024-02-29")[["customer_id", "document_id", "due", "open_amount"]]
      customer_id document_id        due  open_amount
    0         007          A2 2024-03-06         30.0
    >>> ledger.balance("2024-02-19")
    150.0
    """

    __slots__ = ("__dict__", "kind", "problems", "source")

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        *,
        kind: str = "history",
        source: str = "",
        problems: Iterable[Problem] = (),
        aged: pd.DataFrame | None = None,
    ):
        """From complete tables in minor units; use ``from_tables`` for anything less.

        Raises
        ------
        LedgerError
            With every problem, when the tables contradict themselves.
        """
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
        tables = {name: tables[name] if name in tables else table.empty() for name, table in TABLES.items()}
        found = check(tables)
        if any(problem.stops for problem in found):
            raise LedgerError([*found, *problems])
        book, noted = compile_book(tables)
        if any(problem.stops for problem in noted):
            raise LedgerError(noted)
        self._hold(kind, source, book, aged=aged, _tables=MappingProxyType(tables))
        super().__setattr__("problems", (*self._control_differences(), *problems, *found, *noted))

    def _hold(self, kind: str, source: str, book: Book, aged=None, **more) -> None:
        super().__setattr__("kind", kind)
        super().__setattr__("source", source)
        self.__dict__.update({"_book": book, "_aged": aged, **more})

    @classmethod
    def _of_columns(
        cls,
        book: Book,
        build: Callable[[], Mapping[str, pd.DataFrame]],
        *,
        kind: str,
        source: str,
        problems: Iterable[Problem],
    ) -> Ledger:
        """For ``convert``: a book made straight from a file's columns, its tables written out when first asked for."""
        self = cls.__new__(cls)
        self._hold(kind, source, book, _build=build)
        object.__setattr__(self, "problems", tuple(problems))
        return self

    @cached_property
    def _tables(self) -> Mapping[str, pd.DataFrame]:
        built = self._build()
        return MappingProxyType(
            {name: built[name] if name in built else table.empty() for name, table in TABLES.items()}
        )

    def __setattr__(self, name, value):
        raise AttributeError("a Ledger does not change; make another with Ledger.from_tables")

    __delattr__ = __setattr__
    __hash__ = None

    def __eq__(self, other) -> bool:
        """Same kind and same rows, in whatever order they were read."""
        if not isinstance(other, Ledger):
            return NotImplemented
        return self.kind == other.kind and all(
            a.sort_values(t.key, ignore_index=True).equals(b.sort_values(t.key, ignore_index=True))
            for t, a, b in ((t, self._tables[t.name], other._tables[t.name]) for t in TABLES.values())
        )

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self._tables[name]):,} {name}" for name in ("customers", "invoices", "receipts"))
        return f"<Ledger {self.kind}: {counts}; {', '.join(self.currencies) or 'no currency'}>"

    # -- making, keeping --------------------------------------------------------------------------------------

    @classmethod
    def from_tables(
        cls,
        tables: Mapping[str, pd.DataFrame],
        *,
        minor: bool = False,
        kind: str = "history",
        source: str = "",
        problems: Iterable[Problem] = (),
    ) -> Ledger:
        """From some of the tables of ``schema.TABLES``, each with at least its required columns.

        Parameters
        ----------
        tables : name -> DataFrame; text is read as in the CSV files. Customers that are missing are taken from the
            documents.
        minor : whether money is in minor units

        Raises
        ------
        LedgerError
            With every problem: table, row (as in a CSV file with a header), column, value, what was expected.
        """
        unknown = sorted(set(tables) - set(TABLES))
        if unknown:
            raise LedgerError([Problem("unknown table", file=name, expected=", ".join(TABLES)) for name in unknown])
        shaped, found = {}, []
        for name, frame in tables.items():
            shaped[name], wrong = shape(name, frame, minor=minor)
            found += wrong
        if found:
            raise LedgerError([*found, *problems])
        if "customers" not in shaped:
            named = [frame["customer_id"] for frame in shaped.values() if "customer_id" in frame]
            ids = pd.concat(named).dropna().drop_duplicates() if named else pd.Series([], dtype="str")
            shaped["customers"], _ = shape("customers", pd.DataFrame({"customer_id": ids.sort_values()}), minor=minor)
        return cls(shaped, kind=kind, source=source, problems=problems)

    @classmethod
    def load(cls, folder: Path | str) -> Ledger:
        """From a folder of the ledger's own CSV tables, one file a table; see ``receivables.ledger.folder``."""
        from receivables.ledger.folder import load

        return load(folder)

    def save(self, folder: Path | str, *, package: dict | None = None) -> None:
        """Write the tables that have rows as CSV, with ``datapackage.json``; see ``receivables.ledger.folder``."""
        from receivables.ledger.folder import save

        save(self, folder, package=package)

    # -- looking ----------------------------------------------------------------------------------------------

    def table(self, name: str, *, minor: bool = False) -> pd.DataFrame:
        """A copy of one table, money in currency units (``minor=True``: in minor units)."""
        if name not in TABLES:
            raise ValueError(f"no table {name!r}; there are {', '.join(TABLES)}")
        frame = self._tables[name].copy()
        if not minor:
            for field in TABLES[name].fields:
                if field.kind == "money":
                    frame[field.name] = to_units(frame[field.name].astype("float64"))
        return frame

    @property
    def currencies(self) -> list[str]:
        """ISO codes, in alphabetical order; XXX stands for "the file does not say"."""
        if self.kind == "aged_list":
            return sorted(self._aged["currency"].unique())
        return list(self._book.currencies)

    @property
    def first_issued(self) -> pd.Timestamp | None:
        """Date of the first document."""
        return self._issued_between[0]

    @property
    def last_issued(self) -> pd.Timestamp | None:
        """Date of the last document: beyond it, missing invoices and missing sales look the same."""
        return self._issued_between[1]

    @cached_property
    def _issued_between(self) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
        start = self._book.start[~np.isin(self._book.type, (4, 5))]
        return (_stamp(start.min()), _stamp(start.max())) if len(start) else (None, None)

    @cached_property
    def last_event(self) -> pd.Timestamp | None:
        """Date of the last document, receipt, settlement or write-off."""
        book = self._book
        last = [book.start.max(initial=-1), book.settled_day.max(initial=-1)]
        return _stamp(max(last)) if max(last) >= 0 else None

    def supports(self, what: str) -> bool:
        """Whether the data can answer: "items" (documents with dates), "past" (earlier days), "flows" (months).

        >>> Ledger.from_tables({}, kind="open_snapshot").supports("flows")
        False
        """
        able = {
            "items": self.kind != "aged_list",
            "past": self.kind in ("history", "paid_history"),
            "flows": self.kind in ("history", "paid_history"),
        }
        if what not in able:
            raise ValueError(f"ask for one of {', '.join(able)}, not {what!r}")
        return able[what]

    def _need(self, what: str, figure: str) -> None:
        if not self.supports(what):
            raise Undefined(f"{figure} cannot be had from this file: it holds {KINDS[self.kind]}")

    def _currency(self, currency: str | None, figure: str) -> str | None:
        if currency is not None and currency not in self.currencies:
            raise ValueError(f"no currency {currency!r} in this ledger; it has {', '.join(self.currencies) or 'none'}")
        if currency is None and len(self.currencies) > 1:
            raise ValueError(
                f"{figure} in several currencies are never added: say currency= one of {', '.join(self.currencies)}"
            )
        return currency

    # -- what is owed -----------------------------------------------------------------------------------------

    def open_items(self, as_of, *, currency: str | None = None, minor: bool = False) -> pd.DataFrame:
        """What is open at the end of a day (未清项), from events up to that day only.

        Parameters
        ----------
        as_of : date, Timestamp or "2024-03-31"
        currency : only this one; None gives all, each row with its own
        minor : amounts in int64 minor units rather than float64 currency units

        Returns
        -------
        DataFrame, one row an open item, by issue date and number: customer_id (categorical), document_id, issued,
        due, open_amount, document_type, currency, amount, salesperson, kind and debt_type of the customer,
        contract_id, disputed, currency_rate. Credits stand apart as rows of negative open_amount: unapplied cash
        (document_type receipt) and credit notes, with ``due`` their own date; retention as rows of their own. The
        sum is the balance.

        Raises
        ------
        Undefined
            An aged list has no documents; an open snapshot no past.
        """
        self._need("items", "open items")
        day = self._day(as_of)
        if currency is not None:
            self._currency(currency, "open items")
        book = self._book
        amounts = book.open_at(day)
        keep = amounts != 0
        if currency is not None:
            keep &= book.currency == book.currencies.get_loc(currency)
        entry = np.flatnonzero(keep)
        frame = self._describe(entry)
        frame.insert(4, "open_amount", amounts[entry] if minor else to_units(amounts[entry]))
        frame["amount"] = book.amount[entry] if minor else to_units(book.amount[entry])
        frame["disputed"] = self._disputed(entry, day)
        frame.attrs |= {"as_of": str(np.datetime64(day, "D")), "ledger": self.kind}
        return frame.sort_values(["issued", "document_id", "due"], ignore_index=True)

    def _describe(self, entry: np.ndarray) -> pd.DataFrame:
        """Who, what and when of book entries, without amounts."""
        book: Book = self._book
        row, kind = book.row[entry], book.type[entry]
        ids, currency_rate, contracts = self._names
        number = np.where(np.isin(kind, (4, 5)), row + len(self._tables["invoices"]), row)
        labels = self._labels
        frame = pd.DataFrame(
            {
                "customer_id": pd.Categorical.from_codes(book.customer[entry], book.customers),
                "document_id": pd.array(ids[number], dtype="str"),
                "issued": book.start[entry].astype("datetime64[D]").astype(DATE),
                "due": book.due[entry].astype("datetime64[D]").astype(DATE),
                "document_type": pd.Categorical.from_codes(kind, list(TYPES)),
                "currency": pd.Categorical.from_codes(book.currency[entry], book.currencies),
                "amount": 0,
                "salesperson": pd.Categorical.from_codes(self._sellers[0][number], self._sellers[1]),
            }
        )
        for name in ("kind", "debt_type"):
            codes, values = labels[name]
            frame[name] = pd.Categorical.from_codes(codes[book.customer[entry]], values)
        frame["contract_id"] = pd.array(contracts[number], dtype="str")
        frame["disputed"] = False
        frame["currency_rate"] = currency_rate[number]
        return frame

    @cached_property
    def _names(self):
        inv, rec = self._tables["invoices"], self._tables["receipts"]
        none = np.full(len(rec), None, object)
        return (
            np.concatenate([inv["document_id"].to_numpy(object), rec["receipt_id"].to_numpy(object)]),
            np.concatenate([inv["currency_rate"].to_numpy(float), np.full(len(rec), np.nan)]),
            np.concatenate([inv["contract_id"].to_numpy(object), none]),
        )

    @cached_property
    def _labels(self):
        return {name: pd.factorize(self._tables["customers"][name], sort=True) for name in ("kind", "debt_type")}

    @cached_property
    def _sellers(self):
        """Salesperson of every document and receipt: its own, else the customer's."""
        customers, inv = self._tables["customers"], self._tables["invoices"]
        both = pd.concat([inv["salesperson"], customers["salesperson"]], ignore_index=True)
        codes, names = pd.factorize(both, sort=True)
        of_customer = (
            codes[len(inv) :][self._book.customer[: len(inv) + len(self._tables["receipts"])]]
            if len(customers)
            else np.empty(0, np.int64)
        )
        own = np.concatenate([codes[: len(inv)], np.full(len(self._tables["receipts"]), -1)])
        return np.where(own >= 0, own, of_customer), names

    def _disputed(self, entry: np.ndarray, day: int) -> np.ndarray:
        disputes = self._tables["disputes"]
        end = days(disputes["resolved_on"])
        live = disputes[
            (days(disputes["opened_on"]) <= day) & ((end > day) | disputes["resolved_on"].isna().to_numpy())
        ]
        position = (
            pd.Index(self._tables["invoices"]["document_id"]).get_indexer(live["document_id"].dropna())
            if len(live)
            else np.empty(0, np.int64)
        )
        is_document = ~np.isin(self._book.type[entry], (4, 5))
        return is_document & np.isin(self._book.row[entry], position)

    def balance(self, as_of, *, currency: str | None = None, minor: bool = False) -> float | int:
        """Open balance at the end of a day, net of unapplied cash and credits: the sum of ``open_items``."""
        self._need("items", "the balance at a date")
        self._currency(currency, "balances")
        amounts = self._book.open_at(self._day(as_of))
        if currency is not None:
            amounts = amounts[self._book.currency == self._book.currencies.get_loc(currency)]
        return int(amounts.sum()) if minor else float(to_units(int(amounts.sum())))

    def aged(self, *, currency: str | None = None, minor: bool = False) -> pd.DataFrame:
        """An aged list as it was read (账龄表): customer_id, currency, bucket, amount; other kinds have items instead.

        Raises
        ------
        Undefined
            The ledger has documents: use ``open_items`` and ``analysis.aging.schedule``.
        """
        if self.kind != "aged_list":
            raise Undefined("this ledger has documents with dates: age its open_items")
        frame = self._aged if currency is None else self._aged[self._aged["currency"] == currency]
        frame = frame.reset_index(drop=True)
        return frame if minor else frame.assign(amount=to_units(frame["amount"].astype("float64")))

    # -- what moved -------------------------------------------------------------------------------------------

    def settlements(self, *, minor: bool = False) -> pd.DataFrame:
        """What settled what, when (核销明细): the history after allocation.

        Returns
        -------
        DataFrame by day: customer_id, document_id, issued, due, applied, amount (negative where a refused draft
        undid it), source_type (receipt, credit_note, refund, write_off, reinstated), source_id (empty for write-offs).
        """
        self._need("flows", "settlements")
        book = self._book
        entry = np.repeat(np.arange(len(book.row)), np.diff(book.settled_from))
        debts = np.flatnonzero(book.amount[entry] > 0)
        entry, by = entry[debts], book.settled_by[debts]
        frame = self._describe(entry)[["customer_id", "document_id", "issued", "due", "currency"]]
        frame["applied"] = book.settled_day[debts].astype("datetime64[D]").astype(DATE)
        frame["amount"] = book.settled_amount[debts] if minor else to_units(book.settled_amount[debts])
        names = np.array(["reinstated", "write_off", *TYPES], dtype=object)
        frame["source_type"] = pd.Categorical(
            names[np.where(by >= 0, book.type[by] + 2, by + 2)], categories=list(names)
        )
        ids = self._describe(np.maximum(by, 0))["document_id"] if len(book.row) else frame["document_id"]
        frame["source_id"] = ids.where(by >= 0)
        return frame.sort_values(["applied", "document_id"], kind="stable", ignore_index=True)

    def roll_forward(self, *, freq: str = "M", currency: str | None = None, minor: bool = False) -> pd.DataFrame:
        """Movements of the balance by period (余额滚动表): opening, invoiced, received, credited, written_off, closing.

        ``closing = opening + invoiced - received - credited - written_off``, and every closing equals the open items
        of that day, to the fen.

        Parameters
        ----------
        freq : a pandas period, "M", "Q", "Y" or "W"
        currency : only this one; None gives each currency its own rows

        Returns
        -------
        DataFrame indexed by ``period``, oldest first, with ``currency`` as the last column. A refused draft lowers
        ``received``; a recovery raises it and lowers ``written_off``.

        Raises
        ------
        Undefined
            The ledger has no history.
        LedgerError
            The movements do not tie to the open items.
        """
        self._need("flows", "a roll-forward")
        if currency is not None:
            self._currency(currency, "roll-forwards")
        frame = roll_forward(self._tables, self._book, freq, currency)
        return frame if minor else _units(frame)

    def monthly(self, as_of=None, *, currency: str | None = None, minor: bool = False) -> pd.DataFrame:
        """Months up to a day, as DSO and CEI need them (月度数据), oldest first.

        Parameters
        ----------
        as_of : last day; None is the last event. Its month ends on it: ``days`` counts up to it
        currency : needed when the ledger has several

        Returns
        -------
        DataFrame: month ("2013-06"), days, sales (invoices with VAT), collections, credited, written_off, ar_begin,
        ar_end, current_end (debts not yet due or due that day), overdue_end, credits_end (unapplied cash and
        credits, negative), complete (whether the whole month lies before as_of). ``ar_end`` is the sum of the three,
        and ``ar_begin + sales - collections - credited - written_off``.
        """
        self._need("flows", "monthly sales and receipts")
        currency = self._currency(currency, "monthly figures")
        last = self.last_event if as_of is None else as_of
        if last is None:
            raise Undefined("the ledger is empty: it has no months")
        frame = monthly(self._tables, self._book, self._day(last), currency)
        return frame if minor else _units(frame)

    # -- the general ledger -----------------------------------------------------------------------------------

    def control(
        self, as_of, balance: float | None = None, *, currency: str | None = None, minor: bool = False
    ) -> pd.Series:
        """Comparison with the general ledger's control balance (总账核对): ledger, control, difference.

        Parameters
        ----------
        balance : the control balance in currency units; None takes it from the table ``controls``

        Raises
        ------
        Undefined
            No control balance is given for that day.
        """
        currency = self._currency(currency, "balances") or (self.currencies or ["XXX"])[0]
        day = self._day(as_of)
        if balance is None:
            controls = self._tables["controls"]
            at = controls[(days(controls["as_of"]) == day) & (controls["currency"] == currency)]
            if not len(at):
                raise Undefined(f"no control balance is given for {np.datetime64(day, 'D')} in {currency}")
            given = int(at["balance"].sum())
        else:
            given = int(to_minor(balance))
        own = self.balance(as_of, currency=currency, minor=True)
        result = pd.Series({"ledger": own, "control": given, "difference": own - given})
        return result if minor else to_units(result.astype("float64"))

    def _control_differences(self) -> list[Problem]:
        found = []
        if self.kind == "aged_list":
            return found
        for as_of, currency in (
            self._tables["controls"][["as_of", "currency"]].drop_duplicates().itertuples(index=False)
        ):
            if currency not in self.currencies:
                found.append(
                    Problem(
                        f"control balance in {currency}, a currency the ledger does not have",
                        file="controls",
                        stops=False,
                    )
                )
            elif difference := self.control(as_of, currency=currency)["difference"]:
                found.append(
                    Problem(
                        f"ledger and general ledger differ by {difference:,.2f} {currency} on {as_of.date()}",
                        file="controls",
                        stops=False,
                    )
                )
        return found

    def _day(self, as_of) -> int:
        day = _day(as_of)
        if self.kind == "open_snapshot" and self.last_issued is not None and _stamp(day) < self.last_issued:
            raise Undefined(
                f"what was open on {np.datetime64(day, 'D')} cannot be had from this file: it holds "
                f"{KINDS[self.kind]}, with documents up to {self.last_issued.date()}"
            )
        return day


def _stamp(day: int) -> pd.Timestamp:
    return pd.Timestamp(int(day), unit="D").as_unit("us")


def _day(as_of) -> int:
    try:
        stamp = pd.Timestamp(as_of if not isinstance(as_of, date) else as_of.isoformat())
    except (ValueError, TypeError) as error:
        raise ValueError(f"as_of must be a date such as 2024-03-31, not {as_of!r}") from error
    if stamp is pd.NaT:
        raise ValueError("as_of must be a date such as 2024-03-31, not empty")
    return int(stamp.to_numpy().astype("datetime64[D]").astype(np.int64))


def _units(frame: pd.DataFrame) -> pd.DataFrame:
    """Money columns of a frame of movements in currency units."""
    money = [name for name in frame.columns if name not in ("month", "days", "complete", "currency")]
    return frame.assign(**{name: to_units(frame[name].astype("float64")) for name in money})
