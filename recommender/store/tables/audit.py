"""The audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from recommender.store.tables.base import Base, Number


class AuditRow(Base):
    """One line of the audit trail; ``id`` gives the order and is never used twice."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "target", "id"),
        Index(None, "actor", "id"),
        Index(None, "action", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Number] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    target: Mapped[str]
    detail: Mapped[dict[str, Any]]
