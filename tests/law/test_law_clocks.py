"""Timelines, guarantee, preservation, bills; the tree of routes; does suing pay."""

from datetime import date
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined, paths
from receivables.content import ContentError, load
from receivables.law import clocks, evidence, fees, routes, suing
from receivables.law.parameters import get


def test_payment_order_in_statutory_days():
    case = clocks.timeline("payment_order", "2026-03-02", known={"served": "2026-03-30"})
    assert case["accepted"].alert_date == date(2026, 3, 7) and case["accepted"].last_day == date(2026, 3, 9)
    assert case["issued"].alert_date == date(2026, 3, 22)
    assert case["objection"].alert_date == date(2026, 4, 14)
    assert case["enforce"].alert_date == date(2028, 4, 14)
    assert any("terminated" in line for line in case.waiting)
    assert case.frame()["what"].tolist() == [d.title for d in case.value]


def test_an_actual_day_replaces_the_statutory_one():
    case = clocks.timeline("payment_order", "2026-03-02", known={"accepted": "2026-03-04"})
    assert case["issued"].alert_date == date(2026, 3, 19)


@pytest.mark.parametrize("route, step, known, end", [
    ("pre_suit_preservation", "sue", {}, "2026-04-01"),
    ("judicial_confirmation", "confirm", {}, "2026-04-01"),
    ("arbitration", "set_aside", {"award_received": "2026-03-31"}, "2026-06-30"),
    ("lawsuit", "judgment", {"filed_accepted": "2026-03-05"}, "2026-09-05"),
    ("lawsuit_simple", "judgment", {"filed_accepted": "2026-03-05"}, "2026-06-05"),
    ("small_claims", "judgment", {"filed_accepted": "2026-03-05"}, "2026-05-05"),
    ("lawsuit", "appeal", {"judgment_received": "2026-09-10"}, "2026-09-25"),
    ("insolvency", "latest", {}, "2026-06-02"),
    ("complaint", "forwarded", {}, "2026-03-16"),
])
def test_statutory_days_of_the_routes(route, step, known, end):
    assert clocks.timeline(route, "2026-03-02", known=known)[step].alert_date == date.fromisoformat(end)


def test_bad_timelines_say_what_to_do():
    with pytest.raises(ValueError, match="payment_order"):
        clocks.timeline("duel", "2026-03-02")
    with pytest.raises(KeyError, match="objection"):
        _ = clocks.timeline("payment_order", "2026-03-02")["objection"]
    with pytest.raises(ValueError, match="served"):
        clocks.timeline("payment_order", "2026-03-02", known={"shaved": "2026-03-03"})


def test_every_route_with_a_clock_a_fee_or_evidence_names_one_that_exists():
    codes = set(evidence.checklist()) | {"acceptance", "judgment", "assets"}
    for route in routes.tree().routes.values():
        assert route.clock is None or route.clock in clocks.steps()
        assert set(route.evidence) <= codes
        assert route.fee is None or hasattr(fees, route.fee.removesuffix("_halved"))
        for rule in route.rules:
            get(rule)
    for step in (step for plan in clocks.steps().values() for step in plan):
        assert get(step.parameter).unit in {"days", "months", "years", "workdays"}


def test_guarantee_period():
    silent = clocks.guarantee("2026-01-31")
    assert silent.alert_date == date(2026, 7, 31) and "对债务人起诉" in silent.text  # general: sue the debtor
    assert "请求保证人" in clocks.guarantee("2026-01-31", kind="joint").text
    old = clocks.guarantee("2021-01-31", signed="2020-12-31")
    assert "连带责任保证" in old.text and old.confidence == "memory"
    assert clocks.guarantee("2026-01-31", agreed_until="2027-01-31").alert_date == date(2027, 1, 31)
    void = clocks.guarantee("2026-01-31", agreed_until="2026-01-31")
    assert void.alert_date == date(2026, 7, 31) and "当作没约定" in void.text


@pytest.mark.parametrize("asset, ends, renew", [("deposit", "2027-03-02", "2027-02-23"),
                                                ("movable", "2028-03-02", "2028-02-24"),
                                                ("other", "2029-03-02", "2029-02-23")])
def test_preservation_is_renewed_seven_days_before(asset, ends, renew):
    measure = clocks.preservation("2026-03-02", asset=asset)
    assert (measure.ends, measure.value) == (date.fromisoformat(ends), date.fromisoformat(renew))


def test_bills():
    bill = clocks.bill_rights("2026-09-23", refused="2026-09-28", settled="2026-10-10")
    assert [d.alert_date for d in bill.value] == [date(2026, 10, 3), date(2028, 9, 23), date(2026, 10, 1),
                                                  date(2027, 3, 28), date(2027, 1, 10)]
    assert bill.value[0].last_day == date(2026, 10, 8) and "丧失" in bill.text


def no(**answers):
    return dict.fromkeys(routes.tree().questions, False) | answers


@pytest.mark.parametrize("answers, route", [
    ({}, "negotiate"), ({"insolvent": True}, "insolvency_claim"), ({"judgment": True}, "enforcement"),
    ({"judgment": True, "refusing": True}, "report_refusal"), ({"deceit": True}, "report_fraud"),
    ({"barred": True}, "new_promise"), ({"asked": True, "hiding": True}, "preserve_sue"),
    ({"asked": True, "hiding": True, "hiding_forum": True}, "preserve_arbitrate"),
    ({"asked": True, "willing": True}, "settlement"), ({"asked": True, "covered": True}, "complaint"),
    ({"asked": True, "covered": True, "complained": True, "order_fits": True}, "payment_order"),
    ({"asked": True, "forum": True}, "arbitration"), ({"asked": True, "disputed": True}, "lawsuit"),
    ({"asked": True, "disputed": True, "size": True}, "small_claims"),
    ({"asked": True, "order_fits": True}, "payment_order"),
])
def test_where_the_answers_lead(answers, route):
    assert routes.walk(no(**answers)).value == route


def test_the_police_stand_only_behind_a_crime():
    tree = routes.tree()
    for trail, end in tree.paths():
        if tree.routes[end].police:
            assert any(tree.questions[question].crime and answer == "yes" for question, answer in trail)
            assert "红线" in tree.routes[end].note
        else:
            assert not any(tree.questions[question].crime and answer == "yes" for question, answer in trail)


@pytest.mark.parametrize("question, answer, target, says", [
    ("asked", "no", "report_fraud", "police stand only"), ("asked", "yes", "report_fraud", "police stand only"),
    ("refusing", "no", "report_refusal", "police stand only"), ("asked", "no", "insolvent", "leads back"),
    ("asked", "no", "nowhere", "does not exist"), ("insolvent", "yes", "negotiate", "not reachable"),
])
def test_a_tree_that_misleads_is_refused(tmp_path, question, answer, target, says):
    raw = yaml.safe_load(paths.data("law", "routes.yaml").read_text(encoding="utf-8"))
    raw["questions"][question]["options"][answer] = target
    file = tmp_path / "routes.yaml"
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match=says):
        load(file, routes.Tree)


def test_answers_that_are_missing_or_wrong():
    with pytest.raises(Undefined, match="insolvent"):
        routes.walk({})
    with pytest.raises(ValueError, match="yes"):
        routes.walk({"insolvent": "maybe"})
    with pytest.raises(ValueError, match="insolvent"):
        routes.walk({"solvent": True})


def test_does_suing_pay_worked_by_hand():
    case = suing.compare(100000, p_win="0.9", recovery="0.6", months=0, annual_rate="0.06", lawyer=8000, insurance=300,
                         preserve=100000, offer=60000)
    # out: 2300 + 1020 + 300 + 8000; back: 0.9 x (60000 + 2300 + 1020 x 0.6)
    assert case.outlay == 11620 and case.expected_inflow == Decimal("56620.8")
    assert case.value == Decimal("45000.8") and case.difference == Decimal("-14999.2")
    assert case.break_even_offer == case.value
    borne = suing.compare(100000, p_win="0.9", recovery="0.6", months=0, annual_rate="0.06", lawyer=8000,
                          lawyer_agreed=True)
    assert borne.expected_inflow == Decimal("0.9") * (60000 + 2300 + 4800)


def test_time_costs_and_broken_offers():
    year = suing.compare(100000, p_win=1, recovery=1, months=12, annual_rate="0.1", offer=110000, offer_months=12,
                         p_kept="0.5")
    assert year.present_inflow == (100000 + 2300) / Decimal("1.1") and abs(year.offer - 50000) < Decimal("1e-9")
    hopeless = suing.compare(1000, p_win="0.1", recovery="0.1", months=12, annual_rate="0.1", lawyer=5000)
    assert hopeless.value < 0 and hopeless.break_even_offer == 0 and hopeless.difference is None


@pytest.mark.parametrize("arguments, says", [(dict(p_win=90), "小数"), (dict(recovery=-1), "小数"),
                                             (dict(months=-1), "负数"), (dict(claim="多"), "不是数")])
def test_bad_prospects_say_what_to_do(arguments, says):
    with pytest.raises(ValueError, match=says):
        suing.compare(**{"claim": 1000, "p_win": 1, "recovery": 1, "months": 6, "annual_rate": "0.05"} | arguments)


share = st.decimals(min_value=0, max_value=1, places=2)


@given(share, share, share)
def test_a_better_chance_is_never_worth_less(low, high, recovery):
    low, high = sorted((low, high))
    facts = dict(claim=50000, recovery=recovery, months=9, annual_rate="0.06")
    assert suing.compare(p_win=low, **facts).value <= suing.compare(p_win=high, **facts).value
