"""Which table keeps which record, and how one becomes the other."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Generic, TypeVar, cast

from sqlalchemy import Column, Table

from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Platform,
    Record,
    fingerprint,
)
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.store import tables

T = TypeVar("T", bound=Record)


@dataclass(frozen=True, slots=True)
class Mapping(Generic[T]):
    """A record type and its table.

    Attributes:
        record: the dataclass; every column but the stamps is named like its field.
        table: where it lies.
        label: what messages call it.
        references: field → label of what it points to and that table; ``""`` points to nothing.
    """

    record: type[T]
    table: Table
    label: str
    references: tuple[tuple[str, str, Table], ...] = ()

    @property
    def key(self) -> Column[str]:
        """The primary key."""
        (column,) = self.table.primary_key.columns
        return column

    @property
    def kind(self) -> EntityKind | None:
        """The kind of entity, ``None`` for links."""
        return getattr(self.record, "kind", None)

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """The columns that hold fields of the record, in the order of the fields."""
        return tuple(self.table.c[field.name] for field in fields(self.record) if field.name in self.table.c)

    def row(self, record: T) -> dict[str, Any]:
        """The record's own columns."""
        row = {column.name: getattr(record, column.name) for column in self.columns}
        row[self.key.name] = record.id
        return row

    def stamped(self, record: T, at: datetime) -> dict[str, Any]:
        """The whole row of a record that is written for the first time."""
        stamps = {"version": 1, "fingerprint": fingerprint(record), "created_at": at, "updated_at": at}
        return self.row(record) | stamps

    def load(self, values: Sequence[Any], **links: Any) -> T:
        """The record of a row that was selected with :attr:`columns`."""
        names = (column.name for column in self.columns)
        return self.record(**dict(zip(names, values, strict=True)), **links)


def _table(model: type[tables.Base]) -> Table:
    return cast(Table, model.__table__)


ENTERPRISES: Final = Mapping(Enterprise, _table(tables.EnterpriseRow), KIND_LABELS[EntityKind.ENTERPRISE])
NEEDS: Final = Mapping(
    Need,
    _table(tables.NeedRow),
    KIND_LABELS[EntityKind.NEED],
    (("enterprise_code", ENTERPRISES.label, ENTERPRISES.table),),
)
EXPERTS: Final = Mapping(Expert, _table(tables.ExpertRow), KIND_LABELS[EntityKind.EXPERT])
PLATFORMS: Final = Mapping(Platform, _table(tables.PlatformRow), KIND_LABELS[EntityKind.PLATFORM])
ACHIEVEMENTS: Final = Mapping(
    Achievement,
    _table(tables.AchievementRow),
    KIND_LABELS[EntityKind.ACHIEVEMENT],
    (("author_ids", EXPERTS.label, EXPERTS.table),),
)
ACHIEVEMENT_PLATFORMS: Final = Mapping(
    AchievementPlatform,
    _table(tables.AchievementPlatformRow),
    "成果与平台的关系",
    (
        ("achievement_id", ACHIEVEMENTS.label, ACHIEVEMENTS.table),
        ("platform_id", PLATFORMS.label, PLATFORMS.table),
    ),
)
