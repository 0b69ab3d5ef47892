"""Catalogues follow every change of the library, on both databases, and hold what the rows say."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.catalogue.catalogue import Catalogue
from recommender.catalogue.texts import folded
from recommender.domain.accounts import Actor, Reach, Role
from recommender.domain.entities import Achievement, AchievementPlatform, Enterprise, Expert, Platform
from recommender.domain.facets import FACETS
from recommender.domain.kinds import EntityKind
from recommender.domain.listing import LISTED_KINDS
from recommender.services.catalogues import Catalogues
from recommender.services.library_search import visible_rows
from recommender.services.merges import MergeService
from recommender.store import Database
from tests.store import records

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


def facets_of(catalogue: Catalogue) -> dict[str, dict[str, set[str]]]:
    """Values by id and facet."""
    found: dict[str, dict[str, set[str]]] = {id: {} for id in catalogue.ids}
    for name, column in catalogue.facets.items():
        for row, id in enumerate(catalogue.ids):
            codes = column.codes[column.starts[row] : column.starts[row + 1]]
            found[id][name] = {column.values[code] for code in codes}
    return found


def check(database: Database, catalogues: Catalogues, kind: EntityKind) -> None:
    """What is held is what is stored."""
    with database.read() as unit:
        held = catalogues.current(unit, kind)
        stored: dict[str, Any] = {record.id: record for record in unit.of(kind).iterate()}
        assert held.stamp == unit.catalogue.stamp(kind)
        versions = unit.of(kind).versions(list(stored))
    assert list(held.ids) == sorted(stored)
    assert dict(zip(held.ids, held.versions.tolist(), strict=True)) == versions
    assert facets_of(held) == {
        id: {facet.field: set(facet.values(record)) for facet in FACETS[kind]} for id, record in stored.items()
    }
    assert [names[0] for names in held.names] == [folded(stored[id].name) for id in held.ids]


@pytest.mark.parametrize("kind", LISTED_KINDS)
def test_any_record_is_held_as_it_is(database: Database, kind: EntityKind) -> None:
    catalogues = Catalogues()

    @settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
    @given(first=records.lists_of(kind), second=records.lists_of(kind), data=st.data())
    def follow(first: list[Any], second: list[Any], data: st.DataObject) -> None:
        for written in (first, second):
            with database.write() as unit:
                unit.of(kind).upsert(written)
            check(database, catalogues, kind)
        leaving = data.draw(st.lists(st.sampled_from([each.id for each in (*first, *second)] or ["none"])))
        with database.write() as unit:
            unit.of(kind).remove(leaving)
        check(database, catalogues, kind)

    follow()


def test_a_single_change_and_a_merge_that_is_taken_back(database: Database) -> None:
    experts = [Expert(id=f"Z{n}", name=f"张{n}", organisation="苏州大学", job_title="教授") for n in range(8)]
    with database.write() as unit:
        unit.experts.upsert(experts)
    catalogues, merges = Catalogues(), MergeService(database, lambda: NOW)
    check(database, catalogues, EntityKind.EXPERT)
    with database.write() as unit:
        unit.experts.upsert([replace(experts[3], job_title="研究员")])
    check(database, catalogues, EntityKind.EXPERT)
    merge = merges.merge("Z1", "Z2", actor="test", keep="Z1", chosen=["职称=讲师"]).merge
    check(database, catalogues, EntityKind.EXPERT)
    with database.write() as unit:
        unit.experts.remove(["Z5"])
    merges.undo(merge.id, actor="test")
    check(database, catalogues, EntityKind.EXPERT)


def test_what_an_actor_may_see_is_what_the_store_says(database: Database) -> None:
    enterprises = [
        Enterprise(
            code=f"E{n}",
            name=f"企业{n}",
            town="甲镇" if n % 2 else "乙镇",
            industry_chain="纺织" if n == 4 else "纺织；冶金" if n == 2 else "",
        )
        for n in range(6)
    ]
    with database.write() as unit:
        unit.enterprises.upsert(enterprises)
    reaches = [Reach(), Reach(whole_city=True), Reach(towns=frozenset({"甲镇"}), chains=frozenset({"纺织"}))]
    actors = [Actor(id="o", role=Role.OFFICER, permissions=frozenset(), reach=reach) for reach in reaches]
    actors += [
        Actor(id="f", role=Role.ENTERPRISE, permissions=frozenset(), enterprise_code=code)
        for code in ("E3", "", "nobody")
    ]
    with database.read() as unit:
        catalogue = Catalogues().current(unit, EntityKind.ENTERPRISE)
        for actor in actors:
            visible = visible_rows(actor, unit, catalogue)
            shown = {catalogue.ids[row] for row in visible.nonzero()[0].tolist()}
            assert shown == unit.enterprises.ids_matching((), actor)


def test_words_are_looked_for_in_the_texts(database: Database) -> None:
    with database.write() as unit:
        unit.experts.upsert([Expert(id="Z1", name="张", research_fields=("激光焊接", "铝合金"))])
        unit.achievements.upsert(
            [
                Achievement(id="A1", type="论文", title="激光清洗", abstract="用于铝合金", author_ids=("Z1",)),
                Achievement(id="A2", type="论文", title="无关"),
            ]
        )
        unit.platforms.upsert([Platform(id="P1", name="平台")])
        unit.achievement_platforms.upsert([AchievementPlatform(achievement_id="A1", platform_id="P1")])
    with database.read() as unit:
        reader = unit.catalogue
        assert reader.n_having(EntityKind.EXPERT, ["激光", "铝合金", "\0"]) == {"Z1": 2}
        assert reader.n_having(EntityKind.ACHIEVEMENT, ["激光", "铝合金"]) == {"A1": 2}
        assert reader.n_having(EntityKind.ACHIEVEMENT, ["%", "_"]) == {}
        assert reader.n_having(EntityKind.ACHIEVEMENT, []) == {}
        assert reader.n_works(EntityKind.EXPERT, ["Z1", "none"]) == {"Z1": 1}
        assert reader.n_works(EntityKind.PLATFORM, ["P1"]) == {"P1": 1}
        assert reader.n_works(EntityKind.ACHIEVEMENT, ["A1"]) == {}


def test_years_and_withdrawals(database: Database) -> None:
    with database.write() as unit:
        unit.enterprises.upsert([Enterprise(code="E1", name="企", founded_on=date(2012, 6, 1))])
        unit.platforms.upsert([Platform(id="P1", name="平台", recognised_in=2019)])
        unit.experts.upsert([Expert(id="Z1", name="张", consent_withdrawn_on=date(2026, 1, 1))])
    catalogues = Catalogues()
    with database.read() as unit:
        assert catalogues.current(unit, EntityKind.ENTERPRISE).years.tolist() == [2012]
        assert catalogues.current(unit, EntityKind.PLATFORM).years.tolist() == [2019]
        assert catalogues.current(unit, EntityKind.EXPERT).withdrawn.tolist() == [True]
