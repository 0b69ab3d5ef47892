"""The rows of suggestions: read by list, by source and by target, deleted, and hashed.

Functions over a connection and the number of a run; :class:`recommender.store.runs.RunRepository` is the way in.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    type_coerce,
)

from recommender.domain.errors import InvalidData
from recommender.domain.kinds import EntityKind
from recommender.domain.runs import Suggestion, SuggestionRow
from recommender.store import best_scores, tables
from recommender.store.conditions import among
from recommender.store.values import check_row, chunks

_RUNS: Final[Table] = tables.Base.metadata.tables["match_run"]
_SUGGESTIONS: Final[Table] = tables.Base.metadata.tables["suggestion"]
_COLUMNS: Final = _SUGGESTIONS.c
_ORDER: Final = (_COLUMNS.source_kind, _COLUMNS.source_id, _COLUMNS.target_kind, _COLUMNS.position)
_PLAIN: Final = (
    type_coerce(_COLUMNS.source_kind, Text),
    _COLUMNS.source_id,
    type_coerce(_COLUMNS.target_kind, Text),
    _COLUMNS.target_id,
    _COLUMNS.position,
    _COLUMNS.score,
    cast(_COLUMNS.parts, Text),
    cast(_COLUMNS.evidence_ids, Text),
)
"""A :data:`SuggestionRow`."""

_CONTENT: Final = (*_ORDER, _COLUMNS.target_id, _COLUMNS.parts, _COLUMNS.reason, _COLUMNS.evidence_ids)
_SEPARATOR: Final = "\x1f"
_ANY_KIND: Final = tuple(EntityKind)
_SOURCES_PER_STATEMENT: Final = 500
_ROWS_AT_ONCE: Final = 10_000


def add(connection: Connection, number: int, suggestions: Sequence[Suggestion]) -> None:
    """Insert suggestions of one run, a few at a time; millions go through :mod:`recommender.store.bulk`.

    Raises:
        InvalidData: a position or a target that is there already, or a value that cannot be stored.
    """
    rows = [asdict(suggestion) for suggestion in suggestions]
    for row in rows:
        check_row(row, kind="推荐", id=row["target_id"])
        row.update(run_number=number, block=tables.first_block(number))
        del row["run_id"]
    connection.execute(insert(_SUGGESTIONS), rows)
    of_list = (_COLUMNS.source_kind, _COLUMNS.source_id, _COLUMNS.target_kind, _COLUMNS.target_id)
    for kind, ids in _sources(suggestions):
        where = _of_sources(connection, number, kind, ids)
        twice = select(*of_list).where(where).group_by(*of_list).having(func.count() > 1).limit(1)
        if connection.execute(twice).first() is not None:
            raise InvalidData("store.rejected", constraint="suggestion_target")
        best_scores.refresh(connection, [(number, kind, id) for id in ids])


def _sources(suggestions: Sequence[Suggestion]) -> Iterator[tuple[EntityKind, Sequence[str]]]:
    by_kind: defaultdict[EntityKind, set[str]] = defaultdict(set)
    for suggestion in suggestions:
        by_kind[suggestion.source_kind].add(suggestion.source_id)
    for kind, ids in by_kind.items():
        for chunk in chunks(sorted(ids), _SOURCES_PER_STATEMENT):
            yield kind, chunk


def read(
    connection: Connection,
    number: int,
    run_id: str,
    *,
    source_kind: EntityKind | None,
    source_id: str | None,
    target_kind: EntityKind | None,
    target_id: str | None,
) -> list[Suggestion]:
    """Suggestions of a run that fit what is given, by source, kind of target and position."""
    conditions: list[ColumnElement[bool]] = []
    if target_id is None:
        conditions.append(_COLUMNS.run_number == number)
    else:
        # In place of the number of the run, which would lead SQLite to the key.
        conditions += [_COLUMNS.target_id == target_id, _COLUMNS.block.in_(_blocks(connection, [number]))]
    if source_id is not None:
        conditions.append(_COLUMNS.source_id == source_id)
    if source_kind is not None or source_id is not None:
        # All kinds where none is given: the key leads with the kind.
        conditions.append(_COLUMNS.source_kind.in_(_ANY_KIND if source_kind is None else (source_kind,)))
    if target_kind is not None or target_id is not None:
        conditions.append(_COLUMNS.target_kind.in_(_ANY_KIND if target_kind is None else (target_kind,)))
    statement = select(*_ORDER, _COLUMNS.target_id, *_content()).where(*conditions).order_by(*_ORDER)
    return [Suggestion(run_id=run_id, **row._mapping) for row in connection.execute(statement)]


def lists(
    connection: Connection, number: int, source_kind: EntityKind, source_ids: Sequence[str]
) -> Iterator[SuggestionRow]:
    """The suggestions for many sources of a kind, by source, kind of target and position."""
    for chunk in chunks(sorted(set(source_ids)), _SOURCES_PER_STATEMENT):
        statement = select(*_PLAIN).where(_of_sources(connection, number, source_kind, chunk))
        yield from map(tuple, connection.execute(statement.order_by(*_ORDER)))


def clear(connection: Connection, number: int, source_kind: EntityKind, source_ids: Sequence[str]) -> int:
    """Delete the suggestions for sources of a kind; how many there were."""
    n_deleted = 0
    for chunk in chunks(sorted(set(source_ids)), _SOURCES_PER_STATEMENT):
        statement = delete(_SUGGESTIONS).where(_of_sources(connection, number, source_kind, chunk))
        n_deleted += connection.execute(statement).rowcount
        best_scores.refresh(connection, [(number, source_kind, id) for id in chunk])
    return n_deleted


def gone(connection: Connection, number: int) -> dict[EntityKind, list[str]]:
    """Ids by kind that suggestions of a run name and that no record has, ascending."""
    sources = select(_COLUMNS.source_kind, _COLUMNS.source_id).where(_COLUMNS.run_number == number)
    targets = select(_COLUMNS.target_kind, _COLUMNS.target_id).where(_of_run(number))
    named: defaultdict[EntityKind, set[str]] = defaultdict(set)
    for statement in (sources, targets):
        for kind, id in connection.execute(statement.distinct()):
            named[kind].add(id)
    found = {}
    for kind, ids in sorted(named.items()):
        (key,) = tables.Base.metadata.tables[kind.value].primary_key.columns
        absent = ids.difference(connection.execute(select(key)).scalars())
        if absent:
            found[kind] = sorted(absent)
    return found


def count(connection: Connection, number: int) -> int:
    """How many suggestions a run has."""
    statement = select(func.count()).select_from(_SUGGESTIONS).where(_COLUMNS.run_number == number)
    return connection.execute(statement).scalar_one()


def content_hash(connection: Connection, number: int) -> str:
    """Hex sha256 of a run's suggestions in order; where and with what they were stored leaves it alone."""
    # One text a row, made by the database, halves the time. It would write the score with fewer digits.
    line: ColumnElement[str] = literal("")
    for column in _CONTENT:
        line = line + cast(column, Text) + literal(_SEPARATOR)
    statement = select(line, _COLUMNS.score).where(_COLUMNS.run_number == number).order_by(*_ORDER)
    digest = hashlib.sha256()
    result = connection.execute(statement.execution_options(yield_per=_ROWS_AT_ONCE))
    for rows in result.partitions():
        digest.update("".join([f"{text}{score!r}\n" for text, score in rows]).encode())
    return digest.hexdigest()


def emptied(connection: Connection, numbers: Sequence[int], at_most: int | None) -> Iterator[int]:
    """Delete suggestions of these runs in turn, and yield each run that has none left.

    Args:
        at_most: how many suggestions to delete, on PostgreSQL whole runs until it is reached; ``None`` is all.
    """
    # PostgreSQL would pass over all it has deleted before at every step, and its other writers do not wait.
    in_steps = connection.dialect.name == "sqlite"
    for number in numbers:
        if at_most is not None and at_most <= 0:
            return
        of_run = _COLUMNS.run_number == number
        if at_most is not None and in_steps:
            later = select(*_ORDER).where(of_run).order_by(*_ORDER).offset(at_most).limit(1)
            rest = connection.execute(later).one_or_none()
            if rest is not None:
                before = tuple_(*_ORDER) < tuple_(*rest)
                connection.execute(delete(_SUGGESTIONS).where(of_run, before))
                return
        n_deleted = connection.execute(delete(_SUGGESTIONS).where(of_run)).rowcount
        at_most = None if at_most is None else at_most - n_deleted
        yield number


def last_block(connection: Connection, number: int) -> int | None:
    """The highest block of a run, ``None`` where it has no suggestions."""
    found = connection.execute(select(func.max(_COLUMNS.block)).where(_of_run(number))).scalar_one()
    return None if found is None else int(found)


def as_source(connection: Connection, kind: EntityKind, ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether a suggestion of any run is for one of the entities."""
    numbers = connection.execute(select(_RUNS.c.number)).scalars().all()
    of_these = among(_COLUMNS.source_id, ids, connection.dialect)
    return and_(_COLUMNS.run_number.in_(numbers), _COLUMNS.source_kind == kind, of_these)


def as_target(connection: Connection, kind: EntityKind, ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether a suggestion of any run proposes one of the entities.

    The index leads with the block, so all of them are named: a thousand look-ups for a few full runs, where a
    condition on the target alone would read every suggestion.
    """
    numbers = connection.execute(select(_RUNS.c.number)).scalars().all()
    return and_(
        _COLUMNS.block.in_(_blocks(connection, numbers)),
        _COLUMNS.target_kind == kind,
        among(_COLUMNS.target_id, ids, connection.dialect),
    )


def forget(connection: Connection, kind: EntityKind, ids: Sequence[str]) -> None:
    """Delete the suggestions for and of entities that are removed, whatever the run."""
    for condition in (as_source(connection, kind, ids), as_target(connection, kind, ids)):
        changed = best_scores.sources(connection, condition)
        connection.execute(delete(_SUGGESTIONS).where(condition))
        best_scores.refresh(connection, changed)


def _content() -> tuple[ColumnElement[Any], ...]:
    return (_COLUMNS.score, _COLUMNS.parts, _COLUMNS.reason, _COLUMNS.evidence_ids)


def _of_sources(connection: Connection, number: int, kind: EntityKind, ids: Sequence[str]) -> ColumnElement[bool]:
    of_these = among(_COLUMNS.source_id, ids, connection.dialect)
    return and_(_COLUMNS.run_number == number, _COLUMNS.source_kind == kind, of_these)


def _blocks(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Every block of these runs, and perhaps a few that are empty."""
    found: list[int] = []
    for number in numbers:
        last = last_block(connection, number)
        if last is not None:
            found += range(tables.first_block(number), last + 1)
    return found


def _of_run(number: int) -> ColumnElement[bool]:
    """A run by its blocks, as the index of targets knows it."""
    return _COLUMNS.block.between(tables.first_block(number), tables.last_possible_block(number))
