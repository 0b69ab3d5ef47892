"""BM25 against the formula written out in plain Python, and bit for bit against bm25s."""

import math
from collections import Counter
from collections.abc import Sequence

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.lexical.bm25 import Bm25Index
from embeddings.text.tokens import TokenTable

K1, B = 1.5, 0.75
WORDS = st.sampled_from(["薄板", "边裂", "淬火", "涂层", "sic", "电池"])
CORPORA = st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=12)


def by_formula(passages: Sequence[Sequence[str]], query: dict[str, float]) -> list[float]:
    """Lucene's BM25: idf · tf / (tf + k1 · (1 - b + b · length / mean length)), weighted and summed."""
    n = len(passages)
    mean_length = sum(map(len, passages)) / n
    scores = []
    for passage in passages:
        counts, score = Counter(passage), 0.0
        for word, weight in query.items():
            df = sum(word in other for other in passages)
            if counts[word] == 0:
                continue
            idf = math.log(1 + (n - df + 0.5) / (df + 0.5))
            norm = K1 * (1 - B + B * len(passage) / mean_length)
            score += weight * idf * counts[word] / (counts[word] + norm)
        scores.append(score)
    return scores


@settings(max_examples=150, deadline=None)
@given(CORPORA, st.dictionaries(WORDS, st.floats(0.1, 3.0), max_size=4))
def test_scores_equal_the_formula(passages: list[list[str]], query: dict[str, float]) -> None:
    found = Bm25Index.build(TokenTable.of(passages), k1=K1, b=B).score_all(query)
    np.testing.assert_allclose(found, by_formula(passages, query), rtol=1e-4, atol=1e-6)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40).map(str), max_size=60), min_size=1, max_size=80).filter(any),
    st.floats(0.5, 3.0),
    st.floats(0.0, 1.0),
)
def test_columns_are_those_of_bm25s_bit_for_bit(passages: list[list[str]], k1: float, b: float) -> None:
    words = sorted({word for passage in passages for word in passage})
    column_of = {word: column for column, word in enumerate(words)}
    reference = bm25s.BM25(method="lucene", k1=k1, b=b)
    ids = [[column_of[word] for word in passage] for passage in passages]
    reference.index((ids, column_of), show_progress=False, create_empty_token=False)
    index = Bm25Index.build(TokenTable.of(passages), k1=k1, b=b)
    assert index.vocabulary == column_of
    np.testing.assert_array_equal(index.column_starts, reference.scores["indptr"])
    np.testing.assert_array_equal(index.rows, reference.scores["indices"])
    np.testing.assert_array_equal(index.weights, reference.scores["data"])
    assert (index.rows.dtype, index.weights.dtype) == (np.int32, np.float32)


def test_unknown_words_and_empty_corpora_score_zero() -> None:
    assert Bm25Index.build(TokenTable.of([["薄板"]])).score_all({"发酵": 1.0}).tolist() == [0.0]
    assert Bm25Index.build(TokenTable.of([[], []])).score_all({"发酵": 1.0}).tolist() == [0.0, 0.0]


def test_rarer_words_tell_more() -> None:
    index = Bm25Index.build(TokenTable.of([["薄板", "边裂"], ["薄板"], ["薄板"]]))
    assert index.document_frequency("薄板") == 3
    assert index.document_frequency("没有") == 0
    assert index.inverse_document_frequency("边裂") == pytest.approx(math.log(1 + (3 - 1 + 0.5) / 1.5))
    assert index.inverse_document_frequency("边裂") > index.inverse_document_frequency("薄板")
