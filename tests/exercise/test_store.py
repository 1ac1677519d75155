"""The answer store: nothing confirmed is lost, nothing doubled, nothing of a name becomes a path."""

import json
import multiprocessing
import os
import random
import signal
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables.exercise.spec import Outcome
from receivables.exercise.store import LARGEST, MIGRATIONS, Store, StoreError, file_name, progress

RIGHT = Outcome.scored(1, "对了")
WRONG = Outcome.scored(0, "不对", "why")


@pytest.fixture
def store(tmp_path):
    return Store("me", tmp_path)


def answer(store, submission, outcome=RIGHT, exercise="00-01", text="1"):
    return store.append(exercise, 1, "answer", submission, text, outcome)


def test_what_was_kept_is_found_again(tmp_path, store):
    answer(store, "a", WRONG)
    answer(store, "b")
    found = list(Store("me", tmp_path).records("00-01"))
    assert [r.submission for r in found] == ["a", "b"]
    now = progress(iter(found), "00-01", 1)
    assert (now.tries, now.done, now.best, now.answer) == (2, True, 1.0, "1")


def test_every_line_carries_the_schema_and_all_the_contract_asks(store):
    answer(store, "a")
    line = json.loads(store.path.read_text(encoding="utf-8"))
    assert {"schema", "exercise", "version", "time", "answer", "outcome"} <= set(line)
    assert isinstance(line["schema"], int)


def test_the_same_submission_is_kept_once(store):
    answer(store, "a")
    answer(store, "a", WRONG)
    assert [r.outcome["status"] for r in store.records()] == ["correct"]


def test_a_line_cut_off_by_a_crash_costs_only_itself(store):
    answer(store, "a")
    whole = store.path.read_bytes()
    answer(store, "b")
    for cut in range(len(whole) + 1, len(store.path.read_bytes()) - 1, 7):
        store.path.write_bytes(whole + b'{"schema":1,"exercise":"00-01","version":1,"ev'[: cut - len(whole)])
        answer(store, "c")
        assert [r.submission for r in store.records()] == ["a", "c"]


def test_bytes_that_are_no_text_are_passed_over(store):
    answer(store, "a")
    with open(store.path, "ab") as file:
        file.write(b"\xff\xfe\x00garbage\n[]\n{}\n" + b'{"schema":1}\n')
    answer(store, "b")
    assert [r.submission for r in store.records()] == ["a", "b"]


def test_an_older_schema_is_migrated_on_read(store, monkeypatch):
    monkeypatch.setitem(MIGRATIONS, 0, lambda r: {**{k: v for k, v in r.items() if k != "key"},
                                                  "submission": r["key"], "event": "answer"})
    store.folder.mkdir(exist_ok=True)
    old = {"schema": 0, "exercise": "00-01", "version": 1, "time": "2026-01-01", "key": "k", "answer": "1",
           "outcome": {}}
    store.path.write_text(json.dumps(old) + "\n", encoding="utf-8")
    (record,) = store.records()
    assert (record.schema, record.submission, record.event) == (1, "k", "answer")


def test_a_newer_schema_is_refused_not_misread(store):
    store.folder.mkdir(exist_ok=True)
    store.path.write_text('{"schema": 99}\n', encoding="utf-8")
    with pytest.raises(StoreError, match="升级"):
        list(store.records())


def test_an_answer_too_long_is_refused_whole(store):
    with pytest.raises(StoreError, match="太长"):
        answer(store, "a", text="字" * LARGEST)
    assert not store.path.exists()


def test_a_megabyte_is_kept(store):
    text = "x" * 1_000_000
    answer(store, "a", text=text)
    assert next(store.records()).answer == text


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="没有保存"):
        answer(Store("me", tmp_path / "x"), "a")


def test_a_file_in_the_way_says_so(tmp_path):
    (tmp_path / "answers").write_text("not a folder")
    with pytest.raises(StoreError, match="没有保存"):
        answer(Store("me", tmp_path / "answers"), "a")


@pytest.mark.parametrize("name", [
    "../../张 三<img src=x>", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "con", "NUL", "x" * 500, "me\n", "=1+1",
    "😀",
])
def test_a_name_never_becomes_a_path(tmp_path, name):
    store = Store(name, tmp_path / "answers")
    answer(store, "a")
    assert store.path.parent == tmp_path / "answers"
    assert store.path.resolve().parent == (tmp_path / "answers").resolve()
    assert len(store.path.name.encode()) < 200
    assert set(store.path.name) & set('/\\<>:"|?*\n ') == set()


@given(st.text(max_size=50), st.text(max_size=50))
def test_different_names_never_share_a_file(a, b):
    import unicodedata
    if unicodedata.normalize("NFC", a).strip() != unicodedata.normalize("NFC", b).strip():
        assert file_name(a).lower() != file_name(b).lower()


def test_names_that_differ_in_case_do_not_share_a_file():
    assert file_name("Ann").lower() != file_name("ann").lower()


def test_forget_erases_one_learner_and_no_other(tmp_path):
    one, other = Store("甲", tmp_path), Store("乙", tmp_path)
    answer(one, "a")
    answer(other, "b")
    assert one.forget() and not one.forget()
    assert list(one.records()) == [] and len(list(other.records())) == 1
    assert [p.name for p in tmp_path.iterdir() if "甲" in p.name] == []


def test_another_version_of_an_exercise_does_not_count(store):
    answer(store, "a")
    assert progress(store.records(), "00-01", 2).tries == 0


def _write(folder, letter, count):
    store = Store("me", folder)
    for number in range(count):
        store.append("00-01", 1, "answer", f"{letter}{number}", "x" * 50, RIGHT)


def test_two_pages_at_once_lose_and_mix_nothing(tmp_path):
    pages = [multiprocessing.get_context("spawn").Process(target=_write, args=(tmp_path, letter, 30))
             for letter in string.ascii_lowercase[:3]]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
    kept = [r.submission for r in Store("me", tmp_path).records()]
    assert sorted(kept) == sorted(f"{letter}{n}" for letter in "abc" for n in range(30))


def _confirm(folder, pipe, prefix):
    store = Store("me", folder)
    for number in range(10**6):
        store.append("00-01", 1, "answer", f"{prefix}{number}", "答" * 200, RIGHT)
        os.write(pipe, f"{prefix}{number}\n".encode())


@pytest.mark.skipif(os.name == "nt", reason="fork and SIGKILL")
def test_what_was_confirmed_survives_kills_at_random_moments(tmp_path):
    """One file, killed again and again while it is written; `RECEIVABLES_KILLS=1000` for the long run."""
    context, moment = multiprocessing.get_context("fork"), random.Random(1)
    confirmed = []
    for round_ in range(int(os.environ.get("RECEIVABLES_KILLS", "40"))):
        reader, writer = os.pipe()
        process = context.Process(target=_confirm, args=(tmp_path, writer, f"{round_}-"))
        process.start()
        os.close(writer)
        time.sleep(moment.uniform(0.001, 0.03))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        with os.fdopen(reader, "rb") as said:
            confirmed += [line.decode() for line in said.read().split(b"\n")[:-1]]
    kept = [r.submission for r in Store("me", tmp_path).records()]
    assert len(confirmed) > 0
    assert len(kept) == len(set(kept)), "an answer stands twice"
    lost = set(confirmed) - set(kept)
    assert not lost, f"confirmed on screen and lost: {sorted(lost)[:5]}"
    answer(Store("me", tmp_path), "after")
    assert [r.submission for r in Store("me", tmp_path).records()] == [*kept, "after"]
