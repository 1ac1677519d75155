"""Four learners' files become one script book: nothing lost, nothing forbidden printed, nothing typed comes alive."""

import importlib.util
import io
import json
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner

from receivables.course.cli import app
from receivables.course.scripts import sheet
from receivables.course.scripts.book import book
from receivables.course.scripts.collect import collect, told_by
from receivables.course.scripts.html import to_html
from receivables.course.scripts.lines import Line, clean, merged, normalised, ordered
from receivables.course.scripts.paper import Head, Said
from receivables.course.scripts.private import masked
from receivables.course.scripts.word import to_docx
from receivables.course.scripts.words import place_names, words
from receivables.exercise.spec import Outcome
from receivables.exercise.store import Store
from receivables.talk import glossary, scene

_spec = importlib.util.spec_from_file_location("scripts_answers", Path(__file__).with_name("scripts_answers.py"))
answers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(answers)
DAY = date(2025, 6, 30)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return answers.four_files(tmp_path_factory.mktemp("answers"))


@pytest.fixture(scope="module")
def collected(files):
    return collect(files)


@pytest.fixture
def workbook(collected, tmp_path):
    path = tmp_path / "lines.xlsx"
    sheet.write(collected, path)
    return path


def edit(path, change):
    book = load_workbook(path)
    change(book[words().sheets["lines"]])
    book.save(path)


def column(name):
    return [words().columns[c] for c in sheet._WIDTHS].index(words().columns[name]) + 1


def row_of(lines, text):
    return next(row for row in lines.iter_rows(min_row=2) if text in str(row[column("text") - 1].value))


# ------------------------------------------------------------------------------------------------- collecting


def test_every_line_is_accounted_for(collected):
    assert collected.found == answers.FOUND
    assert collected.kept + len(collected.refused) == collected.found
    assert sum(len(line.writers) for line in collected.lines) == collected.kept
    assert any(f"{answers.FOUND} 句" in told and "重复合并掉 1 句" in told for told in collected.told)


def test_the_same_line_stands_once_with_both_who_wrote_it(collected):
    same = [line for line in collected.lines if "下一笔进账" in line.text]
    assert [line.writers for line in same] == [("小李", "韩雪")]
    assert same[0].place == ("no_money", "willing_unable", "visit") and same[0].situations == ("situations.no_cash",)


def test_a_red_line_is_refused_and_shown_with_what_to_say_instead(collected):
    (refused,) = collected.refused
    assert refused.line.text == answers.RED and refused.line.writers == ("陶文",)
    assert "【" in refused.marked and refused.marked.replace("【", "").replace("】", "") == answers.RED
    assert {hit.rule for hit in refused.hits} >= {"exposure"} and all(hit.hint for hit in refused.hits)
    assert answers.RED not in {line.text for line in collected.lines}


def test_numbers_of_people_are_masked_and_said(collected):
    line = next(line for line in collected.lines if "您看着付" in line.text)
    assert line.text == "账号〔账号〕，电话〔电话〕，您看着付。" and not line.use and "打码" in line.note
    assert any("打码 2 处" in told for told in collected.told)


def test_damaged_lines_and_unfinished_talks_are_told(collected):
    assert any(told.startswith("学员：有 1 行坏了") for told in collected.told)
    assert [told for told in collected.told if "没演完" in told] == ["学员：没演完的情景 1 场，不收。"]
    assert not any("没演完的一句话" in line.text for line in collected.lines)


def test_short_lines_wait_for_the_trainer(collected):
    short = next(line for line in collected.lines if line.text == "好的")
    assert not short.use and short.note == words().report["short_note"]


def test_a_file_handed_in_twice_counts_once(files, collected):
    twice = collect([*files, ("小李又一次", files[0])])
    assert twice.found == collected.found
    assert any(told.startswith("小李又一次：有 4 条") for told in twice.told)


def test_a_scene_that_changed_is_said_and_its_lines_kept(tmp_path):
    store = Store("老王", tmp_path)
    state = answers.played("dispute", ["您说的是哪一批、差几台？"]).as_dict()
    answers.keep(store, "dispute", state | {"version": 99}, submission="a")
    answers.keep(store, "gone", state | {"scene": "no_such_scene"}, submission="b")
    answers.keep(store, "odd", state | {"own_lines": None}, submission="c")
    got = collect([store.path])
    assert {(line.excuse, line.channel) for line in got.lines} == {("dispute", "phone"), ("", "")}
    assert all(line.note == words().report["check_place"] for line in got.lines)
    assert sum("后来改版了" in told for told in got.told) == 3


def test_written_lines_go_where_their_task_says(tmp_path, monkeypatch):
    from receivables.course.scripts import collect as module
    from receivables.exercise import load_all
    from receivables.exercise.kinds.speak import Script

    known = load_all()["00-03"]
    question = known.question.model_copy(update={"script": Script(excuse="no_process", channel="wechat")})
    other = load_all()["00-03"]
    monkeypatch.setattr(module, "load_all", lambda: {
        "00-03": known.__class__(known.home, question, known.key), "01-01": other})
    store = Store("小李", tmp_path)
    for text, submission in (("第一遍写的，后来改了。", "a"), ("王会计，票都齐了，还缺什么我今天补。", "b")):
        store.append("00-03", question.version, "answer", submission, text, Outcome.scored(1, "好"), {})
    store.append("01-01", 1, "answer", "c", "这道题没说进册。", Outcome.scored(1, "好"), {})
    store.append("99-99", 1, "answer", "d", "这道题没有了。", Outcome.scored(1, "好"), {})
    got = collect([store.path])
    assert [(line.text, *line.place) for line in got.lines] == [
        ("王会计，票都齐了，还缺什么我今天补。", "no_process", "", "wechat")]
    assert any("1 道写作题不进话术册" in told for told in got.told) and any("99-99" in told for told in got.told)


def test_a_script_place_must_be_the_glossarys():
    from receivables.exercise.kinds.speak import Script

    with pytest.raises(ValueError, match="no item 'no_rice'"):
        Script(excuse="no_rice")


def test_unreadable_files_are_all_named(tmp_path):
    newer = tmp_path / "new.jsonl"
    newer.write_text('{"schema": 99}\n')
    with pytest.raises(ValueError) as error:
        collect([tmp_path / "none.jsonl", newer])
    assert "none.jsonl" in str(error.value) and "new.jsonl" in str(error.value)


def test_names_are_told_by_files_and_stay_apart(tmp_path):
    assert told_by(Path("我的答案-小李.jsonl")) == "小李" and told_by(Path("me.jsonl")) == "学员"
    paths = []
    for n in range(2):
        store = Store("me", tmp_path / str(n))
        answers.keep(store, "dispute", answers.played("dispute", [f"第{n}个人写的这一句话。"]).as_dict(), submission=str(n))
        paths.append(store.path)
    assert {line.writers for line in collect(paths).lines} == {("学员",), ("学员（2）",)}


@pytest.mark.parametrize("text,kinds", [
    ("打 138 1234 5678", ["phone"]), ("+86-13812345678", ["phone"]), ("座机021-87654321", ["phone"]),
    ("１３８１２３４５６７８", ["phone"]),
    ("身份证11010119900307775X", ["identity"]), ("卡号6222020012345678901", ["account"]),
    ("发票号25312000000012345678", []), ("2025-06-30到2025-07-15", []), ("186,400.00 元，FP2506-0117-1", []),
    ("20250630、20250715", []), ("单号 202506300017", []), ("共1234567.89元", []),
])
def test_which_numbers_are_masked(text, kinds):
    assert list(masked(text)[1]) == kinds


# ------------------------------------------------------------------------------------------------- editing


def test_the_workbook_comes_back_as_it_was(collected, workbook):
    lines, refused = sheet.read(workbook)
    assert lines == [line for line in collected.lines if line.use] and not refused


def test_nothing_typed_is_a_formula_in_the_workbook(workbook):
    cells = [cell for page in load_workbook(workbook) for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value or "")[:1] in "=+-@" and cell.value]
    assert any(cell.value == "'" + answers.FORMULA for cell in cells)


@given(st.text(alphabet=st.sampled_from("=+-@'\t＝您好a1 "), max_size=8))
def test_neutralised_and_read_back_unharmed(text):
    kept = sheet.neutral(text)
    assert sheet.plain(kept) == text and kept[:1] not in ("=", "+", "-", "@", "\t", "＝")


def test_the_red_page_and_the_account_are_in_the_workbook(workbook):
    book = load_workbook(workbook)
    red = [[cell.value for cell in row] for row in book[words().sheets["refused"]].iter_rows(min_row=2)]
    assert len(red) == 1 and "陶文" in red[0] and any("曝光" in str(cell) for cell in red[0])
    told = [row[0].value for row in book[words().sheets["told"]].iter_rows(min_row=2)]
    assert any(text.startswith("合计：4 人") for text in told)


def test_without_names_no_name_is_in_the_file(collected, tmp_path):
    path = tmp_path / "lines.xlsx"
    sheet.write(collected, path, names=False)
    text = "\n".join(str(cell.value) for page in load_workbook(path) for row in page.iter_rows() for cell in row)
    assert not [name for name in ("小李", "韩雪", "陶文") if name in text]
    lines, _ = sheet.read(path)
    assert ("2 人",) in [line.writers for line in lines]


def test_edits_are_taken(workbook):
    def change(page):
        row_of(page, "对三张票")[column("use") - 1].value = "不用"
        row = row_of(page, "哪一批")
        row[column("text") - 1].value, row[column("excuse") - 1].value = "改过的一句话，问哪一批。", None
        page.append([None, None, "没人", None, "微信", None, "新加的一句：谁接手？"])

    edit(workbook, change)
    lines, refused = sheet.read(workbook)
    texts = {line.text: line for line in lines}
    assert "对三张票" not in "".join(texts) and texts["改过的一句话，问哪一批。"].excuse == "" and not refused
    assert texts["新加的一句：谁接手？"].place == ("no_person", "", "wechat")
    assert lines[-1].excuse == "" and lines == ordered(lines)


def test_edited_lines_are_red_line_checked_again(workbook):
    edit(workbook, lambda page: setattr(row_of(page, "哪一批")[column("text") - 1], "value", "再不付我就去堵门。"))
    lines, refused = sheet.read(workbook)
    assert [each.line.text for each in refused] == ["再不付我就去堵门。"]
    assert "堵门" not in "".join(line.text for line in lines)


def test_every_bad_edit_is_named_at_once(workbook):
    def change(page):
        for row, (place, value) in zip(page.iter_rows(min_row=2), (
                ("excuse", "没米"), ("text", None), ("use", "也许"), ("channel", "托梦"), ("text", "=1+1")), strict=False):
            row[column("use") - 1].value = "用"
            row[column(place) - 1].value = value

    edit(workbook, change)
    with pytest.raises(sheet.EditError) as error:
        sheet.read(workbook)
    faults = error.value.faults
    assert len(faults) == 5 and [f"第 {n} 行" in fault for n, fault in enumerate(faults, 2)] == [True] * 5
    assert "没米" in faults[0] and "没钱、没流程" in faults[0] and "公式" in faults[4]


@pytest.mark.parametrize("spoil", ["not_zip", "no_sheet", "no_column"])
def test_a_workbook_that_is_none_of_ours(workbook, spoil):
    if spoil == "not_zip":
        workbook.write_text("hello")
    elif spoil == "no_sheet":
        book = load_workbook(workbook)
        book[words().sheets["lines"]].title = "Sheet1"
        book.save(workbook)
    else:
        edit(workbook, lambda page: setattr(page.cell(1, column("text")), "value", "句子"))
    with pytest.raises(sheet.EditError) as error:
        sheet.read(workbook)
    assert len(error.value.faults) == 1


# ------------------------------------------------------------------------------------------------- printing


def test_the_book_has_its_golden_structure(collected):
    paper = book([line for line in collected.lines if line.use], on=DAY)
    heads = [block.text for block in paper.blocks if isinstance(block, Head) and block.level == 1]
    assert heads == ["怎么用", "没钱（5 句）", "没流程（0 句）", "有争议（3 句）", "没人（1 句）",
                     "红线：不管能不能收回钱，都不说、不写、不做", "三张小表", "模板"]
    first = [block for block in paper.blocks if isinstance(block, Head | Said)][4:9]
    assert [(type(b).__name__, b.text) for b in first] == [
        ("Head", "能付不愿"), ("Head", "微信"), ("Said", "周总，说好的六月二十号没到，卡在哪？"),
        ("Head", "愿付不能"), ("Head", "上门")]
    text = to_html(paper)
    for wanted in ("您下一笔进账是哪家、哪天、多少？", "倾听·体谅·澄清·提出方案", "2025年6月30日",
                   "澜州衡桐机电设备有限公司", "虚开发票", "三角债", "还款协议", "不免除乙方原合同上的逾期付款责任"):
        assert wanted in text, wanted
    assert "拉横幅" not in text


def test_the_book_follows_the_glossary(collected, tmp_path, monkeypatch):
    changed = tmp_path / "glossary.yaml"
    source = glossary.paths.data("glossary.yaml").read_text(encoding="utf-8")
    old = "{id: no_money, name: 没钱, meaning: 说账上没钱。问：您下一笔进账是哪家、哪天、多少？}"
    assert old in source
    new = "{id: no_money, name: 手紧, meaning: 说手头紧。问：钱哪天进来？}"
    changed.write_text(source.replace(old, new), encoding="utf-8")
    real = glossary.load
    monkeypatch.setattr(glossary, "load", lambda path=None: real(path or changed))
    text = to_html(book([line for line in collected.lines if line.use], on=DAY))
    assert "手紧（5 句）" in text and "钱哪天进来？" in text and "没钱（" not in text


def test_what_was_typed_is_text_in_html_and_word(collected):
    paper = book([line for line in collected.lines if line.use], on=DAY, company="<i>甲</i>公司")
    text = to_html(paper)
    assert answers.MARKUP not in text and "&lt;b&gt;先付没争议的&lt;/b&gt;" in text and "<i>" not in text
    assert "http" not in text.replace("http://evil", "") and "<script" not in text and "src=" not in text
    document = Document(io.BytesIO(to_docx(paper)))
    paragraphs = [p.text.split("\n")[0] for p in document.paragraphs]
    assert answers.MARKUP in paragraphs and answers.FORMULA in paragraphs
    assert "<i>甲</i>公司" in document.sections[0].header.paragraphs[0].text


def test_names_can_be_left_out_of_the_book(collected):
    lines = [line for line in collected.lines if line.use]
    assert "2 人写：小李、韩雪" in to_html(book(lines, on=DAY))
    without = to_html(book(lines, on=DAY, names=False))
    assert "2 人写" in without and "小李" not in without


def test_a_book_with_a_red_line_or_nothing_is_not_printed():
    with pytest.raises(ValueError, match="没进册"):
        book([Line(answers.RED)], on=DAY)
    with pytest.raises(ValueError, match="一句能用的话都没有"):
        book([], on=DAY)


def test_order_follows_the_glossarys_lists():
    lines = [Line(f"第{n}句", excuse, type_, channel) for n, (excuse, type_, channel) in enumerate(
        [("", "", ""), ("no_person", "", "visit"), ("no_money", "unable_unwilling", "phone"),
         ("no_money", "able_willing", ""), ("no_money", "able_willing", "visit"), ("no_money", "able_willing", "phone")])]
    ranks = [list(place_names(name)) for name in ("excuse", "type", "channel")]
    places = [line.place for line in ordered(lines)]
    assert places == sorted(places, key=lambda place: [r.index(p) if p else 99 for r, p in zip(ranks, place, strict=True)])
    assert places[0] == ("no_money", "able_willing", "phone") and places[-1] == ("", "", "")


def test_equal_lines_are_equal_whatever_the_punctuation():
    assert normalised("王总，18,643.50 元；６月２０日！") == normalised("王总 18643.50元 6月20日")
    assert normalised("18.5万") != normalised("185万") and normalised("3%") != normalised("3")
    assert len(merged([Line("你好啊！", "no_money"), Line("你好啊", "no_money"), Line("你好啊", "dispute")])) == 2
    assert clean("a\u202eb\x00c\ud800") == "abc"


def test_the_commands_from_answers_to_book(files, tmp_path):
    run = CliRunner().invoke
    lines, printed = tmp_path / "lines.xlsx", [tmp_path / "册.docx", tmp_path / "册.html"]
    made = run(app, ["scripts", "collect", *map(str, files[:3]), f"阿梅={files[3]}", "--out", str(lines)])
    assert made.exit_code == 0 and "阿梅：演完的情景 1 场" in made.output and "合计：4 人" in made.output
    edit(lines, lambda page: setattr(row_of(page, "哪一批")[column("text") - 1], "value", "再不付我就去堵门。"))
    made = run(app, ["scripts", "book", str(lines), "--date", "2025-06-30", "--company", "测试公司",
                     *(part for path in printed for part in ("--out", str(path)))])
    assert made.exit_code == 0 and "没进册（碰红线：" in made.output and "堵门" in made.output
    assert Document(str(printed[0])).core_properties.title == words().book["title"]
    text = printed[1].read_text(encoding="utf-8")
    assert "测试公司" in text and "堵门。" not in text and "阿梅" in text
    wrong = run(app, ["scripts", "book", str(lines), "--date", "30.6.2025", "--out", str(printed[0])])
    assert wrong.exit_code == 2
    assert run(app, ["scripts", "book", str(lines), "--date", "2025-06-30", "--out", "book.pdf"]).exit_code == 2
    assert run(app, ["scripts", "collect", str(tmp_path / "none"), "--out", str(lines)]).exit_code == 2


def test_a_learner_can_hand_over_her_answers(tmp_path):
    from receivables.course.my_page import MyPageWidget

    store = Store("小李", tmp_path)
    widget, sent = MyPageWidget(store), []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    widget._handle_custom_msg({"type": "jsonl"}, [])
    assert sent == []  # nothing kept, nothing sent
    answers.keep(store, "dispute", answers.played("dispute", ["您说的是哪一批、差几台？"]).as_dict())
    widget._handle_custom_msg({"type": "jsonl"}, [])
    (content, (data,)), = sent
    assert content["name"] == "我的答案-小李.jsonl" and json.loads(data)["exercise"] == "08-01"
    handed = tmp_path / "handed" / content["name"]
    handed.parent.mkdir()
    handed.write_bytes(data)
    assert [line.writers for line in collect([handed]).lines] == [("小李",)]


def test_own_lines_tell_their_step_and_can_include_the_red():
    state = answers.played("hard_threat", ["冯总，合作归合作，这张票分开谈。", answers.RED])
    assert len(scene.own_lines(state)) == 1 and len(scene.own_lines(state, red=True)) == 2
    assert scene.own_lines(state)[0]["step"] in place_names("step")
