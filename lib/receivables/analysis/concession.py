"""Price allowance against debt forgiveness (让价与免债). The names are reached through ``trade_credit``.

The same reduction of what the customer must pay costs us different money. A price allowance (销售折让) with a red
invoice lowers output VAT; forgiving part of the debt (债务重组) does not: the VAT was due on the sale and stays paid.
"""

from __future__ import annotations

from dataclasses import dataclass

from receivables.analysis._numbers import number, share


@dataclass(frozen=True)
class Concession:
    """A reduction of the customer's debt: what he no longer pays, VAT we get back, what it costs us before and
    after income tax, and what the customer gains once his own input VAT is corrected."""

    reduction: float
    output_vat_back: float
    cost: float
    cost_after_tax: float
    customer_gains: float


def price_allowance(reduction: float, *, vat: float = 0.13, income_tax: float = 0.0) -> Concession:
    """Price allowance with a red invoice (价格折让, 销售折让并开红字发票): cost = reduction / (1 + VAT).

    Parameters
    ----------
    reduction : what the customer no longer pays, with VAT
    vat : VAT rate of the sale, a fraction
    income_tax : our income tax rate; the lower revenue lowers profit. 0 leaves it out

    Returns
    -------
    Concession. The customer loses the input VAT on it, so his gain is the net amount too.

    Raises
    ------
    ValueError
        For a negative reduction or rates outside [0, 1].

    Source
    ------
    财税〔2016〕36号 附件1 第32条 (VAT repaid to the buyer for an allowance is deducted from output VAT; from
    memory) and 增值税法, in force 2026-01-01; needs a reason in the goods or the price, and the customer's
    cooperation for the red invoice. Ask the tax adviser: not tax advice.

    Examples
    --------
    >>> given = price_allowance(113_000)
    >>> round(given.cost, 2), round(given.output_vat_back, 2)
    (100000.0, 13000.0)
    """
    given = number("reduction", reduction, least=0)
    net = given / (1 + share("vat", vat))
    return Concession(given, given - net, net, net * (1 - share("income_tax", income_tax)), net)


def debt_forgiveness(reduction: float, *, income_tax: float = 0.0, deductible: bool = False) -> Concession:
    """Forgiveness of debt (债务豁免, 债务重组损失): cost = reduction, VAT included.

    Parameters
    ----------
    reduction : what the customer no longer pays, with VAT
    income_tax : our income tax rate; 0 leaves it out
    deductible : whether the loss is deductible for us: with agreement and evidence it may be, else not

    Returns
    -------
    Concession. The customer keeps his input VAT and gains the whole reduction (his taxable income).

    Raises
    ------
    ValueError
        For a negative reduction or a rate outside [0, 1].

    Source
    ------
    企业会计准则第12号——债务重组 (2019); 增值税法 knows no relief for bad debts (searched, text in force
    2026-01-01); deduction: 财税〔2009〕59号 and 税务总局公告2011年第25号 (from memory). Not tax advice.

    Examples
    --------
    >>> debt_forgiveness(113_000).cost
    113000.0
    """
    given, tax = number("reduction", reduction, least=0), share("income_tax", income_tax)
    return Concession(given, 0.0, given, given * (1 - tax) if deductible else given, given)
