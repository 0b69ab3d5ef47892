"""A file, read and checked row by row, before it is compared with what is stored."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from recommender.domain.errors import InvalidData, InvalidInput
from recommender.exchange.cells import RawRow, is_blank
from recommender.exchange.columns import TableSpec
from recommender.exchange.csv_sheet import open_csv
from recommender.exchange.files import FileFacts, FileFormat, inspect
from recommender.exchange.headers import Layout, find_header, match_columns, unnamed_column
from recommender.exchange.issues import IssueLog
from recommender.exchange.limits import LIMITS
from recommender.exchange.merges import MergedRange, fill_down, spread
from recommender.exchange.rows import ParsedRow, RowParser
from recommender.exchange.sheets import Sheet
from recommender.exchange.xlsx_sheet import open_xlsx


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """Where the rows were found: the file, and the sheet or the delimiter in it."""

    file: FileFacts
    sheet: str
    delimiter: str
    other_sheets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """All rows of a file with content, in their order.

    Attributes:
        unknown_columns: headers that belong to no field, and columns without header that hold something.
        last_column: position, from 1, of the last column that holds anything.
        log: errors and warnings so far; comparing with the store adds to it.
    """

    table: TableSpec
    source: SheetFacts
    layout: Layout
    unknown_columns: tuple[str, ...]
    last_column: int
    rows: tuple[ParsedRow, ...]
    log: IssueLog


def read_file(
    path: Path,
    table: TableSpec,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    on_rows: Callable[[int], None] | None = None,
    max_listed_issues: int = LIMITS.max_listed_issues,
) -> ParsedFile:
    """Read a file of one kind.

    The file is read as a stream; what stays in memory is one record for each row.

    Args:
        sheet: worksheet to read, for workbooks with several.
        header_row: number of the row to take for the header, where it is not the one that would be found.
        on_rows: called now and then with the number of rows read so far.
        max_listed_issues: errors, and likewise warnings, that the log keeps.

    Raises:
        InvalidInput: the path or the sheet's name is wrong.
        InvalidData: the file as a whole cannot be taken; errors of single rows are in the log instead.
    """
    file = inspect(path)
    with open_sheet(path, file, table, sheet) as opened:
        layout, body = _find_body(opened, table, file.name, header_row)
        log = IssueLog(max_listed_issues)
        _note_layout(layout, opened.merges, log)
        parser = RowParser(table, layout, log, strict_width=opened.strict_width)
        rows = tuple(_parse_all(body, parser, on_rows))
        if not rows:
            raise InvalidData("import.no_rows", name=file.name, row=layout.header_row)
        return ParsedFile(
            table=table,
            source=SheetFacts(
                file=file, sheet=opened.name, delimiter=opened.delimiter, other_sheets=opened.other_names
            ),
            layout=layout,
            unknown_columns=layout.unknown + tuple(map(unnamed_column, sorted(parser.stray_positions))),
            last_column=max((layout.width, *parser.stray_positions)),
            rows=rows,
            log=log,
        )


def read_headers(path: Path, table: TableSpec, *, sheet: str | None = None) -> tuple[str, ...]:
    """The headers of a file, ``()`` where none is found; nothing else is read.

    Raises:
        InvalidInput, InvalidData: as for :func:`read_file`, but for missing columns.
    """
    file = inspect(path)
    with open_sheet(path, file, table, sheet) as opened:
        header = find_header(spread(islice(opened.rows, LIMITS.n_header_rows), opened.merges), table)
    return () if header is None else tuple(filter(None, header.texts))


def open_sheet(path: Path, file: FileFacts, table: TableSpec, sheet: str | None) -> AbstractContextManager[Sheet]:
    """Open the sheet of a file that is to be read, row by row.

    Raises:
        InvalidInput: the sheet's name is wrong.
        InvalidData: the file as a whole cannot be read.
    """
    if file.format is FileFormat.XLSX:
        return open_xlsx(path, table, sheet=sheet)
    if sheet is not None:
        raise InvalidInput("import.no_sheets", name=file.name)
    return open_csv(path, file, table)


def _find_body(
    opened: Sheet, table: TableSpec, name: str, header_row: int | None
) -> tuple[Layout, Iterator[RawRow]]:
    """The layout, and the rows below the header."""
    head = list(islice(opened.rows, LIMITS.n_header_rows))
    header = find_header(spread(head, opened.merges), table, header_row=header_row)
    if header is None:
        # A text file of blank lines; content may still come further down, but no header does.
        code = "import.file_empty" if all(_is_blank(row) for row in opened.rows) else "import.no_header"
        raise InvalidData(code, name=name, n_rows=LIMITS.n_header_rows)
    layout = match_columns(header, table)
    below = [row for row in head if row[0] > layout.last_header_row]
    return layout, fill_down(chain(below, opened.rows), opened.merges)


def _note_layout(layout: Layout, merges: tuple[MergedRange, ...], log: IssueLog) -> None:
    """Warn of what was taken for a header, and of values that several rows share."""
    if layout.last_header_row > layout.header_row:
        log.warn(layout.last_header_row, "", "header.second_row", first=layout.header_row)
    headers = {column.position: column.header for column in layout.matched}
    for area in merges:
        first = max(area.first_row, layout.last_header_row + 1)
        if area.first_column in headers and first == area.first_row and area.spans_rows:
            log.warn(first, headers[area.first_column], "cell.merged", first=first, last=area.last_row)


def _is_blank(row: RawRow) -> bool:
    return all(map(is_blank, row[1]))


def _parse_all(
    body: Iterator[RawRow], parser: RowParser, on_rows: Callable[[int], None] | None
) -> Iterator[ParsedRow]:
    n_rows = 0
    for raw in body:
        parsed = parser.parse(raw)
        if parsed is None:
            continue
        n_rows += 1
        if n_rows > LIMITS.max_rows:
            raise InvalidData("import.too_many_rows", maximum=f"{LIMITS.max_rows:,}")
        if on_rows is not None and n_rows % LIMITS.batch_rows == 0:
            on_rows(n_rows)
        yield parsed
    if on_rows is not None:
        on_rows(n_rows)
