"""From everybody's candidates to the lists that are suggested, under the capacity of the experts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.domain.entities import Entity, Expert
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.found import NOBODY
from recommender.matching.blocks.kernels import Floats, Rows
from recommender.matching.eligibility import standing_exclusion
from recommender.nightly.allocation.auction import Auction
from recommender.nightly.allocation.exposure import Exposure, exposure
from recommender.nightly.allocation.problem import Allocator, BestFirst, Candidates, Choice
from recommender.nightly.shard import ShardCandidates

NO_LIMIT: Final = int(np.iinfo(np.int32).max)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPolicy:
    """How lists are shared out.

    Attributes:
        list_sizes: length of a list by kind of target.
        strength: how hard exposure is spread, in units of relevance; 0 gives everyone their most relevant,
            whoever else was given the same, and looks at no capacity.
        default_places: engagements that an expert who has stated no capacity is taken to accept at once.
        lists_per_place: lists an expert may stand in for each engagement that is still free: most suggestions
            lead to none.
        max_lists: lists an expert may stand in, however large the capacity.
    """

    list_sizes: Mapping[EntityKind, int]
    strength: float
    default_places: int
    lists_per_place: int
    max_lists: int

    def limits(self, experts: Iterable[Entity | None]) -> Rows:
        """``(experts,)`` int32, in how many lists each may stand tonight."""
        return np.array([self._limit(expert) for expert in experts], dtype=np.int32)

    def _limit(self, expert: Entity | None) -> int:
        if not isinstance(expert, Expert) or standing_exclusion(expert) is not None:
            return 0
        capacity = self.default_places if expert.capacity is None else expert.capacity
        n_free = max(capacity - expert.n_active_engagements, 0)
        return min(n_free * self.lists_per_place, self.max_lists)


@dataclass(frozen=True, slots=True)
class Table:
    """The candidates of all sources of a side for one kind, one row per source.

    Attributes:
        entities: ``(sources, k)`` int32; :data:`NOBODY` where there are no more.
        total: ``(sources, k)`` float32.
    """

    entities: Rows
    total: Floats

    @classmethod
    def of(cls, kind: EntityKind, shards: Iterable[ShardCandidates], n_sources: int, depth: int) -> "Table":
        """Put shards together; sources that no shard has found anything for have nobody."""
        entities = np.full((n_sources, depth), NOBODY, dtype=np.int32)
        total = np.zeros((n_sources, depth), dtype=np.float32)
        for shard in shards:
            ranked = shard.ranked.get(kind)
            if ranked is not None:
                entities[shard.sources] = ranked.found.entities
                total[shard.sources] = ranked.total
        return cls(entities, total)


@dataclass(frozen=True, slots=True)
class Allocated:
    """The lists of one kind.

    Attributes:
        chosen: ``(sources, k)`` bool which candidates stand in the lists.
        before, after: exposure if everyone got their most relevant, and as it is.
    """

    chosen: Choice
    before: Exposure
    after: Exposure


def allocate(table: Table, limits: Rows, *, list_size: int, strength: float) -> Allocated:
    """Choose the lists of a kind.

    Args:
        table: candidates of all sources.
        limits: ``(entities,)`` in how many lists each may stand; :func:`unlimited` for kinds without capacity.
        list_size: at least 1.
        strength: see :class:`AllocationPolicy`.
    """
    candidates = Candidates(suppliers=table.entities, relevance=table.total, limits=limits, list_size=list_size)
    best_first = BestFirst().choose(candidates)
    before = exposure(candidates, best_first)
    if strength == 0 or (limits >= NO_LIMIT).all():
        return Allocated(best_first, before, before)
    allocator: Allocator = Auction(spread=strength)
    chosen = allocator.choose(candidates)
    return Allocated(chosen, before, exposure(candidates, chosen))


def unlimited(n_entities: int) -> Rows:
    """Limits of a kind without capacity."""
    return np.full(n_entities, NO_LIMIT, dtype=np.int32)
