"""The pack: a learner's edition that teaches and shows no key, a trainer's that has everything, sheets for print."""

import json
import os
import re
import subprocess
import sys

import pytest

from receivables import paths
from receivables.course import agenda, handout, pack
from receivables.exercise import load_all
from receivables.exercise.spec import Key
from receivables.sealed import NAME
from receivables.talk import scene

pytestmark = pytest.mark.skipif(not paths.is_checkout(), reason="packs are made from a checkout")


def secrets(value):
    """Every sentence of a key that a learner should not meet before answering."""
    if isinstance(value, str):
        # Figures are filled in where a sentence is shown: compare what stands between them.
        yield from (part for part in re.split(r"\{[^}]*\}", value) if len(part) >= 12)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from secrets(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from secrets(inner)


def key_sentences():
    # Wordings and ids of the glossary, and ids of the questions one may ask, are no secret.
    known = "".join(paths.data(name).read_text(encoding="utf-8") for name in ("glossary.yaml", "personas.yaml"))
    for exercise in load_all().values():
        key: Key = exercise.key
        yield from (part for part in secrets(key.model_dump(mode="json", exclude={"figures", "takeaway"}))
                    if part not in known)
    for id in scene.ids():  # what a scene hides, says and weighs is a key too; its brief is shown to everybody
        hidden = scene.load(id)
        shown = known + "".join(hidden.brief)
        yield from (part for part in secrets(hidden.model_dump(mode="json", include={"facts", "debtor", "ends", "nodes"}))
                    if not part.isascii() and part not in shown)


@pytest.fixture(scope="module")
def learner(tmp_path_factory):
    to = tmp_path_factory.mktemp("pack") / "learner"
    pack.learner_edition(to)
    return to


def test_no_file_of_the_learners_edition_shows_a_key(learner):
    whole = "\n".join(text for _, text in pack.visible_text(learner))
    assert [s for s in set(key_sentences()) if s in whole] == []
    assert "**给培训师" not in whole and "FOR TRAINERS ONLY" not in whole
    assert not [p for p in learner.rglob("*") if p.name in ("keys", "keys.yaml", "source", "scenes", "scene_rules.yaml")]


def test_the_search_for_keys_would_find_one(tmp_path):
    pack.trainer_edition(tmp_path / "trainer")
    whole = "\n".join(text for _, text in pack.visible_text(tmp_path / "trainer" / "data"))
    assert all(s in whole for s in secrets(load_all("00_start")["00-02"].key.model_dump(mode="json", include={"right"})))
    (tmp_path / "edition").mkdir()
    import zipfile
    with zipfile.ZipFile(tmp_path / "edition" / "x.whl", "w") as wheel:
        wheel.writestr("keys.yaml", "这两家都付过大头，不像存心赖")
    assert any("不像存心赖" in text for _, text in pack.visible_text(tmp_path / "edition"))


def test_the_learners_edition_checks_answers_with_its_packed_keys(learner):
    code = """
import json
from receivables import paths
from receivables.course import lesson
from receivables.exercise import check, learners
l = lesson.Lesson("00_start", ledger="first_ledger.csv", as_of="2025-06-30")
from receivables.talk import scene
talk = scene.play("dispute", scene.best_moves("dispute"))
print(json.dumps([str(paths.course_root()), len(scene.ids()), talk.end,
                  [check(l.bound(n), learners.perfect(l.bound(n))).status for n in l.exercises]]))
"""
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(learner / "lib")},
                          capture_output=True, text=True, check=True)
    root, scenes, end, outcomes = json.loads(done.stdout)
    assert (scenes, end) == (len(scene.ids()), scene.play("dispute", scene.best_moves("dispute")).end)
    assert root == str(learner) and outcomes == ["correct"] * 3
    assert (learner / "data" / NAME).is_file()


def test_the_learners_lock_leaves_out_what_only_tests_need(learner):
    lock = (learner / "requirements.lock").read_text(encoding="utf-8")
    names = set(re.findall(r"(?m)^([\w.-]+?)(?:\[.*?\])?==", lock))
    assert {"voila", "anywidget", "pandas", "hatchling"} <= names
    assert names & {"playwright", "pytest", "nbval", "hypothesis"} == set()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(pack.PackError, match="空文件夹"):
        pack.pack(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "keep"


def test_learners_sheets_hold_every_question_and_no_key():
    sheets = handout.sheets(keys=False)
    whole = "".join(sheets.values())
    for exercise in load_all().values():
        assert exercise.id in whole
    assert [s for s in set(key_sentences()) if s in whole] == []


def test_trainers_sheets_hold_the_key_of_every_exercise():
    sheets = handout.sheets(keys=True)
    for exercise in load_all().values():
        assert exercise.id in sheets[exercise.home]
    assert "不像存心赖" in sheets["00_start"]


def test_the_agenda_sums_the_minutes_of_the_specifications():
    blocks = agenda.blocks()
    built = {b.name for b in blocks}
    assert sum(b.minutes for b in blocks) == sum(
        e.question.minutes for e in load_all().values() if e.home in built)
    html = agenda.to_html()
    assert all(b.title in html for b in blocks)
