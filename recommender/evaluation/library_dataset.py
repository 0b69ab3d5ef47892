"""A resource library with judged needs, as a test collection."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from recommender.domain.entities import AchievementPlatform, Entity, Need
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.evaluation.dataset import Dataset, TestQuery
from recommender.matching.corpus import passages


def library_dataset(
    name: str,
    entities: Iterable[Entity],
    links: Iterable[AchievementPlatform],
    qrels: Mapping[str, Mapping[str, int]],
) -> Dataset:
    """What needs are matched against, as it is indexed for users, with the library's judged needs as queries.

    Args:
        name: of the collection.
        entities: the whole library, in the order it is indexed in.
        links: which achievement came from which platform.
        qrels: need → entity → grade; needs that are not in it ask nothing.
    """
    library = tuple(entities)
    supply = (entity for entity in library if entity.kind in SUPPLY_KINDS)
    platforms: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for link in links:
        platforms[link.achievement_id] += (link.platform_id,)
    needs = (entity for entity in library if isinstance(entity, Need))
    return Dataset(
        name=name,
        queries=tuple(TestQuery(need.id, need.title, need.text, None) for need in needs if need.id in qrels),
        passages=tuple(passages(supply, platforms)),
        qrels=qrels,
    )


def judged_completely(dataset: Dataset, kinds: Collection[EntityKind]) -> Dataset:
    """The same collection where every indexed entity of the kinds that was not judged is irrelevant.

    For collections whose judges went through everything. Without this, an entity nobody listed is one nobody
    looked at, and nDCG passes over it.
    """
    entities = {
        entity for passage in dataset.passages for kind in kinds for entity in passage.owners.get(kind.value, ())
    }
    irrelevant = dict.fromkeys(sorted(entities), 0)
    return replace(dataset, qrels={query: irrelevant | dict(grades) for query, grades in dataset.qrels.items()})
