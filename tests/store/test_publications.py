"""Which run readers see, the way back, and what pruning spares."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from recommender.domain.errors import Conflict, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.runs import PublishedRun, RunKind, RunState
from recommender.store import Database

from .nights import NOW, raw, row, run, store, ten_each


def done(database: Database, *ids: str) -> None:
    for night, id in enumerate(ids):
        store(database, id, [row("N1", f"E{id}")], night=night)


def publish(database: Database, *ids: str) -> None:
    for id in ids:
        with database.write() as unit:
            unit.runs.publish(id, NOW, "甲")


def roll_back(database: Database) -> str:
    with database.write() as unit:
        return unit.runs.roll_back(NOW, "乙").run_id


def published(database: Database) -> PublishedRun | None:
    with database.read() as unit:
        return unit.runs.published()


class TestRuns:
    def test_keep_what_is_said_of_them(self, database: Database) -> None:
        planned = run(as_of=date(2026, 11, 28), scope="区域=姑苏", inputs_hash="0f", kind=RunKind.NIGHTLY)
        with database.write() as unit:
            unit.runs.start(planned)
            unit.runs.start(run("R0", night=-1, report={"a": [1, {"乙": None}], "b": 0.5}))
        with database.read() as unit:
            assert unit.runs.get("R1") == planned
            assert [item.id for item in unit.runs.newest(5)] == ["R1", "R0"]
            assert [item.id for item in unit.runs.newest(1)] == ["R1"]
            assert unit.runs.newest(5)[1].report == {"a": [1, {"乙": None}], "b": 0.5}

    def test_end_with_a_report(self, database: Database) -> None:
        with database.write() as unit:
            unit.runs.start(run(report={"计划": 1}))
            unit.runs.finish("R1", RunState.FAILED, NOW)
        with database.read() as unit:
            assert unit.runs.newest(1)[0].report == {"计划": 1}
        with database.write() as unit:
            unit.runs.finish("R1", RunState.PARTIAL, NOW, report={"n": 2**40, "秒": 0.1})
        with database.read() as unit:
            (ended,) = unit.runs.newest(1)
        assert (ended.state, ended.finished_at, ended.report) == (RunState.PARTIAL, NOW, {"n": 2**40, "秒": 0.1})


class TestPublishing:
    def test_moves_what_readers_see(self, database: Database) -> None:
        done(database, "A", "B")
        assert published(database) is None
        publish(database, "A")
        assert published(database) == PublishedRun("A", NOW, "甲", None)
        with database.write() as unit:
            shown = unit.runs.publish("B", NOW + timedelta(hours=1), "乙")
        assert shown == published(database) == PublishedRun("B", NOW + timedelta(hours=1), "乙", "A")

    def test_again_changes_nothing(self, database: Database) -> None:
        done(database, "A", "B")
        publish(database, "A", "B")
        with database.write() as unit:
            again = unit.runs.publish("B", NOW + timedelta(hours=1), "乙")
        assert again == PublishedRun("B", NOW, "甲", "A")

    @pytest.mark.parametrize("state", [RunState.RUNNING, RunState.FAILED])
    def test_takes_runs_with_a_result_only(self, database: Database, state: RunState) -> None:
        with database.write() as unit:
            unit.runs.start(run("A", state=state))
            unit.runs.start(run("B", state=RunState.PARTIAL))
        with pytest.raises(Conflict, match=f"A.*{state.value}") as caught:
            publish(database, "A")
        assert caught.value.code == "run.not_finished"
        publish(database, "B")
        with pytest.raises(NotFound, match="Z"):
            publish(database, "Z")

    def test_readers_that_began_before_keep_their_run(self, database: Database) -> None:
        done(database, "A", "B")
        publish(database, "A")
        with database.read() as reader:
            assert [item.target_id for item in reader.runs.suggestions()] == ["EA"]
            publish(database, "B")
            assert [item.target_id for item in reader.runs.suggestions()] == ["EA"]
        with database.read() as reader:
            assert [item.target_id for item in reader.runs.suggestions()] == ["EB"]

    def test_eight_at_once_leave_one_history(self, database: Database, url: str) -> None:
        ids = [f"R{i}" for i in range(8)]
        done(database, *ids)
        failures: list[BaseException] = []

        def work(id: str) -> None:
            try:
                publish(database, id)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(id,)) for id in ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        seen = [published(database).run_id, *(roll_back(database) for _ in ids[1:])]  # type: ignore[union-attr]
        assert sorted(seen) == ids


class TestRollingBack:
    def test_goes_back_step_by_step(self, database: Database) -> None:
        done(database, "A", "B", "C")
        publish(database, "A", "B", "C")
        assert roll_back(database) == "B"
        assert published(database) == PublishedRun("B", NOW, "乙", "A")
        assert roll_back(database) == "A"
        with pytest.raises(Conflict, match="请") as caught:
            roll_back(database)
        assert caught.value.code == "run.nothing_before"
        assert published(database) == PublishedRun("A", NOW, "乙", None)

    def test_does_not_return_to_what_was_rolled_back(self, database: Database) -> None:
        done(database, "A", "bad", "C")
        publish(database, "A", "bad")
        roll_back(database)
        publish(database, "C")
        assert roll_back(database) == "A"

    def test_of_a_run_that_was_published_twice(self, database: Database) -> None:
        done(database, "A", "B")
        publish(database, "A", "B", "A")
        assert [roll_back(database), roll_back(database)] == ["B", "A"]
        with pytest.raises(Conflict):
            roll_back(database)

    def test_of_nothing(self, database: Database) -> None:
        with pytest.raises(Conflict):
            roll_back(database)


class TestPruning:
    def test_spares_the_published_run_and_the_one_before(self, database: Database) -> None:
        done(database, *"ABCDEF")
        publish(database, "A", "B", "C")
        with database.read() as unit:
            assert unit.runs.prunable(2) == ["A", "D"]
        with database.write() as unit:
            assert unit.runs.prune(2) == 2
        with database.read() as unit:
            assert [item.id for item in unit.runs.newest(10)] == ["F", "E", "C", "B"]
            assert unit.runs.prunable(2) == []
        assert roll_back(database) == "B"
        with pytest.raises(Conflict):
            roll_back(database)

    def test_takes_suggestions_and_shards_along(self, database: Database, url: str) -> None:
        done(database, *"ABC")
        with database.write() as unit:
            unit.runs.prune(1)
        with raw(url) as connection:
            numbers = connection.exec_driver_sql("SELECT DISTINCT run_number FROM suggestion").scalars().all()
        assert numbers == [3]

    def test_in_steps(self, database: Database, backend: str) -> None:
        for night, id in enumerate("ABC"):
            store(database, id, ten_each([f"N{i:03}" for i in range(50)]), night=night)
        counts = []
        while True:
            with database.write() as unit:
                if not unit.runs.prunable(1):
                    break
                n_runs = unit.runs.prune(1, at_most=300)
                counts.append((n_runs, [unit.runs.count(item.id) for item in unit.runs.newest(9)]))
        assert (
            counts
            == {
                "sqlite": [(0, [500, 500, 200]), (1, [500, 400]), (0, [500, 100]), (1, [500])],
                "postgresql": [(1, [500, 500]), (1, [500])],
            }[backend]
        )

    def test_what_is_half_deleted_is_not_shown(self, tmp_path: Path) -> None:
        """SQLite only: PostgreSQL deletes a run at once."""
        database = Database.open(f"sqlite:///{tmp_path / 'new.db'}")
        database.upgrade()
        for night, id in enumerate("ABCDE"):
            store(database, id, ten_each(["N1", "N2"]), night=night)
        publish(database, "A", "B", "C")
        with database.write() as unit:
            assert unit.runs.prune(1, at_most=10) == 0
        with pytest.raises(Conflict) as caught:
            publish(database, "A")
        assert caught.value.code == "run.not_finished"
        assert roll_back(database) == "B"
        with pytest.raises(Conflict) as caught:
            roll_back(database)
        assert caught.value.code == "run.nothing_before"
        database.close()

    def test_waits_for_whoever_adds_to_the_run(self, database: Database, url: str) -> None:
        done(database, "A", "B")
        started = threading.Event()

        def prune() -> None:
            started.set()
            with database.write() as unit:
                unit.runs.prune(1)

        thread = threading.Thread(target=prune)
        with database.write() as unit:
            unit.runs.store_rows("A", ten_each(["N7"]))
            thread.start()
            started.wait()
            thread.join(0.3)
            assert thread.is_alive()
        thread.join()
        with raw(url) as connection:
            numbers = connection.exec_driver_sql("SELECT DISTINCT run_number FROM suggestion").scalars().all()
        assert numbers == [2]

    def test_spares_what_is_published_meanwhile(self, database: Database) -> None:
        done(database, *"ABC")

        def prune() -> None:
            with database.write() as unit:
                unit.runs.prune(1)

        thread = threading.Thread(target=prune)
        with database.write() as unit:
            unit.runs.publish("A", NOW, "甲")
            thread.start()
            thread.join(0.3)
            assert thread.is_alive()
        thread.join()
        with database.read() as unit:
            assert [item.id for item in unit.runs.newest(9)] == ["C", "A"]
            assert [item.target_id for item in unit.runs.suggestions()] == ["EA"]

    def test_numbers_are_never_used_twice(self, database: Database, url: str) -> None:
        done(database, "A", "B")
        with database.write() as unit:
            unit.runs.start(run("C", night=-1, state=RunState.DONE))
            assert unit.runs.prune(2) == 1
            unit.runs.start(run("D", night=3))
            unit.runs.store_rows("D", [row("N1", "E1")])
        with raw(url) as connection:
            numbers = dict(connection.exec_driver_sql("SELECT id, number FROM match_run").all())  # type: ignore[arg-type]
        assert numbers == {"A": 1, "B": 2, "D": 4}
        with database.read() as unit:
            assert [item.target_kind for item in unit.runs.suggestions("D", target_id="E1")] == [
                EntityKind.EXPERT
            ]


class TestHistory:
    def test_says_what_was_replaced_and_what_was_a_way_back(self, database: Database) -> None:
        done(database, "A", "B", "C")
        publish(database, "A", "B")
        roll_back(database)
        publish(database, "C", "B")
        with database.read() as unit:
            found = unit.runs.publications(10)
            assert unit.runs.publications(2) == found[:2]
        assert [(each.run_id, each.replaced_run_id, each.is_rollback, each.actor) for each in found] == [
            ("B", "C", False, "甲"),
            ("C", "A", False, "甲"),
            ("A", "B", True, "乙"),
            ("B", "A", False, "甲"),
            ("A", "", False, "甲"),
        ]

    def test_is_empty_at_first(self, database: Database) -> None:
        with database.read() as unit:
            assert unit.runs.publications(10) == []

    def test_stays_right_when_older_runs_are_pruned(self, database: Database) -> None:
        done(database, "A", "B", "C", "D")
        publish(database, "A", "B", "C", "D")
        with database.write() as unit:
            unit.runs.prune(2)
        with database.read() as unit:
            found = unit.runs.publications(10)
        assert [(each.run_id, each.replaced_run_id, each.is_rollback) for each in found] == [
            ("D", "C", False),
            ("C", "", False),
        ]
