"""Tables of the talk itself: the red lines with what to say instead."""

from __future__ import annotations

from typing import Any

import pandas as pd

from receivables.exercise.figures.base import ShownTable, figure
from receivables.talk import redline


@figure
def red_lines(ledger: Any, as_of: pd.Timestamp) -> ShownTable:
    """Every red line (data/redlines.yaml) with what to say instead; company policy is labelled so."""
    rows = [[rule.name + ("（公司规定）" if rule.basis == "policy" else ""), rule.hint] for rule in redline.load().rules]
    return ShownTable(["红线", "换成这样说"], rows, unit="", prose=True)
