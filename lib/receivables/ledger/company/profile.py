"""The thread company's facts (公司档案): data/company.yaml, validated."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, PositiveInt, model_validator

from receivables import paths
from receivables.content import Content, load

Share = Annotated[float, Field(ge=0, le=1)]
Yuan = Annotated[float, Field(ge=0)]
SizeClass = Literal["public_body", "large", "medium", "small", "micro"]
DebtType = Literal["project", "dealer", "institutional"]
CustomerId = Annotated[str, Field(pattern=r"^C\d{4}$")]


class Size(Content):
    """Our own size class (企业规模) from a date on; it is judged on the day a contract is signed."""

    from_: date = Field(alias="from")
    class_: SizeClass = Field(alias="class")
    industry: str
    headcount: PositiveInt
    revenue: Yuan
    assets: Yuan
    declared: str


class Course(Content):
    as_of: date
    history_from: date
    currency: str
    seed: int


class Money(Content):
    vat_rate: Share
    borrowing_rate: Share
    gross_margin: Share
    net_margin: Share
    variable_cost_ratio: Share
    equity: Yuan


class Line(Content):
    name: str
    margin: Share
    share: Share


class Ceilings(Content):
    """What the three ceilings of F10 need beside the ledger (资金线、周转线、损失线)."""

    free_funds: Yuan
    cash_per_yuan: Share
    target_dso: Yuan
    tolerable_loss: Yuan
    expected_loss_rate: Share


class CustomerKind(Content):
    id: str
    name: str
    debt_type: DebtType
    customers: PositiveInt
    about: str


class Step(Content):
    day: int
    step: str
    owner: str


class Policy(Content):
    standard_terms: dict[str, PositiveInt]
    limit_rule: str
    grades: dict[Literal["A", "B", "C", "D"], str]
    review_days: dict[Literal["A", "B", "C", "D"], PositiveInt]
    ladder: tuple[Step, ...]
    statement: str
    contact_hours: str


class Commission(Content):
    rate: Share
    overdue_60: Share
    overdue_90: Share
    bad_debt_share: Share


class Authority(Content):
    """What one role may grant (权限表); ``amount`` empty means without limit."""

    role: str
    extend_days: int
    instalments: int
    discount: Share
    waive_interest: bool
    stop_supply: bool
    amount: Yuan | None


class Person(Content):
    id: str
    name: str
    role: str
    region: str


class BankAccount(Content):
    """Where customers pay (收款账户)."""

    bank: str
    number: str


class Story(Content):
    """What happened to one customer or salesperson, for trainers only."""

    title: str
    lesson: str
    customer: CustomerId | None = None
    name: str | None = None
    salesperson: str | None = None
    customers: tuple[CustomerId, ...] = ()
    story: str = ""
    look_at: tuple[str, ...] = ()


class Company(Content):
    """The seller of the thread ledger; what is not for learners stands under ``trainer_only``."""

    fiction: str
    name: str
    short_name: str
    english_name: str
    place: str
    business: str
    account: BankAccount | None = None
    size: tuple[Size, ...]
    size_basis: str
    course: Course
    money: Money
    lines: tuple[Line, ...]
    ceilings: Ceilings
    kinds: tuple[CustomerKind, ...]
    policy: Policy
    commission: Commission
    authority: tuple[Authority, ...]
    staff: tuple[Person, ...]
    # Absent from a learner's edition, which never regenerates the company.
    trainer_only: dict[Literal["squeeze", "surge", "dispute", "concealer", "dishonoured"], Story] = Field(
        default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Company:
        kinds = [kind.id for kind in self.kinds]
        if set(self.policy.standard_terms) != set(kinds):
            raise ValueError(f"policy.standard_terms must name exactly the kinds {kinds}")
        if abs(sum(line.share for line in self.lines) - 1) > 1e-9:
            raise ValueError("the shares of lines must add up to 1")
        if [size.from_ for size in self.size] != sorted(size.from_ for size in self.size):
            raise ValueError("size must run oldest first")
        return self

    def size_on(self, signed: date) -> SizeClass:
        """Our size class on the day a contract was signed; ValueError before the first entry.

        >>> profile().size_on(date(2024, 3, 1))
        'medium'
        """
        known = [size for size in self.size if size.from_ <= signed]
        if not known:
            raise ValueError(f"company.yaml gives no size before {self.size[0].from_}; add an entry under size")
        return known[-1].class_

    def may_grant(self, role: str) -> Authority:
        """The row of the authority table (权限表) for a role; ValueError for a role it does not have.

        >>> profile().may_grant("区域经理").extend_days
        15
        """
        for row in self.authority:
            if row.role == role:
                return row
        raise ValueError(f"no authority for {role!r}: the table has {[row.role for row in self.authority]}")

    def staff_with(self, role: str) -> tuple[Person, ...]:
        """Everybody of one role, in the order of the file.

        >>> [person.name for person in profile().staff_with("销售总监")]
        ['袁明远']
        """
        return tuple(person for person in self.staff if person.role == role)


@cache
def profile() -> Company:
    """The thread company (贯穿全课的公司), read once from data/company.yaml.

    Raises
    ------
    receivables.content.ContentError
        With every fault of the file and its line.

    Examples
    --------
    >>> company = profile()
    >>> company.short_name, company.course.as_of.isoformat(), len(company.kinds)
    ('衡桐机电', '2025-06-30', 6)
    """
    return load(paths.data("company.yaml"), Company)
