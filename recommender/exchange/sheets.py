"""A sheet that is being read: one shape for workbooks and text files."""

from collections.abc import Iterator
from dataclasses import dataclass

from recommender.exchange.cells import RawRow
from recommender.exchange.merges import MergedRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows of one sheet, from the top, read as they are asked for.

    Attributes:
        rows: in ascending order, numbered as the spreadsheet does; blank ones may be left out.
        name: name of the worksheet, ``""`` for a text file.
        delimiter: what separates the cells of a text file, ``""`` for a workbook.
        strict_width: whether cells beyond the header mean that the row's columns have shifted (text files),
            rather than remarks beside the table (workbooks).
        merges: merged ranges; their value stands in their first cell only.
        other_names: further worksheets whose header is of the same kind.
    """

    rows: Iterator[RawRow]
    name: str = ""
    delimiter: str = ""
    strict_width: bool = False
    merges: tuple[MergedRange, ...] = ()
    other_names: tuple[str, ...] = ()
