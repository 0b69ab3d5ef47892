"""What workflows decide reaches every list at once: closed needs, hidden drafts, experts who are engaged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recommender.bootstrap import Application
from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Expert, Need
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode
from recommender.domain.needs import NeedProgress
from recommender.domain.workflow import OPEN_NEED_STATES, UNPUBLISHED_NEED_STATES, CaseState, NeedState
from recommender.services.matching import MatchRequest
from tests.actors import TESTER
from tests.journeys import nights

EXPERTS = MatchRequest((EntityKind.EXPERT,), k=10)
NEEDS = MatchRequest((EntityKind.NEED,), k=50)


def move(application: Application, need_id: str, state: NeedState) -> None:
    with application.database.write() as unit:
        before = unit.needs_progress.get(need_id)
        after = NeedProgress(need_id=need_id, state=state, version=before.version + 1, updated_at=nights.NOW)
        assert unit.needs_progress.put(after, before=before.version)


def engage(application: Application, expert_id: str, need: Need, state: CaseState) -> None:
    """A match of the two that stands somewhere."""
    pair = Pair(EntityKind.NEED, need.id, EntityKind.EXPERT, expert_id)
    case = Case(
        id=pair.id,
        pair=pair,
        need_id=need.id,
        enterprise_code=need.enterprise_code,
        state=state,
        version=1,
        opened_at=nights.NOW,
        updated_at=nights.NOW,
    )
    with application.database.write() as unit:
        assert unit.cases.open(case)


def some_need(application: Application) -> Need:
    with application.database.read() as unit:
        return next(need for need in unit.needs.iterate() if need.enterprise_code)


def first_expert(application: Application, need: Need) -> Expert:
    """Who is listed first, made to accept one engagement."""
    (part,) = application.matching.match_need(TESTER, need.id, EXPERTS).lists
    with application.database.write() as unit:
        expert = unit.experts.get(part.matches[0].id)
        assert expert is not None
        unit.experts.upsert([replace(expert, capacity=1, n_active_engagements=0)])
    return expert


@pytest.mark.parametrize("state", [CaseState.CONTACT, CaseState.SIGNED, CaseState.IMPLEMENTATION])
def test_a_running_match_takes_a_place(libraries: nights.Libraries, state: CaseState) -> None:
    application = libraries()
    need = some_need(application)
    expert = first_expert(application, need)
    engage(application, expert.id, need, state)
    (part,) = application.matching.match_need(TESTER, need.id, EXPERTS).lists
    assert expert.id not in [match.id for match in part.matches]
    assert (expert.id, ExclusionCode.CAPACITY_FULL) in [(each.id, each.code) for each in part.exclusions]
    nights.run(application)
    assert expert.id not in {each.target_id for each in nights.suggestions(application)}


@pytest.mark.parametrize("state", [CaseState.PUSHED, CaseState.REJECTED, CaseState.COMPLETED])
def test_a_match_before_or_after_it_runs_takes_none(libraries: nights.Libraries, state: CaseState) -> None:
    application = libraries()
    need = some_need(application)
    expert = first_expert(application, need)
    engage(application, expert.id, need, state)
    (part,) = application.matching.match_need(TESTER, need.id, EXPERTS).lists
    assert part.matches[0].id == expert.id


def test_a_place_that_is_taken_by_day_leaves_the_published_list(later: nights.Libraries) -> None:
    application = later()
    need = some_need(application)
    listed = application.explanations.explain(TESTER, need.id).lists[0].matches
    with application.database.write() as unit:
        expert = unit.experts.get(listed[0].id)
        assert expert is not None
        unit.experts.upsert([replace(expert, capacity=1, n_active_engagements=0)])
    assert application.explanations.explain(TESTER, need.id).lists[0].matches == listed
    engage(application, expert.id, need, CaseState.NEGOTIATION)
    left = application.explanations.explain(TESTER, need.id)
    assert [match.id for match in left.lists[0].matches] == [match.id for match in listed[1:]]
    assert any("1 个现在不可推荐" in note for note in left.notes)


@pytest.mark.parametrize("state", sorted(set(NeedState) - OPEN_NEED_STATES))
def test_a_need_that_is_not_open_is_found_by_nobody(later: nights.Libraries, state: NeedState) -> None:
    """At once, although the index still has it."""
    application = later()
    need = some_need(application)
    with application.database.read() as unit:
        paper = next(unit.achievements.iterate())
    everything = replace(NEEDS, k=1000)
    (before,) = application.matching.match_achievement(TESTER, paper.id, everything).lists
    assert need.id in [match.id for match in before.matches]
    move(application, need.id, state)
    (after,) = application.matching.match_achievement(TESTER, paper.id, everything).lists
    assert {match.id for match in before.matches} - {match.id for match in after.matches} == {need.id}
    assert need.id not in [each.id for each in after.exclusions]


def test_a_need_whose_deadline_is_over_is_found_by_nobody(later: nights.Libraries) -> None:
    application = later()
    need = some_need(application)
    with application.database.read() as unit:
        paper = next(unit.achievements.iterate())
    nights.change(application, need, deadline=nights.TODAY - timedelta(days=1))
    (after,) = application.matching.match_achievement(TESTER, paper.id, replace(NEEDS, k=1000)).lists
    assert need.id not in [match.id for match in after.matches]


@pytest.mark.parametrize("state", sorted(NeedState))
def test_nights_ask_for_open_needs_and_index_what_may_be_known(
    libraries: nights.Libraries, state: NeedState
) -> None:
    application = libraries()
    need = some_need(application)
    move(application, need.id, state)
    run = nights.run(application)
    asked = {each.source_id for each in nights.suggestions(application) if each.source_kind is EntityKind.NEED}
    assert (need.id in asked) == (state in OPEN_NEED_STATES)
    demand = application.index_server.open(run.snapshot_id).matcher.sides
    indexed = {
        id for side in demand.values() for links in side.passages.links.values() for id in links.entity_ids
    }
    assert (need.id in indexed) == (state not in UNPUBLISHED_NEED_STATES)
