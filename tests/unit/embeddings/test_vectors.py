"""FAISS against a plain numpy oracle."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import EmbeddingsError
from embeddings.types import FloatMatrix, FloatVector, RowIds
from embeddings.vectors.flat import FlatVectorIndex
from embeddings.vectors.protocol import SearchResult, VectorIndex


class NumpyVectorIndex:
    """The definition: all inner products, sorted by score and then by row."""

    def __init__(self, vectors: FloatMatrix) -> None:
        self._vectors = vectors

    @property
    def matrix(self) -> FloatMatrix:
        return self._vectors

    @property
    def size(self) -> int:
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def search(self, queries: FloatMatrix, k: int, *, rows: RowIds | None = None) -> SearchResult:
        chosen = np.arange(self.size) if rows is None else rows
        scores = queries @ self._vectors[chosen].T
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return SearchResult(rows=chosen[order], scores=np.take_along_axis(scores, order, axis=1))

    def score_all(self, query: FloatVector) -> FloatVector:
        return np.asarray(self._vectors @ query)


def unit_rows(n: int, dimension: int, seed: int) -> FloatMatrix:
    rows = np.random.default_rng(seed).normal(size=(n, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def assert_best(found: SearchResult, vectors: FloatMatrix, queries: FloatMatrix, expected: SearchResult) -> None:
    """The oracle's scores, each at a row of its own that has it.

    The rows themselves may differ where two scores differ by no more than rounding.
    """
    np.testing.assert_allclose(found.scores, expected.scores, atol=1e-5)
    own_scores = np.take_along_axis(queries @ vectors.T, found.rows, axis=1)
    np.testing.assert_allclose(found.scores, own_scores, atol=1e-5)
    assert all(len(set(rows)) == len(rows) for rows in found.rows.tolist())


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 300), k=st.integers(1, 320), seed=st.integers(0, 10_000))
def test_search_equals_the_oracle(n: int, k: int, seed: int) -> None:
    vectors, queries = unit_rows(n, 16, seed), unit_rows(3, 16, seed + 1)
    found = FlatVectorIndex(vectors).search(queries, k)
    assert found.rows.shape == (3, min(k, n))
    assert_best(found, vectors, queries, NumpyVectorIndex(vectors).search(queries, k))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), n=st.integers(1, 200), seed=st.integers(0, 10_000))
def test_filtered_search_gives_every_allowed_row(data: st.DataObject, n: int, seed: int) -> None:
    chosen = data.draw(st.sets(st.integers(0, n - 1), min_size=1))
    rows = np.array(sorted(chosen), dtype=np.int64)
    vectors, queries = unit_rows(n, 16, seed), unit_rows(2, 16, seed + 1)
    found = FlatVectorIndex(vectors).search(queries, 10, rows=rows)
    assert found.rows.shape == (2, min(10, len(rows)))
    assert set(found.rows.flat) <= chosen
    assert_best(found, vectors, queries, NumpyVectorIndex(vectors).search(queries, 10, rows=rows))


@pytest.mark.parametrize("n", [1, 7, 5000])
def test_score_all_gives_each_row_its_cosine(n: int) -> None:
    vectors, query = unit_rows(n, 32, 3), unit_rows(1, 32, 4)[0]
    index: VectorIndex = FlatVectorIndex(vectors)
    np.testing.assert_allclose(index.score_all(query), NumpyVectorIndex(vectors).score_all(query), atol=1e-5)


def test_opposite_vectors_are_scored_too() -> None:
    vector = unit_rows(1, 8, 5)
    assert FlatVectorIndex(vector).score_all(-vector[0])[0] == pytest.approx(-1.0, abs=1e-5)


def test_equal_scores_come_in_row_order() -> None:
    vectors = np.repeat(unit_rows(1, 8, 6), 5, axis=0)
    assert FlatVectorIndex(vectors).search(vectors[:1], 3).rows.tolist() == [[0, 1, 2]]


def test_an_empty_index_answers_with_nothing() -> None:
    index = FlatVectorIndex(np.zeros((0, 8), dtype=np.float32))
    assert index.search(unit_rows(2, 8, 7), 5).rows.shape == (2, 0)
    assert index.score_all(unit_rows(1, 8, 7)[0]).shape == (0,)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, 7.0])
def test_rows_that_are_not_unit_vectors_are_refused(bad: float) -> None:
    vectors = unit_rows(4, 8, 8)
    vectors[2] = bad
    with pytest.raises(EmbeddingsError) as caught:
        FlatVectorIndex(vectors)
    assert caught.value.code == "index.bad_vectors"
    assert "首行为 2" in str(caught.value)
