"""Invoices as spans of time: the days granted, and the days taken beyond them."""

from __future__ import annotations

import pandas as pd

from receivables.charts import style, words
from receivables.charts.layout import margin
from receivables.charts.words import say


def invoice_spans(items: pd.DataFrame, as_of, *, title: str | None = None, note: str = "") -> style.Chart:
    """One line an invoice, from its date over the due date to today (一张票的两段日子), the oldest on top.

    Parameters
    ----------
    items : ``document_id``, ``issued``, ``due``, one row an invoice
    as_of : today

    Returns
    -------
    Chart; ``.data``: ``age`` (days since the invoice) and ``late`` (days past due, 0 when not due), as given in rows.

    >>> items = pd.DataFrame({"document_id": ["a", "b"], "issued": pd.to_datetime(["2025-05-06", "2025-06-20"]),
    ...                       "due": pd.to_datetime(["2025-06-05", "2025-07-20"])})
    >>> invoice_spans(items, "2025-06-30")
    Chart('2 张票里，1 张过了约好的日子')
    """
    today = pd.Timestamp(as_of).normalize()
    items = items.sort_values(["issued", "due", "document_id"], ignore_index=True)
    data = pd.DataFrame({"age": (today - items["issued"]).dt.days, "late": (today - items["due"]).dt.days.clip(lower=0)})
    data.index = pd.Index(items["document_id"])
    title = title or say("spans_late", count=len(data), late=int((data["late"] > 0).sum()))
    labels = [words.day(day) for day in items["issued"]]
    texts = [say("spans_late_days", days=late) if late else say("spans_not_due") for late in data["late"]]
    with style.figure(0.3 * len(data) + 0.42, left=margin(labels), right=margin(texts, 9.5), top=0.05,
                      bottom=0.37) as (fig, ax):
        for row, (age, late) in enumerate(zip(data["age"], data["late"], strict=True)):
            ax.barh(row, age - late, left=-age, height=0.55, color=style.WASH, edgecolor=style.SOFT, linewidth=0.6)
            ax.barh(row, late, left=-late, height=0.55, color=style.RED, hatch="//", edgecolor=style.PAPER, linewidth=0)
            ax.annotate(texts[row], (0, row), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9.5)
        ax.axvline(0, color=style.INK, linewidth=1)
        ax.set_yticks(range(len(data)), labels)
        ax.set(xlim=(-max(int(data["age"].max()), 1) * 1.02, 0), ylim=(len(data) - 0.5, -0.6))
        ax.set_xticks([])
        ax.set_xlabel(say("spans_axis"), fontsize=9.5)
        ax.spines[["bottom", "left"]].set_visible(False)
        svg = style.draw(fig)
    said = "；".join(say("spans_row", day=label, age=row.age, text=text)
                    for label, row, text in zip(labels, data.itertuples(), texts, strict=True))
    return style.Chart(title, f"{title}。{said}", svg, data, note)
