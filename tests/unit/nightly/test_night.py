"""The folder of a night over the sample library: what is written is what workers open, and damage is noticed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from recommender.bootstrap import Application
from recommender.domain.kinds import EntityKind
from recommender.matching.sides import Side
from recommender.nightly.carrying import Why
from recommender.nightly.inputs import SideInputs
from recommender.nightly.night import Night, NightPlan, night_hash
from recommender.nightly.planner import FormerNight, Library, NightPlanner, PlannedNight
from recommender.nightly.shard import ShardCandidates
from recommender.nightly.sources import Scope, asking_demand, asking_supply
from recommender.nightly.work import NightOpener, ShardWorker
from recommender.services.nightly.reading import read_library
from tests.unit.nightly.candidates import assert_same
from tests.unit.nightly.test_sources import TODAY

SHARD_SIZE = 16
EVERYTHING = Scope()


@pytest.fixture(scope="module")
def library(sample_application: Application) -> Library:
    with sample_application.database.read() as unit:
        return read_library(unit)


Plan = Callable[..., PlannedNight]


@pytest.fixture(scope="module")
def plan(sample_application: Application, library: Library) -> Plan:
    """Plans a night into a folder."""

    def call(
        folder: Path,
        former: FormerNight | None = None,
        *,
        scope: Scope = EVERYTHING,
        shard_size: int = SHARD_SIZE,
    ) -> PlannedNight:
        application, numbers = sample_application, sample_application.night_settings
        planner = NightPlanner(
            application.snapshots,
            application.encoder,
            application.segmenter,
            application.match_config,
            depths=numbers.depths,
            policy=numbers.policy,
            shard_size=shard_size,
        )
        needs, enterprises = library.needs.values(), library.enterprises
        asking = {
            Side.SUPPLY: asking_supply(needs, enterprises, scope, as_of=TODAY, max_chars=20_000),
            Side.DEMAND: asking_demand(library.achievements.values(), scope),
        }
        return planner.plan(folder, library, asking, former, current_year=2026, on_progress=lambda *_: None)

    return call


@pytest.fixture(scope="module")
def written(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlannedNight]:
    """One night, planned from nothing; tests only read it."""
    folder = tmp_path_factory.mktemp("nights") / "one"
    return folder, plan(folder)


def worked_on(night: Night, *, n_threads: int = 2) -> dict[int, ShardCandidates]:
    """All shards of a night."""
    worker = ShardWorker(night, n_threads)
    return {number: worker.candidates(number) for number in range(len(night.plan.shards))}


def by_source(night: Night, shards: dict[int, ShardCandidates]) -> dict[tuple[Side, int], bytes]:
    """The candidates of every source for itself."""
    found = {}
    for number, shard in shards.items():
        for place, source in enumerate(shard.sources.tolist()):
            values = [
                array[place].tobytes()
                for _, ranked in sorted(shard.ranked.items())
                for array in (ranked.found.entities, ranked.found.text, ranked.found.votes, ranked.total)
            ]
            found[night.plan.shards[number].side, source] = b"|".join(values)
    return found


def assert_same_inputs(found: SideInputs, expected: SideInputs) -> None:
    one, other = found.to_arrays(), expected.to_arrays()
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


class TestPlan:
    def test_every_source_is_in_one_shard(self, written: tuple[Path, PlannedNight]) -> None:
        _, planned = written
        for side, roll in planned.plan.rolls.items():
            numbers = [n for shard in planned.plan.shards if shard.side is side for n in shard.sources.tolist()]
            assert numbers == list(range(len(roll.keys)))
        assert max(len(shard.sources) for shard in planned.plan.shards) == SHARD_SIZE
        assert planned.pending == list(range(len(planned.plan.shards)))
        assert planned.reasons == {side: {Why.FIRST: len(roll.keys)} for side, roll in planned.plan.rolls.items()}

    def test_it_is_read_as_it_was_written(self, written: tuple[Path, PlannedNight]) -> None:
        folder, planned = written
        found, expected = NightPlan.read(folder), planned.plan
        for name in ("generation", "config", "current_year", "depths", "policy"):
            assert getattr(found, name) == getattr(expected, name)
        assert found.limits.tolist() == expected.limits.tolist()
        assert [(shard.side, shard.sources.tolist()) for shard in found.shards] == [
            (shard.side, shard.sources.tolist()) for shard in expected.shards
        ]
        assert found.rolls.keys() == expected.rolls.keys()
        for side, roll in found.rolls.items():
            assert roll.keys == expected.rolls[side].keys
            assert roll.catalogue == expected.rolls[side].catalogue
            assert roll.hashes.tolist() == expected.rolls[side].hashes.tolist()

    def test_the_same_library_gives_the_same_folder(
        self, written: tuple[Path, PlannedNight], plan: Plan, tmp_path: Path
    ) -> None:
        _, planned = written
        assert plan(tmp_path / "again").inputs_hash == planned.inputs_hash
        assert plan(tmp_path / "other", shard_size=17).inputs_hash != planned.inputs_hash

    @pytest.mark.parametrize("n_threads", [1, 2])
    def test_the_threads_of_the_machine_do_not_matter(
        self, written: tuple[Path, PlannedNight], plan: Plan, tmp_path: Path, n_threads: int
    ) -> None:
        _, planned = written
        with threadpool_limits(n_threads):
            assert plan(tmp_path / "night").inputs_hash == planned.inputs_hash

    def test_a_folder_that_is_there_is_replaced(self, plan: Plan, tmp_path: Path) -> None:
        whole = plan(tmp_path / "night")
        part = plan(tmp_path / "night", scope=Scope(EntityKind.ACHIEVEMENT))
        assert list(part.plan.rolls) == [Side.DEMAND]
        assert night_hash(tmp_path / "night") == part.inputs_hash != whole.inputs_hash
        assert [path.name for path in tmp_path.iterdir()] == ["night"]
        assert list(Night.open(tmp_path / "night").inputs) == [Side.DEMAND]

    def test_nobody_asks(self, plan: Plan, tmp_path: Path) -> None:
        planned = plan(tmp_path / "night", scope=Scope(EntityKind.NEED, town="没有这个镇"))
        assert planned.n_sources == 0
        assert planned.pending == []
        night = Night.open(tmp_path / "night")
        assert night.inputs == {}
        assert night.plan.shards == []


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


class TestDamage:
    def test_whole(self, written: tuple[Path, PlannedNight]) -> None:
        folder, planned = written
        assert night_hash(folder) == planned.inputs_hash

    @pytest.mark.parametrize("damage", [flipped, Path.unlink])
    def test_in_any_file(
        self, written: tuple[Path, PlannedNight], tmp_path: Path, damage: Callable[[Path], None]
    ) -> None:
        folder, planned = written
        names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
        assert len(names) > 40
        for number, name in enumerate(sorted(names)):
            copy = tmp_path / str(number)
            shutil.copytree(folder, copy)
            damage(copy / name)
            assert night_hash(copy) != planned.inputs_hash, name
            shutil.rmtree(copy)

    @pytest.mark.parametrize("part", ["night", "supply", "demand"])
    def test_a_part_is_gone(self, written: tuple[Path, PlannedNight], tmp_path: Path, part: str) -> None:
        folder, planned = written
        shutil.copytree(folder, tmp_path / "copy")
        shutil.rmtree(tmp_path / "copy" / part)
        assert night_hash(tmp_path / "copy") != planned.inputs_hash

    def test_nothing_is_there(self, tmp_path: Path) -> None:
        assert night_hash(tmp_path / "nowhere") is None


class TestOpened:
    def test_inputs_come_back(self, written: tuple[Path, PlannedNight], plan: Plan, tmp_path: Path) -> None:
        """What is opened gives, written again, the same arrays; those of the sources' vectors too."""
        folder, _ = written
        one = Night.open(folder)
        plan(tmp_path / "again")
        other = Night.open(tmp_path / "again")
        for side, inputs in one.inputs.items():
            assert_same_inputs(inputs, other.inputs[side])
            np.testing.assert_array_equal(inputs.sources.vectors, other.inputs[side].sources.vectors)
            assert set(inputs.kinds) == {kind for kind in one.plan.depths if Side.of(kind) is side}

    def test_an_opener_gives_the_bytes_of_a_shard(self, written: tuple[Path, PlannedNight]) -> None:
        folder, _ = written
        work = NightOpener(folder).open(1)
        assert_same(ShardCandidates.from_bytes(work(3)), worked_on(Night.open(folder), n_threads=2)[3])

    @pytest.mark.parametrize(("shard_size", "n_threads"), [(16, 1), (64, 2), (7, 3), (1000, 5)])
    def test_candidates_do_not_depend_on_who_works_beside(
        self,
        written: tuple[Path, PlannedNight],
        plan: Plan,
        tmp_path: Path,
        shard_size: int,
        n_threads: int,
    ) -> None:
        folder, planned = written
        one, _ = Night.open(folder), plan(tmp_path / "other", shard_size=shard_size)
        other = Night.open(tmp_path / "other")
        expected = by_source(one, worked_on(one))
        assert len(expected) == planned.n_sources
        assert by_source(other, worked_on(other, n_threads=n_threads)) == expected

    def test_what_is_carried_over_is_what_would_be_found(
        self, written: tuple[Path, PlannedNight], plan: Plan, tmp_path: Path
    ) -> None:
        """Of the night before only some shards are still there; the others are worked on."""
        folder, planned = written
        night = Night.open(folder)
        shards = worked_on(night)
        kept = {number: shards[number] for number in shards if number % 3}
        again = plan(tmp_path / "again", FormerNight(planned.plan, lambda: kept))
        lost = sum(len(shards[number].sources) for number in shards if not number % 3)
        assert sum(reasons.get(Why.FIRST, 0) for reasons in again.reasons.values()) == lost
        opened = Night.open(tmp_path / "again")
        worker = ShardWorker(opened, 1)
        for number in again.pending:
            assert number not in again.carried
        found = {number: worker.candidates(number) for number in again.pending} | dict(again.carried)
        assert by_source(opened, found) == by_source(night, shards)
