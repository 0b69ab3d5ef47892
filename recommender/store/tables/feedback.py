"""Pools of candidates for blind judging, and what people said of them."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.judging import MAX_GRADE, MIN_GRADE, System
from recommender.domain.kinds import EntityKind
from recommender.store.columns import Code, EnumTuple
from recommender.store.tables.base import Base, Number, code_length, not_negative, ratios

_FIRST: Final = 1


class JudgingPoolRow(Base):
    """A pool; ``number`` is what its rows elsewhere call it."""

    __tablename__ = "judging_pool"
    __table_args__ = (
        UniqueConstraint("id"),
        code_length("id"),
        *ratios("overlap_ratio"),
        *not_negative("depth", "n_judges"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    title: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    kinds: Mapped[tuple[EntityKind, ...]] = mapped_column(EnumTuple(EntityKind))
    systems: Mapped[tuple[System, ...]] = mapped_column(EnumTuple(System))
    depth: Mapped[int]
    overlap_ratio: Mapped[float]
    n_judges: Mapped[int]
    seed: Mapped[int]
    snapshot_id: Mapped[Code]
    encoder_id: Mapped[Code]
    configuration_hash: Mapped[str]
    closed_at: Mapped[datetime | None]


class JudgingItemRow(Base):
    """A need and a candidate. Either may be removed from the library; the store deletes the item with it."""

    __tablename__ = "judging_item"
    __table_args__ = (
        UniqueConstraint("pool_number", "need_id", "target_kind", "target_id"),
        CheckConstraint(f"number >= {_FIRST}", name="number_range"),
        CheckConstraint(f"n_wanted >= {_FIRST}", name="n_wanted_range"),
        code_length("need_id"),
        code_length("target_id"),
        Index(None, "need_id"),
        Index(None, "target_kind", "target_id"),
    )

    pool_number: Mapped[Number] = mapped_column(
        ForeignKey("judging_pool.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    need_id: Mapped[Code]
    target_kind: Mapped[EntityKind]
    target_id: Mapped[Code]
    ranks: Mapped[dict[str, Any]]
    n_wanted: Mapped[int]


class JudgementRow(Base):
    """What one person said of one item; said again, it takes the place of what was said before."""

    __tablename__ = "judgement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_number", "number"], ["judging_item.pool_number", "judging_item.number"], ondelete="CASCADE"
        ),
        CheckConstraint(f"grade BETWEEN {MIN_GRADE} AND {MAX_GRADE}", name="grade_range"),
    )

    pool_number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    judge: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[int | None]
    note: Mapped[str]
    at: Mapped[datetime]
