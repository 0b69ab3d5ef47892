"""Groups of states of a match: the columns of a board, in the order in which a match passes through them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from recommender.domain.workflow import CaseState


class CaseGroup(StrEnum):
    """What matches of a column have in common: who is to act next."""

    PUSH = "push"
    ENTERPRISE = "enterprise"
    EXPERT = "expert"
    TALKS = "talks"
    CONTRACT = "contract"
    RESULT = "result"
    ENDED = "ended"


GROUP_STATES: Final[Mapping[CaseGroup, tuple[CaseState, ...]]] = {
    CaseGroup.PUSH: (CaseState.CONFIRMED, CaseState.ADJUSTED),
    CaseGroup.ENTERPRISE: (CaseState.PUSHED,),
    CaseGroup.EXPERT: (CaseState.ENTERPRISE_INTERESTED, CaseState.EXPERT_SILENT, CaseState.EXPERT_DECLINED),
    CaseGroup.TALKS: (CaseState.EXPERT_ACCEPTED, CaseState.CONTACT, CaseState.NEGOTIATION),
    CaseGroup.CONTRACT: (CaseState.SIGNED, CaseState.FUNDED, CaseState.IMPLEMENTATION),
    CaseGroup.RESULT: (CaseState.COMPLETED, CaseState.EVALUATED),
    CaseGroup.ENDED: (
        CaseState.ENTERPRISE_DECLINED,
        CaseState.REJECTED,
        CaseState.TERMINATED,
        CaseState.CANCELLED,
        CaseState.FAILED_BID,
    ),
}
"""States of each group; what nobody has decided on (``系统推荐``, ``官员审核``) is reviewed, not followed."""

GROUP_OF: Final[Mapping[CaseState, CaseGroup]] = {
    state: group for group, states in GROUP_STATES.items() for state in states
}

FOLLOWED_STATES: Final = frozenset(GROUP_OF)
"""States of matches on which an officer has decided."""

PATH: Final[tuple[CaseState, ...]] = (
    CaseState.CONFIRMED,
    CaseState.PUSHED,
    CaseState.ENTERPRISE_INTERESTED,
    CaseState.EXPERT_ACCEPTED,
    CaseState.CONTACT,
    CaseState.NEGOTIATION,
    CaseState.SIGNED,
    CaseState.FUNDED,
    CaseState.IMPLEMENTATION,
    CaseState.COMPLETED,
    CaseState.EVALUATED,
)
"""The way of a match that goes well, first step to last."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many matches stand in a state.

    Attributes:
        n_overdue, n_due: of them those that are overdue, and those that are due soon.
    """

    n: int = 0
    n_overdue: int = 0
    n_due: int = 0

    def __add__(self, other: "StateCount") -> "StateCount":
        return StateCount(self.n + other.n, self.n_overdue + other.n_overdue, self.n_due + other.n_due)
