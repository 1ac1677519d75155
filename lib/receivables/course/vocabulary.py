"""The glossary on the page (词汇上页): the card 三说并存, a named list as a table, the three small tables.

What is shown follows data/glossary.yaml and data/first_moves.yaml: a trainer who changes a house
wording there changes every page. Cautions in the glossary are for the trainer and never shown here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from typing import Literal

from receivables.exercise.words import words
from receivables.talk import first_moves, glossary

SmallTable = Literal["causes", "debt_types", "customer_types"]


def _stamp(status_name: str, owner: str, date: dt.date) -> str:
    return words()["vocabulary"]["stamp"].format(status=status_name, owner=owner, date=date.isoformat())


def _status(reading: glossary.Reading) -> str:
    """How far the wording can be relied on, where its label does not say so already."""
    return "" if reading.label.startswith(reading.status_name) else reading.status_name


@dataclass(frozen=True)
class Readings:
    """The card 三说并存 (readings side by side): ours first and marked so, then the seed's and the others'.

    Its text is stable for CI; its HTML is one column on a phone and side by side where there is room.

    >>> print(readings("pmp"))
    三说并存：PMP原则
    → 本课说法（本课自定）：开口的三句话：...
    ...
    """

    card: glossary.Card

    def __repr__(self) -> str:
        word = words()["vocabulary"]
        lines = [word["readings"].format(name=self.card.title)]
        for place, reading in enumerate(self.card.readings):
            mark = "" if place else "→ "
            status = _status(reading)
            lines.append(f"{mark}{reading.label}{status and f'（{status}）'}：{reading.text}")
            if reading.items:
                lines.append(f"  {'·'.join(reading.items)}")
            lines.append(f"  {word['from'].format(source=reading.source)}")
        return "\n".join([*lines, *self._ends()])

    def _ends(self) -> list[str]:
        """Why ours, where the glossary says it, and who decided when."""
        word = words()["vocabulary"]
        why = [word["because"].format(reason=self.card.reason)] if self.card.reason else []
        return [*why, word["decided"].format(owner=self.card.owner, date=self.card.date.isoformat())]

    def _repr_html_(self) -> str:
        word = words()["vocabulary"]
        title = escape(word["readings"].format(name=self.card.title))
        ours, *others = map(self._reading, self.card.readings)
        *why, decided = map(escape, self._ends())
        return (f'<div class="rw-readings" role="group" aria-label="{title}"><p><strong>{title}</strong></p>'
                f'<div class="rw-reading rw-ours">{ours}{"".join(f"<p>{line}</p>" for line in why)}</div>'
                f'<div class="rw-others">{"".join(f"""<div class="rw-reading">{one}</div>""" for one in others)}</div>'
                f"<p><small>{decided}</small></p></div>")

    @staticmethod
    def _reading(reading: glossary.Reading) -> str:
        items = f'<p class="rw-items">{escape("·".join(reading.items))}</p>' if reading.items else ""
        source = words()["vocabulary"]["from"].format(source=reading.source)
        return (f"<p><strong>{escape(reading.label)}</strong> <small>{escape(_status(reading))}</small></p>"
                f"<p>{escape(reading.text)}</p>{items}<p><small>{escape(source)}</small></p>")


@dataclass(frozen=True)
class WordTable:
    """A table of words (词表): text where CI compares; a table where people read, on a phone
    one block a row when there are more than two columns."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str

    def __repr__(self) -> str:
        return "\n".join([f"[{self.title}]", *(" | ".join(row) for row in (self.header, *self.rows)), self.note])

    def _repr_html_(self) -> str:
        # Roles are spelled out because a phone's stylesheet lays the rows out as blocks, which would drop them.
        head = "".join(f'<th scope="col" role="columnheader">{escape(text)}</th>' for text in self.header)
        body = "".join(
            f'<tr role="row"><th scope="row" role="rowheader">{escape(row[0])}</th>'
            + "".join(f'<td role="cell" data-label="{escape(label)}">{escape(text)}</td>'
                      for label, text in zip(self.header[1:], row[1:], strict=True)) + "</tr>" for row in self.rows)
        kind = "rw-table rw-words rw-stack" if len(self.header) > 2 else "rw-table rw-words"
        return (f'<div class="{kind}"><table role="table" aria-label="{escape(self.title)}">'
                f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
                f'<tbody role="rowgroup">{body}</tbody></table></div><p><small>{escape(self.note)}</small></p>')


def readings(word: str, book: glossary.Glossary | None = None) -> Readings:
    """The card 三说并存 for one term.

    Parameters
    ----------
    word : id, name or other name of a glossary term
    book : another glossary than the course's

    Raises
    ------
    ValueError
        For a word the glossary does not have, and for one with a single reading: nothing to compare.
    """
    card = (book or glossary.load()).readings(word)
    if len(card.readings) < 2:
        raise ValueError(f"{card.id} has one reading only: show its items with terms(), or its text with fill()")
    return Readings(card)


def terms(word: str, book: glossary.Glossary | None = None) -> WordTable:
    """The house items of a named list (列表各项), one a row: name, meaning, and what they point to elsewhere.

    Parameters
    ----------
    word : id, name or other name of a glossary list
    book : another glossary than the course's

    Raises
    ------
    ValueError
        For a word the glossary does not have, and for one that has no items.

    Examples
    --------
    >>> terms("dodges").header
    ('名称', '意思', '催收六大情景', '客户四大托词')
    >>> terms("dodges").rows[0]
    ('躲', '人不见，电话不接，信息不回。', '见不到人', '没人')
    """
    book = book or glossary.load()
    term = book.term(word)
    if not term.items:
        raise ValueError(f"{term.id} has no items; write {{{{{term.id}.text}}}} for its wording")
    # One column for each list that items point to, in the order they first come up.
    lists = list(dict.fromkeys(target.split(".")[0] for item in term.items for target in item.see))

    def pointed(item: glossary.Item, target: str) -> str:
        return "、".join(book.item(see).name for see in item.see if see.split(".")[0] == target)

    header = (words()["vocabulary"]["name"], words()["vocabulary"]["meaning"], *(book.term(one).name for one in lists))
    rows = tuple((item.name, item.meaning, *(pointed(item, one) for one in lists)) for item in term.items)
    return WordTable(term.name, header, rows, _stamp(glossary.STATUS_NAMES[term.status], term.owner, term.date))


def small_table(which: SmallTable) -> WordTable:
    """One of the three small tables (三张小表): cause -> first move, debt type -> lever, customer type -> line.

    The table of customer types closes with the line for the flag 争议, which may stand on any type.

    Raises
    ------
    ValueError
        For another name, with those there are.

    Examples
    --------
    >>> small_table("customer_types").rows[-1][0]
    '标记：争议'
    """
    if which not in first_moves.TABLES:
        raise ValueError(f"no small table {which!r}; there are {', '.join(first_moves.TABLES)}")
    book, moves, word = glossary.load(), first_moves.load(), words()["vocabulary"]
    term = book.term(first_moves.TABLES[which])
    columns = [name for name in type(getattr(moves, which)[0]).model_fields if name != "key"]

    def row(name: str, given: first_moves.Row) -> tuple[str, ...]:
        cells = {column: getattr(given, column) for column in columns}
        if "source" in cells:
            cells["source"] = book.source_name(cells["source"])
        return (name, *cells.values())

    rows = [row(term.item(given.key).name, given) for given in getattr(moves, which)]
    if which == "customer_types":
        rows += [row(word["flag"].format(name=book.term(given.key).name), given) for given in moves.flags]
    return WordTable(word[which], (term.name, *(word[column] for column in columns)), tuple(rows),
                     _stamp(glossary.STATUS_NAMES[moves.status], moves.owner, moves.date))
