"""The command line as a person meets it."""

import ast
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from receivables.course import doctor, environment
from receivables.course.cli import app
from receivables.course.progress import ModuleList
from receivables.exercise.spec import Outcome
from receivables.exercise.store import Store

run = CliRunner().invoke


def test_doctor_answers_every_question_with_ok_here():
    said = list(doctor.examine())
    assert [name for name, _, _ in said] == list(doctor.CHECKS)
    assert [line for line in said if not line[1] and line[0] != "browser"] == []


def test_doctor_says_fail_and_what_to_do(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RECEIVABLES_HOME", str(tmp_path / "file"))
    monkeypatch.setitem(doctor.CHECKS, "python", lambda: 1 / 0)
    assert doctor.main() == 1
    said = capsys.readouterr().out
    assert "FAIL  write" in said and "RECEIVABLES_HOME" in said
    assert "FAIL  python" in said and "ZeroDivisionError" in said


def test_forget_erases_and_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("RECEIVABLES_HOME", str(tmp_path))
    Store("小李").append("00-01", 1, "answer", "s", "1", Outcome.scored(1, "对"))
    assert "清除了" in run(app, ["forget", "小李"]).output
    assert "没有 小李 的答案" in run(app, ["forget", "小李"]).output


def test_help_lists_the_commands():
    said = run(app, ["--help"]).output
    for name in ("course", "lab", "doctor", "test", "forget"):
        assert name in said


def test_an_old_python_is_told_so(monkeypatch, capsys):
    monkeypatch.setattr(environment, "OLDEST", (99, 0))
    assert environment.main() == 1
    assert "3.11" in capsys.readouterr().out


def test_setting_up_twice_does_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    (tmp_path / "stamp").write_text(environment.stamp())
    monkeypatch.setattr(environment.venv.EnvBuilder, "create", lambda *a: pytest.fail("made again"))
    assert environment.main() == 0


def test_the_setup_script_needs_nothing_but_python():
    tree = ast.parse(Path(environment.__file__).read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {n.split(".")[0] for n in names} <= set(sys.stdlib_module_names) | {"__future__"}


def test_the_start_page_counts_what_is_done_and_erases_on_request(monkeypatch, tmp_path):
    store = Store("me", tmp_path)
    store.append("00-01", 1, "answer", "s", "1", Outcome.scored(1, "对"))
    widget = ModuleList(store)
    assert widget.view == {"known": False}
    widget._handle_custom_msg({"type": "hello"}, [])
    assert widget.view["done"]["00_start"][0] == 1 and str(tmp_path) in widget.view["path"]
    widget._handle_custom_msg({"type": "forget"}, [])
    assert widget.view["done"]["00_start"][0] == 0 and widget.view["erased"] is True
    assert str(tmp_path) not in widget.static_html() + repr(widget)


def test_a_machine_without_chromium_is_told_what_it_will_use(monkeypatch):
    import webbrowser

    monkeypatch.setattr(doctor.browser, "find", lambda: None)
    monkeypatch.setattr(doctor.webbrowser, "get", lambda: type("Browser", (), {"name": "safari"})())
    assert doctor.CHECKS["browser"]() == (True, "用系统自己的浏览器（safari）打开；没在它上面试过")

    def nothing():
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(doctor.webbrowser, "get", nothing)
    fine, said = doctor.CHECKS["browser"]()
    assert not fine and "装一个" in said


def test_the_examples_in_the_readme_run():
    import doctest

    from receivables import paths

    assert doctest.testfile(str(paths.course_root() / "README.md"), module_relative=False).failed == 0
