"""The printed book (话术册): cover, how to use it, the lines by excuse, customer type and channel, red lines, tables,
templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from receivables.course.scripts import templates
from receivables.course.scripts.collect import situation_line
from receivables.course.scripts.lines import Line
from receivables.course.scripts.paper import Block, Head, Items, Paper, Para, Said, Table, lettered
from receivables.course.scripts.private import unnamed
from receivables.course.scripts.sheet import unfit
from receivables.course.scripts.words import OPENING, place_names, say, situation_names, words
from receivables.course.vocabulary import small_table
from receivables.ledger.company import profile
from receivables.talk import first_moves, glossary, redline

_SINCE = re.compile(r"(\d{4}-\d\d-\d\d) 起")


def book(lines: Sequence[Line], *, on: date, company: str | None = None, names: bool = True,
         with_templates: bool = False) -> Paper:
    """The script book as a paper (编成话术册).

    Parameters
    ----------
    lines : what to print, in the order of the book (``lines.ordered``); every one must be free of red lines
    on : the date on the cover
    company : whose book; default that of data/company.yaml
    names : whether it tells who wrote a line
    with_templates : whether the templates are printed, to fill by hand; else a list tells when to use which

    Raises
    ------
    ValueError
        No line, or one that crosses a red line or that nobody can say: such a book is not printed.

    Examples
    --------
    >>> book([Line("王总，三张票一共 18,643 元，您哪天能付？", "no_money")], on=date(2025, 6, 30)).cover[0]
    '澜州衡桐机电设备有限公司 · 2025年6月30日'
    """
    w = words()
    if not lines:
        raise ValueError(w.faults["nothing"])
    for line in lines:
        if hits := redline.check(line.text):
            raise ValueError(w.faults["red"].format(rule=hits[0].name, text=line.text, instead=hits[0].hint))
        if line.unfit:
            raise ValueError(unfit(line))
    ours = company or profile().name
    people = {name for line in lines for name in line.writers}
    counted = any(_counted(name) for name in people)
    count = w.book["count_unnamed" if counted or not people else "count"].format(lines=len(lines), people=len(people))
    if not names:
        lines = [replace(line, text=unnamed(line.text, people)) for line in lines]
    blocks: list[Block] = [
        Head(w.book["how"], 1, fresh=True), Items(tuple(say(line) for line in w.how), "number"), *_steps(),
        *_chapters(lines, names), *_redlines(on), *_tables(on), *_templates(ours, with_templates)]
    made = w.book["made"].format(company=ours, date=f"{on.year}年{on.month}月{on.day}日")
    return Paper(w.book["title"], tuple(blocks), running=f"{ours} · {w.book['title']}", cover=(made, count),
                 foot=w.letters["fiction"] if ours == profile().name else "")


def _steps() -> list[Block]:
    """LSCP and the closing, once for the whole book."""
    b, known = words().book, glossary.load()
    steps = tuple(f"{item.name}：{item.meaning}" for item in known.term("lscp").items)
    closing = tuple(f"{item.name}：{item.meaning}" for item in known.term("closing").items)
    return [Head(say(b["steps"]), 2), Items(steps, "number"), Head(b["closing"], 2), Items(closing, "tick")]


def _chapters(lines: Sequence[Line], names: bool) -> Iterator[Block]:
    """The opening, then a chapter an excuse, with or without lines; lines that fit every excuse come last. Chapters
    run on: most are shorter than a page."""
    w, known = words(), glossary.load()
    of = {id: list(group) for id, group in groupby(lines, key=lambda line: line.excuse)}

    def head(name: str, mine: Sequence[Line], fresh: bool = False) -> Head:
        return Head(w.book["chapter"].format(name=name, count=len(mine)), 1, fresh)

    opening = of.get(OPENING, [])
    yield head(place_names("excuse")[OPENING], opening, fresh=True)
    yield Para(say(w.book["opening_lead"]), "lead")
    yield from _lines(opening, names) if opening else [Para(w.book["none_opening"])]
    for item in known.term("excuses").items:
        mine = of.get(item.id, [])
        yield head(item.name, mine)
        said, _, question = item.meaning.partition("问：")
        asked = f"{said.rstrip('。；，')}。\n{w.book['verify']}：{question}" if question else said
        yield Para(asked, "lead")
        yield Para(f"{known.term('lscp').line}。{say(w.book['closing_line'])}", "small")
        yield from _lines(mine, names) if mine else [Para(w.book["none"])]
    if general := of.get("", []):
        yield head(w.any["excuse"], general)
        yield from _lines(general, names)


def _lines(lines: Sequence[Line], names: bool) -> Iterator[Block]:
    """Customer type (in the opening: the drill), then channel, then the lines in the order of the talk."""
    any_, groups, channels = words().any, place_names("type") | situation_names(), place_names("channel")
    for group, mine in groupby(lines, key=lambda line: line.group):
        yield Head(groups.get(group, any_["type"]), 2)
        for channel, said in groupby(mine, key=lambda line: line.channel):
            yield Head(channels.get(channel, any_["channel"]), 3)
            yield from (Said(line.text, _note(line, names)) for line in said)


def _note(line: Line, names: bool) -> str:
    """Which step it serves, where it was said, how many wrote it, who."""
    writers = [name for name in line.writers if not _counted(name)]
    # two counts of a sheet without names may count the same people: the larger one is certain
    count = max([len(writers), *map(_counted, line.writers)])
    wrote = words().book["wrote"].format(count=count) if count > 1 else ""
    elsewhere = replace(line, situations=tuple(path for path in line.situations if path != line.group))
    opens = line.excuse == OPENING and line.step == "atmosphere"  # the heading says so
    parts = ["" if opens else place_names("step").get(line.step, ""), situation_line(elsewhere),
             "：".join(filter(None, (wrote, "、".join(writers) if names else "")))]
    return " · ".join(filter(None, parts))


def _counted(writer: str) -> int:
    """How many people a cell stands for that names none (``2 人``); 0 for a name.

    >>> _counted("2 人"), _counted("2班小李")
    (2, 0)
    """
    before, after = words().use["count"].split("{count}")
    number = writer.removeprefix(before).removesuffix(after)
    return int(number) if number.isdecimal() and writer == f"{before}{number}{after}" else 0


def _later(sources: Iterable[str], on: date) -> Iterator[Block]:
    """A word on law that is younger than the book's date."""
    if any(date.fromisoformat(since) > on for source in sources for since in _SINCE.findall(source)):
        yield Para(words().book["later"], "small")


def _redlines(on: date) -> Iterator[Block]:
    b, rules = words().book, redline.load()
    yield Head(b["redlines"], 1, fresh=True)
    rows = tuple((rule.name, rule.hint, rule.source if rule.basis == "law" else b["policy"]) for rule in rules.rules)
    yield Table(tuple(words().heads["redline"]), rows, (18, 46, 36))
    yield from _later((row[-1] for row in rows), on)
    yield Para(b["redline_note"].format(as_of=rules.as_of), "small")


def _tables(on: date) -> Iterator[Block]:
    """The three small tables, as the course's pages show them."""
    yield Head(words().book["tables"], 1, fresh=True)
    for which, widths in (("customer_types", (16, 48, 28)), ("causes", (16, 36, 22, 24)), ("debt_types", (14, 34, 34, 24))):
        shown = small_table(which)
        yield Head(shown.title, 2)
        yield Table(shown.header, shown.rows, widths)
    yield from _later((row.source for row in first_moves.load().debt_types), on)


def _templates(company: str, printed: bool) -> Iterator[Block]:
    """When to use which, and the command that fills them; the blanks where they are wanted."""
    w = words()
    yield Head(w.book["templates"], 1)
    yield Para(w.book["templates_note"])
    papers = [(template.id, templates.blank(template, company))
              for template in templates.load().templates if not template.internal]
    yield Items(tuple(f"{paper.title}：{w.uses[id]}" if id in w.uses else paper.title for id, paper in papers), "bullet")
    yield Para(w.book["templates_command"], "lead")
    if printed:
        yield from lettered([paper for _, paper in papers])
