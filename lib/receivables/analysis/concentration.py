"""Concentration (客户集中度): how much hangs on how few customers.

A receivable that sits with three customers is lost or saved by three decisions. The Herfindahl index
weighs the whole list, the top-k share names the few, ABC sorts the work.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from receivables.analysis._numbers import CREDIT_BALANCE, number, share_vector, vector
from receivables.errors import Undefined


def shares(amounts: Sequence[float] | pd.Series) -> np.ndarray:
    """Shares of a total (占比, 结构百分比): amount / sum of amounts.

    Parameters
    ----------
    amounts : balance of each customer, one currency, none negative

    Returns
    -------
    numpy array of fractions, same order, summing to 1.

    Raises
    ------
    ValueError
        For a negative balance: a customer in credit is a liability (合同负债), not negative concentration.
    Undefined
        When the total is 0.

    Source
    ------
    Arithmetic; credit balances as in metrics of this course (never netted into receivables).

    Examples
    --------
    >>> shares([30, 30, 20, 20])
    array([0.3, 0.3, 0.2, 0.2])
    """
    values = vector("amounts", amounts, least=0, hint=CREDIT_BALANCE)
    total = values.sum()
    if total == 0:
        raise Undefined("the amounts sum to 0: there is nothing to share out")
    return values / total


def hhi(shares: Sequence[float]) -> float:
    """Herfindahl-Hirschman index (赫芬达尔指数 HHI, 客户集中度): sum of s_i ^ 2.

    Parameters
    ----------
    shares : fraction of the total held by each customer; all customers, so that they sum to 1

    Returns
    -------
    float in [1/n, 1]. The United States Department of Justice prints the same thing times 10,000.

    Raises
    ------
    ValueError
        For a share outside [0, 1] (percentages) or a list that does not sum to 1.

    Source
    ------
    US DOJ, Antitrust Division, "Herfindahl-Hirschman Index": shares 30, 30, 20, 20 give 2,600.

    Examples
    --------
    >>> round(hhi([0.3, 0.3, 0.2, 0.2]), 4)
    0.26
    """
    values = share_vector("shares", shares, total_one=True)
    return float(values @ values)


def effective_number(shares: Sequence[float]) -> float:
    """Effective number of customers (有效客户数): 1 / HHI.

    The number of equally large customers that would be as concentrated as these.

    Parameters
    ----------
    shares : as for :func:`hhi`

    Returns
    -------
    float between 1 and the number of customers.

    Raises
    ------
    ValueError
        As :func:`hhi`.

    Source
    ------
    Reciprocal of the index (M. O. Hill's number of order 2, Ecology 54, 1973).

    Examples
    --------
    >>> round(effective_number([0.25, 0.25, 0.25, 0.25]), 4), round(effective_number([0.9, 0.1]), 2)
    (4.0, 1.22)
    """
    return 1 / hhi(shares)


def normalised_hhi(shares: Sequence[float]) -> float:
    """Normalised Herfindahl index (标准化赫芬达尔指数): (H - 1/n) / (1 - 1/n).

    Parameters
    ----------
    shares : as for :func:`hhi`, at least two

    Returns
    -------
    float: 0 when all are equal, 1 when one holds everything, whatever n.

    Raises
    ------
    Undefined
        For a single customer: there is nothing to compare with.
    ValueError
        As :func:`hhi`.

    Source
    ------
    Usual rescaling of the index to [0, 1]; no single origin.

    Examples
    --------
    >>> round(normalised_hhi([0.3, 0.3, 0.2, 0.2]), 4)
    0.0133
    """
    count = len(shares)
    if count == 1:
        raise Undefined("one customer only: the normalised index compares at least two")
    return (hhi(shares) - 1 / count) / (1 - 1 / count)


def top_share(amounts: Sequence[float] | pd.Series, k: int) -> float:
    """Top-k share (前 k 大客户占比, 前五名应收账款占比 when k = 5): the k largest / total.

    Parameters
    ----------
    amounts : balance of each customer, one currency, none negative
    k : how many of the largest, at least 1; more than there are gives 1.0

    Returns
    -------
    float, a fraction.

    Raises
    ------
    ValueError
        For k below 1 or a negative amount.
    Undefined
        When the total is 0.

    Source
    ------
    CSRC rule No. 15 on financial reports asks listed companies for the five largest receivables
    (from memory, see the current text).

    Examples
    --------
    >>> round(top_share([85, 46, 34, 24, 19, 52], 3), 4)
    0.7038
    """
    if int(k) != k or k < 1:
        raise ValueError(f"k is a whole number of customers, at least 1, given {k!r}")
    return float(np.sort(shares(amounts))[::-1][: int(k)].sum())


def abc(amounts: Sequence[float] | pd.Series, *, cuts: tuple[float, float] = (0.6, 0.9),
        floors: tuple[float, float] | None = None) -> pd.DataFrame:
    """ABC classification (应收账款 ABC 分析法, 重点管理法): largest first, classed by cumulative share.

    Two rules, because the field uses both: by cumulative share (default; the customer who crosses a cut
    still belongs to the better class) or by size of the single amount, as the table in the Chinese exam
    text does (25 and 10 in ten thousands of yuan). Its table cannot be had from the default cuts: the
    seventh customer reaches 90.38 %, yet the eighth is printed in class B.

    Parameters
    ----------
    amounts : one overdue (or open) amount for each customer, one currency, none negative; the index
        of a Series is kept
    cuts : cumulative shares at which A and B close, fractions, rising
    floors : least amount of class A and of class B; when given, used instead of ``cuts``

    Returns
    -------
    DataFrame, largest amount first (equal amounts in the order given): ``amount``, ``share``,
    ``cumulative``, ``class`` (ordered categorical A < B < C).

    Raises
    ------
    ValueError
        For cuts or floors that do not separate three classes, or a negative amount.
    Undefined
        When the total is 0.

    Source
    ------
    中级会计资格 财务管理, ABC 分析法 (50 customers, 260: A 63.46 %, B 30.77 %, C 5.77 %).

    Examples
    --------
    >>> abc([10, 85, 46, 34, 25])["class"].tolist()
    ['A', 'A', 'B', 'B', 'C']
    >>> abc([10, 85, 46, 34, 25], floors=(40, 20)).groupby("class", observed=True)["share"].sum().round(3).to_dict()
    {'A': 0.655, 'B': 0.295, 'C': 0.05}
    """
    share_of = shares(amounts)
    values = pd.Series(amounts, dtype=float)
    order = np.argsort(-values.to_numpy(), kind="stable")
    ordered, share_of = values.iloc[order], share_of[order]
    cumulative = np.cumsum(share_of)
    if floors is None:
        first, second = share_vector("cuts", cuts, length=2)
        if not 0 < first < second < 1:
            raise ValueError(f"cuts must rise between 0 and 1, given {tuple(cuts)}")
        before = cumulative - share_of
        rank = (before >= first - 1e-12).astype(int) + (before >= second - 1e-12)
    else:
        high, low = (number("floors", floor, least=0) for floor in floors)
        if low >= high:
            raise ValueError(f"floors are (least of A, least of B), the first larger, given {tuple(floors)}")
        rank = (ordered.to_numpy() < high).astype(int) + (ordered.to_numpy() < low)
    return pd.DataFrame({
        "amount": ordered.to_numpy(), "share": share_of, "cumulative": cumulative,
        "class": pd.Categorical.from_codes(rank, categories=["A", "B", "C"], ordered=True),
    }, index=ordered.index)
