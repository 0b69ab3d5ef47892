"""The records that a question obviously means: by code, by name, by organisation."""

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.catalogue.catalogue import Catalogue
from recommender.catalogue.texts import folded, folded_parts

MIN_PREFIX_CHARS: Final = 4
"""Of an id, from which on its beginning tells which record is meant."""


class Tier(IntEnum):
    """Why a record is found, the most obvious reason first."""

    CODE = 0
    NAME = 1
    ORGANISATION = 2
    PART_OF_NAME = 3
    PART_OF_ORGANISATION = 4
    CONTENT = 5
    """By what its texts say: the order among these is that of their relevance."""
    NONE = 9


Tiers = npt.NDArray[np.int8]


def obvious(catalogue: Catalogue, text: str, *, with_names: bool) -> Tiers:
    """``(n,)`` tiers of the records that a question names, :attr:`Tier.NONE` for all others.

    Args:
        text: as it was typed.
        with_names: whether names may be looked for: who sees them masked must not find by them.
    """
    tiers = np.full(len(catalogue), Tier.NONE, dtype=np.int8)
    parts = folded_parts(text)
    if not parts:
        return tiers
    whole = folded(text)
    _lower(tiers, Tier.PART_OF_ORGANISATION, _holding(catalogue.organisations, parts))
    named = [
        row for row, text in enumerate(catalogue.organisations) if whole in text and whole in text.split(";")
    ]
    _lower(tiers, Tier.ORGANISATION, named)
    if with_names:
        _lower(tiers, Tier.PART_OF_NAME, _holding(catalogue.all_names, parts))
        _lower(tiers, Tier.NAME, [row for row, names in enumerate(catalogue.names) if whole in names])
    _lower(tiers, Tier.PART_OF_NAME, _beginning(catalogue, text.strip()))
    _lower(tiers, Tier.CODE, _coded(catalogue, text.strip(), whole))
    return tiers


def _lower(tiers: Tiers, tier: Tier, rows: list[int]) -> None:
    tiers[rows] = np.minimum(tiers[rows], tier)


def _holding(texts: tuple[str, ...], parts: tuple[str, ...]) -> list[int]:
    first, *others = parts
    found = [row for row, text in enumerate(texts) if first in text]
    return [row for row in found if all(part in texts[row] for part in others)] if others else found


def _spellings(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((text, text.upper(), text.lower())))


def _beginning(catalogue: Catalogue, text: str) -> list[int]:
    if len(text) < MIN_PREFIX_CHARS:
        return []
    return [row for spelling in _spellings(text) for row in catalogue.rows_beginning(spelling)]


def _coded(catalogue: Catalogue, text: str, whole: str) -> list[int]:
    by_id = [row for spelling in _spellings(text) if (row := catalogue.row_of(spelling)) is not None]
    return by_id + [row for row, codes in enumerate(catalogue.codes) if whole in codes]
