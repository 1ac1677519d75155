"""What a customer did over time: talks, promises, money in and goods out, one lane each."""

from __future__ import annotations

import pandas as pd

from receivables.charts import style, words
from receivables.charts.layout import margin
from receivables.charts.words import say

LANES = ("contacts", "promises", "receipts", "orders")
#: lane -> how an entry is drawn, by what became of it: marker, filled, colour
_MARKS = {
    "contacts": {"no_answer": ("o", False, style.INK), "referred": (">", True, style.INK)},
    "promises": {"kept": ("o", True, style.BRAND), "part": ("o", True, style.FAINT), "broken": ("x", True, style.RED),
                 "unripe": ("o", False, style.BRAND)},
}
_TALKED = ("o", True, style.SOFT)


def record_lanes(events: pd.DataFrame, since, as_of, *, currency: str = "CNY", title: str | None = None,
                 note: str = "") -> style.Chart:
    """Four lanes over the same days (一条时间轴上的联系、承诺、到账、订单); money in and orders share one scale.

    Parameters
    ----------
    events : ``lane`` (one of :data:`LANES`), ``day``, ``amount`` (of receipts and orders), ``state`` (outcome of a contact,
        fate of a promise, ``paper`` for a receipt in the debtor's own paper)
    since, as_of : the days between which they lie

    Returns
    -------
    Chart; ``.data``: the events drawn, by day.

    >>> events = pd.DataFrame({"lane": ["promises", "receipts", "orders"], "state": ["broken", "", ""],
    ...                        "day": pd.to_datetime(["2025-01-06", "2025-01-14", "2025-01-20"]),
    ...                        "amount": [630000.0, 30000.0, 120000.0]})
    >>> record_lanes(events, "2025-01-01", "2025-03-31")
    Chart('答应 1 回，兑现 0 回；付来 3.0 万元，又订货 12.0 万元')
    """
    start, end = pd.Timestamp(since).normalize(), pd.Timestamp(as_of).normalize()
    data = events[(events["day"] >= start)].sort_values(["lane", "day"], ignore_index=True)
    sums = {lane: float(data.loc[data["lane"] == lane, "amount"].sum()) for lane in ("receipts", "orders")}
    unit = words.Money.of(sums.values(), currency)
    fates = data.loc[data["lane"] == "promises", "state"].astype(str)
    title = title or say("record_title", promises=int((fates != "unripe").sum()), kept=int((fates == "kept").sum()),
                         received=unit.text(sums["receipts"]), ordered=unit.text(sums["orders"]))
    names = [say(f"record_{lane}") for lane in LANES]
    bars = data[data["lane"].isin(["receipts", "orders"])]
    top = float(bars["amount"].max()) if len(bars) else 1.0
    span = max((max(end, data["day"].max()) - start).days if len(data) else 0, (end - start).days, 1)
    with style.figure(2.5, left=margin(names), right=0.12, top=0.05, bottom=0.42) as (fig, ax):
        for row, lane in enumerate(LANES):
            base = -row
            ax.axhline(base - (0.42 if row > 1 else 0), color=style.LINE, linewidth=0.8, zorder=0)
            for event in data[data["lane"] == lane].itertuples():
                x = (event.day - start).days
                if lane in _MARKS:
                    marker, filled, colour = _MARKS[lane].get(str(event.state), _TALKED)
                    ax.plot(x, base, marker, markersize=6, markeredgewidth=1.5, markeredgecolor=colour, color=colour,
                            markerfacecolor=colour if filled else style.PAPER)
                else:
                    paper = str(event.state) == "paper"
                    ax.bar(x, max(event.amount / top * 0.8, 0.03), bottom=base - 0.42, width=span / 90,
                           color=style.PAPER if paper else style.BRAND if lane == "receipts" else style.RED,
                           edgecolor=style.BRAND if paper else style.PAPER, linewidth=0.8 if paper else 0,
                           hatch="////" if paper else "")
        firsts = pd.date_range(start, end, freq="MS")
        ax.set_xticks([(day - start).days for day in firsts], words.months(f"{day:%Y-%m}" for day in firsts), fontsize=9.5)
        ax.set_yticks([-row for row in range(len(LANES))], names)
        ax.set(xlim=(-span * 0.02, span * 1.02), ylim=(-3.5, 0.5))
        ax.spines[["left", "bottom"]].set_visible(False)
        svg = style.draw(fig)
    counts = "；".join(say("record_count", name=name, count=int((data["lane"] == lane).sum()))
                      for lane, name in zip(LANES, names, strict=True))
    return style.Chart(title, f"{title}。{counts}", svg, data, note)
