"""What a customer did, from the ledger's own records: contacts, promises against cash, receipts, orders.

A dodge (奇招) is something done, so it can be counted here; an excuse is something said. Nothing is read that was not
known on the lesson's day: a contact not before it was logged. Amounts in 元.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from receivables.analysis.promises import kept_rate
from receivables.errors import Undefined
from receivables.exercise.figures.ages import customer_names, items_on
from receivables.exercise.figures.base import ShownTable, figure, money
from receivables.talk import glossary

MONTHS = 9  # a record reaches back so far unless told otherwise
OWN_PAPER = ("commercial_draft", "electronic_certificate")  # the debtor's own promise on paper, not a bank's


@dataclass(frozen=True)
class Record:
    """One customer's record between two days, both ends included.

    ``promises`` carry ``paid`` and ``state`` (kept, part, broken, unripe); ``late`` is what is overdue at the end.
    Paper dishonoured by then is no receipt and keeps no promise: ``bounced`` counts it.
    """

    customer: str
    since: pd.Timestamp
    as_of: pd.Timestamp
    contacts: pd.DataFrame = field(repr=False)
    promises: pd.DataFrame = field(repr=False)
    receipts: pd.DataFrame = field(repr=False)
    orders: pd.DataFrame = field(repr=False)
    billed: float
    late: float
    bounced: int

    @property
    def ripe(self) -> pd.DataFrame:
        """Promises whose day has passed."""
        return self.promises[self.promises["state"] != "unripe"]

    @property
    def unreached(self) -> int:
        """Contacts in a row, the last ones, that reached nobody."""
        reached = (self.contacts["outcome"].astype(str) != "no_answer").to_numpy()
        return int(len(reached) - reached.nonzero()[0].max() - 1) if reached.any() else len(reached)


def months_back(as_of: pd.Timestamp, months: int) -> pd.Timestamp:
    """The first day of a span of whole months that ends with a day.

    >>> months_back(pd.Timestamp("2025-06-30"), 9).date().isoformat()
    '2024-10-01'
    """
    return as_of.normalize() + pd.Timedelta(days=1) - pd.DateOffset(months=months)


def record(ledger: Any, as_of: pd.Timestamp, customer: str, since: Any = None) -> Record:
    """Everything the ledger holds of one customer's doings since a day, nine months back where none is given."""
    end = as_of.normalize()
    start = months_back(end, MONTHS) if since is None else pd.Timestamp(since)

    def rows(name: str, column: str, first: pd.Timestamp | None = start) -> pd.DataFrame:
        table = ledger.table(name)
        table = table[(table["customer_id"].astype(str) == customer) & (table[column] <= end)]
        return table if first is None else table[table[column] >= first].sort_values(column)

    contacts = rows("contacts", "contacted_on")
    contacts = contacts[~(contacts["logged_on"] > end)]
    cash = rows("receipts", "received", None)
    unpaid = cash["dishonoured"] <= end
    bounced = int((unpaid & (cash["received"] >= start)).sum())
    cash = cash[~unpaid]
    made = rows("promises", "promised_on", None)
    try:
        made = kept_rate(made, cash[["customer_id", "received", "amount", "currency"]], as_of=end).detail
    except Undefined:
        made = made.assign(paid=0.0, state="unripe")
    invoices = rows("invoices", "issued")
    billed = invoices.loc[invoices["document_type"].astype(str).isin(("invoice", "credit_note")), "amount"].sum()
    items = items_on(ledger, end, customer)
    late = items.loc[(items["late"] > 0) & (items["open_amount"] > 0), "open_amount"].sum()
    return Record(customer, start, end, contacts, made[made["pay_by"] >= start].sort_values("pay_by"),
                  cash[(cash["received"] >= start) & (cash["amount"] > 0)].sort_values("received"),
                  rows("orders", "ordered_on"), round(float(billed), 2), round(float(late), 2), bounced)


@figure
def recorded(ledger: Any, as_of: pd.Timestamp, *, customer: str, what: str, since: Any = None) -> Any:
    """One fact of a customer's record.

    ``what``: ``contacts``, ``unreached`` (the last ones in a row), ``referred`` (sent on to somebody else);
    ``promises`` whose day has passed, of them ``kept`` and ``broken``, ``promised`` (their sum), ``came`` (what came for
    them in time), ``came_share``, ``next_day`` and ``next_sum`` (the promise still open); ``receipts``, ``received``,
    ``largest``, ``paper`` (receipts in the debtor's own paper), ``paper_sum``; ``orders``, ``ordered``, ``over_limit``;
    ``billed``, ``late``; ``per_yuan`` (billed for each yuan received), ``late_per_yuan``, ``promised_per_yuan``,
    ``billed_per_came``, ``yuan_per`` (received for each yuan billed). Undefined where there is nothing to count it on.
    """
    known = record(ledger, as_of, customer, since)
    ripe, received = known.ripe, float(known.receipts["amount"].sum())
    paper = known.receipts[known.receipts["instrument"].astype(str).isin(OWN_PAPER)]
    outcome = known.contacts["outcome"].astype(str)
    ahead = known.promises[known.promises["state"] == "unripe"]
    facts = {
        "contacts": lambda: len(known.contacts), "unreached": lambda: known.unreached,
        "referred": lambda: int((outcome == "referred").sum()),
        "promises": lambda: len(ripe), "kept": lambda: int((ripe["state"] == "kept").sum()),
        "broken": lambda: int((ripe["state"] == "broken").sum()),
        "promised": lambda: float(ripe["amount"].sum()), "came": lambda: float(ripe["paid"].sum()),
        "came_share": lambda: float(ripe["paid"].sum() / ripe["amount"].sum()),
        "next_day": lambda: f"{ahead['pay_by'].iloc[-1]:%Y-%m-%d}", "next_sum": lambda: float(ahead["amount"].iloc[-1]),
        "receipts": lambda: len(known.receipts), "received": lambda: received,
        "largest": lambda: float(known.receipts["amount"].max()),
        "paper": lambda: len(paper), "paper_sum": lambda: float(paper["amount"].sum()),
        "orders": lambda: len(known.orders), "ordered": lambda: float(known.orders["amount"].sum()),
        "over_limit": lambda: int(known.orders["over_limit"].fillna(False).astype(bool).sum()),
        "billed": lambda: known.billed, "late": lambda: known.late,
        "per_yuan": lambda: known.billed / received, "late_per_yuan": lambda: known.late / received,
        "promised_per_yuan": lambda: float(ripe["amount"].sum()) / received,
        "billed_per_came": lambda: known.billed / float(ripe["paid"].sum()), "yuan_per": lambda: received / known.billed,
    }
    if what not in facts:
        raise ValueError(f"a record has no {what!r}; it has {', '.join(facts)}")
    nothing = {"came_share": ripe.empty, "next_day": ahead.empty, "next_sum": ahead.empty, "largest": not received,
               "yuan_per": not known.billed, "billed_per_came": not ripe["paid"].sum()}
    if nothing.get(what, what.endswith("per_yuan") and not received):
        raise Undefined(f"{customer} has no record since {known.since:%Y-%m-%d} to take {what} from")
    return facts[what]()


@figure
def said_and_done(ledger: Any, as_of: pd.Timestamp, *, customer: str, since: Any = None) -> ShownTable:
    """A customer by quarters, in 万元: promised (by the day promised), come in time for it, received in all, billed."""
    known = record(ledger, as_of, customer, since)

    def quarterly(rows: pd.DataFrame, day: str, amount: str = "amount") -> pd.Series:
        return rows.groupby(rows[day].dt.to_period("Q"))[amount].sum().astype(float)

    invoices = ledger.table("invoices")
    invoices = invoices[(invoices["customer_id"].astype(str) == customer) & (invoices["issued"] >= known.since)
                        & (invoices["issued"] <= known.as_of)
                        & invoices["document_type"].astype(str).isin(("invoice", "credit_note"))]
    table = pd.DataFrame({"promised": quarterly(known.ripe, "pay_by"), "came": quarterly(known.ripe, "pay_by", "paid"),
                          "received": quarterly(known.receipts, "received"), "billed": quarterly(invoices, "issued")})
    table = table.fillna(0.0)
    rows = [[f"{quarter.year} 年 {quarter.quarter} 季", *(f"{value / 1e4:,.2f}" for value in row)]
            for quarter, row in zip(table.index, table.to_numpy(), strict=True)]
    rows.append(["合计", *(f"{value / 1e4:,.2f}" for value in table.sum())])
    return ShownTable(["季度", "答应付的", "按期来的", "一共来的", "又开的票"], rows, total=True, unit="万元")


@figure
def contact_log(ledger: Any, as_of: pd.Timestamp, *, customer: str, since: Any) -> ShownTable:
    """A customer's contacts as they were written down: the day of the talk, the day it was entered, how, what."""
    channels = {item.id: item.name for item in glossary.load().term("channels").items}
    rows = [[f"{c.contacted_on:%m-%d}", f"{c.logged_on:%m-%d}", f"{channels.get(str(c.channel), '其他')}：{c.note}"]
            for c in record(ledger, as_of, customer, since).contacts.itertuples()]
    return ShownTable(["联系日", "登记日", "记了什么"], rows, unit="", prose=True)


@figure
def invoices_handed_over(ledger: Any, as_of: pd.Timestamp, *, documents: list[str]) -> ShownTable:
    """Of some invoices: what is open, who took the invoice, who signed for the goods."""
    bills = ledger.table("invoices").set_index("document_id")
    notes = ledger.table("deliveries").set_index("delivery_id")
    open_ = items_on(ledger, as_of.normalize()).set_index("document_id")["open_amount"]
    rows = []
    for document in documents:
        bill = bills.loc[document]
        note = notes.loc[bill["delivery_id"]]
        taken = "没有记录" if pd.isna(bill["handed_over_on"]) else (
            f"{bill['handed_over_on']:%m-%d} {bill['handed_over_to']}")
        signed = f"{note['signed_on']:%m-%d} {note['signed_by']}" if bool(note["signed"]) else "没有签收"
        amount = money(float(open_[[document]].iloc[0]))
        rows.append([customer_names(ledger)[str(bill["customer_id"])], amount, taken, signed])
    return ShownTable(["客户", "未收", "谁收的票", "谁收的货"], rows, unit="")


@figure
def log_facts(ledger: Any, as_of: pd.Timestamp, *, customer: str, since: Any, what: str) -> int:
    """Of the contacts as written down: how many ``entries``, ``wordings`` (different notes), with ``evidence`` kept, the
    longest ``delay`` in days until one was entered."""
    known = record(ledger, as_of, customer, since).contacts
    return {"entries": len(known), "wordings": int(known["note"].nunique()),
            "evidence": int(known["evidence_kept"].fillna(False).astype(bool).sum()),
            "delay": int((known["logged_on"] - known["contacted_on"]).dt.days.max())}[what]
