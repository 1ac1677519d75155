"""Who is this: Bayes against counting, clarifying pays, false certainty costs, and the three small tables."""

import itertools
import math

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from receivables import content, paths
from receivables.talk import first_moves, glossary, persona

P = persona.load()
TYPES = list(P.prior)
REPLIES = [(q.id, a.id) for q in P.questions for a in q.answers]
BELIEF = st.lists(st.floats(0.001, 1), min_size=4, max_size=4).map(
    lambda parts: dict(zip(TYPES, (part / sum(parts) for part in parts), strict=True)))


def test_update_agrees_with_counting_simulated_customers():
    rng = np.random.default_rng(7)
    truth = rng.choice(4, size=200_000, p=list(P.prior.values()))
    said = {}
    for question in ("where_is_it", "sign_statement"):
        table = np.array([[a.likelihood[t] for a in P.question(question).answers] for t in TYPES])
        said[question] = (rng.random(len(truth))[:, None] > table[truth].cumsum(axis=1)).sum(axis=1)
    heard = (said["where_is_it"] == 2) & (said["sign_statement"] == 2)
    counted = np.bincount(truth[heard], minlength=4) / heard.sum()
    belief = P.trail([("where_is_it", "brushes_off"), ("sign_statement", "wont")])[-1]
    assert list(belief.values()) == pytest.approx(counted, abs=0.012)


def test_order_of_questions_does_not_matter():
    asked = [("where_is_it", "vague"), ("next_money_in", "none"), ("guarantor", "never")]
    ends = [P.trail(order)[-1] for order in itertools.permutations(asked)]
    for end in ends:
        assert list(end.values()) == pytest.approx(list(ends[0].values()))


def test_each_type_can_be_found_out():
    for name in TYPES:
        replies = [(q.id, max(q.answers, key=lambda a: a.likelihood[name] / max(
            v for k, v in a.likelihood.items() if k != name)).id) for q in P.questions]
        assert P.trail(replies)[-1][name] > 0.9, name


@given(BELIEF, st.sampled_from(REPLIES))
def test_belief_stays_a_belief(belief, reply):
    after = P.update(belief, *reply)
    assert math.isclose(sum(after.values()), 1)
    assert all(0 <= p <= 1 for p in after.values())


@given(BELIEF, st.sampled_from([q.id for q in P.questions]))
def test_asking_for_nothing_never_hurts(belief, question):
    assert P.value_of_asking(belief, question) >= -P.question(question).cost - 1e-9
    assert 0 <= P.information(belief, question) <= persona.entropy(belief) + 1e-9


@given(BELIEF, st.sampled_from(TYPES))
def test_false_certainty_never_pays(belief, claimed):
    assert P.cost_of_certainty(belief, claimed) >= 0


@given(BELIEF, BELIEF)
def test_honest_doubt_scores_best_on_average(truth, stated):
    def mean(said):
        return sum(p * P.score(said, name) for name, p in truth.items())
    assert mean(truth) >= mean(stated) - 1e-9


def test_clarifying_pays_at_the_start_and_not_when_sure():
    assert P.best_question(P.prior)[1] > 0
    sure = dict.fromkeys(TYPES, 0.0) | {"willing_unable": 1.0}
    assert P.best_question(sure) is None
    assert P.cost_of_certainty(sure, "willing_unable") == 0
    assert P.cost_of_certainty(sure, "able_willing") == pytest.approx(0.75 - 0.30)


def test_asked_questions_are_not_proposed_again():
    first = P.best_question(P.prior)[0]
    second = P.best_question(P.prior, [first])
    assert second is None or second[0] != first


def test_dispute_is_a_flag_not_a_type():
    assert P.flags([("what_is_wrong", "new_issue"), ("where_is_it", "vague")]) == {"dispute"}
    assert P.flags([("what_is_wrong", "nothing")]) == frozenset()
    assert "dispute" not in TYPES


@pytest.mark.parametrize("bad", [
    lambda: P.update(P.prior, "nothing", "x"), lambda: P.update(P.prior, "small_now", "x"),
    lambda: P.update({"able_willing": 1.0}, "small_now", "pays"), lambda: P.best_move(dict.fromkeys(TYPES, 0.5)),
    lambda: P.trail([("small_now", "pays")] * 2), lambda: P.cost_of_certainty(P.prior, "x"),
    lambda: P.score(P.prior, "x"), lambda: P.expected(P.prior, "x"),
])
def test_nonsense_is_refused(bad):
    with pytest.raises(ValueError):
        bad()


@pytest.mark.parametrize(("edit", "message"), [
    (lambda d: d["prior"].update(able_willing=0.4), "prior does not sum"),
    (lambda d: d["questions"][0]["answers"][0]["likelihood"].update(able_willing=0.6), "do not sum"),
    (lambda d: d["moves"][0]["payoff"].update(able_willing=0.1), "best move"),
    (lambda d: d["questions"][0]["answers"][0]["likelihood"].update(able_willing=0), "greater than 0"),
])
def test_a_faulty_file_is_refused(tmp_path, edit, message):
    raw = yaml.safe_load(paths.data("personas.yaml").read_text(encoding="utf-8"))
    edit(raw)
    path = tmp_path / "personas.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(content.ContentError, match=message):
        persona.load(path)


def test_names_come_from_the_glossary():
    assert P.names() == {item.id: item.name for item in glossary.load().term("customer_types").items}
    text = paths.data("personas.yaml").read_text(encoding="utf-8")
    text += paths.data("first_moves.yaml").read_text(encoding="utf-8")
    assert not any(name in text for name in P.names().values()), "the glossary owns these names"


def test_first_moves_cover_the_glossarys_lists_in_order():
    tables, words = first_moves.load(), glossary.load()
    for table, term in first_moves.TABLES.items():
        assert [row.key for row in getattr(tables, table)] == [item.id for item in words.term(term).items]
    with pytest.raises(ValueError, match="our_side"):
        tables.row("causes", "nobody")


def test_first_moves_refuse_a_missing_row(tmp_path):
    raw = yaml.safe_load(paths.data("first_moves.yaml").read_text(encoding="utf-8"))
    raw["causes"].pop()
    path = tmp_path / "first_moves.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(content.ContentError, match="overdue_causes"):
        first_moves.load(path)
