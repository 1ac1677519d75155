"""Each published example is claimed by a test module, through a line ``GOLDEN = {"W01", ...}``."""

import ast
import json
import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
EXAMPLES = json.loads((HERE / "examples.json").read_text(encoding="utf-8"))
IDS = {entry["id"] for entry in EXAMPLES}

# Claimed by rooms that are not merged yet. A claim that arrives makes its entry here an error: delete it.
PENDING = {"W09", "W10", "W11", "W14", "W15", "T01", "T04", "T06"}


def claims() -> dict[str, set[str]]:
    """Test file -> ids in its GOLDEN set."""
    found = {}
    for path in sorted(HERE.parent.rglob("test_*.py")):
        if path == Path(__file__).resolve():
            continue
        text = path.read_text(encoding="utf-8")
        if "GOLDEN" not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign) and any(getattr(name, "id", "") == "GOLDEN" for name in node.targets):
                found[path.name] = set(ast.literal_eval(node.value))
                unused = [key for key in found[path.name] if len(re.findall(key, text, re.IGNORECASE)) < 2]
                assert not unused, f"{path.name} claims {unused} in GOLDEN and never mentions them again"
    return found


def test_every_example_is_claimed_by_a_test():
    claimed = set().union(*claims().values())
    assert not IDS - claimed - PENDING, f"no test claims {sorted(IDS - claimed - PENDING)}"
    assert not claimed - IDS, f"claimed, but not in examples.json: {sorted(claimed - IDS)}"
    assert not claimed & PENDING, f"claimed now: delete {sorted(claimed & PENDING)} from PENDING"


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry["id"])
def test_every_example_says_where_it_comes_from(entry):
    assert entry["source"], "an example without source is an invention"
    assert entry["provenance"] in {"SEEN", "PARTIAL", "MEMORY"}
    assert entry["provenance"] != "SEEN" or entry["url"].startswith("http"), "SEEN needs the address where"
    assert {"metric", "inputs", "published", "tol"} <= set(entry)


def test_ids_are_unique():
    assert len(IDS) == len(EXAMPLES)
