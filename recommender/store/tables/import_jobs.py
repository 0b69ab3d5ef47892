"""Imports under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.import_jobs import JobState, JobTask
from recommender.store.columns import Code, EnumText
from recommender.store.tables.base import Base, Number, code_length


class ImportJobRow(Base):
    """One file that somebody sent; its content and what was found in it lie in files, not here."""

    __tablename__ = "import_job"
    __table_args__ = (UniqueConstraint("id"), code_length("id"), {"sqlite_autoincrement": True})

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    owner: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    n_bytes: Mapped[int]
    sha256: Mapped[str]
    format: Mapped[str]
    encoding: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    options: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(EnumText(JobState), index=True)
    task: Mapped[JobTask | None] = mapped_column(EnumText(JobTask))
    attempt: Mapped[int]
    claimed_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    batch: Mapped[str]
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
