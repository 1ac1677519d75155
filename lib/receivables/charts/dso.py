"""DSO in its forms, month by month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from receivables.charts import style, words
from receivables.charts.layout import margin, spread
from receivables.charts.words import say

_LINES = {"dso_simple": (style.BRAND, "-", 2.0), "dso_rolling3": (style.RED, "--", 1.6),
          "dso_countback": (style.INK, ":", 1.8), "dso_aged": (style.SOFT, "-.", 1.6),
          "dso_average": (style.SOFT, "--", 1.2), "bpdso": ("#7fa9b1", "-", 2.0), "add": (style.RED, "-", 1.2)}


def dso_lines(table: pd.DataFrame, *, lines: Sequence[str] = ("dso_simple", "dso_rolling3", "dso_countback", "bpdso"),
              title: str | None = None, note: str = "") -> style.Chart:
    """DSO by several methods over the months (DSO 走势图); a month without a figure is a gap, never a zero.

    Parameters
    ----------
    table : one row a month, oldest first, index ``"2025-06"`` or dates; the columns named in ``lines`` in days, NaN
        where undefined. ``dso_simple`` with ``add`` gives the finding
    lines : which columns to draw

    Returns
    -------
    Chart; ``.data``: the columns drawn. Months where every line is missing are shaded and marked.

    >>> table = pd.DataFrame({"dso_simple": [50.0, 52.4], "add": [10.0, 13.8]}, index=["2025-05", "2025-06"])
    >>> dso_lines(table, lines=["dso_simple"])
    Chart('6 月末 DSO 52 天，其中 14 天是拖出来的')
    """
    if unknown := [name for name in lines if name not in _LINES or name not in table]:
        raise ValueError(f"cannot draw {unknown}: choose among {[n for n in _LINES if n in table]}")
    data = table[list(lines)].astype(float)
    data.index = [str(label)[:7] for label in table.index]
    title = title or _finding(table)
    x = np.arange(len(data))
    ends = {name: data[name].last_valid_index() for name in lines if data[name].notna().any()}
    texts = {name: say("dso_value", name=say(name), value=f"{data.at[month, name]:.0f}")
             for name, month in ends.items()}

    with style.figure(2.6, left=0.42, right=0.1 + margin(texts.values(), 9.5), top=0.12, bottom=0.42) as (fig, ax):
        for name in lines:
            colour, dash, width = _LINES[name]
            ax.plot(x, data[name], color=colour, linestyle=dash, linewidth=width, marker="o",
                    markersize=2.6 if len(data) > 1 else 5, solid_capstyle="round")
        top = np.nanmax(data.to_numpy(), initial=1.0) * 1.08
        ax.set(ylim=(min(0.0, np.nanmin(data.to_numpy(), initial=0.0)) * 1.08, top), xlim=(-0.4, len(data) - 0.6))
        for gap in np.flatnonzero(data.isna().all(axis=1)):
            ax.axvspan(gap - 0.5, gap + 0.5, color=style.LINE, alpha=0.6, linewidth=0)
            ax.text(gap, top * 0.03, "\n".join(say("dso_gap")), ha="center", va="bottom", fontsize=8.5,
                    color=style.SOFT)
        places = spread([data.at[ends[name], name] for name in ends], top * 0.085, 0, top)
        for name, place in zip(ends, places, strict=True):
            end = data.index.get_loc(ends[name])
            ax.annotate(texts[name], (end, data.at[ends[name], name]), xytext=(1.04, place), va="center",
                        textcoords=ax.get_yaxis_transform(), fontsize=9.5, annotation_clip=False,
                        arrowprops={"arrowstyle": "-", "color": style.SOFT, "linewidth": 0.7, "relpos": (0, 0.5),
                                    "shrinkA": 0, "shrinkB": 4})
        step = max(1, -(-len(data) // 7))
        ax.set_xticks(x[::step], words.months(data.index[::step]))
        ax.set_ylabel(say("days", days="").strip(), rotation=0, loc="top", labelpad=-4)
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        ax.spines["left"].set_visible(False)
        svg = style.draw(fig)
    label = "；".join([title, *texts.values()])
    return style.Chart(title, label, svg, data, note)


def _finding(table: pd.DataFrame) -> str:
    if "dso_simple" not in table or table["dso_simple"].isna().all():
        return say("dso_undefined")
    last = table["dso_simple"].last_valid_index()
    month = int(str(last)[5:7])
    dso, add = table.at[last, "dso_simple"], table["add"].get(last) if "add" in table else None
    if add is None or not add >= 0.5:
        return say("dso_plain", month=month, dso=f"{dso:.0f}")
    return say("dso_late", month=month, dso=f"{dso:.0f}", add=f"{add:.0f}")
