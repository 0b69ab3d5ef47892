"""From the value of a field back to a cell: the inverse of the parsers.

What a renderer writes, the parser of the same column reads as the same value, from a workbook as from a text
file. The value is never ``None`` or empty; those are empty cells.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from recommender.exchange.parsers import STRONG_SEPARATORS, WEAK_SEPARATORS

Rendered = str | int | float | date | None
"""A cell as a writer takes it; ``None`` is an empty one."""

Renderer = Callable[[Any], Rendered]


def as_is(value: str | int | float | date) -> Rendered:
    """Texts, numbers and days are cells already."""
    return value


def word(value: StrEnum) -> Rendered:
    """A member of a vocabulary as its zh-CN word."""
    return value.value


def truth(value: bool) -> Rendered:  # noqa: FBT001 - a value, not a switch
    """是 or 否."""
    return "是" if value else "否"


def joined(values: tuple[str, ...]) -> Rendered:
    """Items that hold no separator themselves."""
    return "；".join(values)


def phrases(values: tuple[str, ...]) -> Rendered:
    """Phrases; one that holds ``、`` and stands alone is closed with ``；``, or it would come apart."""
    text = "；".join(values)
    return text + "；" if not STRONG_SEPARATORS.search(text) and WEAK_SEPARATORS.search(text) else text


def percent(value: float) -> Rendered:
    """A share in [0, 1] as ``85%``."""
    number = format((Decimal(repr(value)) * 100).normalize(), "f")
    return f"{number}%"


def plain_text(cell: Rendered) -> str:
    """A rendered cell for a text file: numbers without exponent and without loss, days as ``2024-03-05``."""
    match cell:
        case None:
            return ""
        case float():
            text = format(Decimal(repr(cell)), "f")
            return text.removesuffix(".0")
        case datetime():
            return cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
    return str(cell)
