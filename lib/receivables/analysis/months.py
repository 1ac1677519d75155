"""A ledger's ratios month by month: DSO in four forms, ADD, CEI; what cannot be said is left out with its reason."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from receivables.analysis import dso, effectiveness
from receivables.errors import Undefined

RATIOS = ("dso_simple", "dso_rolling3", "dso_countback", "bpdso", "add", "cei")
_PATIENCE = pd.Timedelta(days=7)  # without an invoice, at which nobody would wonder
_ENOUGH = 3  # invoicing days
_MONTH = pd.Timedelta(days=31)  # taken as the pause of a ledger too short to show its own


def sales_known_to(issued: pd.Series) -> pd.Timestamp:
    """Sales known to (销售数据截止日): the last day up to which a ledger can be taken to hold all invoices.

    The last invoice's date plus the longest pause between two invoicing days seen before it (at least a week; a month
    where there are too few invoicing days to tell): a ledger that is silent for longer than it ever was has ended, and
    a month that reaches beyond has sales missing.

    Parameters
    ----------
    issued : dates of all invoices in the ledger, whatever the as-of date

    Raises
    ------
    Undefined
        When there is no invoice.

    >>> sales_known_to(pd.Series(pd.to_datetime(["2013-11-20", "2013-11-29", "2013-12-02"])))
    Timestamp('2013-12-11 00:00:00')
    """
    dates = issued.dropna().drop_duplicates().sort_values()
    if dates.empty:
        raise Undefined("there is no invoice in the ledger")
    pause = max(dates.diff().max(), _PATIENCE) if len(dates) >= _ENOUGH else _MONTH
    return pd.Timestamp(dates.iloc[-1] + pause)


def by_month(monthly: pd.DataFrame, *, known_to: pd.Timestamp | None = None) -> pd.DataFrame:
    """Monthly ratios (月度指标): DSO, best possible DSO, ADD and CEI of each month of a ledger.

    Parameters
    ----------
    monthly : as ``Ledger.monthly`` returns it, oldest first: ``month``, ``days`` (elapsed days of a month that is not
        over), ``sales``, ``ar_begin``, ``ar_end``, ``current_end``, all on one tax basis
    known_to : as ``sales_known_to`` gives it; months that reach beyond have no ratios, the months before keep theirs

    Returns
    -------
    DataFrame, one row a month, index ``month``, columns ``dso_simple``, ``dso_rolling3`` (three months),
    ``dso_countback``, ``bpdso``, ``add`` (days) and ``cei`` (fraction). NaN where undefined; ``attrs["undefined"]``
    lists ``month``, ``figure`` and ``reason`` of each.

    >>> monthly = pd.DataFrame({"month": ["2025-05", "2025-06"], "days": [31, 30], "sales": [310.0, 0.0],
    ...                         "ar_begin": [0.0, 155.0], "ar_end": [155.0, 100.0], "current_end": [124.0, 0.0]})
    >>> table = by_month(monthly)
    >>> table.loc["2025-05"].dropna().round(3).to_dict()
    {'dso_simple': 15.5, 'dso_countback': 15.5, 'bpdso': 12.4, 'add': 3.1, 'cei': 0.833}
    >>> table.attrs["undefined"][1]["reason"]
    'sales of the period are 0.00: DSO has no denominator'
    """
    sales, days = monthly["sales"].tolist(), monthly["days"].tolist()
    rows, undefined = [], []
    for at, month in enumerate(monthly.itertuples()):
        end = pd.Timestamp(f"{month.month}-01") + pd.Timedelta(days=month.days - 1)
        if known_to is not None and end > known_to:
            reason = (f"the ledger's invoices end before the month does (taken as complete up to {known_to.date()}): "
                      "its sales are cut off, and a ratio to them would be too high")
            found = dict.fromkeys(RATIOS, reason)
        else:
            found = {name: _value(call) for name, call in _calls(month, sales[:at + 1], days[:at + 1]).items()}
        rows.append({name: value for name, value in found.items() if not isinstance(value, str)})
        undefined += [{"month": month.month, "figure": name, "reason": value} for name, value in found.items()
                      if isinstance(value, str)]
    table = pd.DataFrame(rows, index=pd.Index(monthly["month"], name="month"), columns=list(RATIOS), dtype=float)
    table.attrs["undefined"] = undefined
    return table


def _calls(month, sales: list[float], days: list[int]) -> dict[str, Callable[[], float]]:
    def rolling() -> float:
        if len(sales) < 3:
            raise Undefined("fewer than three months of sales")
        return dso.simple(month.ar_end, sales[-3:], days[-3:])

    return {
        "dso_simple": lambda: dso.simple(month.ar_end, sales[-1], days[-1]),
        "dso_rolling3": rolling,
        "dso_countback": lambda: dso.countback(month.ar_end, sales, days),
        "bpdso": lambda: dso.best_possible(month.current_end, sales[-1], days[-1]),
        "add": lambda: dso.delinquent(month.ar_end, month.current_end, sales[-1], days[-1]),
        "cei": lambda: effectiveness.cei(opening=month.ar_begin, sales=month.sales, closing=month.ar_end,
                                         closing_current=month.current_end),
    }


def _value(call: Callable[[], float]) -> float | str:
    """The figure, or the reason why there is none."""
    try:
        return call()
    except Undefined as undefined:
        return undefined.reason
