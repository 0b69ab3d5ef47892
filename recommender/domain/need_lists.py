"""Lists of needs: what they are asked for, and what a line says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from recommender.domain.entities import Need
from recommender.domain.needs import NeedProgress
from recommender.domain.workflow import OPEN_NEED_STATES, CaseState, NeedState


class NeedSort(StrEnum):
    """Orders of needs, the usual one first; ``-`` turns each round."""

    ID = "id"
    UPDATED = "updated"
    DEADLINE = "deadline"
    DUE = "due"
    TITLE = "title"


class NeedView(StrEnum):
    """Which needs somebody looks at, by what they wait for."""

    REVIEW = "review"
    """What reviewers have to judge."""
    OWNER = "owner"
    """What the enterprise has to write on."""
    OPEN = "open"
    RESULT = "result"
    """What ended one way or another and waits to be archived or opened again."""
    PUT_AWAY = "put_away"
    ALL = "all"


NEED_VIEW_STATES: Final[Mapping[NeedView, frozenset[NeedState]]] = {
    NeedView.REVIEW: frozenset({NeedState.SUBMITTED, NeedState.DIAGNOSIS}),
    NeedView.OWNER: frozenset({NeedState.DRAFT, NeedState.RETURNED}),
    NeedView.OPEN: OPEN_NEED_STATES,
    NeedView.RESULT: frozenset(
        {NeedState.SOLVED, NeedState.PARTLY_SOLVED, NeedState.UNSOLVED, NeedState.EXPIRED}
    ),
    NeedView.PUT_AWAY: frozenset({NeedState.CLOSED, NeedState.WITHDRAWN}),
    NeedView.ALL: frozenset(NeedState),
}
"""Every state stands in exactly one view beside :attr:`NeedView.ALL`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFilter:
    """What a list of needs is about; everything by default, all conditions together.

    Attributes:
        states: any of these.
        text: part of the title or the description.
        industry_chain, town: part of the need's chain, of the enterprise's town.
        enterprise_code: whose needs.
        filed_by: account that wrote them.
        due_before: something is expected before that moment.
        is_overdue: the same with the present moment, where a service looks at its clock.
    """

    states: frozenset[NeedState] = frozenset()
    text: str = ""
    industry_chain: str = ""
    town: str = ""
    enterprise_code: str = ""
    filed_by: str = ""
    due_before: datetime | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """A need as lists show it."""

    need: Need
    progress: NeedProgress
    enterprise_name: str
    town: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedCounts:
    """What there is beside a need.

    Attributes:
        n_suggestions: experts, platforms and achievements that the published run lists for it.
        cases: its matches on which somebody has acted, by where they stand, as far as the reader sees them.
    """

    n_suggestions: int = 0
    cases: Mapping[CaseState, int] = field(default_factory=dict)

    @property
    def n_cases(self) -> int:
        """Of any state."""
        return sum(self.cases.values())

    @property
    def n_unanswered(self) -> int:
        """Matches that wait for the enterprise to say whether it is interested."""
        return self.cases.get(CaseState.PUSHED, 0)
