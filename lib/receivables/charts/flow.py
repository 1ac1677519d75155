"""Aging over time: one column a date, stacked by bucket."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from receivables.analysis import aging
from receivables.charts import style, words
from receivables.charts.layout import margin, spread
from receivables.charts.words import say


def aging_flow(schedules: Mapping[str, pd.DataFrame], *, currency: str = "CNY", title: str | None = None,
               note: str = "") -> style.Chart:
    """Aging schedules of several dates side by side (账龄变化图), what is not due at the foot, the oldest on top.

    Parameters
    ----------
    schedules : date -> schedule (rows are added up), oldest first, all with the same buckets; credits are left out

    Returns
    -------
    Chart; ``.data``: one row a date, one column a bucket.

    >>> items = pd.DataFrame({"open_amount": [50000.0, 80000.0], "due": pd.to_datetime(["2025-05-20", "2025-06-10"])})
    >>> aging_flow({day: aging.schedule(items, day) for day in ("2025-05-31", "2025-06-30")})
    Chart('逾期从 5.0 涨到 13.0 万元')
    """
    columns = {str(date)[:10]: table[aging.buckets(table)].sum() for date, table in schedules.items()}
    if len({tuple(column.index) for column in columns.values()}) != 1:
        raise ValueError("give schedules that all have the same buckets")
    data = pd.DataFrame(columns).T
    money = words.Money.of(data.sum(axis=1), currency)
    title = title or _finding(data, money)
    heights = data / money.per
    labels = [words.bucket(name) for name in data.columns]
    x, colours = np.arange(len(data)), style.ramp(data.shape[1])
    with style.figure(2.8, left=0.5, right=0.1 + margin(labels, 9.5), top=0.25, bottom=0.42) as (fig, ax):
        foot = np.zeros(len(data))
        middles = []
        for name, colour in zip(data.columns, colours, strict=True):
            ax.bar(x, heights[name], bottom=foot, width=0.78, color=colour, edgecolor=style.PAPER, linewidth=0.7)
            middles.append(foot[-1] + heights[name].iloc[-1] / 2)
            foot += heights[name].to_numpy()
        top = foot.max(initial=0) * 1.03 or 1.0
        ax.set(ylim=(0, top), xlim=(-0.55, len(data) - 0.45))
        for label, middle, place in zip(labels, middles, spread(middles, top * 0.085, 0, top), strict=True):
            ax.annotate(label, (len(data) - 0.61, middle), xytext=(1.05, place), va="center", fontsize=9.5,
                        textcoords=ax.get_yaxis_transform(), annotation_clip=False,
                        arrowprops={"arrowstyle": "-", "color": style.SOFT, "linewidth": 0.7, "relpos": (0, 0.5),
                                    "shrinkA": 1, "shrinkB": 0})
        step = max(1, -(-len(data) // 7))
        ax.set_xticks(x[::step], words.months(data.index[::step]))
        ax.set_title(say("axis_amount", unit=money.unit), fontsize=9.5, color=style.SOFT, pad=4)
        ax.yaxis.set_major_formatter("{x:,g}")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        ax.spines["left"].set_visible(False)
        svg = style.draw(fig)
    said = [say("flow_alt", date=date, parts="，".join(f"{words.bucket(n)} {money.text(v)}" for n, v in row.items()))
            for date, row in data.iloc[[0, -1]].iterrows()]
    return style.Chart(title, "。".join([title, *said]), svg, data, note)


def _finding(data: pd.DataFrame, money: words.Money) -> str:
    late = data.drop(columns=aging.CURRENT, errors="ignore").sum(axis=1)
    before, after = late.iloc[0], late.iloc[-1]
    if aging.CURRENT not in data:
        return say("flow_gross", before=money(before), after=money(after), unit=money.unit)
    key = "flow_up" if after > before else "flow_down" if after < before else "flow_same"
    return say(key, before=money(before), after=money(after), unit=money.unit)
