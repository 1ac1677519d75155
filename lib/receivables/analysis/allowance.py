"""Loss allowance (坏账准备): what will probably not come in, and how to book it.

Order of work under 企业会计准则第22号 (CAS 22, 2017): single debts first (单项计提), the rest by pools with a
provision matrix; 商业承兑汇票 and contract assets (合同资产, 如质保金) are pools of their own. Credit balances are
contract liabilities (合同负债) and never reduce a bucket. Small enterprises (小企业会计准则 第10条) book no
allowance at all. Whatever is charged here is not yet deductible for income tax.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from receivables.analysis._numbers import CREDIT_BALANCE, number, share, share_vector, vector
from receivables.analysis.flow import loss_rates
from receivables.analysis.journal import Carrying, Line, journal, recover, write_off
from receivables.errors import Undefined

__all__ = ["Assessment", "Carrying", "Line", "ProvisionMatrix", "assess", "entry", "journal", "percent_of_receivables",
           "percent_of_sales", "provision_matrix", "rates_from_migration", "rates_from_payment_profile", "recover",
           "write_off"]

INDIVIDUAL_REASONS = ("disputed", "insolvent", "related_party", "other")


@dataclass(frozen=True)
class ProvisionMatrix:
    """Expected credit loss by bucket, unrounded. ``rates`` are those used, after factor and cap."""

    by_bucket: np.ndarray
    total: float
    rates: np.ndarray = field(repr=False)


def provision_matrix(gross: Sequence[float], rates: Sequence[float], *,
                     forward: float | Sequence[float] = 1.0) -> ProvisionMatrix:
    """Provision matrix (预期信用损失准备矩阵, 账龄组合计提): sum of gross_b x min(rate_b x forward, 1).

    Parameters
    ----------
    gross : balance of each bucket with VAT, none negative, without what is assessed singly
    rates : lifetime loss rate of each bucket, fractions (from history: :func:`rates_from_payment_profile`,
        :func:`rates_from_migration`)
    forward : forward-looking factor, one for all or one a bucket; 1.05 raises each rate by a twentieth

    Returns
    -------
    ProvisionMatrix: ``by_bucket``, ``total``, ``rates``, unrounded: round once, when booking.

    Raises
    ------
    ValueError
        For a negative balance, a rate outside [0, 1], a negative factor, lengths that do not fit.

    Source
    ------
    CAS 22 (2017) art. 63 with application guide example 36 (580,000; stored copies misprint one balance);
    IFRS 9 5.5.15, B5.5.35, illustrative example 12.

    Examples
    --------
    >>> provision_matrix([15_000_000, 7_500_000, 4_000_000, 2_500_000, 1_000_000],
    ...                  [0.003, 0.016, 0.036, 0.066, 0.106]).total
    580000.0
    """
    balance = vector("gross", gross, least=0, hint=CREDIT_BALANCE)
    rate = share_vector("rates", rates, length=len(balance))
    factor = np.asarray(forward, dtype=float)
    if factor.ndim:
        factor = vector("forward", factor, least=0, length=len(balance))
    else:
        number("forward", forward, least=0)
    used = np.minimum(rate * factor, 1.0)
    return ProvisionMatrix(balance * used, float(balance @ used), used)


def rates_from_payment_profile(sales: float, paid: Sequence[float]) -> np.ndarray:
    """Loss rates from a payment profile (按回款分布推算历史损失率): unpaid at the end / unpaid on reaching bucket b.

    Parameters
    ----------
    sales : credit sales of the observed period with VAT
    paid : of these, money received while in each bucket, youngest first

    Returns
    -------
    numpy array of len(paid) + 1 rates: one a bucket, and 1 for what came through them all unpaid.

    Raises
    ------
    Undefined
        When all was paid before a bucket: nothing reached it, so it has no rate (merge buckets or observe longer).
    ValueError
        When more was paid than sold, or for negative figures.

    Source
    ------
    Usual practice under IFRS 9 B5.5.35 and CAS 22; no rate of 0 follows from a clean history (application guide).

    Examples
    --------
    >>> rates_from_payment_profile(1000, [600, 300, 50, 30]).round(4)
    array([0.02, 0.05, 0.2 , 0.4 , 1.  ])
    """
    sold = number("sales", sales, least=0)
    received = vector("paid", paid, least=0)
    reached = sold - np.concatenate([[0.0], np.cumsum(received)])
    if reached[-1] < -1e-9 * max(sold, 1):
        raise ValueError(f"paid sums to {received.sum():g}, more than sales of {sold:g}")
    lost = max(reached[-1], 0.0)
    if (reached[:-1] <= 1e-9 * sold).any():
        raise Undefined(f"nothing reached bucket {int(np.argmax(reached[:-1] <= 1e-9 * sold))}: "
                        "merge buckets or observe longer")
    return np.append(lost / reached[:-1], 1.0)


def rates_from_migration(flow_rates: Sequence[float] | pd.Series, *, last_loss: float = 1.0) -> np.ndarray:
    """Loss rates from flow rates (迁徙率法历史损失率): product of M_j for j >= b x L_last.

    Parameters
    ----------
    flow_rates : average flow rate of each bucket but the last (``migration.flow_rates(...).average(...)``)
    last_loss : share of the last bucket that is lost

    Returns
    -------
    numpy array, one rate a bucket, the last one included.

    Raises
    ------
    Undefined, ValueError
        As ``migration.loss_rates``.

    Source
    ------
    As ``migration.loss_rates``.

    Examples
    --------
    >>> rates_from_migration([0.3, 0.5, 0.8])
    array([0.12, 0.4 , 0.8 , 1.  ])
    """
    return loss_rates(flow_rates, last_loss=last_loss)


@dataclass(frozen=True)
class Assessment:
    """``by_bucket``: gross, rate, loss of each pool and bucket; ``individual``: the debts assessed singly;
    ``reclassified``: credit balances moved to contract liabilities, as a positive sum."""

    individual: pd.DataFrame = field(repr=False)
    by_bucket: pd.DataFrame = field(repr=False)
    individual_total: float
    pool_total: float
    reclassified: float

    @property
    def total(self) -> float:
        return self.individual_total + self.pool_total


def assess(items: pd.DataFrame, rates: Mapping[str, pd.Series], *, forward: float = 1.0) -> Assessment:
    """Allowance of a whole ledger (坏账准备测算: 先单项计提, 再组合计提): single debts + pools x matrix.

    A debt assessed singly leaves its pool, also when its single loss is 0.

    Parameters
    ----------
    items : one row a debt: ``pool`` (accounts receivable 应收账款, commercial acceptance 商业承兑汇票, contract
        asset 合同资产 ...), ``bucket``, ``amount`` with VAT (a credit balance is negative); for single
        assessment ``individual_loss`` (money, 0 to amount, else missing) and ``individual_reason`` (one of
        disputed, insolvent, related_party, other)
    rates : for each pool a Series of loss rates by bucket
    forward : forward-looking factor on all rates

    Returns
    -------
    Assessment: ``total`` is the required allowance, unrounded. Gross of pools and singles less
    ``reclassified`` is the sum of ``amount``.

    Raises
    ------
    ValueError
        For pools or buckets without a rate, a single loss outside 0 to amount or without reason, missing amounts.

    Source
    ------
    CAS 22 (2017) art. 63 and application guide: grouping by shared risk, debts with objective evidence alone.

    Examples
    --------
    >>> items = pd.DataFrame({"pool": ["ar", "ar", "ar"], "bucket": ["current", "1-30", "1-30"],
    ...                       "amount": [1000.0, 500.0, -40.0], "individual_loss": [None, 300.0, None],
    ...                       "individual_reason": [None, "disputed", None]})
    >>> result = assess(items, {"ar": pd.Series({"current": 0.01, "1-30": 0.05})})
    >>> result.individual_total, result.pool_total, result.total, result.reclassified
    (300.0, 10.0, 310.0, 40.0)
    """
    lacking = {"pool", "bucket", "amount"} - set(items.columns)
    if lacking:
        raise ValueError(f"items lack the column(s) {', '.join(sorted(lacking))}")
    vector("amount", items["amount"])
    credit = items["amount"] < 0
    owed = items[~credit]
    single_loss = owed["individual_loss"].astype(float) if "individual_loss" in owed else pd.Series(np.nan, owed.index)
    single = single_loss.notna()
    singles = owed[single]
    if not ((single_loss[single] >= 0) & (single_loss[single] <= singles["amount"])).all():
        raise ValueError("individual_loss must lie between 0 and the amount of the debt")
    if single.any():
        reasons = singles["individual_reason"] if "individual_reason" in singles else pd.Series(None, singles.index)
        if not reasons.isin(INDIVIDUAL_REASONS).all():
            raise ValueError(f"a debt assessed singly needs individual_reason, one of {', '.join(INDIVIDUAL_REASONS)}")
    pooled = owed[~single]
    factor = number("forward", forward, least=0)
    table = pooled.astype({"pool": "str", "bucket": "str"}).groupby(["pool", "bucket"], sort=False)["amount"].sum()
    missing = [key for key in table.index if key[0] not in rates or key[1] not in rates[key[0]].index]
    if missing:
        raise ValueError("no loss rate for " + "; ".join(f"{pool} / {bucket}" for pool, bucket in missing))
    base = share_vector("rates", [rates[pool][bucket] for pool, bucket in table.index])
    used = np.minimum(base * factor, 1.0)
    by_bucket = pd.DataFrame({"gross": table.astype(float), "rate": used, "loss": table.to_numpy(dtype=float) * used},
                             index=table.index)
    return Assessment(singles, by_bucket, float(single_loss[single].sum()), float(by_bucket["loss"].sum()),
                      float(-items.loc[credit, "amount"].sum()))


def percent_of_receivables(receivables: float, rate: float) -> float:
    """Percentage of receivables (应收账款余额百分比法): receivables x rate = allowance *required*.

    A balance-sheet method: :func:`entry` then takes the existing allowance into account.

    Parameters
    ----------
    receivables : gross receivables
    rate : one loss rate for all, a fraction

    Returns
    -------
    float, required allowance, unrounded.

    Raises
    ------
    ValueError
        For negative receivables or a rate outside [0, 1].

    Source
    ------
    OpenStax, Principles of Accounting 1, ch. 9. One rate for every age is too coarse for CAS 22.

    Examples
    --------
    >>> round(percent_of_receivables(732_410, 0.045), 2)
    32958.45
    """
    return number("receivables", receivables, least=0) * share("rate", rate)


def percent_of_sales(sales: float, rate: float) -> float:
    """Percentage of sales (销货百分比法, 旧法): credit sales x rate = *expense* of the period.

    Legacy: it ignores the allowance that is there and is no measurement under CAS 22 or IFRS 9.

    Parameters
    ----------
    sales : credit sales of the period
    rate : share of sales expected to be lost, a fraction

    Returns
    -------
    float, expense, unrounded.

    Raises
    ------
    ValueError
        For negative sales or a rate outside [0, 1].

    Source
    ------
    OpenStax, Principles of Accounting 1, ch. 9 (1,385,660 at 3.1 % = 42,955).

    Examples
    --------
    >>> round(percent_of_sales(1_385_660, 0.031), 2)
    42955.46
    """
    return number("sales", sales, least=0) * share("rate", rate)


def entry(*, required: float, existing: float) -> float:
    """Charge to the allowance (本期应计提坏账准备): required - existing.

    Parameters
    ----------
    required : allowance that the balance needs now
    existing : allowance on the books before the entry: credit balance > 0, debit balance < 0 (more was
        written off than provided)

    Returns
    -------
    float: above 0 charge it (计提), below 0 release it (冲回); :func:`journal` writes the lines.

    Raises
    ------
    ValueError
        For a negative requirement.

    Source
    ------
    OpenStax, Principles of Accounting 1, ch. 9.

    Examples
    --------
    >>> entry(required=32_958, existing=-20_550), entry(required=32_958, existing=17_430)
    (53508.0, 15528.0)
    """
    return number("required", required, least=0) - number("existing", existing)
