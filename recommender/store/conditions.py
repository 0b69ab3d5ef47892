"""Conditions on rows. Filters are the SQL twin of :meth:`recommender.domain.filters.Filter.accepts`."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Dialect,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    true,
)

from recommender.domain.errors import InvalidInput
from recommender.domain.filters import Filter, FilterField
from recommender.domain.kinds import CooperationMode, EntityKind
from recommender.store.mapping import Mapping
from recommender.store.values import is_storable

_POSTGRESQL_TEXTS: Final = ARRAY(Text)
_MAX_YEAR: Final = 2**31 - 1


def among(column: ColumnElement[str], values: Sequence[str], dialect: Dialect) -> ColumnElement[bool]:
    """Whether the column is one of the values, which must be fewer than SQLite's 32,766 variables.

    PostgreSQL takes them as one array: a quarter of the time of one variable each.
    """
    if dialect.name == "sqlite":
        return column.in_(values)
    return column == any_(literal(list(values), _POSTGRESQL_TEXTS))


def among_parameter(column: ColumnElement[str], name: str, dialect_name: str) -> ColumnElement[bool]:
    """:func:`among` with the values left open: given as a list at each execution of a prepared statement."""
    if dialect_name == "sqlite":
        return column.in_(bindparam(name, expanding=True))
    return column == any_(bindparam(name, type_=_POSTGRESQL_TEXTS))


def text_contains(column: ColumnElement[str], part: str, dialect: Dialect) -> ColumnElement[bool]:
    """Whether a text holds another, letter by letter.

    Not LIKE: it ignores the case of ASCII letters on SQLite, and ``%``, ``_`` and ``\\`` would need escapes.
    """
    if not is_storable(part):
        return false()
    return (func.instr if dialect.name == "sqlite" else func.strpos)(column, part) > 0


def condition(filters: Sequence[Filter], mapping: Mapping[Any], dialect: Dialect) -> ColumnElement[bool]:
    """All filters together as one condition on the mapping's table.

    Raises:
        InvalidInput: a filter does not apply to this kind.
    """
    return and_(true(), *(_one(item, mapping, dialect) for item in filters))


def _one(item: Filter, mapping: Mapping[Any], dialect: Dialect) -> ColumnElement[bool]:
    kind, table = mapping.kind, mapping.table
    if kind is None or not item.applies_to(kind):
        raise InvalidInput("filter.not_for_kind", name=item.field.value, kind=mapping.label)
    if item.field is FilterField.SINCE_YEAR:
        year = int(item.value)
        return table.c.year >= year if year <= _MAX_YEAR else false()
    if item.field is FilterField.COOPERATION_MODE:
        return _has_mode(item.value, table, kind)
    if not is_storable(item.value):
        return false()
    # Not LIKE: it ignores the case of ASCII letters on SQLite, and % _ \ would need escapes.
    find = func.instr if dialect.name == "sqlite" else func.strpos
    return or_(*(find(column, item.value) > 0 for column in _text_columns(item.field, table, kind)))


def _text_columns(field: FilterField, table: Table, kind: EntityKind) -> list[Column[str]]:
    match field:
        case FilterField.REGION:
            return [table.c[name] for name in ("province", "city", "town") if name in table.c]
        case FilterField.INDUSTRY_CHAIN:
            return [table.c.industry_chain]
        case FilterField.ORGANISATION:
            return [table.c.host_organisation if kind is EntityKind.PLATFORM else table.c.organisation]
        case FilterField.TYPE:
            return [table.c.type]
    raise AssertionError(f"{field} reads no text column")


def _has_mode(value: str, table: Table, kind: EntityKind) -> ColumnElement[bool]:
    """The vocabulary is closed, so the text is compared with its members here and the rows with members."""
    modes = [mode for mode in CooperationMode if value in mode.value]
    if kind is EntityKind.NEED:
        return table.c.cooperation_mode.in_(modes)
    stored = cast(table.c.cooperation_modes, Text)
    return or_(false(), *(stored.like(f'%"{mode.value}"%') for mode in modes))
