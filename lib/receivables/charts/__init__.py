"""Every figure's style and the chart functions: deterministic SVG with a text alternative."""
