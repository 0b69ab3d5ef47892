"""Pages of the library: found by the key of the last row, so that the thousandth costs as much as the first."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, false, func, select, true, tuple_

from recommender.domain.accounts import Actor
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.domain.listing import ORDERS, Listing
from recommender.domain.paging import Key, PageRequest, cursor_of
from recommender.store.conditions import condition
from recommender.store.mapping import Mapping
from recommender.store.values import is_storable
from recommender.store.visibility import visible

_MOST: Final = 2**31 - 1
"""Of an integer column."""


def page_rows(
    connection: Connection, mapping: Mapping[Any], actor: Actor, listing: Listing, request: PageRequest
) -> tuple[list[Row[Any]], str]:
    """The rows of a page with the mapping's columns, and the cursor of the next one (``""`` where there is none).

    Raises:
        InvalidInput: a filter does not apply to this kind, or the cursor or the order is not one of this list's.
    """
    kind = mapping.kind
    assert kind is not None, "links are not listed"
    name, descending = request.order(ORDERS[kind])
    wanted = and_(_accepted(connection, mapping, listing), visible(kind, actor), _present(mapping))
    statement = select(*mapping.columns).where(wanted)
    found: list[Row[Any]] = []
    for part in _parts(statement, mapping, name, request, descending=descending):
        found += connection.execute(part.limit(request.limit + 1 - len(found))).all()
        if len(found) > request.limit:
            shown = found[: request.limit]
            return shown, cursor_of(request, _key(connection, mapping, name, shown[-1]))
    return found, ""


def _accepted(connection: Connection, mapping: Mapping[Any], listing: Listing) -> ColumnElement[bool]:
    accepted = condition(listing.filters, mapping, connection.dialect)
    if not listing.text:
        return accepted
    if not is_storable(listing.text):
        return false()
    find = func.instr if connection.dialect.name == "sqlite" else func.strpos
    name = mapping.table.c["title" if mapping.kind is EntityKind.ACHIEVEMENT else "name"]
    return and_(accepted, find(name, listing.text) > 0)


def _present(mapping: Mapping[Any]) -> ColumnElement[bool]:
    """Who has withdrawn consent is not there."""
    return mapping.table.c.consent_withdrawn_on.is_(None) if mapping.kind is EntityKind.EXPERT else true()


def _parts(
    statement: Select[Any], mapping: Mapping[Any], name: str, request: PageRequest, *, descending: bool
) -> Iterator[Select[Any]]:
    """The list from where the page begins, in up to two parts: what is not known comes last in either direction.

    The databases disagree where NULL stands in an order; apart, both read each part along an index.
    """
    key = mapping.key
    if name == key.name:
        after = request.after(str)
        yield _ordered(statement, (key,), after, descending=descending)
        return
    column = mapping.table.c[name]
    after = _typed(request.after(str if name == "updated_at" else int, str), name)
    if after is None or after[0] is not None:
        part = statement.where(column.is_not(None)) if column.nullable else statement
        yield _ordered(part, (column, key), after, descending=descending)
        after = None
    if column.nullable:
        rest = None if after is None else after[1:]
        yield _ordered(statement.where(column.is_(None)), (key,), rest, descending=descending)


def _ordered(
    statement: Select[Any], columns: tuple[Column[Any], ...], after: Key | None, *, descending: bool
) -> Select[Any]:
    if after is not None:
        place = tuple_(*columns)
        last = tuple_(*after, types=[column.type for column in columns])
        statement = statement.where(place < last if descending else place > last)
    return statement.order_by(*(column.desc() if descending else column.asc() for column in columns))


def _typed(after: Key | None, name: str) -> Any:
    """The key with values as the columns have them.

    Raises:
        InvalidInput: the cursor holds a value that no row can have.
    """
    if after is None:
        return None
    value, id = after
    if id is None or not is_storable(str(id)):
        raise InvalidInput("page.cursor")
    if name != "updated_at":
        if value is not None and not -_MOST <= int(value) <= _MOST:
            raise InvalidInput("page.cursor")
        return value, id
    try:
        return datetime.fromisoformat(str(value)).astimezone(), id
    except (ValueError, OverflowError):
        raise InvalidInput("page.cursor") from None


def _key(connection: Connection, mapping: Mapping[Any], name: str, row: Row[Any]) -> Key:
    id = row._mapping[mapping.key.name]
    if name == mapping.key.name:
        return (id,)
    if name in mapping.names:
        return row._mapping[name], id
    # A stamp, which is no part of the record.
    stamp = connection.execute(select(mapping.table.c[name]).where(mapping.key == id)).scalar_one()
    return stamp.isoformat(), id
