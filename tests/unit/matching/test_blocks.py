"""Blocks of queries against the matcher that answers one by one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.lexical.bm25 import Bm25Index, Term
from embeddings.passages.index import PassageIndex
from embeddings.passages.links import OwnerLinks
from embeddings.text.tokens import TokenTable
from embeddings.types import FloatMatrix
from embeddings.vectors.flat import FlatVectorIndex
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.matching.blocks.found import NOBODY, Found, Sought
from recommender.matching.blocks.moments import Moments
from recommender.matching.blocks.population import Population
from recommender.matching.blocks.queries import QueryBlock, SparseRows, word_table
from recommender.matching.blocks.scorer import BlockScorer
from recommender.matching.config import MatchConfig
from recommender.matching.fusion import Normalisation
from recommender.matching.kind_scores import KindPopulation, KindScores
from recommender.matching.passage_scores import PassageScorer
from recommender.matching.query import EncodedQuery
from recommender.matching.query_terms import QueryTerms

DIMENSION = 16
WORDS = [f"w{number:02d}" for number in range(40)]


def unit(rng: np.random.Generator, n: int) -> FloatMatrix:
    """Unit rows that lean to one side, as those of an encoder do."""
    rows = rng.standard_normal((n, DIMENSION)) + 1.0
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def library(rng: np.random.Generator, n_passages: int) -> tuple[PassageIndex, FloatMatrix]:
    """Passages with owners of three kinds: each an achievement, of a few experts, of some platforms."""
    vectors = unit(rng, n_passages)
    tokens = [[WORDS[w] for w in rng.zipf(1.6, 12) % len(WORDS)] for _ in range(n_passages)]
    n_experts = max(1, n_passages // 3)
    people: list[list[str]] = [
        sorted({f"ZJ{e:04d}" for e in rng.integers(0, n_experts, rng.integers(0, 4))}) for _ in range(n_passages)
    ]
    people[0] = ["ZJ0000"]
    labs: list[list[str]] = [[f"PT{row % 5}"] if row % 3 == 0 else [] for row in range(n_passages)]
    links = {
        EntityKind.EXPERT.value: OwnerLinks.build(people),
        EntityKind.PLATFORM.value: OwnerLinks.build(labs),
        EntityKind.ACHIEVEMENT.value: OwnerLinks.build([[f"CG{row:05d}"] for row in range(n_passages)]),
    }
    texts = cast(Any, None)
    return PassageIndex(FlatVectorIndex(vectors), Bm25Index.build(TokenTable.of(tokens)), texts, links), vectors


def questions(rng: np.random.Generator, n: int) -> list[EncodedQuery]:
    vectors = unit(rng, n)
    bags = [
        {WORDS[w]: float(rng.integers(1, 4)) for w in rng.integers(0, len(WORDS), rng.integers(0, 9))}
        for _ in range(n)
    ]
    bags = [{**bag, "unknown": 1.0} for bag in bags]
    return [
        EncodedQuery(vector, QueryTerms(bag, finding_of(rng, bag), rarity=1.0), ())
        for vector, bag in zip(vectors, bags, strict=True)
    ]


def finding_of(rng: np.random.Generator, bag: Mapping[str, float]) -> dict[Term, float]:
    """Some of the words, words of its own, and neighbours of which the index has some."""
    words: dict[Term, float] = {word: 2.0 for word in bag if rng.random() < 0.7}
    others: dict[Term, float] = {WORDS[w]: 0.5 for w in rng.integers(0, len(WORDS), 3)}
    pairs: dict[Term, float] = {(WORDS[a], WORDS[b]): 1.0 for a, b in rng.integers(0, 8, (6, 2))}
    return words | others | pairs


def block_scorer(
    index: PassageIndex, vectors: FloatMatrix, config: MatchConfig, *, block_size: int
) -> BlockScorer:
    populations = {
        EntityKind(group): Population.of(EntityKind(group), links, Moments.of(vectors, links.population))
        for group, links in index.links.items()
    }
    whole = Moments.of(vectors)
    return BlockScorer(vectors, index.lexical, populations, whole, config, block_size=block_size)


def block_of(queries: list[EncodedQuery], index: PassageIndex) -> QueryBlock:
    words, factors = word_table([query.terms for query in queries], index.lexical)
    return QueryBlock(np.stack([query.vector for query in queries]), words, factors)


def anybody(index: PassageIndex, n_queries: int, k: int) -> dict[EntityKind, Sought]:
    return {
        EntityKind(group): Sought(
            k, np.zeros(len(links.entity_ids), dtype=np.uint8), SparseRows.of([[]] * n_queries)
        )
        for group, links in index.links.items()
    }


def assert_best(found: Found, query: int, scores: KindScores, allowed: np.ndarray, k: int) -> None:
    """One query's answer is what one-by-one scoring says, up to scores that single precision cannot part."""
    expected = scores.text
    order = allowed[np.argsort(-expected[allowed], kind="stable")][:k]
    rows = found.entities[query][found.entities[query] != NOBODY]
    assert len(rows) == len(order)
    assert len(set(rows.tolist())) == len(rows)
    np.testing.assert_allclose(found.text[query, : len(rows)], expected[order], atol=2e-4, rtol=2e-4)
    np.testing.assert_allclose(expected[rows], expected[order], atol=2e-4, rtol=2e-4)
    for place, row in enumerate(rows.tolist()):
        votes = scores.votes(row)[: found.votes.shape[2]]
        heard = [vote for vote in found.votes[query, place].tolist() if vote >= 0]
        assert len(heard) == len(votes)
        np.testing.assert_allclose(scores.fused[heard], [vote.score for vote in votes], atol=2e-4)


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_passages=st.integers(1, 300),
    k=st.sampled_from([1, 3, 10, 500]),
    feedback=st.sampled_from([0, 1, 10]),
    centring=st.sampled_from([0.0, 0.5]),
    discount=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_blocks_find_what_single_queries_find(
    seed: int, n_passages: int, k: int, feedback: int, centring: float, discount: float
) -> None:
    rng = np.random.default_rng(seed)
    index, vectors = library(rng, n_passages)
    queries = questions(rng, 7)
    config = MatchConfig(
        feedback_passages=feedback, centring=centring, passage_discount=discount, max_passages=4, n_evidence=2
    )
    sought = anybody(index, len(queries), k)
    for kind, wanted in sought.items():
        n = len(wanted.barred)
        barred = (rng.random(n) < 0.2).astype(np.uint8)
        own = SparseRows.of([sorted(set(rng.integers(0, n, 2).tolist())) for _ in queries])
        sought[kind] = Sought(k, barred, own)
    found = block_scorer(index, vectors, config, block_size=3).search(block_of(queries, index), sought)

    scorer = PassageScorer(index, config)
    for number, query in enumerate(queries):
        scores = scorer.score(query)
        for kind, wanted in sought.items():
            alone = KindScores.of(KindPopulation(kind, index.links[kind.value]), scores, config)
            open_to_it = wanted.barred == 0
            open_to_it[wanted.barred_for.of_row(number)] = False
            assert_best(found[kind], number, alone, np.flatnonzero(open_to_it), k)


def test_an_answer_does_not_depend_on_its_company() -> None:
    rng = np.random.default_rng(3)
    index, vectors = library(rng, 400)
    queries = questions(rng, 50)
    config = MatchConfig()
    block, sought = block_of(queries, index), anybody(index, 50, 20)
    together = block_scorer(index, vectors, config, block_size=16).search(block, sought)
    scorer = block_scorer(index, vectors, config, block_size=16)
    backwards = [
        scorer.search(block.part(number, number + 1), anybody(index, 1, 20)) for number in reversed(range(50))
    ][::-1]
    for kind in SUPPLY_KINDS:
        for name in ("entities", "text", "votes"):
            alone = np.concatenate([getattr(answer[kind], name) for answer in backwards])
            assert np.array_equal(getattr(together[kind], name), alone), (kind, name)


def test_a_query_without_any_known_word_is_answered_by_meaning() -> None:
    rng = np.random.default_rng(5)
    index, vectors = library(rng, 60)
    query = EncodedQuery(unit(rng, 1)[0], QueryTerms({}), ())
    config = replace(MatchConfig(), feedback_passages=0, centring=0.0)
    found = block_scorer(index, vectors, config, block_size=4).search(
        block_of([query], index), anybody(index, 1, 60)
    )
    best = found[EntityKind.ACHIEVEMENT].entities[0]
    assert best.tolist() == np.argsort(-(vectors @ query.vector), kind="stable").tolist()


def test_only_z_scores_are_offered() -> None:
    rng = np.random.default_rng(5)
    index, vectors = library(rng, 10)
    with pytest.raises(ValueError, match="z-scores"):
        block_scorer(index, vectors, MatchConfig(normalisation=Normalisation.MIN_MAX), block_size=4)
