"""``receivables pack``: the course as folders and zips to hand out: learner's and trainer's edition, handouts, agenda.

The learner's edition holds no key in any file one would open, no trainer's notes, no tests. Both editions
run as a checkout does (``make course``), and without a network when packed with their wheels.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import nbformat

from receivables import paths, sealed
from receivables.course import agenda, handout

#: what an edition takes from the checkout
SHARED = ("lib", "data", "notebooks", "casework", "docs", "Makefile", "pyproject.toml", "requirements.lock", "jupytext.toml",
          "README.md", "README.zh-CN.md", "LICENSE", "LICENSE-content.md")
TRAINERS_TOO = ("tests", "bench", "conftest.py", "environment.yml", "CONTRIBUTING.md")
_NEVER = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.pyc")
#: needed to install the course itself, whatever else a learner's lock leaves out
_BUILD = ("hatchling", "editables", "pip")


class PackError(RuntimeError):
    """A pack that cannot be made; the message says what to do."""


def key_files(root: Path) -> list[Path]:
    """The files that hold keys, below a course folder; a scene is a key too: it says what the debtor hides."""
    return sorted([*(root / "data" / "keys").glob("*.yaml"), *(root / "casework").glob("*/keys.yaml"),
                   *(root / "data" / "scenes").glob("*.yaml"), root / "data" / "scene_rules.yaml"])


def _copy(root: Path, names: tuple[str, ...], to: Path) -> None:
    for name in names:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=_NEVER)
        elif source.is_file():
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, to / name)


def _without_trainer_cells(notebook: Path) -> None:
    read = nbformat.read(notebook, as_version=4)
    read.cells = [cell for cell in read.cells if "trainer" not in cell.metadata.get("tags", [])]
    nbformat.write(read, notebook)


def learner_edition(to: Path) -> None:
    """The course without anything that only a trainer should see; keys are packed (see ``sealed``)."""
    root = paths.course_root()
    _copy(root, SHARED, to)
    packed = {file.relative_to(to).as_posix(): file.read_text(encoding="utf-8") for file in key_files(to)}
    for file in key_files(to):
        file.unlink()
    for name in ("keys", "scenes"):
        shutil.rmtree(to / "data" / name, ignore_errors=True)
    for source in [*to.glob("notebooks/source"), *to.glob("casework/**/source")]:
        shutil.rmtree(source)
    for notebook in [*to.glob("notebooks/*.ipynb"), *to.glob("casework/**/*.ipynb")]:
        _without_trainer_cells(notebook)
    for trainers in to.glob("casework/*/trainer"):
        shutil.rmtree(trainers)
    company = to / "data" / "company.yaml"
    if company.is_file():
        company.write_text(public_part(company.read_text(encoding="utf-8")), encoding="utf-8")
    (to / "data" / sealed.NAME).write_bytes(sealed.seal(packed))
    lock = to / "requirements.lock"
    lock.write_text("".join(_needed(lock.read_text(encoding="utf-8"))), encoding="utf-8")


def public_part(text: str) -> str:
    """A YAML text up to its top-level ``trainer_only:`` and the comment above it, which stand last.

    >>> public_part("name: 甲\\ntrainer_only:\\n  a: 1\\n")
    'name: 甲\\n'
    """
    return re.split(r"(?m)^(?:#.*\n)*trainer_only:", text)[0]


def _needed(lock: str) -> Iterator[str]:
    """The entries of a lock that running the course needs: those only for tests are left out."""
    keep, left_out = _closure("receivables", *_BUILD), set()
    for extra in importlib.metadata.requires("receivables") or []:
        if "extra ==" in extra:
            left_out |= _closure(re.split(r"[\s<>=!;\[]", extra)[0])
    for entry in re.split(r"(?m)^(?=[A-Za-z0-9])", lock):
        name = _plain(re.split(r"[\[=]", entry)[0])
        if entry.strip() and (name in keep or name not in left_out):
            yield entry


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(*roots: str) -> set[str]:
    """Names of packages and of all they require here."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        found.add(name)
        try:
            requires = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        needs = map(Requirement, requires)
        waiting += [need.name for need in needs if not need.marker or need.marker.evaluate({"extra": ""})]
    return found


def trainer_edition(to: Path) -> None:
    """The whole course: keys, notes, sources, tests."""
    _copy(paths.course_root(), SHARED + TRAINERS_TOO, to)


def add_wheels(edition: Path) -> None:
    """Put every package of an edition's lock beside it, so that it installs without a network on a like machine.

    Raises
    ------
    PackError
        When the packages cannot be had.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes",
               "-r", str(edition / "requirements.lock"), "-d", str(edition / "wheels")]
    if subprocess.run(command).returncode:
        raise PackError("程序包没有下载全：看看网络，再打一次包。")


def pack(out: Path, *, wheels: bool = False) -> list[Path]:
    """Make the pack; returns what was made.

    ``out``/learner, ``out``/trainer, ``out``/handouts (HTML, and PDF where there is a Chromium), agenda.html,
    and a zip of each edition.

    Raises
    ------
    PackError
        When ``out`` exists and is no earlier pack, or packages cannot be had.
    """
    if not paths.is_checkout():
        raise PackError("打包要在课程的源码文件夹里。")
    out = Path(out)
    mark = out / ".receivables-pack"
    if out.exists() and any(out.iterdir()) and not mark.is_file():
        raise PackError(f"{out} 里已经有别的东西：换一个空文件夹。")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    mark.write_text("made by `receivables pack`; replaced as a whole by the next one\n", encoding="utf-8")
    learner_edition(out / "learner")
    trainer_edition(out / "trainer")
    made = handout.write_all(out / "handouts", keys=False) + handout.write_all(out / "trainer" / "handouts", keys=True)
    (out / "agenda.html").write_text(agenda.to_html(), encoding="utf-8")
    made.append(out / "agenda.html")
    for edition in ("learner", "trainer"):
        if wheels:
            add_wheels(out / edition)
        made.append(Path(shutil.make_archive(str(out / f"receivables-{edition}"), "zip", out, edition)))
    return made


def visible_text(folder: Path) -> Iterator[tuple[str, str]]:
    """(file, text) of everything one would open in an edition, zips and wheels looked into."""
    import zipfile

    for file in sorted(folder.rglob("*")):
        if file.suffix in (".zip", ".whl", ".docx"):
            with zipfile.ZipFile(file) as inner:
                for name in inner.namelist():
                    yield f"{file.name}:{name}", inner.read(name).decode("utf-8", "ignore")
        elif file.is_file():
            yield escape(file.relative_to(folder).as_posix()), file.read_bytes().decode("utf-8", "ignore")
