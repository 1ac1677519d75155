"""Keys out of sight: the learner's edition carries them in one packed file instead of YAML anyone would open.

This keeps a key from being read by accident. It is no secret: whoever wants to unpack it can. Real secrecy
exists only where checking happens on somebody else's machine.
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import lru_cache
from pathlib import Path

from receivables import paths

NAME = "keys.pack"


def seal(files: dict[str, str]) -> bytes:
    """Pack files (name below the course's root -> text).

    >>> unseal(seal({"data/keys/00.yaml": "keys: []"}))
    {'data/keys/00.yaml': 'keys: []'}
    """
    return base64.b85encode(zlib.compress(json.dumps(files, sort_keys=True).encode("utf-8"), 9))


def unseal(packed: bytes) -> dict[str, str]:
    """The files of a pack."""
    return json.loads(zlib.decompress(base64.b85decode(packed)))


@lru_cache(maxsize=2)
def _read(pack: Path, _changed: int) -> dict[str, str]:
    return unseal(pack.read_bytes())


def _files() -> dict[str, str]:
    pack = paths.data(NAME)
    return _read(pack, pack.stat().st_mtime_ns) if pack.is_file() else {}


def text(file: Path) -> str | None:
    """The text of a file of the course from the pack of a learner's edition; None where the pack has none."""
    root = paths.course_root()
    return _files().get(file.relative_to(root).as_posix()) if file.is_relative_to(root) else None


def names(folder: Path) -> list[str]:
    """Names of the packed files that would stand in a folder of the course."""
    start = f"{folder.relative_to(paths.course_root()).as_posix()}/"
    return sorted(name.removeprefix(start) for name in _files() if name.startswith(start))
