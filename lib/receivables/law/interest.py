"""Interest on late payment (逾期利息): every rule that may apply, side by side; doubled interest; the excess test.

Which rule governs is for a person to decide (size classes, day of breach, contract terms, bad faith): nothing here
picks the higher one. Interest is simple, days are counted in ``[start, end)``, a year has 365 days unless asked
otherwise (no uniform rule; from memory).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from receivables.errors import Undefined
from receivables.law import lpr, sme
from receivables.law.appropriation import Debt, appropriate
from receivables.law.comparison import Comparison, merge
from receivables.law.inputs import LawUnknown, amount, fraction, maybe_day, one_of, span
from receivables.law.parameters import Parameter, get
from receivables.law.result import Amount, Band, percent, yuan

__all__ = ["Comparison", "Debt", "appropriate", "doubled", "excess", "late_payment"]

KINDS = ("sale", "service", "construction")


@dataclass(frozen=True)
class _Case:
    """What every rule needs to know of one late payment."""

    principal: Decimal
    start: date
    end: date
    breach: date
    year: int
    rates: lpr.Rates | None

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def simple(self, annual: Decimal) -> Decimal:
        return self.principal * annual * self.days / self.year

    def on_lpr(self, rule: str, title: str, times: Parameter, condition: str = "") -> list[Band]:
        """Two bands: the rate fixed at breach, and the rate followed through time."""
        low, high = (times.low, times.high) if times.value is None else (times.value, times.value)
        common = {"condition": condition}
        bands = []
        try:
            fixed = lpr.rate(self.breach, rates=self.rates) if self.breach >= _turn() else lpr.benchmark(self.breach)
            bands.append(Band(title=f"{title}，固定在违约时（{percent(fixed.value)}）", rule=f"{rule}.fixed",
                              basis=(times, *fixed.basis), low=self.simple(fixed * low), high=self.simple(fixed * high),
                              notes=(times.note, *fixed.notes), **common))
        except LawUnknown as error:
            bands.append(Band(title=f"{title}，固定在违约时", rule=f"{rule}.fixed", basis=(times,), low=None, high=None,
                              missing=error.reason, **common))
        practice, followed = get("interest.segmented"), f"{title}，随利率分段（替代口径）"
        try:
            pieces = lpr.segments(self.start, self.end, rates=self.rates)
            # interest of the bare rate: principal x sum(rate x days) / year
            bare = self.principal * sum((r * (b - a).days for a, b, r in pieces), Decimal(0)) / self.year
            said = tuple(dict.fromkeys(note for _, _, r in pieces for note in r.notes))
            bands.append(Band(title=followed, rule=f"{rule}.segmented", low=bare * low, high=bare * high, notes=said,
                              basis=(times, practice, *merge(r.finding for _, _, r in pieces)), **common))
        except LawUnknown as error:
            bands.append(Band(title=followed, rule=f"{rule}.segmented", basis=(times, practice), low=None, high=None,
                              missing=error.reason, **common))
        return bands


def _turn() -> date:
    """2019-08-20: from that day of breach on, the LPR."""
    return get("interest.sale_unagreed").applies_from


def late_payment(principal: object, start: object, end: object, *, breach: object = None, kind: str = "sale",
                 agreed_rate: object = None, debtor: str | None = None, creditor: str | None = None,
                 contract_date: object = None, back_to_back: bool | None = None, year: int = 365,
                 rates: lpr.Rates | None = None, as_of: object = None) -> Comparison:
    """Interest on a late payment (逾期利息) under every rule that may apply, side by side.

    Parameters
    ----------
    principal : unpaid amount in yuan
    start, end : first day counted and first day not counted, ``[start, end)``
    breach : day of breach, which selects the rule and the fixed rate; None takes ``start``. Give it when a period is
        computed in pieces: the pieces then add up.
    kind : "sale", "service" (another contract for value, by analogy with a sale) or "construction"
    agreed_rate : agreed late-payment rate a year as a fraction; None when the contract has none
    debtor : "government", "large", "sme" or "individual"; None when not known
    creditor : our own size at contract date: "medium", "small", "micro", "large", "individual"; None when not known
    contract_date : selects the version of the SME payment regulation; None: the one in force on the day of breach
    back_to_back : the contract made payment depend on a third party's; None when not known
    year : days a year for annual rates: 365, 360 or 366
    rates : later LPR publications, see ``lpr.rate``
    as_of : the day the question is asked for; past what was checked, LawUnknown

    Returns
    -------
    Comparison
        Iterable of ``Band``; ``comparison["sme"].value``, ``["sale.fixed"].low`` and so on; ``.frame()``; ``.text``.
        A rule whose rate or facts are missing stands with ``.low`` None and ``.missing``.

    Raises
    ------
    ValueError
        A bad amount, rate, period or choice.

    Notes
    -----
    买卖合同解释 18(4): breach from 2019-08-20 on, one-year LPR at breach times 1.3 to 1.5; before, the benchmark rate
    raised by the same (from memory). ``.segmented`` rows follow the rate through time, as some courts do (memory).
    建工解释 26: LPR times 1. 条例 17 (2020 version: 15): 0.05 % a day where nothing was agreed. 批复 法释〔2024〕11号:
    one-year LPR where a back-to-back clause is void.

    Examples
    --------
    >>> rows = late_payment(1000000, date(2026, 1, 5), date(2026, 4, 15), debtor="large", creditor="small")
    >>> [band.rule for band in rows]
    ['sale.fixed', 'sale.segmented', 'sme', 'back_to_back.fixed', 'back_to_back.segmented']
    >>> print(round(rows["sme"].value, 2), round(rows["sale.fixed"].low, 2), round(rows["sale.fixed"].high, 2))
    50000.00 10684.93 12328.77
    """
    one_of(kind, KINDS, "kind")
    for value, choices, name in ((debtor, sme.DEBTORS, "debtor"), (creditor, sme.CREDITORS, "creditor")):
        if value is not None:
            one_of(value, choices, name)
    if year not in (360, 365, 366):
        raise ValueError(f"year 不能是 {year!r}：请从 365、360、366 里选")
    first, last = span(start, end)
    broken = maybe_day(breach, "breach") or first
    signed = maybe_day(contract_date, "contract_date")
    if broken > first:
        raise ValueError(f"breach（{broken}）晚于 start（{first}）：违约之前没有逾期利息")
    if signed is not None and signed > broken:
        raise ValueError(f"contract_date（{signed}）晚于违约日（{broken}）：请核对")
    case = _Case(amount(principal, "principal"), first, last, broken, year, rates)
    agreed = None if agreed_rate is None else fraction(agreed_rate, "agreed_rate")
    bands = [_agreed(case, agreed)] if agreed is not None else _unagreed(case, kind)
    bands += _sme(case, agreed, debtor, creditor, signed)
    bands += _back_to_back(case, agreed, debtor, creditor, back_to_back)
    multiplied = agreed is None and kind != "construction"
    return Comparison(title="逾期利息", rules=tuple(bands), principal=case.principal, start=first, end=last,
                      basis=merge(bands), asked=maybe_day(as_of, "as_of"),
                      notes=("LPR 加计是乘法：3% 加计 30% 是 3.9%" if multiplied else "", _day_count()))


def _day_count() -> str:
    """How days are counted, said with every interest: a convention from memory, not a rule."""
    convention = get("interest.day_count")
    return f"{convention.name}：{convention.text}（{convention.confidence_text}）"


def _agreed(case: _Case, agreed: Decimal) -> Band:
    value = case.simple(agreed)
    return Band(title=f"按约定年利率 {percent(agreed)}", rule="agreed", basis=(get("interest.agreed"),), low=value,
                high=value, notes=("对方说过高，要由他举证；见 interest.excess",))


def _unagreed(case: _Case, kind: str) -> list[Band]:
    if kind == "construction":
        return case.on_lpr("construction", "建设工程：同期 LPR", get("interest.construction_unagreed"))
    times = get("interest.sale_unagreed" if case.breach >= _turn() else "interest.sale_unagreed_pre")
    rate = "LPR" if case.breach >= _turn() else "贷款基准利率"
    bands = case.on_lpr("sale", f"买卖合同没约定：{rate} 的 1.3 至 1.5 倍", times)
    if kind == "sale":
        return bands
    analogy = get("interest.other_contracts")
    return [replace(band, basis=(analogy, *band.basis), condition="非买卖合同，参照买卖（可以参照，不是必须）")
            for band in bands]


def _sme(case: _Case, agreed: Decimal | None, debtor: str | None, creditor: str | None,
         signed: date | None) -> list[Band]:
    """The regulation's daily rate, or its floor where a rate was agreed; nothing where it does not cover."""
    on = signed or case.breach
    id, title = (("interest.sme_unagreed_daily", "款项支付条例：没约定，每日万分之五") if agreed is None
                 else ("interest.sme_agreed_floor", "款项支付条例：约定利率的下限（合同订立时 LPR）"))
    rule = "sme" if agreed is None else "sme.floor"
    try:
        coverage = sme.covered(debtor, creditor, contract_date=on)
        if not coverage.value:
            return []
        parameter = get(id, on)
        if agreed is None:
            value, basis, notes = case.principal * parameter.value * case.days, (parameter, *coverage.basis), ()
        elif signed is None:
            raise Undefined("约定利率的下限看合同订立时的 LPR：请给 contract_date")
        else:
            floor = sme.agreed_floor(agreed, signed, debtor=debtor, creditor=creditor, rates=case.rates)
            value, basis, notes = case.simple(floor.value), floor.basis, (*floor.lines(), *floor.notes)
    except Undefined as error:
        return [Band(title=title, rule=rule, basis=(get(id),), low=None, high=None, missing=error.reason)]
    if signed is None:
        notes += (f"没给合同订立日，按违约日 {case.breach} 当时的条例",)
    elif signed < sme.changed_on() <= case.breach:
        notes += (f"跨期合同（{signed} 订立）：用哪一版条例由人判断，两版这一条数字相同",)
    return [Band(title=title, rule=rule, basis=basis, low=value, high=value, notes=notes,
                 condition="付款方是机关、事业单位或大型企业，卖方订立合同时是中小微企业"
                 + ("" if agreed is None else "；约定低于下限时才看这一行"))]


def _back_to_back(case: _Case, agreed: Decimal | None, debtor: str | None, creditor: str | None,
                  clause: bool | None) -> list[Band]:
    if clause is False or debtor not in (None, "large") or creditor not in (None, *sme.COVERED_CREDITORS):
        return []
    condition = "合同有背靠背条款且被认定无效；付款方是大型企业，卖方是中小微企业"
    if agreed is not None:
        condition += "；约定的利息违法时才用"
    return case.on_lpr("back_to_back", "背靠背无效后：一年期 LPR", get("interest.back_to_back_void"), condition)


def doubled(principal: object, start: object, end: object, *, excluded: Iterable[tuple[object, object]] = (),
            as_of: object = None) -> Amount:
    """The doubled part of interest for delayed performance (加倍部分债务利息): 0.0175 % a day, simple.

    Parameters
    ----------
    principal : the unpaid money debt the judgment fixes, in yuan, without its general interest (一般债务利息)
    start : the day the performance period ended
    end : the day of payment, transfer or sale; ``[start, end)``
    excluded : periods ``[from, to)`` not counted: enforcement stayed other than at the debtor's request
    as_of : the day the question is asked for; past what was checked, LawUnknown

    Raises
    ------
    ValueError
        A period before 2014-08-01 (older rules), a bad amount, excluded periods that overlap.

    Notes
    -----
    民诉法 264 (229 -> 253 -> 260 -> 264); 法释〔2014〕8号 1-4 (2014-08-01). Paid in parts: compute each period on what
    was open in it. General interest runs beside it as the judgment says, and is not computed here.

    Examples
    --------
    >>> print(doubled(10000, date(2026, 1, 1), date(2026, 3, 2)).rounded())
    105.00
    """
    owed, (first, last) = amount(principal, "principal"), span(start, end)
    daily = get("interest.doubled_daily")
    if first < daily.effective_from:
        raise ValueError(f"start（{first}）早于 {daily.effective_from}：之前的部分按旧规定算，请从那天起分段")
    stayed, previous = 0, first
    for a, b in sorted(span(*pair) for pair in excluded):
        if a < previous or b > last:
            raise ValueError(f"excluded 的 {a} 至 {b} 与别的重叠，或者不在 {first} 至 {last} 里")
        stayed, previous = stayed + (b - a).days, b
    days = (last - first).days - stayed
    return Amount(title=f"加倍部分债务利息（{yuan(owed)}，{days} 天，日万分之一点七五）",
                  value=owed * daily.value * days, basis=(daily,), asked=maybe_day(as_of, "as_of"),
                  notes=(daily.note, _day_count(), "一般债务利息按判决的算法另计；判决没写就不计"))


@dataclass(frozen=True, kw_only=True)
class Excess(Amount):
    """The line above which an agreed penalty is usually too high; ``value`` is that line in yuan."""

    agreed: Decimal
    inferred: bool

    @property
    def exceeded(self) -> bool:
        return self.agreed > self.value

    def lines(self) -> list[str]:
        verdict = "超过" if self.exceeded else "没超过"
        return [f"{self.title}：{yuan(self.value)}，约定的违约金 {yuan(self.agreed)}，{verdict}"]


def excess(penalty: object, *, proven_loss: object = None, inferred_loss: object = None,
           as_of: object = None) -> Excess:
    """Whether an agreed penalty passes 1.3 times the loss (违约金过高): only on a loss that was proven.

    Parameters
    ----------
    penalty : the agreed penalty in yuan
    proven_loss : the loss proven in yuan
    inferred_loss : a loss merely inferred, from the LPR for instance: shown, and printed as 推论. By that measure the
        payment regulation's own 0.05 % a day would be too high, so it is no test.

    Raises
    ------
    Undefined
        No loss given.

    Source: 民法典 585; 合同编通则解释 64-65 (法释〔2023〕13号, 2023-12-05). A party in bad faith is usually not heard.

    >>> excess(1400, proven_loss=1000).exceeded, excess(1300, proven_loss=1000).exceeded
    (True, False)
    """
    if (proven_loss is None) == (inferred_loss is None):
        raise Undefined("违约金高不高要看损失：给 proven_loss（已证明的损失）；"
                        "只有推算的就给 inferred_loss，结果会标推论")
    inferred = proven_loss is None
    loss = amount(inferred_loss if inferred else proven_loss, "inferred_loss" if inferred else "proven_loss")
    ratio = get("interest.penalty_excess_ratio")
    notes = (ratio.note,) + (("损失是推算的，没有证明：这条线只是推论，不能当依据",) if inferred else ())
    return Excess(title="损失的 1.3 倍" + ("（推论）" if inferred else ""), value=loss * (1 + ratio.value),
                  agreed=amount(penalty, "penalty"), inferred=inferred, basis=(get("interest.agreed"), ratio),
                  asked=maybe_day(as_of, "as_of"), notes=notes)
