"""Allowance against published answers."""

import pytest

from receivables.analysis import allowance

GOLDEN = {"W01", "W07"}


def test_provision_matrix_of_ifrs_9_and_cas_22(example):
    case = example("W01")
    result = allowance.provision_matrix(case["inputs"]["gross"], case["inputs"]["rate"])
    assert result.by_bucket.tolist() == pytest.approx(case["published"]["ecl"], abs=case["tol"])
    assert result.total == pytest.approx(case["published"]["total"], abs=case["tol"])


def test_percentage_of_sales_and_of_receivables(example):
    case = example("W07")
    given = case["inputs"]
    sales_form = allowance.percent_of_sales(given["sales"], given["rate"])
    assert sales_form == pytest.approx(case["published"]["income_statement"], abs=case["tol"])
    required = allowance.percent_of_receivables(given["ar"], given["ar_rate"])
    assert required == pytest.approx(32_958, abs=case["tol"])
    assert allowance.entry(required=required, existing=-given["dr"]) == pytest.approx(53_508, abs=case["tol"])
    assert allowance.entry(required=required, existing=given["cr"]) == pytest.approx(15_528, abs=case["tol"])


def test_payment_profile_of_the_ifrs_example():
    # faqifrs: 15,000 / 7,500 / 4,000 / 2,500 at 0.5 / 2.2 / 2.7 / 4.5 % = 75 / 165 / 108 / 112.5 (printed 112)
    result = allowance.provision_matrix([15_000, 7_500, 4_000, 2_500], [0.005, 0.022, 0.027, 0.045])
    assert result.by_bucket.tolist() == pytest.approx([75, 165, 108, 112.5])


def test_aging_method_of_the_stine_company():
    # Kieso family: month of invoice, rates 3 / 5 / 25 / 52 %; 9,888 required (arithmetic on inputs seen), less a
    # credit balance of 3,900 = 5,988
    result = allowance.provision_matrix([68_800, 14_700, 11_300, 8_200], [0.03, 0.05, 0.25, 0.52])
    assert result.by_bucket.tolist() == pytest.approx([2_064, 735, 2_825, 4_264])
    assert allowance.entry(required=result.total, existing=3_900) == pytest.approx(5_988)
