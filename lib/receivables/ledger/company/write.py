"""The company's files (数据文件): tables, data package, two data dictionaries and the first ledger."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Literal

from receivables import paths
from receivables.content import Content, load
from receivables.ledger import Ledger
from receivables.ledger.company.generate import generate
from receivables.ledger.company.market import market
from receivables.ledger.company.profile import profile
from receivables.ledger.folder import save

FIRST_LEDGER = ("客户编码", "客户名称", "发票号码", "开票日期", "到期日", "价税合计", "已收金额", "未收金额")


class Words(Content):
    """One language of the data dictionary."""

    title: str
    intro: str
    headers: tuple[str, str, str, str]
    required: str
    codes: str


class Dictionary(Content):
    en: Words
    zh: Words
    types: dict[str, str]
    codes: dict[str, dict[str, str]]


def write(folder: Path | str | None = None) -> Path:
    """Write company/ and first_ledger.csv below a folder (default data/); the same bytes every time.

    Parameters
    ----------
    folder : where to write; made when missing

    Returns
    -------
    The folder.
    """
    folder = paths.data() if folder is None else Path(folder)
    ledger = Ledger.from_tables(generate(), minor=True)
    company = profile()
    target = folder / "company"
    save(ledger, target, package={
        "name": "receivables-thread-company", "title": f"{company.name}（虚构）", "description": company.fiction,
        "licenses": [{"name": "CC-BY-SA-4.0", "title": "Creative Commons Attribution-ShareAlike 4.0"}]})
    package = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    for name, language in (("README.md", "en"), ("README.zh-CN.md", "zh")):
        (target / name).write_text(data_dictionary(package, language), encoding="utf-8", newline="\n")
    (folder / "first_ledger.csv").write_text(first_ledger(ledger), encoding="utf-8-sig", newline="\n")
    return folder


def data_dictionary(package: dict, language: Literal["en", "zh"]) -> str:
    """The data dictionary (数据字典) of a data package as Markdown: every file, column, meaning and code."""
    words, content, course = getattr(_dictionary(), language), _dictionary(), profile().course
    lines = [f"# {words.title}", "", words.intro.format(start=course.history_from, end=course.as_of)]
    for resource in package["resources"]:
        about = resource["title"] if language == "zh" else resource["description"]
        lines += [f"## {resource['path']}", "", f"{about}", "", f"| {' | '.join(words.headers)} |", "|---|---|---|---|"]
        coded = {}
        for column in resource["schema"]["fields"]:
            kind = content.types[column["type"]] if language == "zh" else column["type"]
            limits = column.get("constraints", {})
            must = f" ({words.required})" if limits.get("required") else ""
            lines.append(f"| `{column['name']}` | {kind}{must} | {column['title']} | {column['description']} |")
            if "enum" in limits:
                coded[column["name"]] = {code: _chinese(column["name"], code) for code in limits["enum"]}
            if (resource["name"], column["name"]) == ("customers", "kind"):
                coded["kind"] = {kind.id: kind.name for kind in profile().kinds}
        lines.append("")
        for column, codes in coded.items():
            told = "、".join(f"`{code}` {chinese}" for code, chinese in codes.items())
            lines += [f"{words.codes} `{column}`: {told}", ""]
    return "\n".join(lines)


def _chinese(column: str, code: str) -> str:
    table = {"debtor_size": "size_class", "creditor_size": "size_class"}.get(column, column)
    return _dictionary().codes[table][code]


@cache
def _dictionary() -> Dictionary:
    return load(paths.data("company_dictionary.yaml"), Dictionary)


def first_ledger(ledger: Ledger) -> str:
    """The first ledger of the course (第一本账) as CSV text: the scripted invoices of three customers.

    Headers are those of a Chinese export; what was received by the as-of date is what the books applied.
    """
    as_of = profile().course.as_of
    names = ledger.table("customers").set_index("customer_id")["name"]
    invoices = ledger.table("invoices", minor=True)
    still = ledger.open_items(as_of, minor=True).groupby("document_id", observed=True)["open_amount"].sum()
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(FIRST_LEDGER)
    for part in market().first_ledger:
        days = {line.issued.isoformat() for line in part.invoices}
        shown = invoices[(invoices["customer_id"] == part.customer)
                         & invoices["issued"].dt.strftime("%Y-%m-%d").isin(days)].sort_values("issued")
        for row in shown.itertuples():
            unpaid = int(still.get(row.document_id, 0))
            rows.writerow([part.customer, names[part.customer], row.document_id, f"{row.issued:%Y-%m-%d}",
                           f"{row.due:%Y-%m-%d}", *(_yuan(x) for x in (row.amount, row.amount - unpaid, unpaid))])
    return out.getvalue()


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
