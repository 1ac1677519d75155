"""What learners answered: append-only JSON lines, one file a learner, on this machine only.

A line is on disk (fsync) before an answer is confirmed. A line cut off by a crash is left where it
is, closed by the next write and passed over when reading: nothing confirmed is lost, nothing is
counted twice (each submission carries its own id).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from receivables import paths
from receivables.exercise.spec import Outcome

SCHEMA = 1
LARGEST = 1_200_000  # bytes of one record: more than any exercise takes, less than what stalls a page
LOCK_SECONDS = 10


class StoreError(RuntimeError):
    """An answer that could not be kept; the message says why and what to do. Nothing was half-written."""


@dataclass(frozen=True)
class Record:
    """One confirmed event: an answer with its outcome, a step of an unfinished one, a hint taken, a solution opened.

    ``shown`` keeps the question, the answer in words and the takeaway as the learner saw them, so that what was
    learnt can be shown again without the ledger it was about.
    """

    exercise: str
    version: int
    event: str
    time: str
    submission: str
    answer: Any = None
    outcome: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    schema: int = SCHEMA


def current_learner() -> str:
    """Who answers here: ``$RECEIVABLES_LEARNER``, else ``me``."""
    return os.environ.get("RECEIVABLES_LEARNER", "").strip() or "me"


def file_name(learner: str) -> str:
    """A safe file name for any name a person may type; different names never share a file.

    >>> file_name("me"), file_name("张三")
    ('me.jsonl', '张三.jsonl')
    >>> file_name("../../张 三<img src=x>")
    '张-三-img-src-x-....jsonl'
    """
    name = unicodedata.normalize("NFC", learner).strip()
    safe = re.sub(r"[^\w]+", "-", name).strip("-_")[:40]
    reserved = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)?", safe) is not None
    # Case matters to people but not to every file system: an upper-case letter asks for the suffix too.
    if safe != name or safe != safe.lower() or reserved:
        safe = f"{safe or 'learner'}-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
    return f"{safe}.jsonl"


#: from schema n to n + 1: a function from the raw record to the raw record; none is needed yet
MIGRATIONS: dict[int, Callable[[dict], dict]] = {}


class Store:
    """The answers of one learner.

    Parameters
    ----------
    learner : any text; it becomes a safe file name
    folder : where the files are; ``paths.home() / "answers"`` by default
    """

    def __init__(self, learner: str | None = None, folder: Path | None = None):
        self.learner = (learner or current_learner()).strip()[:200]
        self.folder = Path(folder) if folder is not None else paths.home() / "answers"
        self.path = self.folder / file_name(self.learner)
        self._lock = FileLock(str(self.path) + ".lock", timeout=LOCK_SECONDS)

    def append(self, exercise: str, version: int, event: str, submission: str, answer: Any = None,
               outcome: Outcome | None = None, shown: dict[str, str] | None = None) -> Record:
        """Keep one event and return it once it is on disk. The same ``submission`` of an event is kept once.

        Raises
        ------
        StoreError
            When the answer is too long, the disk refuses, or another program holds the file.
        """
        record = Record(exercise, version, event, datetime.now(UTC).isoformat(timespec="milliseconds"), submission,
                        answer, asdict(outcome) if outcome else {}, shown or {})
        line = json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        if len(line) > LARGEST:
            raise StoreError("答案太长，没有保存。请删短一些再交。")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._lock:
                sent = (submission, event)
                known = next((r for r in self.records() if submission and (r.submission, r.event) == sent), None)
                if known is not None:
                    return known
                with open(self.path, "ab+") as file:
                    if file.tell() and not self._ends_in_newline(file):
                        line = b"\n" + line  # close a line that a crash cut off
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
        except Timeout:
            raise StoreError("另一个页面正占着你的答案文件，没有保存。关掉它，再交一次。") from None
        except OSError as error:
            why = error.strerror or error
            raise StoreError(f"没有保存：{why}。看看磁盘是否已满、文件夹能否写入，再交一次。") from None
        return record

    @staticmethod
    def _ends_in_newline(file: Any) -> bool:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"

    def records(self, exercise: str | None = None) -> Iterator[Record]:
        """What was kept, oldest first; lines that are no record (cut off by a crash) are passed over."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        for _, record in parse(content):
            if record is not None and exercise in (None, record.exercise):
                yield record

    def forget(self) -> bool:
        """Erase everything kept of this learner; True when there was something."""
        existed = self.path.exists()
        if self.folder.is_dir():
            with self._lock:
                self.path.unlink(missing_ok=True)
            Path(self._lock.lock_file).unlink(missing_ok=True)
        return existed


def parse(content: bytes) -> Iterator[tuple[int, Record | None]]:
    """Every line of an answer file that is not empty: its number, counted from 1, and its record.

    The record is None where the line holds none (cut off by a crash, damaged).

    Raises
    ------
    StoreError
        For a line that a newer course wrote.

    >>> list(parse(b'{"schema": 1, "exer\\n'))
    [(1, None)]
    """
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip():
            yield number, _parse(line)


def _parse(line: bytes) -> Record | None:
    try:
        raw = json.loads(line.decode("utf-8"))
        version = int(raw["schema"])
    except (ValueError, KeyError, TypeError):
        return None
    if version > SCHEMA:
        raise StoreError(f"这份答案是新版课程写的（第 {version} 版格式），请先升级课程。")
    try:
        while version < SCHEMA:
            raw = MIGRATIONS[version](dict(raw))
            version += 1
        return Record(**{**raw, "schema": SCHEMA})
    except (KeyError, TypeError):
        return None


@dataclass(frozen=True)
class Progress:
    """Where a learner stands with one exercise; ``draft`` is an answer begun since the last one given."""

    tries: int = 0
    hints: int = 0
    solution: bool = False
    answer: Any = None
    outcome: dict[str, Any] = field(default_factory=dict)
    best: float = 0.0
    done: bool = False
    draft: Any = None


def progress(records: Iterator[Record], exercise: str, version: int) -> Progress:
    """Fold the records of one exercise into where the learner stands; other versions of it do not count."""
    tries = hints = 0
    solution = done = False
    best, answer, draft, outcome = 0.0, None, None, {}
    for record in records:
        if record.exercise != exercise or record.version != version:
            continue
        if record.event == "hint":
            hints += 1
        elif record.event == "solution":
            solution = True
        elif record.event == "step":
            draft = record.answer
        elif record.event == "answer":
            tries += 1
            answer, draft, outcome = record.answer, None, record.outcome
            best = max(best, float(outcome.get("score", 0)))
            done = done or outcome.get("status") == "correct"
    return Progress(tries, hints, solution, answer, outcome, best, done, draft)
