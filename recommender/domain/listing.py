"""Lists of the library: what they can be narrowed down to and ordered by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from recommender.domain.errors import InvalidInput
from recommender.domain.filters import Filter, check_filters
from recommender.domain.kinds import EntityKind

LISTED_KINDS: Final = (EntityKind.ENTERPRISE, EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT)
"""Kinds that the library lists; needs are listed with where they stand."""

ORDERS: Final[Mapping[EntityKind, tuple[str, ...]]] = {
    EntityKind.ENTERPRISE: ("code", "updated_at"),
    EntityKind.EXPERT: ("id", "updated_at"),
    EntityKind.PLATFORM: ("id", "updated_at"),
    EntityKind.ACHIEVEMENT: ("id", "year", "updated_at"),
}
"""Orders of each list, the usual one first. None is by name: the order of Chinese names by code point helps
nobody, and names are of any length, which no index takes."""

MAX_TEXT: Final = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """What of a kind is wanted; conditions are combined with *and*.

    Attributes:
        text: part of the name, ``""`` for any.
    """

    filters: tuple[Filter, ...] = ()
    text: str = ""

    def check(self, kind: EntityKind) -> None:
        """Refuse conditions that make no sense for a kind.

        Raises:
            InvalidInput: a filter does not apply to it, or the text is too long.
        """
        check_filters(self.filters, (kind,))
        if len(self.text) > MAX_TEXT:
            raise InvalidInput("library.text_too_long", maximum=MAX_TEXT)
