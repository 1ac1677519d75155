"""The printed book (话术册): cover, how to use it, the lines by excuse, customer type and channel, red lines, tables,
templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from receivables.course.scripts import templates
from receivables.course.scripts.collect import situation_line
from receivables.course.scripts.lines import Line
from receivables.course.scripts.paper import Block, Head, Items, Paper, Para, Said, Table, lettered
from receivables.course.scripts.words import place_names, say, words
from receivables.ledger.company import profile
from receivables.talk import first_moves, glossary, redline

_COUNT = re.compile(r"\d+")


def book(lines: Sequence[Line], *, on: date, company: str | None = None, names: bool = True) -> Paper:
    """The script book as a paper (编成话术册).

    Parameters
    ----------
    lines : what to print, in the order of the book (``lines.ordered``); every one must be free of red lines
    on : the date on the cover
    company : whose book; default that of data/company.yaml
    names : whether it tells who wrote a line

    Raises
    ------
    ValueError
        No line, or one that crosses a red line: such a book is not printed.

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
    ours = company or profile().name
    people = {name for line in lines for name in line.writers}
    counted = any(_COUNT.match(name) for name in people)
    count = w.book["count_unnamed" if counted or not people else "count"].format(lines=len(lines), people=len(people))
    blocks: list[Block] = [
        Head(w.book["how"], 1, fresh=True), Items(tuple(say(line) for line in w.how), "number"), *_steps(),
        *_chapters(lines, names), *_redlines(), *_tables(), *_templates(ours)]
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
    """A chapter an excuse, with or without lines; lines that fit every excuse come last."""
    w, known = words(), glossary.load()
    of = {id: list(group) for id, group in groupby(lines, key=lambda line: line.excuse)}
    for item in known.term("excuses").items:
        mine = of.get(item.id, [])
        yield Head(w.book["chapter"].format(name=item.name, count=len(mine)), 1, fresh=True)
        said, _, question = item.meaning.partition("问：")
        if question:
            yield Para(said.rstrip("。；，") + "。")
            yield Para(f"{w.book['verify']}：{question}", "lead")
        else:
            yield Para(item.meaning, "lead")
        yield Para(f"{known.term('lscp').line}。{say(w.book['closing_line'])}", "small")
        yield from _lines(mine, names) if mine else [Para(w.book["none"])]
    if general := of.get("", []):
        yield Head(w.book["chapter"].format(name=w.any["excuse"], count=len(general)), 1, fresh=True)
        yield from _lines(general, names)


def _lines(lines: Sequence[Line], names: bool) -> Iterator[Block]:
    """Customer type with the house's first line, then channel, then the lines in the order of the talk."""
    any_, types, channels = words().any, place_names("type"), place_names("channel")
    firsts = {row.key: row.line for row in first_moves.load().customer_types}
    for type_, mine in groupby(lines, key=lambda line: line.type):
        yield Head(types.get(type_, any_["type"]), 2)
        if type_ in firsts:
            yield Para(f"{words().book['first']}：{firsts[type_]}", "small")
        for channel, said in groupby(mine, key=lambda line: line.channel):
            yield Head(channels.get(channel, any_["channel"]), 3)
            yield from (Said(line.text, _note(line, names)) for line in said)


def _note(line: Line, names: bool) -> str:
    """Where it was said, which step it serves, how many wrote it, who."""
    w = words()
    parts = [place_names("step").get(line.step, ""), situation_line(line)]
    if line.writers and not _COUNT.match(line.writers[0]):
        count = w.book["wrote"].format(count=len(line.writers)) if len(line.writers) > 1 else ""
        parts.append("：".join(filter(None, (count, "、".join(line.writers) if names else ""))))
    else:
        parts += line.writers
    return " · ".join(filter(None, parts))


def _redlines() -> Iterator[Block]:
    b, rules = words().book, redline.load()
    yield Head(b["redlines"], 1, fresh=True)
    rows = tuple((rule.name, rule.hint, rule.source if rule.basis == "law" else b["policy"]) for rule in rules.rules)
    yield Table(tuple(words().heads["redline"]), rows, (18, 46, 36))
    yield Para(b["redline_note"].format(as_of=rules.as_of), "small")


def _tables() -> Iterator[Block]:
    b, heads, moves, known = words().book, words().heads, first_moves.load(), glossary.load()

    def name(list_: str, key: str) -> str:
        return known.term(list_).item(key).name if list_ else known.term(key).name

    yield Head(b["tables"], 1, fresh=True)
    yield Head(b["types"], 2)
    yield Table(tuple(heads["types"]), tuple(
        [(name("customer_types", row.key), row.line, row.why) for row in moves.customer_types]
        + [(name("", row.key), row.line, row.why) for row in moves.flags]), (14, 50, 28))
    yield Head(b["causes"], 2)
    yield Table(tuple(heads["causes"]), tuple((name("overdue_causes", row.key), row.move, row.proof, row.avoid)
                                              for row in moves.causes), (16, 36, 22, 24))
    yield Head(b["debts"], 2)
    yield Table(tuple(heads["debts"]), tuple(
        (name("debt_types", row.key), row.lever, b["house"] if row.source == "house" else row.source, row.watch)
        for row in moves.debt_types), (14, 34, 34, 24))


def _templates(company: str) -> Iterator[Block]:
    b = words().book
    yield Head(b["templates"], 1, fresh=True)
    yield Para(b["templates_note"])
    papers = [templates.blank(template, company) for template in templates.load().templates if not template.internal]
    yield Items(tuple(paper.title for paper in papers), "bullet")
    yield from lettered(papers)
