"""Tables of requests, and indexes for the lists of the library."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_LISTED: Final = (("enterprise", "code"), ("expert", "id"), ("platform", "id"), ("achievement", "id"))


def upgrade() -> None:
    """Create the tables and the indexes."""
    op.create_table(
        "keyed_request",
        sa.Column("id", CODE, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_keyed_request"),
    )
    op.create_index("ix_keyed_request_expires_at", "keyed_request", ["expires_at"])
    for table, key in _LISTED:
        op.create_index(f"ix_{table}_updated_at_{key}", table, ["updated_at", key])
    op.create_index("ix_achievement_year_id", "achievement", ["year", "id"])
    op.drop_index("ix_achievement_year", "achievement")


def downgrade() -> None:
    """Drop the indexes and the tables."""
    op.create_index("ix_achievement_year", "achievement", ["year"])
    op.drop_index("ix_achievement_year_id", "achievement")
    for table, key in _LISTED:
        op.drop_index(f"ix_{table}_updated_at_{key}", table)
    op.drop_table("keyed_request")
