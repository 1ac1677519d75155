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


def one(folder, who, name, lines):
    """The file of a learner who played one scene."""
    store = Store(who, folder)
    answers.keep(store, name, answers.played(name, lines).as_dict())
    return store.path


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


@pytest.mark.parametrize("text,note", [
    (answers.FORMULA, "像表格公式"), ("12345678", "没有汉字"), ("http://evil/x", "没有汉字"),
    ("您哪天能付这笔款？" * 20, "超过 120 个字"), ("您" * 121, "超过 120 个字"), ("您哪天付" + "您" * 116, "")])
def test_what_is_no_words_to_say_waits_for_the_trainer(tmp_path, text, note):
    (line,) = collect([one(tmp_path, "小李", "hard_threat", ["", text])]).lines
    assert line.use == (not note) and note in line.note and bool(line.note) == bool(note)


def test_names_of_the_scene_are_pointed_out(tmp_path):
    said = ["邵总，二标的活儿真细。", "翎岳这三张票一共 186,400 元。", "城投那笔哪天到？", "您今天能先付多少？",
            "王总，今天能付多少？"]
    lines = {line.text: line for line in collect([one(tmp_path, "小李", "admits_no_money", said)]).lines}
    told = words().report["borrowed_note"].format(names="")
    names = {text: line.note.removeprefix(told).split("、") if line.note else [] for text, line in lines.items()}
    assert names == {said[0]: ["邵总"], said[1]: ["翎岳", "186400"], said[2]: ["城投"], said[3]: [], said[4]: []}
    assert all(line.use for line in lines.values())


def test_every_scene_has_names_of_its_own():
    from receivables.course.scripts.borrowed import borrowed

    for each in map(scene.load, scene.ids()):
        for text in (each.debtor.name, each.debtor.firm, f"{each.debtor.name[0]}总", f"欠 {each.debt.amount:,} 元"):
            assert borrowed(text, [each.situation]), (each.id, text)
        assert not borrowed("您今天能先付多少？剩下的写成两期，哪天付？", [each.situation])
    assert not borrowed("那笔进度款到账，阀门和管件的钱能先付吗？", ["situations.no_cash"])  # common words
    assert not borrowed("邵总，城投那笔哪天到？", []) and not borrowed("邵总您好", ["situations.hard"])


def test_the_opening_takes_what_is_said_before_any_excuse(tmp_path):
    files = [one(tmp_path, "甲一", "make_appointment", ["何姐您好，半分钟。", "周三下午三点我过来对账，二十分钟。"]),
             one(tmp_path, "乙二", "set_the_tone", ["段厂长，晚到两天是我们的错。"]),
             one(tmp_path, "丙三", "hard_threat", ["崔总，今天就两件事。", "对账单您盖过章的。"])]
    lines = collect(files).lines
    assert [(line.excuse, line.type, line.group) for line in lines] == [
        ("opening", "", "drills.appointment")] * 2 + [("opening", "", "drills.atmosphere")] * 2 + [
        ("dispute", "able_unwilling", "able_unwilling")]
    heads = [block.text for block in book(lines, on=DAY).blocks if isinstance(block, Head)]
    at = heads.index("开场和预约（4 句）")
    assert heads[at:at + 6] == ["开场和预约（4 句）", "如何预约客户", "电话", "营造氛围", "上门", "没钱（0 句）"]
    path = tmp_path / "lines.xlsx"
    sheet.write(collect(files), path)
    assert tuple(sheet.read(path).lines) == lines


def test_notes_do_not_repeat_their_heading():
    line = Line("何姐您好，半分钟。", "opening", "", "phone", "atmosphere", ("drills.appointment",), ("小李", "韩雪"))
    assert said_note([line]) == "2 人写：小李、韩雪"
    assert said_note([Line("何姐，定周三。", "opening", "", "phone", "closed", ("situations.unseen",), ("小李",))]) == (
        "收口 · 见不到人 · 小李")


def test_lines_of_an_excuse_follow_the_talk(tmp_path):
    said = ["", *(f"第{n}句，您看这样行不行？" for n in "二三四五六七八九十")]
    steps = [line.step for line in collect([one(tmp_path, "小李", "admits_no_money", said)]).lines]
    order = list(place_names("step"))
    assert len(steps) == 9 and steps == sorted(steps, key=order.index) and "atmosphere" not in steps


def test_the_opening_is_a_choice_of_the_trainer(workbook):
    edit(workbook, lambda page: setattr(row_of(page, "哪一批")[column("excuse") - 1], "value", "开场和预约"))
    assert next(line for line in sheet.read(workbook).lines if "哪一批" in line.text).excuse == "opening"


def test_a_person_who_repeats_a_line_counts_once(tmp_path):
    store = Store("小李", tmp_path)
    for n, text in enumerate(("您今天能先付多少？", "您今天，能先付多少?", "您今天能先付多少？！")):
        answers.keep(store, "hard_threat", answers.played("hard_threat", ["", text]).as_dict(), submission=str(n))
    got = collect([store.path])
    assert got.found == 3 and [line.writers for line in got.lines] == [("小李",)]
    assert "重复合并掉 2 句" in got.told[-1] and "人写" not in said_note(got.lines)


def said_note(lines, **options):
    return "".join(block.note for block in book(lines, on=DAY, **options).blocks if isinstance(block, Said))


def test_counts_of_a_sheet_without_names_do_not_add_up_to_more_people():
    lines = merged([Line("您今天能先付多少？", "no_money", writers=("2 人",)),
                    Line("您今天能先付多少", "no_money", writers=("1 人",))])
    assert "2 人写" in said_note(lines) and "1 人" not in said_note(lines)


def test_a_name_that_begins_with_a_figure_is_a_name():
    lines = [Line("您今天能先付多少？", "no_money", writers=("2班小李",))]
    assert "2班小李" in said_note(lines) and "2班" not in said_note(lines, names=False)
    assert book(lines, on=DAY).cover[1] == "共 1 句，1 人写"


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
    ("一共 1234567890123 元", []), ("1234567890123万", []), ("1234567890123.50元", []),
    ("账号1234567890123，元旦前付", ["account"]),
    ("微信号：heng-tong", ["wechat"]), ("加我微信 ht_2025a", ["wechat"]), ("vx：ａｂｃ12345", ["wechat"]),
    ("微信发您 statement", []), ("微信：PDF和Excel各一份", []), ("微信上说好的", []),
    ("我开苏A·12345来", ["plate"]), ("车牌粤B12345D", ["plate"]), ("京ABCDEF这个型号", []), ("云A 型号", []),
])
def test_which_numbers_are_masked(text, kinds):
    assert list(masked(text)[1]) == kinds


# ------------------------------------------------------------------------------------------------- editing


def test_the_workbook_comes_back_as_it_was(collected, workbook):
    lines, refused, *_ = sheet.read(workbook)
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
    lines = sheet.read(path).lines
    assert ("2 人",) in [line.writers for line in lines]


def test_without_names_nobody_is_named_anywhere(tmp_path):
    said = ["", "我是衡桐的李雪梅，来对账。", "崔总，我李雪梅还要问一句。", f"我李雪梅说的，{answers.RED}"]
    files = [one(tmp_path, "李雪梅", "hard_threat", said),
             one(tmp_path, "7班王强", "hard_threat", ["", "对账单您盖过章的，哪天付？"])]
    lines, printed = tmp_path / "lines.xlsx", tmp_path / "book.html"
    run = CliRunner().invoke
    made = run(app, ["scripts", "collect", *map(str, files), "--out", str(lines), "--no-names"])
    assert made.exit_code == 0 and "学员1：演完的情景 1 场" in made.output and "学员2：" in made.output
    cells = "".join(str(cell.value) for page in load_workbook(lines) for row in page.iter_rows() for cell in row)
    run(app, ["scripts", "collect", *map(str, files), "--out", str(lines)])
    made_book = run(app, ["scripts", "book", str(lines), "--date", "2025-06-30", "--out", str(printed), "--no-names"])
    text = printed.read_text(encoding="utf-8")
    assert "〔名字〕" in cells and "学员2：" in cells and "我是衡桐的〔名字〕" in text
    for name in ("李雪梅", "王强", "7班"):
        assert name not in made.output + cells + made_book.output + text, name


def test_columns_that_were_deleted_are_named(workbook):
    def drop(page):
        for name in ("step", "who"):
            page.delete_cols([cell.value for cell in page[1]].index(words().columns[name]) + 1)

    assert not any("没有这几列" in told for told in sheet.read(workbook).told)
    edit(workbook, drop)
    got = sheet.read(workbook)
    assert got.lines and got.told[0] == "表里没有这几列：环节、谁写的。印出来的话下面就不写这些。"


def test_what_nobody_can_say_is_not_printed_and_told(workbook, tmp_path):
    def change(page):
        page.append(["用", None, "没人", None, "微信", None, "12345678"])
        page.append(["用", None, "没人", None, "微信", None, "这一句太长。" * 100])

    edit(workbook, change)
    made = CliRunner().invoke(app, ["scripts", "book", str(workbook), "--date", "2025-06-30",
                                    "--out", str(tmp_path / "b.html")])
    assert made.exit_code == 0 and "没进册（没有汉字）：12345678" in made.output
    assert "没进册（超过 120 个字，切成几句）：这一句太长" in made.output and "还带着演练里的名字（邵总）" in made.output
    text = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "12345678" not in text and "这一句太长" not in text
    for text in ("12345678", "长" * 121):
        with pytest.raises(ValueError, match="没进册"):
            book([Line(text)], on=DAY)


def test_edits_are_taken(workbook):
    def change(page):
        row_of(page, "对三张票")[column("use") - 1].value = "不用"
        row = row_of(page, "哪一批")
        row[column("text") - 1].value, row[column("excuse") - 1].value = "改过的一句话，问哪一批。", None
        page.append([None, None, "没人", None, "微信", None, "新加的一句：谁接手？"])

    edit(workbook, change)
    lines, refused, *_ = sheet.read(workbook)
    texts = {line.text: line for line in lines}
    assert "对三张票" not in "".join(texts) and texts["改过的一句话，问哪一批。"].excuse == "" and not refused
    assert texts["新加的一句：谁接手？"].place == ("no_person", "", "wechat")
    assert lines[-1].excuse == "" and lines == ordered(lines)


def test_edited_lines_are_red_line_checked_again(workbook):
    edit(workbook, lambda page: setattr(row_of(page, "哪一批")[column("text") - 1], "value", "再不付我就去堵门。"))
    lines, refused, *_ = sheet.read(workbook)
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
    assert heads == ["怎么用", "开场和预约（2 句）", "没钱（3 句）", "没流程（0 句）", "有争议（2 句）", "没人（1 句）",
                     "红线：不管能不能收回钱，都不说、不写、不做", "三张小表", "模板"]
    first = [block for block in paper.blocks if isinstance(block, Head | Said)][4:9]
    assert [(type(b).__name__, b.text) for b in first] == [
        ("Head", "营造氛围"), ("Head", "上门"), ("Said", "邵总，就一件事，对三张票。"),
        ("Said", "冯总，合作归合作，这张票分开谈。"), ("Head", "没钱（3 句）")]
    text = to_html(paper)
    for wanted in ("您下一笔进账是哪家、哪天、多少？", "倾听·体谅·澄清·提出方案", "2025年6月30日",
                   "澜州衡桐机电设备有限公司", "虚开发票", "三角债", "还款协议：他认账、一次付不清",
                   "scripts letters 台账文件夹"):
        assert wanted in text, wanted
    assert "拉横幅" not in text and "不免除乙方原合同上的逾期付款责任" not in text


def test_first_lines_of_a_type_stand_once_and_grant_nothing(collected):
    from receivables.ledger.company import profile
    from receivables.talk import first_moves

    text = to_html(book([line for line in collected.lines if line.use], on=DAY))
    assert not profile().may_grant("业务员").stop_supply
    for row in first_moves.load().customer_types:
        assert text.count(row.line) == 1
        assert not any(word in row.line for word in ("先停", "停供", "停货", "停止供货"))
        assert "停" not in row.line or "就报" in row.line  # whoever may not stop reports
    assert "仲裁" in first_moves.load().row("customer_types", "unable_unwilling").line  # as the final notice has it


def test_templates_are_listed_and_printed_only_on_demand(collected):
    from receivables.course.scripts import templates

    lines = [line for line in collected.lines if line.use]
    short, long = book(lines, on=DAY), book(lines, on=DAY, with_templates=True)
    given = {template.id for template in templates.load().templates if not template.internal}
    assert set(words().uses) == given
    for id in given:
        assert any(words().uses[id] in line for block in short.blocks if hasattr(block, "lines") for line in block.lines)
    titles = {template.title for template in templates.load().templates if not template.internal}
    assert titles <= {block.text for block in long.blocks if isinstance(block, Head)}
    assert not titles & {block.text for block in short.blocks if isinstance(block, Head)}


@pytest.mark.parametrize("on,later", [(date(2025, 6, 30), 1), (date(2025, 5, 1), 2), (date(2026, 11, 22), 0)])
def test_law_younger_than_the_book_is_said(on, later):
    text = to_html(book([Line("您今天能先付多少？", "no_money")], on=on))
    assert text.count("标明日期的自该日起施行") == later


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
    assert "手紧（3 句）" in text and "钱哪天进来？" in text and "没钱（" not in text


def test_what_was_typed_is_text_in_html_and_word(collected):
    lines = [line for line in collected.lines if line.use or line.text == answers.FORMULA]  # ticked by hand
    paper = book(lines, on=DAY, company="<i>甲</i>公司")
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
