"""What is looked for, and what is found, for many queries."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.matching.blocks.kernels import Floats, Rows
from recommender.matching.blocks.queries import SparseRows

NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for of one kind.

    Attributes:
        k: at most so many entities, at least 1.
        barred: ``(entities,)`` uint8, 1 for those that nobody may be given.
        barred_for: entity rows that one query may not be given; a row per query.
    """

    k: int
    barred: npt.NDArray[np.uint8]
    barred_for: SparseRows

    def take(self, queries: Rows) -> "Sought":
        """The same for some of the queries."""
        return Sought(self.k, self.barred, self.barred_for.take(queries))


@dataclass(frozen=True, slots=True)
class Found:
    """The best entities of one kind for ``q`` queries, at most ``k`` each, best first.

    Attributes:
        entities: ``(q, k)`` int32 entity rows, :data:`NOBODY` where there are no more.
        text: ``(q, k)`` float32 aggregated scores in units of z, 0 where nobody is.
        votes: ``(q, k, n)`` int32 passage rows that speak loudest for each, ``-1`` where there are no more.
    """

    entities: Rows
    text: Floats
    votes: Rows

    @classmethod
    def nothing(cls, n_queries: int, k: int, n_votes: int) -> "Found":
        """An answer without anybody, to be filled in."""
        return cls(
            np.full((n_queries, k), NOBODY, dtype=np.int32),
            np.zeros((n_queries, k), dtype=np.float32),
            np.full((n_queries, k, n_votes), -1, dtype=np.int32),
        )
