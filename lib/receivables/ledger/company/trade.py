"""Contracts, orders, deliveries and invoices (合同、订单、送货、开票) of one customer."""

from __future__ import annotations

from datetime import date, timedelta

from receivables.ledger.company.accounts import TRADE, Account, Bill, Contract
from receivables.ledger.company.books import Books
from receivables.ledger.company.cast import SURGE_FROM
from receivables.ledger.company.dice import Dice
from receivables.ledger.company.market import Market
from receivables.ledger.company.profile import Company, profile
from receivables.ledger.company.workdays import month_end, months_between, workday

WARM_UP = date(2021, 9, 1)  # trade before the history, so that it opens with a grown-up balance
LATE_RATES = (None, 0.0385, 0.1095, 0.1095, 0.1825)  # none agreed, LPR+, 0.03 % and 0.05 % a day


def net_of(gross: int) -> int:
    """Amount without the company's VAT in fen, rounded half up; the tax is the rest.

    >>> net_of(11300), net_of(4821680)
    (10000, 4266973)
    """
    return int(gross / (1 + profile().money.vat_rate) + 0.5)


def trade(books: Books, company: Company, market: Market, account: Account) -> None:
    """Write a customer's contracts and all he bought; his bills hang on the account afterwards."""
    dice = Dice(company.course.seed, TRADE, account.number)
    _contracts(books, company, market, account, dice)
    a_year = min(max(3.1 * (account.volume / 100_000) ** 0.5, 2.5), 30.0)
    for month in months_between(max(WARM_UP, account.since), account.last_order):
        rate = a_year * market.seasons[month.month - 1] * (1 + market.growth) ** (month.year - 2023)
        factor = 1.0
        if account.part and account.part.role == "surge" and month >= SURGE_FROM:
            rate, factor = max(rate * 1.7, 3.0), 1.9
        for _ in range(int(rate + dice.share())):
            ordered = workday(month + timedelta(dice.whole(0, 26)))
            amount = int(100 * factor * dice.lognormal(account.volume / a_year * 0.86, 0.55))
            if account.since <= ordered <= account.last_order:
                sell(books, account, dice, ordered, max(amount, 80_000), until=company.course.as_of)
    if account.part and account.part.scripted:
        for line in account.part.scripted.invoices:
            bill = sell(books, account, dice, line.issued - timedelta(12), line.amount, until=company.course.as_of,
                        issued=line.issued)
            bill.scripted = True
    account.bills.sort(key=lambda bill: (bill.issued, bill.id))


def _contracts(books: Books, company: Company, words: Market, account: Account, dice: Dice) -> None:
    """A frame contract each year, or one a project; the clauses the evidence check asks for."""
    kind = words.kinds[account.kind]
    retained = dice.chance(kind.retained) and not account.part
    rate, days = (dice.one((0.03, 0.05, 0.05)), dice.one((365, 365, 730))) if retained else (0.0, 0)
    start = "invoice" if account.part else dice.weighted(kind.starts)
    terms, signed = account.terms, max(WARM_UP - timedelta(dice.whole(10, 330)), account.since)
    while signed <= company.course.as_of:
        if not account.part and dice.chance(0.07) and terms < 90:
            terms += 30  # a longer term won in negotiation: growth in receivables that no aging shows
        contract = Contract(books.number("contracts", signed, account.id), signed, terms, start, rate, days)
        account.contracts.append(contract)
        guaranteed = dice.chance(0.05 if account.debt_type != "institutional" else 0.0)
        books.add(
            "contracts", contract_id=contract.id, customer_id=account.id, signed_on=signed,
            subject=dice.one(kind.subjects), debt_type=account.debt_type, salesperson=account.salesperson,
            amount=int(account.volume * dice.between(0.8, 1.2) / 1000) * 100_000, terms_days=terms,
            terms_start=start, debtor_size=account.size, creditor_size=company.size_on(signed),
            retention_rate=rate or None, retention_days=days or None, late_rate=dice.one(LATE_RATES),
            sealed=dice.chance(0.94), original_held=dice.chance(0.86), signatory=account.boss,
            signatory_authorised=dice.chance(0.85),
            service_address=words.remarks["service_address"] if dice.chance(0.5) else None,
            performance_place=words.remarks["performance_place"] if dice.chance(0.45) else None,
            forum=dice.one(words.forums) if dice.chance(0.8) else None,
            retention_of_title=dice.chance(0.22), back_to_back=start == "third_party_payment",
            guarantor=account.boss if guaranteed else None,
            guarantee_until=signed + timedelta(365 + 180) if guaranteed else None)
        signed = workday(signed + timedelta(dice.whole(340, 420)))
    account.terms = terms


def sell(books: Books, account: Account, dice: Dice, ordered: date, amount: int, *, until: date,
         issued: date | None = None) -> Bill | None:
    """One sale from order to invoice, as far as it has come by ``until``; ``issued`` fixes the invoice's date."""
    contract = account.contract_on(ordered)
    delivered = workday(ordered + timedelta(dice.whole(3, 8 if issued else 14)))
    on_acceptance = contract.start in ("acceptance", "third_party_payment") or account.debt_type == "institutional"
    accepted = workday(delivered + timedelta(dice.whole(4, 22))) if on_acceptance else None
    billed = issued or workday((accepted or delivered) + timedelta(dice.whole(0, 9)))
    order_id = books.number("orders", ordered, account.id)
    delivery_id = books.number("deliveries", delivered, account.id)
    books.add("orders", order_id=order_id, customer_id=account.id, contract_id=contract.id, ordered_on=ordered,
              amount=amount)
    if delivered > until:
        return None
    signed = dice.chance(0.9 if account.part and account.part.role == "surge" and ordered >= SURGE_FROM else 0.955)
    books.add("deliveries", delivery_id=delivery_id, customer_id=account.id, order_id=order_id,
              delivered_on=delivered, amount=amount, signed=signed, signed_on=delivered if signed else None,
              signed_by=account.keeper if signed else None, signer_authorised=dice.chance(0.86) if signed else None,
              original_held=signed and dice.chance(0.91),
              accepted_on=accepted if accepted and accepted <= until else None,
              accepted_by=account.boss if accepted and accepted <= until else None)
    if billed > until:
        return None
    bill = Bill(books.number("invoices", billed, account.id), billed,
                billed + timedelta(contract.terms) if issued else _due(contract, billed, delivered, accepted),
                amount, delivered, order_id, delivery_id, contract.id)
    if contract.retention_rate:
        bill.retention = int(amount * contract.retention_rate)
        bill.retention_due = (accepted or delivered) + timedelta(contract.retention_days)
        books.add("retention", retention_id=f"ZB-{bill.id}", customer_id=account.id, contract_id=contract.id,
                  document_id=bill.id, amount=bill.retention, due=bill.retention_due)
    invoice(books, account, bill, handed_over=billed + timedelta(dice.whole(1, 7)) if dice.chance(0.9) else None)
    account.bills.append(bill)
    return bill


def _due(contract: Contract, billed: date, delivered: date, accepted: date | None) -> date:
    """The due date by the contract's clause; never before the invoice itself."""
    base = {"delivery": delivered, "acceptance": accepted or delivered, "month_end": month_end(billed),
            "statement": month_end(billed)}.get(contract.start, billed)
    # 背靠背: no date of its own, so the books carry 60 days from acceptance.
    days = 60 if contract.start == "third_party_payment" else contract.terms
    return max((accepted or base if contract.start == "third_party_payment" else base) + timedelta(days), billed)


def invoice(books: Books, account: Account, bill: Bill, *, handed_over: date | None, note: str | None = None) -> None:
    """Write the invoice row of a bill."""
    net = net_of(bill.amount)
    books.add("invoices", document_id=bill.id, document_type="invoice", customer_id=account.id, issued=bill.issued,
              due=bill.due, net=net, tax=bill.amount - net, amount=bill.amount, tax_rate=profile().money.vat_rate,
              contract_id=bill.contract_id, order_id=bill.order_id, delivery_id=bill.delivery_id,
              salesperson=account.salesperson, handed_over_on=handed_over,
              handed_over_to=account.clerk if handed_over else None, note=note)


def credit(books: Books, account: Account, on: date, amount: int, reason: str, *, parent: Bill | None = None) -> str:
    """Write a credit note (红字) of a positive amount in fen; returns its number."""
    number = books.number("credit_note", on, account.id)
    net = net_of(amount)
    books.add("invoices", document_id=number, document_type="credit_note", customer_id=account.id, issued=on, net=-net,
              tax=-(amount - net), amount=-amount, tax_rate=profile().money.vat_rate,
              parent_id=parent.id if parent else None, reason=reason, salesperson=account.salesperson,
              contract_id=parent.contract_id if parent else None)
    return number
