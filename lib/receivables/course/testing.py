"""Everything CI runs, in one command: style, a browser, the replays, then one pytest run over code and notebooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from receivables import paths
from receivables.course import browser, replay

NO_BROWSER = """
######################################################################
#  NO BROWSER: the browser tests did NOT run.                        #
#  Install Chromium or Chrome and run `make test` again.             #
######################################################################
"""


def get_browser() -> str | None:
    """A Chromium: the one installed, else Debian's package when we are root, else Playwright's own."""
    found = browser.find()
    if found:
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("no browser found: installing Debian's chromium", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.call(["apt-get", "update", "-qq"], **quiet)
        subprocess.call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], **quiet)
        return browser.find()
    print("no browser found: asking Playwright for its own", flush=True)
    if subprocess.call([sys.executable, "-m", "playwright", "install", "chromium"]) == 0:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            return playwright.chromium.executable_path
    return None


def main() -> int:
    root = paths.course_root()
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    if subprocess.call([sys.executable, "-m", "ruff", "check", "--no-cache", "."], cwd=root):
        return 1
    found = get_browser()
    shutil.rmtree(root / "build" / "replay", ignore_errors=True)
    if replay.main([str(root / "build" / "replay")]):
        return 1
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
                   "RECEIVABLES_REPLAY": str(root / "build" / "replay")}
    if found:
        environment["RECEIVABLES_BROWSER"] = found
    # loadscope keeps the cells of one notebook in one kernel.
    code = subprocess.call(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadscope", "--color=no",
         "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120",
         "--nbval-sanitize-with", "tests/notebooks/sanitize.cfg",
         "lib", "tests", "notebooks", "casework", "build/replay"], cwd=root, env=environment)
    if not found:
        print(NO_BROWSER, flush=True)
        return code or int(in_ci)
    return code


if __name__ == "__main__":
    sys.exit(main())
