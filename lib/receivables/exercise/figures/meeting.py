"""Tables of the talk itself: the red lines with what to say instead, and which dodge leads to which situation."""

from __future__ import annotations

from typing import Any

import pandas as pd

from receivables.exercise.figures.base import ShownTable, figure
from receivables.talk import glossary, redline


@figure
def red_lines(ledger: Any, as_of: pd.Timestamp) -> ShownTable:
    """Every red line (data/redlines.yaml) with what to say instead; company policy is labelled so."""
    rows = [[rule.name + ("（公司规定）" if rule.basis == "policy" else ""), rule.hint] for rule in redline.load().rules]
    return ShownTable(["红线", "换成这样说"], rows, unit="", prose=True)


@figure
def dodge_map(ledger: Any, as_of: pd.Timestamp) -> ShownTable:
    """Dodge, the situation it mostly leads to, the excuse that mostly goes with it (data/glossary.yaml)."""
    words = glossary.load()

    def named(item: Any, term: str) -> str:
        found = [words.term(term).item(place.split(".")[1]).name for place in item.see if place.startswith(term + ".")]
        return "、".join(found)

    rows = [[item.name, named(item, "situations"), named(item, "excuses")] for item in words.term("dodges").items]
    return ShownTable(["他做的", "多半走到", "常配的话"], rows, unit="", prose=True)
