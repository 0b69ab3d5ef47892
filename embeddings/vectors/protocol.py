"""What a vector index can do; FAISS serves, plain numpy is the oracle of the tests."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from embeddings.errors import EmbeddingsError
from embeddings.types import FloatMatrix, FloatVector, RowIds

_NORM_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Best rows per query.

    Attributes:
        rows: ``(q, k)`` int64, best first; equal scores in ascending row order.
        scores: ``(q, k)`` float32 cosines in [-1, 1]; higher is closer.
    """

    rows: npt.NDArray[np.int64]
    scores: FloatMatrix


class VectorIndex(Protocol):
    """Exact inner-product search over unit rows; a score is a cosine, higher is closer."""

    @property
    def size(self) -> int:
        """Number of vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    @property
    def matrix(self) -> FloatMatrix:
        """``(size, dimension)`` the vectors themselves; not to be written to."""
        ...

    def search(self, queries: FloatMatrix, k: int, *, rows: RowIds | None = None) -> SearchResult:
        """The ``min(k, size or len(rows))`` nearest rows for each of ``(q, dimension)`` queries.

        Args:
            queries: unit rows.
            k: at least 1.
            rows: search only these rows (distinct, ascending); always exact, never fewer than there are.
        """
        ...

    def score_all(self, query: FloatVector) -> FloatVector:
        """``(size,)`` inner products of one ``(dimension,)`` query with every row.

        Args:
            query: of unit length, then the products are cosines, or shorter.
        """
        ...

    def mean(self, rows: RowIds | None = None) -> FloatVector:
        """``(dimension,)`` mean of these rows, of all by default; at most of unit length, zeros for no rows."""
        ...


def check_unit_rows(vectors: FloatMatrix) -> None:
    """Refuse what an index would store silently and answer nonsense from.

    Raises:
        EmbeddingsError: ``index.bad_vectors`` when a row holds NaN or infinity or is not of unit length.
    """
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    bad = np.flatnonzero(~(np.abs(norms - 1.0) <= _NORM_TOLERANCE))
    if bad.size:
        raise EmbeddingsError("index.bad_vectors", detail=f"{bad.size} 行不是单位向量，首行为 {bad[0]}")
