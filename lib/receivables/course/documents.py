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

from pydantic import Field

from receivables.content import Content, load
from receivables.exercise.figures import ShownTable
from receivables.exercise.spec import Name, Text, fill

LONG = 12  # characters: a cell with more is words, and may break
_LONG = ' class="rd-long"'
_STYLE = """<style>
.rd-doc{--ink:#1f2933;--soft:#5b6773;--line:#d8dee4;--paper:#fff;--wash:#f5f7f9;--brand:#0b5c6b;--on:#fff;--mark:#a8321e;
  box-sizing:border-box;max-width:720px;margin:14px 0;border:1px solid var(--line);border-radius:4px;background:var(--paper);
  color:var(--ink);font-size:15px;line-height:1.6;overflow-wrap:anywhere}
body[data-jp-theme-light="false"] .rd-doc{--ink:#e6eaee;--soft:#a5b0ba;--line:#3a444d;--paper:#1c2329;--wash:#232b32;
  --brand:#6cc5d3;--on:#10202a;--mark:#f09a86}
.rd-doc *{box-sizing:border-box}
.rd-doc>summary{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:0 12px;min-height:44px;
  padding:10px 18px;cursor:pointer;list-style:none;border-radius:4px}
.rd-doc>summary::-webkit-details-marker{display:none}
.rd-doc>summary b{font-size:16px}
.rd-doc>summary b::before{content:"▸ ";color:var(--soft)}
.rd-doc[open]>summary b::before{content:"▾ "}
.rd-doc[open]>summary{border-bottom:1px solid var(--line);border-radius:4px 4px 0 0;background:var(--wash)}
.rd-doc>summary:focus-visible,.rd-doc .rd-wide:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
.rd-doc>summary span{color:var(--soft);font-size:13px}
.rd-in{padding:10px 18px 16px}
.rd-doc p{margin:.45em 0}
.rd-doc dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 14px;margin:6px 0 10px}
.rd-doc dt{color:var(--soft)}.rd-doc dd{margin:0}
.rd-doc ol{margin:8px 0;padding-left:1.6em}.rd-doc li{margin:.3em 0}
.rd-wide{overflow-x:auto;margin:8px 0}
.rd-doc table{border-collapse:collapse;width:100%;margin:0;font-size:14px;font-variant-numeric:tabular-nums;border:0;color:inherit}
.rd-doc :is(th,td){padding:6px 8px;border:0;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap;
  background:transparent;color:inherit;font-weight:400}
.rd-doc .rd-long{white-space:normal;text-align:left;min-width:8em}
.rd-doc thead th{color:var(--soft)}
.rd-doc :is(th,td):first-child{text-align:left}
.rd-doc tfoot :is(th,td){font-weight:700;border-top:2px solid var(--ink)}
.rd-signs{display:flex;flex-wrap:wrap;gap:12px 28px;margin-top:14px}
.rd-sign{flex:1 1 200px;min-width:0}
.rd-sign i{display:block;min-height:30px;padding:2px 4px;border-bottom:1px solid var(--ink);font-style:normal}
.rd-sign small{color:var(--soft);font-size:13px}
.rd-seal{display:inline-block;margin-left:8px;padding:0 8px;border:2px solid var(--mark);border-radius:14px;color:var(--mark);
  font-size:13px}
.rd-note{padding:8px 12px;border-left:4px solid var(--line);color:var(--soft)}
.rd-source{color:var(--soft);font-size:12px;margin:10px 0 0!important}
.rd-day{margin:12px 0 4px!important;text-align:center;color:var(--soft);font-size:13px}
.rd-say{display:flex;flex-direction:column;align-items:flex-start;margin:8px 0}
.rd-say.rd-me{align-items:flex-end}
.rd-say small{color:var(--soft);font-size:12px}
.rd-say p{max-width:85%;margin:2px 0!important;padding:8px 13px;border-radius:12px;border-bottom-left-radius:3px;background:var(--wash)}
.rd-me p{background:var(--brand);color:var(--on);border-radius:12px;border-bottom-right-radius:3px}
@media (max-width:480px){.rd-doc>summary{padding:10px 14px}.rd-in{padding:8px 14px 14px}
  .rd-doc table{font-size:13px}.rd-doc :is(th,td){padding:6px 5px}}
@media print{.rd-doc{break-inside:avoid}.rd-doc>summary b::before{content:""!important}
  .rd-me p{background:#fff;color:#111;border:1px solid #999}.rd-wide{overflow:visible}}
</style>"""


class Signature(Content):
    """A line to sign: whose, what stands on it (nothing: unsigned), date and seal."""

    label: Text
    by: str = ""
    on: str = ""
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
    under = " ".join(filter(None, [escape(sign.label), escape(sign.on)]))
    return f'<div class="rd-sign"><i>{escape(sign.by)}{seal}</i><small>{under}</small></div>'


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


class Shown:
    """Documents with the figures of one case: HTML where people read, their whole text where CI compares."""

    def __init__(self, documents: Sequence[Sheet | Chat], facts: Mapping[str, Any], tables: Mapping[str, ShownTable]):
        self.documents = [type(d).model_validate(_filled(d.model_dump(), facts)) for d in documents]
        self.tables = tables

    @property
    def body(self) -> str:
        """The documents as HTML without their style."""
        return "".join(self._one(document) for document in self.documents)

    def _one(self, d: Sheet | Chat) -> str:
        inner = _chat(d) if isinstance(d, Chat) else _sheet(d, self.tables)
        number = f"<span>{escape(d.number)}</span>" if d.number else ""
        return (f'<details class="rd-doc" id="doc-{d.id}"{" open" if d.open else ""}><summary><b>{escape(d.title)}</b>'
                f'{number}</summary><div class="rd-in">{inner}<p class="rd-source">{escape(d.source)}</p></div></details>')

    def _repr_html_(self) -> str:
        return _STYLE + self.body

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
            lines += d.clauses + [f"{s.label}：{s.by} {s.seal} {s.on}".rstrip() for s in d.signatures]
            lines += [d.note] if d.note else []
        return "\n".join(lines)
