"""One query against one index generation: score, aggregate, exclude, rank, explain."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from embeddings.encoders.cache import CachedEncoder
from embeddings.passages.index import PassageIndex
from embeddings.text.segment import Segmenter
from recommender.domain.entities import Entity
from recommender.domain.kinds import DEMAND_KINDS, KIND_LABELS, EntityKind
from recommender.domain.match import Exclusion, ExclusionCode, Match, MatchList, ScorePart
from recommender.matching.config import MatchConfig
from recommender.matching.explanation import WEAK_CODE, Explainer
from recommender.matching.failures import translated_failures
from recommender.matching.kind_scores import KindScores
from recommender.matching.messages import ADVICE
from recommender.matching.query import EncodedQuery, MatchQuery, encode_passage, encode_query
from recommender.matching.ranking import Candidate, score_parts, total
from recommender.matching.shortlist import EntityReader, Excluded, shortlist
from recommender.matching.sides import Side, SideIndex

_MAX_EXCLUSIONS: Final = 5


class Matcher:
    """Ranks the entities of any kind for a query. Holds no state between queries; safe for many threads."""

    def __init__(
        self,
        indexes: Mapping[Side, PassageIndex],
        encoder: CachedEncoder,
        segmenter: Segmenter,
        config: MatchConfig,
        *,
        today: Callable[[], date],
    ) -> None:
        self._sides = {side: SideIndex.of(index, config) for side, index in indexes.items()}
        self._encoder = encoder
        self._segmenter = segmenter
        self._config = config
        self._today = today

    @property
    def sides(self) -> Mapping[Side, SideIndex]:
        """Both sides of the generation."""
        return self._sides

    def with_config(self, config: MatchConfig) -> "Matcher":
        """The same index, encoder and segmenter with other numbers."""
        indexes = {side: index.passages for side, index in self._sides.items()}
        return Matcher(indexes, self._encoder, self._segmenter, config, today=self._today)

    def open(self, query: MatchQuery) -> "QueryMatch":
        """Encode a query and score every passage of the side it faces once, for any number of kinds.

        Raises:
            SearchUnavailable: the encoder gives no usable vector.
        """
        side = self._sides[Side.facing(query.source_kind)]
        with translated_failures():
            encoded = self.encode(query)
        return QueryMatch(side, query, encoded, config=self._config, current_year=self._today().year)

    def encode(self, query: MatchQuery) -> EncodedQuery:
        """A query in the form that the index answers.

        Only what the library stores goes through the vector cache: free text leaves no trace on disk.

        Raises:
            EmbeddingsError: the encoder gives no usable vector.
        """
        encoder = self._encoder if query.source_id else self._encoder.inner
        passage = query.passage
        if passage is None:
            return encode_query(query, encoder, self._segmenter, self._config)
        stored = self._sides[Side.SUPPLY].vector_of(passage)
        return encode_passage(query, passage, encoder, self._segmenter, stored=stored)


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


class QueryMatch:
    """One query, scored against every passage of a side; answers kind by kind."""

    def __init__(
        self, side: SideIndex, query: MatchQuery, encoded: EncodedQuery, *, config: MatchConfig, current_year: int
    ) -> None:
        self._side = side
        self._query = query
        self._config = config
        self._current_year = current_year
        self._scores = side.scorer.score(encoded)
        self._explainer = Explainer(
            side.passages,
            query,
            encoded,
            dense=self._scores.cosines,
            config=config,
            current_year=current_year,
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
        population = self._side.populations.get(kind)
        if population is None:
            return MatchList(kind, (), 0, ())
        scores = KindScores.of(population, self._scores, self._config)
        rows = scores.rows(allowed)
        size = max(k, self._config.shortlist_size)
        chosen = shortlist(
            scores.best_first_blocks(rows, size),
            scores,
            self._query,
            size=size,
            read=read,
            years=self._side.passages.texts.years,
        )
        ranked = sorted(map(self._score, chosen.eligible), key=lambda scored: scored.order)[:k]
        worst_listed = ranked[-1].total if len(ranked) == k else 0.0
        matches = self._explained(ranked, scores)
        return MatchList(
            kind=kind,
            matches=matches,
            advice=_advice(kind, matches),
            n_candidates=len(rows),
            exclusions=self._would_have_ranked(chosen.excluded, worst_listed),
        )

    def _score(self, candidate: Candidate) -> _Scored:
        parts = score_parts(candidate, self._query, self._config, current_year=self._current_year)
        return _Scored(candidate, parts, total(parts))

    def _explained(self, ranked: Sequence[_Scored], scores: KindScores) -> tuple[Match, ...]:
        return tuple(
            self._match(scored, position, scores.mean_similarity)
            for position, scored in enumerate(ranked, start=1)
        )

    def _match(self, scored: _Scored, position: int, mean_similarity: float) -> Match:
        entity = scored.candidate.entity
        explanation = self._explainer.explain(scored.candidate, mean_similarity=mean_similarity)
        return Match(
            kind=entity.kind,
            id=entity.id,
            name=entity.name,
            organisation=_organisation(entity),
            position=position,
            score=scored.total,
            parts=scored.parts,
            reasons=explanation.reasons,
            evidence=explanation.evidence,
            gaps=explanation.gaps,
        )

    def _would_have_ranked(self, excluded: Sequence[Excluded], worst_listed: float) -> tuple[Exclusion, ...]:
        """Exclusions that beat the last listed match: silence about them would puzzle.

        Who withdrew consent is not named at all: that would still be a recommendation.
        """
        beaten = [
            item.exclusion
            for item in excluded
            if item.candidate is not None
            and item.exclusion.code is not ExclusionCode.CONSENT_WITHDRAWN
            and self._score(item.candidate).total >= worst_listed
        ]
        return tuple(beaten[:_MAX_EXCLUSIONS])


def _advice(kind: EntityKind, matches: Sequence[Match]) -> str:
    """What to do where every match is weak: the library may hold nobody for this need, and should say so."""
    all_weak = all(any(gap.code == WEAK_CODE for gap in match.gaps) for match in matches)
    code = "nobody_close" if kind in DEMAND_KINDS else "nothing_close"
    return ADVICE[code].format(kind=KIND_LABELS[kind]) if matches and all_weak else ""


def _organisation(entity: Entity) -> str:
    return getattr(entity, "organisation", "") or getattr(entity, "host_organisation", "")
