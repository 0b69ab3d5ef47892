"""Scores of every passage for one query: cosines, their refinement, and BM25.

Two things are done to the cosines before they rank. What all passages have in common is taken out of the
query, because passages near the middle of the space are near to every query (centring; Suzuki et al., "Centering
similarity measures to reduce hubs", 2013). Then the query is moved a little towards the passages it finds first,
which speak the language of those that supply, not of those that ask (pseudo-relevance feedback after Rocchio).
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.passages.index import PassageIndex
from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS, EntityKind
from recommender.matching.config import MatchConfig
from recommender.matching.fusion import Scores, fuse
from recommender.matching.query import EncodedQuery
from recommender.matching.selection import best

PassageRows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PassageScores:
    """One query against all ``n`` passages of an index; higher is better everywhere.

    Attributes:
        cosines: ``(n,)`` cosines of query and passage, as they are.
        dense: ``(n,)`` refined cosines, which rank; comparable within one query only.
        lexical: ``(n,)`` BM25.
    """

    cosines: Scores
    dense: Scores
    lexical: Scores


class PassageScorer:
    """Scores passages; holds what is the same for every query. Safe for many threads."""

    def __init__(self, index: PassageIndex, config: MatchConfig) -> None:
        self._index = index
        self._config = config
        self._shared = config.centring * index.vectors.score_all(index.vectors.mean())
        self._facing = {
            source: _rows_of_kinds(index, kinds)
            for source, kinds in ((EntityKind.ACHIEVEMENT, DEMAND_KINDS), (None, SUPPLY_KINDS))
        }

    def score(self, encoded: EncodedQuery, source_kind: EntityKind | None) -> PassageScores:
        """Score a query.

        Args:
            encoded: the query.
            source_kind: what asks: it decides which side of the cloth the query is moved towards.
        """
        cosines = self._index.vectors.score_all(encoded.vector)
        lexical = self._index.lexical.score_all(encoded.terms)
        facing = self._facing[EntityKind.ACHIEVEMENT if source_kind is EntityKind.ACHIEVEMENT else None]
        return PassageScores(cosines, self._refined(cosines, lexical, facing), lexical)

    def _refined(self, cosines: Scores, lexical: Scores, facing: PassageRows) -> Scores:
        config = self._config
        centred = cosines - self._shared
        if not config.feedback_passages or not config.feedback_share or not facing.size:
            return centred
        fused = fuse(
            centred[facing], lexical[facing], dense_weight=config.dense_weight, normalisation=config.normalisation
        )
        first = facing[best(fused, config.feedback_passages)]
        near = self._index.vectors.score_all(self._index.vectors.mean(first)) - self._shared
        share = config.feedback_share
        return np.asarray((1 - share) * centred + share * near, dtype=np.float32)


def _rows_of_kinds(index: PassageIndex, kinds: Collection[EntityKind]) -> PassageRows:
    """Passages that speak for any of the kinds, ascending; all passages where there are none."""
    populations = [links.population for kind, links in index.links.items() if EntityKind(kind) in kinds]
    return np.unique(np.concatenate(populations)) if populations else np.arange(index.vectors.size)
