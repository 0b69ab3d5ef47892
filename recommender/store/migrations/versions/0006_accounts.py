"""Accounts, their sessions and tokens, and failed attempts to sign in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _create_account()
    _create_login_session()
    _create_access_token()
    _create_sign_in_attempt()


def downgrade() -> None:
    """Drop the tables; everybody's account is lost."""
    for table in ("sign_in_attempt", "access_token", "login_session", "account"):
        op.drop_table(table)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _instants(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, INSTANT, nullable=False) for name in names]


def _code_length(table: str, column: str) -> sa.CheckConstraint:
    name = op.f(f"ck_{table}_{column}_length")
    return sa.CheckConstraint(f"length({column}) BETWEEN 1 AND 200", name=name)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_account")
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=name, ondelete="CASCADE")


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _create_account() -> None:
    table = "account"
    op.create_table(
        table,
        sa.Column("id", CODE, nullable=False),
        sa.Column("login_name", CODE, nullable=False),
        *_texts("display_name", "role", "state"),
        sa.Column("whole_city", sa.Boolean(), nullable=False),
        sa.Column("towns", sa.JSON(), nullable=False),
        sa.Column("chains", sa.JSON(), nullable=False),
        sa.Column("enterprise_code", CODE, nullable=True),
        *_texts("password_hash"),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_instants("created_at"),
        sa.Column("last_login_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("login_name", name=op.f(f"uq_{table}_login_name")),
        _code_length(table, "id"),
        _code_length(table, "login_name"),
    )
    _index(table, "enterprise_code")


def _create_login_session() -> None:
    table = "login_session"
    op.create_table(
        table,
        sa.Column("id", CODE, nullable=False),
        sa.Column("account_id", CODE, nullable=False),
        *_texts("secret_hash"),
        sa.Column("former_hash", sa.Text(), nullable=True),
        *_texts("csrf_key"),
        *_instants("created_at", "seen_at", "rotated_at", "expires_at"),
        *_texts("user_agent"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("secret_hash", name=op.f(f"uq_{table}_secret_hash")),
        _of_account(table),
        _code_length(table, "id"),
    )
    for column in ("account_id", "former_hash", "expires_at"):
        _index(table, column)


def _create_access_token() -> None:
    table = "access_token"
    op.create_table(
        table,
        sa.Column("id", CODE, nullable=False),
        sa.Column("account_id", CODE, nullable=False),
        *_texts("name", "secret_hash"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        *_instants("created_at", "expires_at"),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("secret_hash", name=op.f(f"uq_{table}_secret_hash")),
        _of_account(table),
        _code_length(table, "id"),
    )
    _index(table, "account_id")


def _create_sign_in_attempt() -> None:
    table = "sign_in_attempt"
    op.create_table(
        table,
        *_texts("key"),
        sa.Column("failures", sa.Integer(), nullable=False),
        *_instants("last_at"),
        sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{table}")),
        sa.CheckConstraint("failures >= 0", name=op.f(f"ck_{table}_failures_range")),
    )
    _index(table, "last_at")
