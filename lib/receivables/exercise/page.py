"""What the course's widgets have in common: one style, shared page code, and a face where no page runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget

_HERE = Path(__file__).parent


def esm(*files: Path) -> str:
    """A widget's page code behind the code that all widgets share (plain ESM cannot import without a server)."""
    return "".join(file.read_text(encoding="utf-8") for file in (_HERE / "dom.js", *files))


class PageWidget(anywidget.AnyWidget):
    """A widget with a stable ``text/plain`` (compared by CI) and HTML for a page without a kernel."""

    _css = _HERE / "card.css"

    def static_html(self) -> str:
        """What a page without a kernel shows; holds nothing that depends on a learner."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        found = super()._repr_mimebundle_(**kwargs)
        data, metadata = found if isinstance(found, tuple) else (found, {})
        return {**data, "text/plain": repr(self), "text/html": self.static_html()}, metadata
