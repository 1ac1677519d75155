"""Who holds the overdue money."""

from __future__ import annotations

import pandas as pd

from receivables.charts import style, words
from receivables.charts.layout import margin, shorten
from receivables.charts.words import say


def overdue_pareto(overdue: pd.Series, *, top: int = 8, currency: str = "CNY", title: str | None = None,
                   note: str = "") -> style.Chart:
    """Overdue by customer, largest first, with the running share (逾期客户帕累托图).

    Parameters
    ----------
    overdue : overdue amount of each customer, as ``aging.overdue(aging.schedule(items, as_of, by="customer_id"))``
        returns it; the index is what stands beside the bars. Customers without any are left out
    top : how many to show; the others stand together in the last row

    Returns
    -------
    Chart; ``.data``: every customer with overdue money, largest first (ties by name), columns ``amount``, ``share``,
    ``cumulative`` (fractions). The dark bars together hold at least half.

    >>> overdue_pareto(pd.Series({"海宁": 600.0, "明州": 250.0, "北仑": 150.0}))
    Chart('逾期一半压在一家客户身上')
    """
    data = _ranked(overdue)
    money = words.Money.of(data["amount"], currency)
    half = int((data["cumulative"].shift(fill_value=0) < 0.5 - 1e-12).sum())
    shown = [(str(name), row.amount, row.cumulative, position < half)
             for position, (name, row) in enumerate(zip(data.index[:top], data[:top].itertuples(), strict=True))]
    if len(data) > top:
        shown.append((say("pareto_rest", count=len(data) - top), data["amount"][top:].sum(), 1.0, False))
    if not shown:
        title = title or say("pareto_none")
    elif len(data) == 1:
        title = title or say("pareto_one", name=shown[0][0])
    else:
        title = title or say("pareto_half", count=words.count(half))

    texts = [say("pareto_row", amount=money.text(amount), share=words.percent(share)) for _, amount, share, _ in shown]
    names = [shorten(_plain(name)) for name, *_ in shown]
    with style.figure(0.34 * max(len(shown), 1) + 0.1, left=margin(names), right=margin(texts, 9.5), top=0.05,
                      bottom=0.05) as (fig, ax):
        for row, (_, amount, _, dark) in enumerate(shown):
            length = amount / money.per if row < top else 0  # the others together are no customer: a figure, no bar
            if length:
                ax.barh(row, length, height=0.66, color=style.BRAND if dark else style.WASH, edgecolor=style.SOFT,
                        linewidth=0.6)
            ax.annotate(texts[row], (length, row), xytext=(6, 0), textcoords="offset points", va="center",
                        fontsize=9.5)
        ax.set_yticks(range(len(shown)), names)
        ax.set_xticks([])
        ax.set_ylim(max(len(shown), 1) - 0.5, -0.5)
        ax.set_xlim(0, max((amount for _, amount, *_ in shown[:top]), default=1) / money.per)
        ax.spines[["bottom", "left"]].set_visible(False)
        svg = style.draw(fig)
    said = "；".join(f"{name} {text}" for (name, *_), text in zip(shown, texts, strict=True))
    return style.Chart(title, f"{title}。{said}", svg, data, note)


def _plain(name: str) -> str:
    """A company's name without the legal form that all of them share."""
    for suffix in say("company_suffixes").split():
        name = name.removesuffix(suffix) or name
    return name


def _ranked(overdue: pd.Series) -> pd.DataFrame:
    if (overdue < 0).any():
        raise ValueError("overdue amounts below 0: credits belong apart, take aging.overdue of a schedule")
    amounts = overdue[overdue > 0].astype(float)
    order = sorted(range(len(amounts)), key=lambda i: (-amounts.iloc[i], str(amounts.index[i])))
    data = pd.DataFrame({"amount": amounts.iloc[order]})
    data["share"] = data["amount"] / data["amount"].sum()
    data["cumulative"] = (data["amount"].cumsum() / data["amount"].sum()).clip(upper=1.0)
    return data
