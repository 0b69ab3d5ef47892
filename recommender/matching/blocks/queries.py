"""Queries in the form that blocks need: one matrix of vectors, one sparse table of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from embeddings.lexical.bm25 import Bm25Index
from embeddings.types import FloatMatrix
from recommender.matching.blocks.kernels import Floats, Rows, Starts
from recommender.matching.query_terms import QueryTerms


@dataclass(frozen=True, slots=True)
class SparseRows:
    """Some numbers for each of ``n`` rows; row ``i`` has ``values[starts[i]:starts[i + 1]]``."""

    starts: Starts
    values: Rows

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> "SparseRows":
        """From the numbers of each row."""
        starts = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
        return cls(starts, np.array([value for row in rows for value in row], dtype=np.int32))

    def of_row(self, row: int) -> Rows:
        """The numbers of one row."""
        return self.values[self.starts[row] : self.starts[row + 1]]

    def part(self, first: int, last: int) -> "SparseRows":
        """Rows ``first`` to ``last``, without the last."""
        start, end = self.starts[first], self.starts[last]
        return SparseRows(self.starts[first : last + 1] - start, self.values[start:end])

    def places(self, rows: Rows) -> tuple[Starts, npt.NDArray[np.int64]]:
        """Where the numbers of some rows lie among :attr:`values`, row after row, and where each row begins."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        places = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], lengths)
        return starts, places

    def take(self, rows: Rows) -> "SparseRows":
        """Some rows, in the order given."""
        starts, places = self.places(rows)
        return SparseRows(starts, self.values[places])

    def __len__(self) -> int:
        return len(self.starts) - 1


class Bag(IntEnum):
    """Which of a query's two bags of :class:`recommender.matching.query_terms.QueryTerms`."""

    WORDS = 0
    FINDING = 1


@dataclass(frozen=True, slots=True)
class QueryBlock:
    """``q`` queries.

    Attributes:
        vectors: ``(q, dimension)`` float32 unit rows.
        words: columns of the lexical index that each query has in either bag, ascending.
        factors: ``(columns, 2)`` weight of each of these in each :class:`Bag`, aligned with ``words.values``.
    """

    vectors: FloatMatrix
    words: SparseRows
    factors: Floats

    def __len__(self) -> int:
        return len(self.vectors)

    def part(self, first: int, last: int) -> "QueryBlock":
        """Queries ``first`` to ``last``, without the last."""
        start, end = self.words.starts[first], self.words.starts[last]
        return QueryBlock(self.vectors[first:last], self.words.part(first, last), self.factors[start:end])

    def words_of(self, query: int, bag: Bag) -> tuple[Rows, Floats]:
        """Columns of one query's bag, ascending, and their factors, all above 0."""
        start, end = self.words.starts[query], self.words.starts[query + 1]
        factors = self.factors[start:end, bag]
        counts = factors > 0.0
        return self.words.values[start:end][counts], factors[counts]


def word_table(bags: Sequence[QueryTerms], lexical: Bm25Index) -> tuple[SparseRows, npt.NDArray[np.float32]]:
    """``words`` and ``factors`` of a :class:`QueryBlock`; terms that the index lacks are left out."""
    columns, factors = [], [np.zeros((0, len(Bag)), dtype=np.float32)]
    for bag in bags:
        words, word_factors = lexical.columns_of(bag.words)
        finding, finding_factors = lexical.columns_of(bag.finding, rarity_power=bag.rarity)
        both = np.union1d(words, finding)
        table = np.zeros((len(both), len(Bag)), dtype=np.float32)
        table[np.searchsorted(both, words), Bag.WORDS] = word_factors
        table[np.searchsorted(both, finding), Bag.FINDING] = finding_factors
        columns.append(both.tolist())
        factors.append(table)
    return SparseRows.of(columns), np.concatenate(factors)
