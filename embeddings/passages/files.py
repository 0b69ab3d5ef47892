"""Names and reading of the files that make up an index."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

VECTORS: Final = "vectors.npy"
WORDS: Final = "lexical_vocabulary.json"
COLUMN_STARTS: Final = "lexical_starts.npy"
LEXICAL_ROWS: Final = "lexical_rows.npy"
LEXICAL_WEIGHTS: Final = "lexical_weights.npy"
PAIR_KEYS: Final = "lexical_pairs.npy"
WORD_NUMBERS: Final = "word_numbers.npy"
WORD_STARTS: Final = "word_starts.npy"
DIGESTS: Final = "passage_digests.npy"
ENTITIES: Final = "entities.json"


def link_files(group: str) -> tuple[str, str]:
    """Starts and passages of a group's links."""
    return f"links_{group}_starts.npy", f"links_{group}_passages.npy"


def load_array(file: Path, *, mapped: bool = False) -> npt.NDArray[Any]:
    """An array in memory, or mapped from the disk: there until it is touched, and shared by all processes."""
    # As a plain array: numpy's own type for mapped files makes every slice slower.
    return np.asarray(np.load(file, mmap_mode="r" if mapped else None, allow_pickle=False))


def save_array(file: Path, array: npt.NDArray[Any]) -> None:
    """Write what :func:`load_array` reads."""
    np.save(file, array, allow_pickle=False)


def read_words(folder: Path) -> tuple[str, ...]:
    """Words of the lexical index, by column."""
    return tuple(json.loads((folder / WORDS).read_text(encoding="utf-8")))


def write_words(folder: Path, words: tuple[str, ...]) -> None:
    """Write what :func:`read_words` reads."""
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
