"""What a public summary may say: names, amounts, contacts, models and figures found, left out and warned of."""

import pytest

from recommender.domain.entities import Need
from recommender.domain.kinds import Confidentiality
from recommender.intake.fields import indicators_of
from recommender.intake.knowledge import IntakeKnowledge
from recommender.intake.leaks import Leak, LeakKind, leaks
from recommender.intake.sensitive import Sensitive, sensitive_spans
from recommender.intake.summary import draft_summary

NAMES = ("江岸薄板有限公司",)
TEXT = (
    "薄板冷轧时边部容易开裂，换辊后头两卷最多。希望把边裂率降到1%以下。江岸薄板有限公司已投入资金200万元。"
    "需要研究张力与压下的配合规律。联系人：王小明，电话13812345678。现用JA-560型轧机试验。"
)


def warned(summary: str, level: Confidentiality, text: str = TEXT) -> list[Leak]:
    need = Need(id="", title="边裂控制", description=text, confidentiality=level, public_summary=summary)
    return list(leaks(need, indicators_of(need), names=NAMES))


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("由江岸薄板有限公司提出", Sensitive.NAME, "江岸薄板有限公司"),
        ("与北原大学合作过", Sensitive.NAME, "北原大学"),
        ("请联系王小明教授", Sensitive.PERSON, "王小明"),
        ("联系人：张三", Sensitive.PERSON, "联系人：张三"),
        ("手机138 1234 5678", Sensitive.PHONE, "138 1234 5678"),
        ("座机0512-58881234", Sensitive.PHONE, "0512-58881234"),
        ("邮箱a.b@example.cn", Sensitive.EMAIL, "a.b@example.cn"),
        ("网址https://example.org/a", Sensitive.ADDRESS, "https://example.org/a"),
        ("合计200万元", Sensitive.AMOUNT, "200万元"),
        ("已投入200万元", Sensitive.AMOUNT, "投入200万元"),
        ("年产值1.5亿", Sensitive.AMOUNT, "产值1.5亿"),
        ("用JA-560轧机", Sensitive.MODEL, "JA-560"),
        ("91320582MA1XXXXX0A", Sensitive.CODE, "91320582MA1XXXXX0A"),
    ],
)
def test_what_tells_too_much_is_found(text: str, kind: Sensitive, shown: str) -> None:
    assert (kind, shown) in {(item.kind, item.text) for item in sensitive_spans(text, names=NAMES)}
    for item in sensitive_spans(text, names=NAMES):
        assert text[item.span.start : item.span.end] == item.text


@pytest.mark.parametrize(
    "text",
    ["我公司希望合作", "建立数据中心", "CO2排放与PM2.5", "薄板冷轧边裂", "提高公司化水平", "厚度0.3 mm以下"],
)
def test_what_everybody_says_is_let_be(text: str) -> None:
    assert sensitive_spans(text, names=NAMES) == ()


def test_a_draft_has_only_sentences_of_the_need_that_tell_nothing(knowledge: IntakeKnowledge) -> None:
    need = Need(id="", title="边裂控制", description=TEXT)
    draft = draft_summary(need, indicators_of(need), knowledge, names=NAMES)
    assert draft.text == "薄板冷轧时边部容易开裂，换辊后头两卷最多。需要研究张力与压下的配合规律。"
    assert set(draft.left_out) == {"指标数值", "单位名称", "金额", "人名", "电话", "型号"}
    assert "人工核对" in draft.note


def test_the_draft_itself_leaks_nothing(knowledge: IntakeKnowledge) -> None:
    need = Need(id="", title="边裂控制", description=TEXT)
    draft = draft_summary(need, indicators_of(need), knowledge, names=NAMES)
    assert warned(draft.text, Confidentiality.INTERNAL) == []


def test_of_a_confidential_need_no_sentence_is_taken(knowledge: IntakeKnowledge) -> None:
    need = Need(
        id="",
        title="边裂控制",
        description=TEXT,
        confidentiality=Confidentiality.CONFIDENTIAL,
        industry_chain="冶金新材料",
    )
    draft = draft_summary(need, indicators_of(need), knowledge, names=NAMES)
    assert draft.text == "产业链：冶金新材料。"
    assert "机密" in draft.note


def test_a_public_need_keeps_its_figures(knowledge: IntakeKnowledge) -> None:
    need = Need(
        id="", title="边裂", description="希望把边裂率降到1%以下。", confidentiality=Confidentiality.PUBLIC
    )
    assert "1%" in draft_summary(need, indicators_of(need), knowledge).text


def test_a_need_of_which_nothing_may_be_shown_says_so(knowledge: IntakeKnowledge) -> None:
    need = Need(id="", title="边裂", description="江岸薄板有限公司需要投入200万元。")
    draft = draft_summary(need, indicators_of(need), knowledge, names=NAMES)
    assert draft.text == ""
    assert "请人工" in draft.note


@pytest.mark.parametrize("level", list(Confidentiality))
def test_contacts_are_warned_of_in_every_summary(level: Confidentiality) -> None:
    (leak,) = warned("可致电13812345678", level, text="无")
    assert leak.kind is LeakKind.SENSITIVE
    assert "13812345678" in leak.warning


def test_an_indicator_of_the_text_is_warned_of() -> None:
    (leak,) = warned("要求边裂比例不超过1%", Confidentiality.INTERNAL)
    assert leak.kind is LeakKind.INDICATOR
    assert warned("要求边裂比例不超过1%", Confidentiality.PUBLIC) == []


def test_numbers_and_wording_of_a_confidential_text_are_warned_of() -> None:
    text = "工作温度控制在860℃，出炉后停留45分钟油淬，晶粒明显细化而不发生混晶现象。"
    kinds = {leak.kind for leak in warned("停留45分钟的热处理", Confidentiality.CONFIDENTIAL, text)}
    assert kinds == {LeakKind.NUMBER}
    (copied,) = warned("希望晶粒明显细化而不发生混晶现象", Confidentiality.CONFIDENTIAL, text)
    assert copied.kind is LeakKind.VERBATIM
    assert copied.text == "晶粒明显细化而不发生混晶现象"
    assert warned("希望改善热处理后的组织均匀性", Confidentiality.CONFIDENTIAL, text) == []


def test_every_warning_says_what_to_do_and_where() -> None:
    summary = "江岸薄板有限公司投入200万元，边裂率不超过1%，电话13812345678。"
    found = warned(summary, Confidentiality.CONFIDENTIAL)
    assert len(found) >= 4
    for leak in found:
        assert "请" in leak.warning
        assert leak.warning.endswith("。")
        assert summary[leak.span.start : leak.span.end] == leak.text
