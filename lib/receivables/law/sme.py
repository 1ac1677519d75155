"""Payment terms owed to small and medium enterprises (保障中小企业款项支付条例).

State Council Decree 802, in force 2025-06-01; before it Decree 728, from 2020-09-01. The regulation has no rule for
contracts across the change: both versions are shown, a person decides. The seller's own size at contract date must be
known, or there is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from receivables.errors import Undefined
from receivables.law import lpr
from receivables.law.comparison import merge
from receivables.law.days import add_workdays, roll
from receivables.law.inputs import day, fraction, maybe_day, one_of
from receivables.law.parameters import get
from receivables.law.result import Finding, percent

DEBTORS = ("government", "large", "sme", "individual")
CREDITORS = ("medium", "small", "micro", "large", "individual")
COVERED_DEBTORS, COVERED_CREDITORS = DEBTORS[:2], CREDITORS[:3]
START_KINDS = ("delivery", "acceptance", "settlement", "deemed_acceptance")
_ZH = {"government": "机关、事业单位", "large": "大型企业", "sme": "中小微企业", "individual": "个人、个体户",
       "medium": "中型企业", "small": "小型企业", "micro": "微型企业"}


def changed_on() -> date:
    """The day the present version took effect, 2025-06-01."""
    return get("sme.large_default_days").effective_from


@dataclass(frozen=True, kw_only=True)
class Coverage(Finding):
    """Whether the regulation covers a contract, and why (not)."""

    value: bool
    reasons: tuple[str, ...]

    def lines(self) -> list[str]:
        return [f"{self.title}：{'适用' if self.value else '不适用'}", *self.reasons]


def covered(debtor: str | None, creditor: str | None, *, contract_date: object = None,
            as_of: object = None) -> Coverage:
    """Whether the regulation covers a contract (适用范围): who owes, who is owed, both as at contract date.

    Parameters
    ----------
    debtor : "government" (机关、事业单位), "large", "sme", "individual"
    creditor : the seller: "medium", "small", "micro", "large", "individual"
    contract_date : None takes the present version

    Raises
    ------
    Undefined
        A size is not known: ask, or use the official self-test; it is not guessed.
    LawUnknown
        The contract is older than the first version (2020-09-01).

    >>> covered("large", "small").value, covered("sme", "small").value
    (True, False)
    """
    if creditor is None or debtor is None:
        who = "卖方自己" if creditor is None else "付款方"
        raise Undefined(f"{who}在合同订立时的规模还不知道：先用官方划型自测平台确认，再填 "
                        f"{'creditor' if creditor is None else 'debtor'}")
    one_of(debtor, DEBTORS, "debtor")
    one_of(creditor, CREDITORS, "creditor")
    rule = get("sme.coverage", maybe_day(contract_date, "contract_date"))
    reasons = []
    if debtor not in COVERED_DEBTORS:
        reasons.append(f"付款方是{_ZH[debtor]}：条例只管机关、事业单位和大型企业欠的款")
    if creditor not in COVERED_CREDITORS:
        reasons.append(f"卖方是{_ZH[creditor]}：条例只保护中型、小型、微型企业")
    return Coverage(title="款项支付条例", value=not reasons, basis=(rule,), asked=maybe_day(as_of, "as_of"),
                    reasons=tuple(reasons) or (f"{_ZH[debtor]}欠{_ZH[creditor]}",),
                    notes=("规模看合同订立时；卖方应当主动告知自己是中小企业",))


@dataclass(frozen=True, kw_only=True)
class Reading(Finding):
    """What one version of the regulation gives as the due date; ``due`` None where it gives none."""

    due: date | None
    days: int | None
    missing: str = ""

    def lines(self) -> list[str]:
        return [f"{self.title}：{self.due}（{self.days} 天）" if self.due else f"{self.title}：{self.missing}"]


@dataclass(frozen=True, kw_only=True)
class DueDate(Finding):
    """The due date under the regulation, one reading a version that may govern.

    Attributes
    ----------
    readings : one, or two for a contract across 2025-06-01
    needs_judgement : a person must decide (two versions, or terms longer than the default)
    """

    readings: tuple[Reading, ...]
    needs_judgement: bool

    @property
    def value(self) -> date:
        """The due date where every version that may govern gives the same.

        Raises
        ------
        Undefined
            The versions differ, or none gives a date: read ``readings``.
        """
        dates = {reading.due for reading in self.readings}
        if len(dates) > 1 or None in dates:
            raise Undefined("付款到期日定不下来：" + "；".join(line for r in self.readings for line in r.lines()))
        return dates.pop()

    @property
    def alert_date(self) -> date:
        """The due date, not rolled over holidays."""
        return self.value

    @property
    def last_day(self) -> date:
        """The due date rolled over holidays: an inference from 民法典 203, the regulation does not say."""
        return roll(self.value).day

    def lines(self) -> list[str]:
        said = [line for reading in self.readings for line in reading.lines()]
        dates = {reading.due for reading in self.readings}
        if len(dates) == 1 and None not in dates:
            rolled = roll(self.value)
            rule = get("sme.roll")
            said.append(f"遇节假日顺延到 {rolled.day}（{rule.text}；{rule.confidence_text}）")
            said += [rolled.note] if rolled.note else []
        return said


def due_date(start: object, *, start_kind: str = "delivery", debtor: str = "large", agreed_days: int | None = None,
             creditor: str | None = "small", contract_date: object = None, as_of: object = None) -> DueDate:
    """When payment to a small or medium seller falls due (付款到期日).

    Parameters
    ----------
    start : the day the period runs from
    start_kind : what that day is: "delivery" (交付), "acceptance" (检验、验收合格), "settlement" (双方确认结算金额),
        "deemed_acceptance" (拖延验收: the day the agreed inspection period ended)
    debtor : "government" or "large"
    agreed_days : agreed payment days; None when the contract is silent
    creditor : the seller's own size at contract date; None refuses
    contract_date : day the contract was made; None takes the version in force on ``start`` and says so
    as_of : the day the question is asked for; past what was checked, LawUnknown

    Returns
    -------
    DueDate
        ``.value`` (also ``.alert_date``), ``.last_day``, ``.readings``, ``.needs_judgement``.

    Raises
    ------
    Undefined
        The regulation does not cover the contract, or a size is not known.
    LawUnknown
        Older than 2020-09-01.
    ValueError
        A bad date, kind or number of days.

    Source: 条例 (2025) 9, 10: government 30 days, agreed at most 60; large enterprise 60 days unless agreed. 条例
    (2020) 8: government the same, large enterprise "reasonable" without a default.

    Examples
    --------
    >>> due = due_date(date(2026, 3, 2))
    >>> str(due.value), str(due.last_day)
    ('2026-05-01', '2026-05-06')
    >>> str(due_date(date(2026, 3, 2), debtor="government", agreed_days=90).value)
    '2026-05-01'
    >>> due_date(date(2025, 6, 30), contract_date=date(2025, 5, 31)).value
    Traceback (most recent call last):
    ...
    receivables.errors.Undefined: 付款到期日定不下来：按 2020 年条例：没有约定天数，大型企业那时没有默认期限...
    """
    begins, signed = day(start, "start"), maybe_day(contract_date, "contract_date")
    one_of(start_kind, START_KINDS, "start_kind")
    if agreed_days is not None and (isinstance(agreed_days, bool) or not isinstance(agreed_days, int)
                                    or agreed_days < 0):
        raise ValueError(f"agreed_days 不能是 {agreed_days!r}：写约定的天数（整数），没约定写 None")
    if signed is not None and signed > begins:
        raise ValueError(f"contract_date（{signed}）晚于起算日（{begins}）：请核对")
    coverage = covered(debtor, creditor, contract_date=signed or begins)
    if not coverage.value:
        raise Undefined("款项支付条例不适用：" + "；".join(coverage.reasons) + "。按合同约定，或者民法典510、511、628")
    notes = [*coverage.notes]
    versions = [signed or begins]
    if signed is None:
        notes.append(f"没给合同订立日，按起算日 {begins} 当时的条例；"
                     f"合同要是订立在 {changed_on()} 之前，请给 contract_date")
    elif signed < changed_on() <= begins:
        versions.append(changed_on())
        notes.append(f"跨期合同：{signed} 订立，履行在 {changed_on()} 新条例之后；条例没有溯及条款，用哪一版由人判断")
    readings = tuple(_reading(begins, start_kind, debtor, agreed_days, on) for on in versions)
    for reading in readings:
        notes += reading.notes
    long_terms = debtor == "large" and agreed_days is not None and agreed_days > 60
    return DueDate(title="付款到期日", basis=merge((coverage, *readings)),
                   asked=maybe_day(as_of, "as_of"), notes=tuple(notes), readings=readings,
                   needs_judgement=len(readings) > 1 or long_terms or readings[0].due is None)


def _reading(begins: date, start_kind: str, debtor: str, agreed: int | None, on: date) -> Reading:
    """The due date under the version in force on a day."""
    new = on >= changed_on()
    title = f"按 {'2025' if new else '2020'} 年条例"
    starts = get(f"sme.start_{start_kind}")
    notes = () if new else ("2020 年条例关于起算日的条号没核，借用 2025 年的条文",)
    if debtor == "government":
        default, limit = get("sme.government_default_days", on), get("sme.government_max_days", on)
        days = default.whole if agreed is None else min(agreed, limit.whole)
        if agreed is not None and agreed > limit.whole:
            notes += (f"约定 {agreed} 天，超过上限，按 {limit.whole} 天",)
        return Reading(title=title, basis=(default, limit, starts), due=begins + timedelta(days=days), days=days,
                       notes=notes)
    rule = get("sme.large_default_days" if new else "sme.large_reasonable", on)
    if agreed is None and not new:
        return Reading(title=title, basis=(rule, starts), due=None, days=None, notes=notes,
                       missing="没有约定天数，大型企业那时没有默认期限，只要求合理")
    days = rule.whole if agreed is None else agreed
    if agreed is not None and agreed > get("sme.large_default_days").whole:
        notes += (f"约定 {agreed} 天比 60 天长：要符合行业规范、交易习惯才算合理，由人判断",)
    return Reading(title=title, basis=(rule, starts), due=begins + timedelta(days=days), days=days, notes=notes)


@dataclass(frozen=True, kw_only=True)
class Floor(Finding):
    """The least rate that may be agreed (约定利率的下限), and whether an agreed rate meets it."""

    value: Decimal
    agreed: Decimal

    @property
    def met(self) -> bool:
        return self.agreed >= self.value

    def lines(self) -> list[str]:
        verdict = "达到" if self.met else "低于下限"
        return [f"{self.title}：{percent(self.value)}，约定 {percent(self.agreed)}，{verdict}"]


def agreed_floor(agreed_rate: object, contract_date: object, *, debtor: str = "large", creditor: str | None = "small",
                 rates: lpr.Rates | None = None, as_of: object = None) -> Floor:
    """Whether an agreed late-payment rate reaches the floor (约定利率下限): the one-year LPR at contract date.

    Parameters
    ----------
    agreed_rate : a year, as a fraction
    contract_date : the day the contract was made

    Raises
    ------
    Undefined, RateUnknown, ValueError
        Not covered or sizes unknown; LPR unknown on that day; a bad rate or date.

    Source: 条例 (2025) 17, (2020) 15.

    >>> agreed_floor("0.03", date(2025, 5, 31)).met, agreed_floor("0.03", date(2025, 5, 19)).met
    (True, False)
    """
    signed, agreed = day(contract_date, "contract_date"), fraction(agreed_rate, "agreed_rate")
    coverage = covered(debtor, creditor, contract_date=signed)
    if not coverage.value:
        raise Undefined("款项支付条例不适用：" + "；".join(coverage.reasons))
    rule, base = get("interest.sme_agreed_floor", signed), lpr.rate(signed, rates=rates)
    met = agreed >= base * rule.value
    note = "" if met else "低于下限以后按什么计，条例没有写：见 interest.late_payment 并列的口径"
    return Floor(title="约定逾期利率的下限（合同订立时一年期 LPR）", value=base * rule.value, agreed=agreed,
                 basis=(rule, *coverage.basis, *base.basis), asked=maybe_day(as_of, "as_of"), notes=(note, *base.notes))


@dataclass(frozen=True, kw_only=True)
class ClauseWarning(Finding):
    """A warning about a clause; ``value`` says whether it is against the rules."""

    value: bool
    said: str

    def lines(self) -> list[str]:
        return [self.said]


def back_to_back(debtor: str | None, creditor: str | None, contract_date: object, *,
                 as_of: object = None) -> ClauseWarning:
    """What a back-to-back clause (背靠背: paid when a third party pays) is worth.

    Raises
    ------
    Undefined, LawUnknown
        A size is not known, or the contract is older than 2020-09-01: the 2024 reply may still reach it; ask a lawyer.

    Source: 法释〔2024〕11号 (2024-08-27); 条例 (2025) 9(2).

    >>> back_to_back("large", "small", date(2025, 7, 1)).value
    True
    """
    signed = day(contract_date, "contract_date")
    coverage = covered(debtor, creditor, contract_date=signed)
    rules = (get("sme.back_to_back"), get("sme.back_to_back_void"))
    against = coverage.value and debtor == "large"
    notes: tuple[str, ...] = ()
    if against:
        said = "背靠背条款无效：不能拿“上家还没付我”来拖，付款期限由法院合理确定，不等第三方"
        if signed < changed_on():
            notes = (f"合同订立在 {changed_on()} 之前：条例的禁止条款那时还没有，靠的是批复；由人判断",)
    elif coverage.value:
        said = "付款方是机关、事业单位：条例另有 30 天、最长 60 天的期限，背靠背拖不过这个期限"
    else:
        said = "这份合同不归条例管，背靠背条款未必无效，请律师看：" + "；".join(coverage.reasons)
    return ClauseWarning(title="背靠背条款", value=against, said=said, basis=(*rules, *coverage.basis), notes=notes,
                    asked=maybe_day(as_of, "as_of"))


@dataclass(frozen=True, kw_only=True)
class Complaint(Finding):
    """The days of a complaint to the authority (投诉): forwarded by, handled by, at the latest by."""

    received: date
    forwarded_by: date
    handled_by: date
    value: date

    def lines(self) -> list[str]:
        return [f"{self.title}：受理 {self.received}，{self.forwarded_by} 前转办，一般 {self.handled_by} 前处理，"
                f"最长 {self.value}"]


def complaint(received: object, *, as_of: object = None) -> Complaint:
    """The days of a complaint about late payment (拖欠投诉): 10 working days, 30 days, at most 90 (条例 25).

    >>> str(complaint(date(2026, 3, 2)).forwarded_by)
    '2026-03-16'
    """
    begins = day(received, "received")
    rules = tuple(get(f"sme.complaint_{name}") for name in ("forward_workdays", "handle_days", "max_days"))
    forwarded = add_workdays(begins, rules[0].whole)
    return Complaint(title="拖欠款项投诉", received=begins, forwarded_by=forwarded.day, basis=rules,
                     handled_by=begins + timedelta(days=rules[1].whole), value=begins + timedelta(days=rules[2].whole),
                     asked=maybe_day(as_of, "as_of"),
                     notes=(forwarded.note, "处理的起点是受理还是转办，条例的说法请核对；须有合同关系，不得虚假投诉"))
