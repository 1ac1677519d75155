"""What the commands do: ``receivables scripts collect | book | letters``. Each returns the lines to tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from receivables.course.scripts import sheet
from receivables.course.scripts.book import book as make_book
from receivables.course.scripts.collect import collect as take
from receivables.course.scripts.html import to_html
from receivables.course.scripts.letters import letters as fill
from receivables.course.scripts.lines import Refused
from receivables.course.scripts.paper import Paper
from receivables.course.scripts.private import unnamed
from receivables.course.scripts.templates import load as templates
from receivables.course.scripts.word import to_docx
from receivables.course.scripts.words import words
from receivables.law.inputs import day

WRITERS = {".docx": to_docx, ".html": lambda paper: to_html(paper).encode()}


def named(given: str) -> Path | tuple[str, Path]:
    """``小李=a.jsonl`` as (name, path); a path that exists is a path.

    >>> named("小李=a.jsonl")
    ('小李', PosixPath('a.jsonl'))
    """
    name, mark, path = given.partition("=")
    return Path(given) if not mark or Path(given).exists() else (name, Path(path))


def collect(files: Sequence[str], out: Path, *, names: bool = True) -> list[str]:
    """Answer files to a workbook to edit; the account of what became of every line.

    Raises
    ------
    ValueError
        A file that cannot be read, or an ``out`` that is no .xlsx; nothing is written.
    """
    if out.suffix.lower() != ".xlsx":
        raise ValueError(words().faults["out"].format(file=out, endings=".xlsx"))
    collected = take([named(file) for file in files])
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.write(collected, out, names=names)
    return [str(out), *(collected.told if names else collected.unnamed)]


def book(edited: Path, out: Sequence[Path], *, on: str, company: str | None = None, names: bool = True,
         with_templates: bool = False) -> list[str]:
    """The edited workbook to a printed book; the files, every line left out and why, what wants another look.

    Raises
    ------
    ValueError
        A fault in the workbook (``sheet.EditError`` lists them all), an unknown ending; nothing is written.
    """
    _endings(out)
    got = sheet.read(edited)
    left = [*map(_refused, got.refused), *got.told]
    left = left if names else [unnamed(told, got.people) for told in left]
    if not got.lines:
        raise ValueError("\n".join([words().faults["nothing"], *left]))
    made = make_book(got.lines, on=day(on, "date"), company=company, names=names, with_templates=with_templates)
    return [*(_write(made, path) for path in out), *left]


def _refused(each: Refused) -> str:
    hit = each.hits[0]
    return words().faults["red"].format(rule=hit.name, text=each.marked, instead=hit.hint)


def letters(ledger: Path, customer: str, as_of: str, out: Path, *, company: str | None = None, account: str | None = None,
            currency: str | None = None, instalments: Sequence[str] = (), guarantor: str = "",
            guarantee_until: str | None = None) -> list[str]:
    """One customer's papers as Word and HTML, in a folder of his own; the files, and what was not made and why.

    An earlier set of his papers there is replaced as a whole: a letter that no longer holds does not stay behind.

    Parameters
    ----------
    instalments : each ``2025-07-15=50000``

    Raises
    ------
    ValueError
        As ``letters.letters`` and ``ledger.read_ledger``; nothing is written.
    """
    from receivables.ledger import read_ledger

    paid: list[tuple[str, str]] = []
    for each in instalments:
        on, mark, amount = each.partition("=")
        if not mark:
            raise ValueError(words().faults["instalment"].format(value=each))
        paid.append((on.strip(), re.sub(r"[,，\s]", "", amount)))
    until: date | None = day(guarantee_until, "guarantee-until") if guarantee_until else None
    made, skipped = fill(read_ledger(ledger), customer, day(as_of, "as-of"), company=company, account=account,
                         currency=currency, instalments=paid, guarantor=guarantor, guarantee_until=until)
    # What somebody typed is a name, never a path; two ids never share a folder.
    folder = out / re.sub(r"[^\w-]", lambda odd: f"%{ord(odd[0]):x}", customer)
    now = [_write(each.paper, folder / f"{each.file}{ending}") for each in made for ending in WRITERS]
    for template in templates().templates:
        for path in (folder / f"{template.file}{ending}" for ending in WRITERS):
            if str(path) not in now:
                path.unlink(missing_ok=True)
    return now + skipped


def _endings(out: Sequence[Path]) -> None:
    wrong = [path for path in out if path.suffix.lower() not in WRITERS]
    if wrong or not out:
        raise ValueError(words().faults["out"].format(file="、".join(map(str, wrong)) or "—", endings="、".join(WRITERS)))


def _write(paper: Paper, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(WRITERS[path.suffix.lower()](paper))
    return str(path)
