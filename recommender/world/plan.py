"""How big the city is and how its entities are spread over the topics."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from recommender.domain.errors import InvalidInput
from recommender.world.draws import quotas, stream
from recommender.world.topics import TopicSet

ENTERPRISES: Final = 51_541
EXPERTS: Final = 62_213
PLATFORMS: Final = 2_621
"""What the city's system was first loaded with."""
EVIDENCE: Final = 190_000

MIN_SCALE: Final = 0.001
MAX_SCALE: Final = 10.0

_TOPIC_EXPONENT: Final = 0.75
"""Of the power law by which topics are popular with enterprises; the head starts at rank 4."""
_RANK_OFFSET: Final = 3
_SUPPLY_EXPONENT: Final = 0.6
_SUPPLY_NOISE: Final = 0.35
"""Experts and platforms follow demand less than proportionally, and not exactly: some topics are crowded."""


@dataclass(frozen=True, slots=True)
class WorldSize:
    """How many of each kind."""

    n_enterprises: int
    n_experts: int
    n_platforms: int
    n_achievements: int

    @classmethod
    def at(cls, scale: float) -> "WorldSize":
        """The city's numbers times the scale; 1.0 is the city.

        Raises:
            InvalidInput: the scale is not in [0.001, 10].
        """
        if not MIN_SCALE <= scale <= MAX_SCALE:
            raise InvalidInput("world.scale_range", scale=scale, minimum=MIN_SCALE, maximum=MAX_SCALE)
        n_experts = round(EXPERTS * scale)
        return cls(
            round(ENTERPRISES * scale),
            n_experts,
            round(PLATFORMS * scale),
            max(n_experts, round(EVIDENCE * scale)),
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """How many entities of each kind have a topic for their main one, by topic id; each sums to the size."""

    enterprises: Mapping[str, int]
    experts: Mapping[str, int]
    platforms: Mapping[str, int]


def spread(topics: TopicSet, chain_weights: Mapping[str, float], size: WorldSize, seed: int) -> Spread:
    """Spread the city over the topics: demand by a power law, supply loosely after it.

    Args:
        chain_weights: how much more an industry chain is asked for than others; 1 where one is not named.
    """
    rng = stream(seed, "spread")
    order = list(topics)
    rng.shuffle(order)
    demand = {
        topic.id: chain_weights.get(topic.chain, 1.0) * (rank + 1 + _RANK_OFFSET) ** -_TOPIC_EXPONENT
        for rank, topic in enumerate(order)
    }
    supply = {
        topic_id: weight**_SUPPLY_EXPONENT * math.exp(rng.gauss(0, _SUPPLY_NOISE))
        for topic_id, weight in demand.items()
    }
    return Spread(
        _counts(demand, size.n_enterprises), _counts(supply, size.n_experts), _counts(supply, size.n_platforms)
    )


def _counts(weights: Mapping[str, float], total: int) -> dict[str, int]:
    return dict(zip(weights, quotas(list(weights.values()), total), strict=True))
