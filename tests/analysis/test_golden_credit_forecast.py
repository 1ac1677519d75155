"""Published answers for credit scoring, payment pattern and time to pay, and prints that are wrong."""

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from receivables.analysis import credit, forecast
from receivables.analysis.time_to_pay import curve

GOLDEN = {"W09", "W15", "T04"}

# Freireich et al., Blood 21 (1963) 699-716, 6-MP arm: weeks in remission, True = relapse.
# In every survival textbook; data recalled, values also reproduced by other packages.
FREIREICH = [(6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0),
             (19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]


def test_w09_payment_pattern():
    """中级会计资格《财务管理》例7-9 (also in CGMA-type texts), seen in two copies."""
    sales, pattern = [250_000, 300_000, 400_000, 500_000], [0.05, 0.40, 0.35, 0.20]
    assert forecast.collections(sales, pattern) == pytest.approx(340_000, abs=1e-6)
    assert forecast.closing_receivable(sales[:3], pattern) == pytest.approx(595_000, abs=1e-6)
    months = forecast.monthly_collections(sales, pattern)
    assert months["collections"].iat[3] == pytest.approx(340_000) and months["closing"].iat[2] == pytest.approx(595_000)


def test_w15_kaplan_meier():
    days, event = (np.array(column) for column in zip(*FREIREICH, strict=True))
    line = curve(days, event == 1)
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert line.at(list(published)) == pytest.approx(list(published.values()), abs=0.0006)
    assert line.median == 23
    # against scipy, and the risk sets written here against both
    bare = ecdf(CensoredData(uncensored=days[event == 1], right=days[event == 0])).sf
    np.testing.assert_allclose(line.unpaid, bare.probabilities, rtol=1e-12)
    np.testing.assert_allclose(curve(days, event == 1, weights=np.ones(21)).unpaid, bare.probabilities, rtol=1e-12)
    # Greenwood's standard error at week 23, as textbooks print it: 0.1346
    band = bare.confidence_interval(0.95, method="linear")
    half = (band.high.probabilities - bare.probabilities) / 1.959964
    assert half[line.days.tolist().index(23)] == pytest.approx(0.1346, abs=1e-4)


def test_t04_altman_without_sales_is_refused_and_the_print_is_a_constant():
    """A printed answer of 2.062 for wc 5100, re 16900, ebit 8800, equity 27000, tl 66000, ta 72000."""
    figures = {"working_capital": 5100, "retained_earnings": 16900, "ebit": 8800, "equity": 27000,
               "total_liabilities": 66000, "total_assets": 72000}
    with pytest.raises(ValueError, match="needs x5"):
        credit.altman_from_statements(**figures, model="Z")
    with pytest.raises(ValueError, match="check the statements"):  # 27,000 + 66,000 is not 72,000
        credit.altman_from_statements(**figures, model="Z'")
    ratios = (5100 / 72000, 16900 / 72000, 8800 / 72000, 27000 / 66000)
    without_turnover = credit.altman(*ratios, 0.0)
    assert without_turnover + 1.0 == pytest.approx(2.062, abs=0.001)  # what was printed
    # the score follows sales, which the print ignores
    assert credit.altman(*ratios, 1.5) - credit.altman(*ratios, 0.5) == pytest.approx(0.999)


def test_altman_arithmetic_of_each_model():
    """Coefficients: Altman 1968, 1983; Z'' without and with the constant of 1995. By hand on one set of ratios."""
    ratios = (0.1, 0.2, 0.05, 0.8)
    assert credit.altman(*ratios, 1.2) == pytest.approx(0.12 + 0.28 + 0.165 + 0.48 + 1.1988)
    assert credit.altman(*ratios, 1.2, model="Z'") == pytest.approx(0.0717 + 0.1694 + 0.15535 + 0.336 + 1.1976)
    assert credit.altman(*ratios, model="Z''") == pytest.approx(0.656 + 0.652 + 0.336 + 0.84)
    assert credit.altman(*ratios, model="Z''", emerging=True) == pytest.approx(2.484 + 3.25)


def test_peer_errors_in_z_double_prime():
    """One page gives Z'' the coefficients of Z; another reads Z'' with the cut-offs of Z' (metrics: peers)."""
    ratios = (0.1, 0.2, 0.05, 0.8)
    assert credit.altman(*ratios, model="Z''") != pytest.approx(1.2 * 0.1 + 1.4 * 0.2 + 3.3 * 0.05 + 0.6 * 0.8)
    assert credit.altman_zone(2.7, model="Z''") == "safe" and credit.altman_zone(2.7, model="Z'") == "grey"


def test_golden_ids_are_covered_here():
    assert {name for name in GOLDEN if any(f"test_{name.lower()}_" in test for test in globals())} == GOLDEN
