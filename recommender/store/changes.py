"""What one import batch did to records: noted while it is applied, read to take it back."""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, func, insert, literal, or_, select, update

from recommender.domain.batches import BatchState
from recommender.domain.entities import Record
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.documents import from_document, to_document
from recommender.store.mapping import MAPPINGS, Mapping
from recommender.store.part import UnitPart
from recommender.store.repositories import CHUNK_SIZE
from recommender.store.values import chunks
from recommender.store.vault import WITHOUT_KEYS, Vault

_BATCHES: Final[Table] = tables.Base.metadata.tables["import_batch"]
_CHANGES: Final[Table] = tables.Base.metadata.tables["import_change"]
_AUTHORS: Final[Table] = tables.Base.metadata.tables["achievement_author"]


@dataclass(frozen=True, slots=True)
class Altered:
    """Records of a batch that are no longer what it left: ``n`` of them, the first few by id."""

    n: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """A record that a batch added, or replaced."""

    id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Dependents:
    """Records that point to records which a batch added.

    Attributes:
        label: what messages call them.
        n: how many.
        batches: ids of the batches that wrote them, newest first; none where they came another way.
    """

    label: str
    n: int
    batches: tuple[str, ...]


class BatchChanges(UnitPart):
    """The records that a batch added, which held nothing before, and those it replaced."""

    def __init__(
        self,
        connection: Connection,
        number: int,
        record_type: type[Record],
        *,
        writable: bool,
        vault: Vault = WITHOUT_KEYS,
    ) -> None:
        self._connection = connection
        self._number = number
        self._record_type = record_type
        self._mapping: Mapping[Any] = MAPPINGS[record_type]
        self._writable = writable
        self._vault = vault

    def note_added(self, ids: Sequence[str]) -> None:
        """Note records that were just added; they are stored already, so their fingerprints are copied there."""
        self._require_write()
        key = self._mapping.key
        targets = [_CHANGES.c.batch_number, _CHANGES.c.record_id, _CHANGES.c.after]
        for chunk in chunks(ids, CHUNK_SIZE):
            added = select(literal(self._number), key, self._mapping.table.c.fingerprint)
            added = added.where(self._among(key, chunk)).order_by(key)
            self._connection.execute(insert(_CHANGES).from_select(targets, added))

    def note_replaced(self, pairs: Sequence[tuple[Record, Record]]) -> None:
        """Note records that are about to be replaced, each as it is stored now and as it will be."""
        self._require_write()
        for chunk in chunks(pairs, CHUNK_SIZE):
            stamps = self._stamps([before.id for before, _ in chunk])
            rows = [
                {
                    "batch_number": self._number,
                    "record_id": before.id,
                    "after": self._vault.fingerprint(after),
                    "before": self._vault.sealed(self._record_type, to_document(before)),
                    "before_version": stamps[before.id][0],
                    "before_updated_at": stamps[before.id][1],
                }
                for before, after in chunk
            ]
            self._connection.execute(insert(_CHANGES), rows)

    def later_batches(self) -> list[str]:
        """Ids of later batches, not taken back, that wrote a record which this one wrote; newest first."""
        later = _CHANGES.alias("later")
        kind = select(_BATCHES.c.kind).where(_BATCHES.c.number == self._number).scalar_subquery()
        shared = (
            select(_CHANGES.c.record_id)
            .where(self._own, later.c.batch_number == _BATCHES.c.number)
            .where(later.c.record_id == _CHANGES.c.record_id)
            .correlate(_BATCHES)
        )
        statement = select(_BATCHES.c.id).where(
            _BATCHES.c.number > self._number,
            _BATCHES.c.kind == kind,
            _BATCHES.c.state == BatchState.APPLIED,
            shared.exists(),
        )
        return list(self._connection.execute(statement.order_by(_BATCHES.c.number.desc())).scalars())

    def altered(self, *, n_shown: int = 5) -> Altered:
        """Records that are gone or hold something else than the batch left.

        On PostgreSQL all of them stay locked: until the unit ends, nothing can come to point to them.
        """
        self._require_write()
        self._lock_records()
        mark = self._mapping.table.c.fingerprint
        joined = _CHANGES.outerjoin(self._mapping.table, self._mapping.key == _CHANGES.c.record_id)
        differing = select(_CHANGES.c.record_id).select_from(joined)
        differing = differing.where(self._own, or_(mark.is_(None), mark != _CHANGES.c.after))
        first = self._connection.execute(differing.order_by(_CHANGES.c.record_id).limit(n_shown)).scalars()
        return Altered(self._count(differing), tuple(first))

    def dependents(self, kinds: Dictionary[type[Record], str]) -> list[Dependents]:
        """Records that point to what the batch added, by type.

        Args:
            kinds: what batches call the kind of file of a record type.
        """
        added = self._ids(added=True)
        found = []
        for owner in MAPPINGS.values():
            fields = [field for field, _, table in owner.references if table is self._mapping.table]
            for field in fields:
                ids = _pointing(owner, field, added)
                n = self._count(ids)
                if n:
                    found.append(Dependents(owner.label, n, self._writers(kinds[owner.record], ids)))
        return found

    def page(self, request: PageRequest, *, added: bool | None = None) -> Page[WrittenRecord]:
        """What the batch wrote, by id; only what it added, or only what it replaced, where that is said.

        Raises:
            InvalidInput: the cursor is not of this list.
        """
        statement = select(_CHANGES.c.record_id, _CHANGES.c.before_version).where(self._own)
        if added is not None:
            stood_before = _CHANGES.c.before_version.is_not(None)
            statement = statement.where(~stood_before if added else stood_before)
        after = request.after(str)
        if after is not None:
            statement = statement.where(_CHANGES.c.record_id > after[0])
        rows = self._connection.execute(statement.order_by(_CHANGES.c.record_id).limit(request.limit + 1)).all()
        shown = tuple(WrittenRecord(id, version is None) for id, version in rows[: request.limit])
        more = len(rows) > request.limit
        return Page(shown, cursor_of(request, (shown[-1].id,)) if more else "")

    def added(self) -> list[str]:
        """Ids of the records that the batch added, ascending."""
        return self._listed(self._ids(added=True))

    def replaced(self) -> list[str]:
        """Ids of the records that the batch replaced, ascending."""
        return self._listed(self._ids(added=False))

    def before(self, ids: Sequence[str]) -> list[Record]:
        """What stood in replaced records, in ascending order of id; absent ids are left out."""
        found: list[Record] = []
        statement = select(_CHANGES.c.before).where(self._own, _CHANGES.c.before_version.is_not(None))
        for chunk in chunks(sorted(ids), CHUNK_SIZE):
            of_chunk = statement.where(self._among(_CHANGES.c.record_id, chunk)).order_by(_CHANGES.c.record_id)
            documents = self._connection.execute(of_chunk).scalars()
            records = (from_document(self._record_type, document) for document in documents)
            found.extend(self._vault.opened(record) for record in records)
        return found

    def restore_stamps(self) -> None:
        """Give replaced records, once they are put back, the version and the time they had."""
        self._require_write()
        key = self._mapping.key
        stamps = (_CHANGES.c.before_version, _CHANGES.c.before_updated_at)
        version, updated_at = (
            select(stamp).where(self._own, _CHANGES.c.record_id == key).scalar_subquery() for stamp in stamps
        )
        statement = update(self._mapping.table).values(version=version, updated_at=updated_at)
        self._connection.execute(statement.where(key.in_(self._ids(added=False))))

    @property
    def _own(self) -> ColumnElement[bool]:
        return _CHANGES.c.batch_number == self._number

    def _ids(self, *, added: bool) -> Select[Any]:
        stood_before = _CHANGES.c.before_version.is_not(None)
        return select(_CHANGES.c.record_id).where(self._own, ~stood_before if added else stood_before)

    def _listed(self, ids: Select[Any]) -> list[str]:
        return list(self._connection.execute(ids.order_by(_CHANGES.c.record_id)).scalars())

    def _count(self, rows: Select[Any]) -> int:
        return self._connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one()

    def _among(self, column: ColumnElement[str], ids: Sequence[str]) -> ColumnElement[bool]:
        return among(column, ids, self._connection.dialect)

    def _stamps(self, ids: Sequence[str]) -> dict[str, tuple[int, datetime]]:
        columns = self._mapping.table.c
        statement = select(self._mapping.key, columns.version, columns.updated_at)
        rows = self._connection.execute(statement.where(self._among(self._mapping.key, ids)))
        return {id: (version, updated_at) for id, version, updated_at in rows}

    def _writers(self, kind: str, ids: Select[Any]) -> tuple[str, ...]:
        """Batches of a kind, newest first, not taken back, that wrote one of the records."""
        wrote = select(_CHANGES.c.record_id).where(
            _CHANGES.c.batch_number == _BATCHES.c.number, _CHANGES.c.record_id.in_(ids)
        )
        statement = select(_BATCHES.c.id).where(_BATCHES.c.kind == kind, _BATCHES.c.state == BatchState.APPLIED)
        statement = statement.where(wrote.correlate(_BATCHES).exists()).order_by(_BATCHES.c.number.desc())
        return tuple(self._connection.execute(statement).scalars())

    def _lock_records(self) -> None:
        if self._connection.dialect.name == "postgresql":
            key = self._mapping.key
            own = select(_CHANGES.c.record_id).where(self._own)
            self._count(select(key).where(key.in_(own)).order_by(key).with_for_update())


def _pointing(owner: Mapping[Any], field: str, targets: Select[Any]) -> Select[Any]:
    """Keys of the owner's rows whose ``field`` names one of the targets."""
    targets = targets.correlate(None)
    if field in owner.table.c:
        return select(owner.key).where(owner.table.c[field].in_(targets))
    return select(_AUTHORS.c.achievement_id).where(_AUTHORS.c.expert_id.in_(targets)).distinct()
