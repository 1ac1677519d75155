"""An executed notebook as one self-contained HTML page: no code, no outside request, fit for A4."""

from __future__ import annotations

import re
from html import escape

import nbformat

from receivables.course.report.words import say, told

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_STYLE = """
:root{color-scheme:light}
body{margin:0;background:#eef1f4;color:#1f2933;font:16px/1.6 "Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:980px;margin:0 auto;padding:24px 28px;background:#fff}
h1{font-size:26px;line-height:1.3}
h2{font-size:20px;margin:1.8em 0 .4em;border-bottom:2px solid #0b5c6b}h3{font-size:17px}
p,li{overflow-wrap:anywhere}
.rw-wide{margin:10px 0 16px}
.rw-table{width:100%;font-size:14px}
.rw-table th,.rw-table td{padding:5px 8px;border-bottom:1px solid #d8dee4;font-weight:400;vertical-align:top}
.rw-table td{white-space:nowrap}.rw-table td[style*=left]{white-space:normal}.rw-table tbody th{min-width:4.6em}
.rw-table thead th{color:#5b6773;font-weight:500}
.rw-table tfoot th,.rw-table tfoot td{font-weight:600;border-top:2px solid #1f2933}
.rw-table caption{padding:4px 8px}
.loud,.stopped{border-left:4px solid #a8321e;background:#fbeeea;padding:10px 14px}
.stopped b{display:block}
.anchor-link{display:none}
@page{size:A4;margin:14mm}
@media print{body{background:#fff;font-size:11pt}main{max-width:none;padding:0}
.rw-table{font-size:8.5pt}.rw-table th,.rw-table td{padding:3px 4px}
h2,h3,caption{break-after:avoid}tr,figure{break-inside:avoid}.rw-wide{overflow:visible!important}thead{display:table-header-group}tfoot{display:table-row-group}}
@media (max-width:600px){main{padding:14px}}
"""


def html(notebook: nbformat.NotebookNode, title: str) -> str:
    """The page of an executed notebook; a cell that failed is told in words and ends it.

    >>> cell = nbformat.v4.new_code_cell("1/0", outputs=[nbformat.v4.new_output("error", ename="ValueError",
    ...                                  evalue="no such file", traceback=[])])
    >>> page = html(nbformat.v4.new_notebook(cells=[cell]), "报告")
    >>> "no such file" in page, "1/0" in page
    (True, False)
    """
    from nbconvert import HTMLExporter

    shown = nbformat.v4.new_notebook(cells=_readable(notebook))
    exporter = HTMLExporter(template_name="basic", exclude_input=True, exclude_input_prompt=True,
                            exclude_output_prompt=True, exclude_anchor_links=True)
    body, _ = exporter.from_notebook_node(shown)
    return (f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
            f"<style>{_STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n")


def _readable(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells to show: papermill's own error marks left out, the failure said once, nothing after it."""
    cells = []
    for cell in notebook.cells:
        if "papermill-error-cell-tag" in cell.metadata.get("tags", []):
            continue
        cells.append(cell)
        error = next((o for o in cell.get("outputs", []) if o.output_type == "error"), None)
        if error is not None:
            told_in = "<br>".join(escape(told(line)) for line in _ANSI.sub("", error.evalue).splitlines())
            box = (f'<div class="stopped"><b>{escape(say("page_stopped"))}</b>{escape(say("page_stopped_text"))}'
                   f"<br>{told_in}</div>")
            cell = cells[-1] = nbformat.from_dict(cell)
            cell.outputs = [o for o in cell.outputs if o.output_type == "display_data"]
            cell.outputs.append(nbformat.v4.new_output("display_data", {"text/html": box}))
            break
    return cells
