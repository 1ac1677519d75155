"""The ledger report (台账报告): each currency by itself, and nothing that the data cannot support."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from receivables.course.report import sections
from receivables.course.report.blocks import Blocks
from receivables.course.report.view import View
from receivables.course.report.words import say, told
from receivables.errors import Undefined
from receivables.ledger import Ledger


class LedgerReport:
    """Everything the report shows, for one ledger at the end of one day; one method a section.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
    remark : added to the source line, e.g. 虚构
    """

    def __init__(self, ledger: Ledger, as_of, remark: str = ""):
        self.ledger, self.remark = ledger, remark
        self.as_of = pd.Timestamp(as_of).normalize()
        self.views = [View(ledger, self.as_of, currency) for currency in ledger.currencies]

    def source(self) -> Blocks:
        """Which file, which day, what kind of data."""
        blocks = Blocks()
        blocks.say(say("source_line", source=self.ledger.source, as_of=self.as_of.date(),
                       kind=say(f"kind_{self.ledger.kind}"), remark=f" · {self.remark}" if self.remark else ""))
        return blocks

    def balance(self) -> Blocks:
        """What is owed, against the general ledger and against the movements."""
        return self._each(sections.balance)

    def aging(self) -> Blocks:
        """How old it is."""
        return self._each(sections.listed if self.ledger.kind == "aged_list" else sections.ages)

    def holders(self) -> Blocks:
        """Who holds the overdue money."""
        return self._each(sections.holders)

    def dso(self) -> Blocks:
        """DSO in its forms and over the months."""
        return self._each(sections.dso_forms)

    def shift(self) -> Blocks:
        """Against three and twelve months before."""
        return self._each(sections.shifts)

    def five(self) -> Blocks:
        """The five items to look at first."""
        return self._each(sections.five)

    def limits(self) -> Blocks:
        """What the data could not support."""
        blocks = Blocks()
        lines = [line for view in self.views for line in sections.gaps(view, len(self.views) > 1)]
        if self.ledger.problems:
            blocks.say(say("limits_problems"))
            blocks.list(told(str(problem)) for problem in self.ledger.problems)
        if lines:
            blocks.say(say("limits_undefined"))
            blocks.list(lines)
        if not lines and not self.ledger.problems:
            blocks.say(say("limits_none"))
        return blocks

    def _each(self, section: Callable[[View, Blocks], None]) -> Blocks:
        blocks = Blocks()
        for view in self.views:
            if len(self.views) > 1:
                blocks.head(say("currency_head", currency=view.name))
            try:
                section(view, blocks)
            except Undefined as undefined:
                blocks.say(say("no_section", reason=told(undefined.reason)))
        return blocks
