"""What the story of every case shares: a seed, the day it stands on, dice, and deliveries of priced goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import ClassVar

from receivables.course.cases.papers import last_workday
from receivables.ledger.company.dice import Dice


@dataclass(frozen=True)
class Story:
    """A story of one seed at one day. Amounts are fen.

    ``number`` is the case's own, so that two cases of one seed throw different dice. ``goods`` holds, for each
    delivery, (name, unit, price, quantity); a price grows up to ``dearer`` times, a quantity above ``many`` by 0 to 2.
    """

    seed: int
    as_of: date
    number: ClassVar[int]
    goods: ClassVar[tuple[tuple[tuple[str, str, int, int], ...], ...]]
    dearer: ClassVar[float]
    many: ClassVar[int]

    def dice(self, purpose: int) -> Dice:
        """Dice for one purpose: throwing more for one changes no other."""
        return Dice(self.seed, self.number, purpose)

    def day(self, offset: int) -> date:
        """A working day near ``offset`` days from the day the case stands on."""
        return last_workday(self.as_of + timedelta(days=offset))

    @cached_property
    def vans(self) -> list[list[tuple[str, str, int, int, int]]]:
        """Lines of each delivery: name, unit, price, quantity, amount."""
        dice, vans = self.dice(1), []
        for goods in self.goods:
            lines = []
            for name, unit, price, quantity in goods:
                price = int(price * dice.between(0.98, self.dearer)) // 10 * 10
                quantity += dice.whole(0, 2) if quantity > self.many else 0
                lines.append((name, unit, price, quantity, price * quantity))
            vans.append(lines)
        return vans

    @cached_property
    def amounts(self) -> list[int]:
        """What each delivery comes to, with VAT."""
        return [sum(line[4] for line in van) for van in self.vans]
