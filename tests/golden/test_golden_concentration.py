"""Concentration against published answers."""

import pytest

from receivables.analysis import concentration

GOLDEN = {"W13", "W16"}


def test_hhi_of_the_department_of_justice(example):
    case = example("W13")
    shares = [percent / 100 for percent in case["inputs"]["share"]]
    assert round(concentration.hhi(shares) * 10_000, 9) == case["published"]["hhi"]


def fifty_customers(case):
    """The ten printed customers and forty small ones that make up the printed total."""
    printed = case["inputs"]["overdue"]
    return printed + [(case["inputs"]["total"] - sum(printed)) / 40] * 40


def test_abc_of_the_chinese_exam_text(example):
    case = example("W16")
    amounts = fifty_customers(case)
    table = concentration.abc(amounts, floors=(25, 10))
    assert (table["share"].iloc[:10] * 100).tolist() == pytest.approx(case["published"]["pct"], abs=case["tol"])
    classes = table.groupby("class", observed=True)["share"].sum() * 100
    for name in "ABC":
        assert classes[name] == pytest.approx(case["published"][name], abs=case["tol"])
    assert table["class"].value_counts()[["A", "B", "C"]].tolist() == [3, 5, 42]
    # by cumulative share the same classes need a second cut above 90.38 %
    assert concentration.abc(amounts, cuts=(0.6, 0.94))["class"].tolist() == table["class"].tolist()


def test_abc_default_cuts_close_a_class_with_the_customer_who_crosses(example):
    table = concentration.abc(fifty_customers(example("W16")))
    assert table["class"].value_counts()[["A", "B"]].tolist() == [3, 4]
