"""Records that may be one, and those that were made one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.identity import MergeState, ProposalState
from recommender.domain.kinds import EntityKind
from recommender.store.columns import Code
from recommender.store.tables.base import Base, Number, code_length, ratios


class DuplicateProposalRow(Base):
    """Two records that may be one, and what a person said. Either may be gone, hence no foreign keys."""

    __tablename__ = "duplicate_proposal"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="order"),
        *ratios("score"),
        Index(None, "kind", "second_id"),
    )

    kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    first_id: Mapped[Code] = mapped_column(primary_key=True)
    second_id: Mapped[Code] = mapped_column(primary_key=True)
    score: Mapped[float | None]
    signals: Mapped[list[dict[str, Any]]]
    state: Mapped[ProposalState]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]


class RecordMergeRow(Base):
    """One record made of two; ``number`` gives the order and is never used twice."""

    __tablename__ = "record_merge"
    __table_args__ = (
        UniqueConstraint("id"),
        code_length("id"),
        *ratios("score"),
        Index(None, "kind", "survivor_id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    kind: Mapped[EntityKind]
    survivor_id: Mapped[Code]
    absorbed_id: Mapped[Code]
    at: Mapped[datetime]
    actor: Mapped[str]
    score: Mapped[float | None]
    signals: Mapped[list[dict[str, Any]]]
    chosen: Mapped[dict[str, Any]]
    state: Mapped[MergeState]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class MergeChangeRow(Base):
    """What a merge did to one row: as it was before, and a hash of what it became; NULL where there was none."""

    __tablename__ = "merge_change"

    merge_number: Mapped[Number] = mapped_column(
        ForeignKey("record_merge.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_name: Mapped[str]
    row_key: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[str | None]


class MergedIdRow(Base):
    """An id that a merge took away, and the record that answers for it since; that one may be merged in turn."""

    __tablename__ = "merged_id"

    kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    old_id: Mapped[Code] = mapped_column(primary_key=True)
    survivor_id: Mapped[Code]
    merge_number: Mapped[Number] = mapped_column(
        ForeignKey("record_merge.number", ondelete="CASCADE"),
        index=True,
    )
