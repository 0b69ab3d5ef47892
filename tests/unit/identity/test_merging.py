"""Which value of each field stays when one record is made of two."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from recommender.domain.entities import Enterprise, Expert, Platform
from recommender.domain.kinds import EnterpriseSize, Willingness
from recommender.identity.merging import PROTECTED, better_survivor, differing_fields, merged

OLD, NEW = date(2024, 1, 1), date(2026, 1, 1)


def both(one: dict[str, Any], other: dict[str, Any]) -> Expert:
    """The record made of two experts, the first of whom stays."""
    name = {"name": "李建国"}
    return merged(Expert(id="A", **{**name, **one}), Expert(id="B", **{**name, **other}))


@pytest.mark.parametrize(
    ("field", "mine", "theirs", "expected"),
    [
        ("job_title", "教授", "", "教授"),
        ("job_title", "", "教授", "教授"),
        ("job_title", "教授", "副教授", "教授"),
        ("response_ratio", None, 0.0, 0.0),
        ("response_ratio", 0.0, 0.9, 0.0),
        ("research_fields", ("轧制", "边裂"), ("边裂", "板形"), ("轧制", "边裂", "板形")),
        ("avoided_enterprises", ("X",), ("Y", "X"), ("X", "Y")),
        ("capacity", 3, 2, 2),
        ("capacity", None, 2, 2),
        ("capacity", 3, 0, 0),
        ("capacity", None, None, None),
        ("n_active_engagements", 2, 1, 3),
        ("willingness", Willingness.OPEN, Willingness.PAUSED, Willingness.PAUSED),
        ("willingness", Willingness.DECLINED, Willingness.PAUSED, Willingness.DECLINED),
        ("consent_withdrawn_on", None, NEW, NEW),
        ("consent_withdrawn_on", NEW, OLD, OLD),
        ("consent_withdrawn_on", OLD, None, OLD),
        ("consent_record", "2024 年书面同意", "2025 年短信同意", "2024 年书面同意；2025 年短信同意"),
        ("consent_record", "书面同意", "书面同意", "书面同意"),
        ("verified_on", OLD, NEW, NEW),
        ("verified_on", None, OLD, OLD),
    ],
)
def test_rules_of_experts(field: str, mine: Any, theirs: Any, expected: Any) -> None:
    assert getattr(both({field: mine}, {field: theirs}), field) == expected


def test_the_record_that_was_verified_later_is_believed() -> None:
    stale = {"job_title": "副教授", "verified_on": OLD}
    fresh = {"job_title": "教授", "verified_on": NEW}
    assert both(stale, fresh).job_title == "教授"
    assert both(fresh, stale).job_title == "教授"
    assert both(stale, {**fresh, "job_title": ""}).job_title == "副教授"
    assert both({"job_title": "副教授"}, fresh).job_title == "教授"


def test_the_survivor_keeps_its_id_and_shows_its_name() -> None:
    one, other = Expert(id="A", name="李某"), Expert(id="B", name="李建国")
    assert (merged(one, other).id, merged(one, other).name) == ("A", "李建国")
    assert (merged(other, one).id, merged(other, one).name) == ("B", "李建国")


def test_unit_and_place_come_from_one_record() -> None:
    moved = {"organisation": "滨海大学", "province": "山东省", "verified_on": NEW}
    former = {"organisation": "江南大学", "department": "材料学院", "province": "江苏省", "city": "苏州市"}
    result = both(former, moved)
    assert (result.organisation, result.department, result.province, result.city) == (
        "滨海大学",
        "",
        "山东省",
        "",
    )
    filled = both({"organisation": "江南大学"}, {**former, "organisation": ""})
    assert (filled.organisation, filled.department, filled.city) == ("江南大学", "材料学院", "苏州市")


def test_the_source_is_that_of_one_record() -> None:
    here = {"data_source": "走访", "collected_on": NEW, "verified_on": NEW}
    there = {"data_source": "官网", "source_url": "https://example.edu.cn", "collected_on": OLD}
    result = both(there, here)
    assert (result.data_source, result.source_url, result.collected_on) == ("走访", "", NEW)


def test_what_a_person_chooses_goes_before_the_rules() -> None:
    one, other = Expert(id="A", name="李建国", job_title="教授"), Expert(id="B", name="李建国")
    assert merged(one, other, {"job_title": "院士"}).job_title == "院士"
    assert merged(one, other, {"job_title": ""}).job_title == ""


@pytest.mark.parametrize("field", sorted(PROTECTED))
def test_nobody_chooses_what_the_law_decides(field: str) -> None:
    one, other = Expert(id="A", name="甲"), Expert(id="B", name="甲")
    with pytest.raises(ValueError, match=field):
        merged(one, other, {field: None})


MILL = Enterprise(code="A", name="张家港市恒达机械有限公司")


def test_names_that_are_given_up_become_former_names() -> None:
    other = Enterprise(code="B", name="江苏恒达机械股份有限公司", former_names=("沙洲机械厂",))
    assert merged(MILL, other).former_names == ("沙洲机械厂", "江苏恒达机械股份有限公司")
    spelled = Enterprise(code="B", name="恒达机械（张家港）有限公司")
    assert merged(MILL, spelled).former_names == ()


def test_a_name_that_the_other_record_knows_as_former_gives_way() -> None:
    renamed = Enterprise(code="B", name="江苏永恒重工有限公司", former_names=("张家港市恒达机械有限公司",))
    result = merged(MILL, renamed)
    assert (result.code, result.name) == ("A", "江苏永恒重工有限公司")
    assert result.former_names == ("张家港市恒达机械有限公司",)


def test_an_unknown_truth_is_filled_and_a_known_one_stays() -> None:
    yes, no = replace(MILL, code="B", above_scale=True), replace(MILL, above_scale=False)
    assert merged(MILL, yes).above_scale is True
    assert merged(no, yes).above_scale is False
    sized = replace(MILL, code="B", size=EnterpriseSize.SMALL, qualifications=("高新技术企业",))
    result = merged(replace(MILL, qualifications=("科技型中小企业",)), sized)
    assert (result.size, result.qualifications) == (EnterpriseSize.SMALL, ("科技型中小企业", "高新技术企业"))


def test_recognition_of_a_platform_is_one_statement() -> None:
    provincial = Platform(id="A", name="实验室", level="省级", recognised_in=2018, valid_until=date(2021, 12, 31))
    national = Platform(id="B", name="实验室", level="国家级", recognised_in=2023)
    assert merged(provincial, national).valid_until == date(2021, 12, 31)
    assert merged(national, provincial).valid_until is None
    assert merged(national, provincial).level == "国家级"


def test_merging_a_record_with_its_twin_changes_nothing_else() -> None:
    one = Expert(id="A", name="李建国", research_fields=("轧制",), capacity=2, verified_on=OLD)
    assert merged(one, replace(one, id="B")) == one


def test_which_record_should_stay() -> None:
    bare, full = Expert(id="A", name="甲"), Expert(id="B", name="甲", job_title="教授")
    assert better_survivor(bare, full) is full
    assert better_survivor(full, bare) is full
    assert better_survivor(bare, replace(bare, id="0")).id == "0"
    assert better_survivor(bare, full, is_better=lambda record: record.id == "A") is bare


def test_differing_fields_leave_the_id_out() -> None:
    one, other = Expert(id="A", name="甲", city="苏州"), Expert(id="B", name="乙", city="苏州")
    assert differing_fields(one, other) == ("name",)


@pytest.mark.parametrize("record_type", [Expert, Enterprise, Platform])
def test_no_text_or_list_that_only_the_other_record_has_is_lost(record_type: type[Any]) -> None:
    """A field that comes later falls under the common rule."""
    key = "code" if record_type is Enterprise else "id"
    one, other = record_type(**{key: "A", "name": "甲"}), record_type(**{key: "B", "name": "甲"})
    checked = 0
    for field in fields(record_type):
        value = "某" if field.default == "" else ("某",)
        if field.default in ("", ()):
            checked += 1
            assert getattr(merged(one, replace(other, **{field.name: value})), field.name) == value
    assert checked >= 10
