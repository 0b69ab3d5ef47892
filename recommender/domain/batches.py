"""Import batches: what each apply wrote, so that it can be listed and taken back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BatchState(StrEnum):
    """What became of a batch (状态)."""

    APPLIED = "已写入"
    UNDONE = "已撤销"
    SEALED = "已定稿"
    """Indexed so long ago that no roll-back of the index reaches behind it: what it replaced is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBatch:
    """One file that was applied.

    Attributes:
        id: such as ``20261122T201500-ab12cd``.
        kind: kind of file, by the name the command line uses.
        sha256: of the file's bytes.
        at: when its transaction ended, give or take nothing that happened in between.
        n_rows: rows with content in the file.
        n_new, n_changed: records that were added and replaced.
        n_unchanged, n_duplicates, n_error_rows: rows of which nothing was written.
        undone_at, undone_by: when and by whom it was taken back.
    """

    id: str
    kind: str
    file_name: str
    sha256: str
    actor: str
    at: datetime
    n_rows: int
    n_new: int
    n_changed: int
    n_unchanged: int
    n_duplicates: int
    n_error_rows: int
    state: BatchState = BatchState.APPLIED
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def n_written(self) -> int:
        """Records that were added or replaced."""
        return self.n_new + self.n_changed
