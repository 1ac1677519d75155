"""The eight scenes: every end within reach, no dead end, fair scores, golden replays, words that suit the speaker."""

import collections
import functools
import math
import os
import random
import re
import statistics
from pathlib import Path

import pytest

from receivables import paths
from receivables.talk import glossary, scene
from receivables.talk.scene import position, search, spec, words
from receivables.talk.scene.condition import GAUGES

GOLDEN = Path(__file__).parent / "golden_scenes"
IDS = scene.ids()
SIX = {"cannot_meet": "unseen", "no_authority": "no_say", "admits_no_money": "no_cash", "dispute": "disputed",
       "breaks_promises": "broken_promises", "hard_threat": "hard"}


@functools.cache
def reach_of(what):
    return search.Reach(scene.load(what))


@pytest.fixture(scope="module", params=IDS)
def reach(request):
    return reach_of(request.param)


def perfect(what):
    return reach_of(what).perfect()


def played(what, moves):
    state = scene.start(what)
    for move in moves:
        state = scene.answer(state, move)
    return state


def run(what, choose):
    state = scene.start(what)
    while not state.ended:
        state = scene.answer(state, choose(position.offered(state.scene, state.position)).id)
    return state


def first(moves):
    return moves[0]


def tempted(moves):
    return next((move for move in moves if move.way_of.trap), moves[0])


def test_there_is_a_scene_for_each_situation_and_two_short_ones():
    assert set(IDS) == {*SIX, "make_appointment", "set_the_tone"}
    for id, item in SIX.items():
        assert scene.load(id).situation == f"situations.{item}" and not scene.load(id).short
    assert {scene.load(id).situation for id in set(IDS) - set(SIX)} == {"drills.appointment", "drills.atmosphere"}


def test_the_validator_finds_no_fault(reach):
    assert scene.faults(reach.scene, reach) == []


def test_the_perfect_learner_scores_above_nine_tenths(reach):
    looked = scene.debrief(played(reach.scene, reach.perfect()))
    assert looked.score > 0.9 and looked.grade == "good" and looked.red == () and looked.findings == ()


@pytest.mark.parametrize("choose", [first, tempted, lambda moves: moves[-1]], ids=["first", "tempted", "last"])
@pytest.mark.parametrize("what", IDS)
def test_the_careless_learner_scores_below_a_half(what, choose):
    looked = scene.debrief(run(what, choose))
    assert looked.score < 0.5 and looked.grade != "good"


def test_two_hundred_random_players_reach_every_end_and_no_dead_end(reach):
    seen = {}
    for seed in range(200):
        state = run(reach.scene, random.Random(seed).choice)
        seen[state.position.at] = seen.get(state.position.at, 0) + 1
    assert set(seen) == set(reach.scene.endings)
    assert {"good", "middling", "bad"} == {reach.scene.endings[end].grade for end in seen}


def test_it_lasts_as_many_turns_as_promised(reach):
    least = 4 if reach.scene.short else 8
    fewest = reach.fewest_turns()
    assert all(turns >= least for end, turns in fewest.items() if end != reach.scene.walkout)
    assert fewest[reach.scene.walkout] >= 2 and len(reach.scene.nodes) <= 12


def test_what_is_best_to_say_depends_on_how_it_has_gone(reach):
    """In three turns at least no line is right whatever came before (in two of a short scene)."""
    best = {}
    for here in reach.moves:
        choices = reach.choices(here)
        top = max(worth for _, worth in choices)
        best.setdefault(here.at, []).append({move.id for move, worth in choices if worth > top - 1e-9})
    torn = [turn for turn, ways in best.items() if not set.intersection(*ways)]
    assert len(torn) >= (2 if reach.scene.short else 3), torn


def test_every_turn_has_three_moves_that_lead_somewhere(reach):
    for node in reach.scene.nodes:
        assert len(node.moves) >= 3 and node.ask
        assert len({move.text for move in node.moves}) == len(node.moves)


def test_long_scenes_give_occasion_for_every_rubric_line(reach):
    lines = {item.id for item in glossary.load().term("rubric").items}
    assert set(reach.scene.stages) <= lines
    assert reach.scene.short or set(reach.scene.stages) == lines


def best_against_the_rest():
    """Turns of the perfect talks: the lengths of the options as shown, and which of them is best."""
    for what in IDS:
        state = scene.start(what)
        for best in perfect(what):
            options = scene.offer(state).options
            yield [len(option.text) for option in options], [option.id for option in options].index(best)
            state = scene.answer(state, best)


def top_against_the_rest():
    """All turns: the lengths of all options, and which of them earn the most there with their footing."""
    for what in IDS:
        for node in scene.load(what).nodes:
            marks = [move.met.mark for move in node.moves]
            lengths = [len(words.fill(move.text)) for move in node.moves]
            yield lengths, [at for at, mark in enumerate(marks) if mark == max(marks)]


def usual_against_the_rest():
    """All turns: the lengths of all options, and which is best in most of the states that play can reach."""
    for what in IDS:
        reach, wins = reach_of(what), {}
        for here in reach.moves:
            choices = reach.choices(here)
            top = max(worth for _, worth in choices)
            wins.setdefault(here.at, collections.Counter()).update(
                move.id for move, worth in choices if worth > top - 1e-9)
        for node in reach.scene.nodes:
            usual = wins[node.id].most_common(1)[0][0]
            yield [len(words.fill(move.text)) for move in node.moves], [move.id for move in node.moves].index(usual)


def by_chance(hits, chances):
    """Whether so many hits are within two standard deviations of what picking by that rule would give by chance."""
    spread = math.sqrt(sum(chance * (1 - chance) for chance in chances))
    return abs(sum(hits) - sum(chances)) <= 2 * spread


@pytest.mark.parametrize("extreme", [max, min], ids=["longest", "shortest"])
def test_length_does_not_tell_the_best_line(extreme):
    """Whoever always takes the longest (or the shortest) option finds the best one as often as by chance."""
    for turns in (list(best_against_the_rest()), list(usual_against_the_rest())):
        hits = [lengths[best] == extreme(lengths) for lengths, best in turns]
        assert by_chance(hits, [1 / len(lengths) for lengths, _ in turns])
    turns = list(top_against_the_rest())
    assert by_chance([lengths.index(extreme(lengths)) in top for lengths, top in turns],
                     [len(top) / len(lengths) for lengths, top in turns])


def test_place_does_not_tell_the_best_line():
    turns = list(best_against_the_rest())
    for place in (0, -1):
        hits = [best == range(len(lengths))[place] for lengths, best in turns]
        assert by_chance(hits, [1 / len(lengths) for lengths, _ in turns])
    assert sum(best == 0 for _, best in turns) <= 0.25 * len(turns)


def test_a_trap_is_not_known_by_its_length():
    traps, others = [], []
    for what in IDS:
        for _, move in scene.load(what).moves():
            (traps if move.way_of.trap else others).append(len(words.fill(move.text)))
    assert abs(statistics.mean(traps) - statistics.mean(others)) < 3


READING, WRITING = 300, 60  # characters a minute: read at an easy pace; written on a phone
OWN_LINE = 15               # characters of a line one puts down oneself before the options show


@pytest.mark.parametrize("what", IDS)
def test_a_talk_is_read_and_answered_within_its_minutes(what):
    """Whatever way it goes: everything on the page is read, an own line is written every turn."""
    sc, told = scene.load(what), scene.brief(what)
    for seed in range(100):
        state, dice = scene.start(what), random.Random(seed)
        read = len(told.title) + sum(map(len, told.lines))
        while not state.ended:
            turn = scene.offer(state)
            read += sum(len(said.text) for said in turn.said) + len(turn.ask)
            read += sum(len(option.text) for option in turn.options)
            state = scene.answer(state, dice.choice(turn.options).id)
        read += sum(len(said.text) for said in scene.offer(state).said)
        assert read / READING + len(state.steps) * OWN_LINE / WRITING <= min(sc.minutes, 8), (seed, read)


@pytest.mark.parametrize("what", IDS)
def test_replays_are_golden(what):
    """UPDATE_GOLDEN=1 writes them anew for review."""
    good = scene.play(what, [(move, f"第 {n} 句") for n, move in enumerate(perfect(what), 1)], seed=7)
    careless = scene.transcript(run(what, tempted))
    text = f"{good.text}\n= {good.end}\n\n{careless.text}\n= {careless.end}\n"
    file = GOLDEN / f"{what}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("what", IDS)
def test_the_debrief_tells_everything(what):
    looked = scene.debrief(run(what, tempted))
    shown = looked.as_dict()
    assert looked.left and looked.tells and looked.best_line and looked.wanted and looked.title
    assert len(looked.rubric) == 7 and len(looked.steps) >= 2 and shown["gauge_names"].keys() == set(GAUGES)
    assert len(looked.hidden) >= 2
    assert "{{" not in str(shown)


@pytest.mark.parametrize("what", SIX)
def test_nothing_is_confirmed_in_writing_that_was_not_agreed(what):
    """The closing line names sums and days: it works only where the debtor agreed to them."""
    signed = 0
    for here, moves in reach_of(what).moves.items():
        for _, there in moves:
            if spec.WRITTEN in there.flags - here.flags:
                assert "agreed" in here.flags, here
                signed += 1
    assert signed


@pytest.mark.parametrize(("what", "moves", "heard"), [
    ("cannot_meet", ["are_you", "figure_day", "tell_debt", "aha", "only_luo", "not_clear", "face_kept"],
     "客人都听见了"),
    ("cannot_meet", ["statement", "figure_day", "shelf", "never_said", "only_luo", "not_clear", "good_timing"],
     "徐姐什么时候收你单子了"),
    ("breaks_promises", ["valve_room", "two_dates", "today_forty", "ukey_back", "which_invoice", "whose_shop",
                         "call_police", "letter", "then_close"], "不跟你吵了"),
    ("breaks_promises", ["valve_room", "two_dates", "today_forty", "ukey_back", "which_invoice", "whose_shop",
                         "call_police", "letter", "keep_shop", "five"], "刚说要报案"),
    ("cannot_meet", ["statement", "figure_day", "tell_debt", "never_said", "paper_to", "copy_set", "my_bad", "choose",
                     "five"], "还要我确认"),
    ("hard_threat", ["line_tidy", "stamped", "this_friday", "so_ask", "who_paid", "which_pumps", "clause", "half_now",
                     "go_ahead_fight"], "别耽误我开会"),
    ("set_the_tone", ["red_flags", "only_two"], "跟你说不清"),
    ("admits_no_money", ["pipes", "red_note", "amount_day", "which_job", "next_in", "other_way"], "十五号的钱先发工资"),
])
def test_he_answers_what_was_said_before(what, moves, heard):
    assert heard in scene.play(what, moves).lines[-1].text + scene.play(what, moves).lines[-2].text


def test_money_that_comes_in_is_never_more_than_the_debt_nor_before_today():
    for what in IDS:
        sc = scene.load(what)
        for end in sc.ends:
            assert all(paid.date >= sc.today and paid.date.weekday() < 5 for paid in end.paid), (what, end.id)
        best = scene.debrief(played(what, perfect(what)))
        assert 0 <= best.share <= 1
        if what != "make_appointment":
            assert best.share == 1, what


def test_both_ways_out_of_no_money_bring_in_the_whole_debt():
    by_transfer = ["pipes", "red_note", "amount_day", "which_job", "next_in", "other_way", "on_fifteenth", "after_first",
                   "both_sides", "five"]
    looked = scene.debrief(played("admits_no_money", by_transfer))
    assert [p.form for p in looked.came_in] == ["转账", "转账"] and looked.share == 1
    looked = scene.debrief(played("admits_no_money", perfect("admits_no_money")))
    assert looked.came_in[0].form.startswith("银行承兑汇票") and looked.share == 1


def test_words_suit_the_speaker():
    """您 to the customer, 你 to the learner, short lines, nothing that only consultants say."""
    for what in IDS:
        sc = scene.load(what)
        for node, move in sc.moves():
            assert len(move.text) <= 60, (what, node.id, move.id)
            if not move.way_of.trap:
                plain = re.sub(r"你们|“[^”]*”", "", move.text)
                assert "你" not in plain, (what, node.id, move.id, move.text)
        for text in spec.texts(sc):
            assert not re.search("赋能|抓手|首先|其次|闭环", text), (what, text)
            assert len(text) <= 130
        assert any("虚构" in line for line in sc.brief), what


def test_what_is_at_stake_is_late_and_the_amount_is_told():
    for what in IDS:
        sc = scene.load(what)
        told = scene.brief(what)
        late = (sc.today - sc.debt.due).days
        assert late > 0 and any(f"逾期 {late} 天" in line for line in told.lines), what
        assert any(f"{sc.debt.amount:,}" in line for line in told.lines), what
        assert told.minutes <= 8 and told.as_dict()["debt"] == str(sc.debt.amount)


def test_every_requirement_named_is_one():
    known = re.findall(r"\b[A-Z]\d{2}\b|\bX\d+\b", paths.data("requirements.yaml").read_text(encoding="utf-8"))
    assert {each for what in IDS for each in scene.load(what).requires} <= set(known)


def test_no_firm_of_a_scene_is_a_customer_in_the_ledger():
    listed = paths.data("company", "customers.csv").read_text(encoding="utf-8")
    assert not [what for what in IDS if scene.load(what).debtor.firm in listed]
