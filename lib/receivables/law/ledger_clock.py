"""The limitation clock on a ledger (台账上的时效): what in the books starts a claim afresh; each open item's clock.

Only what would stand up in court counts: an explicit demand that was recorded and reached the debtor; a written
promise; a sealed statement; money of the debtor's own that was applied to the document.
"""

from __future__ import annotations

import pandas as pd

from receivables.law.inputs import day
from receivables.law.limitation import Interruption, expiry
from receivables.law.parameters import get
from receivables.law.result import DISCLAIMER

_COLUMNS = ["customer_id", "document_id", "on", "ground", "reference"]


def _true(table: pd.DataFrame, *flags: str) -> pd.Series:
    """Rows on which every flag is known to be true."""
    return table[list(flags)].fillna(False).astype(bool).all(axis=1)


def _event(table: pd.DataFrame, on: str, ground: str, reference: str) -> pd.DataFrame:
    document = table["document_id"] if "document_id" in table else pd.Series(None, index=table.index, dtype="str")
    return pd.DataFrame({
        "customer_id": table["customer_id"].astype("str"), "document_id": document.astype("str"),
        "on": table[on], "ground": ground, "reference": table[reference].astype("str"),
    }).dropna(subset=["on"])


def _payments(receipts: pd.DataFrame, allocations: pd.DataFrame | None) -> pd.DataFrame:
    """Receipts of the debtor's own money by document: those applied to it, and those that name it."""
    own = receipts[(receipts["amount"] > 0) & receipts["dishonoured"].isna()
                   & ~receipts["third_party"].fillna(False).astype(bool)]
    named = own.dropna(subset=["reference"]).assign(document_id=lambda t: t["reference"])
    parts = [named]
    if allocations is not None:
        applied = allocations.loc[allocations["source_type"] == "receipt", ["source_id", "document_id"]]
        parts.append(own.merge(applied, left_on="receipt_id", right_on="source_id"))
    return _event(pd.concat(parts), "received", "part_payment", "receipt_id").drop_duplicates()


def events(*, contacts: pd.DataFrame | None = None, promises: pd.DataFrame | None = None,
           statements: pd.DataFrame | None = None, receipts: pd.DataFrame | None = None,
           allocations: pd.DataFrame | None = None) -> pd.DataFrame:
    """Everything in the ledger's tables that interrupts limitation (时效中断事由), one row an event.

    Parameters
    ----------
    contacts, promises, statements, receipts, allocations : tables of the ledger, all customers; any may be left out

    Returns
    -------
    DataFrame
        customer_id, document_id (missing where the event concerns all the customer's debts), on, ground, reference.

    Source: 民法典 195; 诉讼时效规定 8, 14 (法释〔2020〕17号, 2021-01-01).

    >>> contacts = pd.DataFrame({"customer_id": ["C1"], "document_id": [None], "contact_id": ["K1"],
    ...     "contacted_on": pd.to_datetime(["2025-06-01"]), "demand": [True], "evidence_kept": [True],
    ...     "reached_debtor": [False]})
    >>> len(events(contacts=contacts))
    0
    """
    found = []
    if contacts is not None:
        kept = contacts[_true(contacts, "demand", "evidence_kept", "reached_debtor")]
        found.append(_event(kept, "contacted_on", "demand", "contact_id"))
    if promises is not None:
        found.append(_event(promises[_true(promises, "in_writing")], "promised_on", "promise", "promise_id"))
    if statements is not None:
        found.append(_event(statements[_true(statements, "sealed")], "confirmed_on", "statement", "statement_id"))
    if receipts is not None:
        found.append(_payments(receipts, allocations))
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=_COLUMNS)
    return table.sort_values("on", ignore_index=True, kind="stable")


def clocks(items: pd.DataFrame, happened: pd.DataFrame, *, as_of: object) -> pd.DataFrame:
    """The limitation clock of every open item (逐笔时效), the most urgent first.

    Parameters
    ----------
    items : open items: customer_id, document_id, due
    happened : what ``events`` returned
    as_of : the day the clocks are read; later events are left out

    Returns
    -------
    DataFrame
        customer_id, document_id, base, alert_date, last_day (datetime64), days_left (to the alert date), expired,
        counted (what moved the clock). ``attrs``: as_of, citation, known_through, notice, and ``undefined``, the
        documents without a due date (see ``limitation.start``).

    Examples
    --------
    >>> items = pd.DataFrame({"customer_id": ["C1"], "document_id": ["I1"], "due": pd.to_datetime(["2023-03-10"])})
    >>> promises = pd.DataFrame({"customer_id": ["C1"], "document_id": [None], "promise_id": ["P1"],
    ...     "promised_on": pd.to_datetime(["2025-06-01"]), "in_writing": [True]})
    >>> print(clocks(items, events(promises=promises), as_of="2026-06-01").at[0, "alert_date"].date())
    2028-06-01
    """
    today = day(as_of, "as_of")
    by_customer: dict[str, list[tuple[str | None, Interruption]]] = {}
    for row in happened[happened["on"] <= pd.Timestamp(today)].to_dict("records"):
        document = None if pd.isna(row["document_id"]) else row["document_id"]
        event = Interruption(row["on"], row["ground"], reference=row["reference"])
        by_customer.setdefault(row["customer_id"], []).append((document, event))
    rows = []
    dated = items.dropna(subset=["due"])
    for customer, document, due in zip(dated["customer_id"].astype("str"), dated["document_id"].astype("str"),
                                       dated["due"], strict=True):
        moved = [event for about, event in by_customer.get(customer, ()) if about is None or about == document]
        found = expiry(due, moved, as_of=today)
        rows.append([customer, document, found.base, found.alert_date, found.last_day, found.days_left, found.expired,
                     "；".join(found.counted)])
    table = pd.DataFrame(rows, columns=["customer_id", "document_id", "base", "alert_date", "last_day", "days_left",
                                        "expired", "counted"])
    table = table.astype({name: "datetime64[us]" for name in ("base", "alert_date", "last_day")})
    rule = get("limitation.general_years")
    undated = items.loc[items["due"].isna(), "document_id"].astype("str")
    table.attrs.update(
        as_of=today.isoformat(), citation=rule.citation, known_through=rule.known_through.isoformat(),
        notice=f"截至 {today}，法律核到 {rule.known_through}。{DISCLAIMER}",
        undefined={document: "没有到期日：先定时效从哪天起算" for document in undated})
    return table.sort_values(["days_left", "document_id"], ignore_index=True)
