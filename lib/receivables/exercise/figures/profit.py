"""What late and lost money costs: interest, margin, sales to make it good, commission. In 元, from one ledger.

Margins and rates are the company's (data/company.yaml). A receivable carries VAT, sales and margin do not. What is
lost is lost with its VAT: it was paid to the state when the invoice was issued and does not come back with a bad debt
(增值税法第28条，2026-01-01 起: due on the right to collect; no relief for bad debts was found in it).
"""

from __future__ import annotations

import math
from functools import reduce
from typing import Any

import pandas as pd

from receivables.analysis import trade_credit
from receivables.analysis.commission import commission, loss_charge
from receivables.errors import Undefined
from receivables.exercise.figures.base import ShownTable, figure, money, short_name
from receivables.exercise.figures.owed import overdue
from receivables.ledger.company import profile


@figure
def company(ledger: Any, as_of: pd.Timestamp, *, name: str) -> Any:
    """One fact of the company by its place in data/company.yaml: ``money.borrowing_rate``, ``name`` ..."""
    return reduce(getattr, name.split("."), profile())


def _payments(ledger: Any, as_of: pd.Timestamp) -> pd.DataFrame:
    """What came in on which invoice, with the days it came late."""
    paid = ledger.settlements()
    paid = paid[(paid["source_type"] == "receipt") & (paid["applied"] <= as_of)]
    return paid.assign(late=(paid["applied"] - paid["due"]).dt.days, held=(paid["applied"] - paid["issued"]).dt.days,
                       customer=paid["customer_id"].astype(str))


def _payment(ledger: Any, as_of: pd.Timestamp, document: str) -> Any:
    """The one payment of an invoice; exercises use invoices that were paid at once."""
    paid = _payments(ledger, as_of)
    paid = paid[paid["document_id"] == document]
    if len(paid) != 1:
        raise Undefined(f"{document} was paid {len(paid)} times by {as_of:%Y-%m-%d}: choose one paid at once")
    return next(paid.itertuples())


def _net(amount: float) -> float:
    return amount / (1 + profile().money.vat_rate)


# -- late ------------------------------------------------------------------------------------------------------------

@figure
def received(ledger: Any, as_of: pd.Timestamp, *, document: str, tax: str = "gross") -> float:
    """What was paid on an invoice, with VAT (``gross``) or without (``net``), in 元."""
    amount = float(_payment(ledger, as_of, document).amount)
    return round(amount if tax == "gross" else _net(amount), 2)


@figure
def billed(ledger: Any, as_of: pd.Timestamp, *, document: str) -> float:
    """What the invoice said, in 元."""
    invoices = ledger.table("invoices").set_index("document_id")
    return float(invoices.loc[document, "amount"])


@figure
def paid_on(ledger: Any, as_of: pd.Timestamp, *, document: str) -> str:
    """The day the money came."""
    return f"{_payment(ledger, as_of, document).applied:%Y-%m-%d}"


@figure
def due_day(ledger: Any, as_of: pd.Timestamp, *, document: str) -> str:
    """The day the money was due."""
    return f"{_payment(ledger, as_of, document).due:%Y-%m-%d}"


@figure
def days_late(ledger: Any, as_of: pd.Timestamp, *, document: str, since: str = "due") -> int:
    """Days from the due date (or ``since="issued"``: from the invoice) to the money."""
    payment = _payment(ledger, as_of, document)
    return int(payment.late if since == "due" else payment.held)


@figure
def late_interest(ledger: Any, as_of: pd.Timestamp, *, document: str, since: str = "due",
                  amount: str = "gross", year: int = 365) -> float:
    """Interest on the money of an invoice (``amount``: gross, net or billed) for the days it came late, in 元."""
    owed = (billed(ledger, as_of, document=document) if amount == "billed"
            else received(ledger, as_of, document=document, tax=amount))
    days = days_late(ledger, as_of, document=document, since=since)
    return round(trade_credit.overdue_cost(owed, days=days, rate=profile().money.borrowing_rate, year=year), 2)


@figure
def earned(ledger: Any, as_of: pd.Timestamp, *, document: str, margin: str = "gross_margin",
           tax: str = "net") -> float:
    """Gross or net margin of what an invoice brought (``gross_margin``, ``net_margin``), company average, in 元."""
    return round(received(ledger, as_of, document=document, tax=tax) * getattr(profile().money, margin), 2)


@figure
def interest_share(ledger: Any, as_of: pd.Timestamp, *, document: str, margin: str = "gross_margin") -> float:
    """Late interest as a share of the margin of the same sale (above 1 when it eats more than all of it)."""
    return late_interest(ledger, as_of, document=document) / earned(ledger, as_of, document=document, margin=margin)


@figure
def days_to_eat(ledger: Any, as_of: pd.Timestamp, *, margin: str = "gross_margin") -> float:
    """Days late whose interest (on the amount with VAT) equals the margin (on the amount without)."""
    known = profile().money
    return trade_credit.days_that_eat_the_margin(_net(getattr(known, margin)), known.borrowing_rate)


_STEPS = ("晚收到的钱（含税）", "晚收多付的利息", "这单的销售额（不含税）", "这单的毛利")


@figure
def late_sale(ledger: Any, as_of: pd.Timestamp, *, document: str, worked: bool) -> ShownTable:
    """From a late payment to its interest and its margin: ``worked`` out, or with the two left open."""
    known = profile().money
    gross, net = (received(ledger, as_of, document=document, tax=tax) for tax in ("gross", "net"))
    if not worked:
        amounts = (money(gross), "", money(net), "")
        return ShownTable(["算什么", "元"], [list(row) for row in zip(_STEPS, amounts, strict=True)])
    days = days_late(ledger, as_of, document=document)
    ways = (f"{paid_on(ledger, as_of, document=document)} 到账",
            f"上一行 × {known.borrowing_rate:.2%} × {days} 天 ÷ 365",
            f"第一行去掉 {known.vat_rate:.0%} 的税", f"上一行 × 毛利率 {known.gross_margin:.1%}")
    amounts = (money(gross), money(late_interest(ledger, as_of, document=document)), money(net),
               money(earned(ledger, as_of, document=document)))
    return ShownTable(["算什么", "元", "怎么算"], [list(row) for row in zip(_STEPS, amounts, ways, strict=True)])


@figure
def late_costs(ledger: Any, as_of: pd.Timestamp, *, documents: list[str], slip: str) -> ShownTable:
    """A colleague's table of what late payments cost; in the row of ``slip`` the days run from the invoice date."""
    rows = []
    for document in documents:
        payment = _payment(ledger, as_of, document)
        since = "issued" if document == slip else "due"
        rows.append([document, f"{payment.issued:%Y-%m-%d}", f"{payment.due:%Y-%m-%d}", f"{payment.applied:%Y-%m-%d}",
                     str(days_late(ledger, as_of, document=document, since=since)), money(float(payment.amount)),
                     money(late_interest(ledger, as_of, document=document, since=since))])
    return ShownTable(["发票", "开票日", "到期日", "到账日", "晚了几天", "到账金额", "多付利息"], rows)


@figure
def contacts(ledger: Any, as_of: pd.Timestamp, *, document: str | None = None, customer: str | None = None,
             channel: str | None = None) -> int:
    """How often we wrote, called or came because of an invoice or a customer."""
    made = ledger.table("contacts")
    made = made[made["contacted_on"] <= as_of]
    for column, value in {"document_id": document, "customer_id": customer, "channel": channel}.items():
        if value is not None:
            made = made[made[column].astype(str) == value]
    return len(made)


@figure
def dispute_day(ledger: Any, as_of: pd.Timestamp, *, document: str, end: bool = False) -> str:
    """The day the dispute about an invoice was raised, or (``end``) settled."""
    disputes = ledger.table("disputes").set_index("document_id")
    return f"{disputes.loc[document, 'resolved_on' if end else 'opened_on']:%Y-%m-%d}"


# -- lost ------------------------------------------------------------------------------------------------------------

@figure
def recovered(ledger: Any, as_of: pd.Timestamp, *, customer: str) -> float:
    """What still came in after writing off, in 元."""
    receipts = ledger.table("receipts")
    mine = receipts["recovery_of"].notna() & (receipts["received"] <= as_of)
    return round(float(receipts.loc[mine & (receipts["customer_id"].astype(str) == customer), "amount"].sum()), 2)


def _write_offs(ledger: Any, as_of: pd.Timestamp, customer: str) -> pd.DataFrame:
    lost = ledger.table("write_offs")
    return lost[(lost["customer_id"].astype(str) == customer) & (lost["written_off_on"] <= as_of)]


@figure
def written_off(ledger: Any, as_of: pd.Timestamp, *, customer: str, after_recovery: bool = True) -> float:
    """What was lost with a customer (with VAT), less what still came in unless told otherwise, in 元."""
    back = recovered(ledger, as_of, customer=customer) if after_recovery else 0.0
    return round(float(_write_offs(ledger, as_of, customer)["amount"].sum()) - back, 2)


@figure
def sales_to_recover(ledger: Any, as_of: pd.Timestamp, *, customer: str, margin: str = "gross_margin",
                     after_recovery: bool = True, tax: str = "gross") -> float:
    """Net sales that earn a customer's loss back at the company's ``gross_margin`` or ``net_margin``, in 元."""
    loss = written_off(ledger, as_of, customer=customer, after_recovery=after_recovery)
    loss = loss if tax == "gross" else _net(loss)
    return round(trade_credit.sales_to_recover(loss, getattr(profile().money, margin)), 2)


@figure
def overdue_to_recover(ledger: Any, as_of: pd.Timestamp, *, customer: str) -> float:
    """Net sales whose gross margin would earn back what a customer owes past its due date, in 元."""
    return round(trade_credit.sales_to_recover(overdue(ledger, as_of, customer=customer),
                                               profile().money.gross_margin), 2)


@figure
def orders_to_recover(ledger: Any, as_of: pd.Timestamp, *, margin: str = "gross_margin") -> float:
    """Orders as large as the one that was lost (with VAT) whose margin earns it back."""
    return loss_times(ledger, as_of, margin=margin) * (1 + profile().money.vat_rate)


@figure
def loss_times(ledger: Any, as_of: pd.Timestamp, *, margin: str = "gross_margin") -> float:
    """Yuan of new net sales for each yuan lost."""
    return trade_credit.sales_to_recover(1.0, getattr(profile().money, margin))


@figure
def margin_of_loss(ledger: Any, as_of: pd.Timestamp, *, customer: str, margin: str = "gross_margin") -> float:
    """Loss times margin: the quotient turned into a product, as one reads it in places. In 元."""
    return round(written_off(ledger, as_of, customer=customer) * getattr(profile().money, margin), 2)


@figure
def lost_invoices(ledger: Any, as_of: pd.Timestamp, *, customer: str) -> ShownTable:
    """What was written off of a customer, and what still came in."""
    rows = [[row.document_id, "核销", money(row.amount)]
            for row in _write_offs(ledger, as_of, customer).itertuples()]
    if back := recovered(ledger, as_of, customer=customer):
        rows.append(["清算分配款", "收回", money(back)])
    return ShownTable(["单据", "怎么了", "含税金额"], rows)


# -- the salesperson -------------------------------------------------------------------------------------------------

def commission_of(amount: float, late: float, *, tax: str = "net", rule: str = "house") -> float:
    """Commission by the company's rule; ``full``, ``half``: one step for all days; ``gross``: on the VAT too."""
    known, vat = profile().commission, profile().money.vat_rate
    steps = {60: known.overdue_60, 90: known.overdue_90}
    kept = {"house": steps, "full": {}, "half": {-math.inf: known.overdue_60}}[rule]
    return round(commission(amount, late, rate=known.rate, kept=kept, vat=vat if tax == "net" else 0.0), 2)


@figure
def commission_on(ledger: Any, as_of: pd.Timestamp, *, document: str, tax: str = "net", rule: str = "house") -> float:
    """The salesperson's commission on one paid invoice, in 元."""
    payment = _payment(ledger, as_of, document)
    return commission_of(float(payment.amount), payment.late, tax=tax, rule=rule)


@figure
def commission_got(ledger: Any, as_of: pd.Timestamp, *, documents: list[str]) -> float:
    """The commission on some paid invoices together, in 元."""
    return round(sum(commission_on(ledger, as_of, document=name) for name in documents), 2)


@figure
def commission_missed(ledger: Any, as_of: pd.Timestamp, *, documents: list[str]) -> float:
    """What late payment took off the commission on some invoices, in 元."""
    return round(sum(commission_on(ledger, as_of, document=name, rule="full")
                     - commission_on(ledger, as_of, document=name) for name in documents), 2)


@figure
def commission_charge(ledger: Any, as_of: pd.Timestamp, *, customer: str, capped: bool = True) -> float:
    """What a lost customer costs the salesperson: a share of the loss, at most the commission paid on him. In 元."""
    loss = written_off(ledger, as_of, customer=customer)
    paid = _payments(ledger, as_of)
    paid = paid[paid["customer"] == customer]
    got = sum(commission_of(float(row.amount), row.late) for row in paid.itertuples())
    return round(loss_charge(loss, part=profile().commission.bad_debt_share, earned=got if capped else loss), 2)


@figure
def commission_table(ledger: Any, as_of: pd.Timestamp, *, documents: list[str], hide: list[str]) -> ShownTable:
    """Paid invoices with the days they came late and the commission; ``hide`` leaves that of some open."""
    rows = []
    for document in documents:
        payment = _payment(ledger, as_of, document)
        shown = "" if document in hide else money(commission_of(float(payment.amount), payment.late))
        rows.append([f"{payment.late} 天", money(float(payment.amount)), shown])
    return ShownTable(["晚到", "到账（含税）", "提成"], rows)


@figure
def customer_name(ledger: Any, as_of: pd.Timestamp, *, customer: str) -> str:
    """A customer's name as people say it."""
    return short_name(ledger.table("customers").set_index("customer_id")["name"].loc[customer])


@figure
def salesperson(ledger: Any, as_of: pd.Timestamp, *, customer: str) -> str:
    """Who sells to a customer, and collects."""
    return ledger.table("customers").set_index("customer_id")["salesperson"].loc[customer]
