"""BM25 (Lucene's variant), scored with weighted query terms.

The index is a folder of plain arrays: one compressed column per word holding the passages that contain it and
their ready-made scores. A query is a bag of weighted words, so a need's title and description can count
differently in a single pass.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.text.tokens import TokenTable
from embeddings.types import FloatVector


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
    def build(cls, tokens: TokenTable, *, k1: float = 1.5, b: float = 0.75) -> "Bm25Index":
        """Index passages given as their tokens; bit for bit the scores of the package bm25s.

        Args:
            tokens: of each passage; a passage may be empty.
            k1: how slowly repeats saturate, > 0.
            b: how much a long passage is discounted, in [0, 1].
        """
        tokens = tokens.canonical()
        columns, rows, repeats = _occurrences(tokens)
        frequencies = np.bincount(columns, minlength=len(tokens.words))
        rarities = np.array([_rarity(len(tokens), n) for n in frequencies.tolist()], dtype=np.float32)
        mean_length = len(tokens.numbers) / len(tokens) if len(tokens.numbers) else 1.0
        norms = k1 * ((1 - b) + b * np.diff(tokens.starts) / mean_length)
        return cls(
            n_passages=len(tokens),
            vocabulary={word: column for column, word in enumerate(tokens.words)},
            column_starts=np.concatenate(([0], np.cumsum(frequencies))),
            rows=rows,
            weights=(rarities[columns] * (repeats / (norms[rows] + repeats))).astype(np.float32),
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
        return _rarity(self.n_passages, self.document_frequency(word))


def _rarity(n_passages: int, frequency: int) -> float:
    return math.log(1 + (n_passages - frequency + 0.5) / (frequency + 0.5))


def _occurrences(
    tokens: TokenTable,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Word, passage and how often, for every word of every passage, by word and then by passage."""
    n = len(tokens)
    pairs = tokens.numbers.astype(np.int64) * n + np.repeat(np.arange(n), np.diff(tokens.starts))
    pairs.sort()
    firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
    repeats = np.diff(firsts, append=len(pairs)).astype(np.float32)
    columns, rows = np.divmod(pairs[firsts], max(n, 1))
    return columns, rows.astype(np.int32), repeats
