"""The tables of a receivables ledger (应收账款台账): every column, its meaning, and the pandera schema.

One description (``TABLES``) serves the validation, the CSV files, the data dictionary and
``datapackage.json``, so that they cannot drift apart.

Conventions
-----------
- **Keys** are strings and never change; leading zeros survive. A key column is the first field of its table.
- **Money** columns hold int64 minor units (fen 分) inside a ``Ledger`` and decimal currency units in CSV files.
  ``money`` that may be missing is nullable ``Int64``. Amounts include VAT unless the column is called ``net``.
- **Signs**: an invoice is positive, a credit note (红字) negative, and ``net + tax == amount`` where both are given.
  Receipts, allocations, write-offs, retention and promises are positive. A negative receipt is a refund of
  unapplied cash.
- **Dates** are midnight ``datetime64[us]``; an event dated D has happened at the end of D.
- **rate** columns are fractions (0.13 is 13 %), **days** are calendar days, **flag** is true / false / not known.
- Every column but the required ones may be missing or empty; a loaded table always has all columns, in this order.
- ``choice`` columns take the listed codes; their Chinese words belong to the interface, not to the data.

How money moves
---------------
``invoices`` open a debt on ``issued``. ``allocations`` settle it, from a receipt or a credit note, on ``applied``.
A credit note with ``parent_id`` and a receipt with ``reference`` need no allocation row: the ledger applies them by
its rule (see ``receivables.ledger.allocate``). A receipt with at least one allocation row, or ``on_account``, is
the bookkeeper's: what its rows leave over stays unapplied. A ``dishonoured`` draft undoes its allocations on that
day. A refund is allocated from the receipt it gives back: its ``receipt_id`` stands as the ``document_id``.
A ``recovery_of`` receipt reinstates the written-off debt and pays it on the same day. ``retention`` (质保金)
is the part of an invoice that falls due later, on its own date.

>>> [table.name for table in TABLES.values()][:4]
['customers', 'contracts', 'orders', 'deliveries']
>>> TABLES["receipts"].field("instrument").choices
('transfer', 'bank_draft', 'commercial_draft', 'electronic_certificate', 'cash', 'offset', 'other')
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    import pandera.pandas as pa

Kind = Literal["id", "text", "choice", "date", "money", "rate", "days", "flag"]

DATE = "datetime64[us]"
NO_CURRENCY = "XXX"  # ISO 4217: no currency, i.e. the file does not say
_DTYPES = {"id": "str", "text": "str", "choice": "str", "date": DATE, "money": "Int64", "rate": "float64",
           "days": "Int64", "flag": "boolean"}


@dataclass(frozen=True)
class Field:
    """One column: code name, kind, Chinese and English meaning, and what it must satisfy."""

    name: str
    kind: Kind
    zh: str
    en: str
    required: bool = False
    choices: tuple[str, ...] = ()
    refers: str | None = None  # table whose key this is

    @property
    def dtype(self) -> str:
        """The pandas dtype inside a ledger."""
        return "int64" if self.kind == "money" and self.required else _DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One table: its name in code, in Chinese, and its fields; the first field is the key."""

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> str:
        return self.fields[0].name

    @property
    def columns(self) -> list[str]:
        return [field.name for field in self.fields]

    @property
    def required(self) -> list[str]:
        return [field.name for field in self.fields if field.required]

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when the table has none."""
        return next((f for f in self.fields if f.name == name), None) or _no_field(self.name, name)

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema of the table as a ledger holds it (money in minor units)."""
        import pandera.pandas as pa  # slow to import, and only needed once there is a table to check

        columns = {}
        for field in self.fields:
            checks = [pa.Check.isin(field.choices)] if field.choices else []
            columns[field.name] = pa.Column(field.dtype, checks, nullable=not field.required,
                                            unique=field.name == self.key)
        return pa.DataFrameSchema(columns, strict=True, ordered=True, name=self.name)

    def empty(self) -> pd.DataFrame:
        """The table without rows.

        >>> len(TABLES["invoices"].empty()), TABLES["invoices"].empty()["amount"].dtype
        (0, dtype('int64'))
        """
        return self._empty.copy()

    @cached_property
    def _empty(self) -> pd.DataFrame:
        return pd.DataFrame({field.name: pd.Series([], dtype=field.dtype) for field in self.fields})


def _no_field(table: str, name: str):
    raise KeyError(f"table {table!r} has no column {name!r}")


def _id(name, zh, en, *, required=False, refers=None):
    return Field(name, "id", zh, en, required, refers=refers)


def _text(name, zh, en):
    return Field(name, "text", zh, en)


def _choice(name, zh, en, *choices, required=False):
    return Field(name, "choice", zh, en, required, choices)


def _date(name, zh, en, *, required=False):
    return Field(name, "date", zh, en, required)


def _money(name, zh, en, *, required=False):
    return Field(name, "money", zh, en, required)


def _rate(name, zh, en):
    return Field(name, "rate", zh, en)


def _days(name, zh, en):
    return Field(name, "days", zh, en)


def _flag(name, zh, en):
    return Field(name, "flag", zh, en)


def _customer():
    return _id("customer_id", "客户编码", "customer", required=True, refers="customers")


def _document(*, required=False):
    return _id("document_id", "单据编号", "invoice or credit note", required=required, refers="invoices")


def _currency(*, required=False):
    return Field("currency", "text", "币种", "ISO 4217 code; XXX when not known", required)


_SALESPERSON = _text("salesperson", "业务员", "who sells and collects")
_NOTE = _text("note", "备注", "remark")
DEBT_TYPES = ("project", "dealer", "institutional", "other")
CHANNELS = ("phone", "wechat", "email", "letter", "visit", "meeting", "lawyer_letter", "other")
SIZES = ("public_body", "large", "medium", "small", "micro")

CUSTOMERS = Table("customers", "客户", "who owes, and what we agreed to risk on him", (
    _id("customer_id", "客户编码", "customer", required=True),
    _text("name", "客户名称", "name"),
    _text("kind", "客户类型", "house kind of customer (the thread company's six are in company.yaml)"),
    _choice("debt_type", "应收类型", "工程项目型, 厂商类型 or 政企机构 debt", *DEBT_TYPES),
    _choice("size_class", "企业规模", "size class at contract date", *SIZES),
    _text("nature", "企业性质", "state-owned, private, foreign, public body ..."),
    _text("industry", "行业", "industry"),
    _text("region", "地区", "region"),
    _SALESPERSON,
    _id("group_id", "所属集团", "group the customer belongs to, for concentration"),
    _flag("related_party", "是否关联方", "related party: assessed alone when providing"),
    _date("insolvent_on", "破产或停业日", "day insolvency became known"),
    _money("credit_limit", "信用额度", "credit limit; empty when none was set, 0 when none is granted"),
    _days("terms_days", "账期天数", "house terms granted to the customer"),
    _rate("commission_rate", "提成比例", "salesperson's commission on cash received"),
    _text("risk_grade", "风险等级", "risk grade given at the last review"),
    _date("reviewed_on", "上次信用评审日", "last credit review"),
    _date("since", "建档日", "customer since"),
    _text("contact_name", "联系人", "usual contact"),
    _NOTE,
))

CONTRACTS = Table("contracts", "合同", "what was agreed, clause by clause as the evidence check needs it", (
    _id("contract_id", "合同编号", "contract", required=True),
    _customer(),
    _date("signed_on", "签订日", "date signed"),
    _text("subject", "标的", "what is sold"),
    _choice("debt_type", "应收类型", "type of debt the contract creates", *DEBT_TYPES),
    _SALESPERSON,
    _currency(),
    _money("amount", "合同金额", "contract price with VAT"),
    _days("terms_days", "账期天数", "days granted; empty when the contract is silent"),
    _choice("terms_start", "账期起算", "what the days run from",
            "invoice", "delivery", "acceptance", "statement", "month_end", "third_party_payment"),
    _choice("debtor_size", "付款方规模", "debtor's size class on signing", *SIZES),
    _choice("creditor_size", "收款方规模", "our size class on signing", *SIZES),
    _rate("retention_rate", "质保金比例", "share retained"),
    _days("retention_days", "质保期天数", "days the retention is kept after acceptance"),
    _rate("late_rate", "违约金年利率", "agreed late-payment rate a year; empty when none"),
    _flag("sealed", "已签字盖章", "signed and sealed by both"),
    _flag("original_held", "原件在档", "we hold an original"),
    _text("signatory", "对方签约人", "who signed for the customer"),
    _flag("signatory_authorised", "签约人有授权", "his authority is on file"),
    _text("service_address", "送达地址条款", "agreed address for service; empty when none"),
    _text("performance_place", "履行地条款", "agreed place of performance; empty when none"),
    _text("forum", "争议解决条款", "court or arbitration clause as worded; empty when none"),
    _flag("retention_of_title", "所有权保留", "title retained until paid"),
    _flag("back_to_back", "背靠背条款", "payment made to depend on a third party's"),
    _text("guarantor", "保证人", "guarantor; empty when none"),
    _date("guarantee_until", "保证期间届满日", "last day of the guarantee period"),
    _NOTE,
))

ORDERS = Table("orders", "订单", "what was ordered, and who let it pass", (
    _id("order_id", "订单号", "order", required=True),
    _customer(),
    _id("contract_id", "合同编号", "contract", refers="contracts"),
    _date("ordered_on", "下单日", "date ordered", required=True),
    _currency(),
    _money("amount", "订单金额", "order value with VAT"),
    _SALESPERSON,
    _text("customer_reference", "客户采购单号", "the customer's own number"),
    _text("approved_by", "审批人", "who released it"),
    _flag("over_limit", "超额度放行", "released although over the credit limit"),
    _NOTE,
))

DELIVERIES = Table("deliveries", "送货与验收", "deliveries and acceptances, with what proves them", (
    _id("delivery_id", "送货单号", "delivery note", required=True),
    _customer(),
    _id("order_id", "订单号", "order", refers="orders"),
    _id("contract_id", "合同编号", "contract", refers="contracts"),
    _date("delivered_on", "送货日", "date delivered", required=True),
    _money("amount", "送货金额", "value delivered with VAT"),
    _flag("signed", "已签收", "delivery note signed by the customer"),
    _date("signed_on", "签收日", "date signed"),
    _text("signed_by", "签收人", "who signed"),
    _flag("signer_authorised", "签收人有授权", "named in the contract or otherwise authorised"),
    _flag("original_held", "原件在档", "we hold the original"),
    _date("accepted_on", "验收日", "acceptance; empty when not accepted"),
    _text("accepted_by", "验收人", "who accepted"),
    _NOTE,
))

INVOICES = Table("invoices", "发票", "what opens a debt, and the credit notes that correct it", (
    _id("document_id", "单据编号", "invoice or credit note", required=True),
    _choice("document_type", "单据类型", "invoice, credit note (红字, negative), debit note or opening balance",
            "invoice", "credit_note", "debit_note", "opening", required=True),
    _customer(),
    _date("issued", "开票日期", "date issued", required=True),
    _date("due", "到期日", "date due; a credit note has none"),
    _currency(required=True),
    _money("net", "不含税金额", "amount without VAT"),
    _money("tax", "税额", "VAT"),
    _money("amount", "价税合计", "amount with VAT; negative for a credit note", required=True),
    _money("original_amount", "原金额", "as billed, where only the open part is known (an open snapshot)"),
    _rate("tax_rate", "税率", "VAT rate"),
    _rate("currency_rate", "汇率", "document currency per unit of base currency: amounts are divided by it"),
    _id("contract_id", "合同编号", "contract", refers="contracts"),
    _id("order_id", "订单号", "order", refers="orders"),
    _id("delivery_id", "送货单号", "delivery note", refers="deliveries"),
    _id("parent_id", "原发票号", "the invoice a credit note corrects", refers="invoices"),
    _text("reason", "红字原因", "why the credit note: return, price, rebate, quantity ..."),
    _SALESPERSON,
    _text("tax_number", "发票号码", "number of the tax invoice"),
    _date("handed_over_on", "发票送达日", "date the customer had the invoice"),
    _text("handed_over_to", "发票签收人", "who took it"),
    _NOTE,
))

STATEMENTS = Table("statements", "对账单", "statements sent and what the customer confirmed", (
    _id("statement_id", "对账单号", "statement", required=True),
    _customer(),
    _date("as_of", "对账截止日", "balance date", required=True),
    _currency(required=True),
    _money("our_balance", "我方余额", "balance by our books", required=True),
    _date("sent_on", "发出日", "date sent"),
    _date("confirmed_on", "确认日", "date confirmed; empty when not"),
    _text("confirmed_by", "确认人", "who confirmed"),
    _text("confirmed_role", "确认人职务", "in what function"),
    _flag("sealed", "已盖章", "sealed by the customer"),
    _money("their_balance", "对方余额", "balance by their books"),
    _text("difference_reason", "差异原因", "why they differ"),
    _NOTE,
))

RECEIPTS = Table("receipts", "收款", "money in, by what instrument and from whom", (
    _id("receipt_id", "收款单号", "receipt", required=True),
    _customer(),
    _date("received", "收款日期", "date received", required=True),
    _currency(required=True),
    _money("amount", "收款金额", "amount; negative for a refund", required=True),
    _choice("instrument", "收款方式", "transfer, 银承, 商承, electronic certificate of debt, cash, offset",
            "transfer", "bank_draft", "commercial_draft", "electronic_certificate", "cash", "offset", "other"),
    _text("payer", "付款人", "who paid; another than the customer is a signal"),
    _flag("third_party", "第三方代付", "paid by another than the customer"),
    _id("reference", "付款备注单号", "the invoice the payer names", refers="invoices"),
    _flag("on_account", "挂账", "left unapplied by the books until an allocation says otherwise"),
    _text("bill_number", "票据号", "number of the draft or certificate"),
    _text("acceptor", "承兑人", "who must pay the draft"),
    _date("bill_due", "票据到期日", "date the draft falls due"),
    _date("dishonoured", "拒付日", "date the draft was refused: its allocations are undone that day"),
    _id("recovery_of", "核销收回", "the write-off this money recovers", refers="write_offs"),
    _text("bank_reference", "银行流水号", "bank line"),
    _NOTE,
))

ALLOCATIONS = Table("allocations", "核销勾兑", "which receipt or credit note settled which invoice, when", (
    _id("allocation_id", "勾兑号", "allocation", required=True),
    _choice("source_type", "来源类型", "what settles", "receipt", "credit_note", required=True),
    _id("source_id", "来源单号", "receipt or credit note", required=True),
    _document(required=True),
    _date("applied", "勾兑日", "date applied", required=True),
    _money("amount", "勾兑金额", "amount applied", required=True),
    _NOTE,
))

RETENTION = Table("retention", "质保金", "the part of an invoice that falls due after the warranty", (
    _id("retention_id", "质保金编号", "retention", required=True),
    _customer(),
    _id("contract_id", "合同编号", "contract", refers="contracts"),
    _document(required=True),
    _money("amount", "质保金金额", "part of the invoice retained", required=True),
    _date("due", "质保金到期日", "date it falls due", required=True),
    _date("released_on", "验收放行日", "date the customer agreed to release it"),
    _NOTE,
))

DISPUTES = Table("disputes", "争议", "what the customer contests, and how it ended", (
    _id("dispute_id", "争议编号", "dispute", required=True),
    _customer(),
    _document(),
    _date("opened_on", "提出日", "date raised", required=True),
    _choice("reason", "争议原因", "what is contested",
            "quality", "quantity", "price", "delivery", "paperwork", "service", "rebate", "identity", "other",
            required=True),
    _money("amount", "争议金额", "amount contested; empty when the whole document is"),
    _flag("in_writing", "书面提出", "raised in writing"),
    _text("owner", "责任人", "who settles it on our side"),
    _date("resolved_on", "解决日", "date resolved; empty while open"),
    _choice("outcome", "处理结果", "how it ended", "upheld", "partly_upheld", "rejected", "withdrawn"),
    _id("credit_note_id", "红字发票号", "credit note that settled it", refers="invoices"),
    _NOTE,
))

PROMISES = Table("promises", "付款承诺", "promises to pay, measured by receipts and never by a typed status", (
    _id("promise_id", "承诺编号", "promise", required=True),
    _customer(),
    _document(),
    _date("promised_on", "承诺日", "date promised", required=True),
    _date("pay_by", "承诺付款日", "date promised for", required=True),
    _money("amount", "承诺金额", "amount promised", required=True),
    _currency(),
    _text("promised_by", "承诺人", "who promised"),
    _text("role", "承诺人职务", "in what function"),
    _choice("channel", "渠道", "how", *CHANNELS),
    _flag("in_writing", "书面承诺", "in writing"),
    _id("contact_id", "联系记录号", "the contact it came from", refers="contacts"),
    _NOTE,
))

CONTACTS = Table("contacts", "联系记录", "every contact, what came of it and what proves it", (
    _id("contact_id", "联系记录号", "contact", required=True),
    _customer(),
    _document(),
    _date("contacted_on", "联系日", "date of the contact", required=True),
    _date("logged_on", "登记日", "date it was written down"),
    _SALESPERSON,
    _choice("channel", "渠道", "how", *CHANNELS, required=True),
    _text("person", "联系对象", "with whom"),
    _text("role", "对象职务", "his function"),
    _choice("outcome", "结果", "what came of it",
            "no_answer", "reached", "evaded", "referred", "promised", "disputed", "refused", "confirmed", "paid",
            "other", required=True),
    _choice("excuse", "托词", "what he said: no money, no process, dispute, nobody there",
            "no_money", "no_process", "dispute", "nobody"),
    _flag("demand", "明确催款", "payment was demanded in so many words (interrupts limitation)"),
    _flag("evidence_kept", "留痕", "a record that would convince a court"),
    _flag("reached_debtor", "有效送达", "it demonstrably reached the debtor"),
    _date("next_on", "下次跟进日", "date of the next step"),
    _NOTE,
))

WRITE_OFFS = Table("write_offs", "坏账核销", "debts given up, by whom", (
    _id("write_off_id", "核销编号", "write-off", required=True),
    _customer(),
    _document(required=True),
    _date("written_off_on", "核销日", "date written off", required=True),
    _money("amount", "核销金额", "amount written off", required=True),
    _text("reason", "核销原因", "why"),
    _text("approved_by", "审批人", "who approved"),
    _NOTE,
))

CONTROLS = Table("controls", "总账余额", "the general ledger's receivables balance, to compare with", (
    _id("control_id", "编号", "control figure", required=True),
    _date("as_of", "日期", "balance date", required=True),
    _currency(required=True),
    _money("balance", "总账余额", "balance of the control account, net of unapplied cash and credits", required=True),
    _text("account", "科目", "account"),
))

TABLES: dict[str, Table] = {table.name: table for table in (
    CUSTOMERS, CONTRACTS, ORDERS, DELIVERIES, INVOICES, STATEMENTS, RECEIPTS, ALLOCATIONS, RETENTION, DISPUTES,
    PROMISES, CONTACTS, WRITE_OFFS, CONTROLS)}
"""Every table by name, in the order in which data flow."""
