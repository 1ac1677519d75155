"""Receivables turnover (应收账款周转率) and its days; state the tax basis, or 13 % VAT reads as 13 % slower paying."""

from __future__ import annotations

import math

from receivables.analysis.basis import TaxBasis, sales_on_balance_basis
from receivables.errors import Undefined


def times(sales: float, opening: float, closing: float, *, tax_basis: TaxBasis = "same",
          vat: float | None = None) -> float:
    """Receivables turnover (应收账款周转率): sales over the average of opening and closing receivables.

    Parameters
    ----------
    sales : credit sales of the period (all sales when credit sales are not known: say so), currency units
    opening, closing : receivables before allowance, currency units
    tax_basis, vat : ``"net_sales"`` with a rate raises sales without VAT to a balance that carries it (see ``basis``)

    Returns
    -------
    Times a period, float; 0 when nothing was sold.

    Raises
    ------
    Undefined
        When the average balance is 0 or less.
    ValueError
        When a figure is not finite, or sales are negative.

    >>> times(1_200_000, 180_000, 220_000)
    6.0
    >>> round(times(1_200_000, 180_000, 220_000, tax_basis="net_sales", vat=0.13), 2)
    6.78
    """
    for name, value in {"sales": sales, "opening": opening, "closing": closing}.items():
        if not math.isfinite(value):
            raise ValueError(f"{name} must be a finite number, not {value}")
    if sales < 0:
        raise ValueError(f"sales are {sales:,.2f}: turnover needs the sales of a period, not its corrections")
    middle = (opening + closing) / 2
    if middle <= 0:
        raise Undefined(f"the average balance is {middle:,.2f}: turnover has no denominator")
    return float(sales_on_balance_basis(sales, tax_basis, vat)) / middle


def days(sales: float, opening: float, closing: float, *, year: float = 365, tax_basis: TaxBasis = "same",
         vat: float | None = None) -> float:
    """Turnover days (应收账款周转天数): ``year`` over the turnover; 360 in Chinese exam questions.

    ``sales`` are those of one year when ``year`` is a year; for a quarter give its days. Errors as ``times``, and
    Undefined when nothing was sold.

    >>> round(days(1_200_000, 180_000, 220_000), 2), days(1_200_000, 180_000, 220_000, year=360)
    (60.83, 60.0)
    """
    if not year > 0:
        raise ValueError(f"year is a number of days above 0, not {year}")
    turned = times(sales, opening, closing, tax_basis=tax_basis, vat=vat)
    if turned == 0:
        raise Undefined("nothing was sold in the period: a balance that does not turn has no turnover days")
    return year / turned
