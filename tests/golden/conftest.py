"""The published worked examples, ours to keep: tests must pass on the repository alone."""

import json
from pathlib import Path

import pytest

EXAMPLES = {entry["id"]: entry for entry in
            json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))}


@pytest.fixture
def example():
    """Look up one published example by its id."""
    return EXAMPLES.__getitem__
