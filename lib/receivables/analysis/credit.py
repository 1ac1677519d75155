"""Credit assessment (信用评估): 5C card, risk grade, dated look-ups; Altman's scores beside them.

No standard exists for the weights of a 5C card or for grading by nature and industry; every weight is a
parameter from the policy (:mod:`receivables.analysis.credit_policy`), and data/credit.yaml says so.
Limits, exposure, review dates and levers: :mod:`receivables.analysis.limits`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from receivables.analysis.altman import altman, altman_from_statements, altman_zone
from receivables.analysis.credit_policy import CreditPolicy, Grade, Level, LookUp, Ratio, RiskTable, ScoreCard
from receivables.errors import Undefined

__all__ = ["CardResult", "CreditPolicy", "Grade", "LookUp", "LookUpResult", "RiskGrade", "RiskTable", "ScoreCard",
           "altman", "altman_from_statements", "altman_zone", "five_c", "grade_of", "look_ups", "risk_grade"]


class CardResult(NamedTuple):
    """``score`` 0 to 100 (100 best), its ``grade``, and ``parts``: criterion, weight, mark, points (sum = score)."""

    score: float
    grade: Grade
    parts: pd.DataFrame


def _exactly(given: Iterable[str], known: Iterable[str], what: str) -> None:
    """Refuse names missing or unknown, all at once."""
    given, known = set(given), set(known)
    faults = [f"{word} {', '.join(sorted(names))}" for word, names in (("missing", known - given),
                                                                       ("unknown", given - known)) if names]
    if faults:
        raise ValueError(f"{what}: {'; '.join(faults)}")


def grade_of(score: float, card: ScoreCard) -> Grade:
    """Credit grade (信用等级): the first grade whose floor a score of 0 to 100 reaches.

    Raises ValueError for a score outside 0 to 100.

    >>> card = ScoreCard.model_construct(grades=[
    ...     Grade(grade="A", zh="放心做", floor=80, limit_share=1, terms_days=60, review_months=12),
    ...     Grade(grade="D", zh="先款后货", floor=0, limit_share=0, terms_days=0, review_months=3)])
    >>> grade_of(80, card).grade, grade_of(79.9, card).grade
    ('A', 'D')
    """
    if not 0 <= score <= 100:
        raise ValueError(f"score is {score}: give 0 to 100")
    return next(grade for grade in card.grades if score >= grade.floor - 1e-9)


def five_c(marks: Mapping[str, float], card: ScoreCard) -> CardResult:
    """Weighted 5C card (5C评分): marks 1 to 5 for each criterion into a score of 0 to 100 and a grade.

    ``score = sum of weight * (mark - 1) / 4 * 100``: all 1 gives 0, all 5 gives 100. Some published cards mark
    1 as best and give no weights; here 5 is best and the weights are in the card.

    Parameters
    ----------
    marks : criterion id -> mark 1 to 5 (half marks allowed); every criterion, no other
    card : the card with its weights, anchors and grades

    Raises ValueError for a missing or unknown criterion and for a mark outside 1 to 5.

    >>> card = ScoreCard.model_validate({"status": "house", "criteria": [
    ...     {"id": i, "zh": i, "en": i, "weight": w, "ask": "?", "anchors": {n: "…" for n in range(1, 6)}}
    ...     for i, w in (("character", 0.75), ("capacity", 0.25))], "grades": [
    ...     {"grade": "A", "zh": "放心做", "floor": 80, "limit_share": 1, "terms_days": 60, "review_months": 12},
    ...     {"grade": "D", "zh": "先款后货", "floor": 0, "limit_share": 0, "terms_days": 0, "review_months": 3}]})
    >>> result = five_c({"character": 5, "capacity": 3}, card)
    >>> result.score, result.grade.zh
    (87.5, '放心做')
    """
    _exactly(marks, (criterion.id for criterion in card.criteria), "marks")
    wrong = {name: mark for name, mark in marks.items() if not 1 <= mark <= 5}
    if wrong:
        raise ValueError(f"marks run from 1 (worst) to 5 (best), given {wrong}")
    parts = pd.DataFrame([(c.id, c.zh, c.weight, float(marks[c.id]), c.weight * (marks[c.id] - 1) / 4 * 100)
                          for c in card.criteria], columns=["criterion", "zh", "weight", "mark", "points"])
    score = float(parts["points"].sum())
    return CardResult(score, grade_of(min(score, 100.0), card), parts)


class RiskGrade(NamedTuple):
    """``level`` low, medium or high; ``score`` 1 (low) to 5 (high); ``parts`` the three marks behind it."""

    level: Level
    score: float
    parts: dict[str, float]


def _mark(value: float, ratio: Ratio) -> int:
    sign = 1 if ratio.better == "higher" else -1
    return 1 + sum(sign * value < sign * cut for cut in ratio.cuts)


def risk_grade(*, nature: str, industry: str, finances: Mapping[str, float], table: RiskTable,
               knock_outs: Iterable[str] = ()) -> RiskGrade:
    """Customer risk grade (客户风险等级): weighted mean of the marks for nature, industry and finances.

    Each (企业性质、行业特征、财务因素) gives a mark of 1 to 5; their weighted mean is the score. Any knock-out of the
    look-ups makes it "high", whatever the mean: a pleasant industry does not undo an entry on the list of dishonest
    debtors.

    Parameters
    ----------
    nature, industry : ids of the table
    finances : ratio id -> figure; every ratio of the table. Without statements there is no grade: ask for them
    table : classes, cut-offs and weights (house: no standard exists)
    knock_outs : what :func:`look_ups` returned as ``knock_outs``

    Raises ValueError for an unknown class, or a ratio missing, unknown or not a number.

    >>> table = RiskTable.model_validate({
    ...     "status": "house", "weights": {"nature": 0.25, "industry": 0.25, "finances": 0.5},
    ...     "nature": [{"id": "private", "zh": "民营企业", "risk": 3, "why": "…"}],
    ...     "industry": [{"id": "construction", "zh": "建筑施工", "risk": 4, "why": "…"}],
    ...     "finances": [{"id": "debt_ratio", "zh": "资产负债率", "formula": "负债÷资产", "better": "lower",
    ...                   "cuts": [0.4, 0.55, 0.7, 0.85], "weight": 1}],
    ...     "medium_from": 2.5, "high_from": 3.5, "names": {"low": "低", "medium": "中", "high": "高"}})
    >>> risk_grade(nature="private", industry="construction", finances={"debt_ratio": 0.7}, table=table)
    RiskGrade(level='medium', score=3.25, parts={'nature': 3.0, 'industry': 4.0, 'finances': 3.0})
    """
    marks = {}
    for name, wanted in (("nature", nature), ("industry", industry)):
        classes = {entry.id: entry.risk for entry in getattr(table, name)}
        if wanted not in classes:
            raise ValueError(f"{name} {wanted!r} is not in the table: choose one of {', '.join(classes)}")
        marks[name] = float(classes[wanted])
    _exactly(finances, (ratio.id for ratio in table.finances), "finances")
    empty = [name for name, value in finances.items() if value != value]
    if empty:
        raise ValueError(f"finances: {', '.join(empty)} is not a number")
    marks["finances"] = sum(ratio.weight * _mark(finances[ratio.id], ratio) for ratio in table.finances)
    score = sum(table.weights[name] * mark for name, mark in marks.items())
    level: Level = ("high" if score >= table.high_from - 1e-9 or list(knock_outs)
                    else "medium" if score >= table.medium_from - 1e-9 else "low")
    return RiskGrade(level, score, marks)


class LookUpResult(NamedTuple):
    """Result of the dated look-ups.

    ``score`` 0 to 100 over what is fresh; ``coverage`` share of the weight that is fresh; ``knock_outs`` ids whose
    finding rules out open terms, stale ones included (they stand until looked up again); ``table`` one row a
    look-up: ``found``, ``looked_on``, ``valid_until``, ``state`` (fresh, stale, missing), ``score``.
    """

    score: float
    coverage: float
    knock_outs: list[str]
    table: pd.DataFrame


def look_ups(found: pd.DataFrame, as_of: object, checklist: list[LookUp]) -> LookUpResult:
    """Score of the dated look-ups (查询清单): public registers, draft defaults, site visit, trade references.

    The latest answer of each look-up up to ``as_of`` counts, as long as it is still valid (``valid_days`` after
    the day it was looked up, that day included). Read ``coverage`` before ``score``: 100 points from one of six
    look-ups is no assessment.

    Parameters
    ----------
    found : one customer's answers: ``look_up`` id, ``finding`` id, ``looked_on`` date
    as_of : date; later answers are not known yet
    checklist : the look-ups of the policy

    Raises
    ------
    ValueError
        Unknown look-up or finding, missing date, or two different answers on one day.
    Undefined
        Nothing is fresh: there is no score.

    Examples
    --------
    >>> visit = LookUp.model_validate({"id": "site_visit", "zh": "上门看", "en": "site visit", "where": "工厂",
    ...     "look_for": "开不开工", "weight": 1, "valid_days": 180, "status": "house", "findings": [
    ...     {"id": "busy", "zh": "开工足", "score": 100}, {"id": "slack", "zh": "冷清", "score": 30}]})
    >>> seen = pd.DataFrame({"look_up": ["site_visit"] * 2, "finding": ["busy", "slack"],
    ...                      "looked_on": ["2026-01-10", "2026-06-10"]})
    >>> result = look_ups(seen, "2026-06-30", [visit])
    >>> result.score, result.coverage, result.knock_outs
    (30.0, 1.0, [])
    """
    day = pd.Timestamp(as_of).normalize()
    known = {item.id: item for item in checklist}
    unknown = sorted(set(found["look_up"]) - set(known))
    if unknown:
        raise ValueError(f"look-ups not in the checklist: {', '.join(unknown)}")
    answers = found.assign(looked_on=pd.to_datetime(found["looked_on"]).dt.normalize())
    if answers["looked_on"].isna().any():
        raise ValueError("every answer needs the date on which it was looked up")
    answers = answers[answers["looked_on"] <= day].drop_duplicates(["look_up", "looked_on", "finding"])
    latest = answers[answers["looked_on"] == answers.groupby("look_up")["looked_on"].transform("max")]
    twice = sorted(latest.loc[latest["look_up"].duplicated(), "look_up"])
    if twice:
        raise ValueError(f"two different answers on one day for {', '.join(twice)}: keep the one that holds")
    given = {row.look_up: row for row in latest.itertuples()}
    rows, knock_outs = [], []
    for item in checklist:
        if item.id not in given:
            rows.append((item.id, item.zh, item.weight, None, pd.NaT, pd.NaT, "missing", float("nan")))
            continue
        answer = given[item.id]
        finding = next((one for one in item.findings if one.id == answer.finding), None)
        if finding is None:
            raise ValueError(f"{item.id} has no finding {answer.finding!r}: "
                             f"choose one of {', '.join(one.id for one in item.findings)}")
        if finding.knock_out:
            knock_outs.append(item.id)
        until = answer.looked_on + pd.Timedelta(days=item.valid_days)
        rows.append((item.id, item.zh, item.weight, finding.id, answer.looked_on, until,
                     "fresh" if day <= until else "stale", float(finding.score)))
    table = pd.DataFrame(rows, columns=["look_up", "zh", "weight", "found", "looked_on", "valid_until", "state",
                                        "score"])
    fresh = table[table["state"] == "fresh"]
    coverage = float(fresh["weight"].sum())
    if coverage <= 0:
        raise Undefined("no look-up is fresh: look the customer up before scoring him")
    return LookUpResult(float(fresh["weight"] @ fresh["score"] / coverage), coverage, knock_outs, table)
