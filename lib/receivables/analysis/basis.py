"""Tax basis (含税口径): receivables carry VAT, revenue does not; every ratio of the two says which it used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

TaxBasis = Literal["same", "net_sales"]


def sales_on_balance_basis(sales: float | Sequence[float], tax_basis: TaxBasis, vat: float | None) -> np.ndarray:
    """Sales with VAT (含税口径): net sales x (1 + VAT), to stand beside a balance that carries it.

    Parameters
    ----------
    sales : one figure, or one a period
    tax_basis : ``"same"``: balance and sales both with VAT or both without, nothing is done; ``"net_sales"``: the
        balance carries VAT and the sales do not, so the sales are raised by ``vat``
    vat : the rate as a fraction, only with ``"net_sales"`` (0.13 for goods in China, as of 2026-11)

    Examples
    --------
    >>> sales_on_balance_basis([100.0, 200.0], "net_sales", 0.13).round(2).tolist()
    [113.0, 226.0]
    """
    values = np.asarray(sales, dtype=float)
    if tax_basis == "same":
        if vat is not None:
            raise ValueError("vat is given but tax_basis is 'same': say tax_basis='net_sales', or leave vat out")
        return values
    if tax_basis != "net_sales":
        raise ValueError(f"tax_basis must be 'same' or 'net_sales', not {tax_basis!r}")
    if vat is None or not 0 <= vat < 1:
        raise ValueError(f"tax_basis='net_sales' needs vat as a fraction (0.13 is 13 %), not {vat}")
    return values * (1 + vat)
