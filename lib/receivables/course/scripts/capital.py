"""Amounts in Chinese capitals (大写金额), as papers that are signed and sealed write them."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def capital(amount: Decimal | int | str, *, prefix: str = "人民币") -> str:
    """An amount in capitals (人民币大写), to the fen.

    Parameters
    ----------
    amount : yuan, exact to the fen, below 10 ** 12 in absolute value; a float is refused, since it is not exact
    prefix : written before it; empty where the currency is not the yuan

    Raises
    ------
    ValueError
        A float, more than two decimals, or too large.

    Source: 支付结算办法附一《正确填写票据和结算凭证的基本规定》（银发〔1997〕393号）: 零 once for zeros within, none where
    only the 万 place is zero, 整 after 元, none after 角 and 分.

    >>> capital("107000.53"), capital(Decimal("1409.50")), capital(0)
    ('人民币壹拾万柒仟元零伍角叁分', '人民币壹仟肆佰零玖元伍角', '人民币零元整')
    """
    if isinstance(amount, float | bool):
        raise ValueError(f"amount is {amount!r}: give a Decimal or a text, exact to the fen")
    exact = Decimal(amount)
    fen = exact * 100
    if not exact.is_finite() or fen != fen.to_integral_value() or abs(exact) >= 10**12:
        raise ValueError(f"amount must be exact to the fen and below 10 ** 12, given {amount!r}")
    yuan, rest = divmod(abs(int(fen)), 100)
    jiao, last = divmod(rest, 10)
    said = prefix + ("负" if fen < 0 else "")
    if yuan or not rest:
        said += f"{_whole(yuan)}元"
    if not rest:
        return said + "整"
    if yuan and (not jiao or yuan % 10 == 0):
        said += "零"
    return said + (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[last]}分" if last else "")


def _whole(number: int) -> str:
    """A whole number in capitals, by groups of four places."""
    said, gap = "", False  # gap: zeros are waiting to be said before the next digit
    for group in range(len(_GROUPS) - 1, -1, -1):
        four = number // 10 ** (4 * group) % 10**4
        if not four:
            gap = bool(said)
            continue
        if said and (gap or four < 1000):
            said += "零"
        digits, pending = "", False
        for place in range(3, -1, -1):
            digit = four // 10**place % 10
            if digit:
                digits += ("零" if pending else "") + _DIGITS[digit] + _PLACES[place]
            pending = bool(digits) and not digit
        said, gap = said + digits + _GROUPS[group], False
    return said or "零"
