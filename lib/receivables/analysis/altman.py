"""Altman's bankruptcy scores Z, Z' and Z'' (阿尔特曼破产预警分).

Sources: E. I. Altman, "Financial Ratios, Discriminant Analysis and the Prediction of Corporate
Bankruptcy", Journal of Finance 23(4), 1968 (Z); Altman, Corporate Financial Distress, 1983 (Z', Z'');
Altman, Hartzell and Peck, 1995 (Z'' with the constant 3.25 for emerging markets). None of them was
estimated on Chinese unlisted companies, and none is for banks: a score is a reason to look, not a verdict.
"""

from __future__ import annotations

from math import isfinite
from typing import Literal

from receivables.errors import Undefined

Model = Literal["Z", "Z'", "Z''"]
Zone = Literal["distress", "grey", "safe"]

_WEIGHTS = {
    "Z": (1.2, 1.4, 3.3, 0.6, 0.999),
    "Z'": (0.717, 0.847, 3.107, 0.420, 0.998),
    "Z''": (6.56, 3.26, 6.72, 1.05),
}
_CUTS = {"Z": (1.81, 2.99), "Z'": (1.23, 2.90), "Z''": (1.10, 2.60)}
_EMERGING = 3.25


def _known(model: str, emerging: bool) -> None:
    if model not in _WEIGHTS:
        raise ValueError(f"model is {model!r}: choose one of {', '.join(map(repr, _WEIGHTS))}")
    if emerging and model != "Z''":
        raise ValueError("the constant 3.25 for emerging markets belongs to Z'' alone: use model=\"Z''\"")


def altman(x1: float, x2: float, x3: float, x4: float, x5: float | None = None, *,
           model: Model = "Z", emerging: bool = False) -> float:
    """Altman score (阿尔特曼 Z 值): weighted sum of the ratios x1 to x5.

    Parameters
    ----------
    x1 : working capital / total assets 营运资本÷总资产
    x2 : retained earnings / total assets 留存收益÷总资产
    x3 : EBIT / total assets 息税前利润÷总资产
    x4 : equity / **total** liabilities 权益÷负债总额: market value of equity for Z, book value for Z' and Z''
    x5 : sales / total assets 营业收入÷总资产; needed by Z and Z', refused by Z''
    model : "Z" listed manufacturers, "Z'" unlisted manufacturers, "Z''" any industry but finance
    emerging : add the constant 3.25 of the emerging-market form (Z'' only)

    Returns
    -------
    float, a score without unit; :func:`altman_zone` reads it.

    Raises
    ------
    ValueError
        Unknown model; x5 missing where the model needs it (a published answer put the constant 1.0 in its
        place: the score then ignores turnover); a ratio that is not a finite number.

    Notes
    -----
    Z takes 0.999 for x5 as printed in 1968; many texts round it to 1.0.

    Examples
    --------
    >>> round(altman(0.2, 0.3, 0.1, 1.0, 1.5), 3)
    3.088
    >>> round(altman(0.2, 0.3, 0.1, 1.0, model="Z''"), 3)
    4.012
    """
    _known(model, emerging)
    weights = _WEIGHTS[model]
    ratios = [x1, x2, x3, x4]
    if len(weights) == 5:
        if x5 is None:
            raise ValueError(f"{model} needs x5 = sales / total assets; without sales use model=\"Z''\"")
        ratios.append(x5)
    elif x5 is not None:
        raise ValueError("Z'' has no x5: leave it out, or choose model=\"Z'\"")
    if not all(isfinite(ratio) for ratio in ratios):
        raise ValueError("every ratio must be a finite number: a missing figure cannot be scored")
    return sum(weight * ratio for weight, ratio in zip(weights, ratios, strict=True)) + _EMERGING * emerging


def altman_zone(score: float, *, model: Model = "Z", emerging: bool = False) -> Zone:
    """Zone of an Altman score (安全区、灰色区、危险区): "safe", "grey" or "distress".

    The cut-offs belong to the model: Z 1.81 and 2.99, Z' 1.23 and 2.90, Z'' 1.10 and 2.60 (each 3.25 higher
    in the emerging-market form). A score *on* a cut-off is grey. One well-visited page reads Z'' with the
    cut-offs of Z': a firm at 1.15 is then "distress" instead of grey.

    Raises ValueError for an unknown model or a score that is not a finite number.

    >>> altman_zone(1.15, model="Z''"), altman_zone(1.15, model="Z'")
    ('grey', 'distress')
    """
    _known(model, emerging)
    if not isfinite(score):
        raise ValueError("the score must be a finite number")
    low, high = (cut + _EMERGING * emerging for cut in _CUTS[model])
    return "distress" if score < low else "safe" if score > high else "grey"


def altman_from_statements(*, working_capital: float, retained_earnings: float, ebit: float, equity: float,
                           total_liabilities: float, total_assets: float, sales: float | None = None,
                           model: Model = "Z'", emerging: bool = False, tolerance: float = 0.005) -> float:
    """Altman score of statements (阿尔特曼 Z 值, 由报表): ratios from the figures; refused when they cannot be true.

    Parameters
    ----------
    working_capital, retained_earnings, ebit, total_liabilities, total_assets, sales : one currency, one year
    equity : market value for model "Z", book value for "Z'" and "Z''"
    tolerance : how far book equity + liabilities may miss total assets, as a share of total assets

    Raises
    ------
    Undefined
        Total assets or total liabilities are not positive: no denominator.
    ValueError
        Book equity + liabilities do not make total assets, or working capital exceeds total assets
        (both stand in published exercises); missing sales for Z and Z'.

    Examples
    --------
    >>> round(altman_from_statements(working_capital=20, retained_earnings=30, ebit=10, equity=50,
    ...                              total_liabilities=50, total_assets=100, sales=150), 3)
    2.625
    >>> altman_from_statements(working_capital=5100, retained_earnings=16900, ebit=8800, equity=27000,
    ...                        total_liabilities=66000, total_assets=72000, model="Z''")
    Traceback (most recent call last):
    ...
    ValueError: book equity 27,000 + liabilities 66,000 = 93,000, but total assets are 72,000: check the statements
    """
    _known(model, emerging)
    if not total_assets > 0:
        raise Undefined("total assets are not positive: the ratios have no denominator")
    if not total_liabilities > 0:
        raise Undefined("total liabilities are not positive: x4 has no denominator (a firm without debt needs no Z)")
    if working_capital > total_assets:
        raise ValueError(f"working capital {working_capital:,.0f} exceeds total assets {total_assets:,.0f}: "
                         "check the statements")
    gap = equity + total_liabilities - total_assets
    if model != "Z" and abs(gap) > tolerance * total_assets:
        raise ValueError(f"book equity {equity:,.0f} + liabilities {total_liabilities:,.0f} = "
                         f"{equity + total_liabilities:,.0f}, but total assets are {total_assets:,.0f}: "
                         "check the statements")
    with_sales = None if sales is None or model == "Z''" else sales / total_assets
    return altman(working_capital / total_assets, retained_earnings / total_assets, ebit / total_assets,
                  equity / total_liabilities, with_sales, model=model, emerging=emerging)
