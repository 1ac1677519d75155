"""What moved between two aging schedules, bucket by bucket."""

from __future__ import annotations

import pandas as pd

from receivables.analysis.ladder import CURRENT
from receivables.analysis.shift import Shift
from receivables.charts import style, words
from receivables.charts.layout import margin
from receivables.charts.words import say


def shift_waterfall(shift: Shift, *, before: str = "", after: str = "", currency: str = "CNY",
                    title: str | None = None, note: str = "") -> style.Chart:
    """From the balance before to the balance after, one step a bucket (账龄偏移瀑布图); credits left out.

    Parameters
    ----------
    shift : as ``aging.shift`` returns it
    before, after : names of the two dates, default 期初 and 期末

    Returns
    -------
    Chart; ``.data``: columns ``start``, ``end``, ``change`` for each step, first and last row the two balances. Steps
    up are filled, steps down hatched, and each carries its sign.

    >>> cols = ["current", "1-30", "31+", "credits", "total"]
    >>> a, b = (pd.DataFrame([row], columns=cols) for row in ([8e5, 1e5, 0.5e5, 0, 9.5e5], [8e5, 1e5, 2e5, 0, 11e5]))
    >>> from receivables.analysis import aging
    >>> shift_waterfall(aging.shift(a, b))
    Chart('欠款多了 15.0 万元，主要是 30 天以上的')
    """
    table = shift.table
    names = list(table.index)
    ends = table["before"].sum() + table["change"].cumsum()
    data = pd.DataFrame({"start": ends - table["change"], "end": ends, "change": table["change"]})
    first, last = before or say("shift_before"), after or say("shift_after")
    steps = pd.concat([pd.DataFrame({"start": 0.0, "end": table["before"].sum(), "change": 0.0}, index=[first]), data,
                       pd.DataFrame({"start": 0.0, "end": table["after"].sum(), "change": 0.0}, index=[last])])
    money = words.Money.of(steps["end"], currency)
    title = title or words.spaced(_finding(table, money))
    labels = [first, *(words.bucket(name) for name in names), last]
    texts = [money(step.end) if kind else _signed(step.change, money)
             for step, kind in zip(steps.itertuples(), _totals(len(steps)), strict=True)]

    spans = steps[["start", "end"]].iloc[1:-1] / money.per
    low, high = float(spans.min(axis=None)), float(spans.max(axis=None))
    room = (high - low) * 0.08 or 1.0
    with style.figure(0.34 * len(steps) + 0.35, left=margin(labels), right=margin(texts, 9.5), top=0.3,
                      bottom=0.05) as (fig, ax):
        for row, (name, step, whole) in enumerate(zip(steps.index, steps.itertuples(), _totals(len(steps)),
                                                      strict=True)):
            left, right = sorted((step.start / money.per, step.end / money.per))
            if whole:  # a mark, not a bar: the axis does not start at zero, and a bar would lie about its size
                left = right
                ax.plot([right, right], [row - 0.36, row + 0.36], color=style.INK, linewidth=2.5)
            elif step.change:
                up = step.change > 0
                colour = style.BRAND if name == CURRENT else style.RED
                ax.barh(row, right - left, left=left, height=0.62, color=colour if up else style.PAPER,
                        edgecolor=style.SOFT, linewidth=0.7, hatch=None if up else "////")
            ax.annotate(texts[row], (right, row), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9.5)
            if row + 1 < len(steps):
                ax.plot([step.end / money.per] * 2, [row, row + 1], color=style.SOFT, linewidth=0.6, zorder=0)
        ax.set_yticks(range(len(steps)), labels)
        ax.set(xlim=(low - room, high + room / 4), ylim=(len(steps) - 0.5, -0.5), xticks=[])
        ax.set_title(say("axis_amount", unit=money.unit), fontsize=9.5, color=style.SOFT, pad=4)
        ax.spines[["bottom", "left"]].set_visible(False)
        svg = style.draw(fig)
    said = "；".join(f"{label} {text} {money.unit}" for label, text in zip(labels, texts, strict=True))
    return style.Chart(title, f"{title}。{said}", svg, steps, note)


def _totals(count: int) -> list[bool]:
    return [True, *[False] * (count - 2), True]


def _signed(change: float, money: words.Money) -> str:
    return f"+{money(change)}" if change > 0 else money(change)


def _finding(table: pd.DataFrame, money: words.Money) -> str:
    change = table["change"]
    total = change.sum()
    if not change.any():
        return say("shift_same")
    late = change.drop(CURRENT, errors="ignore")
    if abs(total) < change.abs().max() / 4 and late.max() > 0:
        return say("shift_turned", amount=money.text(abs(total)), bucket=words.bucket(late.idxmax()),
                   growth=money.text(late.max()))
    main = change.idxmax() if total >= 0 else change.idxmin()
    return say("shift_more" if total > 0 else "shift_less", amount=money.text(abs(total)), bucket=words.bucket(main))
