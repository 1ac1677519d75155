"""What fills the templates for one account (填模板的数): every place and case of data/templates.yaml, computed."""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd

from receivables.course.report.words import money
from receivables.course.scripts import claims, plan, standing, templates, written
from receivables.course.scripts.account import Account
from receivables.course.scripts.words import words
from receivables.law import fees
from receivables.ledger.company import profile
from receivables.talk.concession import Days, Instalments, Terms, role_needed


def places(owed: Account, paid_in: plan.Plan) -> dict[str, str]:
    """Every place that the ledger fills."""
    t, items = templates.load(), owed.items
    unit = t.unit.get(owed.currency, owed.currency)
    late = items[items["overdue"]]
    biggest = owed.claimed.nlargest(3, "open_amount")
    worst = "；".join(t.worst.format(document=written.document(i), amount=written.units(i.open_amount), unit=unit,
                                     days=i.late, due=written.day(i.due)) for i in biggest.itertuples())
    clocks = claims.clocks(owed)
    live = clocks[~clocks["expired"]]
    first = live.iloc[0] if len(live) else None
    sellers = items["salesperson"].dropna().astype("str")
    forums = set(owed.contracts["forum"].dropna()) if len(owed.contracts) else set()
    agreed = next((i for i in claims.interests(owed) if i.rule == "agreed"), None)
    next_due, next_amount = standing.coming(owed)
    found = {
        "customer": owed.name, "customer_id": owed.customer_id, "contact": owed.contact, "day": written.day(owed.today),
        "unit": unit, "net": money(float(owed.net)), "debts": money(float(owed.debts)),
        "net_capital": written.in_capitals(owed.net, owed.currency), "credits": money(float(owed.cash + owed.red)),
        "we_owe": money(float(-owed.net)), "we_owe_capital": written.in_capitals(-owed.net, owed.currency),
        "overdue": money(float(owed.overdue)), "count": str(len(late)),
        "not_due": money(float(owed.debts - owed.overdue)), "disputes": standing.disputes(owed),
        "cash": money(float(owed.cash - owed.paper)), "paper": money(float(owed.paper)), "red": money(float(owed.red)),
        "held_paper": money(float(owed.held_paper)), "held_until": standing.matures(owed),
        "demand": money(float(owed.demand)), "demand_capital": written.in_capitals(owed.demand, owed.currency),
        "standing": standing.said(owed), "working": standing.working(owed),
        "next_due": written.day(next_due) if next_due is not None else "—", "next_amount": money(float(next_amount)),
        "oldest": written.day(late["due"].min()) if len(late) else "—",
        "oldest_days": str(late["late"].max()) if len(late) else "0", "worst": worst or "—",
        "contracts": "、".join(sorted(owed.contracts.index)) or words().letters["blank"].format(label=t.places["contracts"]),
        "salesperson": sellers.mode().iat[0] if len(sellers) else "", "forum": next(iter(forums), ""),
        "agreed_count": str(agreed.count if agreed else 0),
        "agreed_interest": money(float(agreed.high)) if agreed else "0.00",
        "agreed_rates": "、".join(f"{(rate * 100).normalize():f}%" for rate in claims.rates(owed)),
        "alert": written.day(first["alert_date"]) if first is not None else "—",
        "alert_document": first["document_id"] if first is not None else "—",
        "alert_days": str(first["days_left"]) if first is not None else "0",
        "expired_count": str(int(clocks["expired"].sum())), "broken_count": str(standing.to_follow(owed)[2]),
    }
    return found | _plan_places(owed, paid_in)


def _plan_places(owed: Account, paid_in: plan.Plan) -> dict[str, str]:
    found = {"fee": money(float(fees.acceptance(owed.demand).rounded())),
             "preservation_fee": money(float(fees.preservation(owed.demand).rounded()))} if owed.demand > 0 else {}
    if not paid_in:
        return found
    ours = profile()
    days = [(on - owed.today).days for on, _ in paid_in]
    parts = Instalments([(day, amount) for day, (_, amount) in zip(days, paid_in, strict=True)])
    who = role_needed([parts, Days(owed.demand, days[-1])], ours.authority, debt=owed.demand)
    terms = Terms(Decimal(str(ours.money.borrowing_rate)), Decimal(str(ours.money.vat_rate)))
    return found | {"plan_count": str(len(paid_in)), "plan_last": written.day(paid_in[-1][0]),
                    "approver": who or words().letters["nobody_may"],
                    "plan_cost": money(float(parts.price(terms).cost))}


def pay_to(company: str, given: str | None) -> dict[str, str]:
    """Where to pay (收款账户) as name, bank and number; of data/company.yaml for its own company, else what was given.

    The number's spaces do not break across lines.

    >>> list(pay_to("甲公司", "乙银行某支行，账号 6222 01").values())
    ['甲公司', '乙银行某支行', '6222\\xa001']
    >>> list(pay_to("甲公司", "丙公司，乙银行，6222").values())
    ['丙公司', '乙银行', '6222']
    """
    known, labels, blank = profile().account, templates.load().places, words().letters["blank"]
    if given:
        head, number = re.fullmatch(r"(.*?)[\s，,、;；:：]*((?:\d[\d\s-]*)?)", given.strip()).groups()
        parts = [part.strip() for part in re.split(r"[，,、;；]", re.sub(r"[\s，,、;；]*账号$", "", head)) if part.strip()]
        name, bank = (parts[0], "，".join(parts[1:])) if len(parts) > 1 else (company, "".join(parts))
    elif known is not None and company == profile().name:
        name, bank, number = company, known.bank, known.number
    else:
        name, bank, number = company, "", ""
    found = {"account_name": name, "account_bank": bank, "account_number": re.sub(r"\s", "\u00a0", number.strip())}
    return {place: text or blank.format(label=labels[place]) for place, text in found.items()}


def cases(owed: Account, *, due: bool, clear: bool, guarantor: str) -> set[str]:
    """The cases of data/templates.yaml that hold for this account."""
    claimed, t = owed.claimed, templates.load()
    rates, address = (_of(owed, name) for name in ("late_rate", "service_address"))
    agreed = int(rates.notna().sum())
    part = owed.items[owed.items["overdue"] & (owed.items["disputed_amount"] > 0)]
    clocks, credits = claims.clocks(owed), owed.cash + owed.red > 0
    covered = claims.covered(owed)
    held = {
        "due": due, "plan": clear, "nothing": not due, "asking": owed.demand >= t.minimum,
        "idle": owed.demand < t.minimum, "we_owe": owed.net < 0, "credits": credits,
        "small": 0 < owed.demand < t.minimum, "overdue": owed.overdue > 0 and owed.debts == owed.overdue,
        "not_due": owed.debts > 0 and owed.overdue == 0, "mixed": 0 < owed.overdue < owed.debts,
        "next_due": owed.debts > owed.overdue, "late": owed.overdue > 0,
        "cash": owed.cash > owed.paper, "paper": owed.paper > 0, "red": owed.red > 0, "held_paper": len(owed.bills) > 0,
        "disputed": owed.disputed > 0, "disputed_part": bool((part["disputed_amount"] < part["open_amount"]).any()),
        "recent": len(claimed) > 0 and int(claimed["late"].max()) <= t.ladder["reminder_days"],
        "agreed": agreed > 0 and not credits, "agreed_cash": agreed > 0 and owed.cash > 0,
        "agreed_red": agreed > 0 and owed.cash == 0 and owed.red > 0, "agreed_any": agreed > 0,
        "unagreed": agreed < len(claimed), "unagreed_large": agreed < len(claimed) and claims.large(owed),
        "forum": one_forum(owed), "forums": not one_forum(owed), "address": bool(address.notna().any()),
        "sme": covered, "undisputed_part": covered and owed.disputed > 0, "guarantor": bool(guarantor),
        "live_clock": not clocks["expired"].all(), "expired": bool(clocks["expired"].any()),
        "difference": standing.difference(owed) is not None,
        "has_contacts": len(owed.rows("contacts", "contacted_on")) > 0,
        "has_promises": len(owed.rows("promises", "promised_on")) > 0,
        "broken_before": standing.to_follow(owed)[2] > 0,
    }
    return {case for case, holds in held.items() if holds}


def one_forum(owed: Account) -> bool:
    """Whether the contracts of all that is claimed name the same forum, clearly (争议解决方式相同、清楚)."""
    forums = _of(owed, "forum")
    return len(forums) > 0 and bool(forums.notna().all()) and forums.nunique() == 1 and not _unclear(forums.iat[0])


def _of(owed: Account, name: str) -> pd.Series:
    """One column of the contracts, by claimed item."""
    return owed.claimed["contract_id"].map(owed.contracts[name]) if len(owed.contracts) else pd.Series(dtype="object")


def _unclear(forum: str) -> bool:
    """A clause that names both courts and arbitration cannot be announced as it stands."""
    return "或裁或审" in forum or ("仲裁" in forum and ("法院" in forum or "诉讼" in forum))

