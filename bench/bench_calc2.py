"""Speed of worklist, time to pay and warning against the bare library calls they rest on; ratios of one run.

    PYTHONPATH=lib python bench/bench_calc2.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.stats import CensoredData, ecdf

from receivables.analysis import forecast, reconcile, worklist
from receivables.analysis.time_to_pay import competing, curve


def best_of(call: Callable[[], object], times: int = 5) -> float:
    """Shortest of several runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken)


def best_of_both(ours: Callable[[], object], bare: Callable[[], object], times: int = 7) -> tuple[float, float]:
    """Shortest run of each, taken in turns so that a busy machine hits both."""
    pairs = [(best_of(ours, 1), best_of(bare, 1)) for _ in range(times)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def options(customers: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Three actions a customer: letter, call, visit; dearer ones rescue more."""
    rng = np.random.default_rng(seed)
    overdue, lift = rng.lognormal(10, 1.2, customers), rng.uniform(0.02, 0.3, customers)
    frames = [pd.DataFrame({"customer_id": [f"C{n:05d}" for n in range(customers)], "action": name,
                            "value": np.round(overdue * lift * share - cost, 2),
                            "minutes": rng.integers(low, high, customers)})
              for name, share, cost, low, high in (("letter", 0.4, 5, 2, 6), ("call", 1.0, 20, 8, 25),
                                                   ("visit", 1.6, 400, 90, 240))]
    return pd.concat(frames, ignore_index=True)


def bare_solver(frame: pd.DataFrame, minutes: float) -> Callable[[], object]:
    """The same model handed to scipy with nothing around it (matrices ready)."""
    frame = frame[frame["value"] > 0].sort_values(["customer_id", "action"])
    size, customer = len(frame), pd.factorize(frame["customer_id"].to_numpy())[0]
    each = LinearConstraint(csr_array((np.ones(size), (customer, np.arange(size)))), ub=1)
    time_limit = LinearConstraint(csr_array(frame["minutes"].to_numpy(dtype=float).reshape(1, -1)), ub=minutes)
    value = frame["value"].to_numpy()
    return lambda: milp(-value, integrality=np.ones(size), bounds=Bounds(0, 1), constraints=[each, time_limit],
                        options={"mip_rel_gap": 0})


def main() -> None:
    frame, minutes = options(), 4 * 420.0
    solve = bare_solver(frame, minutes)
    same = np.isclose(-solve().fun, worklist.plan(frame, {"minutes": minutes}).value)
    ours, bare = best_of_both(lambda: worklist.plan(frame, {"minutes": minutes}), solve)
    print(f"worklist.plan, 2,000 customers x 3 actions: {ours / bare:.2f} x scipy milp bare "
          f"({ours:.3f} s, {bare:.3f} s), same optimum: {same}")

    rng = np.random.default_rng(1)
    days, paid = rng.integers(0, 200, 1_000_000).astype(float), rng.random(1_000_000) < 0.7
    def scipy_bare():
        survival = ecdf(CensoredData(uncensored=days[paid], right=days[~paid])).sf
        return survival, survival.confidence_interval(0.95, method="log-log")
    ours, bare = best_of_both(lambda: curve(days, paid), scipy_bare)
    print(f"time_to_pay.curve, 1,000,000 invoices: {ours / bare:.2f} x scipy ecdf bare ({ours:.3f} s, {bare:.3f} s)")

    state = np.where(paid, "paid", np.where(rng.random(len(days)) < 0.1, "written_off", "open"))
    amounts = rng.lognormal(8, 1, len(days))
    other = best_of(lambda: competing(days, state, weights=amounts), 3)
    print(f"time_to_pay.competing, 1,000,000 invoices by amount: {other / bare:.2f} x scipy ecdf bare")

    items = pd.DataFrame({"issued": pd.Timestamp("2026-06-30") - pd.to_timedelta(days[:100_000], unit="D"),
                          "open_amount": amounts[:100_000]})
    line = curve(days, paid)
    taken = best_of(lambda: forecast.cash(items, "2026-06-30", line), 3)
    print(f"forecast.cash, 100,000 items x 13 weeks: {taken:.3f} s")

    cents = rng.choice(np.arange(1, 5_000_000), 20_000, replace=False) / 100
    side = pd.DataFrame({"document_id": [f"INV-{n}" for n in range(len(cents))], "amount": cents})
    theirs = side.assign(document_id=np.where(np.arange(len(side)) % 3, side["document_id"], ""))
    print(f"reconcile.match, 20,000 entries a side: {best_of(lambda: reconcile.match(side, theirs), 2):.3f} s")


if __name__ == "__main__":
    main()
