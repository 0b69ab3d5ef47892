"""Pairs on which somebody has decided take no places: lists are those of everybody else, and full."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import GRANTS, Actor, Permission, Reach, Role
from recommender.domain.cases import Pair
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.match import ExclusionCode, Match
from recommender.domain.workflow import UNREVIEWED_CASE_STATES, CaseState
from recommender.matching.eligibility import exclusion_of
from recommender.nightly.carrying import Why
from recommender.services.matching import MatchRequest
from recommender.services.nightly.options import NightStage
from recommender.services.recommendable import Recommendable
from tests.actors import TESTER
from tests.journeys import nights
from tests.journeys.deciding import decide, of_need, refuse, take_back
from tests.journeys.test_nightly import Lists, assert_same_list, lists_of, query_of
from tests.journeys.test_nightly_resumed import stopped
from tests.journeys.test_nightly_same import assert_worked_on

DECIDED: Final = tuple(state for state in CaseState if state not in UNREVIEWED_CASE_STATES)
SMALL: Final = 3
"""How many some sources are left with: fewer than a list has places."""

Sources = Mapping[tuple[EntityKind, str], Sequence[EntityKind]]


def sources_of(application: Application) -> Sources:
    """Everybody who asks by night, achievements a few, with the kinds that each is shown."""
    with application.database.read() as unit:
        needs = list(unit.needs.iterate())
        asking = {need.enterprise_code for need in needs}
        silent = [each.code for each in unit.enterprises.iterate() if each.code not in asking]
        achievements = sorted(each.id for each in unit.achievements.iterate())[:6]
    found: dict[tuple[EntityKind, str], Sequence[EntityKind]] = {
        (EntityKind.NEED, need.id): SUPPLY_KINDS for need in needs
    }
    found |= {(EntityKind.ENTERPRISE, code): SUPPLY_KINDS for code in silent}
    return found | {(EntityKind.ACHIEVEMENT, id): (EntityKind.ENTERPRISE,) for id in achievements}


def chosen(ids: Sequence[str], number: int) -> list[str]:
    """A few of them, more than a list has places, half, all but a few, or all, as the number says."""
    shuffled = random.Random(number).sample(ids, len(ids))
    return shuffled[: (2, 14, len(ids) // 2, len(ids) - SMALL, len(ids))[number % 5]]


def settle(application: Application, sources: Sources) -> dict[tuple[str, EntityKind], set[str]]:
    """Decide on pairs of every source in every way there is; whom each may not be given, by source and kind."""
    with application.database.read() as unit:
        ids = {kind: sorted(each.id for each in unit.of(kind).iterate()) for kind in EntityKind}
    by_state: defaultdict[CaseState | None, list[Pair]] = defaultdict(list)
    settled: dict[tuple[str, EntityKind], set[str]] = {}
    for number, ((source_kind, source_id), kinds) in enumerate(sources.items()):
        for kind in kinds:
            some = chosen(ids[kind], number + len(kind))
            settled[source_id, kind] = set(some)
            for place, id in enumerate(some):
                ways: tuple[CaseState | None, ...] = (
                    (None, *DECIDED) if source_kind is EntityKind.NEED else DECIDED
                )
                by_state[ways[place % len(ways)]].append(Pair(source_kind, source_id, kind, id))
            undecided = [id for id in ids[kind] if id not in settled[source_id, kind]][:2]
            for state, id in zip(sorted(UNREVIEWED_CASE_STATES), undecided, strict=False):
                by_state[state].append(Pair(source_kind, source_id, kind, id))
    for state, pairs in by_state.items():
        if state is None:
            refuse(application, pairs)
        else:
            decide(application, pairs, state)
    return settled


def ranked_without(
    application: Application, source: tuple[EntityKind, str], kind: EntityKind, settled: set[str]
) -> tuple[Match, ...]:
    """What a search among everybody else finds: the population is filtered, and nothing is known of pairs."""
    depth = application.night_settings.depths[kind]
    with application.database.read() as unit:
        others = [each.id for each in unit.of(kind).iterate() if each.id not in settled]
        read = Recommendable(unit, nights.TODAY).read
        opened = application.index_server.current().matcher.open(query_of(application, *source))
        return opened.rank(kind, depth, read, allowed=others).matches


def n_eligible(
    application: Application, source: tuple[EntityKind, str], kind: EntityKind, settled: set[str]
) -> int:
    """How many may be given at all."""
    query = query_of(application, *source)
    with application.database.read() as unit:
        read = Recommendable(unit, nights.TODAY).read
        entities = read(kind, [each.id for each in unit.of(kind).iterate()])
    return sum(id not in settled and exclusion_of(entity, query) is None for id, entity in entities.items())


def test_every_list_is_that_of_everybody_else_and_full(libraries: nights.Libraries) -> None:
    application = libraries(allocation_strength=0)
    sources = sources_of(application)
    settled = settle(application, sources)
    run = nights.run(application)
    lists = lists_of(application)
    n_short = 0
    for (source_kind, source_id), kinds in sources.items():
        for kind in kinds:
            source, left_out = (source_kind, source_id), settled[source_id, kind]
            of_demand = kind is EntityKind.ENTERPRISE
            size = application.settings.achievement_list_size if of_demand else application.settings.list_size
            found: Sequence[object] = lists.get((source_id, kind), ())
            n_short += len(found) < size
            assert len(found) == min(size, n_eligible(application, source, kind, left_out))
            stored = lists.get((source_id, kind), ())
            assert not {each.target_id for each in stored} & left_out
            assert_same_list(stored, ranked_without(application, source, kind, left_out), size)
    assert n_short > 20, "some are left with fewer than a list has places, some with nobody"

    # In other shards, by other processes, and with everything taken over: the same.
    other = libraries(allocation_strength=0, shard_size=64, n_threads=2)
    assert settle(other, sources) == settled
    again = nights.run(other, executor="processes")
    carried = nights.run(other)
    assert_worked_on(carried, {})
    assert {nights.content(other, each.id) for each in (again, carried)} == {nights.content(application, run.id)}


def without_run(lists: Lists) -> dict[tuple[str, EntityKind], list[object]]:
    return {key: [replace(each, run_id="") for each in found] for key, found in lists.items()}


def test_only_whose_pairs_changed_is_searched_again(later: nights.Libraries) -> None:
    application = later(allocation_strength=0)
    nights.run(application)
    before = lists_of(application)
    need_id, kind = "XQ2026004", EntityKind.PLATFORM
    first, second, *_ = (each.target_id for each in before[need_id, kind])
    refuse(application, [of_need(need_id, kind, first)])
    decide(application, [of_need(need_id, kind, second)], CaseState.CONFIRMED)
    assert_worked_on(nights.run(application), {Why.CHANGED: 1})
    after = lists_of(application)
    assert not {first, second} & {each.target_id for each in after[need_id, kind]}
    assert len(after[need_id, kind]) == len(before[need_id, kind])
    others = before.keys() - {(need_id, kind)}
    assert {key: without_run(after)[key] for key in others} == {key: without_run(before)[key] for key in others}

    # A match that goes on is left out as before, so nothing is to be done.
    with application.database.write() as unit:
        (case,) = unit.cases.get_many([of_need(need_id, kind, second).id]).values()
        assert unit.cases.put(replace(case, state=CaseState.PUSHED, version=2), before=1)
    assert_worked_on(nights.run(application), {})
    take_back(application, of_need(need_id, kind, first))
    assert_worked_on(nights.run(application), {Why.CHANGED: 1})
    assert lists_of(application)[need_id, kind][0].target_id == first


def test_a_place_that_is_not_wanted_goes_to_somebody_else(later: nights.Libraries) -> None:
    """An expert with one place, whom two needs want: a no of the one that had it gives it to the other."""
    application = later(lists_per_place=1, default_places=1, max_lists=1)
    nights.run(application)
    before = lists_of(application)
    holders: dict[str, str] = {
        each.target_id: source
        for (source, kind), found in before.items()
        for each in found
        if kind is EntityKind.EXPERT
    }
    moved = 0
    for expert, source in sorted(holders.items()):
        if source.startswith("XQ"):
            refuse(application, [of_need(source, EntityKind.EXPERT, expert)])
    nights.run(application)
    for (source, kind), found in lists_of(application).items():
        if kind is EntityKind.EXPERT:
            for each in found:
                assert holders.get(each.target_id) != source or not source.startswith("XQ")
                moved += each.target_id in holders and holders[each.target_id] != source
    assert moved > 20


def test_a_night_that_was_cut_off_goes_on_with_what_it_began_with(libraries: nights.Libraries) -> None:
    whole, cut = libraries(), libraries()
    with whole.database.read() as unit:
        ids = sorted(each.id for each in unit.experts.iterate())
    pairs = [of_need("XQ2026002", EntityKind.EXPERT, id) for id in ids]
    for application in (whole, cut):
        refuse(application, pairs[::2])
    stopped(cut, NightStage.CANDIDATES, 3)
    refuse(cut, pairs[1::2])
    expected = nights.content(whole, nights.run(whole).id)
    resumed = nights.run(cut, resume=True)
    assert nights.content(cut, resumed.id) == expected
    assert_worked_on(nights.run(cut), {Why.CHANGED: 1})


def enterprise_of(application: Application, need_id: str) -> Actor:
    with application.database.read() as unit:
        need = unit.needs.get(need_id)
    assert need is not None
    return Actor(
        id="firm",
        role=Role.ENTERPRISE,
        permissions=GRANTS[Role.ENTERPRISE],
        enterprise_code=need.enterprise_code,
    )


def test_an_explanation_says_who_is_missing_and_why(later: nights.Libraries) -> None:
    application = later(allocation_strength=0)
    nights.run(application)
    need_id, kind = "XQ2026001", EntityKind.EXPERT
    ids = [each.target_id for each in lists_of(application)[need_id, kind]]
    firm = enterprise_of(application, need_id)
    refuse(application, [of_need(need_id, kind, ids[0])])
    decide(application, [of_need(need_id, kind, ids[1])], CaseState.REJECTED)
    decide(application, [of_need(need_id, kind, ids[2])], CaseState.CONFIRMED)

    def explained(actor: Actor) -> tuple[tuple[str, ...], list[str], dict[str, ExclusionCode]]:
        found = application.explanations.explain(actor, need_id)
        (part,) = [part for part in found.lists if part.kind is kind]
        return found.notes, [each.id for each in part.matches], {each.id: each.code for each in part.exclusions}

    # Decided on since: still explained, but not to the enterprise that said no.
    assert explained(TESTER) == ((), ids, {})
    own = "另有 1 个专家不再推荐，不占名额（企业无意 1 个）。"
    assert explained(firm) == ((own,), ids[1:], {ids[0]: ExclusionCode.UNWANTED})

    nights.run(application)
    notes, listed, missing = explained(TESTER)
    assert notes == ("另有 3 个专家不再推荐，不占名额（企业无意 1 个、审核员已驳回 1 个、已在对接 1 个）。",)
    assert listed[:7] == ids[3:]
    assert len(listed) == len(ids)
    assert missing == {
        ids[0]: ExclusionCode.UNWANTED,
        ids[1]: ExclusionCode.REJECTED,
        ids[2]: ExclusionCode.UNDER_WAY,
    }
    assert explained(firm) == ((own,), listed, {ids[0]: ExclusionCode.UNWANTED})


def test_a_live_list_leaves_out_what_is_not_wanted_and_stays_full(later: nights.Libraries) -> None:
    application = later()
    need_id, kind = "XQ2026001", EntityKind.PLATFORM
    request = MatchRequest((kind,), 5)

    def live(actor: Actor) -> tuple[list[str], set[ExclusionCode]]:
        (part,) = application.matching.match_need(actor, need_id, request).lists
        return [each.id for each in part.matches], {each.code for each in part.exclusions}

    firm = enterprise_of(application, need_id)
    may = frozenset({Permission.MATCH, Permission.NEEDS_READ})
    program = Actor(id="token", role=Role.SERVICE, permissions=may, reach=Reach(whole_city=True))
    before, _ = live(TESTER)
    refuse(application, [of_need(need_id, kind, before[0])])
    decide(application, [of_need(need_id, kind, before[1])], CaseState.REJECTED)
    decide(application, [of_need(need_id, kind, before[2])], CaseState.PUSHED)
    decide(application, [of_need(need_id, kind, before[3])], CaseState.ENTERPRISE_DECLINED)
    for actor, told in ((TESTER, {ExclusionCode.UNWANTED}), (firm, {ExclusionCode.UNWANTED}), (program, set())):
        listed, codes = live(actor)
        assert listed[:3] == [before[1], before[2], before[4]]
        assert len(listed) == 5
        assert codes == told, "who may not read what is said of pairs is not told it by the way"


@pytest.mark.parametrize("kind", SUPPLY_KINDS)
def test_one_run_of_all_needs_leaves_out_the_same(later: nights.Libraries, kind: EntityKind) -> None:
    application = later()
    need_id = "XQ2026001"
    request = MatchRequest((kind,), 5)
    (part,) = application.matching.match_need(TESTER, need_id, request).lists
    first = part.matches[0].id
    decide(application, [of_need(need_id, kind, first)], CaseState.REJECTED)
    run = application.matching.match_all_needs(TESTER, request, now=lambda: nights.NOW)
    found = [each.target_id for each in nights.suggestions(application, run.id) if each.source_id == need_id]
    assert found[:4] == [each.id for each in part.matches[1:]]
    assert len(found) == 5
