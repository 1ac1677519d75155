"""The clause checker on wording as it is met in contracts."""

import pytest

from receivables.law import clauses
from receivables.law.clauses import check
from receivables.law.clauses import clauses as kept

GOOD = """第三条 甲方应在货物交付之日起三十日内付清货款。
第四条 逾期付款的，按未付金额每日万分之五支付违约金，直至付清之日。
第五条 本合同履行地为乙方住所地。货物付清全款前，所有权归乙方所有。
第六条 双方的送达地址、电子邮箱和微信号见签字页，变更应书面通知。
第七条 甲方指定收货人张某签收，双方每月对账。丙方承担连带责任保证，保证期间至2028年6月30日。
第八条 争议由乙方住所地有管辖权的人民法院管辖；违约方承担律师费和保全保险费。"""


def test_a_good_contract_has_nothing_missing_and_no_risk():
    found = check(GOOD)
    assert {r.status for r in found.value} == {"写了"}, [r for r in found.value if r.status != "写了"]
    missing = [code for code, clause in kept().items() if clause.missing]
    assert sorted({r.clause for r in found.value}) == sorted(missing)


def test_an_empty_contract_lacks_everything():
    found = check("本合同一式两份。")
    assert {r.clause for r in found.value if r.status == "没写"} == {c for c, v in kept().items() if v.missing}
    assert all(r.advice and r.rule for r in found.value)


@pytest.mark.parametrize("text, clause", [
    ("甲方收到业主付款后十个工作日内支付乙方。", "back_to_back"),
    ("按总包方付款进度同比例支付。", "back_to_back"),
    ("最终用户款项到账后支付。", "back_to_back"),
    ("本合同采用背靠背付款。", "back_to_back"),
    ("货款于资金宽裕时尽快支付。", "terms"),
    ("内部审批通过后方可付款。", "terms"),
    ("争议可提交上海仲裁委员会仲裁，也可向人民法院起诉。", "disputes"),
    ("双方可以向法院起诉或者提交北京仲裁委员会仲裁。", "disputes"),
    ("争议提交当地仲裁委员会仲裁。", "disputes"),
    ("争议提交仲裁。", "disputes"),
    ("争议提交北京仲裁委员会或上海仲裁委员会仲裁。", "disputes"),
    ("由守约方所在地法院管辖。", "disputes"),
    ("货款以六个月商业承兑汇票支付。", "paper"),
    ("以应收账款电子凭证方式结算。", "paper"),
    ("最终价款以审计结果为准。", "audit"),
    ("李某作为保证人对货款承担保证责任。", "guarantee"),
    ("丙方承担连带责任保证，保证至货款本息直至全部付清。", "guarantee"),
])
def test_wording_that_causes_trouble(text, clause):
    found = check(text)
    assert "有风险" in found.of(clause), found.text
    quoted = next(r for r in found.value if r.clause == clause and r.status == "有风险")
    assert text[quoted.span[0]:quoted.span[1]].strip() == quoted.quote


@pytest.mark.parametrize("text, clause", [
    ("甲方在收到货物后三十日内付款。", "back_to_back"),
    ("争议提交上海国际经济贸易仲裁委员会（上海国际仲裁中心）仲裁。", "disputes"),
    ("因仲裁裁决需要强制执行的，任何一方可以向法院申请；争议提交广州仲裁委员会仲裁。", "disputes"),
    ("争议由有管辖权的人民法院管辖。", "disputes"),
    ("质量保证责任由乙方承担。", "guarantee"),
    ("乙方保证货物为全新正品。", "guarantee"),
    ("以银行承兑汇票支付。", "paper"),
    ("货到30天内付款。", "terms"),
    ("月结六十天。", "terms"),
])
def test_near_misses_are_left_alone(text, clause):
    assert "有风险" not in check(text).of(clause), check(text).text


def test_jurisdiction_after_the_reply_of_2025_12_31():
    clause = "争议由北京市海淀区人民法院管辖。"
    asked = check(clause, signed="2026-01-05")
    assert "要核对" in asked.of("disputes") and "法释〔2025〕15号" in asked.citation
    assert "有风险" in check(clause, connected=False).of("disputes")
    assert check(clause, connected=True).of("disputes") == ["写了"]
    assert "批复是否适用" in check(clause, signed="2025-12-30").text
    assert "批复是否适用" not in check(clause, signed="2025-12-31").text


def test_no_text_says_what_to_do():
    for empty in ("", "  \n", None):
        with pytest.raises(ValueError, match="合同"):
            check(empty)


def test_institutions_by_name():
    assert clauses.institutions("提交中国国际经济贸易仲裁委员会") == {"中国国际经济贸易仲裁委员会"}
    assert clauses.institutions("提交深圳国际仲裁院") == {"深圳国际仲裁院"}
    assert clauses.institutions("提交合同签订地的仲裁委员会") == set()
