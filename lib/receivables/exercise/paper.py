"""An exercise on paper: the printed twin of a card, and the trainer's key to it. Plain HTML, no script."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from receivables.exercise.exercise import Bound
from receivables.exercise.learners import perfect, wrong_answers
from receivables.exercise.readable import readable
from receivables.exercise.words import words
from receivables.talk import scene

_RULE = '<p class="paper-line"></p>'


def _table(question: dict[str, Any]) -> str:
    table = question.get("table")
    if not table:
        return ""
    blanks = {(b["row"], b["column"]) for b in question.get("blanks", [])}
    head = "".join(f"<th>{escape(text)}</th>" for text in table["header"])
    body = "".join(
        "<tr>" + "".join(f"<td>{'' if (r, c) in blanks else escape(cell)}</td>" for c, cell in enumerate(row)) + "</tr>"
        for r, row in enumerate(table["rows"]))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _boxes(question: dict[str, Any]) -> str:
    return "".join(f"<p>☐ {escape(option['text'])}</p>" for option in question["options"])


def _order(question: dict[str, Any]) -> str:
    return "".join(f"<p>（　　） {escape(item['text'])}</p>" for item in question["items"])


def _pairs(question: dict[str, Any]) -> str:
    letters = "ABCDEFGHIJKLMNOP"
    targets = "".join(f"<p>{letters[n]}. {escape(t['text'])}</p>" for n, t in enumerate(question["targets"]))
    return _order(question) + f'<div class="paper-targets">{targets}</div>'


def _roles(question: dict[str, Any]) -> str:
    roles = "".join(f"<p><b>{escape(r['name'])}</b>：{escape(r['brief'])}</p>" for r in question["roles"])
    rows = "".join(f"<tr><td>{escape(line['text'])}</td><td>0　1　2　3</td><td>0 {escape(line['low'])}；"
                   f"3 {escape(line['high'])}</td></tr>" for line in question["form"])
    flag = f"<p>☐ {escape(question['red_flag'])}</p>" if question["red_flag"] else ""
    return f"{roles}<p>{escape(words()['card']['observer_form'])}</p><table><tbody>{rows}</tbody></table>{flag}{_RULE}"


def _talk(question: dict[str, Any]) -> str:
    """A scene on paper: who you meet, and room for the first lines; the talk itself is played by two people."""
    brief = question["brief"]
    lines = "".join(f"<p>{escape(line)}</p>" for line in brief["lines"])
    return (f"<p><b>{escape(brief['title'])}</b>（{escape(brief['channel'])}）</p>{lines}"
            f"<p>{escape(words()['card']['first_line'])}</p>{_RULE * 3}")


def _ask_around(question: dict[str, Any]) -> str:
    asks = "".join(f"<p>☐ {escape(item['text'])}</p>" for item in question["items"])
    types = "　".join(f"☐ {escape(option['text'])}" for option in question["options"])
    return f"<p>{escape(question['opening'])}</p>{asks}<p>{types}</p><p>{escape(words()['card']['how_sure'])} ______ %</p>"


#: how each kind is answered with a pen
_ANSWER: dict[str, Callable[[dict[str, Any]], str]] = {
    "choice": _boxes,
    "several": _boxes,
    "decide": lambda q: f"{_boxes(q)}<p>{escape(q['reason'])}</p>{_RULE * 2}",
    "number": lambda q: f'<p>________________ {escape(q["unit"])}</p>',
    "table": lambda q: f"<p>（{escape(q['unit'])}）</p>",
    "order": _order,
    "match": _pairs,
    "classify": _pairs,
    "write": lambda q: _RULE * 4,
    "discuss": lambda q: f"<p>{escape(q['collect'])}</p>{_RULE * 4}",
    "roleplay": _roles,
    "scene": _talk,
    "who": _ask_around,
}


def question_html(question: dict[str, Any]) -> str:
    """The printed twin of a card; nothing of the key. ``question`` as ``Bound.public()`` gives it."""
    text = "".join(f"<p>{escape(part)}</p>" for part in question["text"].splitlines() if part.strip())
    notes = " · ".join(filter(None, [question["source"], question["identity"]]))
    return (f'<section class="paper"><p class="paper-top">{escape(question["id"])} · {escape(question["topic"])}</p>'
            f"<p><strong>{escape(question['ask'])}</strong></p>{text}{_table(question)}"
            f"{_ANSWER[question['kind']](question)}<p><small>{escape(notes)}</small></p></section>")


def _role_card(role: dict[str, Any], confidential: str) -> str:
    """One role's card to cut out: what everybody may know, and what only its player may."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in confidential.splitlines())
    return (f'<div class="paper-role"><p><b>{escape(role["name"])}</b></p><p>{escape(role["brief"])}</p>'
            f"<p><b>{escape(words()['card']['only_you'])}</b></p>{lines}</div>")


def _behind_the_scene(what: str) -> str:
    """What the trainer must know of a scene: what the debtor hides and wants, how it may end, the best talk."""
    w, told = words()["scene"], scene.secrets(what)
    talk = scene.play(what, scene.best_moves(what))
    lines = "".join(f"<p><b>{escape(line.name)}</b>：{escape(line.text)}</p>" for line in talk.lines)
    return (f"<p><b>{escape(w['hidden'])}</b>：{escape('；'.join(told.facts))}</p>"
            f"<p>{escape(w['wanted'].format(wanted=told.wants))}</p>"
            + "".join(f"<p>{escape(end)}</p>" for end in told.ends)
            + f"<p><b>{escape(w['best_talk'])}</b></p>{lines}")


def key_html(bound: Bound) -> str:
    """What a trainer needs beside the sheet: the answer, why, and what each wrong answer shows."""
    public, key = bound.public(), bound.exercise.key
    seen: dict[str, str] = {}
    for answer, name in wrong_answers(bound):
        if name not in seen:
            outcome = bound.exercise.kind.check(bound.exercise.question, key, bound.figures, answer)
            given = "" if public["kind"] == "scene" else f"{escape(readable(public, answer))}<br>"
            seen[name] = f"<li>{given}→ {escape(outcome.message)}</li>"
    wrong = f"<ul>{''.join(seen.values())}</ul>" if seen else ""
    roles = "".join(_role_card(role, bound.text(key.confidential[role["id"]])) for role in public.get("roles", []))
    best = (_behind_the_scene(public["scene"]) if public["kind"] == "scene"
            else f"<p>✓ {escape(readable(public, perfect(bound)))}</p>")
    return (f'<section class="paper"><p class="paper-top">{escape(public["id"])} · {public["minutes"]} 分钟 · '
            f"{escape('、'.join(public['track']))} · {escape(public['cut'])}</p>"
            f"<p><strong>{escape(public['ask'])}</strong></p>{best}"
            f"<p>{escape(bound.text(key.solution))}</p>{roles}{wrong}</section>")
