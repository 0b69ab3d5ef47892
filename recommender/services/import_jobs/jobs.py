"""Use-cases of imports in steps; whoever sent a file is the only one who comes across it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.batches import BatchState
from recommender.domain.errors import Conflict, InvalidData, InvalidInput, MatchmakerError, NotFound, Unavailable
from recommender.domain.import_jobs import (
    BUSY,
    ImportJob,
    JobOptions,
    JobProgress,
    JobState,
    JobTask,
)
from recommender.domain.match import AuditEntry
from recommender.domain.paging import Page, PageRequest
from recommender.exchange.files import FileFacts, FileFormat, inspect
from recommender.exchange.issues import RowError
from recommender.exchange.looking import FileLook, LookedColumn, SheetHead, look, read_heads, recognised
from recommender.exchange.tables import table_of
from recommender.services.batches import BatchService
from recommender.services.import_jobs import findings as found_in_files
from recommender.services.import_jobs.findings import Findings
from recommender.services.import_jobs.folder import JobFolder, UploadStore
from recommender.services.import_source import called
from recommender.services.imports import ImportService
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MAX_WAITING: Final = 20
"""Tasks that may wait, of all accounts together."""

MAX_OPEN: Final = 50
"""Imports that one account may have under way."""

_MAX_NAME: Final = 120

_BEGINS_FROM: Final[dict[JobTask, frozenset[JobState]]] = {
    JobTask.CHECK: frozenset({JobState.UPLOADED, JobState.CHECKED, JobState.INTERRUPTED}),
    JobTask.APPLY: frozenset({JobState.CHECKED, JobState.INTERRUPTED}),
    JobTask.UNDO: frozenset({JobState.DONE, JobState.INTERRUPTED}),
}
"""States in which a task may be begun."""


@dataclass(frozen=True, slots=True)
class JobView:
    """An import as its owner sees it.

    Attributes:
        progress: of the task that waits or is worked on.
        n_before: tasks that wait before this one, where it waits.
        is_kept: whether the file that was sent is still there.
    """

    job: ImportJob
    label: str
    progress: JobProgress
    n_before: int
    is_kept: bool

    @property
    def is_waiting(self) -> bool:
        """Whether a task was begun that nobody works on yet."""
        return self.job.is_busy and self.job.claimed_at is None


class ImportJobService:
    """Takes files in and leads them from step to step; the tasks themselves are done by an ``ImportRunner``.

    Args:
        uploads: where the files lie.
        keep: how long a file is kept after the last step.
        on_begun: told when a task was begun, so that nobody need look for it.
    """

    def __init__(
        self,
        database: Database,
        imports: ImportService,
        batches: BatchService,
        uploads: UploadStore,
        now: Callable[[], datetime],
        *,
        keep: timedelta,
    ) -> None:
        self._database = database
        self._imports = imports
        self._batches = batches
        self._uploads = uploads
        self._now = now
        self._keep = keep
        self.on_begun: Callable[[], None] = lambda: None
        """Told when a task was begun, so that nobody need look for it."""

    @property
    def max_bytes(self) -> int:
        """Size of the largest file that is taken."""
        return self._uploads.max_bytes

    def receive(self, actor: Actor, file: BinaryIO, name: str, *, kind: str = "") -> ImportJob:
        """Take a file in; the kind is found out where it is not said.

        Raises:
            Forbidden: the actor does not write the library.
            InvalidInput: there is no such kind.
            InvalidData: it is empty, too large, or nothing that can be read as a table; nothing of it is kept.
            Conflict: the actor has too many imports under way.
            Unavailable: the file cannot be kept.
        """
        actor.require(Permission.LIBRARY_WRITE)
        if kind:
            table_of(kind)
        name = _short(name)
        folder = self._uploads.receive(file, name)
        try:
            job = self._looked_at(actor, folder, name, kind)
            with self._database.write() as unit:
                if len(unit.import_jobs.open_of(actor.id, MAX_OPEN)) >= MAX_OPEN:
                    raise Conflict("import.too_many_jobs", maximum=MAX_OPEN)
                unit.import_jobs.add(job)
                self._note(unit, actor, job, "upload")
        except BaseException:
            folder.remove()
            raise
        return job

    def get(self, actor: Actor, job_id: str) -> JobView:
        """One import.

        Raises:
            Forbidden: the actor does not write the library.
            NotFound: there is none, or it is not the actor's.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            job = _own(unit, actor, job_id)
            waiting = unit.import_jobs.waiting() if job.is_busy else []
            batch = unit.batches.get(job.batch) if job.state is JobState.DONE and job.batch else None
        if batch is not None and batch.state is BatchState.UNDONE:
            # By somebody else, or at the command line.
            job = replace(job, state=JobState.UNDONE)
        return self._view(job, waiting)

    def open_jobs(self, actor: Actor) -> tuple[JobView, ...]:
        """What the actor has still to bring to an end, newest first.

        Raises:
            Forbidden: the actor does not write the library.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            jobs = unit.import_jobs.open_of(actor.id, MAX_OPEN)
            waiting = unit.import_jobs.waiting()
        return tuple(self._view(job, waiting) for job in jobs)

    def look(self, actor: Actor, job_id: str, *, kind: str = "", options: JobOptions | None = None) -> FileLook:
        """The first rows of a file, and which column probably is which field.

        Args:
            kind, options: to look at it with, by default those of the import.

        Raises:
            Forbidden, NotFound: as for :meth:`get`.
            InvalidInput: there is no such kind, or the mapping is wrong.
            InvalidData: the file cannot be read.
            Conflict: the file is not kept any more.
        """
        job = self.get(actor, job_id).job
        chosen = options or job.options
        table = self._imports.remembered(actor, kind or job.kind, chosen.mapping)
        heads = self._heads(job)
        return look(heads, table, sheet=chosen.sheet, header_row=chosen.header_row)

    def choose(self, actor: Actor, job_id: str, kind: str, options: JobOptions) -> ImportJob:
        """Say how a file is to be read; what an earlier check found is forgotten.

        Raises:
            Forbidden, NotFound: as for :meth:`get`.
            InvalidInput: there is no such kind, or the mapping is wrong.
            InvalidData: two columns are to be the same field, or the file cannot be read.
            Conflict: it is being worked on, or was imported already.
        """
        self._refuse_repeated(self.look(actor, job_id, kind=kind, options=options))
        with self._database.write() as unit:
            job = _own(unit, actor, job_id)
            self._require(job, JobTask.CHECK)
            job = replace(
                job,
                kind=table_of(kind).kind.value,
                options=options,
                state=JobState.UPLOADED,
                report=None,
                fault=None,
                updated_at=self._now(),
            )
            unit.import_jobs.put(job)
        self._uploads.folder(job.id).forget_findings()
        return job

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
            job = _own(unit, actor, job_id)
            self._require(job, task)
            if len(unit.import_jobs.waiting()) >= MAX_WAITING:
                raise Unavailable("import.queue_full")
            options = job.options if valid_only is None else replace(job.options, valid_only=valid_only)
            job = self._begun(replace(job, options=options), task)
            unit.import_jobs.put(job)
        self._uploads.folder(job.id).tell(JobProgress())
        self.on_begun()
        return job

    def restart(self, actor: Actor, job_id: str) -> ImportJob:
        """Begin the task anew in which an import was interrupted.

        Raises:
            Forbidden, NotFound, Conflict, Unavailable: as for :meth:`begin`.
        """
        job = self.get(actor, job_id).job
        if job.state is not JobState.INTERRUPTED or job.task is None:
            raise _not_now(job)
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

    def discard(self, actor: Actor, job_id: str) -> None:
        """Forget an import that was not brought to its end, and delete the file.

        Raises:
            Forbidden, NotFound: as for :meth:`get`.
            Conflict: it is being worked on, or was imported.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.write() as unit:
            job = _own(unit, actor, job_id)
            if job.batch or (job.is_busy and job.claimed_at is not None):
                raise _not_now(job)
            unit.import_jobs.remove(job.id)
            self._note(unit, actor, job, "discard")
        self._uploads.folder(job.id).remove()

    def forget_mapping(self, actor: Actor, job_id: str) -> bool:
        """Forget what is remembered about files with the same headers; whether there was anything.

        Raises:
            Forbidden, NotFound: as for :meth:`get`.
            InvalidInput, InvalidData, Conflict: as for :meth:`look`.
        """
        job = self.get(actor, job_id).job
        path = self._source(job)
        with called(job.file_name):
            return self._imports.forget_mapping(job.kind, path, actor=actor, sheet=job.options.sheet or None)

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

    def _looked_at(self, actor: Actor, folder: JobFolder, name: str, kind: str) -> ImportJob:
        """The import of a file that can be read as far as its first rows tell."""
        with called(name):
            facts = inspect(folder.source)
            heads = read_heads(folder.source, facts)
        found = recognised(heads)
        now = self._now()
        sheet = found[1] if found is not None and (not kind or found[0].kind.value == kind) else ""
        return ImportJob(
            id=folder.path.name,
            owner=actor.id,
            kind=kind or (found[0].kind.value if found is not None else ""),
            file_name=name,
            n_bytes=facts.n_bytes,
            sha256=facts.sha256,
            format=facts.format.value,
            encoding=facts.encoding,
            created_at=now,
            updated_at=now,
            options=JobOptions(sheet=sheet),
        )

    @staticmethod
    def _refuse_repeated(found: FileLook) -> None:
        taken: dict[str, LookedColumn] = {}
        for column in found.columns:
            if column.header in taken:
                first = taken[column.header]
                raise InvalidData(
                    "import.columns_repeated",
                    column=column.header,
                    first=f"第 {first.position} 列“{first.written}”",
                    second=f"第 {column.position} 列“{column.written}”",
                )
            if column.header:
                taken[column.header] = column

    def _heads(self, job: ImportJob) -> tuple[SheetHead, ...]:
        facts = FileFacts(
            name=job.file_name,
            sha256=job.sha256,
            n_bytes=job.n_bytes,
            format=FileFormat(job.format),
            encoding=job.encoding,
        )
        path = self._source(job)
        with called(job.file_name):
            return read_heads(path, facts)

    def _source(self, job: ImportJob) -> Path:
        folder = self._uploads.folder(job.id)
        if not folder.is_there:
            raise Conflict("import.upload_gone", name=job.file_name)
        return folder.source

    def _folder(self, actor: Actor, job_id: str) -> JobFolder:
        return self._uploads.folder(self.get(actor, job_id).job.id)

    def _view(self, job: ImportJob, waiting: Sequence[ImportJob]) -> JobView:
        folder = self._uploads.folder(job.id)
        ids = [each.id for each in waiting]
        is_kept = folder.is_there
        if job.is_open and not is_kept and job.task is not JobTask.UNDO:
            # After a restore the files are elsewhere.
            job = replace(job, state=JobState.EXPIRED)
        return JobView(
            job=job,
            label=table_of(job.kind).label if job.kind else "",
            progress=folder.progress() if job.is_busy else JobProgress(),
            n_before=ids.index(job.id) if job.id in ids else 0,
            is_kept=is_kept,
        )

    def _require(self, job: ImportJob, task: JobTask) -> None:
        """Refuse a task that cannot be begun now."""
        if job.state not in _BEGINS_FROM[task] or (task is not JobTask.UNDO and job.batch):
            raise _not_now(job)
        if task is JobTask.UNDO:
            return
        self._source(job)
        if not job.kind:
            raise InvalidInput("import.kind_missing")

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

    def _note(self, unit: UnitOfWork, actor: Actor, job: ImportJob, what: str) -> None:
        detail: dict[str, object] = {"kind": job.kind, "sha256": job.sha256, "n_bytes": job.n_bytes}
        action = f"import:file:{what}"
        unit.audit.append(
            AuditEntry(at=self._now(), actor=actor.id, action=action, target=job.file_name, detail=detail)
        )


def _own(unit: UnitOfWork, actor: Actor, job_id: str) -> ImportJob:
    job = unit.import_jobs.get(job_id)
    if job is None or job.owner != actor.id:
        raise NotFound("import.job_not_found")
    return job


def _not_now(job: ImportJob) -> MatchmakerError:
    return Conflict("import.job_state", name=job.file_name, state=job.state.value)


def _short(name: str) -> str:
    """The name that a browser gives a file, without folders and no longer than lists can show."""
    last = name.replace("\\", "/").rpartition("/")[2]
    text = "".join(character for character in last if character.isprintable()).strip() or "file"
    if len(text) <= _MAX_NAME:
        return text
    stem, dot, ending = text.rpartition(".")
    return f"{stem[: _MAX_NAME - 10]}…{dot}{ending[:8]}"
