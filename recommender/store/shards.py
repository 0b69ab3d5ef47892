"""The shards of runs: what is to be done, what was found, what was set aside."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, func, insert, select, update

from recommender.domain.errors import InvalidData, NotFound
from recommender.domain.runs import PendingShard, QuarantinedShard, ShardStage, ShardState, StageProgress
from recommender.store import tables
from recommender.store.part import UnitPart
from recommender.store.values import chunks, is_storable

MAX_ERROR_LENGTH: Final = 4000
"""Characters of an attempt's error that are kept."""

_RUNS: Final[Table] = tables.Base.metadata.tables["match_run"]
_SHARDS: Final[Table] = tables.Base.metadata.tables["run_shard"]
_COLUMNS: Final = _SHARDS.c
_CHUNK: Final = 2000
_UNTOUCHED: Final[dict[str, Any]] = {
    "state": ShardState.PENDING,
    "attempts": 0,
    "error": "",
    "payload": None,
    "sha256": None,
}


class ShardRepository(UnitPart):
    """Shards by run, stage and number. A payload is what a stage found, as bytes that the store does not read."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def plan(self, run_id: str, stage: ShardStage, numbers: Sequence[int]) -> None:
        """Make these shards known; those that are known already stay as they are.

        Raises:
            NotFound: no run has that id.
        """
        run_number = self._run_number(run_id)
        stored = select(_COLUMNS.number).where(_COLUMNS.run_number == run_number, _COLUMNS.stage == stage)
        known = set(self._connection.execute(stored).scalars())
        fresh = {
            "run_number": run_number,
            "stage": stage,
            "state": ShardState.PENDING,
            "attempts": 0,
            "error": "",
        }
        rows = [fresh | {"number": number, "updated_at": _now()} for number in sorted(set(numbers) - known)]
        if rows:
            self._connection.execute(insert(_SHARDS), rows)

    def pending(self, run_id: str, stage: ShardStage) -> list[PendingShard]:
        """Shards that are neither done nor set aside, ascending."""
        statement = (
            select(_COLUMNS.number, _COLUMNS.attempts)
            .join(_RUNS, _RUNS.c.number == _COLUMNS.run_number)
            .where(_RUNS.c.id == run_id, _COLUMNS.stage == stage, _COLUMNS.state == ShardState.PENDING)
            .order_by(_COLUMNS.number)
        )
        return [PendingShard(number, attempts) for number, attempts in self._connection.execute(statement)]

    def begin(self, run_id: str, stage: ShardStage, numbers: Sequence[int]) -> None:
        """Count an attempt of each. Commit before the work starts: a shard that kills its process is counted.

        Raises:
            NotFound: no run has that id, or it has no such shard.
        """
        self._set(run_id, stage, numbers, attempts=_COLUMNS.attempts + 1)

    def complete(self, run_id: str, stage: ShardStage, number: int, payload: bytes | None = None) -> None:
        """Record that a shard is done, with what it found where that is needed later.

        Raises:
            NotFound: no run has that id, or it has no such shard.
        """
        digest = None if payload is None else hashlib.sha256(payload).hexdigest()
        done: dict[str, Any] = {"state": ShardState.DONE, "error": "", "payload": payload, "sha256": digest}
        self._set(run_id, stage, [number], **done)

    def payloads(self, run_id: str, stage: ShardStage) -> Iterator[tuple[int, bytes]]:
        """Number and payload of the shards that are done and have one, ascending, one in memory at a time.

        Raises:
            InvalidData: a payload is not what was stored; :meth:`reopen` has the shard done again.
        """
        done = (
            select(_COLUMNS.number)
            .join(_RUNS, _RUNS.c.number == _COLUMNS.run_number)
            .where(_RUNS.c.id == run_id, _COLUMNS.stage == stage, _COLUMNS.sha256.is_not(None))
            .order_by(_COLUMNS.number)
        )
        for number in self._connection.execute(done).scalars().all():
            found = select(_COLUMNS.payload, _COLUMNS.sha256).where(self._one(run_id, stage, [number]))
            payload, digest = self._connection.execute(found).one()
            if payload is None or hashlib.sha256(payload).hexdigest() != digest:
                raise InvalidData("run.shard_damaged", id=run_id, stage=stage.value, number=number)
            yield number, payload

    def reopen(self, run_id: str, stage: ShardStage, numbers: Sequence[int]) -> None:
        """Have shards done again as if they had never been begun.

        Raises:
            NotFound: no run has that id, or it has no such shard.
        """
        self._set(run_id, stage, numbers, **_UNTOUCHED)

    def fail(self, run_id: str, stage: ShardStage, number: int, error: str) -> None:
        """Record what an attempt died of; the shard stays pending.

        Raises:
            NotFound: no run has that id, or it has no such shard.
        """
        self._set(run_id, stage, [number], error=_kept(error))

    def quarantine(self, run_id: str, stage: ShardStage, number: int, error: str | None = None) -> None:
        """Set a shard aside; its last error stays where none is given.

        Raises:
            NotFound: no run has that id, or it has no such shard.
        """
        values: dict[str, Any] = {"state": ShardState.QUARANTINED, "payload": None, "sha256": None}
        self._set(run_id, stage, [number], **values, **({} if error is None else {"error": _kept(error)}))

    def quarantined(self, run_id: str) -> list[QuarantinedShard]:
        """Shards that were set aside, by stage and number."""
        statement = (
            select(_COLUMNS.stage, _COLUMNS.number, _COLUMNS.attempts, _COLUMNS.error)
            .join(_RUNS, _RUNS.c.number == _COLUMNS.run_number)
            .where(_RUNS.c.id == run_id, _COLUMNS.state == ShardState.QUARANTINED)
            .order_by(_COLUMNS.number)
        )
        found = [QuarantinedShard(**row._mapping) for row in self._connection.execute(statement)]
        return sorted(found, key=lambda shard: list(ShardStage).index(shard.stage))

    def progress(self, run_id: str) -> dict[ShardStage, StageProgress]:
        """How far the stages of a run are; empty where nothing was planned."""
        statement = (
            select(_COLUMNS.stage, _COLUMNS.state, func.count())
            .join(_RUNS, _RUNS.c.number == _COLUMNS.run_number)
            .where(_RUNS.c.id == run_id)
            .group_by(_COLUMNS.stage, _COLUMNS.state)
        )
        counted: defaultdict[ShardStage, Counter[ShardState]] = defaultdict(Counter)
        for stage, state, n in self._connection.execute(statement):
            counted[stage][state] = n
        return {
            stage: StageProgress(
                n_shards=counted[stage].total(),
                n_done=counted[stage][ShardState.DONE],
                n_quarantined=counted[stage][ShardState.QUARANTINED],
            )
            for stage in ShardStage
            if stage in counted
        }

    def drop_payloads(self, run_id: str) -> None:
        """Forget what the shards of a run found; that they are done stays.

        Raises:
            NotFound: no run has that id.
        """
        of_run = and_(_COLUMNS.run_number == self._run_number(run_id), _COLUMNS.sha256.is_not(None))
        self._connection.execute(update(_SHARDS).where(of_run).values(payload=None, sha256=None))

    def _set(self, run_id: str, stage: ShardStage, numbers: Sequence[int], **values: Any) -> None:
        self._run_number(run_id)
        for chunk in chunks(sorted(set(numbers)), _CHUNK):
            statement = update(_SHARDS).where(self._one(run_id, stage, chunk))
            n_found = self._connection.execute(statement.values(**values, updated_at=_now())).rowcount
            if n_found < len(chunk):
                listed = "、".join(map(str, chunk))
                raise NotFound("run.shard_unknown", id=run_id, stage=stage.value, numbers=listed)

    def _one(self, run_id: str, stage: ShardStage, numbers: Sequence[int]) -> ColumnElement[bool]:
        run_number = select(_RUNS.c.number).where(_RUNS.c.id == run_id).scalar_subquery()
        return and_(_COLUMNS.run_number == run_number, _COLUMNS.stage == stage, _COLUMNS.number.in_(numbers))

    def _run_number(self, run_id: str) -> int:
        """For writing."""
        self._require_write()
        number = self._connection.execute(select(_RUNS.c.number).where(_RUNS.c.id == run_id)).scalar()
        if number is None:
            raise NotFound("store.run_not_found", id=run_id)
        return int(number)


def _now() -> datetime:
    return datetime.now(UTC)


def _kept(error: str) -> str:
    """An error as the databases can hold it: it may quote anything."""
    cut = error[:MAX_ERROR_LENGTH]
    return cut if is_storable(cut) else cut.replace("\0", "�").encode(errors="replace").decode()
