"""Consent, reveals, the processing log, erasures and who may not come back.

Contacts that an earlier version left in clear are not sealed here: that needs the keys, which lie outside of the
database. Bringing the tables up to date does it right afterwards.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; what records say of consent so far stays in them."""
    _create_consent_entry()
    _create_reveal()
    _create_processing()
    _create_erasure()
    _create_suppressed()


def downgrade() -> None:
    """Drop the tables with all they prove."""
    for table in ("suppressed", "erasure", "processing", "reveal", "consent_entry"):
        op.drop_table(table)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _create_consent_entry() -> None:
    table = "consent_entry"
    op.create_table(
        table,
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("person_id", CODE, nullable=False),
        *_texts("scope", "decision", "basis", "evidence"),
        sa.Column("at", INSTANT, nullable=False),
        *_texts("actor"),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.CheckConstraint("length(person_id) BETWEEN 1 AND 200", name=op.f(f"ck_{table}_person_id_length")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def _create_reveal() -> None:
    table = "reveal"
    op.create_table(
        table,
        sa.Column("number", NUMBER, nullable=False),
        *_texts("person_kind"),
        sa.Column("person_id", CODE, nullable=False),
        *_texts("actor", "purpose"),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT, nullable=False),
        sa.Column("case_id", CODE, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.CheckConstraint("length(person_id) BETWEEN 1 AND 200", name=op.f(f"ck_{table}_person_id_length")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{table}_person_kind_person_id"), table, ["person_kind", "person_id"])
    op.create_index(op.f(f"ix_{table}_actor_valid_until"), table, ["actor", "valid_until"])


def _create_processing() -> None:
    table = "processing"
    op.create_table(
        table,
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *_texts("actor", "activity", "purpose", "basis"),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("n_persons", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.CheckConstraint("n_persons >= 0", name=op.f(f"ck_{table}_n_persons_range")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{table}_at"), table, ["at"])


def _create_erasure() -> None:
    table = "erasure"
    op.create_table(
        table,
        sa.Column("id", CODE, nullable=False),
        *_texts("tombstone"),
        sa.Column("at", INSTANT, nullable=False),
        *_texts("actor", "reason", "state"),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        *_texts("identity"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 200", name=op.f(f"ck_{table}_id_length")),
    )


def _create_suppressed() -> None:
    table = "suppressed"
    op.create_table(
        table,
        sa.Column("digest", CODE, nullable=False),
        sa.Column("erasure_id", CODE, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasure.id"], name=op.f(f"fk_{table}_erasure_id_erasure"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f(f"ix_{table}_erasure_id"), table, ["erasure_id"])
