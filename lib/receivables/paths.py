"""Where things are, whichever folder one stands in: the one place that knows the layout on disk."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def is_checkout() -> bool:
    """Whether the package runs from a checkout (lib/receivables) rather than from a wheel."""
    return (_PACKAGE.parent.parent / "pyproject.toml").is_file() and _PACKAGE.parent.name == "lib"


def course_root() -> Path:
    """The folder that holds data/, notebooks/ and casework/: the checkout, or the wheel's copy of them.

    >>> (course_root() / "data").is_dir()
    True
    """
    return _PACKAGE.parent.parent if is_checkout() else _PACKAGE / "_course"


def data(*parts: str) -> Path:
    """A path below data/, the content that the whole course shares."""
    return course_root().joinpath("data", *parts)


def home() -> Path:
    """Where learners' files go: ``$RECEIVABLES_HOME``, else workspace/ of a checkout, else the user's data folder."""
    named = os.environ.get("RECEIVABLES_HOME")
    if named:
        return Path(named).expanduser().resolve()
    if is_checkout():
        return course_root() / "workspace"
    return Path(platformdirs.user_data_dir("receivables", appauthor=False))
