"""Ratios month by month: definitions, gaps with their reasons, the cut-off end of a ledger."""

import numpy as np
import pandas as pd
import pytest

from receivables import Undefined
from receivables.analysis import months


def monthly(*rows):
    return pd.DataFrame(rows, columns=["month", "days", "sales", "ar_begin", "ar_end", "current_end"])


TABLE = monthly(("2025-01", 31, 310.0, 0.0, 155.0, 155.0), ("2025-02", 28, 280.0, 155.0, 420.0, 280.0),
                ("2025-03", 31, 620.0, 420.0, 700.0, 310.0), ("2025-04", 15, 150.0, 700.0, 800.0, 100.0))


def test_definitions():
    got = months.by_month(TABLE)
    assert got["dso_simple"].tolist() == pytest.approx([15.5, 42, 35, 80])
    assert got["dso_rolling3"].tolist()[2:] == pytest.approx([700 / 1210 * 90, 800 / 1050 * 74])
    assert got["dso_countback"].tolist() == pytest.approx([15.5, 28 + 14, 31 + 8, 15 + 31 + 3])
    assert got["bpdso"].tolist() == pytest.approx([15.5, 28, 15.5, 10])
    assert got["add"].tolist() == pytest.approx((got["dso_simple"] - got["bpdso"]).tolist())
    assert got["cei"].tolist() == pytest.approx([1, 15 / 155, 340 / 730, 50 / 750])
    few = {"figure": "dso_rolling3", "reason": "fewer than three months of sales"}
    assert got.attrs["undefined"] == [{"month": "2025-01"} | few, {"month": "2025-02"} | few]


def test_a_month_beyond_the_ledger_has_no_ratio_and_says_why():
    got = months.by_month(TABLE, known_to=pd.Timestamp("2025-04-14"))
    assert got.loc["2025-04"].isna().all() and got.loc["2025-03"].notna().all()
    said = [u for u in got.attrs["undefined"] if u["month"] == "2025-04"]
    assert {u["figure"] for u in said} == set(months.RATIOS) and "cut off" in said[0]["reason"]
    assert months.by_month(TABLE, known_to=pd.Timestamp("2025-04-15")).loc["2025-04"].notna().all()


def test_every_gap_has_its_reason():
    got = months.by_month(monthly(("2025-01", 31, 0.0, 50.0, 50.0, 0.0), ("2025-02", 28, 10.0, 50.0, 60.0, 0.0)))
    gaps = {(month, figure) for month in got.index for figure in got.columns if np.isnan(got.at[month, figure])}
    assert gaps == {(u["month"], u["figure"]) for u in got.attrs["undefined"]}
    reasons = {(u["month"], u["figure"]): u["reason"] for u in got.attrs["undefined"]}
    assert "no denominator" in reasons["2025-01", "dso_simple"]
    assert "older than the 2 months" in reasons["2025-02", "dso_countback"]


def test_how_far_sales_are_known():
    def known(*dates):
        return str(months.sales_known_to(pd.Series(pd.to_datetime(list(dates)))).date())

    assert known("2025-06-30") == known("2025-06-29", "2025-06-30") == "2025-07-31"
    assert known("2025-06-25", "2025-06-27", "2025-06-30", "2025-06-30") == "2025-07-07"
    assert known("2025-01-10", "2025-02-20", "2025-02-22", None) == "2025-04-04"  # as patient as its longest pause, 41
    assert known("2025-02-22", "2025-01-10", "2025-02-20") == "2025-04-04"
    with pytest.raises(Undefined):
        months.sales_known_to(pd.Series([], dtype="datetime64[us]"))
