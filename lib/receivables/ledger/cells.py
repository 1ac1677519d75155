"""From a file's bytes to its cells as text; nothing is ever written to the file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pandas as pd

from receivables.ledger.headers import headers
from receivables.ledger.problems import LedgerError, Problem

MAX_BYTES = 500_000_000
MAX_STRAY = 10_000  # empty rows a sheet may have beyond those that hold cells
HEAD_LINES = 60
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
EXPORT = "export it again as .xlsx or as CSV in UTF-8"


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet (or CSV) as text, missing cells as ""."""

    file: str
    sheet: str
    cells: pd.DataFrame
    encoding: str = ""
    delimiter: str = ""

    @property
    def head(self) -> list[list[str]]:
        """The first rows, without trailing empty cells."""
        return [list(row) for row in self.cells.iloc[:HEAD_LINES].itertuples(index=False)]


def distinct(texts: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Codes and distinct texts of a column, so that each text is understood once; a missing cell is "".

    >>> distinct(pd.Series(["b", "a", "b", None], dtype=object))
    (array([0, 1, 0, 2]), ['b', 'a', ''])
    """
    codes, values = pd.factorize(texts.to_numpy(object))
    values = values.tolist()
    if len(codes) and codes.min() < 0:
        codes, values = np.where(codes < 0, len(values), codes), [*values, ""]
    return codes, values


def stripped(texts: pd.Series) -> list[str]:
    """The cells without white space at their ends; columns without any are not touched.

    >>> stripped(pd.Series([" a", "b"], dtype=object))
    ['a', 'b']
    """
    cells = texts.tolist()
    if len(f"-{''.join(cells)}-".split(None, 1)) == 1:
        return cells
    return [cell.strip() for cell in cells]


def read_grids(path: Path) -> list[Grid]:
    """Every sheet of a workbook, or the one table of a text file, told apart by content and not by extension.

    Raises
    ------
    LedgerError
        When the file is missing, empty, protected, or nothing that holds a table.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _error(path, f"the file is larger than {MAX_BYTES // 10**6} MB", "split it by year")
        data = path.read_bytes()
    except OSError as error:
        raise _error(path, f"cannot be opened ({error.strerror or error})", "check the name and the folder") from None
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise _error(path, "the file is empty", "export it again")
    if data.startswith(_ZIP) or data.startswith(_OLE):
        return _workbook(path, data)
    start = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")):
        raise _error(
            path, "a web page or XML saved under a spreadsheet's name", "open it in Excel or WPS and save it as .xlsx"
        )
    return [_text(path, data)]


def _error(path: Path, what: str, advice: str) -> LedgerError:
    return LedgerError([Problem(what, file=path.name)], advice)


# -- workbooks ------------------------------------------------------------------------------------------------


def _workbook(path: Path, data: bytes) -> list[Grid]:
    import python_calamine as calamine

    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise _error(path, "the workbook is protected by a password", "open it, remove the password, save it again")
    if data.startswith(_ZIP):
        _check_zip(path, data)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = []
        for sheet in book.sheets_metadata:
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible:
                rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                cells = pd.DataFrame([[_cell(value) for value in row] for row in rows], dtype=object)
                grids.append(Grid(path.name, sheet.name, cells))
        book.close()
    except (calamine.CalamineError, OSError, ValueError, KeyError) as error:
        if "password" in str(error).lower():
            raise _error(
                path, "the workbook is protected by a password", "open it, remove the password, save it again"
            ) from None
        raise _error(path, f"the workbook is damaged or of another kind ({error})", EXPORT) from None
    except BaseException as error:  # the Rust reader reports some damage as a panic, which is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _error(path, "the workbook is damaged", EXPORT) from None
    grids = [grid for grid in grids if grid.cells.size and (grid.cells != "").to_numpy().any()]
    if not grids:
        raise _error(path, "the workbook has no visible sheet with cells", "export it again")
    return grids


def _check_zip(path: Path, data: bytes) -> None:
    """Refuse what would exhaust memory before anything is unpacked: bombs, and one stray cell in the last row."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
                raise _error(path, "the workbook unpacks to an unreasonable size", EXPORT)
            if not any(name.startswith("xl/") or name == "content.xml" for name in names):
                raise _error(path, "a zip archive, but no workbook", "unpack it and name the workbook inside")
            for name in names:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                    _check_extent(path, name, archive.read(name))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, LedgerError):
            raise
        raise _error(path, f"the workbook is damaged or protected ({error})", EXPORT) from None
    except Exception as error:  # zlib.error and lzma.LZMAError share no base
        raise _error(path, f"the workbook is damaged ({error})", EXPORT) from None


def _check_extent(path: Path, name: str, xml: bytes) -> None:
    rows = xml.count(b"<row")
    last = max((int(number) for number in re.findall(rb'<row[^>]*? r="(\d{1,7})"', xml)), default=0)
    if last > 2 * rows + MAX_STRAY or re.search(rb'<c[^>]*? r="[A-Z]{3}\d', xml):
        raise _error(
            path,
            f"{name} has cells far outside its table (last row {last}, {rows} rows with cells)",
            "delete the stray cells, or copy the table into a new workbook",
        )


def _cell(value) -> str:
    """A cell as its text would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


# -- text -----------------------------------------------------------------------------------------------------


def _text(path: Path, data: bytes) -> Grid:
    text, encoding = _decode(path, data)
    if "\x00" in text:
        raise _error(path, "the file is no text and no workbook", EXPORT)
    delimiter = _delimiter(text)
    try:
        cells = _parse(text, delimiter, None)
    except pd.errors.EmptyDataError:
        raise _error(path, "the file is empty", "export it again") from None
    except pd.errors.ParserError:  # a row is wider than the first, which pandas takes as the measure
        try:
            csv.field_size_limit(10_000_000)
            width = max(len(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter))
            cells = _parse(text, delimiter, range(width))
        except (pd.errors.ParserError, csv.Error) as error:
            raise _error(path, f"the rows cannot be told apart ({error})", EXPORT) from None
    return Grid(path.name, "", cells, encoding, delimiter)


def _parse(text: str, delimiter: str, names) -> pd.DataFrame:
    return pd.read_csv(
        io.BytesIO(text.encode("utf-8")),  # pandas takes bytes faster than text
        sep=delimiter,
        header=None,
        names=names,
        dtype=object,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
    )


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    """BOM, else UTF-8, else the reading that recognises most headers."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise _error(path, f"says {encoding} and is not, from byte {error.start}", EXPORT) from None
    if b"\x00" not in data:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    best = (-1, "", "")
    for encoding in ("gb18030", "utf-16-le", "utf-16-be", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = max((_known(text, mark) for mark in ",\t;|"), default=0)
        if "\x00" not in text and score > best[0]:
            best = (score, text, encoding)
    if best[0] < 0:
        raise _error(
            path, "the characters are in no encoding known here (UTF-8, GB18030, UTF-16, Windows-1252)", EXPORT
        )
    return best[1], best[2]


def _lines(text: str) -> list[str]:
    return text[:200_000].splitlines()[:HEAD_LINES]


def _known(text: str, delimiter: str) -> int:
    """Headers recognised in the best line."""
    book = headers()
    return max(
        (sum(bool(cell.strip()) and book.knows(cell) for cell in _split(line, delimiter)) for line in _lines(text)),
        default=0,
    )


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _delimiter(text: str) -> str:
    lines = _lines(text)
    return max(",\t;|", key=lambda mark: (_known(text, mark), sum(line.count(mark) for line in lines)))
