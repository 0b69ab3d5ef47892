"""Matches in pages: what somebody has acted on, and what the published run suggests beside."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)

from recommender.domain.accounts import Actor
from recommender.domain.case_groups import StateCount
from recommender.domain.case_lists import RETURNED_CASE_STATES, CaseFilter, CaseSort, CaseView, SuggestionSort
from recommender.domain.cases import Case, Pair
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import Key, Page, PageRequest, cursor_of
from recommender.domain.runs import MatchRun
from recommender.domain.workflow import OPEN_CASE_STATES, CaseState
from recommender.store.asked_list import AskedList, asked, place_key, place_of
from recommender.store.case_list_parts import (
    BY_SOURCE,
    FAR,
    LEAST,
    SHOWN,
    STORED,
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
from recommender.store.case_visibility import case_visible
from recommender.store.cases import CASES, case_of
from recommender.store.keyset import Order, beyond, ordering, turned
from recommender.store.mapping import ENTERPRISES, EXPERTS, NEEDS
from recommender.store.progress import PROGRESS, need_is_open
from recommender.store.settled import suggestible, suggestible_unasked
from recommender.store.visibility import enterprise_visible, need_visible

_SUGGESTIONS: Final = SUGGESTIONS.c
_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_EXPERT: Final = EXPERTS.table.c
_BEFORE_ALL: Final = 2.0
"""In cursors, the score of what enterprises asked for: in front of all others, as the empty source is."""


class CaseList:
    """Lists of matches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.asked = AskedList(connection)

    def page(self, actor: Actor, wanted: CaseFilter, request: PageRequest, now: datetime) -> Page[Case]:
        """Matches on which somebody has acted, those that the actor may see and that fit.

        Raises:
            InvalidInput: a cursor of another list, or an order that matches do not have.
        """
        name, reverse = request.order(tuple(CaseSort))
        column, descending = _SORTS[CaseSort(name)]
        order: Order = turned([(column, descending), (CASES.c.number, descending)], reverse=reverse)
        statement = self._stored(actor, wanted, now).add_columns(column.label("sort_key"))
        is_score = CaseSort(name) is CaseSort.SCORE
        after = request.after(float if is_score else str, int)
        if after is not None:
            value = after[0] if is_score else instant(str(after[0]))
            statement = statement.where(beyond(order, (value, after[1])))
        rows = self._connection.execute(statement.order_by(*ordering(order)).limit(request.limit + 1)).all()
        cursor = ""
        if len(rows) > request.limit:
            last = rows[request.limit - 1]
            value = last.sort_key if is_score else last.sort_key.isoformat()
            cursor = cursor_of(request, (value, last.number))
        return Page(tuple(case_of(row) for row in rows[: request.limit]), cursor)

    def counts(
        self, actor: Actor, wanted: CaseFilter, now: datetime, *, soon: datetime
    ) -> dict[CaseState, StateCount]:
        """How many matches of :meth:`page` stand in each state; those without any are left out.

        Args:
            now, soon: what is due before ``now`` is overdue, what is due between the two is due soon.
        """
        due_at = CASES.c.due_at
        parts = (due_at <= now, and_(due_at >= now, due_at < soon))
        sums = (func.sum(case((part, 1), else_=0)) for part in parts)
        stored = self._stored(actor, wanted, now)
        counted = stored.with_only_columns(CASES.c.state, func.count(), *sums, maintain_column_froms=True)
        rows = self._connection.execute(counted.group_by(CASES.c.state))
        return {state: StateCount(*map(int, figures)) for state, *figures in rows}

    def officers(self, actor: Actor) -> list[str]:
        """Ids of the accounts that matches which the actor sees belong to."""
        own = select(CASES.c.officer).where(case_visible(actor), CASES.c.officer != "").distinct()
        return list(self._connection.execute(own.order_by(CASES.c.officer)).scalars())

    def suggestions(
        self, actor: Actor, wanted: CaseFilter, request: PageRequest, run: MatchRun | None, today: date
    ) -> Page[Case]:
        """What a run suggests and nobody has decided on, as far as it holds today.

        Needs that look for nobody, and experts who may not be proposed now, are left out, and so are pairs that
        are settled. Matches that somebody works on are among them, with their version. In
        ``unreviewed``, whatever the order, what enterprises asked for stands first, longest waiting first,
        whether or not the run suggests it.

        Raises:
            InvalidInput: a cursor of another list, or an order that suggestions do not have.
        """
        name, reverse = request.order(tuple(SuggestionSort))
        places: list[ColumnElement[Any]] = [
            _SUGGESTIONS.source_id,
            cast(_SUGGESTIONS.target_kind, Text),
            _SUGGESTIONS.position,
        ]
        by_score = SuggestionSort(name) is SuggestionSort.SCORE
        plain: Order = [(place, False) for place in places]
        order = turned([(_SUGGESTIONS.score, True), *plain] if by_score else plain, reverse=reverse)
        after = request.after(*([float] if by_score else []), str, str, int)
        head = (_BEFORE_ALL,) if by_score else ()
        led: list[Row[Any]] = []
        if _leads(wanted):
            place = place_of(after)
            if after is None or place is not None:
                led = self.asked.unreviewed(actor, wanted, run, today, after=place, limit=request.limit + 1)
                after = None
        shown = [asked(row, run) for row in led[: request.limit]]
        if len(led) > request.limit:
            return Page(tuple(shown), cursor_of(request, (*head, *place_key(led[request.limit - 1]))))
        if run is None:
            return Page(tuple(shown))
        statement = self._suggested(actor, wanted, run, today)
        if after is not None:
            statement = statement.where(beyond(order, after))
        room = request.limit - len(led)
        rows = self._connection.execute(statement.order_by(*ordering(order)).limit(room + 1)).all()
        cursor = ""
        if len(rows) > room:
            key = _key(rows[room - 1], by_score=by_score) if room else (*head, *place_key(led[-1]))
            cursor = cursor_of(request, key)
        return Page((*shown, *(_suggestion(row, run) for row in rows[:room])), cursor)

    def count(self, actor: Actor, wanted: CaseFilter, now: datetime, *, most: int) -> int:
        """How many matches :meth:`page` has, ``most`` where there are at least as many."""
        return n_of(self._connection, self._stored(actor, wanted, now), most)

    def count_suggestions(
        self, actor: Actor, wanted: CaseFilter, run: MatchRun | None, today: date, *, most: int
    ) -> int:
        """How many matches :meth:`suggestions` has, ``most`` where there are at least as many."""
        n_asked = 0
        if _leads(wanted):
            n_asked = self.asked.count_unreviewed(actor, wanted, today, most=most)
        if run is None or n_asked >= most:
            return n_asked
        return n_asked + n_of(self._connection, self._suggested(actor, wanted, run, today), most - n_asked)

    def _stored(self, actor: Actor, wanted: CaseFilter, now: datetime) -> Select[Any]:
        source: FromClause = CASES
        if wanted.town or wanted.industry_chain or wanted.text:
            # Only then: without them counts are read from an index alone.
            source = source.outerjoin(NEEDS.table, NEEDS.key == CASES.c.need_id)
            source = source.outerjoin(ENTERPRISES.table, ENTERPRISES.key == CASES.c.enterprise_code)
        statement = select(*CASES.c).select_from(source).where(case_visible(actor))
        fitting = conditions(wanted, STORED, self._connection.dialect)
        return statement.where(*fitting, *_view(actor, wanted.view, now))

    def _suggested(self, actor: Actor, wanted: CaseFilter, run: MatchRun, today: date) -> Select[Any]:
        kind = wanted.source_kind or EntityKind.NEED
        places = running()
        joined = _parties(kind)
        joined = joined.outerjoin(CASES, and_(*same_pair(CASES.c, _SUGGESTIONS)))
        is_expert = _SUGGESTIONS.target_kind == EntityKind.EXPERT
        joined = joined.outerjoin(EXPERTS.table, and_(is_expert, _EXPERT.id == _SUGGESTIONS.target_id))
        joined = joined.outerjoin(places, places.c.target_id == _EXPERT.id)
        shown = [_SUGGESTIONS[name].label(f"shown_{name}") for name in SHOWN]
        need_id = _NEED.id if kind is EntityKind.NEED else literal(None, NEEDS.key.type)
        parties = (need_id.label("owner_need_id"), _OWNER.code.label("owner_code"))
        visible = need_visible(actor) if kind is EntityKind.NEED else enterprise_visible(actor)
        statement = select(*CASES.c, *shown, *parties).select_from(joined)
        statement = statement.where(
            _SUGGESTIONS.run_number == number_of(run),
            _SUGGESTIONS.source_kind == kind,
            visible,
            # What was asked for stands in front of ``unreviewed`` already.
            suggestible_unasked(_SUGGESTIONS) if _leads(wanted) else suggestible(_SUGGESTIONS, kind),
            or_(not_(is_expert), available(places, self._connection.dialect)),
            *conditions(wanted, BY_SOURCE[kind], self._connection.dialect),
        )
        if kind is not EntityKind.NEED:
            return statement
        return statement.where(need_is_open(today))


_SORTS: Final[dict[CaseSort, tuple[ColumnElement[Any], bool]]] = {
    CaseSort.UPDATED: (CASES.c.updated_at, True),
    CaseSort.OPENED: (CASES.c.opened_at, True),
    CaseSort.DUE: (func.coalesce(CASES.c.due_at, FAR, type_=CASES.c.updated_at.type), False),
    CaseSort.SCORE: (func.coalesce(CASES.c.score, LEAST), True),
}


def _leads(wanted: CaseFilter) -> bool:
    """Whether what enterprises asked for stands in front of a list of suggestions."""
    return wanted.view is CaseView.UNREVIEWED and wanted.source_kind in (None, EntityKind.NEED)


def _claimed(actor: Actor, now: datetime) -> ColumnElement[bool]:
    return and_(CASES.c.claimed_by == actor.id, CASES.c.claimed_until > now)


def _view(actor: Actor, view: CaseView, now: datetime) -> Sequence[ColumnElement[bool]]:
    is_open = CASES.c.state.in_(sorted(OPEN_CASE_STATES))
    match view:
        case CaseView.MINE | CaseView.MY_DUE:
            return (is_open, or_(CASES.c.officer == actor.id, _claimed(actor, now)))
        case CaseView.OVERDUE:
            return (CASES.c.due_at <= now,)
        case CaseView.RETURNED:
            return (CASES.c.state.in_(sorted(RETURNED_CASE_STATES)),)
        case CaseView.OPEN:
            return (is_open,)
    return ()


def _parties(kind: EntityKind) -> FromClause:
    """Suggestions of a kind of source beside the need and the enterprise that they are for."""
    if kind is EntityKind.NEED:
        joined = SUGGESTIONS.join(NEEDS.table, NEEDS.key == _SUGGESTIONS.source_id)
        joined = joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
        return joined.outerjoin(PROGRESS, PROGRESS.c.need_id == _NEED.id)
    code = _SUGGESTIONS.source_id if kind is EntityKind.ENTERPRISE else _SUGGESTIONS.target_id
    return SUGGESTIONS.join(ENTERPRISES.table, ENTERPRISES.key == code)


def _suggestion(row: Row[Any], run: MatchRun) -> Case:
    """The stored match where there is one, otherwise one on which nobody has acted."""
    if row._mapping["id"] is not None:
        return case_of(row)
    pair = Pair(row.shown_source_kind, row.shown_source_id, row.shown_target_kind, row.shown_target_id)
    return Case(
        id=pair.id,
        pair=pair,
        need_id=row.owner_need_id or "",
        enterprise_code=row.owner_code or "",
        state=CaseState.SUGGESTED,
        version=0,
        shown=shown_of_row(row, run),
    )


def _key(row: Row[Any], *, by_score: bool) -> Key:
    key = (row.shown_source_id, row.shown_target_kind.value, row.shown_position)
    return (row.shown_score, *key) if by_score else key
