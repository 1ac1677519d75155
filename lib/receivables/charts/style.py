"""One look for every figure: colours, the shipped font, and a deterministic SVG with a text alternative.

matplotlib is imported only when a figure is drawn, so that an idle page does not carry it.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from receivables import paths

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, FAINT, LINE, PAPER = "#1f2933", "#5b6773", "#aab4bd", "#d8dee4", "#ffffff"
WASH, BRAND, RED = "#dfe9ec", "#0b5c6b", "#7c1a0c"
# RED is darker than the red of the cards: on the ramp it must stay the darkest step in a greyscale print.
WIDTH = 4.4  # inches, 422 CSS pixels: shown 330 px wide its 10 pt text is still 10 px, shown 540 px wide it is 17 px
_FAMILY = ["Noto Sans SC Subset", "DejaVu Sans"]
_STYLE = {
    "font.family": _FAMILY, "font.size": 10, "text.color": INK, "axes.unicode_minus": False,
    "axes.edgecolor": LINE, "axes.labelcolor": SOFT, "axes.spines.top": False, "axes.spines.right": False,
    "axes.titlelocation": "left", "xtick.color": SOFT, "ytick.color": SOFT, "xtick.labelcolor": INK,
    "ytick.labelcolor": INK, "xtick.major.size": 0, "ytick.major.size": 0, "grid.color": LINE, "grid.linewidth": 0.6,
    "hatch.linewidth": 0.8, "figure.facecolor": PAPER, "axes.facecolor": PAPER, "legend.frameon": False,
    "svg.fonttype": "path", "svg.hashsalt": "receivables", "path.simplify": True,
}
# matplotlib's comments, its metadata (a clock is in it), its style sheet (it would reach the page's other drawings)
_NOISE = re.compile(r"\n[^\n<]*(?:<!--[^>]*-->|<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>)", re.S)
_IDS = re.compile(r' id="|href="#|url\(#')


@dataclass(frozen=True, repr=False)
class Chart:
    """A finished figure: what it finds, what it shows, and how it looks.

    Attributes
    ----------
    title : the finding, one sentence
    label : the text alternative: the finding and the figures behind it
    svg : the drawing, without any clock, path or random id
    data : what was drawn (DataFrame), for tests and for a table beside the figure
    note : a line below the figure (source, date, definition), may be empty
    """

    title: str
    label: str
    svg: str
    data: Any = field(compare=False)
    note: str = ""

    def _repr_html_(self) -> str:
        note = f'<div style="font-size:12px;opacity:.75;margin-top:4px">{escape(self.note)}</div>' if self.note else ""
        return (f'<figure class="rw-chart" style="margin:0 0 12px;max-width:540px;break-inside:avoid">'
                f'<figcaption style="font-weight:600;margin:0 0 6px">{escape(self.title)}</figcaption>'
                f'<div role="img" aria-label="{escape(self.label, quote=True)}">{self.svg}</div>{note}</figure>')

    @property
    def html(self) -> str:
        """The same fragment for ``ipywidgets.HTML(value=...)``."""
        return self._repr_html_()

    def __repr__(self) -> str:
        return f"Chart({self.title!r})"


@contextmanager
def style() -> Iterator[None]:
    """matplotlib set to the house style, for the time of one figure."""
    import matplotlib

    _load_font()
    with matplotlib.rc_context(_STYLE):
        yield


@contextmanager
def figure(height: float, *, left: float = 0.5, right: float = 0.15, top: float = 0.1,
           bottom: float = 0.3) -> Iterator[tuple[Figure, Axes]]:
    """A figure of house width in house style with one pair of axes; all sizes in inches."""
    from matplotlib.figure import Figure

    with style():
        fig = Figure(figsize=(WIDTH, height))
        box = (left / WIDTH, bottom / height, 1 - (left + right) / WIDTH, 1 - (top + bottom) / height)
        yield fig, fig.add_axes(box)


def draw(fig: Figure) -> str:
    """A figure as SVG text to stand inside a page: same figure, same bytes; ids that no other figure has."""
    out = io.StringIO()
    fig.savefig(out, format="svg")
    svg = out.getvalue()
    svg = _NOISE.sub("", svg[svg.index("<svg"):])
    key = "c" + hashlib.sha256(svg.encode()).hexdigest()[:8]
    svg = _IDS.sub(rf"\g<0>{key}-", svg)
    view = re.search(r'viewBox="[^"]+"', svg).group()
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {view} '
            'aria-hidden="true" focusable="false" '
            'style="display:block;width:100%;height:auto;stroke-linejoin:round;stroke-linecap:butt">')
    return (head + svg[svg.index(">") + 1:]).strip()


def ramp(count: int) -> list[str]:
    """Colours for ``count`` aging buckets, youngest first: wash to brand, the oldest red; each darker than the last.

    >>> ramp(3)
    ['#dfe9ec', '#0b5c6b', '#7c1a0c']
    """
    if count < 2:
        return [BRAND][:count]
    steps = [index / max(count - 2, 1) for index in range(count - 1)]
    return [mix(WASH, BRAND, step) for step in steps] + [RED]


def mix(a: str, b: str, share: float) -> str:
    """The colour ``share`` of the way from ``a`` to ``b``.

    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pair = ((int(a[i:i + 2], 16), int(b[i:i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pair)


@cache
def _load_font() -> None:
    from matplotlib import font_manager

    font_manager.fontManager.addfont(paths.data("fonts", "NotoSansSC-Regular-subset.otf"))
