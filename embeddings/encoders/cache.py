"""An encoder that never encodes the same text twice, in one call or in a year of nightly runs."""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from embeddings.encoders.checks import require_directions, rows_named_as
from embeddings.encoders.protocol import Encoder, ProgressCallback, TextRole
from embeddings.encoders.vector_cache import VectorCache
from embeddings.types import FloatMatrix

__all__ = ["WRITE_BLOCK_SIZE", "CacheStats", "CachedEncoder", "VectorCache", "cache_key"]

WRITE_BLOCK_SIZE: Final = 128
"""Texts encoded between two writes: what a killed build loses at most."""


@dataclass(frozen=True, slots=True)
class CacheStats:
    """Texts asked for since the encoder was made; the two add up to all of them."""

    n_hits: int
    """Answered without the model: stored earlier, or a repetition within one call."""
    n_encoded: int
    """Given to the model."""


class CachedEncoder:
    """Puts a :class:`VectorCache` before another encoder; vectors are the inner encoder's, bit for bit."""

    def __init__(self, inner: Encoder, cache: VectorCache) -> None:
        self._inner = inner
        self._cache = cache
        self._stats = CacheStats(n_hits=0, n_encoded=0)
        self._stats_lock = threading.Lock()

    @property
    def inner(self) -> Encoder:
        """The encoder behind the cache, for a probe that must run the model."""
        return self._inner

    @property
    def encoder_id(self) -> str:
        """The inner encoder's: caching changes no vector."""
        return self._inner.encoder_id

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._inner.dimension

    @property
    def stats(self) -> CacheStats:
        """Counters as of now."""
        return self._stats

    def encode(
        self, texts: Sequence[str], role: TextRole, *, on_progress: ProgressCallback | None = None
    ) -> FloatMatrix:
        """Encode texts in the order given; see :meth:`embeddings.encoders.protocol.Encoder.encode`.

        Raises:
            EmbeddingsError: ``encoder.not_finite``, with row numbers as in ``texts``; what was encoded in
                earlier blocks stays cached. ``cache.full`` if a block could not be stored.
        """
        keys = cache_keys(self.encoder_id, role, texts)
        first_rows: dict[bytes, int] = {}
        for row, key in enumerate(keys):
            first_rows.setdefault(key, row)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        missing = self._fill_from_cache(first_rows, vectors)
        n_rows = _rows_of(missing, keys)
        self._report(len(texts) - sum(n_rows.values()), on_progress)
        for block in _blocks(missing):
            self._encode_block(block, texts, role, first_rows=first_rows, vectors=vectors)
            self._report(sum(n_rows[key] for key in block), on_progress)
        _copy_repeats(keys, first_rows, vectors)
        self._count(n_texts=len(texts), n_encoded=len(missing))
        return vectors

    def forget(self, texts: Sequence[str], role: TextRole) -> int:
        """Take the vectors of texts out of the cache; how many were there."""
        return self._cache.drop_many(cache_keys(self.encoder_id, role, texts))

    def _fill_from_cache(self, first_rows: Mapping[bytes, int], vectors: FloatMatrix) -> list[bytes]:
        """Fill in what is stored; return the other keys by first appearance."""
        keys = list(first_rows)
        absent = self._cache.fill(keys, vectors, list(first_rows.values()))
        return [keys[position] for position in absent]

    def _encode_block(
        self,
        keys: Sequence[bytes],
        texts: Sequence[str],
        role: TextRole,
        *,
        first_rows: Mapping[bytes, int],
        vectors: FloatMatrix,
    ) -> None:
        rows = [first_rows[key] for key in keys]
        with rows_named_as(rows):
            encoded = self._inner.encode([texts[row] for row in rows], role)
            require_directions(encoded)
        self._cache.put_many(zip(keys, encoded, strict=True))
        vectors[rows] = encoded

    def _count(self, *, n_texts: int, n_encoded: int) -> None:
        with self._stats_lock:
            self._stats = CacheStats(
                n_hits=self._stats.n_hits + n_texts - n_encoded,
                n_encoded=self._stats.n_encoded + n_encoded,
            )

    @staticmethod
    def _report(n_done: int, on_progress: ProgressCallback | None) -> None:
        if on_progress is not None and n_done > 0:
            on_progress(n_done)


def cache_key(encoder_id: str, role: TextRole, text: str) -> bytes:
    """SHA-256 over encoder, role and text, each with its length so that no two triples run together."""
    return cache_keys(encoder_id, role, [text])[0]


def cache_keys(encoder_id: str, role: TextRole, texts: Iterable[str]) -> list[bytes]:
    """The :func:`cache_key` of each text."""
    beginning = hashlib.sha256(_framed(encoder_id) + _framed(role.value))
    keys = []
    for text in texts:
        digest = beginning.copy()
        digest.update(_framed(text))
        keys.append(digest.digest())
    return keys


def _framed(part: str) -> bytes:
    content = part.encode("utf-8", errors="surrogatepass")
    return len(content).to_bytes(8, "little") + content


def _rows_of(wanted: Iterable[bytes], keys: Sequence[bytes]) -> dict[bytes, int]:
    """How many rows each wanted key has."""
    counts = dict.fromkeys(wanted, 0)
    for key in keys if counts else ():
        if key in counts:
            counts[key] += 1
    return counts


def _copy_repeats(keys: Sequence[bytes], first_rows: Mapping[bytes, int], vectors: FloatMatrix) -> None:
    """Give every further row of a text the vector of its first one."""
    if len(first_rows) < len(keys):
        for row, key in enumerate(keys):
            if first_rows[key] != row:
                vectors[row] = vectors[first_rows[key]]


def _blocks(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(keys), WRITE_BLOCK_SIZE):
        yield keys[start : start + WRITE_BLOCK_SIZE]
