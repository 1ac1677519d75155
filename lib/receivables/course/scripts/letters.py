"""Papers for one customer, filled from the ledger (台账填出来的文件): every template of data/templates.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from receivables.course.report.words import money
from receivables.course.scripts import claims, plan, rows, templates
from receivables.course.scripts.account import Account
from receivables.course.scripts.account import of as account_of
from receivables.course.scripts.paper import Paper
from receivables.course.scripts.templates import Facts
from receivables.course.scripts.words import words
from receivables.law import fees
from receivables.ledger import Ledger
from receivables.ledger.company import profile
from receivables.talk.concession import Days, Instalments, Terms, role_needed


@dataclass(frozen=True)
class Filled:
    """One paper made: ``file`` its name without ending, ``internal`` not for the customer."""

    id: str
    file: str
    internal: bool
    paper: Paper


def letters(ledger: Ledger, customer: str, as_of: date, *, company: str | None = None, account: str | None = None,
            currency: str | None = None, instalments: Sequence[tuple[object, object]] = (), guarantor: str = "",
            guarantee_until: date | None = None) -> tuple[list[Filled], list[str]]:
    """Every paper that the account of one customer calls for (一户一套文件).

    Parameters
    ----------
    ledger, customer, as_of, currency : whose account, by id or name, at the end of which day
    company, account : whose papers, and where to pay; by default those of data/company.yaml
    instalments : (date, amount) of each payment of the repayment agreement; the house's proposal where none is given
    guarantor, guarantee_until : a guarantor of the agreement, and the last day of his guarantee

    Returns
    -------
    (papers, what was not made and why)

    Raises
    ------
    ValueError
        Unknown customer, nothing open, a plan that does not sum to the debt, a guarantee without its end, an account
        that does not tie. Nothing is made then.
    """
    owed = account_of(ledger, customer, as_of, currency)
    domestic = owed.currency in templates.load().unit  # letters speak of interest, which the law pack knows for yuan only
    due = domestic and owed.demand > 0
    paid_in: plan.Plan = ()
    if due:
        paid_in = plan.given(instalments, owed.demand, as_of) if instalments else plan.proposed(owed.demand, as_of)
    _check_guarantee(guarantor, guarantee_until, paid_in)
    ours = company or profile().name
    facts = _facts(owed, paid_in) | {
        "company": ours, "account": account or _account(ours), "guarantor": guarantor,
        "guarantee_until": rows.day(guarantee_until) if guarantee_until else ""}
    cases = _cases(owed, facts, guarantor, due)
    tables = rows.tables(owed, paid_in if instalments else (), paid_in)
    foot = words().letters["fiction"] if ours == profile().name else ""
    made, skipped = [], []
    for template in templates.load().templates:
        if template.needs == "due" and not due:
            skipped.append(words().letters["nothing_due" if domestic else "foreign"].format(
                customer=owed.name, day=as_of, title=template.title, currency=owed.currency))
            continue
        by = claims.deadline(as_of, template.deadline_days)
        paper = templates.filled(template, Facts(facts | {"deadline": rows.day(by)}, cases, tables), running=ours, foot=foot)
        made.append(Filled(template.id, template.file, template.internal, paper))
    return made, skipped


def _check_guarantee(guarantor: str, until: date | None, paid_in: plan.Plan) -> None:
    say = words().letters
    if guarantor and until is None:
        raise ValueError(say["guarantor_until"])
    if until is not None and paid_in and until <= paid_in[-1][0]:
        raise ValueError(say["guarantor_early"].format(until=until, last=paid_in[-1][0]))


def _account(company: str) -> str:
    """Where to pay: the account of data/company.yaml for its own company, else left open."""
    known = profile().account
    if known is None or company != profile().name:
        return words().letters["blank"].format(label=templates.load().places["account"])
    return words().letters["account"].format(bank=f"{company}，{known.bank}", number=known.number)


def _facts(owed: Account, paid_in: plan.Plan) -> dict[str, str]:
    t, items = templates.load(), owed.items
    unit = t.unit.get(owed.currency, owed.currency)
    late = items[items["overdue"]]
    biggest = owed.claimed.nlargest(3, "open_amount")
    worst = "；".join(t.worst.format(document=i.document_id, amount=rows.units(i.open_amount), unit=unit, days=i.late,
                                     due=rows.day(i.due)) for i in biggest.itertuples())
    clocks = claims.clocks(owed)
    live = clocks[~clocks["expired"]]
    first = live.iloc[0] if len(live) else None
    sellers = items["salesperson"].dropna().astype("str")
    forums = set(owed.contracts["forum"].dropna()) if len(owed.contracts) else set()
    agreed = next((i for i in claims.interests(owed) if i.rule == "agreed"), None)
    blank = words().letters["blank"]
    facts = {
        "customer": owed.name, "customer_id": owed.customer_id, "contact": owed.contact, "day": rows.day(owed.today),
        "unit": unit, "net": money(float(owed.net)), "debts": money(float(owed.debts)),
        "net_capital": rows.in_capitals(owed.net, owed.currency), "credits": money(float(owed.cash + owed.red)),
        "overdue": money(float(owed.overdue)), "count": str(len(late)),
        "not_due": money(float(owed.debts - owed.overdue)), "disputed": money(float(owed.disputed)),
        "cash": money(float(owed.cash)), "red": money(float(owed.red)), "demand": money(float(owed.demand)),
        "demand_capital": rows.in_capitals(owed.demand, owed.currency),
        "oldest": rows.day(late["due"].min()) if len(late) else "—",
        "oldest_days": str(late["late"].max()) if len(late) else "0", "worst": worst or "—",
        "contracts": "、".join(sorted(owed.contracts.index)) or blank.format(label=t.places["contracts"]),
        "salesperson": sellers.mode().iat[0] if len(sellers) else "", "forum": next(iter(forums), ""),
        "agreed_count": str(agreed.count if agreed else 0),
        "agreed_interest": money(float(agreed.high)) if agreed else "0.00",
        "agreed_rates": "、".join(f"{(rate * 100).normalize():f}%" for rate in claims.rates(owed)),
        "alert": rows.day(first["alert_date"]) if first is not None else "—",
        "alert_document": first["document_id"] if first is not None else "—",
        "alert_days": str(first["days_left"]) if first is not None else "0",
        "expired_count": str(int(clocks["expired"].sum())),
    }
    return facts | _plan_facts(owed, paid_in)


def _plan_facts(owed: Account, paid_in: plan.Plan) -> dict[str, str]:
    if not paid_in:
        return {}
    ours = profile()
    days = [(on - owed.today).days for on, _ in paid_in]
    parts = Instalments([(day, amount) for day, (_, amount) in zip(days, paid_in, strict=True)])
    who = role_needed([parts, Days(owed.demand, days[-1])], ours.authority, debt=owed.demand)
    terms = Terms(Decimal(str(ours.money.borrowing_rate)), Decimal(str(ours.money.vat_rate)))
    return {"plan_count": str(len(paid_in)), "plan_last": rows.day(paid_in[-1][0]),
            "approver": who or words().letters["nobody_may"], "plan_cost": money(float(parts.price(terms).cost)),
            "fee": money(float(fees.acceptance(owed.demand).rounded()))}


def _cases(owed: Account, facts: dict[str, str], guarantor: str, due: bool) -> set[str]:
    """The cases of data/templates.yaml that hold for this account."""
    claimed = owed.claimed
    rate = claimed["contract_id"].map(owed.contracts["late_rate"]) if len(owed.contracts) else pd.Series(dtype="float64")
    agreed = int(rate.notna().sum())
    forums = claimed["contract_id"].map(owed.contracts["forum"]) if len(owed.contracts) else pd.Series(dtype="str")
    one_forum = len(forums) > 0 and forums.notna().all() and forums.nunique() == 1 and not _unclear(forums.iat[0])
    held = {
        "due": due, "plan": due, "live_clock": facts["alert"] != "—", "credits": owed.cash + owed.red > 0,
        "disputed": owed.disputed > 0, "agreed": agreed > 0,
        "unagreed": agreed < len(claimed), "forum": one_forum, "forums": not one_forum, "sme": claims.covered(owed),
        "guarantor": bool(guarantor), "expired": facts["expired_count"] != "0",
        "has_contacts": len(owed.rows("contacts", "contacted_on")) > 0,
        "has_promises": len(owed.rows("promises", "promised_on")) > 0,
    }
    return {case for case, holds in held.items() if holds}


def _unclear(forum: str) -> bool:
    """A clause that names both courts and arbitration cannot be announced as it stands."""
    return "或裁或审" in forum or ("仲裁" in forum and ("法院" in forum or "诉讼" in forum))
