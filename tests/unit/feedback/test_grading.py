"""What a match says about relevance."""

import pytest

from recommender.domain.workflow import CaseState, ReasonCode
from recommender.feedback.grading import HIGHEST_BY_REASON, furthest_of, grade_of

C, R = CaseState, ReasonCode
Steps = list[tuple[CaseState, ReasonCode | None]]


@pytest.mark.parametrize(
    ("steps", "grade"),
    [
        ([], None),
        ([(C.IN_REVIEW, None)], None),
        ([(C.CONFIRMED, None)], 1),
        ([(C.CONFIRMED, None), (C.PUSHED, None), (C.ENTERPRISE_INTERESTED, None)], 2),
        ([(C.CONTACT, None), (C.SIGNED, None)], 3),
        ([(C.SIGNED, None), (C.COMPLETED, None), (C.EVALUATED, None)], 3),
        # Off the subject, whatever was thought before.
        ([(C.REJECTED, R.FIELD)], 0),
        ([(C.CONFIRMED, None), (C.ENTERPRISE_DECLINED, R.FIELD)], 0),
        # On the subject, but not good or ripe enough.
        ([(C.REJECTED, R.INDICATORS)], 1),
        ([(C.CONFIRMED, None), (C.ENTERPRISE_INTERESTED, None), (C.TERMINATED, R.STAGE)], 1),
        # Not a word on relevance.
        ([(C.REJECTED, R.EXPERT_BUSY)], None),
        ([(C.REJECTED, R.REGION)], None),
        ([(C.CONFIRMED, None), (C.EXPERT_SILENT, R.NO_ANSWER)], None),
        # Both wanted it; that it came to nothing for another reason does not change what they wanted.
        ([(C.ENTERPRISE_INTERESTED, None), (C.EXPERT_DECLINED, R.EXPERT_BUSY)], 2),
        ([(C.SIGNED, None), (C.TERMINATED, R.BUDGET)], 3),
    ],
)
def test_the_grade_follows_from_steps_and_reasons(steps: Steps, grade: int | None) -> None:
    assert grade_of(steps) == grade


@pytest.mark.parametrize("reason", [reason for reason in ReasonCode if reason not in HIGHEST_BY_REASON])
def test_other_reasons_are_no_judgement(reason: ReasonCode) -> None:
    assert grade_of([(C.REJECTED, reason)]) is None


def test_the_furthest_step_leaves_out_endings() -> None:
    steps: Steps = [(C.CONFIRMED, None), (C.CONTACT, None), (C.TERMINATED, R.BUDGET)]
    assert furthest_of(steps) is C.CONTACT
    assert furthest_of([(C.REJECTED, R.FIELD)]) is None
