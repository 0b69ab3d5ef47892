"""Objections: added, answered, listed by number."""

from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select, update

from recommender.domain.objections import OPEN_OBJECTION_STATES, Objection, ObjectionFilter
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.store import tables
from recommender.store.keyset import beyond, ordering, turned
from recommender.store.part import UnitPart
from recommender.store.values import check_row, is_storable

_OBJECTIONS: Final[Table] = tables.Base.metadata.tables["objection"]
_NAMES: Final = tuple(field.name for field in fields(Objection))
_COLUMNS: Final = tuple(_OBJECTIONS.c[name] for name in _NAMES)


class ObjectionRepository(UnitPart):
    """Who objected to what, and what was answered."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, objection: Objection) -> None:
        """Keep a new objection.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        self._connection.execute(insert(_OBJECTIONS), _row(objection))

    def put(self, objection: Objection) -> None:
        """Replace what is kept of an objection.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        self._connection.execute(update(_OBJECTIONS).where(_OBJECTIONS.c.id == objection.id), _row(objection))

    def get(self, id: str) -> Objection | None:
        """The objection with that id, or ``None``; in a unit that writes it stays locked until that ends."""
        if not is_storable(id):
            return None
        statement = select(*_COLUMNS).where(_OBJECTIONS.c.id == id)
        if self._writable:
            statement = statement.with_for_update()
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else Objection(**row._mapping)

    def page(self, request: PageRequest, chosen: ObjectionFilter | None = None) -> Page[Objection]:
        """Objections that fit, oldest first, or newest first for ``-number``.

        Raises:
            InvalidInput: the cursor or the order is not one of this list's.
        """
        _, reverse = request.order(("number",))
        order = turned([(_OBJECTIONS.c.number, False)], reverse=reverse)
        conditions = _conditions(chosen or ObjectionFilter())
        after = request.after(int)
        if after is not None:
            conditions.append(beyond(order, after))
        statement = select(_OBJECTIONS.c.number, *_COLUMNS).where(*conditions).order_by(*ordering(order))
        rows = self._connection.execute(statement.limit(request.limit + 1)).all()
        shown = rows[: request.limit]
        items = tuple(Objection(**{name: row._mapping[name] for name in _NAMES}) for row in shown)
        return Page(items, cursor_of(request, (shown[-1].number,)) if len(rows) > request.limit else "")

    def n(self, chosen: ObjectionFilter) -> int:
        """How many fit."""
        statement = select(func.count()).select_from(_OBJECTIONS).where(*_conditions(chosen))
        return int(self._connection.execute(statement).scalar_one())


def _row(objection: Objection) -> dict[str, Any]:
    row = asdict(objection)
    check_row(row, kind="异议", id=objection.id)
    return row


def _conditions(chosen: ObjectionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.account_id:
        conditions.append(_OBJECTIONS.c.account_id == chosen.account_id)
    if chosen.state is not None:
        conditions.append(_OBJECTIONS.c.state == chosen.state)
    if chosen.subject is not None:
        conditions.append(_OBJECTIONS.c.subject == chosen.subject)
    if chosen.open_only or chosen.overdue_on is not None:
        conditions.append(_OBJECTIONS.c.state.in_(sorted(OPEN_OBJECTION_STATES)))
    if chosen.overdue_on is not None:
        conditions.append(_OBJECTIONS.c.due_on < chosen.overdue_on)
    return conditions
