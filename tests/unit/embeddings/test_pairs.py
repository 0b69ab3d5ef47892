"""Neighbours: lists of words and tables of numbers say the same."""

import doctest
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.text import pairs
from embeddings.text.pairs import neighbour_keys, neighbours, whole_words
from embeddings.text.segment import Segmenter
from embeddings.text.tokens import TokenTable

WORDS = st.text("甲乙丙", min_size=1, max_size=4)


def test_examples_in_docstrings() -> None:
    result = doctest.testmod(pairs)
    assert result.attempted > 0
    assert result.failed == 0


@settings(max_examples=300)
@given(st.lists(st.lists(WORDS, max_size=12), max_size=5), st.integers(1, 6))
def test_tables_have_the_neighbours_of_their_passages(passages: list[list[str]], block_size: int) -> None:
    table = TokenTable.of(passages)
    keys, rows = neighbour_keys(table, block_size=block_size)
    n_words = len(table.words)
    found = [
        (row, (table.words[key // n_words], table.words[key % n_words]))
        for key, row in zip(keys.tolist(), rows.tolist(), strict=True)
    ]
    assert found == [(row, pair) for row, words in enumerate(passages) for pair in neighbours(words)]


@given(st.lists(WORDS, max_size=15))
def test_what_is_left_out_is_part_of_what_follows(words: list[str]) -> None:
    whole = whole_words(words)
    assert whole[-1:] == words[-1:]
    assert all(not (len(a) < len(b) and a in b) for a, b in pairwise(whole))
    assert all(any(word in longer for longer in whole) for word in words)


def test_the_words_of_a_sentence_stand_side_by_side_without_their_parts() -> None:
    segmenter = Segmenter(dictionary=["磷酸铁锂"], stop_words=["的"])
    tokens = segmenter.tokens("磷酸铁锂电池的回收")
    assert {"磷酸", "磷酸铁锂"} <= set(tokens)
    assert neighbours(tokens) == [("磷酸铁锂", "电池"), ("电池", "回收")]
