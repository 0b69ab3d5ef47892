"""What an earlier index knows of the same texts, so that a rebuild works on changed texts alone."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.passages.files import (
    DIGESTS,
    VECTORS,
    WORD_NUMBERS,
    WORD_STARTS,
    load_array,
    read_words,
)
from embeddings.passages.passage import Passage
from embeddings.text.tokens import TokenTable
from embeddings.types import FloatMatrix, RowIds

_BLOCK_ROWS: Final = 8192


@dataclass(frozen=True, slots=True)
class EarlierIndex:
    """Vectors and tokens of an index, by content.

    Both follow from a text alone as long as encoder and segmenter are the same, which the caller has checked.

    Attributes:
        row_by_digest: digest of a content → row.
        matrix: ``(rows, dimension)`` unit rows, mapped from the disk.
        tokens: of each row.
    """

    row_by_digest: Mapping[bytes, int]
    matrix: FloatMatrix
    tokens: TokenTable

    @classmethod
    def read(cls, folder: Path) -> "EarlierIndex":
        """Open what :func:`embeddings.passages.index.write_index` wrote; the caller has verified it."""
        digests = load_array(folder / DIGESTS)
        size = digests.shape[1]
        raw = digests.tobytes()
        return cls(
            row_by_digest={raw[start : start + size]: start // size for start in range(0, len(raw), size)},
            matrix=load_array(folder / VECTORS, mapped=True),
            tokens=TokenTable(
                read_words(folder), load_array(folder / WORD_NUMBERS), load_array(folder / WORD_STARTS)
            ),
        )

    def rows_of(self, passages: Iterable[Passage]) -> RowIds:
        """The row that has the same content, for each passage; -1 where there is none."""
        rows = (self.row_by_digest.get(content_digest(passage), -1) for passage in passages)
        return np.fromiter(rows, dtype=np.int64)

    def vectors(self, rows: RowIds, new_vectors: FloatMatrix) -> FloatMatrix:
        """``(len(rows), dimension)`` vectors: those of the rows, and the new ones in order where a row is -1."""
        vectors = np.empty((len(rows), self.matrix.shape[1]), dtype=np.float32)
        # In blocks: a city's vectors are not to be in memory once more on their way.
        known = np.flatnonzero(rows >= 0)
        for start in range(0, len(known), _BLOCK_ROWS):
            block = known[start : start + _BLOCK_ROWS]
            vectors[block] = self.matrix[rows[block]]
        vectors[rows < 0] = new_vectors
        return vectors

    def token_table(self, rows: RowIds, new_tokens: TokenTable) -> TokenTable:
        """The same for tokens."""
        is_new = rows < 0
        new_rows = len(self.tokens) + np.cumsum(is_new) - 1
        return self.tokens.joined(new_tokens).rows(np.where(is_new, new_rows, rows))


def content_digest(passage: Passage) -> bytes:
    """SHA-256 of what is encoded and segmented of a passage."""
    return hashlib.sha256(passage.content.encode("utf-8", errors="surrogatepass")).digest()


def content_digests(passages: Iterable[Passage]) -> npt.NDArray[np.uint8]:
    """``(passages, 32)`` bytes of :func:`content_digest`."""
    raw = b"".join(map(content_digest, passages))
    return np.frombuffer(raw, dtype=np.uint8).reshape(-1, hashlib.sha256().digest_size)
