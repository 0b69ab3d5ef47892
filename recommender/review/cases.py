"""The workflow of matches (对接)."""

from typing import Final

from recommender.domain.accounts import Permission
from recommender.domain.workflow import CaseState as C
from recommender.review import messages as zh
from recommender.review.workflow import Wait, Workflow, steps

_ANSWER: Final = Permission.CASES_ANSWER
_REVIEW: Final = Permission.CASES_REVIEW

_BEFORE_TALKS: Final = (
    C.CONFIRMED,
    C.ADJUSTED,
    C.PUSHED,
    C.ENTERPRISE_INTERESTED,
    C.EXPERT_ACCEPTED,
    C.EXPERT_DECLINED,
    C.EXPERT_SILENT,
)
_UNDER_CONTRACT: Final = (C.SIGNED, C.FUNDED, C.IMPLEMENTATION)

CASES: Final = Workflow[C](
    label=zh.CASE_LABEL,
    steps=(
        *steps([C.SUGGESTED], [C.IN_REVIEW], _REVIEW),
        *steps([C.IN_REVIEW], [C.SUGGESTED], _REVIEW, by_system=True),
        *steps([C.SUGGESTED, C.IN_REVIEW], [C.CONFIRMED], _REVIEW),
        *steps([C.SUGGESTED, C.IN_REVIEW], [C.REJECTED], _REVIEW, negative=True),
        *steps([C.SUGGESTED, C.IN_REVIEW], [C.ADJUSTED], _REVIEW, note=True),
        *steps([C.REJECTED], [C.IN_REVIEW], _REVIEW),
        *steps([C.CONFIRMED, C.ADJUSTED], [C.PUSHED], _REVIEW),
        *steps([C.PUSHED], [C.ENTERPRISE_INTERESTED], _ANSWER, by_system=True),
        *steps([C.PUSHED, C.ENTERPRISE_INTERESTED], [C.ENTERPRISE_DECLINED], _ANSWER, negative=True),
        *steps([C.ENTERPRISE_DECLINED], [C.PUSHED], _REVIEW),
        *steps([C.ENTERPRISE_INTERESTED, C.EXPERT_SILENT], [C.EXPERT_ACCEPTED], _REVIEW),
        *steps([C.ENTERPRISE_INTERESTED, C.EXPERT_SILENT], [C.EXPERT_DECLINED], _REVIEW, negative=True),
        *steps([C.ENTERPRISE_INTERESTED], [C.EXPERT_SILENT], _REVIEW, by_system=True, negative=True),
        *steps([C.EXPERT_SILENT, C.EXPERT_DECLINED], [C.ENTERPRISE_INTERESTED], _REVIEW),
        *steps([C.EXPERT_ACCEPTED], [C.CONTACT], _REVIEW),
        *steps([C.CONTACT], [C.NEGOTIATION], _REVIEW),
        *steps([C.CONTACT, C.NEGOTIATION], [C.SIGNED], _REVIEW),
        *steps([C.NEGOTIATION], [C.FAILED_BID], _REVIEW, negative=True),
        *steps([C.SIGNED], [C.FUNDED, C.IMPLEMENTATION], _REVIEW),
        *steps([C.FUNDED], [C.IMPLEMENTATION], _REVIEW),
        *steps([C.IMPLEMENTATION], [C.COMPLETED], _REVIEW),
        *steps([C.COMPLETED], [C.EVALUATED], _REVIEW),
        *steps([C.CONTACT, C.NEGOTIATION, *_UNDER_CONTRACT], [C.TERMINATED], _REVIEW, negative=True),
        *steps([C.SUGGESTED, C.IN_REVIEW], [C.CANCELLED], None, by_system=True, negative=True),
        *steps(_BEFORE_TALKS, [C.CANCELLED], _REVIEW, by_system=True, negative=True),
        *steps([C.CONTACT, C.NEGOTIATION], [C.CANCELLED], None, by_system=True, negative=True),
    ),
    waits={
        C.IN_REVIEW: Wait(3, zh.CASE_WAITS["review"]),
        C.CONFIRMED: Wait(3, zh.CASE_WAITS["push"]),
        C.ADJUSTED: Wait(3, zh.CASE_WAITS["push"]),
        C.PUSHED: Wait(7, zh.CASE_WAITS["enterprise"]),
        C.ENTERPRISE_INTERESTED: Wait(10, zh.CASE_WAITS["expert"]),
        C.EXPERT_SILENT: Wait(7, zh.CASE_WAITS["silent"]),
        C.EXPERT_DECLINED: Wait(7, zh.CASE_WAITS["declined"]),
        C.EXPERT_ACCEPTED: Wait(5, zh.CASE_WAITS["contact"]),
        C.CONTACT: Wait(30, zh.CASE_WAITS["negotiate"]),
        C.NEGOTIATION: Wait(60, zh.CASE_WAITS["sign"]),
        C.SIGNED: Wait(30, zh.CASE_WAITS["fund"]),
        C.FUNDED: Wait(30, zh.CASE_WAITS["implement"]),
        C.IMPLEMENTATION: Wait(90, zh.CASE_WAITS["milestone"]),
        C.COMPLETED: Wait(30, zh.CASE_WAITS["evaluate"]),
    },
)
"""From the system's suggestion to the evaluation by both sides."""
