"""Does suing pay (打官司划不划算): expected net recovery in today's money, against an offer.

The chances are the caller's, not the library's; the fees are the tariff's. Timing: fees, lawyer and insurance are paid
today; money comes after ``months``; a lost case brings nothing and its fees are gone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from receivables.law import fees
from receivables.law.comparison import merge
from receivables.law.inputs import amount, fraction, maybe_day
from receivables.law.parameters import get
from receivables.law.result import Finding, yuan


@dataclass(frozen=True, kw_only=True)
class Prospect(Finding):
    """Suing against an offer, in today's money.

    Attributes
    ----------
    value : expected net value of suing (negative: it costs more than it brings)
    outlay : paid today: court fee, preservation, insurance, lawyer
    expected_inflow : expected money coming back, not discounted
    offer : the offer in today's money, None without one
    break_even_offer : an offer paid today that is worth exactly as much as suing (0 when suing loses money)
    """

    value: Decimal
    outlay: Decimal
    expected_inflow: Decimal
    present_inflow: Decimal
    offer: Decimal | None

    @property
    def break_even_offer(self) -> Decimal:
        return max(self.value, Decimal(0))

    @property
    def difference(self) -> Decimal | None:
        """Suing less the offer, both in today's money."""
        return None if self.offer is None else self.value - self.offer

    def lines(self) -> list[str]:
        said = [f"先垫出去 {yuan(self.outlay)}",
                f"预期收回 {yuan(self.expected_inflow)}，折到今天 {yuan(self.present_inflow)}",
                f"{self.title}：净值 {yuan(self.value)}"]
        if self.offer is not None:
            said.append(f"对方的方案折到今天 {yuan(self.offer)}，诉讼净值减方案：{yuan(self.difference)}")
        return [*said, f"打平的方案：今天一次付 {yuan(self.break_even_offer)}"]


def compare(claim: object, *, p_win: object, recovery: object, months: object, annual_rate: object,
            lawyer: object = 0, insurance: object = 0, preserve: object = 0, lawyer_agreed: bool = False,
            halved: bool | str | Collection[str] = False, offer: object = None, offer_months: object = 0,
            p_kept: object = 1, as_of: object = None) -> Prospect:
    """The expected value of suing (诉讼的期望净值), in today's money, beside an offer.

    Parameters
    ----------
    claim : amount claimed in yuan, interest accrued to the day of filing included
    p_win : chance of winning, a fraction
    recovery : share of the judgment that enforcement brings in, a fraction
    months : months until the money comes
    annual_rate : what money costs a year, a fraction; discounting is compound
    lawyer, insurance : yuan, paid today
    preserve : amount to preserve; its fee is computed
    lawyer_agreed : the contract makes the debtor bear lawyer and preservation insurance: then recovered like the claim
    halved : see ``fees.acceptance``
    offer, offer_months, p_kept : amount offered, months until paid, chance that it is kept

    Raises
    ------
    ValueError
        A bad amount, share or number of months.

    Notes
    -----
    A winner has the acceptance fee back from the court (民诉法解释 207) and the preservation fee as far as enforcement
    reaches (办法 29, 38). The enforcement fee is not prepaid and falls on the debtor.

    Examples
    --------
    >>> case = compare(100000, p_win="0.9", recovery="0.6", months=12, annual_rate="0.06", lawyer=8000, offer=60000)
    >>> print(round(case.outlay), round(case.value, 2), round(case.difference, 2))
    10300 42596.23 -17403.77
    """
    owed, cost = amount(claim, "claim"), fraction(annual_rate, "annual_rate")
    chance, share, kept = (fraction(v, n) for v, n in ((p_win, "p_win"), (recovery, "recovery"), (p_kept, "p_kept")))
    wait, offer_wait = amount(months, "months"), amount(offer_months, "offer_months")
    counsel, cover = amount(lawyer, "lawyer"), amount(insurance, "insurance")
    court = fees.acceptance(owed, halved=halved)
    found, frozen = [court], Decimal(0)
    if amount(preserve, "preserve"):
        found.append(fees.preservation(preserve))
        frozen = found[-1].value
    outlay = court.value + frozen + counsel + cover
    won = owed * share + court.value + frozen * share + ((counsel + cover) * share if lawyer_agreed else 0)
    inflow = chance * won
    present = inflow / (1 + cost) ** (wait / 12)
    today = None if offer is None else amount(offer, "offer") * kept / (1 + cost) ** (offer_wait / 12)
    notes = ["胜率、执行到位率、时间是你给的，改一改看结果怎么动", "没算进去的：时间精力、生意关系、别的客户怎么看"]
    if not lawyer_agreed:
        notes.append("律师费、保全保险费没有约定的，一般收不回来")
    return Prospect(
        title="打官司", value=present - outlay, outlay=outlay, expected_inflow=inflow, present_inflow=present,
        offer=today, basis=merge(found) + (get("fees.loser_pays"),), asked=maybe_day(as_of, "as_of"),
        notes=tuple(notes))
