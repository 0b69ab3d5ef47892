"""A night's lists on the sample library against what single matches answer, and who is never in them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from recommender.bootstrap import Application
from recommender.domain.entities import Entity, Expert
from recommender.domain.kinds import SUPPLY_KINDS, CooperationMode, EntityKind, Willingness
from recommender.domain.match import Match
from recommender.domain.runs import RunState, Suggestion
from recommender.matching.eligibility import exclusion_of
from recommender.matching.query import MatchQuery
from recommender.services.matching import MatchRequest
from tests.actors import TESTER
from tests.journeys import nights

SAME = 1e-5
"""Scores closer than this may stand in either order: blocks and single queries add up in different orders."""

Lists = Mapping[tuple[str, EntityKind], Sequence[Suggestion]]


def lists_of(application: Application, run_id: str | None = None) -> Lists:
    """A run's lists by source and kind of target."""
    found: defaultdict[tuple[str, EntityKind], list[Suggestion]] = defaultdict(list)
    for suggestion in nights.suggestions(application, run_id):
        found[suggestion.source_id, suggestion.target_kind].append(suggestion)
    return found


@pytest.fixture(scope="module")
def unshared(
    sample_application: Application, before_any_night: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Application]:
    """A night in which everyone got the most relevant; tests only read it."""
    folder = tmp_path_factory.mktemp("unshared") / "var"
    application = nights.copied(before_any_night, folder, allocation_strength=0)
    application.encoder = sample_application.encoder
    run = nights.run(application)
    assert run.state is RunState.DONE
    yield application
    application.database.close()


def assert_same_list(stored: Sequence[Suggestion], matches: Sequence[Match], size: int) -> None:
    """Ids in order, scores, parts and evidence; ``matches`` go deeper than the list."""
    by_id = {match.id: match for match in matches}
    assert len(stored) == min(size, len(matches))
    assert [suggestion.position for suggestion in stored] == list(range(1, len(stored) + 1))
    for suggestion, expected in zip(stored, matches, strict=False):
        match = by_id[suggestion.target_id]
        if suggestion.target_id != expected.id:
            assert abs(match.score - expected.score) < SAME
        assert suggestion.score == pytest.approx(match.score, abs=SAME)
        assert suggestion.parts == pytest.approx({part.name: part.contribution for part in match.parts}, abs=SAME)
        assert suggestion.evidence_ids == tuple(evidence.id for evidence in match.evidence)


class TestAgainstSingleMatches:
    @pytest.mark.parametrize("kind", SUPPLY_KINDS)
    def test_needs(self, unshared: Application, kind: EntityKind) -> None:
        lists, depth = lists_of(unshared), unshared.night_settings.depths[kind]
        with unshared.database.read() as unit:
            needs = [need.id for need in unit.needs.iterate()]
        assert len(needs) == 15
        for need_id in needs:
            answer = unshared.matching.match_need(TESTER, need_id, MatchRequest((kind,), depth))
            assert_same_list(lists[need_id, kind], answer.lists[0].matches, unshared.settings.list_size)

    def test_achievements(self, unshared: Application) -> None:
        lists, depth = lists_of(unshared), unshared.night_settings.depths[EntityKind.ENTERPRISE]
        with unshared.database.read() as unit:
            achievements = [achievement.id for achievement in unit.achievements.iterate()]
        assert len(achievements) == 150
        for achievement_id in achievements:
            request = MatchRequest((EntityKind.ENTERPRISE,), depth)
            answer = unshared.matching.match_achievement(TESTER, achievement_id, request)
            size = unshared.settings.achievement_list_size
            assert_same_list(lists[achievement_id, EntityKind.ENTERPRISE], answer.lists[0].matches, size)

    @pytest.mark.parametrize("kind", SUPPLY_KINDS)
    def test_enterprises_without_a_need(self, unshared: Application, kind: EntityKind) -> None:
        lists, depth = lists_of(unshared), unshared.night_settings.depths[kind]
        asking = {source for source, _ in lists if source.startswith("9132")}
        assert len(asking) == 2
        with unshared.database.read() as unit:
            for code in sorted(asking):
                enterprise = unit.enterprises.get(code)
                assert enterprise is not None
                query = MatchQuery.of_enterprise(enterprise, max_chars=unshared.settings.max_need_chars)
                opened = unshared.index_server.current().matcher.open(query)
                matches = opened.rank(kind, depth, lambda kind, ids: unit.of(kind).get_many(ids)).matches
                assert_same_list(lists[code, kind], matches, unshared.settings.list_size)

    def test_sharing_out_chooses_among_the_same_candidates(
        self, unshared: Application, later: nights.Libraries
    ) -> None:
        """Scores, parts and evidence are those of everybody's own list; platforms and achievements stay."""
        shared, best = lists_of(later()), lists_of(unshared)
        assert shared.keys() == best.keys()
        for (source, kind), suggestions in shared.items():
            if kind is EntityKind.EXPERT:
                known = {match.target_id: match for match in best[source, kind]}
                assert len(suggestions) <= unshared.settings.list_size
                scores = [suggestion.score for suggestion in suggestions]
                assert scores == sorted(scores, reverse=True)
                assert len({suggestion.target_id for suggestion in suggestions}) == len(suggestions)
                for suggestion in suggestions:
                    other = known.get(suggestion.target_id)
                    assert other is None or (other.score, other.parts) == (suggestion.score, suggestion.parts)
            else:
                assert [replace(each, run_id="") for each in suggestions] == [
                    replace(each, run_id="") for each in best[source, kind]
                ]


def of_all(application: Application, kind: EntityKind) -> dict[str, Entity]:
    with application.database.read() as unit:
        return {entity.id: entity for entity in unit.of(kind).iterate()}


def query_of(application: Application, kind: EntityKind, source_id: str) -> MatchQuery:
    """Who asked, as the library says it now."""
    max_chars = application.settings.max_need_chars
    with application.database.read() as unit:
        if kind is EntityKind.NEED:
            need = unit.needs.get(source_id)
            assert need is not None
            return MatchQuery.of_need(need, unit.enterprises.get(need.enterprise_code), max_chars=max_chars)
        if kind is EntityKind.ENTERPRISE:
            enterprise = unit.enterprises.get(source_id)
            assert enterprise is not None
            return MatchQuery.of_enterprise(enterprise, max_chars=max_chars)
        achievement = unit.achievements.get(source_id)
        assert achievement is not None
        return MatchQuery.of_achievement(achievement)


class TestHardRules:
    @pytest.mark.parametrize("strength", [0.0, 0.1])
    def test_nobody_who_must_not_be(self, libraries: nights.Libraries, strength: float) -> None:
        """Rules are broken by as many as the samples allow: whoever would stand first may not stand at all."""
        application = libraries(allocation_strength=strength)
        nights.run(application)
        first = lists_of(application)
        experts = of_all(application, EntityKind.EXPERT)
        enterprises = of_all(application, EntityKind.ENTERPRISE)
        needs = of_all(application, EntityKind.NEED)
        refusals = [
            {"willingness": Willingness.PAUSED},
            {"willingness": Willingness.DECLINED},
            {"consent_withdrawn_on": date(2026, 11, 1)},
            {"capacity": 2, "n_active_engagements": 2},
        ]
        sources = sorted(needs)
        for source, refusal in zip(sources, refusals, strict=False):
            best = first[source, EntityKind.EXPERT][0].target_id
            nights.change(application, experts[best], **refusal)
        avoided = first[sources[5], EntityKind.EXPERT][0].target_id
        code = needs[sources[5]].enterprise_code
        nights.change(application, experts[avoided], avoided_enterprises=(code,))
        own = first[sources[6], EntityKind.ACHIEVEMENT][0].target_id
        owner = enterprises[needs[sources[6]].enterprise_code]
        nights.change(
            application, of_all(application, EntityKind.ACHIEVEMENT)[own], organisation=f"某大学；{owner.name}"
        )

        nights.run(application)
        for source in (*sources[:4], sources[5]):
            before = first[source, EntityKind.EXPERT][0].target_id
            assert before not in {each.target_id for each in lists_of(application)[source, EntityKind.EXPERT]}
        found = nights.suggestions(application)
        assert own not in {each.target_id for each in found if each.source_id == sources[6]}
        assert (own, owner.id) not in {(each.source_id, each.target_id) for each in found}
        entities = {kind: of_all(application, kind) for kind in (*SUPPLY_KINDS, EntityKind.ENTERPRISE)}
        queries = {(each.source_kind, each.source_id) for each in found}
        asked = {key: query_of(application, *key) for key in queries}
        for each in found:
            entity = entities[each.target_kind][each.target_id]
            assert exclusion_of(entity, asked[each.source_kind, each.source_id]) is None

    def test_what_was_removed_after_the_index_was_built(self, later: nights.Libraries) -> None:
        application = later()
        some = lists_of(application)["XQ2026001", EntityKind.EXPERT][0].target_id
        with application.database.write() as unit:
            assert unit.experts.get(some) is not None
            unit.experts.remove([some])
        run = nights.run(application, refresh_index=False)
        assert run.state is RunState.DONE
        assert some not in {each.target_id for each in nights.suggestions(application)}
        assert len(lists_of(application)["XQ2026001", EntityKind.EXPERT]) == application.settings.list_size


class TestCapacity:
    def test_nobody_stands_in_more_lists_than_there_is_room_for(self, later: nights.Libraries) -> None:
        application = later(lists_per_place=1, default_places=1, max_lists=2)
        run = nights.run(application)
        n_lists = Counter(
            each.target_id for each in nights.suggestions(application) if each.target_kind is EntityKind.EXPERT
        )
        experts = of_all(application, EntityKind.EXPERT)
        for expert_id, n in n_lists.items():
            expert = experts[expert_id]
            assert isinstance(expert, Expert)
            capacity = 1 if expert.capacity is None else expert.capacity
            assert n <= min(capacity - expert.n_active_engagements, 2)
        exposure = run.report["exposure"]["expert"]
        assert exposure["after"]["congestion"] == 0 < exposure["before"]["congestion"]
        assert exposure["after"]["most"] == max(n_lists.values()) < exposure["before"]["most"]

    def test_without_strength_nobody_asks_for_room(self, later: nights.Libraries, unshared: Application) -> None:
        application = later(lists_per_place=1, default_places=1, max_lists=2, allocation_strength=0)
        run = nights.run(application)
        assert nights.content(application, run.id) == nights.content(unshared, nights.published(unshared) or "")
        assert run.report["exposure"]["expert"]["before"] == run.report["exposure"]["expert"]["after"]


class TestDeadlines:
    def test_past_its_deadline_a_need_is_dropped_and_its_enterprise_asks_by_profile(
        self, later: nights.Libraries
    ) -> None:
        application = later()
        needs = of_all(application, EntityKind.NEED)
        today = {each.source_id for each in nights.suggestions(application)}
        as_of = date(2027, 5, 15)
        expired = [need for need in needs.values() if need.deadline < as_of]
        assert 0 < len(expired) < len(needs)
        run = nights.run(application, as_of=as_of)
        then = {each.source_id for each in nights.suggestions(application, run.id)}
        codes = {need.enterprise_code for need in expired}
        still = {need.enterprise_code for need in needs.values() if need.deadline >= as_of}
        assert then - today == codes - still
        assert today - then == {need.id for need in expired}
        assert run.as_of == as_of
        assert run.report["sources"]["need"] == len(needs) - len(expired)

    def test_evidence_ages_from_that_day(self, later: nights.Libraries) -> None:
        """In another year everything is worked out anew, and the newest evidence counts less."""
        application = later()
        before = {
            (each.source_id, each.target_id): each.parts["freshness"]
            for each in nights.suggestions(application)
            if each.target_kind is EntityKind.ACHIEVEMENT
        }
        run = nights.run(application, as_of=date(2027, 1, 1))
        assert run.report["n_carried"] == 0
        after = {
            (each.source_id, each.target_id): each.parts["freshness"]
            for each in nights.suggestions(application)
            if each.target_kind is EntityKind.ACHIEVEMENT
        }
        both = before.keys() & after.keys()
        assert len(both) > 50
        assert all(after[key] <= before[key] for key in both)
        assert any(after[key] < before[key] for key in both)


def test_a_need_that_says_how_it_wants_to_work_is_heard(later: nights.Libraries) -> None:
    """A circumstance that is no text changes the score of the experts, and of nobody else."""
    application = later()
    need = of_all(application, EntityKind.NEED)["XQ2026001"]
    wanted = CooperationMode.TRAINING
    assert need.cooperation_mode is not wanted
    before = lists_of(application)
    nights.change(application, need, cooperation_mode=wanted)
    nights.run(application)
    after = lists_of(application)
    assert [each.parts for each in after[need.id, EntityKind.EXPERT]] != [
        each.parts for each in before[need.id, EntityKind.EXPERT]
    ]
    assert [each.score for each in after[need.id, EntityKind.PLATFORM]] == [
        each.score for each in before[need.id, EntityKind.PLATFORM]
    ]
