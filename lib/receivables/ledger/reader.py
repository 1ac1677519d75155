"""Reading anybody's receivables file (读入外来台账)."""

from __future__ import annotations

import sys
from pathlib import Path

from receivables.ledger.cells import read_grids
from receivables.ledger.convert import convert
from receivables.ledger.dates import DateOrder
from receivables.ledger.folder import is_ledger_folder
from receivables.ledger.layout import find_layout
from receivables.ledger.ledger import Ledger
from receivables.ledger.problems import LedgerError, Problem

LONG = 100_000  # rows beyond which a progress bar is shown


def read_ledger(
    path: Path | str,
    *,
    mapping: dict[str, str] | None = None,
    date_order: DateOrder | None = None,
    sheet: str | None = None,
) -> Ledger:
    """Read a ledger from a CSV, TSV, XLSX or XLS file, or from a folder of the ledger's own tables (读入应收台账).

    Encoding, separators, header rows, decimal marks and the order of day and month are found from the whole file;
    what cannot be told is asked for, never guessed. The file is only read. Rows that sum others, void documents and
    payables are left out and reported on ``ledger.problems``.

    Parameters
    ----------
    path : the file or folder
    mapping : {"header in the file": "role"} for headers that data/ledger/headers.yaml does not know; roles are
        document_id, customer_id, issued, due, amount, settled, open ... (``receivables.ledger.headers.ROLES``)
    date_order : "DMY" or "MDY" where day and month cannot be told apart
    sheet : the sheet of a workbook, where several hold a table

    Returns
    -------
    A Ledger whose ``kind`` says what it can answer: ``paid_history`` (each invoice with the day it was paid),
    ``history`` (invoices and receipts), ``open_snapshot`` (what is open on the day of the export), ``aged_list``.

    Raises
    ------
    LedgerError
        With every problem: file, sheet, row, column, value, what was expected, and what to do.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "ar.csv")
    ...     _ = file.write_text("发票号,客户名称,开票日期,到期日,价税合计,收款日期\\n"
    ...                         "001,甲公司,2024年1月5日,2024年2月4日,\\"1,130.00\\",\\n"
    ...                         "002,甲公司,2024年1月9日,2024年2月8日,565.00,2024年2月20日\\n", encoding="gb18030")
    ...     ledger = read_ledger(file)
    >>> ledger.kind, ledger.balance("2024-02-19"), ledger.balance("2024-02-20")
    ('paid_history', 1695.0, 1130.0)
    """
    path = Path(path)
    if date_order not in (None, "DMY", "MDY"):
        raise ValueError(f'date_order must be "DMY" or "MDY", not {date_order!r}')
    if path.is_dir():
        if is_ledger_folder(path):
            return Ledger.load(path)
        raise LedgerError(
            [Problem("a folder without invoices.csv", file=path.name)],
            "name the file itself, or a folder of the ledger's own tables",
        )
    grids = read_grids(path)
    if sheet is not None:
        chosen = [grid for grid in grids if grid.sheet == sheet]
        if not chosen:
            raise LedgerError(
                [
                    Problem(
                        "no such sheet",
                        file=path.name,
                        value=sheet,
                        expected=", ".join(grid.sheet for grid in grids) or "a text file has none",
                    )
                ],
                "say sheet= one of these",
            )
        grids = chosen
    layouts = sorted((find_layout(grid, mapping) for grid in grids), key=lambda layout: -layout.score)
    tables = [layout for layout in layouts if layout.score >= 4]
    if len(tables) > 1:
        raise LedgerError(
            [
                Problem(
                    "several sheets hold a table of receivables",
                    file=path.name,
                    value=", ".join(layout.grid.sheet for layout in tables),
                )
            ],
            "say which: sheet=...",
        )
    layout = layouts[0]
    with _Progress(len(layout.body)) as progress:
        return convert(layout, date_order, progress.tick)


class _Progress:
    """A progress bar on stderr for long files, none for short ones."""

    def __init__(self, rows: int):
        self.rows, self.bar = rows, None

    def __enter__(self) -> _Progress:
        if self.rows > LONG:
            from tqdm import tqdm

            self.bar = tqdm(desc=f"{self.rows:,} rows", unit="step", file=sys.stderr, leave=False)
        return self

    def __exit__(self, *_) -> None:
        if self.bar is not None:
            self.bar.close()

    def tick(self) -> None:
        """One more step is done."""
        if self.bar is not None:
            self.bar.update()
