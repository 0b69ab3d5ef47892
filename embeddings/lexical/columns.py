"""BM25 scores of terms that are numbers, ready-made: one column a term, the passages with it and their scores."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Term, passage and how often, once for every term of every passage, by term and then by passage.

    Attributes:
        terms: ``(m,)`` ascending.
        rows: ``(m,)`` passages, ascending within a term.
        repeats: ``(m,)`` float32, at least 1.
    """

    terms: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    repeats: npt.NDArray[np.float32]

    @classmethod
    def of(cls, terms: Numbers, passages: Numbers, *, n_passages: int) -> "Occurrences":
        """From every place where a term stands, in any order."""
        pairs = terms.astype(np.int64) * n_passages + passages
        pairs.sort()
        firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
        repeats = np.diff(firsts, append=len(pairs)).astype(np.float32)
        found, rows = np.divmod(pairs[firsts], max(n_passages, 1))
        return cls(found, rows.astype(np.int32), repeats)

    def in_several(self) -> tuple["Occurrences", npt.NDArray[np.int64]]:
        """Without terms that only one passage has, the others numbered anew; and the old number of each."""
        firsts = np.flatnonzero(np.diff(self.terms, prepend=-1))
        frequencies = np.diff(firsts, append=len(self.terms))
        several = frequencies > 1
        kept = np.repeat(several, frequencies)
        renumbered = np.repeat(np.arange(several.sum()), frequencies[several])
        return Occurrences(renumbered, self.rows[kept], self.repeats[kept]), self.terms[firsts[several]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Scores by term.

    Attributes:
        starts: ``(terms + 1,)`` int64; term ``t`` has the places ``[starts[t], starts[t + 1])``.
        rows: int32 passages.
        weights: float32 scores of the passages for the term; positive.
    """

    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]

    @classmethod
    def of(cls, found: Occurrences, *, n_terms: int, n_passages: int, k1: float, b: float) -> "Columns":
        """Lucene's BM25; how long a passage is, is the number of its occurrences here."""
        frequencies = np.bincount(found.terms, minlength=n_terms)
        rarities = np.array([rarity(n_passages, n) for n in frequencies.tolist()], dtype=np.float32)
        lengths = np.bincount(found.rows, weights=found.repeats, minlength=n_passages)
        mean_length = lengths.sum() / n_passages if found.rows.size else 1.0
        norms = k1 * ((1 - b) + b * lengths / mean_length)
        return cls(
            starts=np.concatenate(([0], np.cumsum(frequencies))),
            rows=found.rows,
            weights=(rarities[found.terms] * (found.repeats / (norms[found.rows] + found.repeats))).astype(
                np.float32
            ),
        )

    def beside(self, other: "Columns") -> "Columns":
        """The columns of both, one after the other."""
        return Columns(
            np.concatenate((self.starts, self.starts[-1] + other.starts[1:])),
            np.concatenate((self.rows, other.rows)),
            np.concatenate((self.weights, other.weights)),
        )


def rarity(n_passages: int, frequency: int) -> float:
    """``ln(1 + (n - f + 0.5) / (f + 0.5))`` for a term that ``f`` of ``n`` passages have."""
    return math.log(1 + (n_passages - frequency + 0.5) / (frequency + 0.5))
