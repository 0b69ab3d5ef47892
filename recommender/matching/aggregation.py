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
    best = scores[links.passages[links.starts[:-1]]].astype(np.float32)
    counts = np.diff(links.starts)
    several = np.flatnonzero(counts > 1)
    if several.size:
        best[several] = _sums(scores, links, several, discount=discount, max_passages=max_passages)
    return best


def _sums(
    scores: Scores,
    links: OwnerLinks,
    entities: npt.NDArray[np.int64],
    *,
    discount: float,
    max_passages: int,
) -> Scores:
    """Scores of the entities with several passages; the others need no sorting."""
    counts = np.diff(links.starts)[entities]
    firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    owner = np.repeat(np.arange(len(entities)), counts)
    rank = np.arange(len(owner)) - firsts[owner]
    values = scores[links.passages[links.starts[entities][owner] + rank]]
    # One key for both orders: fused scores span far less than 1,000, so owners stay apart.
    values = values[np.argsort(owner * 1000.0 - values, kind="stable")]
    factors = np.where(rank < max_passages, discount**rank, 0.0)
    amounts = np.where(rank == 0, values, np.maximum(values, 0.0) * factors)
    return np.add.reduceat(amounts, firsts).astype(np.float32)


def votes(
    scores: Scores, links: OwnerLinks, entity_row: int, *, discount: float, max_passages: int
) -> list[Vote]:
    """What each passage of one entity added, strongest first; the amounts sum to its score."""
    rows = links.passages_of(entity_row)
    values = scores[rows].tolist()
    best_first = sorted(zip(values, rows.tolist(), strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [
        Vote(row, value, value if rank == 0 else max(value, 0.0) * discount**rank)
        for rank, (value, row) in enumerate(best_first[:max_passages])
    ]
