"""From passage scores to entity scores: the voting model with a discount.

An entity is worth its best passage, plus its further ones discounted geometrically:
``s₁ + Σ dʲ · max(sⱼ₊₁, 0)``. A passage below the population's mean (z < 0) never lowers the score, so an expert
with many other interests is not punished for them.
"""

from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from embeddings.passages.links import OwnerLinks
from recommender.matching.fusion import Scores

Rows = npt.NDArray[np.int64]


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


@dataclass(frozen=True, slots=True)
class VoteLayout:
    """Where the passages of each entity stand: worked out once per index, not once per query.

    Attributes:
        firsts: ``(entities,)`` first passage row of each entity, for many the only one.
        several: ``(m,)`` rows of the entities with more than one passage.
        starts: ``(m,)`` where the places of each of these begin among the ``n`` places of them all.
        passages: ``(n,)`` passage rows, entity after entity.
        owner_keys: ``(n,)`` float64, 1,000 · (number of the owner among the ``m``).
        ranks: ``(n,)`` 0, 1, 2… for the places of one entity.
    """

    firsts: Rows
    several: Rows
    starts: Rows
    passages: Rows
    owner_keys: npt.NDArray[np.float64]
    ranks: Rows

    @classmethod
    def of(cls, links: OwnerLinks) -> "VoteLayout":
        """The layout of one group's links."""
        counts = np.diff(links.starts)
        several = np.flatnonzero(counts > 1)
        counts = counts[several]
        starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
        owners = np.repeat(np.arange(len(several)), counts)
        ranks = np.arange(len(owners)) - starts[owners]
        return cls(
            firsts=links.passages[links.starts[:-1]],
            several=several,
            starts=starts,
            passages=links.passages[links.starts[several][owners] + ranks],
            owner_keys=owners.astype(np.float64) * 1000.0,
            ranks=ranks,
        )


def aggregate(scores: Scores, layout: VoteLayout, *, discount: float, max_passages: int) -> Scores:
    """``(entities,)`` scores from ``(passages of the index,)`` scores; higher is better.

    Args:
        scores: fused score of every passage row that the layout mentions.
        layout: who owns which passage.
        discount: weight of the second passage, in [0, 1]; the third has its square.
        max_passages: passages of one entity that count, at least 1.
    """
    best = scores[layout.firsts].astype(np.float32)
    if layout.several.size:
        best[layout.several] = _sums(scores, layout, discount=discount, max_passages=max_passages)
    return best


def _sums(scores: Scores, layout: VoteLayout, *, discount: float, max_passages: int) -> Scores:
    """Scores of the entities with several passages; the others need no sorting."""
    values = scores[layout.passages]
    # One key for both orders: fused scores span far less than 1,000, so owners stay apart.
    values = values[np.argsort(layout.owner_keys - values, kind="stable")]
    factors = np.append(discount ** np.arange(max_passages), 0.0)[np.minimum(layout.ranks, max_passages)]
    amounts = np.where(layout.ranks == 0, values, np.maximum(values, 0.0) * factors)
    return np.add.reduceat(amounts, layout.starts).astype(np.float32)


def votes(
    scores: Scores, links: OwnerLinks, entity_row: int, *, discount: float, max_passages: int
) -> list[Vote]:
    """What each passage of one entity added, strongest first; the amounts sum to its score."""
    rows = links.passages_of(entity_row)
    values = scores[rows].tolist()
    # Rows ascend, and a stable sort keeps them so among equals.
    best_first = sorted(zip(values, rows.tolist(), strict=True), key=itemgetter(0), reverse=True)
    return [
        Vote(row, value, value if rank == 0 else max(value, 0.0) * discount**rank)
        for rank, (value, row) in enumerate(best_first[:max_passages])
    ]
