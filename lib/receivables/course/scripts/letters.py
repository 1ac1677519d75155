"""Papers for one customer, filled from the ledger (台账填出来的文件): every template of data/templates.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from receivables.course.report.words import money
from receivables.course.scripts import claims, facts, plan, rows, standing, templates, watch, written
from receivables.course.scripts.account import Account
from receivables.course.scripts.account import of as account_of
from receivables.course.scripts.paper import Paper
from receivables.course.scripts.templates import Facts
from receivables.course.scripts.words import words
from receivables.ledger import Ledger
from receivables.ledger.company import profile


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
    (papers, what to know: what was not made and why, and what to mind)

    Raises
    ------
    ValueError
        Unknown customer, nothing open, a plan that does not sum to the debt, a guarantee without its end, an account
        that does not tie. Nothing is made then.
    """
    owed, t = account_of(ledger, customer, as_of, currency), templates.load()
    domestic = owed.currency in t.unit  # letters speak of interest, which the law pack knows for yuan only
    due = domestic and owed.demand >= t.minimum
    matched = standing.matched(owed) if domestic else ()
    clear = due and not matched
    given = plan.given(instalments, owed.demand, as_of) if instalments and owed.demand > 0 else ()
    paid_in: plan.Plan = (given or plan.proposed(owed.demand, as_of, _promised(owed))) if clear else ()
    _check_guarantee(guarantor, guarantee_until, paid_in)
    ours = company or profile().name
    places = facts.places(owed, paid_in) | facts.pay_to(ours, account) | {
        "company": ours, "guarantor": guarantor, "guarantee_until": written.day(guarantee_until) if guarantee_until else ""}
    cases = facts.cases(owed, due=due, clear=clear, guarantor=guarantor)
    tables = rows.tables(owed, given if clear else (), paid_in) | {
        "watch": watch.rows(owed, paid_in, clear=clear, matched=matched, guarantee_until=guarantee_until)}
    foot = words().letters["fiction"] if ours == profile().name else ""
    made, told = [], []
    for template in t.templates:
        if template.needs != "open" and not (clear if template.needs == "clear" else due):
            told.append(_why_not(owed, template.title, matched if due else ()))
            continue
        by = claims.deadline(as_of, template.deadline_days)
        filled = Facts(places | {"deadline": written.day(by)}, cases, tables)
        paper = templates.filled(template, filled, running=ours, foot=foot)
        made.append(Filled(template.id, template.file, template.internal, paper))
    return made, [*told, *_mind(owed, given, paid_in, guarantee_until)]


def _why_not(owed: Account, title: str, matched: Sequence[str]) -> str:
    """Why a paper was not made."""
    t, say = templates.load(), words().letters
    known = {"customer": owed.name, "day": owed.today, "title": title, "currency": owed.currency,
             "demand": money(float(owed.demand)), "minimum": money(float(t.minimum)), "documents": "、".join(matched)}
    if matched:
        return t.say["skip_matched"].format(**known)
    if owed.currency not in t.unit:
        return say["foreign"].format(**known)
    return (t.say["skip_small"] if owed.demand > 0 else say["nothing_due"]).format(**known)


def _mind(owed: Account, given: plan.Plan, paid_in: plan.Plan, until: date | None) -> list[str]:
    """What to mind that is no fault: an old ledger, a payment on a day of rest, a short guarantee."""
    say, told = templates.load().say, []
    if (last := watch.stale(owed)) is not None:
        told.append(say["told_stale"].format(day=owed.today, last=written.short(last)))
    told += [say["told_rest"].format(number=number, day=on, next=later) for number, on, later in watch.rest_days(given)]
    if watch.short_guarantee(paid_in, until):
        told.append(say["told_short"].format(until=until, last=paid_in[-1][0]))
    return told


def _promised(owed: Account) -> date | None:
    """The day of the next promise, where it lies near enough for a first instalment."""
    waiting = standing.to_follow(owed)[0]["pay_by"]
    near = len(waiting) and (waiting.iloc[0].date() - owed.today).days <= templates.load().ladder["promise_days"]
    return waiting.iloc[0].date() if near else None


def _check_guarantee(guarantor: str, until: date | None, paid_in: plan.Plan) -> None:
    say = words().letters
    if guarantor and until is None:
        raise ValueError(say["guarantor_until"])
    if until is not None and paid_in and until <= paid_in[-1][0]:
        raise ValueError(say["guarantor_early"].format(until=until, last=paid_in[-1][0]))
