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
    code = standing_exclusion(entity)
    if entity is None or code is ExclusionCode.CONSENT_WITHDRAWN:
        return code
    decided = _decided(entity, query)
    if decided is not None:
        return decided
    if isinstance(entity, Expert):
        return _expert_exclusion(entity, query)
    if code is None and set(units_of(entity)) & set(asking_units(query)):
        return ExclusionCode.OWN_ACHIEVEMENT
    return code


def standing_exclusion(entity: Entity | None) -> ExclusionCode | None:
    """Why an entity may not be recommended to anybody, or ``None``."""
    match entity:
        case None:
            return ExclusionCode.REMOVED
        case Expert(consent_withdrawn_on=withdrawn) if withdrawn is not None:
            return ExclusionCode.CONSENT_WITHDRAWN
        case Expert(willingness=Willingness.DECLINED):
            return ExclusionCode.DECLINED
        case Expert(willingness=Willingness.PAUSED):
            return ExclusionCode.PAUSED
        case Expert(capacity=capacity, n_active_engagements=n) if capacity is not None and n >= capacity:
            return ExclusionCode.CAPACITY_FULL
    return None


def units_of(entity: Entity | None) -> tuple[str, ...]:
    """Units that an achievement or an enterprise belongs to: it is not recommended to them."""
    match entity:
        case Achievement(organisation=organisation):
            return _divided(organisation)
        case Enterprise(name=name):
            return _divided(name)
    return ()


def asking_units(query: MatchQuery) -> tuple[str, ...]:
    """Units on whose behalf a query asks."""
    return _divided(query.organisation)


def _divided(units: str) -> tuple[str, ...]:
    """A list of units, divided by ``；``."""
    return tuple(filter(None, units.split("；")))


def _decided(entity: Entity, query: MatchQuery) -> ExclusionCode | None:
    """Why the two are not brought together anew: what was decided of them says more than what holds for all."""
    if not query.settled:
        return None
    return next((item.why for item in query.settled if (item.kind, item.id) == (entity.kind, entity.id)), None)


def _expert_exclusion(expert: Expert, query: MatchQuery) -> ExclusionCode | None:
    """A refusal goes before a conflict, a conflict before what will pass."""
    code = standing_exclusion(expert)
    if code is ExclusionCode.DECLINED:
        return code
    if query.enterprise_code and query.enterprise_code in expert.avoided_enterprises:
        return ExclusionCode.CONFLICT
    return code
