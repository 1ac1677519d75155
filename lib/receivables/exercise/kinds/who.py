"""A customer to make out by asking (who): the belief is ``receivables.talk.persona``; false certainty costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from receivables.exercise.kinds.base import Kind, same
from receivables.exercise.spec import Key, Name, Outcome, Question, Text, fill
from receivables.talk import persona

SURE = (25, 40, 55, 70, 85, 100)  # percent: what may be said
_NEAR = 15                        # percentage points: how near a stated belief must be to what the replies support


class Who(Question):
    """Which of the four customer types is this: ask, then say how sure you are. ``questions`` are of personas.yaml."""

    kind: Literal["who"]
    opening: Text
    questions: Annotated[list[Name], Field(min_length=3)]


class WhoKey(Key):
    """What this customer is, and what he replies to each question."""

    kind: Literal["who"]
    truth: Name
    replies: dict[Name, Name]


def _asked(question: Who, answer: Any) -> list[str]:
    asked = answer.get("asked") if isinstance(answer, dict) else None
    asked = asked if isinstance(asked, list) else []
    if len(set(map(str, asked))) < len(asked) or not set(map(str, asked)) <= set(question.questions):
        raise ValueError("这道题改过了，从头再问。")
    return asked


def _who_shown(question: Who) -> dict[str, Any]:
    known = persona.load()
    return {"options": [{"id": id, "text": name} for id, name in known.names().items()],
            "items": [{"id": id, "text": known.question(id).ask} for id in question.questions],
            "sure": list(SURE)}


def _who_step(question: Who, key: WhoKey, answer: Any) -> dict[str, Any]:
    """The replies so far and the belief that they support, before and after each."""
    known, asked = persona.load(), _asked(question, answer)
    replies = [(id, key.replies[id]) for id in asked]
    trail = known.trail(replies)
    return {
        "answer": {"asked": asked}, "ended": False,
        "log": [{"id": id, "ask": known.question(id).ask, "reply": known.question(id).answer(reply).reply}
                for id, reply in replies],
        "dispute": "dispute" in known.flags(replies),
        "belief": [[round(p[id], 4) for id in known.prior] for p in trail],
    }


def _check_who(question: Who, key: WhoKey, figures: dict, answer: Any) -> Outcome:
    known = persona.load()
    try:
        asked = _asked(question, answer)
    except ValueError as error:
        return Outcome.missing(str(error))
    chosen, sure = (answer.get("type"), answer.get("sure")) if isinstance(answer, dict) else (None, None)
    if not isinstance(chosen, str) or chosen not in known.prior:
        return Outcome.missing("先说他是哪一类，再交卷。")
    if not isinstance(sure, int) or sure not in SURE:
        return Outcome.missing("你有几成把握？选一个。")
    names = known.names()
    belief = known.trail([(id, key.replies[id]) for id in asked])[-1]
    supported, likeliest = round(100 * belief[chosen]), max(belief, key=belief.get)
    rest = (1 - sure / 100) / (len(belief) - 1)
    stated = {name: sure / 100 if name == chosen else rest for name in belief}
    score = max(0.0, round(known.score(stated, key.truth) - sum(known.question(id).cost for id in asked), 4))
    open_ = [(known.value_of_asking(belief, id), id) for id in question.questions if id not in asked]
    worth, next_ = max(open_, default=(0, ""))
    if chosen != likeliest:
        other = f"「{names[likeliest]}」（{round(100 * belief[likeliest])}%）"
        return Outcome("incorrect", min(score, 0.4), f"他的回话更像{other}，「{names[chosen]}」只有 {supported}%。"
                       "把每一句回话再看一遍：哪一句让条子动得最多？", "against_the_replies")
    if sure - supported > _NEAR:
        more = f"还值得问：“{known.question(next_).ask}”" if worth > 0 else "问到这儿也只能说到这个份上。"
        luck = "这回碰对了，下回呢？" if chosen == key.truth else "认错了人，第一步就走错。"
        return Outcome("partial" if asked else "incorrect", min(score, 0.6 if asked else 0.3),
                       f"你说有 {sure}% 把握，{'问到的话' if asked else '一句没问，'}只撑得起 {supported}%。"
                       f"{luck}{more}", "false_certainty" if asked else "judged_without_asking")
    if supported - sure > _NEAR:
        return Outcome("partial", min(score, 0.7), f"话已经问到 {supported}% 了，你只敢说 {sure}%。"
                       "把握够了还不动手，拖的是自己的账。", "too_timid")
    if worth > 0:
        return Outcome("partial", min(score, 0.8), f"把握报得老实，可还有一句问了划算：“{known.question(next_).ask}”"
                       "问完再定，第一步更准。", "stopped_too_early")
    move, share = known.best_move(belief)
    name = next(each.name for each in known.moves if each.id == move)
    return Outcome("correct", score,
                   f"{fill(key.right, figures)}先走「{name}」，照练习里的表大约收得回 {share:.0%}（虚构）。")


def _ask_while_it_pays(question: Who, key: WhoKey) -> tuple[list[str], dict[str, float]]:
    known, asked = persona.load(), []
    while True:
        belief = known.trail([(id, key.replies[id]) for id in asked])[-1]
        worth, best = max(((known.value_of_asking(belief, id), id) for id in question.questions if id not in asked),
                          default=(0, ""))
        if worth <= 0:
            return asked, belief
        asked.append(best)


def _near(percent: float) -> int:
    return min(SURE, key=lambda each: abs(each - percent))


def _perfect_who(question: Who, key: WhoKey, figures: dict) -> dict[str, Any]:
    asked, belief = _ask_while_it_pays(question, key)
    chosen = max(belief, key=belief.get)
    return {"asked": asked, "type": chosen, "sure": _near(100 * belief[chosen])}


def _wrong_who(question: Who, key: WhoKey, figures: dict) -> Iterator[tuple[Any, str]]:
    right, prior = _perfect_who(question, key, figures), persona.load().prior
    other = min(prior, key=lambda name: (name == right["type"], -prior[name]))
    for answer in ({"asked": [], "type": max(prior, key=prior.get), "sure": 100}, {**right, "sure": 100},
                   {**right, "type": other}, {**right, "sure": 25},
                   {"asked": right["asked"][:1], "type": right["type"], "sure": right["sure"]}):
        outcome = _check_who(question, key, figures, answer)
        if outcome.misconception:
            yield answer, outcome.misconception


def _agree_who(question: Who, key: WhoKey) -> None:
    known = persona.load()
    same("questions and `replies`", question.questions, set(key.replies))
    replies = [(id, key.replies[id]) for id in question.questions]
    if key.truth not in known.prior:
        raise ValueError(f"truth: no type {key.truth!r}; there are {list(known.prior)}")
    asked, belief = _ask_while_it_pays(question, key)
    for which, held in (("asking while it pays", belief), ("asking everything", known.trail(replies)[-1])):
        if max(held, key=held.get) != key.truth:
            raise ValueError(f"{which} leads to {max(held, key=held.get)}, not to the truth {key.truth}")
    if len(asked) < 2:
        raise ValueError("fewer than two questions pay: there is nothing to find out")


WHO = Kind("who", Who, WhoKey, _check_who, _perfect_who, _wrong_who, _agree_who, shown=_who_shown, step=_who_step)
