"""Which text of which entity is indexed, and for whom it speaks."""

import doctest
from dataclasses import replace

from recommender.domain.entities import Achievement, Enterprise, Expert, Need, Platform
from recommender.domain.kinds import Confidentiality, EntityKind
from recommender.matching import corpus


def test_examples_in_docstrings() -> None:
    result = doctest.testmod(corpus)
    assert (result.attempted, result.failed) == (1, 0)


def test_an_achievement_speaks_for_itself_its_authors_and_its_platforms() -> None:
    achievement = Achievement(
        id="C1", type="论文", title="边部裂纹", abstract="热塑性窗口", keywords=("硅钢",), author_ids=("Z1", "Z2")
    )
    passage = corpus.passage_of(achievement, platform_ids=("P1",))
    assert passage is not None
    assert passage.id == "achievement:C1"
    assert passage.content == "边部裂纹。热塑性窗口\n关键词：硅钢"
    assert passage.owners == {"achievement": ("C1",), "expert": ("Z1", "Z2"), "platform": ("P1",)}
    assert corpus.evidence_source(passage.id) == (EntityKind.ACHIEVEMENT, "C1")


def test_a_profile_speaks_for_its_owner_only() -> None:
    expert = Expert(id="Z1", name="某", research_fields=("轧制", "边裂"), solvable_problems="板边开裂")
    passage = corpus.passage_of(expert)
    assert passage is not None
    assert (passage.title, passage.text, passage.label) == ("轧制；边裂", "板边开裂", "研究方向")
    assert passage.owners == {"expert": ("Z1",)}


def test_a_need_speaks_for_its_enterprise() -> None:
    assert corpus.passage_of(Need(id="X1", title="边裂", enterprise_code="C")).owners == {  # type: ignore[union-attr]
        "need": ("X1",),
        "enterprise": ("C",),
    }


def test_the_parts_of_the_form_are_part_of_a_need() -> None:
    need = Need(
        id="X1",
        title="边裂",
        description="轧制时开裂",
        difficulties="边部温降快",
        indicators=("边裂率 ≤ 1 %", "厚度 ≤ 0.3 mm"),
        research_content="边部加热",
        foundation="有两台轧机",
        scenario="电工钢薄带",
        public_summary="某企业求解",
        intended_experts=("某某",),
    )
    passage = corpus.passage_of(need)
    assert passage is not None
    assert passage.title == "边裂"
    assert passage.text == "\n\n".join(
        ("轧制时开裂", "边部温降快", "边裂率 ≤ 1 %；厚度 ≤ 0.3 mm", "边部加热", "电工钢薄带")
    )


def test_of_a_confidential_need_only_the_public_summary_is_indexed() -> None:
    need = Need(
        id="X1",
        title="边裂",
        description="轧制时开裂",
        difficulties="边部温降快",
        confidentiality=Confidentiality.CONFIDENTIAL,
        public_summary="某企业求解边部开裂",
    )
    passage = corpus.passage_of(need)
    assert passage is not None
    assert (passage.title, passage.text) == ("边裂", "某企业求解边部开裂")
    assert corpus.passage_of(replace(need, confidentiality=Confidentiality.INTERNAL)).text == (  # type: ignore[union-attr]
        "轧制时开裂\n\n边部温降快"
    )


def test_contacts_and_other_personal_fields_are_never_indexed() -> None:
    secrets = {
        "phone": "13800000001",
        "email": "nobody@example.edu.cn",
        "consent_record": "二〇二六年书面同意",
        "source_url": "https://people.example.edu.cn/1",
    }
    public = Expert(id="Z1", name="郑某某", research_fields=("轧制",), solvable_problems="边裂", biography="教师")
    expert = replace(public, **secrets)  # type: ignore[arg-type]
    passage = corpus.passage_of(expert)
    assert passage is not None
    shown = passage.content + passage.label + str(passage.owners)
    assert not [text for text in (*secrets.values(), expert.name) if text in shown]


def test_what_has_no_text_is_not_indexed() -> None:
    nameless = Expert(id="Z1", name="某")
    assert corpus.passage_of(nameless) is None
    assert [p.id for p in corpus.passages([nameless, Platform(id="P", name="实验室")], {})] == ["platform:P"]


def test_licence_boilerplate_is_left_out() -> None:
    enterprise = Enterprise(
        code="C",
        name="某公司",
        business_scope="钢丝绳制造；自营和代理各类商品及技术的进出口业务；（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
    )
    passage = corpus.passage_of(enterprise)
    assert passage is not None
    assert passage.text == "钢丝绳制造"
