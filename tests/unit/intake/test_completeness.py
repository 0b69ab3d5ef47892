"""How complete a need is, and what is asked back."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.entities import Need
from recommender.domain.kinds import CooperationMode, DesiredPartner
from recommender.intake.completeness import Completeness, PartResult
from recommender.intake.knowledge import IntakeKnowledge
from recommender.intake.parts import Part, PartState
from tests.unit.intake.conftest import DATA, Judge

FULL = Need(
    id="XQ-1",
    title="薄板冷轧边裂控制",
    difficulties="冷轧到 0.4 mm 以下时边部开裂，换辊后头两卷最多，怀疑与来料边部硬化和张力波动有关。",
    indicators=("边裂率 ≤ 1 %", "抗拉强度 ≥ 590 MPa"),
    research_content="查清裂纹起源的轧制道次；给出张力与压下规程；在酸洗连轧产线上验证三个月。",
    foundation="已做三轮边部加热试验，边裂减轻但不稳定；有四辊试验轧机和轧制数据。",
    scenario="用于洗衣机面板冲压，客户不接受切边带钢。",
    industry_chain="冶金新材料",
    cooperation_mode=CooperationMode.JOINT_DEVELOPMENT,
    budget_wan=80.0,
    deadline=date(2027, 6, 30),
    desired_partners=(DesiredPartner.EXPERT,),
)


def part(judged: Completeness, wanted: Part) -> PartResult:
    return next(result for result in judged.parts if result.part is wanted)


def test_a_full_form_is_complete(judge: Judge) -> None:
    judged = judge(FULL)
    assert judged.score == 100
    assert judged.gaps == ()
    assert all(result.question == "" for result in judged.parts)


def test_an_empty_need_has_a_question_for_every_part(judge: Judge) -> None:
    judged = judge(Need(id="", title=""))
    assert judged.score == 0
    assert [result.state for result in judged.parts] == [PartState.MISSING] * len(Part)
    assert all(result.question.endswith(("。", "？")) for result in judged.gaps)
    assert [result.weight for result in judged.gaps] == sorted((r.weight for r in judged.gaps), reverse=True)


EMPTIED: dict[Part, dict[str, object]] = {
    Part.DIFFICULTIES: {"difficulties": ""},
    Part.INDICATORS: {"indicators": (), "difficulties": "冷轧薄板边部开裂，换辊后最多，怀疑来料硬化与张力波动。"},
    Part.CONTENT: {"research_content": ""},
    Part.FOUNDATION: {"foundation": ""},
    Part.SCENARIO: {"scenario": ""},
    Part.COOPERATION: {"cooperation_mode": None},
    Part.BUDGET: {"budget_wan": None},
    Part.TIME: {"deadline": None},
    Part.PARTNERS: {"desired_partners": ()},
}


@pytest.mark.parametrize("emptied", list(EMPTIED))
def test_what_is_left_out_costs_its_weight(judge: Judge, emptied: Part) -> None:
    judged = judge(replace(FULL, **EMPTIED[emptied]))  # type: ignore[arg-type]
    assert [gap.part for gap in judged.gaps] == [emptied]
    (gap,) = judged.gaps
    assert (gap.state, gap.points) == (PartState.MISSING, 0)
    assert judged.score == 100 - gap.weight


def test_a_wordy_need_is_not_a_complete_one(judge: Judge) -> None:
    wish = "希望通过合作提高产品质量，降低生产成本，实现转型升级，达到国内领先水平，促进企业高质量发展。"
    once = judge(Need(id="", title="产品升级", description=wish))
    often = judge(Need(id="", title="产品升级", description=wish * 40))
    assert often.score == once.score
    assert once.score < 20


def test_company_profile_is_no_foundation(judge: Judge) -> None:
    profile = "现有基础：公司成立于1998年，注册资本五千万元，员工三百人，荣获省级企业技术中心称号。"
    boasting = part(judge(Need(id="", title="冷轧边裂", description=profile)), Part.FOUNDATION)
    assert boasting.state is PartState.VAGUE
    tried = "现有基础：已做三轮边部加热试验，边裂率降低一半；有四辊试验轧机和两年的轧制记录。"
    assert part(judge(Need(id="", title="冷轧边裂", description=tried)), Part.FOUNDATION).state is PartState.CLEAR


def test_a_question_names_the_matter_and_quotes_the_wish(judge: Judge) -> None:
    text = "薄板冷轧时边部开裂。希望提高产品质量。"
    judged = judge(Need(id="", title="薄板冷轧边裂控制技术的研究与应用", description=text))
    assert judged.topic == "薄板冷轧边裂控制"
    figures = part(judged, Part.INDICATORS)
    assert figures.quoted == "提高产品质量"
    assert "现在多少" in figures.question
    assert figures.span is not None
    assert text[figures.span.start : figures.span.end] == "提高产品质量"
    assert "“薄板冷轧边裂控制”" in part(judged, Part.CONTENT).question
    assert judged.industry == "冶金新材料"


def test_a_wish_with_a_figure_in_its_sentence_is_none(judge: Judge) -> None:
    text = "提高生产效率20%以上，合格率达到98%；降低生产成本。"
    figures = part(judge(Need(id="", title="薄板边裂", description=text)), Part.INDICATORS)
    assert figures.state is PartState.CLEAR


def test_one_figure_is_less_than_two(judge: Judge) -> None:
    figures = part(judge(Need(id="", title="薄板边裂", description="边裂率须不大于1%。")), Part.INDICATORS)
    assert figures.state is PartState.VAGUE
    assert figures.points == figures.weight / 2


def test_headings_in_free_text_are_read(judge: Judge) -> None:
    text = """1、主要技术难点：深色布断经识别不出，每百米误报二十处，样本稀少。
2、预期目标：检出率≥98%，误报≤2处。
3、合作方式：联合开发
4、项目预算150万元，18个月内完成。希望寻找机器视觉方面的专家。"""
    judged = judge(Need(id="", title="布匹表面断经缺陷在线识别", description=text))
    clear = {result.part for result in judged.parts if result.state is PartState.CLEAR}
    assert clear >= {Part.TITLE, Part.DIFFICULTIES, Part.COOPERATION, Part.BUDGET, Part.TIME, Part.PARTNERS}


def test_the_weights_are_data_with_reasons(knowledge: IntakeKnowledge) -> None:
    assert sum(rule.weight for rule in knowledge.parts) == 100
    assert all(len(rule.reason) > 10 for rule in knowledge.parts)
    assert {rule.part for rule in knowledge.parts} == set(Part)


def test_weights_that_do_not_sum_to_a_hundred_are_refused(tmp_path: Path) -> None:
    for file in (DATA / "intake").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace("weight = 20", "weight = 21"), encoding="utf-8")
    with pytest.raises(ValueError, match="sum to 100"):
        IntakeKnowledge.read(tmp_path)


def test_the_examples_of_figures_are_indicators_themselves(judge: Judge) -> None:
    trades = tomllib.loads((DATA / "intake" / "industries.toml").read_text(encoding="utf-8"))["industry"]
    for trade in trades:
        need = Need(id="", title=trade["title"], description=trade["indicators"])
        assert part(judge(need), Part.INDICATORS).points > 0, trade["name"]


@given(st.text(max_size=200), st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_judged(judge: Judge, title: str, text: str) -> None:
    judged = judge(Need(id="", title=title, description=text, difficulties=text[::-1]))
    assert 0 <= judged.score <= 100
    for gap in judged.gaps:
        assert gap.question
        if gap.span is not None:
            assert gap.field
