"""The Chromium of this machine: where it is, fonts to show it, pages to print with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

from receivables import paths

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
#: for an offline, unattended run
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


def find() -> str | None:
    """Path of a Chromium-family browser: ``$RECEIVABLES_BROWSER``, else what is installed; None where there is none."""
    named = os.environ.get("RECEIVABLES_BROWSER")
    if named:
        return named
    for name in NAMES:
        if (found := shutil.which(name)) is not None:
            return found
    return next((path for path in INSTALLED if Path(path).is_file()), None)


def with_fonts(folder: Path) -> dict[str, str]:
    """Environment in which Chromium finds the course's Chinese font even where the system has none.

    Writes ``fonts.conf`` into ``folder``.
    """
    conf = Path(folder) / "fonts.conf"
    conf.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
                    f"<dir>{escape(str(paths.data('fonts')))}</dir>"
                    '<include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>', encoding="utf-8")
    return {"FONTCONFIG_FILE": str(conf)}


def print_pdf(page: Path, pdf: Path) -> bool:
    """Print an HTML file to PDF; False where no browser can be had."""
    found = find()
    if found is None:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            [found, "--headless", *FLAGS, f"--user-data-dir={scratch}/profile", "--no-pdf-header-footer",
             "--virtual-time-budget=8000", f"--print-to-pdf={pdf}", page.resolve().as_uri()],
            env={**os.environ, **with_fonts(Path(scratch))}, check=True, capture_output=True, timeout=120)
    return True
