"""How much we can carry: the three ceilings (资金线、周转线、损失线) and what longer terms bring and cost. In 元."""

from __future__ import annotations

from typing import Any

import pandas as pd

from receivables.analysis import dso, trade_credit
from receivables.errors import Undefined
from receivables.exercise.figures.base import ShownTable, figure, money
from receivables.exercise.figures.owed import balance
from receivables.ledger.company import profile

NAMES = {"funding": "资金线", "turnover": "周转线", "loss": "损失线"}


def _year(ledger: Any, as_of: pd.Timestamp) -> float:
    """Sales on credit of the last twelve months with VAT, credit notes taken off."""
    months = ledger.monthly(as_of).tail(12)
    if len(months) < 12 or not bool(months["complete"].all()):
        raise Undefined(f"the ledger has no twelve full months before {as_of:%Y-%m-%d}")
    return round(float((months["sales"] - months["credited"]).sum()), 2)


@figure
def sales_a_year(ledger: Any, as_of: pd.Timestamp) -> float:
    """Sales on credit of the last twelve months with VAT, in 元."""
    return _year(ledger, as_of)


@figure
def daily_sales(ledger: Any, as_of: pd.Timestamp, *, tax: str = "gross") -> float:
    """Sales on credit a day, with VAT (``gross``) or without, in 元."""
    return _year(ledger, as_of) / 365 / (1 if tax == "gross" else 1 + profile().money.vat_rate)


@figure
def actual_dso(ledger: Any, as_of: pd.Timestamp) -> float:
    """Days of sales that the balance stands for, on the last twelve months, both with VAT."""
    return dso.simple(balance(ledger, as_of), _year(ledger, as_of), 365)


def ceilings(ledger: Any, as_of: pd.Timestamp, **changed: float) -> trade_credit.Affordable:
    """The three ceilings of the company; ``changed`` replaces facts (``free_funds``, ``target_dso`` ...)."""
    known = profile().ceilings
    facts = {"free_funds": known.free_funds, "cash_per_yuan": known.cash_per_yuan, "target_dso": known.target_dso,
             "tolerable_loss": known.tolerable_loss, "loss_rate": known.expected_loss_rate}
    return trade_credit.affordable_receivable(**(facts | {"daily_sales": daily_sales(ledger, as_of)} | changed))


@figure
def ceiling(ledger: Any, as_of: pd.Timestamp, *, line: str, more_funds: float = 0.0, target_dso: float | None = None,
            tax: str = "gross") -> float:
    """One ceiling by name (``funding``, ``turnover``, ``loss``) or the least of them (``limit``), in 元."""
    changed = {"free_funds": profile().ceilings.free_funds + more_funds,
               "daily_sales": daily_sales(ledger, as_of, tax=tax)}
    changed |= {"target_dso": target_dso} if target_dso is not None else {}
    return round(getattr(ceilings(ledger, as_of, **changed), line), 2)


@figure
def ceiling_by_product(ledger: Any, as_of: pd.Timestamp, *, line: str) -> float:
    """The funding or loss ceiling multiplied where one divides: the usual slip. In 元."""
    known = profile().ceilings
    return {"funding": known.free_funds * known.cash_per_yuan,
            "loss": known.tolerable_loss * known.expected_loss_rate}[line]


@figure
def binding(ledger: Any, as_of: pd.Timestamp) -> str:
    """Name of the line that is lowest."""
    return NAMES[ceilings(ledger, as_of).binds[0]]


@figure
def over_the_line(ledger: Any, as_of: pd.Timestamp) -> float:
    """How far the balance stands above the lowest line, in 元."""
    return round(balance(ledger, as_of) - ceilings(ledger, as_of).limit, 2)


@figure
def overdue_debts(ledger: Any, as_of: pd.Timestamp) -> float:
    """What customers owe past its due date, credits and unapplied cash not taken off, in 元."""
    return float(ledger.monthly(as_of)["overdue_end"].iloc[-1])


@figure
def overdue_debt_share(ledger: Any, as_of: pd.Timestamp) -> float:
    """What is past its due date as a share of what customers owe, credits not taken off."""
    last = ledger.monthly(as_of).iloc[-1]
    return float(last["overdue_end"] / (last["overdue_end"] + last["current_end"]))


@figure
def overdue_to_collect(ledger: Any, as_of: pd.Timestamp) -> float:
    """The share of what is overdue that would bring the balance down to the lowest line."""
    return over_the_line(ledger, as_of) / overdue_debts(ledger, as_of)


@figure
def cash_short(ledger: Any, as_of: pd.Timestamp) -> float:
    """Cash laid out for the balance beyond the funds meant for it, in 元."""
    known = profile().ceilings
    return round(balance(ledger, as_of) * known.cash_per_yuan - known.free_funds, 2)


@figure
def ceiling_table(ledger: Any, as_of: pd.Timestamp) -> ShownTable:
    """The three lines, to be reckoned out."""
    return ShownTable(["线", "上限（万元）"], [[name, ""] for name in NAMES.values()], unit="万元")


# -- longer terms for one customer -----------------------------------------------------------------------------------

def _terms(ledger: Any, as_of: pd.Timestamp, customer: str, before: int, after: int, extra: float) -> dict[str, float]:
    """What more sales on longer terms bring and cost in a year."""
    facts, known = profile().money, profile().ceilings
    invoices = ledger.table("invoices")
    mine = (invoices["customer_id"].astype(str) == customer) & (invoices["issued"] <= as_of) & (
        invoices["issued"] > as_of - pd.DateOffset(years=1))
    now = round(float(invoices.loc[mine, "amount"].sum()), 2)

    def tied(sales: float, days: int) -> float:
        return sales / 365 * days

    def interest(sales: float, days: int) -> float:
        return trade_credit.carrying_cost(sales=sales, collection_days=days, rate=facts.borrowing_rate,
                                          cost_ratio=known.cash_per_yuan)

    receivable = tied(now + extra, after) - tied(now, before)
    found = {"now": now, "margin": extra / (1 + facts.vat_rate) * facts.gross_margin, "receivable": receivable,
             "cash": receivable * known.cash_per_yuan, "interest": interest(now + extra, after) - interest(now, before),
             "loss": receivable * known.expected_loss_rate}
    return found | {"gain": found["margin"] - found["interest"] - found["loss"]}


@figure
def longer_terms(ledger: Any, as_of: pd.Timestamp, *, what: str, customer: str, before: int, after: int,
                 extra: float) -> float:
    """What ``extra`` sales a year (with VAT) on ``after`` instead of ``before`` days bring and cost: one of ``now``,
    ``margin``, ``receivable``, ``cash``, ``interest``, ``loss``, ``gain``; in 元 a year."""
    return round(_terms(ledger, as_of, customer, before, after, extra)[what], 2)


@figure
def terms_table(ledger: Any, as_of: pd.Timestamp, *, customer: str, before: int, after: int,
                extra: float) -> ShownTable:
    """The same as a table: margin, interest, expected loss, gain, and below them the cash that has to be found."""
    found = _terms(ledger, as_of, customer, before, after, extra)
    rows = [["多赚的毛利", money(found["margin"])], ["多付的利息", money(-found["interest"])],
            ["预计坏账", money(-found["loss"])], ["一年净多赚", money(found["gain"])],
            ["要多垫的现金", money(found["cash"])]]
    return ShownTable(["算一年", "元"], rows)
