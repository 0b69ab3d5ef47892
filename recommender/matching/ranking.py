"""The linear score: text first, then what else speaks for or against working together.

Every feature is a pure function into [0, 1], higher is better; ``NEUTRAL`` where nothing is known.
"""

import math
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Achievement, Entity, Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ScorePart
from recommender.matching.aggregation import Vote
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery

NEUTRAL: Final = 0.5
_SAME_PROVINCE: Final = 0.7
_ELSEWHERE: Final = 0.3
_TRL_TOLERANCE: Final = 5.0


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


def score_parts(
    candidate: Candidate, query: MatchQuery, config: MatchConfig, *, current_year: int
) -> tuple[ScorePart, ...]:
    """The summands of a candidate's score; only features that apply to its kind."""
    entity, weights = candidate.entity, config.weights
    parts = [
        ScorePart("text", text_feature(candidate.text_score, config.text_scale), weights.text),
        ScorePart(
            "industry_chain",
            agreement(query.industry_chain, entity.industry_chain),
            weights.industry_chain,
        ),
    ]
    if isinstance(entity, Expert):
        parts.append(ScorePart("cooperation_mode", cooperation(entity, query), weights.cooperation_mode))
    if entity.kind in (EntityKind.EXPERT, EntityKind.PLATFORM):
        parts.append(ScorePart("region", _region(entity, query), weights.region))
    if isinstance(entity, Achievement):
        parts.append(ScorePart("maturity", maturity(query.target_trl, entity.trl), weights.maturity))
    if entity.kind in (EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT):
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


def cooperation(expert: Expert, query: MatchQuery) -> float:
    """1 where the expert accepts the mode wanted, 0 where not, neutral where either says nothing."""
    if query.cooperation_mode is None or not expert.cooperation_modes:
        return NEUTRAL
    return 1.0 if query.cooperation_mode in expert.cooperation_modes else 0.0


def _region(entity: Entity, query: MatchQuery) -> float:
    province, city = getattr(entity, "province", ""), getattr(entity, "city", "")
    if not query.province or not province:
        return NEUTRAL
    if query.city and city and agreement(query.city, city) > NEUTRAL:
        return 1.0
    return _SAME_PROVINCE if agreement(query.province, province) > NEUTRAL else _ELSEWHERE
