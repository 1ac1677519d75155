"""What does not belong in a book (个人信息): phone, identity card and bank account numbers, WeChat ids and number
plates are masked; so is, where nobody shall be named, a learner's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from receivables.course.scripts.words import words

_PATTERNS = (
    ("identity", re.compile(r"(?<!\d)\d{6}[ -]?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
                            r"[ -]?\d{3}[\dXx](?!\d)")),
    ("phone", re.compile(r"(?<![\dA-Za-z])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<![\dA-Za-z.-])[(（]?0\d{2,3}[)） -]{0,2}\d{7,8}(?!\d)")),
    ("account", re.compile(r"(?<![\dA-Za-z.])(?:\d{4}(?:[ -]\d{4}){2,}(?:[ -]\d{1,4})?|\d{12,30})(?!\d)")),
    ("wechat", re.compile(r"(?:微信|VX|WX)(?:号码?|ID)[ 是为：:（(]{0,3}(?P<id>[A-Z0-9][-\w]{2,19})", re.A | re.I)),
    ("wechat", re.compile(r"(?:微信|VX|WX)[ 是为：:（(]{0,3}(?P<id>(?=[-\w]{0,19}[-_\d])[A-Z][-\w]{5,19})", re.A | re.I)),
    ("plate", re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][ ·•.-]?"
                         r"(?=[A-Z]{0,5}\d)(?:[A-Z0-9]{5,6}|[A-Z0-9]{4}[挂学警港澳])(?![A-Z0-9])", re.I)),
)
#: a long number that is counted in money is no account
_MONEY = re.compile(r"(?:\.\d+)?\s*(?:元|万|亿|块)")
#: a long number that says it is a document's is no account
_DOCUMENT = re.compile(r"(?:发票|票|单|合同|订单|编|凭证)号?码?[ 是为：:（(]{0,2}$")
_WIDE = {0xFEE0 + n: chr(n) for n in range(0x30, 0x7B) if chr(n).isalnum()} | {ord("－"): "-", 0x3000: " ", ord("＋"): "+"}


def masked(text: str) -> tuple[str, Counter[str]]:
    """A text with such numbers replaced by what they are, and how many of each kind there were.

    >>> masked("我的电话 138-1234-5678，6月20日前付148,164.30元")
    ('我的电话 〔电话〕，6月20日前付148,164.30元', Counter({'phone': 1}))
    >>> masked("发票号25312000000012345678，一共 1234567890123 元，请核对。")[1]
    Counter()
    >>> masked("加我微信号：heng_tong88，我开苏A·12345来")[0]
    '加我微信号：〔微信号〕，我开〔车牌〕来'
    """
    found: Counter[str] = Counter()
    for kind, pattern in _PATTERNS:
        plain, parts, at = text.translate(_WIDE), [], 0
        for match in pattern.finditer(plain):
            if kind == "account" and (_DOCUMENT.search(plain[:match.start()]) or _MONEY.match(plain, match.end())):
                continue
            start, end = match.span("id" if "id" in match.groupdict() else 0)
            parts += [text[at:start], words().private[kind]]
            at = end
            found[kind] += 1
        text = "".join([*parts, text[at:]])
    return text, found


def unnamed(text: str, names: Iterable[str]) -> str:
    """A text without these learners' names, where nobody shall be named. A single character is no name to look for.

    >>> unnamed("我是衡桐的小李，来对账。", ["小李", "王"])
    '我是衡桐的〔名字〕，来对账。'
    """
    for name in sorted(filter(lambda name: len(name) > 1, names), key=len, reverse=True):
        text = text.replace(name, words().private["name"])
    return text
