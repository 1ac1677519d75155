"""A few amounts side by side, with a mark to hold them against."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from receivables.charts import style, words
from receivables.charts.layout import margin
from receivables.charts.words import say


def amount_bars(amounts: Mapping[str, float], *, title: str, dark: Collection[str] = (), mark: float | None = None,
                mark_name: str = "", note: str = "") -> style.Chart:
    """Amounts as bars in the order given (金额对比图), and a line across them for what they are held against.

    Parameters
    ----------
    amounts : what stands beside the bar -> amount in 元, none negative
    title : the finding, said by the caller: these bars do not know what they mean
    dark : names of the bars that matter
    mark, mark_name : the amount of the line across, and its name

    Returns
    -------
    Chart; ``.data``: column ``amount``, the mark as its last row.

    >>> amount_bars({"资金线": 38_532_110.0, "周转线": 35_577_696.0}, title="卡住的是周转线", dark=["周转线"])
    Chart('卡住的是周转线')
    """
    held = {mark_name: mark} if mark is not None else {}
    data = pd.DataFrame({"amount": {**amounts, **held}}, dtype=float)
    if not amounts or (data["amount"] < 0).any():
        raise ValueError("give at least one amount, none below 0")
    money = words.Money.of(data["amount"])
    most = max(float(data["amount"].max()), 1e-9)
    texts = [money.text(amount) for amount in amounts.values()]
    above = 0.3 if held else 0.05  # inches for the name of the mark
    with style.figure(0.42 * len(amounts) + above + 0.05, left=margin(list(amounts)), right=margin(texts, 9.5),
                      top=above, bottom=0.05) as (fig, ax):
        for row, (name, amount) in enumerate(amounts.items()):
            ax.barh(row, amount / most, height=0.62, color=style.BRAND if name in dark else style.WASH,
                    edgecolor=style.SOFT, linewidth=0.6)
            # All in one column at the right, where no bar and no mark can cross them.
            ax.annotate(texts[row], (1, row), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9.5)
        for name, amount in held.items():
            ax.axvline(amount / most, color=style.RED, linewidth=1.6)
            ax.annotate(say("mark", name=name, amount=money.text(amount)), (amount / most, -0.5), xytext=(0, 4),
                        textcoords="offset points", fontsize=9.5, color=style.RED, annotation_clip=False,
                        ha="right" if amount / most > 0.5 else "left", va="bottom")
        ax.set_yticks(range(len(amounts)), list(amounts))
        ax.set_ylim(len(amounts) - 0.5, -0.5)
        ax.set_xticks([])
        ax.set_xlim(0, 1)
        ax.spines[["bottom", "left"]].set_visible(False)
        svg = style.draw(fig)
    said = "；".join(f"{name} {money.text(amount)}" for name, amount in data["amount"].items())
    return style.Chart(title, f"{title}。{said}", svg, data, note)
