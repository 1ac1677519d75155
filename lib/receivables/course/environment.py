"""Make the course's environment in .venv/ from requirements.lock. Runs on a bare Python: standard library only.

    python3 lib/receivables/course/environment.py

Uses uv when it can be had (seconds instead of a minute), else pip. Does nothing, and asks no
network, when .venv/ is already made from this very lock.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".made-from"
OLDEST = (3, 11)


def _bin(name: str) -> Path:
    return VENV / ("Scripts" if os.name == "nt" else "bin") / (f"{name}.exe" if os.name == "nt" else name)


def stamp() -> str:
    """What the environment depends on: this Python, the lock, the project's own metadata."""
    made_from = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()
    return f"{sys.version_info[0]}.{sys.version_info[1]} {hashlib.sha256(made_from).hexdigest()}"


def _run(*command: str | Path, **more) -> bool:
    return subprocess.run([str(part) for part in command], **more).returncode == 0


def _mirror() -> dict[str, str]:
    """uv does not read pip's settings: hand a configured mirror on to it."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"],
                           capture_output=True, text=True)
    mirror = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {"UV_DEFAULT_INDEX": mirror} if mirror else {}


def _uv() -> str | None:
    """uv from PATH, else installed into .venv; None when neither can be had."""
    found = shutil.which("uv")
    if found:
        return found
    if not _offline() and _run(_bin("python"), "-m", "pip", "install", "--quiet", "uv", stderr=subprocess.DEVNULL):
        return str(_bin("uv"))
    return None


def _offline() -> tuple[str, ...]:
    """A pack made with its wheels installs from them and asks no network."""
    return ("--no-index", "--find-links", str(ROOT / "wheels")) if (ROOT / "wheels").is_dir() else ()


def _with_uv(uv: str) -> bool:
    environment = {**os.environ, **_mirror()}
    python = ("--python", _bin("python"))
    pip = (uv, "pip", "install", "--quiet", *python)
    return (_run(*pip, *_offline(), "--require-hashes", "-r", LOCK, env=environment)
            and _run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT, env=environment))


def _with_pip() -> bool:
    pip = (_bin("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return (_run(*pip, *_offline(), "--require-hashes", "-r", LOCK)
            and _run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT))


def main() -> int:
    if sys.version_info < OLDEST:
        print(f"FAIL  Python {sys.version.split()[0]}：课程要 3.11 或更新的版本。装好后再运行 make course。\n"
              "      (Python 3.11 or newer is needed.)")
        return 1
    if STAMP.is_file() and STAMP.read_text() == stamp():
        return 0
    print("第一次打开：正在准备运行环境，要一两分钟……  (making .venv)", flush=True)
    STAMP.unlink(missing_ok=True)
    venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(VENV)
    uv = _uv()
    if not (uv and _with_uv(uv)) and not _with_pip():
        print("FAIL  运行环境没有装好。看看网络通不通，再运行一次。(The packages could not be installed.)")
        return 1
    STAMP.write_text(stamp())
    return 0


if __name__ == "__main__":
    sys.exit(main())
