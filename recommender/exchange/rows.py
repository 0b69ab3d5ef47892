"""One row of a file becomes one record, or row errors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recommender.domain.entities import Record
from recommender.exchange.cells import Cell, is_blank, tidy
from recommender.exchange.columns import ColumnSpec, TableSpec
from recommender.exchange.headers import Layout, RawRow
from recommender.exchange.issues import BadValue, Flagged, IssueLog

_MISSING = object()


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row with content.

    Attributes:
        row: row number as a spreadsheet shows it.
        id: its id, where the key columns could be read.
        record: the record, ``None`` where the row has errors.
        present: fields the row speaks about; the others keep what is stored.
    """

    row: int
    id: str | None
    record: Record | None
    present: frozenset[str]


class RowParser:
    """Parses the rows of one sheet whose columns are known."""

    def __init__(self, table: TableSpec, layout: Layout, log: IssueLog, *, strict_width: bool) -> None:
        self._table = table
        self._layout = layout
        self._log = log
        self._strict_width = strict_width
        self._columns = [(item.position - 1, table.by_field[item.field]) for item in layout.matched]
        self._all_present = frozenset(item.field for item in layout.matched)
        self.stray_positions: set[int] = set()

    def parse(self, raw: RawRow) -> ParsedRow | None:
        """The row, or ``None`` where nothing stands in it."""
        row, cells = raw
        if all(map(is_blank, cells)):
            return None
        n_errors = self._log.n_errors
        self._check_width(row, cells)
        present = self._present(row, cells)
        values: dict[str, object] = {}
        for index, column in self._columns:
            if column.field in present:
                value = self._value(row, column, cells[index] if index < len(cells) else "")
                if value is not _MISSING:
                    values[column.field] = value
        faultless = self._log.n_errors == n_errors
        return ParsedRow(
            row=row,
            id=self._id(values),
            record=self._table.record(**values) if faultless else None,  # type: ignore[arg-type]
            present=present,
        )

    def _id(self, values: dict[str, object]) -> str | None:
        parts = [values.get(field) for field in self._table.key]
        return "|".join(map(str, parts)) if all(parts) else None

    def _check_width(self, row: int, cells: Sequence[Cell]) -> None:
        """Note content under no header: columns have shifted, or something will not be read."""
        surplus = _filled(cells, range(self._layout.width + 1, len(cells) + 1))
        if surplus and self._strict_width:
            self._log.error(row, "", "row.surplus_cells", count=len(surplus))
        self.stray_positions.update(surplus, _filled(cells, self._layout.unnamed))

    def _present(self, row: int, cells: Sequence[Cell]) -> frozenset[str]:
        """In a text file a row may end early; a workbook leaves out empty cells at the end."""
        if len(cells) >= self._layout.width or not self._strict_width:
            return self._all_present
        self._log.warn(row, "", "row.short", count=len(cells), expected=self._layout.width)
        required = {column.field for column in self._table.required}
        return frozenset(
            column.field for index, column in self._columns if index < len(cells) or column.field in required
        )

    def _value(self, row: int, column: ColumnSpec, raw: Cell) -> object:
        try:
            cell, n_dropped = tidy(raw)
            if n_dropped:
                self._log.warn(row, column.header, "text.control_characters", count=n_dropped)
            if cell == "":
                return self._blank(column)
            value = column.parse(cell)
        except BadValue as fault:
            self._log.error(row, column.header, fault.code, **fault.context)
            return _MISSING
        if isinstance(value, Flagged):
            self._log.warn(row, column.header, value.code, **value.context)
            value = value.value
        return self._table.defaults[column.field] if value is None else value

    def _blank(self, column: ColumnSpec) -> object:
        if column.required:
            raise BadValue("value.required")
        return self._table.defaults[column.field]


def _filled(cells: Sequence[Cell], positions: Iterable[int]) -> list[int]:
    """Those of the positions, counted from 1, where something stands."""
    return [position for position in positions if position <= len(cells) and not is_blank(cells[position - 1])]
