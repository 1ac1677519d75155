"""Time to pay (回款时间): how long invoices stay open, with open ones counted as open.

The mean of paid invoices is too short, because the slow ones are still missing from it. The Kaplan-Meier
estimate counts an open invoice for as long as it has been seen (right-censored). scipy computes it; two
things it does not offer are a few lines here: weights by amount with left truncation, and the competing
risk of write-off (Aalen-Johansen).

Count days from the invoice date: days from the due date can be negative, and a term is not a delay.

Sources: E. L. Kaplan and P. Meier, JASA 53, 1958; O. Aalen and S. Johansen, Scand. J. Statistics 5, 1978.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import CensoredData, ecdf

from receivables.errors import Undefined


@dataclass(frozen=True)
class Curve:
    """Share of invoices still unpaid after so many days (生存曲线): a step function.

    ``days`` ascending, ``unpaid`` the share still unpaid at the end of that day, ``low`` and ``high`` its
    confidence band: NaN where the share is exactly 0 or 1, None for weighted or truncated curves, where
    Greenwood's variance does not hold.
    ``last`` is the longest time seen; nothing is known beyond it.
    """

    days: np.ndarray
    unpaid: np.ndarray
    low: np.ndarray | None = field(default=None, repr=False)
    high: np.ndarray | None = field(default=None, repr=False)

    @property
    def last(self) -> float:
        return float(self.days[-1])

    def at(self, days: ArrayLike) -> np.ndarray:
        """Share unpaid at the end of each of ``days`` (any shape); NaN beyond the longest time seen,
        unless the curve has already reached 0."""
        asked = np.asarray(days, dtype=float)
        step = np.searchsorted(self.days, asked, side="right")
        share = np.concatenate([[1.0], self.unpaid])[step]
        return np.where((asked > self.last) & (share > 0), np.nan, share)

    def quantile(self, paid: float) -> float:
        """Days until the share ``paid`` (0 to 1) of invoices is paid; Undefined if the curve stops before."""
        if not 0 < paid <= 1:
            raise ValueError(f"paid is {paid}: give a share above 0 and up to 1")
        reached = self.unpaid <= 1 - paid + 1e-12
        if not reached.any():
            raise Undefined(f"only {1 - self.unpaid[-1]:.0%} is paid within the {self.last:.0f} days seen: "
                            f"the day on which {paid:.0%} is paid is not known yet")
        return float(self.days[reached.argmax()])

    @property
    def median(self) -> float:
        """Median days to pay (中位回款天数); Undefined while less than half is paid."""
        return self.quantile(0.5)

    def restricted_mean(self, horizon: float) -> float:
        """Mean days to pay counted up to ``horizon`` (限定均值): the area under the curve, in days."""
        if not horizon > 0:
            raise ValueError("horizon must be above 0 days")
        if np.isnan(self.at(horizon)):
            raise Undefined(f"nothing is known beyond {self.last:.0f} days: ask for a horizon up to that")
        if self.days[0] < 0:
            raise Undefined("the curve holds negative days: count from the invoice date, not from the due date")
        inside = self.days < horizon
        edges = np.concatenate([[0.0], self.days[inside], [horizon]])
        return float(np.diff(edges) @ np.concatenate([[1.0], self.unpaid[inside]]))


def _checked(days: ArrayLike, happened: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    time, event = np.asarray(days, dtype=float), np.asarray(happened)
    if time.ndim != 1 or time.shape != event.shape:
        raise ValueError(f"days has shape {time.shape} and the outcome {event.shape}: give one entry an invoice")
    if not len(time):
        raise Undefined("no invoices: there is no time to pay")
    if not np.isfinite(time).all():
        raise ValueError(f"{(~np.isfinite(time)).sum()} entries of days are missing: "
                         "an open invoice counts its days up to the as-of date")
    return time, event


def curve(days: ArrayLike, paid: ArrayLike, *, weights: ArrayLike | None = None, entry: ArrayLike | None = None,
          confidence: float = 0.95) -> Curve:
    """Kaplan-Meier curve of time to pay (回款时间的生存曲线): S(t) = product of 1 - d/n, open invoices right-censored.

    Parameters
    ----------
    days : (n,) days from invoice to payment, or to the as-of date if still open
    paid : (n,) bool, False = still open (censored)
    weights : (n,) amounts; report both, by number and by amount: one big slow invoice shows in the second only
    entry : (n,) age in days at which each invoice came under observation (left truncation): an invoice already
        40 days old when the ledger starts can only tell about days after the 40th
    confidence : level of the band (log-log, stays inside [0, 1])

    Returns
    -------
    Curve

    Raises
    ------
    ValueError
        Shapes differ, days missing, negative weights, entry not before days.
    Undefined
        No invoices.

    Notes
    -----
    Written-off invoices are not "still open": with any of them use :func:`competing`. Payment in several parts:
    give one row a part with its amount as weight. Verified against Freireich et al., Blood 21, 1963 (6-MP).

    Examples
    --------
    >>> line = curve([20, 30, 30, 45, 60], [True, True, False, True, False])
    >>> [round(float(share), 3) for share in line.unpaid]
    [0.8, 0.6, 0.3, 0.3]
    >>> line.median
    45.0
    """
    time, event = _checked(days, paid)
    if event.dtype != bool:
        raise ValueError("paid must be True or False for every invoice: a write-off is neither, see competing()")
    if weights is None and entry is None:
        survival = ecdf(CensoredData(uncensored=time[event], right=time[~event])).sf
        with warnings.catch_warnings():
            # the log-log band does not exist where the share is exactly 0 or 1: it is NaN there, as documented
            warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
            band = survival.confidence_interval(confidence, method="log-log")
        return Curve(survival.quantiles, survival.probabilities, band.low.probabilities, band.high.probabilities)
    unique, at_risk, (events,) = _risk_sets(time, [event], weights, entry)
    return Curve(unique, np.cumprod(1 - _ratio(events, at_risk)))


def competing(days: ArrayLike, outcome: ArrayLike, *, weights: ArrayLike | None = None,
              entry: ArrayLike | None = None) -> pd.DataFrame:
    """Competing risks of an invoice (竞争风险, Aalen-Johansen): shares paid, written off and still open after so many days.

    A write-off ends the wait without a payment. Censoring it would pretend that it may still be paid, and
    1 - Kaplan-Meier then overstates the share ever paid.

    Parameters
    ----------
    days : (n,) days from invoice to the outcome, or to the as-of date if open
    outcome : (n,) strings "paid", "written_off" or "open"
    weights, entry : as in :func:`curve`

    Returns
    -------
    DataFrame indexed by ``days`` with columns ``paid``, ``written_off``, ``open``: shares that add to 1.

    Raises
    ------
    ValueError
        An outcome other than the three; otherwise as :func:`curve`.

    Examples
    --------
    >>> competing([20, 30, 40, 90], ["paid", "paid", "open", "written_off"]).round(3)
          paid  written_off  open
    days
    20.0  0.25          0.0  0.75
    30.0  0.50          0.0  0.50
    40.0  0.50          0.0  0.50
    90.0  0.50          0.5  0.00
    """
    time, state = _checked(days, outcome)
    unknown = sorted({str(value) for value in pd.unique(state)} - {"paid", "written_off", "open"})
    if unknown:
        raise ValueError(f"outcome holds {', '.join(unknown)}: use 'paid', 'written_off' or 'open'")
    unique, at_risk, (paid, lost) = _risk_sets(time, [state == "paid", state == "written_off"], weights, entry)
    still = np.cumprod(1 - _ratio(paid + lost, at_risk))
    before = np.concatenate([[1.0], still[:-1]])
    return pd.DataFrame({"paid": np.cumsum(before * _ratio(paid, at_risk)),
                         "written_off": np.cumsum(before * _ratio(lost, at_risk)), "open": still},
                        index=pd.Index(unique, name="days"))


def _ratio(events: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    # Weighted counts subtract floats: keep the last step inside [0, 1].
    return np.clip(np.divide(events, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0), 0, 1)


def _risk_sets(time: np.ndarray, events: list[np.ndarray], weights: ArrayLike | None,
               entry: ArrayLike | None) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Unique times, amount at risk just before each, and amount of each kind of event at each."""
    weight = np.ones(len(time)) if weights is None else np.asarray(weights, dtype=float)
    if weight.shape != time.shape or not (weight >= 0).all() or not weight.sum() > 0:
        raise ValueError("weights must be one amount an invoice, none negative or missing, not all 0: "
                         "leave credit balances out")
    unique, place = np.unique(time, return_inverse=True)
    leaving = np.bincount(place, weight, minlength=len(unique))
    at_risk = np.cumsum(leaving[::-1])[::-1]
    if entry is not None:
        start = np.asarray(entry, dtype=float)
        if start.shape != time.shape or not (start < time).all():
            raise ValueError("entry must lie before days for every invoice: "
                             "leave out what was settled before observation began")
        order = np.argsort(start, kind="stable")
        entered = np.concatenate([[0.0], np.cumsum(weight[order])])
        at_risk = at_risk - (weight.sum() - entered[np.searchsorted(start[order], unique, side="left")])
    return unique, at_risk, [np.bincount(place, weight * kind, minlength=len(unique)) for kind in events]


def durations(issued: pd.Series, closed: pd.Series, as_of: object) -> pd.DataFrame:
    """Days open (在账天数): closed or ``as_of`` - issued, and whether paid, as known at ``as_of``.

    Parameters
    ----------
    issued : (n,) dates
    closed : (n,) dates of full payment, NaT if open; a payment after ``as_of`` is not known yet: open
    as_of : date; end of that day

    Returns
    -------
    DataFrame with ``days`` (float) and ``paid`` (bool); invoices issued after ``as_of`` are left out.

    Raises ValueError when an invoice closes before it was issued, or ``issued`` is missing.

    >>> durations(pd.Series(pd.to_datetime(["2026-01-05", "2026-01-20"])),
    ...           pd.Series(pd.to_datetime(["2026-02-04", None])), "2026-03-01")
       days   paid
    0  30.0   True
    1  40.0  False
    """
    day = pd.Timestamp(as_of).normalize()
    issued = pd.to_datetime(issued).dt.normalize()
    closed = pd.to_datetime(closed).dt.normalize()
    if issued.isna().any():
        raise ValueError(f"{issued.isna().sum()} invoices have no issue date: settle that at import")
    if (closed < issued).any():
        raise ValueError(f"{(closed < issued).sum()} invoices are closed before they were issued: "
                         "a prepayment is not a time to pay, leave it out")
    known = issued <= day
    paid = (closed <= day)[known]
    end = closed[known].where(paid, day)
    return pd.DataFrame({"days": (end - issued[known]).dt.days.astype(float), "paid": paid})
