"""The scene engine: conditions, rules, steps, replay, debrief, and a validator that finds what was broken on purpose."""

import copy
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from receivables import paths
from receivables.talk import concession, glossary, redline, scene
from receivables.talk.scene import condition, deals, position, rules, search, words

RULES = rules.load()
# A talk of two turns: enough to break in one way at a time.
SMALL = yaml.safe_load("""
id: small
title: 小场
situation: situations.no_cash
channel: phone
today: 2025-06-30
minutes: 2
requires: [C11]
you: 业务员
brief: [虚构。]
debt: {amount: 20000, due: 2025-06-01, what: 阀门}
debtor: {name: 老丁, role: 老板, firm: 虚构商行, type: willing_unable,
         start: {ability: 5, willingness: 5, trust: 5}, wants: 缓一缓。}
facts: {money_in: 十五号有进账。}
deals:
  week: {said: outright, gives: [{days: {amount: 20000, days: 7}}]}
  month: {said: outright, gives: [{days: {amount: 20000, days: 30}}]}
  swap:
    said: apply
    gives: [{days: {amount: 20000, days: 15}}]
    gets: [{cash: {amount: 10000, instead_days: 60, chance: '0.5'}}]
walkout: gone
nodes:
- id: first
  line: heard
  says: '{喂|哎}，什么事？'
  ask: 怎么接？
  moves:
  - {id: listen, way: restate, text: 您说手头紧，我听着。, reply: 对。, cold: 知道了。}
  - {id: fight, way: argue, text: 您没道理。, reply: 你才没道理。}
  - {id: slam, way: argue, does: {trust: -9}, text: 免谈。, reply: 那就免谈。}
  - {id: dig, way: verify, needs: trust>=5, text: 下一笔进账哪天？, reply: 十五号。, cold: 不知道。, learn: [money_in]}
- id: second
  line: closed
  ask: 怎么收？
  moves:
  - {id: vague, way: vague_close, text: 那就尽快。, reply: 好。}
  - {id: exact, way: five_items, needs: willingness>=5, when: money_in, text: 十六号两万，对公账户。, reply: 行。,
     cold: 再说。, sets: [written]}
  - {id: give, way: give_free, text: 我让您一个星期。, reply: 谢谢。, deal: week}
  - {id: first_step, way: first_step, text: 先盖对账单。, reply: 可以。}
ends:
- {id: paid, grade: good, title: 好, when: written, paid: [{amount: 20000, date: 2025-07-16, form: 转账}], words: 完。,
   left: 查账。, tells: 讲理。}
- {id: half, grade: middling, title: 中, when: '!week & trust>=6', words: 完。, left: 再问。, tells: 还行。}
- {id: none, grade: bad, title: 坏, words: 完。, left: 没有。, tells: 好糊弄。}
- {id: gone, grade: bad, title: 崩, words: 挂了。, left: 换人。, tells: 难听。}
""")


def small(change=None):
    raw = copy.deepcopy(SMALL)
    if change:
        change(raw)
    return scene.Scene.model_validate(raw)


def fight_thrice(raw):
    """A debtor who has had enough after one more word."""
    raw["debtor"]["start"]["trust"] = 1


def talk(what, *moves, seed=0):
    state = scene.start(what, seed)
    for move in moves:
        state = scene.answer(state, *([move] if isinstance(move, str) else move))
    return state


# ---------------------------------------------------------------- conditions and rules
@given(st.integers(0, 10), st.integers(0, 10), st.booleans())
def test_a_condition_says_what_it_says(trust, bound, scolded):
    flags = frozenset({"scolded"} if scolded else ())
    assert condition.read(f"trust>={bound}").holds((0, 0, trust), flags) == (trust >= bound)
    assert condition.read(f"trust < {bound} & !scolded").holds((0, 0, trust), flags) == (trust < bound and not scolded)
    assert condition.read("scolded & ability<=0").holds((0, 0, trust), flags) == scolded


@pytest.mark.parametrize("text", ["", "trust", "trust=5", "mood>3", "a | b", "trust>=", "& a"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ValueError, match="is no condition"):
        condition.read(text)


@given(st.sampled_from(sorted(RULES.ways)), st.tuples(*[st.integers(0, 10)] * 3))
def test_gauges_stay_within_their_bounds(way, gauges):
    assert all(0 <= value <= 10 for value in RULES.ways[way].on(gauges))


def test_every_way_without_footing_is_worse_for_it():
    for name, way in RULES.ways.items():
        if way.unmet:
            assert way.unmet.mark < way.mark, name
            assert sum(way.unmet.does.values()) < sum(way.does.values()), name


def test_traps_never_earn_more_than_a_point():
    assert all(way.mark <= 1 for way in RULES.ways.values() if way.trap)


def test_footing_changes_answer_mark_and_effect():
    warm, cold = talk(small(), "dig"), talk(small(), "fight")
    assert warm.position.gauges[1] == 6 and "money_in" in warm.position.flags
    suspicious = talk(small(lambda raw: raw["debtor"]["start"].update(trust=3)), "dig")
    assert suspicious.position.gauges == (5, 5, 2) and not suspicious.position.flags
    assert [line.text for line in suspicious.steps[0].said] == ["下一笔进账哪天？", "不知道。"]
    assert cold.position.gauges == (5, 4, 4)


def test_the_talk_stops_when_trust_is_gone():
    state = talk(small(fight_thrice), "fight")
    assert state.ended and state.position.at == "gone"


# ---------------------------------------------------------------- steps and replay
def test_a_turn_shows_nothing_hidden():
    state = talk(small(), "listen")
    shown = json.dumps(scene.offer(state).as_dict(), ensure_ascii=False)
    assert not any(word in shown for word in ("trust", "willingness", "ability", "mark", "way", "money_in", "十五号"))
    saved = json.dumps(state.as_dict())
    assert not any(word in saved for word in ("trust", "gauges", "flags"))
    assert scene.offer(talk(small(), "dig")).learned == ("十五号有进账。",)


def test_options_that_are_not_offered_are_refused():
    with pytest.raises(ValueError, match="offers .* not 'exact'"):
        talk(small(), "listen", "exact")
    assert "exact" in [option.id for option in scene.offer(talk(small(), "dig")).options]


def test_nothing_is_said_after_the_end():
    state = talk(small(), "dig", "exact")
    assert scene.offer(state).ended and scene.offer(state).options == ()
    with pytest.raises(ValueError, match="this talk is over"):
        scene.answer(state, "vague")
    with pytest.raises(ValueError, match="still on"):
        scene.debrief(talk(small(), "dig"))


def test_the_order_shown_is_not_the_order_of_the_file_and_never_changes():
    for what in scene.ids():
        for node in scene.load(what).nodes:
            assert sorted(move.id for move in node.shown) == sorted(move.id for move in node.moves)
    files = [[m.id for m in node.moves] for what in scene.ids() for node in scene.load(what).nodes]
    shown = [[m.id for m in node.shown] for what in scene.ids() for node in scene.load(what).nodes]
    assert sum(a == b for a, b in zip(files, shown, strict=True)) < len(files) / 4


@given(st.sampled_from(scene.ids()), st.integers(0, 10**6), st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_replay_resume_and_rewind_give_the_same_talk(what, seed, dice):
    state = scene.start(what, seed)
    for roll in dice:
        if state.ended:
            break
        options = scene.offer(state).options
        state = scene.answer(state, options[roll % len(options)].id, f"第{roll}句")
    lines = list(zip(state.moves, (step.own_line for step in state.steps), strict=True))
    record = scene.transcript(state)
    assert scene.play(what, lines, seed=seed) == record
    assert scene.transcript(scene.resume(json.loads(json.dumps(state.as_dict())))) == record
    middle = len(state.steps) // 2 + 1
    back = scene.rewind(state, middle)
    assert back == talk(what, *lines[:middle - 1], seed=seed)
    for move, own in lines[middle - 1:]:
        back = scene.answer(back, move, own)
    assert back == state
    json.dumps(record.as_dict())


def test_the_seed_changes_words_only():
    talks = {seed: scene.play(small(), ["dig", "exact"], seed=seed) for seed in range(12)}
    assert len({t.text for t in talks.values()}) == 2
    assert {(t.end, t.moves) for t in talks.values()} == {("paid", ("dig", "exact"))}
    with pytest.raises(ValueError, match="whole number"):
        scene.start(small(), 1.5)


def test_a_saved_talk_of_another_version_is_refused():
    saved = talk("dispute").as_dict()
    with pytest.raises(ValueError, match="version"):
        scene.resume(saved | {"version": 99})
    with pytest.raises(ValueError, match="schema"):
        scene.resume(saved | {"schema": 99})
    with pytest.raises(ValueError, match="steps run from 1 to 1"):
        scene.rewind(talk("dispute"), 2)


# ---------------------------------------------------------------- the learner's own line
def test_an_own_line_is_kept_checked_and_never_scored():
    plain = talk(small(), "dig", "exact")
    polite = talk(small(), ("dig", "您下一笔钱哪天到？"), ("exact", "十六号，两万。"))
    rude = talk(small(), ("dig", "不还钱我就去你家堵门。"), "exact")
    assert scene.debrief(plain).score == scene.debrief(polite).score == scene.debrief(rude).score
    assert [line["line"] for line in scene.own_lines(polite)] == ["您下一笔钱哪天到？", "十六号，两万。"]
    assert scene.own_lines(rude) == []
    hits = scene.offer(talk(small(), ("dig", "不还钱我就去你家堵门。"))).own_hits
    assert {hit.rule for hit in hits} == {hit.rule for hit in redline.check("不还钱我就去你家堵门。")} != set()
    assert scene.debrief(polite).best_own == "您下一笔钱哪天到？"
    assert scene.debrief(rude).best_own == "" and scene.debrief(rude).best_line


def test_an_own_line_too_long_or_no_text_is_refused():
    for line in ("长" * 2001, None, 3):
        with pytest.raises(ValueError, match="own line"):
            scene.answer(scene.start(small()), "dig", line)


# ---------------------------------------------------------------- scores
def test_the_score_is_rubric_and_result_as_the_rules_weigh_them():
    looked = scene.debrief(talk(small(), "dig", "exact"))
    assert looked.score == pytest.approx(0.5 * (3 + 3) / 6 + 0.5 * 1)
    assert (looked.came_in_total, looked.share) == ("20000", 1.0)
    looked = scene.debrief(talk(small(), "listen", "first_step"))
    assert (looked.grade, looked.score) == ("middling", pytest.approx(0.5 * (3 + 2) / 6 + 0.5 * 0.5, abs=1e-4))
    points = {line.id: line.points for line in looked.rubric}
    assert points["heard"] == 3 and points["closed"] == 2 and points["prepared"] is None
    assert len(looked.rubric) == 7 and [fact.found for fact in looked.hidden] == [False]


def test_a_turn_never_reached_earns_nothing():
    looked = scene.debrief(talk(small(fight_thrice), "fight"))
    assert {line.id: line.points for line in looked.rubric if line.points is not None} == {"heard": 0, "closed": 0}


def test_half_of_a_line_is_half_its_points():
    """Two turns mark the same line; he walks out after the first, which earned everything."""
    def change(raw):
        raw["nodes"][1]["line"] = "heard"
        raw["nodes"][0]["moves"][0]["does"] = {"trust": -9}

    looked = scene.debrief(talk(small(change), "listen"))
    assert looked.end == "gone" and {line.id: line.points for line in looked.rubric}["heard"] == 1.5


def test_giving_without_return_costs_once_for_each_kind_of_finding():
    looked = scene.debrief(talk(small(), "listen", "give"))
    assert looked.cost == str(concession.Days(20000, 7).price(concession.Terms("0.0485", "0.13")).cost) != "0.00"
    assert len(looked.findings) == 3  # nothing got, not written, gave more than got
    assert looked.score == pytest.approx(max(0, 0.5 * (3 + 0) / 6 - 3 * 0.05), abs=1e-4)


def test_a_promise_beyond_authority_is_a_red_line_and_follows_the_authority_table(monkeypatch):
    def month(raw):
        raw["nodes"][1]["moves"][2]["deal"] = "month"

    looked = scene.debrief(talk(small(month), "listen", "give"))
    assert looked.red == ("越权承诺",) and looked.score == 0
    table = tuple(row.model_copy(update={"extend_days": 60}) for row in deals.ladder())
    monkeypatch.setattr(deals, "ladder", lambda: table)
    assert scene.debrief(talk(small(month), "listen", "give")).red == ()


def test_what_was_promised_in_return_does_not_count_when_the_talk_failed():
    swap = small().deals["swap"]
    kept, failed = (deals.settle([swap], "业务员", 20000, written=True, kept=kept) for kept in (True, False))
    assert kept.got > 0 == failed.got and "no_return" in {f.code for f in failed.findings}
    assert "not_approved" not in {f.code for f in kept.findings}  # 我去申请: whoever may, approves


def test_a_red_move_makes_the_score_zero():
    def threat(raw):
        raw["nodes"][0]["moves"][1].update(way="cross_line", red="threat", text="不给钱就打断你的腿。")

    state = talk(small(threat), "fight", "first_step")
    assert scene.debrief(state).red == ("威胁恐吓",) and scene.debrief(state).score == 0
    assert scene.faults(small(threat)) == []


def test_house_wordings_follow_the_glossary(monkeypatch, tmp_path):
    text = paths.data("glossary.yaml").read_text(encoding="utf-8")
    other = tmp_path / "glossary.yaml"
    other.write_text(text.replace("谈完一定落到五样：", "谈完一定落到这五样："), encoding="utf-8")
    new = glossary.load(other)
    monkeypatch.setattr(glossary, "load", lambda path=None: new)
    state = talk("dispute", *scene.best_moves("dispute"))
    assert scene.debrief(state).steps[-1].why.startswith("谈完一定落到这五样：")
    assert words.fill("{{authority.区域经理.instalments}} 期") == "2 期"
    for wrong in ("{{our.nothing}}", "{{authority.门卫.extend_days}}", "{{authority.区域经理}}", "{{nowhere}}"):
        with pytest.raises(ValueError):
            words.fill(wrong)


# ---------------------------------------------------------------- the validator
def codes(change):
    return {fault.code for fault in scene.faults(small(change))}


def loop(raw):
    raw["nodes"][1]["moves"][0]["to"] = "first"


def dead_end(raw):
    for move in raw["nodes"][1]["moves"]:
        move["when"] = "money_in"


def unreachable_turn(raw):
    raw["nodes"][0]["next"] = "second"
    raw["nodes"].insert(1, copy.deepcopy(raw["nodes"][1]) | {"id": "island", "next": "second"})


def unreachable_end(raw):
    raw["ends"][1]["when"] = "trust>=10"


def never_offered(raw):
    raw["nodes"][1]["moves"][0]["when"] = "trust>=10"


def never_learned(raw):
    raw["nodes"][0]["moves"][3]["needs"] = "trust>=9"


def always_best(raw):
    exact = raw["nodes"][1]["moves"][1]
    del exact["when"]
    exact["needs"] = "trust>=1"


def red_words(raw):
    raw["nodes"][0]["moves"][1]["text"] = "不还钱我就去你家堵门。"


def few_moves(raw):
    del raw["nodes"][0]["moves"][:2]


@pytest.mark.parametrize("change", [loop, dead_end, unreachable_turn, unreachable_end, never_offered, never_learned,
                                    always_best, red_words, few_moves], ids=lambda change: change.__name__)
def test_the_validator_finds_what_was_broken(change):
    assert {"red_words": "red_line"}.get(change.__name__, change.__name__) in codes(change)


def test_the_small_scene_itself_is_sound():
    assert scene.faults(small()) == []


def test_the_search_agrees_with_trying_every_talk():
    def best(state):
        if state.ended:
            return scene.debrief(state).score
        return max(best(scene.answer(state, option.id)) for option in scene.offer(state).options)

    for what in (small(), scene.load("set_the_tone"), scene.load("make_appointment")):
        found = scene.debrief(talk(what, *scene.best_moves(what))).score
        assert found == pytest.approx(best(scene.start(what)), abs=1e-4)


@pytest.mark.parametrize(("change", "said"), [
    (lambda raw: raw["nodes"][0]["moves"][0].update(way="nowhere"), "no way 'nowhere'"),
    (lambda raw: raw["nodes"][0]["moves"][1].update(cold="哼。"), "footing and `cold` come together"),
    (lambda raw: raw["nodes"][0]["moves"][1].update(learn=["nothing"]), "unknown facts"),
    (lambda raw: raw["nodes"][0]["moves"][1].update(deal="nothing"), "no deal"),
    (lambda raw: raw["nodes"][0]["moves"][1].update(red="nothing"), "no red line"),
    (lambda raw: raw["nodes"][0]["moves"][1].update(to="nowhere"), "leads to no turn"),
    (lambda raw: raw["nodes"][0]["moves"][1].update(sets=["idle"]), "nothing asks about"),
    (lambda raw: raw["nodes"][0]["moves"][1].update(when="unheard"), "nothing raises"),
    (lambda raw: raw["nodes"][0]["moves"][1].update(id="dig"), "two moves share an id"),
    (lambda raw: raw["nodes"][0].update(line="nothing"), "no rubric line"),
    (lambda raw: raw["nodes"][0].update(says="{{nothing.here}}"), "nothing"),
    (lambda raw: raw.update(you="门卫"), "no authority"),
    (lambda raw: raw.update(channel="pigeon"), "pigeon"),
    (lambda raw: raw.update(walkout="paid"), "walkout must be a bad end"),
    (lambda raw: raw["ends"][2].update(when="week"), "every end but the last"),
    (lambda raw: raw["deals"]["week"]["gives"][0].update(waived_interest={"amount": 1, "chance": 0, "taxed": False}),
     "exactly one"),
    (lambda raw: raw.update(colour="red"), "Extra inputs"),
])
def test_a_file_that_leads_nowhere_is_refused(change, said):
    with pytest.raises((ValidationError, ValueError), match=said):
        small(change)


def test_an_unknown_scene_names_those_there_are():
    with pytest.raises(ValueError, match="admits_no_money"):
        scene.load("nowhere")


def test_the_hidden_part_knows_no_words():
    """What happens never depends on the seed: positions are computed without it."""
    assert "seed" not in position.after.__code__.co_varnames and search.Reach(small()).perfect() == ["dig", "exact"]
