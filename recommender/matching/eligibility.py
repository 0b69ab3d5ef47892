"""Hard rules: who may not be recommended to whom, each with its reason code."""

from recommender.domain.entities import Achievement, Enterprise, Entity, Expert
from recommender.domain.kinds import Willingness
from recommender.domain.match import ExclusionCode
from recommender.matching.query import MatchQuery


def exclusion_of(entity: Entity | None, query: MatchQuery) -> ExclusionCode | None:
    """Why an entity may not be recommended for a query, or ``None`` where it may.

    Args:
        entity: as stored now, ``None`` where it was removed after the index was built.
        query: who asks.
    """
    match entity:
        case None:
            return ExclusionCode.REMOVED
        case Expert():
            return _expert_exclusion(entity, query)
        case Achievement() if _shares_unit(entity.organisation, query.organisation):
            return ExclusionCode.OWN_ACHIEVEMENT
        case Enterprise() if _shares_unit(entity.name, query.organisation):
            return ExclusionCode.OWN_ACHIEVEMENT
    return None


def _shares_unit(one: str, other: str) -> bool:
    """Whether two lists of units, divided by ``；``, have one in common."""
    return bool(set(filter(None, one.split("；"))) & set(other.split("；")))


def _expert_exclusion(expert: Expert, query: MatchQuery) -> ExclusionCode | None:
    if expert.consent_withdrawn_on is not None:
        return ExclusionCode.CONSENT_WITHDRAWN
    if expert.willingness is Willingness.DECLINED:
        return ExclusionCode.DECLINED
    if query.enterprise_code and query.enterprise_code in expert.avoided_enterprises:
        return ExclusionCode.CONFLICT
    if expert.willingness is Willingness.PAUSED:
        return ExclusionCode.PAUSED
    if expert.capacity is not None and expert.n_active_engagements >= expert.capacity:
        return ExclusionCode.CAPACITY_FULL
    return None
