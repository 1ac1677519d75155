"""Guards on every stored notebook, the proof that it is what its source builds, and the replays."""

import json
import os
import re
from pathlib import Path

import nbformat
import pytest
import yaml

from receivables import paths
from receivables.course import build, replay
from receivables.course.modules import cases, modules
from receivables.exercise import load_all

SOURCES = build.sources()
GOLDEN = Path(__file__).parents[1] / "golden" / "replay.json"
REQUIREMENTS = yaml.safe_load(paths.data("requirements.yaml").read_text(encoding="utf-8"))
ID = re.compile(r"^[FKCMAEX]\d{1,2}$")


def stored(source):
    return nbformat.read(build.target(source), as_version=4)


@pytest.mark.parametrize("source", SOURCES, ids=build.home)
def test_the_stored_notebook_is_what_its_source_builds(source):
    assert build.target(source).read_text(encoding="utf-8") == build.build(source)


@pytest.mark.parametrize("source", SOURCES, ids=build.home)
def test_the_stored_notebook_is_fit_to_be_committed(source):
    assert build.faults(stored(source)) == []


def test_every_notebook_has_a_source():
    root = paths.course_root()
    found = {p for room in ("notebooks", "casework") for p in (root / room).rglob("*.ipynb")
             if ".ipynb_checkpoints" not in p.parts}
    assert found == {build.target(source) for source in SOURCES}


def broken(**fault):
    """A notebook broken in exactly one way."""
    output = nbformat.v4.new_output("stream", name=fault.get("stream", "stdout"), text=fault.get("text", "1\n"))
    cell = nbformat.v4.new_code_cell("print(1)", execution_count=fault.get("count", 1), outputs=[output])
    if fault.get("error"):
        cell.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="", traceback=[])]
    if fault.get("view"):
        cell.outputs = [nbformat.v4.new_output("display_data",
                                               {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}})]
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={name: {} for name in fault.get("metadata", [])})
    return notebook


@pytest.mark.parametrize("fault, said", [
    ({"count": None}, "not executed in order"), ({"count": 2}, "not executed in order"),
    ({"stream": "stderr"}, "stderr"), ({"error": True}, "holds an error"), ({"view": True}, "widget view"),
    ({"text": f"{paths.course_root()}/x\n"}, "path of this machine"), ({"metadata": ["widgets"]}, "run metadata"),
    ({"metadata": ["papermill"]}, "run metadata"),
], ids=lambda value: str(value)[:30])
def test_the_guard_sees_each_fault(fault, said):
    assert build.faults(broken()) == []
    found = build.faults(broken(**fault))
    assert found and all(said in line for line in found)


@pytest.mark.parametrize("source", SOURCES, ids=build.home)
def test_code_stays_folded_when_lab_opens_the_pair(source):
    # Lab reads the text and takes from the .ipynb only what this filter says the text does not hold.
    assert "cell_metadata_filter: tags,-all" in source.read_text(encoding="utf-8").split("---")[1]


@pytest.mark.parametrize("source", SOURCES, ids=build.home)
def test_no_heading_goes_with_the_trainers_notes(source):
    cells = build.convert(source).cells
    assert [c.source[:40] for c in cells if "trainer" in c.metadata.get("tags", []) and re.search(r"(?m)^#", c.source)] == []


def test_unknown_parameters_are_refused(tmp_path):
    with pytest.raises(build.BuildError, match="declares no parameter nonsense"):
        build.execute(build.convert(SOURCES[0]), tmp_path, {"nonsense": 1})


def test_a_cell_that_raises_stops_the_build_and_says_where(tmp_path):
    source = tmp_path / "source" / "broken.md"
    source.parent.mkdir()
    source.write_text("# Broken\n\n```{code-cell} ipython3\n1 / 0\n```\n", encoding="utf-8")
    with pytest.raises(build.BuildError, match=r"broken.md: cell 1: ZeroDivisionError"):
        build.build(source)


def test_ignored_outputs_carry_a_reason():
    """``nbval-ignore-output`` switches a comparison off: each use says why in its cell."""
    for source in SOURCES:
        for cell in stored(source).cells:
            if "nbval-ignore-output" in cell.metadata.get("tags", []):
                assert "# not compared:" in cell.source, f"{source.stem}: {cell.source[:60]}"


def taught():
    """Requirement ids by the notebook or exercise that names them."""
    found = {}
    for source in SOURCES:
        for cell in stored(source).cells:
            for tag in cell.metadata.get("tags", []):
                if ID.match(tag):
                    found.setdefault(tag, set()).add(build.home(source))
    for exercise in load_all().values():
        for name in exercise.question.requires:
            found.setdefault(name, set()).add(exercise.home)
    return found


def test_no_requirement_id_is_unknown():
    assert set(taught()) <= set(REQUIREMENTS)
    assert {name for module in modules() for name in module.teaches} <= set(REQUIREMENTS)


@pytest.mark.parametrize("module", [m for m in (*modules(), *cases()) if m.built], ids=lambda m: m.name)
def test_a_built_module_teaches_what_it_promises(module):
    gaps = [name for name in module.teaches if module.name not in taught().get(name, set())]
    assert gaps == []


def test_every_exercise_is_shown_by_its_notebook():
    shown = {(build.home(source), name) for source in SOURCES
             for name in re.findall(r'lesson\.card\("([^"]+)"\)', source.read_text(encoding="utf-8"))}
    missing = [e.id for e in load_all().values() if (e.home, e.id) not in shown]
    assert missing == []


def test_outcomes_of_the_replays_are_the_golden_ones(tmp_path):
    """What a perfect, a careless and an empty learner get; `UPDATE_GOLDEN=1` rewrites the file for review."""
    named = os.environ.get("RECEIVABLES_REPLAY")  # `make test` has just made them for nbval
    folder = Path(named) if named else tmp_path
    if not named:
        replay.main([str(folder)])
    got = {path.name.removesuffix(".ipynb"): replay.outcomes(path) for path in sorted(folder.glob("*.ipynb"))}
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(got, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert got == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_replays_mean_what_their_learners_are():
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert golden
    for name, said in golden.items():
        learner = name.split(".")[-1]
        assert said, name
        for outcome in said:
            if learner == "perfect":
                assert re.search(r" correct (1\.00|0\.[89])", outcome)  # below 1: a played one, where asking costs
            elif learner == "empty":
                assert " not_attempted 0.00" in outcome
            else:
                assert " correct " not in outcome
