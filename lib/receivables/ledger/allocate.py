"""Which money settled which debt, and when (核销勾兑): a history that later events never change.

The rule, for receipts that no allocation row speaks for:

1. a receipt is applied on the later of its own date and the invoice's;
2. to the document it names (``reference``), up to what is open there;
3. what is left, and a receipt that names nothing, to the customer's oldest due item open on that day, in the same
   currency; what finds no open item waits as unapplied cash and goes to the next item on the day it is issued.

A credit note goes to the document it corrects (``parent_id``) and nowhere else. Stated allocations and write-offs
of a day come before the rule's own. Days are taken in their order, so what was open on a past day never changes
because of what came later.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

NOTHING = np.empty(0, np.int64)


def match(source_key, source_amount, item_key, item_amount) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lay money against debts of the same key, first against first (先到先核).

    Parameters
    ----------
    source_key, item_key : int arrays, each in ascending order
    source_amount, item_amount : int64 arrays of positive minor units, in the order in which they are to be used

    Returns
    -------
    Positions of sources, positions of items, amounts: one entry for each part applied. No source and no item is
    used beyond its amount.

    >>> match([1, 1, 2], [70, 50, 9], [1, 1, 3], [100, 40, 5])
    (array([0, 1, 1]), array([0, 0, 1]), array([70, 30, 20]))
    """
    source_key, source_amount, item_key, item_amount = (
        np.asarray(a, np.int64) for a in (source_key, source_amount, item_key, item_amount)
    )
    if not len(source_key) or not len(item_key):
        return NOTHING, NOTHING, NOTHING
    # Every key gets a stretch of one long line, as wide as the larger of its money and its debts. On it both lie
    # end to end; wherever a piece of money and a debt overlap, the one pays the other.
    keys = np.union1d(source_key, item_key)
    s_code, i_code = np.searchsorted(keys, source_key), np.searchsorted(keys, item_key)
    s_end, s_total = _stacked(s_code, source_amount, len(keys))
    i_end, i_total = _stacked(i_code, item_amount, len(keys))
    width = np.maximum(s_total, i_total)
    base = np.cumsum(width) - width
    s_end, i_end = s_end + base[s_code], i_end + base[i_code]
    cuts = np.union1d(np.concatenate([s_end, s_end - source_amount]), np.concatenate([i_end, i_end - item_amount]))
    low, length = cuts[:-1], np.diff(cuts)
    s = np.searchsorted(s_end, low, side="right")
    i = np.searchsorted(i_end, low, side="right")
    inside = (s < len(s_end)) & (i < len(i_end))
    s, i, low, length = s[inside], i[inside], low[inside], length[inside]
    both = (s_end[s] - source_amount[s] <= low) & (i_end[i] - item_amount[i] <= low)
    return s[both], i[both], length[both]


def _stacked(code, amount, count):
    """Running total within each code, and the total of each code."""
    running = np.cumsum(amount)
    total = np.zeros(count, np.int64)
    np.add.at(total, code, amount)
    before = np.cumsum(total) - total
    return running - before[code], total


@dataclass
class Items:
    """Debts that can be settled, sorted by ``group`` (customer and currency), then due date."""

    group: np.ndarray
    document: np.ndarray  # number of the document; a document with retention has two or more items
    issued: np.ndarray  # days
    due: np.ndarray  # days
    amount: np.ndarray


@dataclass
class Sources:
    """Money and orders to apply it. ``document`` -1: by the rule; ``undo``: day on which it is taken back, or -1."""

    group: np.ndarray
    document: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    rank: np.ndarray  # order within a day: stated before write-offs before named before the rule
    spill: np.ndarray  # whether what its document does not take goes on to the oldest due item
    undo: np.ndarray


@dataclass
class Applied:
    """The outcome: source, item, day, amount (negative where an allocation is undone)."""

    source: np.ndarray = field(default_factory=lambda: NOTHING)
    item: np.ndarray = field(default_factory=lambda: NOTHING)
    day: np.ndarray = field(default_factory=lambda: NOTHING)
    amount: np.ndarray = field(default_factory=lambda: NOTHING)


def settle(items: Items, sources: Sources) -> Applied:
    """Apply every source by the rule at the head of this module, day after day, all customers of a day at once.

    Cost is linear in rows plus days with events; there is no loop over rows.
    """
    run = _Run(items, sources)
    for day in run.days():
        run.step(int(day))
    return run.outcome()


class _Run:
    def __init__(self, items: Items, sources: Sources):
        self.items, self.sources = items, sources
        self.open = items.amount.copy()
        self.left = sources.amount.copy()
        self.parts: list[tuple[np.ndarray, ...]] = []
        self.by_document = np.lexsort((items.due, items.document))
        self.sorted_documents = items.document[self.by_document]
        groups = int(max(items.group.max(initial=-1), sources.group.max(initial=-1))) + 1
        self.start = np.searchsorted(items.group, np.arange(groups))
        # Window of each group's items in which something can be open: grows as items are issued, shrinks as they
        # are settled. It keeps the cost of a day to the items that matter on that day.
        self.first, self.last = self.start.copy(), self.start.copy()
        self.issue_order = np.argsort(items.issued, kind="stable")
        self.issue_days = items.issued[self.issue_order]
        start_day = np.full(int(items.document.max(initial=-1)) + 1, -1, np.int64)
        start_day[items.document] = items.issued
        named = sources.document >= 0
        self.apply_day = sources.day.copy()
        self.apply_day[named] = np.maximum(sources.day[named], start_day[sources.document[named]])
        self.source_order = np.lexsort((np.arange(len(sources.day)), sources.rank, self.apply_day))
        self.source_days = self.apply_day[self.source_order]
        self.undo_days = np.where(sources.undo >= 0, np.maximum(sources.undo, sources.day), -1)
        self.waiting = NOTHING  # sources that still hold money for the rule, in order of arrival

    def days(self) -> np.ndarray:
        events = np.concatenate([self.items.issued, self.apply_day, self.undo_days[self.undo_days >= 0]])
        return np.unique(events)

    def step(self, day: int) -> None:
        lo, hi = np.searchsorted(self.issue_days, [day, day + 1])
        born = self.issue_order[lo:hi]
        np.maximum.at(self.last, self.items.group[born], born + 1)
        np.minimum.at(self.first, self.items.group[born], born)
        undone = self._undo(day)
        lo, hi = np.searchsorted(self.source_days, [day, day + 1])
        due_today = self.source_order[lo:hi]
        due_today = due_today[(self.undo_days[due_today] < 0) | (self.undo_days[due_today] > day)]
        named = due_today[self.sources.document[due_today] >= 0]
        self._to_documents(named, day)
        # Money meets debts only where one of the two is new, or a debt has come back.
        stirred = np.zeros(len(self.start), bool)
        stirred[self.items.group[born]] = stirred[self.sources.group[due_today]] = stirred[undone] = True
        pool = np.concatenate([self.waiting, due_today[self.sources.spill[due_today]]])
        now = stirred[self.sources.group[pool]] & (self.left[pool] > 0)
        self._to_oldest(pool[now], day)
        self.waiting = pool[self.left[pool] > 0]

    def _record(self, source, item, amount, day):
        if len(source):
            np.subtract.at(self.open, item, amount)
            np.subtract.at(self.left, source, amount)
            self.parts.append((source, item, np.full(len(source), day), amount))

    def _undo(self, day: int) -> np.ndarray:
        """Take back what was applied from the drafts refused today; return the groups concerned."""
        gone = np.flatnonzero(self.undo_days == day)
        if not len(gone):
            return NOTHING
        source, item, _, amount = self._history()
        undone = np.isin(source, gone)
        source, item, amount = source[undone], item[undone], amount[undone]
        self._record(source, item, -amount, day)
        np.minimum.at(self.first, self.items.group[item], item)
        np.maximum.at(self.last, self.items.group[item], item + 1)
        self.left[gone] = 0
        return self.sources.group[gone]

    def _to_documents(self, source, day: int) -> None:
        if not len(source):
            return
        source = source[np.lexsort((np.arange(len(source)), self.sources.document[source]))]
        document = self.sources.document[source]
        lo = np.searchsorted(self.sorted_documents, np.unique(document), side="left")
        hi = np.searchsorted(self.sorted_documents, np.unique(document), side="right")
        item = self.by_document[_ranges(lo, hi)]
        item = item[self.open[item] > 0]
        s, i, amount = match(document, self.left[source], self.items.document[item], self.open[item])
        self._record(source[s], item[i], amount, day)

    def _to_oldest(self, pool, day: int) -> None:
        if not len(pool):
            return
        pool = pool[np.lexsort((np.arange(len(pool)), self.sources.group[pool]))]
        groups = np.unique(self.sources.group[pool])
        item = _ranges(self.first[groups], self.last[groups])
        item = item[(self.open[item] > 0) & (self.items.issued[item] <= day)]
        s, i, amount = match(self.sources.group[pool], self.left[pool], self.items.group[item], self.open[item])
        self._record(pool[s], item[i], amount, day)
        still = item[self.open[item] > 0]
        self.first[groups] = self.last[groups]
        np.minimum.at(self.first, self.items.group[still], still)

    def _history(self) -> tuple[np.ndarray, ...]:
        if not self.parts:
            return NOTHING, NOTHING, NOTHING, NOTHING
        self.parts = [tuple(np.concatenate(column) for column in zip(*self.parts, strict=True))]
        return self.parts[0]

    def outcome(self) -> Applied:
        return Applied(*self._history())


def _ranges(lo: np.ndarray, hi: np.ndarray) -> np.ndarray:
    """The numbers of [lo, hi) of every pair, one after the other.

    >>> _ranges(np.array([2, 7]), np.array([4, 8]))
    array([2, 3, 7])
    """
    count = np.maximum(hi - lo, 0)
    return np.repeat(lo - (np.cumsum(count) - count), count) + np.arange(count.sum())
