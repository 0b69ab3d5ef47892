"""From the library to a night's inputs: vectors and words of all sources, facts of all that can be found."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import numpy as np

from embeddings.encoders.protocol import Encoder, TextRole
from embeddings.passages.index import PassageIndex
from embeddings.text.segment import Segmenter
from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.queries import word_table
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery, passage_terms, query_terms, query_texts, query_vector
from recommender.nightly.inputs import Sources

Progress = Callable[[int, int], None]
"""Told how many of how many sources are ready."""


def needs_as_sources(
    queries: Sequence[MatchQuery],
    index: PassageIndex,
    encoder: Encoder,
    segmenter: Segmenter,
    config: MatchConfig,
    *,
    on_progress: Progress,
) -> Sources:
    """Sources that ask in their own words, encoded as queries are; texts that the cache knows cost little.

    Args:
        queries: needs, and enterprises by profile.
        index: of the side they search.
        encoder, segmenter, config: those of the matcher.
        on_progress: told how many texts are encoded.

    Raises:
        EmbeddingsError: the encoder gives no usable vector.
    """
    texts = [query_texts(query, config) for query in queries]
    flat = list(chain.from_iterable(texts))
    n_done = 0

    def advance(n_new: int) -> None:
        nonlocal n_done
        n_done += n_new
        on_progress(n_done, len(flat))

    encoded = encoder.encode(flat, TextRole.QUERY, on_progress=advance)
    starts = np.concatenate(([0], np.cumsum([len(parts) for parts in texts])))
    vectors = np.empty((len(queries), encoder.dimension), dtype=np.float32)
    for number in range(len(queries)):
        vectors[number] = query_vector(list(encoded[starts[number] : starts[number + 1]]), config)
    bags = [query_terms(query, segmenter, config) for query in queries]
    words, factors = word_table(bags, index.lexical)
    return Sources(vectors, np.arange(len(queries), dtype=np.int32), words, factors)


def achievements_as_sources(
    queries: Sequence[MatchQuery],
    own_side: PassageIndex,
    index: PassageIndex,
    segmenter: Segmenter,
) -> tuple[list[MatchQuery], Sources]:
    """Sources that ask with the passage they are found by, and those of the queries that have one.

    Args:
        queries: achievements.
        own_side: the index they stand in.
        index: of the side they search.
        segmenter: of the matcher.
    """
    links = own_side.links.get(EntityKind.ACHIEVEMENT.value)
    row_of = {} if links is None else links.row_of()
    indexed = [query for query in queries if query.passage is not None and query.source_id in row_of]
    rows = np.array(
        [links.passages[links.starts[row_of[query.source_id]]] for query in indexed] if links else [],
        dtype=np.int32,
    )
    bags = [passage_terms(query, query.passage, segmenter) for query in indexed if query.passage is not None]
    words, factors = word_table(bags, index.lexical)
    return indexed, Sources(own_side.matrix, rows, words, factors)


def entities_in_order(
    index: PassageIndex, kinds: Sequence[EntityKind], read: Mapping[EntityKind, Mapping[str, Entity]]
) -> dict[EntityKind, list[Entity | None]]:
    """The entities of each kind in the order of the index, ``None`` where one is no longer stored."""
    return {
        kind: [read[kind].get(entity_id) for entity_id in index.links[kind.value].entity_ids]
        for kind in kinds
        if kind.value in index.links
    }
