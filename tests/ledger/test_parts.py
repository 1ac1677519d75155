"""Amounts, dates and headers one by one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables.ledger.amounts import read_amounts
from receivables.ledger.dates import read_dates
from receivables.ledger.headers import ROLES, headers, plain
from receivables.ledger.schema import TABLES

FEN = st.integers(-(10**13), 10**13)


def amounts(*texts, **options):
    return read_amounts(pd.Series(texts, dtype=object), **options)


@given(st.lists(FEN, min_size=1, max_size=5))
def test_no_fen_is_lost_however_an_amount_is_written(fen):
    def forms(value):
        sign, whole, rest = "-" if value < 0 else "", abs(value) // 100, abs(value) % 100
        yield f"{sign}{whole}.{rest:02d}"
        yield f"{sign}{whole:,}.{rest:02d}"
        yield f"¥ {sign}{whole:,}.{rest:02d}"
        yield f"({whole}.{rest:02d})" if value < 0 else f"{whole}.{rest:02d}"
        yield f"{whole}.{rest:02d}{sign}"
        yield f"{sign}{whole}.{rest:02d}".translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))

    for written in zip(*map(forms, fen), strict=True):
        minor, missing, wrong, rounded = amounts(*written)
        assert (minor.tolist(), missing.any(), wrong, rounded) == (fen, False, {}, [])
    german = [text.translate(str.maketrans(",.", ".,")) for text in (f"{value / 100:,.2f}" for value in fen)]
    if all(abs(value) < 10**12 for value in fen):
        assert amounts(*german)[0].tolist() == fen


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1.234", "5.678"], "may be thousands or three decimals"),
        (["1.230", "2.450"], "may be thousands or three decimals"),
        (["12.5", "12,5"], "separators in odd places"),
        (["1,23,456,7"], "not an amount"),
        (["=1+1"], "a formula"),
        (["inf"], "not an amount"),
        (["1e9"], "not an amount"),
        (["12%"], "not an amount"),
        (["9" * 20], "too large"),
        (["1.2万"], "not an amount"),
    ],
)
def test_what_is_no_plain_amount_is_named(texts, expected):
    assert any(expected in what for what in amounts(*texts)[2].values())


def test_third_decimals_are_rounded_and_reported_and_floats_forgiven():
    minor, _, wrong, rounded = amounts("1.005", "2.5", "3.14159", "55.940000000000005")
    assert (minor.tolist(), wrong, rounded) == ([100, 250, 314, 5594], {}, [0, 2])
    assert amounts("1.5", "-", scale=10_000)[0].tolist() == [1_500_000, 0]


def test_dates_in_all_their_dresses():
    texts = [
        "2013-01-02",
        "2013/1/2",
        "2013.1.2",
        "2013年1月2日",
        "20130102",
        "20130102.0",
        "41276",
        "41276.75",
        "2-Jan-2013",
        "Jan 2, 2013",
        "2013-01-02T10:00:00Z",
        "2013-01-02 14:45:34.083 UTC",
        "２０１３年１月２日",
    ]
    days = read_dates({"d": pd.Series(texts, dtype=object)}).days["d"]
    assert set(days) == {np.datetime64("2013-01-02")}


@pytest.mark.parametrize(
    "text", ["2013-02-29", "31/04/2013", "2013-13-01", "1.2.13", "yesterday", "1899-12-31", "2013年1月"]
)
def test_days_that_do_not_exist_are_named(text):
    read = read_dates({"d": pd.Series([text, "13/12/2013"], dtype=object)})
    assert list(read.wrong["d"]) == [0] and np.isnat(read.days["d"][0])


@pytest.mark.parametrize("text", ["", "0", "00000000", "9999-12-31", "NULL", "-"])
def test_no_date_is_no_date(text):
    read = read_dates({"d": pd.Series([text], dtype=object)})
    assert np.isnat(read.days["d"][0]) and not read.wrong["d"]


@given(st.lists(st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2050-01-01").date()), min_size=1, max_size=8))
def test_the_order_is_found_or_asked_for_but_never_wrong(dates):
    for order, style in (("DMY", "{0.day}/{0.month}/{0.year}"), ("MDY", "{0.month}/{0.day}/{0.year}")):
        texts = pd.Series([style.format(date) for date in dates], dtype=object)
        told = read_dates({"d": texts}, order).days["d"]
        assert told.tolist() == dates
        found = read_dates({"d": texts})
        assert found.ambiguous or found.days["d"].tolist() == dates
        assert bool(found.ambiguous) == all(date.day <= 12 for date in dates)


def test_a_column_without_evidence_takes_the_order_of_the_others():
    read = read_dates({"a": pd.Series(["1/2/2013"], dtype=object), "b": pd.Series(["13/2/2013"], dtype=object)})
    assert read.days["a"][0] == np.datetime64("2013-02-01")


def test_no_name_stands_for_two_roles():
    roles = {}
    for role, names in headers().roles.items():
        for name in names:
            roles.setdefault(plain(name), set()).add(role)
    assert not {name: found for name, found in roles.items() if len(found) > 1}
    assert not set(roles) & headers().plain_ignored
    assert set(headers().roles) <= set(ROLES)


def test_every_reference_of_the_schema_leads_somewhere():
    for table in TABLES.values():
        table.schema.validate(table.empty())
        assert len(set(table.columns)) == len(table.columns) and table.fields[0].required
        assert all(field.refers in TABLES for field in table.fields if field.refers)
        assert all(field.zh and field.en for field in table.fields)
