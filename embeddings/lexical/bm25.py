"""BM25 (Lucene's variant) of words and of neighbouring words, scored with weighted query terms.

The index is a folder of plain arrays: one compressed column per term holding the passages that contain it and
their ready-made scores. A query is a bag of weighted terms, so a need's title and description can count
differently in a single pass. Pairs of neighbours have columns of their own, behind those of the words, with their
own statistics: what they are does not touch a word's score. A pair that one passage alone has is left out: that
halves the pairs, and finding is as good without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from embeddings.lexical.columns import Columns, Occurrences, rarity
from embeddings.text.pairs import Pair, neighbour_keys
from embeddings.text.tokens import TokenTable
from embeddings.types import FloatVector

Term = str | Pair
"""A word, or two words that stand side by side."""

T = TypeVar("T", bound=Term)


@dataclass(frozen=True, slots=True)
class Bm25Index:
    """Ready-made scores by term.

    Attributes:
        n_passages: number of indexed passages.
        vocabulary: word → column.
        pair_keys: int64, ascending: ``column of the first · words + column of the second`` of each pair; the
            columns of the pairs follow those of the words in this order.
        column_starts: ``(terms + 1,)`` int64; column ``c`` is ``[column_starts[c], column_starts[c + 1])``.
        rows: passages of the columns, one after the other.
        weights: float32 score of each of these passages for the term; positive.
    """

    n_passages: int
    vocabulary: Mapping[str, int]
    pair_keys: npt.NDArray[np.int64]
    column_starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]

    @classmethod
    def build(cls, tokens: TokenTable, *, k1: float = 1.5, b: float = 0.75) -> "Bm25Index":
        """Index passages given as their tokens; words get bit for bit the scores of the package bm25s.

        Args:
            tokens: of each passage; a passage may be empty.
            k1: how slowly repeats saturate, > 0.
            b: how much a long passage is discounted, in [0, 1].
        """
        tokens = tokens.canonical()
        n = len(tokens)
        owners = np.repeat(np.arange(n), np.diff(tokens.starts))
        words = Occurrences.of(tokens.numbers, owners, n_passages=n)
        pairs, pair_keys = _pairs(tokens)
        columns = Columns.of(words, n_terms=len(tokens.words), n_passages=n, k1=k1, b=b).beside(
            Columns.of(pairs, n_terms=len(pair_keys), n_passages=n, k1=k1, b=b)
        )
        return cls(
            n_passages=n,
            vocabulary={word: column for column, word in enumerate(tokens.words)},
            pair_keys=pair_keys,
            column_starts=columns.starts,
            rows=columns.rows,
            weights=columns.weights,
        )

    def column_of(self, term: Term) -> int | None:
        """Column of a term, ``None`` where the index has none."""
        if isinstance(term, str):
            return self.vocabulary.get(term)
        first, second = map(self.vocabulary.get, term)
        if first is None or second is None:
            return None
        key = first * len(self.vocabulary) + second
        place = int(np.searchsorted(self.pair_keys, key))
        found = place < len(self.pair_keys) and int(self.pair_keys[place]) == key
        return len(self.vocabulary) + place if found else None

    def columns_of(self, terms: Mapping[T, float], *, rarity_power: float = 0.0) -> dict[int, np.float32]:
        """Column → weight of the terms that the index has, by ascending column.

        Args:
            terms: term → weight.
            rarity_power: every weight is multiplied by the term's rarity to this power; BM25 has it once already.
        """
        found = ((self.column_of(term), weight) for term, weight in terms.items())
        columns = sorted((column, weight) for column, weight in found if column is not None)
        return {
            column: np.float32(weight * self._rarity_of(column) ** rarity_power if rarity_power else weight)
            for column, weight in columns
        }

    def score_all(self, terms: Mapping[T, float], *, rarity_power: float = 0.0) -> FloatVector:
        """``(n_passages,)`` scores of a bag of weighted terms; 0 where none occurs, higher is better.

        Terms are added by ascending column, so equal bags give bit-equal scores. ``rarity_power`` is that of
        :meth:`columns_of`.
        """
        scores = np.zeros(self.n_passages, dtype=np.float32)
        for column, weight in self.columns_of(terms, rarity_power=rarity_power).items():
            span = slice(self.column_starts[column], self.column_starts[column + 1])
            scores[self.rows[span]] += weight * self.weights[span]
        return scores

    def document_frequency(self, term: Term) -> int:
        """How many passages contain the term."""
        column = self.column_of(term)
        return 0 if column is None else self._frequency_of(column)

    def inverse_document_frequency(self, term: Term) -> float:
        """``ln(1 + (n - df + 0.5) / (df + 0.5))``: how telling a term is; higher is rarer, > 0."""
        return rarity(self.n_passages, self.document_frequency(term))

    def _rarity_of(self, column: int) -> float:
        return rarity(self.n_passages, self._frequency_of(column))

    def _frequency_of(self, column: int) -> int:
        return int(self.column_starts[column + 1] - self.column_starts[column])


def _pairs(tokens: TokenTable) -> tuple[Occurrences, npt.NDArray[np.int64]]:
    """The neighbours that more than one passage has, and the key of each."""
    keys, passages = neighbour_keys(tokens)
    return Occurrences.of(keys, passages, n_passages=len(tokens)).in_several()
