"""Credit limits (信用额度), exposure and use, review dates, and what insurance, factoring or a deposit take off.

No standard exists for setting a limit: each rule here is one practice with its name, and :func:`set_limit` shows
which of them binds. Rules seen in practice (facts as of 2026): a tenth of net worth, of working capital or of
monthly sales; the median of trade references; the need from annual purchases; a ceiling on one customer's share
of our own sales; half of (net worth + net profit), a banks' base for small customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from receivables.analysis._frames import one_currency
from receivables.analysis._numbers import number, vector
from receivables.analysis._numbers import share as fraction
from receivables.analysis.credit_policy import Grade
from receivables.errors import Undefined


def share_limit(base: float, *, share: float = 0.10) -> float:
    """Limit as a share (比例法): base x share; of net worth, working capital, monthly sales or our own annual sales.

    A base of 0 or less (negative net worth) carries no credit: the limit is 0. Raises ValueError for a share
    above 1 or a base that is not a number.

    >>> share_limit(3_000_000), share_limit(-500_000)
    (300000.0, 0.0)
    """
    return max(number("base", base), 0.0) * fraction("share", share)


def reference_limit(references: Iterable[float]) -> float:
    """Limit that other suppliers give (同行参考法): the median of the trade references.

    The median, so that one generous supplier does not decide. Raises ValueError for a negative reference, Undefined
    when there is none.

    >>> reference_limit([200_000, 300_000, 2_000_000])
    300000.0
    """
    given = vector("references", list(references), least=0)
    if not len(given):
        raise Undefined("no trade references: this rule gives no limit")
    return float(np.median(given))


def need_limit(annual_purchases: float, terms_days: float, *, year: int = 365) -> float:
    """Limit that the business needs (需求法): ``annual purchases (VAT included) * terms / year``.

    A limit above the need invites overtrading; one below it stops orders that were agreed. Raises ValueError for
    negative figures.

    >>> need_limit(3_650_000, 60)
    600000.0
    """
    return number("annual_purchases", annual_purchases, least=0) * number("terms_days", terms_days, least=0) / year


def net_worth_and_profit_limit(net_worth: float, net_profit: float) -> float:
    """Limit from net worth and profit (净资产加净利润折半): (net worth + net profit) / 2, 0 when the sum is not positive.

    Banks' base for small customers. All suppliers and banks share it: ours is a part of it. Raises ValueError for a
    figure that is not a number.

    >>> net_worth_and_profit_limit(800_000, 200_000)
    500000.0
    """
    return share_limit(net_worth + net_profit, share=0.5)


def working_assets_limit(*, current_ratio: float, quick_ratio: float, short_debt_to_net_worth: float,
                         debt_to_net_worth: float, working_capital: float, net_worth: float,
                         table: Mapping[float, float]) -> float:
    """Limit by working assets (营运资产分析模型): a score of four ratios picks a share of the working assets.

    ``working assets = (working capital + net worth) / 2``;
    ``score = current ratio + quick ratio - short debt / net worth - total debt / net worth``.

    Parameters
    ----------
    table : lowest score -> share. The published tables differ and none was found at its source, so there is no
        default: take your insurer's or your bank's. A score below the lowest step gets 0.

    Raises ValueError for an empty table or a share outside 0 to 1.

    >>> working_assets_limit(current_ratio=1.5, quick_ratio=1.0, short_debt_to_net_worth=0.8, debt_to_net_worth=1.2,
    ...                      working_capital=400_000, net_worth=600_000, table={-1.0: 0.10, 0.0: 0.15, 1.0: 0.20})
    75000.0
    """
    if not table:
        raise ValueError("table is empty: give lowest score -> share")
    steps = sorted((floor, fraction(f"share from score {floor}", share)) for floor, share in table.items())
    score = current_ratio + quick_ratio - short_debt_to_net_worth - debt_to_net_worth
    share = next((share for floor, share in reversed(steps) if score >= floor - 1e-9), 0.0)
    return share_limit((working_capital + net_worth) / 2, share=share)


class Limit(NamedTuple):
    """``amount``; ``binding``: the rules that decide it (several on a tie); ``by_rule``: every rule's answer."""

    amount: float
    binding: list[str]
    by_rule: dict[str, float]


def set_limit(by_rule: Mapping[str, float], *, how: Literal["lowest", "mean"] = "lowest",
              ceilings: Mapping[str, float] | None = None, grade: Grade | None = None) -> Limit:
    """Credit limit (信用额度): lowest or mean of several rules x the grade's share, under ceilings.

    Parameters
    ----------
    by_rule : rule name -> amount, from the functions above; leave out a rule that gives none
    how : "lowest" (the cautious reading) or "mean" of the rules
    ceilings : amounts no rule may lift the limit above, such as a tenth of our own sales
    grade : scales the result by its ``limit_share`` before the ceilings

    Returns
    -------
    Limit; with "mean", ``binding`` is the ceiling that cut it, or ["mean"].

    Raises
    ------
    ValueError
        A negative amount, or an unknown ``how``.
    Undefined
        No rule given.

    Examples
    --------
    >>> limit = set_limit({"net worth": 300_000, "need": 600_000}, ceilings={"own sales": 250_000})
    >>> limit.amount, limit.binding
    (250000.0, ['own sales'])
    """
    rules = {name: number(name, value, least=0) for name, value in by_rule.items()}
    caps = {name: number(name, value, least=0) for name, value in (ceilings or {}).items()}
    if not rules:
        raise Undefined("no rule gives a limit: sell against cash until one does")
    factor = 1.0 if grade is None else grade.limit_share
    if how == "lowest":
        answers = {name: value * factor for name, value in rules.items()}
    elif how == "mean":
        answers = {"mean": sum(rules.values()) / len(rules) * factor}
    else:
        raise ValueError(f"how is {how!r}: choose 'lowest' or 'mean'")
    answers |= caps
    amount = min(answers.values())
    return Limit(amount, [name for name, value in answers.items() if value == amount], rules | caps)


def use_of_limit(exposure: float, limit: float) -> float:
    """Use of the credit limit (额度使用率): exposure / limit, as a share; above 1 = over the limit.

    Raises Undefined when the limit is 0: nothing was granted, so there is no share of it (any exposure is a breach).

    >>> use_of_limit(900_000, 750_000)
    1.2
    """
    if number("limit", limit, least=0) == 0:
        raise Undefined("the limit is 0: use has no denominator, and any exposure is a breach")
    return exposure / limit


def exposure(items: pd.DataFrame, as_of: object, *, limits: pd.Series | None = None,
             orders: pd.DataFrame | None = None) -> pd.DataFrame:
    """Credit exposure (信用敞口): not due + overdue + orders on hand, a customer, against the limit.

    Parameters
    ----------
    items : open items with ``customer_id``, ``due``, ``open_amount``; credits (negative) stand in their own
        column and do not lower the exposure: they may be paid out or contested
    as_of : date; due that day is not overdue
    limits : customer_id -> credit limit; NaN or absent = none set
    orders : orders taken and not yet invoiced: ``customer_id``, ``amount``

    Returns
    -------
    DataFrame indexed by customer_id: ``not_due``, ``overdue``, ``orders``, ``exposure``, ``credits``, ``limit``,
    ``used``, ``headroom``, ``breach``. ``used`` is NaN without a limit or with a limit of 0, with the reason in
    ``attrs["undefined"]``; with a limit of 0 any exposure is a breach.

    Raises ValueError for an item without a due date, and for several currencies (they are never added).

    >>> items = pd.DataFrame({"customer_id": ["C1", "C1"], "due": pd.to_datetime(["2026-01-31", "2026-03-31"]),
    ...                       "open_amount": [40.0, 60.0]})
    >>> exposure(items, "2026-02-28", limits=pd.Series({"C1": 80.0}))[["overdue", "exposure", "used", "breach"]]
                 overdue  exposure  used  breach
    customer_id
    C1              40.0     100.0  1.25    True
    """
    one_currency(items)
    debit = items[items["open_amount"] > 0]
    if debit["due"].isna().any():
        raise ValueError(f"{debit['due'].isna().sum()} items have no due date: settle that at import, never guess it")
    late = pd.to_datetime(debit["due"]).dt.normalize() < pd.Timestamp(as_of).normalize()
    empty = pd.DataFrame({"customer_id": [], "amount": []})
    taken = empty if orders is None else orders
    frame = pd.DataFrame({
        "not_due": debit[~late].groupby("customer_id", observed=True)["open_amount"].sum(),
        "overdue": debit[late].groupby("customer_id", observed=True)["open_amount"].sum(),
        "orders": taken.groupby("customer_id", observed=True)["amount"].sum(),
        "credits": -items[items["open_amount"] < 0].groupby("customer_id", observed=True)["open_amount"].sum(),
    }).fillna(0.0).astype(float)
    frame.index = pd.Index(frame.index.astype(str), name="customer_id")
    frame = frame.sort_index()
    frame.insert(3, "exposure", frame[["not_due", "overdue", "orders"]].sum(axis=1))
    granted = pd.Series(dtype=float) if limits is None else limits.astype(float).rename(str)
    frame["limit"] = granted.reindex(frame.index)
    frame["used"] = frame["exposure"].div(frame["limit"]).where(frame["limit"] > 0)
    frame["headroom"] = frame["limit"] - frame["exposure"]
    frame["breach"] = frame["exposure"] > frame["limit"]
    frame.attrs["undefined"] = [f"used: {count} customers {why}" for count, why in (
        (int(frame["limit"].isna().sum()), "have no limit set"),
        (int((frame["limit"] == 0).sum()), "have a limit of 0"),
    ) if count]
    return frame


def next_review(reviewed_on: object, grade: Grade) -> pd.Timestamp:
    """Next credit review (下次信用评审日): the grade's months after the last; 31 January + 1 month = end of February.

    Raises ValueError when ``reviewed_on`` is not a date; a customer never reviewed is due now, see :func:`reviews_due`.

    >>> a = Grade(grade="C", zh="小心做", floor=50, limit_share=0.4, terms_days=30, review_months=3)
    >>> next_review("2025-11-30", a)
    Timestamp('2026-02-28 00:00:00')
    """
    last = pd.Timestamp(reviewed_on)
    if last is pd.NaT:
        raise ValueError("reviewed_on is empty: a customer never reviewed is due for review now")
    return last.normalize() + pd.DateOffset(months=grade.review_months)


def reviews_due(customers: pd.DataFrame, as_of: object, grades: list[Grade]) -> pd.DataFrame:
    """Credit reviews due (应评审客户): next review <= the end of ``as_of``.

    Parameters
    ----------
    customers : ``customer_id``, ``risk_grade`` (grade code) and ``reviewed_on``; a missing review is due now
    grades : of the policy

    Returns
    -------
    DataFrame, longest overdue first, ties by customer_id: ``customer_id``, ``grade``, ``reviewed_on``,
    ``due_on``, ``days_overdue`` (NaN when never reviewed; those stand first).

    Raises ValueError for a grade that is not in the list.

    >>> c = Grade(grade="C", zh="小心做", floor=0, limit_share=0.4, terms_days=30, review_months=3)
    >>> people = pd.DataFrame({"customer_id": ["C1", "C2"], "risk_grade": ["C", "C"],
    ...                        "reviewed_on": pd.to_datetime(["2026-01-15", "2026-05-15"])})
    >>> reviews_due(people, "2026-06-30", [c])[["customer_id", "due_on", "days_overdue"]]
      customer_id     due_on  days_overdue
    0          C1 2026-04-15          76.0
    """
    months = {grade.grade: grade.review_months for grade in grades}
    given = customers["risk_grade"]
    unknown = sorted(set(given.dropna()) - set(months))
    if unknown:
        raise ValueError(f"grades not in the policy: {', '.join(unknown)}")
    day = pd.Timestamp(as_of).normalize()
    last = pd.to_datetime(customers["reviewed_on"]).where(given.notna())  # a review without a grade was none
    frame = pd.DataFrame({"customer_id": customers["customer_id"].astype(str), "grade": given, "reviewed_on": last})
    frame["due_on"] = pd.Series(pd.NaT, index=frame.index, dtype=last.dtype)
    for grade, count in months.items():
        of_grade = given == grade
        frame.loc[of_grade, "due_on"] = last[of_grade] + pd.DateOffset(months=count)
    frame["days_overdue"] = (day - frame["due_on"]).dt.days.astype(float)
    frame = frame[frame["due_on"].isna() | (frame["days_overdue"] >= 0)]
    return frame.sort_values(["days_overdue", "customer_id"], ascending=[False, True], na_position="first",
                             ignore_index=True)


class Residual(NamedTuple):
    """``at_risk`` what we still lose if the customer never pays; ``covered`` by lever; ``cost`` of all levers."""

    at_risk: float
    covered: dict[str, float]
    cost: float


def after_levers(exposure: float, *, deposit: float = 0.0, factored: float = 0.0, factoring_fee: float = 0.0,
                 discount_rate: float = 0.0, days: float = 0.0, insured_limit: float = 0.0, insured_share: float = 0.0,
                 premium_rate: float = 0.0, insured_sales: float = 0.0, year: int = 365) -> Residual:
    """Exposure after levers (增信后的敞口): exposure - deposit - factored - insured, and what that costs.

    They are taken in this order, each on what the one before leaves: a deposit first (ours already), then
    receivables sold **without recourse** (有追索权的保理 is a loan: it covers nothing, so pass 0), then insurance,
    ``min(rest, insured_limit) * insured_share``.

    Parameters
    ----------
    exposure, deposit, factored, insured_limit, insured_sales : amounts
    factoring_fee : share of the factored amount; discount_rate : a year, for ``days``
    insured_share : share indemnified (0.9 leaves a tenth with us); premium_rate : share of ``insured_sales``

    Raises ValueError for negative amounts and shares outside 0 to 1.

    Examples
    --------
    >>> left = after_levers(1_000_000, deposit=100_000, insured_limit=800_000, insured_share=0.9,
    ...                     premium_rate=0.004, insured_sales=6_000_000)
    >>> left.at_risk, left.covered["insurance"], left.cost
    (180000.0, 720000.0, 24000.0)
    """
    rest = number("exposure", exposure, least=0)
    covered = {}
    for name, amount in (("deposit", deposit), ("factoring", factored)):
        covered[name] = min(rest, number(name, amount, least=0))
        rest -= covered[name]
    insured = min(rest, number("insured_limit", insured_limit, least=0))
    covered["insurance"] = insured * fraction("insured_share", insured_share)
    rest -= covered["insurance"]
    sold = covered["factoring"]
    cost = (sold * (fraction("factoring_fee", factoring_fee)
                    + fraction("discount_rate", discount_rate) * number("days", days, least=0) / year)
            + fraction("premium_rate", premium_rate) * number("insured_sales", insured_sales, least=0))
    return Residual(rest, covered, cost)
