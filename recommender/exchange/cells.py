"""A cell and a row of cells as the readers hand them on, and the tidying that every column shares."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Final

from recommender.exchange.guards import unguarded
from recommender.exchange.issues import BadValue


class CellProblem(Enum):
    """A cell whose content the file does not hold."""

    UNCACHED_FORMULA = "cell.uncached_formula"


Cell = str | int | float | date | CellProblem
"""Empty is ``""``; numbers and dates are what a workbook stored as such."""

RawRow = tuple[int, Sequence[Cell]]
"""Row number as a spreadsheet shows it, and the cells from column A on."""

VALUE_ERROR: Final = "#VALUE!"
NUMBER_ERROR: Final = "#NUM!"
FORMULA_ERRORS: Final = frozenset(
    f"{VALUE_ERROR} {NUMBER_ERROR} #N/A #REF! #DIV/0! #NAME? #NULL! #SPILL! #CALC! #GETTING_DATA #FIELD!"
    " #BLOCKED! #CONNECT! #UNKNOWN! #BUSY! #PYTHON! #EXTERNAL! #TIMEOUT!".split()
)
"""What Excel leaves in a cell, and in a CSV made from it, where a formula went wrong."""

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_EDGES: Final = "\u200b\u200e\u200f\u2060\ufeff"
"""Invisible characters that copying from web pages leaves at the edges."""


def tidy(cell: Cell) -> tuple[Cell, int]:
    """Unify line ends, drop control characters, blank edges and the guard of written files.

    Returns:
        the cell, and how many control characters were dropped. No database or index takes those.

    Raises:
        BadValue: the cell holds a formula without result, or with an error for a result.
    """
    if not isinstance(cell, str):
        if isinstance(cell, CellProblem):
            raise BadValue(cell.value)
        return cell, 0
    n_dropped = 0
    if cell.isprintable():
        # Neither controls nor line ends nor invisible characters: most cells, and a third of the time.
        text = cell.strip()
    else:
        text, n_dropped = _CONTROLS.subn("", cell.replace("\r\n", "\n").replace("\r", "\n"))
        text = _trim(text)
    if text.startswith("'"):
        text = unguarded(text)
    if text in FORMULA_ERRORS:
        raise BadValue("cell.formula_error", value=text)
    return text, n_dropped


def _trim(text: str) -> str:
    text = text.strip()
    while text and (text[0] in _EDGES or text[-1] in _EDGES):
        text = text.strip(_EDGES).strip()
    return text


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing a reader could see."""
    return isinstance(cell, str) and not _trim(cell)


def as_text(cell: Cell) -> str:
    """A cell as a spreadsheet shows it: ``123.0`` is ``123``, a date is ``2024-03-05``."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, float):
        return format(cell, ".15g")
    return str(cell)


def half_width(text: str) -> str:
    """Full-width letters, digits and signs in their usual form (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def excerpt(text: str, n_characters: int = 40) -> str:
    """So much of a value as a message can show."""
    return text if len(text) <= n_characters else text[:n_characters] + "…"
