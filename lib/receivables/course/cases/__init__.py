"""The casework: each case is a ledger, facts and tables drawn from a seed, and documents that show them."""

from receivables.course.cases.base import Case

__all__ = ["Case"]
