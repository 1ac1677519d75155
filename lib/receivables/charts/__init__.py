"""Every figure's style and the chart functions: deterministic SVG with a text alternative."""

from receivables.charts.aging import aging_bars
from receivables.charts.style import Chart

__all__ = ["Chart", "aging_bars"]
