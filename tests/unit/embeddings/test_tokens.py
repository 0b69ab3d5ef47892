"""Token tables against lists of words."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.text.segment import Segmenter
from embeddings.text.tokens import TokenTable

WORDS = st.sampled_from(["薄板", "边裂", "淬火", "涂层", "sic"])
SEGMENTER = Segmenter(stop_words=["的"])
PASSAGES = st.lists(st.lists(WORDS, max_size=6), max_size=8)


def words_of(table: TokenTable) -> list[list[str]]:
    spans = zip(table.starts[:-1], table.starts[1:], strict=True)
    return [[table.words[number] for number in table.numbers[start:end]] for start, end in spans]


@given(PASSAGES, PASSAGES)
def test_tables_hold_and_join_passages(one: list[list[str]], other: list[list[str]]) -> None:
    table = TokenTable.of(one)
    assert (words_of(table), len(table)) == (one, len(one))
    assert words_of(table.joined(TokenTable.of(other))) == one + other
    assert len(set(table.words)) == len(table.words)


@given(PASSAGES, st.data())
def test_rows_come_in_the_order_asked_for(passages: list[list[str]], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(passages) - 1), max_size=9)) if passages else []
    chosen = TokenTable.of(passages).rows(np.array(rows, dtype=np.int64))
    assert words_of(chosen) == [passages[row] for row in rows]


@given(PASSAGES, PASSAGES)
def test_equal_passages_have_one_canonical_table(passages: list[list[str]], others: list[list[str]]) -> None:
    plain = TokenTable.of(passages).canonical()
    rows = np.arange(len(others), len(others) + len(passages))
    roundabout = TokenTable.of(others).joined(TokenTable.of(passages)).rows(rows).canonical()
    assert plain.words == roundabout.words == tuple(sorted({word for p in passages for word in p}))
    np.testing.assert_array_equal(plain.numbers, roundabout.numbers)
    np.testing.assert_array_equal(plain.starts, roundabout.starts)
    assert (plain.numbers.dtype, plain.starts.dtype) == (roundabout.numbers.dtype, roundabout.starts.dtype)
    assert words_of(plain) == passages


@settings(deadline=None)
@given(st.lists(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("冷轧薄板裂纹的5㎜-.%\ud83d")))))
def test_a_segmented_table_has_the_tokens_of_each_text(texts: list[str]) -> None:
    assert words_of(SEGMENTER.table(texts)) == [SEGMENTER.tokens(text) for text in texts]


def test_progress_counts_every_text() -> None:
    steps: list[int] = []
    SEGMENTER.table(["薄板"] * 1234, on_progress=steps.append)
    assert (sum(steps), len(steps)) == (1234, 3)
    SEGMENTER.table([], on_progress=steps.append)
    assert sum(steps) == 1234
