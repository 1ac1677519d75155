"""The law pack itself, and what every result must carry."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import yaml

from receivables import paths
from receivables.content import ContentError, load
from receivables.law import LawUnknown, clauses, clocks, fees, interest, limitation, lpr, parameters, routes, sme, suing
from receivables.law.limitation import Interruption
from receivables.law.parameters import Entry, all_parameters, documents, get, renumber

RESULTS = {
    "acceptance": lambda **k: fees.acceptance(1000, **k),
    "halved": lambda **k: fees.acceptance(1000, halved=True, **k),
    "payment_order": lambda **k: fees.payment_order(1000, **k),
    "preservation": lambda **k: fees.preservation(1000, **k),
    "enforcement": lambda **k: fees.enforcement(1000, **k),
    "bankruptcy": lambda **k: fees.bankruptcy(1000, **k),
    "expiry": lambda **k: limitation.expiry("2023-03-10", [Interruption("2024-01-01", "lawsuit")], **k),
    "enforcement_expiry": lambda **k: limitation.enforcement_expiry("2025-03-10", **k),
    "start": lambda **k: limitation.start(delivered="2025-03-10", **k),
    "late_payment": lambda **k: interest.late_payment(1000, "2025-03-10", "2025-04-10", **k),
    "doubled": lambda **k: interest.doubled(1000, "2025-03-10", "2025-04-10", **k),
    "excess": lambda **k: interest.excess(1000, proven_loss=500, **k),
    "appropriate": lambda **k: interest.appropriate(10, [interest.Debt("A", principal=100)], **k),
    "due_date": lambda **k: sme.due_date("2025-07-10", **k),
    "covered": lambda **k: sme.covered("large", "small", **k),
    "agreed_floor": lambda **k: sme.agreed_floor("0.03", "2025-07-10", **k),
    "back_to_back": lambda **k: sme.back_to_back("large", "small", "2025-07-10", **k),
    "complaint": lambda **k: sme.complaint("2025-07-10", **k),
    "suing": lambda **k: suing.compare(1000, p_win=1, recovery=1, months=6, annual_rate="0.05", **k),
    "route": lambda **k: routes.walk(dict.fromkeys(routes.tree().questions, False), **k),
    "timeline": lambda **k: clocks.timeline("lawsuit", "2025-07-10", **k),
    "guarantee": lambda **k: clocks.guarantee("2025-07-10", **k),
    "preserved": lambda **k: clocks.preservation("2025-07-10", **k),
    "bill": lambda **k: clocks.bill_rights("2025-07-10", refused="2025-07-12", **k),
    "presentment": lambda **k: clocks.bill_presentment("2025-07-10", **k),
    "clauses": lambda **k: clauses.check("三十日内付清货款。", **k),
}


@pytest.mark.parametrize("name", RESULTS)
def test_no_result_lacks_citation_and_as_of(name):
    plain = RESULTS[name]()
    assert hasattr(plain, "value") or (hasattr(plain, "low") and hasattr(plain, "high"))
    assert plain.citation and isinstance(plain.effective_from, date)
    assert plain.confidence in parameters.CONFIDENCE
    assert f"截至 {plain.as_of}" in plain.text and "非法律意见" in plain.text and "依据：" in plain.text
    assert plain.as_of == plain.known_through and not plain.stale
    assert str(plain) == plain.text


@pytest.mark.parametrize("name", RESULTS)
def test_asked_past_what_was_checked_a_result_refuses_and_a_clock_says_so(name):
    known = RESULTS[name]().known_through
    assert RESULTS[name](as_of=known).as_of == known
    later = known + timedelta(days=1)
    if type(RESULTS[name]()).runs_on:
        asked = RESULTS[name](as_of=later)
        assert asked.as_of == later and asked.stale and f"法律只核到 {known}" in asked.text
    else:
        with pytest.raises(LawUnknown, match="请律师核对"):
            RESULTS[name](as_of=later)


def test_only_the_limitation_clock_runs_on():
    assert {name for name in RESULTS if type(RESULTS[name]()).runs_on} == {"expiry", "enforcement_expiry"}


@pytest.mark.parametrize("name", RESULTS)
def test_memory_prints_unverified(name):
    result = RESULTS[name]()
    assert ("可信度：未核实" in result.text) is (result.confidence == "memory")


def test_one_recalled_parameter_makes_the_whole_result_unverified():
    old = limitation.expiry("2018-05-01")
    assert old.confidence == "memory" and "可信度：未核实（普通诉讼时效（民法总则时期））" in old.text


def test_a_rate_is_a_decimal_and_a_result():
    rate = lpr.rate("2026-03-02")
    assert rate * 2 == Decimal("0.06") and isinstance(rate, Decimal)
    assert "截至 2026-03-02" in rate.text and "非法律意见" in rate.text and rate.citation


def test_every_parameter_of_the_research_is_there():
    values = {
        "limitation.general_years": 3, "limitation.max_years": 20, "limitation.suspension_window_months": 6,
        "limitation.suspension_tail_months": 6, "enforcement.limitation_years": 2,
        "interest.sme_unagreed_daily": "0.0005",
        "interest.penalty_excess_ratio": "0.30", "interest.private_lending_cap": 4,
        "interest.doubled_daily": "0.000175",
        "interest.deposit_cap": "0.20", "sme.government_default_days": 30, "sme.government_max_days": 60,
        "sme.large_default_days": 60, "sme.receivable_confirm_days": 30, "sme.complaint_forward_workdays": 10,
        "sme.complaint_handle_days": 30, "sme.complaint_max_days": 90, "fees.bankruptcy_cap": 300000,
        "payment_order.accept_days": 5, "payment_order.issue_days": 15, "payment_order.debtor_days": 15,
        "payment_order.service_fail_days": 30, "payment_order.opt_out_days": 7, "small_claims.mandatory_ratio": "0.5",
        "small_claims.agreed_ratio": 2, "small_claims.months": 2, "procedure.simple_months": 3,
        "procedure.ordinary_months": 6, "procedure.appeal_days": 15, "procedure.filing_days": 7,
        "procedure.judicial_confirm_days": 30, "preservation.pre_suit_days": 30, "preservation.urgent_hours": 48,
        "preservation.security_in_suit": "0.30", "preservation.security_pre_suit": 1, "preservation.deposit_years": 1,
        "preservation.movable_years": 2, "preservation.other_years": 3, "preservation.renew_before_days": 7,
        "arbitration.set_aside_months": 3, "enforcement.dishonest_years": 2, "criminal.contract_fraud": 20000,
        "criminal.false_litigation_loss": 1000000, "criminal.false_litigation_gain": 100000,
        "guarantee.default_months": 6, "retention_of_title.paid_ratio": "0.75", "retention_of_title.register_days": 10,
        "instalment_sale.min": 3, "instalment_sale.accelerate_ratio": "0.20", "revocation.known_years": 1,
        "revocation.act_years": 5, "revocation.low_price": "0.70", "revocation.high_price": "1.30",
        "construction.priority_months": 18, "bill.present_days": 10, "bill.acceptor_years": 2,
        "bill.recourse_months": 6,
        "bill.re_recourse_months": 3, "bill.notice_days": 3, "bill.max_tenor_months": 6,
        "certificate.principle_months": 6, "certificate.max_months": 12, "company.contribution_years": 5,
        "insolvency.claim_min_days": 30, "insolvency.claim_max_months": 3, "insolvency.preference_months": 6,
        "insolvency.voidable_years": 1, "conduct.contact_from": 8, "conduct.contact_until": 22,
        "conduct.pipl_fine": 1000000, "conduct.pipl_fine_serious": 50000000, "conduct.pipl_fine_revenue": "0.05",
        "tax.bad_debt_years": 3, "tax.small_amount_years": 1, "tax.small_amount_single": 50000,
        "tax.small_amount_revenue": "0.0001",
    }
    assert {id: get(id).value for id in values} == {id: Decimal(value) for id, value in values.items()}
    assert (get("criminal.extortion").low, get("criminal.extortion").high) == (2000, 5000)


def test_the_published_lpr_changes():
    table = lpr.series()["lpr"]
    assert len(table.changes) == 15 and table.known_through == date(2026, 9, 30)
    assert lpr.rate("2022-05-19", term="5Y") == Decimal("0.046")
    assert lpr.rate("2022-05-20", term="5Y") == Decimal("0.0445")


def test_a_parameter_is_as_sure_as_its_weakest_document():
    source = [parameters.Source(document=name, article="") for name in ("civil_code", "court_answers_20")]
    both = parameters.complete(Entry(id="x.y", name="试", unit="days", value=3, source=source), documents())
    assert both.confidence == "secondary" and both.known_through == date(2026, 3, 17)
    assert both.effective_from == date(2021, 1, 1)


def test_contact_hours_are_house_policy_not_law():
    assert get("conduct.contact_from").documents[0].kind == "house"


def test_asking_past_what_was_checked_raises():
    assert parameters.at("fees.acceptance", date(2026, 3, 17)).tiers
    with pytest.raises(LawUnknown, match="只核到 2026-03-17"):
        parameters.at("fees.acceptance", date(2026, 3, 18))
    assert parameters.at("limitation.general_years", date(2016, 1, 1)).whole == 2  # ended, and stays known
    with pytest.raises(LawUnknown, match="最早"):
        get("fees.acceptance", date(2007, 3, 31))


def test_versions_meet_without_gap_or_overlap():
    assert get("sme.government_default_days", date(2025, 5, 31)).documents[0].id == "sme_2020"
    assert get("sme.government_default_days", date(2025, 6, 1)).documents[0].id == "sme_2025"


def test_article_numbers_old_and_new():
    for old in (229, 253, 260, 264):
        assert renumber("民事诉讼法", old) == 264
    assert renumber("民事诉讼法", 250, on=date(2015, 1, 1)) == 239
    assert renumber("保障中小企业款项支付条例", 15) == 17
    with pytest.raises(ValueError, match="articles.yaml"):
        renumber("民事诉讼法", 1)


def test_every_document_is_cited_and_every_rule_exists():
    cited = {src.document for parameter in all_parameters() for src in parameter.source}
    cited |= {series.document for series in lpr.series().values()}
    cited |= {src.document for kind in limitation.grounds().values() for one in kind.values() for src in one.source}
    assert cited == set(documents())


@pytest.mark.parametrize("broken, says", [
    ({"value": None}, "exactly one"), ({"text": "又一句"}, "exactly one"), ({"unit": "moons"}, "Input should be"),
    ({"source": []}, "at least 1"), ({"effective_to": "2000-01-01", "effective_from": "2001-01-01"}, "after"),
    ({"value": None, "low": 3, "high": 2}, "low first"), ({"guess": 1}, "Extra inputs"),
    ({"value": None, "tiers": [{"upto": 5, "rate": 0.1}]}, "tiers rise"),
])
def test_a_broken_parameter_names_file_and_line(tmp_path, broken, says):
    source = [{"document": "civil_code", "article": "第1条"}]
    good = {"id": "x.y", "name": "试", "unit": "days", "value": 3, "source": source}
    entry = {k: v for k, v in (good | broken).items() if v is not None}
    file = tmp_path / "x.yaml"
    file.write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match=rf"x.yaml: line \d+.*{says}"):
        load(file, list[Entry])


def test_data_files_are_where_the_wheel_takes_them():
    assert paths.data("law", "lpr.yaml").is_file()
