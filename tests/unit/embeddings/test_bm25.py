"""BM25 against the formula written out in plain Python, and bit for bit against bm25s."""

import math
from collections import Counter
from collections.abc import Sequence

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.lexical.bm25 import Bm25Index, Term
from embeddings.text.pairs import neighbours
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
    n_places = len(reference.scores["indices"])
    np.testing.assert_array_equal(index.column_starts[: len(words) + 1], reference.scores["indptr"])
    np.testing.assert_array_equal(index.rows[:n_places], reference.scores["indices"])
    np.testing.assert_array_equal(index.weights[:n_places], reference.scores["data"])
    assert (index.rows.dtype, index.weights.dtype) == (np.int32, np.float32)


NESTED = st.sampled_from(["铁", "磷酸铁", "磷酸", "磷酸铁锂", "电池", "涂层"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(NESTED, max_size=12), max_size=8))
def test_pairs_are_scored_as_words_of_their_own(passages: list[list[str]]) -> None:
    """As if every passage were the list of its neighbours, without those that it alone has."""
    index = Bm25Index.build(TokenTable.of(passages), k1=K1, b=B)
    in_passages = Counter(pair for passage in passages for pair in set(neighbours(passage)))
    shared = [[pair for pair in neighbours(passage) if in_passages[pair] > 1] for passage in passages]
    apart = Bm25Index.build(
        TokenTable.of([["+".join(pair) for pair in passage] for passage in shared]), k1=K1, b=B
    )
    assert len(index.pair_keys) == sum(count > 1 for count in in_passages.values())
    for pair, count in in_passages.items():
        assert index.document_frequency(pair) == (count if count > 1 else 0)
        expected = apart.score_all({"+".join(pair): 1.5})
        np.testing.assert_allclose(index.score_all({pair: 1.5}), expected, rtol=1e-6)


def test_terms_may_be_weighed_by_their_rarity_once_more() -> None:
    index = Bm25Index.build(TokenTable.of([["薄板", "边裂"], ["薄板", "边裂", "涂层"], ["薄板"]]))
    terms: dict[Term, float] = {"薄板": 2.0, ("薄板", "边裂"): 1.0, ("边裂", "薄板"): 1.0, "没有": 1.0}
    expected = [
        sum(
            weight * index.inverse_document_frequency(term) ** 2 * index.score_all({term: 1.0})[row]
            for term, weight in terms.items()
        )
        for row in range(3)
    ]
    np.testing.assert_allclose(index.score_all(terms, rarity_power=2.0), expected, rtol=1e-5)
    columns, weights = index.columns_of(terms)
    assert columns.tolist() == [index.vocabulary["薄板"], len(index.vocabulary)]
    assert weights.tolist() == [2.0, 1.0]


def test_unknown_words_and_empty_corpora_score_zero() -> None:
    assert Bm25Index.build(TokenTable.of([["薄板"]])).score_all({"发酵": 1.0}).tolist() == [0.0]
    assert Bm25Index.build(TokenTable.of([[], []])).score_all({"发酵": 1.0}).tolist() == [0.0, 0.0]


def test_rarer_words_tell_more() -> None:
    index = Bm25Index.build(TokenTable.of([["薄板", "边裂"], ["薄板"], ["薄板"]]))
    assert index.document_frequency("薄板") == 3
    assert index.document_frequency("没有") == 0
    assert index.inverse_document_frequency("边裂") == pytest.approx(math.log(1 + (3 - 1 + 0.5) / 1.5))
    assert index.inverse_document_frequency("边裂") > index.inverse_document_frequency("薄板")
