"""Vectors by content key on disk, shared by processes and safe against being killed at any moment."""

import threading
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from weakref import WeakValueDictionary

import lmdb
import numpy as np

from embeddings.errors import EmbeddingsError
from embeddings.types import FloatMatrix, FloatVector

DEFAULT_MAX_BYTES: Final = 64 * 2**30
"""Address space reserved, not disk used: room for forty million vectors of 384 dimensions."""

_MAX_READERS: Final = 512
_CHECKSUM_BYTES: Final = 4
_STORED_TYPE: Final = np.dtype("<f4")


class _Environment:
    """One open LMDB folder; LMDB closes it when the last user lets go."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self.lmdb = lmdb.open(str(folder), map_size=max_bytes, max_readers=_MAX_READERS)


# LMDB's file locks belong to the process: a folder opened twice in one process would lose them.
_open_environments: "WeakValueDictionary[Path, _Environment]" = WeakValueDictionary()
_opening = threading.Lock()


class VectorCache:
    """An LMDB folder of float32 vectors.

    Every write is one synced transaction, so a killed process leaves whole blocks behind and nothing
    half-written. Several processes may read and write, and caches of one process on the same folder share
    it. A stored value carries a checksum: one that does not match, or is of another length, counts as
    absent.
    """

    def __init__(self, folder: str | Path, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        """Open the cache, making the folder if it is missing.

        Args:
            folder: where the cache lives; nothing else should.
            max_bytes: address space to reserve; the first cache of a process on a folder decides.

        Raises:
            EmbeddingsError: ``cache.unusable`` if the folder cannot be written or is no such cache.
        """
        self._folder = Path(folder)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._shared: _Environment | None = _shared_environment(self._folder, max_bytes=max_bytes)
        except (OSError, lmdb.Error) as error:
            raise EmbeddingsError("cache.unusable", folder=self._folder, detail=str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder; using the cache afterwards is an error."""
        self._shared = None

    @property
    def _environment(self) -> "lmdb.Environment":
        if self._shared is None:
            raise ValueError(f"the vector cache {self._folder} is closed")
        return self._shared.lmdb

    def fill(self, keys: Sequence[bytes], vectors: FloatMatrix, rows: Sequence[int]) -> list[int]:
        """Look keys up in one snapshot and put the vectors found where they belong.

        Args:
            keys: content keys, at most 511 bytes each.
            vectors: ``(n, dimension)`` float32, written to; a stored vector of another length counts as absent.
            rows: for each key the row that takes its vector.

        Returns:
            Positions of the keys that are absent, ascending; their rows are left as they were.
        """
        # The values are looked at where they lie on the disk: nothing is copied but the vector itself.
        with self._environment.begin(buffers=True) as transaction:
            return [
                position
                for position, (key, row) in enumerate(zip(keys, rows, strict=True))
                if not _decode(transaction.get(key), vectors[row])
            ]

    def put_many(self, items: Iterable[tuple[bytes, FloatVector]]) -> None:
        """Store vectors in one transaction; on return they are on the disk.

        Raises:
            EmbeddingsError: ``cache.full`` if the disk or the reserved space is used up; nothing of this
                call is stored then.
        """
        try:
            with self._environment.begin(write=True) as transaction:
                for key, vector in items:
                    transaction.put(key, _encoded(vector))
        except (lmdb.MapFullError, lmdb.DiskError) as error:
            raise EmbeddingsError("cache.full", folder=self._folder, detail=str(error)) from error

    def drop_many(self, keys: Iterable[bytes]) -> int:
        """Delete vectors in one transaction; how many there were."""
        with self._environment.begin(write=True) as transaction:
            return sum(transaction.delete(key) for key in keys)


def _shared_environment(folder: Path, *, max_bytes: int) -> _Environment:
    key = folder.resolve()
    with _opening:
        environment = _open_environments.get(key)
        if environment is None:
            environment = _Environment(key, max_bytes=max_bytes)
            _open_environments[key] = environment
        return environment


def _encoded(vector: FloatVector) -> bytes:
    content = vector.astype(_STORED_TYPE).tobytes()
    return zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "little") + content


def _decode(value: memoryview | None, vector: FloatVector) -> bool:
    """Write a stored value into a vector; ``False`` where it is none, of another length or damaged."""
    if value is None or len(value) != _CHECKSUM_BYTES + len(vector) * _STORED_TYPE.itemsize:
        return False
    content = value[_CHECKSUM_BYTES:]
    if zlib.crc32(content) != int.from_bytes(value[:_CHECKSUM_BYTES], "little"):
        return False
    vector[:] = np.frombuffer(content, dtype=_STORED_TYPE)
    return True
