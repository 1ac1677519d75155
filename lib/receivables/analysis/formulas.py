"""The index of formulas: every calculation by its usual English and Chinese name.

Built from docstrings, so it cannot fall behind the code. The convention for the first paragraph of a
public function: ``Usual name (中文名): formula.`` The formula may be a rule in words. A test holds every public
function to it; what a paragraph without colon says is left empty here, and the function listed all the same.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

import receivables.analysis

HAN = re.compile(r"[\u3400-\u9fff]")
_BRACKET = re.compile(r"\s*[(（]((?:[^()（）]|[(（][^()（）]*[)）])*)[)）]")


@dataclass(frozen=True, order=True)
class Formula:
    """One calculation: where it is, what it is called, how it is computed (as its docstring says)."""

    module: str
    function: str
    english: str
    chinese: str
    formula: str

    @property
    def path(self) -> str:
        return f"{self.module}.{self.function}"


def _modules() -> Iterator[ModuleType]:
    for found in sorted(pkgutil.iter_modules(receivables.analysis.__path__), key=lambda module: module.name):
        if not found.name.startswith("_") and found.name != "formulas":
            yield importlib.import_module(f"receivables.analysis.{found.name}")


def public_functions() -> dict[str, Callable]:
    """Public calculations of the package (全部公开计算函数): path -> function, each function once.

    A module that offers another's functions in its ``__all__`` is their front door: they are listed under
    its name, and what else the workshop behind it holds is not public.

    Returns
    -------
    dict, sorted by path, without this module.

    Examples
    --------
    >>> functions = public_functions()
    >>> "concentration.hhi" in functions, "migration.absorb" in functions, "markov.absorb" in functions
    (True, True, False)
    """
    modules = {module.__name__: module for module in _modules()}
    own, offered = {}, {}
    for home, module in modules.items():
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ not in modules:
                continue
            if function.__module__ == home:
                own[function] = name
            elif name in getattr(module, "__all__", ()):
                offered[function] = f"{home}.{name}"
    workshops = {function.__module__ for function in offered}
    at_home = {function: f"{function.__module__}.{name}" for function, name in own.items()
               if function.__module__ not in workshops}
    return {path.removeprefix("receivables.analysis."): function
            for path, function in sorted((path, function) for function, path in (at_home | offered).items())}


def first_paragraph(function: Callable) -> str:
    """First paragraph of a docstring on one line (说明首段).

    Examples
    --------
    >>> first_paragraph(first_paragraph)
    'First paragraph of a docstring on one line (说明首段).'
    """
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def parse(paragraph: str) -> tuple[str, str, str]:
    """English name, Chinese name and formula of a first paragraph (解析说明首行).

    Examples
    --------
    >>> parse("Days sales outstanding, simple form (应收账款周转天数, 期末余额法): AR / S * n.")
    ('Days sales outstanding, simple form', '应收账款周转天数, 期末余额法', 'AR / S * n')
    >>> parse("Altman score (阿尔特曼 Z 值) from its ratios.")
    ('Altman score', '阿尔特曼 Z 值', '')
    >>> parse("Whatever a colleague wrote.")
    ('Whatever a colleague wrote', '', '')
    """
    for bracket in _BRACKET.finditer(paragraph):
        if HAN.search(bracket[1]):
            rest = paragraph[bracket.end():].lstrip()
            formula = rest[1:].strip().rstrip(".。") if rest.startswith((":", "：")) else ""
            return paragraph[: bracket.start()].strip(), bracket[1].strip(), formula
    name, _, rest = paragraph.partition(": ")
    return name.strip().rstrip(".。"), "", rest.strip().rstrip(".。")


def index() -> list[Formula]:
    """Index of formulas (公式索引): all public calculations of the package.

    Returns
    -------
    list of Formula, sorted by module and function; functions that do not follow the convention included.

    Examples
    --------
    >>> next(entry for entry in index() if entry.path == "concentration.hhi").chinese
    '赫芬达尔指数 HHI, 客户集中度'
    """
    entries = []
    for path, function in public_functions().items():
        module, _, name = path.rpartition(".")
        english, chinese, formula = parse(first_paragraph(function))
        entries.append(Formula(module, name, english or name.replace("_", " "), chinese, formula))
    return sorted(entries)


def render() -> str:
    """Index of formulas as Markdown (公式索引, Markdown): one table a module.

    Returns
    -------
    str, ending with a line break; the same on every run.

    Examples
    --------
    >>> render().splitlines()[0]
    '# 公式索引 · Formulas'
    """
    lines = ["# 公式索引 · Formulas", ""]
    module = None
    for entry in index():
        if entry.module != module:
            module = entry.module
            lines += ["", f"## receivables.analysis.{module}", "", "| 中文 | English | 公式 Formula | 函数 Function |",
                      "|---|---|---|---|"]
        formula = f"`{entry.formula}`" if entry.formula and "`" not in entry.formula else entry.formula
        formula = formula.replace("``", "`")
        cells = [entry.chinese, entry.english.replace("``", "`"), formula, f"`{entry.path}`"]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"
