"""The executor on a Dask cluster: a real scheduler and worker processes, of which some are killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from distributed import Client

from recommender.domain.errors import Unavailable
from recommender.nightly.executors.dask import DaskExecutor
from recommender.nightly.executors.protocol import WORKER_LOST, Executor
from tests.unit.nightly.executor_contract import N_SHARDS, ExecutorContract
from tests.unit.nightly.executor_scripts import Script, payload_of

ROOT = Path(__file__).parents[3]
QUIET = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical",
}


@contextmanager
def dask(*arguments: str, cwd: Path = ROOT) -> Iterator["subprocess.Popen[bytes]"]:
    """A Dask command with everything it starts, until the end of the block."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{arguments[0]}", *arguments[1:]]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--no-dashboard"],
        cwd=cwd,
        env={**os.environ, **QUIET, "PYTHONPATH": ""},
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def scheduler() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A scheduler's address and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with dask("scheduler", "--port", str(port)) as process:
        yield f"tcp://127.0.0.1:{port}", process


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two workers of one thread, which their nannies start again when they die."""
    folder = str(tmp_path_factory.mktemp("dask"))
    with (
        scheduler() as (address, _),
        dask("worker", address, "--nworkers", "2", "--nthreads", "1", "--local-directory", folder),
    ):
        yield address


@pytest.fixture
def address(cluster: str) -> str:
    """The cluster with both workers there."""
    wait_for_workers(cluster, 2)
    return cluster


def wait_for_workers(address: str, n: int) -> None:
    with Client(address, set_as_default=False, timeout=60) as client:
        client.wait_for_workers(n, timeout=60)


class TestContract(ExecutorContract):
    n_workers = 2
    n_threads = 3

    @pytest.fixture
    def executor(self, address: str) -> Executor:
        return DaskExecutor(scheduler=address, n_threads=self.n_threads)


class TestLostWorkers:
    def test_a_killed_worker_costs_nothing(self, address: str, tmp_path: Path) -> None:
        script = Script(folder=tmp_path, acts={1: "wait"})
        run = DaskExecutor(scheduler=address, n_threads=1).run(script, range(N_SHARDS))
        outcomes = [next(run)]
        killed = script.wait_until_begun(1)
        os.kill(killed, signal.SIGKILL)
        (tmp_path / "go").touch()
        outcomes += run
        payloads = {outcome.shard: outcome.payload for outcome in outcomes}
        assert payloads == {shard: payload_of(shard, script.size) for shard in range(N_SHARDS)}
        assert len(outcomes) == N_SHARDS
        assert {pid for shard, pid in script.begun() if shard == 1} > {killed}, "done again by another"

    def test_poison(self, address: str, tmp_path: Path) -> None:
        script = Script(folder=tmp_path, acts={1: "kill"})
        run = DaskExecutor(scheduler=address, n_threads=1).run(script, range(N_SHARDS))
        outcomes = {outcome.shard: outcome for outcome in run}
        assert sorted(outcomes) == list(range(N_SHARDS))
        assert outcomes[1].error == WORKER_LOST
        assert sum(shard == 1 for shard, _ in script.begun()) == 2, "as often as the scheduler allows"


class TestEnds:
    def test_closed_early(self, address: str, tmp_path: Path) -> None:
        """What waits is dropped, and the workers are free for the next run when they have done what they hold."""
        script = Script(folder=tmp_path, acts=dict.fromkeys(range(2, N_SHARDS), "wait"))
        run = DaskExecutor(scheduler=address, n_threads=1).run(script, range(N_SHARDS))
        next(run)
        begun = time.monotonic()
        run.close()
        assert time.monotonic() - begun < 10
        (tmp_path / "go").touch()
        other = Script(folder=tmp_path / "other", size=10)
        other.folder.mkdir()
        payloads = {each.payload for each in DaskExecutor(scheduler=address, n_threads=1).run(other, [1, 2])}
        assert payloads == {payload_of(1, 10), payload_of(2, 10)}
        assert len(script.begun()) <= 4

    def test_nothing_stays_with_the_scheduler(self, address: str, tmp_path: Path) -> None:
        list(islice(DaskExecutor(scheduler=address, n_threads=1).run(Script(folder=tmp_path), range(9)), 3))
        with Client(address, set_as_default=False) as client:
            registered = client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.worker_plugins))
            held = client.run(lambda dask_worker: list(dask_worker.plugins))
        assert [name for name in registered if name.startswith("night-")] == []
        assert [name for names in held.values() for name in names if name.startswith("night-")] == []
        assert len(held) == 2


class TestUnavailable:
    @pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tcp://nowhere.invalid:8786", "8786", "ipc://x:1"])
    def test_nobody_there(self, address: str, tmp_path: Path) -> None:
        executor = DaskExecutor(scheduler=address, n_threads=1, connect_s=0.3)
        with pytest.raises(Unavailable, match=address) as raised:
            next(executor.run(Script(folder=tmp_path), [1]))
        assert raised.value.code == "nightly.scheduler_unreachable"

    @pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"])
    def test_a_stranger_there(self, answer: bytes, tmp_path: Path) -> None:
        """Somebody accepts, and says nothing or something else."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            executor = DaskExecutor(
                scheduler=f"tcp://127.0.0.1:{server.getsockname()[1]}", n_threads=1, connect_s=0.5
            )

            def serve() -> None:
                connection, _ = server.accept()
                connection.send(answer)
                time.sleep(2)
                connection.close()

            thread = threading.Thread(target=serve)
            thread.start()
            with pytest.raises(Unavailable) as raised:
                next(executor.run(Script(folder=tmp_path), [1]))
            thread.join()
        assert raised.value.code == "nightly.scheduler_unreachable"

    def test_no_workers(self, tmp_path: Path) -> None:
        with scheduler() as (address, _):
            executor = DaskExecutor(scheduler=address, n_threads=1, patience_s=0.5)
            with pytest.raises(Unavailable, match=f"dask worker {address}") as raised:
                next(executor.run(Script(folder=tmp_path), [1]))
        assert raised.value.code == "nightly.no_workers"

    def test_a_worker_that_lacks_the_code(self, tmp_path: Path) -> None:
        with scheduler() as (address, _), dask("worker", address, "--no-nanny", cwd=tmp_path):
            wait_for_workers(address, 1)
            executor = DaskExecutor(scheduler=address, n_threads=1)
            with pytest.raises(Unavailable, match="ModuleNotFoundError") as raised:
                next(executor.run(Script(folder=tmp_path), [1]))
        assert raised.value.code == "nightly.cannot_open"

    def test_the_scheduler_is_lost(self, tmp_path: Path) -> None:
        script = Script(folder=tmp_path, acts={1: "wait"})
        with scheduler() as (address, process), dask("worker", address, "--nthreads", "1", "--no-nanny"):
            wait_for_workers(address, 1)
            run = DaskExecutor(scheduler=address, n_threads=1).run(script, range(3))
            next(run)
            script.wait_until_begun(1)
            process.kill()
            begun = time.monotonic()
            with pytest.raises(Unavailable) as raised:
                next(run)
        assert raised.value.code == "nightly.scheduler_unreachable"
        assert time.monotonic() - begun < 9, "it does not try for connect_s to find it again"
