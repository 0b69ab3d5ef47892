"""Who is tried again and who is given up, over scripted executors and over real processes."""

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.nightly.executors.processes import ProcessExecutor
from recommender.nightly.executors.protocol import WORKER_LOST, Opener, Outcome, Outcomes, Work
from recommender.nightly.supervision import supervise
from tests.unit.nightly.executor_scripts import Script, gone, payload_of, seconds_until_gone
from tests.unit.nightly.night_coordinator import N_SHARDS
from tests.unit.nightly.night_record import FiledRecord, Record

ROOT = Path(__file__).parents[3]
OK, RAISES, KILLS, CRASHES = "ok", "raises", "kills", "crashes"


class Nothing:
    """An opener that a scripted executor has no use for."""

    def open(self, n_threads: int) -> Work:
        raise NotImplementedError


class Crash(BaseException):
    """The coordinator's process is gone: nothing that comes after was done."""


@dataclass
class Scripted:
    """An executor that does what was drawn.

    Attributes:
        scripts: shard → what its attempts do, one after the other; afterwards it is ok, or for ever the last if
            that stands in ``for_ever``.
        width: how many shards are at work at once.
        blames_all: whether a death takes all that are at work with it, or the one shard alone.
        order: numbers that say who finishes next.
        record: what the coordinator has put down; read at every beginning.
    """

    scripts: dict[int, list[str]]
    for_ever: set[int]
    width: int
    blames_all: bool
    order: list[int]
    record: Record
    n_runs: int = 0
    n_tried: dict[int, int] = field(default_factory=dict)

    def run(self, opener: Opener, shards: Iterable[int]) -> Outcomes:
        waiting = iter(shards)
        at_work: list[int] = []
        while True:
            while len(at_work) < self.width and (shard := next(waiting, None)) is not None:
                assert self.record.events[-1] == ("begin", shard)
                at_work.append(shard)
            if not at_work:
                return
            self.n_runs += 1
            shard = at_work.pop(self.order[self.n_runs % len(self.order)] % len(at_work))
            match self._next_act(shard):
                case "ok":
                    yield Outcome(shard=shard, payload=payload_of(shard, 9), error="", seconds=0.0)
                case "raises":
                    yield Outcome(shard=shard, payload=None, error="ValueError: ", seconds=0.0)
                case "crashes":
                    raise Crash
                case "kills":
                    lost = [shard, *at_work] if self.blames_all else [shard]
                    at_work = [] if self.blames_all else at_work
                    for each in lost:
                        yield Outcome(shard=each, payload=None, error=WORKER_LOST, seconds=0.0)

    def _next_act(self, shard: int) -> str:
        script = self.scripts[shard]
        done = self.n_tried[shard] = self.n_tried.get(shard, 0) + 1
        if done <= len(script):
            return script[done - 1]
        return script[-1] if script and shard in self.for_ever else OK


@st.composite
def nights(draw: st.DrawFn) -> dict[str, Any]:
    """Mostly sound shards, some that fail for a while, some that fail for ever."""
    acts = st.lists(st.sampled_from([RAISES, KILLS, CRASHES]), max_size=4)
    scripts = {shard: draw(st.one_of(st.just([]), st.just([]), acts)) for shard in range(draw(st.integers(1, 9)))}
    return {
        "scripts": scripts,
        "for_ever": {shard for shard, script in scripts.items() if script and draw(st.booleans())},
        "width": draw(st.integers(1, 4)),
        "blames_all": draw(st.booleans()),
        "order": draw(st.lists(st.integers(0, 9), min_size=1, max_size=9)),
    }


def supervised(executor: Scripted, record: Record, max_attempts: int) -> int:
    """Start coordinators until one gets through; the number of those that crashed."""
    callbacks = record.callbacks()
    del callbacks["on_release"]  # whoever crashes releases nothing
    for n_crashes in range(100):
        try:
            supervise(executor, Nothing(), record.pending(), max_attempts=max_attempts, **callbacks)
        except Crash:
            continue
        return n_crashes
    raise AssertionError("it never got through")


class TestScripted:
    @given(night=nights(), max_attempts=st.integers(2, 5))
    def test_every_shard_ends_where_it_belongs(self, night: dict[str, Any], max_attempts: int) -> None:
        record = Record(attempts=dict.fromkeys(night["scripts"], 0))
        executor = Scripted(**night, record=record)
        supervised(executor, record, max_attempts)
        assert set(record.done) | set(record.quarantined) == set(night["scripts"])
        assert set(record.done) & set(record.quarantined) == set()
        for shard, script in night["scripts"].items():
            n_failures = len(script)
            if shard in night["for_ever"]:
                assert shard in record.quarantined
            elif n_failures == 0:
                assert shard in record.done, "an innocent was given up"
            elif n_failures <= max_attempts - 2:
                assert shard in record.done, "one attempt at most is lost to others"
            elif n_failures >= max_attempts + 1:
                assert shard in record.quarantined
        assert all(payload == payload_of(shard, 9) for shard, payload in record.done.items())

    @given(night=nights(), max_attempts=st.integers(1, 5))
    def test_nobody_pays_for_others_where_the_pool_knows_who_died(
        self, night: dict[str, Any], max_attempts: int
    ) -> None:
        scripts = {
            shard: [RAISES if act == CRASHES else act for act in script]
            for shard, script in night["scripts"].items()
        }
        record = Record(attempts=dict.fromkeys(scripts, 0))
        executor = Scripted(**{**night, "scripts": scripts, "blames_all": False}, record=record)
        assert supervised(executor, record, max_attempts) == 0
        for shard, script in scripts.items():
            if len(script) < max_attempts and shard not in night["for_ever"]:
                assert shard in record.done
                assert record.attempts[shard] == len(script) + 1

    @given(night=nights(), max_attempts=st.integers(1, 5))
    def test_reports(self, night: dict[str, Any], max_attempts: int) -> None:
        """Each beginning has one end, unless its coordinator crashed; attempts are bounded."""
        record = Record(attempts=dict.fromkeys(night["scripts"], 0))
        n_crashes = supervised(Scripted(**night, record=record), record, max_attempts)
        n_open = 0
        for shard in night["scripts"]:
            told = "".join(what[0] for what, number in record.events if number == shard)
            assert re.fullmatch("(bf?)*b?[dq]", told)
            n_begun = told.count("b")
            assert n_begun == record.attempts[shard] <= max_attempts + 1
            n_open += n_begun - len(re.findall("b[fdq]", told))
        assert n_open <= n_crashes * night["width"]
        assert n_crashes <= max_attempts * len(night["scripts"])

    def test_order(self) -> None:
        """The untried side by side, then suspects one by one, those with fewer attempts first."""
        record = Record(attempts={1: 2, 2: 0, 3: 1, 4: 0, 5: 3})
        executor = Scripted(
            scripts={1: [], 2: [KILLS], 3: [], 4: [RAISES]},
            for_ever=set(),
            width=2,
            blames_all=True,
            order=[0],
            record=record,
        )
        supervise(executor, Nothing(), record.pending(), **record.callbacks())
        assert record.events == [
            ("quarantined", 5),
            *[("begin", 2), ("begin", 4), ("failed", 2), ("failed", 4)],
            *[("begin", 2), ("done", 2)],
            *[("begin", 3), ("done", 3)],
            *[("begin", 4), ("failed", 4)],
            *[("begin", 1), ("done", 1)],
            *[("begin", 4), ("done", 4)],
        ]
        assert record.quarantined == {5: "not finished in 3 attempts"}


class TestStopped:
    """What happens to the shards at work when something raises in the midst."""

    def record(self) -> Record:
        return Record(attempts=dict.fromkeys(range(6), 0))

    def executor(self, record: Record) -> Scripted:
        scripts: dict[int, list[str]] = {shard: [] for shard in range(6)}
        return Scripted(scripts, for_ever=set(), width=3, blames_all=False, order=[0], record=record)

    def test_a_payload_that_cannot_be_written(self) -> None:
        record = self.record()

        def full(shard: int, payload: bytes, seconds: float) -> None:
            if shard == 1:
                raise OSError("the disk is full")
            record.finish(shard, payload, seconds)

        with pytest.raises(OSError, match="the disk is full"):
            supervise(
                self.executor(record), Nothing(), record.pending(), **{**record.callbacks(), "on_done": full}
            )
        assert [shard for what, shard in record.events if what == "released"] == [1, 2, 3]
        assert record.pending() == dict.fromkeys(range(1, 6), 0), "as if nothing had begun"

    def test_a_beginning_that_cannot_be_recorded(self) -> None:
        record = self.record()

        def locked(shards: list[int]) -> None:
            if shards == [4]:
                raise TimeoutError("the database is locked")
            record.begin(shards)

        with pytest.raises(TimeoutError, match="the database is locked"):
            supervise(
                self.executor(record), Nothing(), record.pending(), **{**record.callbacks(), "on_begin": locked}
            )
        assert sorted(record.done) == [0, 1]
        assert [shard for what, shard in record.events if what == "released"] == [2, 3]

    def test_a_release_that_fails_hides_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        record = self.record()

        def gone(*_: object) -> None:
            raise ConnectionError("the database is gone")

        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        callbacks = {**record.callbacks(), "on_done": interrupted, "on_release": gone}
        with pytest.raises(KeyboardInterrupt):
            supervise(self.executor(record), Nothing(), record.pending(), **callbacks)
        assert "could not release" in caplog.text
        assert "the database is gone" in caplog.text

    def test_an_executor_that_forgets(self) -> None:
        record = self.record()
        forgetful = SerialForgetful()
        with pytest.raises(RuntimeError, match="nothing of 1 shards"):
            supervise(forgetful, Nothing(), record.pending(), **record.callbacks())
        assert [shard for what, shard in record.events if what == "released"] == [5]

    def test_no_attempts_at_all(self) -> None:
        record = self.record()
        with pytest.raises(ValueError, match="max_attempts is 0"):
            supervise(self.executor(record), Nothing(), {}, max_attempts=0, **record.callbacks())


class SerialForgetful:
    """An executor that keeps quiet about the last shard."""

    def run(self, opener: Opener, shards: Iterable[int]) -> Outcomes:
        for shard in shards:
            if shard < 5:
                yield Outcome(shard=shard, payload=b"", error="", seconds=0.0)


class TestProcesses:
    def test_poison_and_passing_failures(self, tmp_path: Path) -> None:
        script = Script(folder=tmp_path, acts={1: "kill", 4: "raise", 6: "kill-once", 9: "text"})
        record = Record(attempts=dict.fromkeys(range(12), 0))
        executor = ProcessExecutor(n_workers=2, n_threads=1)
        supervise(executor, script, record.pending(), **record.callbacks())
        assert record.quarantined == {
            1: WORKER_LOST,
            4: "LookupError: no enterprise in 4",
            9: "TypeError: a payload is bytes, not str",
        }
        assert record.done == {n: payload_of(n, script.size) for n in range(12) if n not in {1, 4, 9}}
        begun = Counter(shard for shard, _ in script.begun())
        assert begun[1] == 3
        assert record.attempts == {**dict.fromkeys(range(12), 1), 1: 3, 4: 3, 6: 2, 9: 3}
        assert all(gone(pid) for pid, _ in script.opened())

    def test_stopped_by_the_caller(self, tmp_path: Path) -> None:
        """Shards at work are released, and their processes are gone."""
        script = Script(folder=tmp_path, acts={0: "meet", 1: "meet", 2: "spin", 3: "wait"})
        record = Record(attempts=dict.fromkeys(range(6), 0))

        def interrupted(shard: int, payload: bytes, seconds: float) -> None:
            record.finish(shard, payload, seconds)
            if len(record.done) == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            supervise(
                ProcessExecutor(n_workers=2, n_threads=1),
                script,
                record.pending(),
                **{**record.callbacks(), "on_done": interrupted},
            )
        assert set(record.done) == {0, 1}
        assert all(attempts == 0 for attempts in record.pending().values())
        assert all(gone(pid) for pid, _ in script.opened())

    @pytest.mark.parametrize(("name", "poison"), [("serial", 3), ("processes", 0), ("processes", 5)])
    def test_a_shard_that_kills_the_coordinator(self, tmp_path: Path, name: str, poison: int) -> None:
        """Those at work beside it at the time have an attempt on record, and are done all the same."""
        for folder in ("work", "record"):
            (tmp_path / folder).mkdir()
        command = [sys.executable, "-m", "tests.unit.nightly.night_coordinator", str(tmp_path), name, str(poison)]
        codes = [subprocess.run(command, cwd=ROOT, check=False, timeout=30).returncode for _ in range(4)]
        assert codes == [-signal.SIGKILL, -signal.SIGKILL, -signal.SIGKILL, 0]
        record = FiledRecord(tmp_path / "record", N_SHARDS)
        assert record.quarantined == {poison: "not finished in 3 attempts"}
        assert record.done == {n: payload_of(n, 1000) for n in range(N_SHARDS) if n != poison}
        assert all(record.attempts[shard] <= 2 for shard in record.done)
        script = Script(folder=tmp_path / "work")
        seconds_until_gone([pid for _, pid in script.begun()], within_s=3)
