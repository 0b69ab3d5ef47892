"""Which run readers see: a stack of publications, of which each line says what it replaced."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, exists, insert, select

from recommender.domain.errors import Conflict, NotFound
from recommender.domain.runs import Publication, PublishedRun, RunState
from recommender.store import tables
from recommender.store.values import check_row

_RUNS: Final[Table] = tables.Base.metadata.tables["match_run"]
_LINES: Final[Table] = tables.Base.metadata.tables["publication"]
_PUBLISHABLE: Final = (RunState.DONE, RunState.PARTIAL)


def newest(connection: Connection) -> PublishedRun | None:
    """What readers see, ``None`` before anything was published."""
    line = _newest_line(connection)
    return None if line is None else _published(connection, line)


def publish(connection: Connection, run_id: str, at: datetime, actor: str) -> PublishedRun:
    """Put a run on top, unless it is there already.

    Raises:
        NotFound: no run has that id.
        Conflict: it has not ended, or ended without a result.
    """
    _lock(connection)
    run = connection.execute(select(_RUNS.c.number, _RUNS.c.state).where(_RUNS.c.id == run_id)).one_or_none()
    if run is None:
        raise NotFound("store.run_not_found", id=run_id)
    if run.state not in _PUBLISHABLE:
        raise Conflict("run.not_finished", id=run_id, state=run.state.value)
    present = _newest_line(connection)
    if present is not None and present.run_number == run.number:
        return _published(connection, present)
    previous = None if present is None else present.number
    return _add(connection, run.number, previous, at=at, actor=actor)


def roll_back(connection: Connection, at: datetime, actor: str) -> PublishedRun:
    """Put the run on top that the present one replaced; what that one replaced is below it again.

    Raises:
        Conflict: nothing was published before, or it was pruned.
    """
    _lock(connection)
    present = _newest_line(connection)
    below = None if present is None else _line(connection, present.previous_number)
    if below is None or not _is_whole(connection, below.run_number):
        raise Conflict("run.nothing_before")
    return _add(connection, below.run_number, below.previous_number, at=at, actor=actor)


def history(connection: Connection, limit: int) -> list[Publication]:
    """The last changes of what readers see, newest first.

    A line that does not stand on the one before it went back: it stands on what that one's predecessor stood on.
    """
    before = _LINES.alias("before")
    published_before = exists().where(
        before.c.run_number == _LINES.c.run_number, before.c.number < _LINES.c.number
    )
    columns = (_LINES, _RUNS.c.id.label("run_id"), published_before.label("is_again"))
    statement = select(*columns).join(_RUNS, _RUNS.c.number == _LINES.c.run_number)
    rows = connection.execute(statement.order_by(_LINES.c.number.desc()).limit(limit + 1)).all()
    return [_change(row, before) for row, before in zip(rows[:limit], [*rows[1:], None], strict=False)]


def _change(row: Row[Any], before: Row[Any] | None) -> Publication:
    stands_deeper = before is not None and row.previous_number != before.number
    return Publication(
        number=row.number,
        run_id=row.run_id,
        at=row.at,
        actor=row.actor,
        replaced_run_id="" if before is None else before.run_id,
        is_rollback=stands_deeper and row.is_again,
    )


def spared(connection: Connection) -> Sequence[int]:
    """Numbers of the runs that must not be pruned: the published one and what it replaced."""
    present = _newest_line(connection)
    below = None if present is None else _line(connection, present.previous_number)
    return [line.run_number for line in (present, below) if line is not None]


def _lock(connection: Connection) -> None:
    """Make others wait who would publish or roll back; SQLite has only one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE publication IN SHARE ROW EXCLUSIVE MODE")


def _add(
    connection: Connection, run_number: int, previous_number: int | None, *, at: datetime, actor: str
) -> PublishedRun:
    row = {"run_number": run_number, "previous_number": previous_number, "at": at, "actor": actor}
    check_row({"actor": actor}, kind="发布", id=actor)
    connection.execute(insert(_LINES), row)
    added = newest(connection)
    assert added is not None
    return added


def _newest_line(connection: Connection) -> Row[Any] | None:
    return connection.execute(select(_LINES).order_by(_LINES.c.number.desc()).limit(1)).one_or_none()


def _line(connection: Connection, number: int | None) -> Row[Any] | None:
    return connection.execute(select(_LINES).where(_LINES.c.number == number)).one_or_none()


def _published(connection: Connection, line: Row[Any]) -> PublishedRun:
    below = _line(connection, line.previous_number)
    return PublishedRun(
        run_id=_run_id(connection, line.run_number),
        at=line.at,
        actor=line.actor,
        previous_run_id=None if below is None else _run_id(connection, below.run_number),
    )


def _is_whole(connection: Connection, run_number: int) -> bool:
    """Whether pruning has not begun on a run."""
    state = connection.execute(select(_RUNS.c.state).where(_RUNS.c.number == run_number)).scalar_one()
    return state in _PUBLISHABLE


def _run_id(connection: Connection, number: int) -> str:
    return str(connection.execute(select(_RUNS.c.id).where(_RUNS.c.number == number)).scalar_one())
