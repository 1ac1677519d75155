"""Aging as bars: how much is owed in each bucket."""

from __future__ import annotations

import pandas as pd

from receivables.analysis import aging
from receivables.charts import style, words
from receivables.charts.layout import margin
from receivables.charts.words import say


def aging_bars(schedule: pd.DataFrame, *, currency: str = "CNY", title: str | None = None,
               note: str = "") -> style.Chart:
    """Bars of an aging schedule (账龄结构图), youngest bucket on top; rows are added up, credits drawn apart.

    Parameters
    ----------
    schedule : as ``aging.schedule`` returns it
    currency : for the unit on the axis
    title : instead of the finding worked out here

    Returns
    -------
    Chart; ``.data``: one row a bucket (and ``credits`` when there are any), columns ``amount``, ``share`` of what is
    owed (NaN for credits).

    >>> items = pd.DataFrame({"open_amount": [65000.0, 35000.0], "due": pd.to_datetime(["2025-07-09", "2025-03-01"])})
    >>> aging_bars(aging.schedule(items, "2025-06-30"))
    Chart('欠款里 35% 已经逾期，90 天以上的有 3.5 万元')
    """
    names = aging.buckets(schedule)
    amounts = schedule[names].sum()
    gross = float(amounts.sum())
    data = pd.DataFrame({"amount": amounts, "share": amounts / gross if gross > 0 else float("nan")})
    if (credits := float(schedule[aging.CREDITS].sum())) < 0:
        data.loc[aging.CREDITS] = [credits, float("nan")]
    money = words.Money.of(data["amount"], currency)
    title = title or words.spaced(_finding(data, names, gross, money))

    texts = [say("amount_share", value=money(row.amount), unit=money.unit, share=words.percent(row.share))
             if row.share == row.share else money.text(row.amount) for row in data.itertuples()]
    labels = [words.bucket(name) for name in data.index]
    rows = range(len(data))
    with style.figure(0.36 * len(data) + 0.15, left=margin(labels), right=margin(texts, 9.5), top=0.05,
                      bottom=0.1) as (fig, ax):
        apart = data.index == aging.CREDITS
        ax.barh(rows, data["amount"] / money.per, height=0.68, edgecolor=style.SOFT, linewidth=0.6,
                color=[*style.ramp(len(names)), style.PAPER][:len(data)], hatch=["////" if a else "" for a in apart])
        for row, amount in enumerate(data["amount"]):
            ax.annotate(texts[row], (max(amount, 0) / money.per, row), xytext=(6, 0), textcoords="offset points",
                        va="center", fontsize=9.5)
        ax.set_yticks(rows, labels)
        ax.set(xlim=(min(data["amount"].min(), 0) / money.per, max(data["amount"].max(), 1) / money.per),
               ylim=(len(data) - 0.5, -0.5))
        ax.set_xticks([])
        ax.spines[["bottom", "left"]].set_visible(False)
        ax.axvline(0, color=style.SOFT, linewidth=0.8)
        svg = style.draw(fig)
    said = "；".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True))
    return style.Chart(title, f"{title}。{said}", svg, data, note)


def _finding(data: pd.DataFrame, names: list[str], gross: float, money: words.Money) -> str:
    if gross <= 0:
        return say("aging_none")
    oldest = names[-1]
    last = float(data.at[oldest, "amount"])
    if names[0] != aging.CURRENT:
        most = data["amount"].idxmax()
        return say("aging_by_issue", share=words.percent(data.at[most, "share"]), bucket=words.bucket(most))
    late = 1 - float(data.at[aging.CURRENT, "share"])
    if gross == data.at[aging.CURRENT, "amount"]:
        return say("aging_all_current", total=money(gross), unit=money.unit)
    return say("aging_overdue" if last else "aging_overdue_young", share=words.percent(late),
               oldest=words.bucket(oldest), amount=money(last), unit=money.unit)
