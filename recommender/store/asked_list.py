"""What enterprises asked for, in pages: by itself, and in front of what a run suggests."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from recommender.domain.accounts import Actor
from recommender.domain.case_lists import CaseFilter, WishSort
from recommender.domain.cases import Case
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import Key, Page, PageRequest, cursor_of
from recommender.domain.runs import MatchRun
from recommender.domain.wishes import UNPUSHED_CASE_STATES, Stance
from recommender.domain.workflow import UNREVIEWED_CASE_STATES, CaseState
from recommender.store.case_list_parts import (
    ASKED,
    LEAST,
    SHOWN,
    SUGGESTIONS,
    available,
    conditions,
    instant,
    n_of,
    number_of,
    running,
    same_pair,
    shown_of_row,
)
from recommender.store.cases import CASES, case_of
from recommender.store.keyset import Order, beyond, ordering, turned
from recommender.store.mapping import ENTERPRISES, EXPERTS, NEEDS
from recommender.store.progress import PROGRESS, need_is_open
from recommender.store.settled import asked_again
from recommender.store.visibility import need_visible
from recommender.store.wishes import WISHES, wish_of

_WISH: Final = WISHES.c
_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_EXPERT: Final = EXPERTS.table.c
_IS_THERE: Final = and_(_EXPERT.id.is_not(None), _EXPERT.consent_withdrawn_on.is_(None))
_PLACES: Final = running()

Place = tuple[datetime, int]
"""When something was asked for, and the number of its line."""


class AskedList:
    """Lists of what enterprises asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self, actor: Actor, wanted: CaseFilter, request: PageRequest, run: MatchRun | None, today: date
    ) -> Page[Case]:
        """What enterprises asked for and nobody has pushed, of needs that look for somebody today.

        Among them are those who may not be proposed at the moment, so that somebody tells the enterprise.

        Args:
            run: whose suggestion of the same pair is shown, where it has one.

        Raises:
            InvalidInput: a cursor of another list, or an order that this one does not have.
        """
        name, reverse = request.order(tuple(WishSort))
        by_score = WishSort(name) is WishSort.SCORE
        sort_key: ColumnElement[Any] = func.coalesce(_WISH.score, LEAST) if by_score else _WISH.at
        order = turned([(sort_key, by_score), (_WISH.number, False)], reverse=reverse)
        statement = self._unpushed(actor, wanted, run, today)
        statement = statement.add_columns(sort_key.label("sort_key"))
        after = request.after(float if by_score else str, int)
        if after is not None:
            value = after[0] if by_score else instant(str(after[0]))
            statement = statement.where(beyond(order, (value, after[1])))
        rows = self._connection.execute(statement.order_by(*ordering(order)).limit(request.limit + 1)).all()
        cursor = ""
        if len(rows) > request.limit:
            last = rows[request.limit - 1]
            value = last.sort_key if by_score else last.sort_key.isoformat()
            cursor = cursor_of(request, (value, last.wish_number))
        return Page(tuple(asked(row, run) for row in rows[: request.limit]), cursor)

    def unreviewed(
        self,
        actor: Actor,
        wanted: CaseFilter,
        run: MatchRun | None,
        today: date,
        *,
        after: Place | None,
        limit: int,
    ) -> list[Row[Any]]:
        """What enterprises asked for, nobody has decided on and may be proposed now, longest waiting first."""
        order: Order = [(_WISH.at, False), (_WISH.number, False)]
        statement = self._unreviewed(actor, wanted, run, today)
        if after is not None:
            statement = statement.where(beyond(order, after))
        return list(self._connection.execute(statement.order_by(*ordering(order)).limit(limit)))

    def count(self, actor: Actor, wanted: CaseFilter, today: date, *, most: int) -> int:
        """How many matches :meth:`page` has, ``most`` where there are at least as many."""
        return n_of(self._connection, self._unpushed(actor, wanted, None, today), most)

    def count_unreviewed(self, actor: Actor, wanted: CaseFilter, today: date, *, most: int) -> int:
        """The same of :meth:`unreviewed`."""
        return n_of(self._connection, self._unreviewed(actor, wanted, None, today), most)

    def _unpushed(self, actor: Actor, wanted: CaseFilter, run: MatchRun | None, today: date) -> Select[Any]:
        statement = self._statement(actor, wanted, run, today, UNPUSHED_CASE_STATES)
        return statement.where(or_(_WISH.target_kind != EntityKind.EXPERT, _IS_THERE))

    def _unreviewed(self, actor: Actor, wanted: CaseFilter, run: MatchRun | None, today: date) -> Select[Any]:
        statement = self._statement(actor, wanted, run, today, UNREVIEWED_CASE_STATES)
        may = available(_PLACES, self._connection.dialect)
        return statement.where(or_(_WISH.target_kind != EntityKind.EXPERT, may))

    def _statement(
        self,
        actor: Actor,
        wanted: CaseFilter,
        run: MatchRun | None,
        today: date,
        states: frozenset[CaseState],
    ) -> Select[Any]:
        """Wishes beside match and suggestion of their pair; what was turned down before a wish counts anew."""
        joined = WISHES.join(NEEDS.table, NEEDS.key == _WISH.source_id)
        joined = joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
        joined = joined.outerjoin(PROGRESS, PROGRESS.c.need_id == _NEED.id)
        joined = joined.outerjoin(CASES, and_(*same_pair(CASES.c, _WISH)))
        is_expert = _WISH.target_kind == EntityKind.EXPERT
        joined = joined.outerjoin(EXPERTS.table, and_(is_expert, _EXPERT.id == _WISH.target_id))
        joined = joined.outerjoin(_PLACES, _PLACES.c.target_id == _EXPERT.id)
        columns = [*CASES.c, *(column.label(f"wish_{column.name}") for column in WISHES.c)]
        if run is not None:
            of_run = (SUGGESTIONS.c.run_number == number_of(run), *same_pair(SUGGESTIONS.c, _WISH))
            joined = joined.outerjoin(SUGGESTIONS, and_(*of_run))
            columns += [SUGGESTIONS.c[name].label(f"shown_{name}") for name in SHOWN]
        statement = select(*columns, _OWNER.code.label("owner_code")).select_from(joined)
        return statement.where(
            _WISH.is_current,
            _WISH.stance == Stance.WANTED,
            _WISH.source_kind == EntityKind.NEED,
            need_visible(actor),
            need_is_open(today),
            or_(CASES.c.id.is_(None), CASES.c.state.in_(sorted(states)), asked_again()),
            *conditions(wanted, ASKED, self._connection.dialect),
        )


def place_key(row: Row[Any]) -> Key:
    """Where a row stands, as cursors have it."""
    return ("", row.wish_at.isoformat(), row.wish_number)


def place_of(key: Key | None) -> Place | None:
    """The place of a key by :func:`place_key`, ``None`` for one of the suggestions: no source has no id."""
    if key is None or key[-3] != "":
        return None
    return instant(str(key[-2])), int(key[-1] or 0)


def asked(row: Row[Any], run: MatchRun | None) -> Case:
    """The stored match where there is one, otherwise one on which nobody has acted."""
    if row._mapping["id"] is not None:
        return case_of(row)
    pair = wish_of(row, "wish_").pair
    return Case(
        id=pair.id,
        pair=pair,
        need_id=pair.source_id,
        enterprise_code=row.owner_code or "",
        state=CaseState.SUGGESTED,
        version=0,
        shown=None if run is None or row.shown_position is None else shown_of_row(row, run),
    )
