"""The clocks of a case (案件时间表): statutory days of each route, guarantee periods, preservation, bills.

Every deadline has an alert date (counted, not rolled) and a last day (rolled over holidays as far as known). Days on
the road of a posted document do not count in court proceedings (民诉法 85): post early rather than rely on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pandas as pd

from receivables import paths
from receivables.content import Content, load
from receivables.law.comparison import merge
from receivables.law.days import Rolled, add_months, add_workdays, add_years, roll
from receivables.law.inputs import day, maybe_day, one_of
from receivables.law.parameters import Parameter, get
from receivables.law.result import Finding


@dataclass(frozen=True, kw_only=True)
class Deadline(Finding):
    """One last day; ``value`` is the cautious ``alert_date``, ``last_day`` is rolled over holidays."""

    base: date
    alert_date: date
    last_day: date
    who: str = ""
    code: str = ""

    @property
    def value(self) -> date:
        return self.alert_date

    def lines(self) -> list[str]:
        rolled = f"，遇节假日顺延到 {self.last_day}" if self.last_day != self.alert_date else ""
        return [f"{self.title}：{self.alert_date}{rolled}（从 {self.base} 起算）"]


def _end(base: date, period: Parameter) -> Rolled:
    """The day a period ends, not rolled (a period of working days ends on one)."""
    count = period.whole
    if period.unit == "workdays":
        return add_workdays(base, count)
    steps = {"years": lambda: add_years(base, count), "months": lambda: add_months(base, count),
             "days": lambda: base + timedelta(days=count)}
    return Rolled(steps[period.unit]())


def _deadline(title: str, base: date, period: Parameter, *, who: str = "", code: str = "", notes: tuple[str, ...] = (),
              asked: date | None = None, others: tuple[Parameter, ...] = ()) -> Deadline:
    end = _end(base, period)
    rolled = roll(end.day)
    return Deadline(title=title, base=base, alert_date=end.day, last_day=rolled.day, who=who, code=code, asked=asked,
                    basis=(period, *others), notes=(*notes, period.note, end.note or rolled.note))


class Step(Content):
    """One statutory point of a route."""

    id: str
    name: str
    after: str
    parameter: str
    who: str


@cache
def steps() -> dict[str, list[Step]]:
    """The statutory points of every route, from data/law/clocks.yaml."""
    return load(paths.data("law", "clocks.yaml"), dict[str, list[Step]])


@dataclass(frozen=True, kw_only=True)
class Timeline(Finding):
    """The statutory days of a case; ``value`` holds the deadlines in order, ``waiting`` those that cannot be dated."""

    value: tuple[Deadline, ...]
    waiting: tuple[str, ...]

    def __getitem__(self, code: str) -> Deadline:
        """The deadline of one step by its code."""
        for deadline in self.value:
            if deadline.code == code:
                return deadline
        raise KeyError(f"{code}：时间表里没有，或者还定不了日期（{'；'.join(self.waiting)}）")

    def frame(self) -> pd.DataFrame:
        """One row a deadline: what, who, counted from, alert date, last day, citation."""
        return pd.DataFrame(
            [{"what": d.title, "who": d.who, "base": d.base, "alert_date": d.alert_date, "last_day": d.last_day,
              "citation": d.citation} for d in self.value],
            columns=["what", "who", "base", "alert_date", "last_day", "citation"])

    def lines(self) -> list[str]:
        return [self.title, *(f"{d.who}：{d.lines()[0]}" for d in self.value), *(f"待定：{w}" for w in self.waiting)]


def timeline(route: str, filed: object, *, known: Mapping[str, object] | None = None,
             as_of: object = None) -> Timeline:
    """The statutory days of a case on one route (案件时间表).

    Parameters
    ----------
    route : a code of ``steps()``, such as "payment_order" or "lawsuit"
    filed : the day it began: filed with the court, measure taken, agreement effective, as the route says
    known : actual days: a step's code, or an event steps count from ("served", "judgment_received",
        "performance_end" ...). A later step counts from the actual day where given, else from the statutory end.

    Returns
    -------
    Timeline
        Steps that count from an event not yet known are listed in ``.waiting``.

    Raises
    ------
    ValueError
        An unknown route or event, or a bad date.

    Examples
    --------
    >>> case = timeline("payment_order", date(2026, 3, 2), known={"served": date(2026, 3, 30)})
    >>> [str(d.alert_date) for d in case.value][:2], case["objection"].alert_date == date(2026, 4, 14)
    (['2026-03-07', '2026-03-22'], True)
    """
    one_of(route, tuple(steps()), "route")
    plan, asked = steps()[route], maybe_day(as_of, "as_of")
    days = {"filed": day(filed, "filed")}
    names = {step.after for step in plan} | {step.id for step in plan}
    for event, when in (known or {}).items():
        one_of(event, tuple(sorted(names)), "known")
        days[event] = day(when, event)
    found, waiting = {}, []
    for step in plan:
        if step.after not in days:
            waiting.append(f"{step.name}：还不知道 {step.after} 的日期")
            continue
        found[step.id] = _deadline(step.name, days[step.after], get(step.parameter), who=step.who, code=step.id,
                                   asked=asked)
        days.setdefault(step.id, found[step.id].alert_date)
    basis = merge(found.values()) or tuple(get(step.parameter) for step in plan)
    notes = tuple(dict.fromkeys(note for d in found.values() for note in d.notes if note))
    return Timeline(title=f"时间表（{route}）", value=tuple(found.values()), waiting=tuple(waiting), basis=basis,
                    asked=asked, notes=notes)


def guarantee(main_due: object, *, agreed_until: object = None, kind: str | None = None, signed: object = None,
              as_of: object = None) -> Deadline:
    """The last day of a guarantee period (保证期间): what to do by then depends on the kind of guarantee.

    Parameters
    ----------
    main_due : the day the main debt fell due
    agreed_until : agreed last day; None when silent or unclear ("直至还清" is unclear)
    kind : "general" (一般保证), "joint" (连带责任保证), None when the contract does not say
    signed : the day the guarantee was given, which decides what silence means

    Notes
    -----
    The period never stops and never starts afresh (民法典 692). Six months from the main due date when nothing valid
    was agreed; a period agreed to end with or before the main debt counts as not agreed.

    >>> str(guarantee(date(2026, 1, 31)).value), str(guarantee(date(2025, 8, 31)).value)
    ('2026-07-31', '2026-02-28')
    """
    due, until, given = day(main_due, "main_due"), maybe_day(agreed_until, "agreed_until"), maybe_day(signed, "signed")
    if kind is not None:
        one_of(kind, ("general", "joint"), "kind")
    rules, notes = [get("guarantee.default_months")], []
    if kind is None:
        silence = get("guarantee.default_type", given) if given else get("guarantee.default_type")
        rules.append(silence)
        kind = "joint" if silence.text.startswith("连带") else "general"
        notes.append(f"合同没写保证方式，按{silence.text}" + ("" if given else "（没给签订日，按民法典）"))
    act = get(f"guarantee.{kind}_act")
    rules.append(act)
    notes.append(f"届满前要做的事：{act.text}；只催保证人{'不够' if kind == 'general' else '要能证明到达'}")
    if until is not None and until <= due:
        rules.append(get("guarantee.unclear_period"))
        notes.append(f"约定的 {until} 不晚于主债务到期日，当作没约定")
        until = None
    end = until or _end(due, rules[0]).day
    rolled = roll(end)
    return Deadline(title="保证期间", base=due, alert_date=end, last_day=rolled.day, basis=tuple(rules),
                    asked=maybe_day(as_of, "as_of"), notes=(*notes, rules[0].note, rolled.note))


@dataclass(frozen=True, kw_only=True)
class Preserved(Finding):
    """How long a preservation lasts; ``value`` is the last day to ask for its renewal."""

    value: date
    ends: date

    @property
    def alert_date(self) -> date:
        return self.value

    @property
    def last_day(self) -> date:
        return self.value

    def lines(self) -> list[str]:
        return [f"{self.title}：{self.ends} 到期，续保申请最迟 {self.value} 递到法院"]


def preservation(since: object, *, asset: str = "deposit", as_of: object = None) -> Preserved:
    """When a frozen asset comes free, and the last day to ask for renewal (续行保全): seven days before.

    Parameters
    ----------
    since : the day the measure took effect
    asset : "deposit" (存款, 1 year), "movable" (动产, 2 years), "other" (不动产和其他财产权, 3 years)

    >>> str(preservation(date(2026, 3, 2)).value)
    '2027-02-23'
    """
    one_of(asset, ("deposit", "movable", "other"), "asset")
    term, before = get(f"preservation.{asset}_years"), get("preservation.renew_before_days")
    ends = _end(day(since, "since"), term).day
    return Preserved(title=term.name, value=ends - timedelta(days=before.whole), ends=ends, basis=(term, before),
                     asked=maybe_day(as_of, "as_of"),
                     notes=("上面是最长期限，裁定写得短的按裁定；提前的期限不顺延，遇节假日更要早交",))


def bill_presentment(due: object, *, as_of: object = None) -> Deadline:
    """The last day to present a draft for payment (提示付款): ten days from its due date (票据法 53).

    Late presentment loses recourse against the prior parties, and the underlying claim against them as well.

    >>> str(bill_presentment(date(2026, 3, 20)).value)
    '2026-03-30'
    """
    late = get("bill.late_presentment")
    return _deadline("提示付款的最后一天", day(due, "due"), get("bill.present_days"), others=(late,),
                     notes=(f"{late.name}：{late.text}",), asked=maybe_day(as_of, "as_of"))


def bill_rights(due: object, *, refused: object = None, settled: object = None, as_of: object = None) -> Timeline:
    """Every clock of a draft (票据权利的期限): presentment, acceptor, notice and recourse, further recourse.

    Parameters
    ----------
    due : due date of the draft
    refused : the day payment was refused: notice in 3 days, recourse in 6 months
    settled : the day we paid a later holder: further recourse in 3 months

    >>> [str(d.alert_date) for d in bill_rights(date(2026, 3, 20), refused=date(2026, 3, 25)).value]
    ['2026-03-30', '2028-03-20', '2026-03-28', '2026-09-25']
    """
    falls, asked = day(due, "due"), maybe_day(as_of, "as_of")
    found = [bill_presentment(falls, as_of=asked),
             _deadline("对出票人、承兑人的票据权利", falls, get("bill.acceptor_years"), asked=asked)]
    waiting = []
    if refused is None:
        waiting.append("追索前手：被拒付后从拒付日起算")
    else:
        since = day(refused, "refused")
        found += [_deadline("书面通知前手", since, get("bill.notice_days"), asked=asked),
                  _deadline("追索前手", since, get("bill.recourse_months"), asked=asked)]
    if settled is not None:
        found.append(_deadline("再追索前手", day(settled, "settled"), get("bill.re_recourse_months"), asked=asked))
    return Timeline(title="票据期限", value=tuple(found), waiting=tuple(waiting), basis=merge(found), asked=asked,
                    notes=tuple(dict.fromkeys(note for d in found for note in d.notes if note)))
