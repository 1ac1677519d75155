"""From the cast and the market to a closed set of tables (生成)."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from receivables.ledger.company.accounts import IDENTITY, Account, people
from receivables.ledger.company.books import Books
from receivables.ledger.company.conduct import Conduct
from receivables.ledger.company.dice import Dice
from receivables.ledger.company.market import Market, market
from receivables.ledger.company.payments import Settlement
from receivables.ledger.company.profile import Company, profile
from receivables.ledger.company.trade import net_of, trade
from receivables.ledger.company.workdays import month_end, months_between


def generate(seed: int | None = None) -> dict[str, pd.DataFrame]:
    """The thread company's tables (贯穿全课的公司台账), the same on every machine for the same seed.

    Parameters
    ----------
    seed : another company of the same make; default the course's seed of company.yaml

    Returns
    -------
    One frame for each table of ``receivables.ledger.schema.TABLES``: typed by its schema, money in
    fen, sorted by key. The history runs from ``course.history_from`` to ``course.as_of``; what was
    open before stands as ``opening`` documents.

    Examples
    --------
    >>> tables = generate()
    >>> len(tables["customers"]), sorted(tables["invoices"]["document_type"].unique())
    (300, ['credit_note', 'invoice', 'opening'])
    """
    company = profile()
    if seed is not None:
        company = company.model_copy(update={"course": company.course.model_copy(update={"seed": seed})})
    words, books = market(), Books(company.course.currency)
    accounts = people(company, words)
    for account in accounts:
        ordered = len(books.rows["orders"])
        trade(books, company, words, account)
        Settlement(books, company, words, account).play()
        Conduct(books, company, words, account).play()
        _customer(books, company, words, account, books.rows["orders"][ordered:])
    _recovery(books, accounts)
    _open_history(books, company, accounts)
    _controls(books, company)
    return books.frames()


def _customer(books: Books, company: Company, words: Market, account: Account, orders: list[dict]) -> None:
    """The customer's master data, and which orders were let past his limit."""
    dice = Dice(company.course.seed, IDENTITY, account.number, 2)
    grade = dice.weighted(words.habits[account.habit].grade)
    if account.part and account.part.role in ("squeeze", "surge", "dispute"):
        grade = {"squeeze": "C", "surge": "A", "dispute": "B"}[account.part.role]  # as last reviewed, before it showed
    limit = max(round(account.volume / 365 * (account.terms + 90), -4), 50_000)
    days = company.policy.review_days[grade]
    reviewed = company.course.as_of - timedelta(dice.whole(5, days if dice.chance(0.7) else days * 3))
    books.add(
        "customers", customer_id=account.id, name=account.name, kind=account.kind, debt_type=account.debt_type,
        size_class=account.size, nature=account.nature, industry=account.industry, region=account.place,
        salesperson=account.salesperson, group_id=_group(account), related_party=account.number == 88,
        insolvent_on=account.gone + timedelta(40) if account.gone else None, credit_limit=int(limit) * 100,
        terms_days=account.terms, commission_rate=company.commission.rate, risk_grade=grade,
        reviewed_on=max(reviewed, account.since), since=account.since, contact_name=account.clerk)
    for row in orders:
        exposure = account.balance_on(row["ordered_on"]) + row["amount"]
        row["over_limit"] = exposure > limit * 100
        if row["over_limit"]:
            row["approved_by"] = company.staff_with("销售总监" if exposure > limit * 150 else "区域经理")[0].name


def _group(account: Account) -> str | None:
    """Two groups, so that concentration by group differs from concentration by customer."""
    if account.kind == "general_contractor" and account.place in ("澜州", "柏州"):
        return "G01"
    return "G02" if account.kind == "state_enterprise" and account.place in ("云泽", "潮宁") else None


def _recovery(books: Books, accounts: list[Account]) -> None:
    """One failed customer's liquidator pays something after the write-off."""
    lost = {row["customer_id"] for row in books.rows["write_offs"]}
    first = min((a for a in accounts if a.gone and a.id in lost), key=lambda account: account.gone)
    given_up = max((row for row in books.rows["write_offs"] if row["customer_id"] == first.id),
                   key=lambda row: (row["amount"], row["write_off_id"]))
    on = date(2025, 3, 18)
    books.add("receipts", receipt_id=books.number("receipts", on, first.id), customer_id=first.id, received=on,
              amount=given_up["amount"] * 3 // 10, instrument="transfer",
              payer=first.name + market().remarks["liquidator"], third_party=True,
              recovery_of=given_up["write_off_id"], note=market().remarks["recovery"])


def _open_history(books: Books, company: Company, accounts: list[Account]) -> None:
    """Begin the books on the first day: what was open the day before becomes an opening document, older events go."""
    start = company.course.history_from
    eve = start - timedelta(1)
    opening = {bill.id: bill.open_on(eve) for account in accounts for bill in account.bills if bill.issued < start}
    rows = books.rows
    invoices = []
    for row in rows["invoices"]:
        if row["issued"] >= start:
            invoices.append(row)
        elif opening.get(row["document_id"]):  # credit notes of before have done their work
            amount = opening[row["document_id"]]
            net = net_of(amount)
            invoices.append(row | {"document_type": "opening", "amount": amount, "net": net, "tax": amount - net})
    rows["invoices"] = invoices
    kept = {row["document_id"] for row in invoices}
    dates = {"receipts": "received", "allocations": "applied", "write_offs": "written_off_on"}
    for table, column in dates.items():
        rows[table] = [row for row in rows[table] if row[column] >= start]
    for row in rows["receipts"]:
        if row.get("reference") not in kept:
            row["reference"] = None
    rows["retention"] = [row | {"amount": min(row["amount"], opening.get(row["document_id"], row["amount"]))}
                         for row in rows["retention"] if row["document_id"] in kept]
    rows["disputes"] = [row for row in rows["disputes"] if row["document_id"] in kept
                        and (row.get("resolved_on") or start) >= start]
    for table, key in (("orders", "order_id"), ("deliveries", "delivery_id"), ("contracts", "contract_id")):
        used = {row.get(key) for row in invoices + rows["deliveries"] + rows["orders"]}
        rows[table] = [row for row in rows[table] if row[key] in used]


def _controls(books: Books, company: Company) -> None:
    """The general ledger's receivables at each month-end, summed from the journals and not from open items."""
    rows, start = books.rows, company.course.history_from
    journal = [(row["issued"], row["amount"]) for row in rows["invoices"]]
    journal += [(row["written_off_on"], -row["amount"]) for row in rows["write_offs"]]
    for row in rows["receipts"]:
        if not row.get("recovery_of"):  # a recovery reinstates the debt and pays it the same day
            journal.append((row["received"], -row["amount"]))
        if row.get("dishonoured"):
            journal.append((row["dishonoured"], row["amount"]))
    for month in months_between(start - timedelta(1), company.course.as_of):
        day = month_end(month)
        books.add("controls", control_id=f"GL{day:%y%m}", as_of=day, account=market().remarks["account"],
                  balance=sum(amount for on, amount in journal if on <= day))
