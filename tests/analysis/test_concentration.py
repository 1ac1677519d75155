"""Concentration: bounds and invariances."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import concentration

amounts = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40)


@given(amounts)
def test_hhi_lies_between_one_nth_and_one(values):
    shares = concentration.shares(values)
    index = concentration.hhi(shares)
    assert 1 / len(values) - 1e-12 <= index <= 1 + 1e-12
    assert concentration.effective_number(shares) == pytest.approx(1 / index)
    if len(values) > 1:
        assert -1e-9 <= concentration.normalised_hhi(shares) <= 1 + 1e-9


@given(amounts, st.integers(1, 50), st.randoms())
def test_order_and_scale_do_not_matter(values, k, random):
    shuffled = values[:]
    random.shuffle(shuffled)
    assert concentration.hhi(concentration.shares(shuffled)) == pytest.approx(
        concentration.hhi(concentration.shares([value * 3 for value in values])))
    assert concentration.top_share(shuffled, k) == pytest.approx(concentration.top_share(values, k))


@given(amounts, st.integers(1, 40))
def test_top_share_grows_with_k_up_to_one(values, k):
    assert concentration.top_share(values, k) <= concentration.top_share(values, k + 1) + 1e-12
    assert concentration.top_share(values, len(values)) == pytest.approx(1)


def test_equal_customers():
    shares = [0.2] * 5
    assert concentration.hhi(shares) == pytest.approx(0.2)
    assert concentration.normalised_hhi(shares) == pytest.approx(0, abs=1e-12)
    assert concentration.effective_number(shares) == pytest.approx(5)


def test_normalised_index_by_hand():
    assert concentration.normalised_hhi([0.3, 0.3, 0.2, 0.2]) == pytest.approx((0.26 - 0.25) / 0.75)
    assert concentration.normalised_hhi([1.0, 0.0]) == 1


@pytest.mark.parametrize("shares, message", [
    ([30, 30, 20, 20], "divide percentages by 100"), ([0.5, 0.4], "sum to 1"), ([1.2, -0.2], "fractions"),
])
def test_shares_that_are_none_are_refused(shares, message):
    with pytest.raises(ValueError, match=message):
        concentration.hhi(shares)


def test_undefined_and_refused():
    with pytest.raises(Undefined):
        concentration.shares([0, 0])
    with pytest.raises(Undefined, match="one customer"):
        concentration.normalised_hhi([1.0])
    with pytest.raises(ValueError, match="合同负债"):
        concentration.shares([10, -1])
    with pytest.raises(ValueError, match="at least 1"):
        concentration.top_share([1, 2], 0)
    for cuts in ((0.9, 0.6), (0.6, 1.0), (0, 0.5)):
        with pytest.raises(ValueError, match="cuts"):
            concentration.abc([1, 2], cuts=cuts)
    with pytest.raises(ValueError, match="floors"):
        concentration.abc([1, 2], floors=(10, 25))


@given(amounts)
def test_abc_is_sorted_complete_and_rising(values):
    table = concentration.abc(values)
    assert table["amount"].is_monotonic_decreasing and table["share"].sum() == pytest.approx(1)
    assert table["class"].is_monotonic_increasing and not table["class"].isna().any()
    closed_a = table.loc[table["class"] == "A", "share"].sum()
    assert closed_a >= 0.6 - 1e-9 and closed_a - table.loc[table["class"] == "A", "share"].iloc[-1] < 0.6
    assert np.allclose(table["cumulative"], table["share"].cumsum())


def test_abc_keeps_names_and_breaks_ties_in_the_order_given():
    table = concentration.abc(pd.Series([10.0, 20.0, 10.0], index=["c", "a", "b"]))
    assert table.index.tolist() == ["a", "c", "b"]


def test_abc_edges():
    # 0.6 reached exactly: the next customer opens class B; likewise 0.9 and C
    assert concentration.abc([60, 30, 10])["class"].tolist() == ["A", "B", "C"]
    assert concentration.abc([25, 10, 9], floors=(25, 10))["class"].tolist() == ["A", "B", "C"]
