"""Names out of a scene (演练里的名字) in a learner's line: the trainer puts the customer's own in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from receivables import paths
from receivables.course.scripts.words import words
from receivables.talk import scene
from receivables.talk.scene.spec import Scene, texts
from receivables.talk.scene.words import fill

_RUN = re.compile(r"[\u4e00-\u9fff]+")
_FIGURE = re.compile(r"\d[\d,]{3,}\d")


def borrowed(text: str, situations: Iterable[str]) -> tuple[str, ...]:
    """What of a line belongs to the scenes of these situations: whom one talked to, his firm, sums of the brief, and
    words of the brief and the facts that the course uses nowhere else.

    >>> borrowed("邵总，城投那笔到账当天，您先付 186,400 元。", ["situations.no_cash"])
    ('城投', '邵总', '186400')
    >>> borrowed("今天能先付多少？", ["situations.no_cash"])
    ()
    """
    plain = re.sub(r"(?<=\d)[,，](?=\d{3})", "", text)
    marks = _marks(_stamp())
    found = [mark for path in situations for mark in marks.get(path, ()) if mark in plain]
    return tuple(mark for mark in dict.fromkeys(found) if not any(mark != other and mark in other for other in found))


def _stamp() -> tuple[Path, float]:
    """Which scenes there are, and when the last one was changed."""
    folder = paths.data("scenes")
    return folder, max((file.stat().st_mtime for file in folder.iterdir()), default=0)


@lru_cache(maxsize=4)
def _marks(_of: tuple[Path, float]) -> dict[str, tuple[str, ...]]:
    """Situation -> what its scenes alone have."""
    scenes = [scene.load(id) for id in scene.ids()]
    said = {each.id: "\n".join(fill(text) for text in texts(each)) for each in scenes}
    course = "\n".join(file.read_text(encoding="utf-8") for file in sorted(paths.data("").rglob("*.yaml"))
                       if not {"scenes", "keys"} & set(file.parts))
    marks: dict[str, tuple[str, ...]] = {}
    for each in scenes:
        others = "\n".join([course, *(text for id, text in said.items() if id != each.id)])
        marks[each.situation] = (*marks.get(each.situation, ()), *_words(each, others), *_names(each), *_figures(each))
    return marks


def _names(of: Scene) -> list[str]:
    """Whom one talks to, as he may be called; of his firm, whose invented name is place, name, trade, the first two."""
    debtor = of.debtor
    surname, given = debtor.name[0], debtor.name[1:]
    called = [f"{surname}{title}" for title in words().titles]
    given_too = [given] if len(given) > 1 and given not in words().titles else []
    return [debtor.name, *given_too, *called, debtor.firm[:2], debtor.firm[2:4]]


def _words(of: Scene, others: str) -> list[str]:
    """Pairs of characters of the brief and the facts that stand nowhere else and have no particle in them."""
    own = [fill(text) for text in (*of.brief, *of.facts.values(), of.debtor.wants, of.debt.what)]
    pairs = (run[at:at + 2] for text in own for run in _RUN.findall(text) for at in range(len(run) - 1))
    return [pair for pair in dict.fromkeys(pairs) if pair not in others and not set(pair) & set(words().particles)]


def _figures(of: Scene) -> list[str]:
    return [figure.replace(",", "") for text in of.brief for figure in _FIGURE.findall(fill(text))]
