import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from receivables import Undefined, content, paths
from receivables.analysis import credit
from receivables.analysis.credit import CreditPolicy, ScoreCard

POLICY = content.load(paths.data("credit.yaml"), CreditPolicy)
CARD, RISK, CHECKS = POLICY.five_c, POLICY.risk, POLICY.look_ups
ratio = st.floats(-5, 5, allow_nan=False)


@given(ratio, ratio, ratio, ratio, ratio, st.floats(0.01, 1))
def test_altman_rises_with_every_ratio(x1, x2, x3, x4, x5, step):
    for model in ("Z", "Z'", "Z''"):
        fifth = None if model == "Z''" else x5
        base = credit.altman(x1, x2, x3, x4, fifth, model=model)
        for place in range(4):
            moved = [x1, x2, x3, x4]
            moved[place] += step
            assert credit.altman(*moved, fifth, model=model) > base


@pytest.mark.parametrize(("model", "low", "high"), [("Z", 1.81, 2.99), ("Z'", 1.23, 2.90), ("Z''", 1.10, 2.60)])
def test_altman_cut_offs_are_grey(model, low, high):
    zones = [credit.altman_zone(score, model=model) for score in (low - 1e-6, low, high, high + 1e-6)]
    assert zones == ["distress", "grey", "grey", "safe"]


def test_altman_emerging_moves_score_and_cut_offs_together():
    for score in (0.5, 2.0, 3.0):
        assert (credit.altman_zone(score, model="Z''")
                == credit.altman_zone(score + 3.25, model="Z''", emerging=True))


@pytest.mark.parametrize(("call", "message"), [
    (lambda: credit.altman(1, 1, 1, 1), "needs x5"),
    (lambda: credit.altman(1, 1, 1, 1, 1, model="Z''"), "no x5"),
    (lambda: credit.altman(1, 1, 1, 1, model="Z3"), "choose one"),
    (lambda: credit.altman(1, 1, float("nan"), 1, 1), "finite"),
    (lambda: credit.altman(1, 1, 1, 1, 1, emerging=True), "Z'' alone"),
    (lambda: credit.altman_zone(float("nan")), "finite"),
    (lambda: credit.altman_from_statements(working_capital=200, retained_earnings=1, ebit=1, equity=50,
                                           total_liabilities=50, total_assets=100, sales=1), "working capital"),
    (lambda: credit.altman_from_statements(working_capital=1, retained_earnings=1, ebit=1, equity=1,
                                           total_liabilities=0, total_assets=100, sales=1), "x4 has no denominator"),
    (lambda: credit.altman_from_statements(working_capital=1, retained_earnings=1, ebit=1, equity=1,
                                           total_liabilities=0, total_assets=0, sales=1), "no denominator"),
])
def test_altman_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()


marks = st.fixed_dictionaries({criterion.id: st.sampled_from([1, 1.5, 2, 3, 4, 5]) for criterion in CARD.criteria})


@given(marks)
def test_five_c_is_the_weighted_mean_and_its_parts_add_up(given_marks):
    result = credit.five_c(given_marks, CARD)
    mean = sum(criterion.weight * given_marks[criterion.id] for criterion in CARD.criteria)
    assert result.score == pytest.approx((mean - 1) / 4 * 100)
    assert result.parts["points"].sum() == pytest.approx(result.score)
    assert result.grade == credit.grade_of(min(result.score, 100), CARD)


def test_five_c_ends_and_floors():
    assert credit.five_c({c.id: 1 for c in CARD.criteria}, CARD).score == 0
    best = credit.five_c({c.id: 5 for c in CARD.criteria}, CARD)
    assert best.score == pytest.approx(100) and best.grade == CARD.grades[0]
    for grade, worse in zip(CARD.grades, CARD.grades[1:], strict=False):
        assert credit.grade_of(grade.floor, CARD) == grade and credit.grade_of(grade.floor - 0.01, CARD) == worse


def test_five_c_refuses_gaps_and_other_scales():
    full = {c.id: 3 for c in CARD.criteria}
    with pytest.raises(ValueError, match="missing capital; unknown charm"):
        credit.five_c({**{k: v for k, v in full.items() if k != "capital"}, "charm": 3}, CARD)
    with pytest.raises(ValueError, match="1 .worst. to 5"):
        credit.five_c({**full, "capital": 10}, CARD)
    with pytest.raises(ValueError, match="0 to 100"):
        credit.grade_of(101, CARD)


finances = {r.id: st.floats(-1, 200, allow_nan=False) for r in RISK.finances}


@given(st.sampled_from(RISK.nature), st.sampled_from(RISK.industry), st.fixed_dictionaries(finances))
def test_risk_grade_stays_on_its_scale_and_a_knock_out_wins(nature, industry, figures):
    result = credit.risk_grade(nature=nature.id, industry=industry.id, finances=figures, table=RISK)
    assert 1 <= result.score <= 5
    assert result.level == ("high" if result.score >= RISK.high_from - 1e-9
                            else "medium" if result.score >= RISK.medium_from - 1e-9 else "low")
    struck = credit.risk_grade(nature=nature.id, industry=industry.id, finances=figures, table=RISK,
                               knock_outs=["enforcement"])
    assert struck.level == "high" and struck.score == result.score


def test_risk_marks_at_the_cut_offs():
    figures = {"current_ratio": 2.0, "debt_ratio": 0.4, "cash_to_short_debt": 0.4, "receivable_days": 45}
    best = credit.risk_grade(nature="state_owned", industry="utilities", finances=figures, table=RISK)
    assert best.parts["finances"] == pytest.approx(1.0) and best.level == "low"
    worst = {"current_ratio": 0.9, "debt_ratio": 0.9, "cash_to_short_debt": -0.1, "receivable_days": 151}
    assert credit.risk_grade(nature="shell", industry="real_estate", finances=worst,
                             table=RISK).score == pytest.approx(5.0)
    on_last_cut = {"current_ratio": 1.0, "debt_ratio": 0.85, "cash_to_short_debt": 0.0, "receivable_days": 150}
    assert credit.risk_grade(nature="shell", industry="real_estate", finances=on_last_cut,
                             table=RISK).parts["finances"] == pytest.approx(4.0)


def test_risk_grade_refusals():
    figures = {r.id: 1.0 for r in RISK.finances}
    with pytest.raises(ValueError, match="industry 'mining' is not in the table"):
        credit.risk_grade(nature="private", industry="mining", finances=figures, table=RISK)
    with pytest.raises(ValueError, match="missing debt_ratio"):
        credit.risk_grade(nature="private", industry="trade", table=RISK,
                          finances={k: v for k, v in figures.items() if k != "debt_ratio"})
    with pytest.raises(ValueError, match="debt_ratio is not a number"):
        credit.risk_grade(nature="private", industry="trade", table=RISK,
                          finances={**figures, "debt_ratio": float("nan")})


def answers(*rows):
    return pd.DataFrame(rows, columns=["look_up", "finding", "looked_on"])


def test_look_ups_count_while_valid_and_the_latest_wins():
    found = answers(("enforcement", "open_large", "2026-05-01"), ("enforcement", "clean", "2026-06-01"),
                    ("site_visit", "normal", "2026-06-01"), ("registry", "clean", "2026-01-01"),
                    ("registry", "gone", "2026-08-01"))
    last_day = credit.look_ups(found, "2026-07-01", CHECKS)  # enforcement is valid for 30 days, that day included
    assert last_day.score == pytest.approx((0.25 * 100 + 0.20 * 75) / 0.45)
    assert last_day.coverage == pytest.approx(0.45) and last_day.knock_outs == []
    states = last_day.table.set_index("look_up")["state"]
    assert states["registry"] == "stale" and states["share_freeze"] == "missing"
    day_after = credit.look_ups(found, "2026-07-02", CHECKS)
    assert day_after.coverage == pytest.approx(0.20) and day_after.score == pytest.approx(75)


def test_a_stale_knock_out_stands_until_looked_up_again():
    found = answers(("enforcement", "dishonest", "2026-01-01"), ("site_visit", "busy", "2026-06-01"))
    assert credit.look_ups(found, "2026-06-30", CHECKS).knock_outs == ["enforcement"]
    cleared = pd.concat([found, answers(("enforcement", "clean", "2026-06-29"))])
    assert credit.look_ups(cleared, "2026-06-30", CHECKS).knock_outs == []


def test_look_up_refusals():
    with pytest.raises(Undefined, match="no look-up is fresh"):
        credit.look_ups(answers(("site_visit", "busy", "2025-01-01")), "2026-06-30", CHECKS)
    with pytest.raises(ValueError, match="two different answers"):
        credit.look_ups(answers(("site_visit", "busy", "2026-06-01"), ("site_visit", "empty", "2026-06-01")),
                        "2026-06-30", CHECKS)
    with pytest.raises(ValueError, match="no finding 'great'"):
        credit.look_ups(answers(("site_visit", "great", "2026-06-01")), "2026-06-30", CHECKS)
    with pytest.raises(ValueError, match="not in the checklist: horoscope"):
        credit.look_ups(answers(("horoscope", "fine", "2026-06-01")), "2026-06-30", CHECKS)
    with pytest.raises(ValueError, match="needs the date"):
        credit.look_ups(answers(("site_visit", "busy", None)), "2026-06-30", CHECKS)


def test_the_policy_covers_the_look_ups_salespeople_really_make():
    assert {item.id for item in CHECKS} >= {"registry", "enforcement", "share_freeze", "draft_defaults", "site_visit",
                                            "trade_references"}
    assert {lever.id for lever in POLICY.levers} >= {"credit_insurance", "factoring", "deposit"}
    assert all(any(finding.score == 100 for finding in item.findings) for item in CHECKS)


def changed(path, value):
    raw = POLICY.model_dump()
    *way, last = path
    place = raw
    for step in way:
        place = place[step]
    place[last] = value
    return raw


@pytest.mark.parametrize(("path", "value", "message"), [
    (("five_c", "criteria", 0, "weight"), 0.5, "add to"),
    (("five_c", "criteria", 0, "anchors"), {1: "差", 5: "好"}, "anchors"),
    (("five_c", "criteria", 0, "id"), "capital", "given twice"),
    (("five_c", "grades", 0, "floor"), 10, "floors falling"),
    (("five_c", "grades", -1, "floor"), 5, "last floor 0"),
    (("risk", "finances", 0, "cuts"), [1, 2, 3, 4], "from good to bad"),
    (("risk", "weights", "nature"), 0.9, "adding to 1"),
    (("risk", "high_from"), 2.0, "below high_from"),
    (("look_ups", 0, "weight"), 0.9, "add to"),
    (("look_ups", 0, "source"), "", "name the source"),
])
def test_a_policy_that_contradicts_itself_is_refused(path, value, message):
    with pytest.raises(ValidationError, match=message):
        CreditPolicy.model_validate(changed(path, value))


def test_score_card_scale_does_not_depend_on_the_order_of_criteria():
    turned = ScoreCard.model_validate({**CARD.model_dump(), "criteria": CARD.model_dump()["criteria"][::-1]})
    mark = {c.id: 1 + place for place, c in enumerate(CARD.criteria)}
    assert np.isclose(credit.five_c(mark, CARD).score, credit.five_c(mark, turned).score)


def test_a_look_up_of_the_day_counts_and_of_tomorrow_does_not():
    assert credit.look_ups(answers(("site_visit", "busy", "2026-06-30")), "2026-06-30", CHECKS).score == 100
    with pytest.raises(Undefined):
        credit.look_ups(answers(("site_visit", "busy", "2026-07-01")), "2026-06-30", CHECKS)
