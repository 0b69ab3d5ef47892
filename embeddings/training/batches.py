"""Batches whose members are hard to tell apart, every one a function of the seed and its number alone."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.training.texts import TrainingText
from embeddings.training.views import VIEWS, Pair, work_to_sibling
from embeddings.types import FloatMatrix
from embeddings.vectors.flat import FlatVectorIndex

_NEAREST_LEFT_OUT: Final = 3
"""The very nearest works are too often the same subject told twice: pushing them apart would unteach."""

_MOST_WORKS_OF_A_MAKER: Final = 12


@dataclass(frozen=True, slots=True)
class BatchSampler:
    """Draws batches of pairs; a batch uses one view, so that its texts are of a length.

    Each batch is made of small groups of neighbouring works. Within a group the others are the mined hard
    negatives, and they cost nothing: they are in the batch for their own sake too.
    """

    texts: Sequence[TrainingText]
    neighbours: npt.NDArray[np.int64]
    """``(n texts, n neighbours)``, nearest first; see :func:`mine_neighbours`."""
    batch_size: int
    group_size: int
    seed: int
    siblings: Sequence[Sequence[int]] = ()
    """Rows of works by the same hands; see :func:`works_of_same_hands`."""
    sibling_share: float = 0.0
    """In [0, 1], how many of the batches pair a work with a sibling."""

    def __post_init__(self) -> None:
        """A batch has to be filled with different works."""
        if self.batch_size > len(self.texts):
            raise ValueError(f"a batch of {self.batch_size} needs as many texts, there are {len(self.texts)}")

    def batch(self, step: int) -> list[Pair]:
        """The pairs of a step; the same for the same sampler and step, whatever was drawn before."""
        rng = random.Random(f"{self.seed}/{step}")
        if self.siblings and rng.random() < self.sibling_share:
            return self._sibling_pairs(rng)
        (view,) = rng.choices(VIEWS, weights=[view.share for view in VIEWS])
        return [view.make(self.texts[row], rng) for row in self._rows(rng)]

    def _sibling_pairs(self, rng: random.Random) -> list[Pair]:
        """At most a batch of pairs; no two of them share a maker, or one would be the other's false negative."""
        pairs: list[Pair] = []
        used: set[str] = set()
        for group in rng.sample(self.siblings, len(self.siblings)):
            free = [row for row in group if used.isdisjoint(self.texts[row].makers)]
            if len(free) > 1 and len(pairs) < self.batch_size:
                text, sibling = (self.texts[row] for row in rng.sample(free, 2))
                used |= text.makers | sibling.makers
                pairs.append(work_to_sibling(text, sibling, rng))
        return pairs

    def _rows(self, rng: random.Random) -> list[int]:
        rows: dict[int, None] = {}
        while len(rows) < self.batch_size:
            seed = rng.randrange(len(self.texts))
            others = rng.sample(
                self.neighbours[seed].tolist(), min(self.group_size - 1, self.neighbours.shape[1])
            )
            rows |= dict.fromkeys([seed, *others])
        return list(rows)[: self.batch_size]


def works_of_same_hands(texts: Sequence[TrainingText]) -> list[tuple[int, ...]]:
    """For each author and small unit of several works their rows, in ascending order of code and name.

    A unit of many works, such as a university, says nothing of their subject.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        for maker in text.makers:
            rows[maker].append(row)
    return [tuple(rows[maker]) for maker in sorted(rows) if 1 < len(rows[maker]) <= _MOST_WORKS_OF_A_MAKER]


def mine_neighbours(vectors: FloatMatrix, *, n_neighbours: int) -> npt.NDArray[np.int64]:
    """For every row the rows most like it, without itself and the nearest few.

    Args:
        vectors: ``(n, dimension)`` unit rows, made by the model before training.
        n_neighbours: how many to keep; fewer where there are not as many rows.

    Returns:
        ``(n, min(n_neighbours, n - 1 - few))`` row numbers, nearest first.
    """
    skip = 1 + _NEAREST_LEFT_OUT
    k = min(n_neighbours + skip, len(vectors))
    similarity_rows = FlatVectorIndex(vectors).search(vectors, k).rows
    return np.ascontiguousarray(similarity_rows[:, skip:])
