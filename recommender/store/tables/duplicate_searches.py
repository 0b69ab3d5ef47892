"""Searches for duplicates, under way and done."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.duplicate_searches import SearchState
from recommender.domain.kinds import EntityKind
from recommender.store.columns import Code, EnumText, EnumTuple
from recommender.store.tables.base import Base, Number, code_length


class DuplicateSearchRow(Base):
    """One search; ``slot`` is 1 while it is under way and NULL afterwards, so that there are never two."""

    __tablename__ = "duplicate_search"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("slot"),
        code_length("id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    slot: Mapped[int | None]
    actor: Mapped[str]
    kinds: Mapped[tuple[EntityKind, ...]] = mapped_column(EnumTuple(EntityKind))
    again: Mapped[bool]
    asked_at: Mapped[datetime]
    state: Mapped[SearchState] = mapped_column(EnumText(SearchState))
    attempt: Mapped[int]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    found: Mapped[list[dict[str, Any]]]
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
