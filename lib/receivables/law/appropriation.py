"""Which debt, and which part of it, a payment settles (清偿抵充): two orders that lead to different balances.

- ``contract``: 民法典 560 between debts, 561 inside each (costs, interest, principal).
- ``enforcement``: 法释〔2014〕8号 art. 4: first what the judgment fixes, then the doubled interest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import groupby

import pandas as pd

from receivables.law.inputs import FEN, amount, fraction, maybe_day, one_of
from receivables.law.parameters import get
from receivables.law.result import Finding, yuan

PARTS = ("costs", "interest", "principal", "doubled")
_ZH = {"costs": "费用", "interest": "利息", "principal": "本金", "doubled": "加倍利息"}


@dataclass(frozen=True)
class Debt:
    """One debt of one debtor to one creditor, of the same kind (money).

    Parameters
    ----------
    id : document, contract or case number
    principal, interest, costs : open amounts in yuan
    doubled : doubled interest for delayed performance, after a judgment only
    due : day it fell due; None counts as due
    secured : value of the security for it, in yuan
    burden : the yearly rate it costs the debtor: the heavier burden is settled first
    """

    id: str
    principal: Decimal
    interest: Decimal = Decimal(0)
    costs: Decimal = Decimal(0)
    doubled: Decimal = Decimal(0)
    due: date | None = None
    secured: Decimal = Decimal(0)
    burden: Decimal = Decimal(0)

    def __post_init__(self):
        for name in (*PARTS, "secured"):
            object.__setattr__(self, name, amount(getattr(self, name), name))
        object.__setattr__(self, "burden", fraction(self.burden, "burden"))
        object.__setattr__(self, "due", maybe_day(self.due, "due"))

    @property
    def total(self) -> Decimal:
        return self.costs + self.interest + self.principal + self.doubled


@dataclass(frozen=True)
class Line:
    """What one debt received of a payment, part by part."""

    debt: Debt
    costs: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    principal: Decimal = Decimal(0)
    doubled: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.costs + self.interest + self.principal + self.doubled


@dataclass(frozen=True, kw_only=True)
class Appropriation(Finding):
    """A payment spread over debts.

    Attributes
    ----------
    value : what was applied
    remainder : what was left over (an overpayment)
    settled : one ``Line`` a debt, in the order of settlement
    """

    value: Decimal
    remainder: Decimal
    settled: tuple[Line, ...]

    def __getitem__(self, id: str) -> Line:
        for line in self.settled:
            if line.debt.id == id:
                return line
        raise KeyError(f"{id}：没有这笔债")

    def frame(self) -> pd.DataFrame:
        """One row a debt in the order of settlement: paid and open by part, in yuan."""
        return pd.DataFrame([
            {"debt": line.debt.id, **{f"paid_{part}": float(getattr(line, part)) for part in PARTS},
             **{f"open_{part}": float(getattr(line.debt, part) - getattr(line, part)) for part in PARTS}}
            for line in self.settled
        ])

    def lines(self) -> list[str]:
        said = [f"{self.title}：共抵 {yuan(self.value)}" + (f"，多付 {yuan(self.remainder)}" if self.remainder else "")]
        for line in self.settled:
            parts = "、".join(f"{_ZH[part]} {yuan(getattr(line, part))}" for part in PARTS if getattr(line, part))
            said.append(f"{line.debt.id}：{parts or '没抵到'}，还欠 {yuan(line.debt.total - line.total)}")
        return said


def appropriate(payment: object, debts: Iterable[Debt | Mapping], *, order: str = "contract", on: object = None,
                agreed: Sequence[str] = (), designated: Sequence[str] = (), as_of: object = None) -> Appropriation:
    """Spread one payment over debts (清偿抵充).

    Parameters
    ----------
    payment : yuan
    debts : ``Debt`` objects, or mappings with their fields
    order : "contract" (民法典 560, 561) or "enforcement" (法释〔2014〕8号 art. 4)
    on : day of payment; debts not yet due come after those due. Without it all count as due.
    agreed : ids in the order the parties agreed; they come first
    designated : ids in the order the debtor named when paying; they come after the agreed ones

    Returns
    -------
    Appropriation
        Money is conserved: ``value + remainder == payment``.

    Raises
    ------
    ValueError
        An unknown order or id, ids given twice, a doubled interest under the contract order, a bad amount.

    Notes
    -----
    Without agreement or designation: due before not due; least security; heavier burden; earlier due date; last, in
    proportion (to the fen, the odd fen by largest remainder). 560 is not plain first in, first out.
    Inside a judgment the interpretation gives no order of costs, interest and principal: 561 is used by inference.

    Examples
    --------
    >>> one = Debt("A", principal=1000, interest=50, costs=10)
    >>> line = appropriate(100, [one])["A"]
    >>> print(line.costs, line.interest, line.principal)
    10 50 40
    >>> line = appropriate(1070, [Debt("A", principal=1000, interest=50, doubled=30)], order="enforcement")["A"]
    >>> print(line.interest, line.principal, line.doubled)
    50 1000 20
    """
    one_of(order, ("contract", "enforcement"), "order")
    paid, today = amount(payment, "payment"), maybe_day(on, "on")
    owed = [_debt(debt) for debt in debts]
    ids = [debt.id for debt in owed]
    if len(set(ids)) != len(ids):
        raise ValueError("debts 里有重复的编号：每笔债一个 id")
    strangers = [id for id in (*agreed, *designated) if id not in ids]
    if strangers:
        raise ValueError(f"agreed、designated 里的 {strangers[0]!r} 不在 debts 里：请核对编号")
    if order == "contract" and any(debt.doubled for debt in owed):
        raise ValueError("有加倍利息的是判决之后的债：请用 order=\"enforcement\"")
    first = list(dict.fromkeys((*agreed, *designated)))
    ranked = _ranked(owed, first, today)
    # Each pass settles one set of parts over all debts; enforcement takes doubled interest in a second pass.
    passes = [("costs", "interest", "principal"), ("doubled",)] if order == "enforcement" else [PARTS]
    got = {debt.id: dict.fromkeys(PARTS, Decimal(0)) for debt in owed}
    left = paid
    for parts in passes:
        for group in ranked:
            for debt, share in _share(left, group, parts):
                left -= share
                for part in parts:
                    taken = min(share, getattr(debt, part))
                    got[debt.id][part] = taken
                    share -= taken
    notes = ["没给付款日，全部当作已到期"] if today is None else []
    if order == "contract":
        basis = (get("appropriation.multi_debt"), get("appropriation.contract"))
        title = "合同抵充（先费用、利息，后本金）"
    else:
        basis = (get("appropriation.enforcement"), get("appropriation.contract"))
        title = "执行抵充（先文书确定的债务，后加倍利息）"
        notes.append("文书确定的债务内部先抵哪项，解释没有写，这里按民法典561，属推论")
    return Appropriation(title=title, basis=basis, asked=maybe_day(as_of, "as_of"), notes=tuple(notes),
                         value=paid - left, remainder=left,
                         settled=tuple(Line(debt, **got[debt.id]) for group in ranked for debt in group))


def _debt(given: Debt | Mapping) -> Debt:
    if isinstance(given, Debt):
        return given
    try:
        return Debt(**given)
    except TypeError as error:
        names = "、".join(Debt.__dataclass_fields__)
        raise ValueError(f"debts 里有一笔读不懂（{error}）：可写的有 {names}，id 和 principal 必须有") from None


def _ranked(debts: list[Debt], first: list[str], on: date | None) -> list[list[Debt]]:
    """Debts in groups of equal rank, the first to be settled first (民法典 560)."""
    def rank(debt: Debt):
        if debt.id in first:
            return (0, first.index(debt.id))
        not_due = on is not None and debt.due is not None and debt.due > on
        return (1, not_due, debt.secured, -debt.burden, debt.due or date.min)

    return [list(group) for _, group in groupby(sorted(debts, key=rank), key=rank)]


def _share(payment: Decimal, group: list[Debt], parts: Sequence[str]) -> list[tuple[Debt, Decimal]]:
    """A payment over debts of one rank: all of it when it suffices, else in proportion, to the fen."""
    claims = [sum((getattr(debt, part) for part in parts), Decimal(0)) for debt in group]
    total = sum(claims, Decimal(0))
    if payment >= total:
        return list(zip(group, claims, strict=True))
    if len(group) == 1:
        return [(group[0], payment)]
    exact = [payment * claim / total for claim in claims]
    shares = [share.quantize(FEN, ROUND_DOWN) for share in exact]
    odd = payment - sum(shares, Decimal(0))
    by_remainder = sorted(range(len(group)), key=lambda i: (shares[i] - exact[i], group[i].id))
    while odd > 0:
        for i in by_remainder:
            extra = min(FEN, odd, claims[i] - shares[i])
            shares[i], odd = shares[i] + extra, odd - extra
    return list(zip(group, shares, strict=True))
