"""One worksheet, written row by row. Cells are numbers, days or text: there is no way to write a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from functools import cached_property
from math import isfinite
from typing import IO, Final
from unicodedata import east_asian_width

from recommender.domain.errors import InvalidData
from recommender.exchange.guards import guarded_for_workbook, looks_live
from recommender.exchange.messages import CUT_TEXT
from recommender.exchange.writing_rules import CellRule, rules_xml
from recommender.exchange.writing_styles import CellFormat, RowLook, style_number
from recommender.exchange.writing_text import xml_text

OutCell = str | int | float | date | None
"""What a cell may hold; ``None`` and ``""`` are empty."""

MAX_ROWS: Final = 1_048_576
MAX_CHARACTERS: Final = 32_767
"""Of one cell, in UTF-16 code units, as spreadsheet programs count."""

XML_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN_NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_BLOCK_ROWS: Final = 200
_LINE_POINTS: Final = 15
_MAX_LINES: Final = 27
"""Rows are at most 409 points high."""
_EPOCH: Final = date(1899, 12, 30)
_FIRST_DAY: Final = date(1900, 3, 1)
"""Workbooks count a day before it that never was, and none before 1900; such days are written as text."""


class LongText(Enum):
    """What becomes of a text that no cell of a workbook can hold."""

    REFUSE = auto()
    CUT = auto()


@dataclass(frozen=True, kw_only=True)
class OutColumn:
    """A column of a file to be written.

    Attributes:
        header: zh-CN header.
        width: in characters of half width.
        is_text: whether cells, also those filled in later, stay text: ids keep their zeros and all digits.
        is_day: whether cells filled in later are shown as days.
        is_required: whether the header is set apart.
        is_wrapped: whether long text is broken into lines.
    """

    header: str
    width: int = 14
    is_text: bool = False
    is_day: bool = False
    is_required: bool = False
    is_wrapped: bool = False

    @cached_property
    def styles(self) -> dict[RowLook, "_Styles"]:
        """Numbers of the styles of its cells, by look of the row."""
        return {look: _Styles.of(look, self) for look in RowLook}


@dataclass(frozen=True, slots=True)
class _Styles:
    plain: int
    quoted: int
    day: int
    moment: int

    @classmethod
    def of(cls, look: RowLook, column: OutColumn) -> "_Styles":
        plain = CellFormat.TEXT if column.is_text else CellFormat.GENERAL
        wrapped = column.is_wrapped
        return cls(
            plain=style_number(look, plain, wrapped=wrapped),
            quoted=style_number(look, plain, quoted=True, wrapped=wrapped),
            day=style_number(look, CellFormat.DAY, wrapped=wrapped),
            moment=style_number(look, CellFormat.MOMENT, wrapped=wrapped),
        )


_BESIDE: Final = OutColumn(header="")
"""For cells to the right of the last column and above the header."""


class SheetWriter:
    """Writes a worksheet from the top: the rows above the header, the header, then what :meth:`write` is given.

    Args:
        part: the open member of the workbook.
        above: rows above the header, such as the title of a form.
        long: what becomes of a text over :data:`MAX_CHARACTERS`.
        rules: hints on the cells below the header.
    """

    def __init__(
        self,
        part: IO[bytes],
        columns: Sequence[OutColumn],
        *,
        above: Sequence[Sequence[OutCell]] = (),
        long: LongText = LongText.REFUSE,
        rules: Sequence[CellRule] = (),
    ) -> None:
        self._part = part
        self._columns = list(columns)
        self._letters = [column_letters(number) for number in range(1, len(columns) + 1)]
        self._long = long
        self._rules = rules
        self._header_row = len(above) + 1
        self._last_letters = self._letters[-1]
        self._block = [self._opening()]
        self.n_rows = 0
        """Rows written so far, the header and those above it included."""
        for row in above:
            self._write(row, [_BESIDE] * len(row), RowLook.PLAIN)
        self._write_header()

    def write(self, cells: Sequence[OutCell], *, look: RowLook = RowLook.PLAIN) -> None:
        """Write the next row; it may be shorter than the header, or longer.

        Raises:
            InvalidData: a text is too long for a workbook, or there are more rows than a worksheet has.
        """
        while len(self._columns) < len(cells):
            self._columns.append(_BESIDE)
        self._write(cells, self._columns, look)

    def _write(self, cells: Sequence[OutCell], columns: Sequence[OutColumn], look: RowLook) -> None:
        self._begin_row()
        while len(self._letters) < len(cells):
            self._letters.append(column_letters(len(self._letters) + 1))
        number = self.n_rows
        parts = [f'<row r="{number}"{_height(cells, columns)}>']
        for letters, column, cell in zip(self._letters, columns, cells, strict=False):
            if cell is not None and cell != "":
                parts.append(self._cell(f"{letters}{number}", cell, column, look))
            elif look is not RowLook.PLAIN:
                parts.append(f'<c r="{letters}{number}" s="{column.styles[look].plain}"/>')
        parts.append("</row>")
        self._block.append("".join(parts))
        if len(self._block) >= _BLOCK_ROWS:
            self._flush()

    def close(self) -> None:
        """Write what ends a worksheet."""
        first, last = self.filtered
        rules = rules_xml(self._rules, self._header_row + 1)
        self._block.append(f'</sheetData><autoFilter ref="{first}:{last}"/>{rules}</worksheet>')
        self._flush()

    @property
    def filtered(self) -> tuple[str, str]:
        """First and last cell of the header and all rows below it."""
        return f"A{self._header_row}", f"{self._last_letters}{max(self.n_rows, self._header_row)}"

    def _opening(self) -> str:
        columns = "".join(
            f'<col min="{number}" max="{number}" width="{column.width}.7" customWidth="1"'
            f' style="{_empty_style(column)}"/>'
            for number, column in enumerate(self._columns, start=1)
        )
        below = f"A{self._header_row + 1}"
        return (
            f'{XML_HEAD}<worksheet xmlns="{MAIN_NAMESPACE}"><sheetViews><sheetView workbookViewId="0">'
            f'<pane ySplit="{self._header_row}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
            f'<selection pane="bottomLeft" activeCell="{below}" sqref="{below}"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="{_LINE_POINTS}"/><cols>{columns}</cols><sheetData>'
        )

    def _write_header(self) -> None:
        self._begin_row()
        cells = []
        for letters, column in zip(self._letters, self._columns, strict=False):
            look = RowLook.REQUIRED_HEADER if column.is_required else RowLook.HEADER
            cells.append(_text_xml(f"{letters}{self.n_rows}", column.header, style_number(look, CellFormat.TEXT)))
        self._block.append(f'<row r="{self.n_rows}">{"".join(cells)}</row>')

    def _begin_row(self) -> None:
        if self.n_rows == MAX_ROWS:
            raise InvalidData("export.too_many_rows", maximum=f"{MAX_ROWS:,}")
        self.n_rows += 1

    def _cell(self, reference: str, cell: str | float | date, column: OutColumn, look: RowLook) -> str:
        styles = column.styles[look]
        if isinstance(cell, str):
            text = self._fitting(str(cell), column)
            style = styles.quoted if looks_live(text) else styles.plain
            return _text_xml(reference, guarded_for_workbook(text), style)
        if isinstance(cell, date):
            return _day_xml(reference, cell, styles)
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not isfinite(cell):
            raise TypeError(f"no cell of a file: {cell!r}")
        return f'<c r="{reference}" s="{styles.plain}"><v>{cell!r}</v></c>'

    def _fitting(self, text: str, column: OutColumn) -> str:
        if len(text) <= MAX_CHARACTERS // 2:
            return text
        units = text.encode("utf-16-le")
        if len(units) <= 2 * MAX_CHARACTERS:
            return text
        length = f"{len(text):,}"
        if self._long is LongText.REFUSE:
            row, maximum = f"{self.n_rows:,}", f"{MAX_CHARACTERS:,}"
            raise InvalidData(
                "export.cell_too_long", row=row, column=column.header, length=length, maximum=maximum
            )
        note = CUT_TEXT.format(length=length)
        return units[: 2 * (MAX_CHARACTERS - len(note))].decode("utf-16-le", errors="ignore") + note

    def _flush(self) -> None:
        self._part.write("".join(self._block).encode())
        self._block.clear()


def _height(cells: Sequence[OutCell], columns: Sequence[OutColumn]) -> str:
    """Attributes of a row that is higher than one line; not every program works that out by itself."""
    n_lines = 1
    for cell, column in zip(cells, columns, strict=False):
        if column.is_wrapped and isinstance(cell, str):
            n_lines = max(n_lines, sum(_n_lines(line, column.width) for line in cell.split("\n")))
    return f' ht="{min(n_lines, _MAX_LINES) * _LINE_POINTS}" customHeight="1"' if n_lines > 1 else ""


def _n_lines(line: str, width: int) -> int:
    n_halves = len(line) + sum(east_asian_width(character) in "WF" for character in line)
    return max(1, -(-n_halves // width))


def _empty_style(column: OutColumn) -> int:
    """Style of the cells of a column where nothing stands yet."""
    styles = column.styles[RowLook.PLAIN]
    return styles.day if column.is_day else styles.plain


def _text_xml(reference: str, text: str, style: int) -> str:
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t{space}>{xml_text(text)}</t></is></c>'


def _day_xml(reference: str, cell: date, styles: _Styles) -> str:
    day = cell.date() if isinstance(cell, datetime) else cell
    if day < _FIRST_DAY:
        return _text_xml(reference, plain_day(cell), styles.plain)
    number, style = float((day - _EPOCH).days), styles.day
    if isinstance(cell, datetime) and cell.time() != time.min:
        number += (cell - datetime.combine(day, time.min, cell.tzinfo)) / timedelta(days=1)
        style = styles.moment
    return f'<c r="{reference}" s="{style}"><v>{number:.15g}</v></c>'


def plain_day(cell: date) -> str:
    """A day as ``2024-03-05``, a moment with its time after a blank."""
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()


def column_letters(number: int) -> str:
    """Name of a column, counted from 1.

    >>> column_letters(1), column_letters(26), column_letters(27), column_letters(16384)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
