"""An answer in words: what a learner's page, a class view or an export shows of it."""

from __future__ import annotations

from typing import Any

from receivables.talk import scene


def readable(question: dict[str, Any], answer: Any) -> str:
    """One answer as text.

    Parameters
    ----------
    question : the public question, as ``Bound.public()`` gives it
    answer : as the card sends it

    >>> readable({"kind": "choice", "options": [{"id": "a", "text": "先打电话"}]}, "a")
    '先打电话'
    >>> readable({"kind": "number", "unit": "元"}, "148164.3")
    '148164.3 元'
    """
    texts = {o["id"]: o["text"] for name in ("options", "items", "targets") for o in question.get(name) or []}
    kind = question["kind"]
    if kind == "number":
        return f"{answer} {question['unit']}"
    if kind == "decide":
        return f"{texts.get(answer['choice'], answer['choice']).rstrip('。')}。理由：{answer.get('why', '')}"
    if kind in ("several", "order"):
        joined = " → " if kind == "order" else "；"
        return joined.join(texts.get(name, name) for name in answer)
    if kind in ("match", "classify"):
        return "；".join(f"{texts.get(a, a)}：{texts.get(b, b)}" for a, b in answer.items())
    if kind == "table":
        return "；".join(str(value) for value in answer.values())
    if kind == "scene":
        return "\n".join(line for line in answer["own_lines"] if line and not scene.own_hits(line))
    if kind == "who":
        return f"{texts.get(answer['type'], answer['type'])}，把握 {answer['sure']}%；问了 {len(answer['asked'])} 句"
    if kind == "roleplay":
        lines = {line["id"]: line["text"] for line in question["form"]}
        marks = "；".join(f"{lines.get(name, name)} {mark}" for name, mark in answer.get("scores", {}).items())
        red = f"✗ {question['red_flag']}。" if answer.get("red") else ""
        return f"{red}{marks}。{answer.get('note', '')}"
    return str(texts.get(answer, answer) if isinstance(answer, str) else answer)
