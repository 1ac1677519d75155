"""The glossary on the page: what is shown follows the file, cautions stay with the trainer, markup stays text."""

import html.parser
import re

import pytest

from receivables import paths
from receivables.course import vocabulary
from receivables.course.lesson import Lesson
from receivables.talk import first_moves, glossary


class Text(html.parser.HTMLParser):
    """What a reader sees of a piece of HTML, and the tags it is made of."""

    def __init__(self, markup: str):
        super().__init__()
        self.tags, self.said = [], []
        self.feed(markup)
        self.text = "".join(self.said)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.said.append(data)


@pytest.fixture
def lesson():
    return Lesson("00_start", ledger="first_ledger.csv", as_of="2025-06-30")


@pytest.fixture
def reworded(tmp_path, monkeypatch):
    """The course with some wordings of its glossary changed by a trainer."""
    kept = paths.data

    def change(**edits: tuple[str, str]):
        text = kept("glossary.yaml").read_text(encoding="utf-8")
        for old, new in edits.values():
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        (tmp_path / "glossary.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(paths, "data", lambda *parts: tmp_path / "glossary.yaml" if parts == ("glossary.yaml",)
                            else kept(*parts))

    return change


def test_ours_stands_first_and_is_marked(lesson):
    card = lesson.readings("PMP原则")
    first, *rest = repr(card).split("\n")[1:]
    assert first.startswith("→ 本课说法") and not any(line.startswith("→") for line in rest)
    blocks = re.split(r'<div class="rw-reading(?=[ "])', card._repr_html_())[1:]
    assert [block.startswith(' rw-ours"') for block in blocks] == [True, False, False, False]
    assert glossary.load().term("pmp").house.text in blocks[0] and glossary.load().term("pmp").seed.text in blocks[1]


@pytest.mark.parametrize("word", [term.id for term in glossary.load().terms if term.seed or term.others])
def test_every_reading_is_shown_with_its_source_and_no_caution(word):
    term, book = glossary.load().term(word), glossary.load()
    card = vocabulary.readings(word)
    for shown in (repr(card), Text(card._repr_html_()).text):
        for wording in filter(None, [term.house, term.seed, *term.others]):
            assert wording.text in shown and book.source_name(wording.source) in shown
            assert not wording.caution or wording.caution not in shown
        assert (term.reason or "") in shown and term.date.isoformat() in shown


def test_hearsay_is_not_called_a_public_source(lesson):
    line = next(line for line in repr(lesson.readings("六字诀")).split("\n") if "缠" in line)
    assert "行业说法" in line and "公开来源" not in line


def test_changing_the_wording_of_pmp_changes_the_card_and_the_table(lesson, reworded):
    assert "约成共识" in repr(lesson.readings("pmp"))
    reworded(text=("约成共识。赞美破冰是第零步。", "当场说定。赞美破冰是第零步。"),
             item=("{id: pact, name: 共识, meaning: 今天我们说定什么。}", "{id: pact, name: 说定, meaning: 日期和金额。}"))
    card, table = lesson.readings("pmp"), lesson.terms("pmp")
    for shown in (repr(card), card._repr_html_()):
        assert "当场说定" in shown and "问题·方案·说定" in shown and "约成共识" not in shown
    for shown in (repr(table), Text(table._repr_html_()).text):
        assert "说定" in shown and "日期和金额。" in shown and "今天我们说定什么" not in shown


def test_changing_the_six_characters_changes_the_card_and_the_table(lesson, reworded):
    reworded(item=("{id: quick, name: 快, meaning: 到期后三天内第一次联系。}",
                   "{id: quick, name: 早, meaning: 到期当天就联系。}"))
    assert "早·准·勤·韧·证·度" in repr(lesson.readings("六字诀"))
    assert "早·准·勤·韧·证·度" in lesson.readings("六字诀")._repr_html_()
    assert lesson.terms("六字诀").rows[0] == ("早", "到期当天就联系。")


def test_what_an_item_points_to_is_named_as_the_glossary_names_it(lesson, reworded):
    assert lesson.terms("dodges").rows[0][2:] == ("见不到人", "没人")
    reworded(item=("{id: unseen, name: 见不到人,", "{id: unseen, name: 人影都没有,"))
    assert lesson.terms("dodges").rows[0][2:] == ("人影都没有", "没人")


def test_the_small_tables_take_their_names_from_the_glossary(lesson, reworded):
    reworded(cause=("{id: squeezed, name: 经营压力,", "{id: squeezed, name: 手头紧,"),
             customer=("{id: able_willing, name: 能付愿付,", "{id: able_willing, name: 有钱肯付,"))
    assert "手头紧" in [row[0] for row in lesson.small_table("causes").rows]
    assert lesson.small_table("customer_types").rows[0][0] == "有钱肯付"


@pytest.mark.parametrize("which", first_moves.TABLES)
def test_a_small_table_shows_every_cell_of_its_file(lesson, which):
    shown = repr(lesson.small_table(which))
    for row in getattr(first_moves.load(), which):
        for column, cell in row.model_dump().items():
            assert column in ("key", "source") or cell in shown
    assert "house" not in shown


def test_markup_in_the_glossary_is_shown_as_text(lesson, reworded):
    nasty = "<img src=x onerror=alert(1)>&"
    reworded(text=("text: 开口的三句话：说清问题，给出方案，约成共识。赞美破冰是第零步。", f"text: '{nasty}'"),
             item=("{id: problem, name: 问题, meaning: 哪张发票，多少钱，过了几天。}",
                   f"{{id: problem, name: '{nasty}', meaning: '{nasty}'}}"),
             name=("name: PMP原则\n", f"name: '{nasty}\"'\n"),
             reason=("reason: 三种读法里，只有这一种告诉人开口说什么。", f"reason: {nasty}"))
    for shown in (lesson.readings("pmp"), lesson.terms("pmp")):
        markup = shown._repr_html_()
        assert "<img" not in markup and "img" not in Text(markup).tags
        assert nasty in Text(markup).text and nasty in repr(shown)


def test_what_cannot_be_shown_is_said(lesson):
    with pytest.raises(ValueError, match="one reading only"):
        lesson.readings("invoice")
    with pytest.raises(ValueError, match="has no items"):
        lesson.terms("invoice")
    with pytest.raises(ValueError, match="六字决"):
        lesson.terms("六字决")
    with pytest.raises(ValueError, match="causes, debt_types, customer_types"):
        lesson.small_table("excuses")


def test_a_row_that_stands_as_a_block_on_a_phone_says_what_each_cell_is(lesson):
    table = lesson.small_table("causes")
    markup = table._repr_html_()
    assert re.findall('data-label="([^"]+)"', markup) == list(table.header[1:]) * len(table.rows)
    assert "rw-stack" in markup and "rw-stack" not in lesson.terms("pmp")._repr_html_(), "two columns fit a phone"
