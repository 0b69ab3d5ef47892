"""What enterprises say of whom they were shown. No foreign keys to the library: what was said is learned from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.kinds import EntityKind
from recommender.domain.wishes import Stance
from recommender.domain.workflow import ReasonCode
from recommender.store.columns import Code, EnumText, OptionalCode
from recommender.store.tables.base import Base, Number, code_length


class WishRow(Base):
    """意向; a line for each change, ``is_current`` on the last of its pair. What was shown may be NULL."""

    __tablename__ = "wish"
    __table_args__ = (
        UniqueConstraint("pair_id", "version"),
        CheckConstraint("version >= 1", name="version_range"),
        CheckConstraint("position >= 1", name="position_range"),
        CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity_range"),
        code_length("source_id"),
        code_length("target_id"),
        Index(None, "source_id", "target_kind", "target_id"),
        Index(None, "target_kind", "target_id"),
        Index(None, "stance", "is_current"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    pair_id: Mapped[Code]
    source_kind: Mapped[EntityKind]
    source_id: Mapped[Code]
    target_kind: Mapped[EntityKind]
    target_id: Mapped[Code]
    version: Mapped[int]
    is_current: Mapped[bool]
    stance: Mapped[Stance | None] = mapped_column(EnumText(Stance))
    reason: Mapped[ReasonCode | None] = mapped_column(EnumText(ReasonCode))
    note: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    undoes: Mapped[int | None]
    run_id: Mapped[str | None] = mapped_column(OptionalCode())
    snapshot: Mapped[str | None]
    encoder: Mapped[str | None]
    configuration_hash: Mapped[str | None]
    position: Mapped[int | None]
    score: Mapped[float | None]
    parts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    shown_reason: Mapped[str | None]
    evidence_ids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    propensity: Mapped[float | None]
