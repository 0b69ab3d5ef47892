"""The audit trail: lines are added and read, never changed."""

from dataclasses import asdict, fields
from typing import Final

from sqlalchemy import Connection, Table, insert, select

from recommender.domain.match import AuditEntry
from recommender.store import tables
from recommender.store.values import check_row

_AUDIT: Final[Table] = tables.Base.metadata.tables["audit"]
_COLUMNS: Final = tuple(_AUDIT.c[field.name] for field in fields(AuditEntry))


class AuditRepository:
    """Who did what, when and to what."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def append(self, entry: AuditEntry) -> None:
        """Add a line.

        Raises:
            InvalidData: a value cannot be stored.
        """
        if not self._writable:
            raise RuntimeError("this unit only reads; open one with Database.write()")
        row = asdict(entry)
        check_row(row, kind="审计记录", id=entry.action)
        self._connection.execute(insert(_AUDIT), row)

    def tail(self, n: int) -> list[AuditEntry]:
        """The last ``n`` lines in the order in which they were added."""
        statement = select(*_COLUMNS).order_by(_AUDIT.c.id.desc()).limit(n)
        return [AuditEntry(**row._mapping) for row in reversed(self._connection.execute(statement).all())]
