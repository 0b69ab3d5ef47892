"""Tokens of programs, found by the hash of what the program sends."""

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, func, insert, select, update

from recommender.domain.accounts import Account
from recommender.domain.tokens import AccessToken
from recommender.store import tables
from recommender.store.accounts import ACCOUNTS, COLUMNS, account_of
from recommender.store.part import UnitPart
from recommender.store.values import check_row

_TOKENS: Final[Table] = tables.Base.metadata.tables["access_token"]
_PUBLIC: Final = tuple(_TOKENS.c[field.name] for field in fields(AccessToken))
_LABEL: Final = "token_"


class TokenRepository(UnitPart):
    """Which programs may act for whom."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, token: AccessToken, *, secret_hash: str) -> None:
        """Keep a new token.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = asdict(token) | {"scopes": tuple(sorted(token.scopes)), "secret_hash": secret_hash}
        check_row(row, kind="访问令牌", id=token.name)
        self._connection.execute(insert(_TOKENS), row)

    def find(self, secret_hash: str) -> tuple[AccessToken, Account] | None:
        """The token with that secret and its account, in one look; it may be over or revoked."""
        found = [column.label(f"{_LABEL}{column.name}") for column in _PUBLIC]
        statement = (
            select(*COLUMNS, *found)
            .join(ACCOUNTS, ACCOUNTS.c.id == _TOKENS.c.account_id)
            .where(_TOKENS.c.secret_hash == secret_hash)
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else (_token(row, _LABEL), account_of(row))

    def of_account(self, account_id: str) -> list[AccessToken]:
        """An account's tokens, the newest first."""
        statement = select(*_PUBLIC).where(_TOKENS.c.account_id == account_id)
        rows = self._connection.execute(statement.order_by(_TOKENS.c.created_at.desc(), _TOKENS.c.id))
        return [_token(row) for row in rows]

    def n_good(self, account_id: str, now: datetime) -> int:
        """How many of an account's tokens are in force."""
        good = (_TOKENS.c.revoked_at.is_(None), _TOKENS.c.expires_at > now)
        statement = select(func.count()).select_from(_TOKENS).where(_TOKENS.c.account_id == account_id, *good)
        return self._connection.execute(statement).scalar_one()

    def revoke(self, id: str, *, account_id: str, at: datetime) -> bool:
        """Take one of an account's tokens out of force; whether there is one with that id."""
        self._require_write()
        statement = update(_TOKENS).where(_TOKENS.c.id == id, _TOKENS.c.account_id == account_id)
        # Whoever revokes twice is told the same and changes nothing.
        values = {"revoked_at": func.coalesce(_TOKENS.c.revoked_at, at)}
        return self._connection.execute(statement.values(values)).rowcount == 1

    def revoke_all(self, account_id: str, *, at: datetime) -> int:
        """Take all of an account's tokens out of force; how many were in it."""
        self._require_write()
        in_force = (_TOKENS.c.account_id == account_id, _TOKENS.c.revoked_at.is_(None))
        return self._connection.execute(update(_TOKENS).where(*in_force), {"revoked_at": at}).rowcount

    def use(self, id: str, on: date) -> None:
        """Remember the day of a request."""
        self._require_write()
        self._connection.execute(update(_TOKENS).where(_TOKENS.c.id == id), {"last_used_on": on})


def _token(row: Row[Any], label: str = "") -> AccessToken:
    values = {column.name: row._mapping[f"{label}{column.name}"] for column in _PUBLIC}
    return AccessToken(**values | {"scopes": frozenset(values["scopes"])})
