"""Invoices credited and billed again (红冲重开): the debt stays, its clock starts anew.

A ledger aged by the dates of its invoices cannot see it: the new invoice is young, whatever was delivered when.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from receivables.analysis._frames import dates, day, require


def reissued(invoices: pd.DataFrame, deliveries: pd.DataFrame, *, within: int = 10) -> pd.DataFrame:
    """Reissued invoices (红冲重开清单): a credited invoice paired with the later one of same customer, amount and delivery.

    A credit note and a later invoice are a pair when the customer, the amount and the delivery behind it are the same
    and the invoice follows within some days.

    Parameters
    ----------
    invoices : ``document_id``, ``document_type``, ``customer_id``, ``issued``, ``due``, ``amount`` (credit notes
        negative), ``delivery_id`` and, of credit notes, ``parent_id``
    deliveries : ``delivery_id``, ``delivered_on``
    within : days from credit note to new invoice

    Returns
    -------
    DataFrame by day: ``customer_id``, ``credit_note``, ``credited_on``, ``old``, ``old_due``, ``new``, ``new_issued``,
    ``new_due``, ``amount`` (positive), ``delivered_on``, ``gained`` (days by which the due date moved back).

    >>> invoices = pd.DataFrame({
    ...     "document_id": ["F1", "H1", "F2"], "document_type": ["invoice", "credit_note", "invoice"],
    ...     "customer_id": "A", "issued": pd.to_datetime(["2025-01-02", "2025-06-27", "2025-06-30"]),
    ...     "due": pd.to_datetime(["2025-03-03", None, "2025-08-29"]), "amount": [80.0, -80.0, 80.0],
    ...     "delivery_id": ["S1", None, "S1"], "parent_id": [None, "F1", None]})
    >>> deliveries = pd.DataFrame({"delivery_id": ["S1"], "delivered_on": pd.to_datetime(["2025-01-01"])})
    >>> reissued(invoices, deliveries)[["credit_note", "old", "new", "gained"]].values.tolist()
    [['H1', 'F1', 'F2', 179]]
    """
    require(invoices, "invoices", "document_id", "document_type", "customer_id", "issued", "due", "amount",
            "delivery_id", "parent_id")
    require(deliveries, "deliveries", "delivery_id", "delivered_on")
    bills = pd.DataFrame({
        "customer_id": invoices["customer_id"].astype(str), "document_id": invoices["document_id"],
        "issued": dates(invoices, "issued"), "due": dates(invoices, "due"), "delivery_id": invoices["delivery_id"],
        "parent_id": invoices["parent_id"], "fen": np.rint(invoices["amount"].astype(float) * 100),
    })
    credit = invoices["document_type"].astype(str) == "credit_note"
    notes = bills[credit].drop(columns=["due", "delivery_id"])
    old = bills[~credit].rename(columns={"document_id": "old", "due": "old_due"})[["old", "old_due", "delivery_id"]]
    new = bills[~credit].rename(columns={"document_id": "new", "issued": "new_issued", "due": "new_due"})
    pairs = notes.rename(columns={"document_id": "credit_note", "issued": "credited_on"}).merge(
        old, left_on="parent_id", right_on="old").merge(
        new[["customer_id", "new", "new_issued", "new_due", "delivery_id", "fen"]].assign(fen=-new["fen"]),
        on=["customer_id", "delivery_id", "fen"])
    wait = (pairs["new_issued"] - pairs["credited_on"]).dt.days
    pairs = pairs[wait.between(0, within) & (pairs["new"] != pairs["old"])]
    pairs = pairs.merge(deliveries[["delivery_id", "delivered_on"]], on="delivery_id", how="left")
    pairs = pairs.assign(amount=-pairs["fen"] / 100, gained=(pairs["new_due"] - pairs["old_due"]).dt.days)
    return pairs.sort_values(["credited_on", "credit_note"], ignore_index=True)[
        ["customer_id", "credit_note", "credited_on", "old", "old_due", "new", "new_issued", "new_due", "amount",
         "delivered_on", "gained"]]


def due_by_delivery(items: pd.DataFrame, invoices: pd.DataFrame, deliveries: pd.DataFrame, as_of: object) -> pd.DataFrame:
    """Due date by delivery (按送货日重算到期日): delivery date + (due - issued).

    The terms of an item are the days from its invoice to its due date; they are counted from the delivery instead, and
    only where that is earlier than the invoice. An item without a known delivery keeps its own date.

    Parameters
    ----------
    items : as ``Ledger.open_items`` returns them
    invoices, deliveries : the tables that say what was delivered when
    as_of : deliveries after that day are not known yet

    Returns
    -------
    ``items`` with ``delivered_on`` and with ``due`` counted anew.

    >>> when = pd.to_datetime(["2025-06-30"])
    >>> items = pd.DataFrame({"document_id": ["F2"], "issued": when, "due": pd.to_datetime(["2025-08-29"])})
    >>> bills = pd.DataFrame({"document_id": ["F2"], "delivery_id": ["S1"]})
    >>> sent = pd.DataFrame({"delivery_id": ["S1"], "delivered_on": pd.to_datetime(["2025-01-01"])})
    >>> due_by_delivery(items, bills, sent, "2025-06-30")["due"].astype(str).tolist()
    ['2025-03-02']
    """
    known = deliveries[dates(deliveries, "delivered_on") <= day(as_of)].set_index("delivery_id")["delivered_on"]
    behind = invoices.set_index("document_id")["delivery_id"]
    delivered = items["document_id"].map(behind).map(known)
    base = delivered.where(delivered < items["issued"], items["issued"])
    return items.assign(delivered_on=delivered, due=base + (items["due"] - items["issued"]))
