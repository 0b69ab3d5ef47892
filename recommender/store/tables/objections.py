"""Objections and what was answered."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.objections import ObjectionOutcome, ObjectionState, ObjectionSubject
from recommender.store.columns import CODE_TYPE, Code, EnumText
from recommender.store.tables.base import Base, Number, code_length, not_negative


class ObjectionRow(Base):
    """One objection; ``number`` gives the order. ``about`` is no foreign key: it may leave the library."""

    __tablename__ = "objection"
    __table_args__ = (
        code_length("id"),
        *not_negative("version"),
        Index(None, "id", unique=True),
        Index(None, "account_id", "number"),
        Index(None, "state", "due_on"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    account_id: Mapped[str] = mapped_column(CODE_TYPE, ForeignKey("account.id", ondelete="CASCADE"))
    subject: Mapped[ObjectionSubject] = mapped_column(EnumText(ObjectionSubject))
    about: Mapped[str]
    text: Mapped[str]
    state: Mapped[ObjectionState] = mapped_column(EnumText(ObjectionState))
    at: Mapped[datetime]
    due_on: Mapped[date]
    outcome: Mapped[ObjectionOutcome | None] = mapped_column(EnumText(ObjectionOutcome))
    answer: Mapped[str]
    handled_by: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    version: Mapped[int]
