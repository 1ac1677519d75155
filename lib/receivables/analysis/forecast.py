"""Cash forecast (回款预测): payment pattern, uncollected percentages, 13 weeks of open items, and the error.

Two ways, for two purposes. The *payment pattern* forecasts from sales (budget: invoices not yet issued); the
*13-week forecast* from the open items and their curve of time to pay (treasury: invoices on the books).

Sources: W. G. Lewellen and R. W. Johnson, "Better Way to Monitor Accounts Receivable", Harvard Business Review
1972, and B. K. Stone, Financial Management 1976 (uncollected percentages); 中级会计资格《财务管理》例7-9.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from receivables.analysis._frames import dates, day, one_currency, require
from receivables.analysis._numbers import share, share_vector, vector
from receivables.analysis.time_to_pay import Curve
from receivables.errors import Undefined


def _pattern(pattern: ArrayLike, bad_debt: float) -> np.ndarray:
    shares = share_vector("pattern", pattern)
    total = shares.sum() + share("bad_debt", bad_debt)
    if abs(total - 1) > 1e-9:
        raise ValueError(f"pattern and bad_debt add to {total:.4g}, not 1: "
                         "say what is never collected (bad_debt) or what comes later (a longer pattern)")
    return shares


def uncollected(pattern: ArrayLike, *, bad_debt: float = 0.0) -> np.ndarray:
    """Uncollected percentages (未收回百分比): share of a month's sales still owed after k months.

    ``u_k = 1 - (p_0 + ... + p_k) - bad_debt``: unlike bucket shares they do not move when sales grow or shrink.

    Parameters
    ----------
    pattern : (k,) shares of a month's sales collected in that month, the next, ...
    bad_debt : share never collected; it is taken out from the start, as if written off at once

    Returns
    -------
    (k,) array of shares; the last is 0.

    Raises ValueError when pattern and bad_debt do not add to 1.

    >>> uncollected([0.05, 0.40, 0.35, 0.20])
    array([0.95, 0.55, 0.2 , 0.  ])
    """
    left = 1 - bad_debt - np.cumsum(_pattern(pattern, bad_debt))
    return np.where(np.abs(left) < 1e-12, 0.0, left)


def _last_month(sales: np.ndarray, shares: np.ndarray) -> float:
    needed = np.flatnonzero(shares)
    if len(needed) and needed[-1] >= len(sales):
        raise Undefined(f"{len(sales)} months of sales given, {needed[-1] + 1} needed: "
                        "earlier sales are still being paid")
    length = min(len(sales), len(shares))
    return float(sales[::-1][:length] @ shares[:length])


def collections(sales: ArrayLike, pattern: ArrayLike, *, bad_debt: float = 0.0) -> float:
    """Cash collected in the last month of ``sales`` (当月回款): ``sum_k p_k * sales of k months before``.

    Parameters
    ----------
    sales : (n,) sales (tax included) a month, oldest first; the last entry is the month asked about
    pattern : (k,) share collected in the month of sale, the month after, ...
    bad_debt : share never collected; pattern + bad_debt = 1

    Returns
    -------
    float, in the unit of sales. For every month at once see :func:`monthly_collections`.

    Raises
    ------
    ValueError
        Pattern and bad_debt do not add to 1, a share outside [0, 1], or a month missing.
    Undefined
        Sales reach less far back than the pattern.

    Examples
    --------
    >>> collections([250_000, 300_000, 400_000, 500_000], [0.05, 0.40, 0.35, 0.20])
    340000.0
    """
    return _last_month(vector("sales", sales), _pattern(pattern, bad_debt))


def closing_receivable(sales: ArrayLike, pattern: ArrayLike, *, bad_debt: float = 0.0) -> float:
    """Receivable at the end of the last month of ``sales`` (月末应收余额): ``sum_k u_k * sales of k months before``.

    Parameters and unit as :func:`collections`; ``u_k`` from :func:`uncollected`. Raises as there: ValueError for a
    pattern that does not add up, Undefined for sales that reach less far back than anything is still owed.

    >>> closing_receivable([250_000, 300_000, 400_000], [0.05, 0.40, 0.35, 0.20])
    595000.0
    """
    return _last_month(vector("sales", sales), uncollected(pattern, bad_debt=bad_debt))


def monthly_collections(sales: ArrayLike, pattern: ArrayLike, *, bad_debt: float = 0.0) -> pd.DataFrame:
    """Collections by month (逐月回款表): cash collected and closing receivable of every month.

    Returns
    -------
    DataFrame, one row a month, oldest first: ``sales``, ``collections``, ``closing``. Months whose earlier
    sales are not given are NaN, with the reason in ``attrs["undefined"]``.

    Raises ValueError as :func:`collections`.

    >>> monthly_collections([100.0, 200.0, 300.0], [0.5, 0.5])
       sales  collections  closing
    0  100.0          NaN     50.0
    1  200.0        150.0    100.0
    2  300.0        250.0    150.0
    """
    sold = vector("sales", sales)
    frame = pd.DataFrame({"sales": sold})
    undefined = []
    for name, shares in (("collections", _pattern(pattern, bad_debt)),
                         ("closing", uncollected(pattern, bad_debt=bad_debt))):
        needed = np.flatnonzero(shares)
        unknown = min(needed[-1] if len(needed) else 0, len(sold))
        frame[name] = np.convolve(sold, shares)[:len(sold)]
        frame.loc[frame.index[:unknown], name] = np.nan
        if unknown:
            undefined.append(f"{name}: the first {unknown} months need sales from before the table")
    frame.attrs["undefined"] = undefined
    return frame


def payment_pattern(sales: ArrayLike, collected: ArrayLike) -> np.ndarray:
    """Payment pattern (付款模式): collected k months after the sale / sold, over mature months of sale only.

    Parameters
    ----------
    sales : (n,) sales a month, oldest first
    collected : (n, k) cash received from month i's sales in month i, i+1, ...; NaN where not yet seen

    Returns
    -------
    (k,) array: for each lag, cash over sales of the months old enough to show that lag (pooled, not a mean of
    rates). Its sum may be under 1; the rest is :func:`collections`' bad_debt or comes after the last lag.

    Raises
    ------
    ValueError
        Shapes differ; a month has a later lag but not an earlier one; more collected than sold.
    Undefined
        No month has seen some lag, or its sales are 0.

    >>> payment_pattern([100, 200, 400], [[50, 40, 10], [100, 80, float("nan")], [240] + 2 * [float("nan")]])
    array([0.557..., 0.4      , 0.1      ])
    """
    sold, cash = vector("sales", sales), np.asarray(collected, dtype=float)
    if cash.ndim != 2 or len(cash) != len(sold):
        raise ValueError(f"collected has shape {cash.shape}: give one row for each of the {len(sold)} months of sale")
    seen = np.isfinite(cash)
    if (seen[:, 1:] & ~seen[:, :-1]).any():
        raise ValueError("a month shows a later lag but not an earlier one: fill the earlier month (0 if nothing came)")
    if (np.nansum(cash, axis=1) > sold * (1 + 1e-9)).any():
        raise ValueError("more was collected than sold: match receipts to their month of sale, prepayments apart")
    base = seen.T @ sold
    if not (base > 0).all():
        raise Undefined("no sales are old enough to show every lag: ask for fewer lags or give more months")
    return np.nansum(cash, axis=0) / base


def uncollected_balances(open_by_month: ArrayLike, sales: ArrayLike) -> np.ndarray:
    """Uncollected percentages from the books (未收回百分比): open balance born in each month over its sales.

    Parameters: two (n,) arrays, oldest first, one entry a month of sale. Returns (n,) shares; a month without
    sales is NaN. Compare the same age over time: 3 months old then against 3 months old now.

    Raises ValueError when lengths differ or a balance exceeds its month's sales.

    >>> uncollected_balances([10, 60, 190], [200, 200, 200])
    array([0.05, 0.3 , 0.95])
    """
    left, sold = vector("open_by_month", open_by_month), vector("sales", sales)
    if left.shape != sold.shape:
        raise ValueError(f"{len(left)} balances but {len(sold)} months of sales")
    if (left > sold * (1 + 1e-9)).any():
        raise ValueError("a month has more open than was sold in it: both must carry VAT, or neither")
    return np.divide(left, sold, out=np.full_like(sold, np.nan), where=sold > 0)


class CashForecast(NamedTuple):
    """Expected receipts: ``weeks`` (start, end, expected; one row a week), ``beyond`` (expected later or never)
    and ``unknown`` (older than anything the curve has seen): weeks + beyond + unknown = open amount."""

    weeks: pd.DataFrame
    beyond: float
    unknown: float


def cash(items: pd.DataFrame, as_of: object, curve: Curve, *, weeks: int = 13) -> CashForecast:
    """13-week cash forecast (13周现金预测): open amount x chance of payment in each week, by the curve.

    An invoice open at age a is paid by age b with probability ``1 - S(b) / S(a)``. What exceeds the curve is not
    forecast: it is ``unknown`` and needs a name and a date, from the collector.

    Parameters
    ----------
    items : open items with ``issued`` (date) and ``open_amount``; rows issued after ``as_of`` are planned sales.
        Leave disputed items and credits out: they follow no curve.
    as_of : date; week 1 begins the day after
    curve : :func:`receivables.analysis.time_to_pay.curve`, days counted from the invoice date; all items share it,
        so forecast groups of like customers apart and add
    weeks : how many weeks

    Returns
    -------
    CashForecast

    Raises
    ------
    ValueError
        A negative open amount or a missing date.

    Examples
    --------
    >>> from receivables.analysis.time_to_pay import curve
    >>> line = curve([7, 14, 21, 28], [True] * 4)
    >>> items = pd.DataFrame({"issued": pd.to_datetime(["2026-01-01"]), "open_amount": [400.0]})
    >>> cash(items, "2026-01-08", line, weeks=2).weeks
           start        end  expected
    1 2026-01-09 2026-01-15  133.33...
    2 2026-01-16 2026-01-22  133.33...
    """
    require(items, "items", "issued", "open_amount")
    one_currency(items)
    amount = vector("open_amount", items["open_amount"], least=0, hint="credits stand apart")
    if items["issued"].isna().any():
        raise ValueError("every item needs an issue date: settle that at import, never guess it")
    if weeks < 1:
        raise ValueError("weeks must be at least 1")
    age = (day(as_of) - dates(items, "issued")).dt.days.to_numpy(dtype=float)
    ends = age[:, None] + 7.0 * np.arange(weeks + 1)
    now = curve.at(age)[:, None]
    forecastable = (now > 0).ravel()  # NaN (older than the curve) and 0 (should have been paid) are not
    unpaid = curve.at(np.minimum(ends, curve.last))  # past its end the curve promises nothing more
    paid = np.divide(-np.diff(unpaid, axis=1), now, out=np.zeros((len(age), weeks)), where=forecastable[:, None])
    start = day(as_of) + pd.to_timedelta(7 * np.arange(weeks) + 1, unit="D")
    frame = pd.DataFrame({"start": start, "end": start + pd.Timedelta(days=6), "expected": amount @ paid},
                         index=pd.RangeIndex(1, weeks + 1))
    unknown = float(amount[~forecastable].sum())
    return CashForecast(frame, float(amount.sum() - unknown - frame["expected"].sum()), unknown)


class ForecastError(NamedTuple):
    """``wape`` and ``bias`` as shares of actual cash (bias above 0: forecast too high), ``by_period`` the misses."""

    wape: float
    bias: float
    by_period: np.ndarray


def error(actual: ArrayLike, forecast: ArrayLike) -> ForecastError:
    """Forecast error (预测误差): WAPE = sum of |forecast - actual| / sum of |actual|, and bias.

    WAPE, not MAPE: a week without receipts makes MAPE infinite. A WAPE above 1 is possible and says that
    forecasting nothing would have been better.

    Parameters: two (n,) arrays of the same periods. Returns ForecastError.
    Raises ValueError when lengths differ, Undefined when all actuals are 0.

    >>> miss = error([100, 0, 300], [120, 40, 240])
    >>> round(miss.wape, 3), round(miss.bias, 3), miss.by_period
    (0.3, 0.0, array([ 20.,  40., -60.]))
    """
    was, said = vector("actual", actual), vector("forecast", forecast)
    if was.shape != said.shape:
        raise ValueError(f"{len(was)} actual periods against {len(said)} forecast ones")
    base = np.abs(was).sum()
    if base == 0:
        raise Undefined("no cash came in any period: the error has no denominator")
    miss = said - was
    return ForecastError(float(np.abs(miss).sum() / base), float(miss.sum() / base), miss)


def weekly_receipts(receipts: pd.DataFrame, as_of: object, *, weeks: int = 13) -> np.ndarray:
    """Cash received by week (每周实收): receipts after ``as_of``, to hold a forecast against.

    ``receipts`` has ``received`` (date) and ``amount``. To judge :func:`cash` fairly keep only receipts applied to
    the items it was given. Returns (weeks,) floats; week 1 begins the day after ``as_of``. Raises ValueError for
    several currencies (they are never added) and missing columns.

    >>> paid = pd.DataFrame({"received": ["2026-01-08", "2026-01-09", "2026-01-15"], "amount": [1., 2., 3.]})
    >>> weekly_receipts(paid, "2026-01-08", weeks=2)
    array([5., 0.])
    """
    require(receipts, "receipts", "received", "amount")
    one_currency(receipts)
    elapsed = (dates(receipts, "received") - day(as_of)).dt.days.to_numpy()
    inside = (elapsed >= 1) & (elapsed <= 7 * weeks)
    return np.bincount((elapsed[inside] - 1) // 7, receipts["amount"].to_numpy(dtype=float)[inside], minlength=weeks)
