"""What goes in comes out, exactly; what could not is refused by name."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Platform,
    fingerprint,
)
from recommender.domain.errors import InvalidData
from recommender.domain.facts import EnterpriseFact, FactIndicator
from recommender.domain.kinds import EntityKind
from recommender.store import Database
from recommender.store.tables import MAX_CODE_LENGTH

from .records import achievements, clear, codes, enterprises, experts, facts, lists_of, needs, platforms

examples = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("kind", EntityKind)
@examples
@given(data=st.data())
def test_every_entity_comes_back_as_it_was(database: Database, kind: EntityKind, data: st.DataObject) -> None:
    records = data.draw(lists_of(kind))
    with database.write() as unit:
        clear(unit)
        unit.of(kind).upsert(records)
    with database.read() as unit:
        repository = unit.of(kind)
        assert repository.get_many([record.id for record in records]) == {r.id: r for r in records}
        assert list(repository.iterate(batch_size=2)) == sorted(records, key=lambda record: record.id)
        marks = {record.id: repository.fingerprint_of(record) for record in records}
        assert repository.fingerprints([record.id for record in records]) == marks
        assert repository.count() == len(records)


@examples
@given(
    work=achievements(),
    people=st.lists(experts(), min_size=1, max_size=5, unique_by=lambda expert: expert.id),
)
def test_authors_come_back_in_the_order_of_the_byline(
    database: Database, work: Achievement, people: list[Expert]
) -> None:
    work = replace(work, author_ids=tuple(person.id for person in people))
    with database.write() as unit:
        clear(unit)
        unit.experts.upsert(people)
        unit.achievements.upsert([work])
    with database.read() as unit:
        assert unit.achievements.get(work.id) == work
        assert unit.achievements.fingerprints([work.id]) == {work.id: fingerprint(work)}


@examples
@given(need=needs(), enterprise=enterprises())
def test_a_need_keeps_its_enterprise(database: Database, need: Need, enterprise: Enterprise) -> None:
    need = replace(need, enterprise_code=enterprise.code)
    with database.write() as unit:
        clear(unit)
        unit.enterprises.upsert([enterprise])
        unit.needs.upsert([need])
    with database.read() as unit:
        assert unit.needs.get(need.id) == need


@examples
@given(work=achievements(), platform=platforms())
def test_links_come_back_as_they_were(database: Database, work: Achievement, platform: Platform) -> None:
    work = replace(work, id=work.id.replace("|", "-"))
    link = AchievementPlatform(achievement_id=work.id, platform_id=platform.id)
    with database.write() as unit:
        clear(unit)
        assert unit.achievement_platforms.count() == 0
        unit.achievements.upsert([work])
        unit.platforms.upsert([platform])
        unit.achievement_platforms.upsert([link])
    with database.read() as unit:
        assert unit.achievement_platforms.get(link.id) == link
        assert list(unit.achievement_platforms.iterate()) == [link]
        assert unit.achievement_platforms.fingerprints([link.id]) == {link.id: fingerprint(link)}


@examples
@given(data=st.data(), code=codes)
def test_facts_come_back_as_they_were(database: Database, data: st.DataObject, code: str) -> None:
    some = data.draw(st.lists(facts(code), max_size=6, unique_by=lambda fact: fact.id))
    with database.write() as unit:
        clear(unit)
        assert unit.enterprise_facts.count() == 0
        unit.enterprises.upsert([Enterprise(code=code, name="某")])
        unit.enterprise_facts.upsert(some)
    with database.read() as unit:
        assert unit.enterprise_facts.get_many([fact.id for fact in some]) == {fact.id: fact for fact in some}
        assert list(unit.enterprise_facts.iterate(batch_size=2)) == sorted(some, key=lambda fact: fact.id)
        assert unit.enterprise_facts.fingerprints([f.id for f in some]) == {f.id: fingerprint(f) for f in some}
        found = unit.enterprise_facts.of_enterprises([code, "nobody" * 40])
    order = list(FactIndicator)
    expected = tuple(sorted(some, key=lambda fact: (fact.year, order.index(fact.indicator))))
    assert found == {code: expected, "nobody" * 40: ()}


def test_very_long_text_comes_back(database: Database) -> None:
    expert = Expert(id="E", name="长" * 2_000, biography="“高温”合金😀\n" * 200_000, industry_chain="链" * 10_000)
    with database.write() as unit:
        unit.experts.upsert([expert])
    with database.read() as unit:
        assert unit.experts.get("E") == expert


GOOD = Expert(id="good", name="甲")


@pytest.mark.parametrize(
    ("bad", "code", "named"),
    [
        (Expert(id="E1", name="a\0b"), "store.bad_text", "name"),
        (Expert(id="E1", name="甲", research_fields=("好", "a\0")), "store.bad_text", "research_fields"),
        (Expert(id="E1", name="甲", biography="\ud83d"), "store.bad_text", "biography"),
        (Expert(id="E1\0", name="甲"), "store.bad_text", "id"),
        (Expert(id="\udc00", name="甲"), "store.bad_text", "\\udc00"),
        (Expert(id="E1", name="甲", capacity=2**31), "store.bad_number", "capacity"),
        (Expert(id="", name="甲"), "store.bad_id", str(MAX_CODE_LENGTH)),
        (Expert(id="a" * (MAX_CODE_LENGTH + 1), name="甲"), "store.bad_id", str(MAX_CODE_LENGTH)),
        (Expert(id="E1", name="甲", capacity=-1), "store.rejected", "ck_expert_capacity_range"),
        (
            Expert(id="E1", name="甲", n_active_engagements=-1),
            "store.rejected",
            "ck_expert_n_active_engagements_range",
        ),
    ],
)
def test_an_expert_that_cannot_be_kept_is_refused_with_its_fault(
    database: Database, bad: Expert, code: str, named: str
) -> None:
    with pytest.raises(InvalidData) as caught, database.write() as unit:
        unit.experts.upsert([GOOD, bad])
    assert caught.value.code == code
    assert named in str(caught.value)
    str(caught.value).encode()
    with database.read() as unit:
        assert unit.experts.count() == 0


@pytest.mark.parametrize("trl", [0, 10, -(2**31)])
def test_technology_readiness_is_1_to_9(database: Database, trl: int) -> None:
    with pytest.raises(InvalidData, match="ck_achievement_trl_range"), database.write() as unit:
        unit.achievements.upsert([Achievement(id="A", type="论文", title="题", trl=trl)])
    with pytest.raises(InvalidData, match="ck_need_target_trl_range"), database.write() as unit:
        unit.needs.upsert([Need(id="N", title="题", target_trl=trl)])


@pytest.mark.parametrize(
    ("field", "value"),
    [("reward_wan", -0.01), ("duration_months", -1), ("budget_wan", -0.01)],
)
def test_a_need_has_no_negative_amounts(database: Database, field: str, value: float) -> None:
    bad = Need(id="N", title="题", **{field: value})  # type: ignore[arg-type]
    with pytest.raises(InvalidData, match=f"ck_need_{field}_range"), database.write() as unit:
        unit.needs.upsert([bad])


@pytest.mark.parametrize("field", ["response_ratio", "acceptance_ratio"])
@pytest.mark.parametrize("value", [-0.01, 1.01])
def test_a_ratio_lies_between_0_and_1(database: Database, field: str, value: float) -> None:
    bad = Expert(id="E", name="甲", **{field: value})  # type: ignore[arg-type]
    with pytest.raises(InvalidData, match=f"ck_expert_{field}_range"), database.write() as unit:
        unit.experts.upsert([bad])


def test_a_fact_is_a_number_of_an_enterprise_that_is_there(database: Database) -> None:
    fact = EnterpriseFact(enterprise_code="C", year=2025, indicator=FactIndicator.REVENUE, value=float("inf"))
    with pytest.raises(InvalidData, match="value") as caught, database.write() as unit:
        unit.enterprise_facts.upsert([fact])
    assert caught.value.code == "store.bad_number"
    with (
        pytest.raises(InvalidData, match=r"年度数据“C\|2025\|营业收入”.*企业“C”") as caught,
        database.write() as unit,
    ):
        unit.enterprise_facts.upsert([replace(fact, value=1.0)])
    assert caught.value.code == "store.dangling_reference"
    with pytest.raises(InvalidData) as caught, database.write() as unit:
        unit.enterprise_facts.upsert([replace(fact, value=1.0, enterprise_code="")])
    assert caught.value.code == "store.bad_id"


@pytest.mark.parametrize("budget", [float("nan"), float("inf")])
def test_a_budget_is_a_number(database: Database, budget: float) -> None:
    with pytest.raises(InvalidData, match="budget_wan") as caught, database.write() as unit:
        unit.needs.upsert([Need(id="N", title="题", budget_wan=budget)])
    assert caught.value.code == "store.bad_number"
    with pytest.raises(InvalidData, match="ck_need_budget_wan_range"), database.write() as unit:
        unit.needs.upsert([Need(id="N", title="题", budget_wan=-0.01)])


def test_a_refusal_does_not_repeat_the_row(database: Database) -> None:
    with pytest.raises(InvalidData) as caught, database.write() as unit:
        unit.experts.upsert([Expert(id="E1", name="王某某", capacity=-1)])
    assert "王某某" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_pair_cannot_be_read_in_two_ways(database: Database) -> None:
    with database.write() as unit:
        unit.achievements.upsert([Achievement(id="a|b", type="论文", title="题")])
        unit.platforms.upsert([Platform(id="c", name="台")])
        with pytest.raises(InvalidData, match=r"a\|b") as caught:
            unit.achievement_platforms.upsert([AchievementPlatform(achievement_id="a|b", platform_id="c")])
        assert caught.value.code == "store.bad_pair"
