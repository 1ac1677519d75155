"""The words of the interface, from data/interface.yaml."""

from __future__ import annotations

from functools import lru_cache

from receivables import paths
from receivables.content import load


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """Interface words by part of the interface.

    >>> words()["card"]["submit"]
    '交卷'
    """
    return load(paths.data("interface.yaml"), dict[str, dict[str, str]])
