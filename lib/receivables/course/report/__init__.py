"""The ledger report: ``receivables report FILE --as-of DATE`` and the sections its notebook shows."""

from receivables.course.report.facts import report_json
from receivables.course.report.ledger_report import LedgerReport
from receivables.course.report.run import report

__all__ = ["LedgerReport", "report", "report_json"]
