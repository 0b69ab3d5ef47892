"""Where needs stand. A need without a row was imported and counts as published."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.needs import NeedProgress
from recommender.domain.workflow import OPEN_NEED_STATES, UNPUBLISHED_NEED_STATES, NeedState
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.mapping import NEEDS
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks, is_storable

PROGRESS: Final[Table] = tables.Base.metadata.tables["need_progress"]
_COLUMNS: Final = PROGRESS.c
_CHUNK: Final = 2000


def need_is_open(today: date) -> ColumnElement[bool]:
    """Whether a row of ``need``, outer-joined with ``need_progress``, looks for somebody today."""
    deadline = NEEDS.table.c.deadline
    state = or_(_COLUMNS.state.is_(None), _COLUMNS.state.in_(OPEN_NEED_STATES))
    return and_(state, or_(deadline.is_(None), deadline >= today))


class NeedProgressRepository(UnitPart):
    """States of needs by id of the need."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def get(self, need_id: str) -> NeedProgress:
        """Where a need stands; in a unit that writes it stays locked until that ends."""
        if not is_storable(need_id):
            return NeedProgress(need_id=need_id)
        if self._writable:
            self._make(need_id)
        statement = select(PROGRESS).where(_COLUMNS.need_id == need_id)
        row = self._connection.execute(statement.with_for_update() if self._writable else statement).one_or_none()
        return NeedProgress(need_id=need_id) if row is None else NeedProgress(**row._mapping)

    def states(self, need_ids: Sequence[str]) -> dict[str, NeedState]:
        """The state of each need; one without a row is published."""
        found = dict.fromkeys(need_ids, NeedState.PUBLISHED)
        for chunk in chunks(sorted(found), _CHUNK):
            of_chunk = among(_COLUMNS.need_id, chunk, self._connection.dialect)
            rows = self._connection.execute(select(_COLUMNS.need_id, _COLUMNS.state).where(of_chunk))
            found.update((id, state) for id, state in rows)
        return found

    def not_open(self) -> frozenset[str]:
        """Ids of the needs whose state keeps them from being matched: drafts, closed ones and the like."""
        statement = select(_COLUMNS.need_id).where(_COLUMNS.state.not_in(OPEN_NEED_STATES))
        return frozenset(self._connection.execute(statement).scalars())

    def not_open_among(self, need_ids: Sequence[str]) -> frozenset[str]:
        """The same of some needs."""
        return frozenset(id for id, state in self.states(need_ids).items() if state not in OPEN_NEED_STATES)

    def unpublished(self) -> frozenset[str]:
        """Ids of the needs that nobody but their owner and their reviewers may learn of."""
        statement = select(_COLUMNS.need_id).where(_COLUMNS.state.in_(UNPUBLISHED_NEED_STATES))
        return frozenset(self._connection.execute(statement).scalars())

    def start(self, progress: NeedProgress) -> None:
        """Record a need that was just written.

        Raises:
            InvalidData: the need has begun already, or a value cannot be stored.
        """
        self._require_write()
        row = asdict(progress)
        check_row(row, kind="需求", id=progress.need_id)
        self._connection.execute(insert(PROGRESS), row)

    def put(self, progress: NeedProgress, *, before: int) -> bool:
        """Record where a need stands now, if it is still at version ``before``; whether it was."""
        self._require_write()
        row = asdict(progress)
        check_row(row, kind="需求", id=progress.need_id)
        own = and_(_COLUMNS.need_id == progress.need_id, _COLUMNS.version == before)
        return self._connection.execute(update(PROGRESS).where(own).values(row)).rowcount == 1

    def past_deadline(self, today: date, states: Sequence[NeedState], limit: int) -> list[str]:
        """Ids of needs in these states whose deadline is over, ascending; a need without a row is published."""
        need = NEEDS.table
        joined = need.outerjoin(PROGRESS, _COLUMNS.need_id == need.c.id)
        in_state: ColumnElement[bool] = _COLUMNS.state.in_(states)
        if NeedState.PUBLISHED in states:
            in_state = or_(in_state, _COLUMNS.state.is_(None))
        statement = select(need.c.id).select_from(joined).where(need.c.deadline < today, in_state)
        return list(self._connection.execute(statement.order_by(need.c.id).limit(limit)).scalars())

    def counts(self) -> dict[NeedState, int]:
        """How many needs stand where."""
        need = NEEDS.table
        joined = need.outerjoin(PROGRESS, _COLUMNS.need_id == need.c.id)
        statement = select(_COLUMNS.state, func.count()).select_from(joined).group_by(_COLUMNS.state)
        found: dict[NeedState, int] = {}
        for state, n in self._connection.execute(statement):
            known = state or NeedState.PUBLISHED
            found[known] = found.get(known, 0) + n
        return found

    def _make(self, need_id: str) -> None:
        """A row to lock, at version 0."""
        dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        row = asdict(NeedProgress(need_id=need_id))
        self._connection.execute(dialect.insert(PROGRESS).on_conflict_do_nothing(), row)
