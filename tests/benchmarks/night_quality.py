"""What sharing out costs: nDCG@10 of a night's lists against the city's ground truth, before and after.

A target that works on a source's topic has grade 3, one on another topic of the same sub-field 1, others 0
(docs/world.md). Every topic has more targets than a list has places, so the ideal list is all threes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.bootstrap import Application
from recommender.domain.kinds import EntityKind
from recommender.domain.runs import ShardStage
from recommender.matching.sides import Side
from recommender.nightly.lists import Table
from recommender.nightly.night import Night
from recommender.nightly.shard import ShardCandidates
from recommender.services.nightly.results import NightResults

SAME, SIBLING = 3, 1


@dataclass(frozen=True)
class Truth:
    """Topics of everything in a city, as numbers.

    Attributes:
        topics: by kind and id, the topics it works on, the main one first.
        siblings: ``(topics, topics)`` whether two are of the same sub-field.
    """

    topics: Mapping[tuple[str, str], tuple[int, ...]]
    siblings: npt.NDArray[np.bool_]

    @classmethod
    def read(cls, city: Path) -> "Truth":
        """From the files of a city."""
        rows = [line.split("\t") for line in (city / "topics.tsv").read_text(encoding="utf-8").splitlines()[1:]]
        named = {(kind, id_): topics.split(";") for kind, id_, topics in rows}
        numbers = {name: n for n, name in enumerate(sorted({t for topics in named.values() for t in topics}))}
        siblings = np.zeros((len(numbers), len(numbers)), dtype=np.bool_)
        for line in (city / "relations.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            one, _, other, _, grade = line.split("\t")
            if int(grade) == SIBLING:
                siblings[numbers[one], numbers[other]] = siblings[numbers[other], numbers[one]] = True
        return cls({key: tuple(numbers[t] for t in topics) for key, topics in named.items()}, siblings)

    def of(self, kind: str, id_: str) -> tuple[int, ...]:
        """Topics of an entity."""
        return self.topics.get((kind, id_), ())


def lists_quality(application: Application, run_id: str, city: Path) -> dict[str, dict[str, float]]:
    """Mean nDCG@10 of a run's lists by kind of target, before and after sharing out."""
    night = Night.open(application.settings.var_dir.resolve() / "nights" / run_id)
    with application.database.read() as unit:
        shards = {
            number: ShardCandidates.from_bytes(payload)
            for number, payload in unit.shards.payloads(run_id, ShardStage.CANDIDATES)
        }
    results = NightResults(night, shards)
    truth = Truth.read(city)
    keys = night.plan.rolls[Side.SUPPLY].keys
    asked = [truth.of(kind, id_)[:1] for kind, id_ in keys]
    topic_of_source = np.array([topics[0] if topics else -1 for topics in asked])
    of_side = [shard for number, shard in shards.items() if night.plan.shards[number].side is Side.SUPPLY]
    found = {}
    for kind in (EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT):
        size = night.plan.policy.list_sizes[kind]
        table = Table.of(kind, of_side, len(keys), night.plan.depths[kind])
        ids = night.indexes[Side.SUPPLY].links[kind.value].entity_ids
        grades = _grades(truth, topic_of_source, [truth.of(kind.value, id_) for id_ in ids], table.entities)
        known = topic_of_source >= 0
        before = np.zeros_like(results.allocated[kind].chosen)
        before[:, :size] = True
        found[kind.value] = {
            "before": _ndcg(grades[known], before[known], size),
            "after": _ndcg(grades[known], results.allocated[kind].chosen[known], size),
        }
    return found


def _grades(
    truth: Truth,
    topic_of_source: npt.NDArray[np.int64],
    topics_of_entity: list[tuple[int, ...]],
    entities: npt.NDArray[np.int32],
) -> npt.NDArray[np.int64]:
    """``(sources, k)`` grades of the candidates; an entity has up to three topics."""
    width = max(map(len, topics_of_entity))
    padded = np.full((len(topics_of_entity) + 1, width), -1)
    for row, topics in enumerate(topics_of_entity):
        padded[row, : len(topics)] = topics
    worked_on = padded[entities]
    asked = topic_of_source[:, None, None]
    same = (worked_on == asked) & (worked_on >= 0)
    sibling = truth.siblings[np.maximum(asked, 0), np.maximum(worked_on, 0)] & (worked_on >= 0)
    grade = np.where(same, SAME, np.where(sibling, SIBLING, 0)).max(axis=2)
    return np.where(entities >= 0, grade, 0)


def _ndcg(grades: npt.NDArray[np.int64], chosen: npt.NDArray[np.bool_], size: int) -> float:
    place = np.where(chosen, chosen.cumsum(axis=1) - 1, 0)
    discount = np.where(chosen, 1.0 / np.log2(place + 2), 0.0)
    gained = ((2.0**grades - 1) * discount).sum(axis=1)
    ideal = (2.0**SAME - 1) * sum(1.0 / np.log2(position + 2) for position in range(size))
    return round(float((gained / ideal).mean()), 4)
