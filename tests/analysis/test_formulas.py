"""The index of formulas, and what every public calculation owes its reader, whichever room wrote it."""

import inspect
import re

import pytest

from receivables.analysis import formulas

FUNCTIONS = formulas.public_functions()


@pytest.fixture(params=FUNCTIONS, ids=str)
def function(request):
    return FUNCTIONS[request.param]


def test_every_calculation_has_a_chinese_name_in_its_first_paragraph(function):
    assert formulas.HAN.search(formulas.first_paragraph(function)), (
        f"{function.__module__}.{function.__name__}: write the Chinese term beside the English one: "
        '"Usual name (中文名): formula."')


def test_every_calculation_shows_an_example(function):
    assert ">>>" in (inspect.getdoc(function) or ""), f"{function.__module__}.{function.__name__} has no doctest"


def test_every_parameter_is_explained(function):
    text = inspect.getdoc(function) or ""
    for name in inspect.signature(function).parameters:
        assert re.search(rf"\b{name}\b", text), f"{function.__module__}.{function.__name__}: {name} is not explained"


def test_index_lists_each_function_once_under_the_name_users_import():
    paths = [entry.path for entry in formulas.index()]
    assert paths == sorted(paths) and set(paths) == set(FUNCTIONS)
    assert len({id(function) for function in FUNCTIONS.values()}) == len(paths)
    assert {"effectiveness.kept_rate", "migration.absorb", "allowance.journal", "trade_credit.grant_once"} <= set(paths)
    assert not any(path.startswith(("promises.", "markov.", "journal.")) for path in paths)


def test_page_names_every_function_and_is_the_same_twice():
    page = formulas.render()
    assert page == formulas.render() and page.endswith("|\n")
    for path in FUNCTIONS:
        assert f"`{path}`" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in rows)


@pytest.mark.parametrize("paragraph, parts", [
    ("Provision matrix (准备矩阵): sum of g x r.", ("Provision matrix", "准备矩阵", "sum of g x r")),
    ("Value (NPV) of credit（授信净现值）：-v + x", ("Value (NPV) of credit", "授信净现值", "-v + x")),
    ("Aging (账龄(按到期日)): buckets", ("Aging", "账龄(按到期日)", "buckets")),
    ("No bracket: just text.", ("No bracket", "", "just text")),
])
def test_first_paragraphs_are_read_apart(paragraph, parts):
    assert formulas.parse(paragraph) == parts
