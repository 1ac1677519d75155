"""The loan prime rate (贷款市场报价利率, LPR) and, before 2019-08-20, the central bank's benchmark rate."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Annotated

from pydantic import Field, model_validator

from receivables import paths
from receivables.content import Content, load
from receivables.law.inputs import RateUnknown, day, fraction, one_of
from receivables.law.parameters import Confidence, Entry, Exact, Parameter, Source, complete, documents
from receivables.law.result import Finding, percent

Rates = Mapping[object, object] | Iterable[tuple[object, object]]
"""What a user adds: day of publication -> rate as a fraction."""


class Series(Content):
    """A published rate: only the days on which it changed."""

    document: str
    name: str
    primary_through: date | None
    known_through: date
    confidence: Confidence
    terms: list[str]
    changes: Annotated[list[tuple[date, list[Exact]]], Field(min_length=1)]

    @model_validator(mode="after")
    def _rises(self) -> Series:
        days = [day for day, _ in self.changes]
        if days != sorted(set(days)):
            raise ValueError("changes must rise by date")
        if any(len(rates) != len(self.terms) for _, rates in self.changes):
            raise ValueError("every change gives one rate a term")
        if any(not 0 < rate < 1 for _, rates in self.changes for rate in rates):
            raise ValueError("rates are fractions: 3 % is 0.03")
        return self


@cache
def series() -> dict[str, Series]:
    """The kept series by name: ``lpr`` and ``benchmark``."""
    return load(paths.data("law", "lpr.yaml"), dict[str, Series])


class Rate(Decimal):
    """A rate as a fraction that knows what it stands on: a Decimal with the attributes of every result."""

    finding: Finding

    def __new__(cls, value: Decimal, finding: Finding) -> Rate:
        self = super().__new__(cls, value)
        self.finding = finding
        return self

    @property
    def value(self) -> Decimal:
        return Decimal(self)

    def __getattr__(self, name: str):
        if name in {"citation", "effective_from", "confidence", "as_of", "known_through", "basis", "notes", "text"}:
            return getattr(self.finding, name)
        raise AttributeError(name)

    def __reduce__(self):
        return (Rate, (self.value, self.finding))

    def __str__(self) -> str:
        return str(self.value)


class RateFinding(Finding):
    """What ``Rate`` carries: one line that states the rate."""

    def lines(self) -> list[str]:
        return [self.title]


def _added(rates: Rates | None, known_through: date, name: str) -> list[tuple[date, Decimal]]:
    """The user's rates, oldest first; the kept table is not overruled in silence."""
    if rates is None:
        return []
    pairs = rates.items() if isinstance(rates, Mapping) else rates
    added = sorted((day(when, "rates"), fraction(rate, "rates")) for when, rate in pairs)
    for when, _ in added:
        if when <= known_through:
            raise ValueError(f"rates 里有 {when}：{name}到 {known_through} 都在表里，只能补之后公布的；"
                             "觉得表错了，请改 data/law/lpr.yaml")
    return added


def _lookup(kind: str, on: date, term: str, rates: Rates | None) -> Rate:
    table = series()[kind]
    one_of(term, tuple(table.terms), "term")
    first = table.changes[0][0]
    if on < first:
        raise RateUnknown(f"{table.name}从 {first} 起才在表里，问的是 {on}"
                          + ("；之前用贷款基准利率 lpr.benchmark" if kind == "lpr" else "；请自己查当年的公告"))
    added = _added(rates, table.known_through, table.name)
    if on > table.known_through and not added:
        raise RateUnknown(f"{table.name}只核到 {table.known_through}，问的是 {on}；"
                          "查到后用 rates={公布日: 利率} 补上，例如 {date(2026, 10, 20): '0.03'}")
    column = table.terms.index(term)
    changes = [(when, values[column]) for when, values in table.changes]
    published, value = changes[bisect_right([when for when, _ in changes], on) - 1]
    confidence, note, known = table.confidence, "", table.known_through
    if table.primary_through and on > table.primary_through:
        confidence = "secondary"
        note = f"直接数据核到 {table.primary_through}，其后到 {table.known_through} 是二手转述"
    if on > table.known_through:
        confidence, known = "user", on
        note = "由使用者补入：" + "，".join(f"{when} 起 {percent(rate)}" for when, rate in added)
        published, value = max((pair for pair in added if pair[0] <= on), default=(published, value))
    basis = _basis(kind, term, published, value, known, confidence, note)
    title = f"{basis.name}（{on}）：{percent(value)}"
    return Rate(value, RateFinding(title=title, basis=(basis,), asked=on, notes=(note,)))


def _basis(kind: str, term: str, published: date, value: Decimal, known: date, confidence: Confidence,
           note: str) -> Parameter:
    table = series()[kind]
    return complete(Entry(
        id=f"{kind}.{term}", name=f"{term} {table.name}", unit="ratio", value=value, confidence=confidence, note=note,
        source=[Source(document=table.document, article="")], effective_from=published, known_through=known,
        effective_to=None if kind == "lpr" else table.known_through,
    ), documents())


def rate(on: object, *, term: str = "1Y", rates: Rates | None = None) -> Rate:
    """The LPR (贷款市场报价利率) in force on a day, as a fraction.

    Parameters
    ----------
    on : the day
    term : "1Y" or "5Y"
    rates : later publications the caller adds, day -> fraction; listing the changes is enough. From the first of them
        the caller answers for the table, and the result says so (``confidence`` is "user").

    Returns
    -------
    Rate
        A Decimal with ``.value``, ``.citation``, ``.effective_from``, ``.confidence``, ``.as_of``.

    Raises
    ------
    RateUnknown
        Before 2019-08-20 (the LPR of the old kind is not used), or past ``known_through`` without ``rates``.
    ValueError
        A rate above 1, or one for a day the table already knows.

    Source: chinamoney.com.cn LprHis; an LPR holds until the next publication (20th of the month, rolled).
    Read directly to 2026-04-20, second hand to 2026-09.

    Examples
    --------
    >>> rate(date(2026, 3, 2))
    Decimal('0.0300')
    >>> rate(date(2026, 10, 25), rates={date(2026, 10, 20): "0.029"}).confidence
    'user'
    >>> rate(date(2026, 10, 1))
    Traceback (most recent call last):
    ...
    receivables.law.inputs.RateUnknown: 贷款市场报价利率（LPR）只核到 2026-09-30，问的是 2026-10-01...
    """
    return _lookup("lpr", day(on, "on"), term, rates)


def benchmark(on: object, *, term: str = "1Y") -> Rate:
    """The benchmark lending rate (贷款基准利率) before 2019-08-20, as a fraction; second-hand figures.

    >>> benchmark(date(2019, 8, 19))
    Decimal('0.0435')
    """
    return _lookup("benchmark", day(on, "on"), term, None)


def segments(start: date, end: date, *, rates: Rates | None = None) -> list[tuple[date, date, Rate]]:
    """The pieces of ``[start, end)`` within which the one-year rate stays the same (分段).

    Days before 2019-08-20 take the benchmark rate, later ones the LPR.

    Raises
    ------
    RateUnknown
        A day of the period lies outside the tables.

    >>> [(str(a), str(b), str(r)) for a, b, r in segments(date(2024, 7, 15), date(2024, 8, 1))]
    [('2024-07-15', '2024-07-22', '0.0345'), ('2024-07-22', '2024-08-01', '0.0335')]
    """
    turn = series()["lpr"].changes[0][0]
    added = _added(rates, series()["lpr"].known_through, "LPR ")
    days = [when for table in series().values() for when, _ in table.changes] + [when for when, _ in added]
    cuts = sorted({start, *(when for when in days if start < when < end), end})
    pieces = []
    for a, b in zip(cuts, cuts[1:], strict=False):
        one = rate if a >= turn else benchmark
        extra = {"rates": rates} if a >= turn else {}
        one(b - timedelta(days=1), **extra)  # the last day of the piece must be known too
        pieces.append((a, b, one(a, **extra)))
    return pieces
