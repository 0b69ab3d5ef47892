"""What a backup says of itself: which tables it holds, in which form, and how to tell that nothing is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

BACKUP_FORMAT: Final = 1


class Form(StrEnum):
    """How a value is written, the same from either kind of database.

    ``DAY`` is ``2026-11-28``, ``INSTANT`` is ``2026-11-28 07:05:00.000000`` in UTC, ``TRUTH`` is 0 or 1,
    ``JSON`` is a document as text, ``BYTES`` is lower-case hexadecimal; NULL is ``null``.
    """

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    TRUTH = "truth"
    DAY = "day"
    INSTANT = "instant"
    JSON = "json"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column and the form of its values."""

    name: str
    form: Form


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table as a backup knows it.

    Attributes:
        columns: in the order in which a row lists its values.
        key: columns by which the rows are ordered, texts by code point.
        counted: column that the database counts up by itself, ``""`` where there is none.
    """

    name: str
    columns: tuple[ColumnShape, ...]
    key: tuple[str, ...]
    counted: str = ""


@dataclass(frozen=True, slots=True)
class TableContent:
    """What of a table is in a backup.

    Attributes:
        sha256: hex, over the lines of all rows; a line is a JSON array of the values.
        last_number: highest number ever given out in the counted column; 0 where there is none.
    """

    shape: TableShape
    n_rows: int
    sha256: str
    last_number: int = 0


@dataclass(frozen=True, slots=True)
class IndexPointer:
    """The index generation that was served; it is not in the backup, since it can be built anew."""

    generation: str
    encoder_id: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupManifest:
    """The table of contents of a backup.

    Attributes:
        made_at: ISO 8601, UTC: the moment that the rows show.
        revision: of the tables' schema.
        database: kind of the database that it was taken from; it can be restored into either.
        tables: those that others point to come first.
        settings: values by environment variable, without secrets.
        index: ``None`` where nothing was served.
        keys: names of the key files inside; none unless they were asked for.
    """

    made_at: str
    revision: str
    database: str
    tables: tuple[TableContent, ...]
    settings: Mapping[str, str]
    index: IndexPointer | None
    keys: tuple[str, ...] = ()
    format: int = BACKUP_FORMAT

    @property
    def n_rows(self) -> int:
        """Rows of all tables."""
        return sum(table.n_rows for table in self.tables)
