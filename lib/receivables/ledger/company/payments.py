"""How one customer's bills are settled (付款与勾兑): receipts, drafts, credit notes, rebates, write-offs.

What he means to pay is planned bill by bill as instalments; then the days are played in order,
so that what is open on a day depends on that day and the days before it only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from receivables.ledger.company import cast as play
from receivables.ledger.company.accounts import PAY, Account, Bill
from receivables.ledger.company.books import Books
from receivables.ledger.company.dice import Dice
from receivables.ledger.company.market import Market
from receivables.ledger.company.profile import Company
from receivables.ledger.company.trade import credit, invoice
from receivables.ledger.company.workdays import months_between, next_run, workday

NEVER = date.max
TEN_THOUSAND = 1_000_000  # 一万元 in fen
DISPUTE_REASONS = {"quality": 3, "quantity": 3, "price": 2, "delivery": 1.5, "paperwork": 2, "service": 1}
OUTCOMES = {"upheld": 3, "partly_upheld": 3, "rejected": 2.5, "withdrawn": 1.5}


@dataclass(eq=False)
class Instalment:
    """Part of a bill the customer means to pay, and the first day he would."""

    bill: Bill
    left: int
    payable: date


class Settlement:
    """Plays one customer's payments into the books."""

    def __init__(self, books: Books, company: Company, market: Market, account: Account):
        self.books, self.company, self.market, self.account = books, company, market, account
        self.dice = Dice(company.course.seed, PAY, account.number)
        self.kind = market.kinds[account.kind]
        self.habit = market.habits[account.habit]
        self.role = account.part.role if account.part else None
        self.end = company.course.as_of
        self.start = company.course.history_from
        self.instalments: list[Instalment] = []
        self.agenda: list[tuple[date, int, Callable[[date], None]]] = []

    def play(self) -> None:
        """Everything that settles this customer's bills, up to the end of the course's history."""
        for bill in list(self.account.bills):
            self._plan(bill)
        self._runs()
        if self.account.kind == "dealer" and self.role != "scripted" and self.dice.chance(0.65):
            rate = self.dice.between(0.008, 0.022)
            for year in range(self.start.year + 1, self.end.year + 1):
                day = workday(date(year, 2, 20) + timedelta(self.dice.whole(0, 28)))
                self._on(day, lambda on, rate=rate: self._rebate(on, rate))
        if self.role == "concealed":
            for day in play.REBILL_DAYS:
                self._on(day, self._rebill)
        for year in range(self.start.year, self.end.year):
            self._on(workday(date(year, 12, 20)), self._write_off)
        while self.agenda:
            self.agenda.sort(key=lambda item: item[:2])
            day, _, act = self.agenda.pop(0)
            act(day)

    def _on(self, day: date, act: Callable[[date], None]) -> None:
        if day <= self.end:
            self.agenda.append((day, len(self.agenda), act))

    # -- what the customer means to do -------------------------------------------------------------------------

    def _plan(self, bill: Bill) -> None:
        if bill.scripted:
            return
        never = self.role == "dispute" and bill.due >= play.DISPUTE_FROM
        payable = NEVER if never else self._payable(bill)
        if self.account.gone and payable >= self.account.gone - timedelta(80):
            payable = NEVER
        due_now = bill.amount - bill.retention
        if self.role is None and payable != NEVER and self.dice.chance(self.kind.disputes):
            self._dispute(bill, due_now, payable)
        elif payable != NEVER and self.dice.chance(self.habit.parts) and due_now > 3 * TEN_THOUSAND:
            first = int(due_now * self.dice.between(0.4, 0.8)) // TEN_THOUSAND * TEN_THOUSAND
            self.instalments.append(Instalment(bill, first, payable))
            self.instalments.append(Instalment(bill, due_now - first, payable + timedelta(self.dice.whole(20, 75))))
        else:
            self.instalments.append(Instalment(bill, due_now, payable))
        if bill.retention:
            late = timedelta(max(int(self.account.lag), 0) + self.dice.whole(10, 150))
            self.instalments.append(
                Instalment(bill, bill.retention, NEVER if payable == NEVER else bill.retention_due + late))

    def _payable(self, bill: Bill) -> date:
        """The first day he would pay a bill: his habit, slower in the last year, faster before the Spring Festival."""
        lag = self.account.lag + self.dice.normal(0, self.habit.noise)
        if bill.due >= self.market.slowdown.from_ and lag > 0:
            lag *= self.market.slowdown.factor
        payable = max(bill.due + timedelta(max(round(lag), -20)), bill.issued + timedelta(3))
        rush = date(payable.year, 1, 8)
        hurries = self.account.debt_type in ("project", "institutional")
        if hurries and bill.due < rush < payable <= rush + timedelta(120) and self.dice.chance(0.5):
            payable = rush
        return payable

    def _dispute(self, bill: Bill, due_now: int, payable: date) -> None:
        dice = self.dice
        opened = bill.issued + timedelta(dice.whole(5, max((bill.due - bill.issued).days, 6)))
        resolved = workday(opened + timedelta(int(min(max(dice.lognormal(40, 0.9), 6), 400))))
        outcome = dice.weighted(OUTCOMES)
        share = {"upheld": dice.between(0.05, 0.22), "partly_upheld": dice.between(0.02, 0.09)}.get(outcome, 0.0)
        given = int(due_now * share)
        contested = None if dice.chance(0.25) else int(max(given, due_now * 0.05) * dice.between(1.0, 1.7))
        row = self.books.add(
            "disputes", dispute_id=self.books.number("disputes", opened, self.account.id), customer_id=self.account.id,
            document_id=bill.id, opened_on=opened, reason=dice.weighted(DISPUTE_REASONS), amount=contested,
            in_writing=dice.chance(0.55), owner=self.account.salesperson) if opened <= self.end else None
        if row and resolved <= self.end:
            row |= {"resolved_on": resolved, "outcome": outcome}
            self.instalments.append(Instalment(bill, due_now, max(payable, resolved + timedelta(7))))
            if given:
                self._on(resolved, lambda on: self._settle_dispute(on, bill, given, row))
        elif row and contested and dice.chance(0.45):  # he pays what he does not contest
            self.instalments.append(Instalment(bill, due_now - contested, payable))
            self.instalments.append(Instalment(bill, contested, NEVER))
        else:
            self.instalments.append(Instalment(bill, due_now, NEVER if row else payable))

    def _runs(self) -> None:
        """His payment runs; prompt payers have two a month."""
        days = {self.account.run_day}
        if self.account.habit == "prompt":
            days.add((self.account.run_day + 14) % 28 + 1)
        runs = {next_run(month, day) for month in months_between(date(2021, 9, 1), self.end) for day in sorted(days)}
        if self.role == "squeeze":
            runs = {run for run in runs if run < play.SQUEEZE_FROM}
            day = play.SQUEEZE_FROM
            while (day := workday(day + timedelta(self.dice.whole(13, 24)))) <= self.end:
                self._on(day, self._squeeze)
        if self.role == "surge":
            runs = {run for run in runs if run < date(2025, 3, 1)}
            self._on(play.SURGE_LAST_PAYMENT, self._last_draft)
        for run in sorted(runs):
            self._on(run, self._run)
        if self.account.part and self.account.part.scripted:
            self._scripted()

    def _scripted(self) -> None:
        paid: dict[date, list[tuple[Bill, int]]] = {}
        bills = {bill.issued: bill for bill in self.account.bills if bill.scripted}
        for line in self.account.part.scripted.invoices:
            for on, amount in line.paid:
                paid.setdefault(on, []).append((bills[line.issued], amount))
        for on, parts in paid.items():
            self._on(on, lambda on, parts=parts: self._receive(on, parts, instrument="transfer"))

    # -- what happens on a day ---------------------------------------------------------------------------------

    def _run(self, on: date) -> None:
        ready = self._oldest_first(i for i in self.instalments if i.left and i.payable <= on)
        total = sum(i.left for i in ready)
        if self.account.round_payer and total > 3 * TEN_THOUSAND:
            total = total // TEN_THOUSAND * TEN_THOUSAND
        parts = []
        for item in ready:
            amount = min(item.left, total)
            tail = self.dice.whole(37, 9800) if self.role is None and self.dice.chance(0.012) else 0
            if 0 < tail < amount == item.left:  # a few yuan short: bank charges, rounding
                parts.append((item.bill, amount - tail))
                item.left, item.payable = tail, NEVER
            elif amount:
                parts.append((item.bill, amount))
                item.left -= amount
            total -= amount
        if parts:
            self._receive(on, parts)

    @staticmethod
    def _oldest_first(instalments: Iterable[Instalment]) -> list[Instalment]:
        return sorted(instalments, key=lambda item: (item.bill.due, item.bill.id))

    def _squeeze(self, on: date) -> None:
        """挤牙膏: a few ten thousand on the oldest bill, whatever is due."""
        total = self.dice.whole(2, 5) * TEN_THOUSAND
        parts = []
        for item in self._oldest_first(i for i in self.instalments if i.left and i.bill.due <= on):
            amount = min(item.left, total)
            if amount:
                parts.append((item.bill, amount))
                item.left -= amount
                total -= amount
        if parts:
            friend = self.market.remarks["friend"] if on.month == 3 and on.year == 2025 and on.day > 10 else None
            self._receive(on, parts, instrument="transfer", payer=friend)

    def _last_draft(self, on: date) -> None:
        """The last payment of the customer who stops: a commercial draft that will be dishonoured."""
        parts = []
        for item in self.instalments:
            if item.left and item.bill.issued < on and item.bill.due <= on + timedelta(34):
                parts.append((item.bill, item.left))
                item.left = 0
        if parts:
            self._receive(on, parts, instrument="commercial_draft", bill_due=play.SURGE_DRAFT_DUE,
                          dishonoured=play.SURGE_DISHONOURED)
        for item in self.instalments:
            item.payable = NEVER

    def _receive(self, on: date, parts: list[tuple[Bill, int]], *, instrument: str | None = None,
                 payer: str | None = None, bill_due: date | None = None, dishonoured: date | None = None) -> None:
        """One receipt and its allocations; now and then the books apply it only weeks later."""
        dice, account = self.dice, self.account
        amount = sum(part for _, part in parts)
        large, small = amount >= 3 * TEN_THOUSAND, amount < 2 * TEN_THOUSAND
        weights = {name: weight for name, weight in self.kind.instruments.items()
                   if name == "transfer" or (small if name == "cash" else large)}
        if self.role == "surge" and on >= play.SURGE_FROM:
            weights = {"commercial_draft": 1}
        drawn = dice.weighted(weights)
        instrument = instrument or drawn
        is_bill = instrument in ("bank_draft", "commercial_draft", "electronic_certificate")
        third = payer is not None or (self.role is None and account.nature == "民营" and dice.chance(0.012))
        late = self.role is None and on >= self.start and dice.chance(0.022)
        applied = on + timedelta(dice.whole(4, 25)) if late else on
        number = self.books.number("receipts", on, account.id)
        single = len(parts) == 1
        self.books.add(
            "receipts", receipt_id=number, customer_id=account.id, received=on, amount=amount,
            instrument=instrument, payer=payer or (account.boss if third else account.name), third_party=third,
            reference=parts[0][0].id if single and dice.chance(0.5) else None, on_account=late,
            bill_number=number.replace("SK", "PJ") if is_bill else None,
            acceptor=(dice.one(self.market.banks) if instrument == "bank_draft" else account.name) if is_bill else None,
            bill_due=(bill_due or on + timedelta(dice.one((90, 120, 180)))) if is_bill else None,
            dishonoured=dishonoured)
        account.receipts.append((on, amount))
        if applied <= self.end:
            for position, (bill, part) in enumerate(parts, start=1):
                self._apply(f"{number.replace('SK', 'GD')}-{position}", "receipt", number, bill, applied, part)
                if dishonoured:
                    bill.settled.append((dishonoured, -part))
        if self.role is None and on >= self.start and dice.chance(0.003):
            self._paid_twice(on, amount)

    def _apply(self, number: str, source: str, source_id: str, bill: Bill, on: date, amount: int) -> None:
        self.books.add("allocations", allocation_id=number, source_type=source, source_id=source_id,
                       document_id=bill.id, applied=on, amount=amount)
        bill.settled.append((on, amount))

    def _paid_twice(self, on: date, amount: int) -> None:
        """The same sum again by mistake: unapplied until it is paid back, which not everybody asks for."""
        again = workday(on + timedelta(self.dice.whole(2, 9)))
        back = workday(again + timedelta(self.dice.whole(15, 60)))
        asked = self.dice.chance(0.6)
        if again > self.end:
            return
        surplus = self._on_account(again, amount, self.market.remarks["paid_twice"])
        if asked and back <= self.end:
            refund = self._on_account(back, -amount, self.market.remarks["paid_back"])
            self.books.add("allocations", allocation_id=f"{refund.replace('SK', 'GD')}-1", source_type="receipt",
                           source_id=surplus, document_id=refund, applied=back, amount=amount)

    def _on_account(self, on: date, amount: int, note: str) -> str:
        number = self.books.number("receipts", on, self.account.id)
        self.books.add("receipts", receipt_id=number, customer_id=self.account.id, received=on,
                       amount=amount, instrument="transfer", payer=self.account.name, third_party=False,
                       on_account=True, note=note)
        return number

    # -- corrections -------------------------------------------------------------------------------------------

    def _reduce(self, bill: Bill, amount: int) -> None:
        """Take a credit off what he still means to pay for a bill, the last instalment first."""
        for item in reversed([i for i in self.instalments if i.bill is bill]):
            taken = min(item.left, amount)
            item.left -= taken
            amount -= taken

    def _settle_dispute(self, on: date, bill: Bill, amount: int, row: dict) -> None:
        row["credit_note_id"] = credit(self.books, self.account, on, amount, row["reason"], parent=bill)
        bill.settled.append((on, amount))  # a credit note with a parent needs no allocation row
        self._reduce(bill, amount)

    def _rebate(self, on: date, rate: float) -> None:
        """Last year's rebate (返利): one credit note against the oldest open bills."""
        bought = sum(bill.amount for bill in self.account.bills if bill.issued.year == on.year - 1)
        left = int(bought * rate)
        if left < 50_000 or self.account.gone and on >= self.account.gone:
            return
        number = credit(self.books, self.account, on, left, "rebate")
        position = 0
        for bill in sorted(self.account.bills, key=lambda bill: (bill.due, bill.id)):
            amount = min(bill.free_on(on), left)
            if amount > 0:
                position += 1
                self._apply(f"{number.replace('HP', 'GF')}-{position}", "credit_note", number, bill, on, amount)
                self._reduce(bill, amount)
                left -= amount

    def _rebill(self, on: date) -> None:
        """The concealer's trick (红冲重开): credit the oldest late bills in full and bill them again, newly dated."""
        late = [bill for bill in self.account.bills if bill.late_on(on) and (on - bill.due).days > 40]
        for bill in sorted(late, key=lambda bill: (bill.due, bill.id))[:2]:
            amount = bill.free_on(on)
            credit(self.books, self.account, on, amount, "rebill", parent=bill)
            bill.settled.append((on, amount))
            issued = workday(on + timedelta(self.dice.whole(2, 4)))
            again = replace(bill, id=self.books.number("invoices", issued, self.account.id), issued=issued,
                            due=issued + timedelta(self.account.terms), amount=amount, settled=[])
            invoice(self.books, self.account, again, handed_over=None, note=self.market.remarks["rebilled"])
            self.account.bills.append(again)
            for item in self.instalments:
                if item.bill is bill:
                    item.left = 0
            self.instalments.append(Instalment(again, amount, again.due + timedelta(self.dice.whole(60, 120))))

    def _write_off(self, on: date) -> None:
        """In December: tails of a few yuan, and what those who failed a year ago still owe."""
        failed = self.account.gone is not None and (on - self.account.gone).days > 250
        for bill in self.account.bills:
            owed = bill.free_on(on)
            tail = 0 < owed < 10_000 and (on - bill.due).days > 60
            if owed > 0 and (failed or (tail and self.role is None and self.dice.chance(0.75))):
                self.books.add(
                    "write_offs", write_off_id=self.books.number("write_offs", on, self.account.id),
                    customer_id=self.account.id, document_id=bill.id, written_off_on=on, amount=owed,
                    reason=self.market.remarks["failed" if failed else "tail"],
                    approved_by=self.company.staff_with("总经理" if failed else "财务主管")[0].name)
                bill.settled.append((on, owed))
                for item in self.instalments:
                    if item.bill is bill:
                        item.left = 0
