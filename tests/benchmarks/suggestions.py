"""A night's suggestions into the database and out again, on SQLite and on PostgreSQL.

    python -m tests.benchmarks.suggestions [--scale 1.0] [--runs 2] [--json FILE]

At scale 1.0 a run is 52,000 sources × 3 kinds × 10 and 190,000 achievements × 5: 2.5 million suggestions, stored
shard by shard in transactions of about 15,000 rows under a lease, each cleared first as a resumed run would. Ends
with 1 where SQLite takes longer than its limit. What the secondary index costs is measured by storing the first
run once more, into tables without it and with one that leads with the target.
"""

import argparse
import itertools
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from recommender.domain.kinds import EntityKind
from recommender.domain.runs import MatchRun, RunKind, RunState, ShardStage, SuggestionRow
from recommender.store import Database, bulk
from recommender.store.address import Address
from recommender.store.engine import open_engine, reading, writing
from recommender.store.suggestions import forget
from tests.benchmarks.city import DURABLE
from tests.benchmarks.steps import hardware, write_figures
from tests.store.postgres import Cluster

MAX_STORE_S: Final = 30
N_ENTERPRISES: Final = 50_000
N_NEEDS: Final = 2_000
N_EXPERTS: Final = 62_000
N_PLATFORMS: Final = 2_100
N_ACHIEVEMENTS: Final = 190_000
SHARD_ROWS: Final = 15_000
PAYLOAD_BYTES: Final = 2_000_000
N_PAYLOADS: Final = 100
NOW: Final = datetime(2026, 11, 28, 1, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
RUN: Final = MatchRun(
    id="R",
    started_at=NOW,
    finished_at=None,
    state=RunState.RUNNING,
    snapshot_id="s",
    encoder_id="e",
    configuration_hash="c",
    n_sources=N_ENTERPRISES + N_NEEDS + N_ACHIEVEMENTS,
    kind=RunKind.NIGHTLY,
)
PARTS: Final = json.dumps(
    {"文本": 0.412345, "产业链": 0.1, "合作方式": 0.05, "成熟度": 0.034567, "地域": 0.02}, ensure_ascii=False
)
TARGETS: Final = (
    (EntityKind.EXPERT, N_EXPERTS),
    (EntityKind.PLATFORM, N_PLATFORMS),
    (EntityKind.ACHIEVEMENT, N_ACHIEVEMENTS),
)
OTHER_INDEXES: Final = {
    "without the index": None,
    "index of targets alone": "CREATE INDEX ix_other ON suggestion (target_kind, target_id)",
}
Shard = tuple[EntityKind, list[str], list[SuggestionRow]]
T = TypeVar("T")


def code(kind: EntityKind, number: int) -> str:
    """An id of 18 characters."""
    return f"{kind.value[:2].upper()}{number:016d}"


def shards(seed: int, scale: float) -> Iterator[Shard]:
    """The sources of a run in order, each with its suggestions; targets are drawn, every one as likely."""
    draw = random.Random(seed)
    for kind, n_sources, k, targets in (
        (EntityKind.ENTERPRISE, N_ENTERPRISES, 10, TARGETS),
        (EntityKind.NEED, N_NEEDS, 10, TARGETS),
        (EntityKind.ACHIEVEMENT, N_ACHIEVEMENTS, 5, ((EntityKind.ENTERPRISE, N_ENTERPRISES),)),
    ):
        sources = (code(kind, number) for number in range(round(n_sources * scale)))
        while chunk := list(itertools.islice(sources, SHARD_ROWS // (k * len(targets)))):
            rows = [
                (kind.value, source, target.value, code(target, n), rank, 0.9 - rank / 80, PARTS, evidence(n))
                for source in chunk
                for target, n_targets in targets
                for rank, n in enumerate(draw.sample(range(n_targets), k), start=1)
            ]
            yield kind, chunk, rows


def evidence(number: int) -> str:
    """Three ids as JSON, 60 bytes."""
    return json.dumps([f"AC{number + i:013d}" for i in range(3)])


class Clock:
    """Measures, prints and keeps; seconds by the wall clock."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}

    def time(self, name: str, work: Callable[[], T]) -> T:
        """Do it and keep how long it took."""
        start = time.perf_counter()
        result = work()
        self.keep(name, time.perf_counter() - start)
        return result

    def keep(self, name: str, value: float) -> None:
        """Keep a figure."""
        self.figures[name] = round(value, 4)
        print(f"  {name:<52}{value:>10.4g}", flush=True)


def store_run(database: Database, run_id: str, seed: int, scale: float, clock: Clock, name: str) -> int:
    """Store one run; returns the number of rows."""
    seconds, n_rows, longest = 0.0, 0, 0.0
    with database.write() as unit:
        unit.runs.start(replace(RUN, id=run_id, started_at=NOW + seed * HOUR))
        lease = unit.leases.acquire("bench", "bench", NOW + seed * HOUR, HOUR)
    processor = time.process_time()
    for kind, sources, rows in shards(seed, scale):
        start = time.perf_counter()
        with database.write() as unit:
            unit.leases.require(lease, NOW + seed * HOUR)
            unit.runs.clear(run_id, kind, sources)
            unit.runs.store_rows(run_id, rows)
        taken = time.perf_counter() - start
        seconds, longest, n_rows = seconds + taken, max(longest, taken), n_rows + len(rows)
    clock.keep(f"{name}: store, s", seconds)
    clock.keep(f"{name}: longest transaction, s", longest)
    clock.keep(f"{name}: processor time of this process, s", time.process_time() - processor)
    with database.write() as unit:
        unit.runs.finish(run_id, RunState.DONE, NOW, report={"n_rows": n_rows})
        unit.runs.publish(run_id, NOW, "bench")
        unit.leases.release(lease)
    return n_rows


def measure(url: str, scale: float, n_runs: int) -> dict[str, float]:
    """Everything on one database."""
    clock = Clock()
    database = Database.open(url)
    database.upgrade()
    for number in range(n_runs):
        clock.keep("rows", store_run(database, f"R{number}", number, scale, clock, f"run {number + 1}"))
        clock.keep(f"run {number + 1}: size, MB", size_mb(url))
    last = f"R{n_runs - 1}"
    read(database, last, scale, clock)
    forget_some(url, scale, clock)
    with_payloads(database, last, clock)
    prune(database, clock)
    database.close()
    return clock.figures


def read(database: Database, run_id: str, scale: float, clock: Clock) -> None:
    """Count, hash, lists, look-ups both ways."""
    with database.read() as unit:
        clock.time("count, s", lambda: unit.runs.count(run_id))
        clock.time("content hash, s", lambda: unit.runs.content_hash(run_id))
        clock.time("look for what is gone, s", lambda: unit.runs.gone(run_id))
        sources = [code(EntityKind.ENTERPRISE, n) for n in range(0, round(N_ENTERPRISES * scale), 10)]
        n = clock.time(
            "lists of a tenth of the enterprises, s",
            lambda: sum(1 for _ in unit.runs.lists(run_id, EntityKind.ENTERPRISE, sources)),
        )
        clock.keep("lists of a tenth of the enterprises, rows", n)
    with database.read() as unit:
        targets = [code(EntityKind.EXPERT, n) for n in range(0, N_EXPERTS, N_EXPERTS // 100)]
        of_source = [
            lambda s=s: unit.runs.suggestions(None, s, source_kind=EntityKind.ENTERPRISE) for s in sources
        ]
        of_target = [
            lambda t=t: unit.runs.suggestions(target_kind=EntityKind.EXPERT, target_id=t) for t in targets
        ]
        clock.keep("list of one source, published run, ms", 1000 * mean_seconds(of_source[:100]))
        clock.keep("sources of one target, published run, ms", 1000 * mean_seconds(of_target[:100]))


def forget_some(url: str, scale: float, clock: Clock) -> None:
    """Entities that are removed, one and two thousand; undone."""
    engine = open_engine(Address.parse(url))
    for kind, n_entities in ((EntityKind.EXPERT, N_EXPERTS), (EntityKind.ENTERPRISE, N_ENTERPRISES)):
        for n in (1, 2000):
            ids = [code(kind, number) for number in range(0, round(n_entities * scale), n_entities // n)][:n]
            with writing(engine).connect() as connection, connection.begin() as transaction:
                name = f"forget {len(ids)} of kind {kind.value}, all runs, s"
                clock.time(name, lambda c=connection, k=kind, i=ids: forget(c, k, i))
                transaction.rollback()
    engine.dispose()


def with_payloads(database: Database, run_id: str, clock: Clock) -> None:
    """Checkpoints of incompressible bytes."""
    payload = random.Random(1).randbytes(PAYLOAD_BYTES)
    with database.write() as unit:
        unit.shards.plan(run_id, ShardStage.CANDIDATES, range(N_PAYLOADS))

    def complete() -> None:
        for number in range(N_PAYLOADS):
            with database.write() as unit:
                unit.shards.complete(run_id, ShardStage.CANDIDATES, number, payload)

    def drop() -> None:
        with database.write() as unit:
            unit.shards.drop_payloads(run_id)

    size = f"{N_PAYLOADS} payloads of {PAYLOAD_BYTES / 1e6:.0f} MB"
    clock.time(f"complete {size}, s", complete)
    with database.read() as unit:
        clock.time(f"read {size}, s", lambda: sum(1 for _ in unit.shards.payloads(run_id, ShardStage.CANDIDATES)))
    clock.time(f"drop {size}, s", drop)


def prune(database: Database, clock: Clock) -> None:
    """Two newer runs without suggestions make the first one prunable; it goes step by step."""
    with database.write() as unit:
        for number in (100, 101):
            run = replace(RUN, id=f"R{number}", started_at=NOW + number * HOUR, state=RunState.DONE)
            unit.runs.start(run)
            unit.runs.publish(run.id, NOW, "bench")
    seconds: list[float] = []
    while True:
        with database.read() as unit:
            n_left = len(unit.runs.prunable(2))
        if not n_left:
            break
        start = time.perf_counter()
        with database.write() as unit:
            unit.runs.prune(2, at_most=200_000)
        seconds.append(time.perf_counter() - start)
    clock.keep("prune all runs, 200,000 suggestions a step, s", sum(seconds))
    clock.keep("prune: longest step, s", max(seconds))


def mean_seconds(calls: Sequence[Callable[[], Any]]) -> float:
    """Mean time of a call."""
    start = time.perf_counter()
    for call in calls:
        call()
    return (time.perf_counter() - start) / len(calls)


def size_mb(url: str) -> float:
    """Of the file with its log, or of the database."""
    path = Address.parse(url).path
    if path is not None:
        return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")) / 1e6
    engine = open_engine(Address.parse(url))
    with reading(engine).begin() as connection:
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    engine.dispose()
    return float(size) / 1e6


def with_other_index(url: str, scale: float, name: str, statement: str | None) -> dict[str, float]:
    """One run into a table that has another index in the place of its own, or its key only."""
    clock = Clock()
    database = Database.open(url)
    database.upgrade()
    database.close()
    engine = open_engine(Address.parse(url))
    with writing(engine).begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_suggestion_block_target_kind_target_id")
        if statement:
            connection.exec_driver_sql(statement)
    seconds = 0.0
    for block, (_, _, rows) in enumerate(shards(0, scale)):
        start = time.perf_counter()
        with writing(engine).begin() as connection:
            bulk.write(connection, 1, block, rows)
        seconds += time.perf_counter() - start
    clock.keep(f"{name}: store, s", seconds)
    clock.keep(f"{name}: size, MB", size_mb(url))
    engine.dispose()
    return clock.figures


@contextmanager
def databases(name: str) -> Iterator[Callable[[str], str]]:
    """Makes URLs of empty databases."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield lambda file: f"sqlite:///{Path(folder) / file}.db"
        return
    cluster = Cluster(DURABLE, on_disk=True)
    try:
        yield lambda _: cluster.url(cluster.create_database())
    finally:
        cluster.stop()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, compare with the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=2, help="how many runs are stored one after the other")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--conditions", default="", help="what else the machine was doing")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    figures: dict[str, Any] = {"conditions": options.conditions, "scale": options.scale}
    print(hardware())
    for name in options.database or ("sqlite", "postgresql"):
        print(name)
        with databases(name) as url:
            figures[name] = measure(url("runs"), options.scale, options.runs)
            for other, statement in OTHER_INDEXES.items():
                figures[name] |= with_other_index(url(other.replace(" ", "-")), options.scale, other, statement)
    if options.json:
        write_figures(options.json, figures)
    if figures.get("sqlite", {}).get("run 1: store, s", 0.0) > MAX_STORE_S:
        raise SystemExit(f"SQLite took longer than {MAX_STORE_S} s")


if __name__ == "__main__":
    main()
