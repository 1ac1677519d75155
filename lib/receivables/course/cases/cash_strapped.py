"""Case one, the customer short of cash (周转不开的客户): ledger, facts and tables from one seed.

Everything agrees to the fen, but for what is planted: van 2 was signed for by a man the contract does not name, van 3
by nobody; the sealed statement is short by exactly van 3; two promises stand in the register that nobody made; one
payment came from the owner's own card; and the sum he says is approved is not the sum that will reach him.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

import pandas as pd

from receivables.analysis import promises as promise_analysis
from receivables.analysis.trade_credit import instalment_plan
from receivables.course.cases import papers
from receivables.course.cases.base import Case
from receivables.course.cases.papers import last_workday, tax, written, yuan
from receivables.course.cases.story import Story
from receivables.exercise.figures import ShownTable, money
from receivables.law.evidence import gaps
from receivables.law.interest import late_payment
from receivables.ledger import Ledger
from receivables.ledger.company.profile import profile
from receivables.ledger.company.workdays import workday
from receivables.talk.concession import Concession, Days, Instalments, WaivedInterest, role_needed

NAME = "case_01_cash_strapped"
CUSTOMER = "A0101"
COMPANY = "砚溪杉禾机电安装工程有限公司"
TERMS_DAYS = 60
LATE_A_DAY, LATE_WORDS = Decimal("0.0003"), "万分之三"  # of the unpaid amount, as the contract words it
LATE_RATE = LATE_A_DAY * 365
#: what each van carried: name, unit, price with VAT in fen before the seed moves it, quantity
GOODS = (
    (("变频控制柜", "台", 2368000, 3), ("立式多级泵", "台", 984050, 6)),
    (("立式管道泵", "台", 672500, 12), ("电动蝶阀 DN150", "只", 138860, 26)),
    (("闸阀 DN100", "只", 65240, 60), ("止回阀 DN100", "只", 58170, 48)),
    (("减压阀组 DN80", "组", 431600, 14), ("Y 型过滤器", "只", 43880, 56)),
)
DELIVERED = (-125, -100, -78, -45)  # days from the day the case stands on
PLAN_DAYS = (2, 28, 56, 84)


def _whole(fen: int) -> str:
    """An amount in whole yuan; his cash holds no fen."""
    return money(yuan(fen)).removesuffix(".00")


@dataclass(frozen=True)
class CashStrapped(Story):
    """The case of one seed at one day."""

    number = 1
    goods = GOODS
    dearer, many = 1.12, 10

    # -- trade ---------------------------------------------------------------------------------------------------

    @cached_property
    def delivered(self) -> list[date]:
        dice = self.dice(2)
        return [self.day(offset + dice.whole(-3, 3)) for offset in DELIVERED]

    @cached_property
    def issued(self) -> list[date]:
        return [max(d, last_workday(d + timedelta(days=4))) for d in self.delivered]

    @cached_property
    def due(self) -> list[date]:
        return [d + timedelta(days=TERMS_DAYS) for d in self.delivered]

    @cached_property
    def said(self) -> dict[str, int]:
        """The round sums people name: first promise, what came of it, second promise, from his own card; the valves."""
        dice = self.dice(3)
        return {"first": dice.one([50_000_00, 60_000_00]), "part": dice.one([20_000_00, 24_000_00]),
                "second": dice.one([100_000_00, 120_000_00]), "own": dice.one([30_000_00, 28_000_00]),
                "valves": dice.whole(440, 520) * 100_00}

    @cached_property
    def _overdue(self) -> int:
        """Billed and past due."""
        return sum(a for a, due in zip(self.amounts, self.due, strict=True) if due < self.as_of)

    @cached_property
    def balance(self) -> int:
        return sum(self.amounts) - self.said["part"] - self.said["own"]

    # -- what he can pay -----------------------------------------------------------------------------------------

    @cached_property
    def plan(self) -> list[tuple[date, int]]:
        """The four payments that the customer's cash bears."""
        rest = self.balance - self.said["own"]
        second, third = (int(rest * share) // 100_000 * 100_000 for share in (0.34, 0.30))
        parts = [self.said["own"], second, third, rest - second - third]
        soon = workday(self.as_of + timedelta(days=PLAN_DAYS[0]))
        return list(zip([soon, *(self.day(offset) for offset in PLAN_DAYS[1:])], parts, strict=True))

    @cached_property
    def cash(self) -> dict[str, list[int]]:
        """His cash of three periods of thirty days, as the papers prove it; ``left`` is what can go to us."""
        dice = self.dice(4)
        left = [int(part * dice.between(1.05, 1.14)) // 1000 * 1000 for _, part in self.plan[1:]]
        wages = [dice.whole(1080, 1190) * 100_00 for _ in left]
        loan = [dice.whole(176, 192) * 100_00] * 3
        supplier = [60_000_00, 40_000_00, 0]
        out = [sum(row) for row in zip(wages, loan, supplier, strict=True)]
        other = dice.whole(28, 46) * 1000_00  # aimed at; the odd fen fall here
        reaching = left[0] + out[0] - other
        value = -(-(reaching + self._metered) * 100 // 52 // 100_000) * 100_000  # see ``progress``, rounded up
        progress = self.progress_of(value)["reaches"]
        return {"value": [value, 0, 0], "progress": [progress, 0, 0],
                "other": [left[0] + out[0] - progress, left[1] + out[1], left[2] + out[2]],
                "wages": wages, "loan": loan, "supplier": supplier, "left": left}

    @property
    def _metered(self) -> int:
        return 864_000 + (self.seed % 7) * 13_700

    def progress_of(self, value: int) -> dict[str, int]:
        """From the value of work approved to the money that reaches his company's account."""
        advance, retention, labour = value * 20 // 100, value * 3 // 100, value * 25 // 100
        payable = value - advance - retention - self._metered
        return {"value": value, "advance": advance, "retention": retention, "metered": self._metered,
                "payable": payable, "labour": labour, "reaches": payable - labour}

    # -- ledger --------------------------------------------------------------------------------------------------

    @cached_property
    def ledger(self) -> Ledger:
        day, said, numbers = self.day, self.said, range(1, 5)
        base = {"customer_id": CUSTOMER, "currency": "CNY"}
        first_due, own_on = day(-40), day(-12)
        customers = [{"customer_id": CUSTOMER, "name": COMPANY, "kind": "installer", "debt_type": "project",
                      "size_class": "small", "nature": "民营", "region": "砚溪", "salesperson": "陶文斌",
                      "credit_limit": 500000.0, "terms_days": TERMS_DAYS, "risk_grade": "B", "contact_name": "罗海峰"}]
        contracts = [{"contract_id": "HT-0101", "customer_id": CUSTOMER, "signed_on": day(-190), "subject": "泵、阀、控制柜",
                      "debt_type": "project", "salesperson": "陶文斌", "currency": "CNY",
                      "amount": yuan(sum(self.amounts)), "terms_days": TERMS_DAYS, "terms_start": "delivery",
                      "debtor_size": "small", "creditor_size": "medium", "late_rate": float(LATE_RATE), "sealed": True,
                      "original_held": True, "signatory": "罗海峰", "signatory_authorised": True,
                      "service_address": "砚溪市工业二路 18 号；合同写明的微信和邮箱", "performance_place": "卖方住所地",
                      "forum": "卖方住所地人民法院", "retention_of_title": False, "back_to_back": False}]
        signers = ("杜春生", "周凯", None, "杜春生")
        deliveries = [{"delivery_id": f"SH-{n}", "customer_id": CUSTOMER, "contract_id": "HT-0101",
                       "delivered_on": on, "amount": yuan(amount), "signed": signer is not None,
                       "signed_on": on if signer else None, "signed_by": signer, "original_held": True,
                       "signer_authorised": signer == "杜春生"}
                      for n, on, amount, signer in zip(numbers, self.delivered, self.amounts, signers, strict=True)]
        invoices = [{**base, "document_id": f"FP-{n}", "document_type": "invoice", "issued": issued, "due": due,
                     "net": yuan(amount - tax(amount)), "tax": yuan(tax(amount)), "amount": yuan(amount),
                     "tax_rate": profile().money.vat_rate, "contract_id": "HT-0101", "delivery_id": f"SH-{n}",
                     "salesperson": "陶文斌", "handed_over_on": issued, "handed_over_to": "项敏"}
                    for n, issued, due, amount in zip(numbers, self.issued, self.due, self.amounts, strict=True)]
        receipts = [{**base, "receipt_id": "SK-1", "received": workday(first_due + timedelta(days=1)),
                     "amount": yuan(said["part"]), "instrument": "transfer", "payer": COMPANY, "third_party": False,
                     "on_account": False},
                    {**base, "receipt_id": "SK-2", "received": own_on, "amount": yuan(said["own"]),
                     "instrument": "transfer", "payer": "罗海峰", "third_party": True, "on_account": True}]
        allocations = [{"allocation_id": "HX-1", "source_type": "receipt", "source_id": "SK-1", "document_id": "FP-1",
                        "applied": receipts[0]["received"], "amount": yuan(said["part"])}]
        ours = sum(self.amounts) - said["part"]
        statements = [{**base, "statement_id": "DZ-1", "as_of": self.as_of - timedelta(days=30),
                       "our_balance": yuan(ours), "sent_on": day(-27), "confirmed_on": day(-19), "confirmed_by": "项敏",
                       "confirmed_role": "会计", "sealed": True, "their_balance": yuan(ours - self.amounts[2])}]
        named = [(day(-52), first_due, said["first"], "微信", True), (day(-36), day(-25), said["second"], "微信", True),
                 (day(-13), own_on, said["own"], "微信", True),
                 (day(-6), day(15), self._overdue - said["part"] - said["own"], "到账即付", False),
                 (day(-4), day(10), self.balance, "答应付清", False)]
        promises = [{**base, "promise_id": f"CN-{n}", "promised_on": on, "pay_by": by, "amount": yuan(amount),
                     "promised_by": "罗海峰", "role": "总经理", "channel": "wechat", "in_writing": written, "note": note}
                    for n, (on, by, amount, note, written) in enumerate(named, 1)]
        contacts = [{"contact_id": f"LX-{n}", "customer_id": CUSTOMER, "contacted_on": day(offset), "channel": "wechat",
                     "person": "罗海峰", "role": "总经理", "outcome": outcome, "excuse": "no_money", "demand": True,
                     "evidence_kept": True, "reached_debtor": True, "salesperson": "陶文斌"}
                    for n, (offset, outcome) in enumerate(((-52, "promised"), (-36, "promised"), (-24, "reached"),
                                                           (-13, "promised"), (-6, "reached")), 1)]
        tables = {"customers": customers, "contracts": contracts, "deliveries": deliveries, "invoices": invoices,
                  "receipts": receipts, "allocations": allocations, "statements": statements, "promises": promises,
                  "contacts": contacts}
        return papers.ledger(NAME, tables)

    # -- what documents and exercises show ------------------------------------------------------------------------

    @cached_property
    def late_interest(self) -> Decimal:
        """Agreed late-payment interest to the day, on what is open and past due."""
        items = self.ledger.open_items(self.as_of)
        late = items[(items["open_amount"] > 0) & (items["due"] < pd.Timestamp(self.as_of))]
        bands = [late_payment(str(row.open_amount), row.due.date() + timedelta(days=1), self.as_of + timedelta(days=1),
                              agreed_rate=LATE_RATE)["agreed"].low for row in late.itertuples()]
        return sum(bands, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def approver(self, days: tuple[int, ...], *, waive: bool) -> str | None:
        """Who may grant payments on these days from now, with late interest waived or not."""
        part = Decimal(self.balance) / 100 / len(days)
        given: list[Concession] = [Days(Decimal(self.balance) / 100, days[-1]), Instalments([(d, part) for d in days])]
        if waive:
            given.append(WaivedInterest(self.late_interest, chance="0.5", taxed=False))
        return role_needed(given, profile().authority, debt=Decimal(self.balance) / 100)

    @cached_property
    def facts(self) -> dict[str, object]:
        ledger, cash, said = self.ledger, self.cash, self.said
        progress = self.progress_of(cash["value"][0])
        found: dict[str, object] = {f"p_{name}": yuan(value) for name, value in progress.items()}
        found |= {name: yuan(value) for name, value in said.items()}
        found |= {f"{name}_said": f"{value / 1_000_000:g} 万"
                  for name, value in {**said, "value": progress["value"]}.items()}
        for n, (amount, on, due) in enumerate(zip(self.amounts, self.delivered, self.due, strict=True), 1):
            found |= {f"van{n}": yuan(amount), **written(f"delivered{n}", on), **written(f"due{n}", due)}
        for n, (on, amount) in enumerate(self.plan):
            found |= {f"pay{n}": yuan(amount), **written(f"pay{n}_on", on)}
        for n, amount in enumerate(cash["left"], 1):
            found |= {f"left{n}": yuan(amount), f"left{n}_rough": yuan(amount + cash["supplier"][n - 1])}
        days = {"signed": -190, "ask1": -52, "promise1": -40, "promise2": -25, "ask2": -36, "ask3": -24, "sent": -27,
                "confirmed": -19, "own_told": -13, "own_on": -12, "news": -6, "wrote": -4, "looked": -3,
                "register4": 15, "register5": 10, "fast_end": 28}
        for name, offset in days.items():
            found |= written(name, self.day(offset))
        found |= written("statement_on", self.as_of - timedelta(days=30))
        found |= written("part_on", workday(self.day(-40) + timedelta(days=1)))
        found |= written("looked_next", self.as_of + timedelta(days=1))
        found |= written("until", self.plan[-1][0] + timedelta(days=730))
        statement = ledger.table("statements").iloc[0]
        kept = promise_analysis.kept_rate(ledger.table("promises"), ledger.table("receipts"), as_of=self.as_of)
        plan = instalment_plan(yuan(self.balance), [(on - self.as_of).days for on, _ in self.plan],
                               rate=profile().money.borrowing_rate,
                               shares=[amount / self.balance for _, amount in self.plan])
        late = self._overdue - said["part"] - said["own"]
        in_hand = said["own"] + self.dice(5).whole(90, 140) * 100_00
        with_value = cash["left"][0] + progress["value"] - progress["reaches"]
        found |= {
            "terms_days": TERMS_DAYS, "late_words": LATE_WORDS,
            **{f"pipes{n}": f"{cash['supplier'][n - 1] / 1_000_000:g} 万" for n in (1, 2)},
            "as_of": f"{self.as_of:%Y-%m-%d}", "company": COMPANY, "total": yuan(sum(self.amounts)),
            "ours": float(statement["our_balance"]), "theirs": float(statement["their_balance"]),
            "short": round(float(statement["our_balance"] - statement["their_balance"]), 2),
            "late": yuan(late), "late_unapplied": yuan(late + said["own"]), "late_proven": yuan(late - self.amounts[2]),
            "late_billed": yuan(late + said["own"] + said["part"]),
            "owes": yuan(self.balance), "late_charge": float(self.late_interest), "plan_cost": round(plan.cost, 2),
            "kept": kept.by_amount, "kept_count": int((kept.detail["state"] == "kept").sum()), "ripe": kept.ripe,
            "in_hand": yuan(in_hand), "as_he_says": yuan(with_value), "with_labour": yuan(
                cash["left"][0] + progress["labour"]),
            "lacks": yuan(self.balance - in_hand - cash["left"][0]),
            "plan_days": (self.plan[-1][0] - self.as_of).days,
            "approver": self.approver(PLAN_DAYS, waive=True), "fast_approver": self.approver((7, 14, 21, 28), waive=True),
            "director_days": profile().may_grant("销售总监").extend_days,
            "manager_days": profile().may_grant("总经理").extend_days,
        }
        return found

    @cached_property
    def tables(self) -> dict[str, ShownTable]:
        found = {}
        for n, van in enumerate(self.vans, 1):
            rows = [[name, f"{quantity} {unit}", money(yuan(price)), money(yuan(amount))]
                    for name, unit, price, quantity, amount in van]
            found[f"van{n}"] = ShownTable(["品名", "数量", "含税单价", "金额"],
                                          [*rows, ["合计", "", "", money(yuan(self.amounts[n - 1]))]], total=True)
        found["invoices"] = self._invoices()
        found["open"] = self._open()
        ledger = self.ledger
        found["promises"] = ShownTable(["登记号", "登记日", "付款日", "金额"], [
            [row.promise_id, f"{row.promised_on:%m-%d}", f"{row.pay_by:%m-%d}", money(row.amount)]
            for row in ledger.table("promises").itertuples()])
        found["receipts"] = ShownTable(["收款单", "到账日", "付款人", "金额", "台账处理"], [
            [row.receipt_id, f"{row.received:%Y-%m-%d}", row.payer, money(row.amount),
             "没核销，挂着" if row.on_account else "核销 FP-1"] for row in ledger.table("receipts").itertuples()])
        progress = self.progress_of(self.cash["value"][0])
        words = (("value", "本期完成产值"), ("advance", "减：扣回预付款 20%"), ("retention", "减：质保金 3%"),
                 ("metered", "减：水电及甲供材料"), ("payable", "本期应付"), ("labour", "其中：人工费，拨工资专户"),
                 ("reaches", "其中：拨企业账户"))
        found["progress"] = ShownTable(["项目", "金额"], [
            [text, money(yuan(-progress[name] if text.startswith("减") else progress[name]))] for name, text in words])
        found["his_cash"] = self._cash(self.cash["value"], supplier=False)
        found["cash"] = self._cash(None, supplier=True)
        evidence = gaps(CUSTOMER, as_of=self.as_of, **{name: ledger.table(name) for name in (
            "contracts", "deliveries", "invoices", "statements", "contacts", "promises")})
        found["gaps"] = ShownTable(["单据", "缺什么", "怎么补"], [
            [f"{row.name_} {row.reference}", row.gap, row.fix]
            for row in evidence.rename(columns={"name": "name_"}).itertuples()])
        found["authority"] = papers.authority()
        return found

    def _invoices(self) -> ShownTable:
        rows = self.ledger.table("invoices")
        shown = [[row.document_id, f"{row.issued:%Y-%m-%d}", money(row.amount), money(row.net), money(row.tax)]
                 for row in rows.itertuples()]
        total = ["合计", "", *(money(rows[name].sum()) for name in ("amount", "net", "tax"))]
        return ShownTable(["发票", "开票日", "价税合计", "不含税", "税额"], [*shown, total], total=True)

    def _open(self) -> ShownTable:
        items = self.ledger.open_items(self.as_of).sort_values(["document_type", "due"])
        credit = items["open_amount"] < 0
        rows = [[row.document_id + ("（挂账）" if row.open_amount < 0 else ""),
                 "" if row.open_amount < 0 else f"{row.due:%Y-%m-%d}", money(row.amount), money(row.open_amount)]
                for row in pd.concat([items[~credit], items[credit]]).itertuples()]
        total = ["余额", "", "", money(self.ledger.balance(self.as_of))]
        return ShownTable(["单据", "到期日", "原金额", "未收"], [*rows, total], total=True)

    def _cash(self, inflow: list[int] | None, *, supplier: bool) -> ShownTable:
        """Three periods of his cash: with his own figure for the progress payment, or with blanks to fill."""
        cash = self.cash
        lines = [("进度款", inflow, 1), ("厂房款等", cash["other"], 1), ("工资社保税", cash["wages"], -1),
                 ("银行本息", cash["loan"], -1)]
        if supplier:
            lines.append(("还管材商", cash["supplier"], -1))
        unknown = ["", _whole(0), _whole(0)]
        rows = [[text, *([_whole(sign * v) for v in values] if values else unknown)]
                for text, values, sign in lines]
        if inflow is None:
            rows.append(["还得出的", "", "", ""])
        else:
            rows.append(["还得出的", *(_whole(inflow[n] + cash["other"][n] - cash["wages"][n] - cash["loan"][n])
                                    for n in range(3))])
        return ShownTable(["每期三十天", "第一期", "第二期", "第三期"], rows, total=True)


def case(seed: int = 0, as_of: str = "2025-06-30") -> Case:
    """The case of a seed at a day.

    >>> first, other = case(0), case(1)
    >>> first.facts["owes"] == first.ledger.balance("2025-06-30")
    True
    >>> round(first.facts["short"] - first.facts["van3"], 2), first.facts["owes"] == other.facts["owes"]
    (0.0, False)
    """
    drawn = CashStrapped(int(seed), date.fromisoformat(str(as_of)[:10]))
    return Case(NAME, drawn.ledger, drawn.facts, drawn.tables)
