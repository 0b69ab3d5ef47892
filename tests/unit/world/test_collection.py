"""The city as a test collection: who is taken, what is judged."""

from collections import Counter

from recommender.domain.kinds import EntityKind
from recommender.world.collection import (
    EVIDENCE_PER_PLATFORM,
    EXPERTS_PER_TOPIC,
    MAX_JUDGED_QUERIES,
    PLATFORMS_PER_TOPIC,
    Extract,
    judged_queries,
    judgements,
)
from recommender.world.enterprises import CityQuery
from tests.unit.world.material import MATERIAL, city, small_city

TOPICS = MATERIAL.topics


def extract_of_small_city() -> Extract:
    extract = Extract.choose(small_city().careers, small_city().platforms, 7)
    for achievement in small_city().achievements():
        extract.takes(achievement)
    return extract


SMALL = extract_of_small_city()


def test_a_small_city_is_taken_whole() -> None:
    tiny = city(scale=0.002)
    extract = Extract.choose(tiny.careers, tiny.platforms, 7)
    assert {extract.takes(achievement) for achievement in tiny.achievements()} == {True}
    assert len(extract.experts) == tiny.size.n_experts
    assert len(extract.platforms) == tiny.size.n_platforms
    assert len(extract.achievements) == tiny.size.n_achievements


def test_of_a_larger_city_some_of_each_topic_are_taken() -> None:
    large = city(scale=0.1)
    extract = Extract.choose(large.careers, large.platforms, 7)
    for taken, limit, planned in (
        (extract.experts, EXPERTS_PER_TOPIC, large.spread.experts),
        (extract.platforms, PLATFORMS_PER_TOPIC, large.spread.platforms),
    ):
        counts = Counter(topics[0] for topics in taken.values())
        assert counts == {topic: min(limit, n) for topic, n in planned.items() if n > 0}


def test_all_evidence_of_who_was_taken_and_some_of_each_platform() -> None:
    large = city(scale=0.1)
    extract = Extract.choose(large.careers, large.platforms, 7)
    achievements = list(large.achievements())
    taken = [achievement for achievement in achievements if extract.takes(achievement)]
    assert 0 < len(taken) < len(achievements)
    of_experts = {
        item.record.id
        for item in achievements
        if any(author in extract.experts for author in item.record.author_ids)
    }
    assert of_experts <= set(extract.achievements)
    others = [item for item in taken if item.record.id not in of_experts]
    of_platform = Counter(platform for item in others for platform in item.platform_ids)
    assert 0 < max(of_platform.values()) <= EVIDENCE_PER_PLATFORM


def test_what_is_relevant_is_judged_completely() -> None:
    judged = judgements(TOPICS, SMALL)
    for topic in TOPICS:
        near = {miss.id for miss in TOPICS.near_misses(topic)}
        for worked_on_by_id in SMALL.by_kind.values():
            for entity, worked_on in worked_on_by_id.items():
                grade = TOPICS.grade(topic.id, worked_on)
                if grade > 0 or near.intersection(worked_on):
                    assert judged[topic.id][entity] == grade
                else:
                    assert judged[topic.id].get(entity, 0) == 0


def test_every_other_topic_is_represented_by_one_miss_of_each_kind() -> None:
    judged = judgements(TOPICS, SMALL)
    for topic in TOPICS:
        close = {topic.id, *(other.id for other in (*TOPICS.siblings(topic), *TOPICS.near_misses(topic)))}
        for worked_on_by_id in SMALL.by_kind.values():
            plain = [
                worked_on[0]
                for entity, worked_on in worked_on_by_id.items()
                if entity in judged[topic.id] and not close.intersection(worked_on)
            ]
            assert max(Counter(plain).values()) == 1
            assert len(plain) >= 0.5 * len({worked_on[0] for worked_on in worked_on_by_id.values()} - close)


def test_a_query_finds_all_grades_of_experts_and_achievements() -> None:
    judged = judgements(TOPICS, SMALL)
    popular = max(small_city().spread.experts, key=lambda topic: small_city().spread.experts[topic])
    for kind in (EntityKind.EXPERT, EntityKind.ACHIEVEMENT):
        grades = Counter(judged[popular][entity] for entity in SMALL.by_kind[kind] if entity in judged[popular])
        assert set(grades) == {0, 1, 3}


def query(number: int, topic: str, *, is_need: bool) -> CityQuery:
    return CityQuery(f"Q{number}", "名", "文", topic, is_need)


def test_queries_are_judged_evenly_over_topics_and_kinds() -> None:
    ids = [topic.id for topic in TOPICS]
    popular = [query(n, ids[0], is_need=n % 10 == 0) for n in range(5000)]
    others = [query(10_000 + n, ids[1 + n % 100], is_need=n % 2 == 0) for n in range(1000)]
    judged = judged_queries([*popular, *others], 7)
    assert len(judged) == MAX_JUDGED_QUERIES
    counts = Counter(item.topic for item in judged)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert len(counts) == 101
    assert {item.is_need for item in judged if item.topic == ids[0]} == {True, False}


def test_all_are_judged_where_there_are_few() -> None:
    queries = [query(n, TOPICS["slab-corner-crack"].id, is_need=n < 3) for n in range(40)]
    judged = judged_queries(queries, 7)
    assert {item.id for item in judged} == {item.id for item in queries}
    assert [item.is_need for item in judged[:6]] == [True, False] * 3
