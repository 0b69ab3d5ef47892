"""Match runs and their suggestions."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, and_, delete, insert, or_, select, tuple_, update

from recommender.domain.errors import NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.match import MatchRun, RunState, Suggestion
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.values import check_row

_RUNS: Final[Table] = tables.Base.metadata.tables["match_run"]
_SUGGESTIONS: Final[Table] = tables.Base.metadata.tables["suggestion"]
_RUN_COLUMNS: Final = tuple(_RUNS.c[field.name] for field in fields(MatchRun))
_SUGGESTION_COLUMNS: Final = tuple(_SUGGESTIONS.c[field.name] for field in fields(Suggestion))
_NEWEST_FIRST: Final = (_RUNS.c.started_at.desc(), _RUNS.c.id.desc())


class RunRepository:
    """The batches of matching that were run, newest first."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def start(self, run: MatchRun) -> None:
        """Record a run.

        Raises:
            InvalidData: its id is in use, or a value cannot be stored.
        """
        self._require_write()
        row = asdict(run)
        check_row(row, kind="批次", id=run.id)
        self._connection.execute(insert(_RUNS), row)

    def add(self, suggestions: Sequence[Suggestion]) -> None:
        """Record suggestions of runs that were started.

        Raises:
            InvalidData: an unknown run, a position or a target that is there already, or a value that cannot
                be stored.
        """
        self._require_write()
        rows = [asdict(suggestion) for suggestion in suggestions]
        for row in rows:
            check_row(row, kind="推荐", id=row["target_id"])
        if rows:
            self._connection.execute(insert(_SUGGESTIONS), rows)

    def finish(self, run_id: str, state: RunState, finished_at: datetime) -> None:
        """Record how a run ended.

        Raises:
            NotFound: no run has that id.
        """
        self._require_write()
        statement = update(_RUNS).where(_RUNS.c.id == run_id).values(state=state, finished_at=finished_at)
        if self._connection.execute(statement).rowcount == 0:
            raise NotFound("store.run_not_found", id=run_id)

    def get(self, run_id: str) -> MatchRun | None:
        """The run with that id, or ``None``."""
        return self._first(select(*_RUN_COLUMNS).where(_RUNS.c.id == run_id))

    def latest(self, *, state: RunState | None = None) -> MatchRun | None:
        """The run that was started last, of those in ``state`` where one is given."""
        statement = select(*_RUN_COLUMNS).order_by(*_NEWEST_FIRST).limit(1)
        return self._first(statement if state is None else statement.where(_RUNS.c.state == state))

    def suggestions(
        self, run_id: str, source_id: str | None = None, target_kind: EntityKind | None = None
    ) -> list[Suggestion]:
        """Suggestions of a run, by source, kind of target and position."""
        table = _SUGGESTIONS.c
        statement = select(*_SUGGESTION_COLUMNS).where(table.run_id == run_id)
        if source_id is not None:
            statement = statement.where(table.source_id == source_id)
        if target_kind is not None:
            statement = statement.where(table.target_kind == target_kind)
        statement = statement.order_by(table.source_kind, table.source_id, table.target_kind, table.position)
        return [Suggestion(**row._mapping) for row in self._connection.execute(statement)]

    def prune(self, keep: int) -> int:
        """Delete what is older than the ``keep`` newest ended runs, suggestions included.

        A run that still runs is spared; one that is older than all that are kept is the remains of a crash.

        Returns:
            How many runs were deleted.
        """
        self._require_write()
        if keep < 1:
            raise ValueError("keep at least one run")
        age = (_RUNS.c.started_at, _RUNS.c.id)
        ended = select(*age).where(_RUNS.c.state != RunState.RUNNING).order_by(*_NEWEST_FIRST)
        oldest_kept = self._connection.execute(ended.offset(keep - 1).limit(1)).one_or_none()
        if oldest_kept is None:
            return 0
        return self._connection.execute(delete(_RUNS).where(tuple_(*age) < tuple_(*oldest_kept))).rowcount

    def _first(self, statement: Select[Any]) -> MatchRun | None:
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else MatchRun(**row._mapping)

    def _require_write(self) -> None:
        if not self._writable:
            raise RuntimeError("this unit only reads; open one with Database.write()")


def forget(connection: Connection, kind: EntityKind, ids: Sequence[str]) -> None:
    """Delete the suggestions for and of entities that are removed."""
    table = _SUGGESTIONS.c
    as_source = and_(table.source_kind == kind, among(table.source_id, ids, connection.dialect))
    as_target = and_(table.target_kind == kind, among(table.target_id, ids, connection.dialect))
    connection.execute(delete(_SUGGESTIONS).where(or_(as_source, as_target)))
