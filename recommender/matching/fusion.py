"""Dense and lexical scores on one scale, and their convex combination."""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


def standardise(scores: Scores) -> Scores:
    """Z-scores over the population; all 0 where every score is the same.

    Raw cosines of one encoder lie close together, so only the distance from the population's mean tells.
    """
    deviation = float(scores.std())
    if deviation <= np.finfo(np.float32).eps:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)


def fuse(dense: Scores, lexical: Scores, *, dense_weight: float) -> Scores:
    """``dense_weight · z(dense) + (1 - dense_weight) · z(lexical)``; higher is better.

    Args:
        dense: ``(n,)`` cosines of the population's passages.
        lexical: ``(n,)`` BM25 scores of the same passages.
        dense_weight: in [0, 1].
    """
    fused = dense_weight * standardise(dense) + (1.0 - dense_weight) * standardise(lexical)
    return fused.astype(np.float32)
