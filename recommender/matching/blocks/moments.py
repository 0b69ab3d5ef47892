"""Mean and spread of the cosines of any query with many passages, without looking at the cosines."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from embeddings.types import FloatMatrix
from recommender.matching.blocks.kernels import Doubles

_ROWS_AT_ONCE: Final = 16_384


@dataclass(frozen=True, slots=True)
class Moments:
    """First and second moments of some vectors.

    Attributes:
        mean: ``(dimension,)`` float64.
        covariance: ``(dimension, dimension)`` float64.
    """

    mean: Doubles
    covariance: Doubles

    @classmethod
    def of(cls, vectors: FloatMatrix, rows: npt.NDArray[np.integer] | None = None) -> "Moments":
        """Of these rows of ``(n, dimension)`` vectors, of all by default; zeros for no rows.

        Worked out by one thread: several would give other last bits than one.
        """
        with threadpool_limits(1, user_api="blas"):
            return cls._of(vectors, rows)

    @classmethod
    def _of(cls, vectors: FloatMatrix, rows: npt.NDArray[np.integer] | None) -> "Moments":
        chosen = np.arange(len(vectors)) if rows is None else rows
        n, dimension = max(len(chosen), 1), vectors.shape[1]
        mean = np.zeros(dimension)
        for start in range(0, len(chosen), _ROWS_AT_ONCE):
            mean += vectors[chosen[start : start + _ROWS_AT_ONCE]].sum(axis=0, dtype=np.float64)
        mean /= n
        centre = mean.astype(np.float32)
        products = np.zeros((dimension, dimension))
        for start in range(0, len(chosen), _ROWS_AT_ONCE):
            # About the mean, single precision loses nothing that a standard deviation would notice.
            away = vectors[chosen[start : start + _ROWS_AT_ONCE]] - centre
            products += away.T @ away
        return cls(mean, products / n)

    def of_products(self, queries: npt.NDArray[np.floating]) -> tuple[Doubles, Doubles]:
        """Mean and standard deviation, ``(q,)`` each, of the products of ``(q, dimension)`` queries with all."""
        wide = queries.astype(np.float64)
        variance = np.einsum("qd,qd->q", wide @ self.covariance, wide)
        return wide @ self.mean, np.sqrt(np.maximum(variance, 0.0))
