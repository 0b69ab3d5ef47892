"""What lists of the library can be narrowed down by: fields with few distinct values, with counts beside each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from recommender.domain.entities import Entity
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import KIND_LABELS, EntityKind

MAX_CHOSEN: Final = 50
"""Values of all facets together that one question may name."""

MAX_CHARS: Final = 200
"""Of the text of a question."""


_SEPARATOR: Final = re.compile("[；;]")


class FacetOrder(StrEnum):
    """In which order the values of a facet stand."""

    COUNT = "count"
    """Most frequent first."""
    ASCENDING = "ascending"
    DESCENDING = "descending"


@dataclass(frozen=True, slots=True)
class Facet:
    """One field by which a list is narrowed down.

    Attributes:
        field: attribute of the record; also the facet's name in addresses.
        label: zh-CN.
        order: of its values. What is not stated stands last in any case.
        is_list: whether the field is one text in which ``；`` stands between several values.
        is_inside: whether only who works for the city narrows down by it.
    """

    field: str
    label: str
    order: FacetOrder = FacetOrder.COUNT
    is_list: bool = False
    is_inside: bool = False

    def values(self, entity: Entity) -> tuple[str, ...]:
        """The values of a record as texts, without repetition; ``("",)`` where it states none."""
        return self.texts(getattr(entity, self.field))

    def texts(self, value: Any) -> tuple[str, ...]:
        """The same of the field's value."""
        if self.is_list and isinstance(value, str):
            value = tuple(part.strip() for part in _SEPARATOR.split(value))
        return texts_of(value)


FACETS: Final[Mapping[EntityKind, tuple[Facet, ...]]] = {
    EntityKind.ENTERPRISE: (
        Facet("town", "区镇"),
        Facet("industry_chain", "产业链", is_list=True),
        Facet("qualifications", "资质"),
        Facet("size", "规模"),
        Facet("above_scale", "规上"),
        Facet("nature", "性质"),
        Facet("industry", "行业"),
        Facet("city", "城市"),
    ),
    EntityKind.EXPERT: (
        Facet("industry_chain", "产业链", is_list=True),
        Facet("job_title", "职称"),
        Facet("discipline", "学科"),
        Facet("willingness", "意愿", is_inside=True),
        Facet("cooperation_modes", "合作方式"),
        Facet("organisation", "单位", is_list=True),
        Facet("category", "类别"),
        Facet("province", "省份"),
    ),
    EntityKind.PLATFORM: (
        Facet("type", "类型"),
        Facet("level", "级别"),
        Facet("technical_field", "领域"),
        Facet("host_organisation", "依托单位", is_list=True),
        Facet("industry_chain", "产业链", is_list=True),
        Facet("certifications", "资质"),
        Facet("city", "城市"),
    ),
    EntityKind.ACHIEVEMENT: (
        Facet("type", "类别"),
        Facet("trl", "成熟度", FacetOrder.ASCENDING),
        Facet("technical_field", "领域"),
        Facet("year", "年份", FacetOrder.DESCENDING),
        Facet("organisation", "完成单位", is_list=True),
        Facet("industry_chain", "产业链", is_list=True),
        Facet("transfer_modes", "转化方式"),
        Facet("legal_status", "法律状态"),
    ),
}
"""By kind, in the order in which they stand beside a list."""


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """What of a kind is wanted.

    Attributes:
        text: words, a phrase, a name, an organisation or a code; ``""`` for everything.
        chosen: values by facet; one of a facet's values must hold, and all facets must.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def check(self, kind: EntityKind, *, is_outside: bool = False) -> None:
        """Refuse what makes no sense for a kind, or is not for who asks from outside.

        Raises:
            InvalidInput: an unknown facet, too many values, or a text that is too long.
        """
        known = {facet.field: facet for facet in FACETS[kind] if not (facet.is_inside and is_outside)}
        for name in self.chosen:
            if name not in known:
                labels = "、".join(facet.label for facet in known.values())
                raise InvalidInput("library.facet_unknown", kind=KIND_LABELS[kind], name=name[:40], known=labels)
        if sum(map(len, self.chosen.values())) > MAX_CHOSEN:
            raise InvalidInput("library.facet_values", maximum=MAX_CHOSEN)
        if len(self.text) > MAX_CHARS:
            raise InvalidInput("library.text_too_long", maximum=MAX_CHARS)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value, ``""`` for "not stated", how many of the list have it, and whether it is chosen."""

    value: str
    n: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """A facet with its values in order.

    The count of a value is how many records the list would show if this value alone were chosen of this facet,
    everything else being as it is.
    """

    facet: Facet
    values: tuple[FacetValue, ...]

    @property
    def chosen(self) -> tuple[str, ...]:
        """Values that are chosen."""
        return tuple(value.value for value in self.values if value.is_chosen)

    def narrows(self, total: int) -> bool:
        """Whether some value leads to fewer records than the list of so many shows."""
        return any(value.n != total for value in self.values)


def texts_of(value: Any) -> tuple[str, ...]:
    """A field's value as texts: members of vocabularies as their words, truth as 是 and 否.

    >>> texts_of(("转让", "许可", "转让")), texts_of(None), texts_of(True), texts_of(2024)
    (('转让', '许可'), ('',), ('是',), ('2024',))
    """
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(str(item) for item in value if item)) or ("",)
    if value is None:
        return ("",)
    if isinstance(value, bool):
        return ("是" if value else "否",)
    return (str(value),)
