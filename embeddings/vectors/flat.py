"""Exact search with FAISS over a matrix as it lies, in memory or mapped from a file: nothing is copied.

At a city's size no approximate index is needed, and under a selective filter approximate ones return too few
rows. A filter is served by gathering the rows it leaves and searching those.
"""

import faiss
import numpy as np
import numpy.typing as npt

from embeddings.types import FloatMatrix, FloatVector, RowIds
from embeddings.vectors.protocol import SearchResult, check_unit_rows

# Larger blocks for batches of queries: 1.6 times the default throughput on two cores.
faiss.cvar.distance_compute_blas_query_bs = 512
faiss.cvar.distance_compute_blas_database_bs = 16_384


class FlatVectorIndex:
    """FAISS's exact kernels over unit rows; read-only, so it may be searched from many threads.

    Args:
        vectors: ``(n, dimension)`` float32, unit rows; must not change while the index lives.

    Raises:
        EmbeddingsError: ``index.bad_vectors``.
    """

    def __init__(self, vectors: FloatMatrix) -> None:
        check_unit_rows(vectors)
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)

    @property
    def matrix(self) -> FloatMatrix:
        """See :attr:`embeddings.vectors.protocol.VectorIndex.matrix`."""
        return self._vectors

    @property
    def size(self) -> int:
        """Number of vectors."""
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return int(self._vectors.shape[1])

    def search(self, queries: FloatMatrix, k: int, *, rows: RowIds | None = None) -> SearchResult:
        """See :meth:`embeddings.vectors.protocol.VectorIndex.search`."""
        if rows is None:
            return _search(self._vectors, queries, k)
        local = _search(self._vectors[rows], queries, k)
        return SearchResult(rows=rows[local.rows], scores=local.scores)

    def score_all(self, query: FloatVector) -> FloatVector:
        """See :meth:`embeddings.vectors.protocol.VectorIndex.score_all`."""
        query = np.ascontiguousarray(query, dtype=np.float32)
        scores = np.empty(self.size, dtype=np.float32)
        pointers = map(faiss.swig_ptr, (scores, query, self._vectors))
        faiss.fvec_inner_products_ny(*pointers, self.dimension, self.size)  # type: ignore[attr-defined]
        return scores

    def mean(self, rows: RowIds | None = None) -> FloatVector:
        """See :meth:`embeddings.vectors.protocol.VectorIndex.mean`."""
        chosen = self._vectors if rows is None else self._vectors[rows]
        total: npt.NDArray[np.float64] = chosen.sum(axis=0, dtype=np.float64)
        return (total / max(len(chosen), 1)).astype(np.float32)


def _search(vectors: FloatMatrix, queries: FloatMatrix, k: int) -> SearchResult:
    depth = min(k, len(vectors))
    if depth == 0:
        empty = np.empty((len(queries), 0))
        return SearchResult(rows=empty.astype(np.int64), scores=empty.astype(np.float32))
    scores, rows = faiss.knn(np.ascontiguousarray(queries), vectors, depth, metric=faiss.METRIC_INNER_PRODUCT)
    order = np.lexsort((rows, -scores), axis=1)
    return SearchResult(
        rows=np.take_along_axis(rows, order, axis=1), scores=np.take_along_axis(scores, order, axis=1)
    )
