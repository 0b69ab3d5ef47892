"""Supply and demand are indexed apart: neither's files, scores or vectors depend on the other."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoders.protocol import TextRole
from embeddings.passages.index import read_index
from embeddings.snapshots.manifest import FORMAT
from recommender.bootstrap import Application
from recommender.domain.entities import Achievement, AchievementPlatform, Enterprise, Expert, Need
from recommender.domain.errors import SearchUnavailable
from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS, EntityKind
from recommender.matching.sides import Side
from recommender.services.matching import MatchRequest
from recommender.settings import Settings
from recommender.store.unit_of_work import UnitOfWork
from tests.actors import TESTER
from tests.conftest import import_samples


@pytest.fixture
def application(sample_application: Application, tmp_path: Path) -> Application:
    """A private copy of the indexed sample library."""
    sample_application.encoder.encode(["暖"], TextRole.QUERY)
    var_dir = tmp_path / "var"
    shutil.copytree(sample_application.settings.snapshot_dir, var_dir / "snapshots")
    shutil.copytree(sample_application.settings.vector_cache_dir, var_dir / "vector-cache")
    copy = Application(Settings(var_dir=var_dir))
    import_samples(copy)
    return copy


def files_of(application: Application, generation: str, side: Side) -> dict[str, bytes]:
    folder = application.snapshots.folder(generation) / side
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def add_need(unit: UnitOfWork) -> None:
    enterprise = next(iter(unit.enterprises.iterate()))
    unit.needs.upsert([Need(id="XQ-new", title="热轧带钢表面氧化铁皮压入", enterprise_code=enterprise.code)])


def change_enterprise(unit: UnitOfWork) -> None:
    enterprise = next(iter(unit.enterprises.iterate()))
    unit.enterprises.upsert([replace(enterprise, main_products="热轧带钢与氧化铁皮")])


def change_expert(unit: UnitOfWork) -> None:
    expert = next(iter(unit.experts.iterate()))
    unit.experts.upsert([replace(expert, solvable_problems="热轧带钢表面氧化铁皮压入")])


def change_owner(unit: UnitOfWork) -> None:
    """No text changes, only for whom one speaks."""
    achievement, platform = next(iter(unit.achievements.iterate())), next(iter(unit.platforms.iterate()))
    links = {link.id for link in unit.achievement_platforms.iterate()}
    link = AchievementPlatform(achievement_id=achievement.id, platform_id=platform.id)
    assert link.id not in links
    unit.achievement_platforms.upsert([link])


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (add_need, Side.DEMAND),
        (change_enterprise, Side.DEMAND),
        (change_expert, Side.SUPPLY),
        (change_owner, Side.SUPPLY),
    ],
)
def test_a_change_on_one_side_leaves_every_byte_of_the_other(
    application: Application, change: Callable[[UnitOfWork], None], changed: Side
) -> None:
    before = application.indexing.build(actor="test").manifest
    with application.database.write() as unit:
        change(unit)
    after = application.indexing.build(actor="test").manifest
    for side in Side:
        is_same = before.part_hash(side) == after.part_hash(side)
        assert is_same is (side is not changed)
        files = [files_of(application, manifest.generation, side) for manifest in (before, after)]
        assert (files[0] == files[1]) is is_same


def test_the_same_library_gives_the_same_bytes(application: Application) -> None:
    one, other = (application.indexing.build(actor="test").manifest for _ in range(2))
    assert one.files == other.files


def test_each_side_holds_its_own_kinds_alone(application: Application) -> None:
    sides = application.index_server.current().matcher.sides
    assert {kind.value for kind in SUPPLY_KINDS} == set(sides[Side.SUPPLY].passages.links)
    assert {kind.value for kind in DEMAND_KINDS} == set(sides[Side.DEMAND].passages.links)
    counts = application.index_server.current().manifest.counts
    assert counts["passages"] == sum(len(side.passages.texts) for side in sides.values())


def test_answers_of_a_side_do_not_move_with_the_other(application: Application) -> None:
    request = MatchRequest(SUPPLY_KINDS, 20)
    before = application.matching.match_text(TESTER, "高牌号硅钢边裂", "轧出来的薄板边上老是裂", request)
    with application.database.write() as unit:
        add_need(unit)
        change_enterprise(unit)
    application.indexing.build(actor="test")
    after = application.matching.match_text(TESTER, "高牌号硅钢边裂", "轧出来的薄板边上老是裂", request)
    assert after.snapshot_id != before.snapshot_id
    assert after.lists == before.lists


def some_achievement(application: Application) -> Achievement:
    with application.database.read() as unit:
        return next(iter(unit.achievements.iterate()))


def test_an_indexed_achievement_asks_without_the_encoder(application: Application) -> None:
    achievement = some_achievement(application)
    before = application.encoder.stats
    answer = application.matching.match_achievement(TESTER, achievement.id, MatchRequest(DEMAND_KINDS, 5))
    assert [len(part.matches) for part in answer.lists] == [5, 5]
    assert application.encoder.stats == before


@pytest.mark.parametrize("is_new", [True, False])
def test_an_achievement_whose_text_is_not_indexed_is_encoded_as_it_will_be(
    application: Application, is_new: bool
) -> None:
    achievement = replace(some_achievement(application), title="热轧带钢氧化铁皮的控制")
    if is_new:
        achievement = replace(achievement, id="CG-new")
    with application.database.write() as unit:
        unit.achievements.upsert([achievement])
    n_before = application.encoder.stats.n_encoded
    request = MatchRequest(DEMAND_KINDS, 5)
    before = application.matching.match_achievement(TESTER, achievement.id, request)
    assert application.encoder.stats.n_encoded == n_before + 1
    application.indexing.build(actor="test")
    after = application.matching.match_achievement(TESTER, achievement.id, request)
    assert after.snapshot_id != before.snapshot_id
    assert after.lists == before.lists
    assert application.encoder.stats.n_encoded == n_before + 1


@pytest.mark.parametrize("only", [EntityKind.EXPERT, EntityKind.ENTERPRISE])
def test_a_library_with_one_side_alone_is_served(tmp_path: Path, only: EntityKind) -> None:
    application = Application(Settings(var_dir=tmp_path))
    application.database.upgrade()
    with application.database.write() as unit:
        unit.achievements.upsert([Achievement(id="CG-1", type="论文", title="冷轧薄板边裂控制")])
        if only is EntityKind.EXPERT:
            unit.experts.upsert([Expert(id="ZJ-1", name="甲", research_fields=("冷轧薄板边裂",))])
        else:
            unit.enterprises.upsert([Enterprise(code="91320582X", name="乙厂", main_products="冷轧薄板")])
            unit.achievements.remove(["CG-1"])
    application.indexing.build(actor="test")
    if only is EntityKind.ENTERPRISE:
        with application.database.write() as unit:
            unit.achievements.upsert([Achievement(id="CG-1", type="论文", title="冷轧薄板边裂控制")])
    needs = application.matching.match_text(TESTER, "冷轧薄板边裂", "", MatchRequest(SUPPLY_KINDS, 3))
    n_supply = [1, 0, 1] if only is EntityKind.EXPERT else [0, 0, 0]
    assert [len(part.matches) for part in needs.lists] == n_supply
    achievement = application.matching.match_achievement(TESTER, "CG-1", MatchRequest(DEMAND_KINDS, 3))
    n_demand = [0, 0] if only is EntityKind.EXPERT else [1, 0]
    assert [len(part.matches) for part in achievement.lists] == n_demand


def test_a_generation_from_before_the_sides_is_refused_with_the_command_that_mends_it(
    application: Application,
) -> None:
    for name in application.snapshots.generations():
        manifest = application.snapshots.folder(name) / "manifest.json"
        text = manifest.read_text(encoding="utf-8")
        assert f'"format": {FORMAT}' in text
        manifest.write_text(text.replace(f'"format": {FORMAT}', '"format": 2'), encoding="utf-8")
    with pytest.raises(SearchUnavailable, match="matchmaker index build") as caught:
        application.matching.match_text(TESTER, "边裂", "", MatchRequest(SUPPLY_KINDS, 3))
    assert caught.value.code == "snapshot.format_unknown"
    application.indexing.build(actor="test")
    assert application.matching.match_text(TESTER, "边裂", "", MatchRequest(SUPPLY_KINDS, 3)).lists[0].matches


@pytest.mark.parametrize("mapped", [False, True])
def test_what_workers_map_is_what_is_served(application: Application, mapped: bool) -> None:
    generation = application.snapshots.current()
    assert generation is not None
    served = application.index_server.current().matcher.sides
    for side in Side:
        index = read_index(application.snapshots.folder(generation) / side, mapped=mapped)
        np.testing.assert_array_equal(index.matrix, served[side].passages.matrix)
        query = np.array(index.matrix[0])
        np.testing.assert_array_equal(
            index.vectors.score_all(query), served[side].passages.vectors.score_all(query)
        )
