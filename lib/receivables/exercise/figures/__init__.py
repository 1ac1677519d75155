"""The figures an exercise may ask for, by name. Each takes a ledger and a date; content files name them.

This is the only place where exercises touch the analysis: a specification holds no number. A new
theme is a new module here, imported below, whose functions carry ``@figure``.
"""

from receivables.exercise.figures import ages, carry, case, meeting, owed, profit, ratios, records, redated
from receivables.exercise.figures.base import ShownTable, compute, figure, money, names, short_name

__all__ = ["ShownTable", "ages", "carry", "case", "compute", "figure", "meeting", "money", "names", "owed", "profit",
           "ratios", "records", "redated", "short_name"]
