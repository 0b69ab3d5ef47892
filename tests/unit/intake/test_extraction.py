"""Indicators in free text: what is found, with its places, and what is let be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.indicators import Indicator
from recommender.intake.indicators.extraction import MAX_CHARS, extract_indicators


def found(text: str) -> list[str]:
    return [written for indicator in extract_indicators(text) for written in indicator.texts]


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("抗拉强度不低于980MPa", ["抗拉强度 ≥ 980 MPa"]),
        ("希望把边裂率降到 1% 以下", ["边裂率 ≤ 1 %"]),
        ("掘进效率提高20%以上，故障率降低50%", ["掘进效率提高 ≥ 20 %", "故障率降低 = 50 %"]),
        ("提高生产效率30%以上", ["生产效率提高 ≥ 30 %"]),
        ("废品率由4%降至0.6%。", ["废品率 ≤ 0.6 %"]),
        ("产品合格率由85%提高到98%", ["产品合格率 ≥ 98 %"]),
        ("响应时间从5秒缩短到1秒以内", ["响应时间 ≤ 1 s"]),
        ("温度控制在-20℃～60℃之间", ["温度 ≥ -20 ℃", "温度 ≤ 60 ℃"]),
        ("电阻在（2.4～2.9）Ω内", ["电阻 ≥ 2.4 Ω", "电阻 ≤ 2.9 Ω"]),
        ("直径25±0.2mm", ["直径 ≥ 24.8 mm", "直径 ≤ 25.2 mm"]),
        ("尺寸精度±0.05mm", ["尺寸精度 ≥ -0.05 mm", "尺寸精度 ≤ 0.05 mm"]),
        ("纯度＞９９．５％", ["纯度 > 99.5 %"]),
        ("识别准确率达到百分之九十五以上", ["识别准确率 ≥ 95 %"]),
        ("漏检率不高于千分之一", ["漏检率 ≤ 1 ‰"]),
        ("使用寿命不低于1.5×10^4小时", ["使用寿命 ≥ 15000 h"]),
        ("真空度1.0×10⁻³Pa以下", ["真空度 ≤ 0.0010 Pa"]),
        ("年产量不少于5万吨", ["年产量 ≥ 50000 t"]),
        ("储存温度须保持在零下18度以下", ["储存温度 ≤ -18 度"]),
        ("流速在每秒1mm左右", ["流速 = 1 mm/s"]),
        ("COD≤50mg/L，氨氮≤5 mg/L", ["COD ≤ 50 mg/L", "氨氮 ≤ 5 mg/L"]),
        ("粒径D50为3～5μm", ["粒径D50 ≥ 3 μm", "粒径D50 ≤ 5 μm"]),
        ("pH值6.5～8.5", ["pH值 ≥ 6.5", "pH值 ≤ 8.5"]),
        ("抗拉强度(MPa)≥500", ["抗拉强度 ≥ 500 MPa"]),
        ("加工3.2毫米厚度的玻璃", ["厚度 = 3.2 mm"]),
        ("可减少50%左右的固化剂使用量。", ["固化剂使用量降低 = 50 %"]),
        ("外圈转速严禁超过30", ["外圈转速 ≤ 30"]),
        ("功率不大于2.2KW，噪音需小于70分贝", ["功率 ≤ 2.2 kW", "噪音 < 70 dB"]),
        ("0.3%≤碳当量≤0.6%，强度≥500MPa", ["碳当量 ≥ 0.3 %", "碳当量 ≤ 0.6 %", "强度 ≥ 500 MPa"]),
        ("内孔硬度180≤HB＜240；", ["内孔硬度 ≥ 180 HB", "内孔硬度 < 240 HB"]),
        ("硬度HRC55-65", ["硬度 ≥ 55 HRC", "硬度 ≤ 65 HRC"]),
        ("孔位精度φ1mm", ["孔位精度 = 1 mm"]),
        ("噪音dB(A):≤80", ["噪音 ≤ 80 dB"]),
        ("效率可以达到每分钟30件", ["效率 ≥ 30 件/min"]),
        ("小于3mm厚的管件", ["厚 < 3 mm"]),
        ("模型中90%节点压力误差小于26kPa", ["节点压力误差 < 26 kPa"]),
        ("冷却结构（流速差≤5%，温差≤3℃）", ["流速差 ≤ 5 %", "温差 ≤ 3 ℃"]),
    ],
)
def test_an_indicator_is_found(text: str, indicators: list[str]) -> None:
    assert found(text) == indicators


@pytest.mark.parametrize(
    "text",
    [
        "公司成立于2008年，2017年2月18日通过鉴定",
        "按GB/T 4754-2017与ISO 9001:2015执行，通过IATF16949认证",
        "采用Q235B钢、6061铝合金和C60混凝土",
        "电话0512-58881234，手机13812345678",
        "已申请专利（201810046029.1）",
        "1、研究配方；2）优化工艺；（3）建立模型",
        "1.2 主要内容",
        "投入研发资金200万元，年产值1.5亿元",
        "申请发明专利20项以上，发表论文10篇，培养博士3名",
        "物料比例为35：18：8，取板厚的1/3",
        "第3代产品，一种装置，两个方面",
        "三元811电池和5G通信、3D打印",
        "市场占有率达到30%，利润增长20%",
        "提高产品质量，达到国际先进水平",
    ],
)
def test_what_measures_nothing_is_let_be(text: str) -> None:
    assert found(text) == []


def test_the_places_are_those_of_the_text_as_written() -> None:
    text = "要求：扬程不低于１２．５ｍ以上。"
    (only,) = extract_indicators(text)
    part = {
        name: text[span.start : span.end] for name, span in (("name", only.name_span), ("value", only.value_span))
    }
    assert part == {"name": "扬程", "value": "１２．５"}
    assert only.comparator_span is not None
    assert text[only.comparator_span.start : only.comparator_span.end] == "不低于"
    assert only.unit_span is not None
    assert text[only.unit_span.start : only.unit_span.end] == "ｍ"
    assert text[only.span.start : only.span.end] == "扬程不低于１２．５ｍ以上"


def test_what_is_found_can_be_put_into_a_need() -> None:
    for written in found("抗拉强度≥980MPa，温度-20～60℃，成本降低15%，容量1.5万立方米以上"):
        parsed = Indicator.parse(written)
        assert parsed is not None, written
        assert str(parsed) == written


@given(st.text(max_size=300) | st.text("0123456789.%±~-～为达到℃MPa，。(（\0", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_taken(text: str) -> None:
    for indicator in extract_indicators(text):
        for span in (indicator.span, indicator.name_span, indicator.value_span):
            assert 0 <= span.start < span.end <= len(text)
        assert indicator.texts


def test_a_very_long_text_is_read_in_part() -> None:
    assert len(extract_indicators("强度为五十兆帕，" * 100_000)) <= MAX_CHARS / len("强度为五十兆帕，")
