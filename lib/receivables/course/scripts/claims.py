"""What the law adds to an account (法律上的数): interest under each rule, limitation clocks, gaps in the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import pandas as pd

from receivables.course.scripts import templates
from receivables.course.scripts.account import Account
from receivables.law import evidence, interest, ledger_clock
from receivables.law.days import roll
from receivables.law.parameters import get

_DEBTORS = {"public_body": "government", "large": "large", "medium": "sme", "small": "sme", "micro": "sme"}
_CREDITORS = ("medium", "small", "micro", "large")
_RULES = ("agreed", "sale.fixed", "sme")  # segmented and back-to-back variants are for a lawyer's own computation


@dataclass(frozen=True)
class Interest:
    """Interest under one rule over the items it may apply to: low to high, how many items, why some could not be had."""

    rule: str
    count: int
    low: Decimal
    high: Decimal
    missing: tuple[str, ...] = ()
    uncounted: int = 0


@lru_cache(maxsize=2)
def interests(account: Account) -> list[Interest]:
    """Late-payment interest on what is claimed, under every rule that may apply (逾期责任), up to the end of the day.

    Each item by its own contract: on what is open of it now, from the day after its due date.
    """
    found: dict[str, list] = {}
    if account.currency not in templates.load().unit:
        return []  # the law pack knows the rates for yuan only
    for item in account.claimed.itertuples():
        for band in _bands(account, item):
            if band.rule in _RULES:
                found.setdefault(band.rule, []).append(band)
    made = []
    for rule in _RULES:
        bands = found.get(rule, [])
        known = [band for band in bands if band.low is not None]
        if bands:
            made.append(Interest(rule, len(known), _fen(sum((b.low for b in known), Decimal(0))),
                                 _fen(sum((b.high for b in known), Decimal(0))),
                                 tuple(dict.fromkeys(b.missing for b in bands if b.low is None)), len(bands) - len(known)))
    return made


def _bands(account: Account, item) -> Iterator:
    """Every rule for one item; days counted from the day after it fell due to the end of the day, both included."""
    contract = account.contracts.loc[item.contract_id] if item.contract_id in account.contracts.index else None

    def fact(name: str):
        return None if contract is None or pd.isna(contract.get(name)) else contract[name]

    signed, size, ours = fact("signed_on"), fact("debtor_size"), fact("creditor_size")
    start = item.due.date() + timedelta(days=1)
    signed = signed.date() if signed is not None and signed.date() <= start else None
    rate = fact("late_rate")
    return iter(interest.late_payment(
        Decimal(int(item.open_amount)).scaleb(-2), start, account.today + timedelta(days=1),
        agreed_rate=None if rate is None else Decimal(str(rate)), debtor=_DEBTORS.get(size), contract_date=signed,
        creditor=ours if ours in _CREDITORS else None, back_to_back=bool(fact("back_to_back"))))


def _fen(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def rates(account: Account) -> list[Decimal]:
    """The agreed late-payment rates a year among what is claimed, each once, rising (约定的年利率)."""
    mine = account.claimed["contract_id"].map(account.contracts["late_rate"]) if len(account.contracts) else []
    return sorted({Decimal(str(rate)) for rate in mine if pd.notna(rate)})


def _between(account: Account) -> pd.DataFrame:
    """The contracts of what is claimed that lie between a large or public debtor and a creditor that was not large."""
    table = account.contracts
    table = table[table.index.isin(account.claimed["contract_id"].dropna())]
    return table[table["debtor_size"].isin(["public_body", "large"]) & table["creditor_size"].isin(_CREDITORS[:3])]


def large(account: Account) -> bool:
    """Whether a large or public debtor owes something claimed to a creditor that was not large (大企业、机关欠中小企业)."""
    return len(_between(account)) > 0


def covered(account: Account) -> bool:
    """Whether the payment regulation in force covers something that is claimed (现行条例管得到): such parties, and the
    contract was signed on or after the day it came into force."""
    begins = pd.Timestamp(get("sme.undisputed_part").effective_from)
    return bool((_between(account)["signed_on"] >= begins).any())


@lru_cache(maxsize=2)
def clocks(account: Account) -> pd.DataFrame:
    """The limitation clock of every debt of the account (逐笔时效), the most urgent first."""
    tables = {name: account.rows(name, day) for name, day in (
        ("contacts", "contacted_on"), ("promises", "promised_on"), ("statements", "confirmed_on"), ("receipts", "received"))}
    happened = ledger_clock.events(**tables, allocations=account.ledger.table("allocations"))
    debts = account.items[account.items["open_amount"] > 0]
    return ledger_clock.clocks(debts, happened, as_of=account.today)


def gaps(account: Account) -> pd.DataFrame:
    """What is missing in the file of what is still open (证据缺口), dearest first: columns gap, count, costs, fix."""
    table = account.ledger.table
    debts = account.items[account.items["open_amount"] > 0]
    invoices = table("invoices")
    invoices = invoices[invoices["document_id"].isin(debts["document_id"])]
    promises = table("promises")
    held = {
        "contracts": table("contracts").pipe(lambda t: t[t["contract_id"].isin(debts["contract_id"].dropna())]),
        "deliveries": table("deliveries").pipe(lambda t: t[t["delivery_id"].isin(invoices["delivery_id"].dropna())]),
        "invoices": invoices, "statements": table("statements"), "contacts": table("contacts"),
        "promises": promises[promises["document_id"].isna() | promises["document_id"].isin(debts["document_id"])]}
    try:
        found = evidence.gaps(account.customer_id, as_of=account.today, **held)
    except ValueError:  # the ledger holds no such paper of this customer: its open items were imported alone
        return pd.DataFrame(columns=["gap", "count", "costs", "fix"])
    by_gap = found.groupby(["gap", "costs", "fix"], sort=False).agg(count=("gap", "size"), at_stake=("at_stake", "sum"))
    return by_gap.sort_values("at_stake", ascending=False, kind="stable").reset_index()[["gap", "count", "costs", "fix"]]


def deadline(today: date, days: int) -> date:
    """The day asked for: some days on, moved to a working day (请付日期).

    >>> deadline(date(2025, 9, 24), 7)
    datetime.date(2025, 10, 9)
    """
    return roll(today + timedelta(days=days)).day
