"""The linear score: text first, then what else speaks for or against working together.

Every feature is a pure function into [0, 1], higher is better; ``NEUTRAL`` where nothing is known.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from recommender.domain.entities import Entity
from recommender.domain.kinds import SUPPLY_KINDS, CooperationMode, EntityKind
from recommender.domain.match import ScorePart
from recommender.matching.aggregation import Vote
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery

NEUTRAL: Final = 0.5
_SAME_PROVINCE: Final = 0.7
_ELSEWHERE: Final = 0.3
_TRL_TOLERANCE: Final = 5.0

Place = tuple[str, str]
"""Province and city, ``""`` where not known."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An eligible entity with what the index said of it.

    Attributes:
        text_score: aggregated fused score, in units of z.
        votes: its passages, strongest first.
        latest_year: newest year among those that are shown.
    """

    entity: Entity
    text_score: float
    votes: tuple[Vote, ...]
    latest_year: int | None


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A feature beside text: what is wanted and what is offered decide it, each by its value alone.

    Attributes:
        name: of the part, and of its weight in :class:`recommender.matching.config.RankingWeights`.
        kinds: that it applies to.
        wanted, offered: the value that counts on either side; hashable.
        value: of the two, in [0, 1].
    """

    name: str
    kinds: frozenset[EntityKind]
    wanted: Callable[[MatchQuery], Any]
    offered: Callable[[Any], Any]
    value: Callable[[Any, Any], float]


def score_parts(
    candidate: Candidate, query: MatchQuery, config: MatchConfig, *, current_year: int
) -> tuple[ScorePart, ...]:
    """The summands of a candidate's score; only features that apply to its kind."""
    entity, weights = candidate.entity, config.weights
    parts = [ScorePart("text", text_feature(candidate.text_score, config.text_scale), weights.text)]
    for circumstance in CIRCUMSTANCES:
        if entity.kind in circumstance.kinds:
            value = circumstance.value(circumstance.wanted(query), circumstance.offered(entity))
            parts.append(ScorePart(circumstance.name, value, getattr(weights, circumstance.name)))
    if entity.kind in SUPPLY_KINDS:
        value = freshness(candidate.latest_year, current_year, config.freshness_half_life_years)
        parts.append(ScorePart("freshness", value, weights.freshness))
    return tuple(parts)


def total(parts: tuple[ScorePart, ...]) -> float:
    """Weighted mean of the parts, in [0, 1]."""
    return sum(part.contribution for part in parts) / sum(part.weight for part in parts)


def text_feature(score: float, scale: float) -> float:
    """``1 - exp(-score / scale)``: keeps the order of the fused scores, 0 at the population's mean."""
    return 1.0 - math.exp(-max(score, 0.0) / scale)


def agreement(wanted: str, offered: str) -> float:
    """1 where both name the same, 0 where they differ, neutral where either says nothing."""
    if not wanted or not offered:
        return NEUTRAL
    return 1.0 if wanted in offered or offered in wanted else 0.0


def maturity(wanted_trl: int | None, trl: int | None) -> float:
    """1 where the achievement is at least as ripe as wanted, falling by 0.2 for each TRL it lacks."""
    if wanted_trl is None or trl is None:
        return NEUTRAL
    return max(0.0, 1.0 - max(0, wanted_trl - trl) / _TRL_TOLERANCE)


def freshness(year: int | None, current_year: int, half_life_years: float) -> float:
    """1 for this year's evidence, half after each half-life."""
    if year is None:
        return NEUTRAL
    return float(0.5 ** (max(0, current_year - year) / half_life_years))


def cooperation(wanted: CooperationMode | None, offered: tuple[CooperationMode, ...]) -> float:
    """1 where the mode wanted is accepted, 0 where not, neutral where either side says nothing."""
    if wanted is None or not offered:
        return NEUTRAL
    return 1.0 if wanted in offered else 0.0


def region(wanted: Place, offered: Place) -> float:
    """1 in the same city, less in the same province and elsewhere, neutral where either is unknown."""
    (wanted_province, wanted_city), (province, city) = wanted, offered
    if not wanted_province or not province:
        return NEUTRAL
    if wanted_city and city and agreement(wanted_city, city) > NEUTRAL:
        return 1.0
    return _SAME_PROVINCE if agreement(wanted_province, province) > NEUTRAL else _ELSEWHERE


CIRCUMSTANCES: Final = (
    Circumstance(
        "industry_chain",
        frozenset(EntityKind),
        lambda query: query.industry_chain,
        lambda entity: entity.industry_chain,
        agreement,
    ),
    Circumstance(
        "cooperation_mode",
        frozenset({EntityKind.EXPERT}),
        lambda query: query.cooperation_mode,
        lambda expert: expert.cooperation_modes,
        cooperation,
    ),
    Circumstance(
        "region",
        frozenset({EntityKind.EXPERT, EntityKind.PLATFORM}),
        lambda query: (query.province, query.city),
        lambda entity: (entity.province, entity.city),
        region,
    ),
    Circumstance(
        "maturity",
        frozenset({EntityKind.ACHIEVEMENT}),
        lambda query: query.target_trl,
        lambda achievement: achievement.trl,
        maturity,
    ),
)
"""In the order of the parts, between text and freshness."""
