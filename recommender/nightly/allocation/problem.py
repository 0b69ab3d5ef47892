"""What is to be shared out, and what a choice looks like."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int32]
Values = npt.NDArray[np.float32]
Choice = npt.NDArray[np.bool_]

NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The candidates of ``n`` needs, at most ``m`` each, best first.

    Attributes:
        suppliers: ``(n, m)`` int32 row of each candidate among the suppliers; :data:`NOBODY` fills short lists.
        relevance: ``(n, m)`` float32 in [0, 1], higher is better, falling along each row; 0 where nobody is.
        limits: ``(suppliers,)`` int32, in how many lists each may stand tonight; 0 or more.
        list_size: length of a list, at least 1.
    """

    suppliers: Rows
    relevance: Values
    limits: Rows
    list_size: int

    def __post_init__(self) -> None:
        """Refuse what would silently give wrong lists.

        Raises:
            ValueError: shapes, ranges or order are not as described.
        """
        if self.suppliers.shape != self.relevance.shape or self.suppliers.ndim != 2:  # noqa: PLR2004
            raise ValueError(f"shapes differ: {self.suppliers.shape} and {self.relevance.shape}")
        if self.list_size < 1:
            raise ValueError(f"list_size must be at least 1, not {self.list_size}")
        if not np.isfinite(self.relevance).all() or (self.relevance < 0).any() or (self.relevance > 1).any():
            raise ValueError("relevance must lie in [0, 1]")
        if (np.diff(self.relevance, axis=1) > 0).any():
            raise ValueError("candidates must come best first")
        if (self.limits < 0).any():
            raise ValueError("limits must not be negative")
        if self.suppliers.size and int(self.suppliers.max()) >= len(self.limits):
            raise ValueError("a candidate is no supplier")

    @property
    def real(self) -> Choice:
        """``(n, m)`` where a candidate stands."""
        standing: Choice = self.suppliers != NOBODY
        return standing


class Allocator(Protocol):
    """A way of choosing lists."""

    def choose(self, candidates: Candidates) -> Choice:
        """``(n, m)`` bool: which candidates stand in the lists; the same candidates give the same choice."""


class BestFirst:
    """Everyone's most relevant, whoever else was given the same."""

    def choose(self, candidates: Candidates) -> Choice:
        """The first ``list_size`` candidates of every need; limits are not looked at."""
        chosen: Choice = candidates.real.copy()
        chosen[:, candidates.list_size :] = False
        return chosen
