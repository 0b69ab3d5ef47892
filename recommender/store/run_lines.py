"""The suggestions of one run in pages, searched by whom they are for and by what they propose."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Text, cast, false, or_, select

from recommender.domain.accounts import Actor
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.domain.run_lists import RunLineFilter
from recommender.domain.runs import Suggestion
from recommender.store import tables
from recommender.store.conditions import text_contains
from recommender.store.keyset import Order, beyond, ordering
from recommender.store.mapping import ACHIEVEMENTS, ENTERPRISES, NEEDS
from recommender.store.values import is_storable
from recommender.store.visibility import enterprise_visible, need_visible

_RUNS: Final = tables.Base.metadata.tables["match_run"]
_TABLE: Final = tables.Base.metadata.tables["suggestion"]
_COLUMNS: Final = _TABLE.c
_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_ORDER: Final[Order] = (
    (_COLUMNS.source_id, False),
    (cast(_COLUMNS.target_kind, Text), False),
    (_COLUMNS.position, False),
)


class RunLines:
    """Suggestions of any run, whether or not they hold today."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, actor: Actor, run_id: str, wanted: RunLineFilter, request: PageRequest) -> Page[Suggestion]:
        """Those that are for needs and enterprises which the actor may see, list by list.

        Raises:
            InvalidInput: a cursor of another list, or an order that suggestions do not have.
        """
        request.order(("list",))
        number = select(_RUNS.c.number).where(_RUNS.c.id == run_id).scalar_subquery()
        statement = (
            select(_TABLE)
            .select_from(_joined(wanted.source_kind))
            .where(
                _COLUMNS.run_number == number,
                _COLUMNS.source_kind == wanted.source_kind,
                need_visible(actor) if wanted.source_kind is EntityKind.NEED else enterprise_visible(actor),
            )
        )
        if wanted.target_kind is not None:
            statement = statement.where(_COLUMNS.target_kind == wanted.target_kind)
        if wanted.text:
            statement = statement.where(self._holds(wanted))
        after = request.after(str, str, int)
        if after is not None:
            statement = statement.where(beyond(_ORDER, after))
        rows = self._connection.execute(statement.order_by(*ordering(_ORDER)).limit(request.limit + 1)).all()
        items = tuple(_suggestion(row, run_id) for row in rows[: request.limit])
        more = len(rows) > request.limit
        last = items[-1] if more else None
        key = () if last is None else (last.source_id, last.target_kind.value, last.position)
        return Page(items, cursor_of(request, key) if more else "")

    def _holds(self, wanted: RunLineFilter) -> ColumnElement[bool]:
        if not is_storable(wanted.text):
            return false()
        named = [_OWNER.name]
        if wanted.source_kind is EntityKind.NEED:
            named.append(_NEED.title)
        elif wanted.source_kind is EntityKind.ACHIEVEMENT:
            named.append(ACHIEVEMENTS.table.c.title)
        dialect = self._connection.dialect
        ids = (_COLUMNS.source_id, _COLUMNS.target_id, _OWNER.code)
        return or_(
            *(id == wanted.text for id in ids), *(text_contains(name, wanted.text, dialect) for name in named)
        )


def _joined(kind: EntityKind) -> FromClause:
    """Suggestions beside the need or achievement they come from, and the enterprise they are for."""
    if kind is EntityKind.NEED:
        joined = _TABLE.join(NEEDS.table, NEEDS.key == _COLUMNS.source_id)
        return joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
    if kind is EntityKind.ACHIEVEMENT:
        joined = _TABLE.join(ACHIEVEMENTS.table, ACHIEVEMENTS.key == _COLUMNS.source_id)
        return joined.join(ENTERPRISES.table, ENTERPRISES.key == _COLUMNS.target_id)
    return _TABLE.join(ENTERPRISES.table, ENTERPRISES.key == _COLUMNS.source_id)


def _suggestion(row: Row[Any], run_id: str) -> Suggestion:
    return Suggestion(
        run_id=run_id,
        source_kind=row.source_kind,
        source_id=row.source_id,
        target_kind=row.target_kind,
        target_id=row.target_id,
        position=row.position,
        score=row.score,
        parts=dict(row.parts),
        reason=row.reason,
        evidence_ids=tuple(row.evidence_ids),
    )
