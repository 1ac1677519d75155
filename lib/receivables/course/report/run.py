"""Running a parameterised notebook by papermill, and the command ``receivables report``."""

from __future__ import annotations

import datetime
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from receivables import paths
from receivables.course import build
from receivables.course.report.facts import report_json
from receivables.course.report.page import html
from receivables.course.report.words import say, told
from receivables.course.server import quiet_kernels

NOTEBOOK = "ledger_report"
CELL_SECONDS = 600


def execute(source: Path, parameters: dict[str, Any], output: Path) -> str | None:
    """Run a notebook's text with parameters; what was done is in ``output`` even when a cell fails.

    Returns
    -------
    None, or what went wrong in one line.

    Raises
    ------
    ValueError
        For parameters that the notebook does not declare.
    """
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook
    from papermill.inspection import inspect_notebook

    with tempfile.TemporaryDirectory() as scratch:
        given = Path(scratch, "given.ipynb")
        nbformat.write(build.convert(source), given)
        declared = set(inspect_notebook(str(given)))
        if unknown := sorted(set(parameters) - declared):
            raise ValueError(f"{source.stem} declares no parameter {', '.join(unknown)}; it has "
                             f"{', '.join(sorted(declared))}")
        quiet_kernels(Path(scratch, "ipython"))
        before = os.environ.get("IPYTHONDIR")
        os.environ["IPYTHONDIR"] = str(Path(scratch, "ipython"))
        try:
            execute_notebook(str(given), str(output), parameters=parameters, cwd=str(output.parent),
                             kernel_name="python3", execution_timeout=CELL_SECONDS, progress_bar=False,
                             log_output=False)
        except PapermillExecutionError as error:
            return f"{error.ename}: {error.evalue}"
        finally:
            os.environ.pop("IPYTHONDIR")
            if before is not None:
                os.environ["IPYTHONDIR"] = before
    return None


def report(file: Path | str, as_of: str, json_out: Path | str | None = None, out_dir: Path | str | None = None, *,
           mapping: dict[str, str] | None = None, date_order: str | None = None, sheet: str | None = None) -> int:
    """The ledger report of a file (台账报告): an executed notebook and one self-contained HTML page.

    Parameters
    ----------
    file : ledger file or folder, as ``read_ledger`` takes it; it is only read
    as_of : date such as 2025-06-30; the end of that day
    json_out : where to write the figures as JSON (``report_json``); ``-`` for standard output
    out_dir : folder for the two files; default ``reports`` in the learner's folder
    mapping, date_order, sheet : as ``read_ledger`` takes them, where the file cannot be told without

    Returns
    -------
    0; 1 when the report could not be finished: then the page holds what there is and says where it stopped; 2 when
    ``as_of`` is no date.
    """
    from receivables.ledger import LedgerError, read_ledger

    try:
        as_of = str(datetime.date.fromisoformat(as_of))
    except ValueError:
        print(say("as_of_wrong", value=as_of), file=sys.stderr)
        return 2
    file = Path(file).expanduser().resolve()
    folder = paths.home() / "reports" if out_dir is None else Path(out_dir).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    notebook = folder / f"{file.stem}-{as_of}.ipynb"
    page = notebook.with_suffix(".html")
    failed, told_how = None, {"mapping": mapping, "date_order": date_order, "sheet": sheet}
    if json_out is not None:
        try:
            _write_json(report_json(read_ledger(file, **told_how), as_of), json_out)
        except (LedgerError, ValueError, OSError) as error:
            failed = str(error)
    source = paths.course_root() / "casework" / "source" / f"{NOTEBOOK}.md"
    given = {"file": str(file), "as_of": as_of, "remark": _remark(file), "reading": told_how}
    failed = execute(source, given, notebook) or failed
    page.write_text(html(nbformat.read(notebook, as_version=4), f"{file.stem} {as_of}"), encoding="utf-8")
    print(f"{page}\n{notebook}", file=sys.stderr if json_out == "-" else sys.stdout)
    if failed:
        print("\n".join(told(line) for line in failed.splitlines()), file=sys.stderr)
    return 1 if failed else 0


def _remark(file: Path) -> str:
    """The title of a ledger folder's data package, which says whose books they are and whether they are 虚构."""
    try:
        return str(json.loads((file / "datapackage.json").read_text(encoding="utf-8")).get("title", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def _write_json(facts: dict[str, Any], target: Path | str) -> None:
    text = json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if str(target) == "-":
        sys.stdout.write(text)
    else:
        Path(target).write_text(text, encoding="utf-8")
