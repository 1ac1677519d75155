"""Every figure's style and the chart functions: deterministic SVG with a text alternative."""

from receivables.charts.aging import aging_bars
from receivables.charts.bars import amount_bars
from receivables.charts.calendar import due_calendar
from receivables.charts.dso import dso_lines
from receivables.charts.flow import aging_flow
from receivables.charts.lag import lag_histogram
from receivables.charts.pareto import overdue_pareto
from receivables.charts.record import record_lanes
from receivables.charts.spans import invoice_spans
from receivables.charts.style import Chart
from receivables.charts.waterfall import shift_waterfall

__all__ = ["Chart", "aging_bars", "aging_flow", "amount_bars", "dso_lines", "due_calendar", "invoice_spans", "lag_histogram",
           "overdue_pareto", "record_lanes", "shift_waterfall"]
