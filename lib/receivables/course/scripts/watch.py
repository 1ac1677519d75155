"""What the internal page says first (寄之前先看): which one paper to use now, and what must be settled before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from receivables import content, paths
from receivables.course.report.words import money
from receivables.course.scripts import claims, facts, plan, standing, templates, written
from receivables.course.scripts.account import Account
from receivables.law.days import add_months, roll
from receivables.law.parameters import get

Row = tuple[str, str]


def rows(owed: Account, paid_in: plan.Plan, *, clear: bool, matched: tuple[str, ...],
         guarantee_until: date | None) -> tuple[Row, ...]:
    """The rows of the table ``watch`` (寄之前先看), the paper to use now first."""
    t = templates.load()
    unit = t.unit.get(owed.currency, owed.currency)
    found = [("use", _use(owed, clear=clear, matched=matched)),
             *_money(owed, matched), *_answers(owed), *_contracts(owed), *_guarantees(owed, paid_in, guarantee_until)]
    if (last := stale(owed)) is not None:
        found.append(("stale", {"day": written.short(owed.today), "last": written.short(last)}))
    return tuple((t.watch[name][0], t.watch[name][1].format(**{"unit": unit} | values)) for name, values in found)


def stale(owed: Account) -> pd.Timestamp | None:
    """The last entry of the ledger up to the day, where it lies long before it (台账早就停了)."""
    columns = {"invoices": "issued", "receipts": "received", "contacts": "contacted_on"}
    days = [owed.ledger.table(name)[column].max() for name, column in columns.items()]
    last = max((day for day in days if pd.notna(day)), default=None)
    limit = pd.Timedelta(days=templates.load().stale_days)
    return last if last is not None and pd.Timestamp(owed.today) - last > limit else None


def rest_days(given: plan.Plan) -> list[tuple[int, date, date]]:
    """The instalments that fall on a day of rest: number, day, the next working day (付款日是休息日)."""
    return [(number, on, roll(on).day) for number, (on, _) in enumerate(given, 1) if roll(on).day != on]


def short_guarantee(paid_in: plan.Plan, until: date | None) -> bool:
    """Whether a guarantee ends less than the statutory six months after the last instalment (保证期间偏短)."""
    months = get("guarantee.default_months").whole
    return bool(paid_in) and until is not None and until < add_months(paid_in[-1][0], months)


def _use(owed: Account, *, clear: bool, matched: tuple[str, ...]) -> dict[str, str]:
    """The one paper for now, by the oldest day past due and the last demand in writing that arrived."""
    t = templates.load()
    rung, window = t.ladder, pd.Timedelta(days=t.ladder["demand_days"])
    today, days = pd.Timestamp(owed.today), int(owed.claimed["late"].max()) if len(owed.claimed) else 0
    calls = owed.rows("contacts", "contacted_on")
    done = calls[["demand", "reached_debtor"]].fillna(False).astype(bool).all(axis=1) if len(calls) else []
    sent = calls[done & calls["channel"].isin(["letter", "email", "lawyer_letter"])] if len(calls) else calls
    last = sent["contacted_on"].max() if len(sent) else None
    if matched:
        id, why = "statement", "matched"
    elif owed.demand < t.minimum:
        id, why = "statement", "small" if owed.demand > 0 else "nothing"
    elif owed.currency not in t.unit:
        id, why = "statement", "foreign"
    elif days <= rung["reminder_days"]:
        id, why = "reminder", "reminder"
    elif last is None or today - last > window:
        id, why = "demand", "demand"
    elif today - last <= pd.Timedelta(days=rung["wait_days"]):
        id, why = "call", "wait"
    else:
        id, why = "final", "final"
    title = next(template.title for template in t.templates if template.id == id)
    text = t.use[why].format(days=days, limit=rung["reminder_days"], window=window.days, on=written.short(last),
                             minimum=money(float(t.minimum)))
    if len(calls):
        codes = content.load(paths.data("company_dictionary.yaml"), dict)["codes"]
        latest = calls.iloc[-1]
        text += t.use["last"].format(on=written.short(latest["contacted_on"]),
                                     channel=codes["channel"].get(latest["channel"], latest["channel"]),
                                     outcome=codes["outcome"].get(latest["outcome"], latest["outcome"]))
    return {"paper": title, "why": text}


def _money(owed: Account, matched: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    if matched:
        yield "matched", {"documents": "、".join(matched)}
    if owed.cash > owed.paper:
        yield "cash", {"amount": money(float(owed.cash - owed.paper))}
    if owed.red:
        yield "red", {"amount": money(float(owed.red))}
    if owed.net < 0:
        yield "we_owe", {"amount": money(float(-owed.net))}
    if len(owed.bills):
        yield "bills", {"amount": money(float(owed.held_paper)), "until": standing.matures(owed),
                        "count": str(len(owed.bills))}
    if owed.disputed:
        yield "disputed", {"disputes": standing.disputes(owed)}


def _answers(owed: Account) -> Iterator[tuple[str, dict[str, str]]]:
    """What the customer answered: statements, promises."""
    if (apart := standing.difference(owed)) is not None:
        say = templates.load().say
        yield "difference", {"statement": apart.statement, "on": written.short(apart.on), "reason": apart.reason or "—",
                             "way": say["he_less" if apart.less > 0 else "he_more"], "amount": money(float(abs(apart.less))),
                             "seal": say["sealed" if apart.sealed else "unsealed"]}
    silent = standing.unanswered(owed)
    if len(silent):
        yield "unanswered", {"count": str(len(silent)), "last": silent["statement_id"].iloc[-1],
                             "sent": written.short(silent["sent_on"].iloc[-1])}
    waiting, _, _ = standing.to_follow(owed)
    if len(waiting):
        first = waiting.iloc[0]
        yield "promise", {"day": written.short(first["pay_by"]), "amount": money(float(first["amount"]))}


def _contracts(owed: Account) -> Iterator[tuple[str, dict[str, str]]]:
    """What the contracts of what is claimed lack."""
    mine = owed.contracts[owed.contracts.index.isin(owed.claimed["contract_id"].dropna())]
    if claims.large(owed) and not claims.covered(owed):
        yield "before", {"begins": written.day(get("sme.undisputed_part").effective_from)}
    if len(mine) and (nowhere := list(mine.index[mine["service_address"].isna()])):
        yield "no_address", {"contracts": "、".join(nowhere)}
    if owed.demand > 0 and not facts.one_forum(owed):
        yield "forums", {}


def _guarantees(owed: Account, paid_in: plan.Plan, until: date | None) -> Iterator[tuple[str, dict[str, str]]]:
    open_ids = owed.items.loc[owed.items["open_amount"] > 0, "contract_id"].dropna()
    table = owed.ledger.table("contracts")
    for row in table[table["contract_id"].isin(open_ids) & table["guarantor"].notna()].itertuples():
        end, say = row.guarantee_until, templates.load().say
        state = say["no_end"] if pd.isna(end) else say["ended" if end < pd.Timestamp(owed.today) else "runs"].format(
            day=written.short(end))
        yield "guarantor", {"contract": row.contract_id, "name": row.guarantor, "state": state}
    if short_guarantee(paid_in, until):
        yield "short_guarantee", {"until": written.short(until), "last": written.short(paid_in[-1][0])}
