"""Matches as columns: when each reached which stage, and what it is counted under.

Figures of a hundred thousand matches are sums over arrays; one object a match would cost more than all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from recommender.domain.figures import FigureGroup, Stage

Times = npt.NDArray[np.float64]
"""Seconds since 1970, UTC; NaN where a match did not come so far."""


@dataclass(frozen=True, slots=True)
class Labels:
    """One label for each match: ``names[codes[i]]`` is that of match ``i``."""

    names: tuple[str, ...]
    codes: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """Matches in any order, the same in every column.

    Attributes:
        reached: first time at each stage; shape ``(n,)`` each.
        amount_wan: of the contract, 0 where there is none; shape ``(n,)``.
        labels: what the matches are grouped by, as far as it was asked for.
    """

    reached: Mapping[Stage, Times]
    amount_wan: npt.NDArray[np.float64]
    labels: Mapping[FigureGroup, Labels]

    def __len__(self) -> int:
        return int(self.amount_wan.size)

    def furthest(self) -> dict[Stage, npt.NDArray[np.bool_]]:
        """Whether a match came at least as far as each stage: one that skipped a stage has passed it."""
        passed = np.zeros(len(self), dtype=np.bool_)
        found = {}
        for stage in reversed(Stage):
            passed = passed | ~np.isnan(self.reached[stage])
            found[stage] = passed
        return {stage: found[stage] for stage in Stage}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """预研资金 of one day, and what the matches that it was paid for are counted under."""

    paid_on: date
    amount_wan: float
    enterprise_spending_wan: float
    labels: Mapping[FigureGroup, str]
