"""Every number that shapes a ranking, in one place."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Final

from recommender.domain.kinds import EntityKind
from recommender.matching.fusion import Normalisation

FOUND_KINDS: Final = frozenset({EntityKind.EXPERT, EntityKind.PLATFORM})
"""Kinds that are found by the works behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingWeights:
    """Weights of the linear score; only those that apply to a kind enter its sum.

    Every feature lies in [0, 1], higher is better, and 0.5 where nothing is known, so a missing field neither
    helps nor hurts.
    """

    text: float = 0.80
    industry_chain: float = 0.08
    cooperation_mode: float = 0.04
    region: float = 0.02
    maturity: float = 0.03
    freshness: float = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchConfig:
    """Configuration of the matcher.

    Attributes:
        dense_weight: share of the dense z-score in the fused score, in [0, 1]; the rest is BM25.
        finding_dense_weight: the same where experts and platforms are ranked: the exact word for a method tells
            people of one field apart better than it tells achievements apart.
        finding_part_weight: where experts and platforms are ranked, what a word of the query weighs that it has
            only as a part of longer words (磷酸 in 磷酸铁锂), against 1 for the others.
        finding_pair_weight: there, what two neighbouring words weigh beside their own weights.
        finding_rarity: there, the power of a term's rarity by which it is weighed, beside the one in BM25.
        normalisation: how dense and lexical scores are made comparable.
        title_share: share of the title's vector in the need's vector, in [0, 1]; the rest is title with text.
        body_chars: characters of the description that the dense query reads; BM25 reads all of it.
        body_term_weight: weight of a word of the description against 1 for a word of the title.
        background_term_weight: weight of a word that a description has only where it tells of who asks
            (:mod:`recommender.matching.asked`), against 1 for a word of what is asked for.
        centring: share of the mean passage vector taken out of the query, in [0, 1]; 0 leaves it as it is.
        feedback_passages: passages found first that the query is moved towards; 0 moves it nowhere.
        feedback_share: how far, in [0, 1): the share of their mean in the moved query.
        passage_discount: an entity's second passage counts this much, its third the square, and so on.
        platform_discount: the same for platforms: many people stand behind one, and their breadth tells.
        max_passages: passages of one entity that may vote.
        text_scale: fused score at which the text feature reaches ``1 - 1/e``.
        shortlist_size: entities ranked by all features after the text alone has chosen them.
        n_evidence: passages shown per entity.
        common_word_share: words in more than this share of the passages are not marked as evidence.
        freshness_half_life_years: age at which evidence counts half.
        weights: of the linear score.
    """

    dense_weight: float = 0.8
    finding_dense_weight: float = 0.65
    finding_part_weight: float = 0.5
    finding_pair_weight: float = 1.0
    finding_rarity: float = 1.5
    normalisation: Normalisation = Normalisation.Z_SCORE
    title_share: float = 0.2
    body_chars: int = 60
    body_term_weight: float = 1.0
    background_term_weight: float = 0.3
    centring: float = 0.5
    feedback_passages: int = 10
    feedback_share: float = 0.3
    passage_discount: float = 0.4
    platform_discount: float = 0.5
    max_passages: int = 8
    text_scale: float = 8.0
    shortlist_size: int = 20
    n_evidence: int = 3
    common_word_share: float = 0.02
    freshness_half_life_years: float = 8.0
    weights: RankingWeights = field(default_factory=RankingWeights)

    def dense_share(self, kind: EntityKind) -> float:
        """The share of the dense score where a kind is ranked."""
        return self.finding_dense_weight if kind in FOUND_KINDS else self.dense_weight

    def discount(self, kind: EntityKind) -> float:
        """The discount of a kind's further passages."""
        return self.platform_discount if kind is EntityKind.PLATFORM else self.passage_discount

    @property
    def hash(self) -> str:
        """Twelve hex digits over all values; stored with every suggestion."""
        canonical = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]
