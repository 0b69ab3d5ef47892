"""What a case of the corpus is: a file, and the answer that is right for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Maker = Callable[[Path], Path]
"""Makes the file in an empty folder and returns its path."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The whole file is refused with the sentence of a code; ``says`` are facts that it must name."""

    code: str
    says: tuple[str, ...] = ()
    exit_code: int = 1


@dataclass(frozen=True, slots=True)
class RowErrors:
    """Rows are named with what is wrong: row number, header and code of each error, in order."""

    errors: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """The file is harmless, and this is what stands in it.

    Attributes:
        rows: the cells of each row as they would be stored, in the order of the file's columns.
        header_row: number of the header row that was found.
        warnings: codes of the warnings, in order.
        unknown: columns that are named as not read.
    """

    rows: tuple[tuple[str, ...], ...]
    header_row: int = 1
    warnings: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file of the corpus."""

    name: str
    make: Maker
    expected: Refused | RowErrors | Reads
    kind: str = "experts"
