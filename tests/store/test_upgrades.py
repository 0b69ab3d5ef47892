"""A database of an earlier version keeps its rows, and they look unchanged to the next import."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Entity,
    Expert,
    Need,
    Platform,
    Record,
    fingerprint,
)
from recommender.domain.kinds import Confidentiality, CooperationMode, NeedSource, Willingness
from recommender.store import Database, schema
from recommender.store.address import Address
from recommender.store.engine import open_engine, writing

MILL = Enterprise(
    code="91320582000000000J",
    name="某钢厂",
    founded_on=date(2009, 4, 1),
    qualifications=("高新技术企业", "“专精特新”"),
    business_scope="冷轧；钢丝",
)
BARE = Enterprise(code="B", name="")
ENTITIES: tuple[Entity, ...] = (
    MILL,
    BARE,
    Need(
        id="N1",
        title="边裂",
        enterprise_code=MILL.code,
        cooperation_mode=CooperationMode.TRAINING,
        target_trl=6,
        budget_wan=80.0,
        deadline=date(2027, 6, 30),
        keywords=("冷轧",),
        source=NeedSource.VISIT,
    ),
    Need(id="N2", title="题", budget_wan=0.1),
    Expert(
        id="E1",
        name="甲",
        research_fields=("轧制", "边裂"),
        cooperation_modes=(CooperationMode.DIAGNOSIS,),
        capacity=0,
        n_active_engagements=2,
        willingness=Willingness.PAUSED,
        avoided_enterprises=("B",),
        verified_on=date(2026, 3, 1),
    ),
    Expert(id="E2", name="乙"),
    Platform(id="P1", name="实验室", certifications=("CNAS",)),
    Achievement(id="A1", type="论文", title="题", author_ids=("E2", "E1"), year=2024, trl=3, keywords=("钢",)),
    Achievement(id="A2", type="", title="题"),
)
LINK = AchievementPlatform(achievement_id="A1", platform_id="P1")


@pytest.fixture
def first_url(empty_url: str) -> Iterator[str]:
    """A database at the first revision with the rows above, written as the program then wrote them."""
    path = Address.parse(empty_url).path
    if path is not None:
        path.touch()
    engine = open_engine(Address.parse(empty_url))
    schema.upgrade(engine, "0001")
    with writing(engine).begin() as connection:
        for record in (*ENTITIES, LINK):
            table = sa.Table(_table(record), sa.MetaData(), autoload_with=connection, resolve_fks=False)
            connection.execute(sa.insert(table), _row(record, table))
        authors = sa.table("achievement_author", *map(sa.column, ("achievement_id", "position", "expert_id")))
        for position, expert in enumerate(("E2", "E1"), start=1):
            link = {"achievement_id": "A1", "position": position, "expert_id": expert}
            connection.execute(sa.insert(authors), link)
    engine.dispose()
    yield empty_url


def _table(record: Record) -> str:
    return "achievement_platform" if isinstance(record, AchievementPlatform) else record.kind.value  # type: ignore[union-attr]


def _row(record: Record, table: sa.Table) -> dict[str, Any]:
    now = datetime.now(UTC)
    stamps = {"version": 3, "fingerprint": "of the first version", "created_at": now, "updated_at": now}
    fields = {column.name: getattr(record, column.name) for column in table.c if column.name not in stamps}
    return {
        name: value or None if name == "enterprise_code" else value for name, value in fields.items()
    } | stamps


def test_rows_of_the_first_version_stay_and_count_as_unchanged(first_url: str) -> None:
    database = Database.open(first_url)
    assert database.schema_state().current == "0001"
    database.upgrade()
    with database.read() as unit:
        for entity in ENTITIES:
            repository = unit.of(entity.kind)
            assert repository.get(entity.id) == entity
            assert repository.fingerprints([entity.id]) == {entity.id: fingerprint(entity)}
        assert unit.achievement_platforms.get(LINK.id) == LINK
        assert unit.achievement_platforms.fingerprints([LINK.id]) == {LINK.id: fingerprint(LINK)}
        assert unit.enterprise_facts.count() == 0
    database.close()


def test_rows_of_the_first_version_take_the_new_fields(first_url: str) -> None:
    database = Database.open(first_url)
    database.upgrade()
    need = next(entity for entity in ENTITIES if isinstance(entity, Need))
    assert need.confidentiality is Confidentiality.INTERNAL
    changed = replace(need, confidentiality=Confidentiality.PUBLIC, indicators=("边裂率 ≤ 1 %",), reward_wan=5.0)
    with database.write() as unit:
        unit.needs.upsert([changed])
    with database.read() as unit:
        assert unit.needs.get(need.id) == changed
    database.close()


def test_more_rows_than_one_batch(empty_url: str) -> None:
    """Fingerprints are computed in batches, in order of the key."""
    path = Address.parse(empty_url).path
    if path is not None:
        path.touch()
    engine = open_engine(Address.parse(empty_url))
    schema.upgrade(engine, "0001")
    platforms = [Platform(id=f"P{i}", name=str(i)) for i in range(4_001)]
    with writing(engine).begin() as connection:
        table = sa.Table("platform", sa.MetaData(), autoload_with=connection)
        connection.execute(sa.insert(table), [_row(platform, table) for platform in platforms])
    engine.dispose()
    database = Database.open(empty_url)
    database.upgrade()
    with database.read() as unit:
        found = unit.platforms.fingerprints([platform.id for platform in platforms])
    database.close()
    assert found == {platform.id: fingerprint(platform) for platform in platforms}
