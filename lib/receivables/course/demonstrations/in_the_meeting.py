"""Module 08: what a customer did, lane by lane; a line spoken step by step; a line held against the red lines."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets
import pandas as pd

from receivables.charts import record_lanes
from receivables.course.demonstrations.base import Demonstration, Pick, Shown
from receivables.course.lesson import Table
from receivables.exercise.figures.ages import customer_names
from receivables.exercise.figures.base import ShownTable
from receivables.exercise.figures.records import OWN_PAPER, Record, months_back, record
from receivables.talk import glossary, redline

SPANS = {"最近三个月": 3, "最近半年": 6, "最近九个月": 9}  # months
KEY = "联系：● 谈上了 ○ 没找到人 ▶ 推给别人 · 承诺：● 兑现 ✗ 跳票 ○ 日子没到 · 到账和订单同一把尺，斜线是他自己的票"


# -- what he did, from the ledger ------------------------------------------------------------------------------------

def events(known: Record) -> pd.DataFrame:
    """A record as the chart takes it: one row a talk, promise, receipt or order."""
    paper = known.receipts["instrument"].astype(str).isin(OWN_PAPER).map({True: "paper", False: ""})
    lanes = {
        "contacts": (known.contacts["contacted_on"], 0.0, known.contacts["outcome"].astype(str)),
        "promises": (known.promises["pay_by"], known.promises["amount"], known.promises["state"]),
        "receipts": (known.receipts["received"], known.receipts["amount"], paper),
        "orders": (known.orders["ordered_on"], known.orders["amount"], ""),
    }
    return pd.concat([pd.DataFrame({"lane": lane, "day": day, "amount": amount, "state": state})
                      for lane, (day, amount, state) in lanes.items()], ignore_index=True)


def evidence(known: Record) -> list[str]:
    """For each dodge of the glossary that the record holds something of, what; in one line those it holds nothing of."""
    ripe, outcome = known.ripe, known.contacts["outcome"].astype(str)
    paper = int(known.receipts["instrument"].astype(str).isin(OWN_PAPER).sum())
    third = int(known.receipts["third_party"].fillna(False).astype(bool).sum())
    over = int(known.orders["over_limit"].fillna(False).astype(bool).sum())
    missed, referred = int((outcome == "no_answer").sum()), int((outcome == "referred").sum())
    broken = int((ripe["state"] == "broken").sum())
    swapped = [f"{paper} 笔拿他自己的票来抵"] * bool(paper) + [f"{third} 笔别人代付"] * bool(third)
    swapped += [f"{known.bounced} 张票到期没兑，不算到账"] * bool(known.bounced)
    found = {
        "hide": missed and f"联系 {len(outcome)} 次，{missed} 次没找到人" + (
            f"，最近连着 {known.unreached} 次" if known.unreached > 1 else ""),
        "pass": referred and f"{referred} 次让找别人",
        "delay": broken and f"到期的承诺 {len(ripe)} 回，跳票 {broken} 回",
        "dribble": len(known.receipts) and (
            f"到账 {len(known.receipts)} 笔，最大一笔 {known.receipts['amount'].max() / 1e4:,.1f} 万元；"
            f"还逾期 {known.late / 1e4:,.1f} 万元"),
        "swap": "，".join(swapped),
        "bait": over and f"又下了 {len(known.orders)} 张订单，{over} 张超了额度",
    }
    items = glossary.load().term("dodges").items
    none = "、".join(item.name for item in items if not found.get(item.id))
    return [f"{item.name}？{found[item.id]}。" for item in items if found.get(item.id)] + (
        [f"没有这几样的记录：{none}。"] if none else [])


def doings(ledger: Any, as_of: Any, customer: str, months: int) -> Shown:
    """One customer's record of the last months as lanes, and what it holds of each dodge."""
    as_of = pd.Timestamp(as_of)
    known = record(ledger, as_of, customer, months_back(as_of, months))
    name = customer_names(ledger)[customer]
    chart = record_lanes(events(known), known.since, known.as_of,
                         note=f"虚构 · {name} · 截至 {known.as_of:%Y-%m-%d} · {KEY}")
    return Shown(chart, tuple(evidence(known)))


def what_he_did(lesson: Any, customers: list[str]) -> Demonstration:
    """Pick a customer and a span; lanes and evidence follow."""
    names = customer_names(lesson.ledger)
    return Demonstration("翻记录", {
        "customer": Pick("哪一家", {names[c]: c for c in customers}, customers[0]),
        "months": Pick("看多久", SPANS, SPANS["最近九个月"]),
    }, lambda customer, months: doings(lesson.ledger, lesson.as_of, customer, months))


# -- a line step by step ---------------------------------------------------------------------------------------------

def spoken(term: str, **lines: str) -> Table:
    """A worked example: the steps of a list of the glossary, by id, with a line for each; their names stay the glossary's.

    >>> print(spoken("lscp", listen="您说。", sympathise="难为您了。", clarify="哪一批？", present="两个办法。"))
    步骤 | 这样说
    倾听 | 您说。
    ...
    """
    items = glossary.load().term(term).items
    if set(lines) != {item.id for item in items}:
        raise ValueError(f"{term} has the steps {[item.id for item in items]}, lines were given for {sorted(lines)}")
    return Table(ShownTable(["步骤", "这样说"], [[item.name, lines[item.id]] for item in items], unit="", prose=True))


# -- held against the red lines --------------------------------------------------------------------------------------

def marked(text: str) -> str:
    """What the red-line reader finds in a line, as HTML: the words, the rule, its source, what to say instead."""
    text = text.strip()
    if not text:
        return "<p>写一句，再按“查一查”。</p>"
    hits = redline.check(text)
    if not hits:
        return f"<p>“{escape(text)}”</p><p><strong>✓ 没查到碰线的词。</strong>机器会漏，发出去之前自己再念一遍。</p>"
    words: dict[str, list[str]] = {}
    for hit in hits:
        words.setdefault(hit.rule, []).append(f"“{escape(text[slice(*hit.span)])}”")
    rules = {hit.rule: hit for hit in hits}.values()
    found = "".join(f"<li><strong>✗ {escape(hit.name)}</strong>：{'、'.join(words[hit.rule])}。{escape(hit.hint)}"
                    f"<br><small>依据：{escape(hit.source)}</small></li>" for hit in rules)
    return f"<p>“{escape(text)}”</p><ul>{found}</ul>"


class LineCheck(ipywidgets.VBox):
    """A field, a button, and what the red-line reader says to the line. Nothing is kept or sent."""

    def __init__(self, first: str):
        self.field = ipywidgets.Textarea(value=first, description="你的一句", rows=3, style={"description_width": "auto"},
                                         layout={"width": "100%", "max_width": "640px"})
        self.button = ipywidgets.Button(description="查一查", layout={"height": "44px", "width": "auto"})
        self.page = ipywidgets.HTML()
        self.button.on_click(self._checked)
        self._checked()
        super().__init__(children=[self.field, self.button, self.page])
        self.add_class("rw-demonstration")

    def _checked(self, _: Any = None) -> None:
        self.page.value = f'<div class="rw-demo" aria-live="polite">{marked(self.field.value)}</div>'

    def __repr__(self) -> str:
        return f"<演示 红线检查 · {len(redline.check(self.field.value))} 处>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict:
        data = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": repr(self), "text/html": self.page.value}
