"""The course served for a trial: what browser tests and benches start, use and end."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Trial:
    """A running course: its addresses, its learner's folder, its log."""

    base: str
    token: str
    home: Path
    log: Path

    @property
    def start(self) -> str:
        return f"{self.base}/voila/render/notebooks/00_start.ipynb?token={self.token}"

    @property
    def lab(self) -> str:
        return f"{self.base}/lab/tree/notebooks/00_start.ipynb?token={self.token}"

    def page(self, notebook: str) -> str:
        """The learner's page of a notebook, e.g. ``notebooks/01_why_receivables_matter.ipynb``."""
        return f"{self.base}/voila/render/{notebook}?token={self.token}"


@contextlib.contextmanager
def serving(home: Path | str, *arguments: str) -> Iterator[Trial]:
    """`receivables course` on a free port of 127.0.0.1, with ``home`` as learner's folder; ended on leaving."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = Path(home)
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    command = [sys.executable, "-m", "receivables.course.cli", "course", "--no-browser", "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen([*command, *arguments], stdout=out, stderr=subprocess.STDOUT,
                                   env={**os.environ, "RECEIVABLES_HOME": str(home)})
    try:
        base, deadline, address = f"http://127.0.0.1:{port}", time.monotonic() + 60, None
        while address is None:
            said = log.read_text(encoding="utf-8")
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the course did not start:\n{said}")
            address = next((word for word in said.split() if word.startswith(f"{base}/")), None)
            time.sleep(0.1)
        token = address.split("token=")[1]
        with contextlib.suppress(OSError):  # the address is announced just before the server answers
            urllib.request.urlopen(f"{base}/api?token={token}", timeout=30)
        yield Trial(base, token, home, log)
    finally:
        process.terminate()
        process.wait(30)
