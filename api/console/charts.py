"""Tables that can be drawn: a chart shows what its table says, and nothing beside it.

The page's script reads the cells; who has no scripts, or listens to the page, has the table itself.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.console.attachments import BYTE_ORDER_MARK
from recommender.exchange.guards import guarded_for_csv


class Drawing(StrEnum):
    """How a table is drawn; names are those of the page's script."""

    BARS = "bars"
    """Rows from top to bottom, one bar for each series."""
    STACKED = "stacked"
    """Rows from top to bottom, series on top of each other."""
    COLUMNS = "columns"
    """Rows from left to right, such as months."""
    LINES = "lines"
    RANGES = "ranges"
    """Two series, as the ends of a line in each row."""
    NOTHING = "nothing"
    """The table is the best form."""


class Cell(StrEnum):
    """What a column holds, and so how it is written."""

    TEXT = "text"
    COUNT = "count"
    WAN = "wan"
    SHARE = "share"
    """In [0, 1]; written in percent."""
    DAYS = "days"
    TIMES = "times"
    INDEX = "index"


DIGITS: Final[Mapping[Cell, int]] = {
    Cell.COUNT: 0,
    Cell.WAN: 1,
    Cell.SHARE: 1,
    Cell.DAYS: 1,
    Cell.TIMES: 2,
    Cell.INDEX: 3,
}
"""Digits after the point."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``unit`` stands in the header."""

    label: str
    cell: Cell = Cell.TEXT
    unit: str = ""

    @property
    def header(self) -> str:
        """Label and unit."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


Value = str | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One table and how it is drawn.

    Attributes:
        name: of its file and its place on the page.
        subject: what it is about, short.
        finding: what it shows, as a sentence; :attr:`empty` instead where there is nothing to show.
        columns: the first names the rows.
        rows: one value a column; ``None`` where there is none.
        series: numbers of the columns that are drawn; others stand in the table only.
        beside: number of a column that is written beside the bars, 0 for none.
        notes: how its figures come about.
        links: address by name of a row.
        is_wide: whether it takes a whole line of the page.
    """

    name: str
    subject: str
    finding: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: str
    drawing: Drawing = Drawing.BARS
    series: tuple[int, ...] = (1,)
    beside: int = 0
    notes: tuple[str, ...] = ()
    links: Mapping[str, str] | None = None
    is_wide: bool = False

    @property
    def has_values(self) -> bool:
        """Whether any series says anything."""
        return any(row[column] for row in self.rows for column in self.series)

    def as_csv(self) -> str:
        """The table for spreadsheet programs: plain numbers, shares in percent, formulas guarded."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([guarded_for_csv(column.header) for column in self.columns])
        for row in self.rows:
            writer.writerow([_plain(value, column) for value, column in zip(row, self.columns, strict=True)])
        return BYTE_ORDER_MARK + out.getvalue()


def written(value: Value, cell: Cell) -> str:
    """A value as its cell shows it, without its unit; ``--`` where there is none."""
    if value is None or value == "":
        return "--"
    if isinstance(value, str):
        return value
    return f"{100 * value if cell is Cell.SHARE else value:,.{DIGITS[cell]}f}"


def _plain(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded_for_csv(value)
    shown = 100 * value if column.cell is Cell.SHARE else value
    return f"{shown:.{DIGITS[column.cell]}f}"


def named(charts: Sequence[Chart], name: str) -> Chart | None:
    """The chart with that name, ``None`` where there is none."""
    return next((chart for chart in charts if chart.name == name), None)
