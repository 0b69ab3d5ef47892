"""Whether one system is better than another, or the difference is luck of the queries."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.evaluation.metrics import METRICS, PerQuery

_N_RESAMPLES: Final = 10_000
_SEED: Final = 7
_CONFIDENCE: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric of two systems over the same queries.

    Attributes:
        first, second: means.
        difference: ``second - first``.
        interval: 95 % bootstrap interval of the difference.
        p_value: of the two-sided paired randomisation test (signs of the differences flipped).
        wins, losses: queries on which the second is better, worse; the rest are equal.
    """

    metric: str
    first: float
    second: float
    difference: float
    interval: tuple[float, float]
    p_value: float
    wins: int
    losses: int


def compare(first: PerQuery, second: PerQuery) -> tuple[MetricComparison, ...]:
    """Compare metric by metric over the queries that both measured.

    Raises:
        ValueError: they share no query.
    """
    shared = sorted(first.keys() & second.keys())
    if not shared:
        raise ValueError("the two systems have no query in common")
    return tuple(
        _compare(
            metric,
            np.array([first[query][metric] for query in shared]),
            np.array([second[query][metric] for query in shared]),
        )
        for metric in METRICS
    )


def _compare(metric: str, first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> MetricComparison:
    differences = second - first
    rng = np.random.default_rng(_SEED)
    resampled = rng.choice(differences, size=(_N_RESAMPLES, len(differences))).mean(axis=1)
    low, high = np.percentile(resampled, _CONFIDENCE)
    return MetricComparison(
        metric=metric,
        first=float(first.mean()),
        second=float(second.mean()),
        difference=float(differences.mean()),
        interval=(float(low), float(high)),
        p_value=_p_value(differences),
        wins=int((differences > 0).sum()),
        losses=int((differences < 0).sum()),
    )


def _p_value(differences: npt.NDArray[np.float64]) -> float:
    if len(differences) == 1 or not differences.any():
        # Of one query either sign is as large as the other.
        return 1.0
    from scipy.stats import permutation_test

    test = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        n_resamples=_N_RESAMPLES,
        rng=np.random.default_rng(_SEED),
    )
    return float(test.pvalue)
