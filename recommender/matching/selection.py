"""The best of many scores in a fixed order: higher first, equal ones by position."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from recommender.matching.fusion import Scores

Positions = npt.NDArray[np.int64]


def best_first(scores: Scores) -> Positions:
    """``(n,)`` positions of all scores, best first."""
    return np.argsort(-scores, kind="stable")


def best(scores: Scores, k: int) -> Positions:
    """The first ``k`` of :func:`best_first`, without sorting the rest.

    Args:
        scores: ``(n,)``, without NaN.
        k: at least 1.
    """
    if k >= len(scores):
        return best_first(scores)
    # Every score that equals the k-th best takes part in the sort, which decides between them by position.
    candidates = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
    return candidates[best_first(scores[candidates])][:k]


def best_first_blocks(scores: Scores, size: int) -> Iterator[Positions]:
    """:func:`best_first` in blocks of ``size``; only who asks for a second block pays for the whole sort."""
    yield best(scores, size)
    if len(scores) > size:
        order = best_first(scores)
        for start in range(size, len(order), size):
            yield order[start : start + size]
