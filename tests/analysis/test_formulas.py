"""The index of formulas, and what every public calculation owes its reader, whichever room wrote it."""

import inspect
import re

import pytest

from receivables.analysis import formulas

FUNCTIONS = formulas.public_functions()

# Names of the contract: none may hide behind a front door.
CONTRACT = [f"{module}.{name}" for module, names in {
    "aging": ("schedule", "shift"),
    "dso": ("simple", "average", "countback", "aged", "best_possible", "delinquent"),
    "turnover": ("times", "days"),
    "effectiveness": ("cei", "days_beyond_terms", "kept_rate"),
    "concentration": ("hhi", "abc"),
    "migration": ("roll_rates", "flow_rate", "absorb"),
    "allowance": ("provision_matrix", "rates_from_payment_profile", "percent_of_sales", "entry"),
    "trade_credit": ("discount_apr", "discount_ear", "sales_to_recover", "days_that_eat_the_margin",
        "collection_period", "carrying_cost", "policy_net", "affordable_receivable", "grant_once",
        "grant_for_ever"),
    "credit": ("altman",),
    "forecast": ("collections", "closing_receivable"),
}.items() for name in names]


@pytest.mark.parametrize("path", FUNCTIONS)
def test_every_calculation_names_itself_in_both_languages_and_states_its_rule(path):
    english, chinese, formula = formulas.parse(formulas.first_paragraph(FUNCTIONS[path]))
    said = f'{path}: write its first paragraph as "Usual name (中文名): formula.", not "{english} ({chinese}): {formula}"'
    assert formulas.HAN.search(chinese) and re.match(r"[A-Z0-9]", english) and len(english) < 80, said
    assert re.match(r"[\w(`\"-]", formula) and len(formula) < 125 and ". " not in formula, said


@pytest.mark.parametrize("path", FUNCTIONS)
def test_every_calculation_shows_an_example(path):
    assert ">>>" in (inspect.getdoc(FUNCTIONS[path]) or ""), f"{path} has no doctest"


@pytest.mark.parametrize("path", CONTRACT)
def test_names_of_the_contract_are_in_the_index(path):
    assert path in FUNCTIONS


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
    ("Ladder (按月分档), from invoice date unless asked.", ("Ladder", "按月分档", "")),
    ("Value (NPV) of credit（授信净现值）：-v + x", ("Value (NPV) of credit", "授信净现值", "-v + x")),
    ("Aging (账龄(按到期日)): buckets", ("Aging", "账龄(按到期日)", "buckets")),
    ("No bracket: just text.", ("No bracket", "", "just text")),
])
def test_first_paragraphs_are_read_apart(paragraph, parts):
    assert formulas.parse(paragraph) == parts
