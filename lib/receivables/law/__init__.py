"""Calculators on dated legal parameters. Training material, not legal advice (非法律意见).

Every result carries ``.value`` (or ``.low``, ``.high``), ``.citation``, ``.effective_from``, ``.confidence`` and
``.as_of``, and prints itself in Chinese with 截至 and 非法律意见.
Rules that compete stand side by side; none is chosen.

A rate past its table raises ``RateUnknown``, a calculator asked (``as_of``) for a day past ``known_through``
``LawUnknown``. Not asked for a day it answers as of the last one that was checked. The limitation clock alone answers
for later days, and ``.stale`` and the print say so: its ``as_of`` is the day one stands on, not the state of the law.
"""

from receivables.law.inputs import LawUnknown, RateUnknown

__all__ = ["LawUnknown", "RateUnknown"]
