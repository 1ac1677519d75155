"""Days sales outstanding (DSO, 应收账款周转天数的几种算法): six forms, each with what it is blind to.

Sales and days may be single figures, or one a period, oldest first. Balance and sales must be on one tax basis:
``tax_basis="net_sales", vat=0.13`` raises net sales to the basis of a balance with VAT (see ``basis``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from receivables.analysis.basis import TaxBasis, sales_on_balance_basis
from receivables.errors import Undefined

Figures = float | Sequence[float]
Exhausted = Literal["raise", "cap", "nan"]


def simple(balance: float, sales: Figures, days: Figures, *, tax_basis: TaxBasis = "same",
           vat: float | None = None) -> float:
    """Simple DSO (期末余额法): ``balance / sales x days``; over three months when three are given.

    Moves with sales as much as with collecting: in a month of high sales it falls by itself.

    Parameters
    ----------
    balance : closing receivables, currency units (negative when customers are in credit)
    sales : credit sales of the period, one figure or one a month, oldest first
    days : calendar days, as many entries as ``sales``; or one figure for the whole period
    tax_basis, vat : see the module

    Returns
    -------
    Days, float.

    Raises
    ------
    Undefined
        When sales add up to 0 or less.
    ValueError
        When the entries do not match, or are not finite numbers.

    Sources
    -------
    CreditGuru: 15,000 on 10,000 in 30 days is 45. 中级会计资格 财务管理: 285,000 on three months of 310,000 in 90 days
    is 82.74 days, 22.74 beyond the 60 granted.

    >>> simple(15_000, 10_000, 30)
    45.0
    >>> round(simple(285_000, [90_000, 105_000, 115_000], [30, 30, 30]), 2)
    82.74
    >>> round(simple(285_000, [90_000, 105_000, 115_000], 90), 2)
    82.74
    """
    if np.ndim(days) == 0:
        sales = np.sum(np.asarray(sales, dtype=float))
    sales, days = _series(sales, days, tax_basis, vat)
    return _number(balance, "balance") / _positive(sales.sum()) * float(days.sum())


def average(opening: float, closing: float, sales: Figures, days: Figures, *, tax_basis: TaxBasis = "same",
            vat: float | None = None) -> float:
    """DSO on the average balance (平均余额法): ``(opening + closing) / 2 / sales x days``; errors as ``simple``.

    Sources
    -------
    Motley Fool: an average of 18,000 on 20,000 in 30 days is 27.

    >>> average(17_000, 19_000, 20_000, 30)
    27.0
    """
    middle = (_number(opening, "opening") + _number(closing, "closing")) / 2
    return simple(middle, sales, days, tax_basis=tax_basis, vat=vat)


def countback(balance: float, sales: Figures, days: Figures, *, when_exhausted: Exhausted = "raise",
              tax_basis: TaxBasis = "same", vat: float | None = None) -> float:
    """Countback DSO (倒推法): take off whole months of sales, latest first, then a part of the next.

    Follows the season where the simple form does not; assumes that the oldest is paid first.

    Parameters
    ----------
    balance : closing receivables
    sales, days : one entry a month, oldest first
    when_exhausted : what to say when the balance is more than all sales given: ``"raise"`` Undefined; ``"cap"``: all
        the days there are, to be read as "at least"; ``"nan"``
    tax_basis, vat : see the module

    Raises
    ------
    Undefined
        When history runs out (see above), when the balance is negative, or when the walk meets a month whose sales
        are negative (credit notes exceed invoices).

    Sources
    -------
    BenjiPays, Mesha: 212,000 on 70, 80 and 100 thousand of 30 days each is 73.7. Oracle Hyperion's guide prints 179.7
    for debtors of 12,000; its own figures give 166.33 (179.7 is for 13,000).

    >>> round(countback(212_000, [70_000, 80_000, 100_000], [30, 30, 30]), 1)
    73.7
    >>> countback(300_000, [70_000, 80_000, 100_000], [30, 30, 30], when_exhausted="cap")
    90.0
    """
    if when_exhausted not in ("raise", "cap", "nan"):
        raise ValueError(f"when_exhausted must be 'raise', 'cap' or 'nan', not {when_exhausted!r}")
    sales, days = _series(sales, days, tax_basis, vat)
    left, total = _number(balance, "balance"), 0.0
    if left < 0:
        raise Undefined(f"the balance is {left:,.2f}: customers are in credit, there is nothing to count back")
    for sold, length in zip(sales[::-1].tolist(), days[::-1].tolist(), strict=True):
        if left == 0:
            return total
        if sold < 0:
            raise Undefined(f"a month's sales are {sold:,.2f}: credit notes exceed invoices, the walk cannot pass it")
        if left < sold:
            return total + left / sold * length
        left, total = left - sold, total + length
    if left == 0 or when_exhausted == "cap":
        return total
    if when_exhausted == "nan":
        return float("nan")
    raise Undefined(f"{left:,.2f} of the balance is older than the {len(sales)} months of sales given")


def aged(open_by_month: Figures, sales: Figures, days: Figures, *, tax_basis: TaxBasis = "same",
         vat: float | None = None) -> float:
    """Sales-weighted DSO (账龄分类法): what is still open of each month over that month's sales, times its days.

    The only form that sees which months are unpaid: an old debt counts by the share of its own month.

    Parameters
    ----------
    open_by_month : open balance born in each month, oldest first
    sales, days : of the same months

    Raises
    ------
    Undefined
        When something is open from a month without sales, which the months given then do not explain.

    >>> round(aged([5_000, 20_000, 90_000], [100_000, 80_000, 100_000], [31, 30, 31]), 2)
    36.95
    """
    sales, days = _series(sales, days, tax_basis, vat)
    still = np.atleast_1d(np.asarray(open_by_month, dtype=float))
    if still.shape != sales.shape or not np.isfinite(still).all():
        raise ValueError(f"open_by_month has {still.size} entries, sales {sales.size}: give one finite entry a month")
    if ((sales <= 0) & (still != 0)).any():
        raise Undefined("something is open from a month without sales: its share has no denominator")
    return float(np.divide(still, sales, out=np.zeros_like(sales), where=sales > 0) @ days)


def best_possible(current: float, sales: Figures, days: Figures, *, method: Literal["simple", "countback"] = "simple",
                  when_exhausted: Exhausted = "raise", tax_basis: TaxBasis = "same",
                  vat: float | None = None) -> float:
    """Best possible DSO (最佳 DSO): the DSO there would be if nothing were overdue.

    Parameters
    ----------
    current : receivables not yet due. Not "aged 30 days or less", and not all receivables, as some sources have it
    method : ``"simple"`` or ``"countback"``, whichever the DSO beside it uses
    the rest : as ``simple`` and ``countback``

    Sources
    -------
    CreditGuru: 4,000 current on 10,000 in 30 days is 12. (vcalc's formula header prints 356 days for a year.)

    >>> best_possible(4_000, 10_000, 30)
    12.0
    """
    if method == "countback":
        return countback(current, sales, days, when_exhausted=when_exhausted, tax_basis=tax_basis, vat=vat)
    if method != "simple":
        raise ValueError(f"method must be 'simple' or 'countback', not {method!r}")
    return simple(current, sales, days, tax_basis=tax_basis, vat=vat)


def delinquent(balance: float, current: float, sales: Figures, days: Figures, *,
               method: Literal["simple", "countback"] = "simple", when_exhausted: Exhausted = "raise",
               tax_basis: TaxBasis = "same", vat: float | None = None) -> float:
    """Average days delinquent (ADD, 平均逾期天数): DSO less best possible DSO, both by the same method.

    Below 0 when what is past due nets to a credit. Three other figures go by the same name; this is the one of the
    Credit Research Foundation.

    Sources
    -------
    CreditGuru: 45 - 12 = 33.

    >>> delinquent(15_000, 4_000, 10_000, 30)
    33.0
    """
    options = {"method": method, "when_exhausted": when_exhausted, "tax_basis": tax_basis, "vat": vat}
    return best_possible(balance, sales, days, **options) - best_possible(current, sales, days, **options)


def _number(value: float, name: str) -> float:
    if not np.isfinite(value):
        raise ValueError(f"{name} must be a finite number, not {value}")
    return float(value)


def _series(sales: Figures, days: Figures, tax_basis: TaxBasis, vat: float | None) -> tuple[np.ndarray, np.ndarray]:
    sold = np.atleast_1d(sales_on_balance_basis(sales, tax_basis, vat))
    length = np.atleast_1d(np.asarray(days, dtype=float))
    if sold.ndim != 1 or sold.shape != length.shape or not sold.size:
        raise ValueError(f"sales has {sold.size} entries and days {length.size}: give one a period, oldest first")
    if not np.isfinite(sold).all():
        raise ValueError("sales must be finite numbers")
    if not (np.isfinite(length) & (length > 0)).all():
        raise ValueError("days must be above 0")
    return sold, length


def _positive(sales: float) -> float:
    if sales <= 0:
        raise Undefined(f"sales of the period are {sales:,.2f}: DSO has no denominator")
    return float(sales)
