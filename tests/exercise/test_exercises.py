"""Every specification: its right answer is right, each wrong one gets its own message, and nothing of the key shows."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables import paths
from receivables.content import ContentError
from receivables.course import build, replay
from receivables.exercise import check, learners, load_all
from receivables.exercise.exercise import KeyFile, QuestionFile, _read
from receivables.exercise.kinds import KINDS
from receivables.exercise.kinds.figure import parse
from receivables.exercise.spec import fill

#: home -> its lessons, one a seed; the first is the one its notebook is stored with
LESSONS = {build.home(source): [replay.lesson_of(source, seed) for seed in replay.seeds(source)]
           for source in replay.replayable()}
#: by exercise, and by exercise@seed for the further seeds of a case
BOUND = {name + (f"@{lesson.seed}" if lesson.seed else ""): lesson.bound(name)
         for name, e in load_all().items() for lesson in LESSONS.get(e.home, [])}


def is_played(name):
    return BOUND[name].exercise.kind.step is not None


@pytest.mark.parametrize("name", BOUND)
def test_the_right_answer_is_right_and_says_so(name):
    outcome = check(BOUND[name], learners.perfect(BOUND[name]))
    assert (outcome.status, outcome.misconception) == ("correct", None)
    assert outcome.score == 1 or is_played(name) and outcome.score > 0.8  # asking costs
    assert outcome.message and "{" not in outcome.message


@pytest.mark.parametrize("name", BOUND)
def test_each_wrong_answer_gets_the_message_of_its_own_misconception(name):
    bound = BOUND[name]
    for answer, misconception in learners.wrong_answers(bound):
        outcome = check(bound, answer)
        assert outcome.status in ("incorrect", "partial"), answer
        assert outcome.misconception == misconception, answer
        assert outcome.message and "{" not in outcome.message
        assert outcome.score < 1


@pytest.mark.parametrize("name", BOUND)
def test_messages_differ_between_misconceptions(name):
    said = {}
    for answer, misconception in learners.wrong_answers(BOUND[name]):
        said.setdefault(check(BOUND[name], answer).message, set()).add(misconception)
    assert all(len(names) == 1 for names in said.values()), said


@pytest.mark.parametrize("name", BOUND)
def test_nothing_of_the_key_is_public(name):
    bound = BOUND[name]
    shown = json.dumps(bound.public(), ensure_ascii=False)
    key = bound.exercise.key
    secret = [key.right, key.solution, *key.hints, key.takeaway]
    assert not [text for text in secret if text and bound.text(text) in shown]


@pytest.mark.parametrize("name", BOUND)
def test_all_texts_take_their_figures(name):
    bound = BOUND[name]
    key = bound.exercise.key
    for text in (key.right, key.solution, key.takeaway, *key.hints):
        assert "{" not in bound.text(text)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=8)


@pytest.mark.parametrize("name", BOUND)
@settings(max_examples=60)
@given(answer=anything)
def test_any_answer_is_judged_and_none_breaks_the_check(name, answer):
    outcome = check(BOUND[name], answer)
    assert 0 <= outcome.score <= 1 and outcome.message
    assert (outcome.status == "correct") == (outcome.score == 1) or is_played(name)


@given(st.decimals(min_value=-10**9, max_value=10**9, places=2, allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_it_is_written(value):
    for text in (f"{value}", f"{value:,}", f" {value:,} 元", f"¥{value}", f"{value}".translate(
            str.maketrans("0123456789.,-", "０１２３４５６７８９．，－"))):
        assert parse(text, "元") == value, text


@pytest.mark.parametrize("typed", [
    "", "abc", "1.2.3", "十八万", "1e5", "inf", "nan", None, [], "9" * 60, "--3", "12 34x",
])
def test_what_is_no_number_is_no_attempt(typed):
    assert parse(typed, "元") is None


@pytest.mark.parametrize("typed, unit, value", [
    ("18.43万", "元", 184300), ("1.2亿", "万元", 12000), ("184300元", "万元", 18.43), ("35.6%", "%", 35.6),
    ("−52", "元", -52), ("1，234.5", "元", 1234.5),
])
def test_units_are_understood(typed, unit, value):
    assert math.isclose(float(parse(typed, unit)), value)


def test_a_wrong_unit_is_named_as_such():
    bound = BOUND["00-01"]
    right = float(parse(learners.perfect(bound), "元"))
    assert check(bound, f"{right / 10_000:.6f}").misconception == "wrong_unit"
    assert check(bound, f"{-right:.2f}").misconception == "wrong_sign"


def test_an_unknown_figure_in_a_text_is_an_error():
    with pytest.raises(KeyError):
        fill("{nobody:yuan}", {})


def test_every_kind_has_both_models_with_its_own_name():
    for name, kind in KINDS.items():
        assert kind.question.model_fields["kind"].annotation.__args__ == (name,)
        assert kind.key.model_fields["kind"].annotation.__args__ == (name,)


def files(tmp_path, question, key):
    """A question file and a key file of one exercise."""
    q, k = tmp_path / "q.yaml", tmp_path / "k.yaml"
    q.write_text(question, encoding="utf-8")
    k.write_text(key, encoding="utf-8")
    return q, k


QUESTION = """exercises:
- {id: "98-01", version: 1, kind: choice, topic: t, ask: "a?", source: 虚构, minutes: 1, track: [销售], cut: core,
   requires: [F10], options: [{id: a, text: 甲}, {id: b, text: 乙}]}
"""
KEY = """keys:
- {id: "98-01", kind: choice, hints: [h], right: r, solution: s,
   options: {a: {score: 1, says: x}, b: {score: 0, name: n, says: y}}}
"""


def test_a_good_pair_of_files_is_read(tmp_path):
    assert list(_read("98", *files(tmp_path, QUESTION, KEY))) == ["98-01"]


@pytest.mark.parametrize("old, new, said", [
    ('id: b, text', 'id: c, text', "missing"), ("score: 1", "score: 0, name: m", "no option scores 1"),
    ("kind: choice, hints", "kind: discuss, hints", "keys.0.discuss.options"),
    ('"98-01", kind', '"98-02", kind', "no key"),
    ("name: n, ", "", "needs the `name`"), ("hints: [h]", "hints: []", "line 2, keys.0.choice.hints"),
])
def test_files_that_do_not_fit_are_refused_with_a_reason(tmp_path, old, new, said):
    with pytest.raises(ContentError, match=said):
        _read("98", *files(tmp_path, QUESTION.replace(old, new), KEY.replace(old, new)))


def test_specifications_hold_no_computed_number():
    """No digit-heavy literal in question or key texts: amounts come from the ledger."""
    import re

    from receivables.content import load
    pairs = [(file, paths.data("keys", file.name)) for file in paths.data("exercises").glob("*.yaml")]
    pairs += [(file, file.with_name("keys.yaml"))
              for file in paths.course_root().glob("casework/*/exercises.yaml")]
    for file, keys in pairs:
        for model, path in ((QuestionFile, file), (KeyFile, keys)):
            text = load(path, model).model_dump_json()
            assert not re.findall(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{5,}\.\d\d", text), path.name
