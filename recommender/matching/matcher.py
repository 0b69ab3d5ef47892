"""One query against one index generation: score, aggregate, exclude, rank, explain."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from embeddings.encoders.protocol import Encoder
from embeddings.passages.index import PassageIndex
from embeddings.passages.links import OwnerLinks
from embeddings.text.segment import Segmenter
from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.domain.match import Exclusion, Match, MatchList, ScorePart
from recommender.matching.aggregation import Vote, aggregate, votes
from recommender.matching.config import MatchConfig
from recommender.matching.eligibility import exclusion_of
from recommender.matching.explanation import Explainer
from recommender.matching.fusion import Scores, fuse
from recommender.matching.query import EncodedQuery, MatchQuery, encode_query
from recommender.matching.ranking import Candidate, score_parts, total

EntityReader = Callable[[EntityKind, Sequence[str]], Mapping[str, Entity]]
"""Reads entities as stored now; ids that are gone are absent from the answer."""

_MAX_EXCLUSIONS: Final = 5
_RELATED_SHARE: Final = 0.5
"""A further passage is called related where it scores at least this share of the best one."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A candidate with its parts; ``total`` in [0, 1]."""

    candidate: Candidate
    parts: tuple[ScorePart, ...]
    total: float

    @property
    def order(self) -> tuple[float, float, str]:
        """Sort key: best first, ties by text score, then by id."""
        return (-self.total, -self.candidate.text_score, self.candidate.entity.id)


class Matcher:
    """Ranks the entities of any kind for a query. Holds no state between queries; safe for many threads."""

    def __init__(
        self,
        index: PassageIndex,
        encoder: Encoder,
        segmenter: Segmenter,
        config: MatchConfig,
        *,
        today: Callable[[], date],
    ) -> None:
        self._index = index
        self._encoder = encoder
        self._segmenter = segmenter
        self._config = config
        self._today = today
        self._populations = {group: links.population for group, links in index.links.items()}
        self._rows_by_id = {group: links.row_of() for group, links in index.links.items()}

    def open(self, query: MatchQuery) -> "QueryMatch":
        """Encode a query and score every passage once, for any number of kinds."""
        encoded = encode_query(query, self._encoder, self._segmenter, self._config)
        return QueryMatch(self, query, encoded)

    # What QueryMatch needs of its matcher, read-only.
    @property
    def index(self) -> PassageIndex:
        """The generation that answers."""
        return self._index

    @property
    def config(self) -> MatchConfig:
        """The numbers that shape the ranking."""
        return self._config

    @property
    def current_year(self) -> int:
        """Year of today."""
        return self._today().year

    def population(self, kind: EntityKind) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Passage rows that speak for entities of a kind."""
        return self._populations[kind.value]

    def entity_rows(self, kind: EntityKind, ids: Collection[str]) -> list[int]:
        """Rows of the indexed ones among the ids, ascending."""
        rows = self._rows_by_id[kind.value]
        return sorted(rows[entity_id] for entity_id in ids if entity_id in rows)


class QueryMatch:
    """One query, scored against every passage; answers kind by kind."""

    def __init__(self, matcher: Matcher, query: MatchQuery, encoded: EncodedQuery) -> None:
        self._matcher = matcher
        self._query = query
        index, config = matcher.index, matcher.config
        self._dense: Scores = index.vectors.score_all(encoded.vector)
        self._lexical: Scores = index.lexical.score_all(encoded.terms)
        self._explainer = Explainer(
            index, query, encoded, dense=self._dense, config=config, current_year=matcher.current_year
        )

    def rank(
        self, kind: EntityKind, k: int, read: EntityReader, *, allowed: Collection[str] | None = None
    ) -> MatchList:
        """The best ``min(k, eligible)`` entities of a kind.

        The text chooses a shortlist among the eligible; the linear score orders it.

        Args:
            kind: what to rank.
            k: at least 1.
            read: reads entities as stored now.
            allowed: ids that explicit filters leave, ``None`` for all.
        """
        links = self._matcher.index.links.get(kind.value)
        if links is None:
            return MatchList(kind, (), 0, ())
        fused = self._fused(kind)
        text_scores = self._aggregate(fused, links)
        order = self._best_first(kind, text_scores, allowed)
        eligible, excluded = self._shortlist(kind, k, read, order, text_scores, fused, links)
        ranked = sorted((self._score(candidate) for candidate in eligible), key=lambda s: s.order)[:k]
        matches = tuple(
            self._explain(scored, position, fused, links) for position, scored in enumerate(ranked, start=1)
        )
        last = ranked[-1].total if len(ranked) == k else -1.0
        return MatchList(kind, matches, len(order), _would_have_ranked(excluded, last, self._score))

    def _fused(self, kind: EntityKind) -> Scores:
        """Fused scores by passage row; rows outside the kind's population stay at 0 and are never read."""
        population = self._matcher.population(kind)
        fused = np.zeros_like(self._dense)
        fused[population] = fuse(
            self._dense[population],
            self._lexical[population],
            dense_weight=self._matcher.config.dense_weight,
        )
        return fused

    def _aggregate(self, fused: Scores, links: OwnerLinks) -> Scores:
        config = self._matcher.config
        return aggregate(
            fused, links, discount=config.passage_discount, max_passages=config.max_passages
        )

    def _best_first(
        self, kind: EntityKind, text_scores: Scores, allowed: Collection[str] | None
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Entity rows by text score; equal scores by id, since rows ascend with ids."""
        rows = (
            np.arange(len(text_scores))
            if allowed is None
            else np.array(self._matcher.entity_rows(kind, allowed), dtype=np.int64)
        )
        return rows[np.argsort(-text_scores[rows], kind="stable")]

    def _shortlist(
        self,
        kind: EntityKind,
        k: int,
        read: EntityReader,
        order: np.ndarray[tuple[int], np.dtype[np.int64]],
        text_scores: Scores,
        fused: Scores,
        links: OwnerLinks,
    ) -> tuple[list[Candidate], list[tuple[Candidate | None, Exclusion]]]:
        """Walk down the text ranking until enough eligible entities are found or none is left."""
        wanted = max(k, self._matcher.config.shortlist_size)
        eligible: list[Candidate] = []
        excluded: list[tuple[Candidate | None, Exclusion]] = []
        for start in range(0, len(order), wanted):
            block = order[start : start + wanted]
            entities = read(kind, [links.entity_ids[row] for row in block])
            for row in block:
                entity_id = links.entity_ids[row]
                entity = entities.get(entity_id)
                code = exclusion_of(entity, self._query)
                candidate = entity and Candidate(
                    entity, int(row), float(text_scores[row]), self._latest_year(fused, links, int(row))
                )
                if code is not None:
                    name = entity.name if entity else ""
                    excluded.append((candidate, Exclusion(kind, entity_id, name, code)))
                elif candidate is not None and candidate.entity.id != self._query.source_id:
                    eligible.append(candidate)
            if len(eligible) >= wanted:
                break
        return eligible[:wanted], excluded

    def _votes(self, fused: Scores, links: OwnerLinks, entity_row: int) -> list[Vote]:
        config = self._matcher.config
        return votes(
            fused,
            links,
            entity_row,
            discount=config.passage_discount,
            max_passages=config.max_passages,
        )

    def _latest_year(self, fused: Scores, links: OwnerLinks, entity_row: int) -> int | None:
        texts = self._matcher.index.texts
        shown = self._votes(fused, links, entity_row)[: self._matcher.config.n_evidence]
        years = [year for vote in shown if (year := texts.get(vote.passage).year) is not None]
        return max(years, default=None)

    def _score(self, candidate: Candidate) -> _Scored:
        parts = score_parts(
            candidate, self._query, self._matcher.config, current_year=self._matcher.current_year
        )
        return _Scored(candidate, parts, total(parts))

    def _explain(self, scored: _Scored, position: int, fused: Scores, links: OwnerLinks) -> Match:
        candidate = scored.candidate
        cast = self._votes(fused, links, candidate.entity_row)
        evidence = self._explainer.evidence(cast)
        n_further = sum(vote.score >= _RELATED_SHARE * cast[0].score > 0 for vote in cast[1:])
        return Match(
            kind=candidate.entity.kind,
            id=candidate.entity.id,
            name=candidate.entity.name,
            organisation=_organisation(candidate.entity),
            position=position,
            score=scored.total,
            parts=scored.parts,
            reasons=self._explainer.reasons(candidate, evidence, n_further),
            evidence=evidence,
            gaps=self._explainer.gaps(candidate, evidence),
        )


def _organisation(entity: Entity) -> str:
    return getattr(entity, "organisation", "") or getattr(entity, "host_organisation", "")


def _would_have_ranked(
    excluded: Sequence[tuple[Candidate | None, Exclusion]],
    last_total: float,
    score: Callable[[Candidate], _Scored],
) -> tuple[Exclusion, ...]:
    """Exclusions that beat the last listed match, so that silence about them would puzzle."""
    listed = [
        exclusion
        for candidate, exclusion in excluded
        if candidate is not None and score(candidate).total >= last_total
    ]
    return tuple(listed[:_MAX_EXCLUSIONS])
