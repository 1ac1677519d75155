"""The rows of every table that papers for one customer show (表格的行), as finished strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from receivables import content, paths
from receivables.analysis import aging
from receivables.analysis.promises import kept_rate
from receivables.course.report.words import money
from receivables.course.scripts import claims, plan, templates
from receivables.course.scripts.account import Account
from receivables.course.scripts.capital import capital
from receivables.course.scripts.words import words
from receivables.errors import Undefined

Row = tuple[str, ...]


def day(value: Any) -> str:
    """2025年6月30日."""
    return "" if pd.isna(value) else f"{value.year}年{value.month}月{value.day}日"


def short(value: Any) -> str:
    """2025-06-30."""
    return "" if pd.isna(value) else f"{value.year}-{value.month:02}-{value.day:02}"


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def units(fen: Any) -> str:
    """Minor units as money."""
    return money(int(fen) / 100)


def in_capitals(amount: Decimal, currency: str) -> str:
    """An amount in capitals; of another currency in figures, since 元 would be wrong."""
    if currency not in templates.load().unit:
        return f"{currency} {money(float(amount))}"
    return capital(amount, prefix="人民币" if currency == "CNY" else "")


def _codes(name: str) -> dict[str, str]:
    return content.load(paths.data("company_dictionary.yaml"), dict[str, Any])["codes"][name]


def tables(owed: Account, given: plan.Plan, paid_in: plan.Plan) -> dict[str, tuple[Row, ...]]:
    """Rows by table of data/templates.yaml. ``given``: the plan where one was agreed, ``paid_in`` that or the proposal."""
    t = templates.load()
    found = {"items": _items(owed), "due": _due(owed), "aging": _aging(owed), "contacts": _contacts(owed),
             "follow": _follow(owed, given), "promises": _promises(owed), "interest": _interest(owed),
             "clocks": _clocks(owed), "gaps": tuple((r.gap, str(r.count), r.costs, r.fix) for r in
                                                    claims.gaps(owed).head(t.most_rows["gaps"]).itertuples())}
    if paid_in:
        rows = [(str(n), day(on), money(float(amount)), in_capitals(amount, owed.currency))
                for n, (on, amount) in enumerate(paid_in, 1)]
        total = sum(amount for _, amount in paid_in)
        found["plan"] = (*rows, (t.total, "", money(float(total)), in_capitals(total, owed.currency)))
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
    rows = [(i.document_id, t.kinds[i.document_type], short(i.issued), short(i.due) if i.open_amount > 0 else "",
             units(i.amount), units(i.open_amount), _state(i)) for i in owed.items.itertuples()]
    return (*rows, (t.total, "", "", "", "", money(float(owed.net)), ""))


def _due(owed: Account) -> tuple[Row, ...]:
    late = owed.items[owed.items["overdue"]].sort_values(["due", "document_id"])
    rows = [(i.document_id, short(i.due), units(i.open_amount), _state(i)) for i in late.itertuples()]
    return (*rows, (templates.load().total, "", money(float(owed.overdue)), "")) if rows else ()


def _aging(owed: Account) -> tuple[Row, ...]:
    t = templates.load()
    names = {aging.CURRENT: t.buckets["current"], aging.CREDITS: t.buckets["credits"], aging.TOTAL: t.buckets["total"]}
    return tuple((names.get(name, t.bucket_days.format(days=name)), str(int(row["count"])), money(float(row["amount"])))
                 for name, row in owed.aged.iterrows() if row["count"] or name == aging.TOTAL)


def _contacts(owed: Account) -> tuple[Row, ...]:
    channels, outcomes = _codes("channel"), _codes("outcome")
    last = owed.rows("contacts", "contacted_on").tail(templates.load().most_rows["contacts"])
    return tuple((short(r.contacted_on), channels.get(r.channel, r.channel), _text(r.person),
                  outcomes.get(r.outcome, r.outcome), _text(r.note)) for r in last.iloc[::-1].itertuples())


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
    return tuple((short(r.promised_on), _text(r.promised_by), short(r.pay_by), money(r.amount),
                  t.yes_no["yes" if r.in_writing is True or r.in_writing == 1 else "no"], money(r.paid),
                  t.promise_states[r.state]) for r in last.itertuples())


def _follow(owed: Account, given: plan.Plan) -> tuple[Row, ...]:
    """Promises that are not kept yet, newest first, and the instalments of a plan that was given."""
    t, seller = templates.load(), words().letters
    made = _made(owed)
    open_ = made[made["state"] != "kept"].tail(t.most_rows["promises"]).iloc[::-1]
    owners = owed.items["salesperson"].dropna().astype("str")
    owner = owners.mode().iat[0] if len(owners) else ""
    rows = [(seller["promised"].format(who=_text(r.promised_by) or owed.name, on=short(r.promised_on)), short(r.pay_by),
             money(r.amount), money(r.paid), t.promise_states[r.state], owner, "") for r in open_.itertuples()]
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

