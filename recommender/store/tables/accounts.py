"""Accounts, their sessions and tokens, and failed attempts to sign in. Secrets are here as hashes only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.accounts import AccountState, Permission, Role
from recommender.store.columns import CODE_TYPE, Code, EnumText, EnumTuple, OptionalCode
from recommender.store.tables.base import Base, code_length, not_negative


class AccountRow(Base):
    """账号. No foreign key to the enterprise: one that is merged or removed leaves its account as it is."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("login_name"), code_length("id"), code_length("login_name"))

    id: Mapped[Code] = mapped_column(primary_key=True)
    login_name: Mapped[Code]
    display_name: Mapped[str]
    role: Mapped[Role] = mapped_column(EnumText(Role))
    state: Mapped[AccountState] = mapped_column(EnumText(AccountState))
    whole_city: Mapped[bool]
    towns: Mapped[tuple[str, ...]]
    chains: Mapped[tuple[str, ...]]
    enterprise_code: Mapped[str | None] = mapped_column(OptionalCode, index=True)
    password_hash: Mapped[str]
    must_change_password: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]


class LoginSessionRow(Base):
    """A browser's session; ``former_hash`` is of the cookie before the present one, good for a moment longer."""

    __tablename__ = "login_session"
    __table_args__ = (UniqueConstraint("secret_hash"), code_length("id"))

    id: Mapped[Code] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(CODE_TYPE, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str]
    former_hash: Mapped[str | None] = mapped_column(index=True)
    csrf_key: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    rotated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user_agent: Mapped[str]


class AccessTokenRow(Base):
    """访问令牌 of a program; one that is revoked stays, so that its owner sees what there was."""

    __tablename__ = "access_token"
    __table_args__ = (UniqueConstraint("secret_hash"), code_length("id"))

    id: Mapped[Code] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(CODE_TYPE, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    secret_hash: Mapped[str]
    scopes: Mapped[tuple[Permission, ...]] = mapped_column(EnumTuple(Permission))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]


class SignInAttemptRow(Base):
    """Failed attempts by login name and by address; ``key`` is a hash, since people type passwords as names."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = not_negative("failures")

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
