"""The glossary: complete for what the seeds only named, and the one place that others follow."""

import datetime as dt
import os
import re
import shutil

import pytest
import yaml

from receivables import content, paths
from receivables.talk import glossary

NAMED_ONLY = {"K14": "欠款原因分析示意图", "K16": "应收账款客户的4大类型", "K25": "信用评估的技术与方法",
              "K26": "应收账款管理工具", "C04": "催收六字诀", "C05": "PMP原则", "C06": "客户常见六大躲债奇招",
              "C07": "客户四大托词", "C08": "客户拒付借口", "C09": "LSCP法则", "C11": "催收六大情景",
              "C12": "情景演练", "C18": "语言表达与语气控制", "K17": "危险信号", "C01": "催收原则"}
DECIDED = ["K00", "K09", "F10", "F11", "F09", "K35", "M01", "M02", "M03", "M05", "M07", "K03", "X11"]
COUNTS = {"six_characters": 6, "customer_types": 4, "dodges": 6, "excuses": 4, "situations": 6, "lscp": 4, "pmp": 3,
          "ten_methods": 10, "three_questions": 3, "ceilings": 3, "debt_types": 3, "loyalty_actions": 4, "rubric": 7,
          "channels": 5, "closing": 5, "aging_ladder": 5, "aging_shift": 3, "tactics": 3, "deadlock": 3}
STANDARD = ["账龄", "逾期天数", "核销", "坏账核销", "红字发票", "对账单", "DSO", "CEI", "ADD", "迁徙率", "滚动率",
            "未清项", "坏账准备", "准备率矩阵", "付款承诺", "账期", "到期日", "截至日", "质保金", "停供",
            "诉讼时效", "支付令"]


@pytest.fixture
def book():
    return glossary.load()


@pytest.fixture
def copy(tmp_path):
    """A trainer's copy, and a way to change one house item in it."""
    path = tmp_path / "glossary.yaml"
    shutil.copy(paths.data("glossary.yaml"), path)

    def change(old: str, new: str):
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
        os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
        return glossary.load(path)

    return path, change


@pytest.mark.parametrize(("requirement", "name"), NAMED_ONLY.items())
def test_what_the_seed_only_named_is_defined(book, requirement, name):
    term = book.term(name)
    assert requirement in term.requirements
    assert len(term.items) >= 2
    assert all(item.meaning for item in term.items)
    assert term.seed, "the seed's wording, or that it gave none, is stated"


@pytest.mark.parametrize("number", range(1, 13))
def test_every_conflict_shows_both_sides(book, number):
    term = book.term(f"X{number}")
    assert term.kind == "conflict"
    assert term.seed.source.startswith("S0")
    assert term.house.text != term.seed.text
    assert term.id in term.requirements and len(term.requirements) > 1, "and names what it bears on"


@pytest.mark.parametrize("requirement", DECIDED)
def test_what_was_decided_later_has_its_words(book, requirement):
    assert book.teaching(requirement)


@pytest.mark.parametrize(("word", "count"), COUNTS.items())
def test_numbered_lists_have_that_many(book, word, count):
    assert len(book.term(word).items) == count


@pytest.mark.parametrize("word", STANDARD)
def test_standard_terms_stand_beside_their_english(book, word):
    assert book.term(word).english


def test_every_wording_says_where_it_comes_from(book):
    for term in book.terms:
        for wording in [term.house, *filter(None, [term.seed]), *term.others]:
            parts = wording.source.split("、")
            dated = re.search(r"\d{4}|公布|http|国务院令", wording.source)
            assert dated or all(part in book.sources for part in parts), (term.id, wording.source)
        assert (term.house.source == "house") <= (term.status == "house"), term.id
        assert term.date <= dt.date(2026, 12, 31) and term.owner


def test_law_in_a_house_wording_carries_a_date(book):
    for term in book.terms:
        if re.search(r"民法典|刑法|条例|诉讼法|解释", term.house.source):
            assert re.search(r"(19|20)\d\d", term.house.source), term.id


def test_readings_put_ours_first_and_keep_all(book):
    card = book.readings("PMP原则")
    assert card.readings[0].text == book.term("pmp").house.text
    assert len(card.readings) == 2 + len(book.term("pmp").others) == 4
    assert card.readings[1].source.startswith("祖武")
    assert {"seed", "sourced", "house"} == {reading.status for reading in card.readings}


def test_six_characters_shows_the_principle_as_another_wording(book):
    assert any("有理" in reading.text for reading in book.readings("六字诀").readings[1:])


def test_changing_the_house_wording_of_six_characters_changes_every_lookup(copy):
    _, change = copy
    before = glossary.load(copy[0])
    after = change("{id: quick, name: 快, meaning: 到期后三天内第一次联系。}",
                   "{id: quick, name: 早, meaning: 到期当天就联系。}")
    assert (before.term("六字诀").line, after.term("六字诀").line) == ("快·准·勤·韧·证·度", "早·准·勤·韧·证·度")
    filled = after.fill("口诀：{{six_characters.line}}，{{six_characters.quick.meaning}}")
    assert filled == "口诀：早·准·勤·韧·证·度，到期当天就联系。"
    assert after.readings("六字诀").readings[0].items[0] == "早"
    assert glossary.load().term("六字诀").items[0].name == "快", "the course's own file is untouched"


def test_changing_the_house_wording_of_pmp_changes_every_lookup(copy):
    _, change = copy
    after = change("text: 开口的三句话：说清问题，给出方案，约成共识。赞美破冰是第零步。", "text: 三句话开口。")
    assert after.term("PMP").house.text == "三句话开口。"
    assert after.readings("pmp").readings[0].text == "三句话开口。"
    assert after.fill("{{pmp}}：{{pmp.text}}") == "PMP原则：三句话开口。"
    again = change("id: pact, name: 共识,", "id: pact, name: 说定,")
    assert again.term("pmp").line == "问题·方案·说定"


@pytest.mark.parametrize("place", ["{{nobody}}", "{{pmp.nothing}}", "{{pmp.problem.text}}",
                                   "{{pmp.problem.meaning.x}}"])
def test_a_place_that_cannot_be_filled_is_an_error(book, place):
    with pytest.raises(ValueError):
        book.fill(place)


def test_unknown_word_names_near_ones(book):
    with pytest.raises(ValueError, match="应收账款周转率"):
        book.term("应收帐款周转率")
    with pytest.raises(ValueError, match="hide"):
        book.item("dodges.hides")


def test_dodges_map_to_a_situation_and_an_excuse(book):
    for item in book.term("dodges").items:
        assert [target.split(".")[0] for target in item.see] == ["situations", "excuses"], item.id


@pytest.mark.parametrize(("edit", "message"), [
    (lambda d: d["terms"].append(d["terms"][0] | {"id": "twin"}), "names both"),
    (lambda d: d["terms"][0]["house"]["items"][0].update(see=["pmp.nothing"]), "no item"),
    (lambda d: d["terms"][0]["house"]["items"][0].update(id="precise"), "share an id"),
    (lambda d: d["terms"][0]["house"].update(items=[]), "needs its items"),
    (lambda d: d["terms"][0]["house"]["items"][0].update(id="line"), "something else"),
])
def test_a_faulty_file_is_refused(tmp_path, edit, message):
    raw = yaml.safe_load(paths.data("glossary.yaml").read_text(encoding="utf-8"))
    raw["terms"] = raw["terms"][:8]
    edit(raw)
    path = tmp_path / "glossary.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(content.ContentError, match=message):
        glossary.load(path)
