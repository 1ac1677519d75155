"""The sheet to edit (编辑表): the lines as a workbook that a trainer changes, and what she made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from receivables.course.scripts.borrowed import borrowed
from receivables.course.scripts.collect import Collection, situation_line
from receivables.course.scripts.lines import LONGEST, Line, Refused, check, clean, merged
from receivables.course.scripts.private import masked, unnamed
from receivables.course.scripts.words import LISTS, place_names, situation_names, words

_ACTS = "=+-@\t\r\n＝＋－＠"  # what a spreadsheet may take for a formula
_WIDTHS = {"use": 7, "situation": 14, "excuse": 10, "type": 12, "channel": 8, "step": 16, "text": 70, "who": 18, "note": 28}
_NEEDED = ("use", "excuse", "type", "channel", "text")
_PRINTED = ("situation", "step", "who")  # a sheet may lack them; the book then says less
_SPARE = 200  # empty rows under the lines that have the drop-down lists too


class Edited(NamedTuple):
    """An edited workbook: ``lines`` to print, ``refused`` for a red line, ``told`` what else the trainer must know;
    ``people`` wrote them."""

    lines: list[Line]
    refused: list[Refused]
    told: list[str]
    people: set[str]


class EditError(ValueError):
    """A workbook that cannot be printed; ``faults`` lists every one, with its row."""

    def __init__(self, faults: Sequence[str]):
        self.faults = list(faults)
        super().__init__("\n".join(faults))


def neutral(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe before what might be a formula; ``plain`` takes it off again.

    >>> neutral('=HYPERLINK("x")'), plain(neutral('=HYPERLINK("x")'))
    ('\\'=HYPERLINK("x")', '=HYPERLINK("x")')
    """
    marked = text[:1] == "'" and text[1:2] and (text[1] in _ACTS or text[1] == "'")
    return f"'{text}" if text and (text[0] in _ACTS or marked) else text


def plain(text: str) -> str:
    """What ``neutral`` was given."""
    return text[1:] if text[:1] == "'" and text[1:2] and (text[1] in _ACTS or text[1] == "'") else text


def write(collected: Collection, path: Path, *, names: bool = True) -> None:
    """Write the workbook: the lines to edit, the red lines apart, the account, how to edit.

    Parameters
    ----------
    names : whether it tells who wrote what; otherwise how many did, and no line names a learner
    """
    w, book, hidden = words(), Workbook(), () if names else collected.people
    sheet = book.active
    sheet.title = w.sheets["lines"]
    _fill(sheet, [w.columns[name] for name in _WIDTHS], [_row(line, hidden) for line in collected.lines],
          list(_WIDTHS.values()))
    _lists(sheet, len(collected.lines))
    red = [w.columns[name] for name in ("text", "rule", "instead", "source", "excuse", "type", "channel")]
    if names:
        red.insert(1, w.columns["who"])
    _fill(book.create_sheet(w.sheets["refused"]), red, [_refusal(each, hidden) for each in collected.refused],
          [60, *([14] if names else []), 18, 48, 44, 10, 12, 8])
    told = collected.told if names else collected.unnamed
    _fill(book.create_sheet(w.sheets["told"]), [w.sheets["told"]], [[line] for line in told], [100])
    _fill(book.create_sheet(w.sheets["how"]), [w.sheets["how"]], [[line] for line in w.editing], [100])
    book.save(path)


def _row(line: Line, hidden: Sequence[str]) -> list[str]:
    w = words()
    shown = {
        "use": w.use["yes" if line.use else "no"], "situation": situation_line(line), "text": unnamed(line.text, hidden),
        "who": w.use["count"].format(count=len(line.writers)) if hidden else "、".join(line.writers), "note": line.note,
    } | {column: place_names(column).get(getattr(line, column), "") for column in LISTS}
    return [shown[name] for name in _WIDTHS]


def _refusal(each: Refused, hidden: Sequence[str]) -> list[str]:
    hits = {hit.rule: hit for hit in each.hits}.values()
    told = ["\n".join(dict.fromkeys(getattr(hit, part) for hit in hits)) for part in ("name", "hint", "source")]
    places = [place_names(column).get(getattr(each.line, column), "") for column in ("excuse", "type", "channel")]
    return [unnamed(each.marked, hidden), *([] if hidden else ["、".join(each.line.writers)]), *told, *places]


def _fill(sheet: Worksheet, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
    sheet.append(head)
    for row in rows:
        sheet.append([neutral(text) for text in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.data_type == "f":  # neutral() leaves none; a formula must never be written all the same
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0B5C6B")
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _lists(sheet: Worksheet, count: int) -> None:
    """Drop-down lists of what each place may hold."""
    w = words()
    for place, column in enumerate(_WIDTHS, 1):
        values = list(place_names(column).values()) if column in LISTS else []
        if column == "use":
            values = [w.use["yes"], w.use["no"]]
        if values:
            listed = DataValidation("list", formula1=f'"{",".join(values)}"', allow_blank=True)
            listed.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{count + 1 + _SPARE}")
            sheet.add_data_validation(listed)


def read(path: Path | str) -> Edited:
    """The lines to print from an edited workbook, in the order of the book; those that cross a red line; and what else
    was left out, is missing, or wants a look.

    Lines marked 不用 are left out; an empty mark is 用, so that a line added below needs only its words.

    Raises
    ------
    EditError
        With every fault: a column that is missing, a name no list has, a line without words, a formula.
    """
    w = words()
    try:
        book = load_workbook(path)
    except Exception as error:  # openpyxl raises whatever a broken archive gives rise to
        raise EditError([w.faults["not_a_workbook"].format(file=Path(path).name, why=error)]) from None
    if w.sheets["lines"] not in book.sheetnames:
        raise EditError([w.faults["no_sheet"].format(sheet=w.sheets["lines"])])
    sheet = book[w.sheets["lines"]]
    head = [clean(str(cell.value or "")) for cell in sheet[1]]
    missing = [w.columns[name] for name in _NEEDED if w.columns[name] not in head]
    if missing:
        raise EditError([w.faults["no_column"].format(columns="、".join(missing))])
    at = {name: head.index(w.columns[name]) for name in _WIDTHS if w.columns[name] in head}
    faults: list[str] = []
    lines = [line for number, cells in enumerate(sheet.iter_rows(min_row=2), 2)
             if (line := _read_row(number, {name: cells[place] for name, place in at.items()}, faults)) is not None]
    if faults:
        raise EditError(faults)
    refused = [Refused(line, hits) for line in lines if (hits := check(line))]
    red = {id(each.line) for each in refused}
    kept = merged(line for line in lines if id(line) not in red and not line.unfit)
    without = [w.columns[name] for name in _PRINTED if name not in at]
    told = [w.faults["without"].format(columns="、".join(without))] if without else []
    told += [unfit(line) for line in lines if line.unfit]
    told += [w.faults["borrowed"].format(names="、".join(names), text=line.text)
             for line in kept if (names := borrowed(line.text, line.situations))]
    return Edited(kept, refused, told, {name for line in lines for name in line.writers})


def unfit(line: Line) -> str:
    """Why a line is not printed that nobody could say."""
    w = words()
    why = w.faults[line.unfit].format(longest=LONGEST)
    return w.faults["unfit"].format(why=why, text=line.text if len(line.text) <= 30 else f"{line.text[:30]}……")


def _read_row(number: int, cells: dict[str, Any], faults: list[str]) -> Line | None:
    """One row as a line; None where it is empty or not for the book. Faults are added to the list."""
    w, said = words(), {}
    for name, cell in cells.items():
        if cell.data_type == "f":
            faults.append(w.faults["formula"].format(row=number, column=w.columns[name]))
        said[name] = "" if cell.value is None else plain(clean(str(cell.value)))
    if not any(said.values()) or said["use"] == w.use["no"]:
        return None
    if said["use"] not in ("", w.use["yes"]):
        faults.append(w.faults["use"].format(row=number, value=said["use"]))
    if not said["text"]:
        faults.append(w.faults["no_text"].format(row=number))
    ids = {column: _id(number, column, said.get(column, ""), place_names(column), faults) for column in LISTS}
    situations = tuple(_id(number, "situation", name, situation_names(), faults)
                       for name in said.get("situation", "").split("、") if name)
    writers = tuple(name for name in (part.strip() for part in said.get("who", "").split("、")) if name)
    return Line(masked(said["text"])[0], **ids, situations=situations, writers=writers, note=said.get("note", ""))


def _id(number: int, column: str, name: str, known: dict[str, str], faults: list[str]) -> str:
    """The item that a name stands for; empty for an empty cell."""
    w = words()
    if not name or name == w.any.get(column):
        return ""
    found = next((id for id, each in known.items() if each == name), None)
    if found is None:
        faults.append(w.faults["unknown"].format(row=number, column=w.columns[column], value=name,
                                                 known="、".join(known.values())))
    return found or ""
