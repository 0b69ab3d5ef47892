"""A night that was cut off goes on as if nothing had happened, or says why it cannot."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.errors import Conflict
from recommender.domain.runs import MatchRun, RunState, ShardStage
from recommender.nightly.carrying import Why
from recommender.services.nightly.options import NightStage
from recommender.store.engine import sqlite_module
from tests.journeys import nights
from tests.journeys.test_nightly_same import N_SOURCES, change_expert


class Stop(BaseException):
    """As sudden as a key stroke: nothing may catch it."""


def stopping(at: NightStage, n_calls: int) -> Callable[[NightStage, int, int], None]:
    """A progress that ends the night when a stage tells it something for the so-manieth time."""
    n_left = n_calls

    def progress(stage: NightStage, done: int, total: int) -> None:
        nonlocal n_left
        n_left -= stage is at
        if stage is at and n_left == 0:
            raise Stop

    return progress


def stopped(application: Application, at: NightStage, n_calls: int = 1, *, resume: bool = False) -> None:
    """Run a night until then."""
    with pytest.raises(Stop):
        nights.run(application, on_progress=stopping(at, n_calls), resume=resume)


def newest(application: Application) -> MatchRun:
    return application.runs.newest()[0].run


def attempts(application: Application) -> dict[int, int]:
    """How often each unfinished shard was begun."""
    with application.database.read() as unit:
        pending = unit.shards.pending(newest(application).id, ShardStage.CANDIDATES)
        return {shard.number: shard.attempts for shard in pending}


def damage_payload(application: Application, run_id: str) -> None:
    """Flip bits in what one shard has found."""
    path = application.settings.var_dir / "matchmaker.db"
    with closing(sqlite_module().connect(path)) as connection:
        found = connection.execute(
            "SELECT s.rowid, s.payload FROM run_shard s JOIN match_run r ON r.number = s.run_number"
            " WHERE r.id = ? AND s.payload IS NOT NULL LIMIT 1",
            (run_id,),
        ).fetchone()
        assert found is not None
        row, payload = found
        flipped = payload[:-1] + bytes([payload[-1] ^ 1])
        connection.execute("UPDATE run_shard SET payload = ? WHERE rowid = ?", (flipped, row))
        connection.commit()


def folder_of(application: Application, run_id: str) -> Path:
    return application.settings.var_dir / "nights" / run_id


class TestStopped:
    @pytest.mark.parametrize(
        ("at", "n_calls"),
        [
            (NightStage.INDEX, 1),
            (NightStage.ENCODE, 1),
            (NightStage.CANDIDATES, 1),
            (NightStage.CANDIDATES, 2),
            (NightStage.CANDIDATES, 7),
            (NightStage.CANDIDATES, 13),
            (NightStage.STORE, 1),
            (NightStage.STORE, 5),
            (NightStage.STORE, 12),
        ],
    )
    @pytest.mark.parametrize("executor", ["serial", "processes"])
    def test_and_resumed(
        self, libraries: nights.Libraries, undisturbed: str, at: NightStage, n_calls: int, executor: str
    ) -> None:
        application = libraries()
        with pytest.raises(Stop):
            nights.run(application, executor=executor, on_progress=stopping(at, n_calls))
        assert nights.published(application) is None
        assert nights.suggestions(application) == []
        run = nights.run(application, resume=True)
        assert run.state is RunState.DONE
        assert run.report["n_computed"] == N_SOURCES
        assert nights.published(application) == run.id
        assert nights.content(application, run.id) == undisturbed

    def test_again_and_again(self, libraries: nights.Libraries, undisturbed: str) -> None:
        application = libraries()
        stopped(application, NightStage.CANDIDATES, 3)
        begun = newest(application)
        for at, n_calls in ((NightStage.CANDIDATES, 4), (NightStage.CANDIDATES, 4), (NightStage.STORE, 6)):
            stopped(application, at, n_calls, resume=True)
            assert newest(application) == begun
        run = nights.run(application, resume=True, executor="processes")
        assert run.id == begun.id
        assert nights.content(application, run.id) == undisturbed

    def test_in_the_same_place_as_often_as_one_likes(self, libraries: nights.Libraries, undisturbed: str) -> None:
        """Whoever stops a night takes nobody's attempts away."""
        application = libraries(max_attempts=2)
        stopped(application, NightStage.CANDIDATES, 3)
        for _ in range(4):
            stopped(application, NightStage.CANDIDATES, 2, resume=True)
            assert set(attempts(application).values()) <= {0}
        run = nights.run(application, resume=True)
        assert run.state is RunState.DONE
        assert nights.content(application, run.id) == undisturbed

    @pytest.mark.parametrize("at", [NightStage.CANDIDATES, NightStage.STORE])
    def test_readers_see_the_night_before(self, later: nights.Libraries, at: NightStage) -> None:
        application = later()
        before = nights.published(application)
        whole = nights.suggestions(application)
        change_expert(application)
        stopped(application, at, 5)
        assert nights.published(application) == before
        assert nights.suggestions(application) == whole
        run = nights.run(application, resume=True)
        assert nights.published(application) == run.id != before

    def test_it_goes_on_with_what_it_began_with(self, libraries: nights.Libraries, undisturbed: str) -> None:
        """Whatever has changed in the meantime comes into the next night, and so do other options."""
        application = libraries()
        stopped(application, NightStage.CANDIDATES, 3)
        change_expert(application)
        application.indexing.build(actor="test")
        options = {"scope": nights.part_of_the_city("来源=need"), "executor": "processes"}
        run = nights.run(application, resume=True, **options)
        assert run.scope == ""
        assert nights.content(application, run.id) == undisturbed
        following = nights.run(application)
        assert following.report["computed_because"] == {Why.CATALOGUE.value: N_SOURCES}

    def test_what_is_done_is_not_done_again(self, libraries: nights.Libraries) -> None:
        application = libraries()
        stopped(application, NightStage.CANDIDATES, 6)
        told: list[tuple[int, int]] = []

        def progress(stage: NightStage, done: int, total: int) -> None:
            if stage is NightStage.CANDIDATES:
                told.append((done, total))

        n_left = len(attempts(application))
        assert n_left == 12 - 4
        nights.run(application, resume=True, on_progress=progress)
        assert told == [(done, n_left) for done in range(n_left + 1)]

    def test_a_part_of_the_city_stays_one(self, later: nights.Libraries) -> None:
        application = later()
        change_expert(application)
        scope = nights.part_of_the_city("来源=achievement")
        with pytest.raises(Stop):
            nights.run(application, scope=scope, on_progress=stopping(NightStage.CANDIDATES, 2))
        run = nights.run(application, resume=True)
        assert run.scope == "来源=achievement"
        assert nights.published(application) != run.id


class TestNothingToResume:
    def test_a_new_night_begins(self, libraries: nights.Libraries, undisturbed: str) -> None:
        application = libraries()
        first = nights.run(application, resume=True)
        assert nights.content(application, first.id) == undisturbed
        second = nights.run(application, resume=True)
        assert second.id != first.id
        assert second.report["n_computed"] == 0

    def test_a_night_that_was_given_up_is_not_taken_up_again(self, libraries: nights.Libraries) -> None:
        application = libraries()
        stopped(application, NightStage.STORE, 5)
        given_up = newest(application)
        run = nights.run(application)
        assert run.id != given_up.id
        assert application.runs.show(given_up.id).run.state is RunState.FAILED
        assert not folder_of(application, given_up.id).exists()
        assert nights.run(application, resume=True).id not in (run.id, given_up.id)


def flip_bits(folder: Path) -> None:
    path = folder / "supply" / "sources.vectors.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def remove_a_file(folder: Path) -> None:
    (folder / "demand" / "enterprise.barred.npy").unlink()


class TestDamage:
    @pytest.mark.parametrize("damage", [flip_bits, remove_a_file, shutil.rmtree])
    def test_of_the_folder(
        self, libraries: nights.Libraries, undisturbed: str, damage: Callable[[Path], None]
    ) -> None:
        application = libraries()
        stopped(application, NightStage.CANDIDATES, 5)
        run = newest(application)
        damage(folder_of(application, run.id))
        for _ in range(2):
            with pytest.raises(Conflict, match=run.id) as raised:
                nights.run(application, resume=True)
            assert raised.value.code == "nightly.inputs_lost"
        assert nights.published(application) is None
        anew = nights.run(application)
        assert nights.content(application, anew.id) == undisturbed

    @pytest.mark.parametrize("at", [NightStage.CANDIDATES, NightStage.STORE])
    def test_of_the_index(self, libraries: nights.Libraries, undisturbed: str, at: NightStage) -> None:
        application = libraries()
        stopped(application, at, 5)
        run = newest(application)
        shutil.rmtree(application.snapshots.folder(run.snapshot_id))
        with pytest.raises(Conflict, match=run.id) as raised:
            nights.run(application, resume=True)
        assert raised.value.code == "nightly.inputs_lost"
        anew = nights.run(application)
        assert nights.content(application, anew.id) == undisturbed

    def test_of_what_a_shard_found(self, libraries: nights.Libraries, undisturbed: str) -> None:
        """It is searched once more."""
        application = libraries()
        stopped(application, NightStage.STORE, 4)
        run = newest(application)
        damage_payload(application, run.id)
        assert nights.run(application, resume=True).id == run.id
        assert nights.content(application, run.id) == undisturbed

    def test_of_what_a_shard_found_the_night_before(self, later: nights.Libraries, undisturbed: str) -> None:
        """It is not carried over."""
        application = later()
        damage_payload(application, nights.published(application) or "")
        run = nights.run(application)
        assert run.report["computed_because"] == {Why.FIRST.value: N_SOURCES}
        assert nights.content(application, run.id) == undisturbed

    def test_of_the_folder_of_the_night_before(self, later: nights.Libraries, undisturbed: str) -> None:
        application = later()
        manifest = folder_of(application, nights.published(application) or "") / "night" / "arrays.json"
        text = manifest.read_text(encoding="utf-8")
        changed = text.replace('"strength"', '"strengte"')
        assert changed != text
        manifest.write_text(changed, encoding="utf-8")
        run = nights.run(application)
        assert run.report["computed_because"] == {Why.FIRST.value: N_SOURCES}
        assert nights.content(application, run.id) == undisturbed
