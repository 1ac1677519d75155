"""One customer's account at the end of a day (一户的账): what is owed, what of it may be asked for now, to the fen."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import pandas as pd

from receivables.analysis import aging
from receivables.course.scripts.words import words
from receivables.ledger import Ledger


@dataclass(frozen=True, eq=False)
class Account:
    """A customer's open items at a date, in one currency.

    ``items`` are the ledger's open items in minor units, with ``late`` (days past due), ``overdue``, ``disputed_amount``
    (what of the item the customer disputes; ``disputed`` where that is not 0) and ``paper_due`` (the day a bill or
    electronic certificate that has not matured falls due); credits are the rows of negative ``open_amount``.
    ``bills`` are all receipts that are such paper, applied or not: until they are honoured the goods are not paid for.
    """

    ledger: Ledger
    customer_id: str
    name: str
    contact: str
    today: date
    currency: str
    items: pd.DataFrame
    bills: pd.DataFrame

    def total(self, mask: pd.Series) -> Decimal:
        """The sum of some items, in currency units."""
        return Decimal(int(self.items.loc[mask, "open_amount"].sum())).scaleb(-2)

    @property
    def _debt(self) -> pd.Series:
        return self.items["open_amount"] > 0

    @property
    def debts(self) -> Decimal:
        """Everything owed, before credits (未清合计)."""
        return self.total(self._debt)

    @property
    def net(self) -> Decimal:
        """The balance (净欠额): debts less credits."""
        return self.total(self.items["open_amount"] != 0)

    @property
    def overdue(self) -> Decimal:
        """Debts past their due date (已到期未付); due today is not overdue."""
        return self.total(self.items["overdue"])

    @property
    def disputed(self) -> Decimal:
        """What of the overdue is in dispute (有异议): the amounts disputed, not the documents they are on."""
        return Decimal(int(self.items.loc[self.items["overdue"], "disputed_amount"].sum())).scaleb(-2)

    @property
    def cash(self) -> Decimal:
        """Receipts not applied yet (已收未核销), paper included, as a positive amount."""
        return -self.total(~self._debt & (self.items["document_type"] == "receipt"))

    @property
    def paper(self) -> Decimal:
        """What of the receipts not applied yet is paper that has not matured (未到期的票据、凭证)."""
        return -self.total(~self._debt & self.items["paper_due"].notna())

    @property
    def held_paper(self) -> Decimal:
        """All paper received that has not matured, applied or not (已收未到期票据、凭证)."""
        return Decimal(int(self.bills["amount"].sum())).scaleb(-2)

    @property
    def red(self) -> Decimal:
        """Credit notes not used up (未冲完的红字), as a positive amount."""
        return -self.total(~self._debt & (self.items["document_type"] != "receipt"))

    @property
    def demand(self) -> Decimal:
        """What may be asked for now (请付): overdue, not in dispute, less every credit; never below 0."""
        return max(Decimal("0.00"), self.overdue - self.disputed - self.cash - self.red)

    @property
    def claimed(self) -> pd.DataFrame:
        """The overdue items, ``open_amount`` less what is in dispute; wholly disputed ones are left out."""
        late = self.items[self.items["overdue"]]
        late = late.assign(open_amount=late["open_amount"] - late["disputed_amount"])
        return late[late["open_amount"] > 0]

    @cached_property
    def aged(self) -> pd.DataFrame:
        """Its aging by due date (账龄汇总), which ties to the items to the fen.

        Raises
        ------
        ValueError
            It does not tie: then nothing may be sent.
        """
        items = self.items.assign(open_amount=self.items["open_amount"] / 100)
        table = aging.summary(items, self.today)
        fen = (table["amount"] * 100).round().astype("int64")
        apart = int(fen.drop(aging.TOTAL).sum())
        if not apart == int(fen[aging.TOTAL]) == int(self.items["open_amount"].sum()):
            raise ValueError(words().letters["untied"].format(items=self.net, aging=fen[aging.TOTAL] / 100,
                                                              balance=apart / 100))
        return table

    @cached_property
    def contracts(self) -> pd.DataFrame:
        """The contracts behind what is overdue, by their id."""
        table = self.ledger.table("contracts")
        wanted = self.items.loc[self.items["overdue"], "contract_id"].dropna().unique()
        return table[table["contract_id"].isin(wanted)].set_index("contract_id")

    def rows(self, name: str, day: str) -> pd.DataFrame:
        """The customer's rows of one ledger table up to the day, oldest first."""
        table = self.ledger.table(name)
        mine = table[(table["customer_id"].astype("str") == self.customer_id) & ~(table[day] > pd.Timestamp(self.today))]
        if "currency" in mine:
            mine = mine[mine["currency"].fillna(self.currency).astype("str") == self.currency]
        return mine.sort_values(day, kind="stable")


def of(ledger: Ledger, customer: str, as_of: date, currency: str | None = None) -> Account:
    """The account of one customer (取一户的账).

    Parameters
    ----------
    customer : id, or the name exactly as the ledger has it
    as_of : end of that day
    currency : needed where the customer owes in several; they are never added

    Raises
    ------
    ValueError
        No such customer (with the nearest names), nothing open, or several currencies.
    Undefined
        The ledger has no documents, or no past.

    Examples
    --------
    >>> account = of(Ledger.load(__import__("receivables").paths.data("company")), "C0082", date(2025, 6, 30))
    >>> account.net, account.debts - account.cash - account.red == account.net
    (Decimal('32236.28'), True)
    """
    say = words().letters
    customers = ledger.table("customers").set_index("customer_id")
    names = customers["name"].astype("str") if "name" in customers else pd.Series(index=customers.index, dtype="str")
    if customer not in customers.index:
        same = names.index[names == customer]
        if len(same) != 1:
            near = difflib.get_close_matches(customer, [*customers.index.astype("str"), *names.dropna()], n=4, cutoff=0.3)
            raise ValueError(say["unknown_customer"].format(customer=customer, near="、".join(near)))
        customer = str(same[0])
    row = customers.loc[customer]
    name = str(row["name"]) if pd.notna(row.get("name")) else customer
    items = ledger.open_items(as_of, currency=currency, minor=True)
    mine = items[items["customer_id"].astype("str") == customer].reset_index(drop=True)
    if mine.empty:
        raise ValueError(say["nothing_open"].format(customer=name, day=as_of))
    currencies = sorted(mine["currency"].astype("str").unique())
    if len(currencies) > 1:
        raise ValueError(say["several"].format(customer=name, currencies="、".join(currencies)))
    late = (pd.Timestamp(as_of) - mine["due"]).dt.days.fillna(0).astype("int64")  # without a due date nothing is late
    mine = mine.assign(late=late, overdue=(mine["open_amount"] > 0) & (late > 0))
    part = _disputed(ledger, mine, pd.Timestamp(as_of))
    bills = _unmatured(ledger, customer, currencies[0], pd.Timestamp(as_of))
    matures = dict(zip(bills["receipt_id"], bills["bill_due"], strict=True))
    paper_due = pd.to_datetime([matures.get(id) if kind == "receipt" else None for id, kind in
                                zip(mine["document_id"], mine["document_type"], strict=True)])
    mine = mine.assign(disputed_amount=part, disputed=part > 0, paper_due=paper_due)
    contact = str(row["contact_name"]) if pd.notna(row.get("contact_name")) else ""
    return Account(ledger, customer, name, contact, as_of, currencies[0], mine, bills)


def _disputed(ledger: Ledger, items: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """What of each item is in dispute, in minor units: the open disputes' amounts up to what is open, shared once among
    the items of a document, the one due first before the others; all of it where a dispute names no amount."""
    disputes = ledger.table("disputes", minor=True)
    live = disputes[(disputes["opened_on"] <= today) & ~(disputes["resolved_on"] <= today)]
    part = pd.Series(0, index=items.index, dtype="int64")
    for document, of_it in live.groupby(live["document_id"].astype("str")):
        debts = items[(items["document_id"] == document) & (items["open_amount"] > 0)].sort_values("due")
        whole = bool(of_it["amount"].isna().any())
        left = int(debts["open_amount"].sum() if whole else of_it["amount"].sum())
        for place, open_amount in debts["open_amount"].items():
            part[place] = min(int(open_amount), left)
            left -= part[place]
    return part


def _unmatured(ledger: Ledger, customer: str, currency: str, today: pd.Timestamp) -> pd.DataFrame:
    """The customer's bills and certificates received by the day that fall due after it, the first due first."""
    receipts = ledger.table("receipts", minor=True)
    mine = receipts[(receipts["customer_id"].astype("str") == customer) & (receipts["received"] <= today)
                    & (receipts["bill_due"] > today) & ~(receipts["dishonoured"] <= today)]
    mine = mine[mine["currency"].fillna(currency).astype("str") == currency]
    return mine.sort_values(["bill_due", "receipt_id"], ignore_index=True)
