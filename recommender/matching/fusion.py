"""Dense and lexical scores on one scale, and their convex combination."""

from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

_RANK_OFFSET: Final = 60.0
"""Of reciprocal rank fusion; how little the very first ranks stand out (Cormack et al., 2009)."""

_BEST_SCORE: Final = 8.0
"""What the best passage gets, about where the best z-scores lie, so that scores of all kinds read alike."""


class Normalisation(StrEnum):
    """How scores of different kinds are made comparable before they are added."""

    Z_SCORE = "z_score"
    MIN_MAX = "min_max"
    RECIPROCAL_RANK = "reciprocal_rank"


def standardise(scores: Scores) -> Scores:
    """Z-scores over the population; all 0 where every score is the same.

    Raw cosines of one encoder lie close together, so only the distance from the population's mean tells.
    """
    deviation = float(scores.std())
    if deviation <= np.finfo(np.float32).eps:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)


def normalise_scores(scores: Scores, how: Normalisation) -> Scores:
    """``(n,)`` comparable scores, higher is better; all 0 where every score is the same.

    All three give the population's mean or worse about 0 and its best some units above, so that the rest of
    the ranking works with any of them.
    """
    spread = float(scores.max() - scores.min()) if scores.size else 0.0
    if spread <= np.finfo(np.float32).eps:
        return np.zeros_like(scores)
    match how:
        case Normalisation.Z_SCORE:
            return standardise(scores)
        case Normalisation.MIN_MAX:
            return np.asarray(_BEST_SCORE * (scores - scores.min()) / spread, dtype=np.float32)
        case Normalisation.RECIPROCAL_RANK:
            ranks = np.empty(len(scores))
            ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
            return np.asarray(_BEST_SCORE * (_RANK_OFFSET + 1) / (_RANK_OFFSET + ranks), dtype=np.float32)


def fuse(
    dense: Scores, lexical: Scores, *, dense_weight: float, normalisation: Normalisation = Normalisation.Z_SCORE
) -> Scores:
    """``dense_weight · norm(dense) + (1 - dense_weight) · norm(lexical)``; higher is better.

    Args:
        dense: ``(n,)`` cosines of the population's passages.
        lexical: ``(n,)`` BM25 scores of the same passages.
        dense_weight: in [0, 1].
        normalisation: what ``norm`` is.
    """
    fused = dense_weight * normalise_scores(dense, normalisation) + (1.0 - dense_weight) * normalise_scores(
        lexical, normalisation
    )
    return fused.astype(np.float32)
