"""The house itself: manifests that agree, a lock without addresses, a wheel that carries the course."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest
import yaml
from packaging.requirements import Requirement

from receivables import paths

ROOT = paths.course_root()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
needs_checkout = pytest.mark.skipif(not paths.is_checkout(), reason="a wheel has no checkout around it")
pytestmark = needs_checkout


def declared():
    texts = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
    return {Requirement(t).name.lower().replace("_", "-"): Requirement(t).specifier for t in texts}


def locked():
    found = re.finditer(r"^([\w.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", LOCK, re.M)
    return {match[1].lower().replace("_", "-"): match[2] for match in found}


def test_the_lock_holds_every_declared_package_within_its_range():
    versions = locked()
    for name, specifier in declared().items():
        assert name in versions, f"{name} is not in the lock: run `make lock`"
        assert specifier.contains(versions[name], prereleases=True), f"{name} {versions[name]} not in {specifier}"


def test_the_lock_names_no_address_and_no_path():
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", LOCK)
    assert len(re.findall(r"--hash=sha256:", LOCK)) > len(locked())


def test_environment_yml_equals_the_project():
    """conda's file is checked for syntax and for equality only: it cannot be solved here."""
    parsed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pip = next(item["pip"] for item in parsed["dependencies"] if isinstance(item, dict))
    conda = [item for item in parsed["dependencies"] if isinstance(item, str)]
    assert conda[0] == f"python{PROJECT['requires-python']}" and conda[1] == "pip"
    listed = conda[2:] + [item for item in pip if item != "-e ."]
    assert pip[-1] == "-e ."
    assert sorted(listed) == sorted(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"])


def test_the_wheel_carries_the_course(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    assert {"receivables/_course/data/modules.yaml", "receivables/_course/notebooks/00_start.ipynb",
            "receivables/exercise/card.js",
            "receivables/course/share/jupyter/voila/templates/receivables/index.html.j2"} <= names


def imports(room):
    for file in (ROOT / "lib" / "receivables" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("receivables."):
                yield file.name, node.module.split(".")[1]


FLOW = {  # a room may import what stands before it
    "ledger": {"errors", "content", "paths"},
    "analysis": {"errors", "content", "ledger"},
    "law": {"errors", "content", "paths", "ledger", "analysis"},
    "talk": {"errors", "content", "paths", "ledger", "analysis", "law"},
    "charts": {"errors", "content", "paths", "analysis", "ledger"},
    "exercise": {"errors", "content", "paths", "ledger", "analysis", "law", "talk", "charts"},
}


@pytest.mark.parametrize("room", FLOW)
def test_data_flows_one_way(room):
    wrong = [f"{file} imports {other}" for file, other in imports(room) if other not in FLOW[room] | {room}]
    assert wrong == []


def test_calculations_import_no_widget_no_chart_no_path():
    for room in ("analysis", "law"):
        for file in (ROOT / "lib" / "receivables" / room).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"^\s*(import|from) (matplotlib|ipywidgets|anywidget)", text, re.M), file.name


def test_nothing_changes_the_import_path():
    for folder in ("lib", "tests", "notebooks/source", "casework"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".py", ".md") and file.name != "test_house.py":
                text = file.read_text(encoding="utf-8")
                assert not re.search(r"sys\.path(\.(insert|append|extend)|\s*(\+?=))", text), file


def test_no_committed_file_is_large_or_names_a_registry():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if file.is_file():
            assert file.stat().st_size <= 5 * 2**20, name
            if file.suffix in (".lock", ".toml", ".yml", ".yaml", ".md", ".py", ".txt", ".json"):
                hosts = "py" + "pi.org|python" + "hosted|registry.npm" + "js"
                assert not re.search(hosts, file.read_text(encoding="utf-8")), name
