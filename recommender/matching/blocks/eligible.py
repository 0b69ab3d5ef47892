"""The hard rules of :mod:`recommender.matching.eligibility` for many queries and all entities of a kind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from recommender.domain.entities import Entity, Expert
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.found import Sought
from recommender.matching.blocks.queries import SparseRows
from recommender.matching.eligibility import asking_units, standing_exclusion, units_of
from recommender.matching.query import MatchQuery

K = TypeVar("K")


def sought(k: int, queries: Sequence[MatchQuery], entities: Sequence[Entity | None]) -> Sought:
    """What may be found of a kind, for each of some queries.

    Args:
        k: how many are looked for.
        queries: who asks.
        entities: of the kind, in the order of their rows; ``None`` where one is no longer stored.
    """
    barred = np.array([standing_exclusion(entity) is not None for entity in entities], dtype=np.uint8)
    avoiding, belonging = _rows_by_enterprise(entities), _rows_by_unit(entities)
    by_key = _rows_by_key(entities) if any(query.settled for query in queries) else {}
    return Sought(
        k,
        barred,
        SparseRows.of(
            [
                sorted(
                    {
                        *avoiding.get(query.enterprise_code, ()),
                        *_of_any(belonging, asking_units(query)),
                        *_of_any(by_key, [(item.kind, item.id) for item in query.settled]),
                    }
                )
                for query in queries
            ]
        ),
    )


def _rows_by_enterprise(entities: Sequence[Entity | None]) -> dict[str, list[int]]:
    """Experts by the enterprises they avoid."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row, entity in enumerate(entities):
        if isinstance(entity, Expert):
            for code in filter(None, entity.avoided_enterprises):
                found[code].append(row)
    return dict(found)


def _rows_by_unit(entities: Sequence[Entity | None]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row, entity in enumerate(entities):
        for unit in units_of(entity):
            found[unit].append(row)
    return dict(found)


def _rows_by_key(entities: Sequence[Entity | None]) -> dict[tuple[EntityKind, str], list[int]]:
    found: defaultdict[tuple[EntityKind, str], list[int]] = defaultdict(list)
    for row, entity in enumerate(entities):
        if entity is not None:
            found[entity.kind, entity.id].append(row)
    return dict(found)


def _of_any(rows_by: Mapping[K, Sequence[int]], keys: Iterable[K]) -> list[int]:
    return [row for key in keys for row in rows_by.get(key, ())]
