"""One currency of a ledger at the end of a day: what the sections of the report draw on, worked out when asked for."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from receivables.analysis import aging, months
from receivables.course.report.words import say
from receivables.errors import Undefined
from receivables.ledger import Ledger


class View:
    """One currency of a ledger at a date."""

    def __init__(self, ledger: Ledger, as_of: pd.Timestamp, currency: str):
        self.ledger, self.as_of, self.currency = ledger, as_of, currency
        self.name = say("no_currency") if currency == "XXX" else currency

    @cached_property
    def items(self) -> pd.DataFrame:
        """Open items of the day."""
        return self.ledger.open_items(self.as_of, currency=self.currency)

    @cached_property
    def balance(self) -> float:
        """Net balance, from the ledger and not from the items."""
        return self.ledger.balance(self.as_of, currency=self.currency)

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Movements by month, up to the day."""
        return self.ledger.monthly(self.as_of, currency=self.currency)

    @cached_property
    def ratios(self) -> pd.DataFrame:
        """DSO, ADD and CEI by month, up to the day."""
        monthly = self.monthly  # first: a file without flows says so itself
        invoices = self.ledger.table("invoices")
        mine = (invoices["currency"] == self.currency) & (invoices["document_type"] != "credit_note")
        known_to = months.sales_known_to(invoices.loc[mine, "issued"]) if mine.any() else None
        return months.by_month(monthly, known_to=known_to)

    @cached_property
    def names(self) -> dict[str, str]:
        """What customers are called; their number where the ledger has no name, and beside a name two of them bear."""
        customers = self.ledger.table("customers")
        ids, names = customers["customer_id"], customers["name"].fillna(customers["customer_id"])
        twice = names.duplicated(keep=False)
        return {id: say("same_name", name=name, id=id) if again else name
                for id, name, again in zip(ids, names, twice, strict=True)}

    def schedule(self, as_of: pd.Timestamp | None = None, **options) -> pd.DataFrame:
        """Aging of the day, or of a day before it."""
        if as_of is None or as_of == self.as_of:
            return aging.schedule(self.items, self.as_of, **options)
        if not self.ledger.supports("past"):
            self.ledger.monthly(self.as_of, currency=self.currency)  # raises Undefined with the ledger's own reason
        if self.ledger.first_issued is None or as_of < self.ledger.first_issued:
            raise Undefined(f"the ledger begins on {self.ledger.first_issued:%Y-%m-%d}")
        return aging.schedule(self.ledger.open_items(as_of, currency=self.currency), as_of, **options)

    def before(self, months: int) -> pd.Timestamp:
        """The same day some months before; from the end of a month, the end of a month."""
        day = self.as_of - pd.DateOffset(months=months)
        return day + pd.offsets.MonthEnd(0) if self.as_of.is_month_end else day
