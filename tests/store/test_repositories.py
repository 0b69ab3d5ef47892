"""Repositories: replacing, versions, links, removing, order, large numbers of ids."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

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
from recommender.domain.match import MatchRun, RunState, Suggestion
from recommender.store import Database
from recommender.store.address import Address
from recommender.store.engine import open_engine, reading

from .records import clear, codes

ZHANG = Expert(id="E1", name="张", organisation="某大学")
LI = Expert(id="E2", name="李", organisation="某大学")
WANG = Expert(id="E3", name="王", organisation="某研究所")
PAPER = Achievement(id="A1", type="论文", title="高温合金", author_ids=("E1", "E2", "E3"))
LAB = Platform(id="P1", name="重点实验室")
FACTORY = Enterprise(code="91320582MA1234567X", name="某钢厂")
NEED = Need(id="N1", title="减少氧化", enterprise_code=FACTORY.code)
FACT = EnterpriseFact(enterprise_code=FACTORY.code, year=2025, indicator=FactIndicator.REVENUE, value=8_000.0)


def fill(database: Database) -> None:
    """One of everything, linked."""
    with database.write() as unit:
        unit.experts.upsert([ZHANG, LI, WANG])
        unit.platforms.upsert([LAB])
        unit.enterprises.upsert([FACTORY])
        unit.achievements.upsert([PAPER])
        unit.needs.upsert([NEED])
        unit.achievement_platforms.upsert([AchievementPlatform(achievement_id="A1", platform_id="P1")])
        unit.enterprise_facts.upsert([FACT])


def stamps(url: str, table: str, key: str = "id") -> dict[str, tuple[int, str, str, str]]:
    """What the store keeps beside the records: id → version, fingerprint, created, updated."""
    engine = open_engine(Address.parse(url))
    with reading(engine).begin() as connection:
        rows = connection.execute(
            text(f"SELECT {key}, version, fingerprint, created_at, updated_at FROM {table}")
        )
        found = {id: (version, mark, str(created), str(updated)) for id, version, mark, created, updated in rows}
    engine.dispose()
    return found


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("expert", "id"),
        ("platform", "id"),
        ("enterprise", "code"),
        ("achievement", "id"),
        ("need", "id"),
        ("achievement_platform", "id"),
        ("enterprise_fact", "id"),
    ],
)
def test_the_same_again_changes_nothing(database: Database, url: str, table: str, key: str) -> None:
    fill(database)
    before = stamps(url, table, key)
    fill(database)
    assert stamps(url, table, key) == before
    assert {version for version, *_ in before.values()} == {1}


def test_a_changed_record_alone_gets_the_next_version(database: Database, url: str) -> None:
    fill(database)
    before = stamps(url, "expert")
    changed = replace(ZHANG, name="章")
    with database.write() as unit:
        unit.experts.upsert([changed, LI, WANG])
    with database.write() as unit:
        unit.experts.upsert([ZHANG])
        unit.experts.upsert([changed])
    after = stamps(url, "expert")
    assert {id: row for id, row in after.items() if id != "E1"} == {
        id: row for id, row in before.items() if id != "E1"
    }
    version, mark, created, updated = after["E1"]
    assert version == 1 + 3
    assert mark == fingerprint(changed)
    assert created == before["E1"][2]
    assert updated > before["E1"][3]


def test_of_several_records_with_one_id_the_last_counts(database: Database, url: str) -> None:
    with database.write() as unit:
        unit.experts.upsert([ZHANG, replace(ZHANG, name="甲"), LI, replace(ZHANG, name="乙")])
    with database.read() as unit:
        assert unit.experts.get("E1") == replace(ZHANG, name="乙")
        assert unit.experts.count() == 2
    assert stamps(url, "expert")["E1"][0] == 1


@pytest.mark.parametrize("authors", [("E3", "E1"), ("E2",), (), ("E3", "E2", "E1")])
def test_authors_are_replaced(database: Database, authors: tuple[str, ...]) -> None:
    fill(database)
    other = replace(PAPER, id="A2", author_ids=("E2", "E1"))
    with database.write() as unit:
        unit.achievements.upsert([other])
        unit.achievements.upsert([replace(PAPER, author_ids=authors)])
    with database.read() as unit:
        assert unit.achievements.get("A1") == replace(PAPER, author_ids=authors)
        assert unit.achievements.get("A2") == other


def test_nobody_stands_twice_in_a_byline(database: Database) -> None:
    fill(database)
    with pytest.raises(InvalidData, match="A1") as caught, database.write() as unit:
        unit.achievements.upsert([replace(PAPER, author_ids=("E1", "E2", "E1"))])
    assert caught.value.code == "store.duplicate_author"


def test_dangling_references_are_named(database: Database) -> None:
    fill(database)
    with pytest.raises(InvalidData, match=r"成果“A2”.*专家“E9”") as caught, database.write() as unit:
        unit.achievements.upsert([PAPER, replace(PAPER, id="A2", author_ids=("E1", "E9"))])
    assert caught.value.code == "store.dangling_reference"
    with pytest.raises(InvalidData, match=r"需求“N2”.*企业“X”"), database.write() as unit:
        unit.needs.upsert([Need(id="N2", title="题", enterprise_code="X")])
    with pytest.raises(InvalidData, match="平台“P9”"), database.write() as unit:
        unit.achievement_platforms.upsert([AchievementPlatform(achievement_id="A1", platform_id="P9")])
    with pytest.raises(InvalidData, match="成果“A9”"), database.write() as unit:
        unit.achievement_platforms.upsert([AchievementPlatform(achievement_id="A9", platform_id="P1")])
    with database.read() as unit:
        assert unit.achievements.count() == unit.needs.count() == unit.achievement_platforms.count() == 1


def test_the_database_itself_refuses_what_points_to_nothing(database: Database, url: str) -> None:
    """The check before writing cannot see what another writer removes meanwhile; the foreign key does."""
    fill(database)
    with pytest.raises(InvalidData) as caught, database.write() as unit:
        unit.achievements._check_references = lambda records: None  # type: ignore[method-assign]
        unit.achievements.upsert([replace(PAPER, id="A2", author_ids=("E9",))])
    assert caught.value.code == "store.rejected"
    with database.read() as unit:
        assert unit.achievements.get("A2") is None


def test_a_removed_expert_leaves_the_bylines(database: Database, url: str) -> None:
    fill(database)
    untouched = Achievement(id="A2", type="论文", title="题", author_ids=("E3",))
    with database.write() as unit:
        unit.achievements.upsert([untouched])
        assert unit.experts.remove(["E2", "E1", "E2", "E9"]) == 2
    left = replace(PAPER, author_ids=("E3",))
    with database.read() as unit:
        assert unit.experts.get("E1") is None
        assert unit.achievements.get("A1") == left
        assert unit.achievements.get("A2") == untouched
    assert stamps(url, "achievement")["A1"][:2] == (2, fingerprint(left))
    assert stamps(url, "achievement")["A2"][0] == 1


def test_a_removed_enterprise_leaves_its_needs(database: Database, url: str) -> None:
    fill(database)
    with database.write() as unit:
        assert unit.enterprises.remove([FACTORY.code]) == 1
    left = replace(NEED, enterprise_code="")
    with database.read() as unit:
        assert unit.needs.get("N1") == left
        assert unit.enterprise_facts.count() == 0
    assert stamps(url, "need")["N1"][:2] == (2, fingerprint(left))


@pytest.mark.parametrize("kind", [EntityKind.ACHIEVEMENT, EntityKind.PLATFORM])
def test_a_removed_end_takes_the_link_along(database: Database, kind: EntityKind) -> None:
    fill(database)
    with database.write() as unit:
        assert unit.of(kind).remove(["A1", "P1"]) == 1
    with database.read() as unit:
        assert unit.achievement_platforms.count() == 0
        assert unit.experts.count() == 3


def test_removing_takes_the_suggestions_along(database: Database) -> None:
    fill(database)
    run = MatchRun(
        id="R", started_at=datetime.now(UTC), finished_at=None, state=RunState.RUNNING,
        snapshot_id="s", encoder_id="e", configuration_hash="c", n_sources=1,
    )  # fmt: skip

    def suggestion(source: str, target: str, position: int) -> Suggestion:
        return Suggestion(
            run_id="R", source_kind=EntityKind.NEED, source_id=source, target_kind=EntityKind.EXPERT,
            target_id=target, position=position, score=0.5, parts={}, reason="", evidence_ids=(),
        )  # fmt: skip

    with database.write() as unit:
        unit.runs.start(run)
        unit.runs.add([suggestion("N1", "E1", 1), suggestion("N1", "E2", 2), suggestion("N2", "E2", 1)])
    with database.write() as unit:
        unit.experts.remove(["E1"])
        unit.platforms.remove(["E2"])
        assert [item.target_id for item in unit.runs.suggestions("R")] == ["E2", "E2"]
        unit.needs.remove(["N1"])
        assert [item.source_id for item in unit.runs.suggestions("R")] == ["N2"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids=st.lists(codes, max_size=12, unique=True), batch_size=st.integers(1, 5))
def test_iteration_is_in_order_of_code_points(database: Database, ids: list[str], batch_size: int) -> None:
    with database.write() as unit:
        clear(unit)
        unit.platforms.upsert([Platform(id=id, name="台") for id in ids])
    with database.read() as unit:
        assert [platform.id for platform in unit.platforms.iterate(batch_size=batch_size)] == sorted(ids)
        assert list(unit.platforms.get_many(ids)) == sorted(ids)


def test_any_number_of_ids(database: Database) -> None:
    n = 3_000
    works = [
        Achievement(id=f"A{i:06}", type="论文", title=str(i), author_ids=("E1", "E2") if i % 2 else ())
        for i in range(n)
    ]
    wanted = [f"A{i:06}" for i in range(-32_000, n)]
    with database.write() as unit:
        unit.experts.upsert([ZHANG, LI])
        unit.achievements.upsert(works)
    with database.read() as unit:
        assert unit.achievements.get_many(wanted) == {work.id: work for work in works}
        assert unit.achievements.fingerprints(wanted) == {work.id: fingerprint(work) for work in works}
        assert list(unit.achievements.iterate()) == works
    with database.write() as unit:
        assert unit.achievements.remove(wanted) == n
        assert unit.achievements.count() == 0


def test_impossible_ids_are_just_absent(database: Database) -> None:
    fill(database)
    impossible = ["E1\0", "\ud800", ""]
    with database.write() as unit:
        assert unit.experts.get("E1\0") is None
        assert unit.experts.get_many([*impossible, "E1"]) == {"E1": ZHANG}
        assert unit.experts.fingerprints(impossible) == {}
        assert unit.experts.remove(impossible) == 0


def test_nothing_is_nothing(database: Database) -> None:
    with database.write() as unit:
        for kind in EntityKind:
            repository = unit.of(kind)
            repository.upsert([])
            assert repository.get_many([]) == {}
            assert repository.fingerprints([]) == {}
            assert repository.remove([]) == 0
            assert list(repository.iterate()) == []
            assert repository.ids_matching([]) == frozenset()


def test_each_kind_has_its_repository(database: Database) -> None:
    fill(database)
    with database.read() as unit:
        for kind in EntityKind:
            assert {record.kind for record in unit.of(kind).iterate()} == {kind}


def test_a_reading_unit_does_not_write(database: Database) -> None:
    fill(database)
    with database.read() as unit:
        with pytest.raises(RuntimeError, match="only reads"):
            unit.experts.upsert([ZHANG])
        with pytest.raises(RuntimeError, match="only reads"):
            unit.experts.remove(["E1"])
        with pytest.raises(RuntimeError, match="only reads"):
            unit.runs.prune(1)
