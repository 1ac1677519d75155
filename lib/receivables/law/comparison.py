"""Competing rules side by side (几种口径并列): a table of bands from which nothing is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from receivables.errors import Undefined
from receivables.law.parameters import Parameter
from receivables.law.result import Band, Finding, yuan


def merge(bands: Iterable[Finding]) -> tuple[Parameter, ...]:
    """The parameters behind several findings, each once, in order."""
    found: list[Parameter] = []
    for band in bands:
        found += [parameter for parameter in band.basis if parameter not in found]
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Comparison(Finding):
    """Rules that may apply, side by side; none is chosen, so there is no ``.value``.

    ``low`` and ``high`` span all rules that gave an amount; each rule keeps its own range, condition and citation.
    """

    rules: tuple[Band, ...]
    principal: Decimal
    start: date
    end: date

    def __iter__(self) -> Iterator[Band]:
        return iter(self.rules)

    def __getitem__(self, rule: str) -> Band:
        """The band of one rule by its code; KeyError when the rule was not considered."""
        for band in self.rules:
            if band.rule == rule:
                return band
        raise KeyError(f"{rule}：这里有 {'、'.join(band.rule for band in self.rules)}")

    def _given(self) -> list[Band]:
        given = [band for band in self.rules if band.low is not None]
        if not given:
            raise Undefined("没有一种口径算得出：" + "；".join(band.missing for band in self.rules))
        return given

    @property
    def low(self) -> Decimal:
        """The lowest amount any of the rules gives."""
        return min(band.low for band in self._given())

    @property
    def high(self) -> Decimal:
        """The highest amount any of the rules gives."""
        return max(band.high for band in self._given())

    def frame(self) -> pd.DataFrame:
        """One row a rule: low, high (yuan, NaN where undefined), condition, confidence, citation.

        ``attrs["undefined"]`` holds the reasons of the rows without an amount.
        """
        table = pd.DataFrame([
            {"rule": band.rule, "title": band.title, "low": None if band.low is None else float(band.low),
             "high": None if band.high is None else float(band.high), "condition": band.condition,
             "confidence": band.confidence, "effective_from": band.effective_from, "citation": band.citation}
            for band in self.rules
        ]).astype({"low": "float64", "high": "float64"})
        table.attrs["undefined"] = {band.rule: band.missing for band in self.rules if band.low is None}
        return table

    def lines(self) -> list[str]:
        days = (self.end - self.start).days
        said = [f"{self.title}：本金 {yuan(self.principal)}，{self.start} 至 {self.end}（{days} 天，算头不算尾）"]
        for number, band in enumerate(self.rules, 1):
            first, *rest = band.lines()
            said += [f"{number}. {first}", *(f"   {line}" for line in (*rest, *band.notes) if line)]
        return [*said, "几种口径并列，适用哪一种由人判断，不替你择高"]
