"""The learner's page: what was written is there, last words win, and nothing typed becomes markup."""

import io

import pytest
from docx import Document

from receivables.course import build, replay
from receivables.course.my_page import MyPageWidget, collect, to_docx, to_html
from receivables.exercise import learners, load_all
from receivables.exercise.card import Card
from receivables.exercise.readable import readable
from receivables.exercise.store import Store

LESSONS = {build.home(source): replay.lesson_of(source) for source in replay.replayable()}
EVIL = '<script>alert(1)</script> & "引号" 148,164.30 元，您看几号付？'


@pytest.fixture
def store(tmp_path):
    return Store("小李<b>", tmp_path)


def submit(store, name, answer, submission):
    card = Card(LESSONS["00_start"].bound(name), store)
    card._handle_custom_msg({"type": "submit", "submission": submission, "answer": answer}, [])


def test_the_page_holds_the_last_words_and_the_sentences_earned(store):
    submit(store, "00-03", "王会计，那几张票您看一下吧，谢谢啦。", "a")
    submit(store, "00-03", EVIL, "b")
    submit(store, "00-01", learners.perfect(LESSONS["00_start"].bound("00-01")), "c")
    page = collect(store.learner, store.records())
    assert [(name, text) for name, _, text in page.lines] == [("00-03", EVIL)]
    assert [name for name, _ in page.keep] == ["00-01", "00-03"]
    assert ("00 开课", 2, 3) in page.progress


def test_in_html_what_was_typed_is_text(store):
    submit(store, "00-03", EVIL, "a")
    html = to_html(collect(store.learner, store.records()))
    assert "<script" not in html and "小李<b>" not in html
    assert "&lt;script&gt;" in html
    assert "http" not in html


def test_in_word_what_was_typed_is_text(store):
    submit(store, "00-03", EVIL + "\x07\x00", "a")
    document = Document(io.BytesIO(to_docx(collect(store.learner, store.records()))))
    assert EVIL in [p.text for p in document.paragraphs]


def test_the_widget_tells_what_is_kept_and_hands_out_files(store):
    widget = MyPageWidget(store)
    sent = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    widget._handle_custom_msg({"type": "hello"}, [])
    assert widget.view["empty"] is True
    submit(store, "00-03", EVIL, "a")
    widget._handle_custom_msg({"type": "hello"}, [])
    assert widget.view["lines"][0][2] == EVIL
    for kind, magic in (("html", b"<!doctype html>"), ("docx", b"PK")):
        widget._handle_custom_msg({"type": kind}, [])
        content, (data,) = sent[-1]
        assert content == {"type": "file", "name": f"我的一页.{kind}"} and data.startswith(magic)
    assert "小李" not in repr(widget) + widget.static_html()


@pytest.mark.parametrize("exercise", [e for e in load_all().values() if e.home in LESSONS], ids=lambda e: e.id)
def test_every_answer_can_be_said_in_words(exercise):
    bound = LESSONS[exercise.home].bound(exercise.id)
    said = readable(bound.public(), learners.perfect(bound))
    assert (said or bound.exercise.question.kind == "scene") and "{" not in said and "None" not in said
