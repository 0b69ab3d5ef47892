"""Fills a database with the content of a backup, in one transaction: all of it or nothing."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Table, exc, inspect, literal, select, table, text

from recommender.domain.backups import Form, TableContent, TableShape
from recommender.domain.errors import Conflict, InvalidData
from recommender.domain.match import AuditEntry
from recommender.store import schema
from recommender.store.audit import AuditRepository
from recommender.store.portable.dump import blocks, counts_on_sqlite, last_number, sequence_on_postgresql
from recommender.store.tables import Base

_ROWS_AT_ONCE: Final = 2_000
_BYTES_AT_ONCE: Final = 8_000_000

_Insert = Callable[[list[list[Any]]], object]


class Load:
    """Takes the tables of a backup, those first that others point to."""

    def __init__(self, connection: Connection, revision: str) -> None:
        self._connection = connection
        self._revision = revision

    def prepare(self, *, replace: bool) -> None:
        """Make the tables of the backup's revision, without rows.

        Args:
            replace: whether what is there may go.

        Raises:
            Conflict: there are rows, and they may not go.
            Unavailable: the backup or the database was made by a newer program.
        """
        present = self._tables_with_rows()
        if present and not replace:
            raise Conflict("backup.not_empty", tables="、".join(present))
        self._empty(present)
        if schema.current_revision(self._connection) != self._revision:
            schema.downgrade_within(self._connection)
            schema.upgrade_within(self._connection, self._revision)
        # What the revisions themselves put there is in the backup as well.
        self._empty(self._tables_with_rows())

    def fill(self, content: TableContent, lines: Iterable[bytes]) -> Iterator[int]:
        """Insert the rows of a table and yield how many there are so far.

        Raises:
            InvalidData: the rows are not those that the backup's manifest speaks of.
        """
        n_rows, digest, shape = 0, hashlib.sha256(), content.shape
        with _inserting(self._connection, shape) as insert:
            for block in _batches(lines):
                digest.update(b"".join(block))
                insert(_values(shape, block))
                n_rows += len(block)
                yield n_rows
        if (n_rows, digest.hexdigest()) != (content.n_rows, content.sha256):
            raise InvalidData("backup.damaged", table=content.shape.name)
        self._count_on_from(content)

    def verify(self, content: TableContent) -> None:
        """Read a table back and compare it with what the backup says of it.

        Raises:
            InvalidData: rows or their number differ.
        """
        n_rows, digest = 0, hashlib.sha256()
        for n, block in blocks(self._connection, content.shape):
            n_rows += n
            digest.update(block)
        counted = last_number(self._connection, content.shape)
        if (n_rows, digest.hexdigest()) != (content.n_rows, content.sha256) or counted != content.last_number:
            raise InvalidData("backup.not_the_same", table=content.shape.name)

    def finish(self) -> None:
        """Bring the tables to what this program needs.

        Raises:
            InvalidData: a row points to one that is not there.
        """
        schema.upgrade_within(self._connection)
        broken = schema.dangling(self._connection)
        if broken is not None:
            raise InvalidData("backup.damaged", table=broken[0])
        if self._connection.dialect.name == "postgresql":
            # Until it has looked at the rows, it plans as if there were none.
            self._connection.exec_driver_sql("ANALYZE " + ", ".join(f'"{name}"' for name in Base.metadata.tables))

    def record(self, entry: AuditEntry) -> None:
        """Add a line to the restored audit trail."""
        AuditRepository(self._connection, writable=True).append(entry)

    def _tables_with_rows(self) -> list[str]:
        there = set(inspect(self._connection).get_table_names())
        return [
            model.name for model in Base.metadata.sorted_tables if model.name in there and self._has_rows(model)
        ]

    def _has_rows(self, model: Table) -> bool:
        # Of whatever revision the table is: no column is named.
        statement = select(literal(1)).select_from(table(model.name)).limit(1)
        return self._connection.execute(statement).first() is not None

    def _empty(self, names: list[str]) -> None:
        if not names:
            return
        if self._connection.dialect.name == "postgresql":
            listed = ", ".join(f'"{name}"' for name in names)
            self._connection.exec_driver_sql(f"TRUNCATE {listed} CASCADE")
            return
        for name in names:
            self._connection.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608

    def _count_on_from(self, content: TableContent) -> None:
        """Let the next number of a table be the one that came next when the backup was taken."""
        last, shape = content.last_number, content.shape
        if not shape.counted:
            return
        if self._connection.dialect.name == "postgresql":
            sequence = sequence_on_postgresql(self._connection, shape)
            if sequence is not None:
                values = {"name": sequence, "value": max(last, 1), "used": last > 0}
                self._connection.execute(text("SELECT setval(:name, :value, :used)"), values)
        elif counts_on_sqlite(self._connection, shape):
            name = {"name": shape.name}
            self._connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), name)
            statement = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
            self._connection.execute(statement, name | {"last": last})


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    n_bytes = 0
    for line in lines:
        batch.append(line)
        n_bytes += len(line)
        if len(batch) == _ROWS_AT_ONCE or n_bytes > _BYTES_AT_ONCE:
            yield batch
            batch, n_bytes = [], 0
    if batch:
        yield batch


def _values(shape: TableShape, lines: list[bytes]) -> list[list[Any]]:
    """The values of some lines, bytes as the drivers take them.

    Raises:
        InvalidData: a line is not what a backup writes.
    """
    try:
        # One document for all lines: a call for each would cost as much as the rest.
        rows: list[list[Any]] = json.loads(b"[" + b",".join(lines) + b"]")
    except ValueError:
        raise InvalidData("backup.damaged", table=shape.name) from None
    if any(len(row) != len(shape.columns) for row in rows):
        raise InvalidData("backup.damaged", table=shape.name)
    for place, column in enumerate(shape.columns):
        if column.form is Form.BYTES:
            for row in rows:
                row[place] = None if row[place] is None else bytes.fromhex(row[place])
    return rows


@contextmanager
def _inserting(connection: Connection, shape: TableShape) -> Iterator[_Insert]:
    """One statement for a whole table: PostgreSQL then lets rows point to later ones."""
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(shape.columns))
        statement = f'INSERT INTO "{shape.name}" ({_names(shape)}) VALUES ({marks})'  # noqa: S608
        yield lambda rows: connection.exec_driver_sql(statement, [tuple(row) for row in rows])
        return
    statement = f'COPY "{shape.name}" ({_names(shape)}) FROM STDIN'
    driver: Any = connection.connection.driver_connection
    errors = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor:
            # Instants are written without a zone.
            cursor.execute("SET LOCAL timezone TO 'UTC'")
            with cursor.copy(statement) as copy:
                yield lambda rows: [copy.write_row(row) for row in rows]
    except errors as error:
        # As SQLAlchemy does for the statements that it runs itself.
        raise exc.DBAPIError.instance(
            statement, None, error, errors, hide_parameters=True, dialect=connection.dialect
        ) from None


def _names(shape: TableShape) -> str:
    return ", ".join(f'"{column.name}"' for column in shape.columns)
