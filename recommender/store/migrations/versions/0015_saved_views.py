"""Views that accounts keep."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "saved_view",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("account_id", CODE, nullable=False),
        sa.Column("page", CODE, nullable=False),
        sa.Column("name", CODE, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.CheckConstraint("length(page) BETWEEN 1 AND 200", name="page_length"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="name_length"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_saved_view_account_id_account", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_saved_view"),
        sa.UniqueConstraint("account_id", "page", "name", name="uq_saved_view_account_id_page_name"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("saved_view")
