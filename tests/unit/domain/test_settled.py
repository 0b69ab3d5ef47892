"""Which pairs are settled, state by state and wish by wish, and what a merge of records does to it."""

from datetime import UTC, datetime, timedelta

import pytest

from recommender.domain.cases import Pair
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode
from recommender.domain.settled import PairRecord, Settled, settled_by_source
from recommender.domain.wishes import Stance
from recommender.domain.workflow import CaseState
from recommender.review.cases import CASES

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
BECAUSE = {
    CaseState.SUGGESTED: None,
    CaseState.IN_REVIEW: None,
    CaseState.CONFIRMED: ExclusionCode.UNDER_WAY,
    CaseState.REJECTED: ExclusionCode.REJECTED,
    CaseState.ADJUSTED: ExclusionCode.UNDER_WAY,
    CaseState.PUSHED: ExclusionCode.UNDER_WAY,
    CaseState.ENTERPRISE_INTERESTED: ExclusionCode.UNDER_WAY,
    CaseState.ENTERPRISE_DECLINED: ExclusionCode.UNWANTED,
    CaseState.EXPERT_ACCEPTED: ExclusionCode.UNDER_WAY,
    CaseState.EXPERT_DECLINED: ExclusionCode.UNDER_WAY,
    CaseState.EXPERT_SILENT: ExclusionCode.UNDER_WAY,
    CaseState.CONTACT: ExclusionCode.UNDER_WAY,
    CaseState.NEGOTIATION: ExclusionCode.UNDER_WAY,
    CaseState.SIGNED: ExclusionCode.UNDER_WAY,
    CaseState.FUNDED: ExclusionCode.UNDER_WAY,
    CaseState.IMPLEMENTATION: ExclusionCode.UNDER_WAY,
    CaseState.COMPLETED: ExclusionCode.UNDER_WAY,
    CaseState.EVALUATED: ExclusionCode.ENDED,
    CaseState.TERMINATED: ExclusionCode.ENDED,
    CaseState.CANCELLED: ExclusionCode.ENDED,
    CaseState.FAILED_BID: ExclusionCode.ENDED,
}


def pair(source: str = "XQ-1", target: str = "ZJ-1", kind: EntityKind = EntityKind.EXPERT) -> Pair:
    return Pair(EntityKind.NEED, source, kind, target)


def record(
    state: CaseState | None = None,
    stance: Stance | None = None,
    *,
    of: Pair | None = None,
    said_at: datetime = NOON,
) -> PairRecord:
    return PairRecord(
        pair=of or pair(),
        state=state,
        decided_at=None if state is None else NOON,
        stance=stance,
        said_at=None if stance is None else said_at,
    )


def test_what_each_state_of_a_match_means() -> None:
    assert {state: record(state).settled_because for state in CaseState} == BECAUSE
    assert record().settled_because is None


def test_whom_nobody_can_bring_back_into_review_by_a_step_is_settled() -> None:
    """What waits for its first decision is suggested; everything a decision led to is not."""
    for step in CASES.steps:
        if BECAUSE[step.source] is None and step.target is not CaseState.SUGGESTED:
            assert (BECAUSE[step.target] is None) == (step.target is CaseState.IN_REVIEW)


@pytest.mark.parametrize("state", [None, *CaseState])
def test_a_no_holds_whatever_became_of_the_match(state: CaseState | None) -> None:
    assert record(state, Stance.UNWANTED).settled_because is ExclusionCode.UNWANTED


@pytest.mark.parametrize("state", [None, *CaseState])
def test_asking_for_somebody_opens_again_what_was_rejected_before_and_nothing_else(
    state: CaseState | None,
) -> None:
    expected = None if state is None else BECAUSE[state]
    for said_at in (NOON - timedelta(minutes=1), NOON, LATER):
        again = state is CaseState.REJECTED and said_at > NOON
        found = record(state, Stance.WANTED, said_at=said_at)
        assert found.is_asked_again == again
        assert found.settled_because == (None if again else expected)


def test_by_source_in_a_fixed_order() -> None:
    records = [
        record(CaseState.REJECTED, of=pair(target="ZJ-2")),
        record(CaseState.IN_REVIEW, of=pair(target="ZJ-3")),
        record(stance=Stance.UNWANTED, of=pair(target="PT-1", kind=EntityKind.PLATFORM)),
        record(CaseState.PUSHED, of=pair(target="ZJ-1")),
        record(CaseState.SUGGESTED, of=pair("XQ-2")),
    ]
    expected = {
        (EntityKind.NEED, "XQ-1"): (
            Settled(EntityKind.EXPERT, "ZJ-1", ExclusionCode.UNDER_WAY),
            Settled(EntityKind.EXPERT, "ZJ-2", ExclusionCode.REJECTED),
            Settled(EntityKind.PLATFORM, "PT-1", ExclusionCode.UNWANTED),
        )
    }
    assert settled_by_source(records, {}) == expected
    assert settled_by_source(reversed(records), {}) == expected


def test_what_was_decided_of_a_merged_record_holds_for_the_one_that_answers_for_it() -> None:
    merged = {(EntityKind.EXPERT, "ZJ-8"): "ZJ-9", (EntityKind.PLATFORM, "ZJ-1"): "PT-9"}
    found = settled_by_source([record(CaseState.REJECTED, of=pair(target="ZJ-8"))], merged)
    assert found == {(EntityKind.NEED, "XQ-1"): (Settled(EntityKind.EXPERT, "ZJ-9", ExclusionCode.REJECTED),)}


@pytest.mark.parametrize("own_first", [True, False])
def test_what_is_decided_under_the_present_id_goes_before(*, own_first: bool) -> None:
    merged = {(EntityKind.EXPERT, "ZJ-8"): "ZJ-9"}
    records = [
        record(CaseState.IN_REVIEW, of=pair(target="ZJ-9")),
        record(CaseState.REJECTED, of=pair(target="ZJ-8")),
    ]
    assert settled_by_source(records if own_first else records[::-1], merged) == {}
