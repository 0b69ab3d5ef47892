"""A resource library with judged needs, as a test collection."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from embeddings.passages.passage import Passage
from recommender.domain.entities import AchievementPlatform, Enterprise, Entity, Need
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.evaluation.dataset import Dataset, TestQuery
from recommender.matching.corpus import passage_of, passages
from recommender.matching.query import MatchQuery

_MAX_QUERY_CHARS: Final = 20_000


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
    needs = (entity for entity in library if isinstance(entity, Need))
    return Dataset(
        name=name,
        queries=tuple(TestQuery(need.id, need.title, need.text, None) for need in needs if need.id in qrels),
        passages=tuple(supply_passages(library, links)),
        qrels=qrels,
    )


def supply_passages(entities: Iterable[Entity], links: Iterable[AchievementPlatform]) -> Iterable[Passage]:
    """What needs are matched against of a library, as it is indexed for users, in the order given."""
    platforms: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for link in links:
        platforms[link.achievement_id] += (link.platform_id,)
    return passages((entity for entity in entities if entity.kind in SUPPLY_KINDS), platforms)


def query_of(entity: Need | Enterprise) -> TestQuery | None:
    """What a need or an enterprise asks, ``None`` where it has no text.

    Of a need it is what is indexed: of a confidential one its title and public summary.
    """
    if isinstance(entity, Enterprise):
        asked = MatchQuery.of_enterprise(entity, max_chars=_MAX_QUERY_CHARS)
        return TestQuery(entity.id, asked.title, asked.text, None)
    passage = passage_of(entity)
    return None if passage is None else TestQuery(entity.id, passage.title, passage.text, None)


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
