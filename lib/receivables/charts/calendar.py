"""What falls due on which day of the next weeks."""

from __future__ import annotations

import pandas as pd

from receivables.charts import style, words
from receivables.charts.words import say


def due_calendar(items: pd.DataFrame, as_of, *, weeks: int = 5, currency: str = "CNY", title: str | None = None,
                 note: str = "") -> style.Chart:
    """A calendar of what falls due (到期日历), Monday to Sunday, from the week of ``as_of`` on.

    Parameters
    ----------
    items : open items with ``due`` and ``open_amount`` (currency units); credits are left out
    as_of : first day that counts; what fell due before it is overdue and belongs in an aging schedule
    weeks : rows of the calendar

    Returns
    -------
    Chart; ``.data``: one row a day that has something due, index the date, columns ``amount``, ``count``.

    >>> items = pd.DataFrame({"open_amount": [40000.0, 15000.0], "due": pd.to_datetime(["2025-07-15", "2025-07-02"])})
    >>> due_calendar(items, "2025-06-30")
    Chart('5 周内到期 5.5 万元，最多的是 7 月 15 日，4.0 万元')
    """
    if weeks < 1:
        raise ValueError(f"weeks must be 1 or more, not {weeks}")
    as_of = pd.Timestamp(as_of).normalize()
    monday = as_of - pd.Timedelta(days=as_of.weekday())
    due = items["due"].dt.normalize()
    inside = (due >= as_of) & (due < monday + pd.Timedelta(weeks=weeks)) & (items["open_amount"] > 0)
    data = items.loc[inside, "open_amount"].groupby(due[inside]).agg(amount="sum", count="size").round({"amount": 2})
    money = words.Money.of([*data["amount"], data["amount"].sum()], currency)
    if data.empty:
        title = title or say("calendar_none", weeks=weeks)
    else:
        most = data["amount"].idxmax()
        title = title or say("calendar_most", weeks=weeks, amount=money.text(data["amount"].sum()),
                             day=words.day(most), most=money.text(data.at[most, "amount"]))

    top = data["amount"].max() if len(data) else 1.0
    with style.figure(0.5 + 0.5 * weeks, left=0.05, right=0.05, top=0.3, bottom=0.2) as (fig, ax):
        for offset in range(7 * weeks):
            day = monday + pd.Timedelta(days=offset)
            row, column = divmod(offset, 7)
            amount = float(data["amount"].get(day, 0.0))
            shade = style.mix(style.WASH, style.BRAND, amount / top) if amount else style.PAPER
            dark = amount > 0.67 * top
            ax.add_patch(_cell(column, row, shade))
            label = f"{day.month}/{day.day}" if day.day == 1 or offset == 0 else f"{day.day}"
            past = day < as_of
            ax.text(column + 0.07, row + 0.1, label, fontsize=8, va="top",
                    color=style.PAPER if dark else style.INK if amount else style.FAINT if past else style.SOFT)
            if amount:
                ax.text(column + 0.5, row + 0.64, money(amount), fontsize=9.5, ha="center", va="center",
                        color=style.PAPER if dark else style.INK)
        ax.set(xlim=(0, 7), ylim=(weeks, 0), yticks=[])
        ax.set_xticks([c + 0.5 for c in range(7)], list(say("weekdays")))
        ax.xaxis.tick_top()
        ax.spines[["bottom", "left"]].set_visible(False)
        ax.text(7, weeks + 0.1, say("calendar_unit", unit=money.unit), fontsize=8.5, ha="right", va="top",
                color=style.SOFT)
        svg = style.draw(fig)
    said = "；".join(say("calendar_row", day=words.day(day), amount=money.text(amount))
                    for day, amount in data["amount"].items())
    return style.Chart(title, f"{title}。{said}", svg, data, note)


def _cell(column: int, row: int, colour: str):
    from matplotlib.patches import Rectangle

    return Rectangle((column + 0.03, row + 0.04), 0.94, 0.92, facecolor=colour, edgecolor=style.LINE, linewidth=0.7)
