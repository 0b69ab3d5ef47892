"""Sessions of browsers, found by the hash of what their cookie holds."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, or_, select, update

from recommender.domain.accounts import Account
from recommender.domain.sessions import Session
from recommender.store import tables
from recommender.store.accounts import ACCOUNTS, COLUMNS, account_of
from recommender.store.part import UnitPart
from recommender.store.values import check_row

_SESSIONS: Final[Table] = tables.Base.metadata.tables["login_session"]
_PUBLIC: Final = tuple(_SESSIONS.c[field.name] for field in fields(Session))
_LABEL: Final = "session_"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSession:
    """A session, whose it is, and what else is known of it.

    Attributes:
        csrf_key: see :func:`recommender.domain.credentials.csrf_token`.
        is_former: whether it was found by the cookie before the present one.
    """

    session: Session
    account: Account
    csrf_key: str
    is_former: bool


class SessionRepository(UnitPart):
    """Who is signed in with a browser."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, session: Session, *, secret_hash: str, csrf_key: str) -> None:
        """Keep a new session.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = asdict(session) | {"secret_hash": secret_hash, "csrf_key": csrf_key}
        check_row(row, kind="登录", id=session.id)
        self._connection.execute(insert(_SESSIONS), row)

    def find(self, secret_hash: str) -> FoundSession | None:
        """The session of a cookie and its account, in one look; it may be over."""
        found = [column.label(f"{_LABEL}{column.name}") for column in _PUBLIC]
        statement = (
            select(*COLUMNS, *found, _SESSIONS.c.csrf_key, _SESSIONS.c.secret_hash)
            .join(ACCOUNTS, ACCOUNTS.c.id == _SESSIONS.c.account_id)
            .where(or_(_SESSIONS.c.secret_hash == secret_hash, _SESSIONS.c.former_hash == secret_hash))
        )
        row = self._connection.execute(statement).first()
        if row is None:
            return None
        values: dict[str, Any] = {column.name: row._mapping[f"{_LABEL}{column.name}"] for column in _PUBLIC}
        return FoundSession(
            session=Session(**values),
            account=account_of(row),
            csrf_key=row.csrf_key,
            is_former=row.secret_hash != secret_hash,
        )

    def touch(self, id: str, at: datetime) -> None:
        """Remember a request."""
        self._require_write()
        self._connection.execute(update(_SESSIONS).where(_SESSIONS.c.id == id), {"seen_at": at})

    def rotate(self, id: str, *, from_hash: str, to_hash: str, at: datetime) -> bool:
        """Give a session another secret; the present one becomes the former.

        Returns:
            Whether the session still had the secret ``from_hash``; of several that try, one succeeds.
        """
        self._require_write()
        statement = update(_SESSIONS).where(_SESSIONS.c.id == id, _SESSIONS.c.secret_hash == from_hash)
        values = {"secret_hash": to_hash, "former_hash": from_hash, "rotated_at": at, "seen_at": at}
        return self._connection.execute(statement, values).rowcount == 1

    def replace(self, id: str, *, secret_hash: str, csrf_key: str, at: datetime) -> bool:
        """Give a session another secret and key at once; nothing that was known of it is good any more."""
        self._require_write()
        values = {"secret_hash": secret_hash, "former_hash": None, "csrf_key": csrf_key}
        statement = update(_SESSIONS).where(_SESSIONS.c.id == id)
        result = self._connection.execute(statement, values | {"rotated_at": at, "seen_at": at})
        return result.rowcount == 1

    def of_account(self, account_id: str) -> list[Session]:
        """An account's sessions, the latest used first."""
        statement = select(*_PUBLIC).where(_SESSIONS.c.account_id == account_id)
        rows = self._connection.execute(statement.order_by(_SESSIONS.c.seen_at.desc(), _SESSIONS.c.id))
        return [Session(**row._mapping) for row in rows]

    def end(self, id: str, *, account_id: str) -> bool:
        """End one of an account's sessions; whether there was one with that id."""
        self._require_write()
        own = (_SESSIONS.c.id == id, _SESSIONS.c.account_id == account_id)
        return self._connection.execute(delete(_SESSIONS).where(*own)).rowcount == 1

    def end_all(self, account_id: str, *, except_id: str = "") -> int:
        """End an account's sessions but one; how many there were."""
        self._require_write()
        own = (_SESSIONS.c.account_id == account_id, _SESSIONS.c.id != except_id)
        return self._connection.execute(delete(_SESSIONS).where(*own)).rowcount

    def clear(self, now: datetime, idle: timedelta) -> int:
        """Delete the sessions that are over; how many there were."""
        self._require_write()
        over = or_(_SESSIONS.c.expires_at <= now, _SESSIONS.c.seen_at <= now - idle)
        return self._connection.execute(delete(_SESSIONS).where(over)).rowcount
