"""Numbers that do not belong in a book (个人信息): phone, identity card and bank account numbers are masked."""

from __future__ import annotations

import re
from collections import Counter

from receivables.course.scripts.words import words

_PATTERNS = (
    ("identity", re.compile(r"(?<!\d)\d{6}[ -]?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
                            r"[ -]?\d{3}[\dXx](?!\d)")),
    ("phone", re.compile(r"(?<![\dA-Za-z])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<![\dA-Za-z.-])[(（]?0\d{2,3}[)） -]{0,2}\d{7,8}(?!\d)")),
    ("account", re.compile(r"(?<![\dA-Za-z.])(?:\d{4}(?:[ -]\d{4}){2,}(?:[ -]\d{1,4})?|\d{12,30})(?!\d)")),
)
#: a long number that says it is a document's is no account
_DOCUMENT = re.compile(r"(?:发票|票|单|合同|订单|编|凭证)号?码?[ 是为：:（(]{0,2}$")
_WIDE = {0xFF10 + n: str(n) for n in range(10)} | {ord("－"): "-", 0x3000: " ", ord("＋"): "+"}


def masked(text: str) -> tuple[str, Counter[str]]:
    """A text with such numbers replaced by what they are, and how many of each kind there were.

    >>> masked("我的电话 138-1234-5678，6月20日前付148,164.30元")
    ('我的电话 〔电话〕，6月20日前付148,164.30元', Counter({'phone': 1}))
    >>> masked("发票号25312000000012345678，请核对。")[1]
    Counter()
    """
    found: Counter[str] = Counter()
    for kind, pattern in _PATTERNS:
        plain, parts, at = text.translate(_WIDE), [], 0
        for match in pattern.finditer(plain):
            if kind == "account" and _DOCUMENT.search(plain[:match.start()]):
                continue
            parts += [text[at:match.start()], words().private[kind]]
            at = match.end()
            found[kind] += 1
        text = "".join([*parts, text[at:]])
    return text, found
