"""Scores of every passage for one query: cosines, their refinement, and BM25.

Two things are done to the cosines before they rank. What all passages have in common is taken out of the
query, because passages near the middle of the space are near to every query (centring; Suzuki et al., "Centering
similarity measures to reduce hubs", 2013). Then the query is moved a little towards the passages it finds first,
which speak the language of the side that is searched, not of the one that asks (pseudo-relevance feedback after
Rocchio). Experts and platforms are found without that second step and with words of their own
(:mod:`recommender.matching.query_terms`): the passage that names the very method decides there, and the step away
from it blurs it.
"""

from dataclasses import dataclass

import numpy as np

from embeddings.passages.index import PassageIndex
from recommender.domain.kinds import EntityKind
from recommender.matching.config import FOUND_KINDS, MatchConfig
from recommender.matching.fusion import Scores, fuse
from recommender.matching.query import EncodedQuery
from recommender.matching.selection import best


@dataclass(frozen=True, slots=True)
class PassageScores:
    """One query against all ``n`` passages of an index; higher is better everywhere.

    Attributes:
        cosines: ``(n,)`` cosines of query and passage, as they are.
        dense: ``(n,)`` refined cosines, which rank; comparable within one query only.
        lexical: ``(n,)`` BM25.
        finding_dense, finding_lexical: the same two where experts and platforms are ranked.
    """

    cosines: Scores
    dense: Scores
    lexical: Scores
    finding_dense: Scores
    finding_lexical: Scores

    def of_kind(self, kind: EntityKind) -> tuple[Scores, Scores]:
        """Dense and lexical scores that rank a kind."""
        if kind in FOUND_KINDS:
            return self.finding_dense, self.finding_lexical
        return self.dense, self.lexical


class PassageScorer:
    """Scores passages; holds what is the same for every query. Safe for many threads."""

    def __init__(self, index: PassageIndex, config: MatchConfig) -> None:
        self._index = index
        self._config = config
        self._shared = config.centring * index.vectors.score_all(index.vectors.mean())

    @property
    def config(self) -> MatchConfig:
        """Numbers of the ranking."""
        return self._config

    def score(self, encoded: EncodedQuery) -> PassageScores:
        """Score a query."""
        cosines = self._index.vectors.score_all(encoded.vector)
        words, terms = self._index.lexical, encoded.terms
        lexical = words.score_all(terms.words)
        centred = cosines - self._shared
        return PassageScores(
            cosines,
            dense=self._moved(centred, lexical),
            lexical=lexical,
            finding_dense=centred,
            finding_lexical=words.score_all(terms.finding, rarity_power=terms.rarity),
        )

    def _moved(self, centred: Scores, lexical: Scores) -> Scores:
        config = self._config
        if not config.feedback_passages or not config.feedback_share or not centred.size:
            return centred
        fused = fuse(centred, lexical, dense_weight=config.dense_weight, normalisation=config.normalisation)
        first = best(fused, config.feedback_passages)
        near = self._index.vectors.score_all(self._index.vectors.mean(first)) - self._shared
        share = config.feedback_share
        return np.asarray((1 - share) * centred + share * near, dtype=np.float32)
