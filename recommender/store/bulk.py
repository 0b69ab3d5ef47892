"""Suggestions by the million: the shortest way that each driver has."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, exc, func, select

from recommender.domain.errors import InvalidData
from recommender.domain.runs import SuggestionRow
from recommender.store import suggestions, tables
from recommender.store.values import chunks

BLOCK_ROWS: Final = 20_000
"""Rows of a block, about: few enough that the pages of the index they go to are few, many enough that a run of
millions has a hundred or two."""

_SUGGESTIONS: Final = tables.Base.metadata.tables["suggestion"]
_COLUMNS: Final = "source_kind, source_id, target_kind, target_id, position, score, parts, evidence_ids"
_MARKS: Final = "?, ?, ?, ?, ?, ?, ?, ?"
_N_TABS: Final = 10
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""Of COPY's text format."""


def store(connection: Connection, number: int, rows: Sequence[SuggestionRow]) -> None:
    """Insert suggestions without reasons.

    Raises:
        InvalidData: a score is not a number, a list names a target twice, or a position is taken.
    """
    for chunk in chunks(rows, BLOCK_ROWS):
        _check(chunk)
        write(connection, number, _block_for(connection, number, len(chunk)), chunk)


def write(connection: Connection, number: int, block: int, rows: Sequence[SuggestionRow]) -> None:
    """Insert suggestions into a block of a run; a key that is taken is an error of the driver."""
    if connection.dialect.name == "sqlite":
        _insert(connection, number, block, rows)
    else:
        _copy(connection, number, block, rows)


def _check(rows: Sequence[SuggestionRow]) -> None:
    for row in rows:
        if not math.isfinite(row[5]):
            raise InvalidData("store.bad_number", kind="推荐", id=row[3], field="score")
    if len({row[:4] for row in rows}) < len(rows):
        raise InvalidData("store.rejected", constraint="suggestion_target")


def _block_for(connection: Connection, number: int, n_rows: int) -> int:
    """The last block of the run, or the next one where that would grow too large."""
    last = suggestions.last_block(connection, number)
    if last is None:
        return tables.first_block(number)
    size = select(func.count()).where(_SUGGESTIONS.c.block == last)
    if connection.execute(size).scalar_one() + n_rows <= BLOCK_ROWS:
        return last
    return min(last + 1, tables.last_possible_block(number))


def _insert(connection: Connection, number: int, block: int, rows: Sequence[SuggestionRow]) -> None:
    constants = f"{number:d}, {block:d}, ''"
    statement = f"INSERT INTO suggestion ({_COLUMNS}, run_number, block, reason) VALUES ({_MARKS}, {constants})"  # noqa: S608
    connection.exec_driver_sql(statement, list(rows))


def _copy(connection: Connection, number: int, block: int, rows: Sequence[SuggestionRow]) -> None:
    statement = f"COPY suggestion ({_COLUMNS}, run_number, block, reason) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    errors = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(_copy_text(rows, f"{number:d}\t{block:d}\t\n"))
    except errors as error:
        # As SQLAlchemy does for the statements that it runs itself.
        raise exc.DBAPIError.instance(
            statement, None, error, errors, hide_parameters=True, dialect=connection.dialect
        ) from None


def _copy_text(rows: Sequence[SuggestionRow], end: str) -> str:
    """Lines of COPY's text format; texts with tabs or line ends are rare and make it write the slow way."""
    lines = [f"{a}\t{b}\t{c}\t{d}\t{e}\t{f!r}\t{g}\t{h}\t{end}" for a, b, c, d, e, f, g, h in rows]
    text = "".join(lines)
    if text.count("\t") == _N_TABS * len(rows) and text.count("\n") == len(rows) and "\r" not in text:
        return text.replace("\\", "\\\\")
    return "".join("\t".join((*_escaped(row), end)) for row in rows)


def _escaped(row: SuggestionRow) -> Iterable[str]:
    return (value.translate(_ESCAPES) if isinstance(value, str) else repr(value) for value in row)
