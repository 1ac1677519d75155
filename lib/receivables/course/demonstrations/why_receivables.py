"""Module 01: what one late or lost payment costs, and which of three ceilings binds."""

from __future__ import annotations

from typing import Any

from receivables.analysis import trade_credit
from receivables.charts import amount_bars
from receivables.course.demonstrations.base import Demonstration, Knob, Shown
from receivables.exercise.figures.carry import NAMES
from receivables.exercise.figures.profit import commission_of
from receivables.ledger.company import profile

WAN = 10_000.0


def late_or_lost(amount: float, days: int, margin: float, rate: float) -> Shown:
    """What it costs that ``amount`` (万元, with VAT) comes ``days`` late, or not at all.

    ``margin`` and ``rate`` are percentages, as the sliders show them. Running costs are the company's share of sales
    (gross less net margin): what they leave of the margin is the net profit of the sale.
    """
    facts = profile().money
    owed, gross, interest_rate = amount * WAN, margin / 100, rate / 100
    sale = owed / (1 + facts.vat_rate)
    profit, net = sale * gross, sale * (gross - (facts.gross_margin - facts.net_margin))
    interest = trade_credit.overdue_cost(owed, days=days, rate=interest_rate)
    to_recover = trade_credit.sales_to_recover(owed, gross)

    def eaten(part: float) -> str:
        limit = trade_credit.days_that_eat_the_margin(part / owed, interest_rate)
        return f"{limit:,.0f} 天"

    if net <= 0:
        title = f"毛利率 {margin:.1f}%，不够付日常费用：按时收到也不赚"
    elif not days:
        title = f"按时到账，毛利 {profit:,.0f} 元都是自己的"
    elif interest < net:
        title = f"晚 {days} 天，利息吃掉毛利的 {interest / profit:.0%}、净利的 {interest / net:.0%}"
    elif interest < profit:
        title = f"晚 {days} 天，净利吃光了，毛利还剩 {1 - interest / profit:.0%}"
    else:
        title = f"晚 {days} 天，连毛利也吃光了"
    chart = amount_bars({"晚收的利息": interest, "这单的毛利": profit, "收不回的本金": owed}, title=title,
                        dark=["收不回的本金"], note="虚构 · 欠款含税，毛利按不含税销售额")
    on_time, now = commission_of(owed, 0), commission_of(owed, days)
    yours = f"你的提成：按时 {on_time:,.0f} 元" + (
        "。" if not days else f"，晚 {days} 天只剩 {now:,.0f} 元。" if now < on_time else f"，晚 {days} 天还没扣。")
    lines = (
        f"晚了：多付利息 {interest:,.0f} 元，每天 {owed * interest_rate / 365:,.0f} 元。晚 {eaten(profit)}才吃光毛利"
        + (f"，晚 {eaten(net)}就吃光净利。" if net > 0 else "。"),
        f"丢了：本金 {owed / WAN:,.1f} 万，要多卖 {to_recover / WAN:,.1f} 万（不含税）才补得上，"
        f"等于再做 {to_recover / sale:.1f} 单同样大的，而且每单都得收齐。",
        yours,
    )
    return Shown(chart, lines)


def late_payment() -> Demonstration:
    """Sliders for one sale, set to the company's average margin and borrowing rate."""
    facts = profile().money
    return Demonstration("一笔账晚了、丢了", {
        "amount": Knob("欠款（万元，含税）", 1, 200, 1, 30), "days": Knob("晚几天", 0, 730, 1, 60),
        "margin": Knob("毛利率（%）", 2, 40, 0.1, facts.gross_margin * 100),
        "rate": Knob("借款年利率（%）", 1, 18, 0.05, facts.borrowing_rate * 100),
    }, late_or_lost)


def three_ceilings(balance: float, free_funds: float, daily_sales: float, target_dso: float, tolerable_loss: float,
                   loss_rate: float) -> Shown:
    """The three ceilings beside the balance; money in 万元 (``balance`` in 元), ``loss_rate`` a percentage."""
    per_yuan = profile().ceilings.cash_per_yuan
    found = trade_credit.affordable_receivable(
        free_funds=free_funds * WAN, cash_per_yuan=per_yuan, daily_sales=daily_sales * WAN, target_dso=target_dso,
        tolerable_loss=tolerable_loss * WAN, loss_rate=loss_rate / 100)
    lines = {NAMES[name]: getattr(found, name) for name in NAMES}
    binds = [NAMES[name] for name in found.binds]
    room = found.limit - balance
    title = f"卡住的是{'和'.join(binds)}：最多放 {found.limit / WAN:,.0f} 万，" + (
        f"还能放 {room / WAN:,.0f} 万" if room >= 0 else f"账上多出 {-room / WAN:,.0f} 万")
    chart = amount_bars(lines, title=title, dark=binds, mark=balance, mark_name="账上余额",
                        note="虚构 · 衡桐机电，余额含税")
    short = balance * per_yuan / WAN - free_funds
    crossed = [name for name, value in lines.items() if balance > value]
    said = (
        f"余额越过了{'、'.join(crossed)}。" if crossed else "三条线都在余额上面。",
        f"余额相当于 {balance / WAN / daily_sales:.0f} 天的赊销；目标是 {target_dso:.0f} 天。",
        f"为这些应收垫出去 {balance * per_yuan / WAN:,.0f} 万现金，"
        + (f"比能动用的多 {short:,.0f} 万：这笔钱得从别处挪。" if short > 0 else f"能动用的还剩 {-short:,.0f} 万。"),
    )
    return Shown(chart, said)


def how_much(lesson: Any) -> Demonstration:
    """Sliders for the three ceilings, set to the company and to what its ledger says."""
    known, balance = profile().ceilings, lesson.figure("balance")

    def show(**settings: float) -> Shown:
        return three_ceilings(balance, **settings)

    return Demonstration("三条线", {
        "free_funds": Knob("能动用的钱（万元）", 500, 8000, 20, known.free_funds / WAN),
        "daily_sales": Knob("每天含税赊销（万元）", 10, 100, 0.01, round(lesson.figure("daily_sales") / WAN, 2)),
        "target_dso": Knob("目标周转天数", 30, 150, 1, known.target_dso),
        "tolerable_loss": Knob("一年亏得起（万元）", 10, 200, 1, known.tolerable_loss / WAN),
        "loss_rate": Knob("预计损失率（%）", 0.25, 5, 0.05, known.expected_loss_rate * 100),
    }, show)
