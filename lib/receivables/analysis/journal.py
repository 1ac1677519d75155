"""Booking bad debts (坏账的账务处理) under the two Chinese standards. The names are reached through ``allowance``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from receivables.analysis._numbers import number

Event = Literal["provide", "release", "write_off", "recover"]
Standard = Literal["cas", "small"]


@dataclass(frozen=True)
class Line:
    """One line of an entry: 借 (debit) or 贷 (credit), account, amount."""

    side: Literal["借", "贷"]
    account: str
    amount: float

    def __str__(self) -> str:
        return f"{self.side}：{self.account} {self.amount:,.2f}"


_LOSS, _ALLOWANCE, _RECEIVABLE, _BANK = "信用减值损失", "坏账准备", "应收账款", "银行存款"
# Each event is a list of (debit, credit).
_ENTRIES: dict[tuple[Standard, Event], list[tuple[str, str]]] = {
    ("cas", "provide"): [(_LOSS, _ALLOWANCE)],
    ("cas", "release"): [(_ALLOWANCE, _LOSS)],
    ("cas", "write_off"): [(_ALLOWANCE, _RECEIVABLE)],
    ("cas", "recover"): [(_RECEIVABLE, _ALLOWANCE), (_BANK, _RECEIVABLE)],
    ("small", "write_off"): [("营业外支出", _RECEIVABLE)],
    ("small", "recover"): [(_BANK, "营业外收入")],
}


def journal(event: Event, amount: float, *, standard: Standard = "cas") -> tuple[Line, ...]:
    """Journal entry (坏账会计分录, 备抵法与直接转销法): lines with sum of debits = sum of credits.

    Parameters
    ----------
    event : "provide" (计提), "release" (冲回), "write_off" (核销), "recover" (核销后收回)
    amount : money above 0; the result of ``allowance.entry`` is provided when above 0, released when below
    standard : "cas" 企业会计准则: allowance method. "small" 小企业会计准则: direct write-off (直接转销法),
        when the loss has happened; there is nothing to provide or release

    Returns
    -------
    Tuple of Line in the order of booking.

    Raises
    ------
    ValueError
        For an unknown event or standard, an amount not above 0, or an allowance under the small-enterprise standard.

    Source
    ------
    CAS 22 (revised 2017, all non-listed users from 2021-01-01): 信用减值损失; texts before it use
    资产减值损失. 小企业会计准则 (财会〔2011〕17号, from 2013-01-01) art. 10.

    Examples
    --------
    >>> for line in journal("provide", 53508): print(line)
    借：信用减值损失 53,508.00
    贷：坏账准备 53,508.00
    >>> [line.account for line in journal("write_off", 100, standard="small")]
    ['营业外支出', '应收账款']
    """
    if standard not in ("cas", "small") or event not in ("provide", "release", "write_off", "recover"):
        raise ValueError(f"no entry for event {event!r} under standard {standard!r}: events are provide, release, "
                         "write_off, recover; standards are cas, small")
    if (standard, event) not in _ENTRIES:
        raise ValueError("小企业会计准则 knows no allowance (art. 10): book the loss when it has happened, "
                         'event "write_off"')
    money = number("amount", amount)
    if money <= 0:
        raise ValueError(f"amount must be above 0, given {money:g}: a negative charge is a release")
    return tuple(line for debit, credit in _ENTRIES[standard, event]
                 for line in (Line("借", debit, money), Line("贷", credit, money)))


@dataclass(frozen=True)
class Carrying:
    """Gross receivables and the allowance against them (credit > 0); ``net`` is what the balance sheet shows."""

    gross: float
    allowance: float

    @property
    def net(self) -> float:
        return self.gross - self.allowance


def write_off(before: Carrying, amount: float) -> Carrying:
    """Write-off against the allowance (核销坏账, 备抵法): gross - w and allowance - w, so the net stays.

    The claim against the customer lives on; only the books give it up.

    Parameters
    ----------
    before : receivables and allowance
    amount : debt written off, at most the gross; above the allowance it leaves a debit balance, to be
        charged at the period's end

    Returns
    -------
    Carrying with the same ``net``.

    Raises
    ------
    ValueError
        For an amount below 0 or above the gross.

    Source
    ------
    CAS 22 application guide; identity tested.

    Examples
    --------
    >>> after = write_off(Carrying(gross=1000, allowance=80), 50)
    >>> after, after.net
    (Carrying(gross=950.0, allowance=30.0), 920.0)
    """
    lost = number("amount", amount, least=0, most=before.gross)
    return Carrying(before.gross - lost, before.allowance - lost)


def recover(before: Carrying, amount: float) -> Carrying:
    """Recovery after write-off (已核销坏账收回): the debt is reinstated and paid, the allowance grows by it.

    Parameters
    ----------
    before : receivables and allowance
    amount : cash received on a debt written off earlier

    Returns
    -------
    Carrying: gross as before, allowance + amount; cash rises by the amount, the result when the allowance
    is next measured.

    Raises
    ------
    ValueError
        For an amount below 0.

    Source
    ------
    CAS practice (借 应收账款 贷 坏账准备; 借 银行存款 贷 应收账款).

    Examples
    --------
    >>> recover(Carrying(gross=950, allowance=30), 20)
    Carrying(gross=950, allowance=50.0)
    """
    return Carrying(before.gross, before.allowance + number("amount", amount, least=0))
