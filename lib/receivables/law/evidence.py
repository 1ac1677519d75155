"""The chain of evidence (证据链): what a customer's file must hold, what is missing, and what each gap costs.

Takes the ledger's tables as frames; only the columns named below are read, so any ledger that has them will do.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import pandas as pd

from receivables import paths
from receivables.content import Content, load
from receivables.law.days import add_months
from receivables.law.inputs import day
from receivables.law.parameters import get
from receivables.law.result import DISCLAIMER

MISSING, UNKNOWN = "缺", "不清楚"
COLUMNS = ["item", "code", "name", "reference", "state", "gap", "costs", "fix", "at_stake", "citation", "confidence"]


class Gap(Content):
    """One way in which a piece of evidence may be lacking."""

    gap: str
    costs: str
    fix: str
    rule: str


class Item(Content):
    """One kind of evidence: what it proves, and its gaps by code."""

    name: str
    proves: str
    gaps: dict[str, Gap]


@cache
def checklist() -> dict[str, Item]:
    """The checklist (证据清单) of data/law/evidence.yaml, in the order a case is built.

    >>> list(checklist())
    ['contract', 'delivery', 'invoice', 'statement', 'demand', 'promise']
    """
    return load(paths.data("law", "evidence.yaml"), dict[str, Item])


def _of(table: pd.DataFrame | None, customer_id: str) -> pd.DataFrame:
    if table is None:
        return pd.DataFrame({"customer_id": []})
    return table[table["customer_id"].astype("str") == customer_id]


def _until(table: pd.DataFrame, column: str, as_of: date) -> pd.DataFrame:
    """Rows whose date is given and not after ``as_of``."""
    return table[table[column] <= pd.Timestamp(as_of)] if len(table) else table


def _flags(table: pd.DataFrame, column: str, key: str, *, money: str | None = None) -> Iterator[tuple]:
    """Rows whose flag is not true: (reference, 缺 or 不清楚, amount at stake)."""
    for row in table[~table[column].fillna(False).astype(bool)].to_dict("records"):
        yield row[key], UNKNOWN if pd.isna(row[column]) else MISSING, row.get(money)


def _empty(table: pd.DataFrame, column: str, key: str, *, money: str | None = None) -> Iterator[tuple]:
    """Rows in which a column holds nothing."""
    for row in table[table[column].isna() | (table[column].astype("str") == "")].to_dict("records"):
        yield row[key], MISSING, row.get(money)


def _contract(contracts: pd.DataFrame) -> Iterator[tuple]:
    if contracts.empty:
        yield "none", "", MISSING, None
        return
    for code, column in (("unsealed", "sealed"), ("no_original", "original_held"),
                         ("signatory", "signatory_authorised")):
        yield from ((code, *found) for found in _flags(contracts, column, "contract_id", money="amount"))
    for code, column in (("no_terms", "terms_days"), ("no_late_rate", "late_rate"),
                         ("no_service_address", "service_address"), ("no_performance_place", "performance_place")):
        yield from ((code, *found) for found in _empty(contracts, column, "contract_id", money="amount"))


def _delivery(deliveries: pd.DataFrame, contracts: pd.DataFrame, invoices: pd.DataFrame) -> Iterator[tuple]:
    if deliveries.empty:
        if len(invoices):
            yield "none", "", MISSING, invoices["amount"].sum()
        return
    yield from (("unsigned", *found) for found in _flags(deliveries, "signed", "delivery_id", money="amount"))
    signed = deliveries[deliveries["signed"].fillna(False).astype(bool)]
    yield from (("signer", *found) for found in _flags(signed, "signer_authorised", "delivery_id", money="amount"))
    yield from (("no_original", *found) for found in _flags(signed, "original_held", "delivery_id", money="amount"))
    if len(contracts):
        on_acceptance = contracts.loc[contracts["terms_start"] == "acceptance", "contract_id"]
        awaited = deliveries[deliveries["contract_id"].isin(on_acceptance)]
        yield from (("not_accepted", *found)
                    for found in _empty(awaited, "accepted_on", "delivery_id", money="amount"))


def _statement(statements: pd.DataFrame, as_of: date) -> Iterator[tuple]:
    if statements.empty:
        yield "none", "", MISSING, None
        return
    done = statements["confirmed_on"].notna() & (statements["confirmed_on"] <= pd.Timestamp(as_of))
    latest = statements.loc[statements["as_of"] == statements["as_of"].max()]
    yield from (("unconfirmed", row["statement_id"], MISSING, row["our_balance"])
                for row in latest[~done[latest.index]].to_dict("records"))
    confirmed = statements[done]
    newest = confirmed.loc[confirmed["as_of"] == confirmed["as_of"].max()]
    yield from (("unsealed", *found) for found in _flags(newest, "sealed", "statement_id", money="our_balance"))
    differs = newest["their_balance"].notna() & (newest["their_balance"] != newest["our_balance"])
    for row in newest[differs.fillna(False).astype(bool)].to_dict("records"):
        yield "differs", row["statement_id"], MISSING, abs(row["our_balance"] - row["their_balance"])
    oldest_good = add_months(as_of, -get("evidence.statement_months").whole)
    sealed = confirmed[confirmed["sealed"].fillna(False).astype(bool)]
    if len(sealed) and sealed["as_of"].max() < pd.Timestamp(oldest_good):
        row = sealed.loc[sealed["as_of"].idxmax()]
        yield "old", row["statement_id"], MISSING, row["our_balance"]


def _demand(contacts: pd.DataFrame) -> Iterator[tuple]:
    flags = contacts.reindex(columns=["demand", "evidence_kept", "reached_debtor"]).fillna(False).astype(bool)
    if not flags["demand"].any():
        yield "none", "", MISSING, None
    elif not flags.all(axis=1).any():  # no demand that would stand up in court: say what the last one lacks
        last = contacts.loc[contacts.loc[flags["demand"], "contacted_on"].idxmax()]
        for code, column in (("not_kept", "evidence_kept"), ("not_reached", "reached_debtor")):
            if not flags.at[last.name, column]:
                yield code, last["contact_id"], UNKNOWN if pd.isna(last[column]) else MISSING, None


def _invoice(invoices: pd.DataFrame) -> Iterator[tuple]:
    if len(invoices):
        yield from (("not_handed_over", *found)
                    for found in _empty(invoices, "handed_over_on", "document_id", money="amount"))


def _promise(promises: pd.DataFrame) -> Iterator[tuple]:
    if len(promises):
        yield from (("oral", *found) for found in _flags(promises, "in_writing", "promise_id", money="amount"))


def gaps(customer_id: str, *, as_of: object, contracts: pd.DataFrame | None = None,
         deliveries: pd.DataFrame | None = None, invoices: pd.DataFrame | None = None,
         statements: pd.DataFrame | None = None, contacts: pd.DataFrame | None = None,
         promises: pd.DataFrame | None = None) -> pd.DataFrame:
    """What is missing in one customer's file, what each gap costs, how to close it (证据缺口).

    Parameters
    ----------
    customer_id : the customer
    as_of : end of that day; later rows are not seen
    contracts, deliveries, invoices, statements, contacts, promises : the ledger's tables (all customers); a table not
        given is taken as empty

    Returns
    -------
    DataFrame
        One row a gap: item, code, name, reference (contract, delivery ... id), state (缺, or 不清楚 where the table
        does not say), gap, costs, fix, at_stake (amount concerned, in the unit of the tables), citation, confidence.
        ``attrs``: customer_id, as_of, notice.

    Raises
    ------
    ValueError
        A bad date, or a customer none of the tables knows.

    Examples
    --------
    >>> invoices = pd.DataFrame({"customer_id": ["C1"], "document_id": ["I1"], "amount": [100],
    ...     "issued": pd.to_datetime(["2026-01-05"]), "handed_over_on": pd.to_datetime([None])})
    >>> gaps("C1", as_of="2026-06-30", invoices=invoices)["gap"].tolist()
    ['没有合同', '没有送货记录', '发票没有交付记录', '从来没对过账', '没有一次明确的催款']
    """
    today = day(as_of, "as_of")
    given = [table for table in (contracts, deliveries, invoices, statements, contacts, promises) if table is not None]
    if not any(len(_of(table, customer_id)) for table in given):
        raise ValueError(f"没有客户 {customer_id!r} 的任何记录：核对 customer_id，或者把合同、送货、发票等表传进来")
    made = _of(contracts, customer_id)
    if len(made):  # an undated contract is seen; one signed later is not
        made = made[~(made["signed_on"] > pd.Timestamp(today))]
    billed = _until(_of(invoices, customer_id), "issued", today)
    if len(billed) and "document_type" in billed:
        billed = billed[billed["document_type"] == "invoice"]
    promised = _until(_of(promises, customer_id), "promised_on", today)
    found = {
        "contract": _contract(made),
        "delivery": _delivery(_until(_of(deliveries, customer_id), "delivered_on", today), made, billed),
        "invoice": _invoice(billed),
        "statement": _statement(_until(_of(statements, customer_id), "as_of", today), today),
        "demand": _demand(_until(_of(contacts, customer_id), "contacted_on", today)),
        "promise": _promise(promised),
    }
    rows = []
    for item, gaps_found in found.items():
        for code, reference, state, stake in gaps_found:
            text = checklist()[item].gaps[code]
            rule = get(text.rule)
            rows.append([item, code, checklist()[item].name, reference, state, text.gap, text.costs, text.fix, stake,
                         rule.citation, rule.confidence])
    report = pd.DataFrame(rows, columns=COLUMNS)
    report["at_stake"] = pd.to_numeric(report["at_stake"])
    report.attrs.update(customer_id=customer_id, as_of=today.isoformat(), notice=f"截至 {today}。{DISCLAIMER}")
    return report
