"""Indexes by which a list sees what changed without reading a record, and a record's history is found."""

from collections.abc import Sequence
from typing import Final

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LISTED: Final = (("enterprise", "code"), ("expert", "id"), ("platform", "id"), ("achievement", "id"))


def upgrade() -> None:
    """Let the indexes of the lists hold the version too: how much changed is then read along them alone."""
    for table, key in _LISTED:
        op.drop_index(f"ix_{table}_updated_at_{key}", table)
        op.create_index(f"ix_{table}_updated_at_{key}_version", table, ["updated_at", key, "version"])
    op.create_index("ix_audit_target_id", "audit", ["target", "id"])


def downgrade() -> None:
    """Take the version out of the indexes, and drop the one of the audit trail."""
    op.drop_index("ix_audit_target_id", "audit")
    for table, key in _LISTED:
        op.drop_index(f"ix_{table}_updated_at_{key}_version", table)
        op.create_index(f"ix_{table}_updated_at_{key}", table, ["updated_at", key])
