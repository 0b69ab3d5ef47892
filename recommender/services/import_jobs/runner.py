"""Does the tasks of imports, one at a time in a process, on a thread of its own.

Which tasks wait stands in the database, so any process may take one. Who works on an import holds a lock on its
folder, which the kernel frees when the process dies; and what a task writes is committed together with its end,
so nobody can do it twice or leave half of it.
"""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from recommender.domain.accounts import Actor
from recommender.domain.errors import Conflict, MatchmakerError
from recommender.domain.import_jobs import ImportJob, JobState, JobTask
from recommender.domain.jobs import JobFault
from recommender.exchange.preview import SuspectRow
from recommender.exchange.report import ImportOutcome, ImportReport
from recommender.exchange.tables import table_of
from recommender.services.background.patience import patiently
from recommender.services.background.progress import Teller
from recommender.services.background.worker import Stopped, Worker
from recommender.services.batch_records import ENTITY_KINDS
from recommender.services.batches import BatchService, UndoReport
from recommender.services.import_jobs import findings
from recommender.services.import_jobs.folder import JobFolder, UploadStore
from recommender.services.import_source import ImportSource
from recommender.services.imports import ImportService
from recommender.services.personal.sight import Sight
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_log = logging.getLogger(__name__)

_LOST_AFTER: Final = timedelta(hours=1)
_NOT_IN_REPORT: Final = frozenset({"errors", "warnings", "outcome"})


class ImportRunner:
    """Works on imports until it is stopped.

    Args:
        expire: deletes what was kept long enough; called now and then.
    """

    def __init__(
        self,
        database: Database,
        imports: ImportService,
        batches: BatchService,
        uploads: UploadStore,
        now: Callable[[], datetime],
        *,
        expire: Callable[[], int],
    ) -> None:
        self._database = database
        self._imports = imports
        self._batches = batches
        self._uploads = uploads
        self._now = now
        self.worker = Worker("imports", self.run_waiting, tidy=expire)
        """Does the tasks on a thread of its own."""

    def run_waiting(self) -> int:
        """Do the tasks that wait and that nobody else works on, in the caller's thread; how many were done."""
        self._mark_interrupted()
        n_done = 0
        while not self.worker.is_stopping and self._run_next():
            n_done += 1
        return n_done

    def _mark_interrupted(self) -> None:
        """Say of imports whose process died that they were interrupted."""
        with self._database.read() as unit:
            claimed = unit.import_jobs.claimed()
        for job in claimed:
            folder = self._uploads.folder(job.id)
            with folder.taken() as is_free:
                if is_free or self._is_lost(job, folder):
                    self._end(job, state=JobState.INTERRUPTED)

    def _run_next(self) -> bool:
        """Do the task that has waited longest of those that may be done now; whether there was one."""
        with self._database.read() as unit:
            waiting = unit.import_jobs.waiting()
        return any(self._run(job) for job in waiting)

    def _run(self, job: ImportJob) -> bool:
        """Do a task unless somebody else does it; whether it was done here."""
        folder = self._uploads.folder(job.id)
        with ExitStack() as held:
            if job.task is not JobTask.CHECK and not held.enter_context(self._uploads.writing()):
                # One file is written at a time: a second one would only wait for the database.
                return False
            if self._is_lost(job, folder):
                self._end(job, fault=JobFault("import.upload_gone", {"name": job.file_name}))
                return True
            if not held.enter_context(folder.taken()):
                return False
            claimed = self._claim(job)
            if claimed is None:
                return False
            self._do(claimed, folder)
        return True

    def _is_lost(self, job: ImportJob, folder: JobFolder) -> bool:
        """Whether nobody can have the files any more; for a while they may lie on another machine."""
        return not folder.path.is_dir() and job.updated_at < self._now() - _LOST_AFTER

    def _claim(self, job: ImportJob) -> ImportJob | None:
        with self._database.write() as unit:
            present = unit.import_jobs.get(job.id)
            if present is None or present.attempt != job.attempt or present.claimed_at is not None:
                return None
            claimed = replace(present, claimed_at=self._now())
            unit.import_jobs.put(claimed)
        return claimed

    def _do(self, job: ImportJob, folder: JobFolder) -> None:
        started = time.monotonic()
        try:
            actor = self._actor(job)
            match job.task:
                case JobTask.CHECK:
                    self._check(job, actor, folder)
                case JobTask.APPLY:
                    self._apply(job, actor, folder)
                case _:
                    self._undo(job, actor, folder)
        except Stopped:
            self._end(job, state=JobState.INTERRUPTED)
        except MatchmakerError as error:
            self._end(job, fault=JobFault(error.code, {k: str(v) for k, v in error.context.items()}))
        except Exception:
            _log.exception("an import ended in an error")
            self._end(job, fault=JobFault("import.task_broken", {}))
        _log.info("import %s: %s in %.1f s", job.id, job.task, time.monotonic() - started)

    def _actor(self, job: ImportJob) -> Actor:
        """The owner with what the account may do at this moment."""
        with self._database.read() as unit:
            account = unit.accounts.get(job.owner)
        if account is None:
            raise Conflict("import.owner_gone")
        return account.actor(session="")

    def _check(self, job: ImportJob, actor: Actor, folder: JobFolder) -> None:
        folder.forget_findings()
        tell = self._teller(folder)
        source = _source(job, folder)
        found = self._imports.examine(job.kind, source, actor=actor, mode=job.options.mode, on_progress=tell)
        log = found.parsed.log
        if log.n_errors or log.n_warnings:
            self._imports.annotate(found, source, folder.annotated, replace=True, on_progress=tell)
        findings.keep(
            folder,
            found.plan,
            errors=log.kept_errors,
            warnings=log.kept_warnings,
            suspects=self._masked(job, actor, found.preview.suspects),
        )
        self._end(job, state=JobState.CHECKED, report=_figures(found.preview.report))

    def _masked(self, job: ImportJob, actor: Actor, rows: tuple[SuspectRow, ...]) -> list[SuspectRow]:
        """Suspects with the names of persons masked."""
        kind = ENTITY_KINDS.get(table_of(job.kind).kind)
        if kind is None:
            return list(rows)
        shown = rows[: findings.N_SUSPECTS]
        with self._database.read() as unit:
            sight = Sight(actor, unit, self._now())
            own = sight.names(kind, {row.id: row.name for row in shown})
            others = sight.names(kind, {other.id: other.name for row in shown for other in row.suspects})
        return [
            replace(
                row,
                name=own[row.id],
                suspects=tuple(replace(other, name=others[other.id]) for other in row.suspects),
            )
            for row in shown
        ]

    def _apply(self, job: ImportJob, actor: Actor, folder: JobFolder) -> None:
        def along(unit: UnitOfWork, report: ImportReport) -> None:
            done = replace(_still_ours(unit, job), batch=report.batch, report=_figures(report))
            unit.import_jobs.put(self._ended(done, JobState.DONE))

        report = self._imports.write(
            job.kind,
            _source(job, folder),
            actor=actor,
            mode=job.options.mode,
            valid_only=job.options.valid_only,
            along=along,
            on_progress=self._teller(folder),
        )
        if report.outcome is ImportOutcome.REFUSED:
            # The library has changed since the check.
            self._end(job, fault=JobFault("import.rows_refused", {"n": f"{report.n_error_rows:,}"}))
        else:
            # Nobody needs it any more; what is wrong with single rows stays for a while.
            folder.source.unlink(missing_ok=True)

    def _undo(self, job: ImportJob, actor: Actor, folder: JobFolder) -> None:
        def along(unit: UnitOfWork, report: UndoReport) -> None:  # noqa: ARG001
            unit.import_jobs.put(self._ended(_still_ours(unit, job), JobState.UNDONE))

        self._batches.undo(job.batch, actor=actor, along=along, on_progress=self._teller(folder))

    def _end(
        self,
        job: ImportJob,
        *,
        state: JobState | None = None,
        report: dict[str, Any] | None = None,
        fault: JobFault | None = None,
    ) -> None:
        """Note how a task ended, unless somebody else has begun another one since."""

        def note() -> None:
            with self._database.write() as unit:
                present = unit.import_jobs.get(job.id)
                if present is not None and present.attempt == job.attempt and present.is_busy:
                    ended = self._ended(present, state or _before(present), fault)
                    unit.import_jobs.put(ended if report is None else replace(ended, report=report))

        patiently(note, is_stopping=lambda: self.worker.is_stopping)

    def _ended(self, job: ImportJob, state: JobState, fault: JobFault | None = None) -> ImportJob:
        return replace(job, state=state, fault=fault, claimed_at=None, updated_at=self._now())

    def _teller(self, folder: JobFolder) -> Teller:
        return Teller(folder.progress.tell, lambda: self.worker.is_stopping)


def _source(job: ImportJob, folder: JobFolder) -> ImportSource:
    options = job.options
    return ImportSource(
        folder.source,
        name=job.file_name,
        sheet=options.sheet or None,
        header_row=options.header_row,
        mapping=options.mapping,
    )


def _still_ours(unit: UnitOfWork, job: ImportJob) -> ImportJob:
    """The import as it is now.

    Raises:
        Conflict: it was given up meanwhile, so nothing of this task may be committed.
    """
    present = unit.import_jobs.get(job.id)
    if present is None or present.attempt != job.attempt or not present.is_busy:
        raise Conflict("import.job_overtaken")
    return present


def _before(job: ImportJob) -> JobState:
    """The state to which an import goes back whose task came to nothing."""
    match job.task:
        case JobTask.APPLY:
            return JobState.CHECKED
        case JobTask.UNDO:
            return JobState.DONE
    return JobState.UPLOADED


def _figures(report: ImportReport) -> dict[str, Any]:
    return {name: value for name, value in report.to_dict().items() if name not in _NOT_IN_REPORT}
