import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receivables import Undefined
from receivables.analysis import reconcile


def side(*rows):
    return pd.DataFrame(rows, columns=["document_id", "amount"])


def test_the_three_kinds_of_match():
    ours = side(("INV-001", 100.0), ("INV-002", 70.0), ("INV-003", 30.0), ("INV-004", 55.55), ("INV-005", 12.0))
    theirs = side(("inv 001", 100.0), ("K-9", 100.0), ("K-10", 55.55))
    found = reconcile.match(ours, theirs)
    kinds = found.pairs.groupby("kind")["document_id"].agg(list).to_dict()
    assert kinds == {"number": ["INV-001", "inv 001"], "amount": ["INV-004", "K-10"],
                     "set": ["INV-002", "INV-003", "K-9"]}
    assert found.only_ours["document_id"].tolist() == ["INV-005"] and found.only_theirs.empty
    assert found.ambiguous.empty


def test_one_of_ours_against_a_set_of_theirs():
    found = reconcile.match(side(("A", 100.0)), side(("X", 60.0), ("Y", 39.99), ("Z", 0.01)))
    assert found.pairs["kind"].tolist() == ["set"] * 4
    assert reconcile.match(side(("A", 100.0)), side(("X", 60.0), ("Y", 39.99), ("Z", 0.01)), largest_set=2).pairs.empty


def test_equal_amounts_are_refused_not_guessed():
    found = reconcile.match(side(("A", 100.0), ("B", 100.0)), side(("X", 100.0)))
    assert found.pairs.empty and len(found.only_ours) == 2 and len(found.only_theirs) == 1
    assert found.ambiguous["document_id"].tolist() == ["A", "B", "X"]
    assert found.ambiguous["reason"].iat[0] == "2 of ours and 1 of theirs over 100.00"


def test_two_possible_sets_are_refused():
    found = reconcile.match(side(("A", 100.0)), side(("W", 60.0), ("X", 40.0), ("Y", 70.0), ("Z", 30.0)))
    assert found.pairs.empty and set(found.ambiguous["document_id"]) == set("AWXYZ")


def test_two_claims_on_one_entry_are_refused_in_either_direction():
    # A = X + Y, but X is also B + C
    found = reconcile.match(side(("A", 100.0), ("B", 25.0), ("C", 35.0)), side(("X", 60.0), ("Y", 40.0)))
    assert found.pairs.empty and set(found.ambiguous["document_id"]) == set("ABCXY")


def test_above_the_cap_nothing_is_searched_and_it_says_so():
    theirs = side(*((f"X{n}", float(2 ** n)) for n in range(12)))
    found = reconcile.match(side(("A", 3.0)), theirs, cap=11)
    assert found.pairs.empty and "more than the cap of 11" in found.ambiguous["reason"].iat[0]
    assert len(reconcile.match(side(("A", 3.0)), theirs, cap=12).pairs) == 3


def test_same_number_other_amount_is_a_difference_of_its_own():
    found = reconcile.match(side(("A", 540.0)), side(("a", 450.0), ("B", 540.0)))
    assert found.differing.values.tolist() == [["A", 540.0, 450.0, 90.0]]
    assert found.only_theirs["document_id"].tolist() == ["B"]  # the number speaks before the amount


statements = st.lists(st.tuples(st.sampled_from(["", "A", "B", "C", "D", "E"]), st.integers(-30, 60)),
                      max_size=8, unique_by=lambda row: row[0] or id(row))


def amounts(rows):
    return side(*((name, cents / 4) for name, cents in rows))


@settings(max_examples=40)
@given(statements, statements)
def test_every_entry_is_in_exactly_one_place_and_the_balance_adjusts(ours, theirs):
    ours, theirs = amounts(ours), amounts(theirs)
    found = reconcile.match(ours, theirs)
    for name, frame, left in (("ours", ours, found.only_ours), ("theirs", theirs, found.only_theirs)):
        placed = [*found.pairs.loc[found.pairs["side"] == name, "amount"], *found.differing[name], *left["amount"]]
        assert sorted(placed) == sorted(frame["amount"])
    totals = found.pairs.pivot_table(index="group", columns="side", values="amount", aggfunc="sum")
    if len(totals):
        assert totals["ours"].tolist() == pytest.approx(totals["theirs"].tolist())
    adjusted = reconcile.adjust(ours["amount"].sum(), theirs["amount"].sum(), found)
    assert adjusted.unexplained == 0 and adjusted.ours == adjusted.theirs


@settings(max_examples=40)
@given(statements, statements, st.randoms())
def test_sides_and_order_do_not_decide(ours, theirs, random):
    first = reconcile.match(amounts(ours), amounts(theirs))
    turned = reconcile.match(amounts(theirs), amounts(ours))
    assert sorted(first.only_ours["amount"]) == sorted(turned.only_theirs["amount"])
    assert sorted(first.only_theirs["amount"]) == sorted(turned.only_ours["amount"])
    random.shuffle(ours)
    again = reconcile.match(amounts(ours), amounts(theirs))
    assert sorted(first.only_ours["amount"]) == sorted(again.only_ours["amount"])


def test_an_older_difference_stays_unexplained():
    ours, theirs = side(("A", 100.0)), side(("A", 100.0))
    assert reconcile.adjust(150.0, 100.0, reconcile.match(ours, theirs)).unexplained == 50


@pytest.mark.parametrize(("ours", "message"), [
    (side(("A", 1.0), ("a", 2.0)), "twice"),
    (side(("A", float("nan"))), "without an amount"),
    (pd.DataFrame({"amount": [1.0]}), "lack the column"),
    (side(("A", 1.0), ("B", 2.0)).assign(currency=["CNY", "USD"]), "never added"),
])
def test_match_refusals(ours, message):
    with pytest.raises(ValueError, match=message):
        reconcile.match(ours, side(("X", 1.0)))


def kinds(difference, *rows):
    return [clue.kind for clue in reconcile.difference_tests(difference, side(*rows))]


def test_difference_tests():
    assert kinds(540.0, ("A", 540.0)) == ["missing"]
    assert kinds(-1080.0, ("A", 540.0)) == ["wrong_side"]
    assert kinds(90.0, ("A", 540.0)) == ["transposed"]  # 540 against 450
    assert kinds(0.09, ("A", 1.01), ("B", 7.0)) == ["transposed"]  # 1.01 against 1.10
    assert kinds(0.18, ("A", 5.0)) == ["multiple_of_9"]
    assert kinds(0.17, ("A", 5.0)) == kinds(0.12, ("A", 5.0)) == []
    assert kinds(100.0, ("A", 100.0), ("B", 50.0)) == ["missing", "wrong_side"]
    with pytest.raises(Undefined, match="agree"):
        reconcile.difference_tests(0.001, side(("A", 1.0)))


@given(st.integers(10, 10**9), st.data())
def test_every_swap_of_neighbouring_digits_is_found(fen, data):
    digits = list(str(fen))
    place = data.draw(st.integers(0, len(digits) - 2))
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    difference = fen - int("".join(digits))
    if difference:
        assert difference % 9 == 0
        found = reconcile.difference_tests(difference / 100, side(("A", fen / 100)))
        assert "transposed" in {clue.kind for clue in found}


def test_last_agreed():
    months = ["2026-01", "2026-02", "2026-03"]
    ours = pd.Series([1.0, 2.0, 3.0], months)
    assert reconcile.last_agreed(ours, pd.Series([0.0, 2.0, 9.0], months)) == ("2026-02", "2026-03")
    assert reconcile.last_agreed(ours, ours) == ("2026-03", None)
    with pytest.raises(Undefined, match="further back"):
        reconcile.last_agreed(ours, ours + 1)
    with pytest.raises(ValueError, match="same periods"):
        reconcile.last_agreed(ours, ours[:2])


def open_items(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "document_id", "due", "open_amount"])
    frame["due"] = pd.to_datetime(frame["due"])
    return frame.assign(issued=frame["due"].fillna(pd.Timestamp("2026-06-01")))


def test_statement_of_one_customer():
    items = open_items(("001", "B", "2026-07-30", 0.1), ("001", "A", "2026-06-29", 0.2), ("001", "R", None, -0.05),
                       ("002", "C", "2026-01-01", 9.0), ("001", "0", "2026-01-01", 0.0))
    page = reconcile.statement(items, "001", "2026-06-30", disputed={"B"})
    assert page.lines["document_id"].tolist() == ["A", "B", "R"]
    assert page.lines["days_past_due"].tolist() == [1, 0, 0]
    assert page.lines["disputed"].tolist() == [False, True, False]
    assert page.lines["running"].tolist() == [0.2, 0.3, 0.25]  # to the fen: 0.1 + 0.2 is 0.3
    assert (page.open, page.overdue, page.credits, page.net) == (0.3, 0.2, 0.05, 0.25)


def test_statement_refusals():
    items = open_items(("1", "A", None, 5.0))
    with pytest.raises(ValueError, match="no due date"):
        reconcile.statement(items, "1", "2026-06-30")
    with pytest.raises(Undefined, match="nothing open"):
        reconcile.statement(items, "2", "2026-06-30")


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("12"), st.integers(-60, 60), st.integers(-500, 500).filter(bool)),
                min_size=1, max_size=12))
def test_statements_of_all_customers_tie_to_the_ledger(rows):
    day = pd.Timestamp("2026-06-30")
    items = open_items(*((who, str(n), day - pd.Timedelta(days=late), cents / 100)
                         for n, (who, late, cents) in enumerate(rows)))
    pages = [reconcile.statement(items, who, day) for who in sorted(set(items["customer_id"]))]
    assert round(sum(page.net for page in pages) * 100) == sum(cents for *_, cents in rows)
    for page in pages:
        assert page.lines["running"].iat[-1] == page.net and page.overdue <= page.open
