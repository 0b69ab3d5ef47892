"""Pools of candidates for blind judging, their items, and the judgements."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; nothing was judged so far."""
    _create_judging_pool()
    _create_judging_item()
    _create_judgement()


def downgrade() -> None:
    """Drop the tables with all judgements."""
    for table in ("judgement", "judging_item", "judging_pool"):
        op.drop_table(table)


def _create_judging_pool() -> None:
    table = "judging_pool"
    op.create_table(
        table,
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("systems", sa.JSON(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("overlap_ratio", sa.Float(53), nullable=False),
        sa.Column("n_judges", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", CODE, nullable=False),
        sa.Column("encoder_id", CODE, nullable=False),
        sa.Column("configuration_hash", sa.Text(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("id", name=op.f(f"uq_{table}_id")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 200", name=op.f(f"ck_{table}_id_length")),
        sa.CheckConstraint("overlap_ratio BETWEEN 0 AND 1", name=op.f(f"ck_{table}_overlap_ratio_range")),
        sa.CheckConstraint("depth >= 0", name=op.f(f"ck_{table}_depth_range")),
        sa.CheckConstraint("n_judges >= 0", name=op.f(f"ck_{table}_n_judges_range")),
        sqlite_autoincrement=True,
    )


def _create_judging_item() -> None:
    table = "judging_item"
    op.create_table(
        table,
        sa.Column("pool_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("need_id", CODE, nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("target_id", CODE, nullable=False),
        sa.Column("ranks", sa.JSON(), nullable=False),
        sa.Column("n_wanted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pool_number", "number", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["pool_number"],
            ["judging_pool.number"],
            name=op.f(f"fk_{table}_pool_number_judging_pool"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "pool_number",
            "need_id",
            "target_kind",
            "target_id",
            name=op.f(f"uq_{table}_pool_number_need_id_target_kind_target_id"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f(f"ck_{table}_number_range")),
        sa.CheckConstraint("n_wanted >= 1", name=op.f(f"ck_{table}_n_wanted_range")),
        sa.CheckConstraint("length(need_id) BETWEEN 1 AND 200", name=op.f(f"ck_{table}_need_id_length")),
        sa.CheckConstraint("length(target_id) BETWEEN 1 AND 200", name=op.f(f"ck_{table}_target_id_length")),
    )
    op.create_index(op.f(f"ix_{table}_need_id"), table, ["need_id"])
    op.create_index(op.f(f"ix_{table}_target_kind_target_id"), table, ["target_kind", "target_id"])


def _create_judgement() -> None:
    table = "judgement"
    op.create_table(
        table,
        sa.Column("pool_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("pool_number", "number", "judge", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["pool_number", "number"],
            ["judging_item.pool_number", "judging_item.number"],
            name=op.f(f"fk_{table}_pool_number_number_judging_item"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("grade BETWEEN 0 AND 3", name=op.f(f"ck_{table}_grade_range")),
    )
