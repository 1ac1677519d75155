"""What papers for a customer may claim: no more than is undisputed, unpaid and due, and what the internal page warns of."""

import io
import re
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn

from receivables import paths
from receivables.course.scripts import claims, facts, plan, standing, templates, watch
from receivables.course.scripts.account import of as account_of
from receivables.course.scripts.html import to_html
from receivables.course.scripts.letters import letters
from receivables.course.scripts.paper import Fields, Head, Items, Para, Said, Sign, Table
from receivables.course.scripts.word import to_docx
from receivables.ledger import Ledger

DAY = date(2025, 6, 30)
OUT = ("reminder", "demand", "final", "statement", "agreement")


@pytest.fixture(scope="module")
def company():
    return Ledger.load(paths.data("company"))


@pytest.fixture(scope="module")
def of(company):
    made = {}

    def papers(customer, **more):
        key = (customer, *sorted(more.items()))
        if key not in made:
            made[key] = letters(company, customer, DAY, **more)
        return {each.id: each.paper for each in made[key][0]}

    return papers


def lines(paper):
    for block in paper.blocks:
        match block:
            case Head(text) | Para(text) | Said(text):
                yield text
            case Items(texts):
                yield from texts
            case Fields(pairs):
                yield from ("：".join(pair) for pair in pairs)
            case Sign(parties):
                yield from (line for party in parties for line in party)
            case Table():
                yield from ("|".join(row) for row in (block.head, *block.rows))


def said(paper):
    return "\n".join(lines(paper))


def table(paper, first, column=0):
    return next(b for b in paper.blocks if isinstance(b, Table) and b.head[column] == first)


def warned(paper):
    return dict(table(paper, "先看").rows)


INVOICES = ["document_id", "document_type", "customer_id", "issued", "due", "amount", "contract_id"]
CONTRACT = {"contract_id": "K1", "customer_id": "C1", "signed_on": "2025-01-02", "currency": "CNY", "amount": 1e6}


def ledger_of(*rows, contract=None, **more):
    """A small ledger of documents (id, type, issued, due, amount) under one contract."""
    frame = pd.DataFrame([(id, kind, "C1", issued, due, amount, "K1") for id, kind, issued, due, amount in rows],
                         columns=INVOICES)
    contracts = pd.DataFrame([CONTRACT | (contract or {})])
    return Ledger.from_tables({"invoices": frame.assign(currency="CNY"), "contracts": contracts, **more})


def receipt(id, received, amount, **more):
    return pd.DataFrame([{"receipt_id": id, "customer_id": "C1", "received": received, "currency": "CNY",
                          "amount": amount, "on_account": True, **more}])


def dispute(id, document, amount, **more):
    return {"dispute_id": id, "customer_id": "C1", "document_id": document, "opened_on": "2025-03-01", "amount": amount,
            "reason": "quality", **more}


# ------------------------------------------------------------------------------------------------- disputes


@pytest.mark.parametrize("customer,document,part,whole", [
    ("C0231", "FP2412-0231-1", "3500.97", "65888.45"), ("C0270", "", "11069.17", "137622.36"),
    ("C0131", "", "7805.26", "60979.24"), ("C0291", "", "6530.69", "50787.63")])
def test_only_the_amount_disputed_is_disputed(company, customer, document, part, whole):
    items = account_of(company, customer, DAY).items
    (item,) = items[items["disputed_amount"] > 0].itertuples()
    assert Decimal(item.disputed_amount).scaleb(-2) == Decimal(part)
    assert Decimal(item.open_amount).scaleb(-2) == Decimal(whole)
    assert item.document_id == (document or item.document_id)


def test_the_undisputed_rest_is_demanded_with_its_interest(company, of):
    account = account_of(company, "C0231", DAY)
    assert account.demand == Decimal("2051382.96") and len(account.claimed) == 11
    assert dict(account.claimed.set_index("document_id")["open_amount"])["FP2412-0231-1"] == 6238748
    wanted = "其中 FP2412-0231-1 有 3,500.97 元贵公司提过异议，另行核对；该单其余部分没有异议，请一并支付。"
    for id in ("reminder", "demand", "final"):
        text = said(of("C0231")[id])
        assert wanted in text and "2,051,382.96" in text and "逾期 142 天，其中 3,500.97 有异议" in text
    (agreed,) = claims.interests(account)
    by_hand = sum(i.open_amount * i.late for i in account.claimed.itertuples()) * Decimal("0.1095") / 365 / 100
    assert abs(agreed.high - by_hand) < Decimal("0.01") and f"{agreed.high:,.2f}" in said(of("C0231")["demand"])


def test_a_dispute_without_amount_takes_the_whole_document(company):
    account = account_of(company, "C0079", DAY)
    assert account.disputed == Decimal("641157.96") and "FP2501-0079-2" not in set(account.claimed["document_id"])


def test_a_dispute_is_shared_once_among_the_items_of_a_document():
    retention = pd.DataFrame({"retention_id": ["Z1"], "customer_id": "C1", "contract_id": "K1", "document_id": "A1",
                              "amount": [1000.0], "due": ["2025-05-01"]})
    rows_ = [("A1", "invoice", "2024-12-01", "2025-02-01", 10000.0)]
    for amounts, expected in (([9500.0], [9000, 500]), ([300.0, 200.0], [500, 0]), ([99999.0], [9000, 1000]),
                              ([1.0, None], [9000, 1000])):
        ledger = ledger_of(*rows_, retention=retention, disputes=pd.DataFrame(
            [dispute(f"D{n}", "A1", amount) for n, amount in enumerate(amounts)]))
        items = account_of(ledger, "C1", DAY).items.sort_values("due")
        assert (items["disputed_amount"] // 100).tolist() == expected


def test_a_dispute_settled_or_not_yet_raised_counts_for_nothing():
    for more in ({"resolved_on": "2025-06-30"}, {"opened_on": "2025-07-01"}):
        ledger = ledger_of(("A1", "invoice", "2024-12-01", "2025-02-01", 10000.0),
                           disputes=pd.DataFrame([dispute("D1", "A1", 50.0, **more)]))
        assert account_of(ledger, "C1", DAY).disputed == 0


# ------------------------------------------------------------------------------------------------- money and paper received


@pytest.mark.parametrize("customer,words_", [("C0018", "违约金待红字冲抵后另行计算"), ("C0079", "")])
def test_with_credits_no_amount_of_interest_is_printed(company, of, customer, words_):
    account = account_of(company, customer, DAY)
    agreed = [each for each in claims.interests(account) if each.rule == "agreed"]
    assert account.cash + account.red > 0
    for id in ("demand", "final"):
        text = said(of(customer)[id])
        assert "暂计" not in text and words_ in text
        assert not agreed or f"{agreed[0].high:,.2f}" not in text


def test_with_cash_not_applied_interest_waits():
    ledger = ledger_of(("A1", "invoice", "2024-12-01", "2025-02-01", 10000.0), contract={"late_rate": 0.1095},
                       receipts=receipt("R1", "2025-05-01", 1234.0))
    papers, _ = letters(ledger, "C1", DAY)
    for id in ("demand", "final"):
        text = said(next(each.paper for each in papers if each.id == id))
        assert "违约金待贵公司已付款项核销后另行计算" in text and "暂计" not in text and "红字" not in text


def test_the_table_ends_in_what_is_asked_for(of):
    last = [(row[0], row[2]) for row in table(of("C0006")["reminder"], "单据号").rows[-3:]]
    assert last == [("合计", "88,411.97"), ("减：已收未核销", "−86,170.60"), ("请付", "2,241.37")]
    assert table(of("C0117")["demand"], "单据号").rows[-1][0] == "合计"  # nothing is taken off: the sum is asked for
    assert ("减：未冲完红字", "−3,633.66") in [(row[0], row[2]) for row in table(of("C0018")["demand"], "单据号").rows]


def test_paper_that_has_not_matured_is_no_money(company, of):
    account = account_of(company, "C0021", DAY)
    assert (account.cash, account.paper, account.held_paper) == (Decimal("122340.45"),) * 2 + (Decimal("263070.09"),)
    paper = of("C0021")["statement"]
    row = next(row for row in table(paper, "单据号").rows if row[0] == "SK2506-0021-1")
    assert row[1] == "未到期票据、凭证" and row[3] == "2025-09-23"
    text = said(paper)
    assert "已收未到期票据、凭证 263,070.09 元（2025年7月25日至2025年9月23日到期）。到期兑付前，相应的货款债权不消灭" in text
    assert [row[4] for row in table(paper, "收款号").rows] == ["108,903.45", "31,826.19", "122,340.45"]
    assert "债权不消灭" in warned(of("C0021")["check"])["已收未到期票据、凭证"]
    assert "已收未核销" not in said(of("C0021")["statement"])


def test_all_the_paper_of_the_company(company):
    held = []
    for customer in company.table("customers")["customer_id"]:
        try:
            held.append(account_of(company, customer, DAY).bills)
        except ValueError:
            continue
    table_ = company.table("receipts")
    live = table_[(table_["received"] <= "2025-06-30") & (table_["bill_due"] > "2025-06-30")]
    live = live[~(live["dishonoured"] <= "2025-06-30")]
    owed = set(company.open_items(DAY)["customer_id"])
    assert pd.concat(held)["receipt_id"].nunique() == live["customer_id"].isin(owed).sum()
    assert (len(live), round(live["amount"].sum(), 2)) == (99, 15922031.14)


@pytest.mark.parametrize("more,is_held", [
    ({"bill_due": "2025-07-01"}, True), ({"bill_due": "2025-06-30"}, False), ({}, False),
    ({"bill_due": "2025-07-01", "dishonoured": "2025-06-30"}, False)])
def test_paper_matures_at_the_end_of_its_day(more, is_held):
    ledger = ledger_of(("A1", "invoice", "2024-12-01", "2025-02-01", 10000.0),
                       receipts=receipt("R1", "2025-05-01", 1234.0, instrument="commercial_draft", **more))
    account = account_of(ledger, "C1", DAY)
    assert (len(account.bills) == 1) is is_held and (account.paper > 0) is is_held
    papers, _ = letters(ledger, "C1", DAY)
    for id in ("reminder", "demand", "final", "agreement"):
        text = said(next(each.paper for each in papers if each.id == id))
        assert ("还没到期的票据或凭证合计 1,234.00 元" in text) is is_held, id


# ------------------------------------------------------------------------------------------------- what is not sent


def test_a_small_balance_is_not_dunned(company):
    papers, told = letters(company, "C0021", DAY)
    assert {each.id for each in papers} == {"statement", "call", "visit", "follow", "check"}
    assert all("请付 84.49，不到起催数 1,000.00" in line for line in told) and len(told) == 4


@pytest.mark.parametrize("amount,made", [(999.99, False), (1000.0, True)])
def test_the_least_that_is_dunned(amount, made):
    papers, _ = letters(ledger_of(("A1", "invoice", "2025-05-01", "2025-06-01", amount)), "C1", DAY)
    assert ("demand" in {each.id for each in papers}) is made


def test_a_receipt_that_pays_overdue_documents_exactly_holds_the_letters_back(company):
    papers, told = letters(company, "C0006", DAY)
    ids = {each.id for each in papers}
    assert "reminder" in ids and not ids & {"demand", "final", "agreement"}
    assert sum("正好等于 FP2404-0006-1（质保金）、FP2503-0006-1：先核销" in line for line in told) == 3
    check = next(each.paper for each in papers if each.id == "check")
    assert "FP2503-0006-1" in warned(check)["先核销"] and warned(check)["现在用哪一份"].startswith("对账单。")


@pytest.mark.parametrize("paid,wanted", [
    (200.0, ("A2",)), (500.0, ("A2", "A3")), (1500.0, ("A1", "A2", "A3", "A4")), (1499.99, ()), (123.0, ())])
def test_what_a_receipt_pays_exactly(paid, wanted):
    rows_ = [(f"A{n}", "invoice", "2025-01-01", f"2025-02-0{n}", amount)
             for n, amount in enumerate((100.0, 200.0, 300.0, 900.0, 5000.0), 1)]
    ledger = ledger_of(*rows_, receipts=receipt("R1", "2025-05-01", paid))
    assert standing.matched(account_of(ledger, "C1", DAY)) == wanted


# ------------------------------------------------------------------------------------------------- the agreement


def test_the_agreement_ties_to_its_own_annex(company, of):
    for customer, deducted in (("C0231", ()), ("C0018", ("减：未冲完红字",))):
        paper = of(customer)["agreement"]
        *rows_, total = table(paper, "单据号").rows
        figures = [Decimal(row[3].replace(",", "").replace("−", "-")) for row in rows_]
        assert sum(figures) == Decimal(total[3].replace(",", "")) == account_of(company, customer, DAY).demand
        assert tuple(row[0] for row in rows_ if row[0].startswith("减")) == deducted
        assert "对账单" not in said(paper) and "有异议的、没到期的部分不在本协议内，甲方不放弃" in said(paper)


def test_the_agreement_stands_alone(of):
    text = said(of("C0117")["agreement"])
    for wanted in (
            "按期足额支付的，各期款项抵该期本金；逾期付款责任另行结算。",
            "任何一期未按期足额的，从该笔起依次抵费用、逾期付款责任、本金；几笔本金之间先到期的先抵。",
            "不变更原合同各笔货款的到期日；逾期付款责任仍从原到期日次日起算至付清之日",
            "付款日后第三日二十四时仍未付足的，其余各期自次日全部到期",
            "乙方可以提前还款，不另收费用", "甲方书面确认收到的除外",
            "按此寄出、发出即为送达，也用于诉讼、仲裁文书", "提交甲方住所地有管辖权的人民法院", "一式两份"):
        assert wanted in text, wanted
    assert [row[0] for row in table(of("C0117")["agreement"], "送达信息").rows] == ["地址", "收件人", "手机", "邮箱", "微信"]
    assert "选用" not in text  # a rate was agreed
    bare = letters(ledger_of(("A1", "invoice", "2025-05-01", "2025-06-01", 5000.0)), "C1", DAY)[0]
    assert "按每年 ____ %" in said(next(each.paper for each in bare if each.id == "agreement"))


def test_a_guarantee_is_an_agreement_of_three(company, of):
    paper = of("C0117", guarantor="崔骁", guarantee_until=date(2026, 12, 31))["agreement"]
    text = said(paper)
    for wanted in ("甲乙丙三方", "一式三份", "范围是本金、原合同逾期付款违约金或损失、实现债权的费用", "公司法第15条"):
        assert wanted in text, wanted
    assert "一式两份" not in text and table(paper, "送达信息").head[-1] == "丙方"
    assert [len(block.parties) for block in paper.blocks if isinstance(block, Sign)] == [3]
    numbers = [n for block in paper.blocks if isinstance(block, Items) for n, _ in enumerate(block.lines, block.start)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 12
    assert f'start="{numbers[-1]}"' in to_html(paper) or 'start="3"' in to_html(paper)


@pytest.mark.parametrize("until,short", [(date(2026, 3, 4), True), (date(2026, 3, 5), False)])
def test_a_guarantee_of_under_six_months_is_warned_of(company, until, short):
    papers, told = letters(company, "C0117", DAY, guarantor="崔骁", guarantee_until=until)  # the last payment: 2025-09-05
    assert any("不到六个月" in line for line in told) is short
    assert ("保证期间偏短" in warned(next(each.paper for each in papers if each.id == "check"))) is short


def test_old_guarantors_of_what_is_open_are_named():
    for end, state in (("2025-06-29", "已经过了"), ("2025-06-30", "到期前要向他主张"), (None, "没写保证期间")):
        ledger = ledger_of(("A1", "invoice", "2025-05-01", "2025-06-01", 5000.0),
                           contract={"guarantor": "任某", "guarantee_until": end})
        row = warned(next(each.paper for each in letters(ledger, "C1", DAY)[0] if each.id == "check"))["以前的保证人"]
        assert "K1 的 任某" in row and state in row


# ------------------------------------------------------------------------------------------------- letters and the law


@pytest.mark.parametrize("customer", ["C0117", "C0231", "C0006", "C0021", "C0018", "C0078", "C0082"])
def test_what_goes_out_argues_no_law_against_us(of, customer):
    for id, paper in of(customer).items():
        if id in OUT:
            for wrong in ("适当减少", "未核实", "执业律师", "非法律意见", "《民法典", "已核对条文"):
                assert wrong not in said(paper), (id, wrong)
    assert "非法律意见" in said(of(customer)["check"])


def test_letters_keep_what_is_ours(of):
    for id in ("demand", "final"):
        text = said(of("C0117")[id])
        assert "有 14 笔货款的合同约定了" in text and "请一并支付；只付本金的，不表示我公司放弃" in text
        assert "本函另定的日期不是同意展期" in text and "签收单位（盖章）" in text and "公司收发部门" in text
        assert "（含当日）前" in text
    final = said(of("C0117")["final"])
    assert "并经我公司书面同意；未经同意的方案不停止以下步骤" in final
    assert "既没有足额到账，也没有我公司书面同意的方案的" in final


@pytest.mark.parametrize("signed,covered", [("2025-05-31", False), ("2025-06-01", True)])
def test_the_regulation_covers_contracts_signed_since_it_came_into_force(signed, covered):
    ledger = ledger_of(("A1", "invoice", "2025-06-02", "2025-06-15", 5000.0),
                       contract={"signed_on": signed, "debtor_size": "large", "creditor_size": "medium"},
                       disputes=pd.DataFrame([dispute("D1", "A1", 100.0)]))
    papers = {each.id: each.paper for each in letters(ledger, "C1", DAY)[0]}
    assert claims.covered(account_of(ledger, "C1", DAY)) is covered and claims.large(account_of(ledger, "C1", DAY))
    assert ("第15条" in said(papers["demand"])) is covered
    assert ("款项支付条例" in warned(papers["check"])) is not covered
    assert "日万分之五" in said(papers["check"]) and "LPR 加计" in said(papers["check"])  # both bases, for the lawyer


def test_the_regulation_is_not_cited_for_older_contracts(of):
    assert "条例" not in said(of("C0231")["demand"])
    told = warned(of("C0231")["check"])["款项支付条例"]
    assert "合同订立在新条例施行（2025年6月1日）前，能否适用请律师判断；是否告知过中小企业身份" in told


def test_where_no_address_was_agreed_the_letter_does_not_say_so(of):
    assert "合同写明的地址" in said(of("C0117")["demand"]) and "合同写明的地址" not in said(of("C0018")["demand"])
    assert warned(of("C0018")["check"])["合同未约定地址"] == "HT2405-0018-1：寄登记住所，并留底单"


# ------------------------------------------------------------------------------------------------- the internal page


def test_the_last_statement_and_those_unanswered_are_told(of):
    check = of("C0117")["check"]
    assert "盖章对账少 274,937.48 元（折让未入账），先核清" in warned(check)["最近一次对账有差额"]
    assert "差额部分按未确认看" in said(check)
    assert "有 3 份寄出没回（最近 DZ2503-0231" in warned(of("C0231")["check"])["对账单没回"]
    assert "差额部分" not in said(of("C0018")["check"])


def test_evidence_is_asked_for_what_is_open(company):
    gaps = claims.gaps(account_of(company, "C0117", DAY)).set_index("gap")["count"]
    assert gaps["对方签约人没有授权材料"] == 1 and "没约定逾期利率" not in gaps  # the one contract that is open has a rate
    assert "没有约定送达地址" not in gaps


def contact(on, channel, **more):
    return {"contact_id": f"L{on}{channel}", "customer_id": "C1", "contacted_on": on, "logged_on": on, "channel": channel,
            "outcome": "reached", "demand": True, "evidence_kept": True, "reached_debtor": True, **more}


@pytest.mark.parametrize("due,sent,title", [
    ("2025-05-31", (), "付款提醒函"), ("2025-05-30", (), "催款函"), ("2025-03-01", ("2025-06-25",), "电话记录"),
    ("2025-03-01", ("2025-06-20",), "电话记录"), ("2025-03-01", ("2025-06-19",), "发律师函之前的最后通知"),
    ("2025-03-01", ("2025-04-01",), "发律师函之前的最后通知"), ("2025-03-01", ("2025-03-31",), "催款函")])
def test_one_paper_is_named_for_now(due, sent, title):
    contacts = pd.DataFrame([contact(on, "letter") for on in sent] + [contact("2025-06-29", "phone")])
    ledger = ledger_of(("A1", "invoice", "2025-01-01", due, 5000.0), contacts=contacts)
    papers = {each.id: each.paper for each in letters(ledger, "C1", DAY)[0]}
    row = warned(papers["check"])["现在用哪一份"]
    assert row.startswith(f"{title}。") and "一次只寄一份" in row and "上次联系 2025-06-29（电话" in row
    assert ("可能是单据或排款还没走完" in said(papers["reminder"])) is (title == "付款提醒函")


def test_an_old_ledger_is_warned_of(company):
    for day, old in ((date(2025, 8, 29), False), (date(2025, 8, 30), True)):
        papers, told = letters(company, "C0117", day)
        assert any("台账最后一笔在 2025-06-30" in line for line in told) is old
        assert ("台账旧了" in warned(next(each.paper for each in papers if each.id == "check"))) is old


def test_nothing_due_asks_for_nothing(of):
    for customer, wanted in (("C0082", "确认 2025年7月17日 到期的 74,820.95 元按时付"),
                             ("C0078", "我方应退或应抵 32,071.65 元")):
        for id in ("call", "visit"):
            text = said(of(customer)[id])
            assert wanted in text and "—。" not in text and "请付" not in text and "0.00 元" not in text, (customer, id)
    check = warned(of("C0078")["check"])
    assert "有钱到了还没核销" not in check and "32,071.65" in check["红字没冲完"]
    text = said(of("C0078")["statement"])
    assert "人民币负" not in text and "我方应退或应抵 32,071.65 元" in text


def test_another_currency_is_still_asked_for_by_telephone():
    frame = pd.DataFrame([("A1", "invoice", "C1", "2025-01-05", "2025-02-04", 5000.0)], columns=INVOICES[:-1])
    ledger = Ledger.from_tables({"invoices": frame.assign(currency="USD")})
    papers = {each.id: each.paper for each in letters(ledger, "C1", DAY)[0]}
    assert "到账 5,000.00 USD" in said(papers["call"]) and "这次不催款" not in said(papers["call"])
    assert "外币的账" in warned(papers["check"])["现在用哪一份"]


def test_no_zero_is_printed_where_nothing_is(of):
    for customer in ("C0117", "C0231", "C0006", "C0018", "C0078", "C0082"):
        for id in OUT:
            if id in of(customer):
                assert not re.search(r"(?<![\d,.])0\.00", said(of(customer)[id])), (customer, id)
    assert "红字" not in said(of("C0006")["reminder"]) and "已付、还没对到" not in said(of("C0018")["reminder"])


# ------------------------------------------------------------------------------------------------- plans, accounts, screens


def test_an_instalment_on_a_day_of_rest_is_told(company):
    demand = account_of(company, "C0117", DAY).demand
    _, told = letters(company, "C0117", DAY, instalments=[("2025-07-12", "1000"), ("2025-08-15", demand - 1000)])
    assert told == ["第 1 期 2025-07-12 是休息日，那天银行不一定处理转账，建议挪到 2025-07-14。"]


def test_the_first_instalment_is_on_the_day_that_was_promised(of):
    promises = pd.DataFrame([{"promise_id": "P1", "customer_id": "C1", "promised_on": "2025-06-28", "pay_by": "2025-07-10",
                              "amount": 50.0, "promised_by": "甲", "channel": "phone", "in_writing": True}])
    ledger = ledger_of(("A1", "invoice", "2025-01-01", "2025-02-01", 5000.0), promises=promises)
    papers = {each.id: each.paper for each in letters(ledger, "C1", DAY)[0]}
    assert [row[1] for row in table(papers["agreement"], "期数").rows[:2]] == ["2025年7月10日", "2025年8月11日"]
    assert "对方答应 2025-07-10 付 50.00 元" in warned(papers["check"])["有承诺没到日子"]
    assert plan.proposed(Decimal("100"), DAY) == plan.proposed(Decimal("100"), DAY, date(2025, 7, 7))


def test_the_account_is_three_fields_that_do_not_break(of):
    pairs = dict(next(b for b in of("C0117")["reminder"].blocks if isinstance(b, Fields)).pairs)
    assert list(pairs) == ["户名", "开户行", "账号"] and pairs["账号"] == "0000\u00a02025\u00a00630\u00a00000\u00a0001"
    assert facts.pay_to("甲公司", None)["account_number"] == "〔账号〕"
    assert list(facts.pay_to("甲公司", "乙银行 62").values()) == ["甲公司", "乙银行", "62"]


def test_wide_tables_stay_readable_on_a_telephone(of):
    text = to_html(of("C0021")["statement"])
    assert 'data-head="未付金额">122,340.45' in text and 'data-head="情况">减项' in text
    assert '<td class="d" data-head="到期日">2025-09-23</td>' in text and "table.plain.many" in text
    assert '<td class="d">2025-06-13</td>' in to_html(of("C0018")["demand"]) and "td.d{white-space:nowrap}" in text


def test_buckets_and_numbers_in_plain_words(of):
    assert "逾期 91 天以上" in [row[0] for row in table(of("C0021")["statement"], "账龄（按到期日）").rows]
    check = said(of("C0117")["check"])
    assert "由原告预交" in check and "另交申请费约 5,000.00 元" in check


def test_numbers_go_on_in_word(of):
    paper = of("C0117", guarantor="崔骁", guarantee_until=date(2026, 12, 31))["agreement"]
    document = Document(io.BytesIO(to_docx(paper)))
    marks = [p.text.split("\t")[0] for p in document.paragraphs if "\t" in p.text]
    assert marks == [f"{n}." for n in range(1, len(marks) + 1)]
    service = next(t for t in document.tables if t.rows[0].cells[0].text == "送达信息")
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for row in service.rows for cell in row.cells)
    language = next(document.styles["Normal"].element.iter(qn("w:lang")))
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == ("en-US", "zh-CN")  # or figures break anywhere


def test_only_numbers_go_on():
    with pytest.raises(ValueError, match="only numbers"):
        templates.Block(text="x", goes_on=True)


def test_short_guarantees_need_a_plan():
    assert not watch.short_guarantee((), date(2025, 7, 1))
