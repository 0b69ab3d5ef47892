"""Nights that are killed −9 at any moment, overtaken, begun eight times over: what is published is the same.

``make reliability`` kills thirty times (``NIGHT_KILLS``) and prints what that came to.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import cycle
from pathlib import Path

import psutil
import pytest
from distributed import Client

from recommender.domain.runs import RunState
from recommender.store import Database
from tests.crash.night_city import N_THREADS, STATES, City, Library, Progress, Runner, put_into, wait_until
from tests.crash.night_reader import Reader
from tests.unit.nightly.executor_scripts import seconds_until_gone
from tests.unit.nightly.test_executors_dask import dask, scheduler, wait_for_workers

N_KILLS = int(os.environ.get("NIGHT_KILLS", "4"))
N_READS = 1_000
EXECUTORS = ("serial", "processes")
HELD, LOST = "执行，最迟占用到", "已过期，或已由他人接手"

pytestmark = pytest.mark.timeout(200 + 40 * N_KILLS)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return City.build(tmp_path_factory.mktemp("city"))


@pytest.fixture
def library(city: City, tmp_path: Path) -> Iterator[Library]:
    copy = city.copy(tmp_path / "var")
    yield copy
    copy.close()


class Stage(StrEnum):
    """Where a night is."""

    INDEX = "index"
    PLAN = "plan"
    FIND = "find"
    STORE = "store"
    PUBLISH = "publish"
    AFTER = "after"


NIGHTS = (
    (Stage.PLAN, Stage.FIND, Stage.STORE, Stage.PUBLISH),
    (Stage.INDEX, Stage.FIND, Stage.FIND, Stage.STORE, Stage.STORE, Stage.PUBLISH),
)
"""Where the runners of one night are killed, one after the other."""


@dataclass
class Tally:
    """What the kills came to.

    Attributes:
        stages: where the runner was when it was killed.
        n_missed: runners that were quicker.
        n_repeated: shards that were searched once more, and how often.
        n_nights: that came to their end.
        n_workers: that killed runners left behind.
        slowest_end_s: how long a killed runner's workers lived on at most.
    """

    stages: Counter[str] = field(default_factory=Counter)
    n_missed: int = 0
    n_repeated: int = 0
    n_nights: int = 0
    n_workers: int = 0
    slowest_end_s: float = 0.0

    @property
    def n_kills(self) -> int:
        return self.stages.total()

    def __str__(self) -> str:
        return (
            f"{self.n_kills} kills {dict(self.stages)}, {self.n_missed} came too late, {self.n_nights} nights, "
            f"{self.n_repeated} shards repeated, {self.n_workers} workers left behind and gone within "
            f"{self.slowest_end_s:.2f} s"
        )


def moment(library: Library, stage: Stage, share: float) -> Callable[[], bool]:
    """Whether the next night is so far: in a stage, and with a share of what that has left to do behind it."""
    generations, begun = library.generations(), library.progress()
    goes_on = begun.state == RunState.RUNNING
    n_found, n_stored = (begun.n_found, begun.n_stored) if goes_on else (0, 0)

    def reached() -> bool:
        if stage is Stage.INDEX:
            return library.index_is_being_written()
        if stage is Stage.PLAN:
            return library.generations() > generations
        now = library.progress()
        if now.run == begun.run and not goes_on:
            return False
        if stage is Stage.FIND:
            return now.n_found >= n_found + share * (now.n_shards - n_found)
        if stage is Stage.STORE:
            all_found = now.n_found == now.n_shards
            return all_found and now.n_stored >= n_stored + share * (now.n_shards - n_stored)
        return now.n_stored == now.n_shards

    return reached


def stage_of(library: Library, generations: set[str], begun: Progress) -> Stage:
    """Where the night was when its runner was killed."""
    now = library.progress()
    if now.run == begun.run and begun.state != RunState.RUNNING:
        return Stage.INDEX if library.generations() == generations else Stage.PLAN
    if now.state != RunState.RUNNING:
        return Stage.AFTER
    if now.n_found < now.n_shards:
        return Stage.FIND
    return Stage.STORE if now.n_stored < now.n_shards else Stage.PUBLISH


def killed(library: Library, stage: Stage, executor: str, draw: random.Random, tally: Tally) -> None:
    """Let a runner go on with the night until then, and kill it unless it is through by then."""
    generations, begun = library.generations(), library.progress()
    reached, delay_s = moment(library, stage, draw.uniform(0, 0.9)), draw.uniform(0, 0.03)
    runner = library.runner("--resume", "--executor", executor)
    wait_until(lambda: not runner.is_running or reached())
    time.sleep(delay_s)
    if not runner.is_running:
        code, said = runner.wait()
        assert code == 0 or HELD in said or LOST in said, said
        tally.n_missed += code == 0
        if code:
            killed(library, stage, executor, draw, tally)
        return
    workers = runner.kill()
    tally.n_workers += len(workers)
    tally.slowest_end_s = max(tally.slowest_end_s, seconds_until_gone(workers, within_s=10))
    runner.close()
    tally.stages[stage_of(library, generations, begun)] += 1
    assert library.is_sound()
    assert library.workers() == []


def ended(library: Library, *arguments: str) -> None:
    """Go on with the night to its end.

    The lease of whoever was killed has to run out first; and where the machine is too busy for a sign of life a
    second, a runner loses its own, says so, and another goes on.
    """
    while True:
        code, said = library.runner("--resume", *arguments).wait()
        if code == 0:
            return
        assert HELD in said or LOST in said, said


def test_killed_again_and_again(city: City, library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    draw, tally, begun = random.Random(20_261_128), Tally(), time.monotonic()
    states, executors, plans = cycle(reversed(STATES)), cycle(EXECUTORS), cycle(NIGHTS)
    database = Database.open(f"sqlite:///{library.folder / 'matchmaker.db'}")
    with Reader(city, database) as reader:
        while tally.n_kills < N_KILLS:
            state, run_before = next(states), library.progress().run
            put_into(library.database, state)
            for stage in next(plans):
                if tally.n_kills < N_KILLS:
                    killed(library, stage, next(executors), draw, tally)
            ended(library, "--executor", next(executors))
            run = library.newest()
            assert run.state is RunState.DONE
            assert run == library.published()
            assert library.content(run.id) == city.outcomes[state].content
            tally.n_repeated += library.n_repeated(run_before)
            tally.n_nights += 1
        wait_until(lambda: reader.n_reads.total() >= N_READS, every_s=0.05)
    assert reader.problems == []
    assert len(reader.n_reads) > tally.n_nights, "it saw every night and the one before"
    assert tally.n_repeated <= tally.n_kills * N_THREADS
    assert len(tally.stages) >= 3
    assert tally.n_workers > 0
    assert tally.n_missed <= tally.n_kills
    with capsys.disabled():
        print(f"\n{tally}, {reader.n_reads.total():,} reads, {time.monotonic() - begun:.0f} s in all")


def paused(library: Library, runner: Runner) -> None:
    """Stop a runner between two transactions: in the midst of one it would hold up everybody."""
    with library.nobody_writes():
        runner.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: psutil.Process(runner.process.pid).status() == psutil.STATUS_STOPPED)


def test_of_eight_at_once_one_runs(city: City, library: Library) -> None:
    """The first is held up until the others have been told."""
    put_into(library.database, STATES[1])
    n_before = len(library.run_ids())
    former = library.holder()
    runners = [library.runner(lease_seconds=600) for _ in range(8)]
    wait_until(lambda: library.holder() != former)
    (first,) = [runner for runner in runners if runner.name == library.holder()]
    paused(library, first)
    others = [runner.wait() for runner in runners if runner is not first]
    assert first.is_running
    first.process.send_signal(signal.SIGCONT)
    assert [code for code, _ in others] == [1] * 7
    assert all(HELD in said and first.name in said for _, said in others)
    assert first.wait()[0] == 0
    assert len(library.run_ids()) == n_before + 1
    assert library.content(library.published().id) == city.outcomes[STATES[1]].content


@pytest.mark.parametrize(
    # Storing takes a moment, and whoever stops it between two of its transactions has to wait for one to end.
    ("stage", "share", "executor"),
    [(Stage.FIND, 0.3, "processes"), (Stage.STORE, 0.0, "serial")],
)
def test_whoever_was_overtaken_writes_nothing_more(
    city: City, library: Library, stage: Stage, share: float, executor: str
) -> None:
    put_into(library.database, STATES[1])
    reached = moment(library, stage, share)
    first = library.runner("--executor", executor, lease_seconds=3)
    wait_until(reached)
    paused(library, first)
    begun = library.progress()
    assert stage_of(library, set(), begun) is stage
    ended(library, "--executor", "serial")
    run, content = library.published(), library.content(library.published().id)
    assert content == city.outcomes[STATES[1]].content
    first.process.send_signal(signal.SIGCONT)
    code, said = first.wait()
    assert code == 1
    assert LOST in said
    assert first.name in said
    assert library.published() == run == library.newest()
    assert library.content(run.id) == content
    assert library.is_sound()
    assert seconds_until_gone(library.workers(), within_s=10) < 10


def test_a_dask_worker_that_is_killed(city: City, library: Library, tmp_path: Path) -> None:
    put_into(library.database, STATES[1])
    with (
        scheduler() as (address, _),
        dask("worker", address, "--nworkers", "2", "--nthreads", "1", "--local-directory", str(tmp_path)),
    ):
        wait_for_workers(address, 2)
        with Client(address, set_as_default=False) as client:
            one, other = client.run(os.getpid).values()
        reached = moment(library, Stage.FIND, 0.3)
        runner = library.runner("--executor", "dask", "--scheduler", address, lease_seconds=60)
        wait_until(reached)
        os.kill(one, signal.SIGKILL)
        assert library.newest().state is RunState.RUNNING
        code, said = runner.wait()
        assert code == 0, said
        assert not psutil.pid_exists(one)
        assert psutil.pid_exists(other)
    assert library.content(library.published().id) == city.outcomes[STATES[1]].content
