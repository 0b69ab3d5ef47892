"""One worksheet of a workbook, chosen and opened."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from recommender.domain.errors import InvalidData, InvalidInput
from recommender.exchange.cells import RawRow
from recommender.exchange.columns import TableSpec
from recommender.exchange.headers import Header, find_header, has_required
from recommender.exchange.limits import LIMITS
from recommender.exchange.sheets import Sheet
from recommender.exchange.xlsx_archive import open_archive, telling_broken
from recommender.exchange.xlsx_book import Book, Worksheet, read_book
from recommender.exchange.xlsx_merges import find_merges
from recommender.exchange.xlsx_rows import read_rows
from recommender.exchange.xlsx_strings import SharedStrings

_BLOCK: Final = 500


@contextmanager
def open_xlsx(path: Path, table: TableSpec, *, sheet: str | None = None) -> Iterator[Sheet]:
    """Open one sheet of a workbook, without running or resolving anything in it.

    Args:
        sheet: name of the worksheet; by default the first visible one whose header is known, else the first
            with content.

    Raises:
        InvalidInput: there is no sheet of that name.
        InvalidData: no workbook, or one that is broken, manipulated, locked, empty or unpacks to too much.
    """
    with open_archive(path) as archive, ExitStack() as parts:
        with telling_broken(path.name):
            book = read_book(archive)
            strings = SharedStrings(
                None if book.strings is None else parts.enter_context(archive.open(book.strings))
            )
            reader = _Reader(archive, book, strings, path.name)
            chosen, others = _choose(reader, table) if sheet is None else (reader.named(sheet), ())
            with archive.open(chosen.member) as part:
                merges = find_merges(part)
            rows = read_rows(parts.enter_context(archive.open(chosen.member)), book, strings)
        yield Sheet(
            rows=_telling_broken_rows(rows, path.name),
            name=chosen.name,
            merges=merges,
            other_names=tuple(other.name for other in others),
        )


@dataclass(frozen=True, slots=True)
class _Reader:
    """An open workbook."""

    archive: zipfile.ZipFile
    book: Book
    strings: SharedStrings
    file_name: str

    def named(self, name: str) -> Worksheet:
        """The worksheet of that name."""
        found = next((sheet for sheet in self.book.worksheets if sheet.name == name), None)
        if found is None:
            names = [sheet.name for sheet in self.book.worksheets[: LIMITS.max_sheets]]
            raise InvalidInput("import.sheet_not_found", sheet=name, known="、".join(names))
        return found

    def header(self, sheet: Worksheet, table: TableSpec) -> Header | None:
        """The header of a sheet, ``None`` where nothing stands in it."""
        with self.archive.open(sheet.member) as part:
            rows = read_rows(part, self.book, self.strings)
            return find_header(list(islice(rows, LIMITS.n_header_rows)), table)


def _choose(reader: _Reader, table: TableSpec) -> tuple[Worksheet, Sequence[Worksheet]]:
    """The sheet to read, and those that could be meant as well."""
    known: list[Worksheet] = []
    filled: list[Worksheet] = []
    for sheet in reader.book.worksheets[: LIMITS.max_sheets]:
        try:
            header = reader.header(sheet, table)
        except InvalidData:
            filled.append(sheet)  # is refused when it is read, unless another sheet is the one
            continue
        if header is not None:
            (known if has_required(header.texts, table) else filled).append(sheet)
    visible = [sheet for sheet in known if not sheet.hidden]
    if visible:
        return visible[0], visible[1:]
    if known:
        # What nobody sees must not be imported unless it is asked for.
        raise InvalidData("import.sheet_hidden", name=reader.file_name, label=table.label, sheet=known[0].name)
    if not filled:
        raise InvalidData("import.workbook_empty", name=reader.file_name)
    return min(filled, key=lambda sheet: sheet.hidden), ()


def _telling_broken_rows(rows: Iterator[RawRow], file_name: str) -> Iterator[RawRow]:
    while True:
        with telling_broken(file_name):
            block = list(islice(rows, _BLOCK))
        if not block:
            return
        yield from block
