"""Finding the table on a sheet: header rows below titles, one or two levels deep; rows that sum others; footers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from receivables.ledger.cells import Grid, stripped
from receivables.ledger.headers import ROLES, headers, is_bucket, plain, scale
from receivables.ledger.problems import Problem

SHOWN = 40  # names of columns not read that are printed; the rest are counted
_VALUES = ("amount", "open", "paid", "net", "tax", "credited", "issued", "due")  # a row without any is a note


@dataclass
class Layout:
    """A sheet with its columns named. ``row``: number in the file of each body row."""

    grid: Grid
    names: list[str]
    roles: dict[str, int]  # role -> position of its column
    buckets: list[int]
    body: pd.DataFrame
    row: np.ndarray
    scale: int = 1
    sums: pd.DataFrame | None = None  # rows left out because they sum others
    problems: list[Problem] = field(default_factory=list)

    @property
    def score(self) -> int:
        return len(self.roles) + len(self.buckets)

    def text(self, role: str) -> pd.Series:
        """The cells of a role's column."""
        return self.body.iloc[:, self.roles[role]]

    def header(self, role: str) -> str:
        """The header as the file writes it."""
        return self.names[self.roles[role]]

    def problem(self, what: str, **more) -> Problem:
        return Problem(what, file=self.grid.file, sheet=self.grid.sheet, **more)


def find_layout(grid: Grid, mapping: dict[str, str] | None = None) -> Layout:
    """Name the columns of a sheet; a layout without roles is one whose header was not recognised.

    Parameters
    ----------
    mapping : header -> role, or role -> header, for what headers.yaml does not know
    """
    wanted = _directed(mapping or {})
    best: tuple[int, int, int, list[str]] = (0, 0, 1, [])
    head = grid.head
    for at, cells in enumerate(head):
        options = [(1, [str(cell) for cell in cells])]
        if at + 1 < len(head):
            options.append((2, _two_levels(cells, head[at + 1], wanted)))
        for levels, names in options:
            score = sum(bool(plain(name)) and (plain(name) in wanted or headers().knows(name)) for name in names)
            if score > best[0]:
                best = (score, at, levels, names)
    _, at, levels, names = best
    if not names:
        names = [str(cell) for cell in next((row for row in head if any(map(str.strip, row))), [])]
    problems: list[Problem] = []
    roles = _roles(grid, names, wanted, problems)
    titles = " ".join(cell for row in head[:at] for cell in row)
    layout = Layout(
        grid,
        names,
        roles,
        [p for p, name in enumerate(names) if is_bucket(name) and p not in roles.values()],
        grid.cells.iloc[at + levels :],
        np.arange(at + levels + 1, len(grid.cells) + 1),
        scale(titles),
        problems=problems,
    )
    if roles:
        _body(layout)
    return layout


def _directed(mapping: dict[str, str]) -> dict[str, str]:
    """The mapping as plain header -> role, whichever way round it was given."""
    directed = {}
    for left, right in mapping.items():
        if right in ROLES:
            directed[plain(left)] = right
        elif left in ROLES:
            directed[plain(right)] = left
        else:
            raise ValueError(
                f"mapping must join a header of the file with one of {', '.join(ROLES)}; {left!r}: {right!r} does not"
            )
    return directed


def _two_levels(parents: list[str], children: list[str], wanted: dict[str, str]) -> list[str]:
    names, above = [], ""
    for parent, child in zip(parents, children, strict=True):
        above = parent if parent.strip() else above
        known = [
            name for name in (child, above + child) if name.strip() and (plain(name) in wanted or headers().knows(name))
        ]
        names.append(known[0] if known else child if child.strip() else parent)
    return names


def _roles(grid: Grid, names: list[str], wanted: dict[str, str], problems: list[Problem]) -> dict[str, int]:
    found: dict[str, list[tuple[int, int]]] = {}
    unknown = []
    for position, name in enumerate(names):
        key = plain(name)
        if key in wanted:
            found.setdefault(wanted[key], []).append((-1, position))
        elif key in headers().by_name:
            role, rank = headers().by_name[key]
            found.setdefault(role, []).append((rank, position))
        elif key and not headers().knows(name):
            unknown.append(name.strip())
    place = {"file": grid.file, "sheet": grid.sheet}
    for header in set(wanted) - {plain(name) for name in names}:
        problems.append(
            Problem(
                "mapping names a column that the file does not have",
                value=header,
                expected=", ".join(name for name in names if name.strip()),
                **place,
            )
        )
    roles = {}
    for role, places in found.items():
        places.sort()
        if len(places) > 1 and places[0][0] == places[1][0]:
            problems.append(
                Problem(
                    "two columns of the same name",
                    column=names[places[0][1]],
                    expected=f"one column for {role}: rename or remove the other",
                    **place,
                )
            )
        roles[role] = places[0][1]
        for _, position in places[1:]:
            problems.append(
                Problem(
                    f"column not read: {names[places[0][1]]} stands for {role}",
                    column=names[position],
                    stops=False,
                    **place,
                )
            )
    if unknown:
        problems.append(
            Problem(
                f"columns not read: {', '.join(unknown[:SHOWN])}"
                + (f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""),
                expected="mapping= if one of them matters",
                stops=False,
                **place,
            )
        )
    return roles


def _body(layout: Layout) -> None:
    """Leave out blank rows, repeated headers, rows that sum others and footers; report all but the blank."""
    body = layout.body
    key = [role for role in ("issued", "document_id") if role in layout.roles]
    cells = {role: stripped(layout.text(role)) for role in key}
    there = [np.array(list(map(bool, cells[role]))) for role in key]
    filled = np.logical_or.reduce(there) if key else np.zeros(len(body), bool)
    complete = np.logical_and.reduce(there) if key else filled
    doubtful = np.flatnonzero(~complete) if key else np.arange(len(body))
    header = [plain(name) for name in layout.names]
    if key:  # a header repeated on every page has all its cells filled
        name = layout.header(key[0]).strip()
        if name in cells[key[0]]:
            doubtful = np.union1d(doubtful, np.flatnonzero(np.array(cells[key[0]], dtype=object) == name))
    drop, sums = [], []
    for position in doubtful:
        line = [str(cell).strip() for cell in body.iloc[position]]
        texts = [cell for cell in line if cell]
        row = int(layout.row[position])
        if not texts:
            drop.append(position)
        elif [plain(cell) for cell in line] == header:
            drop.append(position)
            layout.problems.append(layout.problem("repeated header left out", row=row, stops=False))
        elif any(_is_sum(cell, bool(key) and not filled[position]) for cell in texts):
            drop.append(position)
            sums.append(position)
            layout.problems.append(
                layout.problem("row that sums others left out", row=row, value=" ".join(texts), stops=False)
            )
        elif key and len(texts) <= 2 and not any(line[layout.roles[r]] for r in _VALUES if r in layout.roles):
            drop.append(position)
            layout.problems.append(
                layout.problem("note below or between the rows left out", row=row, value=" ".join(texts), stops=False)
            )
    layout.sums = body.iloc[sums]
    keep = np.ones(len(body), bool)
    keep[drop] = False
    layout.body, layout.row = body[keep].reset_index(drop=True), layout.row[keep]


def _is_sum(cell: str, loosely: bool) -> bool:
    """Whether a cell marks a row of sums; ``loosely`` also "Total Acme", where the row has neither number nor date."""
    word = plain(cell).strip("：:")
    return (
        word in headers().plain_sums
        or bool(re.search(r"(小计|合计|总计)[:：]?$", word))
        or (loosely and cell.casefold().startswith("total "))
    )
