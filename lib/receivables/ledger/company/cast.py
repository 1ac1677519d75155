"""The cast (角色): customers whose part in the course is fixed before anything is drawn.

Who they are to the trainer stands in company.yaml under ``trainer_only``; the first ledger's
three ordinary customers stand in company_market.yaml. Here is only how they differ from the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from receivables.ledger.company.market import Scripted, market
from receivables.ledger.company.profile import profile

if TYPE_CHECKING:
    from receivables.ledger.company.accounts import Account

Role = Literal["squeeze", "surge", "dispute", "concealed", "scripted"]

# The day each story turns.
SQUEEZE_FROM = date(2024, 6, 1)
SURGE_FROM = date(2025, 2, 1)
SURGE_LAST_PAYMENT = date(2025, 3, 28)
SURGE_DRAFT_DUE = date(2025, 6, 24)
SURGE_DISHONOURED = date(2025, 6, 26)
DISPUTE_FROM = date(2024, 9, 1)
SCRIPTED_UNTIL = date(2024, 10, 20)  # last drawn order of the first ledger's customers
REBILL_DAYS = (date(2024, 9, 27), date(2024, 12, 27), date(2025, 3, 28))


@dataclass(frozen=True)
class Part:
    """A customer's part: his role and what of the drawn account it replaces."""

    role: Role
    name: str
    kind: str
    fixed: dict[str, Any]
    scripted: Scripted | None = None

    def overrides(self, account: Account) -> None:
        """Put the part over what was drawn."""
        account.since = min(account.since, date(2021, 3, 8))
        for attribute, value in self.fixed.items():
            setattr(account, attribute, value)


@cache
def cast() -> dict[str, Part]:
    """Every part by customer.

    >>> cast()["C0117"].role, cast()["C0023"].role
    ('squeeze', 'scripted')
    """
    stories = profile().trainer_only
    common = {"round_payer": False, "last_order": profile().course.as_of}
    parts: dict[str, Part] = {}

    def play(story: str, kind: str, **fixed: Any) -> None:
        parts[stories[story].customer] = Part(story, stories[story].name, kind, common | fixed)

    play("squeeze", "installer", place="泓州", industry="水电安装工程", size="small", nature="民营", habit="slow",
         lag=14.0, run_day=20, volume=2_260_000.0, terms=60, excuse="no_money", last_order=date(2025, 5, 6))
    play("surge", "dealer", place="平澜", industry="机电经销", size="small", nature="民营", habit="prompt", lag=-3.0,
         run_day=25, volume=1_340_000.0, terms=60, excuse="nobody", last_order=date(2025, 4, 17))
    play("dispute", "state_enterprise", place="北渡", industry="城市建设投资", size="large", nature="国有",
         habit="slow", lag=12.0, run_day=25, volume=1_720_000.0, terms=60, excuse="dispute",
         last_order=date(2025, 3, 20))
    place = next(p.region for p in profile().staff if p.name == stories["concealer"].salesperson)
    for customer, kind in zip(stories["concealer"].customers, ("installer", "factory", "general_contractor"),
                              strict=True):
        parts[customer] = Part("concealed", "", kind, common | {
            "place": place, "habit": "late", "lag": 120.0, "volume": 940_000.0, "excuse": "no_money", "terms": 60})
    for scripted in market().first_ledger:
        parts[scripted.customer] = Part("scripted", scripted.name, scripted.kind, common | {
            "place": scripted.place, "industry": scripted.industry, "terms": scripted.terms, "habit": "prompt",
            "lag": 1.0, "volume": 420_000.0, "last_order": SCRIPTED_UNTIL}, scripted)
    return parts

