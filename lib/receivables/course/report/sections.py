"""The sections of the report, each for one currency. A section that the data cannot support raises Undefined."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from receivables import charts, content, paths
from receivables.analysis import aging, dso
from receivables.charts import words
from receivables.charts.words import bucket
from receivables.course.report.blocks import Blocks
from receivables.course.report.view import View
from receivables.course.report.words import days, head, money, percent, say, signed, told
from receivables.errors import Undefined

FORMS = ("dso_simple", "dso_average", "dso_rolling3", "dso_countback", "dso_aged", "bpdso", "add")
BACK, TOP, FIRST = 12, 10, 5
LADDERS = "ladders.yaml"


def balance(view: View, blocks: Blocks) -> None:
    """What is owed net, against the general ledger and the movements of twelve months."""
    control = []
    try:
        compared = view.ledger.control(view.as_of, currency=view.currency)
        control = [[say("balance_control"), money(compared["control"])],
                   [say("balance_difference"), money(compared["difference"])]]
        difference = compared["difference"]
        if difference:
            blocks.say(say("balance_differs", difference=money(difference)), loud=True)
        else:
            blocks.say(say("balance_ties"))
    except Undefined:
        blocks.say(say("balance_no_control"))
    blocks.table(head("balance_head"), _parts(view.items), total=[say("net"), money(view.balance)])
    if control:
        blocks.table(head("balance_head"), control)
    monthly = view.monthly.tail(BACK)
    flows = ["sales", "collections", "credited", "written_off"]
    columns = ["ar_begin", *flows, "ar_end"]
    sums = ["", *(money(monthly[name].sum()) for name in flows), ""]
    blocks.table(head("roll_head"), [[row["month"], *(money(row[name]) for name in columns)]
                                     for _, row in monthly.iterrows()],
                 total=[say("total"), *sums], caption=say("roll_caption", months=len(monthly)))
    blocks.say(say("roll_ties", closing=money(monthly["ar_end"].iloc[-1])))
    if (monthly["written_off"] < 0).any():
        blocks.say(say("roll_recovered"))


def _parts(items: pd.DataFrame) -> list[list[str]]:
    """What the net balance is made of: debts, retention among them, then what was paid or credited and not applied."""
    amounts, kind = items["open_amount"], items["document_type"].astype("str")
    debts, retained = amounts > 0, (amounts > 0) & (kind == "retention")
    rows = [["gross", debts]]
    if retained.any():
        rows = [["invoices", debts & ~retained], ["retention", retained], *rows]
    rows += [["cash", (amounts < 0) & (kind == "receipt")], ["credits", (amounts < 0) & (kind != "receipt")]]
    return [[say(f"balance_{name}"), money(round(amounts[which].sum(), 2))] for name, which in rows]


def ages(view: View, blocks: Blocks) -> None:
    """By due date, by invoice date on the seed's ladder, and by salesperson."""
    table = view.schedule()
    blocks.chart(charts.aging_bars(table, currency=_unit(view)))
    _ladder_table(blocks, aging.summary(view.items, view.as_of), "aging_head", say("aging_caption"))
    total = round(float(table["total"].sum()), 2)
    blocks.say(say("aging_ties", total=money(total), balance=money(view.balance),
                   difference=money(round(total - view.balance, 2))))
    owed, late = float(table[aging.buckets(table)].sum().sum()), float(aging.overdue(table).sum())
    if late > 0:
        count = int((view.items["due"].lt(view.as_of) & view.items["open_amount"].gt(0)).sum())
        blocks.say(say("aging_overdue", amount=money(round(late, 2)), count=count, share=percent(late / owed)))
    seed = content.load(paths.data(LADDERS), aging.Ladders)["seed"]
    _ladder_table(blocks, aging.summary(view.items, view.as_of, edges=seed), "seed_head",
                  say("seed_caption", name=seed.name), seed.labels)
    if view.items["salesperson"].notna().any():
        sellers = view.schedule(by="salesperson").rename(index={"(missing)": say("missing")})
        names = list(sellers.columns)
        rows = zip(sellers.index, sellers.to_numpy(), strict=True)
        blocks.table([say("seller_head"), *map(bucket, names)], [[str(name), *map(money, row)] for name, row in rows],
                     total=[say("total"), *(money(round(sellers[name].sum(), 2)) for name in names)],
                     caption=say("seller_caption"))


def listed(view: View, blocks: Blocks) -> None:
    """An aged list as it came: its own buckets, nothing more."""
    amounts = view.ledger.aged(currency=view.currency).groupby("bucket", sort=False)["amount"].sum().round(2)
    blocks.table(head("aged_head"), [[str(name), money(amount)] for name, amount in amounts.items()],
                 total=[say("total"), money(round(amounts.sum(), 2))])


def holders(view: View, blocks: Blocks) -> None:
    """Who holds the overdue money."""
    table = view.schedule(by="customer_id")
    late = aging.overdue(table).rename(index=view.names)
    blocks.chart(chart := charts.overdue_pareto(late, currency=_unit(view)))
    if chart.data.empty:
        blocks.say(say("holders_none"))
        return
    debts = view.items[(view.items["open_amount"] > 0) & (view.items["due"] < view.as_of)]
    names = debts["customer_id"].astype("str").map(view.names)
    oldest = (view.as_of - debts["due"]).dt.days.groupby(names).max()
    net = table["total"].rename(index=view.names)
    top, rest = chart.data.head(TOP), chart.data.iloc[TOP:]
    rows = [[name, money(row.amount), percent(row.share), percent(row.cumulative), str(oldest[name]),
             money(round(net[name], 2))] for name, row in zip(top.index, top.itertuples(), strict=True)]
    if len(rest):
        rows.append([say("holders_rest", count=len(rest)), money(round(rest["amount"].sum(), 2)),
                     percent(rest["share"].sum()), percent(1.0), str(oldest[rest.index].max()),
                     money(round(net[rest.index].sum(), 2))])
    blocks.table(head("holders_head"), rows, caption=say("holders_caption", count=len(top)),
                 total=[say("holders_total", count=len(chart.data)), money(round(chart.data["amount"].sum(), 2)),
                        percent(1.0), "", str(oldest.max()), money(round(net[chart.data.index].sum(), 2))])


def dso_forms(view: View, blocks: Blocks) -> None:
    """DSO of the last month in all its forms, and over twelve months."""
    ratios, monthly = view.ratios, view.monthly
    last = monthly["month"].iloc[-1]
    reasons = {gap["figure"]: gap["reason"] for gap in ratios.attrs["undefined"] if gap["month"] == last}
    values: dict[str, float | str] = {name: reasons.get(name, ratios.at[last, name])
                                      for name in FORMS if name in ratios}
    cut_off = set(reasons) == set(ratios.columns)
    values["dso_average"] = reasons["dso_simple"] if cut_off else _value(
        lambda: dso.average(monthly["ar_begin"].iloc[-1], monthly["ar_end"].iloc[-1], monthly["sales"].iloc[-1],
                            monthly["days"].iloc[-1]))
    values["dso_aged"] = reasons["dso_simple"] if cut_off else _value(
        lambda: dso.aged(_open_by_month(view), monthly["sales"].tolist(), monthly["days"].tolist()))
    blocks.table(head("dso_head"), [_form(name, values[name]) for name in FORMS], words=(0, 2),
                 caption=say("dso_caption", month=last))
    figures = [values[name] for name in FORMS[:5] if not isinstance(values[name], str)]
    if len(figures) > 1:
        sales = "、".join(money(value) for value in monthly["sales"].tail(3))
        blocks.say(say("dso_spread", days=days(max(figures) - min(figures)), sales=sales))
    blocks.say(say("dso_basis"))
    blocks.chart(charts.dso_lines(ratios.tail(BACK)))


def shifts(view: View, blocks: Blocks) -> None:
    """Against three and twelve months before, with the flow of the months between."""
    now = view.schedule()
    dates = [view.before(back) for back in range(BACK, 0, -1)]
    known = {str(day.date()): view.schedule(day) for day in dates
             if view.ledger.first_issued is not None and day >= view.ledger.first_issued}
    if known:
        blocks.chart(charts.aging_flow(known | {str(view.as_of.date()): now}, currency=_unit(view)))
    for back in (3, BACK):
        date = view.before(back)
        title = say("shift_caption", date=date.date(), months=back)
        try:
            moved = aging.shift(view.schedule(date), now)
        except Undefined as undefined:
            blocks.head(title)
            blocks.say(say("no_section", reason=told(undefined.reason)))
            continue
        _shift_table(blocks, moved, title)
        if back == 3:
            blocks.chart(charts.shift_waterfall(moved, before=str(date.date()), after=str(view.as_of.date()),
                                                currency=_unit(view)))


def five(view: View, blocks: Blocks) -> None:
    """The five items with the most amount x days past due."""
    debts = view.items[(view.items["open_amount"] > 0) & (view.items["due"] < view.as_of)].copy()
    if debts.empty:
        blocks.say(say("holders_none"))
        return
    debts["late"] = (view.as_of - debts["due"]).dt.days
    debts["weight"] = debts["open_amount"] * debts["late"]
    first = debts.sort_values(["weight", "document_id"], ascending=[False, True]).head(FIRST)
    per = words.Money.of(first["open_amount"], _unit(view))
    blocks.table([*head("five_head"), say("five_weight", unit=per.unit)], [
        [view.names[item.customer_id], f"{item.document_id}{say('disputed') if item.disputed else ''}",
         str(item.due.date()), str(item.late), money(item.open_amount), f"{item.weight / per.per:,.1f}"]
        for item in first.itertuples()], caption=say("five_caption"), words=(0, 1))


def gaps(view: View, several: bool) -> list[str]:
    """What has no figure, a line for each reason; months with the same gaps told together."""
    where = f"{say('currency_head', currency=view.name)} · " if several else ""
    try:
        ratios = view.ratios
    except Undefined as undefined:
        return [where + told(undefined.reason)]
    months: dict[tuple, list[str]] = {}
    shown = set(ratios.index[-BACK:])
    for month in ratios.index:
        by_reason: dict[str, list[str]] = {}
        for gap in ratios.attrs["undefined"]:
            if gap["month"] == month and month in shown:
                by_reason.setdefault(gap["reason"], []).append(gap["figure"])
        for reason, figures in by_reason.items():
            months.setdefault((reason, tuple(figures)), []).append(month)
    return [where + say("limits_line", months="、".join(when), reason=told(reason),
                        figures="、".join(say(f"figure_{name}") for name in figures))
            for (reason, figures), when in months.items()]


def _unit(view: View) -> str:
    """The currency on an axis; a file that names none is read as yuan."""
    return "CNY" if view.currency == "XXX" else view.currency


def _ladder_table(blocks: Blocks, summary: pd.DataFrame, key: str, caption: str,
                  labels: dict[str, str] | None = None) -> None:
    body = summary.drop([aging.CREDITS, aging.TOTAL])
    gross = body["amount"].sum()
    rows = [[bucket(name), *([labels.get(name, "")] if labels else []), f"{row['count']:,.0f}", money(row["amount"]),
             percent(row["amount"] / gross if gross else float("nan"))] for name, row in body.iterrows()]
    space = [""] if labels else []
    for name, row in summary.loc[[aging.CREDITS, aging.TOTAL]].iterrows():
        rows.append([bucket(name), *space, f"{row['count']:,.0f}", money(row["amount"]), ""])
    blocks.table(head(key), rows[:-1], total=rows[-1], caption=caption, words=(0, 1) if labels else (0,))


def _form(name: str, value: float | str) -> list[str]:
    if isinstance(value, str):
        return [say(f"form_{name}"), "—", told(value)]
    return [say(f"form_{name}"), days(value), say(f"dso_why_{name}")]


def _value(call: Callable[[], float]) -> float | str:
    try:
        return call()
    except Undefined as undefined:
        return undefined.reason


def _open_by_month(view: View) -> list[float]:
    """What is still open of each month's invoices; credits apart, as in the aging schedule."""
    debts = view.items[view.items["open_amount"] > 0]
    born = debts["open_amount"].groupby(debts["issued"].dt.strftime("%Y-%m")).sum()
    return born.reindex(view.monthly["month"], fill_value=0.0).tolist()


def _shift_table(blocks: Blocks, moved: aging.Shift, caption: str) -> None:
    rows = [[bucket(name), money(row["before"]), money(row["after"]), signed(money(row["change"]), row["change"]),
             signed(percent(row["growth"]), row["growth"]),
             say("points", value=signed(f"{row['points'] * 100:.1f}".replace("-", "−"), row["points"]))]
            for name, row in moved.table.iterrows()]
    sums = moved.table[["before", "after", "change"]].sum().round(2)
    blocks.table(head("shift_head"), rows, caption=caption, total=[
        say("total"), money(sums["before"]), money(sums["after"]), signed(money(sums["change"]), sums["change"]),
        signed(percent(sums["change"] / sums["before"]), sums["change"]), ""])
    blocks.say(say("shift_age", before=days(moved.days_before), after=days(moved.days_after), psi=f"{moved.psi:.3f}"))
    lines = [say(f"shift_flag_{flag.code}", threshold=f"{flag.threshold:.0%}",
                 bucket=bucket(flag.bucket) if flag.bucket else "",
                 value=percent(abs(flag.value)) if flag.value is not None else "") for flag in moved.flags]
    if lines:
        blocks.list(lines)
    else:
        blocks.say(say("shift_quiet"))
