"""Passages, their owners and the index on disk."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import EmbeddingsError
from embeddings.passages.index import read_index, write_index
from embeddings.passages.links import OwnerLinks
from embeddings.passages.passage import Passage
from embeddings.text.tokens import TokenTable

PASSAGES = [
    Passage("p1", "薄板", "边裂", "论文", 2024, {"achievement": ("a1",), "expert": ("e2", "e1")}),
    Passage("p2", "涂层", "", "专利", None, {"achievement": ("a2",), "expert": ("e1",)}),
    Passage("p3", "", "需求全文\n第二行", "需求", None, {"need": ("n1",)}),
]
VECTORS = np.eye(3, 4, dtype=np.float32)
TOKENS = TokenTable.of([["薄板", "边裂"], ["涂层"], ["需求"]])


@pytest.mark.parametrize("mapped", [False, True])
def test_what_is_written_is_read(tmp_path: Path, mapped: bool) -> None:
    counts = write_index(tmp_path, PASSAGES, VECTORS, TOKENS)
    assert counts == {"passages": 3, "achievement": 2, "expert": 2, "need": 1}
    index = read_index(tmp_path, mapped=mapped)
    np.testing.assert_array_equal(index.matrix, VECTORS)
    assert [index.texts.get(row).id for row in range(len(index.texts))] == ["p1", "p2", "p3"]
    assert index.texts.get(2).text == "需求全文\n第二行"
    assert (index.texts.get(0).label, index.texts.get(0).year) == ("论文", 2024)
    assert index.texts.get(1).year is None
    assert index.vectors.score_all(VECTORS[1]).tolist() == [0.0, 1.0, 0.0]
    assert index.lexical.score_all({"涂层": 1.0}).argmax() == 1
    experts = index.links["expert"]
    assert experts.entity_ids == ("e1", "e2")
    assert experts.passages_of(0).tolist() == [0, 1]
    assert experts.passages_of(1).tolist() == [0]
    assert experts.population.tolist() == [0, 1]


def test_a_mapped_index_copies_no_array(tmp_path: Path) -> None:
    write_index(tmp_path, PASSAGES, VECTORS, TOKENS)
    index = read_index(tmp_path, mapped=True)
    links = index.links["expert"]
    arrays = (index.matrix, index.lexical.rows, index.lexical.weights, index.lexical.column_starts)
    for array in (*arrays, links.starts, links.passages):
        assert type(array) is np.ndarray
        assert isinstance(array.base, np.memmap)
        assert not array.flags.writeable


@pytest.mark.parametrize("mapped", [False, True])
def test_no_passages_make_an_index_that_finds_nothing(tmp_path: Path, mapped: bool) -> None:
    assert write_index(tmp_path, [], VECTORS[:0], TokenTable.of([])) == {"passages": 0}
    index = read_index(tmp_path, mapped=mapped)
    assert (len(index.texts), index.matrix.shape, index.links) == (0, (0, 4), {})
    assert index.vectors.score_all(VECTORS[0]).tolist() == []
    assert index.lexical.score_all({"涂层": 1.0}).tolist() == []


def test_content_joins_what_there_is() -> None:
    assert [passage.content for passage in PASSAGES] == ["薄板。边裂", "涂层", "需求全文\n第二行"]


def test_duplicate_ids_write_nothing(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsError, match="p1") as caught:
        write_index(tmp_path, [PASSAGES[0], PASSAGES[0]], VECTORS[:2], TOKENS)
    assert caught.value.code == "index.duplicate_ids"
    assert list(tmp_path.iterdir()) == []


def test_a_bad_vector_writes_nothing(tmp_path: Path) -> None:
    vectors = VECTORS.copy()
    vectors[1] = np.nan
    with pytest.raises(EmbeddingsError):
        write_index(tmp_path, PASSAGES, vectors, TOKENS)
    assert list(tmp_path.iterdir()) == []


def test_no_owners_make_no_links() -> None:
    links = OwnerLinks.build([(), ()])
    assert links.entity_ids == ()
    assert links.starts.tolist() == [0]
    assert links.population.tolist() == []
