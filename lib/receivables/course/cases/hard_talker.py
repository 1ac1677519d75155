"""Case two, the customer who talks hard (说话强硬的客户): what its documents and exercises state and show.

Everything agrees to the fen, but for what is planted: the third old invoice stands open by exactly what 小王 let go by
WeChat without a red invoice; the sealed statement is short by that and by the two pumps complained of in time; his
report calls the old debt settled, waiting free and a word worth money; and what was approved later was less.
"""

from __future__ import annotations

from datetime import date, timedelta

from receivables.course.cases import papers
from receivables.course.cases.base import Case
from receivables.course.cases.hard_talker_books import (
    COMPANY,
    CUSTOMER,
    GRANTED,
    HALF,
    LATE_WORDS,
    LEAKING,
    LOST,
    NAME,
    NEED_DAYS,
    REPORTED,
    SWITCH_DAYS,
    TERMS_DAYS,
    HardTalker,
    decimal,
)
from receivables.course.cases.papers import tax, written, yuan
from receivables.exercise.figures import ShownTable, money
from receivables.ledger.company.profile import profile
from receivables.ledger.company.workdays import workday
from receivables.talk.concession import Allowance, Days, Instalments, role_needed

__all__ = ["CUSTOMER", "NAME", "HardTalker", "case", "facts", "tables"]


def facts(books: HardTalker) -> dict[str, object]:
    """What the documents and exercises state, by name: figures in 元, days and fractions, dates, names."""
    ledger, year, dice = books.ledger, books.year, books.dice(8)
    costs = {name: float(cost) for name, cost in books.costs.items()}
    found: dict[str, object] = {
        "as_of": f"{books.as_of:%Y-%m-%d}", "company": COMPANY, "terms_days": TERMS_DAYS, "late_words": LATE_WORDS,
        "points": books.points, "days": books.days, "switch_days": SWITCH_DAYS, "need_days": NEED_DAYS,
        "rate": profile().money.borrowing_rate, "half": float(HALF), "lost": float(LOST), "nothing": 0.0,
        "vat": profile().money.vat_rate, "factor": f"{1 + books.terms.vat:g}", "slip_factor": f"{1 - books.terms.vat:g}",
        "contact_hours": profile().policy.contact_hours.split("（")[0],
        "boss": _name("总经理"), "director": _name("销售总监"), "manager": _name("区域经理", "潮宁"),
        "finance": _name("财务主管")}
    for n, (amount, on, due) in enumerate(zip(books.amounts, books.delivered, books.due, strict=True), 1):
        found |= {f"van{n}": yuan(amount), **written(f"delivered{n}", on), **written(f"due{n}", due)}
    for n, (on, amount) in enumerate(books.plan, 1):
        found |= {f"pay{n}": yuan(amount), **written(f"pay{n}_on", on)}
    offsets = {"signed": -380, "ask1": -160, "ask2": -140, "granted": GRANTED, "reported": REPORTED,
               "again": -3, "reviewed": -190, "inquired": -7}
    for name, offset in offsets.items():
        found |= written(name, books.day(offset))
    asked = workday(books.day(GRANTED) + timedelta(days=2))
    found |= written("asked", asked) | written("answered", workday(asked + timedelta(days=4)))
    found |= written("meet", workday(books.as_of + timedelta(days=1)))
    for name, on in zip(("statement_on", "sent", "confirmed"), books.stated, strict=True):
        found |= written(name, on)
    found |= written("pay_by", books.as_of + timedelta(days=GRANTED + books.days))
    found |= written("claimed", books.claimed) | written("paid_on", books.paid[0][0])
    found |= written("need_on", books.as_of + timedelta(days=NEED_DAYS))
    statement, verdict = ledger.table("statements").iloc[0], books.as_it_was()
    red = Allowance(decimal(books.cut), red_invoice=True).price(books.terms)
    more = dice.one([200_000_00, 250_000_00, 300_000_00])
    undisputed = yuan(books.undisputed)
    again = Days(decimal(books.undisputed), books.days).price(books.terms).cost + decimal(
        books.undisputed) * books.points / 100
    found |= {
        "old": yuan(books.old), "cut": yuan(books.cut), "paid": yuan(books.old - books.cut),
        "cut_tax": yuan(tax(books.cut)), "cut_net": float(red.cost),
        "cut_slip": round(yuan(books.cut) * (1 - profile().money.vat_rate), 2),
        "leaking": yuan(books.leaking), "pumps": LEAKING, "undisputed": undisputed, "owes": ledger.balance(books.as_of),
        "late": undisputed + yuan(books.leaking + books.cut), "late_with_cut": undisputed + yuan(books.cut),
        "late_with_pumps": undisputed + yuan(books.leaking), "late_van4": yuan(books.amounts[3]),
        "ours": float(statement["our_balance"]), "theirs": float(statement["their_balance"]),
        "short": round(float(statement["our_balance"] - statement["their_balance"]), 2),
        "late_old": float(books.late_old), "late_new": float(books.late_new),
        "overdue4": (books.as_of - books.due[3]).days,
        **{f"cost_{name}": cost for name, cost in costs.items()}, "cost_all": float(verdict.given),
        "cost_red": float(verdict.given - books.costs["cut"] + red.cost),
        "cost_no_wait": float(verdict.given) - costs["wait"],
        "cost_full_charge": float(verdict.given) + costs["charge"],
        "cost_no_supply": float(verdict.given) - costs["supply"],
        "wait_year": round(yuan(books.old - books.cut) * profile().money.borrowing_rate, 2),
        **{f"year_{name}": value for name, value in year.items()}, "margin": books.margin,
        "year_net_slip": round(year["gross"] * (1 - profile().money.vat_rate), 2),
        "year_gross_profit": round(year["gross"] * books.margin, 2),
        "year_cut_net": round(year["net"] * books.points / 100, 2),
        "year_wait_whole": round(year["gross"] * profile().money.borrowing_rate, 2),
        "year_left_gross": round(year["gross"] * books.margin - year["cut"] - year["wait"], 2),
        "year_left_uncut": round(year["profit"] - year["wait"], 2),
        "year_left_unwaited": round(year["profit"] - year["cut"], 2),
        "year_lost": round(year["cut"] + year["wait"], 2),
        "kept_share": year["left"] / year["profit"],
        "share_pumps": books.bought["pumps"] / books.his["pumps"],
        "share_valves": books.bought["valves"] / books.his["valves"],
        "share_of_us": year["net"] / profile().size[-1].revenue,
        "more_said": f"{more / 1_000_000:g} 万", "more_gain": round(yuan(more - tax(more)) * books.margin, 2),
        "inquiry_said": f"{dice.whole(22, 26)} 万", "again_cost": round(float(again), 2),
        "deal_given": float(books.deal().given), "deal_got": float(books.deal().got),
        "firm_approver": role_needed([Days(decimal(books.undisputed), 30), Instalments(
            [(n, decimal(a)) for n, (_, a) in enumerate(books.plan, 1)])], profile().authority, debt=books.debt),
        "deal_approver": books.deal().needed,
        **_authority(),
    }
    return found


def _authority() -> dict[str, object]:
    """What the three lower rows of the authority table say, as people say it."""
    found: dict[str, object] = {}
    for name, role in (("seller", "业务员"), ("manager", "区域经理"), ("director", "销售总监")):
        row = profile().may_grant(role)
        found |= {f"{name}_days": row.extend_days, f"{name}_points": f"{row.discount * 100:g} 个点",
                  f"{name}_amount": f"{row.amount / 10_000:g} 万元"}
    return found


def _name(role: str, region: str | None = None) -> str:
    return next(p.name for p in profile().staff if p.role == role and region in (None, p.region))


def tables(books: HardTalker, facts: dict[str, object]) -> dict[str, ShownTable]:
    """What documents and exercises show as tables, by name."""
    found = {"authority": papers.authority(), "open": _open(books)}
    found["vans"] = ShownTable(["单号", "送货日", "货", "金额"], [
        [f"SH-{n}", f"{on:%Y-%m-%d}", "；".join(f"{name} {quantity} {unit}" for name, unit, _, quantity, _ in van),
         money(yuan(amount))]
        for n, (on, van, amount) in enumerate(zip(books.delivered, books.vans, books.amounts, strict=True), 1)])
    found["history"] = ShownTable(["哪一段", "几单", "金额", "平均晚付"], [
        [text, f"{count} 单", money(amount), f"{late:.1f} 天"] for text, count, amount, late in books.lateness()])
    found["his"] = ShownTable(["品类", "他一年采购", "从我们这里", "占他的"], [
        [text, f"{books.his[name] / 1_000_000:,.0f} 万元", f"{books.bought[name] / 1_000_000:,.2f} 万元",
         f"{books.bought[name] / books.his[name]:.1%}"]
        for text, name in (("水泵及控制柜", "pumps"), ("阀门管件", "valves"))])
    found["year"] = ShownTable(["一年的账", "金额"], [
        ["进货，含税", money(facts["year_gross"])], ["进货，不含税", ""], ["毛利", ""],
        [f"都让 {books.points} 个点，不开红字发票", ""], [f"都多等 {books.days} 天", ""], ["剩下的毛利", ""]], total=True)
    found["report"] = ShownTable(["行", "写的是", "金额"], [
        ["B1 应收老账", "FP-1 到 FP-3", money(facts["old"])],
        ["B2 实收", f"{books.paid[0][0]:%m-%d} 到账两笔", money(facts["paid"])],
        [f"B3 延 {books.days} 天的成本", "早晚都是这些钱", money(0)],
        [f"B4 让 {books.points} 个点的成本", "税务局会退税", money(facts["cut_net"])],
        ["B5 免违约金的成本", "按收得到一半", money(facts["cost_charge"])],
        ["B6 老账未收", "已结清", money(0)],
        ["B7 换回来的毛利", f"明年多订 {facts['more_said']}", money(facts["more_gain"])]])
    found["price"] = ShownTable(["让的东西", "照小王那样办", "要是开了红字"], [
        [f"晚 {books.days} 天收到 {money(facts['paid'])}", "", "同左"],
        [f"让 {books.points} 个点 {money(facts['cut'])}", "", ""],
        [f"免违约金 {money(facts['late_old'])}", "", "同左"],
        ["下一车照赊，财务算好了", money(facts["cost_supply"]), "同左"], ["一共", "", ""]], total=True)
    found["close"] = _close(books)
    return found


def _open(books: HardTalker) -> ShownTable:
    items = books.ledger.open_items(books.as_of).sort_values("due")
    rows = [[row.document_id, f"{row.due:%Y-%m-%d}", money(row.amount), money(row.open_amount)]
            for row in items.itertuples()]
    return ShownTable(["发票", "到期日", "原金额", "未收"],
                      [*rows, ["余额", "", "", money(books.ledger.balance(books.as_of))]], total=True)


def _close(books: HardTalker) -> ShownTable:
    """Both deals, closed side by side."""
    was, now = books.as_it_was(), books.deal()

    def row(text: str, one: object, other: object) -> list[str]:
        return [text, str(one), str(other)]

    return ShownTable(["结账", "小王那回", "今天这张"], [
        row("给出", money(float(was.given)), money(float(now.given))),
        row("换回", money(float(was.got)), money(float(now.got))),
        row("净得", money(float(was.net)), money(float(now.net))),
        row("该谁批", was.needed, now.needed), row("谁批的", "没人", now.needed),
        row("盖章的纸", "没有", "付款计划"), row("毛病", f"{len(was.findings)} 条", f"{len(now.findings)} 条")])


def case(seed: int = 0, as_of: str = "2025-06-30") -> Case:
    """The case of a seed at a day.

    >>> first, other = case(0), case(1)
    >>> first.facts["owes"] == first.ledger.balance("2025-06-30")
    True
    >>> round(first.facts["short"] - first.facts["cut"] - first.facts["leaking"], 2)
    0.0
    >>> first.facts["owes"] == other.facts["owes"]
    False
    """
    books = HardTalker(int(seed), date.fromisoformat(str(as_of)[:10]))
    known = facts(books)
    return Case(NAME, books.ledger, known, tables(books, known))
