"""Turnover and DSO in their forms, a month's figures, and what old debts really brought: of one ledger at one date."""

from __future__ import annotations

from typing import Any

import pandas as pd

from receivables.analysis import aging, concentration, dso, effectiveness, turnover
from receivables.exercise.figures.ages import _day, items_on, schedule_on, wan
from receivables.exercise.figures.base import ShownTable, figure, money
from receivables.ledger.company import profile


def _year(ledger: Any, as_of: pd.Timestamp) -> tuple[float, float, float]:
    """Net sales of twelve months (credit notes taken off), receivables at their beginning and end."""
    months = ledger.monthly(as_of).tail(12)
    net = float((months["sales"] - months["credited"]).sum()) / (1 + profile().money.vat_rate)
    return round(net, 2), float(months["ar_begin"].iloc[0]), float(months["ar_end"].iloc[-1])


@figure
def turned(ledger: Any, as_of: pd.Timestamp, *, form: str = "days", tax: str = "even", balance: str = "average",
           year: int = 365) -> float:
    """Turnover of the last twelve months in ``days`` or ``times``.

    ``tax="mixed"`` divides sales without VAT by receivables with it; ``balance`` is ``average`` or ``closing``.
    """
    net, opening, closing = _year(ledger, as_of)
    basis = {"tax_basis": "net_sales", "vat": profile().money.vat_rate} if tax == "even" else {}
    opening = closing if balance == "closing" else opening
    if form == "times":
        return turnover.times(net, opening, closing, **basis)
    return turnover.days(net, opening, closing, year=year, **basis)


@figure
def turnover_facts(ledger: Any, as_of: pd.Timestamp) -> ShownTable:
    """What turnover is made of, each with its tax basis."""
    net, opening, closing = _year(ledger, as_of)
    start = (as_of - pd.DateOffset(years=1)).normalize()
    rows = [[f"应收余额 {start:%Y-%m-%d}", "含税", money(opening)], [f"应收余额 {as_of:%Y-%m-%d}", "含税", money(closing)],
            ["这 12 个月的销售收入", "不含税", money(net)], ["增值税率", "", f"{profile().money.vat_rate:.0%}"]]
    return ShownTable(["项目", "口径", "元"], rows)


@figure
def dso_form(ledger: Any, as_of: pd.Timestamp, *, form: str, at: Any = None) -> float:
    """DSO of the month that ends on the day: ``simple``, ``average``, ``rolling``, ``countback``, ``aged``, ``best``."""
    day = _day(as_of, at)
    months = ledger.monthly(day)
    last, sales, days = months.iloc[-1], months["sales"].tolist(), months["days"].tolist()
    if form == "simple":
        return dso.simple(last["ar_end"], sales[-1], days[-1])
    if form == "average":
        return dso.average(last["ar_begin"], last["ar_end"], sales[-1], days[-1])
    if form == "rolling":
        return dso.simple(last["ar_end"], sales[-3:], days[-3:])
    if form == "countback":
        return dso.countback(last["ar_end"], sales, days)
    if form == "best":
        return dso.best_possible(last["current_end"], sales[-1], days[-1])
    if form != "aged":
        raise ValueError(f"no form {form!r}: simple, average, rolling, countback, aged or best")
    items = items_on(ledger, day)
    items = items[items["open_amount"] > 0]
    born = items.groupby(items["issued"].dt.strftime("%Y-%m"))["open_amount"].sum()
    return dso.aged(born.reindex(months["month"]).fillna(0.0).tolist(), sales, days)


@figure
def month_figure(ledger: Any, as_of: pd.Timestamp, *, what: str, at: Any = None) -> float:
    """A figure of the month that ends on the day: ``sales``, ``written_off``, ``credited``, ``overdue_end`` ... in 元."""
    return float(ledger.monthly(_day(as_of, at)).iloc[-1][what])


@figure
def two_months(ledger: Any, as_of: pd.Timestamp, *, before: Any, at: Any) -> ShownTable:
    """Two month-ends side by side: the figures that went well, and the movements behind them."""
    columns = []
    for day in (_day(as_of, before), _day(as_of, at)):
        last, table = ledger.monthly(day).iloc[-1], schedule_on(ledger, day)
        share = aging.shares(table)["91+"].iloc[0]
        columns.append([f"{dso.simple(last['ar_end'], last['sales'], last['days']):.1f} 天", f"{share:.1%}",
                        f"{table.attrs['mean_days']:.1f} 天", wan(aging.overdue(table).sum()), wan(last["sales"]),
                        wan(last["collections"]), wan(last["credited"]), wan(last["written_off"])])
    names = ["DSO（期末余额法）", "90 天以上占欠款", "加权平均逾期天数", "逾期金额", "当月开票", "当月收款", "当月红字",
             "当月核销"]
    rows = [list(row) for row in zip(names, *columns, strict=True)]
    return ShownTable(["指标", *(f"{pd.Timestamp(day).month} 月" for day in (before, at))], rows, unit="万元")


@figure
def old_debts(ledger: Any, as_of: pd.Timestamp, *, over: int, years: int = 1, what: str = "share") -> float:
    """What came in within ``years`` on debts that were more than ``over`` days late before them.

    ``share`` of their amount that was paid in money, the ``amount`` itself in 元, or ``two``: what the two largest
    debtors hold of it.
    """
    start = (as_of - pd.DateOffset(years=years)).normalize()
    items = items_on(ledger, start)
    old = items[(items["late"] > over) & (items["open_amount"] > 0)]
    owed = old.groupby(["document_id", "due"])["open_amount"].sum()
    if what == "amount":
        return round(float(owed.sum()), 2)
    if what == "two":
        return concentration.top_share(old.groupby(old["customer_id"].astype(str))["open_amount"].sum(), 2)
    paid = ledger.settlements()
    paid = paid[(paid["applied"] > start) & (paid["applied"] <= as_of) & (paid["source_type"].astype(str) == "receipt")]
    got = paid.groupby(["document_id", "due"])["amount"].sum().reindex(owed.index).fillna(0.0)
    return effectiveness.recovery_rate(owed.tolist(), got.tolist()).by_amount
