"""What the calculations ask of their arguments; a refusal says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from receivables.errors import Undefined

SLACK = 1e-9  # rounding of floats, not tolerance for wrong input


@dataclass(frozen=True)
class AmountAndCount:
    """One rate measured twice: by money and by number of items. Their gap says whether size matters."""

    by_amount: float
    by_count: float


def number(name: str, value: Any, *, least: float | None = None, most: float | None = None) -> float:
    """A finite float within [least, most], or ValueError."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be one number, given {value!r}") from None
    if not np.isfinite(result):
        raise ValueError(f"{name} must be finite, given {value!r}")
    if least is not None and result < least:
        raise ValueError(f"{name} must be at least {least:g}, given {result:g}")
    if most is not None and result > most:
        raise ValueError(f"{name} must be at most {most:g}, given {result:g}")
    return result


def share(name: str, value: Any) -> float:
    """A fraction in [0, 1]; above 1 it is probably a percentage."""
    result = number(name, value)
    if not 0 <= result <= 1 + SLACK:
        raise ValueError(f"{name} is a fraction between 0 and 1, given {result:g}"
                         + (": divide percentages by 100" if result > 1 else ""))
    return min(result, 1.0)


def vector(name: str, values: Any, *, least: float | None = None, length: int | None = None,
           hint: str = "") -> np.ndarray:
    """A one-dimensional float array without gaps, or ValueError; ``hint`` says what to do about values below least."""
    result = np.asarray(values, dtype=float)
    if result.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, given shape {result.shape}")
    if length is not None and len(result) != length:
        raise ValueError(f"{name} has {len(result)} entries, {length} expected: give one for each")
    if not np.isfinite(result).all():
        raise ValueError(f"{name} holds a missing or infinite value at position {int(np.argmin(np.isfinite(result)))}")
    if least is not None and (result < least).any():
        where = int(np.argmax(result < least))
        raise ValueError(f"{name} must be at least {least:g}, given {result[where]:g} at position {where}"
                         + (f": {hint}" if hint else ""))
    return result


def share_vector(name: str, values: Any, *, total_one: bool = False, length: int | None = None) -> np.ndarray:
    """Fractions in [0, 1], on demand summing to 1."""
    result = vector(name, values, length=length)
    outside = (result < 0) | (result > 1 + SLACK)
    if outside.any():
        worst = result[int(np.argmax(outside))]
        raise ValueError(f"{name} are fractions between 0 and 1, given {worst:g}"
                         + (": divide percentages by 100" if worst > 1 else ""))
    if total_one and abs(result.sum() - 1) > 1e-6:
        raise ValueError(f"{name} must sum to 1, they sum to {result.sum():g}: leave nothing out")
    return np.minimum(result, 1.0)


def divide(numerator: float, denominator: float, reason: str) -> float:
    """numerator / denominator; a denominator of 0 raises Undefined with the reason."""
    if denominator == 0:
        raise Undefined(reason)
    return float(numerator / denominator)


CREDIT_BALANCE = "reclassify credit balances (合同负债) first, they are never netted"
