"""An encoder that never encodes the same text twice, in one call or in a year of nightly runs."""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
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
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        rows_by_key = self._rows_by_key(texts, role)
        missing = self._fill_from_cache(rows_by_key, vectors)
        self._report(len(texts) - sum(len(rows_by_key[key]) for key in missing), on_progress)
        for keys in _blocks(missing):
            self._encode_block(keys, texts, role, rows_by_key=rows_by_key, vectors=vectors)
            self._report(sum(len(rows_by_key[key]) for key in keys), on_progress)
        self._count(n_texts=len(texts), n_encoded=len(missing))
        return vectors

    def _rows_by_key(self, texts: Sequence[str], role: TextRole) -> dict[bytes, list[int]]:
        rows: defaultdict[bytes, list[int]] = defaultdict(list)
        for row, text in enumerate(texts):
            rows[cache_key(self.encoder_id, role, text)].append(row)
        return dict(rows)

    def _fill_from_cache(self, rows_by_key: dict[bytes, list[int]], vectors: FloatMatrix) -> list[bytes]:
        """Fill in what is stored; return the other keys by first appearance."""
        missing = []
        keys = list(rows_by_key)
        found = self._cache.get_many(keys, dimension=self.dimension)
        for key, vector in zip(keys, found, strict=True):
            if vector is None:
                missing.append(key)
            else:
                vectors[rows_by_key[key]] = vector
        return missing

    def _encode_block(
        self,
        keys: Sequence[bytes],
        texts: Sequence[str],
        role: TextRole,
        *,
        rows_by_key: dict[bytes, list[int]],
        vectors: FloatMatrix,
    ) -> None:
        first_rows = [rows_by_key[key][0] for key in keys]
        with rows_named_as(first_rows):
            encoded = self._inner.encode([texts[row] for row in first_rows], role)
            require_directions(encoded)
        self._cache.put_many(zip(keys, encoded, strict=True))
        for key, vector in zip(keys, encoded, strict=True):
            vectors[rows_by_key[key]] = vector

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
    digest = hashlib.sha256()
    for part in (encoder_id, role.value, text):
        content = part.encode("utf-8", errors="surrogatepass")
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    return digest.digest()


def _blocks(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(keys), WRITE_BLOCK_SIZE):
        yield keys[start : start + WRITE_BLOCK_SIZE]
