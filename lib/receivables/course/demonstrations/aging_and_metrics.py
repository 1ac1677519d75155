"""Module 02: one ledger by two dates, DSO in its forms over the months, and what moved between two days."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from receivables.analysis import aging, months, turnover
from receivables.charts import Chart, aging_bars, dso_lines, invoice_spans, shift_waterfall, words
from receivables.course.demonstrations.base import Demonstration, Knob, Pick, Shown
from receivables.errors import Undefined
from receivables.exercise.figures.ages import customer_names, items_on, ladders, schedule_on, shift_between, wan
from receivables.exercise.figures.ratios import dso_form
from receivables.ledger.company import profile

RULERS = {"到期日，3/15/30/60/90 天": "house", "到期日，30/60/90 天": "due_30_60_90", "开票日，1/3/6/12 个月": "seed",
          "开票日，按年（报表附注）": "statutory"}
FORMS = {"simple": "期末余额法", "average": "平均余额法", "rolling": "三个月滚动", "countback": "倒推法",
         "aged": "账龄分类法", "best": "最佳 DSO"}
TAX = {"余额、销售都含税": "even", "余额含税，销售不含税（错）": "mixed"}


def month_ends(as_of: pd.Timestamp, count: int = 13) -> dict[str, str]:
    """The last month ends, newest first, as people read them.

    >>> list(month_ends(pd.Timestamp("2025-06-30"), 2))
    ['2025 年 6 月末', '2025 年 5 月末']
    """
    days = pd.date_range(end=as_of.normalize(), periods=count, freq="ME")[::-1]
    return {f"{day.year} 年 {day.month} 月末": f"{day:%Y-%m-%d}" for day in days}


def two_spans(lesson: Any, customer: str) -> Chart:
    """A customer's open invoices as spans: the days granted, the days taken."""
    items = items_on(lesson.ledger, lesson.as_of, customer)
    name = customer_names(lesson.ledger)[customer]
    return invoice_spans(items[items["open_amount"] > 0], lesson.as_of,
                         note=f"虚构 · {name} · 截至 {lesson.as_of:%Y-%m-%d} · 左边的日子是开票日")


# -- one ledger, two rulers ------------------------------------------------------------------------------------------

def ruler(ledger: Any, day: str, ladder: str) -> Shown:
    """The ledger aged on a day by one ladder, and whether it ties out."""
    on = pd.Timestamp(day)
    table = schedule_on(ledger, on, ladder=ladder)
    rungs = ladders()[ladder]
    total, balance = float(table[aging.TOTAL].sum()), ledger.balance(on)
    chart = aging_bars(table, note=f"虚构 · 衡桐机电 · 截至 {day} · {rungs.name}")
    lines = [f"各栏相加 {wan(total)} 万元，台账余额 {wan(balance)} 万元，差 {total - balance:,.2f} 元。"]
    try:
        lines.append(f"总账余额也是 {wan(ledger.control(on)['control'])} 万元。" if not ledger.control(on)["difference"]
                     else f"和总账差 {ledger.control(on)['difference']:,.2f} 元，先查这笔。")
    except Undefined:
        lines.append("这一天没有总账余额可对。")
    mean = table.attrs["mean_days"]
    if rungs.basis == "due":
        lines.append(f"逾期 {wan(aging.overdue(table).sum())} 万元；按金额加权，平均逾期 {mean:.1f} 天（没到期的按 0 天）。")
    elif rungs.has_current:
        late = ((bucket, label) for bucket, label in rungs.labels.items() if table[bucket].sum())
        lines.append("没到期的单列以后，各档的提示：" + "；".join(f"{words.bucket(b)}，{label}" for b, label in late) + "。")
    else:
        lines.append("这张表没有“未到期”：没到期的和拖着不付的混在同一栏里，不能拿它催款。")
    return Shown(chart, tuple(lines))


def two_rulers(lesson: Any) -> Demonstration:
    """Pick a day and a ladder; picture and control line follow."""
    days = month_ends(lesson.as_of)
    return Demonstration("一本账，两把尺", {
        "day": Pick("截至哪天", days, next(iter(days.values()))),
        "ladder": Pick("按哪天算，怎么分档", RULERS, "house"),
    }, lambda day, ladder: ruler(lesson.ledger, day, ladder))


# -- DSO in six forms ------------------------------------------------------------------------------------------------

def forms(ledger: Any, day: str, tax: str, since: str) -> Shown:
    """Six DSO of one month and four of them over the months; ``tax="mixed"`` leaves the VAT out of the sales only."""
    on, vat = pd.Timestamp(day), profile().money.vat_rate
    monthly = ledger.monthly(on)
    factor = 1 + vat if tax == "mixed" else 1.0
    table = months.by_month(monthly.assign(sales=monthly["sales"] / factor)).loc[since:]
    found = {form: dso_form(ledger, on, form=form) * factor if form != "countback" else table["dso_countback"].iloc[-1]
             for form in FORMS}
    last, before = monthly.iloc[-1], monthly.iloc[-2]
    basis = "余额和销售都含税" if factor == 1 else "余额含税，销售不含税：口径错"
    chart = dso_lines(table, lines=["dso_simple", "dso_rolling3", "dso_countback", "bpdso"],
                      note=f"虚构 · 衡桐机电 · 截至 {day} · {basis}")
    year = monthly.tail(12)
    turned = turnover.times(float((year["sales"] - year["credited"]).sum()) / factor, year["ar_begin"].iloc[0],
                            year["ar_end"].iloc[-1])
    lines = (
        "六种算法：" + "；".join(f"{FORMS[form]} {value:.1f} 天" for form, value in found.items()) + "。",
        f"当月开票 {wan(last['sales'])} 万元，上个月 {wan(before['sales'])} 万元；月末余额 {wan(last['ar_end'])} 万元，"
        f"上个月末 {wan(before['ar_end'])} 万元。",
        f"最近十二个月周转 {turned:.2f} 次，合 {365 / turned:.1f} 天。",
    )
    return Shown(chart, lines)


def six_forms(lesson: Any) -> Demonstration:
    """Pick a month and a tax basis."""
    days = month_ends(lesson.as_of)
    since = min(days.values())[:7]
    return Demonstration("六种 DSO", {
        "day": Pick("看到哪个月", days, next(iter(days.values()))), "tax": Pick("含税口径", TAX, "even"),
    }, lambda day, tax: forms(lesson.ledger, day, tax, since))


# -- what moved ------------------------------------------------------------------------------------------------------

def moved(ledger: Any, before: str, after: str, longer: float, shorter: float, bucket: float) -> Shown:
    """Three definitions of the aging shift between two days, and which thresholds (percent) were reached."""
    start, end = sorted((pd.Timestamp(before), pd.Timestamp(after)))
    if start == end:
        start = end - pd.offsets.MonthEnd(1)
    found = shift_between(ledger, start, end, longer=longer / 100, shorter=shorter / 100, bucket=bucket / 100)
    old = found.table.loc["91+"]
    flags = []
    for flag in found.flags:
        if flag.code == "longer":
            flags.append(f"平均逾期天数长了 {flag.value:.0%}，过了 {longer:g}% 的线：收得慢了。")
        elif flag.code == "shorter":
            flags.append(f"平均逾期天数短了 {-flag.value:.0%}，过了 {shorter:g}% 的线。别急着高兴："
                         "是收回来的，还是核销的、改了日期的、新货冲淡的，还是催狠了客户走了？")
        elif flag.code == "bucket":
            flags.append(f"{words.bucket(flag.bucket)}的金额涨了 {flag.value:.0%}，过了 {bucket:g}% 的线。")
        else:
            flags.append(f"{words.bucket(flag.bucket)}原来没有，现在有了。")
    names = [f"{day.year} 年 {day.month} 月" for day in (start, end)]
    chart = shift_waterfall(found, before=names[0], after=names[1],
                            note=f"虚构 · 衡桐机电 · 按到期日 · {start:%Y-%m-%d} 到 {end:%Y-%m-%d} · 红字和没核销的钱不在内")
    lines = (
        f"算法一，平均逾期天数：{found.days_before:.1f} 天变成 {found.days_after:.1f} 天，{_signed(found.days_growth)}%。",
        f"算法二，90 天以上的占比：{old['share_before']:.1%} 变成 {old['share_after']:.1%}，"
        f"{_signed(old['points'])} 个百分点。",
        f"算法三，90 天以上的金额：{wan(old['before'])} 变成 {wan(old['after'])} 万元，{_signed(old['growth'])}%。",
        "".join(flags) or "三条线都没过。",
    )
    return Shown(chart, lines)


def _signed(fraction: float) -> str:
    return f"{fraction * 100:+.1f}".replace("-", "−")


def shift_of_ages(lesson: Any) -> Demonstration:
    """Pick two month ends; the seed's thresholds are sliders."""
    days = month_ends(lesson.as_of)
    at = list(days.values())
    return Demonstration("账龄往哪边挪", {
        "before": Pick("从哪天", days, at[3]), "after": Pick("到哪天", days, at[0]),
        "longer": Knob("变长报警（%）", 1, 50, 1, 10), "shorter": Knob("变短提醒（%）", 1, 50, 1, 5),
        "bucket": Knob("某一档涨（%）", 5, 100, 5, 20),
    }, cache(lambda **settings: moved(lesson.ledger, **settings)))
