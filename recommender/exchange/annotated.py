"""The workbook that goes back to whoever sent a file: the same rows, and beside each what is wrong with it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from math import isfinite
from pathlib import Path
from typing import Final

from recommender.exchange import messages
from recommender.exchange.cells import Cell, CellProblem, RawRow, as_text
from recommender.exchange.columns import normal_header
from recommender.exchange.files import FileFormat
from recommender.exchange.guards import unguarded
from recommender.exchange.headers import header_texts
from recommender.exchange.issues import RowError
from recommender.exchange.limits import LIMITS
from recommender.exchange.merges import fill_down, spread
from recommender.exchange.reader import ParsedFile, open_sheet
from recommender.exchange.sheets import Sheet
from recommender.exchange.writing import LongText, OutCell, OutColumn, RowLook, TableWriter, open_table
from recommender.exchange.writing_sheet import MAX_CHARACTERS

MAX_KEPT_ISSUES: Final = 200_000
"""Errors, and likewise warnings, that are told row by row; a file with more is not corrected by hand."""

_REMARK_WIDTH: Final = 60


def write_annotated(
    path: Path,
    out: Path,
    parsed: ParsedFile,
    *,
    replace: bool = False,
    on_rows: Callable[[int], None] | None = None,
) -> None:
    """Write the rows of a file into a new workbook, with a column that says what is wrong with each.

    Row numbers, texts, numbers and days stay; formulas become their results, merged rows repeat their value,
    and ids are text. Read again, it says the same as the file.

    Args:
        parsed: the same file, read with :data:`MAX_KEPT_ISSUES` and compared with the store.
        replace: whether ``out`` may be replaced.
        on_rows: called now and then with the number of rows written so far.

    Raises:
        Conflict: ``out`` is there already.
        InvalidInput: it cannot be written.
    """
    source = parsed.source
    with open_sheet(path, source.file, parsed.table, source.sheet or None) as opened:
        head = spread(list(islice(opened.rows, LIMITS.n_header_rows)), opened.merges)
        page = _Page(parsed, head)
        name = source.sheet or parsed.table.label
        with open_table(
            out,
            page.columns,
            format=FileFormat.XLSX,
            name=name,
            above=page.above,
            long=LongText.CUT,
            replace=replace,
        ) as table:
            page.write(_body(opened, head, parsed.layout.header_row), table, on_rows)


def _body(opened: Sheet, head: Sequence[RawRow], header_row: int) -> Iterator[RawRow]:
    """What stands below the first row of the header."""
    return fill_down(chain((row for row in head if row[0] > header_row), opened.rows), opened.merges)


class _Page:
    """Where everything stands in the new worksheet."""

    def __init__(self, parsed: ParsedFile, head: Sequence[RawRow]) -> None:
        self._log = parsed.log
        self._errors = parsed.log.errors_by_row()
        self._warnings = parsed.log.warnings_by_row()
        self._header_row = parsed.layout.header_row
        rows = dict(head)
        headers = header_texts(rows[self._header_row])
        self._place = _place_of_remarks(headers, parsed.last_column)
        self.columns = _columns(parsed, headers, self._place)
        self._is_text = [column.is_text for column in self.columns]
        self.above = [self._cells(rows.get(number, ())) for number in range(1, self._header_row)]

    def write(self, rows: Iterator[RawRow], table: TableWriter, on_rows: Callable[[int], None] | None) -> None:
        """Write the rows below the header under the numbers they had."""
        n_written = self._header_row
        for number, cells in rows:
            for _ in range(n_written, number - 1):
                table.write(())
            self._write_row(number, cells, table)
            n_written = number
            if on_rows is not None and number % LIMITS.batch_rows == 0:
                on_rows(number)
        if on_rows is not None:
            on_rows(n_written)

    def _write_row(self, number: int, cells: Sequence[Cell], table: TableWriter) -> None:
        written = self._cells(cells)
        errors = [_sentence(issue) for issue in self._errors.get(number, ())]
        if not errors and self._log.is_faulty(number):
            errors = [messages.ANNOTATION_UNLISTED]
        remarks = [_sentence(issue) for issue in self._warnings.get(number, ())]
        remarks += [
            messages.ANNOTATION_CUT.format(column=column.header)
            for column, cell in zip(self.columns, written, strict=False)
            if isinstance(cell, str) and _is_cut(cell)
        ]
        written += [None] * (self._place + 1 - len(written))
        written[self._place] = "\n".join(errors + remarks)
        look = RowLook.ERROR if errors else RowLook.WARNING if remarks else RowLook.PLAIN
        table.write(written, look=look)

    def _cells(self, cells: Sequence[Cell]) -> list[OutCell]:
        columns = [*self._is_text, *[False] * (len(cells) - len(self._is_text))]
        return [_cell(cell, is_text=is_text) for cell, is_text in zip(cells, columns, strict=False)]


def _place_of_remarks(headers: Sequence[str], last_column: int) -> int:
    """Index of the column of remarks: where the file has it from an earlier check, else the first free one."""
    own = normal_header(messages.ANNOTATION_HEADER)
    earlier = (index for index, text in enumerate(headers) if normal_header(text) == own)
    return next(earlier, max(last_column, len(headers)))


def _columns(parsed: ParsedFile, headers: Sequence[str], place: int) -> list[OutColumn]:
    specs = {item.position - 1: parsed.table.by_field[item.field] for item in parsed.layout.matched}
    columns = []
    for index in range(max(place + 1, len(headers))):
        spec = specs.get(index)
        text = headers[index] if index < len(headers) else ""
        if index == place:
            column = OutColumn(header=messages.ANNOTATION_HEADER, width=_REMARK_WIDTH, is_wrapped=True)
        elif spec is None:
            column = OutColumn(header=text)
        else:
            is_text = spec.field in parsed.table.key or spec.references is not None
            column = OutColumn(header=text, width=spec.form.width, is_text=is_text)
        columns.append(column)
    return columns


def _cell(cell: Cell, *, is_text: bool) -> OutCell:
    """A cell as the writer takes it; of a formula without result nothing is left but what its row is told."""
    if isinstance(cell, CellProblem):
        return None
    if isinstance(cell, str):
        return unguarded(cell)
    if is_text or (isinstance(cell, float) and not isfinite(cell)):
        return as_text(cell)
    return cell


def _sentence(issue: RowError) -> str:
    return messages.ANNOTATION_ISSUE.format(
        column=f"【{issue.column}】" if issue.column else "", message=issue.message, suggestion=issue.suggestion
    )


def _is_cut(text: str) -> bool:
    """Whether no cell of a workbook can hold the whole text."""
    return len(text) > MAX_CHARACTERS // 2 and len(text.encode("utf-16-le")) > 2 * MAX_CHARACTERS
