"""Text files with separated columns."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TextIO

from recommender.domain.errors import InvalidData
from recommender.exchange.columns import TableSpec
from recommender.exchange.files import FileFacts
from recommender.exchange.headers import RawRow, n_known
from recommender.exchange.limits import LIMITS
from recommender.exchange.sheets import Sheet

DELIMITERS = (",", "\t", ";")


@contextmanager
def open_csv(path: Path, facts: FileFacts, table: TableSpec) -> Iterator[Sheet]:
    """Open a text file whose encoding is known.

    The delimiter is the one that shows most known headers in the first rows, the comma if none shows any.
    """
    # The module's own limit of 131,072 characters would stop the file; here a long cell costs its row only.
    csv.field_size_limit(max(csv.field_size_limit(), LIMITS.max_file_bytes))
    with path.open(encoding=facts.encoding, newline="") as file:
        delimiter = max(DELIMITERS, key=lambda candidate: _n_headers(file, candidate, table))
        file.seek(0)
        yield Sheet(rows=_rows(file, delimiter, facts.name), delimiter=delimiter, strict_width=True)


def _n_headers(file: TextIO, delimiter: str, table: TableSpec) -> int:
    file.seek(0)
    most = 0
    # Quotes that do not fit are reported when the rows are read; here what stands above them decides.
    with suppress(csv.Error):
        for cells in islice(csv.reader(file, delimiter=delimiter, strict=True), LIMITS.n_header_rows):
            most = max(most, n_known(cells, table))
    return most


def _rows(file: TextIO, delimiter: str, name: str) -> Iterator[RawRow]:
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    row_number = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise InvalidData("import.csv_quotes", name=name, line=f"{line:,}") from None
        row_number += 1
        yield row_number, cells
