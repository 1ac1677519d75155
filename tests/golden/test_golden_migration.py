"""Absorbing chains against published answers, and two published packages' errors."""

import numpy as np
import pandas as pd
import pytest

from receivables.analysis import migration

GOLDEN = {"W05", "W06", "T03"}


@pytest.mark.parametrize("key", ["W05", "W06"])
def test_absorbing_chain_of_the_textbooks(example, key):
    case = example(key)
    result = migration.absorb(case["inputs"]["Q"], case["inputs"]["R"], balance=case["inputs"]["balance"])
    np.testing.assert_allclose(result.B, case["published"]["B"], atol=0.006)  # printed with two decimals
    assert result.expected.tolist() == pytest.approx([case["published"]["paid"], case["published"]["bad"]],
                                                     abs=case["tol"])


def test_absorption_is_not_one_step(example):
    case = example("T03")
    result = migration.absorb(case["inputs"]["Q"], case["inputs"]["R"], balance=case["inputs"]["balance"])
    assert result.expected[1] == pytest.approx(case["published"]["correct_bad"], abs=case["tol"])
    one_step = np.array(case["inputs"]["balance"]) @ np.array(case["inputs"]["R"])
    assert one_step[1] == case["published"]["printed_bad"]


def test_the_last_pair_of_a_panel_is_counted_once():
    # transitionMatrix 0.5.1, CohortEstimator: two entities 0,0,1 and 0,1,2 give a "probability" of 2.0
    last = migration.transition_matrix(np.array([[0, 0, 1], [0, 1, 2]]), states=["a", "b", "c"], by_interval=True)[1]
    assert last[1, 2] == 1.0 and last[0, 1] == 1.0


def test_a_customer_who_paid_in_full_is_a_cure():
    # roll-rate-analysis 0.2.0 drops an account that is gone from the next month's list
    before = pd.Series(["1-30"] * 4, index=list("abcd"))
    after = pd.Series(["31-60"], index=["a"])
    rates = migration.roll_rates(before, after, unit="account").loc["1-30"]
    assert rates["31-60"] == 0.25 and rates["paid"] == 0.75


def test_flow_rate_of_the_accounting_course():
    assert migration.flow_rate(opening=100, next_bucket=60) == pytest.approx(0.6)  # chinaacc, seen


def test_department_store_chain_of_transitions():
    # A&W: 80/20, 90/10, 85/15: what goes bad from current is 0.2 x 0.1 x 0.15 = 0.003; on 150,000 it is 450
    q = [[0, 0.2, 0], [0, 0, 0.1], [0, 0, 0]]
    r = [[0.8, 0], [0.9, 0], [0.85, 0.15]]
    assert migration.absorb(q, r, balance=[150_000, 0, 0]).expected[1] == pytest.approx(450)
