"""Reads a whole database as it is at one moment, table by table, while others go on writing."""

import json
from collections.abc import Iterator
from typing import Final

from sqlalchemy import ColumnElement, Connection, literal_column, select, table, text

from recommender.domain.backups import Form, TableShape
from recommender.store import schema
from recommender.store.portable.forms import rows_of, shape_of
from recommender.store.tables import Base

_ROWS_AT_ONCE: Final = 5_000
_LARGE_ROWS_AT_ONCE: Final = 4
"""Of tables that hold files, which are read whole."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Dump:
    """The content of all tables in one transaction that only reads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.revision = schema.current_revision(connection) or ""
        self.tables = tuple(shape_of(model) for model in Base.metadata.sorted_tables)

    def blocks(self, shape: TableShape) -> Iterator[tuple[int, bytes]]:
        """The rows of a table as UTF-8 lines, a few thousand at once: how many, and the lines."""
        return blocks(self._connection, shape)

    def last_number(self, shape: TableShape) -> int:
        """The highest number that was ever given out in the counted column of a table, 0 where none was."""
        return last_number(self._connection, shape)


def blocks(connection: Connection, shape: TableShape) -> Iterator[tuple[int, bytes]]:
    """See :meth:`Dump.blocks`."""
    statement = rows_of(shape, connection.dialect.name)
    encode = _ENCODER.encode
    is_large = any(column.form is Form.BYTES for column in shape.columns)
    n_at_once = _LARGE_ROWS_AT_ONCE if is_large else _ROWS_AT_ONCE
    result = connection.execute(statement.execution_options(yield_per=n_at_once))
    for rows in result.partitions():
        lines = [encode(tuple(row)) for row in rows]
        yield len(lines), ("\n".join(lines) + "\n").encode()


def last_number(connection: Connection, shape: TableShape) -> int:
    """See :meth:`Dump.last_number`."""
    if not shape.counted:
        return 0
    highest: ColumnElement[int] = literal_column(f'max("{shape.counted}")')
    present = connection.execute(select(highest).select_from(table(shape.name))).scalar_one() or 0
    given = _given_on_sqlite if connection.dialect.name == "sqlite" else _given_on_postgresql
    return max(present, given(connection, shape))


def _given_on_sqlite(connection: Connection, shape: TableShape) -> int:
    # The table of counters exists once a table that counts has been made.
    if not counts_on_sqlite(connection, shape):
        return 0
    found = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": shape.name})
    return found.scalar_one_or_none() or 0


def counts_on_sqlite(connection: Connection, shape: TableShape) -> bool:
    """Whether SQLite remembers the numbers of a table, rather than going on from the highest present."""
    statement = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    definition = connection.execute(statement, {"name": shape.name}).scalar_one_or_none() or ""
    return "AUTOINCREMENT" in definition.upper()


def _given_on_postgresql(connection: Connection, shape: TableShape) -> int:
    sequence = sequence_on_postgresql(connection, shape)
    if sequence is None:
        return 0
    used = f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}"  # noqa: S608
    found: int = connection.exec_driver_sql(used).scalar_one()
    return found


def sequence_on_postgresql(connection: Connection, shape: TableShape) -> str | None:
    """The quoted name of the sequence that counts a table, ``None`` where it has none."""
    statement = text("SELECT pg_get_serial_sequence(:table, :column)")
    found = connection.execute(statement, {"table": f'"{shape.name}"', "column": shape.counted})
    name: str | None = found.scalar_one()
    return name
