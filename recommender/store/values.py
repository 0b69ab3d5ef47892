"""What may be written: text that both databases can hold and numbers that are numbers."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from recommender.domain.errors import InvalidData

T = TypeVar("T")

_INT_LIMIT: Final = 2**31
"""Of an integer column; integers inside JSON have none."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_DECODER: Final = json.JSONDecoder()


def to_json(value: object) -> str:
    """JSON with Chinese left readable.

    Raises:
        ValueError: a number is not finite.
    """
    return "[]" if value == [] else _ENCODER.encode(value)


def from_json(text: str) -> Any:
    """What :func:`to_json` wrote; most lists of the library are empty, which needs no parser."""
    return [] if text == "[]" else _DECODER.decode(text)


def is_storable(text: str) -> bool:
    """Whether a text holds no NUL (PostgreSQL has none) and no half of a surrogate pair (UTF-8 has none)."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_row(row: Mapping[str, object], *, kind: str, id: str) -> None:
    """Refuse a row that one of the databases could not keep as it is.

    Raises:
        InvalidData: names the field.
    """
    for field, value in row.items():
        if not value:
            # Nothing, zero and no: half of a library's fields, and always storable.
            continue
        # Most values are text; telling them first halves the time of a bulk load's checks.
        fault = _text_fault(value) if value.__class__ is str else _fault(value)
        if isinstance(value, int) and not -_INT_LIMIT <= value < _INT_LIMIT:
            fault = "store.bad_number"
        if fault:
            raise InvalidData(fault, kind=kind, id=id if is_storable(id) else ascii(id)[1:-1], field=field)


def _text_fault(value: str) -> str:
    return "" if is_storable(value) else "store.bad_text"


def _fault(value: object) -> str:
    """Code of what is wrong with a value, ``""`` where nothing is."""
    match value:
        case None:
            return ""
        case str():
            return _text_fault(value)
        case float():
            return "" if math.isfinite(value) else "store.bad_number"
        case dict():
            return next(filter(None, (_fault(part) for pair in value.items() for part in pair)), "")
        case tuple() | list():
            return next(filter(None, map(_fault, value)), "")
    return ""


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Slices of at most ``size`` items, in order."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
