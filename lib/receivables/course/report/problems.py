"""What the reader of ledgers says in English, retold for the reader of a report (data/report_problems.yaml)."""

from __future__ import annotations

import re
from functools import cache

from receivables import content, paths

# How receivables.ledger.Problem prints itself, alone or as a line of a LedgerError.
_PROBLEM = re.compile(
    r"(?:  - )?(?:(?P<file>[^:]+?)(?:, sheet (?P<sheet>.+?))?(?:, row (?P<row>\d+))?(?:, column (?P<column>.+?))?: )?"
    r"(?P<what>.+?)(?:, found (?P<value>'.*'|\".*\"))?(?:, expected (?P<expected>.+))?")
_COUNT = re.compile(r"(?:\w+Error: )?the ledger cannot be used \((?P<count>\d+) problems?\):")
_MORE = re.compile(r"  \.\.\. and (?P<more>\d+) more, all of them in error\.problems")
_ADVICE = "What to do: "


class Saying(content.Content):
    """A phrase of the library (a pattern that fits all of it) and how the report says it."""

    pattern: str
    say: str


class Sayings(content.Content):
    """All phrases, by where they stand in a problem; ``place`` joins the parts."""

    roles: dict[str, str]
    place: dict[str, str]
    what: list[Saying]
    expected: list[Saying]
    advice: list[Saying]


@cache
def sayings() -> Sayings:
    return content.load(paths.data("report_problems.yaml"), Sayings)


def retold(line: str) -> str | None:
    """One line of a ledger's problems or of a LedgerError in Chinese (台账问题); None when its phrase is not known.

    >>> retold("ar.csv, row 3, column 到期日: not a day that exists, found '2023-02-29', expected a date such as 2024-03-31")
    'ar.csv，第 3 行，“到期日”列：没有这一天。写的是“2023-02-29”，要写成 2024-03-31 这样的日期'
    >>> retold("What to do: export it again")
    '怎么办：重新导出一次'
    >>> retold("something else") is None
    True
    """
    place = sayings().place
    for pattern, key in ((_COUNT, "count"), (_MORE, "more")):
        if found := pattern.fullmatch(line):
            return place[key].format(**found.groupdict())
    if line.startswith(_ADVICE):
        steps = [_said(sayings().advice, step) or step for step in line.removeprefix(_ADVICE).split("; ")]
        return place["advice"].format(advice="；".join(dict.fromkeys(steps)))
    found = _PROBLEM.fullmatch(line)
    if found is None or (what := _said(sayings().what, found["what"])) is None:
        return None
    parts = found.groupdict()
    named = [name for name in ("file", "sheet", "row", "column") if parts[name]]
    where = "，".join(place[name].format(**{name: parts[name]}) for name in named)
    told = f"{where}：{what}" if where else what
    more = [place["value"].format(value=parts["value"][1:-1])] if parts["value"] else []
    if parts["expected"]:
        wanted = _said(sayings().expected, parts["expected"])
        more.append(wanted or place["expected"].format(expected=parts["expected"]))
    return f"{told}。{'，'.join(more)}" if more else told


def _said(known: list[Saying], phrase: str) -> str | None:
    for saying in known:
        if found := re.fullmatch(saying.pattern, phrase):
            blanks = found.groupdict()
            if "role" in blanks:
                blanks["role"] = sayings().roles.get(blanks["role"], blanks["role"])
            return saying.say.format(**blanks)
    return None
