"""Shards: planned once, begun, done with what they found, failed, set aside, damaged."""

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import update

from recommender.domain.errors import InvalidData, NotFound
from recommender.domain.runs import PendingShard, QuarantinedShard, ShardStage
from recommender.store import Database
from recommender.store.shards import MAX_ERROR_LENGTH
from recommender.store.tables import Base

from .nights import raw, run

FIND, STORE = ShardStage.CANDIDATES, ShardStage.STORE


@pytest.fixture
def planned(database: Database) -> Database:
    """A run with three shards in two stages, and another run."""
    with database.write() as unit:
        unit.runs.start(run("R1"))
        unit.runs.start(run("R2"))
        unit.shards.plan("R1", FIND, [2, 0, 1])
        unit.shards.plan("R1", STORE, range(3))
        unit.shards.plan("R2", FIND, range(2))
    return database


def pending(database: Database, stage: ShardStage = FIND, id: str = "R1") -> list[tuple[int, int]]:
    with database.read() as unit:
        return [(shard.number, shard.attempts) for shard in unit.shards.pending(id, stage)]


def payloads(database: Database, id: str = "R1") -> dict[int, bytes]:
    with database.read() as unit:
        return dict(unit.shards.payloads(id, FIND))


def test_planning_again_keeps_what_is_done(planned: Database) -> None:
    with planned.write() as unit:
        unit.shards.begin("R1", FIND, [0, 1])
        unit.shards.complete("R1", FIND, 0, b"found")
        unit.shards.plan("R1", FIND, [0, 1, 3, 3])
        unit.shards.plan("R1", FIND, [])
        assert unit.shards.pending("R1", FIND) == [PendingShard(1, 1), PendingShard(2, 0), PendingShard(3, 0)]
    assert payloads(planned) == {0: b"found"}
    assert pending(planned, STORE) == [(0, 0), (1, 0), (2, 0)]
    assert pending(planned, FIND, "R2") == [(0, 0), (1, 0)]
    assert pending(planned, FIND, "R9") == []


def test_an_attempt_is_counted_even_if_nothing_comes_of_it(planned: Database) -> None:
    for _ in range(2):
        with planned.write() as unit:
            unit.shards.begin("R1", FIND, [1, 2])
    with pytest.raises(ZeroDivisionError), planned.write() as unit:
        unit.shards.complete("R1", FIND, 1, b"lost")
        raise ZeroDivisionError
    assert pending(planned) == [(0, 0), (1, 2), (2, 2)]


def test_payloads_are_whatever_bytes(planned: Database) -> None:
    found = {0: b"", 1: bytes(range(256)) * 10_000, 2: b"\0"}
    for number in (2, 0, 1):
        with planned.write() as unit:
            unit.shards.complete("R1", FIND, number, found[number])
            unit.shards.complete("R1", STORE, number)
    with planned.read() as unit:
        assert list(unit.shards.payloads("R1", FIND)) == [(0, found[0]), (1, found[1]), (2, found[2])]
        assert list(unit.shards.payloads("R1", STORE)) == []
    assert pending(planned) == pending(planned, STORE) == []


def test_done_again_the_last_one_counts(planned: Database) -> None:
    with planned.write() as unit:
        unit.shards.complete("R1", FIND, 0, b"one")
        unit.shards.complete("R1", FIND, 0, b"two")
    assert payloads(planned) == {0: b"two"}


@pytest.mark.parametrize(
    "damage", [lambda payload: payload[:-1] + b"!", lambda payload: None], ids=["byte", "all"]
)
def test_damage_is_found_and_mended(planned: Database, url: str, damage: Callable[[bytes], bytes | None]) -> None:
    found = {number: hashlib.sha512(b"%d" % number).digest() for number in range(3)}
    with planned.write() as unit:
        for number, payload in found.items():
            unit.shards.complete("R1", FIND, number, payload)
    with raw(url) as connection:
        shards = Base.metadata.tables["run_shard"]
        of_first = update(shards).where(shards.c.run_number == 1, shards.c.stage == FIND, shards.c.number == 1)
        assert connection.execute(of_first.values(payload=damage(found[1]))).rowcount == 1
    with planned.read() as unit:
        read = unit.shards.payloads("R1", FIND)
        assert next(read) == (0, found[0])
        with pytest.raises(InvalidData, match=r"R1.*候选.*1") as caught:
            next(read)
    assert caught.value.code == "run.shard_damaged"
    with planned.write() as unit:
        unit.shards.reopen("R1", FIND, [1])
    assert pending(planned) == [(1, 0)]
    with planned.write() as unit:
        unit.shards.complete("R1", FIND, 1, found[1])
    assert payloads(planned) == found


def test_failing_and_setting_aside(planned: Database) -> None:
    with planned.write() as unit:
        unit.shards.begin("R1", FIND, [0, 1, 2])
        unit.shards.fail("R1", FIND, 0, "first")
        unit.shards.begin("R1", FIND, [0])
        unit.shards.fail("R1", FIND, 0, "again")
    assert pending(planned) == [(0, 2), (1, 1), (2, 1)]
    with planned.write() as unit:
        unit.shards.quarantine("R1", STORE, 2, "存不下")
        unit.shards.quarantine("R1", FIND, 1, "x" * 2 * MAX_ERROR_LENGTH)
        unit.shards.quarantine("R1", FIND, 0)
    with planned.read() as unit:
        assert unit.shards.quarantined("R1") == [
            QuarantinedShard(FIND, 0, 2, "again"),
            QuarantinedShard(FIND, 1, 1, "x" * MAX_ERROR_LENGTH),
            QuarantinedShard(STORE, 2, 0, "存不下"),
        ]
        assert unit.shards.quarantined("R2") == []
    assert pending(planned) == [(2, 1)]
    with planned.write() as unit:
        unit.shards.reopen("R1", FIND, [0, 1])
    assert pending(planned) == [(0, 0), (1, 0), (2, 1)]


def test_an_error_that_quotes_anything_is_kept(planned: Database) -> None:
    with planned.write() as unit:
        unit.shards.quarantine("R1", FIND, 0, "nul \0, half \ud83d, whole 😀")
    with planned.read() as unit:
        assert unit.shards.quarantined("R1")[0].error == "nul �, half ?, whole 😀"


def test_payloads_are_dropped_and_the_rest_stays(planned: Database) -> None:
    with planned.write() as unit:
        for id in ("R1", "R2"):
            unit.shards.complete(id, FIND, 0, b"found")
        unit.shards.drop_payloads("R1")
    assert (payloads(planned, "R1"), payloads(planned, "R2")) == ({}, {0: b"found"})
    assert pending(planned) == [(1, 0), (2, 0)]


def test_what_was_never_planned(planned: Database) -> None:
    with planned.write() as unit:
        for use in (
            lambda: unit.shards.begin("R1", FIND, [0, 7]),
            lambda: unit.shards.complete("R1", FIND, 7),
            lambda: unit.shards.fail("R1", FIND, 7, ""),
            lambda: unit.shards.quarantine("R2", STORE, 0),
            lambda: unit.shards.reopen("R1", FIND, [7]),
        ):
            with pytest.raises(NotFound) as caught:
                use()
            assert caught.value.code == "run.shard_unknown"
        for other in (
            lambda: unit.shards.plan("R9", FIND, [0]),
            lambda: unit.shards.begin("R9", FIND, [0]),
            lambda: unit.shards.drop_payloads("R9"),
        ):
            with pytest.raises(NotFound, match="R9"):
                other()


def test_reading_units_change_nothing(planned: Database) -> None:
    with planned.read() as unit:
        for use in (
            lambda: unit.shards.plan("R1", FIND, [9]),
            lambda: unit.shards.begin("R1", FIND, [0]),
            lambda: unit.shards.drop_payloads("R1"),
        ):
            with pytest.raises(RuntimeError, match="only reads"):
                use()


def test_they_go_with_their_run(planned: Database, url: str) -> None:
    with planned.write() as unit:
        unit.runs.start(run("R3", night=5))
        unit.runs.finish("R3", unit.runs.newest(1)[0].state.DONE, run().started_at)
        assert unit.runs.prune(1) == 2
    with raw(url) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM run_shard").scalar_one() == 0
