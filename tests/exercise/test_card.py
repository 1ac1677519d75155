"""The card without a browser: what the page sends, what it is told, what is kept."""

import pytest

from receivables.course import replay
from receivables.course.build import sources
from receivables.exercise import learners
from receivables.exercise.card import Card
from receivables.exercise.store import Store

LESSON = replay.lesson_of(next(s for s in sources() if s.stem == "00_start"))


@pytest.fixture
def store(tmp_path):
    return Store("me", tmp_path)


@pytest.fixture
def page(store):
    card = Card(LESSON.bound("00-01"), store)

    def send(kind, submission="s", **more):
        card._handle_custom_msg({"type": kind, "submission": submission, **more}, [])
        return card.view

    send.card = card
    return send


def wrong():
    return next(learners.wrong_answers(LESSON.bound("00-01")))[0]


def right():
    return learners.perfect(LESSON.bound("00-01"))


def test_a_card_asks_the_store_when_the_page_says_hello_not_before(page, store):
    Card(LESSON.bound("00-01"), store)._handle_custom_msg({"type": "submit", "submission": "x", "answer": right()}, [])
    assert page.card.view["tries"] == 0
    assert page("hello")["done"] is True
    assert page.card.view["answer"] == right()


def test_wrong_then_right(page):
    view = page("submit", "a", answer=wrong())
    assert (view["status"], view["tries"], view["done"]) == ("incorrect", 1, False)
    assert view["takeaway"] == "" and view["solution"] == ""
    view = page("submit", "b", answer=right())
    assert (view["status"], view["tries"], view["done"]) == ("correct", 2, True)
    assert view["takeaway"]


def test_pressing_twice_counts_once(page):
    page("submit", "a", answer=wrong())
    assert page("submit", "a", answer=wrong())["tries"] == 1


def test_nothing_typed_counts_no_try_and_keeps_nothing(page, store):
    view = page("submit", "a", answer="")
    assert (view["status"], view["tries"]) == ("not_attempted", 0)
    assert "元" in view["message"]
    assert list(store.records()) == []


def test_every_message_is_answered_by_a_view_that_differs(page):
    """The page would otherwise miss the answer to a second empty submission and tell of no reply."""
    seen = [dict(page("submit", f"s{n}", answer="")) for n in range(3)]
    assert seen[0] != seen[1] != seen[2] != seen[0]


def test_hints_come_one_at_a_time_and_then_no_more(page):
    all_hints = len(page.card.bound.exercise.key.hints)
    for taken in range(1, all_hints + 3):
        view = page("hint", f"h{taken}")
        assert len(view["hints"]) == min(taken, all_hints)
        assert view["hints_left"] == max(all_hints - taken, 0)


def test_a_hint_does_not_wipe_the_feedback_away(page):
    said = page("submit", "a", answer=wrong())["message"]
    assert page("hint", "b")["message"] == said


def test_the_solution_comes_after_an_honest_try(page):
    assert page("solution", "a")["solution"] == ""
    assert page("submit", "b", answer=wrong())["may_see_solution"] is True
    assert page("solution", "c")["solution"]


def test_a_store_that_fails_is_said_on_the_card_and_counts_nothing(page, store, monkeypatch):
    from receivables.exercise.store import StoreError
    monkeypatch.setattr(store, "append", lambda *a, **k: (_ for _ in ()).throw(StoreError("没有保存：磁盘满了")))
    view = page("submit", "a", answer=right())
    assert "磁盘满了" in view["error"] and view["done"] is False


@pytest.mark.parametrize("message", [None, [], "hello", {"type": "rm -rf"}, {"type": ["x"]}, {}])
def test_messages_that_mean_nothing_are_ignored(page, message):
    before = dict(page.card.view)
    page.card._handle_custom_msg(message, [])
    assert page.card.view == before


def test_the_card_says_the_same_text_in_every_run(store):
    one, two = (Card(LESSON.bound("00-01"), store) for _ in range(2))
    assert repr(one) == repr(two) and "0x" not in repr(one)
    assert one._repr_mimebundle_()[0]["text/html"] == two._repr_mimebundle_()[0]["text/html"]


def test_the_stored_page_shows_the_question_and_not_the_key(store):
    card = Card(LESSON.bound("00-01"), store)
    shown = card.static_html()
    assert card.question["ask"] in shown
    assert card.bound.text(card.bound.exercise.key.solution) not in shown


def test_what_the_page_holds_before_a_try_gives_nothing_away(store):
    card = Card(LESSON.bound("00-01"), store)
    sent = str(card.get_state())
    key, text = card.bound.exercise.key, card.bound.text
    assert not [t for t in (key.right, key.solution, *key.hints) if text(t) in sent]


def test_markup_in_a_question_is_escaped(store):
    card = Card(LESSON.bound("00-03"), store)
    card.question = {**card.question, "ask": "<img src=x onerror=alert(1)>"}
    assert "<img" not in card.static_html()


def test_a_replayed_card_states_its_outcome_and_stores_nothing(store):
    card = Card(LESSON.bound("00-01"), store, replaying=True, replay=right())
    assert "correct 1.00" in repr(card) and list(store.records()) == []
