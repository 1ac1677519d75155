"""A salesperson's commission on cash received (回款提成): what late money and lost money cost the one who sold."""

from __future__ import annotations

from collections.abc import Mapping

from receivables.analysis._numbers import number, share


def commission(received: float, days_late: float, *, rate: float, kept: Mapping[float, float] | None = None,
               vat: float = 0.0) -> float:
    """Commission on cash received (回款提成): received / (1 + VAT) x rate x share kept at that lateness.

    Parameters
    ----------
    received : money received, VAT included where ``vat`` is given
    days_late : days from due date to receipt; 0 or below is in time
    rate : commission on net cash, a fraction
    kept : {days: share still paid when the money came *more* than so many days late}; the highest days passed count
    vat : VAT rate contained in ``received``; commission is paid on what is left of it

    Returns
    -------
    float, money.

    Raises
    ------
    ValueError
        For negative money, fractions outside [0, 1].

    Source
    ------
    A rule of the house (data/company.yaml, 虚构); such ladders are usual, the steps differ from firm to firm.

    Examples
    --------
    >>> [round(commission(113_000, days, rate=0.012, kept={60: 0.5, 90: 0.0}, vat=0.13)) for days in (60, 61, 91)]
    [1200, 600, 0]
    """
    late = number("days_late", days_late)
    passed = [days for days in (kept or {}) if late > days]
    part = share("kept", kept[max(passed)]) if passed else 1.0
    return number("received", received, least=0) / (1 + share("vat", vat)) * share("rate", rate) * part


def loss_charge(loss: float, *, part: float, earned: float) -> float:
    """Charge for a bad debt (坏账扣提成): loss x part, at most what was earned.

    Parameters
    ----------
    loss : what was lost
    part : share of it charged to the salesperson, a fraction
    earned : commission he was paid on that customer: he cannot lose more

    Returns
    -------
    float, money.

    Raises
    ------
    ValueError
        For negative money or a part outside [0, 1].

    Source
    ------
    A rule of the house (data/company.yaml, 虚构). Whether a wage may be docked is a question of labour law and of
    the contract: this is arithmetic only.

    Examples
    --------
    >>> loss_charge(100_000, part=0.05, earned=3_000), loss_charge(20_000, part=0.05, earned=3_000)
    (3000.0, 1000.0)
    """
    return min(number("loss", loss, least=0) * share("part", part), number("earned", earned, least=0))
