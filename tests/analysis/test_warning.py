import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from receivables import Undefined, content, paths
from receivables.analysis import warning
from receivables.analysis.warning import STAGES, SignalSet
from receivables.analysis.warning_measures import MEASURES

RULES = content.load(paths.data("warning_signals.yaml"), SignalSet)
DAY = pd.Timestamp("2026-06-30")

# Columns as in receivables.ledger.schema; the date column of each table first.
COLUMNS = {
    "customers": ["insolvent_on", "customer_id", "credit_limit"],
    "receipts": ["received", "receipt_id", "customer_id", "amount", "instrument", "payer", "third_party", "dishonoured",
                 "currency"],
    "settlements": ["applied", "source_type", "source_id", "document_id", "customer_id", "due", "amount"],
    "orders": ["ordered_on", "order_id", "customer_id", "amount", "over_limit"],
    "disputes": ["opened_on", "dispute_id", "customer_id", "amount"],
    "statements": ["sent_on", "statement_id", "customer_id", "as_of", "confirmed_on"],
    "contacts": ["contacted_on", "contact_id", "customer_id", "logged_on", "person", "outcome"],
    "promises": ["promised_on", "promise_id", "customer_id", "document_id", "pay_by", "amount", "currency"],
}
DATES = {"insolvent_on", "issued", "due", "received", "dishonoured", "applied", "ordered_on", "opened_on", "sent_on",
         "as_of", "confirmed_on", "contacted_on", "logged_on", "promised_on", "pay_by"}


def ago(days):
    return DAY - pd.Timedelta(days=days)


def book(**tables):
    """Ledger tables from short rows: dates are days ago, columns left out are missing."""
    built = {}
    for name, columns in COLUMNS.items():
        rows = [{**dict.fromkeys(columns), f"{name[:-1]}_id": str(number), **row}
                for number, row in enumerate(tables.get(name, []))]
        frame = pd.DataFrame(rows, columns=columns)
        for column in columns:
            if column in DATES:
                frame[column] = pd.to_datetime([None if value is None or value != value else ago(value)
                                                for value in frame[column]])
        built[name] = frame
    return built


def measured(signal, items=(), **tables):
    tables.setdefault("customers", [{"customer_id": "C"}])
    frame = pd.DataFrame([("C", ago(late), amount) for late, amount in items],
                         columns=["customer_id", "due", "open_amount"])
    frame["due"] = pd.to_datetime(frame["due"])
    return warning.measure(book(**tables), frame, DAY)[signal].iat[0]


def payments(*rows):
    """Receipts and what they settled: document, due, applied (days ago), amount, receipt."""
    return {"settlements": [C(source_type="receipt", source_id=receipt, document_id=document, due=due, applied=applied,
                              amount=amount) for document, due, applied, amount, receipt in rows],
            "receipts": [C(receipt_id=receipt, received=applied, amount=amount)
                         for _, _, applied, amount, receipt in rows]}


def C(**row):
    return {"customer_id": "C", **row}


def test_slower_payment():
    rows = payments(("A", 30, 10, 100.0, "r1"), ("B", 60, 30, 300.0, "r2"), ("D", 100, 91, 50.0, "r3"),
                    ("E", 400, 361, 50.0, "r4"))
    assert measured("slower_payment", **rows) == pytest.approx((20 * 100 + 30 * 300) / 400 - 9)
    assert np.isnan(measured("slower_payment", **payments(("A", 30, 10, 100.0, "r1"))))


def test_in_pieces():
    rows = payments(("A", 60, 40, 50.0, "r1"), ("A", 60, 10, 50.0, "r2"), ("B", 60, 5, 50.0, "r3"))
    assert measured("in_pieces", **rows) == 0.5
    old_first_part = payments(("A", 200, 150, 50.0, "r1"), ("A", 200, 10, 50.0, "r2"))
    assert measured("in_pieces", **old_first_part) == 1


def test_to_paper():
    receipts = [C(received=10, amount=60.0, instrument="commercial_draft"), C(received=20, amount=40.0,
                                                                             instrument="transfer"),
                C(received=89, amount=100.0, instrument="bank_draft"),
                C(received=90, amount=100.0, instrument="transfer"), C(received=455, amount=1.0, instrument="cash")]
    assert measured("to_paper", receipts=receipts) == pytest.approx(160 / 200 - 0)


def test_other_payer():
    receipts = [C(received=10, amount=30.0, payer="乙"), C(received=11, amount=50.0, payer="甲"),
                C(received=12, amount=20.0, payer="甲", third_party=True), C(received=200, amount=5.0, payer="甲")]
    assert measured("other_payer", receipts=receipts) == pytest.approx(0.5)
    assert measured("other_payer", receipts=receipts[:2]) == 0  # nobody was seen before: nothing to compare


def test_orders():
    steady = [C(ordered_on=days, amount=100.0) for days in range(35, 215, 30)]
    assert measured("order_surge", orders=[*steady, C(ordered_on=5, amount=300.0)]) == pytest.approx(3)
    assert measured("order_drop", orders=[C(ordered_on=days, amount=100.0) for days in (70, 100, 200, 59)]) \
        == pytest.approx(0)
    assert measured("order_drop", orders=[C(ordered_on=days, amount=100.0) for days in (60, 100, 239)]) == 1
    assert np.isnan(measured("order_surge", orders=[C(ordered_on=5, amount=300.0)]))
    released = [C(ordered_on=89, amount=1.0, over_limit=True), C(ordered_on=90, amount=1.0, over_limit=True)]
    assert measured("over_limit_orders", orders=released) == 1


def test_limit_used():
    customers = [{"customer_id": "C", "credit_limit": 200.0}]
    assert measured("limit_used", [(5, 150.0), (-5, 100.0), (5, -40.0)], customers=customers) == pytest.approx(1.25)
    assert np.isnan(measured("limit_used", [(5, 150.0)], customers=[{"customer_id": "C", "credit_limit": 0.0}]))


def test_disputes_beyond_habit():
    rows = [C(opened_on=days, amount=1.0) for days in (1, 59, 60, 359, 360)]
    assert measured("disputes", disputes=rows) == pytest.approx(2 - 2 / 5)
    assert measured("disputes") == 0


def test_unconfirmed_statement():
    sent = [C(sent_on=100, as_of=105, confirmed_on=90), C(sent_on=70, as_of=75), C(sent_on=40, as_of=45)]
    assert measured("unconfirmed_statement", statements=sent) == 70
    sent.append(C(sent_on=10, as_of=15, confirmed_on=5))  # a later one confirmed settles the earlier ones
    assert measured("unconfirmed_statement", statements=sent) == 0
    sent.append(C(sent_on=12, as_of=15))  # the same balance sent twice: one confirmation is enough
    assert measured("unconfirmed_statement", statements=sent) == 0
    assert np.isnan(measured("unconfirmed_statement"))


def test_unreached_in_a_row():
    log = [C(contacted_on=50, outcome="promised"), C(contacted_on=40, outcome="no_answer"),
           C(contacted_on=30, outcome="evaded"), C(contacted_on=20, outcome="referred")]
    assert measured("unreached", contacts=log) == 3
    assert measured("unreached", contacts=[*log, C(contacted_on=10, outcome="reached")]) == 0
    same_day = [C(contacted_on=10, outcome="no_answer"), C(contacted_on=10, outcome="reached")]
    assert measured("unreached", contacts=[*log, *same_day]) == 0  # reached at the second try
    hidden = C(contacted_on=10, outcome="no_answer", logged_on=-5)  # written down after the as-of day
    assert measured("unreached", contacts=[*log, hidden]) == 3
    assert np.isnan(measured("unreached"))


def test_new_person():
    log = [C(contacted_on=200, person="王", outcome="reached"), C(contacted_on=20, person="王", outcome="reached"),
           C(contacted_on=10, person="李", outcome="reached"), C(contacted_on=5, person="李", outcome="reached")]
    assert measured("new_person", contacts=log) == 1
    assert np.isnan(measured("new_person", contacts=log[2:]))


def test_redated_counts_puttings_off_not_instalments():
    plan = [C(promised_on=50, document_id="A", pay_by=40, amount=5.0), C(promised_on=50, document_id="A", pay_by=10,
                                                                        amount=5.0)]
    assert measured("redated", promises=plan) == 0
    again = C(promised_on=38, document_id="A", pay_by=20, amount=5.0)
    assert measured("redated", promises=[*plan, again]) == 1
    assert measured("redated", promises=[*plan, {**again, "document_id": "B"}]) == 0


def test_broken_promises_follow_the_cash():
    made = [C(promised_on=60, pay_by=50, amount=100.0), C(promised_on=40, pay_by=30, amount=100.0),
            C(promised_on=5, pay_by=-1, amount=100.0), C(promised_on=120, pay_by=100, amount=100.0)]
    cash = [C(received=29, amount=100.0, instrument="transfer")]
    assert measured("broken_promises", promises=made, receipts=cash) == 1
    assert measured("broken_promises", promises=made, receipts=[{**cash[0], "dishonoured": 3}]) == 2
    assert measured("broken_promises", promises=made, receipts=[{**cash[0], "currency": "CNY"}]) == 1
    assert measured("broken_promises", promises=made[2:3], receipts=cash) == 0  # not ripe yet
    assert measured("broken_promises") == 0


def test_overdue_measures():
    assert measured("oldest_overdue", [(0, 10.0), (12, 5.0), (40, -5.0)]) == 12
    assert measured("oldest_overdue", [(-5, 10.0)]) == 0
    assert measured("overdue_share", [(0, 15.0), (12, 5.0), (40, -5.0)]) == pytest.approx(0.25)
    assert np.isnan(measured("overdue_share"))


def test_refused_drafts_and_insolvency():
    assert measured("dishonoured", receipts=[C(received=250, amount=1.0, dishonoured=179),
                                             C(received=250, amount=1.0, dishonoured=180)]) == 1
    assert measured("insolvent", customers=[{"customer_id": "C", "insolvent_on": 0}]) == 1
    assert measured("insolvent", customers=[{"customer_id": "C", "insolvent_on": -1}]) == 0


def test_absent_tables_are_named_and_not_read_as_calm():
    items = pd.DataFrame({"customer_id": ["C"], "due": [ago(5)], "open_amount": [1.0]})
    table = warning.measure({"customers": book(customers=[{"customer_id": "C"}])["customers"]}, items, DAY)
    assert "unreached: needs the table contacts" in table.attrs["undefined"]
    found = warning.assess(table, RULES)
    assert 0 < found.scores["coverage"].iat[0] < 0.5
    with pytest.raises(ValueError, match="customers table"):
        warning.measure({}, items, DAY)


EVENTS = {"receipts": {"amount": 50.0, "instrument": "bank_draft", "payer": "丙"},
          "orders": {"amount": 500.0, "over_limit": True}, "disputes": {"amount": 1.0},
          "statements": {"as_of": 40}, "contacts": {"outcome": "evaded", "person": "赵"},
          "promises": {"pay_by": 30, "amount": 10.0}, "settlements": {"source_type": "receipt", "source_id": "0",
                                                                      "document_id": "A", "due": 100, "amount": 5.0}}
history = st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.integers(0, 460)), max_size=25)
future = st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.integers(-400, -1)), min_size=1, max_size=8)


@settings(max_examples=12)
@given(history, future)
def test_nothing_later_than_the_as_of_day_changes_a_measure(past, later):
    def tables(events):
        rows = {name: [] for name in EVENTS}
        for name, days in events:
            rows[name].append(C(**EVENTS[name]) | {COLUMNS[name][0]: days})
        rows["customers"] = [{"customer_id": "C", "credit_limit": 100.0}]
        return book(**rows)
    items = pd.DataFrame({"customer_id": ["C"], "due": [ago(20)], "open_amount": [95.0]})
    before = warning.measure(tables(past), items, DAY)
    after = warning.measure(tables([*past, *later]), items, DAY)
    pd.testing.assert_frame_equal(before, after)


def test_signals_and_measures_are_one_list():
    assert [signal.id for signal in RULES.signals] == list(MEASURES)
    assert 12 <= len(RULES.signals) <= 18
    leading = [signal for signal in RULES.signals if signal.lead == "leading"]
    assert sum(signal.weight for signal in leading) > 50  # what warns early weighs more
    assert [stage.zh for stage in RULES.stages][1:] == ["预警", "催收", "解决"]


def frame(**values):
    base = {signal.id: [0.0] for signal in RULES.signals}
    return pd.DataFrame({**base, **{name: [float(value)] for name, value in values.items()}},
                        index=pd.Index(["C"], name="customer_id"))


def stage(**values):
    return warning.assess(frame(**values), RULES).scores["stage"].iat[0]


def test_stages():
    assert stage() == "none"
    assert stage(slower_payment=29) == "none"
    assert stage(slower_payment=30) == "watch"  # red alone
    assert stage(in_pieces=0.6, over_limit_orders=4) == "watch"  # 5 + 3 points: on the edge of the band
    assert stage(in_pieces=0.6, over_limit_orders=2) == "none"
    everything_early = {s.id: s.levels[-1] for s in RULES.signals if s.lead == "leading"}
    assert stage(**everything_early) == "watch"  # 60 points, but nothing is due
    assert stage(**everything_early, oldest_overdue=3) == "resolve"
    assert stage(oldest_overdue=2) == "none" and stage(oldest_overdue=3) == "collect"
    assert stage(oldest_overdue=89) == "collect" and stage(oldest_overdue=90) == "resolve"
    assert stage(broken_promises=1) == "collect" and stage(broken_promises=2) == "resolve"
    assert stage(dishonoured=1) == "resolve"


def test_score_adds_its_parts_and_reasons_lead_with_what_leads():
    found = warning.assess(frame(unreached=3, oldest_overdue=30, to_paper=0.25), RULES)
    row = found.scores.iloc[0]
    assert row["leading"] == pytest.approx(6 * 2 / 3 + 5 / 3) and row["lagging"] == pytest.approx(12 * 2 / 3)
    assert row["score"] == pytest.approx(row["leading"] + row["lagging"])
    assert row["reasons"] == "连着 3 次没找到人；票据占回款的比重升了 25%；最久一笔晚了 30 天"
    assert found.signals["grade"].tolist() == [2, 1, 2]


@settings(max_examples=40)
@given(st.lists(st.sampled_from(RULES.signals), max_size=6), st.sampled_from(RULES.signals), st.integers(0, 2))
def test_a_worse_measure_never_lowers_score_or_stage(signals, worse, step):
    values = {signal.id: signal.levels[0] for signal in signals}
    before = warning.assess(frame(**values), RULES).scores.iloc[0]
    level = worse.levels[min(step, len(worse.levels) - 1)]
    after = warning.assess(frame(**{**values, worse.id: max(level, values.get(worse.id, 0))}), RULES).scores.iloc[0]
    assert after["score"] >= before["score"] - 1e-9 and 0 <= after["score"] <= 100
    assert STAGES.index(after["stage"]) >= STAGES.index(before["stage"])


@pytest.mark.parametrize(("change", "message"), [
    ({"id": "gut_feeling"}, "no measure is called gut_feeling"),
    ({"levels": [5, 5]}, "rise"),
    ({"levels": [0, 5]}, "above 0"),
    ({"stage": {1: "collect"}}, "on watch"),
    ({"weight": 9}, "add to 101"),
    ({"lead": "lagging"}, "before lagging"),
    ({"source": ""}, "name the source"),
])
def test_signal_files_that_contradict_themselves_are_refused(change, message):
    raw = RULES.model_dump()
    raw["signals"][0] |= change
    if "lead" in change:
        raw["signals"][0]["stage"] = {}
    with pytest.raises(ValidationError, match=message):
        SignalSet.model_validate(raw)


def scores(*rows):
    table = pd.DataFrame(rows, columns=["as_of", "customer_id", "score"])
    return table.assign(as_of=pd.to_datetime(table["as_of"]))


def events(*rows):
    table = pd.DataFrame(rows, columns=["customer_id", "date"])
    return table.assign(date=pd.to_datetime(table["date"]))


def test_evaluation_by_hand():
    history = scores(("2026-01-31", "A", 90), ("2026-01-31", "B", 80), ("2026-01-31", "C", 10),
                     ("2026-02-28", "A", 90), ("2026-02-28", "B", 10), ("2026-02-28", "C", 80),
                     ("2026-06-30", "B", 99))
    bad = events(("A", "2026-02-28"), ("C", "2026-03-30"), ("A", "2026-05-01"))
    result = warning.evaluate(history, bad, capacity=1, horizon=30, known_until="2026-07-01")
    # 31 Jan: A is flagged and hit (28 days); 28 Feb: A has left, C is flagged and hit on day 30. 30 June: too late.
    assert result.precision == 1 and result.recall == 1 and result.flags == 2 and result.events == 2
    assert result.lead_days == 29 and result.base_rate == pytest.approx(2 / 5) and result.lift == pytest.approx(2.5)
    assert warning.evaluate(history, bad, capacity=2, horizon=30, known_until="2026-07-01").precision == 0.5
    assert warning.evaluate(history, bad, capacity=1, horizon=29, known_until="2026-07-01").precision == 0.5


def test_ties_are_broken_by_id_and_zero_is_never_flagged():
    history = scores(("2026-01-31", "B", 5), ("2026-01-31", "A", 5), ("2026-01-31", "C", 0))
    result = warning.evaluate(history, events(("A", "2026-02-10")), capacity=1, horizon=30, known_until="2026-12-31")
    assert result.precision == 1
    result = warning.evaluate(history, events(("C", "2026-02-10")), capacity=3, horizon=30, known_until="2026-12-31")
    assert result.flags == 2 and result.precision == 0 and np.isnan(result.lead_days)


def test_a_random_score_does_no_better_than_the_base_rate():
    rng = np.random.default_rng(0)
    days = pd.date_range("2024-01-31", periods=24, freq="ME")
    people = [f"C{n:03d}" for n in range(200)]
    history = scores(*((day, who, rng.random()) for day in days for who in people))
    bad = events(*((who, pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(rng.integers(0, 700))))
                   for who in people[:60]))
    result = warning.evaluate(history, bad, capacity=20, horizon=90, known_until="2026-12-31")
    assert 0.6 < result.lift < 1.4


@pytest.mark.parametrize(("arguments", "message"), [
    ({"known_until": "2026-02-01"}, "known days after"),
    ({"horizon": 5}, "no event followed"),
    ({"capacity": 0}, "at least 1"),
])
def test_evaluation_refusals(arguments, message):
    given_arguments = {"capacity": 1, "horizon": 30, "known_until": "2026-12-31"} | arguments
    with pytest.raises(ValueError, match=message):
        warning.evaluate(scores(("2026-01-31", "A", 5)), events(("A", "2026-02-10")), **given_arguments)
    with pytest.raises(Undefined, match="nobody was flagged"):
        warning.evaluate(scores(("2026-01-31", "A", 0)), events(("A", "2026-02-10")), capacity=1, horizon=30,
                         known_until="2026-12-31")
    with pytest.raises(ValueError, match="scored twice"):
        warning.evaluate(scores(("2026-01-31", "A", 5), ("2026-01-31", "A", 6)), events(("A", "2026-02-10")),
                         capacity=1, horizon=30, known_until="2026-12-31")
