"""The agenda of what exists: minutes summed from the exercises' own, by what happens when the hour is short."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from receivables.course.modules import cases, modules
from receivables.exercise import load_all
from receivables.exercise.words import words

CUTS = ("core", "one-day", "homework")


@dataclass(frozen=True)
class Block:
    """One module or case: its title, exercises, and minutes of exercises by cut and by track."""

    name: str
    title: str
    exercises: int
    by_cut: dict[str, int]
    by_track: dict[str, int]

    @property
    def minutes(self) -> int:
        return sum(self.by_cut.values())


def blocks() -> list[Block]:
    """Every built module and case that has exercises.

    >>> first = blocks()[0]
    >>> first.name, first.minutes == sum(e.question.minutes for e in load_all("00_start").values())
    ('00_start', True)
    """
    found = []
    for module in (*modules(), *cases()):
        questions = [e.question for e in load_all(module.name).values()]
        if not questions or not module.built:
            continue
        by_cut = {cut: sum(q.minutes for q in questions if q.cut == cut) for cut in CUTS}
        tracks = sorted({track for q in questions for track in q.track})
        by_track = {track: sum(q.minutes for q in questions if track in q.track) for track in tracks}
        title = module.title if module.name.startswith("case") else f"{module.number} {module.title}"
        found.append(Block(module.name, title, len(questions), by_cut, by_track))
    return found


def to_html() -> str:
    """The agenda as one page."""
    w = words()["agenda"]
    rows = "".join(
        f"<tr><td>{escape(b.title)}</td><td>{b.exercises}</td>"
        + "".join(f"<td>{b.by_cut[cut]}</td>" for cut in CUTS) + f"<td>{b.minutes}</td>"
        f"<td>{escape('，'.join(f'{track} {minutes}' for track, minutes in b.by_track.items()))}</td></tr>"
        for b in blocks())
    total = [sum(b.by_cut[cut] for b in blocks()) for cut in CUTS]
    foot = "".join(f"<td>{minutes}</td>" for minutes in (*total, sum(total)))
    count = sum(b.exercises for b in blocks())
    heads = "".join(f"<th>{escape(w[name])}</th>" for name in ("block", "exercises", *CUTS, "minutes", "tracks"))
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(w["title"])}</title><style>'
        'body{max-width:820px;margin:24px auto;padding:0 16px;font:15px/1.6 "Noto Sans SC","PingFang SC","Microsoft YaHei",'
        "sans-serif}table{border-collapse:collapse;width:100%}th,td{padding:6px 10px;border-bottom:1px solid #d8dee4;"
        "text-align:right}th:first-child,td:first-child,th:last-child,td:last-child{text-align:left}"
        "tfoot td{font-weight:700;border-top:2px solid}</style>"
        f"<h1>{escape(w['title'])}</h1><p>{escape(w['note'])}</p><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
        f"<tfoot><tr><td>{escape(w['total'])}</td><td>{count}</td>{foot}<td></td></tr></tfoot></table></html>"
    )
