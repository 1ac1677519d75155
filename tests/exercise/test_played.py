"""Played exercises without a browser: a scene line by line, a customer made out by asking; what is shown, kept, marked."""

import dataclasses
import itertools
import json

import pytest

from receivables import paths
from receivables.exercise import Exercise, check, learners
from receivables.exercise import exercise as exercises
from receivables.exercise.card import Card
from receivables.exercise.kinds import KINDS
from receivables.exercise.kinds.who import SURE
from receivables.exercise.store import Store
from receivables.talk import glossary, persona, scene

COMMON = {"id": "98-01", "version": 1, "topic": "t", "ask": "a", "source": "虚构", "minutes": 8, "track": ["销售"],
          "cut": "core", "requires": ["C11"]}
KEY = {"id": "98-01", "hints": ["h"], "right": "谈成了。", "solution": "s", "takeaway": "带走"}
REPLIES = {"where_is_it": "vague", "who_was_paid": "others_first", "sign_statement": "later", "guarantor": "never",
           "what_is_wrong": "written_issue"}


def bound(kind, question, key):
    q = KINDS[kind].question.model_validate({**COMMON, "kind": kind, **question})
    k = KINDS[kind].key.model_validate({**KEY, "kind": kind, **key})
    KINDS[kind].agree(q, k)
    return Exercise("98_x", q, k).bind(None, as_of="2025-06-30")


def a_scene(id="dispute", **more):
    return bound("scene", {"scene": id, **more}, {})


def a_customer(truth="able_unwilling", replies=REPLIES):
    return bound("who", {"opening": "o", "questions": list(REPLIES)}, {"truth": truth, "replies": replies})


@pytest.fixture
def store(tmp_path):
    return Store("me", tmp_path)


@pytest.fixture
def page(store):
    card = Card(a_scene(), store)
    count = iter(range(1000))

    def send(kind, **more):
        card._handle_custom_msg({"type": kind, "submission": f"s{next(count)}", **more}, [])
        return card.view

    send.card = card
    send("hello")
    return send


def say(page, move, line=""):
    """One turn as the page plays it: the own line first, then one of the options."""
    step = page.card.view["step"]
    step = page("step", answer={**step["answer"], "line": line})["step"]
    assert move in [option["id"] for option in step["options"]]
    return page("step", answer={**step["answer"], "moves": [*step["answer"]["moves"], move],
                                "own_lines": [*step["answer"]["own_lines"], step["line"]]})


# ---- the scene ---------------------------------------------------------------------------------------------------

def test_options_come_only_after_the_own_line(page):
    assert page.card.view["step"]["options"] is None and page.card.view["step"]["line"] is None
    step = page("step", answer={**page.card.view["step"]["answer"], "line": "王经理，我们先对一下数。"})["step"]
    assert len(step["options"]) >= 3 and step["line"] == "王经理，我们先对一下数。"


@pytest.mark.parametrize("id", scene.ids())
def test_nothing_hidden_reaches_the_page_before_the_debrief(id):
    what = scene.load(id)
    b = a_scene(id)
    question, key, kind = b.exercise.question, b.exercise.key, b.exercise.kind
    state, moves = scene.start(id), scene.best_moves(id)
    told = json.dumps(b.public(), ensure_ascii=False)
    for move in moves:
        told += json.dumps(kind.step(question, key, {**state.as_dict(), "line": ""}), ensure_ascii=False)
        state = scene.answer(state, move)
        if not state.ended:
            known = set(scene.offer(state).learned)
            told_now = json.dumps(kind.step(question, key, state.as_dict()), ensure_ascii=False)
            assert not [fact for fact in what.facts.values() if fact in told_now and fact not in known]
    for secret in ('"willingness"', '"trust"', "愿意付", what.debtor.wants, *(end.tells for end in what.ends),
                   *(move.met.says for _, move in what.moves())):
        assert secret not in told, secret
    assert "愿意付" in json.dumps(kind.step(question, key, state.as_dict()), ensure_ascii=False)


def test_an_unfinished_talk_is_found_again_with_its_pending_line(page, store):
    first = scene.best_moves("dispute")[0]
    say(page, first, "第一句。")
    page("step", answer={**page.card.view["step"]["answer"], "line": "第二句。"})
    again = Card(a_scene(), store)
    again._handle_custom_msg({"type": "hello"}, [])
    step = again.view["step"]
    assert (step["number"], step["line"], step["answer"]["own_lines"]) == (2, "第二句。", ["第一句。"])
    assert again.view["tries"] == 0 and again.view["done"] is False


def test_the_last_line_hands_the_talk_in_once(page, store):
    for move in scene.best_moves("dispute"):
        view = say(page, move, "我来核。")
    assert (view["status"], view["tries"], view["done"], view["message"]) == ("correct", 1, True, "谈成了。")
    assert view["step"]["debrief"]["grade"] == "good" and view["takeaway"] == "带走"
    kept = [r for r in store.records() if r.event == "answer"]
    assert len(kept) == 1 and scene.resume(kept[0].answer).ended
    assert kept[0].shown["answer"].startswith("我来核。")


def test_playing_on_from_a_step_is_a_new_try_and_the_old_word_is_gone(page):
    for move in scene.best_moves("dispute"):
        view = say(page, move)
    back = view["step"]["answer"]
    view = page("step", answer={**back, "moves": back["moves"][:3], "own_lines": back["own_lines"][:3]})
    assert (view["step"]["number"], view["message"], view["takeaway"], view["done"]) == (4, "", "", True)
    for move in scene.best_moves("dispute")[3:]:
        view = say(page, move)
    assert (view["tries"], view["status"]) == (2, "correct")


@pytest.mark.parametrize("bad", [
    scene.start("hard_threat").as_dict(), scene.start("dispute").as_dict() | {"version": 999},
    scene.start("dispute").as_dict() | {"moves": ["no_such_move"], "own_lines": [""]},
    scene.start("dispute").as_dict() | {"moves": scene.best_moves("dispute")[:1]},
    {"scene": "dispute"}, "dispute", 7, ["x"],
])
def test_what_is_no_talk_of_this_scene_is_told_and_not_kept(page, store, bad):
    view = page("step", answer=bad)
    assert view["message"] and view["status"] == "not_attempted" and list(store.records()) == []
    assert check(page.card.bound, bad).status == "not_attempted"


def test_an_own_line_of_any_length_never_breaks_the_talk(page, store):
    step = page.card.view["step"]
    first = scene.best_moves("dispute")[0]
    view = page("step", answer={**step["answer"], "moves": [first], "own_lines": ["长" * 5000]})
    assert view["status"] == "not_attempted" and view["message"] and list(store.records()) == []


def test_a_talk_kept_before_its_scene_changed_starts_again_and_says_so(store):
    old = {**scene.start("dispute").as_dict(), "version": 999}
    store.append("98-01", 1, "step", "s", old)
    card = Card(a_scene(), store)
    card._handle_custom_msg({"type": "hello"}, [])
    assert card.view["step"]["number"] == 1 and "从头" in card.view["step"]["note"]


def test_red_lines_in_the_own_line_are_named_before_choosing(page):
    step = page("step", answer={**page.card.view["step"]["answer"], "line": "再不还钱我就去你家堵门。"})["step"]
    assert step["hits"] and step["hits"][0]["hint"] and step["options"]


@pytest.mark.parametrize("id", scene.ids())
def test_outcomes_follow_the_debrief(id):
    b = a_scene(id)
    best = check(b, learners.perfect(b))
    assert best.status == "correct" and best.score > 0.9
    wrong = list(learners.wrong_answers(b))
    assert wrong
    for answer, name in wrong:
        outcome = check(b, answer)
        assert outcome.misconception == name and outcome.status in ("incorrect", "partial") and outcome.score < 0.5
        looked = scene.debrief(scene.resume(answer))
        assert outcome.score == looked.score and (not looked.red or looked.red[0] in outcome.message)


def test_a_replayed_talk_stands_whole_in_the_notebook():
    b = a_scene()
    card = Card(b, replay=learners.perfect(b), replaying=True)
    assert scene.play("dispute", scene.best_moves("dispute")).text in repr(card)
    assert repr(Card(b, replaying=True)).count("\n") == 0


def test_a_scene_longer_than_its_exercise_says_is_refused():
    with pytest.raises(ValueError, match="minutes"):
        a_scene(minutes=3)


# ---- who is this -------------------------------------------------------------------------------------------------

def outcome(**answer):
    return check(a_customer(), {"asked": ["who_was_paid", "guarantor"], "type": "able_unwilling", "sure": 55, **answer})


def test_the_honest_asker_is_right_and_each_error_has_its_name():
    right = learners.perfect(a_customer())
    assert check(a_customer(), right).status == "correct"
    assert outcome(asked=[], type="able_willing", sure=100).misconception == "judged_without_asking"
    assert outcome(sure=100).misconception == "false_certainty"
    assert outcome(sure=25).misconception == "too_timid"
    assert outcome(type="willing_unable").misconception == "against_the_replies"
    assert outcome(asked=["who_was_paid"]).misconception == "stopped_too_early"


def test_false_certainty_costs_even_when_the_guess_is_lucky():
    assert outcome(asked=[], type="able_willing", sure=100).score == 0
    lucky = check(a_customer(), {"asked": [], "type": "able_unwilling", "sure": 100})
    assert lucky.status == "incorrect" and lucky.score < outcome().score


@pytest.mark.parametrize("bad", [None, {}, 5, {"asked": ["who_was_paid", "who_was_paid"]}, {"asked": ["nobody"]},
                                 {"asked": "x"}, {"asked": [], "type": "able_willing"},
                                 {"type": "able_willing", "sure": 33}])
def test_an_unfinished_judgement_is_told_what_is_missing(bad):
    told = check(a_customer(), bad)
    assert told.status == "not_attempted" and told.message


def test_the_belief_moves_with_each_reply_and_the_dispute_is_flagged(store):
    card = Card(a_customer(), store)
    card._handle_custom_msg({"type": "step", "submission": "a", "answer": {"asked": ["who_was_paid"]}}, [])
    before, after = card.view["step"]["belief"]
    assert after[1] > before[1] and sum(after) == pytest.approx(1, abs=1e-3) and not card.view["step"]["dispute"]
    card._handle_custom_msg({"type": "step", "submission": "b", "answer": {"asked": ["who_was_paid", "what_is_wrong"]}}, [])
    assert card.view["step"]["dispute"] and len(card.view["step"]["log"]) == 2
    assert "never" not in json.dumps(card.view["step"]) and "truth" not in json.dumps(card.question)
    again = Card(a_customer(), store)
    again._handle_custom_msg({"type": "hello"}, [])
    assert again.view["step"]["answer"]["asked"] == ["who_was_paid", "what_is_wrong"]


def test_a_key_whose_replies_lead_elsewhere_is_refused():
    with pytest.raises(ValueError, match="truth"):
        a_customer(truth="able_willing")
    with pytest.raises(ValueError, match="replies"):
        a_customer(replies={k: v for k, v in REPLIES.items() if k != "guarantor"})


def test_what_may_be_said_of_certainty_covers_every_belief():
    assert all(min(abs(percent - each) for each in SURE) <= 15 for percent in range(25, 101))


# ---- the house's words -------------------------------------------------------------------------------------------

def test_a_changed_house_wording_changes_exercises(monkeypatch):
    question = KINDS["discuss"].question.model_validate({
        **COMMON, "kind": "discuss", "ask": "{{pmp}}三句话：{{pmp.line}}", "collect": "{{six_characters.quick}}字怎么做？"})
    assert exercises._in_house_words(question).ask == "PMP原则三句话：问题·方案·共识"
    raw = glossary.load().model_dump_json()
    changed = glossary.Glossary.model_validate_json(raw.replace('"共识"', '"落定"').replace('"快"', '"早"'))
    monkeypatch.setattr(glossary, "load", lambda *_: changed)
    changed_question = exercises._in_house_words(question)
    assert changed_question.ask == "PMP原则三句话：问题·方案·落定" and changed_question.collect == "早字怎么做？"


# ---- what the page must not lose -----------------------------------------------------------------------------------

def test_a_step_and_an_answer_sent_under_one_id_are_both_kept(store):
    card = Card(a_customer(), store)
    right = learners.perfect(a_customer())
    card._handle_custom_msg({"type": "step", "submission": "x", "answer": {"asked": right["asked"]}}, [])
    card._handle_custom_msg({"type": "submit", "submission": "x", "answer": right}, [])
    assert [r.event for r in store.records()] == ["step", "answer"] and card.view["done"]


def test_a_step_without_an_answer_is_no_record(page, store):
    assert page("step")["step"]["number"] == 1 and page("step", answer={})["step"]["number"] == 1
    assert list(store.records()) == []


@pytest.mark.parametrize("bad", [{"asked": [], "type": []}, {"asked": [], "type": {}}, {"asked": [], "type": "able_willing",
                                                                                        "sure": [70]}])
def test_values_of_a_wrong_shape_are_no_error(bad):
    assert check(a_customer(), bad).status == "not_attempted"


def test_a_message_of_a_wrong_shape_is_passed_over(page):
    page.card._handle_custom_msg({"type": []}, [])
    page.card._handle_custom_msg(["hello"], [])


def test_a_replayed_answer_of_an_older_scene_is_told_as_not_attempted():
    old = learners.perfect(a_scene()) | {"version": 999}
    assert repr(Card(a_scene(), replay=old, replaying=True)).endswith("not_attempted 0.00>")


def test_an_end_reached_in_an_older_scene_leaves_no_word_behind(page, store):
    for move in scene.best_moves("dispute"):
        say(page, move)
    lines = store.path.read_text(encoding="utf-8").replace(f'"version":{scene.load("dispute").version}', '"version":999')
    lines = lines.replace('"exercise":"98-01","version":999', '"exercise":"98-01","version":1')
    store.path.write_text(lines, encoding="utf-8")
    again = Card(a_scene(), store)
    again._handle_custom_msg({"type": "hello"}, [])
    assert again.view["step"]["number"] == 1 and again.view["step"]["note"] and again.view["done"]
    assert (again.view["message"], again.view["takeaway"]) == ("", "")


def test_the_quoted_words_are_those_of_the_line(page):
    step = page("step", answer={**page.card.view["step"]["answer"], "line": "😀😀😀再不付我就去你公司堵门"})["step"]
    assert all(hit["words"] in "再不付我就去你公司堵门" and hit["words"] for hit in step["hits"]) and step["hits"]


def test_who_gave_nothing_is_not_told_that_he_gave():
    b, seen = a_scene("set_the_tone"), set()
    for picks in itertools.product(range(4), repeat=5):
        state = scene.start("set_the_tone")
        for pick in picks:
            if state.ended:
                break
            moves = scene.offer(state).options
            state = scene.answer(state, moves[pick % len(moves)].id)
        if state.ended:
            outcome, looked = check(b, state.as_dict()), scene.debrief(state)
            seen.add(outcome.misconception)
            assert (outcome.misconception == "gave_for_nothing") <= bool(looked.findings)
            assert outcome.status == "correct" or len(outcome.message) > len(f"{looked.grade_name}：{looked.title}。") + 8
    assert "stopped_short" in seen


def test_a_good_end_with_something_given_for_nothing_is_not_right(monkeypatch):
    b = a_scene()
    best = learners.perfect(b)
    looked = scene.debrief(scene.resume(best))
    monkeypatch.setattr(scene, "debrief", lambda state: dataclasses.replace(looked, findings=("让了，没换回东西。",)))
    outcome = check(b, best)
    assert (outcome.status, outcome.misconception) == ("partial", "gave_for_nothing") and "没换回" in outcome.message


def test_how_near_a_stated_certainty_must_be():
    belief = persona.load().trail([(id, REPLIES[id]) for id in ("who_was_paid", "guarantor")])[-1]
    supported = round(100 * belief["able_unwilling"])
    assert 55 <= supported <= 70 and outcome(sure=55).status == outcome(sure=70).status == "correct"
    assert outcome(sure=85).misconception == "false_certainty" and outcome(sure=40).misconception == "too_timid"


def test_each_question_takes_its_price_off_the_score():
    known, least = persona.load(), list(REPLIES)
    asked = {"asked": least, "type": "able_unwilling"}
    belief = known.trail([(id, REPLIES[id]) for id in least])[-1]
    sure = min(SURE, key=lambda each: abs(each - 100 * belief["able_unwilling"]))
    rest = (1 - sure / 100) / 3
    stated = dict.fromkeys(belief, rest) | {"able_unwilling": sure / 100}
    cost = sum(known.question(id).cost for id in least)
    assert outcome(**asked, sure=sure).score == pytest.approx(known.score(stated, "able_unwilling") - cost, abs=1e-3)


def test_a_changed_glossary_file_is_read_again(monkeypatch):
    # The promise is one place to change: a later change of the file's time must not meet an old reading.
    seen = []
    monkeypatch.setattr(exercises, "_read", lambda home, question, key, words: seen.append(words) or {})
    exercises.load_all("00_start")
    assert set(seen) == {paths.data("glossary.yaml").stat().st_mtime_ns}
