"""A folder of the ledger's own tables: one CSV each and a Frictionless ``datapackage.json`` that describes them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from receivables.ledger.ledger import Ledger
from receivables.ledger.problems import LedgerError, Problem
from receivables.ledger.schema import TABLES, Field, Table

_TYPES = {
    "id": "string",
    "text": "string",
    "choice": "string",
    "date": "date",
    "money": "number",
    "rate": "number",
    "days": "integer",
    "flag": "boolean",
}


def is_ledger_folder(path: Path) -> bool:
    """Whether a folder holds the ledger's own tables."""
    return path.is_dir() and (path / "invoices.csv").is_file()


def load(folder: Path | str) -> Ledger:
    """Read the tables of a folder; files that are not there are empty tables, other files are left alone.

    Raises
    ------
    LedgerError
        With every problem of every table.
    """
    folder = Path(folder)
    if not is_ledger_folder(folder):
        raise LedgerError(
            [Problem("no invoices.csv in this folder", file=folder.name)],
            "name a folder that holds the ledger's own tables, or one file",
        )
    tables, problems = {}, []
    for name in TABLES:
        file = folder / f"{name}.csv"
        if file.is_file():
            try:
                tables[name] = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
            except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
                problems.append(Problem(f"cannot be read as CSV in UTF-8: {error}", file=file.name))
    if problems:
        raise LedgerError(problems)
    return Ledger.from_tables(tables, source=folder.name)


def save(ledger: Ledger, folder: Path | str, *, package: dict | None = None) -> None:
    """Write every table that has rows, without its empty columns, and ``datapackage.json``. The same ledger gives
    the same bytes.

    Parameters
    ----------
    package : further properties of the data package: title, description, licenses ...
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    for table in TABLES.values():
        frame = ledger.table(table.name, minor=True)
        if not len(frame) and table.name != "invoices":
            continue
        fields = [field for field in table.fields if field.required or frame[field.name].notna().any()]
        text = pd.DataFrame({field.name: _text(field, frame[field.name]) for field in fields})
        text.to_csv(folder / f"{table.name}.csv", index=False, encoding="utf-8", lineterminator="\n")
        resources.append(describe(table, fields))
    content = {"profile": "tabular-data-package", **(package or {}), "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def describe(table: Table, fields: list[Field] | None = None) -> dict:
    """The Frictionless resource of a table: types, Chinese titles, English descriptions, keys.

    >>> describe(TABLES["controls"])["schema"]["fields"][1]
    {'name': 'as_of', 'type': 'date', 'title': '日期', 'description': 'balance date', 'constraints': {'required': True}}
    """
    fields = list(table.fields) if fields is None else fields
    columns = []
    for field in fields:
        limits = ({"required": True} if field.required else {}) | (
            {"enum": list(field.choices)} if field.choices else {}
        )
        columns.append(
            {"name": field.name, "type": _TYPES[field.kind], "title": field.zh, "description": field.en}
            | ({"constraints": limits} if limits else {})
        )
    keys = [
        {"fields": field.name, "reference": {"resource": field.refers, "fields": TABLES[field.refers].key}}
        for field in fields
        if field.refers and (table.name, field.name) != ("allocations", "document_id")
    ]
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.zh,
        "description": table.en,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {"fields": columns, "primaryKey": table.key, "missingValues": [""]}
        | ({"foreignKeys": keys} if keys else {}),
    }


def _text(field: Field, values: pd.Series) -> pd.Series:
    if field.kind == "money":
        number = values.fillna(0).to_numpy(np.int64)
        whole, rest = np.divmod(np.abs(number), 100)
        sign = np.where(number < 0, "-", "")
        text = pd.Series([f"{s}{w}.{r:02d}" for s, w, r in zip(sign, whole, rest, strict=True)], dtype="str")
    elif field.kind == "date":
        text = values.dt.strftime("%Y-%m-%d").astype("str")
    elif field.kind == "flag":
        text = values.map({True: "true", False: "false"}).astype("str")
    else:
        return values
    return text.where(values.notna().to_numpy())
