"""Deletes what has been kept long enough; each place by one time of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select, update

from recommender.domain.identity import MergeState
from recommender.domain.runs import RunState
from recommender.store import tables
from recommender.store.part import UnitPart

_TABLES: Final = tables.Base.metadata.tables


@dataclass(frozen=True, slots=True)
class _Place:
    """A table, and the column that says how old a row is."""

    table: str
    column: str


PLACES: Final[Mapping[str, _Place]] = {
    "sessions": _Place("login_session", "expires_at"),
    "tokens": _Place("access_token", "expires_at"),
    "sign_in_attempts": _Place("sign_in_attempt", "last_at"),
    "requests": _Place("keyed_request", "expires_at"),
    "import_jobs": _Place("import_job", "updated_at"),
    "reminders": _Place("reminder", "at"),
    "reveals": _Place("reveal", "at"),
    "processing": _Place("processing", "at"),
    "objections": _Place("objection", "closed_at"),
    "audit": _Place("audit", "at"),
}
"""What is deleted row by row, by the name that settings and reports know it by; what has no time yet stays."""

FORMER_CONTENT: Final = "former_content"
PAYLOADS: Final = "payloads"


class RetentionRepository(UnitPart):
    """Old rows; deleting them again deletes nothing."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def n_older(self, name: str, before: datetime) -> int:
        """How many rows of a place, or remembered contents, are older."""
        table, condition = _older(name, before)
        return int(
            self._connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
        )

    def drop(self, name: str, before: datetime) -> int:
        """Delete them; how many there were."""
        self._require_write()
        table, condition = _older(name, before)
        statement: Any = delete(table).where(condition)
        if name == PAYLOADS:
            statement = update(table).where(condition).values(payload=None, sha256=None)
        return self._connection.execute(statement).rowcount


def _older(name: str, before: datetime) -> tuple[Table, ColumnElement[bool]]:
    if name == FORMER_CONTENT:
        changes, merges = _TABLES["merge_change"], _TABLES["record_merge"].c
        old = select(merges.number).where(merges.at < before, merges.state == MergeState.DONE)
        return changes, changes.c.merge_number.in_(old)
    if name == PAYLOADS:
        shards, runs = _TABLES["run_shard"], _TABLES["match_run"].c
        ended = select(runs.number).where(runs.finished_at < before, runs.state != RunState.RUNNING)
        return shards, and_(shards.c.run_number.in_(ended), shards.c.sha256.is_not(None))
    place = PLACES[name]
    table = _TABLES[place.table]
    return table, table.c[place.column] < before
