"""What was imported, and the column mappings it was read with."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.batches import BatchState
from recommender.store.columns import Code
from recommender.store.tables.base import Base, Number, code_length


class ImportBatchRow(Base):
    """One file that was applied; ``number`` gives the order and is never used twice."""

    __tablename__ = "import_batch"
    __table_args__ = (UniqueConstraint("id"), code_length("id"), {"sqlite_autoincrement": True})

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    n_rows: Mapped[int]
    n_new: Mapped[int]
    n_changed: Mapped[int]
    n_unchanged: Mapped[int]
    n_duplicates: Mapped[int]
    n_error_rows: Mapped[int]
    state: Mapped[BatchState]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class ImportChangeRow(Base):
    """What a batch did to one record: the fingerprint it left, and what stood there before, if anything.

    A city's first load writes a row for every record, so a new one costs no more than its key and fingerprint.
    """

    __tablename__ = "import_change"

    batch_number: Mapped[Number] = mapped_column(
        ForeignKey("import_batch.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    record_id: Mapped[Code] = mapped_column(primary_key=True)
    after: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    before_version: Mapped[int | None]
    before_updated_at: Mapped[datetime | None]


class ImportMappingRow(Base):
    """Which column of a source is which field, as someone once said; ``source`` is a hash of its headers."""

    __tablename__ = "import_mapping"

    kind: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    headers: Mapped[tuple[str, ...]]
    columns: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    actor: Mapped[str]
