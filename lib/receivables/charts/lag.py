"""How late the money comes: payment lag as a histogram."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from receivables.charts import style, words
from receivables.charts.words import say
from receivables.errors import Undefined


def lag_histogram(days_late: Sequence[float], amounts: Sequence[float] | None = None, *, width: int = 10,
                  low: int = -30, high: int = 90, title: str | None = None, note: str = "") -> style.Chart:
    """Days between due date and payment (到账时差分布图), by amount when amounts are given, else by count.

    Only what has been paid is here: money still outstanding is later than this picture shows.

    Parameters
    ----------
    days_late : one a payment; below 0 is early
    amounts : what each payment settled, above 0
    width : days in one bar; on or before the due date and after it never share a bar
    low, high : multiples of ``width``; what lies beyond is gathered in the outer bars

    Returns
    -------
    Chart; ``.data``: one row a bar, columns ``low``, ``high`` (whole days, inclusive, NaN when open), ``share``.

    Raises
    ------
    Undefined
        When nothing has been paid.

    >>> lag_histogram([-5, -2, 3, 8, 12, 14, 20, 22, 35, 61], width=10)
    Chart('一半的钱拖过 12 天才到，最慢的一成拖过 35 天')
    """
    days = np.asarray(days_late, dtype=float)
    weight = np.ones(len(days)) if amounts is None else np.asarray(amounts, dtype=float)
    if days.shape != weight.shape or not np.isfinite(days).all() or not (weight > 0).all():
        raise ValueError("give one finite number of days and one amount above 0 for each payment")
    if low % width or high % width or not low < 0 < high:
        raise ValueError(f"low and high must be multiples of {width} on either side of 0")
    if not len(days):
        raise Undefined("nothing has been paid: there is no payment lag")
    edges = np.arange(low, high + 1, width)  # a bar holds (edge, edge + width]: the due date itself ends a bar
    bar = np.searchsorted(edges, days, side="left")
    share = np.bincount(bar, weights=weight, minlength=len(edges) + 1) / weight.sum()
    data = pd.DataFrame({"low": [np.nan, *(edges + 1.0)], "high": [*edges.astype(float), np.nan], "share": share})
    median, slow = (_quantile(days, weight, q) for q in (0.5, 0.9))
    title = title or _finding(median, slow)

    x = np.arange(len(data))
    late = (data["low"] > 0).to_numpy()
    with style.figure(2.3, left=0.2, right=0.15, top=0.35, bottom=0.62) as (fig, ax):
        ax.bar(x, data["share"], width=0.86, color=[style.BRAND if is_late else style.WASH for is_late in late],
               edgecolor=style.SOFT, linewidth=0.6)
        for position, value in enumerate(data["share"]):
            if value >= 0.005:
                ax.annotate(f"{value:.0%}", (position, value), xytext=(0, 3), ha="center",
                            textcoords="offset points", fontsize=8.5)
        due = np.searchsorted(edges, 0) + 0.5
        ax.axvline(due, color=style.INK, linewidth=1)
        ax.set_xticks(np.arange(len(edges)) + 0.5, [f"{edge}".replace("-", "−") for edge in edges], fontsize=9)
        ax.set_xlabel(say("lag_axis"), fontsize=9.5)
        ax.set_yticks([])
        ax.set_ylim(0, data["share"].max() * 1.12)
        ax.set_title(say("lag_share_count" if amounts is None else "lag_share_amount"), fontsize=9.5,
                     color=style.SOFT, pad=6)
        ax.spines["left"].set_visible(False)
        svg = style.draw(fig)
    said = "；".join(f"{_range(row)} {words.percent(row.share)}" for row in data.itertuples() if row.share)
    return style.Chart(title, f"{title}。{said}", svg, data, note)


def _quantile(days: np.ndarray, weight: np.ndarray, share: float) -> float:
    """The fewest days within which at least this share of the weight has come."""
    order = np.argsort(days, kind="stable")
    reached = np.cumsum(weight[order])
    return float(days[order][np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))])


def _finding(median: float, slow: float) -> str:
    if slow <= 0:
        return say("lag_on_time")
    return say("lag_late" if median > 0 else "lag_early", median=f"{median:.0f}", slow=f"{slow:.0f}")


def _range(row) -> str:
    if np.isnan(row.low):
        return say("lag_first", days=f"{-row.high:.0f}")
    if np.isnan(row.high):
        return say("lag_last", days=f"{row.low - 1:.0f}")
    if row.high <= 0:
        return say("lag_early_bin", low=f"{abs(row.high):.0f}", high=f"{-row.low:.0f}")
    return say("lag_late_bin", low=f"{row.low:.0f}", high=f"{row.high:.0f}")
