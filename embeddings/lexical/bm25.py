"""BM25 (Lucene's variant), built by bm25s, scored with weighted query terms.

The index is a folder of plain arrays: one compressed column per word holding the passages that contain it and
their ready-made scores. A query is a bag of weighted words, so a need's title and description can count
differently in a single pass.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
import numpy.typing as npt

from embeddings.types import FloatVector

# bm25s logs every step at DEBUG to its own handler, whatever level the program asks for.
logging.getLogger("bm25s").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Bm25Index:
    """Ready-made scores by word.

    Attributes:
        n_passages: number of indexed passages.
        vocabulary: word → column.
        column_starts: ``(words + 1,)`` int64; column ``c`` is ``[column_starts[c], column_starts[c + 1])``.
        rows: passages of the columns, one after the other.
        weights: float32 score of each of these passages for the word; positive.
    """

    n_passages: int
    vocabulary: Mapping[str, int]
    column_starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]

    @classmethod
    def build(cls, passages: Sequence[Sequence[str]], *, k1: float = 1.5, b: float = 0.75) -> "Bm25Index":
        """Index passages given as their tokens.

        Args:
            passages: tokens of each passage; a passage may be empty.
            k1: how slowly repeats saturate, > 0.
            b: how much a long passage is discounted, in [0, 1].
        """
        words = sorted({word for passage in passages for word in passage})
        vocabulary = {word: column for column, word in enumerate(words)}
        if not words:
            empty = np.zeros(0, dtype=np.int32)
            return cls(len(passages), {}, np.zeros(1, dtype=np.int64), empty, empty.astype(np.float32))
        engine = bm25s.BM25(method="lucene", k1=k1, b=b)
        ids = [[vocabulary[word] for word in passage] for passage in passages]
        engine.index((ids, vocabulary), show_progress=False, create_empty_token=False)
        return cls(
            n_passages=len(passages),
            vocabulary=vocabulary,
            column_starts=np.asarray(engine.scores["indptr"], dtype=np.int64),
            rows=np.asarray(engine.scores["indices"], dtype=np.int32),
            weights=np.asarray(engine.scores["data"], dtype=np.float32),
        )

    def score_all(self, terms: Mapping[str, float]) -> FloatVector:
        """``(n_passages,)`` scores of a bag of weighted words; 0 where no word occurs, higher is better.

        Words are added in sorted order, so equal bags give bit-equal scores.
        """
        scores = np.zeros(self.n_passages, dtype=np.float32)
        for word in sorted(terms):
            column = self.vocabulary.get(word)
            if column is not None:
                span = slice(self.column_starts[column], self.column_starts[column + 1])
                scores[self.rows[span]] += np.float32(terms[word]) * self.weights[span]
        return scores

    def document_frequency(self, word: str) -> int:
        """How many passages contain the word."""
        column = self.vocabulary.get(word)
        if column is None:
            return 0
        return int(self.column_starts[column + 1] - self.column_starts[column])

    def inverse_document_frequency(self, word: str) -> float:
        """``ln(1 + (n - df + 0.5) / (df + 0.5))``: how telling a word is; higher is rarer, > 0."""
        frequency = self.document_frequency(word)
        return float(np.log1p((self.n_passages - frequency + 0.5) / (frequency + 0.5)))
