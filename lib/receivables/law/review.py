"""The page for the reviewing lawyer (律师复核单): what has outrun its check, what was never verified.

``receivables law-check --on DATE [--json]`` prints it. Two kinds of finding, two consequences:

- **past**: a parameter in force on that day whose ``known_through`` lies before it. Someone must look again, so the
  exit status is 1. CI asks for the day the course claims to hold for, not for today: nothing depends on a clock.
- **unverified**: figures, document numbers and article numbers known second hand or from memory. They are printed
  as such wherever they are used, so they do not fail a build.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape

from receivables import paths
from receivables.content import Content, load
from receivables.law import lpr
from receivables.law.days import known_years
from receivables.law.inputs import day
from receivables.law.parameters import CONFIDENCE_ZH, Parameter, all_parameters, documents, renumbered
from receivables.law.result import DISCLAIMER, percent

SCHEMA = 1


class Watch(Content):
    """Something that is changing and must be looked up before publication."""

    what: str
    why: str
    seen: date


@cache
def watched() -> tuple[Watch, ...]:
    """The watch list of data/law/watch.yaml."""
    return tuple(load(paths.data("law", "watch.yaml"), list[Watch]))


@dataclass(frozen=True)
class Entry:
    """One line of the review."""

    id: str
    name: str
    reading: str
    citation: str
    effective_from: date
    known_through: date
    confidence: str
    note: str = ""
    document: str = ""
    article: str = ""

    def json(self) -> dict:
        return {"id": self.id, "name": self.name, "value": self.reading, "citation": self.citation,
                "effective_from": self.effective_from.isoformat(), "known_through": self.known_through.isoformat(),
                "confidence": self.confidence, "note": self.note}


@dataclass(frozen=True)
class Review:
    """What a lawyer must look at on a day.

    Attributes
    ----------
    on : the day
    past : entries in force on that day that nobody has checked so far, the oldest check first
    unverified : entries whose confidence is not "verified", whatever the day
    numbers : documents whose number is not verified, and old article numbers from memory
    watch : what is changing
    """

    on: date
    past: tuple[Entry, ...]
    unverified: tuple[Entry, ...]
    numbers: tuple[str, ...]
    watch: tuple[Watch, ...]

    @property
    def ok(self) -> bool:
        """Whether everything in force on that day was checked for it."""
        return not self.past

    @property
    def exit_status(self) -> int:
        """0 when ``ok``, else 1; what was never verified does not fail, it prints 未核实."""
        return 0 if self.ok else 1

    def to_json(self) -> str:
        """The review for CI, stable in order; schema 1."""
        first, last = known_years()
        return json.dumps({
            "schema": SCHEMA, "on": self.on.isoformat(), "ok": self.ok,
            "past_known_through": [entry.json() for entry in self.past],
            "unverified": [entry.json() for entry in self.unverified],
            "numbers_unverified": list(self.numbers),
            "holidays_known": {"first_year": first, "last_year": last},
            "watch": [{"what": w.what, "why": w.why, "seen": w.seen.isoformat()} for w in self.watch],
            "notice": DISCLAIMER,
        }, ensure_ascii=False, indent=2)

    @property
    def text(self) -> str:
        """The review for a terminal."""
        said = [f"法律参数复核单，截至 {self.on}",
                f"过了核对期：{len(self.past)} 项；未核实：{len(self.unverified)} 项；"
                f"文号条号未核实：{len(self.numbers)} 个"]
        said += [f"过期 {e.known_through} {e.name}：{e.reading}" for e in self.past]
        said += [f"{CONFIDENCE_ZH[e.confidence]} {e.name}：{e.reading}" for e in self.unverified]
        said += [f"盯着 {w.what}：{w.why}" for w in self.watch]
        return "\n".join([*said, DISCLAIMER])

    def __str__(self) -> str:
        return self.text

    def to_html(self) -> str:
        """One page to print, for the reviewing lawyer: no request leaves it, everything is escaped."""
        first, last = known_years()
        blocks = [
            _table("一、从没核实过", self.unverified),
            _grouped("二、过了核对期，要重新查", self.past),
            _list("三、文号、条号只凭二手或记忆", self.numbers),
            _list("四、正在变，发布前再查", [f"{w.what}：{w.why}（上次看 {w.seen}）" for w in self.watch]),
        ]
        return _PAGE.format(
            on=self.on, past=len(self.past), unverified=len(self.unverified), numbers=len(self.numbers),
            calendar=f"放假日历：{first} 至 {last} 年已知", notice=escape(DISCLAIMER), blocks="\n".join(blocks))


def law_check(on: object) -> Review:
    """What a lawyer must look at before the course is used on a day (法律参数复核).

    Parameters
    ----------
    on : the day (date or ISO text)

    Returns
    -------
    Review
        ``.past``, ``.unverified``, ``.to_json()``, ``.to_html()``, ``.text``, ``.ok``, ``.exit_status``.

    Raises
    ------
    ValueError
        ``on`` is no date.

    Examples
    --------
    >>> law_check("2026-03-17").ok, law_check("2026-11-21").exit_status
    (True, 1)
    >>> any(entry.id == "lpr.1Y" for entry in law_check("2026-10-01").past)
    True
    """
    asked = day(on, "on")
    entries = [*map(_entry, all_parameters()), *_series(), _calendar()]
    in_force = [(entry, ended) for entry, ended in entries if entry.effective_from <= asked <= (ended or date.max)]
    past = [entry for entry, ended in in_force if ended is None and entry.known_through < asked]
    doubtful = [entry for entry, _ in entries if entry.confidence != "verified"]
    return Review(on=asked, past=tuple(sorted(past, key=lambda e: (e.known_through, e.id))),
                  unverified=tuple(sorted(doubtful, key=lambda e: (e.confidence, e.id, e.effective_from))),
                  numbers=_numbers(), watch=watched())


def _entry(parameter: Parameter) -> tuple[Entry, date | None]:
    return Entry(parameter.id, parameter.name, parameter.reading, parameter.citation, parameter.effective_from,
                 parameter.known_through, parameter.confidence, parameter.note,
                 parameter.documents[0].text, parameter.source[0].article), parameter.effective_to


def _series() -> list[tuple[Entry, date | None]]:
    """The published rates: the newest of each term, and until when the table goes."""
    found = []
    for kind, table in lpr.series().items():
        start, newest = table.changes[-1]
        note = f"直接数据核到 {table.primary_through}，其后是二手转述" if table.primary_through else ""
        confidence = "secondary" if note else table.confidence
        for term, value in zip(table.terms, newest, strict=True):
            entry = Entry(f"{kind}.{term}", f"{term} {table.name}", percent(value),
                          f"{documents()[table.document].text}，自 {start} 起", start, table.known_through, confidence,
                          note, documents()[table.document].text)
            found.append((entry, None if kind == "lpr" else table.known_through))
    return found


def _calendar() -> tuple[Entry, date | None]:
    """The holiday calendar, known to the end of its last year."""
    first, last = known_years()
    source = "国务院办公厅放假安排（chinesecalendar）"
    return Entry("calendar.holidays", "法定节假日日历", f"{first} 至 {last} 年", source, date(first, 1, 1),
                 date(last, 12, 31), "verified", "", source), None


def _numbers() -> tuple[str, ...]:
    texts = [f"{doc.text}：{CONFIDENCE_ZH[doc.number_confidence]}" for doc in documents().values()
             if doc.number_confidence != "verified"]
    return (*texts, *(f"{rule.rule}：{number.law}第{number.article}条（自 {number.starts} 起）"
                      for rule in renumbered() for number in rule.numbers if number.confidence != "verified"))


def _table(title: str, entries: tuple[Entry, ...]) -> str:
    rows = "".join(
        f"<tr><td>□ {escape(e.name)}<br><small>{escape(e.id)}</small></td><td>{escape(e.reading)}</td>"
        f"<td>{escape(e.citation)}" + (f"<br><small>{escape(e.note)}</small>" if e.note else "")
        + f"</td><td>{CONFIDENCE_ZH[e.confidence]}</td></tr>" for e in entries)
    return (f"<h2>{title}（{len(entries)} 项）</h2><table class=four>"
            f"<thead><tr><th>参数<th>数值、说法<th>依据<th>可信度</tr></thead><tbody>{rows}</tbody></table>")


def _grouped(title: str, entries: tuple[Entry, ...]) -> str:
    """One row a document: a lawyer opens each text once."""
    if not entries:
        return f"<h2>{title}（0 项）</h2><p>这一天之前全部核过。</p>"
    groups: dict[tuple[str, date], list[str]] = {}
    for e in entries:
        article = f"（{e.article}）" if e.article else ""
        groups.setdefault((e.document, e.known_through), []).append(
            f"<span>□ {escape(e.name)}：{escape(e.reading)}{escape(article)}</span>")
    rows = "".join(f"<tr><td>{escape(document)}</td><td>{known}</td><td>{'；'.join(lines)}</td></tr>"
                   for (document, known), lines in groups.items())
    return (f"<h2>{title}（{len(entries)} 项）</h2><table class=three><thead><tr><th>文件<th>核到<th>参数</tr></thead>"
            f"<tbody>{rows}</tbody></table>")


def _list(title: str, lines: tuple[str, ...] | list[str]) -> str:
    return f"<h2>{title}（{len(lines)} 项）</h2><ul>{''.join(f'<li>□ {escape(line)}</li>' for line in lines)}</ul>"


_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>法律参数复核单 {on}</title>
<style>
@page {{ size: A4; margin: 12mm }}
body {{ font: 12px/1.45 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; color: #111;
  background: #fff; max-width: 190mm; margin: 8px auto; padding: 0 8px }}
h1 {{ font-size: 18px; margin: 0 }} h2 {{ font-size: 14px; margin: 14px 0 4px; break-after: avoid }}
p, ul {{ margin: 4px 0 }} li {{ break-inside: avoid }}
ul {{ list-style: none; padding: 0; columns: 2; column-gap: 16px }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
th, td {{ border: 1px solid #999; padding: 2px 4px; text-align: left; vertical-align: top; overflow-wrap: anywhere }}
th {{ background: #eee }} tr {{ break-inside: avoid }} thead {{ display: table-header-group }}
.three th:nth-child(1) {{ width: 22% }} .three th:nth-child(2) {{ width: 10% }}
.four th:nth-child(1) {{ width: 25% }} .four th:nth-child(2) {{ width: 25% }} .four th:nth-child(4) {{ width: 9% }}
small {{ color: #555 }} .sign {{ display: flex; gap: 24px; margin-top: 16px }} .sign span {{ flex: 1 }}
.sign span {{ border-bottom: 1px solid #111 }}
@media (max-width: 600px) {{ ul {{ columns: 1 }} table {{ font-size: 10px }} }}
@media print {{ body {{ font-size: 8.5px; margin: 0; max-width: none }} }}
</style></head><body>
<h1>法律参数复核单</h1>
<p>截至 {on}。过了核对期 {past} 项，从没核实 {unverified} 项，文号条号未核实 {numbers} 个。{calendar}。</p>
<p>{notice}。核过一项，请在方框打钩，改 data/law 里的 known_through 和 confidence。</p>
{blocks}
<p class="sign"><span>复核律师：</span><span>执业证号：</span><span>日期：</span></p>
</body></html>
"""
