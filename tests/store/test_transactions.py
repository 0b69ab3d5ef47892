"""What a transaction promises: nothing lost, nothing half done, one view."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from recommender.domain.entities import Achievement, Expert
from recommender.domain.errors import Unavailable
from recommender.store import Database
from recommender.store import engine as engine_module

from .postgres import Cluster

ROOT = Path(__file__).parents[2]
EXPERT = Expert(id="E1", name="张")


def seed(database: Database, *experts: Expert) -> None:
    with database.write() as unit:
        unit.experts.upsert(experts or [EXPERT])


def test_eight_threads_lose_no_update(database: Database) -> None:
    n_threads, n_updates = 8, 30
    seed(database, *(Expert(id=f"E{i}", name="张") for i in range(3)))
    failures: list[BaseException] = []

    def work(number: int) -> None:
        # Two of three records each, asked for in either order: locks must not be taken in a ring.
        ids = [f"E{number % 3}", f"E{(number + 1) % 3}"][:: 1 if number % 2 else -1]
        try:
            for _ in range(n_updates):
                with database.write() as unit:
                    found = unit.experts.get_many(ids)
                    unit.experts.upsert(
                        [replace(e, n_active_engagements=e.n_active_engagements + 1) for e in found.values()]
                    )
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.read() as unit:
        total = sum(expert.n_active_engagements for expert in unit.experts.iterate())
    assert total == 2 * n_threads * n_updates


def test_a_reader_keeps_its_view_while_a_writer_commits(database: Database) -> None:
    work = Achievement(id="A1", type="论文", title="旧", author_ids=("E1",))
    changed = replace(work, title="新", author_ids=())
    seed(database)
    with database.write() as unit:
        unit.achievements.upsert([work])
    with database.read() as reader:
        assert reader.achievements.get("A1") == work
        with database.write() as writer:
            writer.achievements.upsert([changed, replace(work, id="A2")])
            writer.experts.upsert([replace(EXPERT, name="章")])
        with database.read() as later:
            assert later.achievements.get("A1") == changed
            assert later.experts.get("E1") == replace(EXPERT, name="章")
        assert reader.achievements.get("A1") == work
        assert list(reader.achievements.iterate()) == [work]
        assert reader.experts.get("E1") == EXPERT
        assert reader.achievements.count() == 1


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_an_exception_undoes_everything(database: Database, error: BaseException) -> None:
    seed(database)
    with pytest.raises(type(error)), database.write() as unit:
        unit.experts.upsert([replace(EXPERT, name="章"), Expert(id="E2", name="李")])
        unit.experts.remove(["E1"])
        assert unit.experts.count() == 1
        raise error
    with database.read() as unit:
        assert list(unit.experts.iterate()) == [EXPERT]


def test_nothing_is_visible_before_the_commit(database: Database) -> None:
    seed(database)
    with database.write() as writer:
        writer.experts.upsert([replace(EXPERT, name="章")])
        with database.read() as reader:
            assert reader.experts.get("E1") == EXPERT


_WRITER = """
import sys, time
from dataclasses import replace
from recommender.store import Database

with Database.open(sys.argv[1]).write() as unit:
    unit.experts.upsert([replace(expert, name="新") for expert in unit.experts.iterate()])
    unit.experts.remove(["E0000"])
    print("written", flush=True)
    time.sleep(60)
"""


def test_a_killed_writer_leaves_the_old_state(database: Database, url: str) -> None:
    # Enough to spill from SQLite's cache into its log before the commit.
    experts = [Expert(id=f"E{i:04}", name="旧", biography="长" * 2_000) for i in range(2_000)]
    seed(database, *experts)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, url], stdout=subprocess.PIPE, env=environment)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"written\n"
        with database.read() as unit:
            assert unit.experts.get("E0000") == experts[0]
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
    with database.read() as unit:
        assert list(unit.experts.iterate()) == experts
    seed(database, Expert(id="E9999", name="后来"))
    with database.read() as unit:
        assert unit.experts.count() == len(experts) + 1


def test_a_writer_that_waits_too_long_is_told_to_try_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_MS", 300)
    database = Database.open(url)
    seed(database)
    with database.write() as unit:
        assert unit.experts.get("E1") == EXPERT
        started = time.monotonic()
        with pytest.raises(Unavailable, match="稍后重试") as caught, database.write() as other:
            other.experts.get("E1")
        assert 0.3 <= time.monotonic() - started < 5
        assert caught.value.code == "store.busy"
    with database.write() as unit:
        assert unit.experts.get("E1") == EXPERT
    database.close()


def test_writers_of_different_records_do_not_wait_on_postgresql(cluster: Cluster, template: str) -> None:
    name = cluster.create_database(template=template)
    database = Database.open(cluster.url(name))
    seed(database, EXPERT, Expert(id="E2", name="李"))
    with database.write() as one, database.write() as other:
        one.experts.upsert([replace(one.experts.get_many(["E1"])["E1"], name="章")])
        other.experts.upsert([replace(other.experts.get_many(["E2"])["E2"], name="黎")])
        # Referring to a record that another writer holds does not wait either.
        other.achievements.upsert([Achievement(id="A1", type="论文", title="题", author_ids=("E1",))])
    with database.read() as unit:
        assert [expert.name for expert in unit.experts.iterate()] == ["章", "黎"]
    database.close()
    cluster.drop_database(name)
