"""Matches in pages: what somebody has acted on, and what the published run suggests beside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from recommender.domain.accounts import Actor
from recommender.domain.case_groups import StateCount
from recommender.domain.case_lists import RETURNED_CASE_STATES, CaseFilter, CaseSort, CaseView, SuggestionSort
from recommender.domain.cases import Case, Pair, Shown
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.domain.runs import MatchRun
from recommender.domain.workflow import (
    OPEN_CASE_STATES,
    RUNNING_CASE_STATES,
    UNREVIEWED_CASE_STATES,
    CaseState,
)
from recommender.store import tables
from recommender.store.case_visibility import case_visible
from recommender.store.cases import CASES, case_of
from recommender.store.conditions import text_contains
from recommender.store.keyset import Order, beyond, ordering, turned
from recommender.store.mapping import ACHIEVEMENTS, ENTERPRISES, EXPERTS, NEEDS, PLATFORMS
from recommender.store.progress import PROGRESS, need_is_open
from recommender.store.values import is_storable
from recommender.store.visibility import enterprise_visible, need_visible

_RUNS: Final = tables.Base.metadata.tables["match_run"]
_SUGGESTIONS: Final = tables.Base.metadata.tables["suggestion"].c
_NEED: Final = NEEDS.table.c
_OWNER: Final = ENTERPRISES.table.c
_EXPERT: Final = EXPERTS.table.c
_PLATFORM: Final = PLATFORMS.table.c
_ACHIEVEMENT: Final = ACHIEVEMENTS.table.c
_FAR: Final = datetime(9999, 12, 31, tzinfo=UTC)
_LEAST: Final = -1.0
"""Score of a match that nobody was shown: behind all others."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the parts of a match stand in a statement."""

    source_kind: ColumnElement[Any]
    target_kind: ColumnElement[Any]
    target_id: ColumnElement[Any]
    need_id: ColumnElement[Any]
    enterprise_code: ColumnElement[Any]
    industry_chain: ColumnElement[Any]
    score: ColumnElement[Any]
    source_id: ColumnElement[Any]
    texts: tuple[ColumnElement[str], ...]


class CaseList:
    """Lists of matches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
            value = after[0] if is_score else _instant(str(after[0]))
            statement = statement.where(beyond(order, (value, after[1])))
        rows = self._connection.execute(statement.order_by(*ordering(order)).limit(request.limit + 1)).all()
        cursor = ""
        if len(rows) > request.limit:
            last = rows[request.limit - 1]
            value = last.sort_key if is_score else last.sort_key.isoformat()
            cursor = cursor_of(request, (value, last.number))
        return Page(tuple(case_of(row) for row in rows[: request.limit]), cursor)

    def counts(self, actor: Actor, wanted: CaseFilter, now: datetime) -> dict[CaseState, StateCount]:
        """How many matches of :meth:`page` stand in each state, and how many of them are overdue."""
        overdue = func.sum(case((CASES.c.due_at <= now, 1), else_=0))
        stored = self._stored(actor, wanted, now)
        counted = stored.with_only_columns(CASES.c.state, func.count(), overdue, maintain_column_froms=True)
        rows = self._connection.execute(counted.group_by(CASES.c.state))
        return {state: StateCount(n, int(n_overdue)) for state, n, n_overdue in rows}

    def suggestions(
        self, actor: Actor, wanted: CaseFilter, request: PageRequest, run: MatchRun, today: date
    ) -> Page[Case]:
        """What a run suggests and nobody has decided on, as far as it holds today.

        Needs that look for nobody, and experts who may not be proposed now, are left out. Matches that somebody
        works on are among them, with their version.

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
        kind = wanted.source_kind or EntityKind.NEED
        statement = self._suggested(actor, kind, run, today).where(*self._conditions(wanted, _SUGGESTED[kind]))
        after = request.after(*([float] if by_score else []), str, str, int)
        if after is not None:
            statement = statement.where(beyond(order, after))
        rows = self._connection.execute(statement.order_by(*ordering(order)).limit(request.limit + 1)).all()
        cursor = ""
        if len(rows) > request.limit:
            last = rows[request.limit - 1]
            key = (last.shown_source_id, last.shown_target_kind.value, last.shown_position)
            cursor = cursor_of(request, (last.shown_score, *key) if by_score else key)
        return Page(tuple(_suggestion(row, run) for row in rows[: request.limit]), cursor)

    def count(self, actor: Actor, wanted: CaseFilter, now: datetime, *, most: int) -> int:
        """How many matches :meth:`page` has, ``most`` where there are at least as many."""
        return self._count(self._stored(actor, wanted, now), most)

    def count_suggestions(
        self, actor: Actor, wanted: CaseFilter, run: MatchRun, today: date, *, most: int
    ) -> int:
        """How many matches :meth:`suggestions` has, ``most`` where there are at least as many."""
        kind = wanted.source_kind or EntityKind.NEED
        statement = self._suggested(actor, kind, run, today).where(*self._conditions(wanted, _SUGGESTED[kind]))
        return self._count(statement, most)

    def _count(self, statement: Select[Any], most: int) -> int:
        found = statement.with_only_columns(literal(1), maintain_column_froms=True).limit(most).subquery()
        return self._connection.execute(select(func.count()).select_from(found)).scalar_one()

    def _stored(self, actor: Actor, wanted: CaseFilter, now: datetime) -> Select[Any]:
        joined = CASES.outerjoin(NEEDS.table, NEEDS.key == CASES.c.need_id)
        joined = joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == CASES.c.enterprise_code)
        statement = select(*CASES.c).select_from(joined).where(case_visible(actor))
        return statement.where(*self._conditions(wanted), *_view(actor, wanted.view, now))

    def _suggested(self, actor: Actor, kind: EntityKind, run: MatchRun, today: date) -> Select[Any]:
        pair = (
            CASES.c.source_kind == _SUGGESTIONS.source_kind,
            CASES.c.source_id == _SUGGESTIONS.source_id,
            CASES.c.target_kind == _SUGGESTIONS.target_kind,
            CASES.c.target_id == _SUGGESTIONS.target_id,
        )
        running = _running()
        joined = _parties(kind)
        joined = joined.outerjoin(CASES, and_(*pair))
        is_expert = _SUGGESTIONS.target_kind == EntityKind.EXPERT
        joined = joined.outerjoin(EXPERTS.table, and_(is_expert, _EXPERT.id == _SUGGESTIONS.target_id))
        joined = joined.outerjoin(running, running.c.target_id == _EXPERT.id)
        shown = [_SUGGESTIONS[name].label(f"shown_{name}") for name in _SHOWN]
        need_id = _NEED.id if kind is EntityKind.NEED else literal(None, NEEDS.key.type)
        parties = (need_id.label("owner_need_id"), _OWNER.code.label("owner_code"))
        number = select(_RUNS.c.number).where(_RUNS.c.id == run.id).scalar_subquery()
        visible = need_visible(actor) if kind is EntityKind.NEED else enterprise_visible(actor)
        statement = select(*CASES.c, *shown, *parties).select_from(joined)
        statement = statement.where(
            _SUGGESTIONS.run_number == number,
            _SUGGESTIONS.source_kind == kind,
            visible,
            or_(CASES.c.id.is_(None), CASES.c.state.in_(sorted(UNREVIEWED_CASE_STATES))),
            or_(not_(is_expert), _available(running, self._connection.dialect)),
        )
        return statement.where(need_is_open(today)) if kind is EntityKind.NEED else statement

    def _conditions(self, wanted: CaseFilter, columns: _Columns | None = None) -> list[ColumnElement[bool]]:
        of = columns or _STORED
        dialect = self._connection.dialect
        equal = (
            (of.source_kind, wanted.source_kind),
            (of.target_kind, wanted.target_kind),
            (of.target_id, wanted.target_id),
            (of.need_id, wanted.need_id),
            (of.enterprise_code, wanted.enterprise_code),
            (CASES.c.officer, wanted.officer),
        )
        found = [column == value for column, value in equal if value]
        if wanted.town:
            found.append(text_contains(_OWNER.town, wanted.town, dialect))
        if wanted.industry_chain:
            found.append(text_contains(of.industry_chain, wanted.industry_chain, dialect))
        if wanted.states:
            found.append(CASES.c.state.in_(sorted(wanted.states)))
        if wanted.min_score is not None and math.isfinite(wanted.min_score):
            found.append(of.score >= wanted.min_score)
        if wanted.max_score is not None and math.isfinite(wanted.max_score):
            found.append(of.score < wanted.max_score)
        if wanted.due_after is not None:
            found.append(CASES.c.due_at >= wanted.due_after)
        if wanted.due_before is not None:
            found.append(CASES.c.due_at < wanted.due_before)
        if wanted.text:
            found.append(self._holds(of, wanted.text))
        return found

    def _holds(self, of: _Columns, text: str) -> ColumnElement[bool]:
        """Whether a match is about something of that name or id.

        Experts are found by id alone: a list that can be searched by full names tells who stands behind a mask.
        """
        if not is_storable(text):
            return false()
        dialect = self._connection.dialect
        titles = select(_ACHIEVEMENT.id).where(text_contains(_ACHIEVEMENT.title, text, dialect))
        platforms = select(_PLATFORM.id).where(text_contains(_PLATFORM.name, text, dialect))
        return or_(
            *(column == text for column in (of.need_id, of.enterprise_code, of.source_id, of.target_id)),
            *(text_contains(column, text, dialect) for column in of.texts),
            and_(of.source_kind == EntityKind.ACHIEVEMENT, of.source_id.in_(titles)),
            and_(of.target_kind == EntityKind.ACHIEVEMENT, of.target_id.in_(titles)),
            and_(of.target_kind == EntityKind.PLATFORM, of.target_id.in_(platforms)),
        )


def _chain() -> ColumnElement[str]:
    """The need's chain where it says one, otherwise the enterprise's."""
    return func.coalesce(func.nullif(_NEED.industry_chain, ""), _OWNER.industry_chain, "")


def _columns_of_suggestions(kind: EntityKind) -> _Columns:
    of_need = kind is EntityKind.NEED
    return _Columns(
        source_kind=_SUGGESTIONS.source_kind,
        target_kind=_SUGGESTIONS.target_kind,
        target_id=_SUGGESTIONS.target_id,
        need_id=_SUGGESTIONS.source_id if of_need else literal("", Text),
        enterprise_code=_OWNER.code,
        industry_chain=_chain() if of_need else _OWNER.industry_chain,
        score=_SUGGESTIONS.score,
        source_id=_SUGGESTIONS.source_id,
        texts=(_NEED.title, _OWNER.name) if of_need else (_OWNER.name,),
    )


_STORED: Final = _Columns(
    source_kind=CASES.c.source_kind,
    target_kind=CASES.c.target_kind,
    target_id=CASES.c.target_id,
    need_id=CASES.c.need_id,
    enterprise_code=CASES.c.enterprise_code,
    industry_chain=_chain(),
    score=CASES.c.score,
    source_id=CASES.c.source_id,
    texts=(_NEED.title, _OWNER.name),
)
_SUGGESTED: Final = {
    kind: _columns_of_suggestions(kind)
    for kind in (EntityKind.NEED, EntityKind.ENTERPRISE, EntityKind.ACHIEVEMENT)
}
_SORTS: Final[dict[CaseSort, tuple[ColumnElement[Any], bool]]] = {
    CaseSort.UPDATED: (CASES.c.updated_at, True),
    CaseSort.OPENED: (CASES.c.opened_at, True),
    CaseSort.DUE: (func.coalesce(CASES.c.due_at, _FAR, type_=CASES.c.updated_at.type), False),
    CaseSort.SCORE: (func.coalesce(CASES.c.score, _LEAST), True),
}
_SHOWN: Final = (
    "source_kind",
    "source_id",
    "target_kind",
    "target_id",
    "position",
    "score",
    "parts",
    "reason",
    "evidence_ids",
)


def _view(actor: Actor, view: CaseView, now: datetime) -> Sequence[ColumnElement[bool]]:
    is_open = CASES.c.state.in_(sorted(OPEN_CASE_STATES))
    match view:
        case CaseView.MINE | CaseView.MY_DUE:
            claimed = and_(CASES.c.claimed_by == actor.id, CASES.c.claimed_until > now)
            return (is_open, or_(CASES.c.officer == actor.id, claimed))
        case CaseView.OVERDUE:
            return (CASES.c.due_at <= now,)
        case CaseView.RETURNED:
            return (CASES.c.state.in_(sorted(RETURNED_CASE_STATES)),)
        case CaseView.OPEN:
            return (is_open,)
    return ()


def _parties(kind: EntityKind) -> FromClause:
    """Suggestions of a kind of source beside the need and the enterprise that they are for."""
    suggestion = tables.Base.metadata.tables["suggestion"]
    if kind is EntityKind.NEED:
        joined = suggestion.join(NEEDS.table, NEEDS.key == _SUGGESTIONS.source_id)
        joined = joined.outerjoin(ENTERPRISES.table, ENTERPRISES.key == _NEED.enterprise_code)
        return joined.outerjoin(PROGRESS, PROGRESS.c.need_id == _NEED.id)
    code = _SUGGESTIONS.source_id if kind is EntityKind.ENTERPRISE else _SUGGESTIONS.target_id
    return suggestion.join(ENTERPRISES.table, ENTERPRISES.key == code)


def _running() -> Any:
    """How many running matches take a place of each expert."""
    inner = CASES.alias("running_case")
    statement = select(inner.c.target_id, func.count().label("n")).where(
        inner.c.target_kind == EntityKind.EXPERT, inner.c.state.in_(sorted(RUNNING_CASE_STATES))
    )
    return statement.group_by(inner.c.target_id).subquery("running")


def _available(running: Any, dialect: Dialect) -> ColumnElement[bool]:
    """Whether an expert may be proposed now: the SQL twin of :mod:`recommender.matching.eligibility`."""
    n_taken = _EXPERT.n_active_engagements + func.coalesce(running.c.n, 0)
    # Lists are stored as they were written, so text will do.
    find = func.instr if dialect.name == "sqlite" else func.strpos
    avoided = cast(_EXPERT.avoided_enterprises, Text)
    return and_(
        _EXPERT.consent_withdrawn_on.is_(None),
        _EXPERT.willingness == Willingness.OPEN,
        or_(_EXPERT.capacity.is_(None), n_taken < _EXPERT.capacity),
        or_(_OWNER.code.is_(None), find(avoided, literal('"') + _OWNER.code + literal('"')) == 0),
    )


def _suggestion(row: Row[Any], run: MatchRun) -> Case:
    """The stored match where there is one, otherwise one on which nobody has acted."""
    if row._mapping["id"] is not None:
        return case_of(row)
    values = {name: row._mapping[f"shown_{name}"] for name in _SHOWN}
    pair = Pair(values["source_kind"], values["source_id"], values["target_kind"], values["target_id"])
    shown = Shown(
        run_id=run.id,
        snapshot_id=run.snapshot_id,
        encoder_id=run.encoder_id,
        configuration_hash=run.configuration_hash,
        position=values["position"],
        score=values["score"],
        parts=values["parts"],
        reason=values["reason"],
        evidence_ids=values["evidence_ids"],
    )
    return Case(
        id=pair.id,
        pair=pair,
        need_id=row.owner_need_id or "",
        enterprise_code=row.owner_code or "",
        state=CaseState.SUGGESTED,
        version=0,
        shown=shown,
    )


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _FAR
    return found if found.tzinfo else found.replace(tzinfo=UTC)
