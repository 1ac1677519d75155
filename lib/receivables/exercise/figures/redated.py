"""Debts whose clock was set back: ages by delivery instead of invoice, and invoices credited and billed again."""

from __future__ import annotations

from typing import Any

import pandas as pd

from receivables.analysis import reissue
from receivables.charts import words
from receivables.exercise.figures.ages import customer_names, items_on, wan
from receivables.exercise.figures.base import ShownTable, figure, money


def _by_delivery(ledger: Any, as_of: pd.Timestamp, customer: str) -> pd.DataFrame:
    day = as_of.normalize()
    items = items_on(ledger, day, customer)
    items = items[(items["open_amount"] > 0) & (items["document_type"].astype(str) != "retention")]
    anew = reissue.due_by_delivery(items, ledger.table("invoices"), ledger.table("deliveries"), day)
    return items.assign(delivered_on=anew["delivered_on"], true_late=(day - anew["due"]).dt.days,
                        since_delivery=(day - anew["delivered_on"]).dt.days).sort_values(["issued", "document_id"])


@figure
def late_by_delivery(ledger: Any, as_of: pd.Timestamp, *, customer: str, over: int = 90, count: str = "true") -> float:
    """What is more than ``over`` days late when the terms run from the delivery, in 元.

    ``count``: ``true``; ``booked`` by the invoices' own due dates; ``more`` the difference; ``no_terms`` days from the
    delivery without the terms.
    """
    items = _by_delivery(ledger, as_of, customer)
    sums = {name: float(items.loc[items[column] > over, "open_amount"].sum())
            for name, column in {"true": "true_late", "booked": "late", "no_terms": "since_delivery"}.items()}
    sums["more"] = sums["true"] - sums["booked"]
    return round(sums[count], 2)


@figure
def delivered_and_billed(ledger: Any, as_of: pd.Timestamp, *, customer: str) -> ShownTable:
    """A customer's open invoices with the day of delivery beside that of the invoice."""
    rows = [[item.document_id.removeprefix("FP"), f"{item.delivered_on:%y-%m-%d}", f"{item.issued:%y-%m-%d}",
             money(item.open_amount)]
            for item in _by_delivery(ledger, as_of, customer).itertuples()]
    return ShownTable(["发票", "送货日", "开票日", "未收"], rows)


def reissued(ledger: Any, as_of: pd.Timestamp) -> pd.DataFrame:
    """Pairs of a credited invoice and its replacement, known by the day."""
    pairs = reissue.reissued(ledger.table("invoices"), ledger.table("deliveries"))
    return pairs[pairs["new_issued"] <= as_of]


@figure
def reissues(ledger: Any, as_of: pd.Timestamp) -> ShownTable:
    """Invoices credited and billed again, a row a day: how many, how much, how late they were, by how much due moved."""
    pairs = reissued(ledger, as_of)
    pairs = pairs.assign(late=(pairs["credited_on"] - pairs["old_due"]).dt.days)
    rows = [[f"{day.year} 年 {words.day(day)}", str(len(group)), wan(group["amount"].sum()), _span(group["late"]),
             _span(group["gained"])] for day, group in pairs.groupby("credited_on")]
    rows.append(["合计", str(len(pairs)), wan(pairs["amount"].sum()), "", ""])
    head = ["开红字那天", "张数", "金额", "当时逾期", "到期日推后"]
    return ShownTable(head, rows, total=True, unit="万元")


def _span(days: pd.Series) -> str:
    low, high = int(days.min()), int(days.max())
    return f"{low} 天" if low == high else f"{low}–{high} 天"


@figure
def reissue_count(ledger: Any, as_of: pd.Timestamp, *, what: str) -> Any:
    """Of the same: number of ``documents``, ``customers``, ``salespeople``; the ``amount``; customers by ``names``."""
    pairs = reissued(ledger, as_of)
    sellers = ledger.table("invoices").set_index("document_id")["salesperson"]
    names = customer_names(ledger)
    found = {"documents": len(pairs), "customers": pairs["customer_id"].nunique(),
             "salespeople": pairs["new"].map(sellers).astype(str).nunique(),
             "amount": round(float(pairs["amount"].sum()), 2),
             "names": "、".join(names[name] for name in sorted(pairs["customer_id"].unique()))}
    return found[what]


@figure
def confirmed_statements(ledger: Any, as_of: pd.Timestamp, *, whose: str) -> float:
    """Share of statements that came back confirmed: of the customers with reissued invoices (``these``) or all others."""
    chosen = set(reissued(ledger, as_of)["customer_id"])
    sent = ledger.table("statements")
    sent = sent[sent["as_of"] <= as_of - pd.Timedelta(days=1)]
    mine = sent["customer_id"].astype(str).isin(chosen)
    back = sent["confirmed_on"].notna() & (sent["confirmed_on"] <= as_of)
    return float(back[mine if whose == "these" else ~mine].mean())


@figure
def old_with_what_was_taken_out(ledger: Any, as_of: pd.Timestamp, *, at: Any, over: int = 90,
                                what: str = "total") -> float:
    """What would be more than ``over`` days late at a month's end without its write-offs and reissued invoices, in 元.

    ``what``: ``booked``, ``written_off``, ``reissued`` or their ``total``.
    """
    day = pd.Timestamp(at)
    start = day - pd.offsets.MonthBegin(1)
    items = items_on(ledger, day)
    booked = float(items.loc[(items["late"] > over) & (items["open_amount"] > 0), "open_amount"].sum())
    gone = ledger.settlements()
    gone = gone[(gone["applied"] >= start) & (gone["applied"] <= day) & ((day - gone["due"]).dt.days > over)]
    written = float(gone.loc[gone["source_type"].astype(str) == "write_off", "amount"].sum())
    pairs = reissued(ledger, day)
    pairs = pairs[(pairs["credited_on"] >= start) & ((day - pairs["old_due"]).dt.days > over)]
    found = {"booked": booked, "written_off": written, "reissued": float(pairs["amount"].sum())}
    found["total"] = sum(found.values())
    return round(found[what], 2)
