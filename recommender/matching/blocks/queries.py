"""Queries in the form that blocks need: one matrix of vectors, one sparse table of words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.types import FloatMatrix
from recommender.matching.blocks.kernels import Floats, Rows, Starts


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


@dataclass(frozen=True, slots=True)
class QueryBlock:
    """``q`` queries.

    Attributes:
        vectors: ``(q, dimension)`` float32 unit rows.
        words: columns of the lexical index that each query has, ascending.
        factors: weight of each of these words, aligned with ``words.values``.
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

    def words_of(self, query: int) -> tuple[Rows, Floats]:
        """Columns and factors of one query."""
        start, end = self.words.starts[query], self.words.starts[query + 1]
        return self.words.values[start:end], self.factors[start:end]


def word_table(
    bags: Sequence[Mapping[str, float]], vocabulary: Mapping[str, int]
) -> tuple[SparseRows, npt.NDArray[np.float32]]:
    """Bags of weighted words as columns of a vocabulary, ascending; words it lacks are left out."""
    found = [
        sorted((vocabulary[word], factor) for word, factor in bag.items() if word in vocabulary) for bag in bags
    ]
    table = SparseRows.of([[column for column, _ in bag] for bag in found])
    return table, np.array([factor for bag in found for _, factor in bag], dtype=np.float32)
