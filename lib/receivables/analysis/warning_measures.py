"""What the early-warning signals measure (预警信号的算法), one function a signal, from ledger tables alone.

Every function takes a :class:`Snapshot` and returns a Series by customer, written so that **larger is worse**; NaN
where it cannot be measured. Nothing dated after the as-of day is read, a contact not before it was logged either.
Windows are calendar days: "the last 90 days" ends with the as-of day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from receivables.analysis._frames import dates, day, one_currency
from receivables.analysis.promises import kept_rate
from receivables.errors import Undefined

TABLES = ("customers", "receipts", "orders", "disputes", "statements", "contacts", "promises")
"""Ledger tables the measures read, beside ``settlements`` (what settled what, when)."""

_PAPER = ("bank_draft", "commercial_draft", "electronic_certificate")
_NOT_REACHED = ("no_answer", "evaded", "referred")


class Missing(ValueError):
    """A table that a signal needs was not given."""


@dataclass(frozen=True)
class Snapshot:
    """Ledger tables as they were known at the end of ``as_of``.

    ``tables`` by ledger name, and ``settlements``; ``items`` the open items at ``as_of``. All in one unit of money.
    """

    tables: Mapping[str, pd.DataFrame]
    items: pd.DataFrame
    as_of: pd.Timestamp

    @property
    def customers(self) -> pd.Index:
        return pd.Index(self.table("customers")["customer_id"].astype(str), name="customer_id")

    def table(self, name: str) -> pd.DataFrame:
        if name not in self.tables:
            raise Missing(f"needs the table {name}")
        return self.tables[name]

    def rows(self, name: str, column: str) -> pd.DataFrame:
        """Rows that had happened, with ``ago`` = days before the as-of day."""
        frame = self.table(name)
        frame = frame.assign(ago=(self.as_of - dates(frame, column)).dt.days)
        if "customer_id" in frame:
            frame["customer_id"] = frame["customer_id"].astype(str)
        return frame[frame["ago"] >= 0]

    def money(self) -> pd.DataFrame:
        """Receipts that came and held: no refunds, no draft refused by then."""
        receipts = self.rows("receipts", "received")
        return receipts[(receipts["amount"] > 0) & ~(dates(receipts, "dishonoured") <= self.as_of)]

    def counts(self, rows: pd.DataFrame) -> pd.Series:
        """Rows a customer; customers without any have 0."""
        return rows.groupby("customer_id").size().reindex(self.customers, fill_value=0).astype(float)

    def payments(self) -> pd.DataFrame:
        """Receipts that settled invoices and held: customer, document, amount, days ``late``, ``ago``."""
        paid = self.rows("settlements", "applied")
        paid = paid[(paid["source_type"] == "receipt") & (paid["amount"] > 0)
                    & paid["source_id"].isin(self.money()["receipt_id"])]
        return paid.assign(late=(dates(paid, "applied") - dates(paid, "due")).dt.days)


def _sum(rows: pd.DataFrame, column: str = "amount") -> pd.Series:
    return rows.groupby("customer_id")[column].sum().astype(float)


def _between(rows: pd.DataFrame, newest: int, oldest: int) -> pd.DataFrame:
    return rows[(rows["ago"] >= newest) & (rows["ago"] < oldest)]


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part.reindex(whole.index, fill_value=0) / whole).where(whole > 0)


def slower_payment(known: Snapshot) -> pd.Series:
    """Days later than before: amount-weighted lateness of the last 90 days less that of the 270 days before."""
    paid = known.payments().dropna(subset=["late"])
    paid["weighted"] = paid["late"].astype(float) * paid["amount"].astype(float)
    mean = [_ratio(_sum(rows, "weighted"), _sum(rows)) for rows in (_between(paid, 0, 90), _between(paid, 90, 360))]
    return mean[0] - mean[1]


def in_pieces(known: Snapshot) -> pd.Series:
    """Share of the invoices paid on in the last 90 days that took two receipts or more so far."""
    paid = known.payments()
    pieces = paid.groupby(["customer_id", "document_id"])["source_id"].nunique()
    touched = _between(paid, 0, 90)[["customer_id", "document_id"]].drop_duplicates()
    split = pieces.reindex(pd.MultiIndex.from_frame(touched)) >= 2
    return split.groupby("customer_id").mean().astype(float)


def to_paper(known: Snapshot) -> pd.Series:
    """Share of receipts in drafts and certificates, last 90 days less the year before."""
    money = known.money()
    share = [_ratio(_sum(rows[rows["instrument"].isin(_PAPER)]), _sum(rows))
             for rows in (_between(money, 0, 90), _between(money, 90, 455))]
    return share[0] - share[1]


def other_payer(known: Snapshot) -> pd.Series:
    """Share of the last 90 days' receipts from a third party or from a payer not seen in the year before."""
    money = known.money()
    now, before = _between(money, 0, 90), _between(money, 90, 455).dropna(subset=["payer"])
    seen = pd.MultiIndex.from_frame(before[["customer_id", "payer"]])
    new = ~pd.MultiIndex.from_frame(now[["customer_id", "payer"]]).isin(seen)
    # Without a payer on either side there is nothing to compare.
    new &= now["payer"].notna().to_numpy() & now["customer_id"].isin(before["customer_id"]).to_numpy()
    return _ratio(_sum(now[new | now["third_party"].fillna(False).astype(bool).to_numpy()]), _sum(now))


def order_surge(known: Snapshot) -> pd.Series:
    """Orders of the last 30 days over the mean 30 days of the 180 before."""
    orders = known.rows("orders", "ordered_on")
    return _ratio(_sum(_between(orders, 0, 30)), _sum(_between(orders, 30, 210)) / 6)


def order_drop(known: Snapshot) -> pd.Series:
    """Share by which orders of the last 60 days fall short of the mean 60 days of the 180 before."""
    orders = known.rows("orders", "ordered_on")
    return 1 - _ratio(_sum(_between(orders, 0, 60)), _sum(_between(orders, 60, 240)) / 3)


def limit_used(known: Snapshot) -> pd.Series:
    """Open invoices over the credit limit; not measured without a limit above 0."""
    customers = known.table("customers")
    limit = pd.Series(customers["credit_limit"].astype("Float64").astype(float).to_numpy(), index=known.customers)
    debts = known.items[known.items["open_amount"] > 0]
    return _ratio(_sum(debts.assign(customer_id=debts["customer_id"].astype(str)), "open_amount"), limit)


def over_limit_orders(known: Snapshot) -> pd.Series:
    """Orders of the last 90 days released although over the limit."""
    orders = _between(known.rows("orders", "ordered_on"), 0, 90)
    return known.counts(orders[orders["over_limit"].fillna(False).astype(bool)])


def disputes(known: Snapshot) -> pd.Series:
    """Disputes raised in the last 60 days beyond the customer's habit (mean 60 days of the 300 before)."""
    raised = known.rows("disputes", "opened_on")
    return known.counts(_between(raised, 0, 60)) - known.counts(_between(raised, 60, 360)) / 5


def unconfirmed_statement(known: Snapshot) -> pd.Series:
    """Days since the first statement sent that is still unconfirmed, after the last one confirmed."""
    sent = known.rows("statements", "sent_on")
    confirmed, cut_off = dates(sent, "confirmed_on") <= known.as_of, dates(sent, "as_of")
    last = cut_off.where(confirmed).groupby(sent["customer_id"]).transform("max")
    newer = last.isna() | (cut_off > last)
    waiting = sent[~confirmed & newer].groupby("customer_id")["ago"].max()
    return waiting.reindex(pd.Index(sent["customer_id"].unique()), fill_value=0).astype(float)


def unreached(known: Snapshot) -> pd.Series:
    """Contacts in a row that reached nobody (no answer, evaded, sent to somebody else), within 180 days."""
    contacts = _logged(known)
    contacts = contacts[contacts["ago"] < 180]
    missed = contacts["outcome"].isin(_NOT_REACHED)
    reached = contacts["ago"].where(~missed).groupby(contacts["customer_id"]).transform("min")
    since = reached.isna() | (contacts["ago"] < reached)
    return known.counts(contacts[missed & since]).where(known.counts(contacts) > 0)


def new_person(known: Snapshot) -> pd.Series:
    """Persons met in the last 90 days who did not appear in the year before."""
    met = _logged(known).dropna(subset=["person"])
    now, before = _between(met, 0, 90), _between(met, 90, 455)
    people = now[["customer_id", "person"]].drop_duplicates()
    new = ~pd.MultiIndex.from_frame(people).isin(pd.MultiIndex.from_frame(before[["customer_id", "person"]]))
    return known.counts(people[new]).where(known.counts(before) > 0)


def redated(known: Snapshot) -> pd.Series:
    """Promises of the last 90 days that put off an earlier promise for the same document."""
    made = known.rows("promises", "promised_on")
    made = made.assign(document=made["document_id"].astype("str").fillna(""), pay_by=dates(made, "pay_by"))
    keys = ["customer_id", "document"]
    pairs = made.merge(made[[*keys, "ago", "pay_by"]], on=keys, suffixes=("", "_earlier"))
    put_off = pairs[(pairs["ago_earlier"] > pairs["ago"]) & (pairs["pay_by_earlier"] < pairs["pay_by"])]
    return known.counts(_between(put_off, 0, 90).drop_duplicates("promise_id"))


def broken_promises(known: Snapshot) -> pd.Series:
    """Promises broken in the last 90 days, by receipts (rule and window: promises.kept_rate)."""
    made = known.rows("promises", "promised_on")
    if made.empty:
        return known.counts(made)
    money = known.money()
    one_currency(money)
    # A promise need not name its currency; with one currency about, it is that one.
    made, money = (rows.drop(columns="currency", errors="ignore") for rows in (made, money))
    try:
        detail = kept_rate(made, money, as_of=known.as_of).detail
    except Undefined:  # none has ripened: none is broken
        return known.counts(made.iloc[:0])
    broken = (detail["state"] == "broken") & ((known.as_of - dates(detail, "pay_by")).dt.days < 90)
    return known.counts(detail[broken])


def _overdue(known: Snapshot) -> pd.DataFrame:
    debts = known.items[known.items["open_amount"] > 0]
    return debts.assign(customer_id=debts["customer_id"].astype(str), late=(known.as_of - dates(debts, "due")).dt.days)


def oldest_overdue(known: Snapshot) -> pd.Series:
    """Days past due of the oldest open invoice; 0 when nothing is overdue."""
    late = _overdue(known).groupby("customer_id")["late"].max().clip(lower=0)
    return late.reindex(known.customers, fill_value=0).astype(float)


def overdue_share(known: Snapshot) -> pd.Series:
    """Overdue over open; not measured when nothing is open."""
    debts = _overdue(known)
    return _ratio(_sum(debts[debts["late"] > 0], "open_amount"), _sum(debts, "open_amount"))


def dishonoured(known: Snapshot) -> pd.Series:
    """Drafts refused in the last 180 days."""
    return known.counts(_between(known.rows("receipts", "dishonoured"), 0, 180))


def insolvent(known: Snapshot) -> pd.Series:
    """1 once insolvency is known."""
    return known.counts(known.rows("customers", "insolvent_on"))


def _logged(known: Snapshot) -> pd.DataFrame:
    contacts = known.rows("contacts", "contacted_on")
    logged = dates(contacts, "logged_on")
    return contacts[logged.isna() | (logged <= known.as_of)]


MEASURES: dict[str, Callable[[Snapshot], pd.Series]] = {measure.__name__: measure for measure in (
    slower_payment, in_pieces, to_paper, other_payer, order_surge, order_drop, limit_used, over_limit_orders, disputes,
    unconfirmed_statement, unreached, new_person, redated, broken_promises, oldest_overdue, overdue_share, dishonoured,
    insolvent)}
"""Measure of each signal, by the signal's id."""


def measure(tables: Mapping[str, pd.DataFrame], items: pd.DataFrame, as_of: object) -> pd.DataFrame:
    """Early-warning measures (预警指标表): what each signal looks at, a customer a row.

    Parameters
    ----------
    tables : frames by name, see ``TABLES``: ``{name: ledger.table(name) for name in TABLES}`` and
        ``settlements=ledger.settlements()``; columns as in ``receivables.ledger.schema``; one may be absent
    items : ``ledger.open_items(as_of)``: ``customer_id``, ``due``, ``open_amount``, in the same unit of money
    as_of : date; end of that day

    Returns
    -------
    DataFrame indexed by customer_id (ascending), one column a measure; larger is worse. NaN = not measured; tables that
    are absent are named in ``attrs["undefined"]``.

    Raises
    ------
    ValueError
        No customers table, several currencies, or an open item without due date.

    Examples
    --------
    >>> customers = pd.DataFrame({"customer_id": ["C1"], "credit_limit": [100.0], "insolvent_on": [pd.NaT]})
    >>> items = pd.DataFrame({"customer_id": ["C1"], "due": pd.to_datetime(["2026-06-20"]), "open_amount": [90.0]})
    >>> measure({"customers": customers}, items, "2026-06-30")[["limit_used", "oldest_overdue"]]
                 limit_used  oldest_overdue
    customer_id
    C1                  0.9            10.0
    """
    if "customers" not in tables:
        raise ValueError("the customers table is needed: it says who there is")
    one_currency(items)
    if items.loc[items["open_amount"] > 0, "due"].isna().any():
        raise ValueError("an open item has no due date: settle that at import, never guess it")
    known = Snapshot(tables, items, day(as_of))
    frame, undefined = pd.DataFrame(index=known.customers.sort_values()), []
    for name, compute in MEASURES.items():
        try:
            frame[name] = compute(known).reindex(frame.index)
        except Missing as missing:
            frame[name] = np.nan
            undefined.append(f"{name}: {missing}")
    frame.attrs["undefined"] = undefined
    return frame
