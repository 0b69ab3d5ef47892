"""Exact search with FAISS.

At a city's size no approximate index is needed, and under a selective filter approximate ones return too few
rows. A filter is served by gathering the rows it leaves and searching those.
"""

import faiss
import numpy as np
import numpy.typing as npt

from embeddings.types import FloatMatrix, FloatVector, RowIds
from embeddings.vectors.protocol import SearchResult, check_unit_rows

_BELOW_EVERY_COSINE = -2.0

# Larger blocks for batches of queries: 1.6 times the default throughput on two cores.
faiss.cvar.distance_compute_blas_query_bs = 512
faiss.cvar.distance_compute_blas_database_bs = 16_384


class FlatVectorIndex:
    """FAISS ``IndexFlatIP`` over unit rows; read-only once built, so it may be searched from many threads.

    Args:
        vectors: ``(n, dimension)`` float32, unit rows.

    Raises:
        EmbeddingsError: ``index.bad_vectors``.
    """

    def __init__(self, vectors: FloatMatrix) -> None:
        check_unit_rows(vectors)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors))
        # A view of what FAISS holds, so that the vectors are in memory once.
        flat = faiss.rev_swig_ptr(self._index.get_xb(), vectors.size)
        self._vectors: FloatMatrix = np.asarray(flat).reshape(vectors.shape)

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return int(self._index.d)

    def search(self, queries: FloatMatrix, k: int, *, rows: RowIds | None = None) -> SearchResult:
        """See :meth:`embeddings.vectors.protocol.VectorIndex.search`."""
        if rows is None:
            return _search(self._index, queries, k)
        subset = faiss.IndexFlatIP(self.dimension)
        subset.add(np.ascontiguousarray(self._vectors[rows]))
        local = _search(subset, queries, k)
        return SearchResult(rows=rows[local.rows], scores=local.scores)

    def score_all(self, query: FloatVector) -> FloatVector:
        """See :meth:`embeddings.vectors.protocol.VectorIndex.score_all`.

        A range search below every possible cosine visits each row once without keeping a heap.
        """
        _, scores, rows = self._index.range_search(query[None, :], _BELOW_EVERY_COSINE)
        result = np.empty(self.size, dtype=np.float32)
        result[rows] = scores
        return result

    def mean(self, rows: RowIds | None = None) -> FloatVector:
        """See :meth:`embeddings.vectors.protocol.VectorIndex.mean`."""
        chosen = self._vectors if rows is None else self._vectors[rows]
        total: npt.NDArray[np.float64] = chosen.sum(axis=0, dtype=np.float64)
        return (total / max(len(chosen), 1)).astype(np.float32)


def _search(index: faiss.IndexFlatIP, queries: FloatMatrix, k: int) -> SearchResult:
    depth = min(k, int(index.ntotal))
    if depth == 0:
        empty = np.empty((len(queries), 0))
        return SearchResult(rows=empty.astype(np.int64), scores=empty.astype(np.float32))
    scores, rows = index.search(np.ascontiguousarray(queries), depth)
    order = np.lexsort((rows, -scores), axis=1)
    return SearchResult(
        rows=np.take_along_axis(rows, order, axis=1), scores=np.take_along_axis(scores, order, axis=1)
    )
