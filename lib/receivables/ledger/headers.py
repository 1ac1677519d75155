"""What a column header means (表头): names met in real exports, from data/ledger/headers.yaml."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache

from receivables import paths
from receivables.content import Content, load

ROLES = (
    "document_id",
    "customer_id",
    "customer_name",
    "issued",
    "baseline",
    "due",
    "terms",
    "settled",
    "amount",
    "net",
    "tax",
    "paid",
    "credited",
    "open",
    "currency",
    "currency_rate",
    "exchange_rate",
    "status",
    "document_type",
    "debit_credit",
    "company",
    "year",
    "disputed",
    "salesperson",
    "contract_id",
    "order_id",
    "parent_id",
    "note",
)
_UNIT = re.compile(r"[（(]\s*(?:单位[:：]?)?\s*(万?元|人民币|CNY|RMB|USD|EUR|GBP)\s*[）)]", re.IGNORECASE)
_DAYS = r"(?:天|日|days?|d)?"
_BUCKETS = [
    re.compile(pattern)
    for pattern in (
        r"(未逾期|未到期|账期内|current|notdue|notyetdue)(金额|amount)?$",
        rf"(逾期)?\d+{_DAYS}[-~～至到]\d+{_DAYS}$",
        rf"[>≥]\d+{_DAYS}$",
        rf"\d+{_DAYS}(以上|以内|\+|-?above|-?over|plus)$",
        rf"(over|above)\d+{_DAYS}$",
        r"\d+年以[内上]$",
        r"\d+[-~～至到]\d+年$",
        r"\d+[-~～至到]\d+个月$",
        r"\d+个月以[内上]$",
    )
]


class Headers(Content):
    """The content of headers.yaml."""

    roles: dict[str, list[str]]
    ignored: list[str]
    document_types: dict[str, list[str]]
    void: list[str]
    debit: list[str]
    credit: list[str]
    yes: list[str]
    no: list[str]
    sums: list[str]
    currencies: dict[str, str]

    @cached_property
    def by_name(self) -> dict[str, tuple[str, int]]:
        """Plain header -> role and rank of the name within the role."""
        return {
            plain(name): (role, rank)
            for role, names in self.roles.items()
            for rank, name in reversed(list(enumerate(names)))
        }

    @cached_property
    def plain_ignored(self) -> frozenset[str]:
        return frozenset(plain(name) for name in self.ignored)

    @cached_property
    def plain_sums(self) -> frozenset[str]:
        return frozenset(plain(word) for word in self.sums)

    @cached_property
    def types(self) -> dict[str, str]:
        """Plain word -> document type."""
        return {plain(word): kind for kind, words in self.document_types.items() for word in words}

    def knows(self, header: str) -> bool:
        """Whether a header means something, be it only that it can be left unread."""
        name = plain(header)
        return name in self.by_name or name in self.plain_ignored or is_bucket(header)


@lru_cache(maxsize=1)
def headers() -> Headers:
    """The names and words of data/ledger/headers.yaml.

    >>> headers().by_name[plain("Invoice Date")][0], headers().by_name[plain("到期日*")][0]
    ('issued', 'due')
    """
    return load(paths.data("ledger", "headers.yaml"), Headers)


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """A header or word without case, width, spaces, underscores, units and trailing stars.

    >>> plain(" Invoice_Date* "), plain("金额（万元）")
    ('invoicedate', '金额')
    """
    text = _UNIT.sub("", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s_*\ufeff:()\[\]\"']", "", text).casefold()


def scale(text: str) -> int:
    """10000 for a header or title that says 万元, else 1.

    >>> scale("应收金额(万元)"), scale("单位：万元"), scale("金额")
    (10000, 10000, 1)
    """
    text = unicodedata.normalize("NFKC", text)
    return 10_000 if re.search(r"[(（]\s*(单位:?)?\s*万元|单位\s*:?\s*(人民币)?\s*万元", text) else 1


@lru_cache(maxsize=10_000)
def is_bucket(header: str) -> bool:
    """Whether a header names an age band.

    >>> [is_bucket(h) for h in ("1～30天", ">365天", "1-2年", "121-Above", "未逾期金额", "金额", "2024-01")]
    [True, True, True, True, True, False, False]
    """
    name = re.sub(r"[\s_]", "", unicodedata.normalize("NFKC", header)).casefold()
    return any(pattern.match(name) for pattern in _BUCKETS) and not re.fullmatch(r"(19|20)\d\d-\d{1,2}", name)
