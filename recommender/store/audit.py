"""The audit trail: lines are added and read, never changed."""

from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, false, func, insert, select

from recommender.domain.auditing import AuditFilter, AuditLine
from recommender.domain.match import AuditEntry
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.store import tables
from recommender.store.keyset import beyond, ordering, turned
from recommender.store.part import UnitPart
from recommender.store.values import check_row, is_storable

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
        shown = tuple(map(_line, rows[: request.limit]))
        more = len(rows) > request.limit
        return Page(shown, cursor_of(request, (shown[-1].number,)) if more else "")

    def get(self, number: int) -> AuditLine | None:
        """The line with that number, or ``None``."""
        row = self._connection.execute(select(_AUDIT.c.id, *_COLUMNS).where(_AUDIT.c.id == number)).one_or_none()
        return None if row is None else _line(row)

    def newest(self, action: str) -> AuditLine | None:
        """The last line of exactly that action, or ``None``."""
        statement = select(_AUDIT.c.id, *_COLUMNS).where(_AUDIT.c.action == action)
        row = self._connection.execute(statement.order_by(_AUDIT.c.id.desc()).limit(1)).one_or_none()
        return None if row is None else _line(row)

    def tail(self, n: int) -> list[AuditEntry]:
        """The last ``n`` lines in the order in which they were added."""
        statement = select(*_COLUMNS).order_by(_AUDIT.c.id.desc()).limit(n)
        return [AuditEntry(**row._mapping) for row in reversed(self._connection.execute(statement).all())]


def _line(row: Row[Any]) -> AuditLine:
    return AuditLine(row.id, AuditEntry(**{name: value for name, value in row._mapping.items() if name != "id"}))


def _conditions(chosen: AuditFilter) -> list[ColumnElement[bool]]:
    if not all(map(is_storable, (chosen.actor, chosen.action, chosen.target))):
        return [false()]
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
