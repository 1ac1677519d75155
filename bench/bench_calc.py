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


def best(ours, bare, repeats: int = 15) -> tuple[float, float]:
    """Shortest time of each in seconds, taken in turns: what disturbs the machine disturbs both."""
    times = ([], [])
    for _ in range(repeats):
        for work, taken in zip((ours, bare), times, strict=True):
            start = perf_counter()
            work()
            taken.append(perf_counter() - start)
    return min(times[0]), min(times[1])


def line(name: str, ours, bare, against: str = "bincount alone", repeats: int = 15) -> None:
    mine, theirs = best(ours, bare, repeats)
    print(f"{name}: {mine * 1000:.1f} ms, {mine / theirs:.2f} x {against} ({theirs * 1000:.1f} ms)")


def main() -> None:
    rng = np.random.default_rng(20260630)

    panel = rng.integers(0, len(STATES), (83_334, 12)).astype(np.int8)  # 1,000,008 account-months

    def bare_panel():
        pairs = panel[:, :-1].astype(np.int64) * len(STATES) + panel[:, 1:]
        return np.bincount(pairs.ravel(), minlength=len(STATES) ** 2)

    line("transition_matrix, 83,334 accounts x 12 months",
         lambda: migration.transition_matrix(panel, states=STATES), bare_panel)

    size = 1_000_000
    origin, target = rng.integers(0, OPEN, size), rng.integers(0, len(STATES), size)
    held = rng.random(size) * 1000
    left = held * rng.random(size)
    before = pd.DataFrame({"state": pd.Categorical.from_codes(origin, STATES[:OPEN]), "balance": held})
    after = pd.DataFrame({"state": pd.Categorical.from_codes(target, STATES), "balance": left})

    def bare_balances():  # the same answer needs both: what was there, and where it went
        return np.bincount(origin * len(STATES) + target, left, minlength=49), np.bincount(origin, held, minlength=OPEN)

    line("roll_rates on balances, 1,000,000 accounts", lambda: migration.roll_rates(before, after), bare_balances)
    line("roll_rates on accounts, 1,000,000 accounts",
         lambda: migration.roll_rates(before["state"], after["state"], unit="account"),
         lambda: (np.bincount(origin * len(STATES) + target, minlength=49), np.bincount(origin, minlength=OPEN)))

    shuffled = after.iloc[rng.permutation(size)[: size * 9 // 10]]
    line("roll_rates, a tenth of the accounts gone, the rest shuffled",
         lambda: migration.roll_rates(before, shuffled),
         lambda: before.join(shuffled, suffixes=("", "_after")).groupby(["state", "state_after"], observed=True)
         ["balance_after"].sum(), "pandas join + groupby", repeats=3)


if __name__ == "__main__":
    main()
