"""Which table keeps which record, and how one becomes the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
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
)
from recommender.domain.facts import EnterpriseFact
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.store import tables

T = TypeVar("T", bound=Record)


@dataclass(frozen=True, slots=True, eq=False)
class Mapping(Generic[T]):
    """A record type and its table; each mapping exists once and equals only itself.

    Attributes:
        record: the dataclass; every column but the stamps is named like its field.
        table: where it lies.
        label: what messages call it.
        references: field, label of what it points to, and that table; ``""`` points to nothing.
        names, columns: the fields that are columns, in the order of the fields.
    """

    record: type[T]
    table: Table
    label: str
    references: tuple[tuple[str, str, Table], ...] = ()

    names: tuple[str, ...] = field(init=False)
    columns: tuple[Column[Any], ...] = field(init=False)
    _values: Callable[[T], tuple[Any, ...]] = field(init=False)

    def __post_init__(self) -> None:
        names = tuple(item.name for item in fields(self.record) if item.name in self.table.c)
        # Worked out once: bulk loads ask for them a hundred thousand times.
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "columns", tuple(self.table.c[name] for name in names))
        object.__setattr__(self, "_values", attrgetter(*names))

    @property
    def key(self) -> Column[str]:
        """The primary key."""
        (column,) = self.table.primary_key.columns
        return column

    @property
    def kind(self) -> EntityKind | None:
        """The kind of entity, ``None`` for links."""
        return getattr(self.record, "kind", None)

    def row(self, record: T) -> dict[str, Any]:
        """The record's columns and its key, without stamps."""
        return {**dict(zip(self.names, self._values(record), strict=True)), self.key.name: record.id}

    def load(self, values: Sequence[Any], **links: Any) -> T:
        """The record of a row that was selected with :attr:`columns`."""
        return self.record(**dict(zip(self.names, values, strict=True)), **links)


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
ENTERPRISE_FACTS: Final = Mapping(
    EnterpriseFact,
    _table(tables.EnterpriseFactRow),
    "年度数据",
    (("enterprise_code", ENTERPRISES.label, ENTERPRISES.table),),
)

MAPPINGS: Final[dict[type[Record], Mapping[Any]]] = {
    mapping.record: mapping
    for mapping in (
        ENTERPRISES,
        NEEDS,
        EXPERTS,
        PLATFORMS,
        ACHIEVEMENTS,
        ACHIEVEMENT_PLATFORMS,
        ENTERPRISE_FACTS,
    )
}
"""By record type, every one there is."""
