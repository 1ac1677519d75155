"""Is this machine ready for the course? One line a question, OK or FAIL, each FAIL with what to do."""

from __future__ import annotations

import importlib.metadata
import os
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Iterator

from receivables import paths
from receivables.course import browser


def _python() -> tuple[bool, str]:
    fine = sys.version_info >= (3, 11)
    return fine, f"Python {sys.version.split()[0]}" + ("" if fine else "：要 3.11 或更新的版本")


def _packages() -> tuple[bool, str]:
    from packaging.requirements import Requirement

    wrong = []
    for text in importlib.metadata.requires("receivables") or []:
        need = Requirement(text)
        if need.marker and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            have = importlib.metadata.version(need.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{need.name} 没有装")
            continue
        if not need.specifier.contains(have, prereleases=True):
            wrong.append(f"{need.name} {have}，要 {need.specifier}")
    return not wrong, "程序包齐全" if not wrong else "程序包：" + "；".join(wrong) + "。删掉 .venv 再运行 make course"


def _content() -> tuple[bool, str]:
    from receivables.content import ContentError
    from receivables.exercise import load_all

    try:
        return True, f"课程内容读得通，{len(load_all())} 道练习"
    except ContentError as error:
        return False, f"课程内容有错：{error}"


def _font() -> tuple[bool, str]:
    from matplotlib.font_manager import FontProperties

    found = sorted(paths.data("fonts").glob("*.otf"))
    if not found:
        return False, "图表的中文字体不见了：重新下载课程"
    return True, f"图表中文字体 {FontProperties(fname=str(found[0])).get_name()}"


def _port() -> tuple[bool, str]:
    from receivables.course.server import DEFAULT_PORT

    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", DEFAULT_PORT))
            return True, f"端口 {DEFAULT_PORT} 空着"
        except OSError:
            return True, f"端口 {DEFAULT_PORT} 有程序在用，课程会自动换一个"


def _write() -> tuple[bool, str]:
    home = paths.home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return False, f"写不进 {home}（{error.strerror}）：换一个文件夹，设 RECEIVABLES_HOME"
    return True, f"答案存在 {home}"


def _browser() -> tuple[bool, str]:
    found = browser.find()
    if found is not None:
        return True, f"浏览器 {found}"
    try:
        return True, f"用系统自己的浏览器（{webbrowser.get().name}）打开；没在它上面试过"
    except webbrowser.Error:
        return False, "没找到浏览器：装一个 Chrome、Edge 或 Chromium"


CHECKS = {"python": _python, "packages": _packages, "content": _content, "font": _font, "port": _port,
          "write": _write, "browser": _browser}


def examine() -> Iterator[tuple[str, bool, str]]:
    """(name, fine, what was found) of every check; a check that breaks is a FAIL, not a traceback."""
    for name, look in CHECKS.items():
        try:
            fine, found = look()
        except Exception as error:  # the doctor must finish
            fine, found = False, f"{type(error).__name__}: {error}"
        yield name, fine, found


def main() -> int:
    """Print OK/FAIL lines; 1 when any failed."""
    bad = 0
    for name, fine, found in examine():
        print(f"{'OK  ' if fine else 'FAIL'}  {name:9} {found}")
        bad += not fine
    return 1 if bad else 0
