"""Import batches: one line for each file that was applied, in the order in which they were."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, and_, delete, insert, select, text, update

from recommender.domain.batches import BatchState, ImportBatch
from recommender.domain.entities import Record
from recommender.domain.errors import NotFound
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.store import tables
from recommender.store.changes import BatchChanges
from recommender.store.keyset import beyond, ordering
from recommender.store.part import UnitPart
from recommender.store.values import check_row
from recommender.store.vault import WITHOUT_KEYS, Vault

_BATCHES: Final[Table] = tables.Base.metadata.tables["import_batch"]
_CHANGES: Final[Table] = tables.Base.metadata.tables["import_change"]
_COLUMNS: Final = tuple(_BATCHES.c[field.name] for field in fields(ImportBatch))
_NEWEST_FIRST: Final = _BATCHES.c.number.desc()


class BatchRepository(UnitPart):
    """The batches, by id."""

    def __init__(self, connection: Connection, *, writable: bool, vault: Vault = WITHOUT_KEYS) -> None:
        self._connection = connection
        self._writable = writable
        self._vault = vault

    def lock(self) -> None:
        """Let no other unit apply or take back a batch until this one ends; readers go on.

        Two batches that were written at once would each take the other's records for what stood there before.
        On SQLite there is one writer anyway.

        Raises:
            Unavailable: another one has held it for over five seconds.
        """
        self._require_write()
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE import_batch IN SHARE ROW EXCLUSIVE MODE"))

    def start(self, batch: ImportBatch) -> None:
        """Record a batch whose changes follow.

        Raises:
            InvalidData: its id is in use, or a value cannot be stored.
        """
        self._require_write()
        row = asdict(batch)
        check_row(row, kind="导入批次", id=batch.id)
        self._connection.execute(insert(_BATCHES), row)

    def finish(self, batch_id: str, at: datetime) -> None:
        """Record when the batch was written. The later that is said, the fewer indexes seem to hold it."""
        self._update(batch_id, at=at)

    def changes(self, batch_id: str, record_type: type[Record]) -> BatchChanges:
        """What the batch did to records, which are of one type.

        Raises:
            NotFound: no batch has that id.
        """
        number = self._connection.execute(select(_BATCHES.c.number).where(_BATCHES.c.id == batch_id)).scalar()
        if number is None:
            raise NotFound("import.batch_not_found", id=batch_id)
        return BatchChanges(self._connection, number, record_type, writable=self._writable, vault=self._vault)

    def get(self, batch_id: str) -> ImportBatch | None:
        """The batch with that id, or ``None``."""
        return self._first(select(*_COLUMNS).where(_BATCHES.c.id == batch_id))

    def latest(self, *, state: BatchState | None = None) -> ImportBatch | None:
        """The batch that was written last, of those in ``state`` where one is given."""
        statement = select(*_COLUMNS).order_by(_NEWEST_FIRST).limit(1)
        return self._first(statement if state is None else statement.where(_BATCHES.c.state == state))

    def page(self, request: PageRequest, *, actor: str | None = None) -> Page[ImportBatch]:
        """Batches, newest first, of one actor where one is given.

        Raises:
            InvalidInput: the cursor is not of this list.
        """
        order = [(_BATCHES.c.number, True)]
        statement = select(_BATCHES.c.number, *_COLUMNS).order_by(*ordering(order))
        if actor is not None:
            statement = statement.where(_BATCHES.c.actor == actor)
        after = request.after(int)
        if after is not None:
            statement = statement.where(beyond(order, after))
        rows = self._connection.execute(statement.limit(request.limit + 1)).all()
        shown = rows[: request.limit]
        items = (ImportBatch(**{k: v for k, v in row._mapping.items() if k != "number"}) for row in shown)
        more = len(rows) > request.limit
        return Page(tuple(items), cursor_of(request, (shown[-1].number,)) if more else "")

    def newest(self, n: int) -> list[ImportBatch]:
        """The last ``n`` batches, newest first."""
        statement = select(*_COLUMNS).order_by(_NEWEST_FIRST).limit(n)
        return [ImportBatch(**row._mapping) for row in self._connection.execute(statement)]

    def of_record(self, kind: str, record_id: str) -> list[tuple[ImportBatch, bool]]:
        """Batches of a kind of file that wrote a record, newest first, and whether each added it.

        Batches that were taken back or sealed no longer know.
        """
        joined = _BATCHES.join(_CHANGES, _CHANGES.c.batch_number == _BATCHES.c.number)
        statement = select(*_COLUMNS, _CHANGES.c.before_version.is_(None).label("was_new")).select_from(joined)
        statement = statement.where(_BATCHES.c.kind == kind, _CHANGES.c.record_id == record_id)
        rows = self._connection.execute(statement.order_by(_NEWEST_FIRST)).all()
        names = [column.name for column in _COLUMNS]
        return [(ImportBatch(**{name: row._mapping[name] for name in names}), row.was_new) for row in rows]

    def mark_undone(self, batch_id: str, *, at: datetime, by: str) -> None:
        """Record that a batch was taken back, and forget what it had replaced."""
        self._forget(select(_BATCHES.c.number).where(_BATCHES.c.id == batch_id))
        self._update(batch_id, state=BatchState.UNDONE, undone_at=at, undone_by=by)

    def seal(self, before: datetime) -> int:
        """Forget what batches older than ``before`` had replaced; they can no longer be taken back.

        Returns:
            How many batches.
        """
        old = and_(_BATCHES.c.state == BatchState.APPLIED, _BATCHES.c.at < before)
        self._forget(select(_BATCHES.c.number).where(old))
        return self._connection.execute(update(_BATCHES).where(old).values(state=BatchState.SEALED)).rowcount

    def _forget(self, numbers: Select[Any]) -> None:
        self._require_write()
        self._connection.execute(delete(_CHANGES).where(_CHANGES.c.batch_number.in_(numbers)))

    def _update(self, batch_id: str, **values: object) -> None:
        self._require_write()
        self._connection.execute(update(_BATCHES).where(_BATCHES.c.id == batch_id).values(**values))

    def _first(self, statement: Select[Any]) -> ImportBatch | None:
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else ImportBatch(**row._mapping)
