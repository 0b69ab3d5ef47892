"""A night gives the same suggestions however it is done, and works on no more than it must."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from recommender.bootstrap import Application
from recommender.domain.cases import Pair
from recommender.domain.entities import Achievement, Enterprise, Need
from recommender.domain.errors import SearchUnavailable
from recommender.domain.kinds import CooperationMode, EntityKind
from recommender.domain.runs import MatchRun
from recommender.domain.workflow import CaseState
from recommender.nightly.carrying import Why
from tests.journeys import nights
from tests.journeys.deciding import decide, of_need, refuse
from tests.unit.nightly.test_executors_dask import cluster

__all__ = ["cluster"]

N_NEEDS, N_PROFILES, N_ACHIEVEMENTS = 15, 2, 150
N_SOURCES = N_NEEDS + N_PROFILES + N_ACHIEVEMENTS


def assert_worked_on(run: MatchRun, because: Mapping[Why, int], *, n_sources: int = N_SOURCES) -> None:
    """How many sources were worked on, and why; all others were carried over."""
    n_computed = sum(because.values())
    assert run.n_sources == n_sources
    assert run.report["computed_because"] == {why.value: n for why, n in because.items()}
    assert run.report["n_computed"] == n_computed
    assert run.report["n_carried"] == n_sources - n_computed


class TestHowItIsDone:
    @pytest.mark.parametrize("executor", ["serial", "processes"])
    @pytest.mark.parametrize(("shard_size", "n_threads"), [(16, 1), (64, 2), (512, 2)])
    def test_executor_shards_and_threads(
        self, libraries: nights.Libraries, undisturbed: str, executor: str, shard_size: int, n_threads: int
    ) -> None:
        application = libraries(shard_size=shard_size, n_threads=n_threads)
        run = nights.run(application, executor=executor)
        assert run.report["n_shards"] == sum(-(-n // shard_size) for n in (N_NEEDS + N_PROFILES, N_ACHIEVEMENTS))
        assert_worked_on(run, {Why.FIRST: N_SOURCES})
        assert nights.content(application, run.id) == undisturbed

    @pytest.mark.parametrize("shard_size", [16, 64])
    def test_dask(self, libraries: nights.Libraries, undisturbed: str, cluster: str, shard_size: int) -> None:
        application = libraries(shard_size=shard_size)
        run = nights.run(application, executor="dask", scheduler=cluster)
        assert_worked_on(run, {Why.FIRST: N_SOURCES})
        assert nights.content(application, run.id) == undisturbed

    def test_without_a_new_index(self, libraries: nights.Libraries, undisturbed: str) -> None:
        application = libraries()
        before = application.snapshots.generations()
        run = nights.run(application, refresh_index=False)
        assert application.snapshots.generations() == before
        assert run.snapshot_id == before[-1]
        assert nights.content(application, run.id) == undisturbed


class TestCarriedOver:
    @pytest.mark.parametrize("shard_size", [16, 64])
    def test_all_of_it_night_after_night(
        self, later: nights.Libraries, undisturbed: str, shard_size: int
    ) -> None:
        application = later(shard_size=shard_size)
        for _ in range(3):
            run = nights.run(application)
            assert_worked_on(run, {})
            assert nights.published(application) == run.id
            assert nights.content(application, run.id) == undisturbed

    def test_after_a_run_about_a_part_too(self, later: nights.Libraries, undisturbed: str) -> None:
        application = later()
        part = nights.run(application, scope=nights.part_of_the_city("来源=need"))
        assert_worked_on(part, {}, n_sources=N_NEEDS)
        run = nights.run(application)
        assert_worked_on(run, {})
        assert nights.content(application, run.id) == undisturbed


Change = Callable[[Application], None]


def change_need(application: Application) -> None:
    with application.database.read() as unit:
        need = unit.needs.get("XQ2026004")
    assert need is not None
    nights.change(application, need, title="涤纶针织布练漂后强力下降", description="")


def change_need_without_a_word(application: Application) -> None:
    with application.database.read() as unit:
        need = unit.needs.get("XQ2026004")
    assert need is not None
    nights.change(application, need, cooperation_mode=CooperationMode.TRAINING)


def add_need_in_front(application: Application) -> None:
    """Every other source gets another number."""
    with application.database.write() as unit:
        enterprise = next(iter(unit.enterprises.iterate()))
        unit.needs.upsert([Need(id="A-first", title="热轧带钢氧化铁皮压入", enterprise_code=enterprise.code)])


def remove_need(application: Application) -> None:
    """Its enterprise asks by profile from now on."""
    with application.database.write() as unit:
        unit.needs.remove(["XQ2026001"])


def change_profile(application: Application) -> None:
    with application.database.write() as unit:
        asking = {need.enterprise_code for need in unit.needs.iterate()}
        silent = [each for each in unit.enterprises.iterate() if each.code not in asking]
        unit.enterprises.upsert([replace(silent[0], main_products="热轧带钢与镀锌板")])


def change_enterprise_behind_a_need(application: Application) -> None:
    """Where a need is silent, it takes the place of its enterprise; no text changes."""
    with application.database.write() as unit:
        need = unit.needs.get("XQ2026004")
        assert need is not None
        enterprise = unit.enterprises.get(need.enterprise_code)
        assert enterprise is not None
        unit.enterprises.upsert([replace(enterprise, city="杭州市", province="浙江省")])


def change_expert(application: Application) -> None:
    with application.database.write() as unit:
        expert = next(iter(unit.experts.iterate()))
        unit.experts.upsert([replace(expert, solvable_problems="热轧带钢表面氧化铁皮压入")])


def change_capacity(application: Application) -> None:
    """A fact that ranking and eligibility read, and no index."""
    with application.database.write() as unit:
        expert = next(each for each in unit.experts.iterate() if each.capacity)
        unit.experts.upsert([replace(expert, capacity=expert.capacity + 5)])


def fill_up(application: Application) -> None:
    with application.database.write() as unit:
        expert = next(iter(unit.experts.iterate()))
        unit.experts.upsert([replace(expert, capacity=1, n_active_engagements=1)])


def change_phone(application: Application) -> None:
    """Nobody reads it."""
    with application.database.write() as unit:
        expert = next(iter(unit.experts.iterate()))
        unit.experts.upsert([replace(expert, phone="13900000000", verified_on=nights.TODAY)])


def change_achievement(application: Application) -> None:
    with application.database.write() as unit:
        achievement = next(iter(unit.achievements.iterate()))
        unit.achievements.upsert([replace(achievement, abstract="热轧带钢氧化铁皮的控制。")])


def add_achievement(application: Application) -> None:
    with application.database.write() as unit:
        unit.achievements.upsert([Achievement(id="A-first", type="论文", title="热轧带钢氧化铁皮的控制")])


def rename_enterprise(application: Application) -> None:
    with application.database.write() as unit:
        enterprise = next(iter(unit.enterprises.iterate()))
        unit.enterprises.upsert([replace(enterprise, name="改名后的企业有限公司")])


def add_silent_enterprise(application: Application) -> None:
    """It says nothing of what it makes, so it asks nothing; its name can be found all the same."""
    with application.database.write() as unit:
        unit.enterprises.upsert([Enterprise(code="91320582MA00000001", name="新厂")])


def some_pairs(application: Application, kind: EntityKind) -> list[Pair]:
    """One need with every third of a kind: many of them stand in its list."""
    with application.database.read() as unit:
        return [of_need("XQ2026004", kind, each.id) for each in unit.of(kind).iterate()][::3]


def refuse_some(application: Application) -> None:
    refuse(application, some_pairs(application, EntityKind.EXPERT))


def reject_some(application: Application) -> None:
    decide(application, some_pairs(application, EntityKind.ACHIEVEMENT), CaseState.REJECTED)


def push_some(application: Application) -> None:
    decide(application, some_pairs(application, EntityKind.PLATFORM), CaseState.PUSHED)


def look_at_some(application: Application) -> None:
    """Nobody has decided."""
    decide(application, some_pairs(application, EntityKind.EXPERT), CaseState.IN_REVIEW)


ALL_ACHIEVEMENTS = {Why.CATALOGUE: N_ACHIEVEMENTS}
SUPPLY_SIDE = {Why.CATALOGUE: N_NEEDS + N_PROFILES}


class TestAfterAChange:
    @pytest.mark.parametrize(
        ("change", "because"),
        [
            (change_need, {Why.CHANGED: 1} | ALL_ACHIEVEMENTS),
            (change_need_without_a_word, {Why.CHANGED: 1}),
            (add_need_in_front, {Why.NEW: 1} | ALL_ACHIEVEMENTS),
            (remove_need, {Why.NEW: 1} | ALL_ACHIEVEMENTS),
            (change_profile, {Why.CHANGED: 1} | ALL_ACHIEVEMENTS),
            (change_enterprise_behind_a_need, {Why.CHANGED: 1}),
            (change_expert, {Why.CATALOGUE: N_SOURCES}),
            (change_capacity, {}),
            (fill_up, SUPPLY_SIDE),
            (change_phone, {}),
            (change_achievement, {Why.CATALOGUE: N_SOURCES}),
            (add_achievement, {Why.CATALOGUE: N_SOURCES + 1}),
            (rename_enterprise, {Why.CHANGED: 1} | ALL_ACHIEVEMENTS),
            (add_silent_enterprise, ALL_ACHIEVEMENTS),
            (refuse_some, {Why.CHANGED: 1}),
            (reject_some, {Why.CHANGED: 1}),
            (push_some, {Why.CHANGED: 1}),
            (look_at_some, {}),
        ],
    )
    def test_only_what_must_be_is_worked_on_and_all_is_as_from_nothing(
        self,
        libraries: nights.Libraries,
        later: nights.Libraries,
        change: Change,
        because: dict[Why, int],
    ) -> None:
        carrying, from_nothing = later(), libraries(shard_size=64)
        for application in (carrying, from_nothing):
            change(application)
        run, other = nights.run(carrying), nights.run(from_nothing)
        n_sources = other.n_sources
        assert_worked_on(other, {Why.FIRST: n_sources}, n_sources=n_sources)
        assert_worked_on(run, because, n_sources=n_sources)
        assert nights.content(carrying, run.id) == nights.content(from_nothing, other.id)

    def test_changes_of_several_nights(self, libraries: nights.Libraries, later: nights.Libraries) -> None:
        """Part of the candidates were carried over twice, part once, part not at all."""
        carrying, from_nothing = later(), libraries()
        changes = [
            add_need_in_front,
            refuse_some,
            change_need_without_a_word,
            remove_need,
            push_some,
            change_profile,
        ]
        for change in changes:
            change(carrying)
            run = nights.run(carrying)
            change(from_nothing)
        other = nights.run(from_nothing)
        assert run.report["n_carried"] > 0
        assert nights.content(carrying, run.id) == nights.content(from_nothing, other.id)

    def test_other_settings_of_the_ranking_are_another_catalogue(self, later: nights.Libraries) -> None:
        run = nights.run(later(dense_weight=0.5))
        assert_worked_on(run, {Why.CATALOGUE: N_SOURCES})

    def test_settings_of_the_lists_are_not(self, later: nights.Libraries) -> None:
        application = later(list_size=3, achievement_list_size=2, allocation_strength=0.3)
        run = nights.run(application)
        assert_worked_on(run, {})
        by_kind = dict.fromkeys(EntityKind, 0)
        for each in nights.suggestions(application):
            by_kind[each.target_kind] = max(by_kind[each.target_kind], each.position)
        assert by_kind[EntityKind.PLATFORM] == by_kind[EntityKind.EXPERT] == 3
        assert by_kind[EntityKind.ENTERPRISE] == 2

    def test_another_depth_is_another_catalogue(self, later: nights.Libraries) -> None:
        """Only experts are looked for deeper, so only who is shown experts is worked on."""
        assert_worked_on(nights.run(later(candidate_depth=50)), SUPPLY_SIDE)


class TestRefused:
    def test_an_index_of_another_encoder(self, later: nights.Libraries) -> None:
        application = later()
        generation = application.snapshots.current()
        assert generation is not None
        manifest = application.snapshots.folder(generation) / "manifest.json"
        text = manifest.read_text(encoding="utf-8")
        encoder_id = application.encoder.encoder_id
        assert encoder_id in text
        manifest.write_text(text.replace(encoder_id, "another"), encoding="utf-8")
        with pytest.raises(SearchUnavailable) as raised:
            nights.run(application, refresh_index=False)
        assert raised.value.code == "snapshot.encoder_differs"
