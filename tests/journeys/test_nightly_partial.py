"""Work that cannot be done is set aside and named; the rest is kept, and nobody is shown a part unasked."""

from collections.abc import Callable, Collection

import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.errors import InvalidInput, Unavailable
from recommender.domain.runs import MatchRun, RunState, ShardStage
from recommender.nightly.carrying import Why
from recommender.nightly.night import NightPlan
from recommender.nightly.work import NightOpener, ShardWorker
from tests.journeys import nights
from tests.journeys.test_nightly_same import N_SOURCES, change_expert

Failing = Callable[[Collection[int]], None]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Failing:
    """Makes the work on some shards raise, in this process."""
    work = ShardWorker.work

    def fail(numbers: Collection[int]) -> None:
        def sometimes(self: ShardWorker, number: int) -> bytes:
            if number in numbers:
                raise MemoryError(f"no room for shard {number}")
            return work(self, number)

        monkeypatch.setattr(ShardWorker, "work", sometimes)

    return fail


def sources_of(application: Application, run: MatchRun, numbers: Collection[int]) -> set[str]:
    """Ids of the sources of some shards."""
    plan = NightPlan.read(application.settings.var_dir / "nights" / run.id)
    return {
        plan.rolls[plan.shards[number].side].keys[source][1]
        for number in numbers
        for source in plan.shards[number].sources.tolist()
    }


class TestSetAside:
    def test_the_rest_is_kept_and_not_published(self, later: nights.Libraries, failing: Failing) -> None:
        application = later()
        before = nights.published(application)
        change_expert(application)
        failing({1, 5})
        run = nights.run(application)
        assert run.state is RunState.PARTIAL
        assert run.report["quarantined_shards"] == [1, 5]
        assert nights.published(application) == before
        detail = application.runs.show(run.id)
        assert not detail.is_published
        assert [(shard.stage, shard.number, shard.attempts) for shard in detail.quarantined] == [
            (ShardStage.CANDIDATES, number, application.settings.max_attempts) for number in (1, 5)
        ]
        assert [shard.error for shard in detail.quarantined] == [
            f"MemoryError: no room for shard {number}" for number in (1, 5)
        ]

    def test_exactly_the_others_have_lists(self, libraries: nights.Libraries, failing: Failing) -> None:
        """Whoever is missing asks nobody for room, so the others' lists need not be those of a whole night."""
        whole, application = libraries(allocation_strength=0), libraries(allocation_strength=0)
        everybody = nights.suggestions(whole, nights.run(whole).id)
        failing({1, 5})
        stop_tidying(application)
        run = nights.run(application)
        missing = sources_of(application, run, {1, 5})
        assert len(missing) == 1 + 16
        found = {(each.source_id, each.target_id): each.score for each in nights.suggestions(application, run.id)}
        assert found == {
            (each.source_id, each.target_id): each.score for each in everybody if each.source_id not in missing
        }

    def test_published_by_hand_and_made_whole_the_next_night(
        self, libraries: nights.Libraries, undisturbed: str, failing: Failing
    ) -> None:
        application = libraries()
        failing({5})
        part = nights.run(application)
        assert nights.published(application) is None
        application.runs.publish(part.id, actor=Actor.trusted("test"))
        assert nights.published(application) == part.id
        failing(())
        run = nights.run(application)
        assert run.state is RunState.DONE
        assert set(run.report["computed_because"]) == {Why.FIRST.value}
        assert nights.published(application) == run.id
        assert nights.content(application, run.id) == undisturbed

    def test_all_of_it(self, later: nights.Libraries, failing: Failing) -> None:
        application = later()
        before = nights.published(application)
        change_expert(application)
        failing(range(100))
        run = nights.run(application)
        assert run.state is RunState.PARTIAL
        assert run.report["n_suggestions"] == 0
        assert len(run.report["quarantined_shards"]) == run.report["n_shards"]
        assert nights.published(application) == before

    def test_it_is_not_resumed(self, libraries: nights.Libraries, undisturbed: str, failing: Failing) -> None:
        """It has ended; the next night begins anew."""
        application = libraries()
        failing({0})
        part = nights.run(application)
        failing(())
        run = nights.run(application, resume=True)
        assert run.id != part.id
        assert nights.content(application, run.id) == undisturbed


def stop_tidying(application: Application) -> None:
    """Leave the folder of a night that was not published where it is, to look into it."""
    application.nightly._housekeeping.tidy = lambda write: None  # type: ignore[method-assign]


class TestFailingOnce:
    def test_is_tried_again(self, libraries: nights.Libraries, undisturbed: str, monkeypatch: object) -> None:
        application = libraries()
        work, failed = ShardWorker.work, set()

        def at_first(self: ShardWorker, number: int) -> bytes:
            if number not in failed:
                failed.add(number)
                raise OSError("not just now")
            return work(self, number)

        assert isinstance(monkeypatch, pytest.MonkeyPatch)
        monkeypatch.setattr(ShardWorker, "work", at_first)
        run = nights.run(application)
        assert len(failed) == run.report["n_shards"]
        assert run.state is RunState.DONE
        assert run.report["quarantined_shards"] == []
        assert nights.content(application, run.id) == undisturbed


class TestNobodyCanBegin:
    def test_the_night_stays_unfinished_and_goes_on_later(
        self, libraries: nights.Libraries, undisturbed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        application = libraries()

        def closed(self: NightOpener, n_threads: int) -> object:
            raise PermissionError("nights")

        with monkeypatch.context() as patched:
            patched.setattr(NightOpener, "open", closed)
            with pytest.raises(Unavailable, match="PermissionError: nights") as raised:
                nights.run(application)
        assert raised.value.code == "nightly.cannot_open"
        begun = application.runs.newest()[0].run
        assert begun.state is RunState.RUNNING
        run = nights.run(application, resume=True)
        assert run.id == begun.id
        assert run.report["n_computed"] == N_SOURCES
        assert nights.content(application, run.id) == undisturbed

    def test_a_normalisation_that_blocks_cannot_do(self, later: nights.Libraries) -> None:
        """It is said before anything is begun, not found out shard by shard."""
        application = later(normalisation="min_max")
        before = [line.run.id for line in application.runs.newest()]
        with pytest.raises(InvalidInput, match="min_max") as raised:
            nights.run(application)
        assert raised.value.code == "nightly.normalisation"
        assert [line.run.id for line in application.runs.newest()] == before
