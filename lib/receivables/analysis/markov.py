"""Absorbing Markov chain (吸收马尔可夫链) of receivables. The names are reached through ``migration``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from receivables.analysis._numbers import CREDIT_BALANCE, vector
from receivables.errors import Undefined


@dataclass(frozen=True)
class Absorption:
    """Where receivables end.

    ``N`` (n x n) expected months in each class; ``B`` (n x m) chance of each end; ``periods`` (n) months until
    the end; ``expected`` (m) money that ends in each, when balances were given.
    """

    N: np.ndarray = field(repr=False)
    B: np.ndarray
    periods: np.ndarray = field(repr=False)
    expected: np.ndarray | None = None


def absorb(Q: Sequence[Sequence[float]], R: Sequence[Sequence[float]], *,
           balance: Sequence[float] | None = None) -> Absorption:
    """Absorbing Markov chain (吸收马尔可夫链, 坏账估计): N = (I - Q)^-1, B = N R, expected = balance B.

    The allowance is the "bad" column of the last. One step of the chain is not the answer: what is still
    open after a month goes on moving (a published solution stops there, 10,000 instead of 17,272.73).

    Parameters
    ----------
    Q : n x n, from open class to open class in one period
    R : n x m, from open class to each end (paid, bad); rows of Q and R together sum to 1
    balance : n opening balances, none negative

    Returns
    -------
    Absorption. Rows of ``B`` sum to 1.

    Raises
    ------
    ValueError
        For shapes that do not fit, entries outside [0, 1], rows that do not sum to 1.
    Undefined
        When an open class can never leave: its money has no end.

    Source
    ------
    Cyert, Davidson, Thompson 1962; worked examples in Render/Stair and Anderson/Sweeney/Williams.

    Examples
    --------
    >>> result = absorb([[0.2, 0.2], [0.3, 0.2]], [[0.6, 0.0], [0.4, 0.1]], balance=[2000, 5000])
    >>> result.B.round(3)
    array([[0.966, 0.034],
           [0.862, 0.138]])
    >>> result.expected.round(2)
    array([6241.38,  758.62])
    """
    inner, ends = np.asarray(Q, dtype=float), np.asarray(R, dtype=float)
    count = len(inner)
    if inner.shape != (count, count) or ends.ndim != 2 or len(ends) != count:
        raise ValueError(f"Q is n x n and R is n x m, given {inner.shape} and {ends.shape}")
    both = np.hstack([inner, ends])
    if not ((both >= 0) & (both <= 1)).all():
        raise ValueError("Q and R hold chances between 0 and 1: divide percentages by 100")
    sums = both.sum(axis=1)
    if (abs(sums - 1) > 1e-6).any():
        row = int(np.argmax(abs(sums - 1) > 1e-6))
        raise ValueError(f"row {row} of Q and R sums to {sums[row]:g}, not 1: paid and written off are states too")
    leaves = ends.sum(axis=1) > 0
    for _ in range(count):
        leaves = leaves | (inner[:, leaves].sum(axis=1) > 0)
    if not leaves.all():
        raise Undefined(f"open class {int(np.argmin(leaves))} leads to no end: its money is neither paid nor lost")
    months = np.linalg.solve(np.eye(count) - inner, np.eye(count))
    chance = months @ ends
    money = None
    if balance is not None:
        money = vector("balance", balance, least=0, length=count, hint=CREDIT_BALANCE) @ chance
    return Absorption(months, chance, months.sum(axis=1), money)
