"""Needs and matches on their way: where each stands, every step it took, what came of it, and reminders.

What they are about may leave the library, hence no foreign keys to it: history stays.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.cases import Instalment, Side, Subject
from recommender.domain.kinds import ContractType, EntityKind
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.store.columns import Code, EnumText, OptionalCode
from recommender.store.tables.base import NUMBER_TYPE, Base, Number, code_length, not_negative


class NeedProgressRow(Base):
    """Where a need stands; one without a row was imported and counts as published."""

    __tablename__ = "need_progress"
    __table_args__ = (code_length("need_id"), *not_negative("version"), Index(None, "state", "due_at"))

    need_id: Mapped[Code] = mapped_column(primary_key=True)
    state: Mapped[NeedState] = mapped_column(EnumText(NeedState))
    version: Mapped[int]
    filed_by: Mapped[str]
    due_at: Mapped[datetime | None]
    due: Mapped[str]
    updated_at: Mapped[datetime | None]


class CaseRow(Base):
    """对接; ``number`` is what its rows elsewhere call it. What was shown is NULL where nothing was."""

    __tablename__ = "match_case"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("source_kind", "source_id", "target_kind", "target_id"),
        CheckConstraint("version >= 1", name="version_range"),
        CheckConstraint("position >= 1", name="position_range"),
        CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity_range"),
        code_length("source_id"),
        code_length("target_id"),
        Index(None, "target_kind", "target_id"),
        Index(None, "state", "due_at"),
        Index(None, "officer", "state"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    id: Mapped[Code]
    source_kind: Mapped[EntityKind]
    source_id: Mapped[Code]
    target_kind: Mapped[EntityKind]
    target_id: Mapped[Code]
    need_id: Mapped[str | None] = mapped_column(OptionalCode(), index=True)
    enterprise_code: Mapped[str | None] = mapped_column(OptionalCode(), index=True)
    state: Mapped[CaseState] = mapped_column(EnumText(CaseState))
    version: Mapped[int]
    officer: Mapped[str]
    claimed_by: Mapped[str]
    claimed_until: Mapped[datetime | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    due: Mapped[str]
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    pushed_at: Mapped[datetime | None]
    run_id: Mapped[str | None] = mapped_column(OptionalCode())
    snapshot: Mapped[str | None]
    encoder: Mapped[str | None]
    configuration_hash: Mapped[str | None]
    position: Mapped[int | None]
    score: Mapped[float | None]
    parts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str | None]
    evidence_ids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    propensity: Mapped[float | None]


class WorkflowStepRow(Base):
    """One step of a need or a match; rows are added, never changed."""

    __tablename__ = "workflow_step"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "version"),
        UniqueConstraint("undoes"),
        Index(None, "subject", "at"),
        Index(None, "subject", "reason", "at"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    subject: Mapped[Subject] = mapped_column(EnumText(Subject))
    subject_id: Mapped[Code]
    actor: Mapped[str]
    at: Mapped[datetime]
    from_state: Mapped[str]
    to_state: Mapped[str]
    version: Mapped[int]
    reason: Mapped[ReasonCode | None] = mapped_column(EnumText(ReasonCode))
    note: Mapped[str]
    by_system: Mapped[bool]
    batch_id: Mapped[str | None] = mapped_column(OptionalCode(), index=True)
    undoes: Mapped[int | None] = mapped_column(
        NUMBER_TYPE, ForeignKey("workflow_step.number", ondelete="CASCADE")
    )


class DecisionBatchRow(Base):
    """Steps that were made together."""

    __tablename__ = "decision_batch"
    __table_args__ = (code_length("id"), *not_negative("n_steps"))

    id: Mapped[Code] = mapped_column(primary_key=True)
    actor: Mapped[str]
    at: Mapped[datetime]
    n_steps: Mapped[int]
    undone_at: Mapped[datetime | None]


class CaseOutcomeRow(Base):
    """The contract of a match, and when it was fulfilled."""

    __tablename__ = "case_outcome"
    __table_args__ = not_negative("amount_wan")

    case_number: Mapped[Number] = mapped_column(
        ForeignKey("match_case.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    contract_kind: Mapped[ContractType | None]
    registration_number: Mapped[str]
    amount_wan: Mapped[float | None]
    signed_on: Mapped[date | None]
    completed_on: Mapped[date | None]


class CaseMilestoneRow(Base):
    """One milestone of a match."""

    __tablename__ = "case_milestone"

    case_number: Mapped[Number] = mapped_column(
        ForeignKey("match_case.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    note: Mapped[str]


class CaseEvaluationRow(Base):
    """How one side judges a match."""

    __tablename__ = "case_evaluation"
    __table_args__ = (CheckConstraint("grade BETWEEN 1 AND 5", name="grade_range"),)

    case_number: Mapped[Number] = mapped_column(
        ForeignKey("match_case.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    side: Mapped[Side] = mapped_column(EnumText(Side), primary_key=True)
    grade: Mapped[int]
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class CaseFundingRow(Base):
    """One instalment of 预研资金 of a match."""

    __tablename__ = "case_funding"
    __table_args__ = not_negative("amount_wan", "enterprise_spending_wan")

    case_number: Mapped[Number] = mapped_column(
        ForeignKey("match_case.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    instalment: Mapped[Instalment] = mapped_column(EnumText(Instalment), primary_key=True)
    paid_on: Mapped[date]
    amount_wan: Mapped[float]
    enterprise_spending_wan: Mapped[float]


class ReminderRow(Base):
    """That something is due, or overdue; said once for each time that it is expected."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "due_at", "overdue"),
        Index(None, "at"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    subject: Mapped[Subject] = mapped_column(EnumText(Subject))
    subject_id: Mapped[Code]
    due_at: Mapped[datetime]
    due: Mapped[str]
    overdue: Mapped[bool]
    at: Mapped[datetime]
