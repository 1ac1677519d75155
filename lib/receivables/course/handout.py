"""Handouts for print: every exercise's paper twin, a sheet a module; for trainers the same with the keys."""

from __future__ import annotations

from html import escape
from pathlib import Path

from receivables.course import browser, build, replay
from receivables.course.cases import Case
from receivables.course.documents import STYLE
from receivables.course.modules import cases, modules
from receivables.exercise.paper import key_html, question_html

_STYLE = (
    '@page{size:A4;margin:16mm}body{max-width:720px;margin:0 auto;font:14px/1.6 "Noto Sans SC","Noto Sans SC Subset",'
    '"PingFang SC","Microsoft YaHei",sans-serif;color:#111}h1{font-size:20px}.paper{break-inside:avoid;border-top:1px solid '
    "#999;padding:8px 0}.paper-top{color:#555;font-size:12px;margin:0}p{margin:.35em 0}.paper-line{border-bottom:1px solid "
    "#999;height:2em;margin:0}table{border-collapse:collapse;width:100%;font-size:12px}th,td{border:1px solid #999;"
    "padding:3px 6px;text-align:right}th:first-child,td:first-child{text-align:left}.paper-targets{columns:2}"
    ".paper-role{break-inside:avoid;border:1px dashed #555;padding:6px 12px;margin:10px 0}"
)


def sheets(*, keys: bool) -> dict[str, str]:
    """Module or case -> its sheet as HTML. ``keys``: the trainer's, with answers and what wrong ones show."""
    found = {}
    titles = {module.name: module.title for module in (*modules(), *cases())}
    for source in replay.replayable():
        home = build.home(source)
        lesson = replay.lesson_of(source)
        bound = [lesson.bound(name) for name in lesson.exercises]
        papers, style = "", _STYLE
        if isinstance(lesson.ledger, Case) and not keys:
            papers, style = lesson.ledger.show().html, _STYLE + STYLE.read_text(encoding="utf-8")
        body = "".join(key_html(b) if keys else question_html(b.public()) for b in bound)
        title = escape(titles.get(home, home))
        found[home] = (f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
                       f"<style>{style}</style></head><body><h1>{title}</h1>{papers}{body}</body></html>")
    return found


def write_all(folder: Path, *, keys: bool) -> list[Path]:
    """Write every sheet as HTML, and as PDF where there is a Chromium; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for home, text in sheets(keys=keys).items():
        page = folder / f"{home}{'.key' if keys else ''}.html"
        page.write_text(text, encoding="utf-8")
        made.append(page)
        if browser.print_pdf(page, page.with_suffix(".pdf")):
            made.append(page.with_suffix(".pdf"))
    return made
