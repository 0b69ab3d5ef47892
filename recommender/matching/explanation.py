"""Why an entity stands where it stands: evidence with marks, reasons in order, and what is not covered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from embeddings.passages.index import PassageIndex
from recommender.domain.entities import Achievement, Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.match import Evidence, Reason
from recommender.matching.aggregation import Vote
from recommender.matching.config import MatchConfig
from recommender.matching.corpus import evidence_source
from recommender.matching.fusion import Scores
from recommender.matching.marking import WordMarker
from recommender.matching.messages import GAPS, REASONS
from recommender.matching.query import EncodedQuery, MatchQuery
from recommender.matching.ranking import NEUTRAL, Candidate, agreement, cooperation, maturity

_MAX_WORDS: Final = 5
_RECENT_YEARS: Final = 3
_RELATED_SHARE: Final = 0.5
"""A further passage is called related where it scores at least this share of the best one."""
_WEAK_CLOSENESS: Final = 0.25
"""Below this part of the way from an average passage to an identical one, a match is called weak."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Evidence with marks, reasons (strongest first) and gaps of one candidate."""

    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]
    gaps: tuple[Reason, ...]


class Explainer:
    """Explains the candidates of one query.

    Args:
        index: where the passages are.
        query, encoded: what was asked.
        dense: ``(passages,)`` cosines with the query.
        mean_similarity: mean cosine over the population that is ranked.
    """

    def __init__(
        self,
        index: PassageIndex,
        query: MatchQuery,
        encoded: EncodedQuery,
        *,
        dense: Scores,
        mean_similarity: float,
        config: MatchConfig,
        current_year: int,
    ) -> None:
        self._index = index
        self._query = query
        self._encoded = encoded
        self._dense = dense
        self._mean_similarity = mean_similarity
        self._config = config
        self._current_year = current_year
        self._marker = WordMarker(encoded.terms, index.lexical, config.common_word_share)

    def explain(self, candidate: Candidate) -> Explanation:
        """Everything that is shown of a candidate beside its rank."""
        evidence = self._evidence(candidate.votes)
        return Explanation(
            evidence=evidence,
            reasons=self._reasons(candidate, evidence),
            gaps=self._gaps(candidate, evidence),
        )

    def _evidence(self, votes: Sequence[Vote]) -> tuple[Evidence, ...]:
        positive_sum = sum(max(vote.amount, 0.0) for vote in votes)
        return tuple(
            self._evidence_of(vote, max(vote.amount, 0.0) / positive_sum if positive_sum > 0 else 0.0)
            for vote in votes[: self._config.n_evidence]
        )

    def _evidence_of(self, vote: Vote, share: float) -> Evidence:
        passage = self._index.texts.get(vote.passage)
        text = self._marker.mark(passage.text)
        return Evidence(
            id=evidence_source(passage.id)[1],
            source=passage.label,
            title=passage.title,
            text=passage.text,
            year=passage.year,
            similarity=float(self._dense[vote.passage]),
            share=share,
            title_marks=self._marker.mark(passage.title).marks,
            text_marks=text.marks,
            sentence=self._marker.best_sentence(passage.text, text.marks),
        )

    def _reasons(self, candidate: Candidate, evidence: Sequence[Evidence]) -> tuple[Reason, ...]:
        reasons = [self._main_reason(candidate, evidence[0])] if evidence else []
        best, *further = candidate.votes
        n_further = sum(vote.score >= _RELATED_SHARE * best.score > 0 for vote in further)
        if n_further > 0 and candidate.entity.kind in (EntityKind.EXPERT, EntityKind.PLATFORM):
            reasons.append(_reason(REASONS, "evidence.several", count=n_further))
        return (*reasons, *self._circumstances(candidate))

    def _gaps(self, candidate: Candidate, evidence: Sequence[Evidence]) -> tuple[Reason, ...]:
        """What the need asks for and the shown evidence does not cover."""
        gaps = []
        if max((self._closeness(item) for item in evidence), default=0.0) < _WEAK_CLOSENESS:
            gaps.append(_reason(GAPS, "text.weak"))
        covered = self._covered_words(evidence)
        missing = [
            word
            for word in self._encoded.title_words
            if word in self._marker.weights and not any(word in found for found in covered)
        ]
        if missing:
            gaps.append(_reason(GAPS, "words.uncovered", words="、".join(missing[:_MAX_WORDS])))
        return (*gaps, *self._mismatches(candidate))

    def _main_reason(self, candidate: Candidate, evidence: Evidence) -> Reason:
        is_profile = evidence.id == candidate.entity.id and not isinstance(candidate.entity, Achievement)
        words = self._strongest_words(evidence)
        code = ("profile" if is_profile else "evidence") + (".shared_words" if words else ".meaning")
        sentence = REASONS[code].format(label=evidence.source, title=evidence.title, words="、".join(words))
        return Reason(code, sentence, evidence.id)

    def _strongest_words(self, evidence: Evidence) -> list[str]:
        """Shared words as the evidence writes them, rarest first, none inside another."""
        found: dict[str, float] = {}
        for text, marks in ((evidence.title, evidence.title_marks), (evidence.text, evidence.text_marks)):
            for span in marks:
                part = text[span.start : span.end]
                weight = sum(self._marker.weights[word] for word in self._marker.mark(part).words)
                found.setdefault(part, weight)
        ordered = sorted(found, key=lambda part: (-found[part], part))
        kept: list[str] = []
        for part in ordered:
            if not any(part in other for other in kept):
                kept.append(part)
        return kept[:_MAX_WORDS]

    def _closeness(self, evidence: Evidence) -> float:
        """How far a passage stands from an average one towards an identical one; 1 is identical.

        Cosines of different encoders are not comparable, since each has its own mean; this is.
        """
        return (evidence.similarity - self._mean_similarity) / (1.0 - self._mean_similarity)

    def _covered_words(self, evidence: Iterable[Evidence]) -> set[str]:
        return {
            word
            for item in evidence
            for text in (item.title, item.text)
            for word in self._marker.mark(text).words
        }

    def _circumstances(self, candidate: Candidate) -> Iterable[Reason]:
        query, entity = self._query, candidate.entity
        if agreement(query.industry_chain, entity.industry_chain) == 1.0:
            yield _reason(REASONS, "industry_chain.same", value=entity.industry_chain)
        if isinstance(entity, Expert) and cooperation(entity, query) == 1.0:
            yield _reason(REASONS, "cooperation_mode.accepted", value=query.cooperation_mode)
        city = getattr(entity, "city", "")
        if query.city and city and agreement(query.city, city) == 1.0:
            yield _reason(REASONS, "region.same_city", value=city)
        if isinstance(entity, Achievement) and maturity(query.target_trl, entity.trl) == 1.0:
            yield _reason(REASONS, "maturity.enough", value=entity.trl)
        year = candidate.latest_year
        if year is not None and self._current_year - year < _RECENT_YEARS:
            yield _reason(REASONS, "freshness.recent", year=year)

    def _mismatches(self, candidate: Candidate) -> Iterable[Reason]:
        query, entity = self._query, candidate.entity
        if agreement(query.industry_chain, entity.industry_chain) == 0.0:
            yield _reason(GAPS, "industry_chain.differs", value=entity.industry_chain)
        if isinstance(entity, Expert) and cooperation(entity, query) == 0.0:
            yield _reason(GAPS, "cooperation_mode.refused", value=query.cooperation_mode)
        if isinstance(entity, Achievement) and maturity(query.target_trl, entity.trl) not in (NEUTRAL, 1.0):
            yield _reason(GAPS, "maturity.short", value=entity.trl, wanted=query.target_trl)


def _reason(catalogue: dict[str, str], code: str, **facts: object) -> Reason:
    return Reason(code, catalogue[code].format(**facts))
