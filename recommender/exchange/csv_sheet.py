"""Text files with separated columns."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TextIO

from recommender.domain.errors import InvalidData
from recommender.exchange.cells import RawRow
from recommender.exchange.columns import TableSpec
from recommender.exchange.files import FileFacts
from recommender.exchange.headers import n_known
from recommender.exchange.limits import LIMITS
from recommender.exchange.sheets import Sheet

DELIMITERS = (",", "\t", ";")


@contextmanager
def open_csv(path: Path, facts: FileFacts, table: TableSpec) -> Iterator[Sheet]:
    """Open a text file whose encoding is known.

    The delimiter is the one that shows most known headers in the first rows, the comma if none shows any.
    """
    # The module's own limit of 131,072 characters would stop the file; here a long cell costs its row only,
    # and a row beyond all measure is stopped by _Lines.
    csv.field_size_limit(max(csv.field_size_limit(), 2 * LIMITS.max_record_characters))
    with path.open(encoding=facts.encoding, newline="") as file:
        delimiter = max(DELIMITERS, key=lambda candidate: _n_headers(file, candidate, table, facts.name))
        file.seek(0)
        yield Sheet(rows=_rows(file, delimiter, facts.name), delimiter=delimiter, strict_width=True)


def _n_headers(file: TextIO, delimiter: str, table: TableSpec, name: str) -> int:
    file.seek(0)
    most = 0
    # Quotes that do not fit are reported when the rows are read; here what stands above them decides.
    with suppress(InvalidData):
        for _, cells in islice(_rows(file, delimiter, name), LIMITS.n_header_rows):
            most = max(most, n_known(cells, table))
    return most


class _Lines:
    """Lines of a file, as long as no row of the table becomes too long for memory.

    A quote that is never closed makes one row of all that follows, and a binary file is one line.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._n_left = LIMITS.max_record_characters

    def start_row(self) -> None:
        """A new row begins with the next line."""
        self._n_left = LIMITS.max_record_characters

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(self._n_left):
            self._n_left -= len(line)
            if self._n_left <= 0:
                raise _RowTooLong
            yield line


class _RowTooLong(Exception):
    """A row has more characters than any row of a table."""


def _rows(file: TextIO, delimiter: str, name: str) -> Iterator[RawRow]:
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row_number = 0
    while True:
        line = reader.line_num + 1
        lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise InvalidData("import.csv_quotes", name=name, line=f"{line:,}") from None
        except _RowTooLong:
            maximum = f"{LIMITS.max_record_characters:,}"
            raise InvalidData("import.csv_row_too_long", name=name, line=f"{line:,}", maximum=maximum) from None
        row_number += 1
        yield row_number, cells
