"""BM25 (Lucene's variant) of words and of neighbouring words, scored with weighted query terms.

The index is a folder of plain arrays: one compressed column per term holding the passages that contain it and
their ready-made scores. A query is a bag of weighted terms, so a need's title and description can count
differently in a single pass. Pairs of neighbours have columns of their own, behind those of the words, with their
own statistics: what they are does not touch a word's score. A pair that one passage alone has is left out: that
halves the pairs, and finding is as good without.
"""

from collections.abc import Iterable, Mapping
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

    def columns_of(
        self, terms: Mapping[T, float], *, rarity_power: float = 0.0
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Columns, ascending, and weights of those terms that the index has.

        Args:
            terms: term → weight.
            rarity_power: every weight is multiplied by the term's rarity to this power; BM25 has it once already.
        """
        words = {term: weight for term, weight in terms.items() if isinstance(term, str)}
        pairs = {term: weight for term, weight in terms.items() if not isinstance(term, str)}
        word_columns = np.array([self.vocabulary.get(word, -1) for word in words], dtype=np.int64)
        columns = np.concatenate((word_columns, self._columns_of_pairs(pairs)))
        weights = np.array([*words.values(), *pairs.values()], dtype=np.float64)
        order = np.argsort(columns)[np.count_nonzero(columns < 0) :]
        columns, weights = columns[order], weights[order]
        if rarity_power:
            frequencies = self.column_starts[columns + 1] - self.column_starts[columns]
            weights *= np.array([rarity(self.n_passages, n) for n in frequencies.tolist()]) ** rarity_power
        return columns, weights.astype(np.float32)

    def score_all(self, terms: Mapping[T, float], *, rarity_power: float = 0.0) -> FloatVector:
        """``(n_passages,)`` scores of a bag of weighted terms; 0 where none occurs, higher is better.

        Terms are added by ascending column, so equal bags give bit-equal scores. ``rarity_power`` is that of
        :meth:`columns_of`.
        """
        scores = np.zeros(self.n_passages, dtype=np.float32)
        columns, weights = self.columns_of(terms, rarity_power=rarity_power)
        for column, weight in zip(columns.tolist(), weights, strict=True):
            span = slice(self.column_starts[column], self.column_starts[column + 1])
            scores[self.rows[span]] += weight * self.weights[span]
        return scores

    def document_frequency(self, term: Term) -> int:
        """How many passages contain the term."""
        if isinstance(term, str):
            column = self.vocabulary.get(term, -1)
        else:
            column = int(self._columns_of_pairs([term])[0])
        return 0 if column < 0 else int(self.column_starts[column + 1] - self.column_starts[column])

    def inverse_document_frequency(self, term: Term) -> float:
        """``ln(1 + (n - df + 0.5) / (df + 0.5))``: how telling a term is; higher is rarer, > 0."""
        return rarity(self.n_passages, self.document_frequency(term))

    def _columns_of_pairs(self, pairs: Iterable[Pair]) -> npt.NDArray[np.int64]:
        """``(pairs,)`` columns, -1 where the index has none."""
        n_words = len(self.vocabulary)
        numbers = [[self.vocabulary.get(word, -1) for word in pair] for pair in pairs]
        keys = np.array([n * n_words + m if min(n, m) >= 0 else -1 for n, m in numbers], dtype=np.int64)
        if not len(self.pair_keys):
            return np.full(len(keys), -1)
        places = np.searchsorted(self.pair_keys, keys)
        return np.where(self.pair_keys.take(places, mode="clip") == keys, n_words + places, -1)


def _pairs(tokens: TokenTable) -> tuple[Occurrences, npt.NDArray[np.int64]]:
    """The neighbours that more than one passage has, and the key of each."""
    keys, passages = neighbour_keys(tokens)
    return Occurrences.of(keys, passages, n_passages=len(tokens)).in_several()
