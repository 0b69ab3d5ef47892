"""Failed attempts to sign in, so that every process knows of those that another one saw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.throttle import Attempts
from recommender.store import tables
from recommender.store.part import UnitPart

_ATTEMPTS: Final[Table] = tables.Base.metadata.tables["sign_in_attempt"]


class SignInAttemptRepository(UnitPart):
    """Attempts by key, which is a hash of a name or an address."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def locked(self, keys: Sequence[str], now: datetime) -> dict[str, Attempts]:
        """What is remembered of each key, made where absent; other units wait until this one ends.

        Args:
            keys: each of them once.
            now: the instant of rows that are made.
        """
        self._require_write()
        make = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        found = {}
        # In one order, so that no two units wait for each other.
        for key in sorted(keys):
            fresh = {"key": key, "failures": 0, "last_at": now}
            self._connection.execute(make(_ATTEMPTS).on_conflict_do_nothing(), fresh)
            statement = select(_ATTEMPTS.c.failures, _ATTEMPTS.c.last_at).where(_ATTEMPTS.c.key == key)
            row = self._connection.execute(statement.with_for_update()).one_or_none()
            # Cleared in between, after a day without attempts.
            found[key] = (
                Attempts(failures=row.failures, last_at=row.last_at) if row else Attempts(failures=0, last_at=now)
            )
        return found

    def put(self, key: str, attempts: Attempts) -> None:
        """Remember attempts of a key that is locked."""
        self._require_write()
        values = {"failures": attempts.failures, "last_at": attempts.last_at}
        self._connection.execute(update(_ATTEMPTS).where(_ATTEMPTS.c.key == key), values)

    def forgive(self, key: str, n: int) -> None:
        """Take back ``n`` failures of a key."""
        self._require_write()
        fewer = {"failures": _ATTEMPTS.c.failures - n}
        statement = update(_ATTEMPTS).where(_ATTEMPTS.c.key == key, _ATTEMPTS.c.failures >= n)
        self._connection.execute(statement.values(fewer))

    def forget(self, key: str) -> None:
        """Forget the failures of a key."""
        self._require_write()
        self._connection.execute(update(_ATTEMPTS).where(_ATTEMPTS.c.key == key), {"failures": 0})

    def clear(self, before: datetime) -> int:
        """Forget the keys that were last tried before an instant; how many there were."""
        self._require_write()
        return self._connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.last_at < before)).rowcount
