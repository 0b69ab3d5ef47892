"""Tables of requests, and indexes for the lists of the library."""

from collections.abc import Sequence
from typing import Final

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LISTED: Final = (("enterprise", "code"), ("expert", "id"), ("platform", "id"), ("achievement", "id"))


def upgrade() -> None:
    """Create the tables and the indexes."""
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
