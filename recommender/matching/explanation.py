"""Why an entity stands where it stands: evidence with marks, reasons in order, and what is not covered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from embeddings.passages.index import PassageIndex
from embeddings.passages.texts import StoredPassage
from recommender.domain.entities import Achievement, Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.match import Evidence, Reason, Span
from recommender.matching.aggregation import Vote
from recommender.matching.config import MatchConfig
from recommender.matching.corpus import evidence_source
from recommender.matching.fusion import Scores
from recommender.matching.marking import MarkedText, WordMarker
from recommender.matching.messages import ASKED, ASKED_OF_ACHIEVEMENT, GAPS, REASONS
from recommender.matching.query import EncodedQuery, MatchQuery
from recommender.matching.ranking import NEUTRAL, Candidate, agreement, cooperation, maturity

WEAK_CODE: Final = "text.weak"
_MAX_WORDS: Final = 5
_RECENT_YEARS: Final = 3
_RELATED_SHARE: Final = 0.5
"""A further passage is called related where it scores at least this share of the best one."""
_WEAK_CLOSENESS: Final = 0.25
"""Below this part of the way from an average passage to an identical one, a match is called weak…"""
_WEAK_CLOSENESS_WITHOUT_WORDS: Final = 0.5
"""…and below this where the evidence shares no telling word of the need's title."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Evidence with marks, reasons (strongest first) and gaps of one candidate."""

    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]
    gaps: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _ShownPassage:
    """A passage with the query's words found in it; the same for every entity it speaks for.

    Attributes:
        source_id: id of the entity that the passage was made from.
        words: telling words that title or text have.
    """

    passage: StoredPassage
    source_id: str
    title: MarkedText
    text: MarkedText
    sentence: Span | None
    words: frozenset[str]


class Explainer:
    """Explains the candidates of one query, of any kind.

    Args:
        index: where the passages are.
        query, encoded: what was asked.
        dense: ``(passages,)`` cosines with the query.
    """

    def __init__(
        self,
        index: PassageIndex,
        query: MatchQuery,
        encoded: EncodedQuery,
        *,
        dense: Scores,
        config: MatchConfig,
        current_year: int,
    ) -> None:
        self._index = index
        self._query = query
        self._encoded = encoded
        self._dense = dense
        self._config = config
        self._current_year = current_year
        self._marker = WordMarker(encoded.terms.words, index.lexical, config.common_word_share)
        self._shown: dict[int, _ShownPassage] = {}
        of_achievement = query.source_kind is EntityKind.ACHIEVEMENT
        self._asked = ASKED_OF_ACHIEVEMENT if of_achievement else ASKED

    def explain(self, candidate: Candidate, *, mean_similarity: float) -> Explanation:
        """Everything that is shown of a candidate beside its rank.

        Args:
            candidate: to explain.
            mean_similarity: mean cosine over the population it was ranked in.
        """
        votes = candidate.votes[: self._config.n_evidence]
        shown = [self._show(vote.passage) for vote in votes]
        closeness = max((self._closeness(vote, mean_similarity) for vote in votes), default=0.0)
        return Explanation(
            evidence=self._evidence(candidate.votes, shown),
            reasons=(*self._text_reasons(candidate, shown), *self._circumstances(candidate)),
            gaps=(*self._text_gaps(closeness, shown), *self._mismatches(candidate)),
        )

    def _show(self, row: int) -> _ShownPassage:
        if row not in self._shown:
            passage = self._index.texts.get(row)
            text = self._marker.mark(passage.text)
            title = self._marker.mark(passage.title)
            self._shown[row] = _ShownPassage(
                passage=passage,
                source_id=evidence_source(passage.id)[1],
                title=title,
                text=text,
                sentence=self._marker.best_sentence(text),
                words=frozenset([hit.word for hit in (*title.hits, *text.hits)]),
            )
        return self._shown[row]

    def _evidence(self, votes: Sequence[Vote], shown: Sequence[_ShownPassage]) -> tuple[Evidence, ...]:
        positive_sum = sum(max(vote.amount, 0.0) for vote in votes)
        return tuple(
            Evidence(
                id=item.source_id,
                source=item.passage.label,
                title=item.passage.title,
                text=item.passage.text,
                year=item.passage.year,
                similarity=float(self._dense[vote.passage]),
                share=max(vote.amount, 0.0) / positive_sum if positive_sum > 0 else 0.0,
                title_marks=item.title.marks,
                text_marks=item.text.marks,
                sentence=item.sentence,
            )
            for vote, item in zip(votes, shown, strict=False)
        )

    def _text_reasons(self, candidate: Candidate, shown: Sequence[_ShownPassage]) -> Iterable[Reason]:
        yield self._main_reason(candidate, shown[0])
        best, *further = candidate.votes
        n_further = sum(vote.score >= _RELATED_SHARE * best.score > 0 for vote in further)
        if n_further > 0 and candidate.entity.kind in (EntityKind.EXPERT, EntityKind.PLATFORM):
            yield _reason(REASONS, "evidence.several", count=n_further, asked=self._asked)

    def _main_reason(self, candidate: Candidate, shown: _ShownPassage) -> Reason:
        passage, entity = shown.passage, candidate.entity
        evidence_id = shown.source_id
        is_profile = evidence_id == entity.id and not isinstance(entity, Achievement)
        words = self._strongest_words(shown)
        code = ("profile" if is_profile else "evidence") + (".shared_words" if words else ".meaning")
        facts = {"label": passage.label, "title": passage.title, "words": "、".join(words), "asked": self._asked}
        sentence = REASONS[code].format(**facts)
        return Reason(code, sentence, evidence_id)

    def _strongest_words(self, shown: _ShownPassage) -> list[str]:
        """Shared words as the passage writes them, rarest first, none inside another."""
        weights: dict[str, float] = {}
        for marked in (shown.title, shown.text):
            for span, words in marked.groups:
                weights.setdefault(marked.text[span.start : span.end], self._marker.weight_of(words))
        kept: list[str] = []
        for part in sorted(weights, key=lambda part: (-weights[part], part)):
            if not any(part in other for other in kept):
                kept.append(part)
        return kept[:_MAX_WORDS]

    def _closeness(self, vote: Vote, mean_similarity: float) -> float:
        """How far a passage stands from an average one towards an identical one; 1 is identical.

        Cosines of different encoders are not comparable, since each has its own mean; this is.
        """
        return float((self._dense[vote.passage] - mean_similarity) / (1.0 - mean_similarity))

    def _text_gaps(self, closeness: float, shown: Sequence[_ShownPassage]) -> Iterable[Reason]:
        covered = frozenset[str]().union(*(item.words for item in shown))
        telling = [word for word in self._encoded.title_words if word in self._marker.weights]
        missing = [word for word in telling if not any(word in found for found in covered)]
        shares_nothing = len(missing) == len(telling)
        if closeness < (_WEAK_CLOSENESS_WITHOUT_WORDS if shares_nothing else _WEAK_CLOSENESS):
            yield _reason(GAPS, WEAK_CODE, asked=self._asked)
        if missing:
            yield _reason(GAPS, "words.uncovered", words="、".join(missing[:_MAX_WORDS]))

    def _circumstances(self, candidate: Candidate) -> Iterable[Reason]:
        query, entity = self._query, candidate.entity
        if agreement(query.industry_chain, entity.industry_chain) == 1.0:
            yield _reason(REASONS, "industry_chain.same", value=entity.industry_chain)
        if isinstance(entity, Expert) and cooperation(query.cooperation_mode, entity.cooperation_modes) == 1.0:
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
        if isinstance(entity, Expert) and cooperation(query.cooperation_mode, entity.cooperation_modes) == 0.0:
            yield _reason(GAPS, "cooperation_mode.refused", value=query.cooperation_mode)
        if isinstance(entity, Achievement) and maturity(query.target_trl, entity.trl) not in (NEUTRAL, 1.0):
            yield _reason(GAPS, "maturity.short", value=entity.trl, wanted=query.target_trl)


def _reason(catalogue: dict[str, str], code: str, **facts: object) -> Reason:
    return Reason(code, catalogue[code].format(**facts))
