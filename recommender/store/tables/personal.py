"""What people agreed to, who looked at what, what was done with personal data, and who was erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.kinds import EntityKind
from recommender.domain.personal import Activity, ConsentDecision, ConsentScope, ErasureState, LegalBasis
from recommender.store.columns import Code, EnumText, OptionalCode
from recommender.store.tables.base import Base, Number, code_length, not_negative


class ConsentEntryRow(Base):
    """One line of the consent ledger; the person may leave the library, the line stays."""

    __tablename__ = "consent_entry"
    __table_args__ = (code_length("person_id"), Index(None, "person_id"), {"sqlite_autoincrement": True})

    number: Mapped[Number] = mapped_column(primary_key=True)
    person_id: Mapped[Code]
    scope: Mapped[ConsentScope] = mapped_column(EnumText(ConsentScope))
    decision: Mapped[ConsentDecision] = mapped_column(EnumText(ConsentDecision))
    basis: Mapped[str]
    evidence: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class RevealRow(Base):
    """That somebody was shown a person's data in full."""

    __tablename__ = "reveal"
    __table_args__ = (
        code_length("person_id"),
        Index(None, "person_kind", "person_id"),
        Index(None, "actor", "valid_until"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    person_kind: Mapped[EntityKind]
    person_id: Mapped[Code]
    actor: Mapped[str]
    purpose: Mapped[str]
    fields: Mapped[tuple[str, ...]]
    at: Mapped[datetime]
    valid_until: Mapped[datetime]
    case_id: Mapped[str | None] = mapped_column(OptionalCode())


class ProcessingRow(Base):
    """One line of the processing log."""

    __tablename__ = "processing"
    __table_args__ = (*not_negative("n_persons"), Index(None, "at"), {"sqlite_autoincrement": True})

    number: Mapped[Number] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    activity: Mapped[Activity] = mapped_column(EnumText(Activity))
    purpose: Mapped[str]
    basis: Mapped[LegalBasis] = mapped_column(EnumText(LegalBasis))
    categories: Mapped[tuple[str, ...]]
    n_persons: Mapped[int]
    detail: Mapped[dict[str, Any]]


class ErasureRow(Base):
    """One certificate; it names nobody. ``identity`` lies sealed until nothing is left to remove."""

    __tablename__ = "erasure"
    __table_args__ = (code_length("id"),)

    id: Mapped[Code] = mapped_column(primary_key=True)
    tombstone: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    reason: Mapped[str]
    state: Mapped[ErasureState] = mapped_column(EnumText(ErasureState))
    lines: Mapped[list[dict[str, Any]]]
    findings: Mapped[tuple[str, ...]]
    finished_at: Mapped[datetime | None]
    identity: Mapped[str]


class SuppressedRow(Base):
    """A keyed hash by which imports know an erased person again; without the key it says nothing."""

    __tablename__ = "suppressed"

    digest: Mapped[Code] = mapped_column(primary_key=True)
    erasure_id: Mapped[Code] = mapped_column(ForeignKey("erasure.id", ondelete="CASCADE"), index=True)
