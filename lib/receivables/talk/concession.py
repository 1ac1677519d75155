"""Concession ledger (让步账): what was given away at the table, what it costs, what was got for it.

Every concession has a price today: days and instalments by present value, an allowance by whether
a red invoice brings the VAT back, waived interest by the chance of ever seeing it, supply by what
may be lost. Against it stand the things got. Three questions judge a deal: what did we get, who
approved, is it in writing. Amounts are Decimal yuan, prices rounded half up to the fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

FEN = Decimal("0.01")


class Grantor(Protocol):
    """One row of the authority table (授权表), lowest first: what one role may grant.

    ``discount`` is a fraction of the debt; ``amount`` the largest debt the role decides on, None for any.
    The rows of ``data/company.yaml`` fit.
    """

    role: str
    extend_days: int
    instalments: int
    discount: Decimal | float
    waive_interest: bool
    stop_supply: bool
    amount: Decimal | float | None


def yuan(value: Decimal | int | str) -> Decimal:
    """An amount in yuan (元) as Decimal; a float is refused because it has no exact fen, negatives too.

    >>> yuan("1200.5")
    Decimal('1200.5')
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise ValueError(f"write amounts as Decimal, int or text, not {type(value).__name__}: {value!r}")
    amount = Decimal(value)
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"an amount is 0 or more, given {value!r}")
    return amount


def _share(name: str, value: Decimal | int | str) -> Decimal:
    fraction = yuan(value)
    if fraction > 1:
        raise ValueError(f"{name} is a fraction between 0 and 1, given {value}")
    return fraction


def _fen(value: Decimal) -> Decimal:
    return value.quantize(FEN, ROUND_HALF_UP)


@dataclass(frozen=True)
class Terms:
    """What money costs us (计价条件): ``rate`` our borrowing rate a year, ``vat`` the VAT rate, both fractions."""

    rate: Decimal
    vat: Decimal
    year: int = 365

    def __post_init__(self):
        object.__setattr__(self, "rate", _share("rate", self.rate))
        object.__setattr__(self, "vat", _share("vat", self.vat))

    def today(self, amount: Decimal, days: int) -> Decimal:
        """Present value (现值), annual compounding: amount / (1 + rate) ** (days / year).

        >>> round(Terms("0.0485", "0.13").today(Decimal(100_000), 365), 2)
        Decimal('95374.34')
        """
        if days < 0:
            raise ValueError(f"days from today cannot be negative, given {days}")
        return amount / (1 + self.rate) ** (Decimal(days) / self.year)

    def vat_in(self, gross: Decimal) -> Decimal:
        """The VAT inside a gross amount (价税合计里的税)."""
        return gross * self.vat / (1 + self.vat)


@dataclass(frozen=True)
class Price:
    """Price of one concession (让步价): ``face`` what the customer sees, ``cost`` what it costs us today,
    ``vat`` the VAT effect already inside cost (> 0 comes back to us, < 0 we stand to lose), ``why`` in words."""

    face: Decimal
    cost: Decimal
    vat: Decimal
    why: str


@dataclass(frozen=True)
class Days:
    """More days (延期): the debt is paid ``days`` later than could be had now.

    ``invoiced``: once the invoice is out, VAT is due whatever the new date; before that, a new date in a
    written contract moves the VAT too (增值税法 第28条、实施条例第39条, in force 2026-01-01).

    >>> Days("200000", 30).price(Terms("0.0485", "0.13")).cost
    Decimal('777.02')
    """

    amount: Decimal | int | str
    days: int
    invoiced: bool = True

    def price(self, terms: Terms) -> Price:
        amount = yuan(self.amount)
        waiting = amount - terms.today(amount, self.days)
        tax = terms.vat_in(amount)
        moved = Decimal(0) if self.invoiced else tax - terms.today(tax, self.days)
        return Price(Decimal(0), _fen(waiting - moved), _fen(moved), f"晚 {self.days} 天收到 {amount:,} 元")


@dataclass(frozen=True)
class Instalments:
    """Instalments (分期): ``plan`` is (days from today, amount) a payment; no interest agreed.

    >>> Instalments([(0, "50000"), (30, "50000")]).price(Terms("0.0485", "0.13")).cost
    Decimal('194.25')
    """

    plan: Sequence[tuple[int, Decimal | int | str]]

    def price(self, terms: Terms) -> Price:
        if not self.plan or any(b[0] <= a[0] for a, b in zip(self.plan, self.plan[1:], strict=False)):
            raise ValueError("give each payment its own later day, at least one: [(0, '50000'), (30, '50000')]")
        paid = [(day, yuan(amount)) for day, amount in self.plan]
        total = sum(amount for _, amount in paid)
        now = sum(terms.today(amount, day) for day, amount in paid)
        why = f"{len(paid)} 期共 {total:,} 元，最后一期在 {paid[-1][0]} 天后"
        return Price(Decimal(0), _fen(total - now), Decimal(0), why)


@dataclass(frozen=True)
class Allowance:
    """Less to pay (折让): ``amount`` with VAT. With a red invoice (红字发票) output VAT falls; without one
    it is debt forgiveness (债务豁免) and the VAT stays paid.

    >>> terms = Terms("0.0485", "0.13")
    >>> Allowance("11300", red_invoice=True).price(terms).cost, Allowance("11300", red_invoice=False).price(terms).cost
    (Decimal('10000.00'), Decimal('11300.00'))
    """

    amount: Decimal | int | str
    red_invoice: bool

    def price(self, terms: Terms) -> Price:
        amount = yuan(self.amount)
        back = terms.vat_in(amount) if self.red_invoice else Decimal(0)
        why = "开红字发票，销项税跟着减" if self.red_invoice else "没有红字发票，税照交"
        return Price(_fen(amount), _fen(amount - back), _fen(back), f"少收 {amount:,} 元，{why}")


@dataclass(frozen=True)
class WaivedInterest:
    """Late-payment interest let go (免逾期违约金). ``chance`` that it would ever be paid; ``taxed`` whether
    VAT would fall on it: until 2025-12-31 it counted as 价外费用 (增值税暂行条例实施细则 第12条, from memory);
    for the act in force since 2026-01-01 ask your tax adviser.

    >>> WaivedInterest("2000", chance="0.3", taxed=False).price(Terms("0.0485", "0.13")).cost
    Decimal('600.00')
    """

    amount: Decimal | int | str
    chance: Decimal | int | str
    taxed: bool

    def price(self, terms: Terms) -> Price:
        amount = yuan(self.amount)
        chance = _share("chance", self.chance)
        expected = amount * chance
        saved = terms.vat_in(expected) if self.taxed else Decimal(0)
        return Price(_fen(amount), _fen(expected - saved), _fen(saved),
                     f"免掉 {amount:,} 元，本来收得到的可能是 {chance:.0%}")


@dataclass(frozen=True)
class Supply:
    """Supply goes on or starts again on credit (继续供货): ``value`` with VAT, ``margin`` on net sales,
    paid after ``days`` with the chance ``1 - loss``. The price may be negative: then the margin carries the risk.

    Outlay is the goods and the VAT, which is due although nobody has paid.

    >>> Supply("113000", margin="0.2", loss="0.3", days=60).price(Terms("0.0485", "0.13")).cost
    Decimal('14513.43')
    """

    value: Decimal | int | str
    margin: Decimal | int | str
    loss: Decimal | int | str
    days: int

    def price(self, terms: Terms) -> Price:
        gross, loss = yuan(self.value), _share("loss", self.loss)
        tax = terms.vat_in(gross)
        outlay = (gross - tax) * (1 - _share("margin", self.margin)) + tax
        return Price(_fen(gross), _fen(outlay - (1 - loss) * terms.today(gross, self.days)), _fen(-loss * tax),
                     f"再压 {gross:,} 元货，{self.days} 天后收，收不回的可能是 {loss:.0%}")


Concession = Days | Instalments | Allowance | WaivedInterest | Supply


@dataclass(frozen=True)
class Cash:
    """Money now (现在到账): worth what it saves against waiting ``instead_days`` with the chance ``chance``.

    >>> Cash("60000", instead_days=90, chance="0.9").value(Terms("0.0485", "0.13"))
    Decimal('6626.94')
    """

    amount: Decimal | int | str
    instead_days: int
    chance: Decimal | int | str

    def value(self, terms: Terms) -> Decimal:
        amount = yuan(self.amount)
        return _fen(amount - _share("chance", self.chance) * terms.today(amount, self.instead_days))


@dataclass(frozen=True)
class Security:
    """Security (担保): the expected loss on ``covered`` falls from ``loss_before`` to ``loss_after``.

    >>> Security("200000", loss_before="0.25", loss_after="0.1").value(Terms("0.0485", "0.13"))
    Decimal('30000.00')
    """

    covered: Decimal | int | str
    loss_before: Decimal | int | str
    loss_after: Decimal | int | str

    def value(self, terms: Terms) -> Decimal:
        fall = _share("loss_before", self.loss_before) - _share("loss_after", self.loss_after)
        if fall < 0:
            raise ValueError("security cannot raise the expected loss: loss_after is above loss_before")
        return _fen(yuan(self.covered) * fall)


@dataclass(frozen=True)
class Paper:
    """A paper (书面): signed statement, dated promise, clause that all falls due at once. Got, but not priced.

    A dated written promise restarts the limitation period (诉讼时效规定 第14条, in force 2021-01-01).
    """

    what: str

    def value(self, terms: Terms) -> Decimal:
        return Decimal("0.00")


@dataclass(frozen=True)
class Step:
    """One step at the table (一步): what we gave, what we got for it, who approved, whether it is written down."""

    given: tuple[Concession, ...]
    got: tuple[Cash | Security | Paper, ...] = ()
    approved_by: str | None = None
    in_writing: bool = False


@dataclass(frozen=True)
class Finding:
    """What is wrong with a deal (毛病): ``code``, the step it belongs to (None: the whole), the words."""

    code: str
    step: int | None
    words: str


@dataclass(frozen=True)
class Verdict:
    """The closed ledger (结账): prices a step, totals, role needed for the whole, findings."""

    prices: tuple[tuple[Price, ...], ...]
    given: Decimal
    got: Decimal
    needed: str | None
    findings: tuple[Finding, ...]

    @property
    def net(self) -> Decimal:
        """Got less given (净得)."""
        return self.got - self.given


def role_needed(given: Iterable[Concession], table: Sequence[Grantor], *, debt: Decimal | int | str) -> str | None:
    """The lowest role that may grant all of this together (需要谁批); None when nobody in the table may.

    Parameters
    ----------
    given : concessions to one customer on one debt; days add up, allowances add up, so slicing does not help
    table : authority rows, lowest role first
    debt : the debt they are granted on, yuan

    Raises
    ------
    ValueError
        For an empty table or a debt of 0.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> table = [Row(role="业务员", extend_days=7, instalments=1, discount=0, waive_interest=False,
    ...              stop_supply=False, amount=50000),
    ...          Row(role="总监", extend_days=30, instalments=4, discount=0.03, waive_interest=True,
    ...              stop_supply=True, amount=None)]
    >>> role_needed([Days("40000", 5)], table, debt="40000")
    '业务员'
    >>> role_needed([Days("40000", 5), Days("40000", 5)], table, debt="40000")
    '总监'
    >>> role_needed([Allowance("2000", red_invoice=True)], table, debt="40000") is None
    True
    """
    if not table:
        raise ValueError("give the authority table: without it nobody may grant anything")
    owed = yuan(debt)
    if owed == 0:
        raise ValueError("debt is 0: there is nothing to grant concessions on")
    asked = list(given)
    days = sum(c.days for c in asked if isinstance(c, Days))
    parts = max((len(c.plan) for c in asked if isinstance(c, Instalments)), default=1)
    cut = sum((yuan(c.amount) for c in asked if isinstance(c, Allowance)), Decimal(0)) / owed
    interest = any(isinstance(c, WaivedInterest) for c in asked)
    supply = sum((yuan(c.value) for c in asked if isinstance(c, Supply)), Decimal(0))
    for row in table:
        limit = None if row.amount is None else Decimal(str(row.amount))
        if (days <= row.extend_days and parts <= max(row.instalments, 1) and cut <= Decimal(str(row.discount))
                and (row.waive_interest or not interest) and (row.stop_supply or not supply)
                and (limit is None or owed + supply <= limit)):
            return row.role
    return None


def close(steps: Sequence[Step], terms: Terms, table: Sequence[Grantor], *, debt: Decimal | int | str) -> Verdict:
    """Close the concession ledger (结让步账): price every step and say what is wrong with the deal.

    Parameters
    ----------
    steps : what was given and got, in the order it happened
    terms : what money costs us
    table : authority rows, lowest role first
    debt : the debt they are granted on, yuan

    Returns
    -------
    Verdict. Findings: ``no_return`` gave and got nothing in the same step, ``not_written``,
    ``not_approved``, ``beyond_authority`` (the approver may not grant that step), ``sliced`` (each step
    within its approver's authority, all together not), ``growing`` (each step dearer than the one before,
    three or more), ``gave_more`` (priced total given above priced total got).

    Raises
    ------
    ValueError
        For an approver who is not in the table, and as :func:`role_needed`.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> table = [Row(role="经理", extend_days=15, instalments=2, discount=0.01, waive_interest=False,
    ...              stop_supply=True, amount=None)]
    >>> deal = [Step(given=(Days("200000", 30),))]
    >>> [f.code for f in close(deal, Terms("0.0485", "0.13"), table, debt="200000").findings]
    ['no_return', 'not_written', 'not_approved', 'gave_more']
    """
    ranks = {row.role: at for at, row in enumerate(table)}
    if unknown := [s.approved_by for s in steps if s.approved_by is not None and s.approved_by not in ranks]:
        raise ValueError(f"{unknown} are not in the authority table: {list(ranks)}")
    findings: list[Finding] = []

    def reach(given: Iterable[Concession]) -> int:
        role = role_needed(given, table, debt=debt)
        return len(table) if role is None else ranks[role]

    prices = tuple(tuple(c.price(terms) for c in step.given) for step in steps)
    costs = [sum((p.cost for p in row), Decimal(0)) for row in prices]
    gaining = [step for step in steps if step.given]
    for at, step in enumerate(steps, 1):
        if not step.given:
            continue
        if not step.got:
            findings.append(Finding("no_return", at, "让了，没换回东西。先说“如果您……”，再说“我去申请……”。"))
        if not step.in_writing:
            findings.append(Finding("not_written", at, "没写下来。当天发书面确认，写明金额和日期。"))
        if step.approved_by is None:
            findings.append(Finding("not_approved", at, "没人批。先申请，再答应。"))
        elif reach(step.given) > ranks[step.approved_by]:
            findings.append(Finding("beyond_authority", at, f"{step.approved_by}批不了这一步。"))
    whole = [c for step in steps for c in step.given]
    needed = role_needed(whole, table, debt=debt)
    if len(gaining) > 1 and all(s.approved_by for s in gaining):
        within = all(reach(s.given) <= ranks[s.approved_by] for s in gaining)
        if within and reach(whole) > max(ranks[s.approved_by] for s in gaining):
            findings.append(Finding("sliced", None, "一步一步都没超权，合起来超了。合在一起报批。"))
    spent = [cost for cost, step in zip(costs, steps, strict=True) if step.given]
    if len(spent) >= 3 and all(a < b for a, b in zip(spent, spent[1:], strict=False)):
        findings.append(Finding("growing", None, "一步比一步让得大，对方会接着等。让步要越来越小。"))
    given = sum(costs, Decimal("0.00"))
    got = sum((r.value(terms) for step in steps for r in step.got), Decimal("0.00"))
    if given > got:
        findings.append(Finding("gave_more", None, f"算得出钱的部分：给出 {given:,} 元，换回 {got:,} 元。"))
    return Verdict(prices, given, got, needed, tuple(findings))
