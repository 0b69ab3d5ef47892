"""Hard rules and their reason codes."""

from dataclasses import replace
from datetime import date

import pytest

from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Platform
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.match import ExclusionCode
from recommender.domain.settled import Settled
from recommender.matching.eligibility import exclusion_of
from recommender.matching.query import MatchQuery

QUERY = MatchQuery(title="边裂", text="", enterprise_code="E1", organisation="长江钢厂")


def expert(**fields: object) -> Expert:
    return Expert(id="Z1", name="某", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        (None, ExclusionCode.REMOVED),
        (expert(), None),
        (expert(consent_withdrawn_on=date(2026, 1, 1)), ExclusionCode.CONSENT_WITHDRAWN),
        (expert(willingness=Willingness.DECLINED), ExclusionCode.DECLINED),
        (expert(willingness=Willingness.PAUSED), ExclusionCode.PAUSED),
        (expert(avoided_enterprises=("E0", "E1")), ExclusionCode.CONFLICT),
        (expert(avoided_enterprises=("E0",)), None),
        (expert(capacity=2, n_active_engagements=1), None),
        (expert(capacity=2, n_active_engagements=2), ExclusionCode.CAPACITY_FULL),
        (expert(capacity=0), ExclusionCode.CAPACITY_FULL),
        (expert(capacity=None, n_active_engagements=9), None),
        (
            Achievement(id="C", type="成果", title="t", organisation="某大学；长江钢厂"),
            ExclusionCode.OWN_ACHIEVEMENT,
        ),
        (Achievement(id="C", type="成果", title="t", organisation=""), None),
        (Enterprise(code="E1", name="长江钢厂"), ExclusionCode.OWN_ACHIEVEMENT),
    ],
)
def test_rules(entity: Entity | None, code: ExclusionCode | None) -> None:
    assert exclusion_of(entity, QUERY) is code


def test_a_refusal_outranks_a_pause() -> None:
    both = expert(consent_withdrawn_on=date(2026, 1, 1), willingness=Willingness.PAUSED)
    assert exclusion_of(both, QUERY) is ExclusionCode.CONSENT_WITHDRAWN


DECIDED = (
    Settled(EntityKind.EXPERT, "Z1", ExclusionCode.UNWANTED),
    Settled(EntityKind.PLATFORM, "Z2", ExclusionCode.REJECTED),
)


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        (expert(), ExclusionCode.UNWANTED),
        (expert(willingness=Willingness.PAUSED), ExclusionCode.UNWANTED),
        (expert(avoided_enterprises=("E1",)), ExclusionCode.UNWANTED),
        (expert(consent_withdrawn_on=date(2026, 1, 1)), ExclusionCode.CONSENT_WITHDRAWN),
        (replace(expert(), id="Z2"), None),
        (Platform(id="Z2", name="某"), ExclusionCode.REJECTED),
        (Platform(id="Z1", name="某"), None),
        (None, ExclusionCode.REMOVED),
    ],
)
def test_what_was_decided_of_a_pair(entity: Entity | None, code: ExclusionCode | None) -> None:
    assert exclusion_of(entity, replace(QUERY, settled=DECIDED)) is code


def test_free_text_has_no_enterprise_to_avoid() -> None:
    free = MatchQuery(title="边裂", text="")
    assert exclusion_of(expert(avoided_enterprises=("E1", "")), free) is None
