"""Probable duplicates with what was decided on them, merges with what they changed, and ids merged away."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; nothing has been compared or merged so far."""
    _create_duplicate_proposal()
    _create_record_merge()
    _create_merge_change()
    _create_merged_id()


def downgrade() -> None:
    """Drop the tables; merges stay done and cannot be undone any more."""
    for table in ("merged_id", "merge_change", "record_merge", "duplicate_proposal"):
        op.drop_table(table)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _codes(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, CODE, nullable=False) for name in names]


def _merge_number(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["merge_number"],
        ["record_merge.number"],
        name=op.f(f"fk_{table}_merge_number_record_merge"),
        ondelete="CASCADE",
    )


def _create_duplicate_proposal() -> None:
    table = "duplicate_proposal"
    op.create_table(
        table,
        *_texts("kind"),
        *_codes("first_id", "second_id"),
        sa.Column("score", sa.Float(53), nullable=True),
        sa.Column("signals", sa.JSON(), nullable=False),
        *_texts("state"),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "first_id", "second_id", name=op.f(f"pk_{table}")),
        sa.CheckConstraint("first_id < second_id", name=op.f(f"ck_{table}_order")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f(f"ck_{table}_score_range")),
    )
    op.create_index(op.f(f"ix_{table}_kind_second_id"), table, ["kind", "second_id"])


def _create_record_merge() -> None:
    table = "record_merge"
    op.create_table(
        table,
        sa.Column("number", NUMBER, nullable=False),
        *_codes("id"),
        *_texts("kind"),
        *_codes("survivor_id", "absorbed_id"),
        sa.Column("at", INSTANT, nullable=False),
        *_texts("actor"),
        sa.Column("score", sa.Float(53), nullable=True),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        *_texts("state"),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("id", name=op.f(f"uq_{table}_id")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 200", name=op.f(f"ck_{table}_id_length")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f(f"ck_{table}_score_range")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{table}_kind_survivor_id"), table, ["kind", "survivor_id"])


def _create_merge_change() -> None:
    table = "merge_change"
    op.create_table(
        table,
        sa.Column("merge_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("table_name"),
        sa.Column("row_key", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("merge_number", "position", name=op.f(f"pk_{table}")),
        _merge_number(table),
    )


def _create_merged_id() -> None:
    table = "merged_id"
    op.create_table(
        table,
        *_texts("kind"),
        *_codes("old_id", "survivor_id"),
        sa.Column("merge_number", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("kind", "old_id", name=op.f(f"pk_{table}")),
        _merge_number(table),
    )
    op.create_index(op.f(f"ix_{table}_merge_number"), table, ["merge_number"])
