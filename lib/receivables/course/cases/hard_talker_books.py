"""The books of case two: trade, ledger, who needs whom, and both deals closed as the concession ledger closes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

import pandas as pd

from receivables.analysis.effectiveness import days_beyond_terms
from receivables.course.cases import papers
from receivables.course.cases.papers import tax, yuan
from receivables.course.cases.story import Story
from receivables.law.interest import late_payment
from receivables.ledger import Ledger
from receivables.ledger.company.profile import profile
from receivables.ledger.company.workdays import workday
from receivables.talk.concession import (
    Allowance,
    Cash,
    Concession,
    Days,
    Instalments,
    Paper,
    Step,
    Supply,
    Terms,
    Verdict,
    WaivedInterest,
    close,
    role_needed,
)

NAME = "case_02_hard_talker"
CUSTOMER = "A0102"
COMPANY = "潮宁岱川泵阀贸易有限公司"
TERMS_DAYS = 30
LATE_A_DAY, LATE_WORDS = Decimal("0.0003"), "万分之三"  # of the unpaid amount, as the contract words it
LATE_RATE = LATE_A_DAY * 365
#: what each van carried, pumps first, valves second: name, unit, price with VAT in fen before the seed moves it, quantity
GOODS = (
    (("变频供水泵组", "套", 2486000, 4), ("闸阀 DN150", "只", 91300, 46)),
    (("立式多级泵", "台", 1064000, 10), ("电动蝶阀 DN200", "只", 214700, 17)),
    (("管道循环泵", "台", 583600, 16), ("止回阀 DN125", "只", 73900, 58)),
    (("立式多级泵", "台", 1072500, 10), ("减压阀 DN100", "只", 187400, 21)),
    (("卧式离心泵", "台", 1046800, 9), ("闸阀 DN100", "只", 66200, 64)),
    (("变频控制柜", "台", 2391000, 4), ("Y 型过滤器 DN150", "只", 58600, 61)),
)
OLD, NEW = range(3), range(3, 6)
BEFORE = (-350, -332, -314, -296, -278, -260, -242)  # deliveries before the six, days from the day the case stands on
DELIVERED = (-215, -197, -182, -80, -55, -18)
GRANTED, REPORTED = -125, -44
LEAKING = 2  # pumps of van 5
HALF, LOST = "0.5", "0.15"  # finance's rules of thumb: late interest that comes in, debts dragged past 90 days that do not
SWITCH_DAYS, NEED_DAYS = 45, 35  # what another make takes to be approved on his site; when he must deliver


@dataclass(frozen=True)
class HardTalker(Story):
    """The case of one seed at one day."""

    number = 2
    goods = GOODS
    dearer, many = 1.1, 15

    # -- trade ---------------------------------------------------------------------------------------------------

    @cached_property
    def before(self) -> list[tuple[int, int]]:
        """Pumps and valves of each delivery before the six."""
        dice = self.dice(2)
        return [(dice.whole(68_000_00, 89_000_00), dice.whole(26_000_00, 38_000_00)) for _ in BEFORE]

    @cached_property
    def delivered(self) -> list[date]:
        dice = self.dice(3)
        return [self.day(offset + dice.whole(-2, 2)) for offset in DELIVERED]

    @cached_property
    def due(self) -> list[date]:
        return [d + timedelta(days=TERMS_DAYS) for d in self.delivered]

    @cached_property
    def old(self) -> int:
        """What stood open when he threatened."""
        return sum(self.amounts[n] for n in OLD)

    @cached_property
    def points(self) -> int:
        return self.dice(4).whole(5, 7)

    @cached_property
    def days(self) -> int:
        return self.dice(5).one([60, 75])

    @cached_property
    def cut(self) -> int:
        """What 小王 let go, to the fen."""
        return int((Decimal(self.old) * self.points / 100).quantize(Decimal(1), ROUND_HALF_UP))

    @cached_property
    def paid(self) -> list[tuple[date, int]]:
        """The two payments for the old debt, after the days were over."""
        first = workday(self.as_of + timedelta(days=GRANTED + self.days))
        part = (self.old - self.cut) // 2 // 1_000_000 * 1_000_000
        return [(first, part), (workday(first + timedelta(days=1)), self.old - self.cut - part)]

    @cached_property
    def leaking(self) -> int:
        """The price of the pumps that leak."""
        return self.vans[4][0][2] * LEAKING

    @cached_property
    def undisputed(self) -> int:
        """Past due, and nobody says anything against it."""
        return self.amounts[3] + self.amounts[4] - self.leaking

    # -- ledger --------------------------------------------------------------------------------------------------

    @cached_property
    def ledger(self) -> Ledger:
        base, seller = {"customer_id": CUSTOMER, "currency": "CNY"}, {"salesperson": "王睿"}
        customers = [{"customer_id": CUSTOMER, "name": COMPANY, "kind": "dealer", "debt_type": "dealer",
                      "size_class": "small", "nature": "民营", "region": "潮宁", **seller, "credit_limit": 500000.0,
                      "terms_days": TERMS_DAYS, "risk_grade": "B", "contact_name": "霍启明"}]
        contracts = [{"contract_id": "HT-0201", "customer_id": CUSTOMER, "signed_on": self.day(-380),
                      "subject": "泵、阀、控制柜，全年按单供货", "debt_type": "dealer", **seller, "currency": "CNY",
                      "amount": None, "terms_days": TERMS_DAYS, "terms_start": "delivery", "debtor_size": "small",
                      "creditor_size": "medium", "late_rate": float(LATE_RATE), "sealed": True, "original_held": True,
                      "signatory": "霍启明", "signatory_authorised": True,
                      "service_address": "潮宁市港前路 66 号；合同写明的微信和邮箱", "performance_place": "卖方住所地",
                      "forum": "卖方住所地人民法院", "retention_of_title": False, "back_to_back": False}]
        dice, deliveries, invoices, receipts, allocations = self.dice(6), [], [], [], []

        def sold(number: str, on: date, amount: int) -> None:
            deliveries.append({"delivery_id": f"SH-{number}", "customer_id": CUSTOMER, "contract_id": "HT-0201",
                               "delivered_on": on, "amount": yuan(amount), "signed": True, "signed_on": on,
                               "signed_by": "邱仓管", "original_held": True, "signer_authorised": True})
            invoices.append({**base, "document_id": f"FP-{number}", "document_type": "invoice", "issued": on,
                             "due": on + timedelta(days=TERMS_DAYS), "net": yuan(amount - tax(amount)),
                             "tax": yuan(tax(amount)), "amount": yuan(amount), "tax_rate": profile().money.vat_rate,
                             "contract_id": "HT-0201", "delivery_id": f"SH-{number}", **seller, "handed_over_on": on,
                             "handed_over_to": "霍珊"})

        def received(number: str, on: date, amount: int, settles: Sequence[tuple[str, int]]) -> None:
            receipts.append({**base, "receipt_id": f"SK-{number}", "received": on, "amount": yuan(amount),
                             "instrument": "transfer", "payer": COMPANY, "third_party": False, "on_account": False})
            allocations.extend({"allocation_id": f"HX-{number}-{at}", "source_type": "receipt",
                                "source_id": f"SK-{number}", "document_id": f"FP-{name}", "applied": on,
                                "amount": yuan(part)} for at, (name, part) in enumerate(settles, 1))

        for at, (offset, parts) in enumerate(zip(BEFORE, self.before, strict=True), 1):
            on = self.day(offset)
            sold(f"0{at}", on, sum(parts))
            paid = workday(on + timedelta(days=TERMS_DAYS + dice.whole(1, 8)))
            received(f"0{at}", paid, sum(parts), [(f"0{at}", sum(parts))])
        for n, (on, amount) in enumerate(zip(self.delivered, self.amounts, strict=True), 1):
            sold(str(n), on, amount)
        waiting = [[str(n + 1), self.amounts[n]] for n in OLD]
        for at, (on, amount) in enumerate(self.paid, 1):
            settles, left = [], amount
            for item in waiting:
                part = min(left, item[1])
                if part:
                    settles.append((item[0], part))
                    item[1], left = item[1] - part, left - part
            received(str(at), on, amount, settles)
        disputes = [{"dispute_id": "YY-1", "customer_id": CUSTOMER, "document_id": "FP-5", "opened_on": self.claimed,
                     "reason": "quality", "amount": yuan(self.leaking), "in_writing": True, "owner": "王睿",
                     "resolved_on": None}]
        ours = self.cut + sum(self.amounts[n] for n in NEW)
        until, sent, back = self.stated
        statements = [{**base, "statement_id": "DZ-1", "as_of": until, "our_balance": yuan(ours), "sent_on": sent,
                       "confirmed_on": back, "confirmed_by": "霍珊", "confirmed_role": "会计", "sealed": True,
                       "their_balance": yuan(ours - self.cut - self.leaking),
                       "difference_reason": "上批差额贵司已同意让；两台漏水泵待换"}]
        contacts = [{"contact_id": f"LX-{n}", "customer_id": CUSTOMER, "contacted_on": self.day(offset),
                     "channel": "wechat", "person": "霍启明", "role": "总经理", "outcome": outcome, "demand": True,
                     "evidence_kept": True, "reached_debtor": True, **seller}
                    for n, (offset, outcome) in enumerate(((-160, "reached"), (-140, "evaded"), (GRANTED, "refused"),
                                                           (-3, "refused")), 1)]
        return papers.ledger(NAME, {
            "customers": customers, "contracts": contracts, "deliveries": deliveries, "invoices": invoices,
            "receipts": receipts, "allocations": allocations, "statements": statements, "disputes": disputes,
            "contacts": contacts})

    @property
    def claimed(self) -> date:
        """The day he complained of the pumps in writing, within the fifteen days of the contract."""
        return workday(self.delivered[4] + timedelta(days=6))

    @property
    def stated(self) -> tuple[date, date, date]:
        """Of the statement: its day, the day it went out, the day it came back."""
        until = self.as_of - timedelta(days=10)
        sent = workday(until + timedelta(days=1))
        return until, sent, workday(sent + timedelta(days=3))

    # -- the concession ledger -------------------------------------------------------------------------------------

    @property
    def terms(self) -> Terms:
        known = profile().money
        return Terms(Decimal(str(known.borrowing_rate)), Decimal(str(known.vat_rate)))

    def _late(self, debts: Sequence[tuple[int, date]], until: date) -> Decimal:
        """Agreed late-payment interest on debts (fen, due) up to a day."""
        bands = [late_payment(str(Decimal(debt) / 100), due + timedelta(days=1), until + timedelta(days=1),
                              agreed_rate=LATE_RATE)["agreed"].low for debt, due in debts]
        return sum(bands, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @cached_property
    def late_old(self) -> Decimal:
        """Late interest on the old debt until it was paid."""
        return self._late([(self.amounts[n], self.due[n]) for n in OLD], self.paid[0][0])

    @cached_property
    def late_new(self) -> Decimal:
        """Late interest until today on what is past due and undisputed."""
        return self._late([(self.amounts[3], self.due[3]), (self.amounts[4] - self.leaking, self.due[4])], self.as_of)

    @cached_property
    def given(self) -> dict[str, Concession]:
        """What 小王 gave that evening, each as the concession ledger prices it."""
        return {"wait": Days(decimal(self.old - self.cut), self.days),
                "cut": Allowance(decimal(self.cut), red_invoice=False),
                "charge": WaivedInterest(self.late_old, chance=HALF, taxed=False),
                "supply": Supply(decimal(self.amounts[3]), margin=str(round(self.margin, 4)), loss=LOST,
                                 days=TERMS_DAYS)}

    @cached_property
    def costs(self) -> dict[str, Decimal]:
        return {name: what.price(self.terms).cost for name, what in self.given.items()}

    @cached_property
    def plan(self) -> list[tuple[date, int]]:
        """The two payments of today's deal: half of what is undisputed within the week, the rest within thirty days."""
        first = self.undisputed // 2 // 1_000_000 * 1_000_000
        return [(workday(self.as_of + timedelta(days=4)), first), (self.day(29), self.undisputed - first)]

    def deal(self) -> Verdict:
        """Today's deal, closed: what it gives, what it gets, what is wrong with it (nothing)."""
        in_days = [((on - self.as_of).days, decimal(amount)) for on, amount in self.plan]
        keeps = str(1 - Decimal(LOST))
        step = Step(given=(Instalments(in_days), Allowance(decimal(self.cut), red_invoice=True),
                           WaivedInterest(self.late_new, chance=HALF, taxed=False)),
                    got=(Cash(decimal(self.undisputed), instead_days=self.days, chance=keeps), Paper("盖章付款计划")),
                    approved_by="总经理", in_writing=True)
        return close([step], self.terms, profile().authority, debt=self.debt)

    def as_it_was(self) -> Verdict:
        """What 小王 did, closed."""
        return close([Step(given=tuple(self.given.values()))], self.terms, profile().authority, debt=decimal(self.old))

    @property
    def debt(self) -> Decimal:
        """All he owes today."""
        return decimal(self.cut + sum(self.amounts[n] for n in NEW))

    def may(self, *given: Concession) -> str | None:
        """Who may grant this on the old debt."""
        return role_needed(given, profile().authority, debt=decimal(self.old))

    # -- who needs whom ------------------------------------------------------------------------------------------

    @cached_property
    def bought(self) -> dict[str, int]:
        """Twelve months of his purchases from us: pumps and valves."""
        every = [*self.before, *((van[0][4], van[1][4]) for van in self.vans)]
        return {"pumps": sum(p for p, _ in every), "valves": sum(v for _, v in every)}

    @cached_property
    def his(self) -> dict[str, int]:
        """What he buys in a year from everybody, as he wrote it himself, in whole 万元."""
        dice = self.dice(7)
        return {"pumps": round(self.bought["pumps"] / dice.between(0.42, 0.5) / 1_000_000) * 1_000_000,
                "valves": round(self.bought["valves"] / dice.between(0.11, 0.15) / 1_000_000) * 1_000_000}

    @cached_property
    def margin(self) -> float:
        """Gross margin on what he buys, by the margins of the two lines."""
        known = {line.name: line.margin for line in profile().lines}
        pumps, valves = self.bought["pumps"], self.bought["valves"]
        return (pumps * known["水泵及控制柜"] + valves * known["阀门管件"]) / (pumps + valves)

    @cached_property
    def year(self) -> dict[str, float]:
        """A year of his trade: as it is, and what is left of it on the terms 小王 gave."""
        gross = sum(self.bought.values())
        net = float(round(Decimal(gross) / (1 + self.terms.vat) / 100, 2))
        profit = round(net * self.margin, 2)
        cut = round(yuan(gross) * self.points / 100, 2)
        wait = float(Days(decimal(gross), self.days).price(self.terms).cost)
        return {"gross": yuan(gross), "net": net, "profit": profit, "cut": cut, "wait": wait,
                "left": round(profit - cut - wait, 2)}

    def lateness(self) -> list[tuple[str, int, float, float]]:
        """Before, during and after 小王's evening: deliveries, amount, days late on average (unpaid: until today)."""
        invoices = self.ledger.table("invoices").set_index("document_id")
        applied = self.ledger.table("allocations").groupby("document_id")["applied"].max()
        last = applied.reindex(invoices.index).fillna(pd.Timestamp(self.as_of))
        # What was let go of the third invoice is not a late payment: it counts as settled with the rest.
        late = (last - invoices["due"]).dt.days.clip(lower=0)
        groups = (("让步以前", [f"FP-0{n}" for n in range(1, 8)]), ("让步那三单", ["FP-1", "FP-2", "FP-3"]),
                  ("让步以后已到期的", ["FP-4", "FP-5"]))
        return [(text, len(names), float(invoices.loc[names, "amount"].sum()),
                 days_beyond_terms(invoices.loc[names, "amount"], late[names])) for text, names in groups]


def decimal(fen: int) -> Decimal:
    """Fen as the exact yuan that the concession ledger wants."""
    return Decimal(fen) / 100
