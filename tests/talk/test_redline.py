"""Red lines: the labelled halves, the report, spans, traditional characters, excuses, and a faulty file."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from receivables import content, paths
from receivables.talk import first_moves, glossary, persona, redline, redline_report, scene

RULES = {"threat", "insult", "exposure", "posing", "false_report", "overpromise", "taking", "occupying", "kickback",
         "false_invoice", "night"}


def rules_in(text):
    return {hit.rule for hit in redline.check(text)}


@pytest.fixture(scope="module")
def unseen():
    return redline_report.evaluate("unseen")


def test_the_rules_are_those_of_the_course():
    assert {rule.id for rule in redline.load().rules} == RULES
    for rule in redline.load().rules:
        assert rule.hint and any(year in rule.source for year in ("20", "刑法")), rule.id


def test_labelled_set_is_big_enough_and_balanced():
    first = [row for row in redline_report.sentences() if row.split in ("seen", "unseen")][:508]
    for rows in (first, redline_report.sentences()):
        clean = [row for row in rows if not row.rules]
        assert len(rows) >= 400
        assert 0.4 <= len(clean) / len(rows) <= 0.6
        assert sum(bool(row.near) for row in clean) >= len(clean) / 2
        assert sum(row.script == "traditional" for row in rows) >= 40
    assert len({row.text for row in redline_report.sentences()}) == len(redline_report.sentences())
    assert {rule for row in first for rule in row.rules} | {row.near for row in first if row.near} == RULES


def test_unseen_half_reaches_the_target_for_every_rule(unseen):
    assert unseen.recall >= 0.9
    assert unseen.false_alarms <= 0.1
    for score in unseen.scores:
        assert score.found + score.missed >= 10, score
        assert score.recall >= 0.9, score
        assert score.false_alarms <= 0.1, score


def test_a_batch_by_another_hand_is_held_out_and_published():
    """Written by somebody who had not read the rules: what to expect of lines that nobody has seen."""
    later = redline_report.evaluate("later")
    rows = [row for row in redline_report.sentences() if row.split == "later"]
    clean = [row for row in rows if not row.rules]
    assert len(rows) >= 60 and 0.4 <= len(clean) / len(rows) <= 0.6
    assert {rule for row in rows for rule in row.rules} == {row.near for row in clean if row.near} == RULES
    # No worse than measured on 2026-11-22. A false alarm came with the wider rules (3 to 4 of 39); it was not tuned away.
    assert later.recall >= 0.8 and later.clean_flagged <= 4


def test_report_is_current_and_lists_every_miss():
    page = redline_report.page()
    written = paths.data("redline_report.md").read_text(encoding="utf-8")
    assert written == page, "run python -m receivables.talk.redline_report --write"
    for split, title in redline_report.TITLES.items():
        assert title in page
        assert all(row.text in page for row, _ in redline_report.evaluate(split).wrong)


@pytest.mark.parametrize("line", [
    "我们一直没收到过您的验收单。", "您的付款申请经理一直没顾上批。", "领导还没批。", "我回去跟领导说，明天给您回话。",
    "您跟领导说一声。", "在我权限内，七天我做主。",
])
def test_what_one_says_every_day_is_no_alarm(line):
    assert rules_in(line) == set()


@pytest.mark.parametrize(("line", "rule"), [
    ("样机我们没收了，付款再说。", "taking"), ("这单没走审批，我直接给您发。", "overpromise"),
    ("先给您减一万，回头再跟领导说。", "overpromise"), ("余款我做主。", "overpromise"),
    ("这不在我权限内，违约金我做主全免了。", "overpromise"),
])
def test_and_what_crosses_the_line_beside_it_still_is(line, rule):
    assert rule in rules_in(line)


@pytest.mark.parametrize(("dirty", "rule", "clean"), [
    ("再不付，我找人打断你的腿。", "threat", "客户威胁我说，再来就打断我的腿。"),
    ("你就是个骗子。", "insult", "客户骂我是骗子，我没有还嘴。"),
    ("我要打电话给你老婆。", "exposure", "我们绝不会打电话给您老婆。"),
    ("我是法院执行局的。", "posing", "我是销售，不是法院执行局的。"),
    ("不付款我就报警抓你。", "false_report", "“不付款我就报警抓你”这种话是红线。"),
    ("违约金我做主全免了。", "overpromise", "免违约金要经理批，我去申请。"),
    ("把他的车扣下来。", "taking", "扣车要由法院来做。"),
    ("不给钱我就去堵你的大门。", "occupying", "判断题：去堵他的大门，对不对？"),
    ("给您个人两个点的回扣。", "kickback", "严禁给客户个人回扣。"),
    ("发票给您多开两万。", "false_invoice", "客户要多开发票，我们拒绝了。"),
    ("晚上十一点给他打电话催款。", "night", "晚上十一点客户给我打了电话。"),
])
def test_each_rule_with_its_near_miss(dirty, rule, clean):
    assert rules_in(dirty) == {rule}
    assert rules_in(clean) == set()


def test_quotation_excuses_only_another_speaker():
    words = "“我找人打断你的腿”"
    assert rules_in(f"客户说：{words}。") == set()
    assert rules_in(f"你就跟他说：{words}。") == {"threat"}
    assert rules_in(f"不要说{words}。") == set()
    assert rules_in(f"{words}，发给他。") == {"threat"}


def test_an_excuse_does_not_survive_knowing_better():
    assert rules_in("虽然违法，我也要把他的车扣下来，这是红线我知道。") == {"taking"}


def test_negation_reaches_no_further_than_its_clause():
    assert rules_in("我不会放弃，再拖我就找人打断你的腿。") == {"threat"}
    assert rules_in("别怪我不客气。") == {"threat"}


def test_span_points_into_the_text_as_given():
    text = "您好。這周再不付，我就叫人打斷你的腿！"
    (hit,) = redline.check(text)
    assert "打斷你的腿" in text[slice(*hit.span)] and "您好" not in text[slice(*hit.span)]
    assert hit.rule == "threat" and hit.hint and hit.source and hit.name == "威胁恐吓"


def test_several_red_lines_in_one_script_come_in_order():
    text = "不付款我就报警抓你。\n发票给您多开两万，好处费少不了您的。"
    hits = redline.check(text)
    assert [hit.rule for hit in hits] == ["false_report", "false_invoice", "kickback"]
    assert [hit.span for hit in hits] == sorted(hit.span for hit in hits)


def test_company_policy_is_labelled_so():
    assert {hit.basis for hit in redline.check("凌晨两点打电话催他。")} == {"policy"}
    assert "公司" in next(rule for rule in redline.load().rules if rule.id == "night").source


def test_traditional_reads_as_simplified():
    lines = redline.load()
    targets = {pair[1] for pair in lines.traditional.split()}
    read = "".join((*lines.excuses.model_dump().values(), *(w for words in lines.words.values() for w in words),
                    *(p for rule in lines.rules
                      for p in (*rule.patterns, *(part for frame in rule.frames for part in frame), *rule.unless))))
    # A character that Big5 lacks is a simplified form: its traditional form must be known.
    lacking = {c for c in read if "\u4e00" <= c <= "\u9fff" and not c.encode("big5", "ignore")}
    assert lacking <= targets, "".join(sorted(lacking - targets))
    sources = [pair[0] for pair in lines.traditional.split()]
    assert len(sources) == len(set(sources))


@given(st.lists(st.sampled_from(["你", "您", "我", "他", "不", "钱", "款", "付", "就", "再", "车", "门", "家", "，", "。"]),
                max_size=40).map("".join))
def test_words_the_rules_are_made_of_in_any_order_can_be_read(text):
    for hit in redline.check(text):
        assert 0 <= hit.span[0] < hit.span[1] <= len(text)


@pytest.mark.parametrize("piece", [
    "你", "不付", "他的车", "我把你的", "钱款账", "（", "您在公司门口等着不走", "派人去他家", "先把货和车",
])
def test_a_long_text_without_a_stop_comes_to_an_end(piece):
    """Nothing in the rules backtracks without bound; bench_talk.py prints what four times the text costs."""
    text = piece * (2400 // len(piece))
    assert all(0 <= hit.span[0] < hit.span[1] <= len(text) for hit in redline.check(text))


def test_a_frame_wants_every_part_in_one_sentence_in_any_order():
    assert rules_in("夜里叫辆车，把他仓库的铜线搬走。") == rules_in("把他仓库的铜线搬走，叫辆车，夜里去。") == {"taking"}
    assert rules_in("铜线您搬走了。夜里叫辆车来对账。") == set()


def test_a_frame_marks_what_is_done():
    text = "你闺女一个人上下学，我都替她捏把汗。"
    (hit,) = redline.check(text)
    assert (hit.rule, text[slice(*hit.span)]) == ("threat", "闺女")


@pytest.mark.parametrize("line", [
    "我们的车不挡您的门。", "我们不用非常手段。", "不付款不等于诈骗。", "倒签合同是造假。", "没有出货就不能开发票。",
    "您昨天拉走的那批货，签收单还没回给我。", "到期没到账，我们按合同第八条提起诉讼。", "没结清之前，下一批我们先不送。",
])
def test_lawful_steps_and_plain_refusals_are_no_alarm(line):
    assert rules_in(line) == set()


def test_an_idea_is_excused_only_where_somebody_turned_it_down():
    assert rules_in("小王想冒充税务局的打电话。") == {"posing"}
    assert rules_in("小王想冒充税务局的打电话，我拦住了。") == set()
    assert rules_in("小王打算写“我是法院执行局的”，我拦住了。") == set()
    assert rules_in("客户对我说：“我找人打断你的腿”。") == set()


@pytest.mark.parametrize(("line", "rule"), [
    ("不管公司规定怎么写，你的额度我给你提到三百万。", "overpromise"), ("再不付，你被抓进去别怪我报警。", "false_report"),
    ("我脾气上来自己都怕，怎么样说不准。", "threat"), ("你怎么不去死啊。", "insult"),
])
def test_what_only_sounds_like_an_excuse_excuses_nothing(line, rule):
    assert rule in rules_in(line)


@given(st.text(max_size=60))
def test_any_text_can_be_read_and_keeps_its_length(text):
    assert len(redline.load().simplified(text)) == len(text)
    for hit in redline.check(text):
        assert 0 <= hit.span[0] < hit.span[1] <= len(text)


def test_the_courses_own_lines_are_clean():
    lines = [question.ask for question in persona.load().questions]
    tables = first_moves.load()
    lines += [row.line for row in (*tables.customer_types, *tables.flags)]
    lines += [row.move for row in tables.causes] + [row.lever for row in tables.debt_types]
    lines += [rule.hint for rule in redline.load().rules]
    lines += [item.meaning for term in glossary.load().of_kind("list") for item in term.items]
    assert {line: rules_in(line) for line in lines if rules_in(line)} == {}


def _texts(found):
    """Every text inside lists and dictionaries."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            yield from _texts(part)


def _filled(text):
    return re.sub(r"\{[^{}]*\}", "三万", text)


def test_good_lines_of_every_scene_are_clean():
    """What a scene marks 2 or 3 a salesperson may say; search.py reads the marked red ones."""
    lines = [(id, move.text) for id in scene.ids() for node in scene.load(id).nodes for move in node.moves
             if move.met.mark >= 2 and move.red is None]
    assert len(lines) > 100
    assert {line: rules_in(_filled(line[1])) for line in lines if rules_in(_filled(line[1]))} == {}


def test_model_answers_are_clean():
    files = (*paths.data("keys").glob("*.yaml"), *paths.data("keys").parents[1].glob("casework/*/keys.yaml"))
    models = [(file.name, key["model"]) for file in files
              for key in yaml.safe_load(file.read_text(encoding="utf-8"))["keys"] if "model" in key]
    assert len(models) > 3
    assert {model: rules_in(_filled(model[1])) for model in models if rules_in(_filled(model[1]))} == {}


@pytest.mark.parametrize("name", ["templates.yaml", "scripts.yaml"])
def test_letters_and_forms_are_clean(name):
    texts = list(_texts(yaml.safe_load(paths.data(name).read_text(encoding="utf-8"))))
    assert len(texts) > 50
    assert {text: rules_in(_filled(text)) for text in texts if rules_in(_filled(text))} == {}


def test_only_text_is_read():
    with pytest.raises(ValueError, match="reads a text"):
        redline.check(None)


@pytest.mark.parametrize(("edit", "message"), [
    (lambda d: d["rules"].append(d["rules"][0]), "share an id"),
    (lambda d: d["rules"][0]["patterns"].append("(打"), "pattern"),
    (lambda d: d["rules"][0]["patterns"].append("{nobody}打"), "nobody"),
    (lambda d: d.update(traditional="說说 请"), "not a pair"),
])
def test_a_faulty_file_is_refused(tmp_path, edit, message):
    raw = yaml.safe_load(paths.data("redlines.yaml").read_text(encoding="utf-8"))
    edit(raw)
    path = tmp_path / "redlines.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(content.ContentError, match=message):
        redline.load(path)


def test_overlapping_spans_become_one():
    assert list(redline._merged([(0, 9), (2, 4), (8, 12), (12, 13), (20, 21)])) == [(0, 12), (12, 13), (20, 21)]
    assert list(redline._merged([])) == []
