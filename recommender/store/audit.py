"""The audit trail: lines are added and read, never changed."""

from dataclasses import asdict, fields
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select

from recommender.domain.auditing import AuditFilter, AuditLine
from recommender.domain.match import AuditEntry
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.store import tables
from recommender.store.keyset import beyond, ordering, turned
from recommender.store.part import UnitPart
from recommender.store.values import check_row

_AUDIT: Final[Table] = tables.Base.metadata.tables["audit"]
_COLUMNS: Final = tuple(_AUDIT.c[field.name] for field in fields(AuditEntry))


class AuditRepository(UnitPart):
    """Who did what, when and to what."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def append(self, entry: AuditEntry) -> None:
        """Add a line.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = asdict(entry)
        check_row(row, kind="审计记录", id=entry.action)
        self._connection.execute(insert(_AUDIT), row)

    def page(self, request: PageRequest, chosen: AuditFilter | None = None) -> Page[AuditLine]:
        """Lines that fit, oldest first, or newest first for ``-number``."""
        _, reverse = request.order(("number",))
        order = turned([(_AUDIT.c.id, False)], reverse=reverse)
        conditions = _conditions(chosen or AuditFilter())
        after = request.after(int)
        if after is not None:
            conditions.append(beyond(order, after))
        statement = select(_AUDIT.c.id, *_COLUMNS).where(*conditions).order_by(*ordering(order))
        rows = self._connection.execute(statement.limit(request.limit + 1)).all()
        shown = tuple(
            AuditLine(row.id, AuditEntry(**{k: v for k, v in row._mapping.items() if k != "id"}))
            for row in rows[: request.limit]
        )
        more = len(rows) > request.limit
        return Page(shown, cursor_of(request, (shown[-1].number,)) if more else "")

    def tail(self, n: int) -> list[AuditEntry]:
        """The last ``n`` lines in the order in which they were added."""
        statement = select(*_COLUMNS).order_by(_AUDIT.c.id.desc()).limit(n)
        return [AuditEntry(**row._mapping) for row in reversed(self._connection.execute(statement).all())]


def _conditions(chosen: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.actor:
        conditions.append(_AUDIT.c.actor == chosen.actor)
    if chosen.action:
        conditions.append(func.substr(_AUDIT.c.action, 1, len(chosen.action)) == chosen.action)
    if chosen.target:
        conditions.append(_AUDIT.c.target == chosen.target)
    if chosen.since is not None:
        conditions.append(_AUDIT.c.at >= chosen.since)
    if chosen.until is not None:
        conditions.append(_AUDIT.c.at < chosen.until)
    return conditions
