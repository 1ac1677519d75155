"""The limitation clock (诉讼时效): the cautious alert date and the statutory last day of a claim.

The alert date never uses the roll over holidays and takes the earlier reading wherever practice differs by a day; the
last day is the statutory one of 民法典 203. Interruptions, suspensions and written promises move both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from receivables import paths
from receivables.content import Content, load
from receivables.errors import Undefined
from receivables.law.days import Rolled, add_months, add_years, roll
from receivables.law.inputs import day, maybe_day, one_of
from receivables.law.parameters import Parameter, Source, documents, get
from receivables.law.result import Finding


class Ground(Content):
    """A ground that the statute or its interpretation names."""

    name: str
    source: list[Source]
    restarts: Literal["at_once", "at_end"] = "at_once"
    consents: bool = False
    note: str = ""

    @property
    def citation(self) -> str:
        return "、".join(f"{documents()[src.document].text}{src.article}" for src in self.source)


@cache
def grounds() -> dict[str, dict[str, Ground]]:
    """The grounds of interruption (中断) and suspension (中止) by code."""
    return load(paths.data("law", "events.yaml"), dict[str, dict[str, Ground]])


@dataclass(frozen=True)
class Interruption:
    """Something that starts the period afresh (中断).

    Parameters
    ----------
    on : the day it took effect: the demand reached the debtor, the promise was made, the action was filed
    ground : a code of ``grounds()["interruptions"]``
    ended : the day proceedings ended; None while they are pending (grounds that restart at their end only)
    reference : what proves it (a contact, promise or case number)
    """

    on: date
    ground: str = "demand"
    ended: date | None = None
    reference: str = ""

    def __post_init__(self):
        one_of(self.ground, tuple(grounds()["interruptions"]), "ground")
        object.__setattr__(self, "on", day(self.on, "on"))
        object.__setattr__(self, "ended", maybe_day(self.ended, "ended"))
        if self.ended is not None and self.ended < self.on:
            raise ValueError(f"程序终结日 {self.ended} 早于提起日 {self.on}：请核对 ended")


@dataclass(frozen=True)
class Suspension:
    """An obstacle that stops the clock, if it stands within the last six months (中止).

    Parameters
    ----------
    on : first day of the obstacle
    removed : the day it was removed; None while it lasts
    ground : a code of ``grounds()["suspensions"]``
    """

    on: date
    removed: date | None = None
    ground: str = "force_majeure"
    reference: str = ""

    def __post_init__(self):
        one_of(self.ground, tuple(grounds()["suspensions"]), "ground")
        object.__setattr__(self, "on", day(self.on, "on"))
        object.__setattr__(self, "removed", maybe_day(self.removed, "removed"))
        if self.removed is not None and self.removed < self.on:
            raise ValueError(f"障碍消除日 {self.removed} 早于发生日 {self.on}：请核对 removed")


@dataclass(frozen=True, kw_only=True)
class Expiry(Finding):
    """When a claim becomes time-barred.

    Attributes
    ----------
    base : the day the running period counts from
    alert_date : the cautious last day, not rolled over holidays (also ``.value``)
    last_day : the statutory last day, rolled (民法典 203)
    calendar_known : False when a year of the roll has no published holidays yet
    pending : proceedings or an obstacle that had not ended: the clock stands still and the dates are a floor
    counted, ignored : what moved the clock, and what did not and why
    """

    runs_on = True

    base: date
    alert_date: date
    last_day: date
    calendar_known: bool
    pending: bool
    counted: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def value(self) -> date:
        return self.alert_date

    @property
    def days_left(self) -> int:
        """Days from the day asked about to the alert date; negative when past. Undefined without ``as_of``."""
        return (self.alert_date - self._read_on()).days

    @property
    def expired(self) -> bool:
        """Whether the statutory last day lies before the day asked about, and nothing holds the clock."""
        return not self.pending and self.last_day < self._read_on()

    def _read_on(self) -> date:
        if self.asked is None:
            raise Undefined("没给 as_of：不知道在哪一天看时效，还剩几天、过没过都答不出")
        return self.asked

    def lines(self) -> list[str]:
        left = ""
        if self.asked:
            left = f"，还有 {self.days_left} 天" if self.days_left >= 0 else f"，已过 {-self.days_left} 天"
        return [
            f"{self.title}：从 {self.base} 起算",
            f"预警日 {self.alert_date}（不算节假日顺延）{left}",
            f"法定最后一日 {self.last_day}",
            *(f"计入：{line}" for line in self.counted),
            *(f"没计入：{line}" for line in self.ignored),
        ]


def expiry(due: object, events: Iterable[Interruption | Suspension] = (), *, as_of: object = None) -> Expiry:
    """When the three years end (诉讼时效届满): alert date and statutory last day.

    Parameters
    ----------
    due : the day performance fell due; it is the day of beginning and not counted. For a sale without agreed terms
        see ``start``.
    events : interruptions and suspensions, or mappings of their fields, in any order. Those after ``as_of`` are left
        out.
    as_of : the day the clock is read; later events are left out. May lie past what was checked: then ``stale``

    Returns
    -------
    Expiry
        ``.alert_date``, ``.last_day``, ``.base``, ``.counted``, ``.ignored`` and what every result has.

    Raises
    ------
    ValueError
        A date that is none, an event that is neither kind, an end before its beginning.

    Notes
    -----
    Three years (民法典 188); two years for claims already barred on 2017-10-01 (transition, from memory). An
    interruption restarts the period, any number of times (195; 总则编解释 38); proceedings restart it when they
    end, until then the filing date is kept as a floor. An obstacle counts only within the last six months, and
    leaves six months from its removal (194). Twenty years from the due date are never exceeded (188). A demand after
    expiry does nothing; consent of the debtor after expiry bars the defence (192), and the period is then shown
    afresh, for a lawyer to confirm.

    Examples
    --------
    >>> clock = expiry(date(2023, 10, 2))
    >>> str(clock.alert_date), str(clock.last_day)
    ('2026-10-02', '2026-10-08')
    >>> str(expiry(date(2023, 3, 10), [Interruption(date(2025, 6, 1), "demand")]).value)
    '2028-06-01'
    >>> str(expiry(date(2023, 3, 10), [Suspension(date(2025, 12, 1), date(2026, 5, 1))]).value)
    '2026-11-01'
    """
    return _run("诉讼时效", day(due, "due"), events, maybe_day(as_of, "as_of"), general=True)


def enforcement_expiry(performance_end: object, events: Iterable[Interruption | Suspension] = (), *,
                       as_of: object = None) -> Expiry:
    """When the two years for asking enforcement end (申请执行时效, 民诉法 250): the same clock, two years.

    Parameters
    ----------
    performance_end : last day of the performance period in the judgment (of the last instalment; the effective date
        when the judgment names none)

    >>> str(enforcement_expiry(date(2026, 1, 31)).alert_date)
    '2028-01-31'
    """
    return _run("申请执行的期间", day(performance_end, "performance_end"), events, maybe_day(as_of, "as_of"),
                general=False)


class _Clock:
    """The state of one claim's clock while its events pass in order of time."""

    def __init__(self, due: date, general: bool):
        self.due, self.general = due, general
        self.basis: list[Parameter] = [get("limitation.day_count")]
        self.notes: list[str] = []
        self.counted: list[str] = []
        self.ignored: list[str] = []
        self.pending = False
        self.obstacles: dict[Suspension, bool] = {}  # obstacle -> whether it stopped the clock
        # Twenty years run from the infringement and nothing moves them; enforcement has no such limit.
        self.limit = add_years(due, self._use("limitation.max_years").whole) if general else date.max
        self.restart(due)

    def _use(self, id: str, on: date | None = None) -> Parameter:
        parameter = get(id, on)
        if not any(used is parameter for used in self.basis):
            self.basis.append(parameter)
        return parameter

    def restart(self, base: date) -> None:
        self.base = base
        years = self._years(base) if self.general else self._use("enforcement.limitation_years").whole
        self.end = min(add_years(base, years), self.limit)

    def _years(self, base: date) -> int:
        """Two years when they were full before 2017-10-01, three otherwise (法释〔2018〕12号)."""
        change = get("limitation.general_years", date(2017, 10, 1)).effective_from
        if base < change:
            old = get("limitation.general_years", base)
            self._use("limitation.transition")
            if add_years(base, old.whole) < change:
                self._use("limitation.general_years", base)
                return old.whole
            return self._use("limitation.general_years", change).whole
        return self._use("limitation.general_years", base).whole

    def interrupt(self, event: Interruption) -> None:
        ground = grounds()["interruptions"][event.ground]
        said = f"{event.on} {ground.name}" + (f"（{event.reference}）" if event.reference else "")
        late = not self.pending and event.on > roll(self.end).day
        if event.on < self.due:
            self.ignored.append(f"{said}：早于到期日，时效本来就从到期日起算")
            return
        if late and not ground.consents:
            self.ignored.append(f"{said}：时效已在 {self.end} 届满，届满后催款不再中断")
            return
        if late and event.on > self.limit:
            self.ignored.append(f"{said}：已过二十年")
            return
        if late:
            self._use("limitation.after_expiry")
            self.notes.append(f"时效在 {self.end} 届满后，债务人又同意履行：不得再以时效抗辩；"
                              "从同意日重新计算是推论，请律师确认")
        elif event.on > self.end:
            self.notes.append(f"{event.on} 在预警日之后、法定最后一日之前，靠的是节假日顺延")
        self._use("limitation.interruption")
        self.pending = ground.restarts == "at_end" and event.ended is None
        if self.pending:
            self.notes.append(f"{ground.name}的程序还没终结，时效不在走；日期按提起日保守计，终结后重算")
        if ground.note:
            self.notes.append(ground.note)
        self.restart(event.ended if ground.restarts == "at_end" and event.ended else event.on)
        self.counted.append(f"{said}，{ground.citation}")
        for obstacle in self.obstacles:  # one that lasts longer may reach into the last months of the new period
            self.suspend(obstacle)

    def suspend(self, event: Suspension) -> None:
        window_months = self._use("limitation.suspension_window_months").whole
        tail = self._use("limitation.suspension_tail_months").whole
        window = add_months(self.end, -window_months)
        self.obstacles.setdefault(event, False)
        if event.on > self.end or (event.removed is not None and event.removed <= window):
            return
        self.obstacles[event] = True
        if event.removed is None:
            self.pending = True
            self.notes.append("障碍还没消除，时效停走；日期按没停保守计，消除后再算六个月")
            return
        self.end = min(max(self.end, add_months(event.removed, tail)), self.limit)

    def report_obstacles(self) -> None:
        """Say of each obstacle whether it stopped the clock."""
        for event, stopped in self.obstacles.items():
            ground = grounds()["suspensions"][event.ground]
            said = f"{event.on} 起{ground.name}" + (f"，{event.removed} 消除" if event.removed else "，还没消除")
            if stopped:
                self.counted.append(f"{said}，{ground.citation}")
            else:
                self.ignored.append(f"{said}：不在时效的最后六个月里")


def _run(title: str, due: date, events: Iterable[Interruption | Suspension], as_of: date | None, *,
         general: bool) -> Expiry:
    clock = _Clock(due, general)
    events = [_event(event) for event in events]
    for event in sorted(events, key=lambda event: (event.on, isinstance(event, Suspension))):
        if as_of is not None and event.on > as_of:
            clock.ignored.append(f"{event.on} 的事在 {as_of} 之后，没看")
        elif isinstance(event, Interruption):
            clock.interrupt(_seen(event, as_of))
        else:
            clock.suspend(_seen(event, as_of))
    clock.report_obstacles()
    cautious = "届满日当日起算还是次日起算，实务差一天，这里取早的"
    last: Rolled = roll(clock.end) if clock.end < clock.limit else Rolled(clock.end)
    return Expiry(
        title=title, basis=tuple(clock.basis), asked=as_of, base=clock.base, alert_date=clock.end, last_day=last.day,
        calendar_known=not last.unknown_years, pending=clock.pending, counted=tuple(clock.counted),
        ignored=tuple(clock.ignored), notes=(*clock.notes, last.note, cautious),
    )


def _event(given: Interruption | Suspension | Mapping) -> Interruption | Suspension:
    """An event as given, or made from a mapping of its fields: a ground of suspension or ``removed`` makes it one."""
    if isinstance(given, Interruption | Suspension):
        return given
    if isinstance(given, Mapping):
        stops = "removed" in given or given.get("ground") in grounds()["suspensions"]
        try:
            return (Suspension if stops else Interruption)(**given)
        except TypeError:
            pass
    raise ValueError(f"events 里有 {given!r}：请用 Interruption 或者 Suspension，或者写明 on、ground、ended 或 removed")


def _seen(event: Interruption | Suspension, as_of: date | None):
    """The event as known on the day the clock is read: an end that lies later has not happened yet."""
    if isinstance(event, Interruption):
        later = as_of is not None and event.ended is not None and event.ended > as_of
        return Interruption(event.on, event.ground, None, event.reference) if later else event
    later = as_of is not None and event.removed is not None and event.removed > as_of
    return Suspension(event.on, None, event.ground, event.reference) if later else event


@dataclass(frozen=True, kw_only=True)
class Start(Finding):
    """The day from which a claim's period counts."""

    value: date

    def lines(self) -> list[str]:
        return [f"{self.title}：{self.value}"]


def start(*, kind: str = "sale", due: object = None, delivered: object = None, refused: object = None,
          grace_end: object = None, instalments: Iterable[object] = (), as_of: object = None) -> Start:
    """The day a claim's period starts from (时效起算日), when the contract may be silent on payment.

    Parameters
    ----------
    kind : "sale" or "other"
    due : the agreed due date; decides when given
    delivered : delivery, or collection of the document of title: the start for a sale without terms (民法典 628)
    refused, grace_end : first express refusal, end of the grace period: any other contract without terms (规定 4)
    instalments : due dates of one debt paid in parts: the last one decides (189). Orders under one framework contract
        are usually debts of their own; do not put them here.

    Raises
    ------
    ValueError
        Nothing given that decides.

    >>> str(start(delivered=date(2026, 3, 2)).value)
    '2026-03-02'
    """
    one_of(kind, ("sale", "other"), "kind")
    parts = [day(one, "instalments") for one in instalments]
    asked = maybe_day(as_of, "as_of")
    if parts:
        return Start(title="时效起算日（分期的最后一期）", value=max(parts), asked=asked,
                     basis=(get("limitation.instalments_start"),),
                     notes=("框架合同下每张订单通常是各自的债，不套这一条",))
    if due is not None:
        return Start(title="时效起算日（约定的到期日）", value=day(due, "due"), asked=asked,
                     basis=(get("limitation.general_years"),))
    if kind == "sale" and delivered is not None:
        return Start(title="时效起算日（没约定账期的买卖：交付日）", value=day(delivered, "delivered"), asked=asked,
                     basis=(get("limitation.sale_no_term_start"),),
                     notes=("先看有没有补充协议、交易习惯能确定付款日（民法典510）",))
    found = [day(one, name) for one, name in ((refused, "refused"), (grace_end, "grace_end")) if one is not None]
    if kind == "other" and found:
        return Start(title="时效起算日（没约定期限）", value=min(found), asked=asked,
                     basis=(get("limitation.no_term_start"),))
    raise ValueError("不知道从哪天起算：有约定给 due；买卖没约定账期给 delivered；其他合同给 refused 或者 grace_end")
