"""Documents to read on the page: contract, delivery note, invoice, statement, chat. Plain HTML, made for a phone.

A case writes its documents once, in documents.yaml; figures and tables come from the case, so that every paper of
one seed agrees with every other to the fen. Each paper folds (``details``), prints open where it stands open, and
scrolls its tables inside itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Annotated, Any, Literal

import traitlets
from pydantic import Field

from receivables.content import Content, load
from receivables.exercise.figures import ShownTable
from receivables.exercise.page import PageWidget, esm
from receivables.exercise.spec import Name, Text, fill

_HERE = Path(__file__).parent
STYLE = _HERE / "documents.css"
UNSIGNED = "（空着）"
LONG = 12  # characters: a cell with more is words, and may break
_LONG = ' class="rd-long"'


class Signature(Content):
    """A line to sign: whose, what stands on it (nothing: unsigned), date and seal."""

    label: Text
    by: str = ""
    day: str = ""
    seal: str = ""


class Sheet(Content):
    """A paper: fields, words, a table of the case by name, clauses, signatures, a remark in somebody's hand."""

    kind: Literal["sheet"] = "sheet"
    id: Name
    title: Text
    number: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    text: str = ""
    table: Name | None = None
    clauses: list[Text] = Field(default_factory=list)
    signatures: list[Signature] = Field(default_factory=list)
    note: str = ""
    source: Text = "虚构"
    open: bool = True


class Message(Content):
    """One line of a chat; ``day`` opens a new day; ``mine`` is our own side's."""

    who: Text
    at: Text
    says: Text
    day: str = ""
    mine: bool = False


class Chat(Content):
    """A chat log, oldest first."""

    kind: Literal["chat"]
    id: Name
    title: Text
    number: str = ""
    messages: Annotated[list[Message], Field(min_length=1)]
    source: Text = "虚构"
    open: bool = True


Document = Annotated[Sheet | Chat, Field(discriminator="kind")]


class Documents(Content):
    """documents.yaml of a case."""

    documents: list[Document]


@lru_cache(maxsize=16)
def read(file: Path) -> dict[str, Document]:
    """The documents of one file by id.

    Raises
    ------
    receivables.content.ContentError
        With every fault of the file and its line.
    ValueError
        For an id given twice.
    """
    found: dict[str, Document] = {}
    for document in load(file, Documents).documents:
        if document.id in found:
            raise ValueError(f"{file.name}: document {document.id!r} stands twice")
        found[document.id] = document
    return found


def table_html(shown: ShownTable, label: str) -> str:
    """A shown table, its first column as row heads, its last row ruled off where it is a total."""
    def cell(text: str, tag: str) -> str:
        scope = ' scope="row"' if tag == "th" else ""
        return f"<{tag}{scope}{_LONG if len(text) > LONG else ''}>{escape(text)}</{tag}>"

    def row(cells: Sequence[str]) -> str:
        return f"<tr>{cell(cells[0], 'th')}{''.join(cell(text, 'td') for text in cells[1:])}</tr>"

    rows = [row(cells) for cells in shown.rows]
    foot = f"<tfoot>{rows.pop()}</tfoot>" if shown.total else ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in shown.header)
    return (f'<div class="rd-wide" tabindex="0" role="group" aria-label="{escape(label)}"><table><thead><tr>{head}</tr>'
            f"</thead><tbody>{''.join(rows)}</tbody>{foot}</table></div>")


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.splitlines() if part.strip())


def _signature(sign: Signature) -> str:
    seal = f'<span class="rd-seal">{escape(sign.seal)}</span>' if sign.seal else ""
    under = " ".join(filter(None, [escape(sign.label), escape(sign.day)]))
    name = escape(sign.by) or f'<span class="rd-hidden">{UNSIGNED}</span>'
    return f'<div class="rd-sign"><i>{name}{seal}</i><small>{under}</small></div>'


def _sheet(sheet: Sheet, tables: Mapping[str, ShownTable]) -> str:
    parts = []
    if sheet.fields:
        pairs = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in sheet.fields.items())
        parts.append(f"<dl>{pairs}</dl>")
    parts.append(_paragraphs(sheet.text))
    if sheet.table:
        parts.append(table_html(tables[sheet.table], sheet.title))
    if sheet.clauses:
        parts.append(f"<ol>{''.join(f'<li>{escape(text)}</li>' for text in sheet.clauses)}</ol>")
    if sheet.signatures:
        parts.append(f'<div class="rd-signs">{"".join(map(_signature, sheet.signatures))}</div>')
    if sheet.note:
        parts.append(f'<div class="rd-note">{_paragraphs(sheet.note)}</div>')
    return "".join(parts)


def _chat(chat: Chat) -> str:
    parts = []
    for message in chat.messages:
        if message.day:
            parts.append(f'<p class="rd-day">{escape(message.day)}</p>')
        parts.append(f'<div class="rd-say{" rd-me" if message.mine else ""}"><small>{escape(message.who)} '
                     f"{escape(message.at)}</small><p>{escape(message.says)}</p></div>")
    return "".join(parts)


def _filled(value: Any, facts: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return fill(value, facts)
    if isinstance(value, list):
        return [_filled(item, facts) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, facts) for name, item in value.items()}
    return value


class Shown(PageWidget):
    """Documents with the figures of one case: a page to read, and their whole text where CI compares.

    A widget only for its style: a page drops ``<style>`` from plain HTML.
    """

    _esm = esm(_HERE / "documents.js")
    _css = STYLE
    html = traitlets.Unicode().tag(sync=True)

    def __init__(self, documents: Sequence[Sheet | Chat], facts: Mapping[str, Any], tables: Mapping[str, ShownTable]):
        self.documents = [type(d).model_validate(_filled(d.model_dump(), facts)) for d in documents]
        self.tables = tables
        super().__init__(html="".join(self._one(document) for document in self.documents))

    def static_html(self) -> str:
        return self.html

    def _one(self, d: Sheet | Chat) -> str:
        inner = _chat(d) if isinstance(d, Chat) else _sheet(d, self.tables)
        number = f"<span>{escape(d.number)}</span>" if d.number else ""
        return (f'<details class="rd-doc" id="doc-{d.id}"{" open" if d.open else ""}><summary><b>{escape(d.title)}</b>'
                f'{number}</summary><div class="rd-in">{inner}<p class="rd-source">{escape(d.source)}</p></div></details>')

    def __repr__(self) -> str:
        lines: list[str] = []
        for d in self.documents:
            lines.append(f"[{d.title}] {d.number}".rstrip())
            if isinstance(d, Chat):
                lines += [f"{m.day} {m.at} {m.who}：{m.says}".strip() for m in d.messages]
                continue
            lines += [f"{k}：{v}" for k, v in d.fields.items()] + [t for t in d.text.splitlines() if t.strip()]
            if d.table:
                table = self.tables[d.table]
                lines += [" | ".join(row) for row in [table.header, *table.rows]]
            lines += d.clauses + [f"{s.label}：{s.by or UNSIGNED} {s.seal} {s.day}".rstrip() for s in d.signatures]
            lines += [d.note] if d.note else []
        return "\n".join(lines)
