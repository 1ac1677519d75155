"""What one learner takes away: own lines, decisions, sentences to keep, progress; as a page, HTML and Word."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import traitlets

from receivables.course.modules import cases, modules
from receivables.exercise import load_all
from receivables.exercise.kinds.speak import RED
from receivables.exercise.page import PageWidget, esm
from receivables.exercise.store import Record, Store, StoreError
from receivables.exercise.words import words

_SECTIONS = {"write": "lines", "decide": "decisions", "discuss": "decisions", "roleplay": "decisions", "scene": "lines"}


@dataclass(frozen=True)
class MyPage:
    """A learner's page. ``lines`` and ``decisions``: (exercise, question, own words); ``keep``: (exercise, sentence);
    ``progress``: (module, done, all)."""

    learner: str
    lines: list[tuple[str, str, str]]
    decisions: list[tuple[str, str, str]]
    keep: list[tuple[str, str]]
    progress: list[tuple[str, int, int]]

    @property
    def empty(self) -> bool:
        return not (self.lines or self.decisions or self.keep)


def collect(learner: str, records: Iterable[Record]) -> MyPage:
    """Fold a learner's records: of each exercise the best words written (of equals the last; none that cross a red
    line), and every sentence earned by a right answer.

    >>> collect("me", []).empty
    True
    """
    own: dict[str, dict[str, tuple[str, str, str]]] = {"lines": {}, "decisions": {}}
    keep: dict[str, str] = {}
    best: dict[str, float] = {}
    done: set[str] = set()
    for record in records:
        if record.event != "answer":
            continue
        section = _SECTIONS.get(record.shown.get("kind", ""))
        score = record.outcome.get("score", 0)
        worth_keeping = record.shown.get("answer") and record.outcome.get("misconception") != RED
        if section and worth_keeping and score >= best.get(record.exercise, 0):
            best[record.exercise] = score
            own[section][record.exercise] = (record.exercise, record.shown["ask"], record.shown["answer"])
        if record.shown.get("takeaway"):
            keep[record.exercise] = record.shown["takeaway"]
        if record.outcome.get("status") == "correct":
            done.add(record.exercise)
    titles = {m.name: m.title if m.name.startswith("case") else f"{m.number} {m.title}" for m in (*modules(), *cases())}
    counted: dict[str, list[int]] = {}
    for exercise in load_all().values():
        counts = counted.setdefault(titles.get(exercise.home, exercise.home), [0, 0])
        counts[0] += exercise.id in done
        counts[1] += 1
    return MyPage(learner, sorted(own["lines"].values()), sorted(own["decisions"].values()), sorted(keep.items()),
                  [(title, *counts) for title, counts in counted.items()])


def to_html(page: MyPage) -> str:
    """The page as one file that needs nothing else. What the learner typed is escaped."""
    w = words()["my_page"]

    def told(title: str, rows: list[tuple[str, str, str]]) -> str:
        body = "".join(f"<h3>{escape(ask)}</h3><p class=own>{escape(text)}</p>" for _, ask, text in rows)
        return f"<h2>{escape(title)}</h2>{body}" if rows else ""

    keep = "".join(f"<li>{escape(text)}</li>" for _, text in page.keep)
    rows = "".join(f"<tr><td>{escape(title)}</td><td>{done} / {all_}</td></tr>" for title, done, all_ in page.progress)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(w['title'])}</title><style>"
        'body{max-width:720px;margin:24px auto;padding:0 16px;font:16px/1.65 "Noto Sans SC","PingFang SC",'
        '"Microsoft YaHei",sans-serif;color:#1f2933}h1{font-size:24px}h2{font-size:19px;margin-top:28px}'
        "h3{font-size:15px;color:#5b6773;margin:14px 0 4px;font-weight:500}"
        ".own{margin:0;padding:8px 14px;border-left:4px solid #0b5c6b;background:#f5f7f9;white-space:pre-wrap;"
        "overflow-wrap:anywhere}td{padding:4px 24px 4px 0}</style></head><body>"
        f"<h1>{escape(w['title'])}：{escape(page.learner)}</h1>"
        f"{told(w['lines'], page.lines)}{told(w['decisions'], page.decisions)}"
        + (f"<h2>{escape(w['keep'])}</h2><ul>{keep}</ul>" if keep else "")
        + f"<h2>{escape(w['progress'])}</h2><table>{rows}</table></body></html>"
    )


def to_docx(page: MyPage) -> bytes:
    """The page as a Word file."""
    from receivables.course.scripts.lines import clean as text
    from receivables.course.scripts.word import new_document

    w = words()["my_page"]
    document = new_document()
    document.add_heading(text(f"{w['title']}：{page.learner}"), 0)
    for title, rows in ((w["lines"], page.lines), (w["decisions"], page.decisions)):
        if rows:
            document.add_heading(title, 1)
        for _, ask, own in rows:
            document.add_paragraph(text(ask)).runs[0].italic = True
            document.add_paragraph(text(own), style="Quote")
    if page.keep:
        document.add_heading(w["keep"], 1)
    for _, sentence in page.keep:
        document.add_paragraph(text(sentence), style="List Bullet")
    document.add_heading(w["progress"], 1)
    table = document.add_table(rows=0, cols=2)
    for title, done, total in page.progress:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = title, f"{done} / {total}"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class MyPageWidget(PageWidget):
    """The learner's page in the course; it is filled when the page says hello."""

    _esm = esm(Path(__file__).with_name("my_page.js"))
    words = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, store: Store | None = None):
        self.store = store or Store()
        super().__init__(words=words()["my_page"], view={"known": False})
        self.on_msg(self._receive)

    def _receive(self, _: Any, message: Any, __: Any) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "jsonl":  # the answers as they are kept, to hand to the trainer for the script book
            if self.store.path.is_file():
                name = f"{self.words['answers_file']}-{self.store.path.name}"
                self.send({"type": "file", "name": name}, [self.store.path.read_bytes()])
            return
        if kind not in ("hello", "html", "docx"):
            return
        try:
            page = collect(self.store.learner, self.store.records())
        except StoreError as error:
            self.view = {"known": True, "error": str(error)}
            return
        if kind == "hello":
            self.view = {"known": True, "empty": page.empty, "lines": page.lines, "decisions": page.decisions,
                         "keep": page.keep, "progress": page.progress}
            self.send_state("view")
        else:
            content = to_html(page).encode() if kind == "html" else to_docx(page)
            self.send({"type": "file", "name": f"{self.words['file']}.{kind}"}, [content])

    def __repr__(self) -> str:
        return "<我的一页>"

    def static_html(self) -> str:
        return f"<p>{escape(self.words['only_here'])}</p>"
