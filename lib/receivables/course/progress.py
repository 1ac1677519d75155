"""The list of modules with one's own progress, and where one's answers are kept: a widget of the start page."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import traitlets

from receivables.course.modules import cases, modules
from receivables.exercise import load_all
from receivables.exercise.page import PageWidget, esm
from receivables.exercise.store import Store, StoreError, progress
from receivables.exercise.words import words


class ModuleList(PageWidget):
    """All modules; the page asks for the learner's progress when it is shown."""

    _esm = esm(Path(__file__).with_name("progress.js"))
    modules = traitlets.List().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, store: Store | None = None):
        self.store = store or Store()
        listed = [{"number": m.number, "name": m.name, "notebook": m.notebook, "title": m.title, "can": m.can,
                   "built": m.built} for m in (*modules(), *cases())]
        super().__init__(modules=listed, words=words()["progress"] | {"not_yet": words()["page"]["not_yet"]},
                         view={"known": False})
        self.on_msg(self._receive)

    def _receive(self, _: Any, message: Any, __: Any) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "forget":
            self.store.forget()
        if kind in ("hello", "forget"):
            self.view = self._view() | {"erased": kind == "forget"}
            self.send_state("view")

    def _view(self) -> dict[str, Any]:
        try:
            records = list(self.store.records())
        except StoreError as error:
            return {"known": True, "error": str(error), "path": str(self.store.path), "done": {}, "answers": 0}
        counted: dict[str, list[int]] = {}
        for exercise in load_all().values():
            done = progress(iter(records), exercise.id, exercise.question.version).done
            counts = counted.setdefault(exercise.home, [0, 0])
            counts[0] += done
            counts[1] += 1
        return {"known": True, "error": "", "path": str(self.store.path), "done": counted, "answers": len(records)}

    def __repr__(self) -> str:
        return f"<课程目录 · {sum(m['built'] for m in self.modules)} / {len(self.modules)} 课>"

    def static_html(self) -> str:
        rows = []
        for module in self.modules:
            title = f"{module['number']} {escape(module['title'])}"
            if module["built"]:
                title = f'<a href="../{module["notebook"]}">{title}</a>'
            else:
                title += f"（{escape(self.words['not_yet'])}）"
            rows.append(f"<li>{title}：{escape(module['can'])}</li>")
        return f"<ul>{''.join(rows)}</ul>"
