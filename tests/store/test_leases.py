"""Leases: one owner however many ask, and nothing committed by one who was overtaken."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recommender.domain.errors import Conflict, InvalidData
from recommender.domain.runs import Lease
from recommender.store import Database

from .nights import NOW, row, run

ROOT = Path(__file__).parents[2]
MINUTE = timedelta(minutes=1)


def acquire(database: Database, holder: str, now: datetime = NOW) -> Lease:
    with database.write() as unit:
        return unit.leases.acquire("夜间", holder, now, MINUTE)


def test_one_holder_at_a_time(database: Database) -> None:
    with database.read() as unit:
        assert unit.leases.find("夜间") is None
    first = acquire(database, "甲")
    assert first == Lease("夜间", "甲", 1, NOW + MINUTE)
    for holder in ("乙", "甲"):
        with pytest.raises(Conflict, match=f"“夜间”正由 甲 执行.*{NOW.astimezone():%Y-%m-%d}") as caught:
            acquire(database, holder, NOW + MINUTE - timedelta(microseconds=1))
        assert caught.value.code == "lease.held"
    with database.write() as unit:
        assert unit.leases.acquire("别的", "乙", NOW, MINUTE).token == 1
        unit.leases.require(first, NOW)
        assert unit.leases.find("夜间") == first


def test_tokens_only_grow(database: Database) -> None:
    first = acquire(database, "甲")
    with database.write() as unit:
        assert unit.leases.release(first)
    second = acquire(database, "甲")
    assert second.token == 2
    third = acquire(database, "乙", NOW + MINUTE)
    assert third == Lease("夜间", "乙", 3, NOW + 2 * MINUTE)


def test_a_lease_that_was_taken_over_is_lost(database: Database) -> None:
    first = acquire(database, "甲")
    second = acquire(database, "乙", NOW + MINUTE)
    with database.write() as unit:
        for use in (
            lambda: unit.leases.require(first, NOW),
            lambda: unit.leases.renew(first, NOW + MINUTE, MINUTE),
        ):
            with pytest.raises(Conflict, match=r"夜间.*甲") as caught:
                use()
            assert caught.value.code == "lease.lost"
        assert not unit.leases.release(first)
        unit.leases.require(second, NOW + MINUTE)


def test_one_whose_time_is_over_may_be_renewed_while_nobody_took_it(database: Database) -> None:
    first = acquire(database, "甲")
    late = NOW + 5 * MINUTE
    with database.write() as unit:
        with pytest.raises(Conflict) as caught:
            unit.leases.require(first, NOW + MINUTE)
        assert caught.value.code == "lease.lost"
        renewed = unit.leases.renew(first, late, MINUTE)
        assert renewed == Lease("夜间", "甲", 1, late + MINUTE)
        unit.leases.require(first, late)
    with pytest.raises(Conflict):
        acquire(database, "乙", late)


def test_the_present_is_used_where_no_moment_is_given(database: Database) -> None:
    past = acquire(database, "甲")
    with pytest.raises(Conflict), database.write() as unit:
        unit.leases.require(past)
    current = acquire(database, "甲", datetime.now(UTC))
    with database.write() as unit:
        unit.leases.require(current)


def test_names_that_cannot_be_stored_and_units_that_read(database: Database) -> None:
    with pytest.raises(InvalidData), database.write() as unit:
        unit.leases.acquire("a\0", "甲", NOW, MINUTE)
    lease = acquire(database, "甲")
    with database.read() as unit:
        with pytest.raises(RuntimeError, match="only reads"):
            unit.leases.acquire("夜间", "甲", NOW, MINUTE)
        with pytest.raises(RuntimeError, match="only reads"):
            unit.leases.release(lease)


def test_who_was_overtaken_commits_nothing(database: Database) -> None:
    """The runner stood still from before its transaction until after another one had begun."""
    with database.write() as unit:
        unit.runs.start(run())
    slow = acquire(database, "甲")
    acquire(database, "乙", NOW + MINUTE)
    with pytest.raises(Conflict), database.write() as unit:
        unit.runs.store_rows("R1", [row("N1", "E1")])
        unit.leases.require(slow, NOW)
    with database.read() as unit:
        assert unit.runs.count("R1") == 0


def test_the_next_holder_waits_for_a_write_that_is_under_way(database: Database) -> None:
    with database.write() as unit:
        unit.runs.start(run())
    slow = acquire(database, "甲")
    seen: list[int] = []
    started = threading.Event()

    def take_over() -> None:
        started.set()
        acquire(database, "乙", NOW + MINUTE)
        with database.read() as unit:
            seen.append(unit.runs.count("R1"))

    thread = threading.Thread(target=take_over)
    with database.write() as unit:
        unit.leases.require(slow, NOW)
        thread.start()
        started.wait()
        thread.join(0.3)
        assert thread.is_alive()
        unit.runs.store_rows("R1", [row("N1", "E1")])
    thread.join()
    assert seen == [1]


_RUNNER = """
import sys
from datetime import datetime, timedelta
from recommender.domain.errors import Conflict
from recommender.store import Database

database = Database.open(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    try:
        with database.write() as unit:
            now = datetime.fromisoformat(line.strip())
            lease = unit.leases.acquire("夜间", sys.argv[2], now, timedelta(minutes=1))
        print(lease.token, flush=True)
    except Conflict as error:
        print(error.code, flush=True)
"""


def test_of_eight_processes_at_once_one_gets_it(url: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", _RUNNER, url]
    runners = [
        subprocess.Popen(
            [*command, f"runner-{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=environment,
        )
        for number in range(8)
    ]
    try:
        answers = [[_read(runner) for runner in runners]]
        for turn in range(3):
            for runner in runners:
                assert runner.stdin is not None
                runner.stdin.write(f"{(NOW + turn * MINUTE).isoformat()}\n")
            answers.append([_read(runner) for runner in runners])
    finally:
        for runner in runners:
            runner.communicate(timeout=30)
    assert [sorted(answer) for answer in answers] == [
        ["ready"] * 8,
        ["1", *["lease.held"] * 7],
        ["2", *["lease.held"] * 7],
        ["3", *["lease.held"] * 7],
    ]


def _read(runner: "subprocess.Popen[str]") -> str:
    assert runner.stdout is not None
    return runner.stdout.readline().strip()
