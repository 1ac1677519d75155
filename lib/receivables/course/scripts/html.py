"""A paper as one HTML file: nothing from outside, A4 when printed, readable at 390 px. Every text is escaped."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from pathlib import Path

from receivables.course.scripts.paper import Block, Fields, Head, Items, Paper, Para, Said, Sign, Table

_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{4}年\d{1,2}月\d{1,2}日")
STYLE = Path(__file__).with_name("paper.css")


def to_html(paper: Paper) -> str:
    """The paper as a page.

    >>> "&lt;b&gt;" in to_html(Paper("函", (Para("<b>"),)))
    True
    """
    heads = paper.chapters
    anchors = iter(f"h{n}" for n in range(len(heads)))
    body = "".join(_chapter(list(blocks), anchors) for blocks in _chapters(paper))
    links = "".join(f'<li><a href="#h{n}">{escape(text)}</a></li>' for n, text in enumerate(heads))
    nav = f'<nav aria-label="目录"><ol>{links}</ol></nav>' if paper.cover and heads else ""
    lines = "".join(f"<p>{escape(line)}</p>" for line in paper.cover)
    cover = f'<div class="cover"><h1>{escape(paper.title)}</h1>{lines}{nav}</div>' if paper.cover else (
        f"<h1>{escape(paper.title)}</h1>")
    running = f'<p class="running">{escape(paper.running)}</p>' if paper.running else ""
    foot = f'<p class="foot">{escape(paper.foot)}</p>' if paper.foot else ""
    return ('<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(paper.title)}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head>\n"
            f"<body><main>{running}{cover}{body}{foot}</main></body></html>\n")


def _chapters(paper: Paper):
    """The blocks, cut before every heading that begins a page."""
    number = 0

    def chapter(block: Block) -> int:
        nonlocal number
        number += isinstance(block, Head) and block.fresh
        return number

    return (blocks for _, blocks in groupby(paper.blocks, chapter))


def _chapter(blocks: list[Block], anchors) -> str:
    fresh = isinstance(blocks[0], Head) and blocks[0].fresh
    inside = "\n".join(_block(block, anchors) for block in blocks)
    return f'<section{" class=fresh" if fresh else ""}>{inside}</section>\n'


def _words(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _block(block: Block, anchors) -> str:
    match block:
        case Head(text, level):
            anchor = f' id="{next(anchors)}"' if level == 1 else ""
            return f"<h{level + 1}{anchor}>{escape(text)}</h{level + 1}>"
        case Para(text, style):
            return f'<p class="{style}">{_words(text)}</p>'
        case Items(lines, kind, start):
            tag, first = "ol" if kind == "number" else "ul", f' start="{start}"' if start > 1 else ""
            return f'<{tag} class="{kind}"{first}>{"".join(f"<li>{_words(line)}</li>" for line in lines)}</{tag}>'
        case Fields(pairs):
            said = (f"<dt>{escape(name)}</dt><dd>{_words(value) or '&nbsp;'}</dd>" for name, value in pairs)
            return f"<dl>{''.join(said)}</dl>"
        case Sign(parties):
            said = ("".join(f"<p>{escape(line)}</p>" for line in party) for party in parties)
            return f'<div class="signs">{"".join(f"<div>{lines}</div>" for lines in said)}</div>'
        case Said(text, note):
            return f"<blockquote><p>{_words(text)}</p><footer>{escape(note)}</footer></blockquote>"
        case Table():
            return _table(block)


def _marks(table: Table, place: int, text: str, tag: str) -> str:
    """Figures to the right, dates in one piece; under each value of a wide table its head, for narrow screens."""
    names = ["r"] * (place in table.right) + ["d"] * bool(_DATE.fullmatch(text))
    marks = f' class="{" ".join(names)}"' if names else ""
    return marks + (f' data-head="{escape(table.head[place])}"' if tag == "td" and len(table.head) > 4 else "")


def _table(table: Table) -> str:
    def row(cells: tuple[str, ...], tag: str) -> str:
        made = (f'<{tag}{_marks(table, place, text, tag)}>{_words(text)}</{tag}>' for place, text in enumerate(cells))
        return f"<tr>{''.join(made)}</tr>"

    rows = [row(cells, "td") for cells in table.rows]
    foot = f"<tfoot>{rows.pop()}</tfoot>" if table.total and rows else ""
    wide = " many" if len(table.head) > 4 else ""
    columns = "".join(f'<col style="width:{weight / sum(table.weights):.1%}">' for weight in table.weights)
    return (f'<div class="wide" tabindex="0" role="group"><table class="{"tall" if table.tall else "plain"}{wide}">'
            f"<colgroup>{columns}</colgroup><thead>{row(table.head, 'th')}</thead><tbody>{''.join(rows)}</tbody>{foot}"
            "</table></div>")
