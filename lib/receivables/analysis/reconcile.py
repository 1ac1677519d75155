"""Reconciliation (对账): match two statements, explain the difference, and print one customer's statement.

Both sides are written from **our** point of view: what the customer owes us is positive, what reduces it is
negative. A supplier account in the customer's books has the opposite signs: turn them first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from receivables.analysis._frames import dates, day, one_currency, require
from receivables.analysis._numbers import number
from receivables.analysis.matching import Matching, match
from receivables.errors import Undefined

__all__ = ["Adjusted", "Clue", "Matching", "Statement", "adjust", "difference_tests", "last_agreed", "match",
           "statement"]

class Adjusted(NamedTuple):
    """``lines`` of the statement; both adjusted balances; ``unexplained`` = ours adjusted - theirs adjusted."""

    lines: pd.DataFrame
    ours: float
    theirs: float
    unexplained: float


def adjust(our_balance: float, their_balance: float, matching: Matching) -> Adjusted:
    """Balance adjustment statement (余额调节表): each side adds what only the other has booked.

    ``our balance + only theirs = their balance + only ours``, after moving differing amounts to ours (the document
    we issued is taken as right until shown otherwise). What still stands apart lies before the period or in a
    balance brought forward: look for it with :func:`last_agreed`.

    Returns
    -------
    Adjusted; ``lines`` has ``side`` whose balance it changes, ``document_id``, ``amount``, ``why``.

    Raises ValueError when a balance is not a number. No two-sided example with figures was found in print; the
    identity is the test.

    >>> ours = pd.DataFrame({"document_id": ["A", "B"], "amount": [100.0, 50.0]})
    >>> theirs = pd.DataFrame({"document_id": ["A", "P9"], "amount": [100.0, -30.0]})
    >>> adjust(150.0, 70.0, match(ours, theirs))[1:]
    (120.0, 120.0, 0.0)
    """
    lines = pd.concat([
        matching.only_theirs.assign(side="ours", why="booked by them only"),
        matching.only_ours.assign(side="theirs", why="booked by us only"),
        pd.DataFrame({"document_id": matching.differing["document_id"], "amount": matching.differing["difference"],
                      "side": "theirs", "why": "booked with another amount"}),
    ], ignore_index=True)[["side", "document_id", "amount", "why"]]
    moved = {side: np.rint(lines.loc[lines["side"] == side, "amount"].astype(float) * 100).sum()
             for side in ("ours", "theirs")}
    our_balance, their_balance = number("our_balance", our_balance), number("their_balance", their_balance)
    ours, theirs = round(our_balance * 100) + moved["ours"], round(their_balance * 100) + moved["theirs"]
    return Adjusted(lines, float(ours / 100), float(theirs / 100), float((ours - theirs) / 100))


class Clue(NamedTuple):
    """One possible cause of a difference: ``kind`` (missing, wrong_side, transposed, multiple_of_9) and documents."""

    kind: str
    document_ids: list[str]
    note: str


def difference_tests(difference: float, documents: pd.DataFrame) -> list[Clue]:
    """Difference tests (差额检查法): what a difference between two balances may come from.

    - **missing** 漏记: it equals one document.
    - **wrong_side** 记反方向: half of it equals one document, booked on the wrong side.
    - **transposed** 数字颠倒: swapping two neighbouring digits of a document gives exactly this difference.
    - **multiple_of_9**: divisible by 9 in fen, as every transposition and every slipped decimal point is. One
      difference in nine is so by chance: a hint, not a finding. Given only when no document explains it.

    Parameters
    ----------
    difference : balance of one side less the other; its sign does not matter
    documents : ``document_id``, ``amount`` of the period, both sides

    Returns
    -------
    list of Clue, most telling first; empty when nothing fits (then several causes are mixed).

    Raises
    ------
    Undefined
        The difference is 0 (rounded to fen): nothing to explain.

    Examples
    --------
    >>> papers = pd.DataFrame({"document_id": ["A", "B"], "amount": [540.0, 1234.0]})
    >>> [(clue.kind, clue.document_ids) for clue in difference_tests(1080.0, papers)]
    [('wrong_side', ['A'])]
    >>> [(clue.kind, clue.document_ids) for clue in difference_tests(90.0, papers)]
    [('transposed', ['A', 'B'])]
    """
    require(documents, "documents", "document_id", "amount")
    one_currency(documents)
    fen = abs(round(difference * 100))
    if not fen:
        raise Undefined("the two balances agree: there is no difference to explain")
    amounts = np.abs(np.rint(documents["amount"].astype(float) * 100)).astype(np.int64).to_numpy()
    ids = documents["document_id"].astype(str).to_numpy()
    swapped = np.array([fen in _transpositions(int(amount)) for amount in amounts], dtype=bool)
    clues = [Clue(kind, sorted(set(ids[fits].tolist())), note) for kind, fits, note in (
        ("missing", amounts == fen, "equals one document: is it missing on one side?"),
        ("wrong_side", amounts * 2 == fen, "twice one document: was it booked on the wrong side?"),
        ("transposed", swapped, "two neighbouring digits swapped would give it"),
    ) if fits.any()]
    if not clues and fen % 9 == 0:
        clues.append(Clue("multiple_of_9", [], "divisible by 9: perhaps swapped digits or a slipped decimal point"))
    return clues


def _transpositions(fen: int) -> set[int]:
    """Differences (in fen, positive) that swapping two neighbouring digits of an amount can cause."""
    digits = str(fen)
    return {abs(int(a) - int(b)) * 9 * 10 ** (len(digits) - place - 2)
            for place, (a, b) in enumerate(zip(digits, digits[1:], strict=False))} - {0}


def last_agreed(ours: pd.Series, theirs: pd.Series) -> tuple[object, object]:
    """Last agreed balance (最近一次对平): the latest period on which both sides agree; start looking after it.

    Parameters
    ----------
    ours, theirs : closing balances indexed by period; periods of both, oldest first

    Returns
    -------
    (last agreed period, first differing period after it); the second is None when the latest period agrees.

    Raises
    ------
    ValueError
        The two do not cover the same periods, or periods are not in order.
    Undefined
        No period agrees: the difference is older than what was given.

    >>> last_agreed(pd.Series([10.0, 20.0, 30.0], ["2026-01", "2026-02", "2026-03"]),
    ...             pd.Series([10.0, 25.0, 35.0], ["2026-01", "2026-02", "2026-03"]))
    ('2026-01', '2026-02')
    """
    if not ours.index.equals(theirs.index) or not ours.index.is_monotonic_increasing or not ours.index.is_unique:
        raise ValueError("give both balances for the same periods, oldest first, each once")
    agrees = np.rint(ours.to_numpy(dtype=float) * 100) == np.rint(theirs.to_numpy(dtype=float) * 100)
    if not agrees.any():
        raise Undefined("the balances agree in no period given: go further back")
    last = int(np.flatnonzero(agrees)[-1])
    return ours.index[last], None if last + 1 == len(ours) else ours.index[last + 1]


class Statement(NamedTuple):
    """One customer's statement: ``lines`` and totals ``open`` (invoices), ``overdue``, ``credits``, ``net``."""

    customer_id: str
    lines: pd.DataFrame
    open: float
    overdue: float
    credits: float
    net: float


def statement(items: pd.DataFrame, customer_id: str, as_of: object, *, disputed: set[str] | None = None) -> Statement:
    """One customer's statement (一户一单): everything open on one page, oldest due first.

    Credits and unapplied cash are lines of their own, never netted into an invoice; both totals and the net are shown.

    Parameters
    ----------
    items : open items: ``customer_id``, ``document_id``, ``issued``, ``due``, ``open_amount`` (negative = in the
        customer's favour; such a line needs no due date)
    as_of : date; due that day is not overdue
    disputed : document ids in dispute: still open, marked

    Returns
    -------
    Statement; ``lines``: ``document_id``, ``issued``, ``due``, ``open_amount``, ``days_past_due`` (0 when not due),
    ``disputed``, ``running`` (balance so far; the last one is ``net``).

    Raises
    ------
    ValueError
        Missing columns, several currencies, an invoice without due date.
    Undefined
        The customer has nothing open.

    Examples
    --------
    >>> items = pd.DataFrame({"customer_id": ["C1", "C1"], "document_id": ["A", "CN"],
    ...     "issued": pd.to_datetime(["2026-05-01", "2026-06-01"]), "due": pd.to_datetime(["2026-05-31", None]),
    ...     "open_amount": [300.0, -50.0]})
    >>> page = statement(items, "C1", "2026-06-10")
    >>> page.open, page.credits, page.net
    (300.0, 50.0, 250.0)
    >>> page.lines[["document_id", "days_past_due", "running"]].values.tolist()
    [['A', 10, 300.0], ['CN', 0, 250.0]]
    """
    require(items, "items", "customer_id", "document_id", "issued", "due", "open_amount")
    own = items[(items["customer_id"].astype(str) == str(customer_id)) & (items["open_amount"] != 0)]
    one_currency(own)
    if own.empty:
        raise Undefined(f"customer {customer_id} has nothing open")
    fen = np.rint(own["open_amount"].astype(float) * 100).astype(np.int64)
    if (dates(own, "due").isna() & (fen > 0)).any():
        raise ValueError("an invoice has no due date: settle that at import, never guess it")
    lines = pd.DataFrame({"document_id": own["document_id"].astype(str), "issued": dates(own, "issued"),
                          "due": dates(own, "due"), "fen": fen})
    lines = lines.sort_values(["due", "issued", "document_id"], na_position="last", ignore_index=True)
    late = (day(as_of) - lines["due"]).dt.days
    lines["days_past_due"] = late.where(lines["fen"] > 0).fillna(0).clip(lower=0).astype(int)
    lines["disputed"] = lines["document_id"].isin(disputed or set())
    lines["running"] = lines["fen"].cumsum() / 100
    lines.insert(3, "open_amount", lines["fen"] / 100)
    debit, overdue = lines["fen"] > 0, lines["days_past_due"] > 0
    total = {name: int(lines.loc[mask, "fen"].sum())
             for name, mask in (("open", debit), ("overdue", overdue), ("credits", ~debit))}
    return Statement(str(customer_id), lines.drop(columns="fen"), total["open"] / 100, total["overdue"] / 100,
                     -total["credits"] / 100, (total["open"] + total["credits"]) / 100)
