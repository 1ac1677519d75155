"""The three hundred customers (客户): who they are, how they buy and pay, and what they owe while the story runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from receivables.ledger.company.cast import Part, cast
from receivables.ledger.company.dice import Dice
from receivables.ledger.company.market import Market
from receivables.ledger.company.profile import Company

# What a stream of draws is for: a change in one stage leaves the draws of the others alone.
IDENTITY, TRADE, PAY, CONDUCT, STATEMENT = range(1, 6)


@dataclass(eq=False)
class Bill:
    """One invoice and what has settled it; amounts in fen.

    >>> bill = Bill("FP2503-0001-1", date(2025, 3, 3), date(2025, 4, 2), 1000, date(2025, 3, 1), "", "", "",
    ...             retention=50, retention_due=date(2026, 3, 1), settled=[(date(2025, 4, 2), 300)])
    >>> bill.open_on(date(2025, 4, 2)), bill.late_on(date(2025, 4, 2)), bill.late_on(date(2025, 4, 3))
    (700, 0, 650)
    """

    id: str
    issued: date
    due: date
    amount: int
    delivered: date
    order_id: str
    delivery_id: str
    contract_id: str
    retention: int = 0
    retention_due: date | None = None
    scripted: bool = False
    settled: list[tuple[date, int]] = field(default_factory=list)

    def open_on(self, day: date) -> int:
        """What is still owed at the end of a day, 0 before it was issued."""
        return self.amount - sum(amount for on, amount in self.settled if on <= day) if self.issued <= day else 0

    def free_on(self, day: date) -> int:
        """What is open and not yet spoken for: money received but applied later has spoken."""
        return min(self.open_on(day), self.open_on(date.max))

    def late_on(self, day: date) -> int:
        """What is owed and past due at the end of a day; retention money waits for its own date."""
        held = self.retention if self.retention_due and day <= self.retention_due else 0
        return max(self.open_on(day) - held, 0) if day > self.due else 0


@dataclass(frozen=True)
class Contract:
    id: str
    signed: date
    terms: int
    start: str
    retention_rate: float
    retention_days: int


@dataclass(eq=False)
class Account:
    """One customer while the company is generated."""

    id: str
    number: int
    kind: str
    debt_type: str
    name: str
    place: str
    industry: str
    size: str
    nature: str
    salesperson: str
    habit: str
    lag: float  # median days past due before he would pay
    round_payer: bool
    run_day: int
    volume: float  # yuan a year with VAT
    terms: int
    since: date
    last_order: date
    excuse: str
    clerk: str  # in accounts payable
    boss: str
    keeper: str  # takes deliveries
    part: Part | None
    gone: date | None = None  # the day he stopped paying for good
    contracts: list[Contract] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    receipts: list[tuple[date, int]] = field(default_factory=list)

    def balance_on(self, day: date) -> int:
        return sum(bill.open_on(day) for bill in self.bills)

    def contract_on(self, day: date) -> Contract:
        return [contract for contract in self.contracts if contract.signed <= day][-1]


def people(company: Company, market: Market) -> list[Account]:
    """All customers, in the order of their numbers, without contracts or trade.

    >>> from receivables.ledger.company.market import market
    >>> from receivables.ledger.company.profile import profile
    >>> everybody = people(profile(), market())
    >>> len(everybody), everybody[57].name, len({account.name for account in everybody})
    (300, '澜州屹川机电安装工程有限公司', 300)
    """
    kinds = _kinds(company)
    names: set[str] = {part.name for part in cast().values()} | {scripted.name for scripted in market.first_ledger}
    accounts = [_account(company, market, number, kind, names) for number, kind in enumerate(kinds, start=1)]
    _bankruptcies(company, accounts)
    return accounts


def _kinds(company: Company) -> list[str]:
    """The kind of each customer by number: shuffled, with those of the cast in their places."""
    dice = Dice(company.course.seed, IDENTITY)
    fixed = {int(customer[1:]) - 1: part.kind for customer, part in cast().items()}
    pool = [kind.id for kind in company.kinds for _ in range(kind.customers)]
    for kind in fixed.values():
        pool.remove(kind)
    drawn = iter(dice.shuffled(pool))
    return [fixed.get(place) or next(drawn) for place in range(len(pool) + len(fixed))]


def _account(company: Company, market: Market, number: int, kind_id: str, names: set[str]) -> Account:
    dice = Dice(company.course.seed, IDENTITY, number)
    kind = market.kinds[kind_id]
    part = cast().get(f"C{number:04d}")
    fixed = part.fixed if part else {}
    place = fixed.get("place", dice.one(market.places))
    industry = fixed.get("industry", dice.one(kind.industries))
    name = part.name if part and part.name else _name(market, dice, kind_id, place, industry, names)
    habit = dice.weighted(kind.habits)
    low, high = market.habits[habit].median
    start = company.course.history_from
    is_new, stops = dice.chance(0.17), dice.chance(0.13)
    since = start + timedelta(dice.whole(30, 900)) if is_new else start - timedelta(dice.whole(300, 2800))
    last_order = max(start, since) + timedelta(dice.whole(200, 900)) if stops else company.course.as_of
    account = Account(
        id=f"C{number:04d}", number=number, kind=kind_id,
        debt_type=next(k.debt_type for k in company.kinds if k.id == kind_id),
        name=name, place=place, industry=market.public_industry if kind_id == "public_body" else industry,
        size=dice.weighted(kind.sizes), nature=dice.weighted(kind.natures), salesperson="", habit=habit,
        lag=dice.between(low, high), round_payer=dice.chance(market.habits[habit].round),
        run_day=dice.one(kind.run_days),
        volume=min(max(dice.lognormal(kind.volume, kind.spread), 30_000.0), 9_000_000.0),
        terms=dice.weighted(kind.terms), since=since, last_order=min(last_order, company.course.as_of),
        excuse=dice.weighted(kind.excuses), clerk=_person(market, dice), boss=_person(market, dice),
        keeper=_person(market, dice), part=part)
    if part:
        part.overrides(account)
    account.salesperson = next(p.name for p in company.staff if p.region == account.place)
    return account


def _name(market: Market, dice: Dice, kind: str, place: str, industry: str, taken: set[str]) -> str:
    """An invented name nobody else has: place + two characters + trade; a public body goes by its place."""
    while True:
        first, second = dice.one(market.brand_first), dice.one(market.brand_second)
        if kind == "public_body":
            name = f"{place}市{dice.one(market.kinds[kind].industries)}"
        elif kind == "state_enterprise":
            name = f"{place}市{first}{second}{industry}有限公司"
        else:
            name = f"{place}{first}{second}{industry}有限公司"
        if name not in taken and first != second:
            taken.add(name)
            return name


def _person(market: Market, dice: Dice) -> str:
    return dice.one(market.surnames) + dice.one(market.given)


def _bankruptcies(company: Company, accounts: list[Account]) -> None:
    """Eight small customers fail; the last two so late that nothing is written off yet."""
    dice = Dice(company.course.seed, IDENTITY, 0, 1)
    small = [a for a in accounts if a.part is None and a.kind in ("installer", "dealer", "factory")
             and a.habit != "prompt" and 150_000 < a.volume < 520_000
             and a.since < company.course.history_from and a.last_order == company.course.as_of]
    for months, account in zip((5, 9, 13, 16, 19, 21, 29, 32), dice.shuffled(small), strict=False):
        account.gone = company.course.history_from + timedelta(months * 30 + dice.whole(0, 20))
        account.last_order = account.gone - timedelta(dice.whole(5, 20))
