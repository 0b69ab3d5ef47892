"""Batches whose members are hard to tell apart, every one a function of the seed and its number alone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.training.texts import TrainingText
from embeddings.training.views import VIEWS, Pair
from embeddings.types import FloatMatrix
from embeddings.vectors.flat import FlatVectorIndex

_NEAREST_LEFT_OUT: Final = 3
"""The very nearest works are too often the same subject told twice: pushing them apart would unteach."""


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

    def __post_init__(self) -> None:
        """A batch has to be filled with different works."""
        if self.batch_size > len(self.texts):
            raise ValueError(f"a batch of {self.batch_size} needs as many texts, there are {len(self.texts)}")

    def batch(self, step: int) -> list[Pair]:
        """The pairs of a step; the same for the same sampler and step, whatever was drawn before."""
        rng = random.Random(f"{self.seed}/{step}")
        (view,) = rng.choices(VIEWS, weights=[view.share for view in VIEWS])
        return [view.make(self.texts[row], rng) for row in self._rows(rng)]

    def _rows(self, rng: random.Random) -> list[int]:
        rows: dict[int, None] = {}
        while len(rows) < self.batch_size:
            seed = rng.randrange(len(self.texts))
            others = rng.sample(
                self.neighbours[seed].tolist(), min(self.group_size - 1, self.neighbours.shape[1])
            )
            rows |= dict.fromkeys([seed, *others])
        return list(rows)[: self.batch_size]


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
