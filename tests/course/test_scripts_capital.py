"""Amounts in Chinese capitals: the regulation's own examples, and reading them back."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from receivables.course.scripts.capital import capital

GOLDEN = yaml.safe_load(Path(__file__).parents[1].joinpath("golden", "capital_amounts.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("amount,written", [*GOLDEN["published"].items(), *GOLDEN["by_rule"].items()])
def test_as_the_regulation_writes_it(amount, written):
    assert capital(amount) == written


def read_back(text: str) -> int:
    """Fen from capitals, by a way of its own: units as in speech."""
    digits, units = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = fen = 0
    for c in text.removeprefix("人民币").removesuffix("整"):
        if c in digits:
            digit = digits.index(c)
        elif c in units:
            section, digit = section + digit * units[c], 0
        elif c in "万亿":
            total, section, digit = total + (section + digit) * (10**4 if c == "万" else 10**8), 0, 0
        elif c == "元":
            total, section, digit = total + section + digit, 0, 0
        elif c in "角分":
            fen, digit = fen + digit * (10 if c == "角" else 1), 0
    return total * 100 + fen


@given(st.integers(0, 10**14 - 1))
def test_reads_back_to_the_fen(fen):
    written = capital(Decimal(fen).scaleb(-2))
    assert read_back(written) == fen
    assert "零零" not in written and not written.endswith("零")


@pytest.mark.parametrize("wrong", [1.5, "0.001", "1e12", "NaN", True])
def test_what_is_not_exact_is_refused(wrong):
    with pytest.raises(ValueError):
        capital(wrong)
