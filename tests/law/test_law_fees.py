"""Court fees: the worked figures, the edges of the tiers, and what must hold for every claim."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from receivables.law import fees

GOLDEN = yaml.safe_load((Path(__file__).parents[1] / "golden" / "law.yaml").read_text(encoding="utf-8"))
TARIFFS = [fees.acceptance, fees.payment_order, fees.preservation, fees.enforcement]
claims = st.decimals(min_value=0, max_value=Decimal("1e9"), places=2)


@pytest.mark.parametrize("claim", GOLDEN["fees"]["rows"])
def test_worked_figures_to_the_last_digit(claim):
    accepted, halved, order, frozen, enforced = map(Decimal, GOLDEN["fees"]["rows"][claim])
    assert fees.acceptance(claim).value == accepted
    assert fees.acceptance(claim, halved=True).value == halved
    assert fees.preservation(claim).value == frozen
    assert fees.enforcement(claim).value == enforced
    # The table is to the fen; the function is not rounded at all.
    assert fees.payment_order(claim).value == accepted / 3
    assert abs(fees.payment_order(claim).value - order) <= Decimal("0.005")


@pytest.mark.parametrize("upper, rate, constant", GOLDEN["quick_formula"]["rows"])
def test_the_quick_formula_agrees_at_both_ends_of_its_tier(upper, rate, constant):
    limits = ["10000"] + [row[0] for row in GOLDEN["quick_formula"]["rows"]]
    lower = limits[limits.index(upper) - 1]
    for claim in (Decimal(upper), Decimal(lower) + Decimal("0.01")):
        assert fees.acceptance(claim).value == Decimal(rate) * claim + Decimal(constant)


def test_edges_belong_to_the_lower_tier():
    fen = Decimal("0.01")
    assert fees.acceptance(10000).value == 50
    assert fees.acceptance(10000 + fen).value == 50 + fen * Decimal("0.025")
    assert fees.enforcement(10000 + fen).value == 50 + fen * Decimal("0.015")
    assert fees.preservation(1000).value == 30
    assert fees.preservation(1000 + fen).value == 30 + fen * Decimal("0.01")


def test_preservation_reaches_its_cap_at_896000():
    assert fees.preservation(Decimal("895999.99")).value < 5000
    assert fees.preservation(896000).value == 5000
    assert fees.preservation(Decimal("1e9")).value == 5000


def test_several_reasons_halve_once():
    once = fees.acceptance(1000000, halved="simplified").value
    assert once == 6900
    assert fees.acceptance(1000000, halved=("simplified", "mediated", "withdrawn")).value == once
    assert "只减半一次" in fees.acceptance(1000000, halved=["simplified", "mediated"]).text


def test_bankruptcy_fee_is_capped():
    assert fees.bankruptcy(1000000).value == 6900
    assert fees.bankruptcy(Decimal("1e9")).value == 300000


@given(claims, claims)
def test_fees_never_fall_when_the_claim_rises(one, other):
    low, high = sorted((one, other))
    for tariff in TARIFFS:
        assert tariff(low).value <= tariff(high).value


@pytest.mark.parametrize("tariff, edges", [
    (fees.acceptance, [10000, 100000, 200000, 500000, 1000000, 2000000, 5000000, 10000000, 20000000]),
    (fees.preservation, [1000, 100000, 896000]),
    (fees.enforcement, [10000, 500000, 5000000, 10000000]),
])
@given(step=st.decimals(min_value="0.000001", max_value="0.01", places=6))
def test_fees_are_continuous_at_every_edge(tariff, edges, step):
    for edge in edges:
        rise = tariff(edge + step).value - tariff(edge).value
        assert 0 <= rise <= step * Decimal("0.025")
        assert 0 <= tariff(edge).value - tariff(edge - step).value <= step * Decimal("0.025")


@pytest.mark.parametrize("bad, says", [(-1, "负数"), ("一万", "不是数"), (float("nan"), "有限"), (None, "不是数"),
                                       (True, "不是数"), (float("inf"), "有限")])
def test_bad_amounts_say_what_to_do(bad, says):
    for tariff in TARIFFS:
        with pytest.raises(ValueError, match=says):
            tariff(bad)


@pytest.mark.parametrize("bad", ["quarter", ("simplified", "luck"), ()])
def test_an_unknown_reason_to_halve_is_refused(bad):
    with pytest.raises(ValueError, match="simplified"):
        fees.acceptance(1000, halved=bad)
