"""Each published example is claimed by a test: ``GOLDEN = {"W01", ...}`` in a test module, or a YAML beside this file."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).resolve().parent
EXAMPLES = json.loads((HERE / "examples.json").read_text(encoding="utf-8"))
IDS = {entry["id"] for entry in EXAMPLES}
TESTS = {path: path.read_text(encoding="utf-8") for path in sorted(HERE.parent.rglob("test_*.py"))
         if path != Path(__file__).resolve()}


def claimed_in_code() -> dict[str, set[str]]:
    """Test file -> ids in the set it calls GOLDEN."""
    found = {}
    for path, text in TESTS.items():
        for node in ast.parse(text).body if "GOLDEN" in text else ():
            named = isinstance(node, ast.Assign) and any(getattr(name, "id", "") == "GOLDEN" for name in node.targets)
            if named and isinstance(node.value, ast.Set):
                found[path.name] = set(ast.literal_eval(node.value))
    return found


def claimed_in_yaml() -> dict[str, set[str]]:
    """Golden YAML that some test names -> ids of its entries (``W11-dso`` is a part of W11; others have names)."""
    found = {}
    for path in sorted(HERE.glob("*.yaml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        # Golden files of other rooms hold other things: only a list of entries with such ids claims examples.
        if isinstance(entries, list) and any(path.name in text for text in TESTS.values()):
            found[path.name] = {entry["id"][:3] for entry in entries if re.match(r"[WT]\d\d", entry["id"])}
    return found


def test_every_example_is_claimed_by_a_test():
    claimed = set().union(*claimed_in_code().values(), *claimed_in_yaml().values())
    assert claimed >= IDS, f"no test claims {sorted(IDS - claimed)}"
    assert claimed <= IDS, f"claimed, but not in examples.json: {sorted(claimed - IDS)}"


def test_a_claim_is_more_than_a_list():
    for path, text in TESTS.items():
        unused = [key for key in claimed_in_code().get(path.name, ()) if len(re.findall(key, text, re.IGNORECASE)) < 2]
        assert not unused, f"{path.name} claims {unused} in GOLDEN and never mentions them again"


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry["id"])
def test_every_example_says_where_it_comes_from(entry):
    assert entry["source"], "an example without source is an invention"
    assert entry["provenance"] in {"SEEN", "PARTIAL", "MEMORY"}
    assert entry["provenance"] != "SEEN" or entry["url"].startswith("http"), "SEEN needs the address where"
    assert {"metric", "inputs", "published", "tol"} <= set(entry)


def test_ids_are_unique():
    assert len(IDS) == len(EXAMPLES)
