"""The workflow of needs (需求)."""

from typing import Final

from recommender.domain.accounts import Permission
from recommender.domain.workflow import NeedState as N
from recommender.review import messages as zh
from recommender.review.workflow import Wait, Workflow, steps

_WRITE: Final = Permission.NEEDS_WRITE
_REVIEW: Final = Permission.NEEDS_REVIEW

_BEFORE_PUBLICATION: Final = (N.SUBMITTED, N.RETURNED, N.DIAGNOSIS)
_RESULTS: Final = (N.SOLVED, N.PARTLY_SOLVED, N.TRACKED)

NEEDS: Final = Workflow[N](
    label=zh.NEED_LABEL,
    steps=(
        *steps([N.DRAFT, N.RETURNED, N.DIAGNOSIS], [N.SUBMITTED], _WRITE),
        *steps([N.SUBMITTED, N.DIAGNOSIS], [N.PUBLISHED], _REVIEW),
        *steps([N.SUBMITTED], [N.RETURNED, N.DIAGNOSIS], _REVIEW, negative=True),
        *steps([N.DIAGNOSIS], [N.RETURNED], _REVIEW, negative=True),
        *steps([N.PUBLISHED, N.MATCHING], [N.DIAGNOSIS], _REVIEW, negative=True),
        *steps([N.PUBLISHED], [N.MATCHING], _REVIEW, by_system=True),
        *steps([N.PUBLISHED, N.MATCHING, N.TRACKED], [N.BROKERING], _REVIEW, by_system=True),
        *steps([N.BROKERING], [N.MATCHING], _REVIEW),
        *steps([N.MATCHING, N.BROKERING], _RESULTS, _REVIEW),
        *steps([N.PUBLISHED, N.MATCHING, N.BROKERING, N.TRACKED], [N.UNSOLVED], _REVIEW, negative=True),
        *steps([N.TRACKED], [N.SOLVED, N.PARTLY_SOLVED, N.MATCHING], _REVIEW),
        *steps([N.PARTLY_SOLVED, N.UNSOLVED], [N.MATCHING], _REVIEW),
        *steps([*_RESULTS, N.UNSOLVED, N.EXPIRED, N.WITHDRAWN], [N.CLOSED], _REVIEW),
        *steps([N.CLOSED, N.EXPIRED], [N.PUBLISHED], _REVIEW),
        *steps([N.WITHDRAWN], [N.DRAFT], _WRITE),
        *steps(
            [N.DRAFT, *_BEFORE_PUBLICATION, N.PUBLISHED, N.MATCHING, N.BROKERING, N.TRACKED],
            [N.WITHDRAWN],
            _WRITE,
            negative=True,
        ),
        *steps(
            [*_BEFORE_PUBLICATION, N.PUBLISHED, N.MATCHING, N.TRACKED],
            [N.EXPIRED],
            None,
            by_system=True,
            negative=True,
        ),
    ),
    waits={
        N.SUBMITTED: Wait(5, zh.NEED_WAITS["review"]),
        N.RETURNED: Wait(15, zh.NEED_WAITS["supplement"]),
        N.DIAGNOSIS: Wait(15, zh.NEED_WAITS["diagnose"]),
        N.PUBLISHED: Wait(10, zh.NEED_WAITS["match"]),
        N.MATCHING: Wait(30, zh.NEED_WAITS["progress"]),
        N.BROKERING: Wait(60, zh.NEED_WAITS["progress"]),
        N.TRACKED: Wait(90, zh.NEED_WAITS["revisit"]),
        N.SOLVED: Wait(30, zh.NEED_WAITS["close"]),
        N.PARTLY_SOLVED: Wait(30, zh.NEED_WAITS["close"]),
        N.UNSOLVED: Wait(30, zh.NEED_WAITS["close"]),
        N.EXPIRED: Wait(30, zh.NEED_WAITS["close"]),
    },
)
"""From the draft to the archive. Needs that were imported begin as ``已发布``."""

ENDS_CASES: Final = frozenset({N.WITHDRAWN, N.EXPIRED, N.CLOSED})
"""States of a need in which its matches that have no contract are cancelled."""
