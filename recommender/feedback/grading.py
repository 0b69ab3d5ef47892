"""What a match that went so far and ended so says about relevance."""

from collections.abc import Sequence
from typing import Final

from recommender.domain.workflow import CaseState, ReasonCode

GRADE_OF_STEP: Final[dict[CaseState, int]] = {
    CaseState.CONFIRMED: 1,
    CaseState.ADJUSTED: 1,
    CaseState.PUSHED: 1,
    CaseState.ENTERPRISE_INTERESTED: 2,
    CaseState.EXPERT_ACCEPTED: 2,
    CaseState.CONTACT: 2,
    CaseState.NEGOTIATION: 2,
    CaseState.SIGNED: 3,
    CaseState.FUNDED: 3,
    CaseState.IMPLEMENTATION: 3,
    CaseState.COMPLETED: 3,
    CaseState.EVALUATED: 3,
}
"""Grade of the furthest step: an officer found it worth passing on (1), one side or both wanted it (2), a
contract came of it (3). From 2 on it counts as relevant. Steps that are not here say nothing by themselves."""

HIGHEST_BY_REASON: Final[dict[ReasonCode, int]] = {
    ReasonCode.FIELD: 0,
    ReasonCode.INDICATORS: 1,
    ReasonCode.STAGE: 1,
}
"""Reasons that judge relevance, and the highest grade that they leave. All others (经费, 时限, 地域, 已有合作,
利益冲突, 专家无暇, 无回应, 需求描述不清, 重复, 信息过时) say nothing about whether the two fit by content."""

_WANTED: Final = 2


def grade_of(steps: Sequence[tuple[CaseState, ReasonCode | None]]) -> int | None:
    """The grade of a match, ``None`` where nobody judged its relevance.

    A reason that judges relevance decides. Otherwise the furthest step does, unless the match was broken off
    for a reason of another kind before either side could want it: then nobody knows what they would have said.

    Args:
        steps: states that it went to in order, each with its reason.

    >>> grade_of([(CaseState.CONFIRMED, None), (CaseState.ENTERPRISE_DECLINED, ReasonCode.FIELD)])
    0
    >>> grade_of([(CaseState.CONFIRMED, None), (CaseState.REJECTED, ReasonCode.EXPERT_BUSY)]) is None
    True
    """
    furthest = max((GRADE_OF_STEP[state] for state, _ in steps if state in GRADE_OF_STEP), default=None)
    reasons = [reason for _, reason in steps if reason is not None]
    limits = [HIGHEST_BY_REASON[reason] for reason in reasons if reason in HIGHEST_BY_REASON]
    if limits:
        lowest = min(limits)
        return lowest if furthest is None else min(lowest, furthest)
    if reasons and (furthest is None or furthest < _WANTED):
        return None
    return furthest


def furthest_of(steps: Sequence[tuple[CaseState, ReasonCode | None]]) -> CaseState | None:
    """The furthest state reached in the order of the workflow, endings left out; ``None`` where there is none."""
    reached = [state for state, _ in steps if state in GRADE_OF_STEP]
    order = list(GRADE_OF_STEP)
    return max(reached, key=order.index, default=None)
