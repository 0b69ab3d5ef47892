"""The tables of steps: whole, reachable, and the same as the page that shows them."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from recommender.domain.accounts import GRANTS, Actor, Permission, Role
from recommender.domain.errors import Conflict, Forbidden, InvalidInput
from recommender.domain.workflow import (
    AGREED_CASE_STATES,
    ENDED_CASE_STATES,
    OPEN_CASE_STATES,
    OPEN_NEED_STATES,
    RUNNING_CASE_STATES,
    CaseState,
    NeedState,
    ReasonCode,
)
from recommender.review.cases import CASES
from recommender.review.needs import NEEDS
from recommender.review.page import page

PAGE = Path(__file__).parents[3] / "docs" / "workflows.md"
OFFICER = Actor(id="o", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER])
FIRM = Actor(id="f", role=Role.ENTERPRISE, permissions=GRANTS[Role.ENTERPRISE], enterprise_code="E")
EACH = pytest.mark.parametrize(
    ("workflow", "states", "first"),
    [(NEEDS, NeedState, NeedState.DRAFT), (CASES, CaseState, CaseState.SUGGESTED)],
    ids=["need", "case"],
)


def test_the_page_is_written_from_the_tables() -> None:
    """Run ``python -m recommender.review.page > docs/workflows.md`` after a change of the tables."""
    assert PAGE.read_text(encoding="utf-8") == page()


@EACH
def test_every_state_is_reached_from_the_first(workflow: Any, states: Any, first: Any) -> None:
    reached, pending = {first}, [first]
    while pending:
        for step in workflow.from_state(pending.pop()):
            if step.target not in reached:
                reached.add(step.target)
                pending.append(step.target)
    assert reached == set(states)


@EACH
def test_one_step_at_most_leads_from_a_state_to_another(workflow: Any, states: Any, first: Any) -> None:
    ends = [(step.source, step.target) for step in workflow.steps]
    assert len(ends) == len(set(ends))
    assert all(source is not target for source, target in ends)
    assert all(step.permission is not None or step.by_system for step in workflow.steps)


NEGATIVE_CASE_STATES = {
    CaseState.REJECTED,
    CaseState.ENTERPRISE_DECLINED,
    CaseState.EXPERT_DECLINED,
    CaseState.EXPERT_SILENT,
    CaseState.TERMINATED,
    CaseState.CANCELLED,
    CaseState.FAILED_BID,
}
NEGATIVE_NEED_STATES = {
    NeedState.RETURNED,
    NeedState.DIAGNOSIS,
    NeedState.UNSOLVED,
    NeedState.EXPIRED,
    NeedState.WITHDRAWN,
}


@pytest.mark.parametrize(
    ("steps", "negative"), [(CASES.steps, NEGATIVE_CASE_STATES), (NEEDS.steps, NEGATIVE_NEED_STATES)]
)
def test_a_reason_is_obligatory_for_negative_steps_only(steps: Iterable[Any], negative: set[Any]) -> None:
    for step in steps:
        assert step.negative == (step.target in negative), step


def test_the_main_road_of_a_match_is_open_to_officers_and_enterprises() -> None:
    road = [
        CaseState.SUGGESTED,
        CaseState.IN_REVIEW,
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
    ]
    for source, target in pairwise(road):
        assert CASES.decide(source, target, OFFICER).target is target
    by_enterprises = {(step.source, step.target) for state in CaseState for step in CASES.possible(state, FIRM)}
    assert by_enterprises == {
        (CaseState.PUSHED, CaseState.ENTERPRISE_INTERESTED),
        (CaseState.PUSHED, CaseState.ENTERPRISE_DECLINED),
        (CaseState.ENTERPRISE_INTERESTED, CaseState.ENTERPRISE_DECLINED),
    }


def test_terminals_have_no_way_on() -> None:
    for state in (CaseState.TERMINATED, CaseState.CANCELLED, CaseState.FAILED_BID, CaseState.EVALUATED):
        assert CASES.from_state(state) == ()


def test_sets_of_states_hold_together() -> None:
    assert OPEN_CASE_STATES.isdisjoint(ENDED_CASE_STATES)
    assert RUNNING_CASE_STATES < AGREED_CASE_STATES
    assert {state for state in CaseState if state in CASES.waits} | {CaseState.SUGGESTED} == OPEN_CASE_STATES
    assert set(NEEDS.waits) > OPEN_NEED_STATES


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("to", CaseState)
def test_whoever_asks_gets_a_step_of_the_table_or_a_refusal_that_names_those_there_are(
    state: CaseState, to: CaseState
) -> None:
    known = {(step.source, step.target): step for step in CASES.steps}
    for actor in (OFFICER, FIRM):
        step = known.get((state, to))
        reason = ReasonCode.FIELD if step is not None and step.negative else None
        if step is None or step.permission is None:
            with pytest.raises(Conflict) as caught:
                CASES.decide(state, to, actor, reason=reason, note="x")
            for offered in CASES.possible(state, actor):
                assert offered.target.value in str(caught.value)
        elif not actor.may(step.permission):
            with pytest.raises(Forbidden):
                CASES.decide(state, to, actor, reason=reason, note="x")
        else:
            assert CASES.decide(state, to, actor, reason=reason, note="x") is step
            with pytest.raises(InvalidInput):
                CASES.decide(state, to, actor, reason=None if step.negative else ReasonCode.FIELD, note="x")


def test_only_permissions_of_review_stand_in_the_tables() -> None:
    assert {step.permission for step in NEEDS.steps} == {
        None,
        Permission.NEEDS_WRITE,
        Permission.NEEDS_REVIEW,
    }
    assert {step.permission for step in CASES.steps} == {
        None,
        Permission.CASES_ANSWER,
        Permission.CASES_REVIEW,
    }
