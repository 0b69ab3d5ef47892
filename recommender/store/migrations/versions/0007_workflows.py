"""Where needs and matches stand, every step they took, what came of them, and reminders."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OUTCOMES = ("case_outcome", "case_milestone", "case_evaluation", "case_funding")


def upgrade() -> None:
    """Create the tables; needs that are there count as published, and nothing is under way."""
    _create_need_progress()
    _create_match_case()
    _create_workflow_step()
    _create_decision_batch()
    _create_case_outcome()
    _create_case_milestone()
    _create_case_evaluation()
    _create_case_funding()
    _create_reminder()


def downgrade() -> None:
    """Drop the tables; what was decided is lost."""
    for table in ("reminder", *_OUTCOMES, "decision_batch", "workflow_step", "match_case", "need_progress"):
        op.drop_table(table)


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _columns(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [_column(name, kind) for name in names]


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _length(table: str, column: str) -> sa.CheckConstraint:
    return _check(table, f"{column}_length", f"length({column}) BETWEEN 1 AND 200")


def _not_negative(table: str, column: str) -> sa.CheckConstraint:
    return _check(table, f"{column}_range", f"{column} >= 0")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _of_case(table: str) -> list[sa.schema.SchemaItem]:
    key = sa.ForeignKeyConstraint(
        ["case_number"],
        ["match_case.number"],
        name=op.f(f"fk_{table}_case_number_match_case"),
        ondelete="CASCADE",
    )
    return [sa.Column("case_number", NUMBER, autoincrement=False, nullable=False), key]


def _create_need_progress() -> None:
    table = "need_progress"
    op.create_table(
        table,
        _column("need_id", CODE),
        _column("state", sa.Text()),
        _column("version", sa.Integer()),
        _column("filed_by", sa.Text()),
        _optional("due_at", INSTANT),
        _column("due", sa.Text()),
        _optional("updated_at", INSTANT),
        sa.PrimaryKeyConstraint("need_id", name=op.f(f"pk_{table}")),
        _length(table, "need_id"),
        _not_negative(table, "version"),
    )
    _index(table, "state", "due_at")


def _create_match_case() -> None:
    table = "match_case"
    op.create_table(
        table,
        _column("number", NUMBER),
        _column("id", CODE),
        _column("source_kind", sa.Text()),
        _column("source_id", CODE),
        _column("target_kind", sa.Text()),
        _column("target_id", CODE),
        _optional("need_id", CODE),
        _optional("enterprise_code", CODE),
        _column("state", sa.Text()),
        _column("version", sa.Integer()),
        *_columns(sa.Text(), "officer", "claimed_by"),
        *(_optional(name, INSTANT) for name in ("claimed_until", "due_at")),
        _column("due", sa.Text()),
        *_columns(INSTANT, "opened_at", "updated_at"),
        _optional("pushed_at", INSTANT),
        _optional("run_id", CODE),
        *(_optional(name, sa.Text()) for name in ("snapshot", "encoder", "configuration_hash")),
        _optional("position", sa.Integer()),
        _optional("score", sa.Float(53)),
        _optional("parts", sa.JSON()),
        _optional("reason", sa.Text()),
        _optional("evidence_ids", sa.JSON()),
        _optional("propensity", sa.Float(53)),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        _unique(table, "id"),
        _unique(table, "source_kind", "source_id", "target_kind", "target_id"),
        _check(table, "version_range", "version >= 1"),
        _check(table, "position_range", "position >= 1"),
        _check(table, "propensity_range", "propensity > 0 AND propensity <= 1"),
        _length(table, "source_id"),
        _length(table, "target_id"),
        sqlite_autoincrement=True,
    )
    for columns in (
        ("target_kind", "target_id"),
        ("state", "due_at"),
        ("officer", "state"),
        ("need_id",),
        ("enterprise_code",),
        ("claimed_until",),
    ):
        _index(table, *columns)


def _create_workflow_step() -> None:
    table = "workflow_step"
    op.create_table(
        table,
        _column("number", NUMBER),
        _column("subject", sa.Text()),
        _column("subject_id", CODE),
        _column("actor", sa.Text()),
        _column("at", INSTANT),
        *_columns(sa.Text(), "from_state", "to_state"),
        _column("version", sa.Integer()),
        _optional("reason", sa.Text()),
        _column("note", sa.Text()),
        _column("by_system", sa.Boolean()),
        _optional("batch_id", CODE),
        _optional("undoes", NUMBER),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        _unique(table, "subject", "subject_id", "version"),
        _unique(table, "undoes"),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["workflow_step.number"],
            name=op.f(f"fk_{table}_undoes_workflow_step"),
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    _index(table, "subject", "at")
    _index(table, "batch_id")


def _create_decision_batch() -> None:
    table = "decision_batch"
    op.create_table(
        table,
        _column("id", CODE),
        _column("actor", sa.Text()),
        _column("at", INSTANT),
        _column("n_steps", sa.Integer()),
        _optional("undone_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _length(table, "id"),
        _not_negative(table, "n_steps"),
    )


def _create_case_outcome() -> None:
    table = "case_outcome"
    op.create_table(
        table,
        *_of_case(table),
        _optional("contract_kind", sa.Text()),
        _column("registration_number", sa.Text()),
        _optional("amount_wan", sa.Float(53)),
        _optional("signed_on", sa.Date()),
        _optional("completed_on", sa.Date()),
        sa.PrimaryKeyConstraint("case_number", name=op.f(f"pk_{table}")),
        _not_negative(table, "amount_wan"),
    )


def _create_case_milestone() -> None:
    table = "case_milestone"
    op.create_table(
        table,
        *_of_case(table),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _column("title", sa.Text()),
        _optional("due_on", sa.Date()),
        _optional("done_on", sa.Date()),
        _column("note", sa.Text()),
        sa.PrimaryKeyConstraint("case_number", "number", name=op.f(f"pk_{table}")),
    )


def _create_case_evaluation() -> None:
    table = "case_evaluation"
    op.create_table(
        table,
        *_of_case(table),
        _column("side", sa.Text()),
        _column("grade", sa.Integer()),
        *_columns(sa.Text(), "text", "by"),
        _column("at", INSTANT),
        sa.PrimaryKeyConstraint("case_number", "side", name=op.f(f"pk_{table}")),
        _check(table, "grade_range", "grade BETWEEN 1 AND 5"),
    )


def _create_case_funding() -> None:
    table = "case_funding"
    op.create_table(
        table,
        *_of_case(table),
        _column("instalment", sa.Text()),
        _column("paid_on", sa.Date()),
        *_columns(sa.Float(53), "amount_wan", "enterprise_spending_wan"),
        sa.PrimaryKeyConstraint("case_number", "instalment", name=op.f(f"pk_{table}")),
        _not_negative(table, "amount_wan"),
        _not_negative(table, "enterprise_spending_wan"),
    )


def _create_reminder() -> None:
    table = "reminder"
    op.create_table(
        table,
        _column("number", NUMBER),
        _column("subject", sa.Text()),
        _column("subject_id", CODE),
        _column("due_at", INSTANT),
        _column("due", sa.Text()),
        _column("overdue", sa.Boolean()),
        _column("at", INSTANT),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        _unique(table, "subject", "subject_id", "due_at", "overdue"),
        sqlite_autoincrement=True,
    )
    _index(table, "at")
