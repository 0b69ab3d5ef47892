"""Workbooks, read row by row with openpyxl."""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from recommender.domain.errors import InvalidData, InvalidInput, MatchmakerError
from recommender.exchange.cells import Cell, CellProblem
from recommender.exchange.columns import TableSpec
from recommender.exchange.headers import RawRow, find_header, has_required, header_texts
from recommender.exchange.limits import LIMITS
from recommender.exchange.sheets import Sheet
from recommender.exchange.xlsx_archive import check_archive, formulas_without_result

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_BLOCK: Final = 500
_ESCAPE: Final = re.compile(r"_x(00[01][0-9A-Fa-f]|007[Ff])_")
"""Control characters as workbooks write them: ``_x000D_`` is the line end of Windows."""


@contextmanager
def open_xlsx(path: Path, table: TableSpec, *, sheet: str | None = None) -> Iterator[Sheet]:
    """Open one sheet of a workbook, without running or resolving anything in it.

    Args:
        sheet: name of the worksheet; by default the first whose header is known, else the first with content.

    Raises:
        InvalidInput: there is no sheet of that name.
        InvalidData: no workbook, or one that is broken, locked, empty or unpacks to too much.
    """
    check_archive(path)
    with path.open("rb") as file:  # a file, not a path: openpyxl would judge the ending of its name
        with _telling_broken(path.name):
            book = _load(file)
        with closing(book):
            with _telling_broken(path.name):
                name, others = _choose(book, table, sheet, path.name)
                gaps = formulas_without_result(path, name)
            yield Sheet(rows=_rows(book[name], gaps, path.name), name=name, other_names=others)


@contextmanager
def _telling_broken(file_name: str) -> Iterator[None]:
    """Turn whatever openpyxl and the archive raise on a damaged part into one sentence."""
    try:
        yield
    except MatchmakerError:
        raise
    except Exception as error:
        raise InvalidData("import.workbook_broken", name=file_name) from error


def _load(file: BinaryIO) -> "Workbook":
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml must be installed: workbooks come from outside")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which are not read
        return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _choose(
    book: "Workbook", table: TableSpec, wanted: str | None, file_name: str
) -> tuple[str, tuple[str, ...]]:
    """Name of the sheet to read, and of the others that could be meant as well."""
    names = [sheet.title for sheet in book.worksheets]
    if wanted is not None:
        if wanted not in names:
            raise InvalidInput("import.sheet_not_found", sheet=wanted, known="、".join(names))
        return wanted, ()
    heads = {
        name: list(islice(_rows(book[name], frozenset(), file_name), LIMITS.n_header_rows)) for name in names
    }
    headers = {name: find_header(head, table) for name, head in heads.items()}
    known = [name for name, header in headers.items() if header and has_required(header_texts(header[1]), table)]
    if known:
        return known[0], tuple(known[1:])
    filled = next((name for name, header in headers.items() if header), None)
    if filled is None:
        raise InvalidData("import.workbook_empty", name=file_name)
    return filled, ()


def _rows(sheet: Any, gaps: frozenset[tuple[int, int]], file_name: str) -> Iterator[RawRow]:
    sheet.reset_dimensions()  # the size that a file states may be wrong, or a trap
    values = sheet.iter_rows(values_only=True)
    row_number = 0
    while True:
        with _telling_broken(file_name), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about dates out of range, which become formula errors
            block = list(islice(values, _BLOCK))
        if not block:
            return
        for cells in block:
            row_number += 1
            yield row_number, _cells(cells, row_number, gaps)


def _cells(values: Sequence[object], row: int, gaps: frozenset[tuple[int, int]]) -> Sequence[Cell]:
    cells = [_cell(value) for value in values]
    if gaps:
        for index, cell in enumerate(cells):
            if cell == "" and (row, index + 1) in gaps:
                cells[index] = CellProblem.UNCACHED_FORMULA
    return cells


def _cell(value: object) -> Cell:
    cell: Cell
    match value:
        case None:
            cell = ""
        case bool():
            cell = "TRUE" if value else "FALSE"
        case str() if "_x" in value:
            cell = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), value)
        case datetime() if value.time() == time.min:
            cell = value.date()
        case str() | int() | float() | date():
            cell = value
        case _:
            cell = str(value)
    return cell
