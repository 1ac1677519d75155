"""The payment regulation: due dates, versions, coverage, floor, back-to-back, complaints."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables import Undefined
from receivables.law import LawUnknown, sme


def test_worked_due_dates():
    due = sme.due_date("2026-03-02", debtor="large")
    assert due.value == date(2026, 5, 1) and due.last_day == date(2026, 5, 6)
    assert "未核实" in due.text  # the roll is an inference
    assert sme.due_date("2026-03-02", debtor="government").value == date(2026, 4, 1)
    capped = sme.due_date("2026-03-02", debtor="government", agreed_days=90)
    assert capped.value == date(2026, 5, 1) and "超过上限" in capped.text
    assert sme.due_date("2026-03-02", debtor="government", agreed_days=45).value == date(2026, 4, 16)
    long = sme.due_date("2026-03-02", debtor="large", agreed_days=90)
    assert long.value == date(2026, 5, 31) and long.needs_judgement and "合理" in long.text


@pytest.mark.parametrize("kind, article", [("delivery", "第9条"), ("acceptance", "第10条"), ("settlement", "第4款"),
                                           ("deemed_acceptance", "第10条")])
def test_four_kinds_of_start(kind, article):
    due = sme.due_date("2026-03-02", start_kind=kind)
    assert due.value == date(2026, 5, 1)
    assert any(p.id == f"sme.start_{kind}" and article in p.citation for p in due.basis)


def test_contracts_of_31_may_and_1_june_2025():
    before = sme.due_date("2025-07-01", contract_date="2025-05-31")
    assert before.needs_judgement and [r.due for r in before.readings] == [None, date(2025, 8, 30)]
    with pytest.raises(Undefined, match="没有默认期限"):
        _ = before.value
    after = sme.due_date("2025-07-01", contract_date="2025-06-01")
    assert after.value == date(2025, 8, 30) and not after.needs_judgement
    # Delivered before the change: the old version alone.
    old = sme.due_date("2025-05-31", contract_date="2025-05-31", debtor="government")
    assert len(old.readings) == 1 and "第8条" in old.citation
    # Where both versions say the same there is a date, and still a person decides which governs.
    both = sme.due_date("2025-07-01", contract_date="2025-05-31", debtor="government")
    assert both.value == date(2025, 7, 31) and both.needs_judgement
    agreed = sme.due_date("2025-07-01", contract_date="2025-05-31", agreed_days=45)
    assert agreed.value == date(2025, 8, 15) and agreed.needs_judgement


def test_a_missing_contract_date_is_said():
    assert "没给合同订立日" in sme.due_date("2026-03-02").text
    assert "没给合同订立日" not in sme.due_date("2026-03-02", contract_date="2026-01-02").text


@pytest.mark.parametrize("debtor, creditor, applies", [
    ("government", "micro", True), ("large", "medium", True), ("sme", "small", False), ("individual", "small", False),
    ("large", "large", False), ("large", "individual", False),
])
def test_coverage(debtor, creditor, applies):
    assert sme.covered(debtor, creditor).value is applies
    if not applies:
        with pytest.raises(Undefined, match="不适用"):
            sme.due_date("2026-03-02", debtor=debtor, creditor=creditor)


def test_sizes_are_not_guessed():
    with pytest.raises(Undefined, match="自测平台"):
        sme.due_date("2026-03-02", creditor=None)
    with pytest.raises(Undefined, match="付款方"):
        sme.covered(None, "small")


@pytest.mark.parametrize("arguments, says", [
    (dict(start="soon"), "2026-03-02"), (dict(start_kind="signing"), "settlement"), (dict(debtor="huge"), "government"),
    (dict(agreed_days=-1), "天数"), (dict(agreed_days=30.5), "天数"), (dict(contract_date="2026-04-01"), "晚于"),
])
def test_bad_input_says_what_to_do(arguments, says):
    with pytest.raises(ValueError, match=says):
        sme.due_date(**{"start": "2026-03-02"} | arguments)


def test_older_than_the_first_version():
    with pytest.raises(LawUnknown, match="2020-09-01"):
        sme.due_date("2020-08-31")


def test_the_floor_is_the_lpr_at_contract_date():
    assert sme.agreed_floor("0.031", "2025-05-19").met
    low = sme.agreed_floor("0.0309", "2025-05-19")
    assert not low.met and "第15条" in low.citation and "条例没有写" in low.text
    assert "第17条" in sme.agreed_floor("0.03", "2025-06-01").citation
    with pytest.raises(Undefined, match="不适用"):
        sme.agreed_floor("0.03", "2025-06-01", debtor="sme")


def test_back_to_back():
    assert sme.back_to_back("large", "small", "2025-07-01").value
    assert "人判断" in sme.back_to_back("large", "small", "2025-05-31").text
    assert not sme.back_to_back("sme", "small", "2025-07-01").value
    assert not sme.back_to_back("government", "small", "2025-07-01").value


def test_complaint_days():
    days = sme.complaint("2026-09-28")
    # 29 and 30 September, then 8 October on: the holiday week is off, Saturday 10 October is worked
    assert days.forwarded_by == date(2026, 10, 16)
    assert (days.handled_by, days.value) == (date(2026, 10, 28), date(2026, 12, 27))


@given(st.dates(date(2025, 6, 1), date(2026, 6, 1)), st.integers(0, 400), st.sampled_from(["government", "large"]))
def test_due_dates_stay_within_the_law(start, agreed, debtor):
    due = sme.due_date(start, debtor=debtor, agreed_days=agreed)
    days = (due.value - start).days
    assert days == (min(agreed, 60) if debtor == "government" else agreed)
    assert due.alert_date <= due.last_day
