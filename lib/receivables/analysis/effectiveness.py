"""Collection performance (催收绩效): how much of what could be collected was, how late, how reliably.

Every rate says what it divides by. Receivables carry VAT and revenue does not: where a balance meets sales,
``tax_basis="net_sales", vat=0.13`` raises net sales to the basis of the balance (see ``basis``). 坏账率 cannot
move within 90 days: follow the 90+ share and the roll into 90+ monthly and the bad-debt rate yearly. Lateness
and promises live in modules of their own and are offered here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from receivables.analysis._numbers import CREDIT_BALANCE, AmountAndCount, divide, number, vector
from receivables.analysis.basis import TaxBasis, sales_on_balance_basis
from receivables.analysis.lateness import (
    average_collection_days,
    days_beyond_terms,
    paid_late_share,
    roll_into_over,
    share_over,
)
from receivables.analysis.promises import kept_rate
from receivables.errors import Undefined

__all__ = ["average_collection_days", "bad_debt_rate", "cei", "cei_cash", "days_beyond_terms", "dispute_rate",
           "dso_bridge", "kept_rate", "paid_late_share", "recovery_rate", "roll_into_over", "share_over"]

_CEI_UNDEFINED = ("opening + sales - closing current is {:g}: all of it is still current or in credit, "
                  "so nothing was collectable")


def _collectable(opening: float, sales: float, closing_current: float) -> float:
    result = opening + sales - closing_current
    if result <= 0:
        raise Undefined(_CEI_UNDEFINED.format(result))
    return result


def _sales(sales: float, tax_basis: TaxBasis, vat: float | None) -> float:
    return float(sales_on_balance_basis(number("sales", sales), tax_basis, vat))


def cei(*, opening: float, sales: float, closing: float, closing_current: float, periods: int = 1,
        tax_basis: TaxBasis = "same", vat: float | None = None) -> float:
    """Collection effectiveness index, book form (催收效率指数 CEI): (B + S/N - E) / (B + S/N - Ec).

    The share of what could be collected in the period that left the ledger. "Book": a write-off or a credit
    note leaves it too; :func:`cei_cash` counts money only.

    Parameters
    ----------
    opening : receivables at the start, B
    sales : credit sales of the period, S
    closing : receivables at the end, E
    closing_current : the part of E that is not past due, Ec
    periods : divisor N of sales. 1 (monthly values) is right. CRF and CreditGuru print S/N with N = 3
        beside balances that span the whole quarter, which mixes a month with a quarter: their
        example is 0.559, undivided it is 0.796. Prefer monthly values.
    tax_basis, vat : see the module

    Returns
    -------
    float, a fraction; 1 when nothing is past due at the end (E = Ec). Above 1 only when the past-due part
    is in credit (E < Ec): find the unapplied cash.

    Raises
    ------
    Undefined
        When B + S/N - Ec is 0 or negative.
    ValueError
        For a value that is not a finite number, or periods below 1.

    Source
    ------
    Credit Research Foundation; tabulated example at CreditGuru, "Collection Effectiveness Index".

    Examples
    --------
    >>> round(cei(opening=6200, sales=10890, closing=6340, closing_current=3590), 3)
    0.796
    >>> round(cei(opening=6200, sales=10890, closing=6340, closing_current=3590, periods=3), 3)
    0.559
    """
    opening, closing = number("opening", opening), number("closing", closing)
    part = _sales(sales, tax_basis, vat) / number("periods", periods, least=1)
    return (opening + part - closing) / _collectable(opening, part, number("closing_current", closing_current))


def cei_cash(*, opening: float, sales: float, applied: float, closing_current: float, tax_basis: TaxBasis = "same",
             vat: float | None = None) -> float:
    """Collection effectiveness index, cash form (催收效率指数 CEI, 回款口径): cash applied / (B + S - Ec).

    Book form minus cash form = (write-offs + credit notes) / the same denominator.

    Parameters
    ----------
    opening, sales, closing_current, tax_basis, vat : as for :func:`cei`, sales undivided
    applied : cash applied to invoices in the period (unapplied cash has settled nothing yet)

    Returns
    -------
    float, a fraction.

    Raises
    ------
    Undefined, ValueError
        As :func:`cei`.

    Source
    ------
    No standard exists for the name; the split into book and cash is found in open accounts-receivable
    tool kits (66.91 % against 65.26 % on synthetic data, gap 1.65 points).

    Examples
    --------
    >>> round(cei_cash(opening=6200, sales=10890, applied=10500, closing_current=3590), 3)
    0.778
    """
    opening, sales = number("opening", opening), _sales(sales, tax_basis, vat)
    collectable = _collectable(opening, sales, number("closing_current", closing_current))
    return number("applied", applied) / collectable


def recovery_rate(overdue: Sequence[float], collected: Sequence[float]) -> AmountAndCount:
    """Recovery rate of overdue debts (清收率, 催收成功率): collected in the period / overdue at its start.

    Parameters
    ----------
    overdue : open amount of each item (or customer) that was overdue at the start, all above 0
    collected : cash applied to the same item in the period, same order

    Returns
    -------
    AmountAndCount of fractions: ``by_amount`` money over money; ``by_count`` items cleared to the
    fen over items. One large debt paid lifts the first, many small ones the second.

    Raises
    ------
    ValueError
        For more collected than was overdue (new invoices do not belong here), or unequal lengths.
    Undefined
        When nothing was overdue.

    Source
    ------
    House definition (requirement M05); public texts vary in the denominator, no standard exists.

    Examples
    --------
    >>> recovery_rate([100, 100, 800], [100, 100, 0])
    AmountAndCount(by_amount=0.2, by_count=0.666...)
    """
    due = vector("overdue", overdue, least=0)
    paid = vector("collected", collected, least=0, length=len(due))
    if (paid > due + 0.005).any():
        where = int(np.argmax(paid > due + 0.005))
        raise ValueError(f"collected exceeds what was overdue at position {where}: count only cash applied to it")
    if (due == 0).any():
        raise ValueError("overdue holds a 0: list only items that were overdue at the start")
    if not len(due):
        raise Undefined("nothing was overdue at the start: there is no recovery rate")
    return AmountAndCount(float(np.minimum(paid, due).sum() / due.sum()), float((paid >= due - 0.005).mean()))


def dispute_rate(amounts: Sequence[float], disputed: Sequence[float]) -> AmountAndCount:
    """Dispute rate (争议率): disputed amount / total amount.

    Give open items for the stock (how much of the ledger is stuck), items invoiced in the period for the
    flow (how often we cause a dispute). State which.

    Parameters
    ----------
    amounts : amount of each item, none negative
    disputed : contested part of each item, same order, 0 where none

    Returns
    -------
    AmountAndCount of fractions; ``by_count`` counts an item with any contested part.

    Raises
    ------
    ValueError
        For a contested part larger than its item.
    Undefined
        When the amounts sum to 0.

    Source
    ------
    No standard and no published example exists; identities are tested instead.

    Examples
    --------
    >>> dispute_rate([800, 200], [100, 0])
    AmountAndCount(by_amount=0.1, by_count=0.5)
    """
    total = vector("amounts", amounts, least=0, hint=CREDIT_BALANCE)
    part = vector("disputed", disputed, least=0, length=len(total))
    if (part > total + 0.005).any():
        raise ValueError(f"disputed exceeds its item at position {int(np.argmax(part > total + 0.005))}")
    if not len(total):
        raise Undefined("no items: there is no dispute rate")
    return AmountAndCount(divide(np.minimum(part, total).sum(), total.sum(), "the amounts sum to 0"),
                          float((part > 0).mean()))


def bad_debt_rate(*, written_off: float, sales: float, recovered: float = 0.0, tax_basis: TaxBasis = "same",
                  vat: float | None = None) -> float:
    """Bad-debt rate (坏账率): (written off - recovered) / credit sales.

    Actual write-offs, never the charge to the allowance: the two must not be mixed.

    Parameters
    ----------
    written_off : debts written off in the year
    sales : credit sales of the same year
    recovered : cash received on debts written off earlier; 0 gives the gross rate
    tax_basis, vat : see the module; a written-off receivable carries VAT

    Returns
    -------
    float, a fraction; negative when more was recovered than written off.

    Raises
    ------
    Undefined
        When sales are 0 or less.

    Source
    ------
    Common management ratio; no standard fixes the denominator.

    Examples
    --------
    >>> bad_debt_rate(written_off=50_000, sales=10_000_000, recovered=10_000)
    0.004
    """
    net = number("written_off", written_off, least=0) - number("recovered", recovered, least=0)
    sold = _sales(sales, tax_basis, vat)
    if sold <= 0:
        raise Undefined(f"sales are {sales:g}: there is nothing to relate bad debts to")
    return net / sold


@dataclass(frozen=True)
class DsoBridge:
    """Days of DSO by cause; ``granted + dispute + lateness == dso``."""

    dso: float
    granted: float
    dispute: float
    lateness: float


def dso_bridge(*, balance: float, disputed: float, sales: float, days: float, granted_days: float,
               tax_basis: TaxBasis = "same", vat: float | None = None) -> DsoBridge:
    """DSO bridge (DSO 分解, 应收天数桥): simple DSO = days granted + days in dispute + days late.

    Says who must act: sales granted the first, service and billing cause the second, collection owns the third.

    Parameters
    ----------
    balance : closing receivables
    disputed : the disputed part of it
    sales : credit sales of the period
    days : days of the period
    granted_days : average credit days granted, weighted by sales (``trade_credit.collection_period``)
    tax_basis, vat : see the module

    Returns
    -------
    DsoBridge, days. ``lateness`` is the rest, negative when customers pay before the terms they were given.

    Raises
    ------
    Undefined
        When sales are 0 or less.
    ValueError
        When more is disputed than is open.

    Source
    ------
    Seen in one open tool kit for wholesalers; no standard and no published figures exist.

    Examples
    --------
    >>> dso_bridge(balance=300, disputed=40, sales=200, days=30, granted_days=30)
    DsoBridge(dso=45.0, granted=30.0, dispute=6.0, lateness=9.0)
    """
    balance = number("balance", balance)
    disputed = number("disputed", disputed, least=0)
    if disputed > max(balance, 0):
        raise ValueError(f"disputed {disputed:g} exceeds the balance {balance:g}")
    a_day = _sales(sales, tax_basis, vat) / number("days", days, least=1)
    if a_day <= 0:
        raise Undefined(f"sales of the period are {sales:g}: DSO has no denominator")
    dso, dispute = balance / a_day, disputed / a_day
    granted = number("granted_days", granted_days, least=0)
    return DsoBridge(dso, granted, dispute, dso - granted - dispute)
