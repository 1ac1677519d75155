"""Comparing credit policies (信用政策比较). The names are reached through ``trade_credit``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from receivables.analysis._numbers import number, share, share_vector, vector


def policy_net(*, gross_profit: float, average_receivable: float, cost_ratio: float, rate: float, sales: float,
               bad_debt_rate: float, collection_cost: float, discount: float = 0.0) -> float:
    """Net benefit of one credit policy (信用政策净收益): profit - AR x vc x k - S x bad - collection - discounts.

    Parameters
    ----------
    gross_profit : contribution before credit costs (sales - variable cost, less fixed costs that change)
    average_receivable : average receivables of the year
    cost_ratio : money laid out per yuan of receivable (variable-cost rate), a fraction
    rate : cost of capital a year, a fraction
    sales : credit sales of the year
    bad_debt_rate : share of them that is lost
    collection_cost : money
    discount : cash discounts taken, money

    Returns
    -------
    float, money a year, before tax.

    Raises
    ------
    ValueError
        For fractions outside [0, 1] or negative costs.

    Source
    ------
    中级会计资格 财务管理, 信用政策决策.

    Examples
    --------
    >>> policy_net(gross_profit=100_000, average_receivable=41_667, cost_ratio=0.8, rate=0.15, sales=500_000,
    ...            bad_debt_rate=0.006, collection_cost=4_000)
    87999.96
    """
    profit = number("gross_profit", gross_profit)
    tied = number("average_receivable", average_receivable, least=0) * share("cost_ratio", cost_ratio)
    lost = number("sales", sales, least=0) * share("bad_debt_rate", bad_debt_rate)
    return (profit - tied * share("rate", rate) - lost - number("collection_cost", collection_cost, least=0)
            - number("discount", discount, least=0))


@dataclass(frozen=True)
class Product:
    """Credit sales of one product in a year and its variable cost as a share of them."""

    sales: float
    variable_cost: float


@dataclass(frozen=True)
class Tier:
    """Part of sales paid on one day, with its discount: 0.6 on day 10 at 2 %."""

    share: float
    day: float
    discount: float = 0.0


@dataclass(frozen=True)
class Policy:
    """One policy: what is sold, when and with what discount it is paid, what it costs to run."""

    products: tuple[Product, ...]
    tiers: tuple[Tier, ...]
    bad_debt_rate: float
    collection_cost: float
    fixed_cost: float = 0.0


def compare_policies(policies: Mapping[str, Policy], *, rate: float, year: float = 365,
                     cost_basis: Literal["variable", "price"] = "variable") -> pd.DataFrame:
    """Comparison of credit policies (信用政策比较表): one column a policy, the last row its net benefit.

    Parameters
    ----------
    policies : name -> Policy; several products and discount tiers each
    rate : cost of capital a year, a fraction
    year : 365, or 360 in exam questions
    cost_basis : "variable": the money tied up in a receivable is the variable cost laid out (Chinese texts);
        "price": the full price (many English texts). On "variable" each product ties up its own share.

    Returns
    -------
    DataFrame, policies as columns in the order given; rows ``sales``, ``contribution`` (after fixed cost),
    ``collection_days``, ``average_receivable``, ``carrying_cost``, ``bad_debts``, ``collection_cost``,
    ``discounts``, ``net``, ``against_first`` (net less the net of the first policy).

    Raises
    ------
    ValueError
        For tier shares that do not sum to 1, fractions outside [0, 1], no policy, an unknown cost basis.

    Source
    ------
    中级会计资格 财务管理, 信用政策决策; discounts are those taken, on their part of sales.

    Examples
    --------
    >>> now = Policy((Product(500_000, 0.8),), (Tier(1.0, 30),), bad_debt_rate=0.006, collection_cost=4_000)
    >>> longer = Policy((Product(600_000, 0.8),), (Tier(1.0, 60),), bad_debt_rate=0.015, collection_cost=5_000)
    >>> table = compare_policies({"30": now, "60": longer}, rate=0.15, year=360)
    >>> table.loc[["average_receivable", "carrying_cost", "net", "against_first"]].round(0)
                             30        60
    average_receivable  41667.0  100000.0
    carrying_cost        5000.0   12000.0
    net                 88000.0   94000.0
    against_first           0.0    6000.0
    """
    if not policies:
        raise ValueError("give at least one policy to compare")
    if cost_basis not in ("variable", "price"):
        raise ValueError(f'cost_basis is "variable" or "price", given {cost_basis!r}')
    table = pd.DataFrame({name: _one(policy, rate, number("year", year, least=1), cost_basis)
                          for name, policy in policies.items()})
    table.loc["against_first"] = table.loc["net"] - table.loc["net"].iloc[0]
    return table


def _one(policy: Policy, rate: float, year: float, cost_basis: str) -> dict[str, float]:
    sales = vector("sales of the products", [product.sales for product in policy.products], least=0)
    variable = share_vector("variable costs", [product.variable_cost for product in policy.products])
    parts = share_vector("tier shares", [tier.share for tier in policy.tiers], total_one=True)
    day = vector("days of the tiers", [tier.day for tier in policy.tiers], least=0)
    discount = share_vector("discounts", [tier.discount for tier in policy.tiers])
    total, days = float(sales.sum()), float(parts @ day)
    receivable = total / year * days
    laid_out = 1.0 if cost_basis == "price" or total == 0 else float(sales @ variable) / total
    contribution = float(sales @ (1 - variable)) - number("fixed_cost", policy.fixed_cost, least=0)
    discounts = total * float(parts @ discount)
    net = policy_net(gross_profit=contribution, average_receivable=receivable, cost_ratio=np.clip(laid_out, 0, 1),
                     rate=rate, sales=total, bad_debt_rate=policy.bad_debt_rate,
                     collection_cost=policy.collection_cost, discount=discounts)
    return {"sales": total, "contribution": contribution, "collection_days": days, "average_receivable": receivable,
            "carrying_cost": receivable * laid_out * rate, "bad_debts": total * policy.bad_debt_rate,
            "collection_cost": float(policy.collection_cost), "discounts": discounts, "net": net}
