"""What a rebuild takes over: the vectors and tokens of equal contents, and nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings.passages.earlier import EarlierIndex
from embeddings.passages.index import write_index
from embeddings.passages.passage import Passage
from embeddings.text.tokens import TokenTable
from tests.unit.embeddings.test_tokens import words_of

PASSAGES = [
    Passage("p1", "薄板", "边裂", "论文", 2024, {"expert": ("e1",)}),
    Passage("p2", "涂层", "", "专利", None, {"expert": ("e2",)}),
]
VECTORS = np.eye(2, 4, dtype=np.float32)


@pytest.fixture
def earlier(tmp_path: Path) -> EarlierIndex:
    write_index(tmp_path, PASSAGES, VECTORS, TokenTable.of([["薄板", "边裂"], ["涂层"]]))
    return EarlierIndex.read(tmp_path)


def test_content_alone_decides(earlier: EarlierIndex) -> None:
    renamed = replace(PASSAGES[1], id="p9", label="论文", year=2020, owners={"expert": ("e7",)})
    edited = replace(PASSAGES[0], text="边裂。")
    assert earlier.rows_of([renamed, edited, PASSAGES[0]]).tolist() == [1, -1, 0]


def test_known_and_new_are_put_together_in_order(earlier: EarlierIndex) -> None:
    rows = np.array([-1, 1, -1, 0, 1])
    new_vectors = np.eye(4, dtype=np.float32)[[2, 3]]
    vectors = earlier.vectors(rows, new_vectors)
    np.testing.assert_array_equal(vectors, np.eye(4, dtype=np.float32)[[2, 1, 3, 0, 1]])
    tokens = earlier.token_table(rows, TokenTable.of([["轧辊", "薄板"], []]))
    assert words_of(tokens) == [["轧辊", "薄板"], ["涂层"], [], ["薄板", "边裂"], ["涂层"]]


def test_an_index_without_passages_knows_nothing(tmp_path: Path) -> None:
    write_index(tmp_path, [], VECTORS[:0], TokenTable.of([]))
    earlier = EarlierIndex.read(tmp_path)
    rows = earlier.rows_of(PASSAGES)
    assert rows.tolist() == [-1, -1]
    np.testing.assert_array_equal(earlier.vectors(rows, VECTORS), VECTORS)
    assert words_of(earlier.token_table(rows, TokenTable.of([["甲"], ["乙"]]))) == [["甲"], ["乙"]]
