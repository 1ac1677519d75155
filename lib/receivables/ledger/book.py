"""The ledger as a calculation sees it: entries that are open from a day on, and what settles them, in plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from receivables.ledger.allocate import NOTHING, Items, Sources, settle
from receivables.ledger.problems import Problem

WRITE_OFF, REINSTATED, REFUSED = -1, -2, -3
NO_DAY = np.iinfo(np.int32).min
TYPES = ("invoice", "debit_note", "opening", "credit_note", "receipt", "refund", "retention")


def days(column: pd.Series) -> np.ndarray:
    """Dates as days since 1970, ``NO_DAY`` where there is none.

    >>> days(pd.Series(pd.to_datetime(["1970-01-02", None])))[0]
    np.int64(1)
    """
    values = column.to_numpy("datetime64[D]")
    number = values.astype(np.int64)
    number[np.isnat(values)] = NO_DAY
    return number


@dataclass(frozen=True)
class Book:
    """Entries (documents, retention parts, receipts) and their settlements, sorted by entry.

    ``row`` is the row in invoices, or in receipts where ``type`` says receipt or refund; ``part`` the row in
    retention or -1. What is open on a day: ``amount`` if ``start`` has come, less the settlements up to that day.
    A credit (receipt, credit note) is a negative entry; a refund is a debt until unapplied cash settles it.
    """

    row: np.ndarray
    part: np.ndarray
    type: np.ndarray  # index into TYPES
    customer: np.ndarray
    currency: np.ndarray
    start: np.ndarray
    due: np.ndarray
    amount: np.ndarray
    settled_from: np.ndarray  # position of each entry's first settlement; one longer than the entries
    settled_day: np.ndarray
    settled_by: np.ndarray  # entry on the other side, or one of WRITE_OFF, REINSTATED, REFUSED
    settled_amount: np.ndarray
    customers: pd.Index
    currencies: pd.Index

    def open_at(self, day: int) -> np.ndarray:
        """Signed open amount of every entry at the end of a day, in minor units."""
        running = np.concatenate([[0], np.cumsum(np.where(self.settled_day <= day, self.settled_amount, 0))])
        return np.where(self.start <= day, self.amount, 0) - (
            running[self.settled_from[1:]] - running[self.settled_from[:-1]]
        )


def compile_book(tables: Mapping[str, pd.DataFrame]) -> tuple[Book, list[Problem]]:
    """Build the book from checked tables, applying what no allocation row applies; see ``allocate`` for the rule."""
    return _Compiler(tables).result()


def straight_book(
    *,
    customer: np.ndarray,
    customers: pd.Index,
    currency: np.ndarray,
    currencies: pd.Index,
    type: np.ndarray,
    start: np.ndarray,
    due: np.ndarray,
    amount: np.ndarray,
    paid_on: np.ndarray,
    paid: np.ndarray,
) -> Book:
    """The book of documents of which each has been paid at most once, without the detour over tables.

    Parameters
    ----------
    customer, currency, type : codes; start, due, paid_on : days; amount, paid : minor units; one entry a document
        (``paid`` 0: not paid, more than the amount: the rest stays unapplied)

    Returns
    -------
    What ``compile_book`` makes of the same documents with a receipt ``paid`` and its allocation each (tested).
    """
    n, paying = len(amount), np.flatnonzero(paid)
    m = len(paying)
    receipt = n + np.arange(m)
    applied = np.maximum(paid_on[paying], start[paying])
    part = np.sign(amount[paying]) * np.minimum(np.abs(paid[paying]), np.abs(amount[paying]))
    count = np.ones(n + m, np.int64)
    count[:n] = 0
    count[paying] = 1
    return Book(
        np.concatenate([np.arange(n), np.arange(m)]),
        np.full(n + m, -1),
        np.concatenate([type, np.where(paid[paying] < 0, 5, 4)]).astype(np.int8),
        np.concatenate([customer, customer[paying]]),
        np.concatenate([currency, currency[paying]]),
        np.concatenate([start, paid_on[paying]]),
        np.concatenate([due, paid_on[paying]]),
        np.concatenate([amount, -paid[paying]]),
        np.concatenate([[0], np.cumsum(count)]),
        np.concatenate([applied, applied]),
        np.concatenate([receipt, paying]),
        np.concatenate([part, -part]),
        customers,
        currencies,
    )


class _Compiler:
    def __init__(self, tables: Mapping[str, pd.DataFrame]):
        self.tables = tables
        inv, rec = tables["invoices"], tables["receipts"]
        self.inv, self.rec, self.alloc, self.off = inv, rec, tables["allocations"], tables["write_offs"]
        self.customers = pd.Index(tables["customers"]["customer_id"])
        self.currencies = pd.Index(
            np.unique(np.concatenate([inv["currency"].to_numpy(object), rec["currency"].to_numpy(object)]).astype(str))
        )
        self.documents, self.receipt_ids = pd.Index(inv["document_id"]), pd.Index(rec["receipt_id"])
        self.inv_amount = inv["amount"].to_numpy(np.int64)
        self.rec_amount = rec["amount"].to_numpy(np.int64)
        self.inv_issued, self.rec_day = days(inv["issued"]), days(rec["received"])
        self.rec_undo = np.maximum(days(rec["dishonoured"]), -1)
        self._entries()
        self.settlements: list[tuple[np.ndarray, ...]] = []
        self.problems: list[Problem] = []

    # -- entries ------------------------------------------------------------------------------------------------

    def _entries(self) -> None:
        inv, rec, ret = self.inv, self.rec, self.tables["retention"]
        n, m, r = len(inv), len(rec), len(ret)
        held_in = self.documents.get_indexer(ret["document_id"])
        held = np.zeros(n, np.int64)
        np.add.at(held, held_in, ret["amount"].to_numpy(np.int64))
        doc_type = np.select([inv["document_type"].to_numpy(object) == t for t in TYPES[1:4]], [1, 2, 3], 0)
        due = days(inv["due"])
        due = np.where(due == NO_DAY, self.inv_issued, due)  # a credit can be used from its own day on
        self.row = np.concatenate([np.arange(n), np.arange(m), held_in])
        self.part = np.concatenate([np.full(n + m, -1), np.arange(r)])
        self.type = np.concatenate([doc_type, np.where(self.rec_amount < 0, 5, 4), np.full(r, 6)]).astype(np.int8)
        inv_customer = self.customers.get_indexer(inv["customer_id"])
        inv_currency = self.currencies.get_indexer(inv["currency"])
        rec_customer = self.customers.get_indexer(rec["customer_id"])
        rec_currency = self.currencies.get_indexer(rec["currency"])
        self.customer = np.concatenate([inv_customer, rec_customer, inv_customer[held_in]])
        self.currency = np.concatenate([inv_currency, rec_currency, inv_currency[held_in]])
        self.start = np.concatenate([self.inv_issued, self.rec_day, self.inv_issued[held_in]])
        self.due = np.concatenate([due, self.rec_day, days(ret["due"])])
        self.amount = np.concatenate([self.inv_amount - held, -self.rec_amount, ret["amount"].to_numpy(np.int64)])
        self.group = self.customer * max(len(self.currencies), 1) + self.currency
        self.first_receipt = n

    # -- settlements --------------------------------------------------------------------------------------------

    def _settle(self, entry, by, day, amount) -> None:
        self.settlements.append(
            (np.asarray(entry), np.broadcast_to(by, np.shape(entry)), np.asarray(day), np.asarray(amount))
        )

    def _apply(self, source, entry, day, amount) -> None:
        """Money of ``source`` settles ``entry``; where the source is a write-off there is only one side."""
        self._settle(entry, source, day, amount)
        money = source >= 0
        self._settle(source[money], entry[money], day[money], -amount[money])

    def result(self) -> tuple[Book, list[Problem]]:
        self._allocation_rows()
        self._recoveries()
        ruled = self._groups_under_the_rule()
        self._stated(~ruled[self.group[self.alloc_doc]], ~ruled[self.group[self.off_doc]])
        if ruled.any():
            self._by_the_rule(ruled)
        self._refused_drafts()
        entry, by, day, amount = (
            np.concatenate(column).astype(np.int64) for column in zip(*self.settlements, strict=True)
        )
        order = np.argsort(entry, kind="stable")
        entry = entry[order]
        book = Book(
            self.row,
            self.part,
            self.type,
            self.customer,
            self.currency,
            self.start,
            self.due,
            self.amount,
            np.searchsorted(entry, np.arange(len(self.row) + 1)),
            day[order],
            by[order],
            amount[order],
            self.customers,
            self.currencies,
        )
        return book, self.problems

    def _allocation_rows(self) -> None:
        alloc = self.alloc
        self.alloc_doc = self._entry_of(alloc["document_id"])
        from_credit = alloc["source_type"].to_numpy(object) == "credit_note"
        self.alloc_source = np.where(
            from_credit,
            self.documents.get_indexer(alloc["source_id"]),
            self.first_receipt + self.receipt_ids.get_indexer(alloc["source_id"]),
        )
        self.alloc_amount = alloc["amount"].to_numpy(np.int64)
        applied = days(alloc["applied"])
        self.alloc_day = np.maximum(applied, np.maximum(self.start[self.alloc_source], self.start[self.alloc_doc]))
        for position in np.flatnonzero(self.alloc_day != applied)[:1]:
            count = int((self.alloc_day != applied).sum())
            self.problems.append(
                Problem(
                    f"{count} allocation(s) dated before their invoice or their money: taken on the later of the two",
                    file="allocations",
                    row=int(position) + 2,
                    column="applied",
                    value=str(alloc["applied"].iloc[position].date()),
                    stops=False,
                )
            )
        self.off_doc = self.documents.get_indexer(self.off["document_id"])
        self.off_amount = self.off["amount"].to_numpy(np.int64)
        self.off_day = np.maximum(days(self.off["written_off_on"]), self.start[self.off_doc])
        self.rec_spoken_for = np.zeros(len(self.rec), bool)
        self.rec_spoken_for[self.alloc_source[~from_credit] - self.first_receipt] = True
        self.rec_spoken_for |= self.rec["on_account"].fillna(False).to_numpy(bool)
        self.rec_spoken_for |= self.rec["recovery_of"].notna().to_numpy()
        self.credit_spoken_for = np.zeros(len(self.inv), bool)
        self.credit_spoken_for[self.alloc_source[from_credit]] = True

    def _entry_of(self, ids: pd.Series) -> np.ndarray:
        """Documents by number; a number that no invoice has is a refund's."""
        found = self.documents.get_indexer(ids)
        return np.where(found >= 0, found, self.first_receipt + self.receipt_ids.get_indexer(ids))

    def _recoveries(self) -> None:
        """Money for a debt written off: the debt comes back and is paid on the same day."""
        rows = np.flatnonzero(self.rec["recovery_of"].notna().to_numpy())
        off = pd.Index(self.off["write_off_id"]).get_indexer(self.rec["recovery_of"].iloc[rows])
        doc, day, amount = self.off_doc[off], self.rec_day[rows], self.rec_amount[rows]
        self._settle(doc, REINSTATED, day, -amount)
        self._apply(self.first_receipt + rows, doc, day, amount)

    def _groups_under_the_rule(self) -> np.ndarray:
        ruled = np.zeros(int(self.group.max(initial=-1)) + 1, bool)
        self.rule_receipts = np.flatnonzero(~self.rec_spoken_for & (self.rec_amount > 0))
        self.rule_credits = np.flatnonzero(
            (self.inv_amount < 0) & ~self.credit_spoken_for & self.inv["parent_id"].notna().to_numpy()
        )
        ruled[self.group[self.first_receipt + self.rule_receipts]] = True
        ruled[self.group[self.rule_credits]] = True
        refunds = self.first_receipt + np.flatnonzero((self.rec_amount < 0) & ~self.rec_spoken_for)
        ruled[self.group[refunds]] = True
        ruled[self.group[self.first_receipt + np.flatnonzero(self.rec_undo >= 0)]] = True
        ruled[self.group[self.part >= 0]] = True
        return ruled

    def _stated(self, alloc, off) -> None:
        """Rows of customers for whom the books say everything: taken as they stand."""
        self._apply(self.alloc_source[alloc], self.alloc_doc[alloc], self.alloc_day[alloc], self.alloc_amount[alloc])
        self._settle(self.off_doc[off], WRITE_OFF, self.off_day[off], self.off_amount[off])

    def _by_the_rule(self, ruled: np.ndarray) -> None:
        entry = np.flatnonzero(ruled[self.group] & (self.amount > 0))
        document = np.where(self.type[entry] == 5, self.first_receipt + self.row[entry], self.row[entry])
        order = np.lexsort((document, self.due[entry], self.group[entry]))
        entry, document = entry[order], document[order]
        items = Items(self.group[entry], document, self.start[entry], self.due[entry], self.amount[entry])
        payable = np.zeros(len(self.row) + 1, bool)
        payable[document] = True

        alloc = np.flatnonzero(ruled[self.group[self.alloc_doc]] & (self.alloc_amount > 0))
        self._stated(np.flatnonzero(ruled[self.group[self.alloc_doc]] & (self.alloc_amount < 0)), NOTHING)
        off = np.flatnonzero(ruled[self.group[self.off_doc]])
        receipts, credits = self.rule_receipts, self.rule_credits
        named = self.documents.get_indexer(self.rec["reference"].iloc[receipts])
        same = (named >= 0) & (self.group[named] == self.group[self.first_receipt + receipts])
        named = np.where(same & payable[named], named, -1)
        parent = self.documents.get_indexer(self.inv["parent_id"].iloc[credits])
        parent = np.where(payable[parent], parent, -1)
        undo = np.where(
            self.alloc_source >= self.first_receipt,
            self.rec_undo[self.alloc_source - self.first_receipt] if len(self.rec) else -1,
            -1,
        )
        owner = np.concatenate(
            [self.alloc_source[alloc], np.full(len(off), WRITE_OFF), credits, self.first_receipt + receipts]
        )
        sources = Sources(
            group=np.concatenate(
                [
                    self.group[self.alloc_doc[alloc]],
                    self.group[self.off_doc[off]],
                    self.group[credits],
                    self.group[self.first_receipt + receipts],
                ]
            ),
            document=np.concatenate([self.alloc_doc[alloc], self.off_doc[off], parent, named]),
            day=np.concatenate([self.alloc_day[alloc], self.off_day[off], self.start[credits], self.rec_day[receipts]]),
            amount=np.concatenate(
                [self.alloc_amount[alloc], self.off_amount[off], -self.inv_amount[credits], self.rec_amount[receipts]]
            ),
            rank=np.repeat([0, 1, 2, 3], [len(alloc), len(off), len(credits), len(receipts)]),
            spill=np.repeat([False, True], [len(alloc) + len(off) + len(credits), len(receipts)]),
            undo=np.concatenate([undo[alloc], np.full(len(off) + len(credits), -1), self.rec_undo[receipts]]),
        )
        done = settle(items, sources)
        self._apply(owner[done.source], entry[done.item], done.day, done.amount)
        self._left_over(sources, done, alloc, off)

    def _left_over(self, sources: Sources, done, alloc, off) -> None:
        """An allocation or write-off that found less open than it wants."""
        used = np.zeros(len(sources.amount), np.int64)
        plus = done.amount > 0
        np.add.at(used, done.source[plus], done.amount[plus])
        short = np.flatnonzero(used[: len(alloc) + len(off)] < sources.amount[: len(alloc) + len(off)])
        for source in short:
            is_alloc = source < len(alloc)
            table, row = ("allocations", alloc[source]) if is_alloc else ("write_offs", off[source - len(alloc)])
            if is_alloc and 0 <= sources.undo[source] <= sources.day[source]:
                continue  # the draft was refused before the allocation
            self.problems.append(
                Problem(
                    f"only {used[source] / 100:.2f} of {sources.amount[source] / 100:.2f} found an open amount: the "
                    "document had been settled by then",
                    file=table,
                    row=int(row) + 2,
                    column="amount",
                    value=str(self.tables[table]["document_id"].iloc[row]),
                    stops=not is_alloc,
                    expected="at most what is open on that day",
                )
            )

    def _refused_drafts(self) -> None:
        """A refused draft is no money any more from that day on."""
        rows = np.flatnonzero(self.rec_undo >= 0)
        self._settle(
            self.first_receipt + rows,
            REFUSED,
            np.maximum(self.rec_undo[rows], self.rec_day[rows]),
            -self.rec_amount[rows],
        )
