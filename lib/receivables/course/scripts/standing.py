"""Where an account stands (这一户现在的情形): what the papers say of it in a phrase, and what must wait for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

import pandas as pd

from receivables.analysis.promises import kept_rate
from receivables.course.report.words import money
from receivables.course.scripts import templates, written
from receivables.course.scripts.account import Account
from receivables.errors import Undefined


def _unit(owed: Account) -> str:
    return templates.load().unit.get(owed.currency, owed.currency)


def said(owed: Account) -> str:
    """The balance in one line (欠多少): what is 0 is not said."""
    say, unit = templates.load().say, _unit(owed)
    late = owed.items[owed.items["overdue"]]
    parts = [say["we_owe" if owed.net < 0 else "net"].format(amount=money(float(abs(owed.net))), unit=unit)]
    if len(late):
        parts.append(say["overdue"].format(amount=money(float(owed.overdue)), unit=unit, days=int(late["late"].max()),
                                           oldest=written.day(late["due"].min())))
    if owed.demand > 0:
        parts.append(say["demand"].format(amount=money(float(owed.demand)), unit=unit))
    return "，".join(parts)


def deductions(owed: Account) -> list[tuple[str, Decimal]]:
    """What is taken off the overdue, named as in `deductions` of data/templates.yaml; what is 0 is left out."""
    parts = {"disputed": owed.disputed, "cash": owed.cash - owed.paper, "paper": owed.paper, "red": owed.red}
    return [(name, amount) for name, amount in parts.items() if amount]


def working(owed: Account) -> str:
    """How the demand is made up (请付数怎么来的)."""
    t = templates.load()
    taken = "".join(f"－{money(float(amount))}（{t.deductions[name]}）" for name, amount in deductions(owed))
    gross = money(float(owed.overdue)) + t.say["overdue_mark"]
    if not taken:
        return t.say["nothing_off"].format(amount=money(float(owed.overdue)), unit=_unit(owed))
    return f"{gross}{taken}＝{money(float(owed.demand))} {_unit(owed)}"


def disputes(owed: Account) -> str:
    """The overdue documents that are disputed, each with the amount."""
    late = owed.items[owed.items["overdue"] & (owed.items["disputed_amount"] > 0)]
    say, unit = templates.load().say["dispute"], _unit(owed)
    return "、".join(say.format(document=written.document(i), amount=written.units(i.disputed_amount), unit=unit)
                    for i in late.itertuples())


def matures(owed: Account) -> str:
    """When the paper held falls due: one day, or from the first to the last."""
    days = owed.bills["bill_due"]
    if not len(days):
        return "—"
    first, last = written.day(days.min()), written.day(days.max())
    return first if first == last else templates.load().say["from_to"].format(first=first, last=last)


def coming(owed: Account) -> tuple[date | None, Decimal]:
    """The next due date after the day, and what falls due then."""
    later = owed.items[(owed.items["open_amount"] > 0) & ~owed.items["overdue"] & owed.items["due"].notna()]
    if later.empty:
        return None, Decimal(0)
    first = later["due"].min()
    return first.date(), owed.total((owed.items["due"] == first) & (owed.items["open_amount"] > 0))


def matched(owed: Account) -> tuple[str, ...]:
    """Overdue documents that the cash received pays exactly (已收的款正好是哪几张): such a debt must not be dunned.

    Tried for each receipt and for all of them: one to three documents, and the oldest ones in a row.
    """
    late = owed.items[owed.items["overdue"]].sort_values(["due", "document_id"])
    amounts = late["open_amount"].tolist()
    receipts = (-owed.items.loc[(owed.items["document_type"] == "receipt") & (owed.items["open_amount"] < 0),
                                "open_amount"]).tolist()
    sets = [chosen for size in (1, 2, 3) for chosen in combinations(range(len(amounts)), size)]
    sets += [tuple(range(size)) for size in range(4, len(amounts) + 1)]
    for wanted in dict.fromkeys((*receipts, sum(receipts))):
        for chosen in sets if wanted else ():
            if sum(amounts[place] for place in chosen) == wanted:
                return tuple(written.document(i) for i in late.iloc[list(chosen)].itertuples())
    return ()


@dataclass(frozen=True)
class Difference:
    """The last statement the customer answered, where his balance is another: ``less`` is ours above his."""

    statement: str
    on: pd.Timestamp
    sealed: bool
    less: Decimal
    reason: str


def difference(owed: Account) -> Difference | None:
    """What the customer's last answer to a statement leaves apart (最近一次对账的差额)."""
    answered = owed.rows("statements", "confirmed_on").dropna(subset=["confirmed_on", "their_balance"])
    if answered.empty:
        return None
    last = answered.sort_values("as_of", kind="stable").iloc[-1]
    less = Decimal(str(last["our_balance"])) - Decimal(str(last["their_balance"]))
    if not less:
        return None
    return Difference(last["statement_id"], last["as_of"], last["sealed"] is True or last["sealed"] == 1, less,
                      written.text(last["difference_reason"]))


def unanswered(owed: Account) -> pd.DataFrame:
    """The statements sent after the last one that was answered (寄出没回的对账单)."""
    sent = owed.rows("statements", "sent_on").dropna(subset=["sent_on"])
    done = sent["confirmed_on"] <= pd.Timestamp(owed.today)
    return sent[~done & ~(sent["as_of"] <= sent.loc[done, "as_of"].max())]


def promises(owed: Account) -> pd.DataFrame:
    """The promises up to the day with what came of each, by the cash (承诺兑现)."""
    made = owed.rows("promises", "promised_on")
    cash = owed.rows("receipts", "received")
    cash = cash[~(cash["dishonoured"] <= pd.Timestamp(owed.today))]
    try:
        return kept_rate(made.assign(currency=owed.currency), cash.assign(currency=owed.currency), as_of=owed.today).detail
    except Undefined:  # none has passed its window
        return made.assign(paid=0.0, state="unripe")


def to_follow(owed: Account) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """What to follow up (要跟的承诺): promises not ripe, the next first; the last one not kept in full; how many more were
    not kept. The first two only on documents still open, or on none in particular."""
    made = promises(owed)
    broken = made["state"].isin(["broken", "part"])
    open_ids = owed.items.loc[owed.items["open_amount"] > 0, "document_id"]
    live = made["document_id"].isna() | made["document_id"].isin(open_ids)
    waiting = made[live & (made["state"] == "unripe") & (made["pay_by"] >= pd.Timestamp(owed.today))]
    last = made[live & broken].tail(1)
    return waiting.sort_values("pay_by", kind="stable"), last, int(broken.sum()) - len(last)
