"""The way of a match as a line of steps: done, passed over, where it stands, and what lies ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from recommender.domain.case_groups import PATH
from recommender.domain.cases import Case, Transition
from recommender.domain.workflow import CaseState

_PLACE: Final = {
    CaseState.ADJUSTED: CaseState.CONFIRMED,
    CaseState.ENTERPRISE_DECLINED: CaseState.ENTERPRISE_INTERESTED,
    CaseState.EXPERT_SILENT: CaseState.EXPERT_ACCEPTED,
    CaseState.EXPERT_DECLINED: CaseState.EXPERT_ACCEPTED,
}
"""On which place of the way a state stands that is not on it itself."""


class Standing(StrEnum):
    """How a step of the way stands."""

    DONE = "done"
    SKIPPED = "skipped"
    NOW = "now"
    STOPPED = "stopped"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step; ``at`` is when it was last taken, ``None`` where it was not."""

    label: str
    standing: Standing
    at: datetime | None


def path_of(case: Case, timeline: Sequence[Transition], *, first: CaseState = PATH[0]) -> list[PathStep]:
    """The way of a match from ``first`` on; where it has ended or waits aside, that is marked."""
    standing = [step for step in timeline if step.undoes is None and step.undone_by is None]
    reached = {CaseState(step.to_state): step.at for step in standing}
    here, is_stopped = _here(case.state, reached)
    steps = []
    for place, state in enumerate(PATH):
        label, at = state.value, reached.get(state)
        if place == here:
            label, at = (case.state.value, reached.get(case.state)) if case.state not in PATH else (label, at)
            how = Standing.STOPPED if is_stopped else Standing.NOW
        elif place > here:
            how = Standing.AHEAD
        else:
            how = Standing.DONE if at is not None or state in _IMPLIED else Standing.SKIPPED
        steps.append(PathStep(label, how, at if place <= here else None))
    return steps[PATH.index(first) :]


_IMPLIED: Final = frozenset({CaseState.CONFIRMED, CaseState.PUSHED})
"""Steps that every match has taken which is further; an adjusted one was not confirmed in those words."""


def _here(state: CaseState, reached: dict[CaseState, datetime]) -> tuple[int, bool]:
    """The place on the way, and whether it does not go on from there by itself."""
    if state in PATH:
        return PATH.index(state), False
    if state in _PLACE:
        return PATH.index(_PLACE[state]), state is not CaseState.ADJUSTED
    done = [PATH.index(each) for each in reached if each in PATH]
    return min(max(done, default=-1) + 1, len(PATH) - 1), True
