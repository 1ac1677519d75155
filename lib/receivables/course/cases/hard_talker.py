"""Case two, the customer who talks hard (说话强硬的客户): ledger, facts and tables from one seed.

Everything agrees to the fen, but for what is planted: the third old invoice stands open by exactly what 小王 let go by
WeChat without a red invoice; the sealed statement is short by that and by the two pumps complained of in time; his
report calls the old debt settled, waiting free and a word worth money; and what was approved later was less.
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
from receivables.course.cases.base import Case
from receivables.course.cases.papers import last_workday, tax, written, yuan
from receivables.exercise.figures import ShownTable, money
from receivables.law.interest import late_payment
from receivables.ledger import Ledger
from receivables.ledger.company.dice import Dice
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
GRANTED, ASKED, ANSWERED, REPORTED = -125, -123, -118, -44
LEAKING = 2  # pumps of van 5
HALF, LOST = "0.5", "0.15"  # finance's rules of thumb: late interest that comes in, debts dragged past 90 days that do not
SWITCH_DAYS, NEED_DAYS = 45, 35  # what another make takes to be approved on his site; when he must deliver


@dataclass(frozen=True)
class HardTalker:
    """The case of one seed at one day. Amounts are fen inside."""

    seed: int
    as_of: date

    def _dice(self, purpose: int) -> Dice:
        return Dice(self.seed, 2, purpose)

    def day(self, offset: int) -> date:
        """A working day near ``offset`` days from the day the case stands on."""
        return last_workday(self.as_of + timedelta(days=offset))

    # -- trade ---------------------------------------------------------------------------------------------------

    @cached_property
    def vans(self) -> list[list[tuple[str, str, int, int, int]]]:
        """Lines of each of the six deliveries: name, unit, price, quantity, amount; pumps first, valves second."""
        dice, vans = self._dice(1), []
        for goods in GOODS:
            lines = []
            for name, unit, price, quantity in goods:
                price = int(price * dice.between(0.98, 1.1)) // 10 * 10
                quantity += dice.whole(0, 2) if quantity > 15 else 0
                lines.append((name, unit, price, quantity, price * quantity))
            vans.append(lines)
        return vans

    @cached_property
    def amounts(self) -> list[int]:
        return [sum(line[4] for line in van) for van in self.vans]

    @cached_property
    def before(self) -> list[tuple[int, int]]:
        """Pumps and valves of each delivery before the six."""
        dice = self._dice(2)
        return [(dice.whole(68_000_00, 89_000_00), dice.whole(26_000_00, 38_000_00)) for _ in BEFORE]

    @cached_property
    def delivered(self) -> list[date]:
        dice = self._dice(3)
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
        return self._dice(4).whole(5, 7)

    @cached_property
    def days(self) -> int:
        return self._dice(5).one([60, 75])

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
        dice, deliveries, invoices, receipts, allocations = self._dice(6), [], [], [], []

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
        disputes = [{"dispute_id": "YY-1", "customer_id": CUSTOMER, "document_id": "FP-5", "opened_on": self._claimed,
                     "reason": "quality", "amount": yuan(self.leaking), "in_writing": True, "owner": "王睿",
                     "resolved_on": None}]
        ours = self.cut + sum(self.amounts[n] for n in NEW)
        until, sent, back = self._stated
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
    def _claimed(self) -> date:
        return workday(self.delivered[4] + timedelta(days=6))

    @property
    def _stated(self) -> tuple[date, date, date]:
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
        return {"wait": Days(_decimal(self.old - self.cut), self.days),
                "cut": Allowance(_decimal(self.cut), red_invoice=False),
                "charge": WaivedInterest(self.late_old, chance=HALF, taxed=False),
                "supply": Supply(_decimal(self.amounts[3]), margin=str(round(self.margin, 4)), loss=LOST,
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
        in_days = [((on - self.as_of).days, _decimal(amount)) for on, amount in self.plan]
        keeps = str(1 - Decimal(LOST))
        step = Step(given=(Instalments(in_days), Allowance(_decimal(self.cut), red_invoice=True),
                           WaivedInterest(self.late_new, chance=HALF, taxed=False)),
                    got=(Cash(_decimal(self.undisputed), instead_days=self.days, chance=keeps), Paper("盖章付款计划")),
                    approved_by="总经理", in_writing=True)
        return close([step], self.terms, profile().authority, debt=self._debt)

    def as_it_was(self) -> Verdict:
        """What 小王 did, closed."""
        return close([Step(given=tuple(self.given.values()))], self.terms, profile().authority, debt=_decimal(self.old))

    @property
    def _debt(self) -> Decimal:
        return _decimal(self.cut + sum(self.amounts[n] for n in NEW))

    def may(self, *given: Concession) -> str | None:
        """Who may grant this on the old debt."""
        return role_needed(given, profile().authority, debt=_decimal(self.old))

    # -- who needs whom ------------------------------------------------------------------------------------------

    @cached_property
    def bought(self) -> dict[str, int]:
        """Twelve months of his purchases from us: pumps and valves."""
        every = [*self.before, *((van[0][4], van[1][4]) for van in self.vans)]
        return {"pumps": sum(p for p, _ in every), "valves": sum(v for _, v in every)}

    @cached_property
    def his(self) -> dict[str, int]:
        """What he buys in a year from everybody, as he wrote it himself, in whole 万元."""
        dice = self._dice(7)
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
        wait = float(Days(_decimal(gross), self.days).price(self.terms).cost)
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

    # -- what documents and exercises show ------------------------------------------------------------------------

    @cached_property
    def facts(self) -> dict[str, object]:
        ledger, year, dice = self.ledger, self.year, self._dice(8)
        costs = {name: float(cost) for name, cost in self.costs.items()}
        found: dict[str, object] = {
            "as_of": f"{self.as_of:%Y-%m-%d}", "company": COMPANY, "terms_days": TERMS_DAYS, "late_words": LATE_WORDS,
            "points": self.points, "days": self.days, "switch_days": SWITCH_DAYS, "need_days": NEED_DAYS,
            "rate": profile().money.borrowing_rate, "half": float(HALF), "lost": float(LOST), "nothing": 0.0,
            "boss": self._name("总经理"), "director": self._name("销售总监"), "manager": self._name("区域经理", "潮宁"),
            "finance": self._name("财务主管")}
        for n, (amount, on, due) in enumerate(zip(self.amounts, self.delivered, self.due, strict=True), 1):
            found |= {f"van{n}": yuan(amount), **written(f"delivered{n}", on), **written(f"due{n}", due)}
        for n, (on, amount) in enumerate(self.plan, 1):
            found |= {f"pay{n}": yuan(amount), **written(f"pay{n}_on", on)}
        offsets = {"signed": -380, "ask1": -160, "ask2": -140, "granted": GRANTED, "asked": ASKED, "answered": ANSWERED,
                   "reported": REPORTED, "again": -3, "reviewed": -190, "inquired": -7}
        for name, offset in offsets.items():
            found |= written(name, self.day(offset))
        for name, on in zip(("statement_on", "sent", "confirmed"), self._stated, strict=True):
            found |= written(name, on)
        found |= written("pay_by", self.as_of + timedelta(days=GRANTED + self.days))
        found |= written("claimed", self._claimed) | written("paid_on", self.paid[0][0])
        found |= written("need_on", self.as_of + timedelta(days=NEED_DAYS))
        statement, verdict = ledger.table("statements").iloc[0], self.as_it_was()
        more = dice.one([200_000_00, 250_000_00, 300_000_00])
        undisputed = yuan(self.undisputed)
        again = Days(_decimal(self.undisputed), self.days).price(self.terms).cost + _decimal(
            self.undisputed) * self.points / 100
        found |= {
            "old": yuan(self.old), "cut": yuan(self.cut), "paid": yuan(self.old - self.cut),
            "cut_tax": yuan(tax(self.cut)), "cut_net": yuan(self.cut - tax(self.cut)),
            "cut_slip": round(yuan(self.cut) * (1 - profile().money.vat_rate), 2),
            "leaking": yuan(self.leaking), "pumps": LEAKING, "undisputed": undisputed, "owes": ledger.balance(self.as_of),
            "late": undisputed + yuan(self.leaking + self.cut), "late_with_cut": undisputed + yuan(self.cut),
            "late_with_pumps": undisputed + yuan(self.leaking), "late_van4": yuan(self.amounts[3]),
            "ours": float(statement["our_balance"]), "theirs": float(statement["their_balance"]),
            "short": round(float(statement["our_balance"] - statement["their_balance"]), 2),
            "late_old": float(self.late_old), "late_new": float(self.late_new),
            "overdue4": (self.as_of - self.due[3]).days,
            **{f"cost_{name}": cost for name, cost in costs.items()}, "cost_all": float(verdict.given),
            "cost_red": float(verdict.given) - yuan(tax(self.cut)),
            "cost_no_wait": float(verdict.given) - costs["wait"],
            "cost_full_charge": float(verdict.given) + costs["charge"],
            "cost_no_supply": float(verdict.given) - costs["supply"],
            "wait_year": round(yuan(self.old - self.cut) * profile().money.borrowing_rate, 2),
            **{f"year_{name}": value for name, value in year.items()}, "margin": self.margin,
            "year_net_slip": round(year["gross"] * (1 - profile().money.vat_rate), 2),
            "year_gross_profit": round(year["gross"] * self.margin, 2),
            "year_cut_net": round(year["net"] * self.points / 100, 2),
            "year_wait_whole": round(year["gross"] * profile().money.borrowing_rate, 2),
            "year_left_gross": round(year["gross"] * self.margin - year["cut"] - year["wait"], 2),
            "year_left_uncut": round(year["profit"] - year["wait"], 2),
            "year_left_unwaited": round(year["profit"] - year["cut"], 2),
            "year_lost": round(year["cut"] + year["wait"], 2),
            "kept_share": year["left"] / year["profit"],
            "share_pumps": self.bought["pumps"] / self.his["pumps"],
            "share_valves": self.bought["valves"] / self.his["valves"],
            "share_of_us": year["net"] / profile().size[-1].revenue,
            "more_said": f"{more / 1_000_000:g} 万", "more_gain": round(yuan(more - tax(more)) * self.margin, 2),
            "inquiry_said": f"{dice.whole(22, 26)} 万", "again_cost": round(float(again), 2),
            "deal_given": float(self.deal().given), "deal_got": float(self.deal().got),
            "firm_approver": role_needed([Days(_decimal(self.undisputed), 30), Instalments(
                [(n, _decimal(a)) for n, (_, a) in enumerate(self.plan, 1)])], profile().authority, debt=self._debt),
            "deal_approver": self.deal().needed, "manager_amount": profile().may_grant("区域经理").amount,
            "director_days": profile().may_grant("销售总监").extend_days,
            "seller_days": profile().may_grant("业务员").extend_days,
            "seller_amount": profile().may_grant("业务员").amount,
        }
        return found

    @staticmethod
    def _name(role: str, region: str | None = None) -> str:
        return next(p.name for p in profile().staff if p.role == role and region in (None, p.region))

    @cached_property
    def tables(self) -> dict[str, ShownTable]:
        facts = self.facts
        found = {"authority": papers.authority(discount=True), "open": self._open()}
        found["vans"] = ShownTable(["单号", "送货日", "货", "金额"], [
            [f"SH-{n}", f"{on:%Y-%m-%d}", "；".join(f"{name} {quantity} {unit}" for name, unit, _, quantity, _ in van),
             money(yuan(amount))]
            for n, (on, van, amount) in enumerate(zip(self.delivered, self.vans, self.amounts, strict=True), 1)])
        found["history"] = ShownTable(["哪一段", "几单", "金额", "平均晚付"], [
            [text, f"{count} 单", money(amount), f"{late:.1f} 天"] for text, count, amount, late in self.lateness()])
        found["his"] = ShownTable(["品类", "他一年采购", "从我们这里", "占他的"], [
            [text, f"{self.his[name] / 1_000_000:,.0f} 万元", f"{self.bought[name] / 1_000_000:,.2f} 万元",
             f"{self.bought[name] / self.his[name]:.1%}"] for text, name in (("水泵及控制柜", "pumps"), ("阀门管件", "valves"))])
        found["year"] = ShownTable(["一年的账", "金额"], [
            ["进货，含税", money(facts["year_gross"])], ["进货，不含税", ""], ["毛利", ""],
            [f"都让 {self.points} 个点，不开红字发票", ""], [f"都多等 {self.days} 天", ""], ["剩下的毛利", ""]], total=True)
        found["report"] = ShownTable(["行", "写的是", "金额"], [
            ["B1 应收老账", "FP-1 到 FP-3", money(facts["old"])],
            ["B2 实收", f"{self.paid[0][0]:%m-%d} 到账两笔", money(facts["paid"])],
            [f"B3 延 {self.days} 天的成本", "早晚都是这些钱", money(0)],
            [f"B4 让 {self.points} 个点的成本", "扣掉税，税务局会退", money(facts["cut_net"])],
            ["B5 免违约金的成本", "算到付款那天，按收得到一半", money(facts["cost_charge"])],
            ["B6 老账未收", "已结清", money(0)],
            ["B7 换回来的毛利", f"明年多订 {facts['more_said']}", money(facts["more_gain"])]])
        found["price"] = ShownTable(["让的东西", "照小王那样办", "要是开了红字"], [
            [f"晚 {self.days} 天收到 {money(facts['paid'])}", "", "同左"], [f"让 {self.points} 个点 {money(facts['cut'])}", "", ""],
            [f"免违约金 {money(facts['late_old'])}", "", "同左"],
            ["第四车照赊，财务算好了", money(facts["cost_supply"]), "同左"], ["一共", "", ""]], total=True)
        found["close"] = self._close()
        return found

    def _open(self) -> ShownTable:
        items = self.ledger.open_items(self.as_of).sort_values("due")
        rows = [[row.document_id, f"{row.due:%Y-%m-%d}", money(row.amount), money(row.open_amount)]
                for row in items.itertuples()]
        return ShownTable(["发票", "到期日", "原金额", "未收"],
                          [*rows, ["余额", "", "", money(self.ledger.balance(self.as_of))]], total=True)

    def _close(self) -> ShownTable:
        """Both deals, closed side by side."""
        was, now = self.as_it_was(), self.deal()

        def row(text: str, one: object, other: object) -> list[str]:
            return [text, str(one), str(other)]

        return ShownTable(["结账", "小王那回", "今天这张"], [
            row("给出", money(float(was.given)), money(float(now.given))),
            row("换回", money(float(was.got)), money(float(now.got))),
            row("净得", money(float(was.net)), money(float(now.net))),
            row("该谁批", was.needed, now.needed), row("谁批的", "没人", now.needed),
            row("盖章的纸", "没有", "付款计划"), row("毛病", f"{len(was.findings)} 条", f"{len(now.findings)} 条")])


def _decimal(fen: int) -> Decimal:
    return Decimal(fen) / 100


def case(seed: int = 0, as_of: str = "2025-06-30") -> Case:
    """The case of a seed at a day.

    >>> first, other = case(0), case(1)
    >>> first.facts["owes"] == first.ledger.balance("2025-06-30")
    True
    >>> round(first.facts["short"] - first.facts["cut"] - first.facts["leaking"], 2), first.facts["owes"] == other.facts["owes"]
    (0.0, False)
    """
    drawn = HardTalker(int(seed), date.fromisoformat(str(as_of)[:10]))
    return Case(NAME, drawn.ledger, drawn.facts, drawn.tables)
