"""The contract clause checker (合同条款检查): which clauses that get one paid are missing, which will cause trouble.

A reading aid by patterns: it shows the sentence and says why; whether a clause is valid is for a lawyer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd
from pydantic import field_validator, model_validator

from receivables import paths
from receivables.content import Content, load
from receivables.law.inputs import maybe_day
from receivables.law.parameters import Parameter, get
from receivables.law.result import Finding

OK, MISSING, RISK, CHECK = "写了", "没写", "有风险", "要核对"
# Five kinds of place that 民诉法 35 names; a clause that names a party's or the contract's place has a connection.
CONNECTED = re.compile("原告|被告|甲方|乙方|卖方|买方|供方|需方|起诉方|住所地|签订地|签约地|履行地|标的物所在地")
NAMED_COURT = re.compile("(省|市|县|区|州)[^，。；]{0,8}法院")
INSTITUTION = re.compile("([\u4e00-\u9fff]{2,14}?)(仲裁委员会|国际仲裁院|仲裁院|仲裁中心)")
# Arbitration mentioned without being chosen.
NOT_A_CHOICE = re.compile("仲裁(裁决|费|庭|规则|请求|程序|期间)")
# What stands before 仲裁委员会 without naming one.
NAMELESS = re.compile("(?:当地|本地|有关|相关|所在地|住所地|签订地|履行地|一方|双方|任何|任意|上述|该|的|由|向|至|到"
                      "|应|可|提交|提请|申请|请求|交|或者?|甲方|乙方|卖方|买方|供方|需方)+")


class Missing(Content):
    """What to say when a clause is not there."""

    says: str
    advice: str
    rule: str


class Risk(Missing):
    """A wording that causes trouble."""

    match: str

    @field_validator("match")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        re.compile(pattern)
        return pattern


class Clause(Content):
    """One clause to look for."""

    name: str
    look: list[str] = []
    missing: Missing | None = None
    risks: list[Risk] = []

    @model_validator(mode="after")
    def _looks(self) -> Clause:
        if bool(self.look) != (self.missing is not None):
            raise ValueError("look and missing come together")
        for pattern in self.look:
            re.compile(pattern)
        return self


@cache
def clauses() -> dict[str, Clause]:
    """The clauses of data/law/clauses.yaml."""
    return load(paths.data("law", "clauses.yaml"), dict[str, Clause])


@dataclass(frozen=True)
class Remark:
    """One remark on a contract: clause, status, the words it is about and where they stand."""

    clause: str
    name: str
    status: str
    quote: str
    span: tuple[int, int] | None
    says: str
    advice: str
    rule: Parameter | None


@dataclass(frozen=True, kw_only=True)
class Checked(Finding):
    """The remarks on a contract, in ``.value``."""

    value: tuple[Remark, ...]

    def frame(self) -> pd.DataFrame:
        """One row a remark: clause, name, status, quote, says, advice, citation."""
        return pd.DataFrame(
            [{"clause": r.clause, "name": r.name, "status": r.status, "quote": r.quote, "says": r.says,
              "advice": r.advice, "citation": r.rule.citation if r.rule else ""} for r in self.value],
            columns=["clause", "name", "status", "quote", "says", "advice", "citation"])

    def of(self, clause: str) -> list[str]:
        """The statuses given to one clause."""
        return [remark.status for remark in self.value if remark.clause == clause]

    def lines(self) -> list[str]:
        said = [self.title]
        for r in self.value:
            quote = f"“{r.quote}”" if r.quote else ""
            said.append(f"{r.status} {r.name}{quote}" + (f"：{r.says}。{r.advice}" if r.says else ""))
        return said


def check(text: str, *, signed: object = None, connected: bool | None = None, as_of: object = None) -> Checked:
    """Check the wording of a contract (合同条款检查).

    Parameters
    ----------
    text : the contract, or some of its clauses
    signed : day of signing, for the rule on jurisdiction
    connected : whether the agreed court's place has an actual connection with the dispute; None: not known
    as_of : the day the question is asked for; past what was checked, LawUnknown

    Returns
    -------
    Checked
        ``.value``: a ``Remark`` a clause: 写了, 没写, 有风险 or 要核对; ``.of("disputes")``; ``.frame()``; ``.text``.

    Raises
    ------
    ValueError
        No text.

    Source: 民诉法 35, 法释〔2025〕15号 (2025-12-31); 仲裁法 27, 29 (2026-03-01); 条例 9, 11, 12, 14;
    民法典 641, 686, 692.

    Examples
    --------
    >>> found = check("货到三十日内付清货款。发生争议可提交仲裁委员会仲裁，也可向法院起诉。")
    >>> found.of("terms"), found.of("disputes"), found.of("service")
    (['写了'], ['有风险', '有风险'], ['没写'])
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError("没有合同文字：把合同全文或者几条条款传进来")
    remarks: list[Remark] = []
    sentences = [(match.start(), match.group()) for match in re.finditer(r"[^。；;\n]+", text)]
    for code, clause in clauses().items():
        remarks += _check(code, clause, sentences)
    remarks += _forum(sentences, maybe_day(signed, "signed"), connected)
    basis: list[Parameter] = []
    for remark in remarks:
        if remark.rule is not None and remark.rule not in basis:
            basis.append(remark.rule)
    return Checked(title="合同条款检查", value=tuple(remarks), basis=tuple(basis) or (get("limitation.interruption"),),
                   asked=maybe_day(as_of, "as_of"), notes=("按字面找，找不到不等于没有，找到不等于有效",))


def _check(code: str, clause: Clause, sentences: list[tuple[int, str]]) -> list[Remark]:
    found: list[Remark] = []
    for risk in clause.risks:
        for start, sentence in sentences:
            hit = re.search(risk.match, sentence)
            if hit:
                found.append(_remark(code, clause.name, RISK, risk, start, sentence))
    if clause.missing is None or found:
        return found
    for pattern in clause.look:
        for start, sentence in sentences:
            if re.search(pattern, sentence):
                return [Remark(code, clause.name, OK, sentence.strip(), (start, start + len(sentence)), "", "", None)]
    return [Remark(code, clause.name, MISSING, "", None, clause.missing.says, clause.missing.advice,
                   get(clause.missing.rule))]


def _remark(code: str, name: str, status: str, said: Missing, start: int, sentence: str) -> Remark:
    return Remark(code, name, status, sentence.strip(), (start, start + len(sentence)), said.says, said.advice,
                  get(said.rule))


def institutions(sentence: str) -> set[str]:
    """The arbitration institutions a sentence names.

    >>> institutions("提交上海仲裁委员会仲裁"), institutions("提交当地仲裁委员会仲裁")
    ({'上海仲裁委员会'}, set())
    """
    named = set()
    for match in INSTITUTION.finditer(re.sub("（[^）]*）", "", sentence)):
        # what is left of the words before it, after the last one that names nothing
        own = NAMELESS.split(match.group(1))[-1]
        if len(own) >= 2:
            named.add(own + match.group(2))
    return named


def _forum(sentences: list[tuple[int, str]], signed: date | None, connected: bool | None) -> list[Remark]:
    """What patterns alone cannot say of the dispute clause: institution named, place connected."""
    found = []
    for start, sentence in sentences:
        if "仲裁" in NOT_A_CHOICE.sub("", sentence):
            named = institutions(sentence)
            if len(named) != 1:
                says = "写了不止一家仲裁机构" if named else "没写明是哪一家仲裁委员会，补充不了就无效"
                said = Missing(says=says, advice="只写一家，写全名，例如“上海仲裁委员会”", rule="arbitration.agreement")
                found.append(_remark("disputes", "仲裁条款", RISK, said, start, sentence))
        if NAMED_COURT.search(sentence) and not CONNECTED.search(sentence) and connected is not True:
            rule = get("procedure.agreed_venue")
            says = "约定的法院要和争议有实际联系，证明不了就无效"
            if signed is not None and signed < rule.effective_from:
                says += f"（合同签在 {rule.effective_from} 之前，批复是否适用由律师看）"
            status = RISK if connected is False else CHECK
            said = Missing(says=says, advice="换成卖方住所地、合同签订地、履行地这样的地点", rule=rule.id)
            found.append(_remark("disputes", "协议管辖", status, said, start, sentence))
    return found
