"""What a page of ranked answers was asked: kind, depth, filters, whom to compare; all of it is in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs

from api.console.filters import query
from api.console.messages import matches as zh
from recommender.domain.filters import Filter, FilterField
from recommender.domain.kinds import KIND_LABELS, AchievementType, CooperationMode, EntityKind, PlatformType
from recommender.services.results.cards import DEPTHS

_MAX_TEXT: Final = 100
_MODES: Final = tuple(CooperationMode)

CHOICES: Final[dict[EntityKind, dict[str, tuple[str, ...]]]] = {
    EntityKind.EXPERT: {"mode": _MODES},
    EntityKind.NEED: {"mode": _MODES},
    EntityKind.PLATFORM: {"type": tuple(PlatformType)},
    EntityKind.ACHIEVEMENT: {"type": tuple(AchievementType)},
    EntityKind.ENTERPRISE: {},
}
"""Filters that are chosen from a list, by kind; the others are typed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Attributes:
        depth: how many are shown.
        texts: what was typed into each filter, by name of the field.
        compared: ids that are ticked.
        side_by_side: whether these are to be shown beside each other.
    """

    kind: EntityKind
    depth: int
    texts: dict[str, str]
    compared: tuple[str, ...]
    side_by_side: bool

    @classmethod
    def parse(cls, text: str, kinds: tuple[EntityKind, ...]) -> "Asked":
        """Read a query string; what does not fit is passed over."""
        values = parse_qs(text)

        def one(name: str) -> str:
            return values.get(name, [""])[0].strip()[:_MAX_TEXT]

        kind = EntityKind(one("kind")) if one("kind") in kinds else kinds[0]
        depth = int(one("n")) if one("n").isascii() and one("n").isdecimal() else DEPTHS[0]
        texts = {name: one(name) for name in zh.FILTERS_OF[kind] if one(name)}
        compared = tuple(dict.fromkeys(filter(None, values.get("compare", ()))))
        return cls(kind, depth, texts, compared, side_by_side=bool(one("side")))

    @property
    def filters(self) -> tuple[Filter, ...]:
        """What was typed, as conditions.

        Raises:
            InvalidInput: a year is none.
        """
        return tuple(_filter(zh.FILTERS[name], text) for name, text in self.texts.items())

    @property
    def values(self) -> dict[str, Any]:
        """As the address has it."""
        n = self.depth if self.depth != DEPTHS[0] else None
        side = "1" if self.side_by_side else None
        return {"kind": self.kind.value, **self.texts, "n": n, "compare": list(self.compared), "side": side}

    def href(self, **changes: Any) -> str:
        """The query string with changes."""
        return query(self.values, **changes)

    def tabs(self, base: str, close: Mapping[EntityKind, int]) -> list[tuple[str, str, bool, int | None]]:
        """Label, address, whether it is this one, and how many are close (``None`` for none), of every kind."""
        return [
            (KIND_LABELS[kind], f"{base}{query({'kind': kind.value})}", kind is self.kind, n or None)
            for kind, n in close.items()
        ]

    def without(self, id: str) -> str:
        """The query string without one of those that are compared."""
        return self.href(compare=[other for other in self.compared if other != id])


def _filter(field: FilterField, text: str) -> Filter:
    return Filter.parse(f"{field}={text}")
