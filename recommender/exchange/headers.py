"""Finding the header among the first rows, and which column of the file is which field."""

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.domain.errors import InvalidData
from recommender.exchange.cells import Cell, CellProblem, as_text, excerpt, is_blank
from recommender.exchange.columns import ColumnSpec, TableSpec, normal_header
from recommender.exchange.messages import UNNAMED_COLUMN
from recommender.exchange.tables import TABLES

RawRow = tuple[int, Sequence[Cell]]
"""Row number as a spreadsheet shows it, and the cells from column A on."""


@dataclass(frozen=True, slots=True)
class MatchedColumn:
    """A column of the file and the column it was taken for; ``position`` counts from 1."""

    position: int
    header: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which column of a file is which field.

    Attributes:
        header_row: row number of the header.
        width: columns up to the last header.
        unnamed: positions, from 1, of columns without header between others.
        matched: columns that are read, left to right.
        ignored: headers that are known but derived by the system.
        unknown: headers that belong to no field.
        absent: headers of fields the file does not have; what is stored there stays.
    """

    header_row: int
    width: int
    unnamed: tuple[int, ...]
    matched: tuple[MatchedColumn, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]


def header_texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The cells of a header row as text, ``""`` where there is none."""
    return tuple(
        "" if isinstance(cell, CellProblem) or is_blank(cell) else as_text(cell).strip() for cell in cells
    )


def n_known(cells: Sequence[Cell], table: TableSpec) -> int:
    """How many cells of a row are headers of this kind of file."""
    return sum(table.knows(text) for text in set(header_texts(cells)) if text)


def find_header(rows: Sequence[RawRow], table: TableSpec) -> RawRow | None:
    """The row with most known headers, the uppermost of equals; ``None`` where all rows are blank.

    Where no row has any, it is the first with content, so that the refusal can show what stands there.
    """
    filled = [row for row in rows if any(header_texts(row[1]))]
    if not filled:
        return None
    return max(filled, key=lambda row: (n_known(row[1], table), -row[0]))


def match_columns(header: RawRow, table: TableSpec) -> Layout:
    """Match the header row with the columns of a kind of file.

    Raises:
        InvalidData: a required column is missing, or two columns mean the same field.
    """
    row_number, cells = header
    texts = header_texts(cells)
    taken: dict[str, MatchedColumn] = {}
    ignored: list[str] = []
    unknown: list[str] = []
    for position, text in enumerate(texts, start=1):
        column = table.by_header.get(normal_header(text)) if text else None
        if column is not None:
            _take(taken, column, MatchedColumn(position, text, column.field))
        elif text:
            (ignored if table.knows(text) else unknown).append(text)
    _require(taken, table, texts)
    width = max((position for position, text in enumerate(texts, start=1) if text), default=0)
    return Layout(
        header_row=row_number,
        width=width,
        unnamed=tuple(position for position in range(1, width + 1) if not texts[position - 1]),
        matched=tuple(taken.values()),
        ignored=tuple(ignored),
        unknown=tuple(unknown),
        absent=tuple(column.header for column in table.columns if column.field not in taken),
    )


def unnamed_column(position: int) -> str:
    """What to call a column without header; ``position`` counts from 1."""
    return UNNAMED_COLUMN.format(position=position)


def _take(taken: dict[str, MatchedColumn], column: ColumnSpec, found: MatchedColumn) -> None:
    if column.field in taken:
        first = taken[column.field]
        raise InvalidData(
            "import.columns_repeated",
            column=column.header,
            first=f"第 {first.position} 列“{first.header}”",
            second=f"第 {found.position} 列“{found.header}”",
        )
    taken[column.field] = found


def _require(taken: dict[str, MatchedColumn], table: TableSpec, texts: tuple[str, ...]) -> None:
    missing = [column.header for column in table.required if column.field not in taken]
    if not missing:
        return
    found = "、".join(excerpt(text, 20) for text in texts[:40] if text)
    context = {"missing": "、".join(missing), "found": found, "label": table.label}
    other = _better_table(texts, table)
    if other is None:
        raise InvalidData("import.columns_missing", **context)
    raise InvalidData(
        "import.columns_of_other_kind", **context, other_label=other.label, other_kind=other.kind.value
    )


def has_required(texts: tuple[str, ...], table: TableSpec) -> bool:
    """Whether the headers include every required column of a kind of file."""
    found = {table.by_header.get(normal_header(text)) for text in texts if text}
    return found.issuperset(table.required)


def _better_table(texts: tuple[str, ...], table: TableSpec) -> TableSpec | None:
    """Another kind all of whose required columns are there: probably the file was given the wrong kind."""
    candidates = [other for other in TABLES.values() if other is not table and has_required(texts, other)]
    return max(candidates, key=lambda other: n_known(texts, other), default=None)
