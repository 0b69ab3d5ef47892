"""Takes files in, and leads them up to the check: what kind of file it is, and which column is which field."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO, Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import Conflict, InvalidData
from recommender.domain.import_jobs import ImportJob, JobOptions, JobState, JobTask
from recommender.domain.match import AuditEntry
from recommender.exchange.files import FileFacts, FileFormat, inspect
from recommender.exchange.looking import FileLook, LookedColumn, SheetHead, look, read_heads, recognised
from recommender.exchange.tables import table_of
from recommender.services.import_jobs.folder import JobFolder, UploadStore
from recommender.services.import_jobs.jobs import MAX_OPEN, ImportJobService
from recommender.services.import_jobs.views import not_now, own, require_task, source_of
from recommender.services.import_source import called
from recommender.services.imports import ImportService
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_MAX_NAME: Final = 120


class ImportReceiver:
    """Use-cases of files before they are checked; whoever sent one is the only one who comes across it.

    Args:
        jobs: what is known of imports under way.
        uploads: where the files lie.
    """

    def __init__(
        self,
        database: Database,
        imports: ImportService,
        jobs: ImportJobService,
        uploads: UploadStore,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._imports = imports
        self._jobs = jobs
        self._uploads = uploads
        self._now = now

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

    def look(self, actor: Actor, job_id: str, *, kind: str = "", options: JobOptions | None = None) -> FileLook:
        """The first rows of a file, and which column probably is which field.

        Args:
            kind, options: to look at it with, by default those of the import.

        Raises:
            Forbidden, NotFound: as for :meth:`ImportJobService.get`.
            InvalidInput: there is no such kind, or the mapping is wrong.
            InvalidData: the file cannot be read.
            Conflict: the file is not kept any more.
        """
        job = self._jobs.get(actor, job_id).job
        chosen = options or job.options
        table = self._imports.remembered(actor, kind or job.kind, chosen.mapping)
        heads = self._heads(job)
        return look(heads, table, sheet=chosen.sheet, header_row=chosen.header_row)

    def choose(self, actor: Actor, job_id: str, kind: str, options: JobOptions) -> ImportJob:
        """Say how a file is to be read; what an earlier check found is forgotten.

        Raises:
            Forbidden, NotFound: as for :meth:`ImportJobService.get`.
            InvalidInput: there is no such kind, or the mapping is wrong.
            InvalidData: two columns are to be the same field, or the file cannot be read.
            Conflict: it is being worked on, or was imported already.
        """
        self._refuse_repeated(self.look(actor, job_id, kind=kind, options=options))
        with self._database.write() as unit:
            job = own(unit, actor, job_id)
            require_task(self._uploads, job, JobTask.CHECK)
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

    def discard(self, actor: Actor, job_id: str) -> None:
        """Forget an import that was not brought to its end, and delete the file.

        Raises:
            Forbidden, NotFound: as for :meth:`ImportJobService.get`.
            Conflict: it is being worked on, or was imported.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.write() as unit:
            job = own(unit, actor, job_id)
            if job.batch or (job.is_busy and job.claimed_at is not None):
                raise not_now(job)
            unit.import_jobs.remove(job.id)
            self._note(unit, actor, job, "discard")
        self._uploads.folder(job.id).remove()

    def forget_mapping(self, actor: Actor, job_id: str) -> bool:
        """Forget what is remembered about files with the same headers; whether there was anything.

        Raises:
            Forbidden, NotFound: as for :meth:`ImportJobService.get`.
            InvalidInput, InvalidData, Conflict: as for :meth:`look`.
        """
        job = self._jobs.get(actor, job_id).job
        path = source_of(self._uploads, job)
        with called(job.file_name):
            return self._imports.forget_mapping(job.kind, path, actor=actor, sheet=job.options.sheet or None)

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
        path = source_of(self._uploads, job)
        with called(job.file_name):
            return read_heads(path, facts)

    def _note(self, unit: UnitOfWork, actor: Actor, job: ImportJob, what: str) -> None:
        detail: dict[str, object] = {"kind": job.kind, "sha256": job.sha256, "n_bytes": job.n_bytes}
        action = f"import:file:{what}"
        unit.audit.append(
            AuditEntry(at=self._now(), actor=actor.id, action=action, target=job.file_name, detail=detail)
        )


def _short(name: str) -> str:
    """The name that a browser gives a file, without folders and no longer than lists can show."""
    last = name.replace("\\", "/").rpartition("/")[2]
    text = "".join(character for character in last if character.isprintable()).strip() or "file"
    if len(text) <= _MAX_NAME:
        return text
    stem, dot, ending = text.rpartition(".")
    return f"{stem[: _MAX_NAME - 10]}…{dot}{ending[:8]}"
