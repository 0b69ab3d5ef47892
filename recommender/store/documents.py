"""Records as JSON documents and back, for keeping what stood in a row before it was changed.

A document outlives the program that wrote it: fields at their default are left out, so one that a later version
adds is simply absent, and one that a later version drops is passed over.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from recommender.domain.entities import RECORD_TYPES, Record

R = TypeVar("R", bound=Record)

_Decode = Callable[[Any], Any]


def to_document(record: Record) -> dict[str, Any]:
    """Every field that is not at its default, as JSON knows values."""
    return {
        name: value if value.__class__ is str else _encoded(value)
        for name, default in _DEFAULTS[type(record)]
        if (value := getattr(record, name)) != default
    }


def from_document(record_type: type[R], document: Mapping[str, Any]) -> R:
    """The record that :func:`to_document` was given."""
    decoders = _DECODERS[record_type]
    return record_type(**{name: decoders[name](value) for name, value in document.items() if name in decoders})


def _encoded(value: object) -> object:
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _decoders(record_type: type[Record]) -> dict[str, _Decode]:
    hints = get_type_hints(record_type)
    return {field.name: _decoder(hints[field.name]) for field in fields(record_type)}


def _decoder(hint: Any) -> _Decode:
    """How a value of the annotated type comes back; fails for a type that no record had so far."""
    if get_origin(hint) is UnionType:
        (inner,) = (part for part in get_args(hint) if part is not NoneType)
        decode = _decoder(inner)
        return lambda value: None if value is None else decode(value)
    if get_origin(hint) is tuple:
        item, _ = get_args(hint)
        decode_item = _decoder(item)
        return lambda value: tuple(decode_item(part) for part in value)
    if hint is date:
        return date.fromisoformat
    if hint in _PLAIN:
        return _same
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    raise TypeError(f"{hint} cannot be kept in a document")


_PLAIN: Final = frozenset({str, int, float, bool})


def _same(value: Any) -> Any:
    return value


_DECODERS: Final[dict[type[Any], dict[str, _Decode]]] = {
    record_type: _decoders(record_type) for record_type in RECORD_TYPES
}
_DEFAULTS: Final[dict[type[Any], tuple[tuple[str, Any], ...]]] = {
    record_type: tuple((field.name, field.default) for field in fields(record_type))
    for record_type in RECORD_TYPES
}
