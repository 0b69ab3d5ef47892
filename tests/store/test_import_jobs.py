"""Imports under way, and batches page by page, on both databases."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recommender.domain.entities import Expert
from recommender.domain.errors import InvalidData, InvalidInput
from recommender.domain.import_jobs import ImportJob, ImportMode, JobOptions, JobState, JobTask
from recommender.domain.jobs import JobFault
from recommender.domain.paging import PageRequest
from recommender.store import Database
from tests.unit.services.import_jobs.town import GOOD, Town

from .test_batches import apply

AT = datetime(2026, 11, 28, 8, 30, tzinfo=UTC)
JOB = ImportJob(
    id="a1",
    owner="U1",
    kind="experts",
    file_name="名单.xlsx",
    n_bytes=12,
    sha256="0" * 64,
    format="xlsx",
    created_at=AT,
    updated_at=AT,
)
FULL = replace(
    JOB,
    options=JobOptions(sheet="一月", header_row=2, mapping=("甲=姓名",), mode=ImportMode.NEW, valid_only=True),
    state=JobState.CHECKING,
    task=JobTask.CHECK,
    attempt=3,
    claimed_at=AT,
    report={"n_new": 1, "mapping": [{"header": "姓名"}]},
    batch="B1",
    fault=JobFault("import.no_rows", {"name": "名单.xlsx", "row": "1"}),
)


def later(job: ImportJob, id: str, **values: object) -> ImportJob:
    return replace(job, id=id, updated_at=AT + timedelta(minutes=int(id[1:])), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("job", [JOB, FULL])
def test_what_comes_back_is_what_was_put(database: Database, job: ImportJob) -> None:
    with database.write() as unit:
        unit.import_jobs.add(JOB)
        unit.import_jobs.put(job)
        assert unit.import_jobs.get("a1") == job
    with database.read() as unit:
        assert unit.import_jobs.get("a1") == job
        assert unit.import_jobs.get("a2") is None
        assert unit.import_jobs.ids() == {"a1"}
    with database.write() as unit:
        unit.import_jobs.remove("a1")
        assert unit.import_jobs.ids() == set()


def test_tasks_are_found_in_the_order_in_which_they_were_begun(database: Database) -> None:
    waiting = replace(JOB, state=JobState.CHECKING, task=JobTask.CHECK)
    with database.write() as unit:
        for job in (
            later(waiting, "a3"),
            later(waiting, "a2", state=JobState.UNDOING),
            later(waiting, "a4", claimed_at=AT),
            later(JOB, "a5"),
            later(JOB, "a6", state=JobState.DONE, owner="U2"),
        ):
            unit.import_jobs.add(job)
    with database.read() as unit:
        jobs = unit.import_jobs
        assert [job.id for job in jobs.waiting()] == ["a2", "a3"]
        assert [job.id for job in jobs.claimed()] == ["a4"]
        assert [job.id for job in jobs.open_of("U1", 9)] == ["a5", "a4", "a3"]
        assert [job.id for job in jobs.open_of("U1", 1)] == ["a5"]
        assert [job.id for job in jobs.older(AT + timedelta(minutes=6))] == ["a5"]
        assert [job.id for job in jobs.older(AT + timedelta(minutes=9))] == ["a5", "a6"]


def test_the_import_of_a_batch_is_the_owners_last(database: Database) -> None:
    with database.write() as unit:
        for job in (later(FULL, "a1"), later(FULL, "a2"), later(FULL, "a3", owner="U2")):
            unit.import_jobs.add(job)
        found = unit.import_jobs.of_batch("B1", "U1")
        assert found is not None
        assert found.id == "a2"
        assert unit.import_jobs.of_batch("B2", "U1") is None


def test_what_cannot_be_stored_is_refused(database: Database) -> None:
    with database.write() as unit, pytest.raises(InvalidData):
        unit.import_jobs.add(replace(JOB, file_name="a\0b"))


def test_batches_and_their_records_come_in_pages(database: Database) -> None:
    with database.write() as unit:
        apply(unit, "B1", *(Expert(id=f"E{n}", name="甲") for n in range(5)))
        apply(unit, "B2", Expert(id="E1", name="乙"), Expert(id="E9", name="丙"))
    with database.read() as unit:
        first = unit.batches.page(PageRequest(limit=1))
        second = unit.batches.page(PageRequest(limit=1, cursor=first.next_cursor))
        assert [batch.id for batch in (*first.items, *second.items)] == ["B2", "B1"]
        assert second.next_cursor == ""
        assert unit.batches.page(PageRequest(), actor="somebody").items == ()
        assert len(unit.batches.page(PageRequest(), actor="officer").items) == 2
        with pytest.raises(InvalidInput):
            unit.batches.page(PageRequest(cursor="x"))
        changes = unit.batches.changes("B1", Expert)
        page = changes.page(PageRequest(limit=3))
        rest = changes.page(PageRequest(limit=3, cursor=page.next_cursor))
        assert [record.id for record in (*page.items, *rest.items)] == ["E0", "E1", "E2", "E3", "E4"]
        both = unit.batches.changes("B2", Expert)
        assert [(record.id, record.is_new) for record in both.page(PageRequest()).items] == [
            ("E1", False),
            ("E9", True),
        ]
        assert [record.id for record in both.page(PageRequest(), added=True).items] == ["E9"]
        assert [record.id for record in both.page(PageRequest(), added=False).items] == ["E1"]


def test_a_file_goes_from_upload_to_undo(database: Database, tmp_path: Path) -> None:
    town = Town(database, tmp_path)
    job = town.send(GOOD)
    assert town.do(job, JobTask.CHECK).job.state is JobState.CHECKED
    town.jobs.begin(town.whole, job.id, JobTask.APPLY)
    # Two processes look at once; one of them does it.
    runners = [town.another_runner(), town.another_runner()]
    threads = [threading.Thread(target=runner.run_waiting) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = town.jobs.get(town.whole, job.id).job
    assert done.state is JobState.DONE
    assert [line.batch.id for line in town.batches.newest(town.whole)] == [done.batch]
    town.jobs.undo(town.whole, done.batch)
    town.runner.run_waiting()
    assert town.jobs.get(town.whole, job.id).job.state is JobState.UNDONE
    with database.read() as unit:
        assert unit.experts.count() == 0
