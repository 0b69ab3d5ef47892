"""How evenly suggestions fall on those who are suggested."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.nightly.allocation.problem import Candidates, Choice


@dataclass(frozen=True, slots=True)
class Exposure:
    """Figures of one choice of lists.

    Attributes:
        mean_relevance: of the chosen, in [0, 1]; higher is better.
        fill: chosen over ``list_size`` times needs with candidates, in [0, 1].
        coverage: share of the suppliers that stand in at least one list, in [0, 1].
        gini: of the number of lists per supplier, 0 (all alike) to 1 (one has everything).
        congestion: share of the suggestions that stand with a supplier beyond its limit, in [0, 1].
        most: largest number of lists one supplier stands in.
    """

    mean_relevance: float
    fill: float
    coverage: float
    gini: float
    congestion: float
    most: int


def exposure(candidates: Candidates, chosen: Choice) -> Exposure:
    """Measure a choice."""
    counts = np.bincount(candidates.suppliers[chosen], minlength=len(candidates.limits))
    n_chosen = int(chosen.sum())
    n_places = int(candidates.real.any(axis=1).sum()) * candidates.list_size
    beyond = np.maximum(counts - candidates.limits, 0).sum()
    return Exposure(
        mean_relevance=float(candidates.relevance[chosen].mean()) if n_chosen else 0.0,
        fill=n_chosen / n_places if n_places else 0.0,
        coverage=float((counts > 0).mean()) if counts.size else 0.0,
        gini=gini(counts),
        congestion=float(beyond / n_chosen) if n_chosen else 0.0,
        most=int(counts.max()) if counts.size else 0,
    )


def gini(counts: npt.NDArray[np.integer]) -> float:
    """Gini coefficient of non-negative counts; 0 where there are none.

    >>> gini(np.array([1, 1, 1]))
    0.0
    >>> gini(np.array([0, 0, 0, 4]))
    0.75
    """
    total = int(counts.sum())
    if total == 0:
        return 0.0
    ordered = np.sort(counts).astype(np.float64)
    ranks = np.arange(1, len(ordered) + 1)
    return float((2 * ranks - len(ordered) - 1) @ ordered / (len(ordered) * total))
