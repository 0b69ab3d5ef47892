"""Brings everything stored under the present key: contacts in clear from earlier versions, and under former keys.

Contacts lie in the records and in what imports and merges remember of former ones. The content hashes that were
computed over plain contacts are computed anew, since a phone number can be guessed from such a hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, func, or_, select, update

from recommender.domain.entities import Expert, fingerprint
from recommender.domain.sealed import SEALED_FIELDS, SEALED_PREFIX, is_sealed, key_of
from recommender.store import tables
from recommender.store.documents import from_document
from recommender.store.journal import RowRef, row_hash, rows_at
from recommender.store.values import chunks
from recommender.store.vault import Vault

_TABLES: Final = tables.Base.metadata.tables
_EXPERTS: Final[Table] = _TABLES["expert"]
_BATCHES: Final[Table] = _TABLES["import_batch"]
_IMPORTS: Final[Table] = _TABLES["import_change"]
_MERGES: Final[Table] = _TABLES["merge_change"]
_FIELDS: Final = SEALED_FIELDS[Expert]
_EXPERT_FILES: Final = "experts"
_CHUNK: Final = 500

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sealing:
    """What was brought under the present key.

    Attributes:
        n_records: experts whose contacts were sealed (anew).
        n_remembered: former contents of experts that imports and merges remember.
        n_locked: of both, those that no key opens; they stay as they are.
    """

    n_records: int = 0
    n_remembered: int = 0
    n_locked: int = 0

    def __add__(self, other: "Sealing") -> "Sealing":
        return Sealing(
            self.n_records + other.n_records,
            self.n_remembered + other.n_remembered,
            self.n_locked + other.n_locked,
        )


def holds_sealed(connection: Connection) -> bool:
    """Whether any record holds a sealed contact."""
    sealed = or_(*(_begins(_EXPERTS.c[field], SEALED_PREFIX) for field in _FIELDS))
    return connection.execute(select(_EXPERTS.c.id).where(sealed).limit(1)).first() is not None


def holds_plain(connection: Connection) -> bool:
    """Whether any record holds a contact in clear."""
    plain = or_(*(and_(_EXPERTS.c[field] != "", ~_begins(_EXPERTS.c[field], SEALED_PREFIX)) for field in _FIELDS))
    return connection.execute(select(_EXPERTS.c.id).where(plain).limit(1)).first() is not None


def reseal(connection: Connection, vault: Vault) -> Sealing:
    """Seal with the present key whatever is not.

    Raises:
        Unavailable: there are no keys.
    """
    work = _Reseal(connection, vault)
    return work.experts() + work.imports() + work.merges()


def _begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    return func.substr(column, 1, len(prefix)) == prefix


class _Reseal:
    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._current = vault.ring().current
        batches = select(_BATCHES.c.number).where(_BATCHES.c.kind == _EXPERT_FILES)
        self._batches = connection.execute(batches.order_by(_BATCHES.c.number)).scalars().all()

    def experts(self) -> Sealing:
        present = f"{SEALED_PREFIX}{self._current}."
        waiting = or_(*(and_(_EXPERTS.c[field] != "", ~_begins(_EXPERTS.c[field], present)) for field in _FIELDS))
        ids = self._connection.execute(select(_EXPERTS.c.id).where(waiting).order_by(_EXPERTS.c.id)).scalars()
        total = Sealing()
        for chunk in chunks(ids.all(), _CHUNK):
            total += self._expert_chunk(chunk)
        return total

    def _expert_chunk(self, ids: Sequence[str]) -> Sealing:
        before = rows_at(self._connection, [RowRef("expert", (id,)) for id in ids])
        values, n_locked = [], 0
        for ref, row in before.items():
            again = self._again(row)
            n_locked += again is None
            if again is not None:
                values.append({"key": ref.key[0], **{name: again[name] for name in (*_FIELDS, "fingerprint")}})
        if values:
            of_key = _EXPERTS.c.id == bindparam("key")
            changed: dict[str, Any] = {name: bindparam(name) for name in (*_FIELDS, "fingerprint")}
            self._connection.execute(update(_EXPERTS).where(of_key).values(**changed), values)
        self._renew_merges(before)
        return Sealing(n_records=len(values), n_locked=n_locked)

    def imports(self) -> Sealing:
        """What import batches remember."""
        keys = (_IMPORTS.c.batch_number, _IMPORTS.c.record_id)
        statement = select(*keys, _IMPORTS.c.before).where(
            _IMPORTS.c.batch_number.in_(self._batches), _IMPORTS.c.before_version.is_not(None)
        )
        return self._remembered(statement, _IMPORTS, ("batch_number", "record_id"))

    def merges(self) -> Sealing:
        """What merges remember."""
        keys = (_MERGES.c.merge_number, _MERGES.c.position)
        statement = select(*keys, _MERGES.c.before).where(
            _MERGES.c.table_name == "expert", _MERGES.c.before.is_not(None)
        )
        return self._remembered(statement, _MERGES, ("merge_number", "position"))

    def _remembered(self, statement: Select[Any], table: Table, keys: tuple[str, str]) -> Sealing:
        values, n_locked = [], 0
        for first, second, document in self._connection.execute(statement).all():
            if self._is_present(document):
                continue
            again = self._again(document)
            n_locked += again is None
            if again is not None:
                values.append({"first": first, "second": second, "content": again})
        of_key = and_(table.c[keys[0]] == bindparam("first"), table.c[keys[1]] == bindparam("second"))
        for chunk in chunks(values, _CHUNK):
            self._connection.execute(update(table).where(of_key).values(before=bindparam("content")), list(chunk))
        return Sealing(n_remembered=len(values), n_locked=n_locked)

    def _is_present(self, row: Row) -> bool:
        return all(is_sealed(text) and key_of(text) == self._current for text in self._contacts(row).values())

    def _contacts(self, row: Row) -> dict[str, str]:
        return {field: row[field] for field in _FIELDS if row.get(field)}

    def _again(self, row: Row) -> Row | None:
        """The row with its contacts under the present key; ``None`` where no key opens one of them."""
        contacts = {field: self._vault.open(text, field) for field, text in self._contacts(row).items()}
        if any(map(is_sealed, contacts.values())):
            return None
        record = from_document(Expert, {**row, **contacts})
        was_plain = any(not is_sealed(text) for text in self._contacts(row).values())
        if was_plain:
            self._renew_imports(record)
        again = {**row, **{field: self._vault.seal(text, field) for field, text in contacts.items()}}
        return {**again, "fingerprint": self._vault.fingerprint(record)} if "fingerprint" in row else again

    def _renew_imports(self, record: Expert) -> None:
        """Where an import left this record: the hash of it without plain contacts."""
        # With the batches the key finds the rows; without, each record would read all that was ever imported.
        of_record = and_(_IMPORTS.c.batch_number.in_(self._batches), _IMPORTS.c.record_id == record.id)
        former = and_(of_record, _IMPORTS.c.after == fingerprint(record))
        renewed = update(_IMPORTS).where(former).values(after=self._vault.fingerprint(record))
        self._connection.execute(renewed)

    def _renew_merges(self, before: Any) -> None:
        """Where a merge left one of these rows: the hash of the row as it is now."""
        after = rows_at(self._connection, before)
        for ref, row in before.items():
            former = and_(_MERGES.c.table_name == ref.table, _MERGES.c.after == row_hash(row))
            self._connection.execute(update(_MERGES).where(former).values(after=row_hash(after[ref])))
