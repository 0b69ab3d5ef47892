"""Needs with where they stand, in pages."""

from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, func, or_, select

from recommender.domain.accounts import Actor
from recommender.domain.need_lists import NeedFilter, NeedLine, NeedSort
from recommender.domain.needs import NeedProgress
from recommender.domain.paging import Key, Page, PageRequest, cursor_of
from recommender.domain.workflow import NeedState
from recommender.store.conditions import text_contains
from recommender.store.keyset import Order, beyond, ordering, turned
from recommender.store.mapping import ENTERPRISES, NEEDS
from recommender.store.progress import PROGRESS
from recommender.store.visibility import need_visible

_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_FAR_DAY: Final = date(9999, 12, 31)
_FAR: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""Needs without a deadline, and those that wait for nobody, stand behind the others."""


class NeedList:
    """The list of needs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, actor: Actor, conditions: NeedFilter, request: PageRequest) -> Page[NeedLine]:
        """The needs that an actor may see and that fit.

        Raises:
            InvalidInput: a cursor of another list, or an order that needs do not have.
        """
        name, reverse = request.order(tuple(NeedSort))
        column, kind = _SORTS[NeedSort(name)]
        order: Order = turned([(column, False), (NEEDS.key, False)], reverse=reverse)
        statement = _statement(column).where(need_visible(actor), *self._conditions(conditions))
        after = request.after(str, str)
        if after is not None:
            statement = statement.where(beyond(order, (_parsed(kind, str(after[0])), after[1])))
        rows = self._connection.execute(statement.order_by(*ordering(order)).limit(request.limit + 1)).all()
        last = rows[request.limit - 1] if len(rows) > request.limit else None
        cursor = cursor_of(request, _key(last)) if last is not None else ""
        return Page(tuple(map(_line, rows[: request.limit])), cursor)

    def states(self, actor: Actor, conditions: NeedFilter) -> dict[NeedState, int]:
        """How many needs that an actor may see and that fit stand where."""
        joined = NEEDS.table.outerjoin(PROGRESS, PROGRESS.c.need_id == NEEDS.key)
        if conditions.town:
            joined = joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
        statement = select(PROGRESS.c.state, func.count()).select_from(joined).group_by(PROGRESS.c.state)
        found: dict[NeedState, int] = {}
        for state, n in self._connection.execute(
            statement.where(need_visible(actor), *self._conditions(conditions))
        ):
            known = state or NeedState.PUBLISHED
            found[known] = found.get(known, 0) + n
        return found

    def _conditions(self, wanted: NeedFilter) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        dialect = self._connection.dialect
        if wanted.states:
            in_state: ColumnElement[bool] = PROGRESS.c.state.in_(sorted(wanted.states))
            found.append(
                or_(in_state, PROGRESS.c.state.is_(None)) if NeedState.PUBLISHED in wanted.states else in_state
            )
        if wanted.text:
            parts = (_NEED.title, _NEED.description)
            found.append(or_(*(text_contains(part, wanted.text, dialect) for part in parts)))
        if wanted.industry_chain:
            found.append(text_contains(_NEED.industry_chain, wanted.industry_chain, dialect))
        if wanted.town:
            found.append(text_contains(_OWNER.town, wanted.town, dialect))
        if wanted.enterprise_code:
            found.append(_NEED.enterprise_code == wanted.enterprise_code)
        if wanted.filed_by:
            found.append(PROGRESS.c.filed_by == wanted.filed_by)
        if wanted.due_before is not None:
            found.append(and_(PROGRESS.c.due_at.is_not(None), PROGRESS.c.due_at < wanted.due_before))
        return found


_SORTS: Final[dict[NeedSort, tuple[ColumnElement[Any], type]]] = {
    NeedSort.ID: (_NEED.id, str),
    NeedSort.UPDATED: (
        func.coalesce(PROGRESS.c.updated_at, _NEED.updated_at, type_=_NEED.updated_at.type),
        datetime,
    ),
    NeedSort.DEADLINE: (func.coalesce(_NEED.deadline, _FAR_DAY, type_=_NEED.deadline.type), date),
    NeedSort.DUE: (func.coalesce(PROGRESS.c.due_at, _FAR, type_=_NEED.updated_at.type), datetime),
    NeedSort.TITLE: (_NEED.title, str),
}


def _statement(order: ColumnElement[Any]) -> Select[Any]:
    joined = NEEDS.table.outerjoin(PROGRESS, PROGRESS.c.need_id == NEEDS.key)
    joined = joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
    progress = [_prefixed(column) for column in PROGRESS.c]
    owner = (_OWNER.name.label("owner_name"), _OWNER.town.label("owner_town"))
    stamp = _NEED.updated_at.label("record_updated_at")
    return select(*NEEDS.columns, *progress, *owner, stamp, order.label("sort_key")).select_from(joined)


def _prefixed(column: Column[Any]) -> ColumnElement[Any]:
    return column.label(f"progress_{column.name}")


def _line(row: Row[Any]) -> NeedLine:
    need = NEEDS.load(row[: len(NEEDS.columns)])
    values = {column.name: row._mapping[f"progress_{column.name}"] for column in PROGRESS.c}
    progress = NeedProgress(need_id=need.id) if values["need_id"] is None else NeedProgress(**values)
    return NeedLine(
        need=need,
        progress=progress,
        enterprise_name=row.owner_name or "",
        town=row.owner_town or "",
        updated_at=progress.updated_at or row.record_updated_at,
    )


def _key(row: Row[Any]) -> Key:
    value = row.sort_key
    return (value.isoformat() if isinstance(value, date) else value, row.id)


def _parsed(kind: type, text: str) -> object:
    """The value of a key as the column compares it; what cannot be one stands before all."""
    if kind is str:
        return text
    try:
        return datetime.fromisoformat(text) if kind is datetime else date.fromisoformat(text)
    except ValueError:
        return datetime(1, 1, 1, tzinfo=UTC) if kind is datetime else date.min
