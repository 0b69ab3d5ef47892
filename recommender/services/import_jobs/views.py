"""An import as its owner sees it, and what may be done with it now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from recommender.domain.accounts import Actor
from recommender.domain.errors import Conflict, InvalidInput, MatchmakerError, NotFound
from recommender.domain.import_jobs import ImportJob, JobState, JobTask
from recommender.domain.jobs import JobProgress
from recommender.exchange.tables import table_of
from recommender.services.import_jobs.folder import UploadStore
from recommender.store.unit_of_work import UnitOfWork

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


def own(unit: UnitOfWork, actor: Actor, job_id: str) -> ImportJob:
    """An import of the actor's.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    job = unit.import_jobs.get(job_id)
    if job is None or job.owner != actor.id:
        raise NotFound("import.job_not_found")
    return job


def view_of(uploads: UploadStore, job: ImportJob, waiting: Sequence[ImportJob]) -> JobView:
    """An import with what its folder tells, and its place among those that wait."""
    folder = uploads.folder(job.id)
    ids = [each.id for each in waiting]
    is_kept = folder.is_there
    if job.is_open and not is_kept and job.task is not JobTask.UNDO:
        # After a restore the files are elsewhere.
        job = replace(job, state=JobState.EXPIRED)
    return JobView(
        job=job,
        label=table_of(job.kind).label if job.kind else "",
        progress=folder.progress.read() if job.is_busy else JobProgress(),
        n_before=ids.index(job.id) if job.id in ids else 0,
        is_kept=is_kept,
    )


def require_task(uploads: UploadStore, job: ImportJob, task: JobTask) -> None:
    """Refuse a task that cannot be begun now.

    Raises:
        Conflict: the import is being worked on, or is not so far yet, or the file is not kept any more.
        InvalidInput: nobody has said yet what kind of file it is.
    """
    if job.state not in _BEGINS_FROM[task] or (task is not JobTask.UNDO and job.batch):
        raise not_now(job)
    if task is JobTask.UNDO:
        return
    source_of(uploads, job)
    if not job.kind:
        raise InvalidInput("import.kind_missing")


def source_of(uploads: UploadStore, job: ImportJob) -> Path:
    """The file that was sent.

    Raises:
        Conflict: it is not kept any more.
    """
    folder = uploads.folder(job.id)
    if not folder.is_there:
        raise Conflict("import.upload_gone", name=job.file_name)
    return folder.source


def not_now(job: ImportJob) -> MatchmakerError:
    """What whoever asks for a step is told that cannot be made in this state."""
    return Conflict("import.job_state", name=job.file_name, state=job.state.value)
