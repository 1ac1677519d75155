"""Calculators on dated legal parameters. Training material, not legal advice (非法律意见).

Every result carries ``.value`` (or ``.low``, ``.high``), ``.citation``, ``.effective_from``, ``.confidence`` and
``.as_of``, and prints itself in Chinese with 截至 and 非法律意见.
Rules that compete stand side by side; none is chosen.

A rate past its table raises ``RateUnknown``. Wording of a statute does not lapse on the day after it was checked: a
calculator asked for a later day answers by what is known, and ``.stale`` and the print say so; ``parameters.at``
refuses.
"""

from receivables.law.inputs import LawUnknown, RateUnknown

__all__ = ["LawUnknown", "RateUnknown"]
