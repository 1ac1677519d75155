"""Papers for one customer, filled from the ledger (台账填出来的文件): every template of data/templates.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from receivables import content, paths
from receivables.analysis import aging
from receivables.analysis.promises import kept_rate
from receivables.course.report.words import money
from receivables.course.scripts import claims, plan, templates
from receivables.course.scripts.account import Account
from receivables.course.scripts.account import of as account_of
from receivables.course.scripts.capital import capital
from receivables.course.scripts.paper import Paper
from receivables.course.scripts.templates import Facts
from receivables.course.scripts.words import words
from receivables.errors import Undefined
from receivables.law import fees
from receivables.law.parameters import get
from receivables.ledger import Ledger
from receivables.ledger.company import profile
from receivables.talk.concession import Days, Instalments, Terms, role_needed

Row = tuple[str, ...]


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
    due = owed.demand > 0
    paid_in = (plan.given(instalments, owed.demand, as_of) if instalments else plan.proposed(owed.demand, as_of)) if due else ()
    _check_guarantee(guarantor, guarantee_until, paid_in)
    ours = company or profile().name
    facts = _facts(owed, paid_in) | {
        "company": ours, "account": account or _account(ours), "guarantor": guarantor,
        "guarantee_until": _day(guarantee_until) if guarantee_until else ""}
    cases = _cases(owed, facts, guarantor)
    tables = _tables(owed, paid_in if instalments else (), paid_in)
    foot = words().letters["fiction"] if ours == profile().name else ""
    made, skipped = [], []
    for template in templates.load().templates:
        if template.needs == "due" and not due:
            skipped.append(words().letters["nothing_due"].format(customer=owed.name, day=as_of, title=template.title))
            continue
        by = claims.deadline(as_of, template.deadline_days)
        paper = templates.filled(template, Facts(facts | {"deadline": _day(by)}, cases, tables), running=ours, foot=foot)
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


def _day(value: Any) -> str:
    """2025年6月30日."""
    return "" if pd.isna(value) else f"{value.year}年{value.month}月{value.day}日"


def _short(value: Any) -> str:
    return "" if pd.isna(value) else f"{value.year}-{value.month:02}-{value.day:02}"


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _units(fen: Any) -> str:
    return money(int(fen) / 100)


def _codes(name: str) -> dict[str, str]:
    return content.load(paths.data("company_dictionary.yaml"), dict[str, Any])["codes"][name]


def _facts(owed: Account, paid_in: plan.Plan) -> dict[str, str]:
    t, items = templates.load(), owed.items
    unit, prefix = t.unit.get(owed.currency, owed.currency), "人民币" if owed.currency == "CNY" else ""
    late = items[items["overdue"]]
    biggest = owed.claimed.nlargest(3, "open_amount")
    worst = "；".join(t.worst.format(document=i.document_id, amount=_units(i.open_amount), unit=unit, due=_day(i.due),
                                     days=i.late) for i in biggest.itertuples())
    clocks = claims.clocks(owed)
    live = clocks[~clocks["expired"]]
    first = live.iloc[0] if len(live) else None
    sellers = items["salesperson"].dropna().astype("str")
    forums = set(owed.contracts["forum"].dropna()) if len(owed.contracts) else set()
    agreed = next((i for i in claims.interests(owed) if i.rule == "agreed"), None)
    blank = words().letters["blank"]
    facts = {
        "customer": owed.name, "customer_id": owed.customer_id, "contact": owed.contact, "day": _day(owed.today),
        "unit": unit, "net": money(float(owed.net)), "debts": money(float(owed.debts)),
        "net_capital": capital(owed.net, prefix=prefix), "credits": money(float(owed.cash + owed.red)),
        "overdue": money(float(owed.overdue)), "count": str(len(late)),
        "not_due": money(float(owed.debts - owed.overdue)), "disputed": money(float(owed.disputed)),
        "cash": money(float(owed.cash)), "red": money(float(owed.red)), "demand": money(float(owed.demand)),
        "demand_capital": capital(owed.demand, prefix=prefix), "oldest": _day(late["due"].min()) if len(late) else "—",
        "oldest_days": str(late["late"].max()) if len(late) else "0", "worst": worst or "—",
        "contracts": "、".join(sorted(owed.contracts.index)) or blank.format(label=t.places["contracts"]),
        "salesperson": sellers.mode().iat[0] if len(sellers) else "", "forum": next(iter(forums), ""),
        "agreed_count": str(agreed.count if agreed else 0), "agreed_interest": money(float(agreed.high)) if agreed else "0.00",
        "agreed_rates": "、".join(f"{(rate * 100).normalize():f}%" for rate in claims.rates(owed)),
        "alert": _day(first["alert_date"]) if first is not None else "—",
        "alert_document": first["document_id"] if first is not None else "—",
        "alert_days": str(first["days_left"]) if first is not None else "0",
        "expired_count": str(int(clocks["expired"].sum())), "law_through": str(get("interest.agreed").known_through),
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
    return {"plan_count": str(len(paid_in)), "plan_first": _day(paid_in[0][0]), "plan_last": _day(paid_in[-1][0]),
            "approver": who or words().letters["nobody_may"], "plan_cost": money(float(parts.price(terms).cost)),
            "fee": money(float(fees.acceptance(owed.demand).rounded()))}


def _cases(owed: Account, facts: dict[str, str], guarantor: str) -> set[str]:
    """The cases of data/templates.yaml that hold for this account."""
    claimed = owed.claimed
    rate = claimed["contract_id"].map(owed.contracts["late_rate"]) if len(owed.contracts) else pd.Series(dtype="float64")
    agreed = int(rate.notna().sum())
    forums = owed.contracts["forum"] if len(owed.contracts) else pd.Series(dtype="str")
    one_forum = len(forums) > 0 and forums.notna().all() and forums.nunique() == 1 and not _unclear(forums.iat[0])
    held = {
        "due": owed.demand > 0, "plan": owed.demand > 0, "credits": owed.cash + owed.red > 0,
        "disputed": owed.disputed > 0, "not_due": owed.debts > owed.overdue, "agreed": agreed > 0,
        "unagreed": agreed < len(claimed), "forum": one_forum, "forums": not one_forum, "sme": claims.covered(owed),
        "guarantor": bool(guarantor), "expired": facts["expired_count"] != "0",
        "has_contacts": len(owed.rows("contacts", "contacted_on")) > 0,
        "has_promises": len(owed.rows("promises", "promised_on")) > 0,
    }
    return {case for case, holds in held.items() if holds}


def _unclear(forum: str) -> bool:
    """A clause that names both courts and arbitration cannot be announced as it stands."""
    return "或裁或审" in forum or ("仲裁" in forum and ("法院" in forum or "诉讼" in forum))


def _tables(owed: Account, given: plan.Plan, paid_in: plan.Plan) -> dict[str, tuple[Row, ...]]:
    t = templates.load()
    prefix = "人民币" if owed.currency == "CNY" else ""
    found = {"items": _items(owed), "due": _due(owed), "aging": _aging(owed), "contacts": _contacts(owed),
             "follow": _follow(owed, given), "promises": _promises(owed), "interest": _interest(owed),
             "clocks": _clocks(owed), "gaps": tuple((r.gap, str(r.count), r.costs, r.fix) for r in
                                                    claims.gaps(owed).head(t.most_rows["gaps"]).itertuples())}
    if paid_in:
        rows = [(str(n), _day(on), money(float(amount)), capital(amount, prefix=prefix))
                for n, (on, amount) in enumerate(paid_in, 1)]
        total = sum(amount for _, amount in paid_in)
        found["plan"] = (*rows, (t.total, "", money(float(total)), capital(total, prefix=prefix)))
    # a table of the internal page that has nothing to say says so in its first cell
    for name in ("interest", "clocks", "gaps", "follow"):
        found[name] = found[name] or ((words().letters["none"], *[""] * (len(t.tables[name].head) - 1)),)
    return found


def _state(item: Any) -> str:
    states = templates.load().states
    if item.open_amount < 0:
        return states["credit"]
    kind = ("disputed" if item.disputed else "overdue") if item.overdue else "not_due"
    return states[kind].format(days=item.late)


def _items(owed: Account) -> tuple[Row, ...]:
    t = templates.load()
    rows = [(i.document_id, t.kinds[i.document_type], _short(i.issued), _short(i.due) if i.open_amount > 0 else "",
             _units(i.amount), _units(i.open_amount), _state(i)) for i in owed.items.itertuples()]
    return (*rows, (t.total, "", "", "", "", money(float(owed.net)), ""))


def _due(owed: Account) -> tuple[Row, ...]:
    late = owed.items[owed.items["overdue"]].sort_values(["due", "document_id"])
    rows = [(i.document_id, _short(i.due), _units(i.open_amount), _state(i)) for i in late.itertuples()]
    return (*rows, (templates.load().total, "", money(float(owed.overdue)), "")) if rows else ()


def _aging(owed: Account) -> tuple[Row, ...]:
    t = templates.load()
    names = t.buckets | {aging.CREDITS: t.buckets["credits"], aging.TOTAL: t.buckets["total"], aging.CURRENT: t.buckets["current"]}
    return tuple((names.get(name, t.bucket_days.format(days=name)), str(int(row["count"])), money(float(row["amount"])))
                 for name, row in owed.aged.iterrows())


def _contacts(owed: Account) -> tuple[Row, ...]:
    channels, outcomes = _codes("channel"), _codes("outcome")
    last = owed.rows("contacts", "contacted_on").tail(templates.load().most_rows["contacts"])
    return tuple((_short(r.contacted_on), channels.get(r.channel, r.channel), _text(r.person), outcomes.get(r.outcome, r.outcome),
                  _text(r.note)) for r in last.iloc[::-1].itertuples())


def _made(owed: Account) -> pd.DataFrame:
    """The promises up to the day with what came of each, by the cash."""
    made = owed.rows("promises", "promised_on")
    cash = owed.rows("receipts", "received")
    cash = cash[~(cash["dishonoured"] <= pd.Timestamp(owed.today))]
    try:
        return kept_rate(made.assign(currency=owed.currency), cash.assign(currency=owed.currency), as_of=owed.today).detail
    except Undefined:  # none has passed its window
        return made.assign(paid=0.0, state="unripe")


def _promises(owed: Account) -> tuple[Row, ...]:
    t = templates.load()
    last = _made(owed).tail(t.most_rows["promises"]).iloc[::-1]
    return tuple((_short(r.promised_on), _text(r.promised_by), _short(r.pay_by), money(r.amount),
                  t.yes_no["yes" if r.in_writing is True or r.in_writing == 1 else "no"], money(r.paid),
                  t.promise_states[r.state]) for r in last.itertuples())


def _follow(owed: Account, given: plan.Plan) -> tuple[Row, ...]:
    """Promises that are not kept yet, newest first, and the instalments of a plan that was given."""
    t, seller = templates.load(), words().letters
    made = _made(owed)
    open_ = made[made["state"] != "kept"].tail(t.most_rows["promises"]).iloc[::-1]
    owners = owed.items["salesperson"].dropna().astype("str")
    owner = owners.mode().iat[0] if len(owners) else ""
    rows = [(seller["promised"].format(who=_text(r.promised_by) or owed.name, on=_short(r.promised_on)), _short(r.pay_by),
             money(r.amount), money(r.paid), t.promise_states[r.state], owner, "") for r in open_.itertuples()]
    agreed = [(t.instalment.format(number=n), _short(on), money(float(amount)), "", t.promise_states["unripe"], owner, "")
              for n, (on, amount) in enumerate(given, 1)]
    return (*agreed, *rows)


def _interest(owed: Account) -> tuple[Row, ...]:
    t, rows = templates.load(), []
    for each in claims.interests(owed):
        low, high = money(float(each.low)), money(float(each.high))
        said = low if each.low == each.high else f"{low} 至 {high}"
        why = t.uncounted.format(count=each.uncounted, why="；".join(each.missing)) if each.uncounted else ""
        rows.append((t.rules[each.rule], str(each.count), said if each.count else "—", why))
    return tuple(rows)


def _clocks(owed: Account) -> tuple[Row, ...]:
    first = claims.clocks(owed).head(templates.load().most_rows["clocks"])
    return tuple((r.document_id, _short(r.base), _short(r.alert_date), str(r.days_left), r.counted) for r in first.itertuples())

