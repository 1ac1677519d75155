"""The one exception that calculations raise when a figure does not exist."""

from __future__ import annotations


class Undefined(ValueError):
    """A figure that cannot be computed from what was given.

    Undefined is never 0, infinity or silence: a scalar calculation raises this with the
    reason, a table holds NaN and lists its reasons in ``frame.attrs["undefined"]``.

    Parameters
    ----------
    reason : str
        What is missing or contradictory, in words a finance colleague can act on.

    Examples
    --------
    >>> raise Undefined("sales of the period are 0: DSO has no denominator")
    Traceback (most recent call last):
    ...
    receivables.errors.Undefined: sales of the period are 0: DSO has no denominator
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason
