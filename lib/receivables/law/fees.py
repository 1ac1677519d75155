"""Court fees (诉讼费用) under 诉讼费用交纳办法 (State Council Decree 481, in force 2007-04-01): exact, unrounded.

The measures say nothing on rounding: ``.value`` is exact, ``.rounded()`` is the caller's choice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from receivables.law.inputs import amount as _amount
from receivables.law.inputs import maybe_day
from receivables.law.parameters import Parameter, get
from receivables.law.result import Amount, yuan

HALVES = {"mediated": "调解结案", "withdrawn": "撤诉", "simplified": "简易程序（含小额诉讼）",
          "counterclaim": "反诉合并审理"}


@dataclass(frozen=True, kw_only=True)
class Fee(Amount):
    """A fee on a claim."""

    claim: Decimal

    def lines(self) -> list[str]:
        return [f"{self.title}：{yuan(self.value)}（标的 {yuan(self.claim)}）"]


def _tariff(parameter: Parameter, claim: Decimal) -> Decimal:
    """A cumulative tariff: each tier charges the part of the claim inside it."""
    total, floor = Decimal(0), Decimal(0)
    for tier in parameter.tiers:
        part = (claim if tier.upto is None else min(claim, tier.upto)) - floor
        if tier.flat is not None:
            total += tier.flat
        elif part > 0:
            total += part * tier.rate
        floor = tier.upto
    return total if parameter.cap is None else min(total, parameter.cap)


def _fee(parameter: Parameter, claim: object, as_of: object, title: str) -> Fee:
    claim = _amount(claim)
    return Fee(title=title, value=_tariff(parameter, claim), claim=claim, basis=(parameter,),
               asked=maybe_day(as_of, "as_of"), notes=(parameter.note,))


def acceptance(amount: object, *, halved: bool | str | Collection[str] = False, as_of: object = None) -> Fee:
    """The fee for a money claim (案件受理费), cumulative over tiers.

    Parameters
    ----------
    amount : the claim in yuan
    halved : True, or one or several reasons of ``HALVES``; several still halve once (民诉法解释 206)
    as_of : the day the question is asked for; without it, the day the law was checked. Past that day: LawUnknown

    Raises
    ------
    ValueError
        Amount negative or not a number; an unknown reason for halving.

    Source: 诉讼费用交纳办法 13(1), 15, 16, 18 (2007-04-01).

    Examples
    --------
    >>> print(acceptance("123456.78").value, acceptance(10000).value)
    2769.1356 50
    >>> print(acceptance(50000, halved=("simplified", "mediated")).rounded())
    525.00
    """
    full = _fee(get("fees.acceptance"), amount, as_of, "案件受理费")
    if halved is False:
        return full
    reasons = () if halved is True else (halved,) if isinstance(halved, str) else tuple(halved)
    unknown = [reason for reason in reasons if reason not in HALVES]
    if unknown or (halved is not True and not reasons):
        raise ValueError(f"halved 不能是 {halved!r}：写 True，或者从 {'、'.join(HALVES)} 里选")
    half, once = get("fees.half"), get("fees.half_once")
    why = "、".join(HALVES[reason] for reason in reasons)
    note = f"减半收取{f'（{why}）' if why else ''}" + ("；几个理由也只减半一次" if len(set(reasons)) > 1 else "")
    return Fee(title="案件受理费（减半）", value=full.value * half.value, claim=full.claim,
               basis=(*full.basis, half, once), asked=full.asked, notes=(note,))


def payment_order(amount: object, *, as_of: object = None) -> Fee:
    """The fee for an order to pay (支付令申请费): a third of the acceptance fee. Source: 办法 14(3).

    >>> payment_order(100000).rounded()
    Decimal('766.67')
    """
    full = _fee(get("fees.acceptance"), amount, as_of, "支付令申请费")
    third = get("fees.payment_order_divisor")
    return Fee(title=full.title, value=full.value / third.value, claim=full.claim, basis=(*full.basis, third),
               asked=full.asked, notes=(third.note,))


def preservation(amount: object, *, as_of: object = None) -> Fee:
    """The fee for preserving property (保全申请费), capped at 5000 yuan (reached at 896,000). Source: 办法 14(2).

    >>> preservation(1000).value, preservation(895999).value
    (Decimal('30'), Decimal('4999.995'))
    """
    return _fee(get("fees.preservation"), amount, as_of, "保全申请费")


def enforcement(amount: object, *, as_of: object = None) -> Fee:
    """The fee for enforcement (申请执行费): not prepaid, the debtor bears it. Source: 办法 14(1), 20, 38.

    >>> print(enforcement("123456.78").value)
    1751.85170
    """
    return _fee(get("fees.enforcement"), amount, as_of, "申请执行费")


def bankruptcy(assets: object, *, as_of: object = None) -> Fee:
    """The fee of a bankruptcy (破产清算申请费): half the acceptance fee on the estate, at most 300,000 yuan.

    Source: 办法 14(6).

    >>> print(bankruptcy(1000000).rounded())
    6900.00
    """
    full = _fee(get("fees.acceptance"), assets, as_of, "破产清算申请费")
    ratio, cap = get("fees.bankruptcy_ratio"), get("fees.bankruptcy_cap")
    return Fee(title=full.title, value=min(full.value * ratio.value, cap.value), claim=full.claim,
               basis=(*full.basis, ratio, cap), asked=full.asked)
