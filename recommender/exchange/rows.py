"""One row of a file becomes one record, or row errors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Record
from recommender.exchange.cells import Cell, CellProblem, RawRow, as_text, excerpt, is_blank, tidy
from recommender.exchange.columns import BadRow, ColumnSpec, TableSpec
from recommender.exchange.headers import Layout
from recommender.exchange.issues import BadValue, Flagged, IssueLog
from recommender.exchange.limits import LIMITS

_MISSING: Final = object()
_MAX_REMEMBERED: Final = 4_096
_MAX_REMEMBERED_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row with content.

    Attributes:
        row: row number as a spreadsheet shows it.
        id: its id, where the key columns could be read.
        record: the record, ``None`` where the row has errors.
        present: fields the row speaks about; the others keep what is stored.
        old_id: the id that the file gives, where that was merged into ``id``.
    """

    row: int
    id: str | None
    record: Record | None
    present: frozenset[str]
    old_id: str = ""


class _Column:
    """A column of the file: where it stands, what it becomes, and what its cells have been found to mean.

    A city's file says 江苏 sixty thousand times. Cells whose text was read before, without any remark, mean
    the same again; the records then share one value, which also saves memory.
    """

    __slots__ = (
        "default",
        "field",
        "header",
        "index",
        "is_shown",
        "known",
        "parse",
        "required",
        "written_header",
    )

    def __init__(self, index: int, written_header: str, spec: ColumnSpec, default: object) -> None:
        self.index = index
        self.written_header = written_header
        self.field = spec.field
        self.header = spec.header
        self.parse = spec.parse
        self.required = spec.required
        self.default = default
        self.is_shown = spec.personal is None
        self.known: dict[Cell, object] = {} if spec.required else {"": default}

    def remember(self, raw: Cell, value: object) -> None:
        """Keep what a short text means, as long as there is room."""
        if type(raw) is str and len(raw) <= _MAX_REMEMBERED_CHARACTERS and len(self.known) < _MAX_REMEMBERED:
            self.known[raw] = value


class RowParser:
    """Parses the rows of one sheet whose columns are known."""

    def __init__(self, table: TableSpec, layout: Layout, log: IssueLog, *, strict_width: bool) -> None:
        self._table = table
        self._layout = layout
        self._log = log
        self._strict_width = strict_width
        self._columns = [
            _Column(item.position - 1, item.header, table.by_field[item.field], table.defaults.get(item.field))
            for item in layout.matched
        ]
        self._required = [column for column in self._columns if column.required]
        self._all_present = table.settled.union(item.field for item in layout.matched)
        self.stray_positions: set[int] = set()

    def parse(self, raw: RawRow) -> ParsedRow | None:
        """The row, or ``None`` where nothing stands in it or it only repeats the header."""
        row, cells = raw
        if all(map(is_blank, cells)) or self._repeats_header(row, cells):
            return None
        n_errors = self._log.n_errors
        self._check_width(row, cells)
        present = self._present(row, cells)
        values = self._values(row, cells, present)
        record = None
        if self._log.n_errors == n_errors:
            record = self._build(row, values)
        return ParsedRow(row=row, id=self._id(values), record=record, present=present)

    def _values(self, row: int, cells: Sequence[Cell], present: frozenset[str]) -> dict[str, object]:
        values: dict[str, object] = {}
        n_cells = len(cells)
        for column in self._columns:
            index = column.index
            cell = cells[index] if index < n_cells else ""
            # Only text: 1, 1.0 and True are one key, but not one cell.
            value = column.known.get(cell, _MISSING) if type(cell) is str else _MISSING
            if value is _MISSING and (value := self._value(row, column, cell)) is _MISSING:
                continue
            values[column.field] = value
        if present is not self._all_present:
            values = {field: value for field, value in values.items() if field in present}
        return values

    def _value(self, row: int, column: _Column, raw: Cell) -> object:
        """What a cell says; errors and remarks go into the log."""
        try:
            cell, n_dropped = tidy(raw)
            if cell == "" and column.required:
                raise BadValue("value.required")
            value = column.default if cell == "" else column.parse(cell)
        except BadValue as fault:
            shown = excerpt(as_text(raw)) if column.is_shown and not isinstance(raw, CellProblem) else ""
            self._log.error(row, column.header, fault.code, shown, **fault.context)
            return _MISSING
        if n_dropped:
            self._log.warn(row, column.header, "text.control_characters", count=n_dropped)
        if isinstance(value, Flagged):
            self._log.warn(row, column.header, value.code, **value.context)
            return column.default if value.value is None else value.value
        if value is None:
            value = column.default
        if n_dropped == 0:
            column.remember(raw, value)
        return value

    def _build(self, row: int, values: dict[str, object]) -> Record | None:
        def warn(field: str, code: str, **context: object) -> None:
            self._log.warn(row, self._table.by_field[field].header, code, **context)

        try:
            return self._table.build(values, warn)
        except BadRow as fault:
            self._log.error(row, self._table.by_field[fault.field].header, fault.code, **fault.context)
            return None

    def _id(self, values: dict[str, object]) -> str | None:
        parts = [values.get(field) for field in self._table.key]
        return "|".join(map(str, parts)) if all(parts) else None

    def _repeats_header(self, row: int, cells: Sequence[Cell]) -> bool:
        """Whether the header stands here again, as where pages or files were put together."""
        for column in self._required:
            cell = cells[column.index] if column.index < len(cells) else ""
            if not isinstance(cell, str) or cell.strip() != column.written_header:
                return False
        self._log.warn(row, "", "header.repeated")
        return True

    def _check_width(self, row: int, cells: Sequence[Cell]) -> None:
        """Note content under no header: columns have shifted, or something will not be read."""
        layout = self._layout
        if len(cells) > layout.width:
            surplus = _filled(cells, range(layout.width + 1, len(cells) + 1))
            if surplus and self._strict_width:
                self._log.error(row, "", "row.surplus_cells", count=len(surplus))
            self.stray_positions.update(surplus[: LIMITS.max_columns])
        if layout.unnamed:
            self.stray_positions.update(_filled(cells, layout.unnamed))

    def _present(self, row: int, cells: Sequence[Cell]) -> frozenset[str]:
        """In a text file a row may end early; a workbook leaves out empty cells at the end."""
        if len(cells) >= self._layout.width or not self._strict_width:
            return self._all_present
        self._log.warn(row, "", "row.short", count=len(cells), expected=self._layout.width)
        return self._table.settled | frozenset(
            column.field for column in self._columns if column.index < len(cells) or column.required
        )


def _filled(cells: Sequence[Cell], positions: Iterable[int]) -> list[int]:
    """Those of the positions, counted from 1, where something stands."""
    return [position for position in positions if position <= len(cells) and not is_blank(cells[position - 1])]
