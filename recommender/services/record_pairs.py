"""Two records of a kind: found by their ids, and laid side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from recommender.domain.entities import Entity, Expert, Platform
from recommender.domain.errors import Conflict, InvalidInput, NotFound
from recommender.domain.identity import MERGEABLE_KINDS
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.masking import HIDDEN, mask_emails, mask_note, mask_phones
from recommender.domain.mentions import hide_contacts
from recommender.domain.sealed import is_sealed
from recommender.domain.visibility import masked
from recommender.exchange.columns import ColumnSpec, PersonalData, TableKind, TableSpec
from recommender.exchange.tables import table_of
from recommender.identity.merging import Mergeable, differing_fields
from recommender.store.unit_of_work import UnitOfWork

_TABLES: Final[Mapping[EntityKind, TableKind]] = {
    EntityKind.ENTERPRISE: TableKind.ENTERPRISES,
    EntityKind.EXPERT: TableKind.EXPERTS,
    EntityKind.PLATFORM: TableKind.PLATFORMS,
}
_MASKS: Final = {
    PersonalData.PHONE: mask_phones,
    PersonalData.EMAIL: mask_emails,
    PersonalData.NOTE: mask_note,
}
"""Names are shown: whoever decides whether two persons are one must read them."""


@dataclass(frozen=True, slots=True)
class RecordPair:
    """Two stored records of one kind."""

    kind: EntityKind
    one: Mergeable
    other: Mergeable


@dataclass(frozen=True, slots=True)
class FieldPair:
    """A field in which two records differ: its header, and both values as text, ``""`` where empty."""

    field: str
    header: str
    first: str
    second: str


def columns_of(kind: EntityKind) -> TableSpec:
    """Headers and forms of the fields of a kind."""
    return table_of(_TABLES[kind])


def compared_fields(first: Entity, second: Entity) -> tuple[FieldPair, ...]:
    """The fields in which two records differ; contacts are masked, inside texts as well."""
    columns = columns_of(first.kind).by_field
    names = differing_fields(cast(Mergeable, first), cast(Mergeable, second))
    return tuple(
        FieldPair(name, columns[name].header, _shown(columns[name], first), _shown(columns[name], second))
        for name in names
        if name in columns
    )


def with_names(record: Entity) -> Entity:
    """A record as it may be compared: masked, but for the name by which one tells who it is."""
    match record:
        case Expert():
            return replace(masked(record), name=record.name)
        case Platform():
            return replace(masked(record), director=record.director)
    return masked(record)


def _shown(column: ColumnSpec, record: Entity) -> str:
    rendered = column.render(getattr(record, column.field))
    text = "" if rendered is None else str(rendered)
    if is_sealed(text):
        return HIDDEN
    mask = _MASKS.get(column.personal) if column.personal is not None else None
    return hide_contacts(text) if mask is None else mask(text)


def pair_of(unit: UnitOfWork, one_id: str, other_id: str, kind: EntityKind | None = None) -> RecordPair:
    """The two records with these ids, of the one kind that has both.

    Raises:
        InvalidInput: both ids are one, or several kinds have both and none was named.
        Conflict: one of them was merged into another record.
        NotFound: no kind has both.
    """
    if one_id == other_id:
        raise InvalidInput("identity.same_record", id=one_id)
    found = {}
    for candidate in MERGEABLE_KINDS if kind is None else (kind,):
        records = unit.of(candidate).get_many([one_id, other_id])
        if len(records) == 2:  # noqa: PLR2004
            found[candidate] = records
    if len(found) > 1:
        allowed = "、".join(f"{item.value}（{KIND_LABELS[item]}）" for item in found)
        raise InvalidInput("identity.kind_unclear", one=one_id, other=other_id, allowed=allowed)
    for of_kind, records in found.items():
        return RecordPair(of_kind, cast(Any, records[one_id]), cast(Any, records[other_id]))
    _refuse_merged(unit, one_id, other_id)
    raise NotFound("identity.record_missing", one=one_id, other=other_id)


def _refuse_merged(unit: UnitOfWork, one_id: str, other_id: str) -> None:
    for kind in MERGEABLE_KINDS:
        for id, survivor in sorted(unit.identity.resolve(kind, [one_id, other_id]).items()):
            raise Conflict("identity.merged_already", id=id, survivor=survivor)
