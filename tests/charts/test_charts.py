"""Charts: what they draw, what they say, and that they are the same file every time."""

import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined, charts, paths
from receivables.analysis import aging
from receivables.charts import layout, style, words

AS_OF = pd.Timestamp("2025-06-30")


def items_of(*rows):
    """Rows of (customer, amount, days past due)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "open_amount", "late"])
    due = AS_OF - pd.to_timedelta(frame.pop("late"), unit="D")
    return frame.assign(due=due, issued=due - pd.Timedelta(days=30))


ITEMS = items_of(("海宁", 60_000.0, -10), ("海宁", 30_000.0, 20), ("明州", 5_000.5, 45), ("明州", -1_000.0, 0),
                 ("北仑", 4_999.5, 100))
TABLE = pd.DataFrame({"dso_simple": [48.0, np.nan, 52.0, np.nan], "dso_countback": [47.0, np.nan, 51.0, np.nan],
                      "bpdso": [40.0, np.nan, 41.0, np.nan], "add": [8.0, np.nan, 11.0, np.nan]},
                     index=["2024-11", "2024-12", "2025-01", "2025-02"])
EVENTS = pd.DataFrame(
    [("contacts", "2025-01-03", 0, "promised"), ("contacts", "2025-02-03", 0, "no_answer"),
     ("contacts", "2025-03-03", 0, "referred"), ("promises", "2025-01-20", 5e5, "broken"),
     ("promises", "2025-03-20", 2e5, "kept"), ("promises", "2025-07-10", 9e5, "unripe"),
     ("receipts", "2025-02-10", 3e4, ""), ("receipts", "2025-03-19", 2e5, "paper"), ("orders", "2025-04-01", 4e5, "")],
    columns=["lane", "day", "amount", "state"]).assign(day=lambda frame: pd.to_datetime(frame["day"]))
LINES = ["dso_simple", "dso_countback", "bpdso"]


def schedule(**options):
    return aging.schedule(ITEMS, AS_OF, **options)


def moved():
    return aging.shift(schedule(), aging.schedule(ITEMS.assign(due=ITEMS["due"] - pd.Timedelta(days=40)), AS_OF))


DRAWN = {
    "aging_bars": lambda: charts.aging_bars(schedule()),
    "overdue_pareto": lambda: charts.overdue_pareto(aging.overdue(schedule(by="customer_id"))),
    "dso_lines": lambda: charts.dso_lines(TABLE, lines=LINES),
    "aging_flow": lambda: charts.aging_flow({"2025-05-31": schedule(), "2025-06-30": schedule()}),
    "shift_waterfall": lambda: charts.shift_waterfall(moved()),
    "lag_histogram": lambda: charts.lag_histogram([-40, -3, 0, 1, 10, 11, 95], [1, 2, 3, 4, 5, 6, 7]),
    "due_calendar": lambda: charts.due_calendar(ITEMS, AS_OF),
    "invoice_spans": lambda: charts.invoice_spans(ITEMS.assign(document_id=list("abcde")), AS_OF),
    "record_lanes": lambda: charts.record_lanes(EVENTS, "2025-01-01", AS_OF),
    "amount_bars": lambda: charts.amount_bars({"资金线": 5e7, "周转线": 3e7, "损失线": 0.0}, title="卡住的是损失线",
                                              dark=["损失线"], mark=4e7, mark_name="账上余额"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_is_deterministic_labelled_and_free_of_tofu(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that no font has
        one, two = DRAWN[name](), DRAWN[name]()
    assert one.svg == two.svg and repr(one) == f"Chart({one.title!r})"
    root = ET.fromstring(one.svg)
    assert root.tag.endswith("svg") and "width" not in root.attrib and "viewBox" in root.attrib
    for leak in ("<metadata", "<!--", "Matplotlib", "<style"):
        assert leak not in one.svg
    page = ET.fromstring(one.html)
    picture = next(e for e in page.iter("div") if e.get("role") == "img")
    assert picture.get("aria-label").startswith(one.title) and len(picture.get("aria-label")) > len(one.title)
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', one.svg))
    assert used <= ids and len({i[:9] for i in ids}) == 1


def test_two_charts_on_a_page_share_no_id():
    ids = [{e.get("id") for e in ET.fromstring(draw().svg).iter() if e.get("id")} for draw in DRAWN.values()]
    assert len(set.union(*ids)) == sum(map(len, ids))


def test_importing_charts_does_not_load_matplotlib():
    code = "import sys, receivables.charts; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}).returncode == 0


def test_style_leaves_matplotlib_as_it_was():
    import matplotlib

    before = dict(matplotlib.rcParams)
    DRAWN["aging_bars"]()
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("count", range(1, 10))
def test_ramp_grows_darker_all_the_way(count):
    def luminance(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    shades = [luminance(c) for c in style.ramp(count)]
    assert len(shades) == count and all(a - b > 0.02 for a, b in zip(shades, shades[1:], strict=False))
    if count > 1:
        assert style.ramp(count)[-1] == style.RED
    if count > 2:
        assert style.ramp(count)[0] == style.WASH and style.ramp(count)[-2] == style.BRAND


def test_the_font_has_every_character_that_content_uses():
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    known = set(TTFont(paths.data("fonts", "NotoSansSC-Regular-subset.otf")).getBestCmap())
    known |= set(TTFont(f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf").getBestCmap())
    shown = ["charts.yaml", "ladders.yaml", "report.yaml", "company_market.yaml", "first_ledger.csv",
             "company/customers.csv"]
    files = [paths.data(name) for name in shown if paths.data(name).is_file()]
    assert len(files) >= 3
    missing = {c for f in files for c in set(f.read_text(encoding="utf-8")) if ord(c) >= 32 and ord(c) not in known}
    assert not missing, f"add to the font, or write differently: {sorted(missing)}"


def test_aging_bars_data_and_finding():
    chart = charts.aging_bars(schedule())
    assert chart.data["amount"].to_dict() == {"current": 60_000, "1-30": 30_000, "31-60": 5_000.5, "61-90": 0,
                                              "91+": 4_999.5, "credits": -1_000}
    assert chart.data["share"].iloc[:5].tolist() == pytest.approx([.6, .3, .050005, 0, .049995])
    assert chart.title == "欠款里 40% 已经逾期，90 天以上的有 0.5 万元"
    assert "红字和预收 −0.1 万元" in chart.label and "1–30 天 3.0 万元，30%" in chart.label
    by_customer = charts.aging_bars(schedule(by="customer_id"))
    pd.testing.assert_frame_equal(by_customer.data, chart.data)


@pytest.mark.parametrize(("rows", "title"), [
    ([("A", 500.0, -1)], "500 元欠款，都还没到期"),
    ([("A", 500.0, 5), ("A", 500.0, 0)], "欠款里 50% 已经逾期，还没有拖到 90 天以上的"),
    ([("A", -500.0, 5)], "账上没有欠款"), ([], "账上没有欠款")])
def test_aging_bars_findings(rows, title):
    items = items_of(*rows).astype({"open_amount": float, "due": "datetime64[us]", "issued": "datetime64[us]"})
    assert charts.aging_bars(aging.schedule(items, AS_OF)).title == title


def test_aging_bars_by_invoice_date_and_in_another_currency():
    items = items_of(("A", 20_000.0, 0), ("A", 50_000.0, 40))
    chart = charts.aging_bars(aging.schedule(items, AS_OF, edges=aging.months(1, 3, 6, 12)), currency="GBP")
    assert chart.title == "账龄 1–3 个月的最多，占欠款 71%" and "5.0 万 GBP" in chart.label


def test_pareto_orders_counts_and_gathers():
    overdue = pd.Series({"B": 20.0, "A": 20.0, "C": 35.0, "D": 0.0, "E": 25.0})
    chart = charts.overdue_pareto(overdue, top=2)
    assert chart.data.index.tolist() == ["C", "E", "A", "B"]
    assert chart.data["cumulative"].tolist() == pytest.approx([.35, .6, .8, 1])
    assert chart.title == "逾期一半压在两家客户身上" and "其余 2 家 40 元，累计 100%" in chart.label
    assert charts.overdue_pareto(overdue.sample(frac=1, random_state=3), top=2).svg == chart.svg
    assert charts.overdue_pareto(pd.Series({"A": 1.0, "B": 1.0})).title == "逾期一半压在一家客户身上"
    assert charts.overdue_pareto(pd.Series({"A": 1.0})).title == "逾期全压在A一家身上"
    assert charts.overdue_pareto(pd.Series({"A": 0.0})).title == "没有逾期"
    with pytest.raises(ValueError, match="credits belong apart"):
        charts.overdue_pareto(pd.Series({"A": -1.0}))


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40))
def test_pareto_dark_bars_are_the_fewest_that_hold_half(amounts):
    from receivables.charts.pareto import _ranked

    data = _ranked(pd.Series([a / 100 for a in amounts], index=[f"c{i}" for i in range(len(amounts))]))
    ordered = sorted(amounts, reverse=True)
    fewest = next(k for k in range(1, len(ordered) + 1) if 2 * sum(ordered[:k]) >= sum(ordered))
    assert (data["cumulative"].shift(fill_value=0) < 0.5 - 1e-12).sum() == fewest
    assert data["cumulative"].iloc[-1] == pytest.approx(1) and data["cumulative"].max() <= 1


def test_dso_lines_leave_gaps_and_say_the_last_figure():
    chart = charts.dso_lines(TABLE, lines=LINES)
    assert chart.title == "1 月末 DSO 52 天，其中 11 天是拖出来的" and "最佳 DSO 41" in chart.label
    assert chart.data["dso_simple"].isna().tolist() == [False, True, False, True]
    assert charts.dso_lines(TABLE.drop(columns="add"), lines=LINES).title == "1 月末 DSO 52 天"
    empty = charts.dso_lines(TABLE.iloc[[1]], lines=LINES)
    assert empty.title == "这段时间算不出 DSO"
    with pytest.raises(ValueError, match="choose among"):
        charts.dso_lines(TABLE, lines=["dso_true"])


def test_flow_stacks_what_is_owed():
    later = aging.schedule(ITEMS, AS_OF + pd.Timedelta(days=20))
    chart = charts.aging_flow({"2025-06-30": schedule(), "2025-07-20": later})
    assert chart.data.sum(axis=1).tolist() == [100_000, 100_000]
    assert chart.title == "逾期从 4.0 涨到 10.0 万元" and "2025-07-20：未到期 0.0 万元" in chart.label
    assert charts.aging_flow({"2025-07-20": later, "2025-07-21": schedule()}).title == "逾期从 10.0 降到 4.0 万元"
    issued = aging.schedule(ITEMS, AS_OF, basis="issued")
    assert charts.aging_flow({"2025-06-30": issued}).title == "欠款从 10.0 变到 10.0 万元"
    with pytest.raises(ValueError, match="same buckets"):
        charts.aging_flow({"a": schedule(), "b": issued})


def test_waterfall_steps_lead_from_one_balance_to_the_other():
    before = schedule()
    after = aging.schedule(items_of(("海宁", 60_000.0, 10), ("明州", 70_000.0, 100)), AS_OF)
    chart = charts.shift_waterfall(aging.shift(before, after), before="三月末", after="六月末")
    steps = chart.data
    assert steps.index[0] == "三月末" and steps.index[-1] == "六月末"
    assert steps["end"].iloc[0] == 100_000 and steps["end"].iloc[-1] == 130_000
    assert steps["start"].iloc[2:-1].tolist() == steps["end"].iloc[1:-2].tolist()
    assert steps["end"].iloc[-2] == pytest.approx(130_000) and steps["change"].sum() == pytest.approx(30_000)
    assert chart.title == "欠款多了 3.0 万元，主要是 90 天以上的" and "未到期 −6.0 万元" in chart.label
    assert charts.shift_waterfall(aging.shift(after, before)).title.startswith("欠款少了 3.0 万元")
    assert charts.shift_waterfall(aging.shift(before, before)).title == "两个日子的账龄一样"
    # 40 days later without a receipt: the same total, all of it older
    assert charts.shift_waterfall(moved()).title == "欠款总额只差 0.0 万元，1–30 天的却多了 3.0 万元"


def test_lag_histogram_splits_at_the_due_date_and_weighs_by_amount():
    days, amounts = [-40, -3, 0, 1, 10, 11, 95], [1, 2, 3, 4, 5, 6, 7]
    chart = charts.lag_histogram(days, amounts)
    data = chart.data.set_index("high")["share"]
    assert data[0] == pytest.approx(5 / 28) and data[10] == pytest.approx(9 / 28) and data[20] == pytest.approx(6 / 28)
    assert data.iloc[0] == pytest.approx(1 / 28) and data.iloc[-1] == pytest.approx(7 / 28)
    assert chart.data["share"].sum() == pytest.approx(1)
    assert chart.title == "一半的钱拖过 10 天才到，最慢的一成拖过 95 天" and "晚 90 天以上 25%" in chart.label
    assert "提前 0 到 9 天 18%" in chart.label
    assert charts.lag_histogram([-5, -1, 0, 0]).title == "九成的钱按期到账"
    assert charts.lag_histogram([-5, -1, 0, 30]).title == "一半的钱到期前就到了，最慢的一成拖过 30 天"
    with pytest.raises(Undefined):
        charts.lag_histogram([])
    with pytest.raises(ValueError, match="multiples of 10"):
        charts.lag_histogram([1], low=-25)
    with pytest.raises(ValueError, match="above 0 for each"):
        charts.lag_histogram([1, 2], [1, 0])


def test_due_calendar_holds_the_weeks_to_come():
    items = items_of(("A", 100.0, 1), ("A", 200.0, 0), ("B", 300.0, 0), ("B", -50.0, -1), ("C", 400.0, -34),
                     ("C", 800.0, -35))
    chart = charts.due_calendar(items, AS_OF)  # a Monday: five weeks run to 3 August
    assert chart.data["amount"].to_dict() == {AS_OF: 500.0, AS_OF + pd.Timedelta(days=34): 400.0}
    assert chart.data["count"].tolist() == [2, 1]
    assert chart.title == "5 周内到期 900 元，最多的是 6 月 30 日，500 元"
    assert charts.due_calendar(items, "2026-01-01").title == "这 5 周没有到期的款"
    with pytest.raises(ValueError, match="weeks"):
        charts.due_calendar(items, AS_OF, weeks=0)


def test_what_people_type_is_escaped():
    chart = charts.overdue_pareto(pd.Series({'<b onclick="x">': 2.0, "B": 1.0}), note="<i>")
    assert "<b onclick" not in chart.html and "<i>" not in chart.html and "&lt;b" in chart.html


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(0.1, 10))
def test_labels_are_kept_apart_in_order_and_inside(wanted, gap):
    placed = layout.spread(wanted, gap, 0, 100)
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    ranked = [placed[i] for i in order]
    assert all(b - a >= gap - 1e-9 for a, b in zip(ranked, ranked[1:], strict=False))
    assert min(placed) >= -1e-9 and max(placed) <= 100 + 1e-9


def test_money_keeps_small_amounts_visible():
    money = words.Money.of([25_000.0, -50.0])
    assert [money(v) for v in (25_000.0, -50.0, 0.0)] == ["2.5", "−0.005", "0.0"]
    assert words.Money.of([-9_999.0]).unit == "元" and words.Money.of([]).unit == "元"
