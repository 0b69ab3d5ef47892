"""Runs, what they suggest, how far they are, and which one readers see."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.kinds import (
    EntityKind,
)
from recommender.domain.runs import RunKind, RunState, ShardStage, ShardState
from recommender.store.columns import Code
from recommender.store.tables.base import (
    NUMBER_TYPE,
    Base,
    Number,
    code_length,
    not_negative,
)


class MatchRunRow(Base):
    """批次; ``number`` is what its rows elsewhere call it: short, in order of the starts, never used twice."""

    __tablename__ = "match_run"
    __table_args__ = (
        UniqueConstraint("id"),
        code_length("id"),
        *not_negative("n_sources"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    kind: Mapped[RunKind]
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    state: Mapped[RunState]
    as_of: Mapped[date | None]
    scope: Mapped[str]
    snapshot_id: Mapped[str]
    encoder_id: Mapped[str]
    configuration_hash: Mapped[str]
    inputs_hash: Mapped[str]
    n_sources: Mapped[int]
    report: Mapped[dict[str, Any]]


class SuggestionRow(Base):
    """推荐. Source and target may be of any kind, hence no foreign keys; the store deletes them together.

    Nor is there one to the run: PostgreSQL would look it up for every row, which about doubles the time of
    storing. The store locks the run while it adds to it, and deletes the suggestions before the run.

    A night adds 2.5 million of these in the order of the key, so that the table grows at its end. An index of
    targets alone would be written all over and cost four times the rest; led by ``block``, the number of the
    portion that a row was stored with, it grows at its end as well, and a look-up visits each block once. The
    blocks of a run are numbered from :func:`first_block` on.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        Index(None, "block", "target_kind", "target_id"),
        CheckConstraint("position >= 1", name="position_range"),
        code_length("source_id"),
        code_length("target_id"),
        {"sqlite_with_rowid": False},
    )

    run_number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    source_kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    source_id: Mapped[Code] = mapped_column(primary_key=True)
    target_kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    target_id: Mapped[Code]
    score: Mapped[float]
    parts: Mapped[dict[str, Any]]
    reason: Mapped[str]
    evidence_ids: Mapped[tuple[str, ...]]
    block: Mapped[Number]


_BLOCKS_PER_RUN: Final = 10_000


def first_block(run_number: int) -> int:
    """The number of a run's first block; those of different runs never meet."""
    return run_number * _BLOCKS_PER_RUN


def last_possible_block(run_number: int) -> int:
    """The highest number that a block of a run may have."""
    return first_block(run_number + 1) - 1


class RunShardRow(Base):
    """One stage of one shard of a run; ``payload`` is what it found, until the run has no more use for it."""

    __tablename__ = "run_shard"

    run_number: Mapped[Number] = mapped_column(
        ForeignKey("match_run.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    stage: Mapped[ShardStage] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[ShardState]
    attempts: Mapped[int]
    error: Mapped[str]
    updated_at: Mapped[datetime]
    sha256: Mapped[str | None]
    payload: Mapped[bytes | None]


class LeaseRow(Base):
    """Who may do something alone, and until when; the row stays after a release, so that tokens only grow."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    token: Mapped[int] = mapped_column(NUMBER_TYPE)
    expires_at: Mapped[datetime]


class PublicationRow(Base):
    """A change of the run that readers see; the newest line counts, ``previous_number`` is what it replaced."""

    __tablename__ = "publication"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    number: Mapped[Number] = mapped_column(primary_key=True)
    run_number: Mapped[Number] = mapped_column(ForeignKey("match_run.number", ondelete="CASCADE"))
    previous_number: Mapped[int | None] = mapped_column(
        NUMBER_TYPE, ForeignKey("publication.number", ondelete="SET NULL")
    )
    at: Mapped[datetime]
    actor: Mapped[str]
