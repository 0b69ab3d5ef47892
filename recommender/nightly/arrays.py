"""Named arrays as bytes and as a folder: plain, checked, readable without running anything that was stored."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]

_MANIFEST: Final = "arrays.json"
_LENGTH_BYTES: Final = 8
_BLOCK_BYTES: Final = 1 << 22


def to_bytes(arrays: Arrays) -> bytes:
    """Arrays as bytes; the same arrays give the same bytes."""
    described = [[name, array.dtype.str, list(array.shape)] for name, array in sorted(arrays.items())]
    header = json.dumps(described).encode()
    contents = [np.ascontiguousarray(array).tobytes() for _, array in sorted(arrays.items())]
    return b"".join([len(header).to_bytes(_LENGTH_BYTES, "little"), header, *contents])


def from_bytes(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """What :func:`to_bytes` wrote; the arrays are read-only.

    Raises:
        ValueError: the bytes are not what it writes.
    """
    try:
        return _from_bytes(content)
    except Exception as error:  # NumPy raises almost anything on what should be a type and is none
        raise ValueError(f"the bytes are not what was written: {error}") from error


def write_folder(folder: Path, arrays: Arrays, facts: Mapping[str, object]) -> str:
    """Write arrays and a few facts (JSON) into an empty folder.

    Returns:
        SHA-256 of all of it.
    """
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    hashes = {name: _file_hash(folder / f"{name}.npy") for name in sorted(arrays)}
    manifest = json.dumps({"arrays": hashes, "facts": facts}, ensure_ascii=False, sort_keys=True)
    (folder / _MANIFEST).write_text(manifest, encoding="utf-8")
    return hashlib.sha256(manifest.encode()).hexdigest()


def folder_hash(folder: Path) -> str | None:
    """The hash that :func:`write_folder` returned, ``None`` where anything is missing or was changed."""
    try:
        manifest = (folder / _MANIFEST).read_text(encoding="utf-8")
        hashes = json.loads(manifest)["arrays"]
        if any(_file_hash(folder / f"{name}.npy") != expected for name, expected in hashes.items()):
            return None
    except (OSError, ValueError, KeyError):
        return None
    return hashlib.sha256(manifest.encode()).hexdigest()


def read_folder(folder: Path) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Arrays, mapped so that all processes share them, and facts."""
    manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    arrays = {
        name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
        for name in manifest["arrays"]
    }
    return arrays, manifest["facts"]


def _from_bytes(content: bytes) -> dict[str, npt.NDArray[Any]]:
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "little")
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, dtype_name, shape in json.loads(content[_LENGTH_BYTES:start]):
        dtype, size = np.dtype(dtype_name), int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(content, dtype, count=size, offset=start).reshape(shape)
        start += size * dtype.itemsize
    if start != len(content):
        raise ValueError("bytes are missing or left over")
    return arrays


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256", _bufsize=_BLOCK_BYTES).hexdigest()
