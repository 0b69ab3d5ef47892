"""A record as people read it: every field that says something, under the headings that files and forms have."""

from dataclasses import dataclass
from typing import Final

from recommender.domain.accounts import Actor
from recommender.domain.entities import Entity
from recommender.domain.visibility import INSIDE_FIELDS
from recommender.exchange.columns import ADMINISTRATION, BASICS, CONTACT, CONTENT, COOPERATION, ColumnSpec
from recommender.exchange.renderers import plain_text
from recommender.exchange.tables import table_of
from recommender.services.library_history import TABLES
from recommender.services.personal.sight import is_outside

GROUPS: Final = (BASICS, CONTENT, COOPERATION, CONTACT, ADMINISTRATION)
"""Headings in the order in which they are shown."""

_LONG: Final = 50
"""Width from which on a column holds prose."""
_APART: Final = frozenset({"author_ids", "consent_record", "consent_withdrawn_on"})
"""Fields that pages show in their own way."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One field.

    Attributes:
        items: the parts of a list, empty for anything else.
        is_long: whether it is prose.
        unit: of a number, ``""`` where there is none.
    """

    field: str
    header: str
    text: str
    items: tuple[str, ...]
    is_long: bool
    unit: str


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """Fields under one heading; ``blank`` are the headers of those that say nothing."""

    label: str
    lines: tuple[SheetLine, ...]
    blank: tuple[str, ...]


def sheet_of(record: Entity, actor: Actor) -> tuple[SheetGroup, ...]:
    """The fields of a record that are for an actor, by group, groups without any left out."""
    left_out = _APART | INSIDE_FIELDS if is_outside(actor) else _APART
    columns = [column for column in table_of(TABLES[record.kind]).columns if column.field not in left_out]
    groups = []
    for label in GROUPS:
        own = [column for column in columns if column.group == label]
        lines = [_line(column, record) for column in own]
        if own:
            filled = tuple(line for line in lines if line.text)
            groups.append(SheetGroup(label, filled, tuple(line.header for line in lines if not line.text)))
    return tuple(groups)


def _line(column: ColumnSpec, record: Entity) -> SheetLine:
    value = getattr(record, column.field)
    items = tuple(map(str, value)) if isinstance(value, tuple) else ()
    return SheetLine(
        column.field,
        column.header,
        plain_text(column.render(value)),
        items,
        column.form.width >= _LONG,
        column.unit,
    )
