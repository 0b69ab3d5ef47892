"""Contacts as they lie in the database: sealed, with a keyed mark that says which ones are equal.

A sealed text is ``smx1.KEY.MARK.CONTENT``: the id of the key that opens it, the mark of what is inside, and the
encrypted content. What cannot be opened stays sealed wherever it goes, so that nothing is lost by a lost key.
"""

from typing import Final

from recommender.domain.entities import Expert, Record

SEALED_FIELDS: Final[dict[type[Record], tuple[str, ...]]] = {Expert: ("phone", "email")}
"""Fields that are contacts, by record type; whoever stores a record anywhere seals them."""

SEALED_PREFIX: Final = "smx1."
_PARTS: Final = 4


def is_sealed(text: str) -> bool:
    """Whether a text is sealed; no phone number and no mail address looks like that."""
    return text.startswith(SEALED_PREFIX)


def key_of(sealed: str) -> str:
    """Id of the key that opens a sealed text, ``""`` where it is damaged."""
    parts = sealed.split(".")
    return parts[1] if len(parts) == _PARTS else ""


def mark_of(sealed: str) -> str:
    """The mark inside a sealed text: equal for equal contents, and of no use without the key."""
    parts = sealed.split(".")
    return parts[2] if len(parts) == _PARTS else sealed
