"""What every executor does; its tests inherit from here."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from recommender.domain.errors import Unavailable
from recommender.nightly.executors.protocol import Executor, Outcome
from tests.unit.nightly.executor_scripts import Closed, Script, payload_of

N_SHARDS = 12


class ExecutorContract:
    """Inherited with a fixture ``executor`` that has at most ``n_workers`` workers, of ``n_threads`` each."""

    n_workers: int
    n_threads: int

    def test_payloads(self, executor: Executor, tmp_path: Path) -> None:
        script = Script(folder=tmp_path, size=3_000_000)
        outcomes = sorted(executor.run(script, range(N_SHARDS)), key=lambda outcome: outcome.shard)
        assert [outcome.shard for outcome in outcomes] == list(range(N_SHARDS))
        assert all(outcome.payload == payload_of(outcome.shard, script.size) for outcome in outcomes)
        assert all(outcome.error == "" and 0 < outcome.seconds < 60 for outcome in outcomes)

    def test_every_worker_opens_once(self, executor: Executor, tmp_path: Path) -> None:
        script = Script(folder=tmp_path)
        list(executor.run(script, range(N_SHARDS)))
        workers = {pid for _, pid in script.begun()}
        opened = script.opened()
        assert workers <= {pid for pid, _ in opened}
        assert len({pid for pid, _ in opened}) == len(opened) <= self.n_workers
        assert {n_threads for _, n_threads in opened} == {self.n_threads}

    def test_a_second_run_opens_anew(self, executor: Executor, tmp_path: Path) -> None:
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            script = Script(folder=folder, size=len(name))
            assert {outcome.payload for outcome in executor.run(script, [7])} == {payload_of(7, len(name))}
            assert script.opened() != []

    def test_a_shard_that_raises(self, executor: Executor, tmp_path: Path) -> None:
        script = Script(folder=tmp_path, acts={2: "raise", 3: "text"})
        outcomes = {outcome.shard: outcome for outcome in executor.run(script, range(N_SHARDS))}
        assert sorted(outcomes) == list(range(N_SHARDS))
        errors = {shard: outcome.error for shard, outcome in outcomes.items() if outcome.error}
        assert errors == {
            2: "LookupError: no enterprise in 2",
            3: "TypeError: a payload is bytes, not str",
        }
        assert {shard for shard, outcome in outcomes.items() if outcome.payload is None} == {2, 3}
        assert len(script.opened()) <= self.n_workers, "nobody had to be replaced"

    def test_an_opener_that_raises(self, executor: Executor, tmp_path: Path) -> None:
        with pytest.raises(Unavailable) as raised:
            list(executor.run(Closed(folder=tmp_path), range(N_SHARDS)))
        assert raised.value.code == "nightly.cannot_open"
        assert "FileNotFoundError: vectors.npy" in str(raised.value)

    def test_nothing_to_do(self, executor: Executor, tmp_path: Path) -> None:
        for name, shards in (("known", range(0)), ("unknown", iter(range(0)))):
            script = Script(folder=tmp_path / name)
            script.folder.mkdir()
            assert list(executor.run(script, shards)) == []
            assert script.begun() == []

    def test_shards_are_taken_when_there_is_somebody_to_do_them(self, executor: Executor, tmp_path: Path) -> None:
        taken: list[int] = []

        def shards() -> Iterator[int]:
            for shard in range(100):
                taken.append(shard)
                yield shard

        run = executor.run(Script(folder=tmp_path), shards())
        assert taken == []
        seen: list[Outcome] = []
        for outcome in islice(run, 20):
            seen.append(outcome)
            assert len(taken) - len(seen) < 2 * self.n_workers + 2
        run.close()
        assert len(taken) < 100

    def test_an_error_of_the_caller_ends_the_run(self, executor: Executor, tmp_path: Path) -> None:
        """What is raised while a shard is taken comes out as it is, whatever type it has."""

        def shards() -> Iterator[int]:
            yield 0
            raise OSError("the disk is full")

        with pytest.raises(OSError, match="the disk is full"):
            list(executor.run(Script(folder=tmp_path), shards()))
