"""The best entities of one kind for one query whose passages are scored."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from embeddings.types import FloatMatrix
from recommender.matching.blocks import kernels
from recommender.matching.blocks.found import Found
from recommender.matching.blocks.kernels import Bars, Doubles, Floats, Rows
from recommender.matching.blocks.population import Population
from recommender.matching.config import MatchConfig

FIRST_THRESHOLD: Final = 3.0
"""In units of z; every later query starts a little below where the one before ended."""
SLACK: Final = 0.9


@dataclass(frozen=True, slots=True)
class ScoredQuery:
    """One query against all ``n`` passages.

    Attributes:
        vector: ``(dimension,)`` float64, centred and moved.
        products: ``(n,)`` its products with the passages, from a matrix product.
        words: ``(n,)`` BM25.
    """

    vector: Doubles
    products: Floats
    words: Floats


class EntityFinder:
    """Fuses, adds up and selects over one population. For one thread: it keeps its scratch."""

    def __init__(self, population: Population, vectors: FloatMatrix, config: MatchConfig) -> None:
        self._population = population
        self._vectors = vectors
        self._discount = config.discount(population.kind)
        self._max_passages = config.max_passages
        self._dense_share = config.dense_share(population.kind)
        self._reach = population.reach(config)
        self._fused = np.empty(len(population.rows), dtype=np.float32)
        self._space = np.empty(len(population.rows), dtype=np.int32)
        self._touched = np.empty(population.n_entities, dtype=np.int32)
        self._sums = np.empty(population.n_entities, dtype=np.float32)
        self._marks = np.zeros(population.n_entities, dtype=np.int64)
        self._barred = np.zeros(population.n_entities, dtype=np.uint8)
        self._stamp = 0
        self._threshold = FIRST_THRESHOLD

    def bar(self, barred: Bars) -> None:
        """Leave out these entities from now on, ``(entities,)`` uint8."""
        self._barred[:] = barred

    def find(
        self,
        scored: ScoredQuery,
        moments: tuple[float, float],
        word_moments: tuple[float, float],
        barred_for: Rows,
        *,
        found: Found,
        place: int,
    ) -> None:
        """Write the best of the kind into row ``place`` of ``found``.

        Args:
            scored: the query and what it scored.
            moments, word_moments: mean and deviation of its products and of its BM25 over the population.
            barred_for: entities that this query may not be given.
            found: where the answer goes.
            place: which row of it.
        """
        population = self._population
        coefficients = fusion_coefficients(moments, word_moments, dense_share=self._dense_share)
        kernels.combine(
            self._fused, scored.products, scored.words, population.rows, population.runs, coefficients
        )
        was_barred = self._barred[barred_for]
        self._barred[barred_for] = 1
        self._stamp += 1
        entities, enough = kernels.best_entities(
            self._fused,
            self._space,
            population.owner_starts,
            population.owners,
            population.entity_starts,
            population.entity_positions,
            self._barred,
            self._marks,
            self._stamp,
            self._touched,
            self._sums,
            self._threshold,
            self._reach,
            self._discount,
            self._max_passages,
            found.entities.shape[1] + kernels.SPARE,
        )
        self._barred[barred_for] = was_barred
        self._threshold = SLACK * enough
        kernels.settle(
            self._fused,
            entities,
            population.entity_starts,
            population.entity_positions,
            population.rows,
            scored.vector,
            self._vectors,
            scored.words,
            coefficients,
            self._discount,
            self._max_passages,
            found.entities[place],
            found.text[place],
            found.votes[place],
        )


def fusion_coefficients(
    dense: tuple[float, float], words: tuple[float, float], *, dense_share: float
) -> tuple[float, float, float]:
    """``a, b, c`` so that ``a · cosine + b · bm25 + c`` is the convex combination of the two z-scores.

    Args:
        dense, words: mean and standard deviation of each over the population.
        dense_share: weight of the first, in [0, 1].

    A signal that is the same everywhere says nothing and counts 0, as in
    :func:`recommender.matching.fusion.standardise`.
    """
    smallest = float(np.finfo(np.float32).eps)
    a = dense_share / dense[1] if dense[1] > smallest else 0.0
    b = (1.0 - dense_share) / words[1] if words[1] > smallest else 0.0
    return a, b, -a * dense[0] - b * words[0]
