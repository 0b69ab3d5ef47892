"""Pairs of experts, and whether each is proposed: 同名不同人 must stay two."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.entities import Expert
from recommender.domain.identity import Proposal
from recommender.identity.evidence import Byline, works_by_expert
from recommender.identity.experts import find_experts

LI = Expert(
    id="E1",
    name="李建国",
    organisation="江南理工大学",
    department="材料科学与工程学院",
    research_fields=("冷轧薄板板形控制", "轧辊磨损", "带钢边裂"),
    province="江苏省",
)
CROWD = tuple(
    Expert(
        id=f"N{number:03}",
        name="王伟",
        organisation=f"第{number}研究所",
        research_fields=(f"方向{number}甲", f"方向{number}乙"),
    )
    for number in range(200)
)
"""Two hundred people of one name."""


def proposed(*experts: Expert, bylines: Sequence[Byline] = ()) -> Proposal | None:
    works = works_by_expert(bylines)
    found = find_experts(experts, works)
    assert found == find_experts(experts[::-1], works)
    assert len(found) <= 1
    return found[0] if found else None


def li(**changes: Any) -> Expert:
    return replace(LI, **{"id": "E2", **changes})


APART: Mapping[str, Any] = {"research_fields": ("锂电池隔膜", "电解液添加剂"), "department": ""}
BARE: Mapping[str, Any] = {"research_fields": (), "department": "", "province": ""}

ONE = {
    "the same, blanks and width aside": li(name="李 建国"),
    "traditional characters": li(name="李建國"),
    "a title behind the name": li(name="李建国教授"),
    "a note behind the name": li(name="李建国（男）"),
    "only name and unit known": li(**BARE),
    "the unit with its department": li(**{**BARE, "organisation": "江南理工大学材料科学与工程学院"}),
    "the unit with its province": li(**{**BARE, "organisation": "江苏省江南理工大学"}),
    "the unit in brackets behind a name": li(**{**BARE, "organisation": "王芳（江南理工大学"}),
    "the unit's short ending": li(**{**BARE, "organisation": "江南理工大"}),
    "one of two units": li(**{**BARE, "organisation": "长江研究院；江南理工大学"}),
    "the department abridged": li(research_fields=(), department="材料学院"),
    "fields of research worded nearly the same": li(research_fields=("冷轧薄板的板形控制", "轧辊的磨损")),
    "another unit, and the same rare fields": li(organisation="滨海科技大学", department="", province=""),
    "another unit, and one telephone": li(**APART, organisation="滨海科技大学", phone="138 1234 5678"),
    "another unit, and one address": li(**APART, organisation="滨海科技大学", email="LIJG@example.edu.cn"),
    "a slip in the name, and one telephone": li(name="李建囯", phone="13812345678"),
    "a hidden name, and one address": li(name="李**", email="lijg@example.edu.cn"),
    "no unit, and the same fields": li(organisation="", department="", province=""),
}
TWO = {
    "another name": li(name="李建军"),
    "another surname": li(name="季建国"),
    "another unit and other fields": li(**APART, organisation="滨海科技大学"),
    "another unit and nothing else known": li(**{**BARE, "organisation": "滨海科技大学"}),
    "no unit and other fields": li(**APART, organisation=""),
    "the same unit, another department and other fields": li(
        research_fields=("锂电池隔膜", "电解液添加剂"), department="外国语学院"
    ),
    "a university called alike": li(**APART, organisation="江南大学"),
    "a university whose name contains the other's": li(**APART, organisation="滨海江南理工大学附属医院"),
    "a hidden name and the same unit": li(name="李某"),
    "a slip in the name and the same unit": li(name="李建囯"),
    "a masked telephone says nothing": li(**APART, organisation="滨海科技大学", phone="138****5678"),
    "another person with the telephone of the office": li(name="赵敏", phone="13812345678"),
    "only the name known": li(**BARE, organisation=""),
}
WITH_CONTACTS = replace(LI, phone="+86 138-1234-5678", email="lijg@example.edu.cn")


@pytest.mark.parametrize("case", ONE)
def test_records_that_are_one(case: str) -> None:
    found = proposed(WITH_CONTACTS, ONE[case])
    assert found is not None
    assert all(signal.text for signal in found.signals)


@pytest.mark.parametrize("case", TWO)
def test_records_that_are_two(case: str) -> None:
    assert proposed(WITH_CONTACTS, TWO[case]) is None


TITLE = "冷轧薄板边裂的机理与在线抑制方法研究"
ELSEWHERE = li(**APART, organisation="滨海科技大学", province="")
HIDDEN = Expert(id="E1", name="李某23ab", organisation="江南理工大学", research_fields=("板形", "边裂"))
HIDDEN_TWIN = Expert(id="E2", name="李某77cd", organisation="张三（江南理工大学", research_fields=())

EVIDENCE = [
    # One paper under two numbers and two authors of one name.
    (LI, li(**BARE, organisation=""), [("A1", TITLE, "E1"), ("A2", TITLE + "1", "E2")], True),
    (LI, ELSEWHERE, [("A1", TITLE, "E1"), ("A2", TITLE, "E2")], False),
    (LI, replace(ELSEWHERE, research_fields=()), [("A1", TITLE, "E1"), ("A2", TITLE, "E2")], True),
    # Two papers of a series are two papers.
    (
        LI,
        li(**BARE, organisation="滨海大学"),
        [("A1", TITLE + "（一）", "E1"), ("A2", TITLE + "（二）", "E2")],
        False,
    ),
    # A title that many works carry says nothing.
    (
        LI,
        li(**BARE, organisation="滨海大学"),
        [("A1", "张家港科技创新工作简报", "E1"), ("A2", "张家港科技创新工作简报", "E2")]
        + [(f"B{n}", "张家港科技创新工作简报", "X") for n in range(4)],
        False,
    ),
    # The same co-authors.
    (LI, li(**BARE, organisation=""), [("A1", "一", "E1 C1 C2"), ("A2", "二", "E2 C2 C1")], True),
    (LI, li(**BARE, organisation="滨海大学"), [("A1", "一", "E1 C1"), ("A2", "二", "E2 C1")], False),
    (LI, li(**BARE, organisation="滨海大学"), [("A1", "一", "E1 C1 C2 C3"), ("A2", "二", "E2 C2 C1 C3")], True),
    # Both ids of one name in one byline.
    (LI, li(**BARE, organisation=""), [("A1", "一", "E1 E2")], True),
    (LI, li(**BARE, organisation=""), [("A1", "一", "E1 E2"), ("A2", "二", "E2 E1")], True),
    # Names that are not shown in full need a work that was registered twice; in one byline they are two people.
    (HIDDEN, HIDDEN_TWIN, [("A1", TITLE, "E1"), ("A2", TITLE, "E2")], True),
    (HIDDEN, HIDDEN_TWIN, [("A1", TITLE, "E1"), ("A2", "轧制过程的能耗分析与优化", "E2")], False),
    (HIDDEN, replace(HIDDEN_TWIN, name="王某77cd"), [("A1", TITLE, "E1"), ("A2", TITLE, "E2")], False),
    (HIDDEN, HIDDEN_TWIN, [("A1", TITLE, "E1 E2")], False),
]


@pytest.mark.parametrize(("one", "other", "works", "expected"), EVIDENCE)
def test_evidence(one: Expert, other: Expert, works: list[tuple[str, str, str]], expected: bool) -> None:
    bylines = [Byline(id, title, tuple(authors.split())) for id, title, authors in works]
    assert (proposed(one, other, bylines=bylines) is not None) is expected


def test_a_biography_that_both_have_word_for_word() -> None:
    text = "长期从事金属板带轧制的理论与工艺研究，主持国家自然科学基金三项，获省部级科技进步奖两项。"
    there = li(**BARE, organisation="滨海大学", biography=text)
    assert proposed(LI, there) is None
    assert proposed(replace(LI, biography=text), there) is not None


def test_a_crowd_of_one_name_stays_a_crowd() -> None:
    assert find_experts(CROWD, {}) == ()


def test_the_more_bear_a_name_the_more_it_takes() -> None:
    one = Expert(id="E1", name="王伟", organisation="江南理工大学")
    other = Expert(id="E2", name="王伟", organisation="江南理工大学")
    rare = find_experts([one, other], {})
    assert [item.pair for item in rare] == [("E1", "E2")]
    assert find_experts([one, other, *CROWD], {}) == ()
    fields = ("冷轧薄板板形控制", "轧辊磨损")
    both = [replace(one, research_fields=fields), replace(other, research_fields=fields)]
    crowded = find_experts([*both, *CROWD], {})
    assert [item.pair for item in crowded] == [("E1", "E2")]
    assert crowded[0].score < find_experts(both, {})[0].score


def test_a_unit_of_thousands_says_less_than_one_of_ten() -> None:
    pair = [
        Expert(id="E1", name="李建国", organisation="大学"),
        Expert(id="E2", name="李建国", organisation="大学"),
    ]
    colleagues = [Expert(id=f"C{n}", name=f"同事{n}", organisation="大学") for n in range(500)]
    (small,), (large,) = find_experts(pair, {}), find_experts([*pair, *colleagues], {})
    assert large.score < small.score


def test_among_gives_only_pairs_with_one_of_these() -> None:
    three = [LI, li(), li(id="E3")]
    assert [item.pair for item in find_experts(three, {})] == [("E1", "E2"), ("E1", "E3"), ("E2", "E3")]
    assert [item.pair for item in find_experts(three, {}, among=["E3"])] == [("E1", "E3"), ("E2", "E3")]


_names = st.sampled_from(["王伟", "李建国", "欧阳修远", "张某", "Li Wei"])
_units = st.integers(0, 10**6).map("第{}设计所".format)
_other_units = st.integers(0, 10**6).map("{}号研究院".format)
_fields = st.lists(st.text("冷热轧钢板形锂电膜涂层催化光刻封测", min_size=3, max_size=5), min_size=2, max_size=4)


@given(_names, _units, _other_units, _fields, _fields)
def test_one_name_other_units_and_other_fields_are_never_proposed(
    name: str, unit: str, other_unit: str, fields: list[str], other_fields: list[str]
) -> None:
    one = Expert(id="E1", name=name, organisation=unit, research_fields=tuple(f"甲{field}" for field in fields))
    other = Expert(
        id="E2",
        name=name,
        organisation=other_unit,
        research_fields=tuple(f"{f}乙乙乙" for f in other_fields),
    )
    assert proposed(one, other) is None
