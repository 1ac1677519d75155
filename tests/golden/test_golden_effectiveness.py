"""Collection performance against published answers, right and wrong."""

from datetime import date

import pytest

from receivables.analysis import effectiveness

GOLDEN = {"W12", "T02", "T05", "T07"}


def test_cei_as_published_and_as_it_should_be(example):
    case = example("W12")
    given = case["inputs"]
    figures = dict(opening=given["begin"], sales=given["sales_total"], closing=given["end"],
                   closing_current=given["end_current"])
    published = effectiveness.cei(**figures, periods=given["N"])
    assert published * 100 == pytest.approx(case["published"]["cei"], abs=case["tol"])
    # The printed value divides a quarter's sales by 3 beside balances that span the quarter.
    assert effectiveness.cei(**figures) == pytest.approx(0.796, abs=0.0005)


def test_cei_where_the_printed_table_follows_neither_its_formula_nor_the_standard_one(example):
    case = example("T02")
    for (opening, sales, closing, overdue), printed, own in zip(
            case["inputs"]["rows"], case["published"]["printed"], case["published"]["by_its_own_formula"], strict=True):
        # "its own formula" subtracts what is overdue where the current part belongs
        by_its_own = effectiveness.cei(opening=opening, sales=sales, closing=closing, closing_current=overdue)
        assert by_its_own * 100 == pytest.approx(own, abs=case["tol"])
        right = effectiveness.cei(opening=opening, sales=sales, closing=closing, closing_current=closing - overdue)
        assert right == pytest.approx((opening + sales - closing) / (opening + sales - closing + overdue))
        assert abs(right * 100 - printed) > case["tol"] and abs(by_its_own * 100 - printed) > case["tol"]


def test_days_beyond_terms_where_the_print_takes_days_of_the_month(example):
    case = example("T05")

    def day(text):
        return date(2025, *map(int, text.split("-")))

    late = [(day(paid) - day(due)).days
            for due, paid in zip(case["inputs"]["due"], case["inputs"]["paid"], strict=True)]
    assert late == [36, 37]
    right = effectiveness.days_beyond_terms(case["inputs"]["amount"], late)
    assert right == case["published"]["correct"] != case["published"]["printed"]


def test_share_paid_late_is_not_printed_upside_down(example):
    # T07: the manual prints invoice amount / amount paid late, which cannot be below 1
    assert "inverted" in example("T07")["note"]
    result = effectiveness.paid_late_share([60_000, 40_000], [0, 12])
    assert result.by_amount == pytest.approx(0.4)
    assert result.by_amount != pytest.approx(100_000 / 40_000)


def test_credit_guides_one_year_form():
    # Gaviti: 100,000 + 1,000,000 - 120,000 over the same less 100,000 current; the printed result was cut off
    # in the copy read, 98.0 % is arithmetic.
    assert effectiveness.cei(opening=100_000, sales=1_000_000, closing=120_000,
                             closing_current=100_000) == pytest.approx(0.98)
