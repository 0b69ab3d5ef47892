"""Leases: who may do something alone. A row with a token outlives pools and crashes, unlike a session's lock."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.errors import Conflict
from recommender.domain.runs import Lease
from recommender.store import tables
from recommender.store.part import UnitPart
from recommender.store.values import check_row

_LEASES: Final[Table] = tables.Base.metadata.tables["lease"]
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class LeaseRepository(UnitPart):
    """Leases by name."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def acquire(self, name: str, holder: str, now: datetime, ttl: timedelta) -> Lease:
        """Take a lease that nobody holds, or whose time is over; its token is the next one.

        A holder of that name is somebody else too: two processes may give the same one.

        Raises:
            Conflict: somebody holds it; names whom and until when.
            InvalidData: a name cannot be stored.
        """
        check_row({"name": name, "holder": holder}, kind="占用", id=name)
        present = self._locked(name)
        if present.expires_at > now:
            until = f"{present.expires_at.astimezone():%Y-%m-%d %H:%M:%S}"
            raise Conflict("lease.held", name=name, holder=present.holder, until=until)
        return self._put(Lease(name, holder, present.token + 1, now + ttl))

    def renew(self, lease: Lease, now: datetime, ttl: timedelta) -> Lease:
        """The same lease for longer. One whose time is over may be renewed as long as nobody else took it.

        Raises:
            Conflict: somebody else took it.
        """
        self._require_token(lease)
        return self._put(Lease(lease.name, lease.holder, lease.token, now + ttl))

    def require(self, lease: Lease, now: datetime | None = None) -> None:
        """Make sure that the lease is still ours until this unit ends; to be called before anything is written.

        Whoever wants to take it waits for the unit, so what an overtaken process does cannot be committed after
        the next one has begun.

        Args:
            now: the present moment where it is not given.

        Raises:
            Conflict: somebody else took it, or its time is over.
        """
        present = self._require_token(lease)
        if present.expires_at <= (now or datetime.now(UTC)):
            raise _lost(lease)

    def release(self, lease: Lease) -> bool:
        """Give a lease back, if it is still ours; whether it was."""
        present = self._locked(lease.name)
        if present.token != lease.token:
            return False
        self._put(Lease(lease.name, lease.holder, lease.token, _LONG_AGO))
        return True

    def find(self, name: str) -> Lease | None:
        """Who holds or last held a lease, ``None`` where nobody ever did."""
        row = self._connection.execute(select(_LEASES).where(_LEASES.c.name == name)).one_or_none()
        return None if row is None or not row.token else Lease(**row._mapping)

    def _require_token(self, lease: Lease) -> Row[Any]:
        present = self._locked(lease.name)
        if present.token != lease.token:
            raise _lost(lease)
        return present

    def _locked(self, name: str) -> Row[Any]:
        """The row of a lease, made where absent, locked until the unit ends."""
        self._require_write()
        statement = select(_LEASES).where(_LEASES.c.name == name).with_for_update()
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            fresh = {"name": name, "holder": "", "token": 0, "expires_at": _LONG_AGO}
            insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
            self._connection.execute(insert(_LEASES).on_conflict_do_nothing(), fresh)
            row = self._connection.execute(statement).one()
        return row

    def _put(self, lease: Lease) -> Lease:
        values = {"holder": lease.holder, "token": lease.token, "expires_at": lease.expires_at}
        self._connection.execute(update(_LEASES).where(_LEASES.c.name == lease.name).values(values))
        return lease


def _lost(lease: Lease) -> Conflict:
    return Conflict("lease.lost", name=lease.name, holder=lease.holder)
