"""Collecting (收集): the own words in learners' answer files become the lines of one script book.

Taken are every own line of a scene played to its end and the last answer to a writing task that names its place
in the book (``script``). Nothing is left out silently: ``Collection.told`` accounts for every line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from receivables.course.scripts.borrowed import borrowed
from receivables.course.scripts.lines import (
    APPOINTMENT,
    ATMOSPHERE,
    LONGEST,
    Line,
    Refused,
    check,
    clean,
    merged,
    normalised,
)
from receivables.course.scripts.private import masked
from receivables.course.scripts.words import OPENING, words
from receivables.exercise import load_all
from receivables.exercise.kinds.speak import Write
from receivables.exercise.store import Record, StoreError, parse
from receivables.exercise.words import words as interface
from receivables.talk import glossary, scene

SHORT = 6  # characters: a shorter line is kept, but not ticked for the book; see _doubts for the others
_FORMULA = "=+@＝＋＠"


@dataclass(frozen=True)
class Collection:
    """What was collected: ``lines`` for the book, ``refused`` for the trainer, ``told`` says what became of all,
    ``unnamed`` the same with numbers for the names.

    ``found`` counts the lines that people wrote; ``lines`` stand for ``kept`` of them; ``people`` wrote them.
    """

    lines: tuple[Line, ...]
    refused: tuple[Refused, ...]
    told: tuple[str, ...]
    unnamed: tuple[str, ...]
    found: int
    kept: int
    people: tuple[str, ...]


@dataclass
class _Person:
    """One learner's lines while they are being read."""

    name: str
    lines: list[Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def note(self, key: str, **values: object) -> None:
        self.notes.append((key, values))

    def told(self, name: str, refused: int) -> list[str]:
        """The account of this learner under a name."""
        c = self.counts
        notes = [("person", {"scenes": c["scenes"], "written": c["written"], "found": c["found"], "refused": refused}),
                 *self.notes]
        notes += [(key, {"count": c[key]}) for key in ("unfinished", "elsewhere", "again", "masked") if c[key]]
        return [words().report[key].format(name=name, **values) for key, values in notes]


def collect(files: Iterable[Path | str | tuple[str, Path | str]]) -> Collection:
    """Collect the lines of one or more learners (收集话术).

    Parameters
    ----------
    files : answer files, each a path or (name of the learner, path); without a name the file's name tells it

    Returns
    -------
    Collection : lines in the order of the book, the same line once

    Raises
    ------
    ValueError
        No file is given, or one cannot be read; the message lists every such file.

    Examples
    --------
    >>> collect([])
    Traceback (most recent call last):
    ...
    ValueError: 没有答案文件：给出学员的 .jsonl 文件
    """
    w, people, unread, seen = words(), [], [], set()
    for name, path in _named(files):
        person = _Person(name)
        try:
            records = list(parse(path.read_bytes()))
        except (OSError, StoreError) as error:
            reason = (error.strerror or error) if isinstance(error, OSError) else error
            unread.append(w.faults["unread"].format(file=path.name, why=reason))
            continue
        damaged = [number for number, record in records if record is None]
        if damaged:
            person.note("damaged", lines="、".join(map(str, damaged)), count=len(damaged))
        _take([record for _, record in records if record is not None], person, seen)
        people.append(person)
    if unread:
        raise ValueError("\n".join(unread))
    if not people:
        raise ValueError(w.faults["no_files"])
    return _sorted_out(people)


def _named(files: Iterable[Path | str | tuple[str, Path | str]]) -> Iterator[tuple[str, Path]]:
    """(learner, file): names told by the file where none is given; no two learners share one."""
    taken: Counter[str] = Counter()
    for given in files:
        name, path = given if isinstance(given, tuple) else ("", given)
        name = clean(name).replace("、", " ") or told_by(Path(path))
        taken[name] += 1
        yield (name if taken[name] == 1 else f"{name}（{taken[name]}）"), Path(path)


def told_by(path: Path) -> str:
    """The learner that a file's name tells: without the course's prefix and suffix, without a browser's copy number.

    >>> told_by(Path("我的答案-李-娜-0123456789.jsonl")), told_by(Path("me (2).jsonl"))
    ('李-娜', '学员')
    """
    name = re.sub(r"[ _]?[(（]\d+[)）]$", "", clean(path.stem))
    name = re.sub(r"-[0-9a-f]{10}$", "", name.removeprefix(f"{interface()['my_page']['answers_file']}-"))
    return words().report["nobody"] if name in ("", "me") else name


def _take(records: list[Record], person: _Person, seen: set[tuple]) -> None:
    """Everything of one file that belongs in the book. ``seen`` tells the records of all files apart: a file, or a
    part of one, that was handed in twice counts once."""
    exercises, last, halfway = load_all(), {}, {}  # halfway: exercise -> whether its latest talk was left unfinished
    for record in records:
        if record.event not in ("answer", "step"):
            continue
        same = (record.exercise, record.submission, record.time)
        if same in seen:
            person.counts["again"] += 1
            continue
        seen.add(same)
        if isinstance(record.answer, Mapping) and {"scene", "moves", "own_lines"} <= set(record.answer):
            halfway[record.exercise] = not _scene(record, person)
        elif record.event == "answer" and record.outcome.get("status") != "not_attempted":
            last[record.exercise] = record
    person.counts["unfinished"] = sum(halfway.values())
    for id, record in last.items():
        exercise = exercises.get(id)
        if exercise is None:
            person.note("no_exercise", exercise=id)
        elif isinstance(exercise.question, Write):
            _written(record, exercise.question, person)


def _written(record: Record, question: Write, person: _Person) -> None:
    if question.script is None:
        person.counts["elsewhere"] += 1
        return
    person.counts["written"] += 1
    note = words().report["changed_task"] if record.version != question.version else ""
    where = question.script
    _add(Line(str(record.answer or ""), where.excuse or "", where.type or "", where.channel or "", note=note), person)


def _scene(record: Record, person: _Person) -> bool:
    """The own lines of one talk; False where it is still going on.

    A talk of a scene that has changed since cannot be replayed: its lines stand where the scene stands now, with a
    note; those of a scene that is gone stand nowhere.
    """
    saved: Mapping[str, Any] = record.answer
    if record.event != "answer":  # a step: the same talk comes again with every later one
        return False
    try:
        state = scene.resume(saved)
    except (ValueError, KeyError, TypeError):
        _changed(saved, person)
        return True
    if not state.ended:
        return False
    person.counts["scenes"] += 1
    for said in scene.own_lines(state, red=True):
        _add(_placed(Line(said["line"], said["excuse"], said["type"], said["channel"], said["step"],
                          (said["situation"],))), person)
    return True


def _placed(line: Line) -> Line:
    """A line said before any excuse belongs to the opening: whoever is rung up has not said yet what he is."""
    if line.step == "atmosphere" or {APPOINTMENT, ATMOSPHERE} & set(line.situations):
        return replace(line, excuse=OPENING, type="")
    return line


def _changed(saved: Mapping[str, Any], person: _Person) -> None:
    given = saved["own_lines"] if isinstance(saved["own_lines"], list) else []
    own = [text for text in given if isinstance(text, str) and clean(text)]
    where: dict[str, Any] = {}
    if saved["scene"] in scene.ids():
        now = scene.load(saved["scene"])
        where = {"excuse": now.debtor.excuse or "", "type": now.debtor.type, "channel": now.channel,
                 "situations": (now.situation,)}
    person.note("changed_scene", scene=clean(str(saved["scene"]))[:40], count=len(own))
    for text in own:
        _add(_placed(Line(text, note=words().report["check_place"], **where)), person)


def _add(line: Line, person: _Person) -> None:
    """One line as it was found: cleaned, masked, with its writer."""
    text, numbers = masked(clean(line.text))
    if not text:
        return
    person.counts["found"] += 1
    person.counts["masked"] += sum(numbers.values())
    r, found = words().report, replace(line, text=text, writers=(person.name,))
    doubts = _doubts(found)
    if numbers:
        doubts.insert(0, r["masked_note"].format(kinds="、".join(words().private[kind] for kind in numbers)))
    names = borrowed(text, line.situations)
    notes = [line.note, *doubts, r["borrowed_note"].format(names="、".join(names)) if names else ""]
    person.lines.append(replace(found, note="；".join(filter(None, notes)), use=not doubts))


def _doubts(line: Line) -> list[str]:
    """Why a line waits for the trainer."""
    r, keys = words().report, []
    if line.text[0] in _FORMULA:
        keys.append("formula_note")
    if line.unfit:
        keys.append(f"{line.unfit}_note")
    elif len(normalised(line.text)) < SHORT:
        keys.append("short_note")
    return [r[key].format(longest=LONGEST) for key in keys]


def _sorted_out(people: list[_Person]) -> Collection:
    """Red lines apart, the rest merged; and the account of it."""
    r, kept, refused, told, unnamed = words().report, [], [], [], []
    for number, person in enumerate(people, 1):
        checked = [(line, check(line)) for line in person.lines]
        red = [Refused(line, hits) for line, hits in checked if hits]
        kept += [line for line, hits in checked if not hits]
        refused += red
        told += person.told(person.name, len(red))
        unnamed += person.told(f"{r['nobody']}{number}", len(red))
    lines = merged(kept)
    found, together = len(kept) + len(refused), len(kept) - len(lines)
    totals = [r["total"].format(people=len(people), found=found, kept=len(lines), merged=together, refused=len(refused),
                                unticked=sum(not line.use for line in lines))]
    by_rule = Counter(hit.name for each in refused for hit in {hit.rule: hit for hit in each.hits}.values())
    totals += [r["rule"].format(rule=name, count=count) for name, count in by_rule.most_common()]
    return Collection(tuple(lines), tuple(refused), (*told, *totals), (*unnamed, *totals), found, len(kept),
                      tuple(person.name for person in people))


def situation_line(line: Line) -> str:
    """The situations of a line in words."""
    return "、".join(glossary.load().item(path).name for path in line.situations)
