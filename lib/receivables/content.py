"""The one loader of YAML content: safe, validated, and able to say which line is wrong.

Content files (terms, exercises, laws, the company ...) are written by people who do not
program. An error therefore names the file, the place in it and the line, all of them at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from receivables import sealed

T = TypeVar("T")


class Content(BaseModel):
    """Base of every content model: unknown keys are errors, and what was read does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ContentError(ValueError):
    """A content file that cannot be used; the message lists every fault with file, place and line."""

    def __init__(self, path: Path | str, faults: list[str]):
        self.path = str(path)
        self.faults = faults
        super().__init__("\n".join(f"{Path(path).name}: {fault}" for fault in faults))


# libyaml's parser where PyYAML was built with it: ten times as fast, and just as safe.
_Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    """A safe loader that refuses a key given twice (YAML's default keeps the last one silently)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen: dict[Any, yaml.Node] = {}
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} stands twice (first on line {seen[key].start_mark.line + 1})",
                    key_node.start_mark,
                )
            seen[key] = key_node
        return super().construct_mapping(node, deep=deep)


def _line_of(node: yaml.Node | None, place: tuple) -> int | None:
    """Line (from 1) of the deepest existing node on the way to ``place``."""
    line = None
    for step in (*place, None):
        if node is None:
            return line
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if found is None:
                # pydantic puts names of union members into the place: pass over what the file does not have
                continue
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode):
            if not isinstance(step, int) or step >= len(node.value):
                continue
            node = node.value[step]
    return line


def load(path: Path | str, shape: type[T] | TypeAdapter[T]) -> T:
    """Read one YAML file into a pydantic shape.

    Parameters
    ----------
    path : path of a UTF-8 YAML file; a learner's edition has some only in its pack (see ``sealed``)
    shape : a pydantic model, any type pydantic understands (``list[Term]``), or a TypeAdapter

    Returns
    -------
    The validated content.

    Raises
    ------
    ContentError
        With every fault: file name, place, line, what was expected. Also when the file is
        missing, is not UTF-8, or is not YAML.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> class Term(Content):
    ...     name: str
    ...     days: int
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "terms.yaml")
    ...     _ = file.write_text("- name: 未到期\\n  days: 0\\n- name: 逾期\\n  days: 三\\n", encoding="utf-8")
    ...     load(file, list[Term])
    Traceback (most recent call last):
    ...
    receivables.content.ContentError: terms.yaml: line 4, 1.days: Input should be a valid integer, ...
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        text = sealed.text(path)
        if text is None:
            raise ContentError(path, ["the file is missing"]) from None
    except UnicodeDecodeError as error:
        raise ContentError(path, [f"not UTF-8 at byte {error.start}: save it as UTF-8"]) from None
    try:
        raw = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise ContentError(path, [f"line {line}: {error.problem}"]) from None
    except yaml.YAMLError as error:
        raise ContentError(path, [str(error)]) from None
    adapter = shape if isinstance(shape, TypeAdapter) else TypeAdapter(shape)
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        root = yaml.compose(text, _Safe)  # read again for its line numbers, only when there is something to say
        faults = []
        for fault in error.errors():
            place = fault["loc"]
            where = ".".join(str(step) for step in place) or "(top)"
            given = "" if isinstance(fault["input"], dict | list) else f", given {fault['input']!r}"
            faults.append(f"line {_line_of(root, place) or 1}, {where}: {fault['msg']}{given}")
        raise ContentError(path, faults) from None
