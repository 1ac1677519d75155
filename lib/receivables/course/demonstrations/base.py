"""What all demonstrations have in common: sliders on top, a picture and a few sentences below, one callback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets
import traitlets

from receivables.charts import Chart


@dataclass(frozen=True)
class Shown:
    """What a demonstration shows for one setting: a picture whose title is the finding, and sentences."""

    chart: Chart
    lines: tuple[str, ...]

    @property
    def html(self) -> str:
        said = "".join(f"<li>{escape(line)}</li>" for line in self.lines)
        return f'<div class="rw-demo" aria-live="polite">{self.chart.html}<ul>{said}</ul></div>'


@dataclass(frozen=True)
class Knob:
    """One slider: what it is called, its unit, from where to where, in what steps, where it starts."""

    name: str
    low: float
    high: float
    step: float
    start: float

    def widget(self) -> Any:
        """The slider; the name stands above it, so that it fits a phone. It answers when let go of."""
        whole = float(self.step).is_integer()
        digits = 0 if whole else len(f"{self.step:g}".split(".")[1])
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        cast = int if whole else float
        return kind(value=cast(self.start), min=cast(self.low), max=cast(self.high), step=cast(self.step),
                    description=self.name, readout_format="d" if whole else f".{digits}f", continuous_update=False,
                    style={"description_width": "11em"}, layout={"width": "100%", "max_width": "640px"})


@dataclass(frozen=True)
class Pick:
    """One list to pick from: what it is called, what is in it (what is shown -> what it stands for), where it starts."""

    name: str
    choices: Mapping[str, Any]
    start: Any

    def widget(self) -> Any:
        """The list, as wide as a slider."""
        return ipywidgets.Dropdown(options=list(self.choices.items()), value=self.start, description=self.name,
                                   style={"description_width": "11em"}, layout={"width": "100%", "max_width": "640px"})


class Demonstration(ipywidgets.VBox):
    """Sliders and lists, and what follows from them.

    Parameters
    ----------
    name : what is demonstrated
    knobs : name of the argument -> slider or list
    show : pure function of those arguments
    """

    def __init__(self, name: str, knobs: Mapping[str, Knob | Pick], show: Callable[..., Shown]):
        self.name = name
        self.show = show
        self.sliders = {argument: knob.widget() for argument, knob in knobs.items()}
        self.page = ipywidgets.HTML()
        for slider in self.sliders.values():
            slider.observe(self._turned, names="value")
        self._turned()
        super().__init__(children=[*self.sliders.values(), self.page])
        self.add_class("rw-demonstration")

    def _turned(self, _: traitlets.Bunch | None = None) -> None:
        self.shown = self.show(**{argument: slider.value for argument, slider in self.sliders.items()})
        self.page.value = self.shown.html

    def __repr__(self) -> str:
        return f"<演示 {self.name} · {self.shown.chart.title}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict:
        data = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": repr(self), "text/html": self.shown.html}
