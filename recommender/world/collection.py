"""The city as a test collection: an extract small enough to be judged completely, and the judgements.

In the whole city a topic has hundreds of experts: everything relevant could neither be listed nor be found among
the first hundred. So the corpus takes some experts of each topic with all their evidence, and some platforms;
in a small city that is everybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from recommender.domain.kinds import EntityKind
from recommender.world.achievements import CityAchievement
from recommender.world.careers import Career
from recommender.world.draws import some, stream
from recommender.world.enterprises import CityQuery
from recommender.world.platforms import CityPlatform
from recommender.world.topics import SAME, SIBLING, UNRELATED, TopicSet

EXPERTS_PER_TOPIC: Final = 15
PLATFORMS_PER_TOPIC: Final = 8
"""By main topic."""
EVIDENCE_PER_PLATFORM: Final = 3
"""Besides the evidence of the experts who were taken."""
MAX_JUDGED_QUERIES: Final = 1_000


@dataclass
class Extract:
    """What the corpus takes of the city; achievements are decided on one by one.

    Attributes:
        experts, platforms, achievements: topics by id, the main one first, in order of taking.
    """

    experts: Mapping[str, Sequence[str]]
    platforms: Mapping[str, Sequence[str]]
    achievements: dict[str, Sequence[str]] = field(default_factory=dict)
    _n_of_platform: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def choose(cls, careers: Iterable[Career], platforms: Iterable[CityPlatform], seed: int) -> "Extract":
        """Choose experts and platforms evenly over the topics."""
        experts = {career.id: tuple(topic.id for topic in career.topics) for career in careers}
        offered = {platform.record.id: platform.topics for platform in platforms}
        return cls(
            _some_of_each(experts, EXPERTS_PER_TOPIC, seed), _some_of_each(offered, PLATFORMS_PER_TOPIC, seed)
        )

    def takes(self, achievement: CityAchievement) -> bool:
        """Whether an achievement belongs to the corpus; notes it if so."""
        record = achievement.record
        taken = any(author in self.experts for author in record.author_ids)
        for platform in achievement.platform_ids:
            if platform in self.platforms and (taken or self._n_of_platform[platform] < EVIDENCE_PER_PLATFORM):
                self._n_of_platform[platform] += 1
                taken = True
        if taken:
            self.achievements[record.id] = (achievement.topic,)
        return taken

    @property
    def by_kind(self) -> Mapping[EntityKind, Mapping[str, Sequence[str]]]:
        """Topics by id, for each kind."""
        return {
            EntityKind.EXPERT: self.experts,
            EntityKind.PLATFORM: self.platforms,
            EntityKind.ACHIEVEMENT: self.achievements,
        }


def judgements(topics: TopicSet, extract: Extract) -> dict[str, dict[str, int]]:
    """Grades by topic and entity id; every query about a topic has the same.

    Complete for what is relevant and for near misses; of every other topic one entity of each kind stands for
    the rest, so that lists which pass over what nobody judged still notice a plain miss.
    """
    judged: dict[str, dict[str, int]] = {topic.id: {} for topic in topics}
    for worked_on in extract.by_kind.values():
        workers = _by_topic(worked_on, all_topics=True)
        mains = _by_topic(worked_on, all_topics=False)
        for number, topic in enumerate(topics):
            grades = judged[topic.id]
            for position, other in enumerate(topics):
                members = mains[other.id]
                if members:
                    grades[members[(number + position) % len(members)]] = UNRELATED
            # From the least to the most relevant: what works on several topics keeps its best grade.
            for group, grade in (
                (topics.near_misses(topic), UNRELATED),
                (topics.siblings(topic), SIBLING),
                ((topic,), SAME),
            ):
                grades.update((entity, grade) for other in group for entity in workers[other.id])
    return judged


def _by_topic(worked_on: Mapping[str, Sequence[str]], *, all_topics: bool) -> defaultdict[str, list[str]]:
    """Entities by topic, of all of their topics or of the main one alone, in their order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entity, topics in worked_on.items():
        for topic in topics if all_topics else topics[:1]:
            found[topic].append(entity)
    return found


def judged_queries(queries: Sequence[CityQuery], seed: int) -> list[CityQuery]:
    """Which queries are judged: up to a thousand, evenly over the topics, needs and profiles in turn."""
    rng = stream(seed, "judged")
    by_topic: defaultdict[str, list[CityQuery]] = defaultdict(list)
    for query in some(rng, queries, len(queries)):
        by_topic[query.topic].append(query)
    turns: defaultdict[int, list[CityQuery]] = defaultdict(list)
    for topic in sorted(by_topic):
        for turn, query in enumerate(_in_turn(by_topic[topic])):
            turns[turn].append(query)
    chosen = [query for turn in sorted(turns) for query in turns[turn]]
    return chosen[:MAX_JUDGED_QUERIES]


def _in_turn(queries: Sequence[CityQuery]) -> list[CityQuery]:
    needs = [query for query in queries if query.is_need]
    profiles = [query for query in queries if not query.is_need]
    n_pairs = min(len(needs), len(profiles))
    pairs = [query for pair in zip(needs[:n_pairs], profiles[:n_pairs], strict=True) for query in pair]
    return [*pairs, *needs[n_pairs:], *profiles[n_pairs:]]


def _some_of_each(
    topics_by_id: Mapping[str, Sequence[str]], n_per_topic: int, seed: int
) -> dict[str, Sequence[str]]:
    """So many of each main topic, in their old order."""
    rng = stream(seed, "extract")
    members = _by_topic(topics_by_id, all_topics=False)
    chosen = {entity for topic in sorted(members) for entity in some(rng, members[topic], n_per_topic)}
    return {entity: worked_on for entity, worked_on in topics_by_id.items() if entity in chosen}
