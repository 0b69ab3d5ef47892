"""Candidates for a pool: what each system would list for a need, from one index and the library as it is now."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Final

from recommender.domain.entities import Entity
from recommender.domain.judging import System
from recommender.domain.kinds import EntityKind
from recommender.matching.config import MatchConfig, RankingWeights
from recommender.matching.eligibility import exclusion_of
from recommender.matching.matcher import Matcher
from recommender.matching.query import MatchQuery
from recommender.matching.sides import Side
from recommender.services.recommendable import Recommendable

_BLOCK: Final = 50
_TEXT_ALONE: Final = RankingWeights(
    text=1.0, industry_chain=0.0, cooperation_mode=0.0, region=0.0, maturity=0.0, freshness=0.0
)


class CandidateFinder:
    """Asks every system.

    Args:
        matcher: as it serves users.
        config: its numbers.
        library: as it may be recommended now.
        depth: how many candidates each system names.
        seed: of the random ones.
    """

    def __init__(
        self, matcher: Matcher, config: MatchConfig, library: Recommendable, *, depth: int, seed: int
    ) -> None:
        words = replace(config, dense_weight=0.0, finding_dense_weight=0.0, weights=_TEXT_ALONE)
        vectors = replace(config, dense_weight=1.0, finding_dense_weight=1.0, weights=_TEXT_ALONE)
        self._matchers = {
            System.HYBRID: matcher,
            System.LEXICAL: matcher.with_config(words),
            System.DENSE: matcher.with_config(vectors),
        }
        self._library = library
        self._depth = depth
        self._seed = seed

    def find(
        self, query: MatchQuery, kinds: Sequence[EntityKind], systems: Sequence[System]
    ) -> Mapping[EntityKind, Mapping[System, Sequence[str]]]:
        """Kind → system → ids, best first; all of them may be recommended for the query."""
        found: dict[EntityKind, dict[System, Sequence[str]]] = {kind: {} for kind in kinds}
        for system in systems:
            if system is System.RANDOM:
                for kind in kinds:
                    found[kind][system] = self._drawn(query, kind)
                continue
            opened = self._matchers[system].open(query)
            for kind in kinds:
                ranked = opened.rank(kind, self._depth, self._library.read)
                found[kind][system] = [match.id for match in ranked.matches]
        return found

    def _drawn(self, query: MatchQuery, kind: EntityKind) -> list[str]:
        population = self._matchers[System.HYBRID].sides[Side.SUPPLY].populations.get(kind)
        if population is None:
            return []
        key = f"{self._seed}\x1f{query.source_id}\x1f{kind}".encode()
        rng = Random(int.from_bytes(hashlib.sha256(key).digest()[:8]))  # noqa: S311 - a sample, no secret
        ids = rng.sample(population.links.entity_ids, len(population.links.entity_ids))
        drawn: list[str] = []
        for start in range(0, len(ids), _BLOCK):
            block = ids[start : start + _BLOCK]
            stored: Mapping[str, Entity] = self._library.read(kind, block)
            drawn += [id for id in block if exclusion_of(stored.get(id), query) is None]
            if len(drawn) >= self._depth:
                break
        return drawn[: self._depth]
