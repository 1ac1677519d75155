"""Allowance: bounds, order of work, and books that balance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import allowance, migration
from receivables.analysis.allowance import Carrying

money = st.integers(0, 10**9).map(lambda fen: fen / 100)
matrix = st.lists(st.tuples(money, st.floats(0, 1)), min_size=1, max_size=8)


@given(matrix, st.floats(0, 5))
def test_allowance_lies_between_zero_and_gross(pairs, forward):
    gross, rates = zip(*pairs, strict=True)
    result = allowance.provision_matrix(gross, rates, forward=forward)
    assert (result.by_bucket >= 0).all() and (result.by_bucket <= np.array(gross) + 1e-9).all()
    assert result.total == pytest.approx(result.by_bucket.sum(), rel=1e-9, abs=1e-9)
    assert (result.rates <= 1).all()


@given(matrix, st.data())
def test_allowance_never_falls_when_a_rate_rises(pairs, data):
    gross, rates = map(list, zip(*pairs, strict=True))
    bucket = data.draw(st.integers(0, len(rates) - 1))
    higher = rates[:]
    higher[bucket] = data.draw(st.floats(rates[bucket], 1))
    assert allowance.provision_matrix(gross, higher).total >= allowance.provision_matrix(gross, rates).total - 1e-6


def test_forward_factor_and_cap():
    result = allowance.provision_matrix([100, 100], [0.1, 0.9], forward=1.2)
    assert result.by_bucket.tolist() == pytest.approx([12, 100])
    each = allowance.provision_matrix([100, 100], [0.1, 0.5], forward=[1.0, 1.5])
    assert each.by_bucket.tolist() == pytest.approx([10, 75])


@pytest.mark.parametrize("gross, rates, forward, message", [
    ([100, -5], [0.1, 0.2], 1, "合同负债"), ([100], [10], 1, "divide percentages"),
    ([100], [0.1, 0.2], 1, "1 expected"),
    ([100], [0.1], -1, "forward"), ([100], [0.1], [1, 2], "forward"), ([100], [float("nan")], 1, "missing"),
])
def test_matrix_refusals(gross, rates, forward, message):
    with pytest.raises(ValueError, match=message):
        allowance.provision_matrix(gross, rates, forward=forward)


@given(st.floats(1, 1e8), st.lists(st.floats(0.001, 0.9), min_size=1, max_size=6))
def test_payment_profile_rates_rise_to_one(sales, parts):
    reached, paid = sales, []
    for part in parts:  # in each bucket this part of what reached it is paid
        paid.append(reached * part)
        reached -= paid[-1]
    rates = allowance.rates_from_payment_profile(sales, paid)
    assert len(rates) == len(paid) + 1 and rates[-1] == 1
    assert (np.diff(rates) > 0).all() and (rates > 0).all()
    # unpaid at the end is the same money seen from every bucket
    assert np.allclose(rates[:-1] * (sales - np.concatenate([[0], np.cumsum(paid)[:-1]])), reached, rtol=1e-6)
    # the rates are the flow rates chained: 1 - part passes on
    assert np.allclose(rates, allowance.rates_from_migration([1 - part for part in parts]), rtol=1e-6)


def test_payment_profile_edges():
    assert allowance.rates_from_payment_profile(100, [60, 40]).tolist() == [0, 0, 1]
    with pytest.raises(Undefined, match="reached bucket 1"):
        allowance.rates_from_payment_profile(100, [100, 0])
    with pytest.raises(Undefined, match="reached bucket 0"):
        allowance.rates_from_payment_profile(0, [0])
    with pytest.raises(ValueError, match="more than sales"):
        allowance.rates_from_payment_profile(100, [60, 41])


def test_rates_from_migration_are_those_of_migration():
    assert allowance.rates_from_migration([0.2, 0.5], last_loss=0.8).tolist() == migration.loss_rates(
        [0.2, 0.5], last_loss=0.8).tolist() == pytest.approx([0.08, 0.4, 0.8])


def debts(**more):
    return pd.DataFrame({"pool": ["ar", "ar", "draft", "retention", "ar"],
                         "bucket": ["current", "90+", "current", "current", "90+"],
                         "amount": [1000.0, 400.0, 200.0, 300.0, 600.0]} | more)


RATES = {"ar": pd.Series({"current": 0.01, "90+": 0.5}), "draft": pd.Series({"current": 0.02}),
         "retention": pd.Series({"current": 0.03})}
SINGLE = dict(individual_loss=[np.nan, np.nan, np.nan, np.nan, 450.0],
              individual_reason=[None, None, None, None, "insolvent"])


def test_single_debts_leave_their_pool():
    pooled, single = allowance.assess(debts(), RATES), allowance.assess(debts(**SINGLE), RATES)
    assert pooled.total == pytest.approx(10 + 500 + 4 + 9)
    assert single.individual_total == 450 and single.pool_total == pytest.approx(10 + 200 + 4 + 9)
    assert single.by_bucket.loc[("ar", "90+"), "gross"] == 400
    assert single.individual["amount"].tolist() == [600]
    spared = allowance.assess(debts(**SINGLE | dict(individual_loss=[np.nan] * 4 + [0.0])), RATES)
    assert spared.individual_total == 0 and spared.pool_total == single.pool_total


@given(st.lists(st.tuples(st.sampled_from(["current", "90+"]), st.integers(-50_000, 50_000), st.booleans()),
                min_size=1, max_size=15))
def test_assessment_ties_to_the_ledger_and_stays_within_it(rows):
    amounts = [fen / 100 for _, fen, _ in rows]
    single = [amount / 2 if chosen and amount >= 0 else np.nan
              for amount, (_, _, chosen) in zip(amounts, rows, strict=True)]
    items = pd.DataFrame({"pool": "ar", "bucket": [row[0] for row in rows], "amount": amounts,
                          "individual_loss": single, "individual_reason": "disputed"})
    result = allowance.assess(items, RATES, forward=1.1)
    owed = result.by_bucket["gross"].sum() + result.individual["amount"].sum()
    assert owed - result.reclassified == pytest.approx(sum(amounts), abs=1e-6)
    assert 0 <= result.total <= owed + 1e-9


@pytest.mark.parametrize("change, message", [
    (dict(bucket="1-30"), "no loss rate for ar / 1-30"), (dict(pool="bank"), "no loss rate for bank"),
    (SINGLE | dict(individual_loss=[np.nan] * 4 + [601.0]), "between 0 and the amount"),
    (SINGLE | dict(individual_reason=None), "needs individual_reason"), (dict(amount=np.nan), "missing"),
])
def test_assessment_refusals(change, message):
    with pytest.raises(ValueError, match=message):
        allowance.assess(debts().assign(**change), RATES)
    with pytest.raises(ValueError, match="pool"):
        allowance.assess(debts().drop(columns="pool"), RATES)


@given(money, st.floats(-1e6, 1e6))
def test_entry_brings_the_allowance_to_what_is_required(required, existing):
    assert existing + allowance.entry(required=required, existing=existing) == pytest.approx(required, abs=1e-6)


@given(money, st.floats(0, 1), st.floats(0, 1))
def test_write_off_leaves_the_net_unchanged(gross, provided, part):
    before = Carrying(gross, round(gross * provided, 2))
    amount = round(gross * part, 2)
    assume(amount <= gross)
    after = allowance.write_off(before, amount)
    assert after.net == pytest.approx(before.net, abs=1e-6)
    assert after.gross == pytest.approx(gross - amount)
    back = allowance.recover(after, amount)
    assert back.gross == after.gross and back.allowance == pytest.approx(before.allowance, abs=1e-6)


def test_no_more_is_written_off_than_is_owed():
    with pytest.raises(ValueError, match="amount"):
        allowance.write_off(Carrying(100, 10), 101)


@pytest.mark.parametrize("standard, event, debits, credits", [
    ("cas", "provide", ["信用减值损失"], ["坏账准备"]), ("cas", "release", ["坏账准备"], ["信用减值损失"]),
    ("cas", "write_off", ["坏账准备"], ["应收账款"]),
    ("cas", "recover", ["应收账款", "银行存款"], ["坏账准备", "应收账款"]),
    ("small", "write_off", ["营业外支出"], ["应收账款"]), ("small", "recover", ["银行存款"], ["营业外收入"]),
])
def test_journal_balances(standard, event, debits, credits):
    lines = allowance.journal(event, 12.5, standard=standard)
    assert [line.account for line in lines if line.side == "借"] == debits
    assert [line.account for line in lines if line.side == "贷"] == credits
    assert {line.amount for line in lines} == {12.5}


def test_small_enterprises_book_no_allowance():
    for event in ("provide", "release"):
        with pytest.raises(ValueError, match="小企业会计准则"):
            allowance.journal(event, 1, standard="small")
    with pytest.raises(ValueError, match="no entry for event"):
        allowance.journal("forget", 1)
    with pytest.raises(ValueError, match="release"):
        allowance.journal("provide", -5)
