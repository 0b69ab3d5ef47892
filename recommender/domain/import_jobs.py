"""Imports under way: a file that somebody sent, what is to be done with it, and how far that is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from recommender.domain.jobs import JobFault


class ImportMode(StrEnum):
    """Which records of a file are written (写入方式)."""

    BOTH = "新增和更新"
    NEW = "只新增"
    CHANGED = "只更新"


class JobState(StrEnum):
    """Where an import stands (状态)."""

    UPLOADED = "已上传"
    CHECKING = "检查中"
    CHECKED = "待确认"
    APPLYING = "导入中"
    DONE = "完成"
    UNDOING = "撤销中"
    UNDONE = "已撤销"
    INTERRUPTED = "中断"
    EXPIRED = "过期"


class JobTask(StrEnum):
    """What is done with an import in the background."""

    CHECK = "检查"
    APPLY = "导入"
    UNDO = "撤销"


BUSY: Final[dict[JobTask, JobState]] = {
    JobTask.CHECK: JobState.CHECKING,
    JobTask.APPLY: JobState.APPLYING,
    JobTask.UNDO: JobState.UNDOING,
}
"""The state of an import that waits for a task or is worked on."""

OPEN: Final = frozenset(
    {JobState.UPLOADED, JobState.CHECKING, JobState.CHECKED, JobState.APPLYING, JobState.INTERRUPTED}
)
"""States of imports that somebody still has to bring to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOptions:
    """How a file is to be read and written.

    Attributes:
        sheet: worksheet of a workbook, ``""`` for the first that fits and for text files.
        header_row: row number of the header, ``None`` for where it is found.
        mapping: columns that mean something else than their header says, each ``文件表头=字段表头``.
        mode: which records are written.
        valid_only: leave out rows with errors and take the others.
    """

    sheet: str = ""
    header_row: int | None = None
    mapping: tuple[str, ...] = ()
    mode: ImportMode = ImportMode.BOTH
    valid_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """One import from upload to result.

    Attributes:
        id: random; the folder of its files is called so.
        owner: account that sent the file.
        kind: kind of file, ``""`` as long as nobody knows it.
        format, encoding: of the file, so that it need not be looked through again.
        task: what was begun last, ``None`` where nothing was.
        attempt: counts the tasks begun; who works on an earlier one was overtaken.
        claimed_at: since when the task is worked on, ``None`` while it waits.
        report: what the check came to in figures, ``None`` before the first.
        batch: id of the import batch that was written, ``""`` where none was.
        fault: why the last task came to nothing, ``None`` where it came to something.
    """

    id: str
    owner: str
    kind: str
    file_name: str
    n_bytes: int
    sha256: str
    created_at: datetime
    updated_at: datetime
    format: str = ""
    encoding: str = ""
    options: JobOptions = field(default_factory=JobOptions)
    state: JobState = JobState.UPLOADED
    task: JobTask | None = None
    attempt: int = 0
    claimed_at: datetime | None = None
    report: dict[str, Any] | None = None
    batch: str = ""
    fault: JobFault | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a task waits or is worked on."""
        return self.state in BUSY.values()

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to bring it to an end."""
        return self.state in OPEN
