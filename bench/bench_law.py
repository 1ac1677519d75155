"""How the limitation clock of a whole ledger compares with the bare clock: ratios taken in one run.

    PYTHONPATH=lib python bench/bench_law.py
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pandas as pd

from receivables.law import ledger_clock
from receivables.law.limitation import expiry


def _seconds(work) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main(items: int = 10_000, demands: int = 2_500, customers: int = 250) -> None:
    rng = np.random.default_rng(0)
    first = pd.Timestamp("2022-01-01")
    table = pd.DataFrame({"customer_id": rng.integers(0, customers, items).astype(str),
                          "document_id": np.arange(items).astype(str),
                          "due": first + pd.to_timedelta(rng.integers(0, 1500, items), "D")})
    contacts = pd.DataFrame({"customer_id": rng.integers(0, customers, demands).astype(str), "document_id": None,
                             "contact_id": np.arange(demands).astype(str), "demand": True, "evidence_kept": True,
                             "reached_debtor": True,
                             "contacted_on": first + pd.to_timedelta(rng.integers(0, 1500, demands), "D")})
    expiry(first)  # reads the law pack once
    bare = _seconds(lambda: [expiry(due) for due in table["due"]])
    found = _seconds(lambda: ledger_clock.events(contacts=contacts))
    happened = ledger_clock.events(contacts=contacts)
    whole = _seconds(lambda: ledger_clock.clocks(table, happened, as_of="2026-06-30"))
    print(f"events of {demands} contacts: {found / bare:.4f} x {items} bare clocks")
    print(f"clocks of {items} items, {demands // customers} demands a customer: {whole / bare:.1f} x bare clocks")


if __name__ == "__main__":
    main()
