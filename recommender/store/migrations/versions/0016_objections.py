"""Table of objections and their answers, and indexes by which the audit trail is looked through."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; nobody has objected so far."""
    table = "objection"
    op.create_table(
        table,
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("account_id", CODE, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("handled_by", sa.Text(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id_account"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 200", name=op.f(f"ck_{table}_id_length")),
        sa.CheckConstraint("version >= 0", name=op.f(f"ck_{table}_version_range")),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{table}_id", table, ["id"], unique=True)
    op.create_index(f"ix_{table}_account_id_number", table, ["account_id", "number"])
    op.create_index(f"ix_{table}_state_due_on", table, ["state", "due_on"])
    op.create_index(f"ix_{table}_closed_at", table, ["closed_at"])
    for column in ("actor", "action"):
        op.create_index(f"ix_audit_{column}_id", "audit", [column, "id"])


def downgrade() -> None:
    """Drop the indexes and the table."""
    for column in ("action", "actor"):
        op.drop_index(f"ix_audit_{column}_id", "audit")
    op.drop_table("objection")
