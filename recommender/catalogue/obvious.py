"""The records that a question obviously means: by code, by name, by organisation."""

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.catalogue.catalogue import Catalogue
from recommender.catalogue.facet_column import Rows
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
    organisations, names = catalogue.organisation_texts, catalogue.name_texts
    _lower(tiers, Tier.PART_OF_ORGANISATION, organisations.holding(parts))
    _lower(tiers, Tier.ORGANISATION, organisations.equal(whole))
    if with_names:
        _lower(tiers, Tier.PART_OF_NAME, names.holding(parts))
        _lower(tiers, Tier.NAME, names.equal(whole))
    _lower(tiers, Tier.PART_OF_NAME, _beginning(catalogue, text.strip()))
    _lower(tiers, Tier.CODE, catalogue.code_texts.equal(whole))
    _lower(tiers, Tier.CODE, _coded(catalogue, text.strip()))
    return tiers


def _lower(tiers: Tiers, tier: Tier, rows: Rows) -> None:
    tiers[rows] = np.minimum(tiers[rows], tier)


def _spellings(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((text, text.upper(), text.lower())))


def _beginning(catalogue: Catalogue, text: str) -> Rows:
    if len(text) < MIN_PREFIX_CHARS:
        return np.zeros(0, dtype=np.int64)
    rows = [row for spelling in _spellings(text) for row in catalogue.rows_beginning(spelling)]
    return np.array(rows, dtype=np.int64)


def _coded(catalogue: Catalogue, text: str) -> Rows:
    rows = [row for spelling in _spellings(text) if (row := catalogue.row_of(spelling)) is not None]
    return np.array(rows, dtype=np.int64)
