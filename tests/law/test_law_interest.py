"""Interest side by side, doubled interest, the excess test, appropriation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.law import RateUnknown, interest, lpr
from receivables.law.interest import Debt, appropriate, doubled, excess, late_payment

yuan = st.decimals(min_value=0, max_value=Decimal("1e8"), places=2)
lpr_days = st.dates(date(2019, 8, 20), date(2026, 9, 29))


def test_the_rules_stand_side_by_side_and_none_is_chosen():
    rows = late_payment(1000000, "2026-01-05", "2026-04-15", debtor="large", creditor="small")
    assert rows["sme"].value == 50000
    assert rows["sale.fixed"].low == Decimal(1000000) * Decimal("0.039") * 100 / 365
    assert rows["sale.fixed"].high == Decimal(1000000) * Decimal("0.045") * 100 / 365
    assert rows["back_to_back.fixed"].value == Decimal(1000000) * Decimal("0.03") * 100 / 365
    assert not hasattr(rows, "value")
    assert (rows.low, rows.high) == (rows["back_to_back.fixed"].value, rows["sme"].value)
    with pytest.raises(Undefined, match="区间"):
        _ = rows["sale.fixed"].value
    assert "不替你择高" in rows.text
    assert rows.frame()["rule"].tolist() == [band.rule for band in rows]


def test_breach_on_the_day_before_and_on_the_day_of_the_lpr():
    before = late_payment(100000, "2019-08-19", "2019-09-19")
    after = late_payment(100000, "2019-08-20", "2019-09-20")
    assert before["sale.fixed"].low == Decimal(100000) * Decimal("0.0435") * Decimal("1.3") * 31 / 365
    assert after["sale.fixed"].low == Decimal(100000) * Decimal("0.0425") * Decimal("1.3") * 31 / 365
    assert before["sale.fixed"].confidence == "memory" and "未核实" in before["sale.fixed"].text
    assert after["sale.fixed"].confidence == "verified"


def test_a_month_with_two_rates_is_segmented_and_the_fixed_rate_is_not():
    rows = late_payment(365000, "2024-07-15", "2024-08-01")
    assert rows["sale.fixed"].low == Decimal(1000) * 17 * Decimal("0.0345") * Decimal("1.3")
    bare = Decimal(1000) * (7 * Decimal("0.0345") + 10 * Decimal("0.0335"))
    assert rows["sale.segmented"].low == bare * Decimal("1.3")
    assert rows["sale.segmented"].high == bare * Decimal("1.5")
    assert rows["sale.segmented"].confidence == "memory"


def test_a_breach_before_the_lpr_moves_to_it_in_the_segmented_row():
    rows = late_payment(365000, "2019-08-10", "2019-08-25")
    bare = Decimal(1000) * (10 * Decimal("0.0435") + 5 * Decimal("0.0425"))
    assert rows["sale.segmented"].low == bare * Decimal("1.3")


def test_unknown_rates_are_said_not_guessed():
    rows = late_payment(1000, "2026-09-01", "2026-11-01", debtor="large", creditor="small")
    assert rows["sale.fixed"].low is not None
    assert rows["sale.segmented"].low is None and "只核到 2026-09-30" in rows["sale.segmented"].text
    assert "sale.segmented" in rows.frame().attrs["undefined"]
    known = late_payment(1000, "2026-09-01", "2026-11-01", rates={date(2026, 10, 20): "0.029"})["sale.segmented"]
    bare = Decimal(1000) * (49 * Decimal("0.03") + 12 * Decimal("0.029")) / 365
    assert abs(known.low - bare * Decimal("1.3")) < Decimal("1e-18")
    assert "由使用者补入：2026-10-20 起 2.9%" in known.text
    old = late_payment(1000, "2013-01-01", "2013-02-01")
    with pytest.raises(Undefined, match="没有一种口径"):
        _ = old.low


def test_last_known_day_is_the_30th_of_september():
    assert late_payment(1000, "2026-09-01", "2026-10-01")["sale.segmented"].low is not None
    assert late_payment(1000, "2026-09-01", "2026-10-02")["sale.segmented"].low is None


@pytest.mark.parametrize("debtor, creditor, rules", [
    ("large", "small", {"sale.fixed", "sale.segmented", "sme", "back_to_back.fixed", "back_to_back.segmented"}),
    ("government", "micro", {"sale.fixed", "sale.segmented", "sme"}),
    ("sme", "small", {"sale.fixed", "sale.segmented"}),
    ("large", "large", {"sale.fixed", "sale.segmented"}),
])
def test_which_rules_may_apply(debtor, creditor, rules):
    rows = late_payment(1000, "2026-01-05", "2026-02-05", debtor=debtor, creditor=creditor)
    assert {band.rule for band in rows} == rules


def test_sizes_not_known_leave_the_regulation_open():
    rows = late_payment(1000, "2026-01-05", "2026-02-05", debtor="large")
    assert rows["sme"].low is None and "规模" in rows["sme"].missing
    assert "back_to_back.fixed" not in {b.rule for b in late_payment(1000, "2026-01-05", "2026-02-05",
                                                                     back_to_back=False)}


def test_an_agreed_rate_stands_beside_the_floor():
    rows = late_payment(365000, "2026-01-05", "2026-01-15", agreed_rate="0.02", debtor="large", creditor="small",
                        contract_date="2025-05-19")
    assert rows["agreed"].value == 200
    assert rows["sme.floor"].value == 310  # LPR of the day before 2025-05-20: 3.10 %
    assert "低于下限" in rows["sme.floor"].text
    unsigned = late_payment(1000, "2026-01-05", "2026-02-05", agreed_rate="0.02", debtor="large", creditor="small")
    assert "contract_date" in unsigned["sme.floor"].missing


def test_contracts_across_the_change_are_for_a_person():
    across = late_payment(1000, "2025-08-01", "2025-09-01", debtor="large", creditor="small",
                          contract_date="2025-05-31")
    assert "跨期合同" in across["sme"].text and "第15条" in across["sme"].citation
    new = late_payment(1000, "2025-08-01", "2025-09-01", debtor="large", creditor="small", contract_date="2025-06-01")
    assert "跨期合同" not in new["sme"].text and "第17条" in new["sme"].citation
    old = late_payment(1000, "2021-08-01", "2021-09-01", debtor="large", creditor="small", contract_date="2020-08-31")
    assert old["sme"].low is None


def test_construction_and_services():
    rows = late_payment(365000, "2026-01-05", "2026-01-15", kind="construction")
    assert rows["construction.fixed"].value == 300
    service = late_payment(365000, "2026-01-05", "2026-01-15", kind="service")
    assert "参照买卖" in service["sale.fixed"].text and "第646条" in service["sale.fixed"].citation


@pytest.mark.parametrize("arguments, says", [
    (dict(principal=-1), "负数"), (dict(end="2025-01-01"), "早于"), (dict(agreed_rate=18), "小数"),
    (dict(debtor="huge"), "government"), (dict(creditor="tiny"), "micro"), (dict(kind="gift"), "sale"),
    (dict(year=300), "365"), (dict(breach="2026-02-01"), "breach"), (dict(contract_date="2026-02-01"), "contract_date"),
    (dict(rates={date(2026, 1, 20): "0.03"}), "lpr.yaml"), (dict(rates={date(2026, 10, 20): 3}), "0.03"),
])
def test_bad_input_says_what_to_do(arguments, says):
    with pytest.raises(ValueError, match=says):
        late_payment(**{"principal": 1000, "start": "2026-01-05", "end": "2026-02-05"} | arguments)


@given(yuan, lpr_days, st.integers(0, 400), st.integers(0, 400))
def test_interest_is_additive_over_split_periods(principal, start, first, second):
    middle = start + timedelta(days=first)
    end = min(middle + timedelta(days=second), date(2026, 10, 1))
    middle = min(middle, end)
    facts = dict(breach=start, debtor="large", creditor="small")
    whole = late_payment(principal, start, end, **facts)
    pieces = [late_payment(principal, start, middle, **facts), late_payment(principal, middle, end, **facts)]
    for band in whole:
        if band.low is None:
            continue
        for edge in ("low", "high"):
            parts = sum(getattr(piece[band.rule], edge) for piece in pieces)
            assert abs(getattr(band, edge) - parts) < Decimal("1e-12")


def test_doubled_interest():
    assert doubled(10000, "2026-01-01", "2026-03-02").value == 105
    assert doubled(10000, "2026-01-01", "2026-01-01").value == 0
    assert doubled(10000, "2026-01-01", "2026-03-02", excluded=[("2026-02-01", "2026-02-11")]).value == Decimal("87.5")
    with pytest.raises(ValueError, match="2014-08-01"):
        doubled(10000, "2014-07-31", "2014-09-01")
    assert doubled(10000, "2014-08-01", "2014-08-02").value == Decimal("1.75")
    for stayed in ([("2025-12-01", "2026-01-10")], [("2026-01-05", "2026-01-10"), ("2026-01-09", "2026-01-12")]):
        with pytest.raises(ValueError, match="excluded"):
            doubled(10000, "2026-01-01", "2026-03-02", excluded=stayed)


@given(yuan, st.dates(date(2014, 8, 1), date(2026, 1, 1)), st.integers(0, 2000), st.integers(0, 2000))
def test_doubled_interest_is_additive(principal, start, first, second):
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    whole = doubled(principal, start, end).value
    assert whole == doubled(principal, start, middle).value + doubled(principal, middle, end).value


def test_the_excess_test_needs_a_proven_loss():
    assert excess(1301, proven_loss=1000).exceeded and not excess(1300, proven_loss=1000).exceeded
    with pytest.raises(Undefined, match="proven_loss"):
        excess(1300)
    inferred = excess(1301, inferred_loss=1000)
    assert inferred.inferred and "推论" in inferred.text


def test_rates():
    assert lpr.rate("2019-08-20") == Decimal("0.0425") and lpr.rate("2026-09-30") == Decimal("0.03")
    assert lpr.rate("2025-05-19") == Decimal("0.031") and lpr.rate("2025-05-20").value == Decimal("0.03")
    assert lpr.rate("2024-02-20", term="5Y") == Decimal("0.0395")
    assert lpr.benchmark("2015-10-23") == Decimal("0.046") and lpr.benchmark("2019-08-19") == Decimal("0.0435")
    assert lpr.rate("2026-04-20").confidence == "verified" and lpr.rate("2026-04-21").confidence == "secondary"
    for unknown in ("2019-08-19", "2026-10-01", "2030-01-01"):
        with pytest.raises(RateUnknown):
            lpr.rate(unknown)
    with pytest.raises(RateUnknown):
        lpr.benchmark("2019-08-20")


def test_rates_a_user_adds_are_said():
    added = {date(2026, 10, 20): "0.029", "2026-11-20": "0.028"}
    assert lpr.rate("2026-10-19", rates=added) == Decimal("0.03")
    assert lpr.rate("2026-10-20", rates=added) == Decimal("0.029")
    late = lpr.rate("2026-12-31", rates=added)
    assert late == Decimal("0.028") and late.confidence == "user" and late.effective_from == date(2026, 11, 20)
    assert "使用者补入" in late.text and "2026-11-20 起 2.8%" in late.text
    assert lpr.rate("2026-09-30", rates=added).confidence == "secondary"
    for bad in ({date(2026, 9, 30): "0.03"}, {date(2026, 10, 20): 3}, {"soon": "0.03"}):
        with pytest.raises(ValueError):
            lpr.rate("2026-10-20", rates=bad)


def test_costs_then_interest_then_principal():
    line = appropriate(100, [Debt("A", principal=1000, interest=50, costs=10)])["A"]
    assert (line.costs, line.interest, line.principal) == (10, 50, 40)
    short = appropriate(30, [Debt("A", principal=1000, interest=50, costs=10)])["A"]
    assert (short.costs, short.interest, short.principal) == (10, 20, 0)
    with pytest.raises(ValueError, match="amount_due"):
        appropriate(30, [{"id": "A", "amount_due": 1000}])
    with pytest.raises(KeyError, match="Z"):
        _ = appropriate(30, [Debt("A", principal=1000)])["Z"]


def test_a_judgment_is_settled_before_the_doubled_interest():
    debts = [Debt("A", principal=1000, interest=50, costs=10, doubled=30), Debt("B", principal=500, doubled=20)]
    paid = appropriate(1570, debts, order="enforcement")
    assert sum(line.principal for line in paid.settled) == 1500 and sum(line.doubled for line in paid.settled) == 10
    with pytest.raises(ValueError, match="enforcement"):
        appropriate(1570, debts)
    assert "推论" in paid.text


def test_article_560_is_not_first_in_first_out():
    debts = [
        Debt("later_unsecured", principal=100, due="2026-03-01"),
        Debt("old_secured", principal=100, due="2025-01-01", secured=100),
        Debt("heavy", principal=100, due="2026-04-01", burden="0.1"),
        Debt("not_due", principal=100, due="2027-01-01", burden="0.2"),
    ]
    paid = appropriate(250, debts, on="2026-06-01")
    assert [line.debt.id for line in paid.settled] == ["heavy", "later_unsecured", "old_secured", "not_due"]
    assert [line.total for line in paid.settled] == [100, 100, 50, 0]


def test_agreement_goes_before_designation_and_designation_before_the_law():
    debts = [Debt(name, principal=100, due=f"2026-0{n}-01") for n, name in enumerate("ABCD", 1)]
    paid = appropriate(250, debts, agreed=["D"], designated=["C", "D"])
    assert [line.debt.id for line in paid.settled] == ["D", "C", "A", "B"]
    with pytest.raises(ValueError, match="不在 debts"):
        appropriate(250, debts, designated=["Z"])
    with pytest.raises(ValueError, match="重复"):
        appropriate(250, [debts[0], debts[0]])


def test_debts_of_one_rank_share_in_proportion_to_the_fen():
    paid = appropriate(100, [Debt(name, principal=100) for name in "ABC"])
    assert [line.principal for line in paid.settled] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert appropriate(90, [dict(id="A", principal=100), dict(id="B", principal=200)])["B"].principal == 60


debts_strategy = st.lists(
    st.builds(dict, principal=yuan, interest=yuan, costs=yuan, secured=st.sampled_from([0, 50]),
              burden=st.sampled_from(["0", "0.1"]), due=st.sampled_from([date(2026, 1, 1), date(2026, 9, 1)])),
    min_size=1, max_size=6)


@given(st.decimals(min_value=0, max_value=Decimal("1e9"), places=2), debts_strategy,
       st.sampled_from(["contract", "enforcement"]))
def test_appropriation_conserves_money(payment, debts, order):
    paid = appropriate(payment, [Debt(str(n), **debt) for n, debt in enumerate(debts)], order=order, on="2026-06-01")
    assert paid.value + paid.remainder == payment
    assert sum(line.total for line in paid.settled) == paid.value
    for line in paid.settled:
        for part in ("costs", "interest", "principal", "doubled"):
            assert 0 <= getattr(line, part) <= getattr(line.debt, part)
    assert paid.remainder == 0 or all(line.total == line.debt.total for line in paid.settled)


def test_module_offers_both_orders_under_the_agreed_name():
    assert interest.appropriate is appropriate
