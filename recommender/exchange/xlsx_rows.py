"""The cells of a worksheet, row by row."""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from math import isfinite
from typing import IO, Final

from recommender.domain.errors import InvalidData
from recommender.exchange.cells import FORMULA_ERRORS, NUMBER_ERROR, VALUE_ERROR, Cell, CellProblem, RawRow
from recommender.exchange.limits import LIMITS
from recommender.exchange.xlsx_book import Book
from recommender.exchange.xlsx_strings import SharedStrings, TextCollector, unescaped
from recommender.exchange.xlsx_xml import Attributes, Malformed, PartParser

_MAX_ROW: Final = 1_048_576
_MAX_COLUMN: Final = 16_384
_MAX_EXACT_DIGITS: Final = 25
_BOOLEANS: Final = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_AFTER_CELLS: Final = (
    *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("drawing", "legacyDrawing", "tableParts"),
)
"""Elements that come after the last row only."""


def read_rows(part: IO[bytes], book: Book, strings: SharedStrings) -> Iterator[RawRow]:
    """Rows of an open worksheet that hold anything, from the top; cells from column A to the last filled one.

    What the file states of its own size is not believed, and rows and cells it leaves out cost nothing.

    Raises:
        Malformed, Suspicious, ExpatError: the part, or that of the shared strings, is bad.
        InvalidData: something stands further right than any table reaches.
    """
    collector = _RowCollector(book, strings)
    for _ in collector.parser.feed(part):
        collector.text.check_length()
        if collector.rows:
            yield from collector.rows
            collector.rows.clear()
    collector.finish()
    yield from collector.rows
    strings.read_to_end()


def column_number(letters: str) -> int:
    """Number, from 1, of a column such as ``AB``.

    Raises:
        Malformed: there is no such column.
    """
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    else:
        if 0 < number <= _MAX_COLUMN:
            return number
    raise Malformed(f"no column {letters[:10]!r}")


class _RowCollector:
    """Takes elements as they come and makes rows of them.

    A cell is finished when the next one begins, which spares listening to its end.
    """

    def __init__(self, book: Book, strings: SharedStrings) -> None:
        self.rows: Final[list[RawRow]] = []
        """Finished since they were last taken."""
        self.text: Final = TextCollector()
        self.parser: Final = PartParser(
            {
                "row": self._start_row,
                "c": self._start_cell,
                "v": self._start_value,
                "f": self._start_formula,
                "is": self._start_value,
                **self.text.handlers,
                **dict.fromkeys(_AFTER_CELLS, self._stop),
            }
        )
        self.text.attach(self.parser)
        self._book = book
        self._strings = strings
        self._columns: dict[str, int] = {}
        self._row = 0
        self._n_row_digits = 0
        self._cells: list[Cell] = []
        self._column = 0
        self._type = "n"
        self._style: str | None = None
        self._has_value = False
        self._has_formula = False

    def finish(self) -> None:
        """Finish the cell and the row that were begun last."""
        if self._has_value or self._has_formula:
            self._finish_cell()
        if self._cells:
            self.rows.append((self._row, self._cells))
            self._cells = []

    def _stop(self, _: Attributes) -> None:
        self.finish()
        self.parser.stop()

    def _start_row(self, attributes: Attributes) -> None:
        self.finish()
        row = int(attributes.get("r", self._row + 1))
        if not self._row < row <= _MAX_ROW:
            raise Malformed(f"row {row} after row {self._row}")
        self._row = row
        self._n_row_digits = len(str(row))
        self._column = 0

    def _start_cell(self, attributes: Attributes) -> None:
        if self._has_value or self._has_formula:
            self._finish_cell()
        reference = attributes.get("r")
        if reference is None:
            column = self._column + 1
        else:
            letters = reference[: -self._n_row_digits]
            column = self._columns.get(letters, 0) or self._columns.setdefault(letters, column_number(letters))
            if column <= self._column:
                raise Malformed(f"cell {reference[:12]!r} after column {self._column}")
        self._column = column
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s")

    def _start_value(self, _: Attributes) -> None:
        self.text.parts.clear()
        self._has_value = True

    def _start_formula(self, _: Attributes) -> None:
        self._has_formula = True

    def _finish_cell(self) -> None:
        parts = self.text.parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        value: Cell = ""
        if self._has_value:
            value = self._shared(text) if self._type == "s" else self._own_value(text)
        if self._has_formula and value == "" and not (self._has_value and self._type == "str"):
            # Programs write formulas without result; Excel always saves it, be it empty text.
            value = CellProblem.UNCACHED_FORMULA
        self._has_value = self._has_formula = False
        if value == "":
            return
        cells, column = self._cells, self._column
        if column > LIMITS.max_columns:
            raise _too_wide(self._row, column)
        n_missing = column - 1 - len(cells)
        if n_missing:
            cells.extend([""] * n_missing)
        cells.append(value)

    def _shared(self, text: str) -> str:
        position = int(text)
        table = self._strings.table
        return table[position] if 0 <= position < len(table) else self._strings.load(position)

    def _own_value(self, text: str) -> Cell:
        kind = self._type
        if kind in ("inlineStr", "str"):
            return unescaped(text)
        text = text.strip()
        if text == "":
            return ""
        if kind != "n":
            return _rare_value(kind, text)
        number = _number(text)
        is_moment = self._style in self._book.date_styles
        return _moment(number, from_1904=self._book.from_1904) if is_moment else number


def _too_wide(row: int, column: int) -> InvalidData:
    return InvalidData(
        "import.too_many_columns", row=f"{row:,}", column=f"{column:,}", maximum=f"{LIMITS.max_columns:,}"
    )


def _number(text: str) -> int | float | str:
    """A number; what is none in Excel either is the error that Excel would show."""
    if text.isdigit() and len(text) <= _MAX_EXACT_DIGITS:
        return int(text)
    number = float(text)
    return number if isfinite(number) else NUMBER_ERROR


@lru_cache(maxsize=4096)
def _moment(days: int | float | str, *, from_1904: bool) -> Cell:
    """A count of days as the date or time it stands for; what lies beyond all dates stays a number."""
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    if isinstance(days, str) or days < 0:
        return days  # an error, or what Excel shows as ####
    try:
        moment = from_excel(days, MAC_EPOCH if from_1904 else WINDOWS_EPOCH)
    except (OverflowError, ValueError):
        return days
    if isinstance(moment, datetime):
        return moment.date() if moment.time() == time.min else moment
    return str(moment)


def _rare_value(kind: str, text: str) -> Cell:
    if kind == "e":
        return text if text in FORMULA_ERRORS else VALUE_ERROR
    if kind == "b" and text in _BOOLEANS:
        return _BOOLEANS[text]
    if kind == "d":
        return _iso_moment(text)
    raise Malformed(f"cell of type {kind[:12]!r}")


def _iso_moment(text: str) -> date:
    moment = datetime.fromisoformat(text)
    return moment.date() if moment.time() == time.min else moment
