"""The pool of processes, with real processes that are killed."""

import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from recommender.domain.errors import Unavailable
from recommender.nightly.executors.processes import ProcessExecutor
from recommender.nightly.executors.protocol import WORKER_LOST, Executor, Outcome
from tests.unit.nightly.executor_contract import N_SHARDS, ExecutorContract
from tests.unit.nightly.executor_scripts import (
    EveryThird,
    OnlyFirst,
    Script,
    Surroundings,
    Unreadable,
    gone,
    payload_of,
    seconds_until_gone,
)

ROOT = Path(__file__).parents[3]
TWO = ProcessExecutor(n_workers=2, n_threads=1)


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    """Neither running nor as a zombie."""
    before = _children()
    yield
    assert _children() - before == set()


def _children() -> set[psutil.Process]:
    """Ours; the PostgreSQL of other tests starts and ends processes as it likes."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if process.name() != "postgres":
                found.add(process)
    return found


def done(outcomes: list[Outcome], script: Script) -> list[int]:
    """The shards whose payloads are right."""
    return sorted(each.shard for each in outcomes if each.payload == payload_of(each.shard, script.size))


def errors(outcomes: list[Outcome]) -> dict[int, str]:
    return {outcome.shard: outcome.error for outcome in outcomes if outcome.error}


class TestContract(ExecutorContract):
    n_workers = 2
    n_threads = 3

    @pytest.fixture
    def executor(self) -> Executor:
        return ProcessExecutor(n_workers=self.n_workers, n_threads=self.n_threads)


class TestLostWorkers:
    def test_killed_from_outside(self, tmp_path: Path) -> None:
        script = Script(folder=tmp_path, acts={1: "wait", 10: "meet", 11: "meet"})  # those two need two workers
        run = TWO.run(script, range(N_SHARDS))
        outcomes = [next(run)]
        os.kill(script.wait_until_begun(1), signal.SIGKILL)
        outcomes += run
        assert errors(outcomes) == {1: WORKER_LOST}
        assert done(outcomes, script) == [shard for shard in range(N_SHARDS) if shard != 1]
        assert len(script.opened()) == 3, "two, and one in place of the dead"
        assert all(gone(pid) for pid, _ in script.opened())

    def test_killed_while_it_sends(self, tmp_path: Path) -> None:
        """The payload is larger than what fits between the processes, so the worker hangs in its midst."""
        script = Script(folder=tmp_path, size=20_000_000)
        run = ProcessExecutor(n_workers=1, n_threads=1).run(script, range(3))
        outcomes = [next(run)]
        pid = script.wait_until_begun(1)
        time.sleep(0.5)  # it is sending now, since nobody reads
        os.kill(pid, signal.SIGKILL)
        outcomes += run
        assert errors(outcomes) == {1: WORKER_LOST}
        assert done(outcomes, script) == [0, 2]

    @pytest.mark.parametrize("act", ["kill", "exit"])
    def test_poison(self, tmp_path: Path, act: str) -> None:
        script = Script(folder=tmp_path, acts={0: act, 4: act, 5: act, N_SHARDS - 1: act})
        outcomes = list(TWO.run(script, range(N_SHARDS)))
        assert errors(outcomes) == dict.fromkeys(sorted(script.acts), WORKER_LOST)
        assert done(outcomes, script) == sorted(set(range(N_SHARDS)) - set(script.acts))
        assert sorted(shard for shard, _ in script.begun()) == list(range(N_SHARDS)), "each begun once"

    def test_nothing_but_poison(self, tmp_path: Path) -> None:
        """Deaths with a shard in hand are not held against the opener, however many."""
        script = Script(folder=tmp_path, acts=dict.fromkeys(range(8), "kill"))
        assert errors(list(TWO.run(script, range(8)))) == dict.fromkeys(range(8), WORKER_LOST)

    def test_a_process_it_forked_lives_on(self, tmp_path: Path) -> None:
        """It holds the dead worker's end of the connection open."""
        script = Script(folder=tmp_path, acts={0: "fork"})
        begun = time.monotonic()
        try:
            outcomes = list(TWO.run(script, range(3)))
        finally:
            for path in tmp_path.glob("stays-*"):
                with suppress(ProcessLookupError):
                    os.kill(int(path.name.removeprefix("stays-")), signal.SIGKILL)
        assert errors(outcomes) == {0: WORKER_LOST}
        assert done(outcomes, script) == [1, 2]
        assert time.monotonic() - begun < 20

    def test_while_it_opens(self, tmp_path: Path) -> None:
        script = OnlyFirst(folder=tmp_path)
        (tmp_path / "first").touch()
        with pytest.raises(Unavailable, match="the worker ended with code 3") as raised:
            list(TWO.run(script, range(N_SHARDS)))
        assert raised.value.code == "nightly.cannot_open"
        assert script.begun() == []
        assert len(script.refused()) == 4, "two, and two more: three in a row are enough"

    def test_the_run_goes_on_with_those_that_could_open(self, tmp_path: Path) -> None:
        script = OnlyFirst(folder=tmp_path, acts={0: "wait"})
        outcomes = list(TWO.run(script, range(N_SHARDS)))
        assert done(outcomes, script) == list(range(N_SHARDS))
        assert len(script.opened()) == 1
        assert len(script.refused()) == 3, "in a row, then no other was started"

    def test_openings_that_fail_now_and_then(self, tmp_path: Path) -> None:
        """Six in all, but never three in a row."""
        script = EveryThird(folder=tmp_path, acts=dict.fromkeys(range(3), "kill"))
        outcomes = list(ProcessExecutor(n_workers=1, n_threads=1).run(script, range(3)))
        assert errors(outcomes) == dict.fromkeys(range(3), WORKER_LOST)
        assert len(script.opened()) == 10

    def test_an_opener_that_cannot_be_read(self, tmp_path: Path) -> None:
        with pytest.raises(Unavailable, match="ValueError: invalid literal"):
            list(TWO.run(Unreadable(folder=tmp_path), range(2)))


class TestEnds:
    def test_several_are_free_when_nothing_is_left(self, tmp_path: Path) -> None:
        script = Script(folder=tmp_path)

        def shards() -> Iterator[int]:
            while len(script.opened()) < 3:
                time.sleep(0.01)
            time.sleep(0.2)  # by now all three have said so
            yield 0

        outcomes = list(ProcessExecutor(n_workers=3, n_threads=1).run(script, shards()))
        assert done(outcomes, script) == [0]
        assert len(script.opened()) == 3

    @pytest.mark.parametrize("act", ["wait", "spin"])
    def test_closed_early(self, tmp_path: Path, act: str) -> None:
        script = Script(folder=tmp_path, acts={0: "meet", 1: "meet", 2: act, 3: act})
        run = TWO.run(script, range(N_SHARDS))
        assert {next(run).shard, next(run).shard} == {0, 1}
        assert script.wait_until_begun(2) != script.wait_until_begun(3)
        begun = time.monotonic()
        run.close()
        assert time.monotonic() - begun < 2
        assert all(gone(pid) for pid, _ in script.opened())
        assert len(script.opened()) == 2

    def test_nobody_waits_for_those_who_still_open(self, tmp_path: Path) -> None:
        script = OnlyFirst(folder=tmp_path, hangs=True)
        assert done(list(TWO.run(script, range(3))), script) == [0, 1, 2]

    def test_closed_while_it_opens(self, tmp_path: Path) -> None:
        """An exception while the first shard is taken, when the second worker has not opened yet."""

        def shards() -> Iterator[int]:
            raise KeyboardInterrupt
            yield 0

        with pytest.raises(KeyboardInterrupt):
            list(TWO.run(Script(folder=tmp_path), shards()))

    def test_dropped(self, tmp_path: Path) -> None:
        script = Script(folder=tmp_path, acts={1: "wait"})
        run = TWO.run(script, range(N_SHARDS))
        next(run)
        del run
        assert all(gone(pid) for pid, _ in script.opened())

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    def test_the_parent_is_killed(self, tmp_path: Path, how: signal.Signals) -> None:
        script = Script(folder=tmp_path)
        module = "tests.unit.nightly.executor_coordinator"
        with subprocess.Popen(
            [sys.executable, "-m", module, str(tmp_path)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        ) as parent:
            try:
                workers = [script.wait_until_begun(0), script.wait_until_begun(1)]
                assert parent.pid not in {os.getpgid(worker) for worker in workers}
                # A terminal sends Ctrl-C to the whole group.
                os.killpg(parent.pid, how) if how == signal.SIGINT else parent.send_signal(how)
                seconds_until_gone(workers, within_s=3)
                assert parent.stderr is not None
                complaints = parent.stderr.read()
            finally:
                parent.kill()
        assert parent.returncode == -how
        assert complaints.count("\nKeyboardInterrupt") == (how == signal.SIGINT), "from the parent alone"


class TestMeans:
    def test_threads_are_capped_before_anything_is_loaded(self) -> None:
        run = ProcessExecutor(n_workers=1, n_threads=3).run(Surroundings(), [5])
        (outcome,) = run
        assert outcome.payload is not None
        found = json.loads(outcome.payload)
        assert {found[name] for name in found if name.endswith("NUM_THREADS")} == {"3"}
        assert found["TOKENIZERS_PARALLELISM"] == "false"
        assert (found["n_threads"], found["shard"]) == (3, 5)
        assert found["heavy"] == []
        assert [path for path in sys.path if path not in found["path"]] == []

    def test_memory_stays_flat(self, tmp_path: Path) -> None:
        """While the caller takes its time, the workers wait with what they have."""
        script = Script(folder=tmp_path, size=2_000_000)
        tracemalloc.start()
        try:
            for outcome in TWO.run(script, iter(range(40))):
                assert outcome.payload is not None
                time.sleep(0.005)
                peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert 2_000_000 < peak < 8 * 2_000_000

    def test_no_more_processes_than_shards(self, tmp_path: Path) -> None:
        script = Script(folder=tmp_path)
        list(ProcessExecutor(n_workers=8, n_threads=1).run(script, [3]))
        assert len(script.opened()) == 1
