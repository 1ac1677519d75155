"""Migration on 1,000,000 account-months against numpy's bincount alone, ratios taken in one run.

    python bench/bench_calc.py
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pandas as pd

from receivables.analysis import migration

STATES = ["current", "1-30", "31-60", "61-90", "91+", "paid", "written_off"]
OPEN = 5


def best(work, repeats: int = 9) -> float:
    """Shortest of several runs, in seconds: the others were disturbed."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def line(name: str, ours: float, bare: float) -> None:
    print(f"{name}: {ours * 1000:.1f} ms, {ours / bare:.2f} x bincount alone ({bare * 1000:.1f} ms)")


def main() -> None:
    rng = np.random.default_rng(20260630)

    panel = rng.integers(0, len(STATES), (83_334, 12)).astype(np.int8)  # 1,000,008 account-months

    def bare_panel():
        pairs = panel[:, :-1].astype(np.int64) * len(STATES) + panel[:, 1:]
        return np.bincount(pairs.ravel(), minlength=len(STATES) ** 2)

    line("transition_matrix, 83,334 accounts x 12 months",
         best(lambda: migration.transition_matrix(panel, states=STATES)), best(bare_panel))

    size = 1_000_000
    origin, target = rng.integers(0, OPEN, size), rng.integers(0, len(STATES), size)
    held = rng.random(size) * 1000
    left = held * rng.random(size)
    before = pd.DataFrame({"state": pd.Categorical.from_codes(origin, STATES[:OPEN]), "balance": held})
    after = pd.DataFrame({"state": pd.Categorical.from_codes(target, STATES), "balance": left})

    def bare_balances():  # the same answer needs both: what was there, and where it went
        return np.bincount(origin * len(STATES) + target, left, minlength=49), np.bincount(origin, held, minlength=OPEN)

    line("roll_rates on balances, 1,000,000 accounts",
         best(lambda: migration.roll_rates(before, after)), best(bare_balances))
    line("roll_rates on accounts, 1,000,000 accounts",
         best(lambda: migration.roll_rates(before["state"], after["state"], unit="account")),
         best(lambda: (np.bincount(origin * len(STATES) + target, minlength=49), np.bincount(origin, minlength=OPEN))))

    shuffled = after.iloc[rng.permutation(size)[: size * 9 // 10]]
    merged = best(lambda: migration.roll_rates(before, shuffled), repeats=3)
    join = best(lambda: before.join(shuffled, suffixes=("", "_after")).groupby(["state", "state_after"], observed=True)
                ["balance_after"].sum(), repeats=3)
    print(f"roll_rates, tenth of the accounts gone, rest shuffled: {merged * 1000:.0f} ms, "
          f"{merged / join:.2f} x pandas join + groupby ({join * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
