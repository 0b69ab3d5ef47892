"""A first look at a file that somebody sent: its sheets, the header, and which column probably is which field.

Only the first rows are read, whatever the file's size; the file as a whole may still turn out to be unreadable.
"""

import difflib
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from recommender.domain.errors import InvalidData
from recommender.domain.visibility import masked_cell
from recommender.exchange.cells import Cell, CellProblem, RawRow, as_text, excerpt, is_blank
from recommender.exchange.columns import ColumnSpec, TableSpec, normal_header
from recommender.exchange.csv_sheet import open_csv
from recommender.exchange.files import FileFacts, FileFormat
from recommender.exchange.headers import Header, find_header, has_required, n_known
from recommender.exchange.limits import LIMITS
from recommender.exchange.messages import ANNOTATION_HEADER
from recommender.exchange.sources import ColumnOrigin, SourceTable, resolved
from recommender.exchange.tables import TABLES
from recommender.exchange.xlsx_archive import open_archive, telling_broken
from recommender.exchange.xlsx_book import read_book
from recommender.exchange.xlsx_rows import read_rows
from recommender.exchange.xlsx_strings import SharedStrings

N_SAMPLES: Final = 5
_SAMPLE_CHARACTERS: Final = 60
_MIN_LIKENESS: Final = 0.6


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The first rows of a sheet; ``name`` is ``""`` for a text file."""

    name: str
    is_hidden: bool
    rows: tuple[RawRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedColumn:
    """A column of a file before it is read.

    Attributes:
        position: from 1.
        written: its header in the file.
        header: the field it is taken for, ``""`` where it is not read.
        origin: why, ``None`` where it is not read.
        suggestion: a field that it may be, ``""`` where nothing is like it.
        is_derived: whether it is of our own making, counted or remarked, so that it is never read.
        samples: what stands in the first rows, cut, with persons masked as far as the field is known.
    """

    position: int
    written: str
    header: str
    origin: ColumnOrigin | None
    suggestion: str
    is_derived: bool
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLook:
    """What can be said of a file of a kind from its first rows.

    Attributes:
        sheets: names of the visible worksheets and, last, of hidden ones; empty for a text file.
        hidden: those that are hidden.
        sheet: the one that was looked at, ``""`` for a text file.
        header_row: row number of the header, ``None`` where there is none.
        header_rows: row numbers that could be the header.
        columns: left to right.
        missing: headers of required fields that no column is taken for.
        absent: headers of other fields that the file does not have; what is stored there stays.
        sample_rows: row numbers of the samples.
    """

    sheets: tuple[str, ...]
    hidden: tuple[str, ...]
    sheet: str
    header_row: int | None
    header_rows: tuple[int, ...]
    columns: tuple[LookedColumn, ...]
    missing: tuple[str, ...]
    absent: tuple[str, ...]
    sample_rows: tuple[int, ...]


def read_heads(path: Path, file: FileFacts) -> tuple[SheetHead, ...]:
    """The first rows of every sheet with content.

    Raises:
        InvalidData: the file cannot be read, or nothing stands in it.
    """
    heads = tuple(_heads(path, file))
    if not heads:
        raise InvalidData(
            "import.workbook_empty" if file.format is FileFormat.XLSX else "import.file_empty", name=file.name
        )
    return heads


def recognised(heads: Sequence[SheetHead]) -> tuple[TableSpec, str] | None:
    """The kind of file that fits best and its sheet, ``""`` for a hidden one; ``None`` where no kind fits."""
    found = [
        (not head.is_hidden, n_known(header.texts, table), -place, table, head.name)
        for place, head in enumerate(heads)
        for table in TABLES.values()
        if (header := find_header(head.rows, table)) is not None and has_required(header.texts, table)
    ]
    best = max(found, key=lambda item: item[:3], default=None)
    return None if best is None else (best[3], best[4] if best[0] else "")


def look(
    heads: Sequence[SheetHead], table: SourceTable, *, sheet: str = "", header_row: int | None = None
) -> FileLook:
    """Look at a file as one of a kind.

    Args:
        table: with what is remembered about its sources.
        sheet: which one; by default the first visible one with the columns of this kind, else the first visible.
        header_row: the row to take for the header, by default the one with most known headers.
    """
    head = _chosen(heads, table, sheet)
    header = find_header(head.rows, table, header_row=header_row)
    columns = () if header is None else _columns(header, head.rows, table)
    taken = {column.header for column in columns if column.header}
    required = [spec.header for spec in table.required]
    return FileLook(
        sheets=tuple(each.name for each in heads if each.name),
        hidden=tuple(each.name for each in heads if each.name and each.is_hidden),
        sheet=head.name,
        header_row=None if header is None else header.row,
        header_rows=tuple(number for number, cells in head.rows if not all(map(is_blank, cells)))[
            : LIMITS.n_header_rows
        ],
        columns=columns,
        missing=tuple(name for name in required if name not in taken),
        absent=tuple(
            spec.header for spec in table.columns if spec.header not in taken and spec.header not in required
        ),
        sample_rows=() if header is None else tuple(number for number, _ in _body(header, head.rows)),
    )


def _heads(path: Path, file: FileFacts) -> Iterator[SheetHead]:
    n_rows = LIMITS.n_header_rows + N_SAMPLES
    if file.format is not FileFormat.XLSX:
        for delimited in _delimited(path, file):
            yield SheetHead("", is_hidden=False, rows=tuple(islice(delimited, n_rows)))
        return
    with open_archive(path) as archive, telling_broken(file.name):
        book = read_book(archive)
        with _strings(archive, book.strings) as strings:
            for sheet in book.worksheets[: LIMITS.max_sheets]:
                with archive.open(sheet.member) as part:
                    rows = tuple(islice(read_rows(part, book, strings), n_rows))
                if any(not all(map(is_blank, cells)) for _, cells in rows):
                    yield SheetHead(sheet.name, is_hidden=sheet.hidden, rows=rows)


def _delimited(path: Path, file: FileFacts) -> Iterator[Iterator[RawRow]]:
    """The rows of a text file by the delimiter that shows most headers of any kind."""
    best = max(TABLES.values(), key=lambda table: _n_headers(path, file, table))
    with open_csv(path, file, best) as opened:
        yield opened.rows


def _n_headers(path: Path, file: FileFacts, table: TableSpec) -> int:
    with open_csv(path, file, table) as opened:
        head = list(islice(opened.rows, LIMITS.n_header_rows))
    return max((n_known(cells, table) for _, cells in head), default=0)


@contextmanager
def _strings(archive: zipfile.ZipFile, member: str | None) -> Iterator[SharedStrings]:
    if member is None:
        yield SharedStrings(None)
        return
    with archive.open(member) as part:
        yield SharedStrings(part)


def _chosen(heads: Sequence[SheetHead], table: TableSpec, sheet: str) -> SheetHead:
    named = next((head for head in heads if sheet and head.name == sheet), None)
    if named is not None:
        return named
    # What nobody sees must not be imported unless it is asked for.
    visible = [head for head in heads if not head.is_hidden] or heads
    fitting = (
        head
        for head in visible
        if (header := find_header(head.rows, table)) is not None and has_required(header.texts, table)
    )
    return next(fitting, visible[0])


def _columns(header: Header, rows: Sequence[RawRow], table: SourceTable) -> tuple[LookedColumn, ...]:
    chosen = resolved(table, header.texts)
    body = list(_body(header, rows))
    width = max((place for place, text in enumerate(header.texts, start=1) if text), default=0)
    specs: list[ColumnSpec | None] = []
    for text in header.texts[:width]:
        specs.append(chosen.by_header.get(normal_header(text)) if text else None)
    free = [spec for spec in table.columns if spec not in specs]
    columns = []
    for place, (text, spec) in enumerate(zip(header.texts[:width], specs, strict=True)):
        suggested = _suggested(text, free) if spec is None else None
        origin = None if spec is None else table.origin(text, spec, header.texts)
        columns.append(_column(text, spec, suggested, table=table, origin=origin, place=place, body=body))
    return tuple(columns)


def _column(
    text: str,
    spec: ColumnSpec | None,
    suggested: ColumnSpec | None,
    *,
    table: TableSpec,
    origin: ColumnOrigin | None,
    place: int,
    body: Sequence[RawRow],
) -> LookedColumn:
    own = {normal_header(name) for name in (*table.derived, ANNOTATION_HEADER)}
    meant = spec or suggested
    field = meant.field if meant is not None else ""
    return LookedColumn(
        position=place + 1,
        written=text,
        header="" if spec is None else spec.header,
        origin=origin,
        suggestion="" if suggested is None else suggested.header,
        is_derived=spec is None and normal_header(text) in own,
        samples=tuple(_sample(cells, place, table, field) for _, cells in body),
    )


def _body(header: Header, rows: Sequence[RawRow]) -> Iterator[RawRow]:
    below = (row for row in rows if row[0] > header.last_row and not all(map(is_blank, row[1])))
    return islice(below, N_SAMPLES)


def _sample(cells: Sequence[Cell], place: int, table: TableSpec, field: str) -> str:
    cell = cells[place] if place < len(cells) else ""
    if isinstance(cell, CellProblem):
        return ""
    text = " ".join(as_text(cell).split())
    return excerpt(masked_cell(table.record, field, text), _SAMPLE_CHARACTERS)


def _suggested(written: str, free: Sequence[ColumnSpec]) -> ColumnSpec | None:
    """The free field whose header, or one of whose aliases, is most like what is written."""
    best = max(((_likeness(written, spec), -place) for place, spec in enumerate(free)), default=(0.0, 0))
    return free[-best[1]] if best[0] >= _MIN_LIKENESS else None


def _likeness(written: str, spec: ColumnSpec) -> float:
    """From 0 to 1. A header within another, such as 姓名 in 专家真实姓名, counts as like."""
    text = normal_header(written)
    return max((_alike(text, normal_header(name)) for name in (spec.header, *spec.aliases)), default=0.0)


def _alike(text: str, name: str) -> float:
    if not text or not name:
        return 0.0
    ratio = difflib.SequenceMatcher(None, text, name).ratio()
    shorter, longer = sorted((text, name), key=len)
    is_within = len(shorter) > 1 and shorter in longer
    return max(ratio, _MIN_LIKENESS + 0.3 * len(shorter) / len(longer)) if is_within else ratio
