"""Rows as they are, so that what a merge does to them can be taken back to the letter.

Records alone would not do: their versions and times, and the rows between them, come back as well.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from recommender.domain.kinds import EntityKind
from recommender.domain.sealed import is_sealed, mark_of
from recommender.store import best_scores, suggestions, tables
from recommender.store.columns import EnumTuple, TextTuple, UtcDateTime
from recommender.store.conditions import among
from recommender.store.values import chunks, to_json

Row = dict[str, Any]
"""A row as JSON knows its values, by column."""

_TABLES: Final = tables.Base.metadata.tables
_CHUNK: Final = 500
_REFERRED_TO: Final = frozenset(key.column.table.name for table in _TABLES.values() for key in table.foreign_keys)
_ORDER: Final = tuple(table.name for table in tables.Base.metadata.sorted_tables)
"""What is referred to comes first."""


@dataclass(frozen=True, slots=True)
class RowRef:
    """One row: its table and the values of its primary key, in the key's order."""

    table: str
    key: tuple[Any, ...]

    @classmethod
    def named(cls, table: str, key: Mapping[str, Any]) -> "RowRef":
        """The row with a key by column."""
        return cls(table, tuple(key[name] for name in _key_names(_TABLES[table])))

    @property
    def named_key(self) -> Row:
        """The key by column."""
        return dict(zip(_key_names(_TABLES[self.table]), self.key, strict=True))


@dataclass(frozen=True, slots=True)
class RowChange:
    """What was done to a row: as it was before, and the hash of what it became; ``None`` where there was none."""

    ref: RowRef
    before: Row | None
    after: str | None


Snapshot = Mapping[RowRef, Row]


def rows_naming(connection: Connection, kind: EntityKind, ids: Sequence[str]) -> Snapshot:
    """Every row that is one of the records, or names one of them."""
    found: dict[RowRef, Row] = {}
    for table, condition in _places(connection, kind, ids):
        found.update(_read(connection, table, select(table).where(condition)))
    return found


def rows_at(connection: Connection, refs: Iterable[RowRef]) -> Snapshot:
    """Those of the rows that are there."""
    by_table: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for ref in refs:
        by_table[ref.table].append(ref.key)
    found: dict[RowRef, Row] = {}
    for name, keys in by_table.items():
        table = _TABLES[name]
        for chunk in chunks(keys, _CHUNK):
            found.update(_read(connection, table, select(table).where(_key_among(table, chunk))))
    return found


def changes_between(before: Snapshot, after: Snapshot) -> tuple[RowChange, ...]:
    """What differs, in an order that is the same everywhere."""
    refs = sorted(before.keys() | after.keys(), key=lambda ref: (_ORDER.index(ref.table), to_json(ref.key)))
    made = []
    for ref in refs:
        old, new = before.get(ref), after.get(ref)
        if old != new:
            made.append(RowChange(ref, old, None if new is None else row_hash(new)))
    return tuple(made)


def row_hash(row: Row) -> str:
    """Hex sha256 of what a row says; columns that say nothing are left out, so that later ones change no hash.

    Of a sealed text the mark counts, which stays when keys are rotated.
    """
    said = {name: _lasting(value) for name, value in sorted(row.items()) if value not in (None, "", [])}
    return hashlib.sha256(to_json(said).encode()).hexdigest()


def _lasting(value: object) -> object:
    return mark_of(value) if isinstance(value, str) and is_sealed(value) else value


def put_back(connection: Connection, changes: Sequence[RowChange]) -> None:
    """Make every row what it was before.

    Rows that nothing refers to are deleted and inserted; others are updated in place, since to delete them would
    delete what refers to them.
    """
    by_table: defaultdict[str, list[RowChange]] = defaultdict(list)
    for change in changes:
        by_table[change.ref.table].append(change)
    for name in reversed(_ORDER):
        gone = [c.ref.key for c in by_table[name] if c.before is None or name not in _REFERRED_TO]
        for chunk in chunks(gone, _CHUNK):
            connection.execute(delete(_TABLES[name]).where(_key_among(_TABLES[name], chunk)))
    for name in _ORDER:
        table = _TABLES[name]
        for change in by_table[name]:
            if change.before is None:
                continue
            values = _decoded(table, change.before)
            if name in _REFERRED_TO and change.after is not None:
                where = _key_among(table, [change.ref.key])
                connection.execute(update(table).where(where).values(**values))
            else:
                connection.execute(insert(table).values(**values))
    # Of a suggestion's key: the number of the run, kind and id of the source.
    best_scores.refresh(connection, [(c.ref.key[0], c.ref.key[1], c.ref.key[2]) for c in by_table["suggestion"]])


def missing_references(connection: Connection, changes: Sequence[RowChange]) -> Iterator[tuple[str, str]]:
    """Table and id of what rows would refer to once put back, and that would not be there."""
    put = {(c.ref.table, c.ref.key[0]) for c in changes if c.before is not None and len(c.ref.key) == 1}
    wanted: dict[tuple[str, str], Column[Any]] = {}
    for change in changes:
        for key in _TABLES[change.ref.table].foreign_keys:
            value = None if change.before is None else change.before.get(key.parent.name)
            if value and (key.column.table.name, value) not in put:
                wanted[key.column.table.name, value] = key.column
    for (name, value), column in sorted(wanted.items(), key=lambda item: item[0]):
        if connection.execute(select(column).where(column == value)).first() is None:
            yield name, value


def _places(
    connection: Connection, kind: EntityKind, ids: Sequence[str]
) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Where records of a kind may be named."""

    def names(table: str, column: str) -> ColumnElement[bool]:
        return among(_TABLES[table].c[column], ids, connection.dialect)

    def lists(table: str, column: str) -> ColumnElement[bool]:
        return _lists(connection, _TABLES[table].c[column], ids)

    def place(table: str, *conditions: ColumnElement[bool]) -> tuple[Table, ColumnElement[bool]]:
        return _TABLES[table], or_(*conditions)

    if kind is EntityKind.EXPERT:
        links = _TABLES["achievement_author"].c
        works = select(links.achievement_id).where(names("achievement_author", "expert_id"))
        yield place("expert", names("expert", "id"))
        yield place("achievement", _TABLES["achievement"].c.id.in_(works))
        yield place("achievement_author", links.achievement_id.in_(works))
        yield place("need", lists("need", "intended_experts"))
    elif kind is EntityKind.ENTERPRISE:
        yield place("enterprise", names("enterprise", "code"))
        yield place("enterprise_fact", names("enterprise_fact", "enterprise_code"))
        yield place("need", names("need", "enterprise_code"))
        yield place("expert", lists("expert", "avoided_enterprises"))
    elif kind is EntityKind.PLATFORM:
        yield place("platform", names("platform", "id"))
        yield place("achievement_platform", names("achievement_platform", "platform_id"))
    yield place("suggestion", suggestions.as_source(connection, kind, ids))
    yield place("suggestion", suggestions.as_target(connection, kind, ids))
    for table, columns in (
        ("duplicate_proposal", (("kind", "first_id"), ("kind", "second_id"))),
        ("merged_id", (("kind", "old_id"),)),
    ):
        of_kind = (and_(_TABLES[table].c[k] == kind, names(table, column)) for k, column in columns)
        yield place(table, *of_kind)


def _lists(connection: Connection, column: Column[Any], ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether a JSON list holds one of the ids; lists are stored as they were written, so text will do."""
    find: Callable[..., Any] = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return or_(*(find(cast(column, Text), bindparam(None, to_json(id), Text())) > 0 for id in ids))


def _key_names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


def _key_among(table: Table, keys: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    columns = tuple(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)


def _read(connection: Connection, table: Table, statement: Select[Any]) -> Iterator[tuple[RowRef, Row]]:
    names = _key_names(table)
    for found in connection.execute(statement):
        row = {name: _encoded(value) for name, value in found._mapping.items()}
        yield RowRef(table.name, tuple(row[name] for name in names)), row


def _encoded(value: object) -> object:
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _decoded(table: Table, row: Row) -> Row:
    """The values for a statement; columns that the table no longer has are passed over."""
    return {name: _value(table.c[name], value) for name, value in row.items() if name in table.c}


def _value(column: Column[Any], value: Any) -> object:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return tuple(value) if isinstance(column.type, TextTuple | EnumTuple) else value
