"""What a batch did to single records, as somebody may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import AchievementPlatform, Enterprise, Record
from recommender.domain.facts import EnterpriseFact
from recommender.domain.kinds import EntityKind
from recommender.exchange.columns import TableKind, TableSpec
from recommender.services.messages import BATCH_FACT, BATCH_LINK
from recommender.services.personal.sight import Sight
from recommender.services.repositories import repository_of
from recommender.store.changes import BatchChanges, WrittenRecord
from recommender.store.unit_of_work import UnitOfWork

ENTITY_KINDS: Final[Mapping[TableKind, EntityKind]] = {
    TableKind.ENTERPRISES: EntityKind.ENTERPRISE,
    TableKind.NEEDS: EntityKind.NEED,
    TableKind.EXPERTS: EntityKind.EXPERT,
    TableKind.PLATFORMS: EntityKind.PLATFORM,
    TableKind.ACHIEVEMENTS: EntityKind.ACHIEVEMENT,
}
"""What files hold one entity a row of; the other kinds are about entities of other files."""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One record that a batch wrote.

    Attributes:
        id: of the record.
        name: masked where the reader sees no full names, ``""`` where the record is gone.
        kind, entity_id: where the library shows it: of a yearly fact, its enterprise.
        is_new: whether the batch added it.
        columns: headers of the fields that hold something else than before; empty for a new record.
        is_gone: whether the library has it no longer.
    """

    id: str
    name: str
    kind: EntityKind
    entity_id: str
    is_new: bool
    columns: tuple[str, ...]
    is_gone: bool


class BatchRecords:
    """Looks the records of one kind of file up.

    Args:
        sight: of who reads.
    """

    def __init__(self, table: TableSpec, unit: UnitOfWork, sight: Sight) -> None:
        self._table = table
        self._unit = unit
        self._sight = sight

    def of(self, changes: BatchChanges, written: Sequence[WrittenRecord]) -> tuple[BatchRecord, ...]:
        """The records in the order of what was written."""
        ids = [each.id for each in written]
        present: Mapping[str, Record] = repository_of(self._unit, self._table.kind).get_many(ids)
        before = {
            record.id: record for record in changes.before([each.id for each in written if not each.is_new])
        }
        names = self._names(present)
        return tuple(self._record(each, present.get(each.id), before.get(each.id), names) for each in written)

    def _record(
        self, written: WrittenRecord, present: Record | None, before: Record | None, names: Mapping[str, str]
    ) -> BatchRecord:
        kind, entity_id = _place(self._table.kind, written.id)
        return BatchRecord(
            id=written.id,
            name=names.get(written.id, ""),
            kind=kind,
            entity_id=entity_id,
            is_new=written.is_new,
            columns=() if present is None or before is None else self._differing(present, before),
            is_gone=present is None,
        )

    def _differing(self, present: Record, before: Record) -> tuple[str, ...]:
        return tuple(
            column.header
            for column in self._table.columns
            if getattr(present, column.field) != getattr(before, column.field)
        )

    def _names(self, present: Mapping[str, Record]) -> dict[str, str]:
        kind = ENTITY_KINDS.get(self._table.kind)
        if kind is not None:
            titles = {id: _title(record) for id, record in present.items()}
            return self._sight.names(kind, titles)
        return {id: self._phrase(record) for id, record in present.items()}

    def _phrase(self, record: Record) -> str:
        """What a record without a name of its own is called."""
        match record:
            case EnterpriseFact():
                owner: Enterprise | None = self._unit.enterprises.get(record.enterprise_code)
                name = owner.name if owner else record.enterprise_code
                return BATCH_FACT.format(name=name, year=record.year, indicator=record.indicator.value)
            case AchievementPlatform():
                return BATCH_LINK.format(achievement=record.achievement_id, platform=record.platform_id)
        return ""


def _place(kind: TableKind, id: str) -> tuple[EntityKind, str]:
    if kind in ENTITY_KINDS:
        return ENTITY_KINDS[kind], id
    owner, _, _ = id.partition("|")
    return (EntityKind.ENTERPRISE if kind is TableKind.ENTERPRISE_FACTS else EntityKind.ACHIEVEMENT), owner


def _title(record: Record) -> str:
    return str(getattr(record, "name", "") or getattr(record, "title", ""))
