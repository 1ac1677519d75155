"""Notebooks from their text: build, execute, normalise. Building twice leaves no difference.

``python -m receivables.course.build [--check] [SOURCE ...]``
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from receivables import paths
from receivables.course.server import quiet_kernels

KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}
CELL_SECONDS = 120
#: What a kernel of the build sees of the world: nothing that differs between machines.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "RECEIVABLES_LEARNER": "build"}


class BuildError(RuntimeError):
    """A notebook that cannot be committed; the message names the notebook, the cell and the fault."""


def sources() -> list[Path]:
    """The text of every notebook: any ``source/NAME.md`` below notebooks/ and casework/."""
    root = paths.course_root()
    return sorted(path for room in ("notebooks", "casework") for path in (root / room).rglob("source/*.md"))


def target(source: Path) -> Path:
    """Where the notebook of a source stands: beside its source/ folder."""
    return source.parent.parent / f"{source.stem}.ipynb"


def home(source: Path) -> str:
    """The module or case a source belongs to: the name its exercises are filed under."""
    return source.parent.parent.name if source.stem == "case" else source.stem


def convert(source: Path) -> nbformat.NotebookNode:
    """Text to notebook, with cell ids that follow from what the cells say."""
    import jupytext

    notebook = jupytext.read(source, fmt="md:myst")
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        stamp = f"{source.stem}\0{cell.cell_type}\0{cell.source}"
        seen[stamp] = seen.get(stamp, 0) + 1
        cell.id = hashlib.sha256(f"{stamp}\0{seen[stamp]}".encode()).hexdigest()[:10]
        if cell.cell_type == "code":
            cell.metadata["jupyter"] = {"source_hidden": True}
    return notebook


def execute(notebook: nbformat.NotebookNode, folder: Path, parameters: dict[str, Any] | None = None
            ) -> nbformat.NotebookNode:
    """Run a notebook by papermill in a fresh kernel, in ``folder``, with an empty answer store.

    Raises
    ------
    BuildError
        For parameters the notebook does not declare, and for a cell that raises.
    """
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook
    from papermill.inspection import inspect_notebook

    with tempfile.TemporaryDirectory() as scratch:
        given, done = Path(scratch, "given.ipynb"), Path(scratch, "done.ipynb")
        nbformat.write(notebook, given)
        if parameters:
            unknown = set(parameters) - set(inspect_notebook(str(given)))
            if unknown:
                raise BuildError(f"the notebook declares no parameter {', '.join(sorted(unknown))}")
        quiet_kernels(Path(scratch, "ipython"))
        before = dict(os.environ)
        os.environ.update(ENVIRONMENT, RECEIVABLES_HOME=str(Path(scratch, "home")),
                          IPYTHONDIR=str(Path(scratch, "ipython")))
        try:
            execute_notebook(str(given), str(done), parameters=parameters or {}, cwd=str(folder), kernel_name="python3",
                             execution_timeout=CELL_SECONDS, progress_bar=False, log_output=False)
        except PapermillExecutionError as error:
            raise BuildError(f"cell {error.exec_count}: {error.ename}: {error.evalue}\n{error.source}") from None
        finally:
            os.environ.clear()
            os.environ.update(before)
        return nbformat.read(done, as_version=4)


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what a run leaves behind and a reader does not need: ids, times, widget state, machine names."""
    title = next((line.lstrip("# ").strip() for cell in notebook.cells if cell.cell_type == "markdown"
                  for line in cell.source.splitlines() if line.startswith("# ")), "")
    notebook.metadata = nbformat.NotebookNode(kernelspec=KERNELSPEC, language_info={"name": "python"})
    if title:
        notebook.metadata["title"] = title
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "parameters"
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
            output.get("metadata", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return notebook


def faults(notebook: nbformat.NotebookNode) -> list[str]:
    """What must not be committed, in words; empty when the notebook is clean.

    Not executed in order from a fresh kernel, an error or stderr in an output, an absolute path,
    run metadata, widget state.
    """
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    counts = [cell.get("execution_count") for cell in code]
    if counts != list(range(1, len(code) + 1)):
        found.append(f"not executed in order from a fresh kernel: {counts}")
    for number, cell in enumerate(code, 1):
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"code cell {number} holds an error: {output.ename}")
            if output.get("name") == "stderr":
                found.append(f"code cell {number} wrote to stderr: {output.text[:200]}")
            if "application/vnd.jupyter.widget-view+json" in output.get("data", {}):
                found.append(f"code cell {number} stores a widget view")
    text = nbformat.writes(notebook)
    for path in {str(paths.course_root()), str(Path.home()), tempfile.gettempdir() + "/"}:
        if path != "/" and path in text:
            found.append(f"a path of this machine stands in it: {path}")
    for name in ("widgets", "papermill", "execution"):
        if name in notebook.metadata or any(name in cell.metadata for cell in notebook.cells):
            found.append(f"run metadata stored: {name}")
    return found


def build(source: Path, parameters: dict[str, Any] | None = None) -> str:
    """The finished notebook of a source, as the text of its file.

    Raises
    ------
    BuildError
        When it does not run, or holds what must not be committed.
    """
    try:
        notebook = normalise(execute(convert(source), target(source).parent, parameters))
    except BuildError as error:
        raise BuildError(f"{source.name}: {error}") from None
    wrong = faults(notebook)
    if wrong:
        raise BuildError(f"{source.name}: " + "; ".join(wrong))
    return nbformat.writes(notebook) + "\n"


def main(arguments: list[str]) -> int:
    """Build all notebooks, or those named; with ``--check`` write nothing and report what differs."""
    check = "--check" in arguments
    named = [Path(a).resolve() for a in arguments if not a.startswith("--")] or sources()
    stale = []
    for source in named:
        text, path = build(source), target(source)
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        print(f"{'same' if same else 'differs' if check else 'built'}  {path.relative_to(paths.course_root())}")
        if not same:
            stale.append(path)
            if not check:
                path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BuildError as error:
        sys.exit(str(error))
