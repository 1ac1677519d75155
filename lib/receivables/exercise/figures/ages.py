"""How old what is owed is: two dates to count from, tables that tie out or do not, what moved between two days.

Amounts in 元 unless a table says 万元. ``at`` is a day in the past of the lesson's own day.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from receivables import content, paths
from receivables.analysis import aging
from receivables.charts import words
from receivables.exercise.figures.base import ShownTable, figure, money, short_name
from receivables.ledger.company import profile
from receivables.talk import glossary


@cache
def ladders() -> aging.Ladders:
    """The course's ladders by name (data/ladders.yaml)."""
    return content.load(paths.data("ladders.yaml"), aging.Ladders)


def wan(value: float) -> str:
    """An amount in 万元 as tables show it.

    >>> wan(-175336.39)
    '−17.53'
    """
    return f"{value / 1e4:,.2f}".replace("-", "−")


def items_on(ledger: Any, day: pd.Timestamp, customer: str | None = None) -> pd.DataFrame:
    """Open items at the end of a day, with their age (``age``) and days past due (``late``)."""
    items = ledger.open_items(day)
    if customer is not None:
        items = items[items["customer_id"].astype(str) == customer]
    return items.assign(age=(day - items["issued"]).dt.days, late=(day - items["due"]).dt.days)


def schedule_on(ledger: Any, day: pd.Timestamp, *, ladder: str = "due_30_60_90", basis: str | None = None,
                by: str | None = None, customer: str | None = None) -> pd.DataFrame:
    """An aging schedule by one of the course's ladders."""
    return aging.schedule(items_on(ledger, day, customer), day, basis=basis, edges=ladders()[ladder], by=by)


def _day(as_of: pd.Timestamp, at: Any) -> pd.Timestamp:
    day = pd.Timestamp(at) if at is not None else as_of.normalize()
    if day > as_of:
        raise ValueError(f"{day:%Y-%m-%d} lies after the lesson's day {as_of:%Y-%m-%d}")
    return day


@figure
def aged(ledger: Any, as_of: pd.Timestamp, *, bucket: str, ladder: str = "due_30_60_90", customer: str | None = None,
         at: Any = None) -> float:
    """One column of the aging schedule (a bucket, ``credits``, ``total``), ``overdue``, or ``gross`` (all debts)."""
    day = _day(as_of, at)
    table = schedule_on(ledger, day, ladder=ladder, customer=customer)
    if bucket == "overdue":
        return round(float(aging.overdue(table).sum()), 2)
    if bucket == "gross":
        return round(float(table[aging.buckets(table)].sum(axis=None)), 2)
    return round(float(table[bucket].sum()), 2)


@figure
def aged_share(ledger: Any, as_of: pd.Timestamp, *, bucket: str, ladder: str = "due_30_60_90", at: Any = None) -> float:
    """A bucket (or ``overdue``) as a share of all debts, credits left out."""
    return (aged(ledger, as_of, bucket=bucket, ladder=ladder, at=at)
            / aged(ledger, as_of, bucket="gross", ladder=ladder, at=at))


@figure
def mean_late(ledger: Any, as_of: pd.Timestamp, *, at: Any = None) -> float:
    """Days past due, weighted by amount; what is not due counts as 0."""
    return float(schedule_on(ledger, _day(as_of, at)).attrs["mean_days"])


# -- one invoice, two ages -------------------------------------------------------------------------------------------

def _item(ledger: Any, as_of: pd.Timestamp, document: str) -> Any:
    items = items_on(ledger, as_of.normalize())
    found = items[(items["document_id"] == document) & (items["document_type"].astype(str) != "retention")]
    if len(found) != 1:
        raise ValueError(f"{document} is {len(found)} open items on {as_of:%Y-%m-%d}: choose one that is open")
    return next(found.itertuples())


@figure
def invoice(ledger: Any, as_of: pd.Timestamp, *, document: str, what: str) -> Any:
    """A fact of one open invoice: ``amount``, ``age``, ``late``, ``left`` (days until due), ``terms``, ``issued``,
    ``due``, ``customer``."""
    item = _item(ledger, as_of, document)
    facts = {"amount": float(item.open_amount), "age": int(item.age), "late": int(item.late), "left": -int(item.late),
             "terms": int((item.due - item.issued).days), "issued": f"{item.issued:%Y-%m-%d}",
             "due": f"{item.due:%Y-%m-%d}", "customer": customer_names(ledger)[str(item.customer_id)]}
    return facts[what]


@figure
def age_of(ledger: Any, as_of: pd.Timestamp, *, document: str, basis: str, slip: str = "") -> int:
    """Days from the invoice (``issued``) or past the due date (``due``; not due is 0).

    ``slip`` gives what people compute instead: ``both_ends`` counts the first day too, ``signed`` leaves the minus.
    """
    item = _item(ledger, as_of, document)
    days = int(item.age if basis == "issued" else item.late)
    if slip == "signed":
        return days
    return max(days, 0) + (slip == "both_ends")


def customer_names(ledger: Any) -> dict[str, str]:
    """Customers as people call them."""
    table = ledger.table("customers")
    return {str(key): short_name(name) for key, name in zip(table["customer_id"], table["name"], strict=True)}


@figure
def whom_first(ledger: Any, as_of: pd.Timestamp, *, documents: list[str]) -> ShownTable:
    """Invoices as the first glance sees them: customer, date, what was agreed, amount. No due date."""
    rows = []
    for document in documents:
        item = _item(ledger, as_of, document)
        rows.append([customer_names(ledger)[str(item.customer_id)], f"{item.issued:%Y-%m-%d}",
                     f"{(item.due - item.issued).days} 天", money(item.open_amount)])
    return ShownTable(["客户", "开票日", "账期", "未收"], rows)


@figure
def two_ages(ledger: Any, as_of: pd.Timestamp, *, customer: str, hide: list[str] = []) -> ShownTable:  # noqa: B006
    """A customer's open invoices with both ages; ``hide`` leaves cells open: ``1:issued``, ``2:due`` (row, basis)."""
    rows = []
    items = items_on(ledger, as_of.normalize(), customer)
    items = items[items["open_amount"] > 0].sort_values(["issued", "document_id"])
    for number, item in enumerate(items.itertuples()):
        cells = {"issued": str(item.age), "due": str(max(item.late, 0))}
        shown = ["" if f"{number}:{basis}" in hide else text for basis, text in cells.items()]
        rows.append([item.document_id.removeprefix("FP"), f"{item.issued:%m-%d}", f"{item.due:%m-%d}", *shown])
    return ShownTable(["发票", "开票日", "到期日", "开票几天", "逾期几天"], rows, unit="天")


@figure
def two_bases(ledger: Any, as_of: pd.Timestamp, *, customer: str | None = None) -> ShownTable:
    """The 30/60/90 buckets filled from the due date and from the invoice date, side by side, in 万元."""
    by_due = schedule_on(ledger, as_of.normalize(), customer=customer)
    by_issue = schedule_on(ledger, as_of.normalize(), basis="issued", customer=customer)
    rows = [["未到期", wan(by_due[aging.CURRENT].sum()), "—"]]
    for due, issued in zip(aging.buckets(by_due)[1:], aging.buckets(by_issue), strict=True):
        rows.append([words.bucket(due), wan(by_due[due].sum()), wan(by_issue[issued].sum())])
    rows += [["红字和没核销的钱", *(wan(table[aging.CREDITS].sum()) for table in (by_due, by_issue))],
             ["合计", *(wan(table[aging.TOTAL].sum()) for table in (by_due, by_issue))]]
    return ShownTable(["账龄", "按到期日（万元）", "按开票日（万元）"], rows, total=True, unit="万元")


# -- a table that does not tie out -----------------------------------------------------------------------------------

@figure
def untied(ledger: Any, as_of: pd.Timestamp, *, customers: list[str]) -> ShownTable:
    """An aging table as ledgers in the wild print it: what is not due stands in no column. In 万元."""
    table = schedule_on(ledger, as_of.normalize(), by="customer_id")
    late = aging.buckets(table)[1:]
    picked = table.loc[customers]
    rows = [[customer_names(ledger)[name], wan(0), *(wan(row[bucket]) for bucket in late), wan(row[late].sum()),
             wan(row[aging.TOTAL])] for name, row in picked.iterrows()]
    sums = picked.sum()
    rows.append(["合计", wan(0), *(wan(sums[bucket]) for bucket in late), wan(sums[late].sum()),
                 wan(sums[aging.TOTAL])])
    return ShownTable(["客户", "未到期", *(words.bucket(b) for b in late), "各栏合计", "台账余额"], rows, total=True,
                      unit="万元")


@figure
def untied_sum(ledger: Any, as_of: pd.Timestamp, *, customers: list[str], what: str) -> float:
    """Of the same customers: ``buckets`` (what the table adds up to), ``balance``, ``missing``."""
    picked = schedule_on(ledger, as_of.normalize(), by="customer_id").loc[customers]
    found = {"buckets": float(aging.overdue(picked).sum()), "balance": float(picked[aging.TOTAL].sum())}
    found["missing"] = found["balance"] - found["buckets"]
    return round(found[what], 2)


# -- what moved ------------------------------------------------------------------------------------------------------

def shift_between(ledger: Any, before: pd.Timestamp, after: pd.Timestamp, **thresholds: float) -> aging.Shift:
    """What moved between two days on the 30/60/90 ladder; thresholds as in ``analysis.shift``."""
    return aging.shift(schedule_on(ledger, before), schedule_on(ledger, after), **thresholds)


@figure
def shifted(ledger: Any, as_of: pd.Timestamp, *, before: Any, what: str, bucket: str = "91+", at: Any = None) -> float:
    """One figure of an aging shift.

    ``growth`` of the bucket's amount, ``points`` of its share, ``share_growth`` (the share's growth in itself),
    ``of_after`` (growth over the amount after), ``mean_growth`` of the weighted days, ``change`` in 元.
    """
    moved = shift_between(ledger, _day(as_of, before), _day(as_of, at))
    row = moved.table.loc[bucket]
    found = {"growth": row["growth"], "points": row["points"], "change": row["change"],
             "share_growth": row["share_after"] / row["share_before"] - 1, "of_after": row["change"] / row["after"],
             "mean_growth": moved.days_growth}
    return float(found[what])


@figure
def shift_table(ledger: Any, as_of: pd.Timestamp, *, before: Any, at: Any = None) -> ShownTable:
    """Two aging schedules side by side, each with its shares; amounts in 万元."""
    start, end = _day(as_of, before), _day(as_of, at)
    moved = shift_between(ledger, start, end).table
    rows = [[words.bucket(name), wan(row["before"]), f"{row['share_before']:.1%}", wan(row["after"]),
             f"{row['share_after']:.1%}"] for name, row in moved.iterrows()]
    rows.append(["合计", wan(moved["before"].sum()), "100%", wan(moved["after"].sum()), "100%"])
    return ShownTable(["账龄", f"{start.month} 月末", "占比", f"{end.month} 月末", "占比"], rows, total=True, unit="万元")


# -- what to do when, and whom to see first --------------------------------------------------------------------------

@figure
def policy_step(ledger: Any, as_of: pd.Timestamp, *, day: int) -> str:
    """What the company's own ladder does on a day past due, and who does it."""
    step = next(step for step in profile().policy.ladder if step.day == day)
    return f"{step.step}（{step.owner}）"


def _worst(ledger: Any, day: pd.Timestamp, count: int) -> pd.DataFrame:
    """The customers with most overdue: what is ``late``, what is ``old``, the days of the oldest, the last money."""
    table = schedule_on(ledger, day, by="customer_id")
    table.index = table.index.astype(str)
    items = items_on(ledger, day)
    oldest = items[items["open_amount"] > 0].groupby(items["customer_id"].astype(str))["late"].max()
    receipts = ledger.table("receipts")
    receipts = receipts[(receipts["received"] <= day) & (receipts["amount"] > 0)]
    paid = receipts.groupby(receipts["customer_id"].astype(str))["received"].max()
    found = pd.DataFrame({"late": aging.overdue(table), "old": table["91+"], "days": oldest,
                          "paid": paid}).loc[table.index]
    return found.sort_values("late", ascending=False, kind="stable").head(count)


@figure
def worst(ledger: Any, as_of: pd.Timestamp, *, count: int) -> ShownTable:
    """The customers with most overdue as a table; amounts in 万元."""
    names, day = customer_names(ledger), as_of.normalize()
    rows = [[names[row.Index], wan(row.late), wan(row.old), f"{int(row.days)} 天",
             f"{row.paid:%m-%d}" if row.paid.year == day.year else f"{row.paid:%Y-%m}"]
            for row in _worst(ledger, day, count).itertuples()]
    return ShownTable(["客户", "逾期", "90 天以上", "最久", "上次到账"], rows, unit="万元")


@figure
def worst_customer(ledger: Any, as_of: pd.Timestamp, *, rank: int, what: str) -> float:
    """``late``, ``old`` (more than 90 days, in 元) or ``days`` of the customer at a rank of that table."""
    return float(_worst(ledger, as_of.normalize(), rank).iloc[rank - 1][what])


@figure
def paper_trail(ledger: Any, as_of: pd.Timestamp, *, document: str) -> ShownTable:
    """What is known of one open invoice: its days, its amount, the delivery note, the last statement and money."""
    item, day = _item(ledger, as_of, document), as_of.normalize()
    customer = str(item.customer_id)
    bill = ledger.table("invoices").set_index("document_id").loc[document]
    note = ledger.table("deliveries").set_index("delivery_id").loc[bill["delivery_id"]]
    signed = "客户签收过" if bool(note["signed"]) else "没有签收"
    held = "原件在我们手上" if bool(note["original_held"]) else "原件找不到了"
    sent = ledger.table("statements")
    sent = sent[(sent["customer_id"].astype(str) == customer) & (sent["confirmed_on"] <= day)]
    money_in = ledger.table("receipts")
    money_in = money_in[(money_in["customer_id"].astype(str) == customer) & (money_in["received"] <= day)]
    rows = [["客户", customer_names(ledger)[customer]], ["未收", f"{item.open_amount:,.2f} 元"],
            ["开票", f"{item.issued:%Y-%m-%d}，{item.age} 天前"], ["到期", f"{item.due:%Y-%m-%d}，逾期 {item.late} 天"],
            ["送货单", f"{signed}，{held}"],
            ["最近一张盖回来的对账单", f"截至 {sent['as_of'].max():%Y-%m-%d}" if len(sent) else "没有"],
            ["最近一次到账", f"{money_in['received'].max():%Y-%m-%d}（付的是别的票）"]]
    return ShownTable(["事实", "台账里怎么写的"], rows, prose=True)


@figure
def ladder_labels(ledger: Any, as_of: pd.Timestamp, *, ladder: str = "seed") -> ShownTable:
    """What a ladder says to do in each bucket (data/ladders.yaml)."""
    rungs = ladders()[ladder]
    return ShownTable(["档", "提示"], [[words.bucket(name), label] for name, label in rungs.labels.items()], unit="",
                      prose=True)


@figure
def policy_days(ledger: Any, as_of: pd.Timestamp, *, what: str, kind: str = "installer") -> Any:
    """Days of the company's ladder: ``lead`` before due, the ``steps`` after, ``terms`` usual for a kind of customer,
    ``last`` (days from the invoice to the last step on those terms)."""
    policy = profile().policy
    days = [step.day for step in policy.ladder]
    terms = policy.standard_terms[kind]
    return {"lead": -min(days), "steps": "、".join(str(day) for day in days if day > 0), "terms": terms,
            "last": terms + max(days)}[what]


@figure
def day_back(ledger: Any, as_of: pd.Timestamp, *, days: int, document: str) -> str:
    """The day that lies ``days`` and the terms of an invoice before today."""
    return words.day(as_of - pd.Timedelta(days=days + invoice(ledger, as_of, document=document, what="terms")))


@figure
def policy_ladder(ledger: Any, as_of: pd.Timestamp) -> ShownTable:
    """The company's own ladder: the day past due, what is done and who steps in."""
    steps = [step for step in profile().policy.ladder if step.day > 0]
    return ShownTable(["逾期", "做什么", "谁出面"], [[f"{step.day} 天", step.step, step.owner] for step in steps], unit="",
                      prose=True)


@figure
def named_list(ledger: Any, as_of: pd.Timestamp, *, term: str, head: list[str]) -> ShownTable:
    """A named list of the course's vocabulary (data/glossary.yaml) as a table."""
    return ShownTable(head, [[item.name, item.meaning] for item in glossary.load().term(term).items], unit="",
                      prose=True)
