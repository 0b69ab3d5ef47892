"""Pages by key: the rows after a given one, whatever came or went since."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, false, or_

Order = Sequence[tuple[ColumnElement[Any], bool]]
"""What a list is ordered by, none of it NULL and all of it together unique; ``True`` for descending."""


def turned(order: Order, *, reverse: bool) -> Order:
    """The same order, or its reverse."""
    return [(column, descending != reverse) for column, descending in order]


def ordering(order: Order) -> list[UnaryExpression[Any]]:
    """The order for a statement."""
    return [column.desc() if descending else column.asc() for column, descending in order]


def beyond(order: Order, key: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a row stands after the one with that key."""
    alternatives: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for (column, descending), value in zip(order, key, strict=True):
        further = column < value if descending else column > value
        alternatives.append(and_(*equal, further))
        equal.append(column == value)
    return or_(false(), *alternatives)
