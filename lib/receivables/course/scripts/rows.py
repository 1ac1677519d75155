"""The rows of every table that papers for one customer show (表格的行), as finished strings."""

from __future__ import annotations

from typing import Any

import pandas as pd

from receivables import content, paths
from receivables.analysis import aging
from receivables.course.report.words import money
from receivables.course.scripts import claims, plan, standing, templates
from receivables.course.scripts.account import Account
from receivables.course.scripts.words import words
from receivables.course.scripts.written import day, document, in_capitals, short, text, units

Row = tuple[str, ...]


def _codes(name: str) -> dict[str, str]:
    return content.load(paths.data("company_dictionary.yaml"), dict[str, Any])["codes"][name]


def tables(owed: Account, given: plan.Plan, paid_in: plan.Plan) -> dict[str, tuple[Row, ...]]:
    """Rows by table of data/templates.yaml. ``given``: the plan where one was agreed, ``paid_in`` that or the proposal."""
    t = templates.load()
    found = {"items": _items(owed), "due": _due(owed), "annex": _annex(owed), "aging": _aging(owed),
             "contacts": _contacts(owed), "follow": _follow(owed, given), "promises": _promises(owed),
             "interest": _interest(owed), "clocks": _clocks(owed), "bills": _bills(owed),
             "gaps": tuple((r.gap, str(r.count), r.costs, r.fix) for r in
                           claims.gaps(owed).head(t.most_rows["gaps"]).itertuples())}
    if paid_in:
        rows = [(str(n), day(on), money(float(amount)), in_capitals(amount, owed.currency))
                for n, (on, amount) in enumerate(paid_in, 1)]
        total = sum(amount for _, amount in paid_in)
        found["plan"] = (*rows, (t.total, "", money(float(total)), in_capitals(total, owed.currency)))
    # a table that has nothing to say says so in its first cell
    for name in ("interest", "clocks", "gaps", "follow"):
        found[name] = found[name] or ((words().letters["none"], *[""] * (len(t.tables[name].head) - 1)),)
    return found


def _state(item: Any) -> str:
    states = templates.load().states
    if item.open_amount < 0:
        return states["credit"]
    if not item.overdue:
        kind = "later" if item.disputed_amount else "not_due"
    else:
        kind = "overdue" if not item.disputed_amount else "disputed" if item.disputed_amount == item.open_amount else "part"
    return states[kind].format(days=item.late, amount=units(item.disputed_amount))


def _items(owed: Account) -> tuple[Row, ...]:
    t = templates.load()
    rows = [(i.document_id, t.kinds["paper" if pd.notna(i.paper_due) else i.document_type], short(i.issued),
             short(i.due) if i.open_amount > 0 else short(i.paper_due), units(i.amount), units(i.open_amount), _state(i))
            for i in owed.items.itertuples()]
    return (*rows, (t.total, "", "", "", "", money(float(owed.net)), ""))


def _less(owed: Account, *names: str) -> list[tuple[str, str]]:
    """What is taken off, as (name, negative amount)."""
    t = templates.load()
    return [(t.say["less"].format(name=t.deductions[name]), money(float(-amount)))
            for name, amount in standing.deductions(owed) if name in names]


def _due(owed: Account) -> tuple[Row, ...]:
    """The overdue items, their sum, and where that is not asked for: what is taken off and what is asked for."""
    t = templates.load()
    late = owed.items[owed.items["overdue"]].sort_values(["due", "document_id"])
    rows = [(document(i), short(i.due), units(i.open_amount), _state(i)) for i in late.itertuples()]
    if not rows:
        return ()
    rows.append((t.total, "", money(float(owed.overdue)), ""))
    if owed.demand != owed.overdue:
        rows += [(name, "", amount, "") for name, amount in _less(owed, "disputed", "cash", "paper", "red")]
        rows.append((t.say["asked"], "", money(float(owed.demand)), ""))
    return tuple(rows)


def _annex(owed: Account) -> tuple[Row, ...]:
    """What a repayment agreement covers: each document's undisputed amount, less every credit, to what is confirmed."""
    rows = [(document(i), text(i.contract_id), short(i.due), units(i.open_amount))
            for i in owed.claimed.sort_values(["due", "document_id"]).itertuples()]
    rows += [(name, "", "", amount) for name, amount in _less(owed, "cash", "paper", "red")]
    return (*rows, (templates.load().say["confirmed"], "", "", money(float(owed.demand)))) if rows else ()


def _bills(owed: Account) -> tuple[Row, ...]:
    instruments = _codes("instrument")
    return tuple((r.receipt_id, instruments.get(r.instrument, text(r.instrument)), text(r.acceptor), short(r.bill_due),
                  units(r.amount)) for r in owed.bills.itertuples())


def _aging(owed: Account) -> tuple[Row, ...]:
    t = templates.load()
    names = {aging.CURRENT: t.buckets["current"], aging.CREDITS: t.buckets["credits"], aging.TOTAL: t.buckets["total"]}

    def bucket(name: str) -> str:
        form = t.say["bucket_last"] if name.endswith("+") else t.bucket_days
        return names.get(name) or form.format(days=name.rstrip("+"))

    return tuple((bucket(name), str(int(row["count"])), money(float(row["amount"])))
                 for name, row in owed.aged.iterrows() if row["count"] or name == aging.TOTAL)


def _contacts(owed: Account) -> tuple[Row, ...]:
    channels, outcomes = _codes("channel"), _codes("outcome")
    last = owed.rows("contacts", "contacted_on").tail(templates.load().most_rows["contacts"])
    return tuple((short(r.contacted_on), channels.get(r.channel, r.channel), text(r.person),
                  outcomes.get(r.outcome, r.outcome), text(r.note)) for r in last.iloc[::-1].itertuples())


def _promises(owed: Account) -> tuple[Row, ...]:
    t = templates.load()
    last = standing.promises(owed).tail(t.most_rows["promises"]).iloc[::-1]
    return tuple((short(r.promised_on), text(r.promised_by), short(r.pay_by), money(r.amount),
                  t.yes_no["yes" if r.in_writing is True or r.in_writing == 1 else "no"], money(r.paid),
                  t.promise_states[r.state]) for r in last.itertuples())


def _follow(owed: Account, given: plan.Plan) -> tuple[Row, ...]:
    """The instalments of a plan that was given, the promises not ripe yet, and the last one broken on what is open."""
    t, seller = templates.load(), words().letters
    waiting, last_broken, _ = standing.to_follow(owed)
    owners = owed.items["salesperson"].dropna().astype("str")
    owner = owners.mode().iat[0] if len(owners) else ""
    rows = [(seller["promised"].format(who=text(r.promised_by) or owed.name, on=short(r.promised_on)), short(r.pay_by),
             money(r.amount), "" if r.state == "unripe" else money(r.paid), t.promise_states[r.state], owner, "")
            for r in pd.concat([waiting, last_broken]).itertuples()]
    agreed = [(t.instalment.format(number=n), short(on), money(float(amount)), "", t.promise_states["unripe"], owner, "")
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


def _events(counted: str) -> str:
    """What moved a clock, without the articles, which stand under the table."""
    return "；".join(event.partition("，《")[0] for event in counted.split("；"))


def _clocks(owed: Account) -> tuple[Row, ...]:
    first = claims.clocks(owed).head(templates.load().most_rows["clocks"])
    return tuple((r.document_id, short(r.base), short(r.alert_date), str(r.days_left), _events(r.counted))
                 for r in first.itertuples())

