"""What our people did about it (催收过程): contacts, promises, disputes raised as excuses, statements."""

from __future__ import annotations

from datetime import date, timedelta

from receivables.ledger.company import cast as play
from receivables.ledger.company.accounts import CONDUCT, STATEMENT, Account
from receivables.ledger.company.books import Books
from receivables.ledger.company.dice import Dice
from receivables.ledger.company.market import Market
from receivables.ledger.company.profile import Company
from receivables.ledger.company.workdays import month_end, months_between, workday

CHANNELS = {"phone": 5, "wechat": 4, "email": 1.2, "visit": 0.8}
OUTCOMES = {"reached": 3, "evaded": 3, "no_answer": 2, "referred": 1.4, "refused": 0.2}


class Conduct:
    """Writes how one customer was followed up."""

    def __init__(self, books: Books, company: Company, market: Market, account: Account):
        self.books, self.company, self.market, self.account = books, company, market, account
        self.dice = Dice(company.course.seed, CONDUCT, account.number)
        self.role = account.part.role if account.part else None
        self.end = company.course.as_of
        person = next(p for p in company.staff if p.name == account.salesperson)
        self.diligence = market.diligence[person.id]
        self.conceals = account.salesperson == company.trainer_only["concealer"].salesperson
        self.pretexts = 0

    def play(self) -> None:
        """Contacts with their promises, then the quarterly statements."""
        if self.conceals:
            self._copied_log()
        else:
            for day in self._days():
                self._contact(day)
        self._statements()

    # -- contacts ----------------------------------------------------------------------------------------------

    def _days(self) -> list[date]:
        """The days on which the ladder asks for a contact, kept at least a week apart; diligence decides the rest."""
        asked = {bill.due + timedelta(step) for bill in self.account.bills if bill.amount > 500_000
                 for step in (3, 15, 30, *range(60, 400, 30)) if bill.late_on(bill.due + timedelta(step)) > 500_000}
        asked |= {bill.due - timedelta(7) for bill in self.account.bills if bill.amount > 15_000_000}
        days: list[date] = []
        zeal = max(self.diligence, 0.9) if self.role in ("squeeze", "surge", "dispute") else self.diligence
        for day in sorted(asked):
            day = workday(day)
            if self.company.course.history_from <= day <= self.end and (not days or (day - days[-1]).days >= 12) \
                    and self.dice.chance(zeal):
                days.append(day)
        return days

    def _contact(self, day: date) -> None:
        dice, account = self.dice, self.account
        standing = sorted((b for b in account.bills if b.open_on(day)), key=lambda bill: (bill.due, bill.id))
        late = [bill for bill in standing if bill.late_on(day)]
        if not standing:  # paid between the ladder's day and the next working day
            return
        owed = sum(bill.late_on(day) for bill in late)
        worst = (day - late[0].due).days if late else 0
        channel = dice.weighted(CHANNELS)
        if worst > 90 and dice.chance(0.2):
            channel = dice.weighted({"letter": 3, "visit": 3, "lawyer_letter": 1})
        outcome, excuse = self._outcome(day, owed)
        document = (late or standing)[0].id
        role = "boss" if worst > 60 and dice.chance(0.5) else "payable"
        person = account.boss if role == "boss" else account.clerk
        if outcome == "no_answer":
            person = None
        number = self.books.number("contacts", day, account.id)
        row = self.books.add(
            "contacts", contact_id=number, customer_id=account.id, document_id=document, contacted_on=day,
            logged_on=day + timedelta(dice.weighted({0: 7, 1: 2, 3: 1})), salesperson=account.salesperson,
            channel=channel, person=person, role=self._title(role) if person else None,
            outcome=outcome, excuse=excuse,
            demand=bool(late) and outcome != "no_answer" and dice.chance(0.7),
            evidence_kept=channel in ("wechat", "email", "letter", "lawyer_letter") or dice.chance(0.2),
            reached_debtor=outcome != "no_answer",
            next_on=workday(day + timedelta(dice.whole(5, 15))) if dice.chance(self.diligence) else None)
        words = {"amount": "", "day": ""}
        if outcome == "promised":
            pay_by, amount = self._promise(day, owed, number, document, channel, person, row["role"])
            words = {"amount": _spoken(amount), "day": f"{pay_by.month}月{pay_by.day}日"}
        told = outcome
        if outcome == "no_answer":
            told = {"phone": "no_answer", "visit": "not_there"}.get(channel, "no_reply")
        row["note"] = dice.one(self.market.notes[told]).format(**words)
        if excuse:
            row["note"] += "；" + dice.one(self.market.excuses[excuse])
        if self.role == "dispute" and late and day >= play.DISPUTE_FROM + timedelta(20):
            self._pretext(day, late[self.pretexts % len(late)].id)

    def _outcome(self, day: date, owed: int) -> tuple[str, str | None]:
        """What came of it, and the excuse that went with it."""
        dice, account = self.dice, self.account
        excuse = account.excuse if dice.chance(0.75) else dice.one(list(self.market.excuses))
        if not owed:
            return "confirmed", None
        if self.role == "squeeze" and day >= play.SQUEEZE_FROM:
            return ("promised", "no_money") if dice.chance(0.8) else ("evaded", "no_money")
        if self.role == "surge" and day > play.SURGE_LAST_PAYMENT:
            return "no_answer", None
        if self.role == "dispute" and day >= play.DISPUTE_FROM:
            return dice.weighted(
                {("disputed", "dispute"): 3, ("referred", "no_process"): 2, ("evaded", "no_process"): 1})
        if account.gone and day > account.gone:
            return dice.weighted({("no_answer", None): 4, ("referred", "nobody"): 2})
        coming = self._next_receipt(day)
        if coming and (coming[0] - day).days <= 5 and dice.chance(0.35):
            return "paid", None
        if dice.chance(0.42):
            return "promised", excuse if dice.chance(0.5) else None
        outcome = dice.weighted(OUTCOMES)
        return outcome, excuse if outcome in ("reached", "evaded", "referred", "refused") and dice.chance(0.7) else None

    def _title(self, role: str) -> str:
        """What the customer's contact in this role calls himself; the same all the years."""
        titles = self.market.roles[role]
        return titles[self.account.number % len(titles)]

    def _next_receipt(self, day: date) -> tuple[date, int] | None:
        return min((r for r in self.account.receipts if r[0] > day), default=None)

    def _promise(self, day: date, owed: int, contact: str, document: str, channel: str, person: str | None,
                 role: str | None) -> tuple[date, int]:
        """Write the promise behind a contact: met by the next receipt, or not, as this customer's habit has it."""
        dice = self.dice
        coming = self._next_receipt(day)
        habit = self.market.habits[self.account.habit]
        if self.role != "squeeze" and coming and (coming[0] - day).days <= 40 and dice.chance(habit.promise):
            pay_by, amount = workday(coming[0] - timedelta(dice.whole(0, 2))), min(coming[1], owed)
        else:  # a date when nothing will come, and a sum that sounds good
            pay_by = workday(day + timedelta(dice.whole(4, 16)))
            amount = max(int(owed * dice.between(0.4, 1.0)) // 1_000_000, 1) * 1_000_000
        self.books.add(
            "promises", promise_id=self.books.number("promises", day, self.account.id), customer_id=self.account.id,
            document_id=document, promised_on=day, pay_by=max(pay_by, day), amount=amount,
            promised_by=person, role=role, channel=channel, contact_id=contact,
            in_writing=channel in ("email", "wechat") and dice.chance(0.6))
        return pay_by, amount

    def _pretext(self, day: date, document: str) -> None:
        """Dispute as an excuse: a few days after each demand a new one, while the last has just been answered."""
        dice = self.dice
        opened = day + timedelta(dice.whole(2, 5))
        reason, note = self.market.pretexts[self.pretexts % len(self.market.pretexts)]
        self.pretexts += 1
        bill = next(b for b in self.account.bills if b.id == document)
        resolved = workday(opened + timedelta(dice.whole(12, 30)))
        closed = resolved <= self.end
        if opened <= self.end:
            self.books.add(
                "disputes", dispute_id=self.books.number("disputes", opened, self.account.id),
                customer_id=self.account.id, document_id=document, opened_on=opened, reason=reason,
                amount=int(bill.amount * dice.between(0.04, 0.12)), in_writing=dice.chance(0.2),
                owner=self.account.salesperson, resolved_on=resolved if closed else None,
                outcome=("rejected", "withdrawn")[self.pretexts % 2] if closed else None, note=note)

    def _copied_log(self) -> None:
        """The concealer's log: once a month the same sentence, written down on the last working day."""
        dice, account = self.dice, self.account
        for month in months_between(self.company.course.history_from, self.end):
            day = workday(month + timedelta(dice.whole(3, 20)))
            late = sorted((b for b in account.bills if b.late_on(day)), key=lambda bill: (bill.due, bill.id))
            if not late or day > self.end:
                continue
            number = self.books.number("contacts", day, account.id)
            logged = min(workday(month_end(day) - timedelta(3)), self.end)
            self.books.add(
                "contacts", contact_id=number, customer_id=account.id, document_id=late[0].id, contacted_on=day,
                logged_on=max(logged, day), salesperson=account.salesperson, channel="phone", person=account.clerk,
                role=self._title("payable"), outcome="promised", demand=False, evidence_kept=False,
                next_on=workday(day + timedelta(30)), note=self.market.remarks["copied"])
            self.books.add(
                "promises", promise_id=self.books.number("promises", day, account.id), customer_id=account.id,
                document_id=late[0].id, promised_on=day, pay_by=month_end(day), channel="phone",
                amount=sum(bill.late_on(day) for bill in late) // 1_000_000 * 1_000_000 or 1_000_000,
                promised_by=account.clerk, in_writing=False, contact_id=number)

    # -- statements --------------------------------------------------------------------------------------------

    def _statements(self) -> None:
        """A statement each quarter for whoever owes more than 20,000; some come back sealed, some with a difference."""
        dice, account = Dice(self.company.course.seed, STATEMENT, self.account.number), self.account
        willing = dice.between(0.35, 0.95) * (0.15 if self.conceals else 1.0)
        for month in months_between(self.company.course.history_from, self.end):
            day = month_end(month)
            balance = account.balance_on(day)
            sent = workday(day + timedelta(dice.whole(4, 12)))
            if month.month % 3 or balance < 2_000_000 or sent > self.end:
                continue
            confirmed = workday(sent + timedelta(dice.whole(3, 35)))
            returned = dice.chance(willing) and confirmed <= (min(account.gone, self.end) if account.gone else self.end)
            if self.role == "dispute" and day >= play.DISPUTE_FROM:
                returned = False
            differs = returned and dice.chance(0.1)
            gap = int(balance * dice.between(0.01, 0.2)) if differs else 0
            self.books.add(
                "statements", statement_id=f"DZ{day:%y%m}-{account.id[1:]}", customer_id=account.id, as_of=day,
                our_balance=balance, sent_on=sent, confirmed_on=confirmed if returned else None,
                confirmed_by=account.clerk if returned else None,
                confirmed_role=self._title("payable") if returned else None,
                sealed=dice.chance(0.75) if returned else None,
                their_balance=balance - gap if returned else None,
                difference_reason=dice.one(self.market.differences) if differs else None)


def _spoken(fen: int) -> str:
    """An amount as a salesperson would note it.

    >>> _spoken(15_000_000), _spoken(8_873_480)
    ('15万', '88734.80')
    """
    return f"{fen // 1_000_000}万" if fen % 1_000_000 == 0 else f"{fen // 100}.{fen % 100:02d}"
