"""The vector cache: counts, survival, and what it refuses to believe."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import lmdb
import numpy as np
import pytest

from embeddings.encoders.cache import WRITE_BLOCK_SIZE, CachedEncoder, CacheStats, cache_key
from embeddings.encoders.protocol import ProgressCallback, TextRole
from embeddings.encoders.vector_cache import VectorCache
from embeddings.errors import EmbeddingsError
from embeddings.types import FloatMatrix

ROOT = Path(__file__).resolve().parents[4]


class LengthEncoder:
    """Encodes a text by its length; a text that says NaN yields NaN."""

    def __init__(self, *, encoder_id: str = "length-1", dimension: int = 2) -> None:
        self.encoder_id = encoder_id
        self.dimension = dimension
        self.seen: list[str] = []

    def encode(
        self, texts: Sequence[str], role: TextRole, *, on_progress: ProgressCallback | None = None
    ) -> FloatMatrix:
        self.seen += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            angle = np.nan if text == "NaN" else len(text) / 10 + (role is TextRole.QUERY)
            vectors[row, :2] = np.cos(angle), np.sin(angle)
        return vectors


def test_repeated_and_stored_texts_are_encoded_once(tmp_path: Path) -> None:
    inner = LengthEncoder()
    with VectorCache(tmp_path) as cache:
        encoder = CachedEncoder(inner, cache)
        first = encoder.encode(["a", "bb", "a", "a"], TextRole.PASSAGE)
        assert encoder.stats == CacheStats(n_hits=2, n_encoded=2)
        second = encoder.encode(["bb", "ccc", "a"], TextRole.PASSAGE)
        assert encoder.stats == CacheStats(n_hits=2 + 2, n_encoded=2 + 1)
    assert inner.seen == ["a", "bb", "ccc"]
    np.testing.assert_array_equal(first, LengthEncoder().encode(["a", "bb", "a", "a"], TextRole.PASSAGE))
    np.testing.assert_array_equal(second, LengthEncoder().encode(["bb", "ccc", "a"], TextRole.PASSAGE))


def test_what_is_found_is_put_where_it_belongs_and_the_rest_left_alone(tmp_path: Path) -> None:
    vectors = np.full((4, 2), 7.0, dtype=np.float32)
    with VectorCache(tmp_path) as cache:
        cache.put_many([(b"one", vectors[0] + 1), (b"two", vectors[0] + 2), (b"wide", np.ones(3, np.float32))])
        assert cache.fill([b"two", b"none", b"wide", b"one"], vectors, [3, 1, 2, 0]) == [1, 2]
    assert vectors.tolist() == [[8.0, 8.0], [7.0, 7.0], [7.0, 7.0], [9.0, 9.0]]


def test_progress_counts_every_text_once(tmp_path: Path) -> None:
    texts = ["stored", "new", "new", "stored", *(f"{number}" for number in range(WRITE_BLOCK_SIZE))]
    with VectorCache(tmp_path) as cache:
        encoder = CachedEncoder(LengthEncoder(), cache)
        encoder.encode(["stored"], TextRole.PASSAGE)
        steps: list[int] = []
        encoder.encode(texts, TextRole.PASSAGE, on_progress=steps.append)
    assert steps == [2, 2 + (WRITE_BLOCK_SIZE - 1), 1]


def test_roles_and_encoders_do_not_share_vectors(tmp_path: Path) -> None:
    first, second = LengthEncoder(), LengthEncoder(encoder_id="length-2")
    with VectorCache(tmp_path) as cache:
        CachedEncoder(first, cache).encode(["a"], TextRole.PASSAGE)
        CachedEncoder(first, cache).encode(["a"], TextRole.QUERY)
        CachedEncoder(second, cache).encode(["a"], TextRole.PASSAGE)
    assert first.seen == ["a", "a"]
    assert second.seen == ["a"]


def test_key_keeps_its_parts_apart() -> None:
    assert cache_key("x", TextRole.QUERY, "passage") != cache_key("xquery", TextRole.PASSAGE, "")
    assert cache_key("x", TextRole.QUERY, "\ud800") != cache_key("x", TextRole.QUERY, "?")


def test_vectors_survive_reopening(tmp_path: Path) -> None:
    with VectorCache(tmp_path) as cache:
        stored = CachedEncoder(LengthEncoder(), cache).encode(["a", "bb"], TextRole.QUERY)
    inner = LengthEncoder()
    with VectorCache(tmp_path) as cache:
        found = CachedEncoder(inner, cache).encode(["a", "bb"], TextRole.QUERY)
    assert inner.seen == []
    np.testing.assert_array_equal(found, stored)


@pytest.mark.parametrize("damage", ["short", "flipped", "empty"])
def test_damaged_value_is_encoded_again(tmp_path: Path, damage: str) -> None:
    key = cache_key("length-1", TextRole.QUERY, "a")
    with VectorCache(tmp_path) as cache:
        stored = CachedEncoder(LengthEncoder(), cache).encode(["a"], TextRole.QUERY)
    with lmdb.open(str(tmp_path)) as environment, environment.begin(write=True) as transaction:
        value = bytearray(transaction.get(key))
        value[-1] ^= 1
        damaged = {"short": bytes(value[:-1]), "flipped": bytes(value), "empty": b""}
        transaction.put(key, damaged[damage])
    inner = LengthEncoder()
    with VectorCache(tmp_path) as cache:
        encoder = CachedEncoder(inner, cache)
        np.testing.assert_array_equal(encoder.encode(["a"], TextRole.QUERY), stored)
        np.testing.assert_array_equal(encoder.encode(["a"], TextRole.QUERY), stored)
    assert inner.seen == ["a"]


def test_vector_of_another_dimension_counts_as_absent(tmp_path: Path) -> None:
    wider = LengthEncoder(dimension=3)
    with VectorCache(tmp_path) as cache:
        CachedEncoder(LengthEncoder(), cache).encode(["a"], TextRole.QUERY)
        assert CachedEncoder(wider, cache).encode(["a"], TextRole.QUERY).shape == (1, 3)
    assert wider.seen == ["a"]


def test_nan_is_refused_by_row_and_never_stored(tmp_path: Path) -> None:
    inner = LengthEncoder()
    with VectorCache(tmp_path) as cache:
        encoder = CachedEncoder(inner, cache)
        encoder.encode(["a"], TextRole.QUERY)
        with pytest.raises(EmbeddingsError) as caught:
            encoder.encode(["a", "bb", "a", "NaN"], TextRole.QUERY)
        key = cache_key(inner.encoder_id, TextRole.QUERY, "NaN")
        assert cache.fill([key], np.zeros((1, 2), dtype=np.float32), [0]) == [0]
    assert caught.value.code == "encoder.not_finite"
    assert caught.value.context["rows"] == [4]


def test_blocks_before_a_bad_text_stay_stored(tmp_path: Path) -> None:
    good = ["a" * length for length in range(1, WRITE_BLOCK_SIZE + 1)]
    inner = LengthEncoder()
    with VectorCache(tmp_path) as cache:
        encoder = CachedEncoder(inner, cache)
        with pytest.raises(EmbeddingsError) as caught:
            encoder.encode([*good, "NaN"], TextRole.QUERY)
        inner.seen.clear()
        encoder.encode(good, TextRole.QUERY)
    assert caught.value.context["rows"] == [WRITE_BLOCK_SIZE + 1]
    assert inner.seen == []


def test_two_processes_share_a_cache_and_a_killed_one_loses_nothing(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from embeddings.encoders.cache import CachedEncoder\n"
        "from embeddings.encoders.protocol import TextRole\n"
        "from embeddings.encoders.vector_cache import VectorCache\n"
        "from tests.unit.embeddings.encoders.test_cache import LengthEncoder\n"
        "encoder = CachedEncoder(LengthEncoder(), VectorCache(sys.argv[1]))\n"
        "encoder.encode(['from the other process'], TextRole.QUERY)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    inner = LengthEncoder()
    with VectorCache(tmp_path) as cache:
        encoder = CachedEncoder(inner, cache)
        encoder.encode(["ours"], TextRole.QUERY)
        done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
        encoder.encode(["from the other process", "ours"], TextRole.QUERY)
    assert inner.seen == ["ours"]


def test_folder_that_cannot_hold_a_cache_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(EmbeddingsError) as caught:
        VectorCache(tmp_path / "file")
    assert caught.value.code == "cache.unusable"


def test_full_cache_is_reported_and_stores_no_part_of_the_block(tmp_path: Path) -> None:
    items = [(number.to_bytes(4, "big"), np.ones(256, dtype=np.float32)) for number in range(1000)]
    with VectorCache(tmp_path, max_bytes=2**18) as cache:
        with pytest.raises(EmbeddingsError) as caught:
            cache.put_many(items)
        assert cache.fill([items[0][0]], np.zeros((1, 256), dtype=np.float32), [0]) == [0]
    assert caught.value.code == "cache.full"


def test_two_caches_of_one_process_share_a_folder(tmp_path: Path) -> None:
    inner = LengthEncoder()
    first, second = VectorCache(tmp_path), VectorCache(tmp_path)
    CachedEncoder(inner, first).encode(["a"], TextRole.QUERY)
    first.close()
    CachedEncoder(inner, second).encode(["a"], TextRole.QUERY)
    second.close()
    assert inner.seen == ["a"]
    with pytest.raises(ValueError, match="closed"):
        CachedEncoder(inner, second).encode(["a"], TextRole.QUERY)
