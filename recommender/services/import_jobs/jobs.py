"""Use-cases of imports in steps; whoever sent a file is the only one who comes across it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.batches import BatchState
from recommender.domain.errors import NotFound, Unavailable
from recommender.domain.import_jobs import BUSY, ImportJob, JobState, JobTask
from recommender.domain.jobs import JobProgress
from recommender.domain.paging import Page, PageRequest
from recommender.exchange.issues import RowError
from recommender.services.batches import BatchService
from recommender.services.import_jobs import findings as found_in_files
from recommender.services.import_jobs.findings import Findings
from recommender.services.import_jobs.folder import JobFolder, UploadStore
from recommender.services.import_jobs.views import JobView, not_now, own, require_task, view_of
from recommender.store.database import Database

MAX_WAITING: Final = 20
"""Tasks that may wait, of all accounts together."""

MAX_OPEN: Final = 50
"""Imports that one account may have under way."""


class ImportJobService:
    """Leads files from step to step that were taken in; the tasks themselves are done by an ``ImportRunner``.

    Args:
        uploads: where the files lie.
        keep: how long a file is kept after the last step.
        on_begun: told when a task was begun, so that nobody need look for it.
    """

    def __init__(
        self,
        database: Database,
        batches: BatchService,
        uploads: UploadStore,
        now: Callable[[], datetime],
        *,
        keep: timedelta,
    ) -> None:
        self._database = database
        self._batches = batches
        self._uploads = uploads
        self._now = now
        self._keep = keep
        self.on_begun: Callable[[], None] = lambda: None
        """Told when a task was begun, so that nobody need look for it."""

    def get(self, actor: Actor, job_id: str) -> JobView:
        """One import.

        Raises:
            Forbidden: the actor does not write the library.
            NotFound: there is none, or it is not the actor's.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            job = own(unit, actor, job_id)
            waiting = unit.import_jobs.waiting() if job.is_busy else []
            batch = unit.batches.get(job.batch) if job.state is JobState.DONE and job.batch else None
        if batch is not None and batch.state is BatchState.UNDONE:
            # By somebody else, or at the command line.
            job = replace(job, state=JobState.UNDONE)
        return view_of(self._uploads, job, waiting)

    def open_jobs(self, actor: Actor) -> tuple[JobView, ...]:
        """What the actor has still to bring to an end, newest first.

        Raises:
            Forbidden: the actor does not write the library.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            jobs = unit.import_jobs.open_of(actor.id, MAX_OPEN)
            waiting = unit.import_jobs.waiting()
        return tuple(view_of(self._uploads, job, waiting) for job in jobs)

    def begin(self, actor: Actor, job_id: str, task: JobTask, *, valid_only: bool | None = None) -> ImportJob:
        """Have a file checked, imported or taken back in the background.

        Args:
            valid_only: leave out rows with errors and take the others; ``None`` leaves it as it was said.

        Raises:
            Forbidden, NotFound: as for :meth:`get`.
            Conflict: it is being worked on, or is not so far yet, or the file is not kept any more.
            Unavailable: too many tasks wait.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.write() as unit:
            job = own(unit, actor, job_id)
            require_task(self._uploads, job, task)
            if len(unit.import_jobs.waiting()) >= MAX_WAITING:
                raise Unavailable("import.queue_full")
            options = job.options if valid_only is None else replace(job.options, valid_only=valid_only)
            job = self._begun(replace(job, options=options), task)
            unit.import_jobs.put(job)
        self._uploads.folder(job.id).progress.tell(JobProgress())
        self.on_begun()
        return job

    def restart(self, actor: Actor, job_id: str) -> ImportJob:
        """Begin the task anew in which an import was interrupted.

        Raises:
            Forbidden, NotFound, Conflict, Unavailable: as for :meth:`begin`.
        """
        job = self.get(actor, job_id).job
        if job.state is not JobState.INTERRUPTED or job.task is None:
            raise not_now(job)
        return self.begin(actor, job_id, job.task)

    def undo(self, actor: Actor, batch_id: str) -> ImportJob:
        """Have a batch taken back in the background, however it was imported.

        Raises:
            Forbidden: the actor does not write the library.
            NotFound: no batch has that id, or it is not for this actor.
            Conflict: it is being taken back.
            Unavailable: too many tasks wait.
        """
        batch = self._batches.get(actor, batch_id).batch
        with self._database.write() as unit:
            job = unit.import_jobs.of_batch(batch.id, actor.id)
            if job is None:
                folder = self._uploads.open_folder(f"{batch.id}-{actor.id}"[:80])
                job = ImportJob(
                    id=folder.path.name,
                    owner=actor.id,
                    kind=batch.kind,
                    file_name=batch.file_name,
                    n_bytes=0,
                    sha256=batch.sha256,
                    created_at=self._now(),
                    updated_at=self._now(),
                    state=JobState.DONE,
                    batch=batch.id,
                )
                unit.import_jobs.add(job)
        self._uploads.open_folder(job.id)
        return self.begin(actor, job.id, JobTask.UNDO)

    def findings(self, actor: Actor, job_id: str) -> Findings | None:
        """What the last check found, ``None`` where there was none or it is not kept any more.

        Raises:
            Forbidden, NotFound: as for :meth:`get`.
        """
        return found_in_files.kept(self._folder(actor, job_id))

    def issues(
        self,
        actor: Actor,
        job_id: str,
        request: PageRequest,
        *,
        is_error: bool = True,
        group: tuple[str, str] | None = None,
    ) -> Page[RowError]:
        """A part of the errors or the warnings that the last check found, by row.

        Args:
            group: column and code of the ones that are wanted, ``None`` for all.

        Raises:
            Forbidden, NotFound: as for :meth:`get`.
            InvalidInput: the cursor is not of this list.
        """
        folder = self._folder(actor, job_id)
        findings = found_in_files.kept(folder)
        if findings is None:
            return Page(())
        return found_in_files.issues(folder, findings, request, is_error=is_error, group=group)

    def annotated(self, actor: Actor, job_id: str) -> Path:
        """The workbook with remarks.

        Raises:
            Forbidden: the actor does not write the library.
            NotFound: there is none, or it is not the actor's.
        """
        path = self._folder(actor, job_id).annotated
        if not path.is_file():
            raise NotFound("import.no_annotated")
        return path

    def expire(self) -> int:
        """Delete files with which nothing was done for long, and what is left of none; how many imports expired.

        Run by the system from time to time, for nobody in particular.
        """
        now = self._now()
        with self._database.write() as unit:
            old = unit.import_jobs.older(now - self._keep)
            expired = [job for job in old if job.is_open]
            for job in expired:
                state = JobState.DONE if job.task is JobTask.UNDO else JobState.EXPIRED
                unit.import_jobs.put(replace(job, state=state, updated_at=now))
        for job in old:
            self._uploads.folder(job.id).remove()
        with self._database.read() as unit:
            known = unit.import_jobs.ids()
        for folder in self._uploads.strays(known):
            if folder.is_older(now - self._keep):
                folder.remove()
        return len(expired)

    def _folder(self, actor: Actor, job_id: str) -> JobFolder:
        return self._uploads.folder(self.get(actor, job_id).job.id)

    def _begun(self, job: ImportJob, task: JobTask) -> ImportJob:
        return replace(
            job,
            state=BUSY[task],
            task=task,
            attempt=job.attempt + 1,
            claimed_at=None,
            fault=None,
            updated_at=self._now(),
        )
