import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import limits
from receivables.analysis.credit_policy import Grade

money = st.floats(0, 1e8)
GRADES = [Grade(grade="A", zh="放心做", floor=80, limit_share=1, terms_days=60, review_months=12),
          Grade(grade="C", zh="小心做", floor=0, limit_share=0.4, terms_days=30, review_months=3)]


@given(st.dictionaries(st.sampled_from("abcd"), money, min_size=1), st.dictionaries(st.sampled_from("xyz"), money))
def test_the_lowest_binds_and_no_ceiling_is_passed(rules, ceilings):
    for how in ("lowest", "mean"):
        limit = limits.set_limit(rules, ceilings=ceilings, how=how)
        assert all(limit.amount <= cap for cap in ceilings.values()) and limit.binding
        assert limit.by_rule == rules | ceilings
    lowest = limits.set_limit(rules, ceilings=ceilings)
    assert lowest.amount == min([*rules.values(), *ceilings.values()])


def test_grade_scales_rules_but_not_ceilings():
    limit = limits.set_limit({"need": 1000.0}, ceilings={"own sales": 600.0}, grade=GRADES[1])
    assert limit.amount == 400 and limit.binding == ["need"]
    assert limits.set_limit({"need": 1000.0}, ceilings={"own sales": 600.0}, grade=GRADES[0]).binding == ["own sales"]
    assert limits.set_limit({"a": 100.0, "b": 300.0}, how="mean").amount == 200


def test_single_rules():
    assert limits.share_limit(-10) == 0
    assert limits.reference_limit([1, 3]) == 2
    assert limits.need_limit(3600, 30, year=360) == 300
    steps = {-1.0: 0.1, 0.0: 0.2}
    given_ratios = {"quick_ratio": 1.0, "short_debt_to_net_worth": 1.0, "debt_to_net_worth": 1.0,
                    "working_capital": 100, "net_worth": 300, "table": steps}
    assert limits.working_assets_limit(current_ratio=1.0, **given_ratios) == pytest.approx(40)  # score 0: on the step
    assert limits.working_assets_limit(current_ratio=0.99, **given_ratios) == pytest.approx(20)
    assert limits.working_assets_limit(current_ratio=-0.01, **given_ratios) == 0  # below the lowest step


@pytest.mark.parametrize(("call", "message"), [
    (lambda: limits.share_limit(100, share=10), "divide percentages"),
    (lambda: limits.share_limit(float("nan")), "finite"),
    (lambda: limits.reference_limit([]), "no trade references"),
    (lambda: limits.reference_limit([-1]), "at least 0"),
    (lambda: limits.set_limit({}), "no rule"),
    (lambda: limits.set_limit({"a": 1}, how="highest"), "lowest"),
    (lambda: limits.working_assets_limit(current_ratio=1, quick_ratio=1, short_debt_to_net_worth=1, debt_to_net_worth=1,
                                         working_capital=1, net_worth=1, table={}), "table is empty"),
    (lambda: limits.use_of_limit(10, 0), "the limit is 0"),
    (lambda: limits.next_review(None, GRADES[0]), "due for review now"),
    (lambda: limits.after_levers(100, insured_limit=50, insured_share=90), "divide percentages"),
    (lambda: limits.after_levers(-1), "at least 0"),
])
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def items(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "due", "open_amount"])
    return frame.assign(due=pd.to_datetime(frame["due"]), customer_id=frame["customer_id"].astype("category"))


def test_exposure_counts_orders_keeps_credits_apart_and_due_today_is_not_overdue():
    open_items = items(("001", "2026-06-30", 100.0), ("001", "2026-06-29", 50.0), ("001", None, -30.0),
                       ("002", "2026-07-31", 80.0))
    orders = pd.DataFrame({"customer_id": ["001", "003"], "amount": [25.0, 40.0]})
    table = limits.exposure(open_items, "2026-06-30", limits=pd.Series({"001": 140.0, "002": 0.0}), orders=orders)
    assert table.index.tolist() == ["001", "002", "003"]
    assert table.loc["001", ["not_due", "overdue", "orders", "exposure", "credits"]].tolist() == [100, 50, 25, 175, 30]
    assert table.loc["001", "used"] == pytest.approx(1.25) and table.loc["001", "headroom"] == -35
    assert table["breach"].tolist() == [True, True, False]
    assert table["used"].isna().tolist() == [False, True, True]
    assert table.attrs["undefined"] == ["used: 1 customers have no limit set", "used: 1 customers have a limit of 0"]


def test_exposure_refuses_what_it_cannot_add():
    with pytest.raises(ValueError, match="no due date"):
        limits.exposure(items(("1", None, 10.0)), "2026-06-30")
    with pytest.raises(ValueError, match="never added"):
        limits.exposure(items(("1", "2026-06-30", 1.0), ("2", "2026-06-30", 1.0)).assign(currency=["CNY", "USD"]),
                        "2026-06-30")


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(-60, 60), st.integers(-500, 500)), max_size=20))
def test_exposure_ties_to_the_open_balance(rows):
    day = pd.Timestamp("2026-06-30")
    table = limits.exposure(items(*((who, day - pd.Timedelta(days=late), float(amount)) for who, late, amount in rows)),
                            day)
    assert (table["exposure"] - table["credits"]).sum() == pytest.approx(sum(amount for *_, amount in rows))


def test_reviews_are_due_by_calendar_months():
    customers = pd.DataFrame({"customer_id": ["c", "b", "a", "d"], "risk_grade": ["C", "A", "C", None],
                              "reviewed_on": pd.to_datetime(["2026-03-30", "2025-07-01", "2025-11-30", "2026-06-01"])})
    due = limits.reviews_due(customers, "2026-06-30", GRADES)
    assert due["customer_id"].tolist() == ["d", "a", "c"]  # never graded first, then longest overdue; c falls due today
    assert due["days_overdue"].tolist()[1:] == [122, 0] and np.isnan(due["days_overdue"].iat[0])
    with pytest.raises(ValueError, match="grades not in the policy: Z"):
        limits.reviews_due(customers.assign(risk_grade="Z"), "2026-06-30", GRADES)


@given(money, money, money, money, st.floats(0, 1))
def test_levers_never_cover_more_than_is_there(exposure, deposit, factored, insured, share):
    left = limits.after_levers(exposure, deposit=deposit, factored=factored, insured_limit=insured,
                               insured_share=share)
    assert left.at_risk >= -1e-6
    assert left.at_risk + sum(left.covered.values()) == pytest.approx(exposure, abs=1e-6)


def test_cost_of_levers_by_hand():
    left = limits.after_levers(1000, deposit=100, factored=400, factoring_fee=0.01, discount_rate=0.073, days=50)
    assert left.at_risk == 500 and left.cost == pytest.approx(400 * 0.01 + 400 * 0.073 * 50 / 365)


def test_the_undefined_use_says_so():
    with pytest.raises(Undefined):
        limits.use_of_limit(0, 0)


def test_a_limit_used_to_the_fen_is_no_breach():
    table = limits.exposure(items(("1", "2026-06-30", 80.0)), "2026-06-30", limits=pd.Series({"1": 80.0}))
    assert table["used"].iat[0] == 1 and table["headroom"].iat[0] == 0 and not table["breach"].iat[0]
