"""Matching of two statements (往来对账): by number, by amount, one against a set; what is doubtful is refused.

Matching kinds follow common accounting packages: by number (专认), by amount (逐笔), a set against one (全额). Only
what is certain is matched; where two readings fit, nothing is matched and both are listed, even where the totals
would agree either way. Finding sets is exponential, so their size and the entries searched are capped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from receivables.analysis._frames import one_currency, require


class Matching(NamedTuple):
    """Result of :func:`match`.

    ``pairs`` : ``group`` (matches share a number), ``side`` (ours, theirs), ``document_id``, ``amount``,
    ``kind`` (number, amount, set); ``differing`` : same number, other amount (``document_id``, ``ours``, ``theirs``,
    ``difference``); ``only_ours``, ``only_theirs`` : entries without a partner; ``ambiguous`` : among those, the
    entries that fit more than one way, or where the search was cut off, with the ``reason``.
    """

    pairs: pd.DataFrame
    differing: pd.DataFrame
    only_ours: pd.DataFrame
    only_theirs: pd.DataFrame
    ambiguous: pd.DataFrame


def _side(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    require(frame, name, "document_id", "amount")
    one_currency(frame)
    side = pd.DataFrame({"document_id": frame["document_id"].astype(str).to_numpy(),
                         "amount": frame["amount"].astype(float).to_numpy()})
    if not np.isfinite(side["amount"]).all():
        raise ValueError(f"{name} hold an entry without an amount")
    side["fen"] = np.rint(side["amount"] * 100).astype(np.int64)
    # One spelling of a number: INV-0012 and inv0012 are the same document, 12 and 0012 are not.
    side["number"] = side["document_id"].str.replace(r"[\s\-_/.]", "", regex=True).str.upper()
    repeated = side.loc[side["number"].duplicated() & (side["number"] != ""), "document_id"]
    if len(repeated):
        raise ValueError(f"{name} hold {repeated.iat[0]} twice: a number names one entry "
                         "(leave document_id empty where there is none)")
    return side


class _Matcher:
    """Entries of both sides, ticked off one kind of match after the other."""

    def __init__(self, ours: pd.DataFrame, theirs: pd.DataFrame):
        self.sides = {"ours": ours, "theirs": theirs}
        self.left = {name: np.ones(len(side), bool) for name, side in self.sides.items()}
        self.groups: list[tuple[str, list[int], list[int]]] = []
        self.ambiguous: list[tuple[str, int, str]] = []

    def tick(self, kind: str, ours: list[int], theirs: list[int]) -> None:
        self.groups.append((kind, ours, theirs))
        self.left["ours"][ours] = self.left["theirs"][theirs] = False

    def doubt(self, reason: str, **rows: Iterable[int]) -> None:
        self.ambiguous += [(side, row, reason) for side, places in rows.items() for row in places]

    def by_number(self) -> pd.DataFrame:
        ours, theirs = (side.assign(row=np.arange(len(side)))[side["number"] != ""] for side in self.sides.values())
        both = ours.merge(theirs, on="number", suffixes=("", "_theirs"))
        same = both["fen"] == both["fen_theirs"]
        for a, b in zip(both.loc[same, "row"], both.loc[same, "row_theirs"], strict=True):
            self.tick("number", [a], [b])
        other = both[~same]
        self.left["ours"][other["row"]] = self.left["theirs"][other["row_theirs"]] = False
        return pd.DataFrame({"document_id": other["document_id"], "ours": other["amount"],
                             "theirs": other["amount_theirs"],
                             "difference": (other["fen"] - other["fen_theirs"]) / 100}).reset_index(drop=True)

    def by_amount(self) -> None:
        rows = {}
        for name, side in self.sides.items():
            free = side.assign(row=np.arange(len(side)))[self.left[name]]
            rows[name] = free.groupby("fen")["row"].agg(list).to_dict()
        for fen in sorted(rows["ours"].keys() & rows["theirs"].keys()):
            a, b = rows["ours"][fen], rows["theirs"][fen]
            if len(a) == len(b) == 1:
                self.tick("amount", a, b)
            else:
                self.doubt(f"{len(a)} of ours and {len(b)} of theirs over {fen / 100:,.2f}", ours=a, theirs=b)

    def by_set(self, largest: int, cap: int) -> None:
        doubtful = {(side, row) for side, row, _ in self.ambiguous}
        free = {side: [row for row in np.flatnonzero(left).tolist() if (side, row) not in doubtful]
                for side, left in self.left.items()}
        groups = []  # both directions are searched before anything is ticked: order must not decide
        for one, many in (("ours", "theirs"), ("theirs", "ours")):
            if len(free[many]) > cap:
                self.doubt(f"{len(free[many])} entries left on the other side, more than the cap of {cap}: "
                           "sets were not searched, narrow the period", **{one: free[one]})
                continue
            groups += [{one: (row,), many: chosen}
                       for row, chosen in self._sets(one, free[one], many, free[many], largest)]
        claims = Counter((side, row) for group in groups for side, rows in group.items() for row in rows)
        for group in groups:
            if all(claims[side, row] == 1 for side, rows in group.items() for row in rows):
                self.tick("set", list(group["ours"]), list(group["theirs"]))
            else:
                self.doubt("fits more than one set, or shares an entry with another set", **group)

    def _sets(self, one: str, singles: list[int], many: str, pool: list[int],
              largest: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Every (entry, set of 2 to ``largest`` entries of the other side) with equal amounts."""
        fen = {side: self.sides[side]["fen"].tolist() for side in (one, many)}
        wanted: dict[int, list[int]] = {}
        for row in singles:
            wanted.setdefault(fen[one][row], []).append(row)
        for size in range(2, largest + 1):
            for chosen in combinations(pool, size):
                for row in wanted.get(sum(fen[many][place] for place in chosen), ()):
                    yield row, chosen

    def rows(self, name: str) -> pd.DataFrame:
        return self.sides[name].loc[self.left[name], ["document_id", "amount"]].reset_index(drop=True)


def match(ours: pd.DataFrame, theirs: pd.DataFrame, *, largest_set: int = 3, cap: int = 30) -> Matching:
    """Two-sided statement match (往来对账): by number, then amount, then one against a set.

    Parameters
    ----------
    ours, theirs : ``document_id`` (empty where there is none; spaces, hyphens, case do not matter) and
        ``amount``, signs as we see them, in one currency
    largest_set : entries a set may have; sums of sets grow fast, and so do coincidences
    cap : most entries left on a side for sets to be searched at all; above it nothing is guessed, and the reason
        is given

    Returns
    -------
    Matching. Every entry of each side is in exactly one of ``pairs``, ``differing``, ``only_*``.

    Raises
    ------
    ValueError
        Missing columns or amounts, several currencies, a number twice on one side, ``largest_set`` under 2.

    Examples
    --------
    >>> ours = pd.DataFrame({"document_id": ["INV-1", "INV-2", "INV-3"], "amount": [100.0, 250.0, 80.0]})
    >>> theirs = pd.DataFrame({"document_id": ["inv1", "", "INV3"], "amount": [100.0, 250.0, 88.0]})
    >>> result = match(ours, theirs)
    >>> result.pairs[["side", "document_id", "kind"]].values.tolist()
    [['ours', 'INV-1', 'number'], ['theirs', 'inv1', 'number'], ['ours', 'INV-2', 'amount'], ['theirs', '', 'amount']]
    >>> result.differing
      document_id  ours  theirs  difference
    0       INV-3  80.0    88.0        -8.0
    """
    if largest_set < 2:
        raise ValueError("largest_set must be at least 2")
    matcher = _Matcher(_side(ours, "ours"), _side(theirs, "theirs"))
    differing = matcher.by_number()
    matcher.by_amount()
    matcher.by_set(largest_set, cap)
    pairs = [(group, side, matcher.sides[side]["document_id"].iat[row], matcher.sides[side]["amount"].iat[row], kind)
             for group, (kind, *rows) in enumerate(matcher.groups, start=1)
             for side, places in zip(("ours", "theirs"), rows, strict=True) for row in places]
    doubts = [(side, matcher.sides[side]["document_id"].iat[row], matcher.sides[side]["amount"].iat[row], reason)
              for side, row, reason in matcher.ambiguous if matcher.left[side][row]]
    return Matching(pd.DataFrame(pairs, columns=["group", "side", "document_id", "amount", "kind"]), differing,
                    matcher.rows("ours"), matcher.rows("theirs"),
                    pd.DataFrame(doubts, columns=["side", "document_id", "amount", "reason"]).drop_duplicates(
                        ignore_index=True))
