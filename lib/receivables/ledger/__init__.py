"""What is owed: tables, validation, import of foreign files, open items at a date."""

from receivables.ledger.ledger import Ledger
from receivables.ledger.problems import LedgerError, Problem
from receivables.ledger.reader import read_ledger

__all__ = ["Ledger", "LedgerError", "Problem", "read_ledger"]
