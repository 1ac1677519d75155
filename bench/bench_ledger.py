"""The ledger against bare pandas, in one run: `python bench/bench_ledger.py [--small]`. Ratios, best of three."""

from __future__ import annotations

import contextlib
import gc
import io
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd

from receivables.ledger import Ledger, read_ledger

START = pd.Timestamp("2021-01-01")


def best(call, times: int = 3) -> float:
    """Least CPU seconds of a few calls (other people use the machine too)."""
    taken = []
    for _ in range(times):
        gc.collect()
        begin = time.process_time()
        call()
        taken.append(time.process_time() - begin)
    return min(taken)


def documents(rng, count: int, customers: int = 5000) -> pd.DataFrame:
    issued = START + pd.to_timedelta(np.sort(rng.integers(0, 1000, count)), unit="D")
    return pd.DataFrame(
        {
            "document_id": [f"INV{n:08d}" for n in range(count)],
            "document_type": "invoice",
            "customer_id": [f"C{n:05d}" for n in rng.integers(0, customers, count)],
            "issued": issued,
            "due": issued + pd.to_timedelta(rng.choice([30, 60, 90], count), unit="D"),
            "currency": "CNY",
            "amount": np.round(rng.lognormal(8, 1, count), 2) + 1,
        }
    )


def payments(rng, invoices: pd.DataFrame, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Receipts that pay at most half an invoice each, and the allocations that say so."""
    which = np.concatenate([np.arange(len(invoices)), rng.integers(0, len(invoices), count)])[:count]
    which = pd.Series(which)
    keep = which.groupby(which).cumcount() < 2
    which = which[keep].to_numpy()
    paid = invoices.iloc[which]
    received = paid["issued"].to_numpy() + rng.integers(1, 150, len(which)).astype("timedelta64[D]")
    amount = np.floor(paid["amount"].to_numpy() * 50) / 100
    receipts = pd.DataFrame(
        {
            "receipt_id": [f"R{n:08d}" for n in range(len(which))],
            "customer_id": paid["customer_id"].to_numpy(),
            "received": received,
            "currency": "CNY",
            "amount": amount,
        }
    )
    allocations = pd.DataFrame(
        {
            "allocation_id": [f"L{n:08d}" for n in range(len(which))],
            "source_type": "receipt",
            "source_id": receipts["receipt_id"],
            "document_id": paid["document_id"].to_numpy(),
            "applied": received,
            "amount": amount,
        }
    )
    return receipts, allocations


def bench_open_items(rng, count: int) -> None:
    invoices = documents(rng, count)
    receipts, allocations = payments(rng, invoices, count * 3 // 2)
    as_of = START + pd.Timedelta(days=900)

    def bare():
        merged = allocations[allocations["applied"] <= as_of].merge(invoices, on="document_id")
        merged.groupby("document_id")["amount_x"].sum()

    base = best(bare)
    ledger = Ledger.from_tables({"invoices": invoices, "receipts": receipts, "allocations": allocations})
    first = best(lambda: ledger.open_items(as_of), 1)
    again = best(lambda: ledger.open_items(as_of))
    print(
        f"open_items, {count:,} invoices and {len(receipts):,} receipts: {first / base:.2f} x (first call), "
        f"{again / base:.2f} x (later calls) one merge + groupby ({base:.2f} s)"
    )


def bench_memory(rng, count: int) -> None:
    invoices = documents(rng, count)
    receipts, allocations = payments(rng, invoices, count * 3 // 2)
    frames = sum(int(frame.memory_usage(deep=True).sum()) for frame in (invoices, receipts, allocations))
    ledger = Ledger.from_tables({"invoices": invoices, "receipts": receipts, "allocations": allocations})
    tracemalloc.start()
    ledger.open_items(START + pd.Timedelta(days=900))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"open_items, peak memory of the call: {peak / frames:.2f} x its frames ({frames / 1e6:.0f} MB)")
    del ledger
    tracemalloc.start()
    Ledger.from_tables({"invoices": invoices, "receipts": receipts, "allocations": allocations})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"Ledger.from_tables, peak memory beyond the frames: {peak / frames:.2f} x the frames")


def bench_allocation(rng, count: int) -> None:
    seconds = []
    for size in (count // 4, count // 2, count):
        invoices = documents(rng, size)
        receipts = payments(rng, invoices, size)[0]
        stated = Ledger.from_tables({"invoices": invoices, "receipts": receipts.assign(on_account=True)})
        shaped = {name: stated.table(name, minor=True) for name in ("customers", "invoices", "receipts")}
        shaped["receipts"]["on_account"] = pd.array([False] * size, dtype="boolean")
        from receivables.ledger.book import compile_book

        tables = {
            **{name: stated.table(name, minor=True) for name in ("allocations", "write_offs", "retention")},
            **shaped,
        }
        seconds.append(best(lambda tables=tables: compile_book(tables), 2))
    per = ", ".join(f"{size:,}: {s:.2f} s" for size, s in zip((count // 4, count // 2, count), seconds, strict=True))
    print(
        f"allocation of unreferenced receipts ({per}): 4 x the receipts take {seconds[2] / seconds[0]:.2f} x the time"
    )


def bench_reading(rng, count: int) -> None:
    frame = documents(rng, count)
    settled = frame["issued"] + pd.to_timedelta(rng.integers(1, 120, count), unit="D")
    plain = pd.DataFrame(
        {
            "invoiceNumber": frame["document_id"],
            "customerID": frame["customer_id"],
            "InvoiceDate": frame["issued"],
            "DueDate": frame["due"],
            "InvoiceAmount": frame["amount"],
            "SettledDate": settled.where(rng.random(count) > 0.1),
        }
    )
    dates = ["InvoiceDate", "DueDate", "SettledDate"]
    with tempfile.TemporaryDirectory() as folder:
        for name, style in (("ISO dates", "%Y-%m-%d"), ("M/D/Y dates", "%m/%d/%Y")):
            path = Path(folder) / "ar.csv"
            plain.to_csv(path, index=False, date_format=style)
            options = {} if style.startswith("%Y") else {"date_format": style}
            base = best(lambda path=path, options=options: pd.read_csv(path, parse_dates=dates, **options), 5)
            with contextlib.redirect_stderr(io.StringIO()):
                ours = best(lambda path=path: read_ledger(path), 5)
                ledger = read_ledger(path)
                tables = best(lambda ledger=ledger: ledger.open_items("2022-12-31"), 1)
            print(
                f"read_ledger, {count:,} clean rows, {name}: {ours / base:.2f} x pandas.read_csv with parsed dates "
                f"({base:.2f} s); first open_items after it {tables / base:.2f} x"
            )


def main() -> None:
    scale = 10 if "--small" in sys.argv else 1
    rng = np.random.default_rng(0)
    bench_open_items(rng, 1_000_000 // scale)
    bench_memory(rng, 200_000 // scale)
    bench_allocation(rng, 200_000 // scale)
    bench_reading(rng, 200_000 // scale)


if __name__ == "__main__":
    main()
