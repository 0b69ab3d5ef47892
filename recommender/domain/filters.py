"""Explicit filters a user may put on a match; each knows the kinds it applies to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Need, Platform
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import KIND_LABELS, EntityKind


class FilterField(StrEnum):
    """The name a user writes before the ``=``."""

    REGION = "区域"
    INDUSTRY_CHAIN = "产业链"
    ORGANISATION = "单位"
    TYPE = "类型"
    COOPERATION_MODE = "合作方式"
    SINCE_YEAR = "年份起"


_APPLIES_TO: Final[dict[FilterField, frozenset[EntityKind]]] = {
    FilterField.REGION: frozenset({EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ENTERPRISE}),
    FilterField.INDUSTRY_CHAIN: frozenset(EntityKind),
    FilterField.ORGANISATION: frozenset({EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT}),
    FilterField.TYPE: frozenset({EntityKind.PLATFORM, EntityKind.ACHIEVEMENT}),
    FilterField.COOPERATION_MODE: frozenset({EntityKind.EXPERT, EntityKind.NEED}),
    FilterField.SINCE_YEAR: frozenset({EntityKind.ACHIEVEMENT}),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; several conditions are combined with *and*.

    Text conditions hold where the field contains the value; ``年份起`` holds from that year on.
    """

    field: FilterField
    value: str

    @classmethod
    def parse(cls, expression: str) -> "Filter":
        """Parse ``区域=苏州``.

        Raises:
            InvalidInput: no ``=``, an unknown name, an empty value, or a year that is not a number.
        """
        name, separator, value = expression.partition("=")
        value = value.strip()
        if not separator or not value:
            raise InvalidInput("filter.malformed", expression=expression)
        try:
            field = FilterField(name.strip())
        except ValueError:
            raise InvalidInput("filter.unknown", name=name.strip(), known="、".join(FilterField)) from None
        if field is FilterField.SINCE_YEAR and not value.isdecimal():
            raise InvalidInput("filter.year", value=value)
        return cls(field, value)

    def applies_to(self, kind: EntityKind) -> bool:
        """Whether this condition makes sense for a kind of entity."""
        return kind in _APPLIES_TO[self.field]

    def accepts(self, entity: Entity) -> bool:
        """Whether the entity fulfils the condition; the store's SQL is tested against this definition."""
        if not self.applies_to(entity.kind):
            raise InvalidInput("filter.not_for_kind", name=self.field.value, kind=KIND_LABELS[entity.kind])
        if self.field is FilterField.SINCE_YEAR:
            assert isinstance(entity, Achievement)
            return entity.year is not None and entity.year >= int(self.value)
        return any(self.value in text for text in self._texts(entity))

    def _texts(self, entity: Entity) -> tuple[str, ...]:
        match self.field, entity:
            case FilterField.REGION, Enterprise():
                return entity.province, entity.city, entity.town
            case FilterField.REGION, Expert() | Platform():
                return entity.province, entity.city
            case FilterField.INDUSTRY_CHAIN, _:
                return (entity.industry_chain,)
            case FilterField.ORGANISATION, Platform():
                return (entity.host_organisation,)
            case FilterField.ORGANISATION, Expert() | Achievement():
                return (entity.organisation,)
            case FilterField.TYPE, Platform() | Achievement():
                return (entity.type,)
            case FilterField.COOPERATION_MODE, Expert():
                return tuple(mode.value for mode in entity.cooperation_modes)
            case FilterField.COOPERATION_MODE, Need():
                return (entity.cooperation_mode.value,) if entity.cooperation_mode else ()
        raise AssertionError(f"{self.field} does not read {type(entity).__name__}")


def check_filters(filters: tuple[Filter, ...], kinds: tuple[EntityKind, ...]) -> None:
    """Refuse a filter that applies to none of the kinds asked for.

    Raises:
        InvalidInput: names the filter and the kinds.
    """
    for condition in filters:
        if not any(condition.applies_to(kind) for kind in kinds):
            labels = "、".join(KIND_LABELS[kind] for kind in kinds)
            raise InvalidInput("filter.not_for_kind", name=condition.field.value, kind=labels)
