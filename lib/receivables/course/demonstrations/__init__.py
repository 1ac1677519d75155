"""Live demonstrations: stock sliders, and a pure function from what they say to what the page shows."""

from receivables.course.demonstrations.base import Demonstration, Shown

__all__ = ["Demonstration", "Shown"]
