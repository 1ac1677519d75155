"""How fast aging and its charts are, as ratios taken in one run: `python bench/bench_aging.py`."""

import io
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from receivables import charts
from receivables.analysis import aging
from receivables.charts import style

AS_OF = pd.Timestamp("2025-06-30")
CUSTOMERS, ROWS, LARGE, SLOW = 5_000, 1_000_000, 10_000_000, 50_000


def made_up(rows: int) -> pd.DataFrame:
    """Open items as a ledger returns them: customers categorical, whole fen, some credits."""
    random = np.random.default_rng(20250630)
    due = (AS_OF.to_numpy() + random.integers(-140, 70, rows).astype("m8[D]")).astype("M8[us]")
    fen = np.rint(random.lognormal(12, 1, rows)) * np.where(random.random(rows) < 0.02, -1, 1)
    names = [f"C{i:04}" for i in range(CUSTOMERS)]
    customer = pd.Categorical.from_codes(random.integers(0, CUSTOMERS, rows), names)
    return pd.DataFrame({"customer_id": customer, "issued": due - np.timedelta64(100, "D"), "due": due,
                         "open_amount": fen / 100, "currency": pd.Categorical(["CNY"]).take(np.zeros(rows, int))})


def best(call, runs: int = 7) -> float:
    """Least processor time of a call: nothing here waits or runs in threads, and a busy machine adds none."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def paired(*calls, rounds: int = 15) -> list[float]:
    """Best times of several calls taken in turn, so that a busy machine slows all of them alike."""
    return [min(times) for times in zip(*[[best(call, 2) for call in calls] for _ in range(rounds)], strict=True)]


def bare(codes: np.ndarray, days: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """The floor: numpy on ready codes and days, no check, no credits apart, no labels."""
    return np.bincount(codes * 6 + np.digitize(days, [1, 31, 61, 91]), weights=amounts, minlength=CUSTOMERS * 6)


def row_loop(items: pd.DataFrame) -> dict:
    cells: dict = {}
    for customer, due, amount in zip(items["customer_id"], items["due"], items["open_amount"], strict=True):
        late = (AS_OF - due).days
        key = customer, 0 if late <= 0 else 1 if late <= 30 else 2 if late <= 60 else 3 if late <= 90 else 4
        cells[key] = cells.get(key, 0) + amount
    return cells


def applied(items: pd.DataFrame) -> pd.DataFrame:
    late = items.apply(lambda row: (AS_OF - row["due"]).days, axis=1)
    bucket = late.apply(lambda d: 0 if d <= 0 else 1 if d <= 30 else 2 if d <= 60 else 3 if d <= 90 else 4)
    return items.groupby(["customer_id", bucket], observed=True)["open_amount"].sum().unstack()


def cut_and_group(items: pd.DataFrame) -> pd.DataFrame:
    bucket = pd.cut((AS_OF - items["due"]).dt.days, [-np.inf, 0, 30, 60, 90, np.inf])
    return items.groupby(["customer_id", bucket], observed=True)["open_amount"].sum().unstack()


def bench_schedule() -> None:
    items = made_up(ROWS)
    codes = items["customer_id"].cat.codes.to_numpy().astype(np.intp)
    days = ((AS_OF - items["due"]).dt.days).to_numpy()
    amounts = items["open_amount"].to_numpy()
    floor, ours = paired(lambda: bare(codes, days, amounts), lambda: aging.schedule(items, AS_OF, by="customer_id"))
    print(f"schedule, {ROWS:,} items, {CUSTOMERS:,} customers x 6 buckets: {ours / floor:.2f} x bare digitize+bincount "
          f"({ours * 1e3:.0f} ms)")
    print(f"  pandas cut+groupby on the same: {best(lambda: cut_and_group(items), 3) / ours:.1f} x ours")
    few = items.iloc[:SLOW]
    own = best(lambda: aging.schedule(few, AS_OF, by="customer_id"))
    print(f"  on {SLOW:,} items: a row loop {best(lambda: row_loop(few), 1) / own:.0f} x ours, "
          f"df.apply {best(lambda: applied(few), 1) / own:.0f} x ours")
    large = made_up(LARGE)
    many = best(lambda: aging.schedule(large, AS_OF, by="customer_id"), 3)
    codes = large["customer_id"].cat.codes.to_numpy().astype(np.intp)
    days, amounts = ((AS_OF - large["due"]).dt.days).to_numpy(), large["open_amount"].to_numpy()
    floor_many, scale = best(lambda: bare(codes, days, amounts), 3), LARGE / ROWS
    print(f"schedule, {LARGE:,} items: {many / ours / scale:.2f} x the time an item of {ROWS:,} "
          f"(bare: {floor_many / floor / scale:.2f} x), {many / floor_many:.2f} x bare")


def bare_figure(labels: list[str], amounts: list[float], texts: list[str], colours: list[str],
                keep: Callable = lambda save: None) -> str:
    """The same figure as by hand: build it, savefig, nothing else; ``keep`` is given its savefig."""
    from matplotlib.figure import Figure

    with style.style():
        fig = Figure(figsize=(style.WIDTH, 2.3))
        ax = fig.add_axes((0.2, 0.05, 0.5, 0.9))
        ax.barh(range(len(labels)), amounts, height=0.68, color=colours, edgecolor=style.SOFT)
        for row, text in enumerate(texts):
            ax.annotate(text, (max(amounts[row], 0), row), xytext=(6, 0), textcoords="offset points", va="center")
        ax.set_yticks(range(len(labels)), labels)
        ax.invert_yaxis()
        ax.set_xticks([])
        ax.axvline(0, color=style.SOFT)
        out = io.StringIO()
        fig.savefig(out, format="svg")

    def again() -> None:
        with style.style():
            fig.savefig(io.StringIO(), format="svg")

    keep(again)
    return out.getvalue()


def bench_chart() -> None:
    table = aging.schedule(made_up(10_000), AS_OF, by="customer_id")
    chart = charts.aging_bars(table)
    parts = [part.split(" ", 1) for part in chart.label.split("。")[1].replace(" 天", "天").split("；")]
    labels, texts = [p[0] for p in parts], [p[1] for p in parts]
    amounts, colours = (chart.data["amount"] / 1e4).tolist(), [*style.ramp(5), style.PAPER]
    saved: list[Callable] = []
    bare_figure(labels, amounts, texts, colours, saved.append)
    bare_time, ours, save_time = paired(lambda: bare_figure(labels, amounts, texts, colours),
                                        lambda: charts.aging_bars(table).html, saved[0])
    print(f"chart callback (schedule to HTML): {ours / bare_time:.2f} x the same figure built and saved bare "
          f"({ours * 1e3:.0f} ms); savefig alone, of a figure that exists already: {ours / save_time:.2f} x")


def main() -> None:
    bench_schedule()
    bench_chart()


if __name__ == "__main__":
    main()
