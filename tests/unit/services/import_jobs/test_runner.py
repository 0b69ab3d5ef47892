"""Who works on an import, what becomes of it when they die, and that nothing is done twice."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import timedelta
from pathlib import Path

from recommender.domain.import_jobs import JobState, JobTask
from tests.unit.services.import_jobs.town import GOOD, HEADER, Town, csv_bytes

ROOT = Path(__file__).parents[4]


def n_experts(town: Town) -> int:
    with town.database.read() as unit:
        return unit.experts.count()


def test_a_task_is_done_once_however_many_look(town: Town) -> None:
    job = town.send(GOOD)
    town.do(job, JobTask.CHECK)
    town.jobs.begin(town.whole, job.id, JobTask.APPLY)
    other = town.another_runner()
    assert (town.runner.run_waiting(), other.run_waiting()) == (1, 0)
    assert len(town.batches.newest(town.whole)) == 1


def test_who_holds_the_folder_keeps_others_away(town: Town) -> None:
    job = town.send(GOOD)
    town.jobs.begin(town.whole, job.id, JobTask.CHECK)
    with town.uploads.folder(job.id).taken() as is_free:
        assert is_free
        assert town.runner.run_waiting() == 0
    assert town.runner.run_waiting() == 1


def test_a_task_whose_files_are_gone_is_given_up_after_a_while(town: Town) -> None:
    job = town.send(GOOD)
    town.jobs.begin(town.whole, job.id, JobTask.CHECK)
    town.uploads.folder(job.id).remove()
    assert town.runner.run_waiting() == 0, "they may lie on another machine"
    town.now += timedelta(hours=2)
    assert town.runner.run_waiting() == 1
    with town.database.read() as unit:
        found = unit.import_jobs.get(job.id)
    assert found is not None
    assert found.fault is not None
    assert (found.state, found.fault.code) == (JobState.UPLOADED, "import.upload_gone")


def test_files_are_written_one_at_a_time_but_checked_meanwhile(town: Town) -> None:
    first, second = town.send(GOOD), town.send(GOOD)
    town.do(first, JobTask.CHECK)
    town.jobs.begin(town.whole, first.id, JobTask.APPLY)
    town.jobs.begin(town.whole, second.id, JobTask.CHECK)
    with town.uploads.writing() as is_free:
        assert is_free
        assert town.runner.run_waiting() == 1
    assert town.jobs.get(town.whole, second.id).job.state is JobState.CHECKED
    assert town.jobs.get(town.whole, first.id).is_waiting


def test_the_thread_finds_a_task_and_stops_when_told(town: Town) -> None:
    town.jobs.on_begun = town.runner.worker.wake
    job = town.send(GOOD)
    town.runner.worker.start()
    try:
        town.jobs.begin(town.whole, job.id, JobTask.CHECK)
        ends_at = time.monotonic() + 20
        while town.jobs.get(town.whole, job.id).job.is_busy and time.monotonic() < ends_at:
            time.sleep(0.02)
    finally:
        town.runner.worker.stop()
    assert town.jobs.get(town.whole, job.id).job.state is JobState.CHECKED


def test_a_process_that_is_told_to_end_interrupts_its_task_and_writes_nothing(town: Town) -> None:
    job = town.send([HEADER, *((f"ZJ{n}", f"甲{n}", "示例大学", "铸造", "") for n in range(500))])
    town.do(job, JobTask.CHECK)
    town.jobs.begin(town.whole, job.id, JobTask.APPLY)
    real = town.imports.write

    def stopping(*arguments: object, **options: object) -> object:
        town.runner.worker.stop()
        return real(*arguments, **options)  # type: ignore[arg-type]

    town.imports.write = stopping  # type: ignore[method-assign,assignment]
    town.runner.run_waiting()
    view = town.jobs.get(town.whole, job.id)
    assert (view.job.state, n_experts(town)) == (JobState.INTERRUPTED, 0)
    town.imports.write = real  # type: ignore[method-assign]
    town.runner = town.another_runner()
    town.jobs.restart(town.whole, job.id)
    town.runner.run_waiting()
    assert (town.jobs.get(town.whole, job.id).job.state, n_experts(town)) == (JobState.DONE, 500)


def test_an_import_that_was_given_up_meanwhile_writes_nothing(town: Town) -> None:
    job = town.send(GOOD)
    town.do(job, JobTask.CHECK)
    town.jobs.begin(town.whole, job.id, JobTask.APPLY)
    real = town.imports.write

    def overtaken(*arguments: object, **options: object) -> object:
        with town.database.write() as unit:
            unit.import_jobs.remove(job.id)
        return real(*arguments, **options)  # type: ignore[arg-type]

    town.imports.write = overtaken  # type: ignore[method-assign,assignment]
    town.runner.run_waiting()
    assert n_experts(town) == 0


KILLED = """
import sys, time
from pathlib import Path
from recommender.store import Database
from tests.keys import vault_in
from tests.unit.services.import_jobs.town import Town

folder = Path(sys.argv[1])
database = Database.open(f"sqlite:///{folder / 'library.db'}", vault=vault_in(folder))
town = Town.__new__(Town)
town.database, town.root, town.max_bytes = database, folder, 10_000_000
from recommender.services.import_jobs.folder import UploadStore
from recommender.services.imports import ImportService
from recommender.services.batches import BatchService
from recommender.services.import_jobs.runner import ImportRunner
from datetime import UTC, datetime
clock = lambda: datetime.now(UTC)
uploads = UploadStore(folder / "uploads", max_bytes=10_000_000)
imports = ImportService(database, clock)
real = imports._write
def slow(*arguments):
    print("writing", flush=True)
    found = real(*arguments)
    print("written", flush=True)
    time.sleep(60)
    return found
imports._write = slow
runner = ImportRunner(database, imports, BatchService(database, clock, tuple), uploads, clock, expire=lambda: 0)
runner.run_waiting()
"""


def test_a_killed_process_leaves_nothing_half_written_and_says_so(town: Town, tmp_path: Path) -> None:
    job = town.receiver.receive(town.whole, io.BytesIO(csv_bytes(GOOD)), "名单.csv")
    town.do(job, JobTask.CHECK)
    town.jobs.begin(town.whole, job.id, JobTask.APPLY)
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _ in range(2)] == ["writing", "written"]
        assert town.runner.run_waiting() == 0, "somebody is at it"
        assert town.jobs.get(town.whole, job.id).job.state is JobState.APPLYING
        os.kill(process.pid, signal.SIGKILL)
    assert town.runner.run_waiting() == 0
    view = town.jobs.get(town.whole, job.id)
    assert (view.job.state, n_experts(town)) == (JobState.INTERRUPTED, 0)
    town.jobs.restart(town.whole, job.id)
    town.runner.run_waiting()
    assert (town.jobs.get(town.whole, job.id).job.state, n_experts(town)) == (JobState.DONE, 2)
