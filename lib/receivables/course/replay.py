"""Replays of the course by learners made from the specifications; CI runs them through papermill and nbval.

``python -m receivables.course.replay FOLDER`` writes NAME.LEARNER.ipynb for every notebook that takes ``answers``,
and NAME.seedN.LEARNER.ipynb for the further seeds of one that takes ``seed``.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat

from receivables import paths
from receivables.course import build
from receivables.exercise.learners import LEARNERS

#: the first is the one a notebook is stored with
SEEDS = (0, 1, 2)


def replayable() -> list[Path]:
    """Sources of the notebooks that declare the parameter ``answers``."""
    return [s for s in build.sources() if re.search(r"^answers = ", s.read_text(encoding="utf-8"), re.M)]


def seeds(source: Path) -> tuple[int, ...]:
    """The seeds a notebook is replayed with: its own number alone, or three where it draws its case by ``seed``."""
    return SEEDS if re.search(r"^seed = ", source.read_text(encoding="utf-8"), re.M) else SEEDS[:1]


def lesson_of(source: Path, seed: int = 0) -> Any:
    """The lesson a notebook opens: its own first code cells, run here, so that both use the same ledger and date."""
    scope: dict[str, Any] = {}
    for cell in build.convert(source).cells:
        if cell.cell_type == "code":
            exec(cell.source, scope)
            if "parameters" in cell.metadata.get("tags", []) and "seed" in scope:
                scope["seed"] = seed
            if "lesson" in scope:
                return scope["lesson"]
    raise build.BuildError(f"{source.name} opens no lesson")


def answers(source: Path, learner: str, seed: int = 0) -> dict[str, Any]:
    """What this learner answers to every exercise that the notebook shows."""
    lesson = lesson_of(source, seed)
    shown = re.findall(r'lesson\.card\("([^"]+)"\)', source.read_text(encoding="utf-8"))
    given = {name: LEARNERS[learner](lesson.bound(name)) for name in shown}
    return {name: answer for name, answer in given.items() if answer is not None}


def replay(source: Path, learner: str, folder: Path, seed: int = 0) -> Path:
    """Run one notebook as one learner; the executed notebook and the answers stand in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{build.home(source)}{f'.seed{seed}' if seed else ''}.{learner}"
    given = folder / f"{name}.json"
    given.write_text(json.dumps(answers(source, learner, seed), ensure_ascii=False, indent=1), encoding="utf-8")
    parameters = {"answers": str(given), **({"seed": seed} if seed else {})}
    done = build.execute(build.convert(source), build.target(source).parent, parameters)
    path = folder / f"{name}.ipynb"
    nbformat.write(build.normalise(done), path)
    return path


def outcomes(notebook: Path) -> list[str]:
    """What each card of a replayed notebook states, in order."""
    return [
        output["data"]["text/plain"].strip("<>")
        for cell in nbformat.read(notebook, as_version=4).cells
        for output in cell.get("outputs", [])
        if output.get("data", {}).get("text/plain", "").startswith("<练习")
    ]


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else paths.course_root() / "build" / "replay"
    for source in replayable():
        for seed in seeds(source):
            for learner in LEARNERS:
                print(replay(source, learner, folder, seed).name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
