"""The table of imports under way."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "import_job",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("n_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("fault", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_import_job"),
        sa.UniqueConstraint("id", name="uq_import_job_id"),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 200", name=op.f("ck_import_job_id_length")),
        sqlite_autoincrement=True,
    )
    for column in ("owner", "state", "updated_at"):
        op.create_index(f"ix_import_job_{column}", "import_job", [column])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("import_job")
