"""Finds each query's best entities of every kind, for a block of queries at a time.

The steps are those of :class:`recommender.matching.passage_scores.PassageScorer` and
:class:`recommender.matching.kind_scores.KindScores`, in another order. All queries of a block meet all passages
in one matrix product for the first look, which is all that experts and platforms need, and in one for the moved
queries; centring and feedback act on the queries instead of on the products, which comes to the same; mean and
deviation of the cosines follow from the mean and covariance of the passages; only entities that can still enter a
list are added up; and those that come near are scored once more in a fixed order of additions
(:mod:`recommender.matching.blocks.kernels`). Nothing is approximated.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from embeddings.lexical.bm25 import Bm25Index
from embeddings.types import FloatMatrix
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks import kernels
from recommender.matching.blocks.finder import (
    FIRST_THRESHOLD,
    SLACK,
    EntityFinder,
    ScoredQuery,
    fusion_coefficients,
)
from recommender.matching.blocks.found import Found, Sought
from recommender.matching.blocks.kernels import Doubles
from recommender.matching.blocks.moments import Moments
from recommender.matching.blocks.population import Population, runs_of
from recommender.matching.blocks.queries import Bag, QueryBlock
from recommender.matching.blocks.word_groups import WordGroups
from recommender.matching.config import FOUND_KINDS, MatchConfig
from recommender.matching.fusion import Normalisation
from recommender.matching.selection import best


class BlockScorer:
    """Scores blocks of queries against one part of an index. For one thread: it keeps its scratch.

    Args:
        vectors: ``(passages, dimension)`` unit rows.
        lexical: of the same passages.
        populations: the kinds of the part.
        whole: moments of all the vectors.
        config: numbers of the matcher; the normalisation must be by z-scores.
        block_size: queries of one matrix product.
    """

    def __init__(
        self,
        vectors: FloatMatrix,
        lexical: Bm25Index,
        populations: Mapping[EntityKind, Population],
        whole: Moments,
        config: MatchConfig,
        *,
        block_size: int = 128,
    ) -> None:
        if config.normalisation is not Normalisation.Z_SCORE:
            raise ValueError("blocks are scored with z-scores only")
        n_passages = len(vectors)
        self._vectors = vectors
        self._lexical = lexical
        self._populations = populations
        self._whole = whole
        self._config = config
        self._block_size = block_size
        self._products = np.empty((block_size, n_passages), dtype=np.float32)
        self._words = np.empty((block_size, n_passages), dtype=np.float32)
        self._fused = np.empty(n_passages, dtype=np.float32)
        self._touched = np.empty(n_passages, dtype=np.int32)
        self._everything = np.arange(n_passages, dtype=np.int32)
        self._near_from = FIRST_THRESHOLD
        self._all_in_one = runs_of(np.arange(n_passages))
        self._groups = WordGroups.of(n_passages, populations)
        self._word_moments: list[dict[EntityKind | None, tuple[float, float]]] = []
        self._finders = {
            kind: EntityFinder(population, vectors, config) for kind, population in populations.items()
        }

    def search(self, queries: QueryBlock, sought: Mapping[EntityKind, Sought]) -> dict[EntityKind, Found]:
        """The best entities of each kind that is sought, for any number of queries."""
        found = {
            kind: Found.nothing(len(queries), wanted.k, self._config.n_evidence)
            for kind, wanted in sought.items()
        }
        for kind, wanted in sought.items():
            self._finders[kind].bar(wanted.barred)
        for first in range(0, len(queries), self._block_size):
            block = queries.part(first, min(first + self._block_size, len(queries)))
            rows = range(first, first + len(block))
            vectors = self._centred(self._padded(block))
            self._multiply(vectors)
            finding = {kind: wanted for kind, wanted in sought.items() if kind in FOUND_KINDS}
            if finding:
                self._look_up(block, Bag.FINDING)
                self._find_all(finding, vectors, rows, found)
            others = {kind: wanted for kind, wanted in sought.items() if kind not in FOUND_KINDS}
            if others:
                self._look_up(block, Bag.WORDS)
                self._find_all(others, self._moved(vectors, len(block)), rows, found)
        return found

    def _find_all(
        self,
        sought: Mapping[EntityKind, Sought],
        vectors: Doubles,
        queries: range,
        found: Mapping[EntityKind, Found],
    ) -> None:
        for kind, wanted in sought.items():
            self._find(kind, vectors, queries, wanted, found[kind])

    def _find(self, kind: EntityKind, vectors: Doubles, queries: range, wanted: Sought, found: Found) -> None:
        moments_of = _pairs(self._populations[kind].moments, vectors)
        for place, (query, moments) in enumerate(zip(queries, moments_of, strict=False)):
            scored = ScoredQuery(vectors[place], self._products[place], self._words[place])
            word_moments = self._word_moments[place][kind]
            barred_for = wanted.barred_for.of_row(query)
            self._finders[kind].find(scored, moments, word_moments, barred_for, found=found, place=query)

    def _look_up(self, block: QueryBlock, bag: Bag) -> None:
        """Score the words of one bag."""
        lexical = self._lexical
        self._word_moments.clear()
        for place in range(len(block)):
            words = self._words[place]
            words.fill(0.0)
            columns, factors = block.words_of(place, bag)
            n_touched = kernels.add_terms(
                words,
                self._touched,
                columns,
                factors,
                lexical.column_starts,
                lexical.rows,
                lexical.weights,
            )
            self._word_moments.append(self._groups.moments(words, self._touched[:n_touched]))

    def _padded(self, block: QueryBlock) -> Doubles:
        """``(block_size, dimension)``, with zeros for absent queries: products with matrices keep one shape."""
        vectors = np.zeros((self._block_size, self._vectors.shape[1]))
        vectors[: len(block)] = block.vectors
        return vectors

    def _moved(self, centred: Doubles, n_queries: int) -> Doubles:
        """Each query moved towards what it finds first, with the products of the moved ones."""
        share = self._config.feedback_share
        if not self._config.feedback_passages or not share or not len(self._vectors):
            return centred
        moved = centred.copy()
        for place, moments in zip(range(n_queries), _pairs(self._whole, centred), strict=False):
            near = self._centred(self._near(place, centred[place], moments))
            moved[place] = (1.0 - share) * centred[place] + share * near
        self._multiply(moved)
        return moved

    def _near(self, place: int, vector: Doubles, moments: tuple[float, float]) -> Doubles:
        """Mean of the passages that one query of the block finds first."""
        n_first = self._config.feedback_passages
        words = self._words[place]
        coefficients = fusion_coefficients(
            moments, self._word_moments[place][None], dense_share=self._config.dense_weight
        )
        kernels.combine(
            self._fused, self._products[place], words, self._everything, self._all_in_one, coefficients
        )
        n_picked = kernels.pick(self._fused, self._near_from, self._touched)
        wanted = n_first + kernels.SPARE
        picked = self._touched[:n_picked] if n_picked >= wanted else self._everything
        near = picked[kernels.best_positions(self._fused[picked], wanted)]
        self._near_from = SLACK * float(self._fused[near[-1]])
        near.sort()
        scores = np.empty(len(near), dtype=np.float32)
        kernels.rescore(near, self._everything, vector, self._vectors, words, coefficients, scores)
        first = near[best(scores, n_first)]
        return np.asarray(self._vectors[first].mean(axis=0, dtype=np.float64))

    def _centred(self, vectors: Doubles) -> Doubles:
        """Without the share of what all passages have in common."""
        return vectors - self._config.centring * self._whole.mean

    def _multiply(self, vectors: Doubles) -> None:
        """Products of the block with all passages."""
        np.matmul(vectors.astype(np.float32), self._vectors.T, out=self._products)


def _pairs(moments: Moments, vectors: Doubles) -> Iterator[tuple[float, float]]:
    """Mean and deviation of each vector's products."""
    means, deviations = moments.of_products(vectors)
    return zip(means.tolist(), deviations.tolist(), strict=True)
