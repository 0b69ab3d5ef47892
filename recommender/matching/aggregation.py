"""From passage scores to entity scores: the voting model with a discount.

An entity is worth its best passage, plus its further ones discounted geometrically:
``s₁ + Σ dʲ · max(sⱼ₊₁, 0)``. A passage below the population's mean (z < 0) never lowers the score, so an expert
with many other interests is not punished for them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.passages.links import OwnerLinks
from recommender.matching.fusion import Scores


@dataclass(frozen=True, slots=True)
class Vote:
    """One passage's part in an entity's score, in units of z.

    Attributes:
        passage: row of the passage index.
        score: its own fused score.
        amount: what it added after the discount.
    """

    passage: int
    score: float
    amount: float


def aggregate(scores: Scores, links: OwnerLinks, *, discount: float, max_passages: int) -> Scores:
    """``(entities,)`` scores from ``(passages of the index,)`` scores; higher is better.

    Args:
        scores: fused score of every passage row that the links mention.
        links: who owns which passage.
        discount: weight of the second passage, in [0, 1]; the third has its square.
        max_passages: passages of one entity that count, at least 1.
    """
    if not links.entity_ids:
        return np.zeros(0, dtype=np.float32)
    values = scores[links.passages]
    counts = np.diff(links.starts)
    owner = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((-values, owner))
    rank = np.arange(len(values)) - links.starts[owner]
    return np.add.reduceat(
        _amounts(values[order], rank, discount=discount, max_passages=max_passages), links.starts[:-1]
    ).astype(np.float32)


def votes(
    scores: Scores, links: OwnerLinks, entity_row: int, *, discount: float, max_passages: int
) -> list[Vote]:
    """What each passage of one entity added, strongest first; the amounts sum to its score."""
    rows = links.passages_of(entity_row)
    order = np.argsort(-scores[rows], kind="stable")[:max_passages]
    rows = rows[order]
    values = scores[rows]
    amounts = _amounts(values, np.arange(len(rows)), discount=discount, max_passages=max_passages)
    return [Vote(*cast) for cast in zip(rows.tolist(), values.tolist(), amounts.tolist(), strict=True)]


def _amounts(
    values: Scores, rank: npt.NDArray[np.int64], *, discount: float, max_passages: int
) -> npt.NDArray[np.float32]:
    further = np.where(rank < max_passages, np.maximum(values, 0.0) * discount**rank, 0.0)
    return np.where(rank == 0, values, further).astype(np.float32)
