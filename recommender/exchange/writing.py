"""Writing tables to files that are safe to open: workbooks and text files, whole or not at all.

::

    with open_table(path, columns, format=FileFormat.XLSX, name="专家") as table:
        table.write(["ZJ001", "张某某", date(2026, 3, 15)])
        table.write(["ZJ002", "", None], look=RowLook.ERROR)

For a workbook of several sheets see :func:`open_book`.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Protocol

from recommender.exchange.files import FileFormat
from recommender.exchange.guards import guarded_for_csv
from recommender.exchange.new_files import new_file
from recommender.exchange.writing_book import BookWriter
from recommender.exchange.writing_sheet import LongText, OutCell, OutColumn, plain_day
from recommender.exchange.writing_styles import RowLook

__all__ = ["BookWriter", "LongText", "OutCell", "OutColumn", "RowLook", "TableWriter", "open_book", "open_table"]


class TableWriter(Protocol):
    """Takes the rows of a table, from the top."""

    def write(self, cells: Sequence[OutCell], *, look: RowLook = RowLook.PLAIN) -> None:
        """Write the next row; text files know no looks."""


@contextmanager
def open_table(
    path: Path,
    columns: Sequence[OutColumn],
    *,
    format: FileFormat,
    name: str,
    above: Sequence[Sequence[OutCell]] = (),
    long: LongText = LongText.REFUSE,
    replace: bool = False,
) -> Iterator[TableWriter]:
    """Write one table; the file appears under its name when the block ends without an error, else not at all.

    Args:
        name: of the worksheet; text files have none.
        above: rows above the header.
        long: what becomes of a text that no cell of a workbook can hold; text files hold any.
        replace: whether a file of that name may be replaced.

    Raises:
        Conflict: there is such a file.
        InvalidInput: the file cannot be written there.
        InvalidData: a text is too long for a workbook, or there are more rows than a worksheet has.
    """
    if format is FileFormat.XLSX:
        with open_book(path, replace=replace) as book, book.sheet(name, columns, above=above, long=long) as sheet:
            yield sheet
        return
    with new_file(path, replace=replace) as file:
        writer = _CsvWriter(file)
        for row in above:
            writer.write(row)
        writer.write([column.header for column in columns])
        yield writer
        writer.close()


@contextmanager
def open_book(path: Path, *, replace: bool = False) -> Iterator[BookWriter]:
    """Write a workbook; the file appears under its name when the block ends without an error, else not at all.

    Raises:
        Conflict: there is such a file.
        InvalidInput: the file cannot be written there.
    """
    with new_file(path, replace=replace) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        book = BookWriter(archive)
        yield book
        book.close()


class _CsvWriter:
    """UTF-8 with the mark that spreadsheet programs know it by, CRLF, no cell that looks like a formula."""

    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._text)

    def write(self, cells: Sequence[OutCell], *, look: RowLook = RowLook.PLAIN) -> None:  # noqa: ARG002
        """Write the next row."""
        self._csv.writerow([csv_text(cell) for cell in cells])

    def close(self) -> None:
        """Hand everything on to the file, which stays open."""
        self._text.flush()
        self._text.detach()


def csv_text(cell: OutCell) -> str:
    """A cell of a text file: numbers without exponent and without loss, days as ``2024-03-05``.

    Only text is guarded; a negative number is no formula.
    """
    match cell:
        case None:
            return ""
        case str():
            return guarded_for_csv(str(cell))
        case date():
            return plain_day(cell)
        case bool():
            raise TypeError(f"no cell of a file: {cell!r}")
    return format(Decimal(repr(cell)), "f").removesuffix(".0")
