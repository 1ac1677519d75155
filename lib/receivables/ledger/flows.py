"""What moved the balance, period by period, tied to the open items to the fen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from receivables.ledger.book import Book, days
from receivables.ledger.problems import LedgerError, Problem

MOVES = ("invoiced", "received", "credited", "written_off")
_SIGNS = np.array([1, -1, -1, -1])


def _events(tables: Mapping[str, pd.DataFrame], currency: str | None):
    """Day, currency code, move and amount of every event, from the tables themselves (not from the book)."""
    inv, rec, off = tables["invoices"], tables["receipts"], tables["write_offs"]
    of_document = pd.Series(inv["currency"].to_numpy(object), index=inv["document_id"].to_numpy(object))
    refused = rec[rec["dishonoured"].notna()]
    recovered = rec[rec["recovery_of"].notna()]
    debit = (inv["document_type"] != "credit_note").to_numpy()
    amount = inv["amount"].to_numpy(np.int64)
    pieces = [
        (days(inv["issued"]), inv["currency"], np.where(debit, 0, 2), np.where(debit, amount, -amount)),
        (days(rec["received"]), rec["currency"], 1, rec["amount"]),
        (days(refused["dishonoured"]), refused["currency"], 1, -refused["amount"]),
        (
            np.maximum(
                days(off["written_off_on"]),
                days(inv["issued"])[pd.Index(inv["document_id"]).get_indexer(off["document_id"])],
            ),
            of_document.reindex(off["document_id"]),
            3,
            off["amount"],
        ),
        (days(recovered["received"]), recovered["currency"], 3, -recovered["amount"]),
    ]
    day = np.concatenate([piece[0] for piece in pieces]).astype(np.int64)
    money = np.concatenate([np.asarray(piece[1], object) for piece in pieces])
    move = np.concatenate([np.broadcast_to(piece[2], len(piece[0])) for piece in pieces]).astype(np.int64)
    value = np.concatenate([np.asarray(piece[3], np.int64) for piece in pieces])
    if currency is not None:
        mine = money == currency
        day, money, move, value = day[mine], money[mine], move[mine], value[mine]
    return day, money, move, value


def _table(period: np.ndarray, move: np.ndarray, value: np.ndarray, count: int) -> pd.DataFrame:
    """Movements of ``count`` consecutive periods with opening and closing balance."""
    sums = np.zeros((count, len(MOVES)), np.int64)
    np.add.at(sums, (period, move), value)
    closing = np.cumsum(sums @ _SIGNS)
    frame = pd.DataFrame(sums, columns=list(MOVES))
    frame.insert(0, "opening", np.concatenate([[0], closing[:-1]]))
    frame["closing"] = closing
    return frame


def _tie(closing: np.ndarray, open_balance: list[int], names) -> None:
    off = np.flatnonzero(np.asarray(closing) != np.asarray(open_balance, np.int64))
    if len(off):
        raise LedgerError(
            [
                Problem(
                    f"closing of {names[k]} is {closing[k] / 100:,.2f}, the open items of that day are "
                    f"{open_balance[k] / 100:,.2f}"
                )
                for k in off
            ],
            "this is a fault of the library: please report it with the file",
        )


def roll_forward(tables, book: Book, freq: str, currency: str | None) -> pd.DataFrame:
    """See ``Ledger.roll_forward``; amounts in minor units."""
    frames = []
    for name in book.currencies if currency is None else [currency]:
        day, _, move, value = _events(tables, name)
        distinct, code = np.unique(day, return_inverse=True)
        if not len(distinct):
            continue
        try:
            periods = pd.PeriodIndex(pd.to_datetime(distinct, unit="D"), freq=freq)
        except ValueError:
            raise ValueError(f"freq must be a pandas period such as M, Q or Y, not {freq!r}") from None
        index = pd.period_range(periods[0], periods[-1], freq=freq, name="period")
        frame = _table(index.get_indexer(periods)[code], move, value, len(index)).set_index(index)
        mine = book.currency == book.currencies.get_loc(name)
        ends = index.end_time.to_numpy("datetime64[D]").astype(np.int64)
        _tie(frame["closing"].to_numpy(), [int(book.open_at(end)[mine].sum()) for end in ends], index.astype(str))
        frames.append(frame.assign(currency=name))
    if not frames:
        empty = pd.PeriodIndex([], freq=freq, name="period")
        return pd.DataFrame(columns=["opening", *MOVES, "closing", "currency"], index=empty)
    return pd.concat(frames)


def monthly(tables, book: Book, last: int, currency: str | None) -> pd.DataFrame:
    """See ``Ledger.monthly``; amounts in minor units."""
    day, _, move, value = _events(tables, currency)
    known = day <= last
    first = int(day.min(initial=last))
    months = np.arange(
        np.datetime64(first, "D").astype("datetime64[M]"), np.datetime64(last, "D").astype("datetime64[M]") + 1
    )
    period = (day[known].astype("datetime64[D]").astype("datetime64[M]") - months[0]).astype(np.int64)
    frame = _table(period, move[known], value[known], len(months))
    begins = months.astype("datetime64[D]").astype(np.int64)
    true_ends = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    ends = np.minimum(true_ends, last)
    mine = np.ones(len(book.row), bool) if currency is None else book.currency == book.currencies.get_loc(currency)
    parts = []
    for end in ends:
        amounts = np.where(mine, book.open_at(end), 0)
        debt = amounts > 0
        late = debt & (book.due < end)
        parts.append((amounts[debt & ~late].sum(), amounts[late].sum(), amounts[~debt].sum()))
    current, overdue, credits = np.array(parts, np.int64).T
    _tie(frame["closing"].to_numpy(), (current + overdue + credits).tolist(), months.astype(str))
    return pd.DataFrame(
        {
            "month": pd.array(months.astype(str), dtype="str"),
            "days": ends - begins + 1,
            "sales": frame["invoiced"],
            "collections": frame["received"],
            "credited": frame["credited"],
            "written_off": frame["written_off"],
            "ar_begin": frame["opening"],
            "ar_end": frame["closing"],
            "current_end": current,
            "overdue_end": overdue,
            "credits_end": credits,
            "complete": ends == true_ends,
        }
    )
