"""What is owed, and what of it is overdue: figures of one ledger at one date, in 元."""

from __future__ import annotations

from typing import Any

import pandas as pd

from receivables.errors import Undefined
from receivables.exercise.figures.base import ShownTable, figure, money, short_name


def _items(ledger: Any, as_of: pd.Timestamp, customer: str | None) -> pd.DataFrame:
    items = ledger.open_items(as_of)
    names = ledger.table("customers").set_index("customer_id")["name"]
    invoices = ledger.table("invoices").set_index("document_id")
    # A snapshot of open items knows what was billed only where its file said so; then it stands apart.
    billed = invoices["original_amount"].fillna(invoices["amount"])
    items = items.assign(customer_name=items["customer_id"].astype(str).map(names),
                         billed=items["document_id"].map(billed))
    if customer is not None:
        items = items[items["customer_id"].astype(str) == customer]
        if items.empty:
            raise Undefined(f"customer {customer} has nothing open on {as_of:%Y-%m-%d}")
    return items


def _days(items: pd.DataFrame, as_of: pd.Timestamp, basis: str) -> pd.Series:
    return (as_of.normalize() - items["due" if basis == "due" else "issued"]).dt.days


@figure
def balance(ledger: Any, as_of: pd.Timestamp, *, customer: str | None = None) -> float:
    """Everything open at the date, in 元."""
    return round(float(_items(ledger, as_of, customer)["open_amount"].sum()), 2)


@figure
def overdue(ledger: Any, as_of: pd.Timestamp, *, over: int = 0, basis: str = "due",
            customer: str | None = None) -> float:
    """What is open and more than ``over`` days past the basis date (``due`` or ``issued``), in 元."""
    items = _items(ledger, as_of, customer)
    return round(float(items.loc[_days(items, as_of, basis) > over, "open_amount"].sum()), 2)


@figure
def overdue_invoiced(ledger: Any, as_of: pd.Timestamp, *, over: int = 0, customer: str | None = None) -> float:
    """The invoiced amounts, payments not taken off, of what is more than ``over`` days past due, in 元."""
    items = _items(ledger, as_of, customer)
    return round(float(items.loc[_days(items, as_of, "due") > over, "billed"].sum()), 2)


@figure
def due_on(ledger: Any, as_of: pd.Timestamp, *, customer: str | None = None) -> float:
    """What falls due on the very day, in 元: current today, overdue tomorrow."""
    items = _items(ledger, as_of, customer)
    return round(float(items.loc[_days(items, as_of, "due") == 0, "open_amount"].sum()), 2)


@figure
def overdue_count(ledger: Any, as_of: pd.Timestamp, *, over: int = 0, basis: str = "due",
                  customer: str | None = None) -> int:
    """How many open items are more than ``over`` days past the basis date."""
    items = _items(ledger, as_of, customer)
    return int((_days(items, as_of, basis) > over).sum())


@figure
def overdue_share(ledger: Any, as_of: pd.Timestamp, *, over: int = 0, basis: str = "due") -> float:
    """The share of the balance that is more than ``over`` days past the basis date, as a fraction."""
    total = balance(ledger, as_of)
    if total <= 0:
        raise Undefined("nothing is open: a share of nothing does not exist")
    return overdue(ledger, as_of, over=over, basis=basis) / total


_COLUMNS = {
    "document_id": "发票", "customer": "客户", "issued": "开票日", "due": "到期日",
    "billed": "开票金额", "paid": "已收", "open_amount": "未收", "days_past_due": "逾期天数",
}


@figure
def open_invoices(ledger: Any, as_of: pd.Timestamp, *, columns: list[str], customer: str | None = None,
                  over: int | None = None) -> ShownTable:
    """The open invoices of a customer, or those more than ``over`` days past due, as a table with a total row."""
    unknown = set(columns) - set(_COLUMNS)
    if unknown:
        raise ValueError(f"unknown columns {sorted(unknown)}; known are {', '.join(_COLUMNS)}")
    items = _items(ledger, as_of, customer)
    days = _days(items, as_of, "due")
    if over is not None:
        items, days = items[days > over], days[days > over]
    items = items.assign(days_past_due=days, paid=items["billed"] - items["open_amount"])
    items = items.sort_values(["due", "document_id"])
    text = {
        "customer": lambda row: short_name(row.customer_name), "document_id": lambda row: row.document_id,
        "issued": lambda row: f"{row.issued:%Y-%m-%d}", "due": lambda row: f"{row.due:%Y-%m-%d}",
        "days_past_due": lambda row: str(row.days_past_due),
        **{name: (lambda row, name=name: money(getattr(row, name))) for name in ("billed", "paid", "open_amount")},
    }
    rows = [[text[name](row) for name in columns] for row in items.itertuples()]
    sums = {name: money(items[name].sum()) for name in ("billed", "paid", "open_amount")}
    rows.append(["合计", *(sums.get(name, "") for name in columns[1:])])
    return ShownTable([_COLUMNS[name] for name in columns], rows, total=True)
