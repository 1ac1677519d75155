"""The content loader: every fault at once, with file, place and line; nothing guessed, nothing executed."""

import pytest

from receivables.content import Content, ContentError, load


class Term(Content):
    name: str
    days: int


def read(tmp_path, text, shape=list[Term]):
    file = tmp_path / "terms.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return load(file, shape)


def test_good_content_is_read(tmp_path):
    assert read(tmp_path, "- {name: 未到期, days: 0}\n") == [Term(name="未到期", days=0)]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbf- {name: a, days: 1}\n")[0].days == 1


def test_all_faults_are_told_each_with_its_line(tmp_path):
    with pytest.raises(ContentError) as caught:
        read(tmp_path, "- name: a\n  days: x\n- name: b\n  days: 1\n  colour: red\n- name: c\n")
    said = str(caught.value)
    assert len(caught.value.faults) == 3
    for part in ("terms.yaml: line 2, 0.days", "line 5, 1.colour", "line 6, 2.days"):
        assert part in said


@pytest.mark.parametrize("text, said", [
    ("a: 1\na: 2\n", "line 2: key 'a' stands twice (first on line 1)"),
    ("- [1\n", "line 2"), (b"\xff\xfe\x00", "not UTF-8 at byte 0"),
    ("!!python/object/apply:os.system ['echo x']\n", "line 1: could not determine a constructor"),
])
def test_what_is_no_yaml_of_ours_is_refused(tmp_path, text, said):
    with pytest.raises(ContentError, match=said.replace("(", r"\(").replace(")", r"\)").replace("[", r"\[")):
        read(tmp_path, text, dict)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(ContentError, match="nowhere.yaml: the file is missing"):
        load(tmp_path / "nowhere.yaml", dict)


def test_content_does_not_change_after_reading(tmp_path):
    from pydantic import ValidationError
    with pytest.raises(ValidationError):
        read(tmp_path, "- {name: a, days: 1}\n")[0].days = 2
