"""Keys out of sight: the learner's edition carries them in one packed file instead of YAML anyone would open.

This keeps a key from being read by accident. It is no secret: whoever wants to unpack it can. Real secrecy
exists only where checking happens on somebody else's machine.
"""

from __future__ import annotations

import base64
import json
import zlib

from receivables import paths

NAME = "keys.pack"


def seal(files: dict[str, str]) -> bytes:
    """Pack key files (name below the course's root -> YAML text).

    >>> unseal(seal({"data/keys/00.yaml": "keys: []"}))
    {'data/keys/00.yaml': 'keys: []'}
    """
    return base64.b85encode(zlib.compress(json.dumps(files, sort_keys=True).encode("utf-8"), 9))


def unseal(packed: bytes) -> dict[str, str]:
    """The key files of a pack."""
    return json.loads(zlib.decompress(base64.b85decode(packed)))


def key_file(name: str) -> str | None:
    """The text of one key file from the pack of a learner's edition; None where there is no pack or no such file."""
    pack = paths.data(NAME)
    return unseal(pack.read_bytes()).get(name) if pack.is_file() else None
