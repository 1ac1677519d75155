"""A piece of a report: sentences, tables and charts in order, the same in HTML for people and in text for CI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from receivables.charts import Chart


class Blocks:
    """What one cell of a report shows.

    >>> blocks = Blocks()
    >>> blocks.say("对平了。")
    >>> blocks.table(["客户", "金额"], [["甲", "1.00"]], total=["合计", "1.00"], caption="余额")
    >>> blocks
    对平了。
    [余额]
    客户 | 金额
    甲 | 1.00
    合计 | 1.00
    """

    def __init__(self) -> None:
        self._html: list[str] = []
        self._text: list[str] = []

    def head(self, text: str) -> None:
        """A heading inside the section."""
        self._html.append(f"<h3>{escape(text)}</h3>")
        self._text.append(f"### {text}")

    def say(self, text: str, *, loud: bool = False) -> None:
        """A sentence; ``loud`` for one that must not be missed."""
        self._html.append(f'<p class="loud">{escape(text)}</p>' if loud else f"<p>{escape(text)}</p>")
        self._text.append(text)

    def list(self, lines: Iterable[str]) -> None:
        lines = list(lines)
        self._html.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>")
        self._text += [f"- {line}" for line in lines]

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], *, total: Sequence[str] | None = None,
              caption: str = "", words: Sequence[int] = (0,)) -> None:
        """A table of finished strings; the columns in ``words`` hold words, the others figures to the right."""
        rows = [list(row) for row in rows]

        def line(cells: Sequence[str], tag: str = "td") -> str:
            made = []
            for place, cell in enumerate(cells):
                kind = "th" if tag == "td" and place == 0 else tag
                scope = ' scope="row"' if kind == "th" and tag == "td" else ' scope="col"' if tag == "th" else ""
                side = "left" if place in words else "right"
                made.append(f'<{kind}{scope} style="text-align:{side};padding:4px 8px">{escape(str(cell))}</{kind}>')
            return f"<tr>{''.join(made)}</tr>"

        self._html.append(
            '<div class="rw-wide" tabindex="0" style="overflow-x:auto"><table class="rw-table" '
            'style="border-collapse:collapse;font-variant-numeric:tabular-nums">'
            + (f'<caption style="text-align:left;font-weight:600">{escape(caption)}</caption>' if caption else "")
            + f"<thead>{line(head, 'th')}</thead><tbody>{''.join(map(line, rows))}</tbody>"
            + (f"<tfoot>{line(total)}</tfoot>" if total else "") + "</table></div>")
        self._text += ([f"[{caption}]"] if caption else []) + [" | ".join(map(str, r)) for r in
                                                              [head, *rows, *([total] if total else [])]]

    def chart(self, chart: Chart) -> None:
        self._html.append(chart.html)
        self._text.append(repr(chart))

    def _repr_html_(self) -> str:
        return "\n".join(self._html)

    def __repr__(self) -> str:
        return "\n".join(self._text)
