"""Promises to pay (付款承诺) measured by cash, never by a typed status.

Each unit of cash keeps one promise at most: two promises with overlapping windows cannot share a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from receivables.analysis._numbers import number, share
from receivables.errors import Undefined

PART = 0.25  # below this share of a promise paid, it counts as broken


@dataclass(frozen=True)
class KeptRate:
    """What became of the promises whose window has closed.

    ``detail`` has one row a promise, in the order given: ``paid`` (cash allocated to it) and ``state``
    (kept, part, broken, or unripe, which is in no rate).
    """

    by_amount: float
    by_count: float
    ripe: int
    detail: pd.DataFrame = field(repr=False, compare=False)


def kept_rate(promises: pd.DataFrame, receipts: pd.DataFrame, *, before: int = 1, after: int = 3,
              kept: float = 0.9, as_of: date | str | None = None) -> KeptRate:
    """Promise-to-pay kept rate (承诺兑现率): promises kept / promises whose window has closed.

    A receipt counts for a promise of the same customer (and currency) from ``before`` days before the
    promised day, though not before the promise was made, to ``after`` days after it. Receipts are taken in
    date order and go to the promise whose window closes first; what a promise does not need is left for the
    next. A promise is kept when at least ``kept`` of it came, part kept from a quarter on, else broken.

    Parameters
    ----------
    promises : one row a promise with ``customer_id``, ``pay_by`` (date), ``amount`` (> 0); optionally
        ``promised_on`` (date made) and ``currency``
    receipts : one row a receipt with ``customer_id``, ``received`` (date; give the application date to follow
        the books instead of the bank), ``amount``; optionally ``currency``. Refunds (< 0) are left out
    before, after : the window in calendar days, both ends included
    kept : share of the promised amount that keeps it
    as_of : end of the day up to which receipts are known. A window still open then is unripe and left out of
        both sides of the rate, even if the money is there already. None: every window given has closed

    Returns
    -------
    KeptRate: ``by_amount`` = promised money kept / promised money ripe, ``by_count``, ``ripe``, ``detail``.

    Raises
    ------
    Undefined
        When no promise is ripe.
    ValueError
        For missing columns, several currencies (they are never added), amounts that are not positive,
        missing dates, or negative windows.

    Source
    ------
    No standard exists. Window and limits are the one explicit public rule found (an open wholesale tool kit;
    cash in [-1, +3] days, 90 % kept, 25 % part kept); there one receipt may keep two promises, here it may not.

    Examples
    --------
    >>> promises = pd.DataFrame({"customer_id": ["C1", "C1"], "pay_by": pd.to_datetime(["2026-06-10", "2026-06-12"]),
    ...                          "amount": [100.0, 100.0]})
    >>> receipts = pd.DataFrame({"customer_id": ["C1"], "received": pd.to_datetime(["2026-06-11"]), "amount": [100.0]})
    >>> result = kept_rate(promises, receipts)
    >>> result.by_count, result.detail["state"].tolist()
    (0.5, ['kept', 'broken'])
    """
    before, after = number("before", before, least=0), number("after", after, least=0)
    kept = share("kept", kept)
    if kept < PART:
        raise ValueError(f"kept is at least {PART:g}, the share that counts as part kept; given {kept:g}")
    made, cash = _read(promises, "promises", "pay_by"), _read(receipts, "receipts", "received")
    if (made["amount"] <= 0).any():
        raise ValueError("promises hold an amount that is not positive: a promise names a sum")
    if made["currency"].nunique() > 1:
        raise ValueError("promises are in several currencies, which are never added: ask for one at a time")
    day = np.timedelta64(1, "D")
    opens, closes = made["on"].to_numpy() - int(before) * day, made["on"].to_numpy() + int(after) * day
    if "promised_on" in promises:
        said = pd.to_datetime(promises["promised_on"]).to_numpy().astype("datetime64[D]")
        opens = np.where(np.isnat(said), opens, np.maximum(opens, said))
    ripe = np.ones(len(made), bool) if as_of is None else closes <= np.datetime64(pd.Timestamp(as_of), "D")
    if as_of is not None:
        cash = cash[cash["on"] <= np.datetime64(pd.Timestamp(as_of), "D")]
    paid = _allocate(made, cash[cash["amount"] > 0], opens, closes)
    ratio = paid / made["amount"].to_numpy()
    state = np.select([~ripe, ratio >= kept - 1e-12, ratio >= PART], ["unripe", "kept", "part"], "broken")
    if not ripe.any():
        raise Undefined("no promise has passed its window yet: there is no kept rate")
    amount, good = made["amount"].to_numpy(), state == "kept"
    detail = promises.assign(paid=paid, state=state)
    return KeptRate(float(amount[good].sum() / amount[ripe].sum()), float(good.sum() / ripe.sum()),
                    int(ripe.sum()), detail)


def _read(frame: pd.DataFrame, name: str, day: str) -> pd.DataFrame:
    missing = {"customer_id", day, "amount"} - set(frame.columns)
    if missing:
        raise ValueError(f"{name} lack the column(s) {', '.join(sorted(missing))}")
    on = pd.to_datetime(frame[day])
    if on.isna().any():
        raise ValueError(f"{name}: {day} is missing in row {int(np.argmax(on.isna()))}: a date is never guessed")
    amount = frame["amount"].astype("float64").to_numpy()
    if not np.isfinite(amount).all():
        raise ValueError(f"{name}: amount is missing in row {int(np.argmin(np.isfinite(amount)))}")
    currency = frame["currency"].astype("str").to_numpy() if "currency" in frame else "XXX"
    return pd.DataFrame({"customer": frame["customer_id"].astype("str").to_numpy(), "currency": currency,
                         "on": on.to_numpy().astype("datetime64[D]"), "amount": amount})


def _allocate(made: pd.DataFrame, cash: pd.DataFrame, opens: np.ndarray, closes: np.ndarray) -> np.ndarray:
    """Cash to promises, each unit once: receipts in date order, to the open window that closes first.

    Point in interval, earliest deadline first: no other assignment puts more cash to promises.
    """
    need, paid = made["amount"].to_numpy(), np.zeros(len(made))
    waiting: dict[tuple, list[int]] = {}
    for row in np.argsort(closes, kind="stable"):
        waiting.setdefault((made["customer"].iat[row], made["currency"].iat[row]), []).append(int(row))
    for receipt in cash.sort_values("on", kind="stable").itertuples():
        left = receipt.amount
        on = np.datetime64(receipt.on, "D")
        for row in waiting.get((receipt.customer, receipt.currency), ()):
            if left <= 0:
                break
            if opens[row] <= on <= closes[row]:
                part = min(left, need[row] - paid[row])
                paid[row] += part
                left -= part
    return paid
