"""Merged cells, whose value a file holds in the first of them only."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from recommender.exchange.cells import Cell, RawRow, is_blank


@dataclass(frozen=True, slots=True, order=True)
class MergedRange:
    """Cells shown as one; rows and columns count from 1, the last ones are included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def spans_rows(self) -> bool:
        """Whether rows share the value."""
        return self.last_row > self.first_row


def fill_down(rows: Iterable[RawRow], merged: Sequence[MergedRange]) -> Iterator[RawRow]:
    """Rows in which every row of a merged range has its value, in the range's first column.

    A value merged over several columns belongs to the first of them, as the reader sees it there.
    """
    waiting = deque(sorted(area for area in merged if area.spans_rows))
    return _filled(rows, waiting) if waiting else iter(rows)


def spread(rows: Iterable[RawRow], merged: Sequence[MergedRange]) -> list[RawRow]:
    """The first rows, filled likewise, to look for the header among them."""
    return list(fill_down(rows, merged))


def _filled(rows: Iterable[RawRow], waiting: deque[MergedRange]) -> Iterator[RawRow]:
    active: dict[int, tuple[int, Cell]] = {}
    for number, cells in rows:
        while waiting and waiting[0].first_row <= number:
            area = waiting.popleft()
            value = _at(cells, area.first_column)
            if area.first_row == number and not is_blank(value):
                active[area.first_column] = area.last_row, value
        if active:
            active = {column: held for column, held in active.items() if number <= held[0]}
            completed = list(cells)
            for column, (_, value) in active.items():
                _fill(completed, column, value)
            yield number, completed
        else:
            yield number, cells


def _at(cells: Sequence[Cell], column: int) -> Cell:
    return cells[column - 1] if column <= len(cells) else ""


def _fill(cells: list[Cell], column: int, value: Cell) -> None:
    if column > len(cells):
        cells.extend([""] * (column - len(cells)))
    if is_blank(cells[column - 1]):
        cells[column - 1] = value
