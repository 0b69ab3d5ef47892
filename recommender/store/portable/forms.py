"""Columns as portable forms: which form a column has, and how a database reads it in that form.

Rows are read as the database keeps them, past the types of the domain: nothing is lost that a newer or an older
program would not understand, and millions of rows cost no conversion each.
"""

from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    case,
    cast,
    collate,
    column,
    func,
    literal_column,
    select,
    table,
    type_coerce,
)
from sqlalchemy.sql.type_api import TypeEngine
from sqlalchemy.types import String, TypeDecorator

from recommender.domain.backups import ColumnShape, Form, TableShape

_FORMS: Final[tuple[tuple[type[TypeEngine[Any]], Form], ...]] = (
    (JSON, Form.JSON),
    (DateTime, Form.INSTANT),
    (Date, Form.DAY),
    (Boolean, Form.TRUTH),
    (LargeBinary, Form.BYTES),
    (Float, Form.REAL),
    (Integer, Form.INTEGER),
    (String, Form.TEXT),
)


def form_of(source: Column[Any]) -> Form:
    """The form of a column's values.

    Raises:
        TypeError: no form is defined for the type of the column.
    """
    kind = source.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    for known, form in _FORMS:
        if isinstance(kind, known):
            return form
    raise TypeError(f"{source} is of a type that backups do not know: {kind!r}")


def shape_of(model: Table) -> TableShape:
    """A table of ours as a backup knows it."""
    counted = model.autoincrement_column
    return TableShape(
        name=model.name,
        columns=tuple(ColumnShape(item.name, form_of(item)) for item in model.columns),
        key=tuple(item.name for item in model.primary_key.columns),
        counted="" if counted is None else counted.name,
    )


def rows_of(shape: TableShape, dialect_name: str) -> Select[Any]:
    """All rows in the order of the key, every value in its form."""
    forms = {item.name: item.form for item in shape.columns}
    read = _read_on_sqlite if dialect_name == "sqlite" else _read_on_postgresql
    values = [read(column(name), form).label(name) for name, form in forms.items()]
    statement = select(*values).select_from(table(shape.name, *map(column, forms)))
    return statement.order_by(*(_ordered(name, forms[name], dialect_name) for name in shape.key))


def _ordered(name: str, form: Form, dialect_name: str) -> ColumnElement[Any]:
    """Texts by code point, as SQLite does; PostgreSQL has its own opinion unless told."""
    # The column itself: its name alone would mean the value as it is read.
    source: ColumnElement[Any] = literal_column(f'"{name}"')
    if form is Form.TEXT and dialect_name == "postgresql":
        return collate(source, "C")
    return source


def _read_on_sqlite(source: ColumnElement[Any], form: Form) -> ColumnElement[Any]:
    if form is Form.BYTES:
        # hex() of NULL is an empty text.
        return case((source.is_(None), None), else_=func.lower(func.hex(source)))
    return type_coerce(source, Text)


def _read_on_postgresql(source: ColumnElement[Any], form: Form) -> ColumnElement[Any]:
    match form:
        case Form.JSON:
            return cast(source, Text)
        case Form.DAY:
            return func.to_char(source, "YYYY-MM-DD")
        case Form.INSTANT:
            return func.to_char(func.timezone("UTC", source), "YYYY-MM-DD HH24:MI:SS.US")
        case Form.TRUTH:
            return cast(source, Integer)
        case Form.BYTES:
            return func.encode(source, "hex")
    return source
