"""Finding the header among the first rows, and which column of the file is which field."""

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.domain.errors import InvalidData
from recommender.exchange.cells import Cell, CellProblem, RawRow, as_text, excerpt, is_blank
from recommender.exchange.columns import ColumnSpec, TableSpec, normal_header
from recommender.exchange.header_notes import is_note, split_unit, unit_in
from recommender.exchange.limits import LIMITS
from recommender.exchange.messages import UNNAMED_COLUMN
from recommender.exchange.sources import resolved
from recommender.exchange.tables import TABLES


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet, which may take two rows.

    Attributes:
        row, last_row: numbers of its first and its last row.
        texts: header of each column, ``""`` where there is none; of two rows, the one that is known, the lower
            one if neither is.
        units: unit that stands under the header of each column, ``""`` where there is none.
    """

    row: int
    last_row: int
    texts: tuple[str, ...]
    units: tuple[str, ...] = ()


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
        header_row: row number of the header, of its first row if it has two.
        last_header_row: row number of the header's last row.
        width: columns up to the last header.
        unnamed: positions, from 1, of columns without header between others.
        matched: columns that are read, left to right.
        ignored: headers that are known but derived by the system.
        unknown: headers that belong to no field.
        absent: headers of fields the file does not have; what is stored there stays.
    """

    header_row: int
    last_header_row: int
    width: int
    unnamed: tuple[int, ...]
    matched: tuple[MatchedColumn, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header of the file."""
        return (*(column.header for column in self.matched), *self.ignored, *self.unknown)


def header_texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The cells of a header row as text, ``""`` where there is none; not many more than a table may have."""
    return tuple(
        "" if isinstance(cell, CellProblem) or is_blank(cell) else as_text(cell).strip()
        for cell in cells[: LIMITS.max_columns + 1]
    )


def n_known(cells: Sequence[Cell], table: TableSpec) -> int:
    """How many cells of a row are headers of this kind of file."""
    return _n_known(header_texts(cells), table)


def find_header(rows: Sequence[RawRow], table: TableSpec, *, header_row: int | None = None) -> Header | None:
    """The row, or the two rows, with most known headers, the uppermost of equals; ``None`` if all are blank.

    Where no row has any, it is the first with content, so that the refusal can show what stands there.

    Args:
        header_row: number of the row that somebody said the header begins with.
    """
    filled = [(number, cells) for number, cells in rows if any(header_texts(cells))]
    if not filled:
        return None
    if header_row is not None and any(number == header_row for number, _ in filled):
        filled = [(number, cells) for number, cells in filled if number in (header_row, header_row + 1)]
    headers = []
    for index, (number, cells) in enumerate(filled):
        header = Header(number, number, header_texts(cells))
        below = filled[index + 1] if index + 1 < len(filled) else None
        headers.append(header if below is None else _with_second_row(header, below, table))
    if header_row is not None and headers[0].row == header_row:
        return headers[0]
    return max(headers, key=lambda header: (_n_known(header.texts, table), -header.row))


def match_columns(header: Header, table: TableSpec) -> Layout:
    """Match the header with the columns of a kind of file.

    Raises:
        InvalidData: a required column is missing, two columns mean the same field, one has another unit, or
            there are more columns than any table has.
    """
    texts = header.texts
    width = max((position for position, text in enumerate(texts, start=1) if text), default=0)
    if width > LIMITS.max_columns:
        raise InvalidData(
            "import.too_many_columns",
            row=f"{header.row:,}",
            column=f"{width:,}",
            maximum=f"{LIMITS.max_columns:,}",
        )
    table = resolved(table, texts)
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
    _check_units(header, table)
    return Layout(
        header_row=header.row,
        last_header_row=header.last_row,
        width=width,
        unnamed=tuple(position for position in range(1, width + 1) if not texts[position - 1]),
        matched=tuple(taken.values()),
        ignored=tuple(ignored),
        unknown=tuple(unknown),
        absent=tuple(column.header for column in table.columns if column.field not in taken),
    )


def _n_known(texts: Sequence[str], table: TableSpec) -> int:
    return sum(table.knows(text) for text in set(texts) if text)


def _with_second_row(header: Header, below: RawRow, table: TableSpec) -> Header:
    """The header together with the row below where that one goes on with it, otherwise as it is."""
    number, cells = below
    lower = header_texts(cells)
    size = max(len(header.texts), len(lower))
    pairs = list(zip(_padded(header.texts, size), _padded(lower, size), strict=True))
    goes_on = (
        number == header.last_row + 1
        and any(table.knows(text) for text in header.texts if text)
        and all(isinstance(cell, str) for cell in cells)
        and all(_belongs_under(upper, text, table) for upper, text in pairs if text)
    )
    if not goes_on:
        return header
    return Header(
        row=header.row,
        last_row=number,
        texts=tuple(_joined(upper, text, table) for upper, text in pairs),
        units=tuple(unit_in(text) for _, text in pairs),
    )


def _padded(texts: Sequence[str], size: int) -> list[str]:
    return [*texts, *[""] * (size - len(texts))]


def _belongs_under(upper: str, lower: str, table: TableSpec) -> bool:
    """Whether ``lower`` cannot be content of the column ``upper``.

    Under a header that is not known anything may stand: it is not read. A row of content fills columns that
    are known, at least those that are required.
    """
    if not table.knows(upper):
        return True
    return lower == upper or is_note(lower) or any(map(table.knows, _combinations(upper, lower)))


def _joined(upper: str, lower: str, table: TableSpec) -> str:
    if not lower or lower == upper:
        return upper
    known = next((text for text in _combinations(upper, lower) if table.knows(text)), None)
    if known is not None:
        return known
    return upper if upper and (table.knows(upper) or is_note(lower)) else lower


def _combinations(upper: str, lower: str) -> tuple[str, ...]:
    return lower, upper + lower, f"{upper}({lower})"


def _check_units(header: Header, table: TableSpec) -> None:
    """Refuse a column whose header or second row states another unit than its numbers are taken in."""
    below = _padded(header.units, len(header.texts))
    for position, (text, unit_below) in enumerate(zip(header.texts, below, strict=True), start=1):
        name, unit = split_unit(text)
        column = table.by_header.get(normal_header(text)) or table.by_header.get(normal_header(name))
        if column is None or not column.unit:
            continue
        other = next((found for found in (unit, unit_below) if found not in ("", unit_in(column.unit))), None)
        if other is not None:
            raise InvalidData(
                "import.unit_differs", position=position, header=text, found=other, expected=column.unit
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
    others = [other for other in TABLES.values() if other.kind is not table.kind]
    candidates = [other for other in others if has_required(texts, other)]
    return max(candidates, key=lambda other: n_known(texts, other), default=None)
