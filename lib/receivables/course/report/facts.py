"""The report as JSON, schema 1: what other programs may rely on."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from receivables.analysis import aging
from receivables.analysis.months import RATIOS
from receivables.course.report.view import View
from receivables.errors import Undefined
from receivables.ledger import Ledger

SCHEMA = 1
_MONEY = ("sales", "collections", "ar_begin", "ar_end", "current_end", "overdue_end")


def report_json(ledger: Ledger, as_of) -> dict[str, Any]:
    """A ledger's aging and months as JSON-ready values (台账报告的数据), schema 1.

    ``open_amount`` is the balance: the buckets, which are what is owed, and the credits (unapplied cash, credit notes),
    which stand in no bucket. Figures that do not exist are null and listed in ``undefined`` with
    ``currency``, ``month``, ``figure``, ``reason``. Money to the fen, days to four decimals, CEI to six, a fraction.

    Parameters
    ----------
    ledger : Ledger
    as_of : date; months run up to it, and the last one ends on it

    Raises
    ------
    ValueError
        When ``as_of`` is no date.

    >>> from receivables.ledger import Ledger
    >>> invoices = pd.DataFrame({"document_id": ["1"], "document_type": "invoice", "customer_id": "7", "amount": [80.0],
    ...                          "issued": ["2024-01-05"], "due": ["2024-01-20"], "currency": "CNY"})
    >>> facts = report_json(Ledger.from_tables({"invoices": invoices}), "2024-01-31")
    >>> facts["currencies"]["CNY"]["aging"]["buckets"]["1-30"], facts["currencies"]["CNY"]["months"][0]["dso_simple"]
    ({'count': 1, 'amount': 80.0}, 31.0)
    """
    day = pd.Timestamp(as_of).normalize()
    if day is pd.NaT:
        raise ValueError("as_of must be a date such as 2024-03-31")
    undefined: list[dict[str, Any]] = []
    currencies = {currency: _currency(View(ledger, day, currency), undefined) for currency in ledger.currencies}
    return {"schema": SCHEMA, "source": ledger.source, "as_of": str(day.date()), "currencies": currencies,
            "problems": [str(problem) for problem in ledger.problems], "undefined": undefined}


def _currency(view: View, undefined: list[dict[str, Any]]) -> dict[str, Any]:
    found = {}
    for name, call, nothing in (("aging", _aging, None), ("months", _months, [])):
        try:
            found[name] = call(view)
        except Undefined as error:
            found[name] = nothing
            undefined.append({"currency": view.currency, "month": None, "figure": name, "reason": error.reason})
    if found["months"]:
        undefined += [{"currency": view.currency} | gap for gap in view.ratios.attrs["undefined"]]
    return found


def _aging(view: View) -> dict[str, Any]:
    table = aging.summary(view.items, view.as_of)
    body = table.drop([aging.CREDITS, aging.TOTAL])
    late = body.drop(aging.CURRENT)
    return {"open_count": int(table.at["total", "count"]), "open_amount": float(table.at["total", "amount"]),
            "overdue_count": int(late["count"].sum()), "overdue_amount": round(float(late["amount"].sum()), 2),
            "buckets": {name: {"count": int(row["count"]), "amount": float(row["amount"])}
                        for name, row in body.iterrows()}}


def _months(view: View) -> list[dict[str, Any]]:
    ratios = view.ratios
    return [{"month": row["month"], **{name: round(float(row[name]), 2) for name in _MONEY},
             **{name: _rounded(name, float(ratios.at[row["month"], name])) for name in RATIOS}}
            for _, row in view.monthly.iterrows()]


def _rounded(name: str, value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6 if name == "cei" else 4)
