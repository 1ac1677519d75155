"""What the generator draws from (市场参数): data/company_market.yaml, validated."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, PositiveInt, model_validator

from receivables import paths
from receivables.content import Content, load
from receivables.ledger.company.profile import CustomerId, Share, SizeClass, Yuan

Weight = Annotated[float, Field(ge=0)]
Start = Literal["invoice", "delivery", "acceptance", "statement", "month_end", "third_party_payment"]
Habit = Literal["prompt", "slow", "late"]


class Slowdown(Content):
    from_: date = Field(alias="from")
    factor: float


class Kind(Content):
    """How one kind of customer buys and pays; mappings are weights."""

    volume: Yuan
    spread: float
    terms: dict[PositiveInt, Weight]
    starts: dict[Start, Weight]
    sizes: dict[SizeClass, Weight]
    natures: dict[str, Weight]
    industries: tuple[str, ...]
    habits: dict[Habit, Weight]
    instruments: dict[str, Weight]
    excuses: dict[str, Weight]
    run_days: tuple[PositiveInt, ...]
    retained: Share
    disputes: Share
    subjects: tuple[str, ...]


class HabitOf(Content):
    """How late somebody pays: his median days past due (drawn once), what is drawn for each invoice, and the rest."""

    median: tuple[float, float]
    noise: float
    parts: Share
    round: Share
    promise: Share
    grade: dict[str, Weight]


class ScriptedInvoice(Content):
    """One invoice of the first ledger, as every learner sees it in module 00; amounts in fen."""

    issued: date
    amount: PositiveInt
    paid: tuple[tuple[date, PositiveInt], ...] = ()


class Scripted(Content):
    """A customer whose last months are written down instead of drawn."""

    customer: CustomerId
    name: str
    kind: str
    terms: PositiveInt
    place: str
    industry: str
    invoices: tuple[ScriptedInvoice, ...]


class Market(Content):
    seasons: tuple[Share, ...] = Field(min_length=12, max_length=12)
    growth: float
    slowdown: Slowdown
    kinds: dict[str, Kind]
    habits: dict[Habit, HabitOf]
    places: tuple[str, ...]
    brand_first: tuple[str, ...]
    brand_second: tuple[str, ...]
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    roles: dict[str, tuple[str, ...]]
    notes: dict[str, tuple[str, ...]]
    excuses: dict[str, tuple[str, ...]]
    public_industry: str
    diligence: dict[str, Share]
    banks: tuple[str, ...]
    forums: tuple[str, ...]
    differences: tuple[str, ...]
    pretexts: tuple[tuple[str, str], ...]
    remarks: dict[str, str]
    first_ledger: tuple[Scripted, ...]

    @model_validator(mode="after")
    def _a_whole_year(self) -> Market:
        if abs(sum(self.seasons) - 1) > 1e-9:
            raise ValueError("seasons must add up to 1")
        return self


@cache
def market() -> Market:
    """The generator's parameters and invented words, read once.

    >>> len(market().seasons), len(market().kinds)
    (12, 6)
    """
    return load(paths.data("company_market.yaml"), Market)
