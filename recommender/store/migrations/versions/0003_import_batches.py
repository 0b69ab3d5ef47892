"""Import batches with what they changed, and the column mappings that files were imported with."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; what was imported before belongs to no batch."""
    _create_import_batch()
    _create_import_change()
    _create_import_mapping()


def downgrade() -> None:
    """Drop the tables; nothing can be undone any more."""
    for table in ("import_mapping", "import_change", "import_batch"):
        op.drop_table(table)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _create_import_batch() -> None:
    counts = ("n_rows", "n_new", "n_changed", "n_unchanged", "n_duplicates", "n_error_rows")
    op.create_table(
        "import_batch",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("id", CODE, nullable=False),
        *_texts("kind", "file_name", "sha256", "actor"),
        sa.Column("at", INSTANT, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        *_texts("state"),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("id", name=op.f("uq_import_batch_id")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 200", name=op.f("ck_import_batch_id_length")),
        sqlite_autoincrement=True,
    )


def _create_import_change() -> None:
    op.create_table(
        "import_change",
        sa.Column("batch_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("record_id", CODE, nullable=False),
        *_texts("after"),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("before_version", sa.Integer(), nullable=True),
        sa.Column("before_updated_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("batch_number", "record_id", name=op.f("pk_import_change")),
        sa.ForeignKeyConstraint(
            ["batch_number"],
            ["import_batch.number"],
            name=op.f("fk_import_change_batch_number_import_batch"),
            ondelete="CASCADE",
        ),
    )


def _create_import_mapping() -> None:
    op.create_table(
        "import_mapping",
        *_texts("kind", "source"),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *_texts("actor"),
        sa.PrimaryKeyConstraint("kind", "source", name=op.f("pk_import_mapping")),
    )
