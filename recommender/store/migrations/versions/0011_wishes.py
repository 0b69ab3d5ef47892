"""Tables of what enterprises wish for."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; nothing was said yet."""
    op.create_table(
        "wish",
        sa.Column("number", NUMBER, nullable=False),
        *_columns(CODE, "pair_id"),
        *_columns(sa.Text(), "source_kind"),
        *_columns(CODE, "source_id"),
        *_columns(sa.Text(), "target_kind"),
        *_columns(CODE, "target_id"),
        *_columns(sa.Integer(), "version"),
        *_columns(sa.Boolean(), "is_current"),
        *_columns(sa.Text(), "stance", "reason", nullable=True),
        *_columns(sa.Text(), "note", "actor"),
        *_columns(sa.DateTime(timezone=True), "at"),
        *_columns(sa.Integer(), "undoes", nullable=True),
        *_columns(CODE, "run_id", nullable=True),
        *_columns(sa.Text(), "snapshot", "encoder", "configuration_hash", nullable=True),
        *_columns(sa.Integer(), "position", nullable=True),
        *_columns(sa.Float(53), "score", nullable=True),
        *_columns(sa.JSON(), "parts", nullable=True),
        *_columns(sa.Text(), "shown_reason", nullable=True),
        *_columns(sa.JSON(), "evidence_ids", nullable=True),
        *_columns(sa.Float(53), "propensity", nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_wish"),
        sa.UniqueConstraint("pair_id", "version", name="uq_wish_pair_id_version"),
        _check("version_range", "version >= 1"),
        _check("position_range", "position >= 1"),
        _check("propensity_range", "propensity > 0 AND propensity <= 1"),
        _check("source_id_length", "length(source_id) BETWEEN 1 AND 200"),
        _check("target_id_length", "length(target_id) BETWEEN 1 AND 200"),
        sqlite_autoincrement=True,
    )
    for columns in (
        ["source_id", "target_kind", "target_id"],
        ["target_kind", "target_id"],
        ["stance", "is_current"],
    ):
        op.create_index(f"ix_wish_{'_'.join(columns)}", "wish", columns)


def downgrade() -> None:
    """Drop the table; what was said is lost."""
    op.drop_table("wish")


def _columns(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_wish_{name}"))
