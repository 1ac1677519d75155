"""Deals of a scene (场上的交易): what a line gives away and gets, as entries for the concession ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import model_validator

from receivables.content import Content
from receivables.ledger.company import profile
from receivables.talk import concession
from receivables.talk.concession import (
    Allowance,
    Cash,
    Days,
    Instalments,
    Paper,
    Security,
    Step,
    Supply,
    Verdict,
    WaivedInterest,
)


class _One(Content):
    """Exactly one of the fields is given."""

    @model_validator(mode="after")
    def _exactly_one(self):
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {list(type(self).model_fields)}, given {given}")
        return self

    @property
    def value(self):
        """The one that is given."""
        return next(v for name in type(self).model_fields if (v := getattr(self, name)) is not None)


class Give(_One):
    """One concession (让的): priced by the concession ledger."""

    days: Days | None = None
    instalments: Instalments | None = None
    allowance: Allowance | None = None
    waived_interest: WaivedInterest | None = None
    supply: Supply | None = None


class Get(_One):
    """One thing got (换的)."""

    cash: Cash | None = None
    security: Security | None = None
    paper: Paper | None = None


class Deal(Content):
    """What one line trades (一笔交换). ``apply``: said as 我去申请, so whoever may grant it approves;
    ``outright``: granted on the spot by the speaker, a red line when it is beyond his authority."""

    gives: tuple[Give, ...]
    gets: tuple[Get, ...] = ()
    said: Literal["outright", "apply"]

    def given(self) -> tuple[concession.Concession, ...]:
        """The concessions as the ledger prices them."""
        return tuple(give.value for give in self.gives)


def ladder() -> tuple:
    """The authority table of the company, lowest role first (授权表)."""
    return profile().authority


def beyond(deals: list[Deal], role: str, debt: Decimal) -> bool:
    """Whether what was granted on the spot goes beyond the speaker's authority (越权承诺)."""
    given = [g for deal in deals if deal.said == "outright" for g in deal.given()]
    if not given:
        return False
    ranks = [row.role for row in ladder()]
    needed = concession.role_needed(given, ladder(), debt=debt)
    return needed is None or ranks.index(needed) > ranks.index(role)


def settle(deals: list[Deal], role: str, debt: Decimal, *, written: bool, kept: bool) -> Verdict | None:
    """Close the concession ledger over the deals of one talk (结让步账); None when nothing was given.

    ``kept`` is false where the talk came to nothing: what was given stays given, what was promised in
    return never comes.
    """
    if not deals:
        return None
    money = profile().money
    terms = concession.Terms(Decimal(str(money.borrowing_rate)), Decimal(str(money.vat_rate)))
    asked = [g for deal in deals if deal.said == "apply" for g in deal.given()]
    approver = concession.role_needed(asked, ladder(), debt=debt) if asked else None
    steps = [Step(deal.given(), tuple(get.value for get in deal.gets if kept),
                  role if deal.said == "outright" else approver, written) for deal in deals]
    return concession.close(steps, terms, ladder(), debt=debt)
