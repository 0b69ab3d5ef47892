"""The words a query is looked up by: one bag where works are ranked, another where those behind them are found.

A work is found by what its need speaks of again and again. Who can help is found among whole abstracts, where
covering many of the need's words tells more than repeating one, rare words tell more than their BM25 says, and
words side by side tell most of all. The two bags differ in that; docs/evaluation.md has the figures. In both,
what a description tells of who asks counts less than what it asks for.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from embeddings.lexical.bm25 import Term
from embeddings.text.pairs import neighbours, whole_words
from embeddings.text.segment import Segmenter
from recommender.matching.asked import asked
from recommender.matching.config import MatchConfig

_IN_TITLE: Final = 2.0


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """Weighted terms.

    Attributes:
        words: search-mode words; what achievements, enterprises and needs are ranked by.
        finding: words and neighbours; what experts and platforms are found by.
        rarity: power of a term's rarity that multiplies its weight in :attr:`finding`.
    """

    words: Mapping[str, float]
    finding: Mapping[Term, float] = field(default_factory=dict)
    rarity: float = 0.0

    @classmethod
    def of(cls, title: str, text: str, segmenter: Segmenter, config: MatchConfig) -> "QueryTerms":
        """Both bags of a query; title or text may be empty."""
        parts = asked(text)
        words = _Words(*map(segmenter.tokens, (title, parts.wanted, parts.background)))
        return cls(
            words=_repeated(words, config),
            finding=_distinct(words, config),
            rarity=config.finding_rarity,
        )


@dataclass(frozen=True, slots=True)
class _Words:
    """Tokens of a query in order: of its title, of what is asked for, and of what is told besides."""

    title: list[str]
    wanted: list[str]
    background: list[str]


def _repeated(words: _Words, config: MatchConfig) -> dict[str, float]:
    """Title words weigh 1 each, and every word of title and text adds :attr:`body_term_weight`."""
    title, text = Counter(words.title), _counted(words, config)
    if not title:
        return text
    weight = config.body_term_weight if text else 0.0
    return {word: title[word] * (1.0 + weight) + text.get(word, 0.0) * weight for word in {**title, **text}}


def _counted(words: _Words, config: MatchConfig) -> dict[str, float]:
    """How often each word stands in the description, words of the background counted in part."""
    counts: defaultdict[str, float] = defaultdict(float)
    for part, weight in ((words.wanted, 1.0), (words.background, config.background_term_weight)):
        for word in part:
            counts[word] += weight
    return {word: count for word, count in counts.items() if count > 0.0}


def _distinct(words: _Words, config: MatchConfig) -> dict[Term, float]:
    """Every word once, twice if the title has it; less if only as a part of longer ones; and neighbours."""
    parts = (words.title, words.wanted, words.background)
    whole = {word for part in parts for word in whole_words(part)}
    terms: dict[Term, float] = {}
    for part, weight in zip(parts, (_IN_TITLE, 1.0, config.background_term_weight), strict=True):
        for word in part:
            terms.setdefault(word, weight * (1.0 if word in whole else config.finding_part_weight))
    for part, weight in zip(parts, (1.0, 1.0, config.background_term_weight), strict=True):
        for pair in neighbours(part):
            terms.setdefault(pair, weight * config.finding_pair_weight)
    return {term: weight for term, weight in terms.items() if weight > 0.0}
